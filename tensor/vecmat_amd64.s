//go:build !purego

#include "textflag.h"

#define Y       DI // y, from the current columns on
#define W       SI // w at the current columns, in row 0 of the block
#define W4      DX // the same in row 4
#define STRIDE  R8 // bytes from row to row
#define STRIDE3 R9 // 3·STRIDE
#define X       AX // x, from the block on
#define ROWS    BX // rows left
#define COLS    CX // columns left
#define NEXT    R10 // the next block

// ROWS4 adds 4 rows from P on, times A, B, C and D, to the 8 columns in Y0 and Y1.
#define ROWS4(P, A, B, C, D) \
	VFMADD231PD 0(P), A, Y0             \
	VFMADD231PD 32(P), A, Y1            \
	VFMADD231PD 0(P)(STRIDE*1), B, Y0   \
	VFMADD231PD 32(P)(STRIDE*1), B, Y1  \
	VFMADD231PD 0(P)(STRIDE*2), C, Y0   \
	VFMADD231PD 32(P)(STRIDE*2), C, Y1  \
	VFMADD231PD 0(P)(STRIDE3*1), D, Y0  \
	VFMADD231PD 32(P)(STRIDE3*1), D, Y1

// X4 broadcasts 4 numbers of x from OFF on.
#define X4(OFF, A, B, C, D) \
	VBROADCASTSD OFF+0(X), A   \
	VBROADCASTSD OFF+8(X), B   \
	VBROADCASTSD OFF+16(X), C  \
	VBROADCASTSD OFF+24(X), D

#define LOAD \
	VMOVUPD 0(Y), Y0   \
	VMOVUPD 32(Y), Y1

#define STORE \
	VMOVUPD Y0, 0(Y)   \
	VMOVUPD Y1, 32(Y)

// func vecMatAVX2(y *float64, n int, x *float64, k int, w *float64, stride, block int)
//
//	for i < k { for j < n { y[j] = fma(x[i], w[i·stride+j], y[j]) } }
//
// It takes block (8 or 4) rows of w at a time. k ≥ 1 is a multiple of block, n ≥ 1 a
// multiple of 4, or of 8 if block is 4. stride is in bytes.
TEXT ·vecMatAVX2(SB), NOSPLIT, $0-56
	MOVQ x+16(FP), X
	MOVQ k+24(FP), ROWS
	MOVQ w+32(FP), W
	MOVQ stride+40(FP), STRIDE
	LEAQ (STRIDE)(STRIDE*2), STRIDE3
	CMPQ block+48(FP), $4
	JE   four

eight:
	MOVQ y+0(FP), Y
	MOVQ n+8(FP), COLS
	LEAQ (W)(STRIDE*4), W4
	LEAQ (W)(STRIDE*8), NEXT
	X4(0, Y8, Y9, Y10, Y11)
	X4(32, Y12, Y13, Y14, Y15)
	SUBQ $8, COLS
	JL   eightLast

eightLoop:
	LOAD
	ROWS4(W, Y8, Y9, Y10, Y11)
	ROWS4(W4, Y12, Y13, Y14, Y15)
	STORE
	ADDQ $64, W
	ADDQ $64, W4
	ADDQ $64, Y
	SUBQ $8, COLS
	JGE  eightLoop

eightLast: // 4 columns are left, or none
	ADDQ $4, COLS
	JL   eightNext
	VMOVUPD 0(Y), Y0
	VFMADD231PD 0(W), Y8, Y0
	VFMADD231PD 0(W)(STRIDE*1), Y9, Y0
	VFMADD231PD 0(W)(STRIDE*2), Y10, Y0
	VFMADD231PD 0(W)(STRIDE3*1), Y11, Y0
	VFMADD231PD 0(W4), Y12, Y0
	VFMADD231PD 0(W4)(STRIDE*1), Y13, Y0
	VFMADD231PD 0(W4)(STRIDE*2), Y14, Y0
	VFMADD231PD 0(W4)(STRIDE3*1), Y15, Y0
	VMOVUPD Y0, 0(Y)

eightNext:
	MOVQ NEXT, W
	ADDQ $64, X
	SUBQ $8, ROWS
	JG   eight
	VZEROUPPER
	RET

four:
	MOVQ y+0(FP), Y
	MOVQ n+8(FP), COLS
	LEAQ (W)(STRIDE*4), NEXT
	X4(0, Y8, Y9, Y10, Y11)

fourLoop:
	LOAD
	ROWS4(W, Y8, Y9, Y10, Y11)
	STORE
	ADDQ $64, W
	ADDQ $64, Y
	SUBQ $8, COLS
	JG   fourLoop
	MOVQ NEXT, W
	ADDQ $32, X
	SUBQ $4, ROWS
	JG   four
	VZEROUPPER
	RET
