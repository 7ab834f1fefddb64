//go:build !purego

#include "textflag.h"

#define Y    DI
#define LEFT CX // numbers left

// func divAVX2(y *float64, n int, a float64)
//
//	for j < n { y[j] = y[j] / a }
//
// n ≥ 4 is a multiple of 4.
TEXT ·divAVX2(SB), NOSPLIT, $0-24
	MOVQ y+0(FP), Y
	MOVQ n+8(FP), LEFT
	VBROADCASTSD a+16(FP), Y1

four:
	VMOVUPD (Y), Y0
	VDIVPD Y1, Y0, Y0
	VMOVUPD Y0, (Y)
	ADDQ $32, Y
	SUBQ $4, LEFT
	JG   four
	VZEROUPPER
	RET
