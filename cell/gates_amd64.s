//go:build !purego

#include "textflag.h"
#include "../tensor/exp_amd64.h"

// func forwardAVX2(z, gates, c, tanhC, h, cPrev *float64, n int)
//
// One step's gates and state, 4 units at a time. If n is not a multiple of 4, the last 4
// overlap those before them: nothing that is read is also written.
//
//	i, f, o = σ(z)    g = tanh(z)    c = fma(f, cPrev, i·g)    h = o·tanh(c)
TEXT ·forwardAVX2(SB), NOSPLIT, $0-56
	MOVQ z+0(FP), SI
	MOVQ gates+8(FP), DI
	MOVQ c+16(FP), DX
	MOVQ tanhC+24(FP), R9
	MOVQ h+32(FP), R10
	MOVQ cPrev+40(FP), R11
	MOVQ n+48(FP), CX
	LEAQ (CX*8), BX       // BX = bytes from gate to gate
	LEAQ (BX)(BX*2), R12  // R12 = 3·BX
	CONSTANTS(lstm∕tensor·vecConst(SB))
	XORQ AX, AX           // AX = bytes to the 4 units at work
	SUBQ $4, CX           // CX = units after them

loop:
	LEAQ (SI)(AX*1), R13
	LEAQ (DI)(AX*1), R14
	VMOVUPD (R13)(BX*2), Y9
	VSIGMOID
	VMOVUPD Y4, (R14)(BX*2) // o
	VMOVUPD (R13), Y9
	VSIGMOID
	VMOVUPD Y4, (R14)
	VMOVAPD Y4, Y11       // i
	VMOVUPD (R13)(BX*1), Y9
	VSIGMOID
	VMOVUPD Y4, (R14)(BX*1)
	VMOVAPD Y4, Y15       // f
	VMOVUPD (R13)(R12*1), Y9
	VTANH
	VMOVUPD Y4, (R14)(R12*1) // g
	VMULPD Y4, Y11, Y9
	VFMADD231PD (R11)(AX*1), Y15, Y9
	VMOVUPD Y9, (DX)(AX*1)
	VTANH
	VMOVUPD Y4, (R9)(AX*1)
	VMULPD (R14)(BX*2), Y4, Y4
	VMOVUPD Y4, (R10)(AX*1)
	TESTQ CX, CX
	JZ   done
	ADDQ $32, AX
	SUBQ $4, CX
	JGE  loop
	LEAQ (AX)(CX*8), AX   // fewer than 4 are left: go back by what is missing
	XORQ CX, CX
	JMP  loop

done:
	VZEROUPPER
	RET

// func backwardAVX2(gates, tanhC, c, dh, dc, dz, dcPrev *float64, n int)
//
// One step's dz and dc', 4 units at a time, the last ones as above.
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
