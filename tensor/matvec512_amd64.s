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
#define GROUPS  R13 // groups of 8 columns
#define REST    CX  // columns after them
#define LEFT    R12 // groups left
#define WNEXT   R14 // bytes from the end of row 0 to the next block
#define YNEXT   R15 // bytes to the next block of y

// EACHn does OP for each of n rows and its lanes.
#define EACH1(OP) \
	OP((W), Z0)
#define EACH2(OP) EACH1(OP) \
	OP((W)(STRIDE*1), Z1)
#define EACH4(OP) EACH2(OP) \
	OP((W)(STRIDE*2), Z2) \
	OP((W)(STRIDE3*1), Z3)
#define EACH8(OP) EACH4(OP) \
	OP((W4), Z4)          \
	OP((W4)(STRIDE*1), Z5) \
	OP((W4)(STRIDE*2), Z6) \
	OP((W4)(STRIDE3*1), Z7)

#define CLEAR(M, S) VPXORQ S, S, S
#define FMA(M, S) VFMADD231PD M, Z8, S
#define FMAREST(M, S) VFMADD231PD M, Z8, K1, S
#define FMA8(M, S) \
	VFMADD231PD M, Z8, S      \
	VFMADD231PD 64 M, Z9, S   \
	VFMADD231PD 128 M, Z10, S \
	VFMADD231PD 192 M, Z11, S \
	VFMADD231PD 256 M, Z12, S \
	VFMADD231PD 320 M, Z13, S \
	VFMADD231PD 384 M, Z14, S \
	VFMADD231PD 448 M, Z15, S

// LANES sums some rows in 8 lanes each. Afterwards W and W4 are at the ends of the rows.
#define LANES(EACH, eight, less, group, rest, join) \
	EACH(CLEAR)                \
	MOVQ X, XJ                 \
	MOVQ GROUPS, LEFT          \
	SUBQ $8, LEFT              \
	JL   less                  \
eight:                       \
	VMOVUPD (XJ), Z8           \
	VMOVUPD 64(XJ), Z9         \
	VMOVUPD 128(XJ), Z10       \
	VMOVUPD 192(XJ), Z11       \
	VMOVUPD 256(XJ), Z12       \
	VMOVUPD 320(XJ), Z13       \
	VMOVUPD 384(XJ), Z14       \
	VMOVUPD 448(XJ), Z15       \
	EACH(FMA8)                 \
	ADDQ $512, XJ              \
	ADDQ $512, W               \
	ADDQ $512, W4              \
	SUBQ $8, LEFT              \
	JGE  eight                 \
less:                        \
	ADDQ $8, LEFT              \
	JZ   rest                  \
group:                       \
	VMOVUPD (XJ), Z8           \
	EACH(FMA)                  \
	ADDQ $64, XJ               \
	ADDQ $64, W                \
	ADDQ $64, W4               \
	DECQ LEFT                  \
	JNZ  group                 \
rest:                        \
	TESTQ REST, REST           \
	JZ   join                  \
	VMOVUPD.Z (XJ), K1, Z8     \
	EACH(FMAREST)              \
	LEAQ (W)(REST*8), W        \
	LEAQ (W4)(REST*8), W4      \
join:

// JOIN adds up the lanes of the rows a, b, c and d, in A to D, to s_i = l_i + l_i+4 and then to pairs:
//
//	A ← a01 b01 a23 b23 c01 d01 c23 d23, with a01 = s0 + s1 of row a, a23 = s2 + s3
#define JOIN(A, B, C, D, T) \
	VSHUFF64X2 $0xee, C, A, T \
	VSHUFF64X2 $0x44, C, A, A \
	VADDPD T, A, A            \
	VSHUFF64X2 $0xee, D, B, T \
	VSHUFF64X2 $0x44, D, B, B \
	VADDPD T, B, B            \
	VUNPCKHPD B, A, T         \
	VUNPCKLPD B, A, A         \
	VADDPD T, A, A

// func matVecAVX512(y *float64, rows int, w, x *float64, n, block, step int)
//
//	for k < rows { y[k] += Σ_j w[k·n+j] x[j] in 8 lanes }
//
// It takes block (8 or 2) rows of w at a time, then 2, and then the last row. If step is −1, it goes
// from the last block to the first: y and w point to the last, and rows is a multiple of block. Otherwise step is 1.
TEXT ·matVecAVX512(SB), NOSPLIT, $0-56
	MOVQ y+0(FP), Y
	MOVQ rows+8(FP), ROWS
	MOVQ w+16(FP), W
	MOVQ x+24(FP), X
	MOVQ n+32(FP), REST
	LEAQ (REST*8), STRIDE
	LEAQ (STRIDE)(STRIDE*2), STRIDE3
	MOVQ REST, GROUPS
	SHRQ $3, GROUPS
	ANDQ $7, REST
	MOVL $1, R12
	SHLL CX, R12                  // CX = REST
	DECL R12
	KMOVW R12, K1

	MOVQ block+40(FP), YNEXT
	IMULQ step+48(FP), YNEXT
	LEAQ -1(YNEXT), WNEXT
	IMULQ STRIDE, WNEXT
	SHLQ $3, YNEXT
	SUBQ $8, ROWS
	CMPQ block+40(FP), $8
	JL   two
	TESTQ ROWS, ROWS
	JL   less

eight:
	LEAQ (W)(STRIDE*4), W4
	LANES(EACH8, lines8, less8, group8, rest8, join8)
	JOIN(Z0, Z1, Z2, Z3, Z8)
	JOIN(Z4, Z5, Z6, Z7, Z9)
	VSHUFF64X2 $0xdd, Z4, Z0, Z8  // the sums s2 + s3
	VSHUFF64X2 $0x88, Z4, Z0, Z0  // the sums s0 + s1
	VADDPD Z8, Z0, Z0
	VADDPD (Y), Z0, Z0
	VMOVUPD Z0, (Y)
	ADDQ YNEXT, Y
	ADDQ WNEXT, W
	SUBQ $8, ROWS
	JGE  eight

less:
	MOVQ STRIDE, WNEXT
	MOVQ $16, YNEXT

two: // ROWS = rows left − 8
	ADDQ $6, ROWS
	JL   one

twoLoop:
	LANES(EACH2, lines2, less2, group2, rest2, join2)
	VEXTRACTF64X4 $1, Z0, Y2
	VEXTRACTF64X4 $1, Z1, Y3
	VADDPD Y2, Y0, Y0
	VADDPD Y3, Y1, Y1
	VHADDPD Y1, Y0, Y0            // s0+s1 of both rows, and s2+s3
	VEXTRACTF128 $1, Y0, X1
	VADDPD X1, X0, X0
	VADDPD (Y), X0, X0
	VMOVUPD X0, (Y)
	ADDQ YNEXT, Y
	ADDQ WNEXT, W
	SUBQ $2, ROWS
	JGE  twoLoop

one: // ROWS = rows left − 2
	ADDQ $2, ROWS
	JLE  done

oneLoop:
	LANES(EACH1, lines1, less1, group1, rest1, join1)
	VEXTRACTF64X4 $1, Z0, Y1
	VADDPD Y1, Y0, Y0
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
