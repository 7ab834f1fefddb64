//go:build !purego

#include "textflag.h"
#include "go_asm.h"
#include "forward_amd64.h"

#define UNIT0 AX  // bytes from the first unit to those at work
#define LEFT  R14 // units left

#define ZI Z21 // z of the 8 units at work, and what they become
#define ZF Z22
#define ZG Z23
#define ZO Z24

// func forwardAVX512(s *Step, wh *float64, n, k int, c *[28][4]float64)
//
//	for r < k { for j < 4·n { z[j] = fma(h'[r], wh[r·4·n+j], z[j]) } }
//	i, f, o = σ(z)    g = tanh(z)    c = fma(i, g, f·c')    h = o·tanh(c)
//
// It takes 8 of the n units at a time. The chains of g, i and f go side by side. The chain of
// o depends on none of them, so that the processor starts it early.
TEXT ·forwardAVX512(SB), NOSPLIT, $0-40
	MOVQ s+0(FP), S
	MOVQ n+16(FP), LEFT
	MOVQ c+32(FP), C
	MOVQ Step_Z(S), ZS
	MOVQ Step_Gates(S), GATES
	LEAQ (LEFT*8), GATE
	LEAQ (GATE)(GATE*2), GATE3
	XORQ UNIT0, UNIT0
	CONSTANTS

units:
	MOVL $8, CX
	CMPQ LEFT, CX
	CMOVQLT LEFT, CX
	MASK(K1)
	VMOVUPD.Z (ZS), K1, ZI
	VMOVUPD.Z (ZS)(GATE*1), K1, ZF
	VMOVUPD.Z (ZS)(GATE*2), K1, ZO
	VMOVUPD.Z (ZS)(GATE3*1), K1, ZG
	MOVQ k+24(FP), ROWS
	TESTQ ROWS, ROWS
	JZ   act
	MOVQ Step_HPrev(S), P
	MOVQ wh+8(FP), W
	ADDQ UNIT0, W

row:
	VBROADCASTSD (P), Z0
	VFMADD231PD (W), Z0, K1, ZI
	VFMADD231PD (W)(GATE*1), Z0, K1, ZF
	VFMADD231PD (W)(GATE*2), Z0, K1, ZO
	VFMADD231PD (W)(GATE3*1), Z0, K1, ZG
	ADDQ $8, P
	LEAQ (W)(GATE*4), W
	DECQ ROWS
	JNZ  row

act:
	TANHARG(ZG, Z14, Z15, Z16)
	SIGMOIDARG(ZI, Z0, Z1, Z2)
	SIGMOIDARG(ZF, Z7, Z8, Z9)
	POLYA(Z14, Z16, Z17, Z18, Z19, Z20)
	POLYA(Z0, Z2, Z3, Z4, Z5, Z6)
	POLYA(Z7, Z9, Z10, Z11, Z12, Z13)
	POLYB(Z14, Z16, Z17, Z18, Z19, Z20)
	POLYB(Z0, Z2, Z3, Z4, Z5, Z6)
	POLYB(Z7, Z9, Z10, Z11, Z12, Z13)
	TANHEND(ZG, Z14, Z15, Z16, Z17, Z18, Z19, Z20)
	SIGMOIDEND(ZI, Z1, Z4, Z5, Z6)
	SIGMOIDEND(ZF, Z8, Z11, Z12, Z13)
	VMOVUPD Z4, K1, (GATES)
	VMOVUPD Z11, K1, (GATES)(GATE*1)
	VMOVUPD Z14, K1, (GATES)(GATE3*1)

	MOVQ Step_CPrev(S), P         // c = f∘c' + i∘g
	VMOVUPD.Z (P)(UNIT0*1), K1, ZG
	VMULPD Z11, ZG, ZG
	VFMADD231PD Z14, Z4, ZG
	MOVQ Step_C(S), P
	VMOVUPD ZG, K1, (P)(UNIT0*1)

	TANHARG(ZG, Z14, Z15, Z16)
	SIGMOIDARG(ZO, Z0, Z1, Z2)
	POLYA(Z14, Z16, Z17, Z18, Z19, Z20)
	POLYA(Z0, Z2, Z3, Z4, Z5, Z6)
	POLYB(Z14, Z16, Z17, Z18, Z19, Z20)
	POLYB(Z0, Z2, Z3, Z4, Z5, Z6)
	TANHEND(ZG, Z14, Z15, Z16, Z17, Z18, Z19, Z20)
	SIGMOIDEND(ZO, Z1, Z4, Z5, Z6)
	VMOVUPD Z4, K1, (GATES)(GATE*2)
	MOVQ Step_TanhC(S), P
	VMOVUPD Z14, K1, (P)(UNIT0*1)
	VMULPD Z14, Z4, Z4            // h = o∘tanh(c)
	MOVQ Step_H(S), P
	ADDQ UNIT0, P
	CMPQ LEFT, $8
	JL   last
	VMOVUPD Z4, (P)
	ADDQ $64, UNIT0
	ADDQ $64, ZS
	ADDQ $64, GATES
	SUBQ $8, LEFT
	JG   units
	VZEROUPPER
	RET

last: // fewer than 8 numbers of h: the next step reads them one by one, which a store under a mask delays
	SUBQ $4, LEFT
	JL   masked
	VMOVUPD Y4, (P)               // so 4 units or more are stored as two vectors that overlap
	JZ   done
	MOVQ LEFT, CX
	MOVL $15, TMP
	SHLL CX, TMP
	KMOVW TMP, K2
	VCOMPRESSPD Z4, K2, Z4
	VMOVUPD Y4, (P)(LEFT*8)

done:
	VZEROUPPER
	RET

masked:
	VMOVUPD Z4, K1, (P)
	VZEROUPPER
	RET
