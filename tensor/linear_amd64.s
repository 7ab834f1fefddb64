//go:build !purego

#include "textflag.h"
#include "vec_amd64.h"

// The rows of a matrix of n columns lie 8n bytes apart. Eight of them are reached from
// two pointers, one to row 0 and one to row 4, with the stride and its triple as
// indices.

// func vecMatAVX2(y *float64, n int, x *float64, k int, w *float64, block int)
//
//	for j < n { for i < k { y[j] = fma(x[i], w[i*n+j], y[j]) } }
//
// block rows of w at a time, 8 or 4 (then n is a multiple of 8), and the last ones as
// sumRows does.
TEXT ·vecMatAVX2(SB), NOSPLIT, $0-48
	MOVQ n+8(FP), R8
	MOVQ x+16(FP), AX
	MOVQ k+24(FP), BX
	MOVQ w+32(FP), SI
	SHLQ $3, R8           // R8 = stride
	LEAQ (R8)(R8*2), R9   // R9 = 3·stride
	SUBQ $8, BX
	JL   rest
	CMPQ block+40(FP), $8
	JL   fours

rows: // BX = rows left − 8
	MOVQ y+0(FP), DI
	MOVQ n+8(FP), CX
	LEAQ (SI)(R8*4), DX   // SI → row 0, DX → row 4
	VBROADCASTSD 0(AX), Y8
	VBROADCASTSD 8(AX), Y9
	VBROADCASTSD 16(AX), Y10
	VBROADCASTSD 24(AX), Y11
	VBROADCASTSD 32(AX), Y12
	VBROADCASTSD 40(AX), Y13
	VBROADCASTSD 48(AX), Y14
	VBROADCASTSD 56(AX), Y15
	SUBQ $8, CX
	JL   four

eight: // 8 columns
	VMOVUPD 0(DI), Y0
	VMOVUPD 32(DI), Y1
	VFMADD231PD 0(SI), Y8, Y0
	VFMADD231PD 32(SI), Y8, Y1
	VFMADD231PD 0(SI)(R8*1), Y9, Y0
	VFMADD231PD 32(SI)(R8*1), Y9, Y1
	VFMADD231PD 0(SI)(R8*2), Y10, Y0
	VFMADD231PD 32(SI)(R8*2), Y10, Y1
	VFMADD231PD 0(SI)(R9*1), Y11, Y0
	VFMADD231PD 32(SI)(R9*1), Y11, Y1
	VFMADD231PD 0(DX), Y12, Y0
	VFMADD231PD 32(DX), Y12, Y1
	VFMADD231PD 0(DX)(R8*1), Y13, Y0
	VFMADD231PD 32(DX)(R8*1), Y13, Y1
	VFMADD231PD 0(DX)(R8*2), Y14, Y0
	VFMADD231PD 32(DX)(R8*2), Y14, Y1
	VFMADD231PD 0(DX)(R9*1), Y15, Y0
	VFMADD231PD 32(DX)(R9*1), Y15, Y1
	VMOVUPD Y0, 0(DI)
	VMOVUPD Y1, 32(DI)
	ADDQ $64, SI
	ADDQ $64, DX
	ADDQ $64, DI
	SUBQ $8, CX
	JGE  eight

four: // CX = columns left − 8
	ADDQ $4, CX
	JL   one
	VMOVUPD 0(DI), Y0
	VFMADD231PD 0(SI), Y8, Y0
	VFMADD231PD 0(SI)(R8*1), Y9, Y0
	VFMADD231PD 0(SI)(R8*2), Y10, Y0
	VFMADD231PD 0(SI)(R9*1), Y11, Y0
	VFMADD231PD 0(DX), Y12, Y0
	VFMADD231PD 0(DX)(R8*1), Y13, Y0
	VFMADD231PD 0(DX)(R8*2), Y14, Y0
	VFMADD231PD 0(DX)(R9*1), Y15, Y0
	VMOVUPD Y0, 0(DI)
	ADDQ $32, SI
	ADDQ $32, DX
	ADDQ $32, DI
	SUBQ $4, CX

one: // CX = columns left − 4
	ADDQ $4, CX
	JLE  done

loop1:
	VMOVSD 0(DI), X0
	VFMADD231SD 0(SI), X8, X0
	VFMADD231SD 0(SI)(R8*1), X9, X0
	VFMADD231SD 0(SI)(R8*2), X10, X0
	VFMADD231SD 0(SI)(R9*1), X11, X0
	VFMADD231SD 0(DX), X12, X0
	VFMADD231SD 0(DX)(R8*1), X13, X0
	VFMADD231SD 0(DX)(R8*2), X14, X0
	VFMADD231SD 0(DX)(R9*1), X15, X0
	VMOVSD X0, 0(DI)
	ADDQ $8, SI
	ADDQ $8, DX
	ADDQ $8, DI
	DECQ CX
	JNZ  loop1

done:
	ADDQ $64, AX
	LEAQ (DX)(R9*1), SI   // the end of row 4 and 3 rows: row 8
	SUBQ $8, BX
	JGE  rows

rest: // BX = rows left − 8
	MOVQ y+0(FP), DI
	MOVQ n+8(FP), CX
	MOVQ R8, R9
	MOVQ $8, R8
	XORQ R13, R13
	ADDQ $8, BX
	JMP  sumBody<>(SB)

fours:
	ADDQ $4, BX

fourRows: // BX = rows left − 4
	MOVQ y+0(FP), DI
	MOVQ n+8(FP), CX
	VBROADCASTSD 0(AX), Y8
	VBROADCASTSD 8(AX), Y9
	VBROADCASTSD 16(AX), Y10
	VBROADCASTSD 24(AX), Y11

fourEight: // 8 columns
	VMOVUPD 0(DI), Y0
	VMOVUPD 32(DI), Y1
	VFMADD231PD 0(SI), Y8, Y0
	VFMADD231PD 32(SI), Y8, Y1
	VFMADD231PD 0(SI)(R8*1), Y9, Y0
	VFMADD231PD 32(SI)(R8*1), Y9, Y1
	VFMADD231PD 0(SI)(R8*2), Y10, Y0
	VFMADD231PD 32(SI)(R8*2), Y10, Y1
	VFMADD231PD 0(SI)(R9*1), Y11, Y0
	VFMADD231PD 32(SI)(R9*1), Y11, Y1
	VMOVUPD Y0, 0(DI)
	VMOVUPD Y1, 32(DI)
	ADDQ $64, SI
	ADDQ $64, DI
	SUBQ $8, CX
	JG   fourEight
	ADDQ $32, AX
	ADDQ R9, SI           // the end of row 0 and 3 rows: row 4
	SUBQ $4, BX
	JGE  fourRows
	SUBQ $4, BX
	JMP  rest

// func sumRows(y, from *float64, n int, a *float64, lda, k int, b *float64, ldb int)
//
//	for j < n { y[j] = from[j]; for i < k { y[j] = fma(a[i·lda], b[i·ldb+j], y[j]) } }
//
// k ≥ 1; lda and ldb are in bytes; from may be y. The sums of 32 columns are held in registers.
TEXT ·sumRows(SB), NOSPLIT, $0-64
	MOVQ y+0(FP), DI
	MOVQ from+8(FP), R13
	MOVQ n+16(FP), CX
	MOVQ a+24(FP), AX
	MOVQ lda+32(FP), R8
	MOVQ k+40(FP), BX
	MOVQ b+48(FP), SI
	MOVQ ldb+56(FP), R9
	SUBQ DI, R13
	JMP  sumBody<>(SB)

// sumBody is sumRows with its arguments in DI, CX, AX, R8, BX, SI and R9, and from − y in
// R13.
TEXT sumBody<>(SB), NOSPLIT|NOFRAME, $0-0
	TESTQ BX, BX
	JLE  done
	SUBQ $32, CX
	JL   twenty

c32:
	VMOVUPD 0(DI)(R13*1), Y0
	VMOVUPD 32(DI)(R13*1), Y1
	VMOVUPD 64(DI)(R13*1), Y2
	VMOVUPD 96(DI)(R13*1), Y3
	VMOVUPD 128(DI)(R13*1), Y4
	VMOVUPD 160(DI)(R13*1), Y5
	VMOVUPD 192(DI)(R13*1), Y6
	VMOVUPD 224(DI)(R13*1), Y7
	MOVQ AX, R10
	MOVQ SI, R11
	MOVQ BX, R12

step32:
	VBROADCASTSD (R10), Y15
	VFMADD231PD 0(R11), Y15, Y0
	VFMADD231PD 32(R11), Y15, Y1
	VFMADD231PD 64(R11), Y15, Y2
	VFMADD231PD 96(R11), Y15, Y3
	VFMADD231PD 128(R11), Y15, Y4
	VFMADD231PD 160(R11), Y15, Y5
	VFMADD231PD 192(R11), Y15, Y6
	VFMADD231PD 224(R11), Y15, Y7
	ADDQ R8, R10
	ADDQ R9, R11
	DECQ R12
	JNZ  step32
	VMOVUPD Y0, 0(DI)
	VMOVUPD Y1, 32(DI)
	VMOVUPD Y2, 64(DI)
	VMOVUPD Y3, 96(DI)
	VMOVUPD Y4, 128(DI)
	VMOVUPD Y5, 160(DI)
	VMOVUPD Y6, 192(DI)
	VMOVUPD Y7, 224(DI)
	ADDQ $256, DI
	ADDQ $256, SI
	SUBQ $32, CX
	JGE  c32

twenty: // CX = columns left − 32
	ADDQ $12, CX
	JL   eight
	VMOVUPD 0(DI)(R13*1), Y0
	VMOVUPD 32(DI)(R13*1), Y1
	VMOVUPD 64(DI)(R13*1), Y2
	VMOVUPD 96(DI)(R13*1), Y3
	VMOVUPD 128(DI)(R13*1), Y4
	MOVQ AX, R10
	MOVQ SI, R11
	MOVQ BX, R12

step20:
	VBROADCASTSD (R10), Y15
	VFMADD231PD 0(R11), Y15, Y0
	VFMADD231PD 32(R11), Y15, Y1
	VFMADD231PD 64(R11), Y15, Y2
	VFMADD231PD 96(R11), Y15, Y3
	VFMADD231PD 128(R11), Y15, Y4
	ADDQ R8, R10
	ADDQ R9, R11
	DECQ R12
	JNZ  step20
	VMOVUPD Y0, 0(DI)
	VMOVUPD Y1, 32(DI)
	VMOVUPD Y2, 64(DI)
	VMOVUPD Y3, 96(DI)
	VMOVUPD Y4, 128(DI)
	ADDQ $160, DI
	ADDQ $160, SI
	SUBQ $20, CX

eight: // CX = columns left − 20
	ADDQ $12, CX
	JL   four

c8:
	VMOVUPD 0(DI)(R13*1), Y0
	VMOVUPD 32(DI)(R13*1), Y1
	MOVQ AX, R10
	MOVQ SI, R11
	MOVQ BX, R12

step8:
	VBROADCASTSD (R10), Y15
	VFMADD231PD 0(R11), Y15, Y0
	VFMADD231PD 32(R11), Y15, Y1
	ADDQ R8, R10
	ADDQ R9, R11
	DECQ R12
	JNZ  step8
	VMOVUPD Y0, 0(DI)
	VMOVUPD Y1, 32(DI)
	ADDQ $64, DI
	ADDQ $64, SI
	SUBQ $8, CX
	JGE  c8

four: // CX = columns left − 8
	ADDQ $4, CX
	JL   one
	VMOVUPD 0(DI)(R13*1), Y0
	MOVQ AX, R10
	MOVQ SI, R11
	MOVQ BX, R12

step4:
	VBROADCASTSD (R10), Y15
	VFMADD231PD 0(R11), Y15, Y0
	ADDQ R8, R10
	ADDQ R9, R11
	DECQ R12
	JNZ  step4
	VMOVUPD Y0, 0(DI)
	ADDQ $32, DI
	ADDQ $32, SI
	SUBQ $4, CX

one: // CX = columns left − 4
	ADDQ $4, CX
	JLE  done

oneLoop:
	VMOVSD 0(DI)(R13*1), X0
	MOVQ AX, R10
	MOVQ SI, R11
	MOVQ BX, R12

oneRow:
	VMOVSD (R10), X4
	VFMADD231SD 0(R11), X4, X0
	ADDQ R8, R10
	ADDQ R9, R11
	DECQ R12
	JNZ  oneRow
	VMOVSD X0, 0(DI)
	ADDQ $8, DI
	ADDQ $8, SI
	DECQ CX
	JNZ  oneLoop

done:
	VZEROUPPER
	RET

// FROM points to where the sums of tile4 begin: row 0 is at R11, the others R12 bytes from
// each other, and DX = 3·R12.
#define FROM \
	MOVQ away-8(SP), R11     \
	ADDQ DI, R11             \
	MOVQ ldfrom+32(FP), R12  \
	LEAQ (R12)(R12*2), DX

// func tile4(c *float64, ldc, n int, from *float64, ldfrom int, a *float64, row, col int, b *float64, ldb, k int)
//
//	for i < 4 { for j < n {
//		c[i·ldc+j] = from[i·ldfrom+j]
//		for s < k { c[i·ldc+j] = fma(a[i·row+s·col], b[s·ldb+j], c[i·ldc+j]) }
//	} }
//
// n is a multiple of 4, k ≥ 1, the strides are in bytes; from may be c. The sums of 4 rows and
// 12 columns of c are held in registers.
TEXT ·tile4(SB), NOSPLIT, $8-88
	MOVQ c+0(FP), DI
	MOVQ ldc+8(FP), R8
	MOVQ n+16(FP), CX
	MOVQ a+40(FP), AX
	MOVQ row+48(FP), R9
	MOVQ col+56(FP), R15
	MOVQ b+64(FP), SI
	MOVQ ldb+72(FP), R10
	MOVQ k+80(FP), BX
	LEAQ (R8)(R8*2), R13 // 3·ldc
	LEAQ (R9)(R9*2), R14 // 3·row
	MOVQ from+24(FP), R11
	SUBQ DI, R11
	MOVQ R11, away-8(SP) // from − c
	SUBQ $12, CX
	JL   eight

twelve:
	PREFETCHT0 96(DI)      // the tile that follows, while this one is at work
	PREFETCHT0 160(DI)
	PREFETCHT0 96(DI)(R8*1)
	PREFETCHT0 160(DI)(R8*1)
	PREFETCHT0 96(DI)(R8*2)
	PREFETCHT0 160(DI)(R8*2)
	PREFETCHT0 96(DI)(R13*1)
	PREFETCHT0 160(DI)(R13*1)
	FROM
	VMOVUPD 0(R11), Y0
	VMOVUPD 32(R11), Y1
	VMOVUPD 64(R11), Y2
	VMOVUPD 0(R11)(R12*1), Y3
	VMOVUPD 32(R11)(R12*1), Y4
	VMOVUPD 64(R11)(R12*1), Y5
	VMOVUPD 0(R11)(R12*2), Y6
	VMOVUPD 32(R11)(R12*2), Y7
	VMOVUPD 64(R11)(R12*2), Y8
	VMOVUPD 0(R11)(DX*1), Y9
	VMOVUPD 32(R11)(DX*1), Y10
	VMOVUPD 64(R11)(DX*1), Y11
	MOVQ AX, R11
	MOVQ SI, R12
	MOVQ BX, DX

twelveStep:
	VMOVUPD 0(R12), Y12
	VMOVUPD 32(R12), Y13
	VMOVUPD 64(R12), Y14
	VBROADCASTSD (R11), Y15
	VFMADD231PD Y12, Y15, Y0
	VFMADD231PD Y13, Y15, Y1
	VFMADD231PD Y14, Y15, Y2
	VBROADCASTSD (R11)(R9*1), Y15
	VFMADD231PD Y12, Y15, Y3
	VFMADD231PD Y13, Y15, Y4
	VFMADD231PD Y14, Y15, Y5
	VBROADCASTSD (R11)(R9*2), Y15
	VFMADD231PD Y12, Y15, Y6
	VFMADD231PD Y13, Y15, Y7
	VFMADD231PD Y14, Y15, Y8
	VBROADCASTSD (R11)(R14*1), Y15
	VFMADD231PD Y12, Y15, Y9
	VFMADD231PD Y13, Y15, Y10
	VFMADD231PD Y14, Y15, Y11
	ADDQ R15, R11
	ADDQ R10, R12
	DECQ DX
	JNZ  twelveStep
	VMOVUPD Y0, 0(DI)
	VMOVUPD Y1, 32(DI)
	VMOVUPD Y2, 64(DI)
	VMOVUPD Y3, 0(DI)(R8*1)
	VMOVUPD Y4, 32(DI)(R8*1)
	VMOVUPD Y5, 64(DI)(R8*1)
	VMOVUPD Y6, 0(DI)(R8*2)
	VMOVUPD Y7, 32(DI)(R8*2)
	VMOVUPD Y8, 64(DI)(R8*2)
	VMOVUPD Y9, 0(DI)(R13*1)
	VMOVUPD Y10, 32(DI)(R13*1)
	VMOVUPD Y11, 64(DI)(R13*1)
	ADDQ $96, DI
	ADDQ $96, SI
	SUBQ $12, CX
	JGE  twelve

eight: // CX = columns left − 12
	ADDQ $4, CX
	JL   four
	FROM
	VMOVUPD 0(R11), Y0
	VMOVUPD 32(R11), Y1
	VMOVUPD 0(R11)(R12*1), Y2
	VMOVUPD 32(R11)(R12*1), Y3
	VMOVUPD 0(R11)(R12*2), Y4
	VMOVUPD 32(R11)(R12*2), Y5
	VMOVUPD 0(R11)(DX*1), Y6
	VMOVUPD 32(R11)(DX*1), Y7
	MOVQ AX, R11
	MOVQ SI, R12
	MOVQ BX, DX

eightStep:
	VMOVUPD 0(R12), Y12
	VMOVUPD 32(R12), Y13
	VBROADCASTSD (R11), Y8
	VBROADCASTSD (R11)(R9*1), Y9
	VBROADCASTSD (R11)(R9*2), Y10
	VBROADCASTSD (R11)(R14*1), Y11
	VFMADD231PD Y12, Y8, Y0
	VFMADD231PD Y13, Y8, Y1
	VFMADD231PD Y12, Y9, Y2
	VFMADD231PD Y13, Y9, Y3
	VFMADD231PD Y12, Y10, Y4
	VFMADD231PD Y13, Y10, Y5
	VFMADD231PD Y12, Y11, Y6
	VFMADD231PD Y13, Y11, Y7
	ADDQ R15, R11
	ADDQ R10, R12
	DECQ DX
	JNZ  eightStep
	VMOVUPD Y0, 0(DI)
	VMOVUPD Y1, 32(DI)
	VMOVUPD Y2, 0(DI)(R8*1)
	VMOVUPD Y3, 32(DI)(R8*1)
	VMOVUPD Y4, 0(DI)(R8*2)
	VMOVUPD Y5, 32(DI)(R8*2)
	VMOVUPD Y6, 0(DI)(R13*1)
	VMOVUPD Y7, 32(DI)(R13*1)
	ADDQ $64, DI
	ADDQ $64, SI
	SUBQ $8, CX

four: // CX = columns left − 8
	ADDQ $4, CX
	JL   done
	FROM
	VMOVUPD 0(R11), Y0
	VMOVUPD 0(R11)(R12*1), Y1
	VMOVUPD 0(R11)(R12*2), Y2
	VMOVUPD 0(R11)(DX*1), Y3

fourStep:
	VMOVUPD (SI), Y4
	VBROADCASTSD (AX), Y5
	VBROADCASTSD (AX)(R9*1), Y6
	VBROADCASTSD (AX)(R9*2), Y7
	VBROADCASTSD (AX)(R14*1), Y8
	VFMADD231PD Y4, Y5, Y0
	VFMADD231PD Y4, Y6, Y1
	VFMADD231PD Y4, Y7, Y2
	VFMADD231PD Y4, Y8, Y3
	ADDQ R15, AX
	ADDQ R10, SI
	DECQ BX
	JNZ  fourStep
	VMOVUPD Y0, 0(DI)
	VMOVUPD Y1, 0(DI)(R8*1)
	VMOVUPD Y2, 0(DI)(R8*2)
	VMOVUPD Y3, 0(DI)(R13*1)

done:
	VZEROUPPER
	RET

// TAIL adds the last products of a row, those of the lanes set in the mask Y15, to the
// sum S, and leaves its other lanes alone. Y14 holds x there, Y12 and Y13 are
// overwritten.
#define TAIL(ROW, S) \
	VMASKMOVPD ROW, Y15, Y12 \
	VMOVAPD S, Y13           \
	VFMADD231PD Y12, Y14, Y13 \
	VBLENDVPD Y15, Y13, S, S

// func matVecAVX2(y *float64, rows int, w, x *float64, n, block int)
//
//	for k < rows { y[k] += Σ_j w[k*n+j] x[j] in 4 lanes }
//
// block rows of w at a time, 8 or 4, and the last ones one by one.
TEXT ·matVecAVX2(SB), NOSPLIT, $0-48
	MOVQ y+0(FP), DI
	MOVQ rows+8(FP), BX
	MOVQ w+16(FP), SI
	MOVQ x+24(FP), AX
	MOVQ n+32(FP), CX
	MOVQ CX, R8
	SHLQ $3, R8           // R8 = stride
	LEAQ (R8)(R8*2), R9   // R9 = 3·stride
	MOVQ CX, R10
	ANDQ $3, R10          // R10 = columns in the last, incomplete group of 4
	JZ   noTail
	LEAQ ·tailMask+24(SB), R11
	SHLQ $3, R10
	SUBQ R10, R11
	SHRQ $3, R10
	VMOVUPD (R11), Y15    // −1 in the first R10 lanes

noTail:
	SHRQ $2, CX           // CX = groups of 4 columns
	SUBQ $8, BX
	JL   fourRows
	CMPQ block+40(FP), $8
	JL   fourRows

eightRows:
	VXORPD Y0, Y0, Y0
	VXORPD Y1, Y1, Y1
	VXORPD Y2, Y2, Y2
	VXORPD Y3, Y3, Y3
	VXORPD Y4, Y4, Y4
	VXORPD Y5, Y5, Y5
	VXORPD Y6, Y6, Y6
	VXORPD Y7, Y7, Y7
	LEAQ (SI)(R8*4), DX   // SI → row 0, DX → row 4
	MOVQ AX, R11
	MOVQ CX, R12
	TESTQ R12, R12
	JZ   eightTail

eightGroup:
	VMOVUPD (R11), Y8
	VFMADD231PD (SI), Y8, Y0
	VFMADD231PD (SI)(R8*1), Y8, Y1
	VFMADD231PD (SI)(R8*2), Y8, Y2
	VFMADD231PD (SI)(R9*1), Y8, Y3
	VFMADD231PD (DX), Y8, Y4
	VFMADD231PD (DX)(R8*1), Y8, Y5
	VFMADD231PD (DX)(R8*2), Y8, Y6
	VFMADD231PD (DX)(R9*1), Y8, Y7
	ADDQ $32, R11
	ADDQ $32, SI
	ADDQ $32, DX
	DECQ R12
	JNZ  eightGroup

eightTail:
	TESTQ R10, R10
	JZ   eightSum
	VMASKMOVPD (R11), Y15, Y14
	TAIL((SI), Y0)
	TAIL((SI)(R8*1), Y1)
	TAIL((SI)(R8*2), Y2)
	TAIL((SI)(R9*1), Y3)
	TAIL((DX), Y4)
	TAIL((DX)(R8*1), Y5)
	TAIL((DX)(R8*2), Y6)
	TAIL((DX)(R9*1), Y7)
	LEAQ (SI)(R10*8), SI
	LEAQ (DX)(R10*8), DX

eightSum:
	SUM4(Y0, Y1, Y2, Y3, Y8)
	SUM4(Y4, Y5, Y6, Y7, Y9)
	VADDPD 0(DI), Y0, Y0
	VADDPD 32(DI), Y4, Y4
	VMOVUPD Y0, 0(DI)
	VMOVUPD Y4, 32(DI)
	ADDQ $64, DI
	LEAQ (DX)(R9*1), SI   // the end of row 4 + 3 rows: row 8
	SUBQ $8, BX
	JGE  eightRows

fourRows: // BX = rows left − 8
	ADDQ $4, BX
	JL   oneRow

fourLoop:
	VXORPD Y0, Y0, Y0
	VXORPD Y1, Y1, Y1
	VXORPD Y2, Y2, Y2
	VXORPD Y3, Y3, Y3
	MOVQ AX, R11
	MOVQ CX, R12
	TESTQ R12, R12
	JZ   fourTail

fourGroup:
	VMOVUPD (R11), Y8
	VFMADD231PD (SI), Y8, Y0
	VFMADD231PD (SI)(R8*1), Y8, Y1
	VFMADD231PD (SI)(R8*2), Y8, Y2
	VFMADD231PD (SI)(R9*1), Y8, Y3
	ADDQ $32, R11
	ADDQ $32, SI
	DECQ R12
	JNZ  fourGroup

fourTail:
	TESTQ R10, R10
	JZ   fourSum
	VMASKMOVPD (R11), Y15, Y14
	TAIL((SI), Y0)
	TAIL((SI)(R8*1), Y1)
	TAIL((SI)(R8*2), Y2)
	TAIL((SI)(R9*1), Y3)
	LEAQ (SI)(R10*8), SI

fourSum:
	SUM4(Y0, Y1, Y2, Y3, Y8)
	VADDPD 0(DI), Y0, Y0
	VMOVUPD Y0, 0(DI)
	ADDQ $32, DI
	ADDQ R9, SI
	SUBQ $4, BX
	JGE  fourLoop

oneRow: // BX = rows left − 4
	ADDQ $4, BX
	JLE  done

oneLoop:
	VXORPD Y0, Y0, Y0
	MOVQ AX, R11
	MOVQ CX, R12
	TESTQ R12, R12
	JZ   oneTail

oneGroup:
	VMOVUPD (R11), Y8
	VFMADD231PD (SI), Y8, Y0
	ADDQ $32, R11
	ADDQ $32, SI
	DECQ R12
	JNZ  oneGroup

oneTail:
	TESTQ R10, R10
	JZ   oneSum
	VMASKMOVPD (R11), Y15, Y14
	TAIL((SI), Y0)
	LEAQ (SI)(R10*8), SI

oneSum:
	VEXTRACTF128 $1, Y0, X1
	VHADDPD X0, X0, X0    // l0+l1
	VHADDPD X1, X1, X1    // l2+l3
	VADDSD X1, X0, X0
	VADDSD 0(DI), X0, X0
	VMOVSD X0, 0(DI)
	ADDQ $8, DI
	DECQ BX
	JNZ  oneLoop

done:
	VZEROUPPER
	RET

// func linesAVX2(y, b, x, w *float64, t, n int)
//
//	for s < t { for j < n { y[s·n+j] = fma(x[s], w[j], b[j]) } }
//
// t ≥ 1.
TEXT ·linesAVX2(SB), NOSPLIT, $0-48
	MOVQ y+0(FP), DI
	MOVQ b+8(FP), DX
	MOVQ x+16(FP), AX
	MOVQ w+24(FP), SI
	MOVQ t+32(FP), BX
	MOVQ n+40(FP), R8

row:
	VBROADCASTSD (AX), Y1
	XORQ R9, R9           // R9 = columns done
	MOVQ R8, CX
	SUBQ $4, CX
	JL   one

four: // CX = columns left − 4
	VMOVUPD (DX)(R9*8), Y0
	VFMADD231PD (SI)(R9*8), Y1, Y0
	VMOVUPD Y0, (DI)(R9*8)
	ADDQ $4, R9
	SUBQ $4, CX
	JGE  four

one:
	ADDQ $4, CX
	JLE  next

oneLoop:
	VMOVSD (DX)(R9*8), X0
	VFMADD231SD (SI)(R9*8), X1, X0
	VMOVSD X0, (DI)(R9*8)
	INCQ R9
	DECQ CX
	JNZ  oneLoop

next:
	LEAQ (DI)(R8*8), DI
	ADDQ $8, AX
	DECQ BX
	JNZ  row
	VZEROUPPER
	RET

// func columnsAVX2(y, w *float64, k int, x *float64, t int)
//
//	for s < t { for i < k { y[s·k+i] += w[i]*x[s] + 0 } }
//
// MatVec for one column: one lane, and three zeros added to it. t ≥ 1.
TEXT ·columnsAVX2(SB), NOSPLIT, $0-40
	MOVQ y+0(FP), DI
	MOVQ x+24(FP), AX
	MOVQ t+32(FP), BX
	VXORPD Y2, Y2, Y2

row:
	MOVQ w+8(FP), SI
	MOVQ k+16(FP), CX
	VBROADCASTSD (AX), Y1
	SUBQ $4, CX
	JL   one

four:
	VMULPD (SI), Y1, Y0
	VADDPD Y2, Y0, Y0
	VADDPD (DI), Y0, Y0
	VMOVUPD Y0, (DI)
	ADDQ $32, SI
	ADDQ $32, DI
	SUBQ $4, CX
	JGE  four

one: // CX = columns left − 4
	ADDQ $4, CX
	JLE  next

oneLoop:
	VMULSD (SI), X1, X0
	VADDSD X2, X0, X0
	VADDSD (DI), X0, X0
	VMOVSD X0, (DI)
	ADDQ $8, SI
	ADDQ $8, DI
	DECQ CX
	JNZ  oneLoop

next:
	ADDQ $8, AX
	DECQ BX
	JNZ  row
	VZEROUPPER
	RET

// func chainsAVX2(y *float64, t int, b float64, x, w *float64, k int)
//
//	for s < t { y[s] = b; for i < k { y[s] = fma(x[s·k+i], w[i], y[s]) } }
//
// 8 rows of x at a time, t ≥ 8 and k ≥ 1; if t is not a multiple of 8, the last 8 overlap those
// before them.
TEXT ·chainsAVX2(SB), NOSPLIT, $0-48
	MOVQ y+0(FP), DI
	MOVQ t+8(FP), CX
	MOVQ x+24(FP), SI
	MOVQ k+40(FP), R8
	SHLQ $3, R8           // R8 = stride
	LEAQ (R8)(R8*2), R9   // R9 = 3·stride
	SUBQ $8, CX

eight: // CX = rows left − 8
	VMOVSD b+16(FP), X0
	VMOVAPD X0, X1
	VMOVAPD X0, X2
	VMOVAPD X0, X3
	VMOVAPD X0, X4
	VMOVAPD X0, X5
	VMOVAPD X0, X6
	VMOVAPD X0, X7
	MOVQ w+32(FP), AX
	MOVQ k+40(FP), BX
	MOVQ SI, R10
	LEAQ (SI)(R8*4), R11  // R10 → row 0, R11 → row 4

column:
	VMOVSD (AX), X8
	VFMADD231SD (R10), X8, X0
	VFMADD231SD (R10)(R8*1), X8, X1
	VFMADD231SD (R10)(R8*2), X8, X2
	VFMADD231SD (R10)(R9*1), X8, X3
	VFMADD231SD (R11), X8, X4
	VFMADD231SD (R11)(R8*1), X8, X5
	VFMADD231SD (R11)(R8*2), X8, X6
	VFMADD231SD (R11)(R9*1), X8, X7
	ADDQ $8, AX
	ADDQ $8, R10
	ADDQ $8, R11
	DECQ BX
	JNZ  column
	VMOVSD X0, 0(DI)
	VMOVSD X1, 8(DI)
	VMOVSD X2, 16(DI)
	VMOVSD X3, 24(DI)
	VMOVSD X4, 32(DI)
	VMOVSD X5, 40(DI)
	VMOVSD X6, 48(DI)
	VMOVSD X7, 56(DI)
	TESTQ CX, CX
	JZ   done
	ADDQ $64, DI
	LEAQ (SI)(R8*8), SI
	SUBQ $8, CX
	JGE  eight
	LEAQ (DI)(CX*8), DI   // as many rows back as there are too few
	IMULQ R8, CX
	ADDQ CX, SI
	XORQ CX, CX
	JMP  eight

done:
	RET

// LASTDOT adds the products of the last CX < 4 elements to the first lanes of S. With
// none it must not load: beyond the end of a page even a masked load is slow.
#define LASTDOT(S) \
	TESTQ CX, CX               \
	JZ   join                  \
	LEAQ ·tailMask+24(SB), R11 \
	SHLQ $3, CX                \
	SUBQ CX, R11               \
	VMOVUPD (R11), Y15         \
	VMASKMOVPD (DI), Y15, Y14  \
	TAIL((SI), S)

// func dotAVX2(x, y *float64, n int) float64
//
// Lanes 0-3, 4-7, 8-11 and 12-15 are in Y0 to Y3.
TEXT ·dotAVX2(SB), NOSPLIT, $0-32
	MOVQ x+0(FP), SI
	MOVQ y+8(FP), DI
	MOVQ n+16(FP), CX
	VXORPD Y0, Y0, Y0
	VXORPD Y1, Y1, Y1
	VXORPD Y2, Y2, Y2
	VXORPD Y3, Y3, Y3
	SUBQ $16, CX
	JL   rest

sixteen:
	VMOVUPD 0(SI), Y4
	VMOVUPD 32(SI), Y5
	VMOVUPD 64(SI), Y6
	VMOVUPD 96(SI), Y7
	VFMADD231PD 0(DI), Y4, Y0
	VFMADD231PD 32(DI), Y5, Y1
	VFMADD231PD 64(DI), Y6, Y2
	VFMADD231PD 96(DI), Y7, Y3
	ADDQ $128, SI
	ADDQ $128, DI
	SUBQ $16, CX
	JGE  sixteen

rest: // CX = elements left − 16: full groups of 4 go to Y0, Y1, Y2, and what then remains to the register after those
	ADDQ $12, CX
	JL   tail0
	VMOVUPD 0(SI), Y4
	VFMADD231PD 0(DI), Y4, Y0
	SUBQ $4, CX
	JL   tail1
	VMOVUPD 32(SI), Y4
	VFMADD231PD 32(DI), Y4, Y1
	SUBQ $4, CX
	JL   tail2
	VMOVUPD 64(SI), Y4
	VFMADD231PD 64(DI), Y4, Y2
	ADDQ $96, SI
	ADDQ $96, DI
	LASTDOT(Y3)
	JMP  join

tail0:
	ADDQ $4, CX
	LASTDOT(Y0)
	JMP  join

tail1:
	ADDQ $4, CX
	ADDQ $32, SI
	ADDQ $32, DI
	LASTDOT(Y1)
	JMP  join

tail2:
	ADDQ $4, CX
	ADDQ $64, SI
	ADDQ $64, DI
	LASTDOT(Y2)

join: // s_i = (l_i + l_i+4) + (l_i+8 + l_i+12), then (s0+s1) + (s2+s3)
	VADDPD Y1, Y0, Y0
	VADDPD Y3, Y2, Y2
	VADDPD Y2, Y0, Y0
	VEXTRACTF128 $1, Y0, X1
	VHADDPD X0, X0, X0
	VHADDPD X1, X1, X1
	VADDSD X1, X0, X0
	VMOVSD X0, ret+24(FP)
	VZEROUPPER
	RET
