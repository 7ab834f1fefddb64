//go:build !purego

#include "textflag.h"

#define Y     DI  // y, from the current columns on
#define COLS  CX  // columns left
#define A     AX
#define K     BX
#define B     SI  // b, at the current columns
#define LDB   R9  // 8·n
#define AI    R10 // a and b in row i
#define BI    R11
#define ROWS  R12 // rows left
#define BITS  DX

// EACHn does OP for the registers of 8n columns, and K1 to K4 are their masks where n is 1, 2 or 4.
#define EACH1(OP) \
	OP(0, Z0, K1)
#define EACH2(OP) EACH1(OP) \
	OP(64, Z1, K2)
#define EACH4(OP) EACH2(OP) \
	OP(128, Z2, K3)     \
	OP(192, Z3, K4)
#define EACH8(OP) EACH4(OP) \
	OP(256, Z4, _)      \
	OP(320, Z5, _)      \
	OP(384, Z6, _)      \
	OP(448, Z7, _)
#define EACH16(OP) EACH8(OP) \
	OP(512, Z8, _)      \
	OP(576, Z9, _)      \
	OP(640, Z10, _)     \
	OP(704, Z11, _)     \
	OP(768, Z12, _)     \
	OP(832, Z13, _)     \
	OP(896, Z14, _)     \
	OP(960, Z15, _)

#define LOAD(OFF, S, M) VMOVUPD OFF(Y), S
#define FMA(OFF, S, M) VFMADD231PD OFF(BI), Z16, S
#define STORE(OFF, S, M) VMOVUPD S, OFF(Y)
#define LOADSOME(OFF, S, M) VMOVUPD.Z OFF(Y), M, S
#define FMASOME(OFF, S, M) VFMADD231PD OFF(BI), Z16, M, S
#define STORESOME(OFF, S, M) VMOVUPD S, M, OFF(Y)

// COLUMNS sums some columns over all rows.
#define COLUMNS(EACH, LOAD, FMA, STORE, row) \
	EACH(LOAD)              \
	MOVQ A, AI              \
	MOVQ B, BI              \
	MOVQ K, ROWS            \
row:                      \
	VBROADCASTSD (AI), Z16  \
	EACH(FMA)               \
	ADDQ $8, AI             \
	ADDQ LDB, BI            \
	DECQ ROWS               \
	JNZ  row                \
	EACH(STORE)

// func sumRowsAVX512(y *float64, n int, a *float64, k int, b *float64)
//
//	for i < k { for j < n { y[j] = fma(a[i], b[i·n+j], y[j]) } }
//
// It keeps the sums of 128, 64 or, under masks, up to 32 columns in registers.
TEXT ·sumRowsAVX512(SB), NOSPLIT, $0-40
	MOVQ y+0(FP), Y
	MOVQ n+8(FP), COLS
	MOVQ a+16(FP), A
	MOVQ k+24(FP), K
	MOVQ b+32(FP), B
	LEAQ (COLS*8), LDB
	SUBQ $128, COLS
	JL   sixtyFour

oneTwentyEight:
	COLUMNS(EACH16, LOAD, FMA, STORE, row128)
	ADDQ $1024, Y
	ADDQ $1024, B
	SUBQ $128, COLS
	JGE  oneTwentyEight

sixtyFour: // COLS = columns left − 128
	ADDQ $64, COLS
	JL   some
	COLUMNS(EACH8, LOAD, FMA, STORE, row64)
	ADDQ $512, Y
	ADDQ $512, B
	SUBQ $64, COLS

some: // COLS = columns left − 64
	ADDQ $64, COLS
	JLE  done

someLoop:
	MOVL $-1, BITS
	CMPQ COLS, $32
	JGE  masks
	SHLL CX, BITS         // CX = COLS
	NOTL BITS

masks:
	KMOVW BITS, K1
	SHRL $8, BITS
	KMOVW BITS, K2
	SHRL $8, BITS
	KMOVW BITS, K3
	SHRL $8, BITS
	KMOVW BITS, K4
	CMPQ COLS, $8
	JLE  eight
	CMPQ COLS, $16
	JLE  sixteen
	COLUMNS(EACH4, LOADSOME, FMASOME, STORESOME, row32)
	ADDQ $256, Y
	ADDQ $256, B
	SUBQ $32, COLS
	JG   someLoop

done:
	VZEROUPPER
	RET

sixteen:
	COLUMNS(EACH2, LOADSOME, FMASOME, STORESOME, row16)
	VZEROUPPER
	RET

eight:
	COLUMNS(EACH1, LOADSOME, FMASOME, STORESOME, row8)
	VZEROUPPER
	RET
