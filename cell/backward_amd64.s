//go:build !purego

#include "textflag.h"
#include "go_asm.h"

#define GATES  SI
#define TANHC  R9
#define CPREV  R10
#define DHIDE  R11 // dh
#define DCELL  DX  // dc
#define DZ     DI
#define DCPREV R8
#define GATE   BX  // bytes from gate to gate
#define GATE3  R12 // 3·GATE
#define UNIT0  AX  // bytes from the first unit to those at work
#define LEFT   CX  // units after them
#define AT     R13 // the gates and dz of the units at work
#define DZAT   R14

// LESS leaves x·(1−x) in Y8.
#define LESS(X) \
	VSUBPD X, Y15, Y8   \
	VMULPD Y8, X, Y8

// func backwardAVX2(s *Step, n int)
//
//	d    = fma(dh, o·fma(−tanhC, tanhC, 1), dc)
//	dz_i = d·(g·(i·(1−i)))         dz_f = d·(c'·(f·(1−f)))
//	dz_o = dh·(tanhC·(o·(1−o)))    dz_g = d·(i·fma(−g, g, 1))
//	dc'  = d·f
//
// It takes 4 of the n ≥ 4 units at a time. If n is not a multiple of 4, the last 4 overlap
// the ones before.
TEXT ·backwardAVX2(SB), NOSPLIT, $0-16
	MOVQ s+0(FP), CX
	MOVQ Step_Gates(CX), GATES
	MOVQ Step_TanhC(CX), TANHC
	MOVQ Step_CPrev(CX), CPREV
	MOVQ Step_DH(CX), DHIDE
	MOVQ Step_DC(CX), DCELL
	MOVQ Step_Z(CX), DZ
	MOVQ Step_DCPrev(CX), DCPREV
	MOVQ n+8(FP), LEFT
	LEAQ (LEFT*8), GATE
	LEAQ (GATE)(GATE*2), GATE3
	VPCMPEQD Y15, Y15, Y15
	VPSRLQ $54, Y15, Y15
	VPSLLQ $52, Y15, Y15           // 1
	XORQ UNIT0, UNIT0
	SUBQ $4, LEFT

loop:
	LEAQ (GATES)(UNIT0*1), AT
	LEAQ (DZ)(UNIT0*1), DZAT
	VMOVUPD (AT), Y0               // i
	VMOVUPD (AT)(GATE*1), Y1       // f
	VMOVUPD (AT)(GATE*2), Y2       // o
	VMOVUPD (AT)(GATE3*1), Y3      // g
	VMOVUPD (TANHC)(UNIT0*1), Y4
	VMOVSD 0(DHIDE)(UNIT0*1), X5   // dh, number by number: the step after has stored it
	VMOVHPD 8(DHIDE)(UNIT0*1), X5, X5 // in pieces, and a load across them would wait
	VMOVSD 16(DHIDE)(UNIT0*1), X6
	VMOVHPD 24(DHIDE)(UNIT0*1), X6, X6
	VINSERTF128 $1, X6, Y5, Y5
	VMOVAPD Y15, Y6
	VFNMADD231PD Y4, Y4, Y6        // 1 − tanh²c
	VMULPD Y2, Y6, Y6
	VMOVUPD (DCELL)(UNIT0*1), Y7
	VFMADD231PD Y6, Y5, Y7         // d
	LESS(Y0)
	VMULPD Y3, Y8, Y8
	VMULPD Y8, Y7, Y9
	VMOVUPD Y9, (DZAT)             // dz_i
	LESS(Y1)
	VMULPD (CPREV)(UNIT0*1), Y8, Y8
	VMULPD Y8, Y7, Y9
	VMOVUPD Y9, (DZAT)(GATE*1)     // dz_f
	LESS(Y2)
	VMULPD Y4, Y8, Y8
	VMULPD Y8, Y5, Y9
	VMOVUPD Y9, (DZAT)(GATE*2)     // dz_o
	VMOVAPD Y15, Y8
	VFNMADD231PD Y3, Y3, Y8        // 1 − g²
	VMULPD Y0, Y8, Y8
	VMULPD Y8, Y7, Y9
	VMOVUPD Y9, (DZAT)(GATE3*1)    // dz_g
	VMULPD Y1, Y7, Y7
	VMOVUPD Y7, (DCPREV)(UNIT0*1)  // dc'
	TESTQ LEFT, LEFT
	JZ   done
	ADDQ $32, UNIT0
	SUBQ $4, LEFT
	JGE  loop
	LEAQ (UNIT0)(LEFT*8), UNIT0
	XORQ LEFT, LEFT
	JMP  loop

done:
	VZEROUPPER
	RET
