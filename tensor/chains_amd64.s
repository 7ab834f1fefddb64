//go:build !purego

#include "textflag.h"

#define Y       DI
#define ROWS    CX  // rows left, less 8
#define X       SI  // x, row 0 of the block
#define STRIDE  R8  // bytes from row to row
#define STRIDE3 R9  // 3·STRIDE
#define W       AX  // w, and x in rows 0 and 4, at the current column
#define X0I     R10
#define X4I     R11
#define LEFT    BX  // columns left

// func chainsAVX2(y *float64, t int, b float64, x, w *float64, k int)
//
//	for s < t { y[s] = b; for i < k { y[s] = fma(x[s·k+i], w[i], y[s]) } }
//
// It takes 8 rows of x at a time; t ≥ 8 and k ≥ 1. A multiply-add of a row waits for the row's
// previous one, and the other seven rows fill the gap. If t is not a multiple of 8, the last 8
// rows overlap the block before them.
TEXT ·chainsAVX2(SB), NOSPLIT, $0-48
	MOVQ y+0(FP), Y
	MOVQ t+8(FP), ROWS
	MOVQ x+24(FP), X
	MOVQ k+40(FP), STRIDE
	SHLQ $3, STRIDE
	LEAQ (STRIDE)(STRIDE*2), STRIDE3
	SUBQ $8, ROWS

eight:
	VMOVSD b+16(FP), X0
	VMOVAPD X0, X1
	VMOVAPD X0, X2
	VMOVAPD X0, X3
	VMOVAPD X0, X4
	VMOVAPD X0, X5
	VMOVAPD X0, X6
	VMOVAPD X0, X7
	MOVQ w+32(FP), W
	MOVQ k+40(FP), LEFT
	MOVQ X, X0I
	LEAQ (X)(STRIDE*4), X4I

column:
	VMOVSD (W), X8
	VFMADD231SD (X0I), X8, X0
	VFMADD231SD (X0I)(STRIDE*1), X8, X1
	VFMADD231SD (X0I)(STRIDE*2), X8, X2
	VFMADD231SD (X0I)(STRIDE3*1), X8, X3
	VFMADD231SD (X4I), X8, X4
	VFMADD231SD (X4I)(STRIDE*1), X8, X5
	VFMADD231SD (X4I)(STRIDE*2), X8, X6
	VFMADD231SD (X4I)(STRIDE3*1), X8, X7
	ADDQ $8, W
	ADDQ $8, X0I
	ADDQ $8, X4I
	DECQ LEFT
	JNZ  column
	VMOVSD X0, 0(Y)
	VMOVSD X1, 8(Y)
	VMOVSD X2, 16(Y)
	VMOVSD X3, 24(Y)
	VMOVSD X4, 32(Y)
	VMOVSD X5, 40(Y)
	VMOVSD X6, 48(Y)
	VMOVSD X7, 56(Y)
	TESTQ ROWS, ROWS
	JZ   done
	ADDQ $64, Y
	LEAQ (X)(STRIDE*8), X
	SUBQ $8, ROWS
	JGE  eight
	LEAQ (Y)(ROWS*8), Y       // back by the number of missing rows
	IMULQ STRIDE, ROWS
	ADDQ ROWS, X
	XORQ ROWS, ROWS
	JMP  eight

done:
	RET
