//go:build !purego

#include "textflag.h"
#include "../tensor/exp_amd64.h"

// TWO runs F over CX ≥ 4 numbers at SI, 8 at a time, and stores the results at DI. The
// last 4 or 8 overlap those before them if CX is not a multiple of 8: what is read is not
// what is written. AX, R13 and R15 are overwritten; R15 is the distance of the chains.
#define TWO(F, loop, done) \
	MOVQ $32, R15            \
	XORQ AX, AX              \
	SUBQ $8, CX              \
	JGE  loop                \
	LEAQ (R15)(CX*8), R15    \
	XORQ CX, CX              \
loop:                        \
	LEAQ (SI)(AX*1), R13     \
	F((R13), (R13)(R15*1))   \
	LEAQ (DI)(AX*1), R13     \
	VMOVUPD Y4, (R13)        \
	VMOVUPD Y11, (R13)(R15*1) \
	TESTQ CX, CX             \
	JZ   done                \
	ADDQ $64, AX             \
	SUBQ $8, CX              \
	JGE  loop                \
	LEAQ (AX)(CX*8), AX      \
	XORQ CX, CX              \
	JMP  loop                \
done:

// GATHER loads four numbers one by one: each was stored whole by a store that the load can
// take it from, while a vector would have to wait until all of them are in memory.
#define GATHER(P, XL, XH, Y) \
	VMOVSD 0(P), XL        \
	VMOVHPD 8(P), XL, XL   \
	VMOVSD 16(P), XH       \
	VMOVHPD 24(P), XH, XH  \
	VINSERTF128 $1, XH, Y, Y

// func forwardAVX2(z, gates, c, tanhC, h, cPrev *float64, n int)
//
// One step's gates and state, n ≥ 4 units.
//
//	i, f, o = σ(z)    g = tanh(z)    c = fma(f, cPrev, i·g)    h = o·tanh(c)
TEXT ·forwardAVX2(SB), NOSPLIT, $64-56
	LEAQ lstm∕tensor·vecConst(SB), R8
	MOVQ z+0(FP), SI
	MOVQ gates+8(FP), DI
	MOVQ n+48(FP), BX
	LEAQ 3(BX)(BX*2), CX  // 3n, and on to a multiple of 4: z is read as it was
	ANDQ $~3, CX          // stored, and what is too much of gates is g, which follows
	TWO(SIGMOID2, sigmoid, sigmoidDone)

	CMPQ BX, $8
	JL   few
	MOVQ BX, CX
	SHLQ $3, BX           // BX = bytes from gate to gate
	LEAQ (BX)(BX*2), R12  // R12 = 3·BX
	ADDQ R12, SI
	ADDQ R12, DI
	TWO(TANH2, tanh, tanhDone)

	MOVQ gates+8(FP), SI
	MOVQ c+16(FP), DI
	MOVQ cPrev+40(FP), R11
	MOVQ n+48(FP), CX
	XORQ AX, AX           // AX = bytes to the 4 units at work
	SUBQ $4, CX           // CX = units after them

cell:
	LEAQ (SI)(AX*1), R13
	VMOVUPD (R13), Y0          // i
	VMOVUPD (R13)(BX*1), Y1    // f
	VMULPD (R13)(R12*1), Y0, Y0
	VFMADD231PD (R11)(AX*1), Y1, Y0
	VMOVUPD Y0, (DI)(AX*1)     // c
	TESTQ CX, CX
	JZ   cellDone
	ADDQ $32, AX
	SUBQ $4, CX
	JGE  cell
	LEAQ (AX)(CX*8), AX
	XORQ CX, CX
	JMP  cell

cellDone:
	MOVQ DI, SI
	MOVQ tanhC+24(FP), DI
	MOVQ n+48(FP), CX
	TWO(TANH2, tanhC, tanhCDone)

	MOVQ gates+8(FP), SI
	ADDQ BX, SI
	ADDQ BX, SI
	MOVQ h+32(FP), R10
	MOVQ n+48(FP), CX
	XORQ AX, AX
	SUBQ $4, CX

hidden:
	VMOVUPD (DI)(AX*1), Y0     // tanh(c)
	VMULPD (SI)(AX*1), Y0, Y0  // o
	VMOVUPD Y0, (R10)(AX*1)    // h
	TESTQ CX, CX
	JZ   hiddenDone
	ADDQ $32, AX
	SUBQ $4, CX
	JGE  hidden
	LEAQ (AX)(CX*8), AX
	XORQ CX, CX
	JMP  hidden

hiddenDone:
	VZEROUPPER
	RET

few: // one pair of chains, a at 0 and b R15 bytes on, without waiting for memory in between
	LEAQ -32(BX*8), R15
	SHLQ $3, BX
	LEAQ (BX)(BX*2), R12
	LEAQ (SI)(R12*1), R13
	TANH2((R13), (R13)(R15*1))
	LEAQ (DI)(R12*1), R13
	VMOVUPD Y4, (R13)          // g
	VMOVUPD Y11, (R13)(R15*1)
	MOVQ cPrev+40(FP), R11
	LEAQ (DI)(BX*1), R13
	LEAQ (DI)(R15*1), R14
	GATHER(R14, X2, X3, Y2)
	VMULPD (DI), Y4, Y4        // i
	VMULPD Y2, Y11, Y11
	LEAQ (R13)(R15*1), R14
	GATHER(R13, X0, X3, Y0)    // f
	GATHER(R14, X1, X5, Y1)
	VFMADD231PD (R11), Y0, Y4
	VFMADD231PD (R11)(R15*1), Y1, Y11
	MOVQ c+16(FP), R13
	VMOVUPD Y4, (R13)
	VMOVUPD Y11, (R13)(R15*1)
	VMOVUPD Y4, c-64(SP)
	VMOVUPD Y11, c-32(SP)
	TANH2OF(Y4, Y11, c-64(SP), c-32(SP))
	MOVQ tanhC+24(FP), R13
	VMOVUPD Y4, (R13)
	VMOVUPD Y11, (R13)(R15*1)
	LEAQ (DI)(BX*2), R13
	VMULPD (R13), Y4, Y4       // o
	VMULPD (R13)(R15*1), Y11, Y11
	MOVQ h+32(FP), R13
	VMOVUPD Y4, (R13)
	VMOVUPD Y11, (R13)(R15*1)
	VZEROUPPER
	RET

// func backwardAVX2(gates, tanhC, c, dh, dc, dz, dcPrev *float64, n int)
//
// One step's dz and dc', 4 units at a time. If n is not a multiple of 4, the last 4
// overlap those before them.
//
//	d    = fma(dh·o, fma(−tanhC, tanhC, 1), dc)
//	dz_i = (d·g)·(i·(1−i))         dz_f = (d·c)·(f·(1−f))
//	dz_o = (dh·tanhC)·(o·(1−o))    dz_g = (d·i)·fma(−g, g, 1)
//	dc'  = d·f
TEXT ·backwardAVX2(SB), NOSPLIT, $0-64
	MOVQ gates+0(FP), SI
	MOVQ tanhC+8(FP), R9
	MOVQ c+16(FP), R10
	MOVQ dh+24(FP), R11
	MOVQ dc+32(FP), DX
	MOVQ dz+40(FP), DI
	MOVQ dcPrev+48(FP), R8
	MOVQ n+56(FP), CX
	LEAQ (CX*8), BX       // BX = bytes from gate to gate
	LEAQ (BX)(BX*2), R12  // R12 = 3·BX
	VPCMPEQD Y15, Y15, Y15
	VPSRLQ $54, Y15, Y15
	VPSLLQ $52, Y15, Y15  // Y15 = 1
	XORQ AX, AX           // AX = bytes to the 4 units at work
	SUBQ $4, CX           // CX = units after them

loop:
	LEAQ (SI)(AX*1), R13
	LEAQ (DI)(AX*1), R14
	VMOVUPD (R13), Y0          // i
	VMOVUPD (R13)(BX*1), Y1    // f
	VMOVUPD (R13)(BX*2), Y2    // o
	VMOVUPD (R13)(R12*1), Y3   // g
	VMOVUPD (R9)(AX*1), Y4     // tanhC
	LEAQ (R11)(AX*1), R13
	GATHER(R13, X5, X6, Y5)    // dh
	VMOVAPD Y15, Y6
	VFNMADD231PD Y4, Y4, Y6    // 1 − tanh²c
	VMULPD Y2, Y5, Y7
	VFMADD213PD (DX)(AX*1), Y6, Y7 // d
	VSUBPD Y0, Y15, Y8
	VMULPD Y8, Y0, Y8          // i(1−i)
	VMULPD Y3, Y7, Y9
	VMULPD Y8, Y9, Y9
	VMOVUPD Y9, (R14)          // dz_i
	VSUBPD Y1, Y15, Y8
	VMULPD Y8, Y1, Y8          // f(1−f)
	VMULPD (R10)(AX*1), Y7, Y9
	VMULPD Y8, Y9, Y9
	VMOVUPD Y9, (R14)(BX*1)    // dz_f
	VSUBPD Y2, Y15, Y8
	VMULPD Y8, Y2, Y8          // o(1−o)
	VMULPD Y4, Y5, Y9
	VMULPD Y8, Y9, Y9
	VMOVUPD Y9, (R14)(BX*2)    // dz_o
	VMOVAPD Y15, Y8
	VFNMADD231PD Y3, Y3, Y8    // 1 − g²
	VMULPD Y0, Y7, Y9
	VMULPD Y8, Y9, Y9
	VMOVUPD Y9, (R14)(R12*1)   // dz_g
	VMULPD Y1, Y7, Y7
	VMOVUPD Y7, (R8)(AX*1)     // dc'
	TESTQ CX, CX
	JZ   done
	ADDQ $32, AX
	SUBQ $4, CX
	JGE  loop
	LEAQ (AX)(CX*8), AX
	XORQ CX, CX
	JMP  loop

done:
	VZEROUPPER
	RET
