//go:build !purego

#include "textflag.h"

#define L    AX // the lanes, or 0: then they begin at 0
#define X    SI
#define Y    DI
#define LEFT CX // elements left
#define MASK R8

#define FMA(OFF, V, S) \
	VMOVUPD OFF(X), V         \
	VFMADD231PD OFF(Y), V, S

// FMAREST is FMA for the elements that are left. It does not change the other lanes.
#define FMAREST(OFF, S) \
	VMOVUPD OFF(MASK), Y8         \
	VMASKMOVPD OFF(X), Y8, Y4     \
	VMASKMOVPD OFF(Y), Y8, Y5     \
	VMOVAPD S, Y6                 \
	VFMADD231PD Y5, Y4, Y6        \
	VBLENDVPD Y8, Y6, S, S

// func dotAVX2(l *Lanes, x, y *float64, n int, masks *[32]int64) float64
//
//	for j < n { l[j mod 16] = fma(x[j], y[j], l[j mod 16]) }
//	for i < 4 { s[i] = (l[i] + l[i+4]) + (l[i+8] + l[i+12]) }
//	return (s[0] + s[1]) + (s[2] + s[3])
//
// Lanes 0-3, 4-7, 8-11 and 12-15 are in Y0 to Y3.
TEXT ·dotAVX2(SB), NOSPLIT, $0-48
	MOVQ l+0(FP), L
	MOVQ x+8(FP), X
	MOVQ y+16(FP), Y
	MOVQ n+24(FP), LEFT
	VXORPD Y0, Y0, Y0
	VXORPD Y1, Y1, Y1
	VXORPD Y2, Y2, Y2
	VXORPD Y3, Y3, Y3
	TESTQ L, L
	JZ   begin
	VMOVUPD 0(L), Y0
	VMOVUPD 32(L), Y1
	VMOVUPD 64(L), Y2
	VMOVUPD 96(L), Y3

begin:
	SUBQ $16, LEFT
	JL   rest

sixteen:
	FMA(0, Y4, Y0)
	FMA(32, Y5, Y1)
	FMA(64, Y6, Y2)
	FMA(96, Y7, Y3)
	ADDQ $128, X
	ADDQ $128, Y
	SUBQ $16, LEFT
	JGE  sixteen

rest: // LEFT = elements left − 16
	CMPQ LEFT, $-16
	JE   join
	SHLQ $3, LEFT
	MOVQ masks+32(FP), MASK
	SUBQ LEFT, MASK       // −1 for each element left, then 0 for 16 more
	FMAREST(0, Y0)
	FMAREST(32, Y1)
	FMAREST(64, Y2)
	FMAREST(96, Y3)

join:
	TESTQ L, L
	JZ   tree
	VMOVUPD Y0, 0(L)
	VMOVUPD Y1, 32(L)
	VMOVUPD Y2, 64(L)
	VMOVUPD Y3, 96(L)

tree:
	VADDPD Y1, Y0, Y0
	VADDPD Y3, Y2, Y2
	VADDPD Y2, Y0, Y0
	VEXTRACTF128 $1, Y0, X1
	VHADDPD X0, X0, X0
	VHADDPD X1, X1, X1
	VADDSD X1, X0, X0
	VMOVSD X0, ret+40(FP)
	VZEROUPPER
	RET
