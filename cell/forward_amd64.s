//go:build !purego

#include "textflag.h"
#include "go_asm.h"
#include "forward_amd64.h"

#define UNIT0 AX  // bytes from the first unit to those at work
#define LEFT  R14 // units after those at work
#define ROWS  R15 // rows of wh left for the next units
#define HP    R11 // to the number of h' for the next row

#define ZI Z21 // z of the 8 units at work (K1), and what they become
#define ZF Z22
#define ZG Z23
#define ZO Z24
#define NI Z27 // z of the 8 units after them (K3)
#define NF Z28
#define NG Z29
#define NO Z30

// NEXT starts z of the next units, at most 8 of LEFT.
#define NEXT \
	MOVL $8, CX                     \
	CMPQ LEFT, CX                   \
	CMOVQLT LEFT, CX                \
	MASK(K3)                        \
	VMOVUPD.Z (ZS), K3, NI          \
	VMOVUPD.Z (ZS)(GATE*1), K3, NF  \
	VMOVUPD.Z (ZS)(GATE*2), K3, NO  \
	VMOVUPD.Z (ZS)(GATE3*1), K3, NG \
	MOVQ wh+8(FP), W                \
	LEAQ 64(W)(UNIT0*1), W          \
	MOVQ k+24(FP), ROWS             \
	MOVQ n+16(FP), TMP              \
	SUBQ ROWS, TMP                  \
	MOVQ Step_HPrev(S), HP          \
	LEAQ (HP)(TMP*8), HP

// ROW adds a row of wh to them.
#define ROW \
	VBROADCASTSD (HP), Z31                \
	VFMADD231PD (W), Z31, K3, NI          \
	VFMADD231PD (W)(GATE*1), Z31, K3, NF  \
	VFMADD231PD (W)(GATE*2), Z31, K3, NO  \
	VFMADD231PD (W)(GATE3*1), Z31, K3, NG \
	ADDQ $8, HP                           \
	LEAQ (W)(GATE*4), W                   \
	DECQ ROWS

// ROWS2 adds two rows if two are left. It stands between the pieces of the chains: a processor looks
// ahead by fewer operations than the gates have, so it finds these rows only here.
#define ROWS2(skip) \
	CMPQ ROWS, $2 \
	JL   skip     \
	ROW           \
	ROW           \
skip:

// func forwardAVX512(s *Step, wh *float64, n, k int, c *[28][4]float64)
//
//	for r < k { for j < 4·n { z[j] = fma(h'[n−k+r], wh[r·4·n+j], z[j]) } }
//	i, f, o = σ(z)    g = tanh(z)    c = fma(i, g, f·c')    h = o·tanh(c)
//
// It takes 8 of the n units at a time. The chains of g, i and f go side by side. The chain of
// o depends on none of them, so that the processor starts it early. Meanwhile it adds up z of the next 8 units. The
// numbers of z in memory stay as they were.
TEXT ·forwardAVX512(SB), NOSPLIT, $0-40
	MOVQ s+0(FP), S
	MOVQ n+16(FP), LEFT
	MOVQ c+32(FP), C
	MOVQ Step_Z(S), ZS
	MOVQ Step_Gates(S), GATES
	LEAQ (LEFT*8), GATE
	LEAQ (GATE)(GATE*2), GATE3
	MOVQ $-64, UNIT0
	CONSTANTS
	NEXT

units:
	TESTQ ROWS, ROWS
	JZ   act

row:
	ROW
	JNZ  row

act:
	ADDQ $64, UNIT0
	ADDQ $64, ZS
	KMOVW K3, K1
	VMOVAPD NI, ZI
	VMOVAPD NF, ZF
	VMOVAPD NO, ZO
	VMOVAPD NG, ZG
	SUBQ $8, LEFT
	JLE  gates
	NEXT

gates:
	TANHARG(ZG, Z14, Z15, Z16)
	ROWS2(rows1)
	SIGMOIDARG(ZI, Z0, Z1, Z2)
	SIGMOIDARG(ZF, Z7, Z8, Z9)
	ROWS2(rows2)
	POLYA(Z14, Z16, Z17, Z18, Z19, Z20)
	ROWS2(rows3)
	POLYA(Z0, Z2, Z3, Z4, Z5, Z6)
	ROWS2(rows4)
	POLYA(Z7, Z9, Z10, Z11, Z12, Z13)
	ROWS2(rows5)
	POLYB(Z14, Z16, Z17, Z18, Z19, Z20)
	ROWS2(rows6)
	POLYB(Z0, Z2, Z3, Z4, Z5, Z6)
	ROWS2(rows7)
	POLYB(Z7, Z9, Z10, Z11, Z12, Z13)
	ROWS2(rows8)
	TANHEND(ZG, Z14, Z15, Z16, Z17, Z18, Z19, Z20)
	ROWS2(rows9)
	SIGMOIDEND(ZI, Z1, Z4, Z5, Z6)
	ROWS2(rows10)
	SIGMOIDEND(ZF, Z8, Z11, Z12, Z13)
	VMOVUPD Z4, K1, (GATES)
	VMOVUPD Z11, K1, (GATES)(GATE*1)
	VMOVUPD Z14, K1, (GATES)(GATE3*1)
	ROWS2(rows11)

	MOVQ Step_CPrev(S), P         // c = f∘c' + i∘g
	VMOVUPD.Z (P)(UNIT0*1), K1, ZG
	VMULPD Z11, ZG, ZG
	VFMADD231PD Z14, Z4, ZG
	MOVQ Step_C(S), P
	VMOVUPD ZG, K1, (P)(UNIT0*1)

	TANHARG(ZG, Z14, Z15, Z16)
	SIGMOIDARG(ZO, Z0, Z1, Z2)
	ROWS2(rows12)
	POLYA(Z14, Z16, Z17, Z18, Z19, Z20)
	ROWS2(rows13)
	POLYA(Z0, Z2, Z3, Z4, Z5, Z6)
	ROWS2(rows14)
	POLYB(Z14, Z16, Z17, Z18, Z19, Z20)
	ROWS2(rows15)
	POLYB(Z0, Z2, Z3, Z4, Z5, Z6)
	ROWS2(rows16)
	TANHEND(ZG, Z14, Z15, Z16, Z17, Z18, Z19, Z20)
	SIGMOIDEND(ZO, Z1, Z4, Z5, Z6)
	VMOVUPD Z4, K1, (GATES)(GATE*2)
	MOVQ Step_TanhC(S), P
	VMOVUPD Z14, K1, (P)(UNIT0*1)
	VMULPD Z14, Z4, Z4            // h = o∘tanh(c)
	MOVQ Step_H(S), P
	ADDQ UNIT0, P
	TESTQ LEFT, LEFT
	JL   last
	VMOVUPD Z4, (P)
	LEAQ 64(GATES), GATES
	JG   units
	VZEROUPPER
	RET

last: // fewer than 8 numbers of h: the next step reads them one by one, which a store under a mask delays
	ADDQ $4, LEFT                 // LEFT = units − 4, in this group
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
