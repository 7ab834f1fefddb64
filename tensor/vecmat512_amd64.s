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

// ROWS4 adds 4 rows from P on, times A, B, C and D, to the 16 columns in Z0 and Z1.
#define ROWS4(P, A, B, C, D) \
	VFMADD231PD 0(P), A, Z0             \
	VFMADD231PD 64(P), A, Z1            \
	VFMADD231PD 0(P)(STRIDE*1), B, Z0   \
	VFMADD231PD 64(P)(STRIDE*1), B, Z1  \
	VFMADD231PD 0(P)(STRIDE*2), C, Z0   \
	VFMADD231PD 64(P)(STRIDE*2), C, Z1  \
	VFMADD231PD 0(P)(STRIDE3*1), D, Z0  \
	VFMADD231PD 64(P)(STRIDE3*1), D, Z1

// SOME4 does the same for the columns in Z0 that K1 sets.
#define SOME4(P, A, B, C, D) \
	VFMADD231PD (P), A, K1, Z0             \
	VFMADD231PD (P)(STRIDE*1), B, K1, Z0   \
	VFMADD231PD (P)(STRIDE*2), C, K1, Z0   \
	VFMADD231PD (P)(STRIDE3*1), D, K1, Z0

// func vecMatAVX512(y *float64, n int, x *float64, k int, w *float64)
//
//	for i < k { for j < n { y[j] = fma(x[i], w[i·n+j], y[j]) } }
//
// It takes 8 rows of w at a time. k ≥ 8 is a multiple of 8.
TEXT ·vecMatAVX512(SB), NOSPLIT, $0-40
	MOVQ x+16(FP), X
	MOVQ k+24(FP), ROWS
	MOVQ w+32(FP), W
	MOVQ n+8(FP), STRIDE
	SHLQ $3, STRIDE
	LEAQ (STRIDE)(STRIDE*2), STRIDE3

block:
	LEAQ (W)(STRIDE*4), W4
	LEAQ (W)(STRIDE*8), NEXT
	VBROADCASTSD 0(X), Z8
	VBROADCASTSD 8(X), Z9
	VBROADCASTSD 16(X), Z10
	VBROADCASTSD 24(X), Z11
	VBROADCASTSD 32(X), Z12
	VBROADCASTSD 40(X), Z13
	VBROADCASTSD 48(X), Z14
	VBROADCASTSD 56(X), Z15
	MOVQ y+0(FP), Y
	MOVQ n+8(FP), COLS
	SUBQ $16, COLS
	JL   last

columns:
	VMOVUPD 0(Y), Z0
	VMOVUPD 64(Y), Z1
	ROWS4(W, Z8, Z9, Z10, Z11)
	ROWS4(W4, Z12, Z13, Z14, Z15)
	VMOVUPD Z0, 0(Y)
	VMOVUPD Z1, 64(Y)
	ADDQ $128, W
	ADDQ $128, W4
	ADDQ $128, Y
	SUBQ $16, COLS
	JGE  columns

last:
	ADDQ $16, COLS
	JLE  next

mask: // 8 columns, or those that are left
	MOVL $0xff, R11
	MOVL $0xffff, R12
	SHLL CX, R12
	NOTL R12
	CMPQ COLS, $8
	CMOVLLT R12, R11
	KMOVW R11, K1
	VMOVUPD.Z (Y), K1, Z0
	SOME4(W, Z8, Z9, Z10, Z11)
	SOME4(W4, Z12, Z13, Z14, Z15)
	VMOVUPD Z0, K1, (Y)
	ADDQ $64, W
	ADDQ $64, W4
	ADDQ $64, Y
	SUBQ $8, COLS
	JG   mask

next:
	MOVQ NEXT, W
	ADDQ $64, X
	SUBQ $8, ROWS
	JG   block
	VZEROUPPER
	RET
