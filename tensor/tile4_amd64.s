//go:build !purego

#include "textflag.h"

#define C    DI  // row 0 of c, from the current columns on
#define LDC  R8
#define LDC3 R13 // 3·LDC
#define COLS CX  // columns left
#define A    AX
#define ROW  R9
#define ROW3 R14 // 3·ROW
#define COL  R15
#define B    SI  // b, at the current columns
#define LDB  R10
#define K    BX
#define F    R11 // from, at the current columns, during LOAD4
#define LDF  R12
#define LDF3 DX
#define AS   R11 // after LOAD4: a and b at s, and the steps left
#define BS   R12
#define LEFT DX

// LOAD4 and STORE4 move 4 rows of 4 columns, OFF bytes from the current columns.
#define LOAD4(OFF, S0, S1, S2, S3) \
	VMOVUPD OFF(F), S0          \
	VMOVUPD OFF(F)(LDF*1), S1   \
	VMOVUPD OFF(F)(LDF*2), S2   \
	VMOVUPD OFF(F)(LDF3*1), S3

#define STORE4(OFF, S0, S1, S2, S3) \
	VMOVUPD S0, OFF(C)          \
	VMOVUPD S1, OFF(C)(LDC*1)   \
	VMOVUPD S2, OFF(C)(LDC*2)   \
	VMOVUPD S3, OFF(C)(LDC3*1)

#define FROM \
	MOVQ away-8(SP), F         \
	ADDQ C, F                  \
	MOVQ ldfrom+32(FP), LDF    \
	LEAQ (LDF)(LDF*2), LDF3

#define START \
	MOVQ A, AS    \
	MOVQ B, BS    \
	MOVQ K, LEFT

#define NEXT(step) \
	ADDQ COL, AS  \
	ADDQ LDB, BS  \
	DECQ LEFT     \
	JNZ  step

// TIMESn adds a number of a times 4n columns of b to the sums of a row.
#define TIMES1(M, S0) \
	VBROADCASTSD M, Y15          \
	VFMADD231PD Y12, Y15, S0
#define TIMES2(M, S0, S1) TIMES1(M, S0) \
	VFMADD231PD Y13, Y15, S1
#define TIMES3(M, S0, S1, S2) TIMES2(M, S0, S1) \
	VFMADD231PD Y14, Y15, S2

// func tile4(c *float64, ldc, n int, from *float64, ldfrom int, a *float64, row, col int, b *float64, ldb, k int)
//
//	for i < 4 { for j < n {
//		c[i·ldc+j] = from[i·ldfrom+j]
//		for s < k { c[i·ldc+j] = fma(a[i·row+s·col], b[s·ldb+j], c[i·ldc+j]) }
//	} }
//
// n is a multiple of 4, k ≥ 1, the strides are in bytes; from may be c. tile4 keeps the
// sums of 4 rows and 12 columns of c in registers.
TEXT ·tile4(SB), NOSPLIT, $8-88
	MOVQ c+0(FP), C
	MOVQ ldc+8(FP), LDC
	MOVQ n+16(FP), COLS
	MOVQ a+40(FP), A
	MOVQ row+48(FP), ROW
	MOVQ col+56(FP), COL
	MOVQ b+64(FP), B
	MOVQ ldb+72(FP), LDB
	MOVQ k+80(FP), K
	LEAQ (LDC)(LDC*2), LDC3
	LEAQ (ROW)(ROW*2), ROW3
	MOVQ from+24(FP), F
	SUBQ C, F
	MOVQ F, away-8(SP)     // from − c
	SUBQ $12, COLS
	JL   eight

twelve:
	PREFETCHT0 96(C)       // load the next tile during this one
	PREFETCHT0 160(C)
	PREFETCHT0 96(C)(LDC*1)
	PREFETCHT0 160(C)(LDC*1)
	PREFETCHT0 96(C)(LDC*2)
	PREFETCHT0 160(C)(LDC*2)
	PREFETCHT0 96(C)(LDC3*1)
	PREFETCHT0 160(C)(LDC3*1)
	FROM
	LOAD4(0, Y0, Y3, Y6, Y9)
	LOAD4(32, Y1, Y4, Y7, Y10)
	LOAD4(64, Y2, Y5, Y8, Y11)
	START

twelveStep:
	VMOVUPD 0(BS), Y12
	VMOVUPD 32(BS), Y13
	VMOVUPD 64(BS), Y14
	TIMES3((AS), Y0, Y1, Y2)
	TIMES3((AS)(ROW*1), Y3, Y4, Y5)
	TIMES3((AS)(ROW*2), Y6, Y7, Y8)
	TIMES3((AS)(ROW3*1), Y9, Y10, Y11)
	NEXT(twelveStep)
	STORE4(0, Y0, Y3, Y6, Y9)
	STORE4(32, Y1, Y4, Y7, Y10)
	STORE4(64, Y2, Y5, Y8, Y11)
	ADDQ $96, C
	ADDQ $96, B
	SUBQ $12, COLS
	JGE  twelve

eight: // COLS = columns left − 12
	ADDQ $4, COLS
	JL   four
	FROM
	LOAD4(0, Y0, Y2, Y4, Y6)
	LOAD4(32, Y1, Y3, Y5, Y7)
	START

eightStep:
	VMOVUPD 0(BS), Y12
	VMOVUPD 32(BS), Y13
	TIMES2((AS), Y0, Y1)
	TIMES2((AS)(ROW*1), Y2, Y3)
	TIMES2((AS)(ROW*2), Y4, Y5)
	TIMES2((AS)(ROW3*1), Y6, Y7)
	NEXT(eightStep)
	STORE4(0, Y0, Y2, Y4, Y6)
	STORE4(32, Y1, Y3, Y5, Y7)
	ADDQ $64, C
	ADDQ $64, B
	SUBQ $8, COLS

four: // COLS = columns left − 8
	ADDQ $4, COLS
	JL   done
	FROM
	LOAD4(0, Y0, Y1, Y2, Y3)
	START

fourStep:
	VMOVUPD 0(BS), Y12
	TIMES1((AS), Y0)
	TIMES1((AS)(ROW*1), Y1)
	TIMES1((AS)(ROW*2), Y2)
	TIMES1((AS)(ROW3*1), Y3)
	NEXT(fourStep)
	STORE4(0, Y0, Y1, Y2, Y3)

done:
	VZEROUPPER
	RET
