//go:build !purego

#include "textflag.h"

#define Y       DI
#define ROWS    BX  // rows left
#define W       SI  // w, row 0 of the block
#define W4      DX  // row 4
#define STRIDE  R8  // bytes from row to row
#define STRIDE3 R9  // 3·STRIDE
#define X       AX
#define XJ      R11 // x at the current columns
#define GROUPS  CX  // groups of 4 columns
#define REST    R10 // columns after them
#define LEFT    R12 // groups left

// EACHn does OP for each of n rows and its lanes.
#define EACH1(OP) \
	OP((W), Y0)
#define EACH4(OP) EACH1(OP) \
	OP((W)(STRIDE*1), Y1)    \
	OP((W)(STRIDE*2), Y2)    \
	OP((W)(STRIDE3*1), Y3)
#define EACH8(OP) EACH4(OP) \
	OP((W4), Y4)             \
	OP((W4)(STRIDE*1), Y5)   \
	OP((W4)(STRIDE*2), Y6)   \
	OP((W4)(STRIDE3*1), Y7)

#define CLEAR(M, S) VXORPD S, S, S
#define FMA(M, S) VFMADD231PD M, Y8, S

// FMAREST is FMA for the lanes that the mask Y15 sets. It does not change the other lanes:
// a sum with a product of zeros would turn −0 into 0. Y14 holds x.
#define FMAREST(M, S) \
	VMASKMOVPD M, Y15, Y12    \
	VMOVAPD S, Y13            \
	VFMADD231PD Y12, Y14, Y13 \
	VBLENDVPD Y15, Y13, S, S

// LANES sums some rows in 4 lanes each. Afterwards W and W4 are at the ends of the rows.
#define LANES(EACH, group, rest, done) \
	EACH(CLEAR)                \
	MOVQ X, XJ                 \
	MOVQ GROUPS, LEFT          \
	TESTQ LEFT, LEFT           \
	JZ   rest                  \
group:                       \
	VMOVUPD (XJ), Y8           \
	EACH(FMA)                  \
	ADDQ $32, XJ               \
	ADDQ $32, W                \
	ADDQ $32, W4               \
	DECQ LEFT                  \
	JNZ  group                 \
rest:                        \
	TESTQ REST, REST           \
	JZ   done                  \
	VMASKMOVPD (XJ), Y15, Y14  \
	EACH(FMAREST)              \
	LEAQ (W)(REST*8), W        \
	LEAQ (W4)(REST*8), W4      \
done:

// JOIN4 joins the lanes of the rows a, b, c, d, in A, B, C, D, as (l0+l1)+(l2+l3), and adds
// them to y:
//
//	T ← a1 b1 a3 b3    A ← a0 b0 a2 b2    A ← their sum
//	T ← c1 d1 c3 d3    C ← c0 d0 c2 d2    C ← their sum
//	T ← the upper halves of A and C       A ← the lower ones       A ← their sum
#define JOIN4(A, B, C, D, T) \
	VUNPCKHPD B, A, T         \
	VUNPCKLPD B, A, A         \
	VADDPD T, A, A            \
	VUNPCKHPD D, C, T         \
	VUNPCKLPD D, C, C         \
	VADDPD T, C, C            \
	VPERM2F128 $0x31, C, A, T \
	VPERM2F128 $0x20, C, A, A \
	VADDPD T, A, A            \
	VADDPD (Y), A, A          \
	VMOVUPD A, (Y)            \
	ADDQ $32, Y

// func matVecAVX2(y *float64, rows int, w, x *float64, n, block int, masks *[32]int64)
//
//	for k < rows { y[k] += Σ_j w[k·n+j] x[j] in 4 lanes }
//
// It takes block (8 or 4) rows of w at a time, then 4 rows, and then the last rows one by one.
TEXT ·matVecAVX2(SB), NOSPLIT, $0-56
	MOVQ y+0(FP), Y
	MOVQ rows+8(FP), ROWS
	MOVQ w+16(FP), W
	MOVQ x+24(FP), X
	MOVQ n+32(FP), REST
	LEAQ (REST*8), STRIDE
	LEAQ (STRIDE)(STRIDE*2), STRIDE3
	MOVQ REST, GROUPS
	SHRQ $2, GROUPS
	ANDQ $3, REST
	JZ   rows
	MOVQ masks+48(FP), R11
	LEAQ (REST*8), R12
	SUBQ R12, R11
	VMOVUPD 128(R11), Y15         // −1 in the first REST lanes

rows:
	SUBQ $8, ROWS
	JL   four
	CMPQ block+40(FP), $8
	JL   four

eight:
	LEAQ (W)(STRIDE*4), W4
	LANES(EACH8, group8, rest8, join8)
	JOIN4(Y0, Y1, Y2, Y3, Y8)
	JOIN4(Y4, Y5, Y6, Y7, Y9)
	LEAQ (W4)(STRIDE3*1), W       // the end of row 4, and 3 rows
	SUBQ $8, ROWS
	JGE  eight

four: // ROWS = rows left − 8
	ADDQ $4, ROWS
	JL   one

fourLoop:
	LANES(EACH4, group4, rest4, join4)
	JOIN4(Y0, Y1, Y2, Y3, Y8)
	ADDQ STRIDE3, W
	SUBQ $4, ROWS
	JGE  fourLoop

one: // ROWS = rows left − 4
	ADDQ $4, ROWS
	JLE  done

oneLoop:
	LANES(EACH1, group1, rest1, join1)
	VEXTRACTF128 $1, Y0, X1
	VHADDPD X0, X0, X0            // l0+l1
	VHADDPD X1, X1, X1            // l2+l3
	VADDSD X1, X0, X0
	VADDSD (Y), X0, X0
	VMOVSD X0, (Y)
	ADDQ $8, Y
	DECQ ROWS
	JNZ  oneLoop

done:
	VZEROUPPER
	RET
