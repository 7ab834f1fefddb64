//go:build !purego

#include "textflag.h"

// EACH does OP for each of 12 registers.
#define EACH(OP, S0, S1, S2, S3, S4, S5, S6, S7, S8, S9, S10, S11) \
	OP(S0); OP(S1); OP(S2); OP(S3); OP(S4); OP(S5) \
	OP(S6); OP(S7); OP(S8); OP(S9); OP(S10); OP(S11)

#define CLEARY(S) VXORPD S, S, S
#define CLEARZ(S) VPXORQ S, S, S
#define FMAY(S)   VFMADD231PD Y12, Y12, S
#define FMAZ(S)   VFMADD231PD Z12, Z12, S

// func fmaAVX2(n int)
TEXT ·fmaAVX2(SB), NOSPLIT, $0-8
	MOVQ n+0(FP), CX
	VXORPD Y12, Y12, Y12
	EACH(CLEARY, Y0, Y1, Y2, Y3, Y4, Y5, Y6, Y7, Y8, Y9, Y10, Y11)

loop:
	EACH(FMAY, Y0, Y1, Y2, Y3, Y4, Y5, Y6, Y7, Y8, Y9, Y10, Y11)
	DECQ CX
	JNZ  loop
	VZEROUPPER
	RET

// func fmaAVX512(n int)
TEXT ·fmaAVX512(SB), NOSPLIT, $0-8
	MOVQ n+0(FP), CX
	VPXORQ Z12, Z12, Z12
	EACH(CLEARZ, Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7, Z8, Z9, Z10, Z11)

loop:
	EACH(FMAZ, Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7, Z8, Z9, Z10, Z11)
	DECQ CX
	JNZ  loop
	VZEROUPPER
	RET

// func readAVX2(x *float64, n int)
TEXT ·readAVX2(SB), NOSPLIT, $0-16
	MOVQ x+0(FP), SI
	MOVQ n+8(FP), CX

loop:
	VMOVUPD 0(SI), Y0
	VMOVUPD 32(SI), Y1
	VMOVUPD 64(SI), Y2
	VMOVUPD 96(SI), Y3
	VMOVUPD 128(SI), Y4
	VMOVUPD 160(SI), Y5
	VMOVUPD 192(SI), Y6
	VMOVUPD 224(SI), Y7
	ADDQ $256, SI
	DECQ CX
	JNZ  loop
	VZEROUPPER
	RET
