//go:build !purego

#include "textflag.h"

#define Y    DI
#define W    SI
#define X    AX // x, and the rest of its numbers
#define LEFT BX
#define ROWS CX // elements of w left
#define ZERO Y2 // and X2

// func columnsAVX2(y, w *float64, k int, x *float64, t int)
//
//	for s < t { for i < k { y[s·k+i] += w[i]*x[s] + 0 } }
//
// This is MatVec for a matrix of one column: it adds three zeros to one lane. t ≥ 1.
TEXT ·columnsAVX2(SB), NOSPLIT, $0-40
	MOVQ y+0(FP), Y
	MOVQ x+24(FP), X
	MOVQ t+32(FP), LEFT
	VXORPD ZERO, ZERO, ZERO

next:
	MOVQ w+8(FP), W
	MOVQ k+16(FP), ROWS
	VBROADCASTSD (X), Y1
	SUBQ $4, ROWS
	JL   one

four: // ROWS = elements left − 4
	VMULPD (W), Y1, Y0
	VADDPD ZERO, Y0, Y0
	VADDPD (Y), Y0, Y0
	VMOVUPD Y0, (Y)
	ADDQ $32, W
	ADDQ $32, Y
	SUBQ $4, ROWS
	JGE  four

one:
	ADDQ $4, ROWS
	JLE  done

oneLoop:
	VMULSD (W), X1, X0
	VADDSD X2, X0, X0
	VADDSD (Y), X0, X0
	VMOVSD X0, (Y)
	ADDQ $8, W
	ADDQ $8, Y
	DECQ ROWS
	JNZ  oneLoop

done:
	ADDQ $8, X
	DECQ LEFT
	JNZ  next
	VZEROUPPER
	RET
