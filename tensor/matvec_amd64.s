//go:build !purego

#include "textflag.h"

#define Y       DI
#define ROWS    BX  // rows left
#define W       SI  // w, row 0 of the block
#define STRIDE  R8  // bytes from row to row
#define STRIDE3 R9  // 3·STRIDE
#define X       AX
#define XJ      R11 // x at the current columns
#define GROUPS  CX  // groups of 8 columns
#define REST    R10 // columns after them
#define LEFT    R12 // groups left
#define MASKS   DX
#define WNEXT   R13 // bytes from the end of row 0 to the next block
#define YNEXT   R15 // bytes to the next block of y

// Lanes 0-3 of the rows are in Y0 to Y3, lanes 4-7 in Y4 to Y7.

// LOWn and HIGHn do OP for lanes 0-3 and lanes 4-7 of n rows.
#define LOW1(OP, OFF) \
	OP(OFF(W), Y0)
#define LOW4(OP, OFF) LOW1(OP, OFF) \
	OP(OFF(W)(STRIDE*1), Y1)    \
	OP(OFF(W)(STRIDE*2), Y2)    \
	OP(OFF(W)(STRIDE3*1), Y3)
#define HIGH1(OP, OFF) \
	OP(OFF(W), Y4)
#define HIGH4(OP, OFF) HIGH1(OP, OFF) \
	OP(OFF(W)(STRIDE*1), Y5)    \
	OP(OFF(W)(STRIDE*2), Y6)    \
	OP(OFF(W)(STRIDE3*1), Y7)

#define CLEAR(M, S) VXORPD S, S, S
#define FMA8(M, S) VFMADD231PD M, Y8, S
#define FMA9(M, S) VFMADD231PD M, Y9, S

// FMAREST is FMA for the lanes that the mask Y15 sets. It does not change the other lanes:
// a sum with a product of zeros would turn −0 into 0. Y14 holds x.
#define FMAREST(M, S) \
	VMASKMOVPD M, Y15, Y12    \
	VMOVAPD S, Y13            \
	VFMADD231PD Y12, Y14, Y13 \
	VBLENDVPD Y15, Y13, S, S

// LANES sums some rows in 8 lanes each. Afterwards W is at the end of row 0.
#define LANES(LOW, HIGH, group, rest, few, end, join) \
	LOW(CLEAR, 0)              \
	HIGH(CLEAR, 0)             \
	MOVQ X, XJ                 \
	MOVQ GROUPS, LEFT          \
	TESTQ LEFT, LEFT           \
	JZ   rest                  \
group:                       \
	VMOVUPD 0(XJ), Y8          \
	LOW(FMA8, 0)               \
	VMOVUPD 32(XJ), Y9         \
	HIGH(FMA9, 32)             \
	ADDQ $64, XJ               \
	ADDQ $64, W                \
	DECQ LEFT                  \
	JNZ  group                 \
rest:                        \
	TESTQ REST, REST           \
	JZ   join                  \
	CMPQ REST, $4              \
	JLT  few                   \
	VMOVUPD (XJ), Y8           \
	LOW(FMA8, 0)               \
	JEQ  end                   \
	VMOVUPD 32(MASKS), Y15     \
	VMASKMOVPD 32(XJ), Y15, Y14 \
	HIGH(FMAREST, 32)          \
	JMP  end                   \
few:                         \
	VMOVUPD (MASKS), Y15       \
	VMASKMOVPD (XJ), Y15, Y14  \
	LOW(FMAREST, 0)            \
end:                         \
	LEAQ (W)(REST*8), W        \
join:

// func matVecAVX2(y *float64, rows int, w, x *float64, n, step int, masks *[32]int64)
//
//	for k < rows { y[k] += Σ_j w[k·n+j] x[j] in 8 lanes }
//
// It takes blocks of 4 rows of w, and then the last rows one by one. If step is −1, it goes from the last block to
// the first: y and w point to the last, and rows is a multiple of 4. Otherwise step is 1.
TEXT ·matVecAVX2(SB), NOSPLIT, $0-56
	MOVQ y+0(FP), Y
	MOVQ rows+8(FP), ROWS
	MOVQ w+16(FP), W
	MOVQ x+24(FP), X
	MOVQ n+32(FP), REST
	MOVQ masks+48(FP), MASKS
	LEAQ (REST*8), STRIDE
	LEAQ (STRIDE)(STRIDE*2), STRIDE3
	MOVQ REST, GROUPS
	SHRQ $3, GROUPS
	ANDQ $7, REST
	LEAQ (REST*8), R12
	ADDQ $128, MASKS
	SUBQ R12, MASKS               // −1 for each column of the rest, then 0
	MOVQ step+40(FP), YNEXT
	SHLQ $2, YNEXT
	LEAQ -1(YNEXT), WNEXT
	IMULQ STRIDE, WNEXT
	SHLQ $3, YNEXT
	SUBQ $4, ROWS
	JL   one

four:
	LANES(LOW4, HIGH4, group4, rest4, few4, end4, join4)
	VADDPD Y4, Y0, Y0
	VADDPD Y5, Y1, Y1
	VADDPD Y6, Y2, Y2
	VADDPD Y7, Y3, Y3
	VUNPCKHPD Y1, Y0, Y4          // a1 b1 a3 b3
	VUNPCKLPD Y1, Y0, Y0          // a0 b0 a2 b2
	VADDPD Y4, Y0, Y0
	VUNPCKHPD Y3, Y2, Y5          // c1 d1 c3 d3
	VUNPCKLPD Y3, Y2, Y2          // c0 d0 c2 d2
	VADDPD Y5, Y2, Y2
	VPERM2F128 $0x31, Y2, Y0, Y4  // the upper halves
	VPERM2F128 $0x20, Y2, Y0, Y0  // the lower ones
	VADDPD Y4, Y0, Y0
	VADDPD (Y), Y0, Y0
	VMOVUPD Y0, (Y)
	ADDQ YNEXT, Y
	ADDQ WNEXT, W
	SUBQ $4, ROWS
	JGE  four

one: // ROWS = rows left − 4
	ADDQ $4, ROWS
	JLE  done

oneLoop:
	LANES(LOW1, HIGH1, group1, rest1, few1, end1, join1)
	VADDPD Y4, Y0, Y0
	VEXTRACTF128 $1, Y0, X1
	VHADDPD X0, X0, X0            // s0+s1
	VHADDPD X1, X1, X1            // s2+s3
	VADDSD X1, X0, X0
	VADDSD (Y), X0, X0
	VMOVSD X0, (Y)
	ADDQ $8, Y
	DECQ ROWS
	JNZ  oneLoop

done:
	VZEROUPPER
	RET
