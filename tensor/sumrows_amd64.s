//go:build !purego

#include "textflag.h"

#define Y     DI  // y, from the current columns on
#define FROM  R13 // from − y
#define COLS  CX  // columns left
#define A     AX
#define LDA   R8
#define K     BX
#define B     SI  // b, at the current columns
#define LDB   R9
#define AI    R10 // a and b in row i
#define BI    R11
#define ROWS  R12 // rows left

// LOADn, FMAn and STOREn are for 4n columns, in Y0 to Y(n−1).
#define LOAD1 \
	VMOVUPD 0(Y)(FROM*1), Y0
#define LOAD2 LOAD1 \
	VMOVUPD 32(Y)(FROM*1), Y1
#define LOAD5 LOAD2 \
	VMOVUPD 64(Y)(FROM*1), Y2  \
	VMOVUPD 96(Y)(FROM*1), Y3  \
	VMOVUPD 128(Y)(FROM*1), Y4
#define LOAD8 LOAD5 \
	VMOVUPD 160(Y)(FROM*1), Y5 \
	VMOVUPD 192(Y)(FROM*1), Y6 \
	VMOVUPD 224(Y)(FROM*1), Y7

#define FMA1 \
	VFMADD231PD 0(BI), Y15, Y0
#define FMA2 FMA1 \
	VFMADD231PD 32(BI), Y15, Y1
#define FMA5 FMA2 \
	VFMADD231PD 64(BI), Y15, Y2  \
	VFMADD231PD 96(BI), Y15, Y3  \
	VFMADD231PD 128(BI), Y15, Y4
#define FMA8 FMA5 \
	VFMADD231PD 160(BI), Y15, Y5 \
	VFMADD231PD 192(BI), Y15, Y6 \
	VFMADD231PD 224(BI), Y15, Y7

#define STORE1 \
	VMOVUPD Y0, 0(Y)
#define STORE2 STORE1 \
	VMOVUPD Y1, 32(Y)
#define STORE5 STORE2 \
	VMOVUPD Y2, 64(Y)  \
	VMOVUPD Y3, 96(Y)  \
	VMOVUPD Y4, 128(Y)
#define STORE8 STORE5 \
	VMOVUPD Y5, 160(Y) \
	VMOVUPD Y6, 192(Y) \
	VMOVUPD Y7, 224(Y)

// COLUMNS sums some columns, SIZE bytes wide, over all rows, and goes on to the
// following columns.
#define COLUMNS(LOAD, FMA, STORE, SIZE, row) \
	LOAD                    \
	MOVQ A, AI              \
	MOVQ B, BI              \
	MOVQ K, ROWS            \
row:                      \
	VBROADCASTSD (AI), Y15  \
	FMA                     \
	ADDQ LDA, AI            \
	ADDQ LDB, BI            \
	DECQ ROWS               \
	JNZ  row                \
	STORE                   \
	ADDQ $SIZE, Y           \
	ADDQ $SIZE, B

// func sumRows(y, from *float64, n int, a *float64, lda, k int, b *float64, ldb int)
//
//	for j < n { y[j] = from[j]; for i < k { y[j] = fma(a[i·lda], b[i·ldb+j], y[j]) } }
//
// k ≥ 1; lda and ldb are in bytes; from may be y. It keeps the sums of 32, 20, 8,
// 4 columns or 1 column in registers. 5 units have 20 gates.
TEXT ·sumRows(SB), NOSPLIT, $0-64
	MOVQ y+0(FP), Y
	MOVQ from+8(FP), FROM
	MOVQ n+16(FP), COLS
	MOVQ a+24(FP), A
	MOVQ lda+32(FP), LDA
	MOVQ k+40(FP), K
	MOVQ b+48(FP), B
	MOVQ ldb+56(FP), LDB
	SUBQ Y, FROM
	SUBQ $32, COLS
	JL   twenty

thirtyTwo:
	COLUMNS(LOAD8, FMA8, STORE8, 256, row32)
	SUBQ $32, COLS
	JGE  thirtyTwo

twenty: // COLS = columns left − 32
	ADDQ $12, COLS
	JL   eight
	COLUMNS(LOAD5, FMA5, STORE5, 160, row20)
	SUBQ $20, COLS

eight: // COLS = columns left − 20
	ADDQ $12, COLS
	JL   four

eightLoop:
	COLUMNS(LOAD2, FMA2, STORE2, 64, row8)
	SUBQ $8, COLS
	JGE  eightLoop

four: // COLS = columns left − 8
	ADDQ $4, COLS
	JL   one
	COLUMNS(LOAD1, FMA1, STORE1, 32, row4)
	SUBQ $4, COLS

one: // COLS = columns left − 4
	ADDQ $4, COLS
	JLE  done

#define LOADX VMOVSD (Y)(FROM*1), X0
#define FMAX VFMADD231SD (BI), X15, X0
#define STOREX VMOVSD X0, (Y)

oneLoop:
	COLUMNS(LOADX, FMAX, STOREX, 8, row1)
	DECQ COLS
	JNZ  oneLoop

done:
	VZEROUPPER
	RET
