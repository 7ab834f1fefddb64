//go:build !purego

#include "textflag.h"
#include "go_asm.h"
#include "../tensor/vec_amd64.h"

// GATHER loads four numbers one by one: each was stored whole by a store that the load can
// take it from, while a vector would have to wait until all of them are in memory.
#define GATHER(P, XL, XH, Y) \
	VMOVSD 0(P), XL        \
	VMOVHPD 8(P), XL, XL   \
	VMOVSD 16(P), XH       \
	VMOVHPD 24(P), XH, XH  \
	VINSERTF128 $1, XH, Y, Y

// WHOLE loads them as one vector, where they were stored as one.
#define WHOLE(P, XL, XH, Y) \
	VMOVUPD (P), Y

// BACK goes back through 4 units, AX bytes from the first one. R9, R10, R11, DX, SI, DI
// and R8 point to tanhC, c, dh, dc, gates, dz and dcPrev, BX is the bytes from gate to
// gate, R12 = 3·BX, Y15 = 1. LOADDH is GATHER or WHOLE.
#define BACK(LOADDH) \
	LEAQ (SI)(AX*1), R13           \
	LEAQ (DI)(AX*1), R14           \
	VMOVUPD (R13), Y0                      /* i */ \
	VMOVUPD (R13)(BX*1), Y1                /* f */ \
	VMOVUPD (R13)(BX*2), Y2                /* o */ \
	VMOVUPD (R13)(R12*1), Y3               /* g */ \
	VMOVUPD (R9)(AX*1), Y4                 /* tanhC */ \
	LEAQ (R11)(AX*1), R13          \
	LOADDH(R13, X5, X6, Y5)                /* dh */ \
	VMOVAPD Y15, Y6                \
	VFNMADD231PD Y4, Y4, Y6                /* 1 − tanh²c */ \
	VMULPD Y2, Y5, Y7              \
	VFMADD213PD (DX)(AX*1), Y6, Y7         /* d */ \
	VSUBPD Y0, Y15, Y8             \
	VMULPD Y8, Y0, Y8                      /* i(1−i) */ \
	VMULPD Y3, Y7, Y9              \
	VMULPD Y8, Y9, Y9              \
	VMOVUPD Y9, (R14)                      /* dz_i */ \
	VSUBPD Y1, Y15, Y8             \
	VMULPD Y8, Y1, Y8                      /* f(1−f) */ \
	VMULPD (R10)(AX*1), Y7, Y9     \
	VMULPD Y8, Y9, Y9              \
	VMOVUPD Y9, (R14)(BX*1)                /* dz_f */ \
	VSUBPD Y2, Y15, Y8             \
	VMULPD Y8, Y2, Y8                      /* o(1−o) */ \
	VMULPD Y4, Y5, Y9              \
	VMULPD Y8, Y9, Y9              \
	VMOVUPD Y9, (R14)(BX*2)                /* dz_o */ \
	VMOVAPD Y15, Y8                \
	VFNMADD231PD Y3, Y3, Y8                /* 1 − g² */ \
	VMULPD Y0, Y7, Y9              \
	VMULPD Y8, Y9, Y9              \
	VMOVUPD Y9, (R14)(R12*1)               /* dz_g */ \
	VMULPD Y1, Y7, Y7              \
	VMOVUPD Y7, (R8)(AX*1)                /* dc' */

// func backwardAVX2(s *Step, n int)
//
// One step's dz and dc', n ≥ 4 units, 4 at a time. If n is not a multiple of 4, the last
// 4 overlap those before them.
//
//	d    = fma(dh·o, fma(−tanhC, tanhC, 1), dc)
//	dz_i = (d·g)·(i·(1−i))         dz_f = (d·c)·(f·(1−f))
//	dz_o = (dh·tanhC)·(o·(1−o))    dz_g = (d·i)·fma(−g, g, 1)
//	dc'  = d·f
TEXT ·backwardAVX2(SB), NOSPLIT, $0-16
	MOVQ s+0(FP), CX
	MOVQ Step_Gates(CX), SI
	MOVQ Step_TanhC(CX), R9
	MOVQ Step_CPrev(CX), R10
	MOVQ Step_DH(CX), R11
	MOVQ Step_DC(CX), DX
	MOVQ Step_Z(CX), DI
	MOVQ Step_DCPrev(CX), R8
	MOVQ n+8(FP), CX
	LEAQ (CX*8), BX
	LEAQ (BX)(BX*2), R12
	VPCMPEQD Y15, Y15, Y15
	VPSRLQ $54, Y15, Y15
	VPSLLQ $52, Y15, Y15  // 1
	XORQ AX, AX
	SUBQ $4, CX           // CX = units after the 4 at work

loop:
	BACK(WHOLE)
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

// func fewBackwardAVX2(s *Step, wh *float64, n int)
//
// backwardAVX2 for 4 ≤ n < 8 units, and dh' += Wh dz after it: the first 4 rows of Wh and
// the last 4.
TEXT ·fewBackwardAVX2(SB), NOSPLIT, $0-24
	MOVQ s+0(FP), CX
	MOVQ Step_Gates(CX), SI
	MOVQ Step_TanhC(CX), R9
	MOVQ Step_CPrev(CX), R10
	MOVQ Step_DH(CX), R11
	MOVQ Step_DC(CX), DX
	MOVQ Step_Z(CX), DI
	MOVQ Step_DCPrev(CX), R8
	MOVQ n+16(FP), CX
	LEAQ (CX*8), BX
	LEAQ (BX)(BX*2), R12
	VPCMPEQD Y15, Y15, Y15
	VPSRLQ $54, Y15, Y15
	VPSLLQ $52, Y15, Y15  // 1
	XORQ AX, AX
	BACK(GATHER)
	LEAQ -32(BX), AX
	BACK(GATHER)

	MOVQ wh+8(FP), SI
	LEAQ (BX*4), R8       // R8 = stride
	LEAQ (R8)(R8*2), R9   // R9 = 3·stride
	LEAQ -4(CX), DX
	IMULQ R8, DX
	ADDQ SI, DX           // SI → row 0, DX → row n−4
	VXORPD Y0, Y0, Y0
	VXORPD Y1, Y1, Y1
	VXORPD Y2, Y2, Y2
	VXORPD Y3, Y3, Y3
	VXORPD Y4, Y4, Y4
	VXORPD Y5, Y5, Y5
	VXORPD Y6, Y6, Y6
	VXORPD Y7, Y7, Y7

group: // 4 columns
	GATHER(DI, X8, X9, Y8)
	VFMADD231PD (SI), Y8, Y0
	VFMADD231PD (SI)(R8*1), Y8, Y1
	VFMADD231PD (SI)(R8*2), Y8, Y2
	VFMADD231PD (SI)(R9*1), Y8, Y3
	VFMADD231PD (DX), Y8, Y4
	VFMADD231PD (DX)(R8*1), Y8, Y5
	VFMADD231PD (DX)(R8*2), Y8, Y6
	VFMADD231PD (DX)(R9*1), Y8, Y7
	ADDQ $32, DI
	ADDQ $32, SI
	ADDQ $32, DX
	DECQ CX
	JNZ  group
	SUM4(Y0, Y1, Y2, Y3, Y8)
	SUM4(Y4, Y5, Y6, Y7, Y9)
	MOVQ s+0(FP), DI
	MOVQ Step_DHPrev(DI), DI
	VADDPD (DI), Y0, Y0
	VADDPD (DI)(AX*1), Y4, Y4
	VMOVUPD Y0, (DI)
	VMOVUPD Y4, (DI)(AX*1)
	VZEROUPPER
	RET
