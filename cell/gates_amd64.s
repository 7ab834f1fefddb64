//go:build !purego

#include "textflag.h"
#include "../tensor/exp_amd64.h"

// func forwardAVX2(z, gates, c, tanhC, h, cPrev *float64, n int)
//
// One step's gates and state, 8 units at a time, 4 in each of two chains (exp_amd64.h).
// The last 8 overlap those before them if n is not a multiple of 8, and with fewer than 8
// units the chains overlap: nothing that is read is also written.
//
//	i, f, o = σ(z)    g = tanh(z)    c = fma(f, cPrev, i·g)    h = o·tanh(c)
//
// What is used again waits on the stack, where each store is read back whole.
TEXT ·forwardAVX2(SB), NOSPLIT, $256-56
	MOVQ z+0(FP), SI
	MOVQ gates+8(FP), DI
	MOVQ c+16(FP), DX
	MOVQ tanhC+24(FP), R9
	MOVQ h+32(FP), R10
	MOVQ cPrev+40(FP), R11
	MOVQ n+48(FP), CX
	LEAQ (CX*8), BX       // BX = bytes from gate to gate
	CONSTANTS(lstm∕tensor·vecConst(SB))
	XORQ AX, AX           // AX = bytes to the units of chain a
	MOVQ $32, R15         // R15 = bytes from them to those of chain b
	SUBQ $8, CX           // CX = units after both
	JGE  loop
	LEAQ (R15)(CX*8), R15
	XORQ CX, CX

loop:
	LEAQ (SI)(AX*1), R13
	LEAQ (DI)(AX*1), R14
	SIGMOID2((R13), (R13)(R15*1))
	VMOVUPD Y4, (R14)
	VMOVUPD Y11, (R14)(R15*1)
	VMOVUPD Y4, i-64(SP)
	VMOVUPD Y11, i-32(SP)
	ADDQ BX, R13
	ADDQ BX, R14
	SIGMOID2((R13), (R13)(R15*1))
	VMOVUPD Y4, (R14)
	VMOVUPD Y11, (R14)(R15*1)
	VMOVUPD Y4, f-128(SP)
	VMOVUPD Y11, f-96(SP)
	ADDQ BX, R13
	ADDQ BX, R14
	SIGMOID2((R13), (R13)(R15*1))
	VMOVUPD Y4, (R14)
	VMOVUPD Y11, (R14)(R15*1)
	VMOVUPD Y4, o-192(SP)
	VMOVUPD Y11, o-160(SP)
	ADDQ BX, R13
	ADDQ BX, R14
	TANH2((R13), (R13)(R15*1))
	VMOVUPD Y4, (R14)
	VMOVUPD Y11, (R14)(R15*1)
	LEAQ (R11)(AX*1), R13
	VMULPD i-64(SP), Y4, Y4
	VMULPD i-32(SP), Y11, Y11
	VMOVUPD f-128(SP), Y0
	VMOVUPD f-96(SP), Y1
	VFMADD231PD (R13), Y0, Y4
	VFMADD231PD (R13)(R15*1), Y1, Y11
	LEAQ (DX)(AX*1), R13
	VMOVUPD Y4, (R13)
	VMOVUPD Y11, (R13)(R15*1)
	VMOVUPD Y4, c-256(SP)
	VMOVUPD Y11, c-224(SP)
	TANH2(c-256(SP), c-224(SP))
	LEAQ (R9)(AX*1), R13
	VMOVUPD Y4, (R13)
	VMOVUPD Y11, (R13)(R15*1)
	LEAQ (R10)(AX*1), R13
	VMULPD o-192(SP), Y4, Y4
	VMULPD o-160(SP), Y11, Y11
	VMOVUPD Y4, (R13)
	VMOVUPD Y11, (R13)(R15*1)
	TESTQ CX, CX
	JZ   done
	ADDQ $64, AX
	SUBQ $8, CX
	JGE  loop
	LEAQ (AX)(CX*8), AX   // fewer than 8 are left: go back by what is missing
	XORQ CX, CX
	JMP  loop

done:
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
	VMOVUPD (R11)(AX*1), Y5    // dh
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
