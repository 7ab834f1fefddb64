//go:build !purego

#include "textflag.h"

#define C    DI  // row 0 of c, from the current columns on
#define C4   DX  // row 4
#define LDC  R8
#define LDC3 R13 // 3·LDC
#define COLS CX  // columns left
#define A    AX
#define ROW  R9
#define ROW3 R14 // 3·ROW
#define B    SI  // b, at the current columns
#define LDB  R10
#define AS   R11 // a at s, rows 0 and 4
#define AS4  R12
#define BS   R15 // b at s
#define LEFT BX  // steps left

// EACH does OP for 8 rows, from P and P4 on, and a register for each.
#define EACH(OP, P, P4, LD, LD3, S0, S1, S2, S3, S4, S5, S6, S7) \
	OP((P), S0)          \
	OP((P)(LD*1), S1)    \
	OP((P)(LD*2), S2)    \
	OP((P)(LD3*1), S3)   \
	OP((P4), S4)         \
	OP((P4)(LD*1), S5)   \
	OP((P4)(LD*2), S6)   \
	OP((P4)(LD3*1), S7)

#define LOAD(M, S) VMOVUPD M, S
#define STORE(M, S) VMOVUPD S, M
#define LOADSOME(M, S) VMOVUPD.Z M, K1, S
#define STORESOME(M, S) VMOVUPD S, K1, M
#define PREFETCH(M, S) PREFETCHT0 M
#define FMA(M, S) VFMADD231PD.BCST M, Z24, S
#define FMA3(M, S0, S1, S2) \
	VBROADCASTSD M, Z27         \
	VFMADD231PD Z24, Z27, S0    \
	VFMADD231PD Z25, Z27, S1    \
	VFMADD231PD Z26, Z27, S2

// ROW24 does OP for 24 columns of a row, OFF bytes from P, and TILE for 8 such rows.
#define ROW24(OP, P, OFF, S0, S1, S2) \
	OP(OFF+0 P, S0)    \
	OP(OFF+64 P, S1)   \
	OP(OFF+128 P, S2)

#define TILE(OP, OFF) \
	ROW24(OP, (C), OFF, Z0, Z1, Z2)             \
	ROW24(OP, (C)(LDC*1), OFF, Z3, Z4, Z5)      \
	ROW24(OP, (C)(LDC*2), OFF, Z6, Z7, Z8)      \
	ROW24(OP, (C)(LDC3*1), OFF, Z9, Z10, Z11)   \
	ROW24(OP, (C4), OFF, Z12, Z13, Z14)         \
	ROW24(OP, (C4)(LDC*1), OFF, Z15, Z16, Z17)  \
	ROW24(OP, (C4)(LDC*2), OFF, Z18, Z19, Z20)  \
	ROW24(OP, (C4)(LDC3*1), OFF, Z21, Z22, Z23)

#define START \
	MOVQ A, AS            \
	LEAQ (A)(ROW*4), AS4  \
	MOVQ B, BS            \
	MOVQ k+64(FP), LEFT

#define NEXT(step) \
	ADDQ col+40(FP), AS   \
	ADDQ col+40(FP), AS4  \
	ADDQ LDB, BS          \
	DECQ LEFT             \
	JNZ  step

// func tile8(c *float64, ldc, n int, a *float64, row, col int, b *float64, ldb, k int)
//
//	for i < 8 { for j < n { for s < k { c[i·ldc+j] = fma(a[i·row+s·col], b[s·ldb+j], c[i·ldc+j]) } } }
//
// k ≥ 1, the strides are in bytes. tile8 keeps the sums of 8 rows and 24 columns of c in
// registers. For the last columns it keeps the sums of 8 columns or, under a mask, of fewer.
TEXT ·tile8(SB), NOSPLIT, $0-72
	MOVQ c+0(FP), C
	MOVQ ldc+8(FP), LDC
	MOVQ n+16(FP), COLS
	MOVQ a+24(FP), A
	MOVQ row+32(FP), ROW
	MOVQ b+48(FP), B
	MOVQ ldb+56(FP), LDB
	LEAQ (LDC)(LDC*2), LDC3
	LEAQ (ROW)(ROW*2), ROW3
	SUBQ $24, COLS
	JL   eight

twentyFour:
	LEAQ (C)(LDC*4), C4
	TILE(LOAD, 0)
	TILE(PREFETCH, 192) // load the next tile during this one
	START

step:
	VMOVUPD 0(BS), Z24
	VMOVUPD 64(BS), Z25
	VMOVUPD 128(BS), Z26
	FMA3((AS), Z0, Z1, Z2)
	FMA3((AS)(ROW*1), Z3, Z4, Z5)
	FMA3((AS)(ROW*2), Z6, Z7, Z8)
	FMA3((AS)(ROW3*1), Z9, Z10, Z11)
	FMA3((AS4), Z12, Z13, Z14)
	FMA3((AS4)(ROW*1), Z15, Z16, Z17)
	FMA3((AS4)(ROW*2), Z18, Z19, Z20)
	FMA3((AS4)(ROW3*1), Z21, Z22, Z23)
	NEXT(step)
	TILE(STORE, 0)
	ADDQ $192, C
	ADDQ $192, B
	SUBQ $24, COLS
	JGE  twentyFour

eight: // COLS = columns left − 24
	ADDQ $24, COLS
	JLE  done

eightLoop:
	MOVL $0xff, LEFT
	CMPQ COLS, $8
	JGE  mask
	MOVL $1, LEFT
	SHLL CX, LEFT          // CX = COLS
	DECL LEFT

mask:
	KMOVW LEFT, K1
	LEAQ (C)(LDC*4), C4
	EACH(LOADSOME, C, C4, LDC, LDC3, Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7)
	START

eightStep:
	VMOVUPD.Z (BS), K1, Z24
	EACH(FMA, AS, AS4, ROW, ROW3, Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7)
	NEXT(eightStep)
	EACH(STORESOME, C, C4, LDC, LDC3, Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7)
	ADDQ $64, C
	ADDQ $64, B
	SUBQ $8, COLS
	JG   eightLoop

done:
	VZEROUPPER
	RET
