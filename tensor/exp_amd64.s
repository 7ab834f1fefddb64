//go:build !purego

#include "textflag.h"
#include "vec_amd64.h"

// VECTOR is the body of func f(z, x *float64, n int), n ≥ 4: z[j] = f(x[j]), 8 elements at
// a time. The last 4 or 8 overlap those before them if n is not a multiple of 8; they are
// copied before anything is stored, since z may be x.
#define VECTOR(F) \
	MOVQ z+0(FP), DI            \
	MOVQ x+8(FP), SI            \
	MOVQ n+16(FP), CX           \
	LEAQ ·vecConst(SB), R8      \
	LEAQ -32(DI)(CX*8), R10     \
	LEAQ -64(DI)(CX*8), R9      \
	CMPQ CX, $8                 \
	JL   few                    \
	VMOVUPD -64(SI)(CX*8), Y0   \
	VMOVUPD Y0, last-64(SP)     \
	VMOVUPD -32(SI)(CX*8), Y0   \
	VMOVUPD Y0, last-32(SP)     \
	SUBQ $8, CX                 \
	JE   rest                   \
loop:                           \
	F(0(SI), 32(SI))            \
	VMOVUPD Y4, 0(DI)           \
	VMOVUPD Y11, 32(DI)         \
	ADDQ $64, SI                \
	ADDQ $64, DI                \
	SUBQ $8, CX                 \
	JG   loop                   \
rest:                           \
	F(last-64(SP), last-32(SP)) \
	VMOVUPD Y4, (R9)            \
	VMOVUPD Y11, (R10)          \
	VZEROUPPER                  \
	RET                         \
few:                            \
	VMOVUPD (SI), Y0            \
	VMOVUPD Y0, last-64(SP)     \
	VMOVUPD -32(SI)(CX*8), Y0   \
	VMOVUPD Y0, last-32(SP)     \
	MOVQ DI, R9                 \
	JMP  rest

// func expAVX2(z, x *float64, n int)
TEXT ·expAVX2(SB), NOSPLIT, $64-24
	VECTOR(EXP2)

// func sigmoidAVX2(z, x *float64, n int)
TEXT ·sigmoidAVX2(SB), NOSPLIT, $64-24
	VECTOR(SIGMOID2)

// func tanhAVX2(z, x *float64, n int)
TEXT ·tanhAVX2(SB), NOSPLIT, $64-24
	VECTOR(TANH2)
