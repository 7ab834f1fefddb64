//go:build !purego

#include "textflag.h"
#include "exp_amd64.h"

// VECTOR is the body of func f(z, x *float64, n int): z[j] = f(x[j]). The last 4
// elements are loaded before anything is stored, since z may be x, and they are computed
// last, partly for the second time if n is not a multiple of 4. Fewer than 4 are masked.
#define VECTOR(F) \
	MOVQ z+0(FP), DI           \
	MOVQ x+8(FP), SI           \
	MOVQ n+16(FP), CX          \
	CONSTANTS(·vecConst(SB))   \
	CMPQ CX, $4                \
	JL   few                   \
	VMOVUPD -32(SI)(CX*8), Y11 \
	LEAQ -32(DI)(CX*8), DX     \
	SUBQ $4, CX                \
	JLE  last                  \
loop:                          \
	VMOVUPD (SI), Y9           \
	F                          \
	VMOVUPD Y4, (DI)           \
	ADDQ $32, SI               \
	ADDQ $32, DI               \
	SUBQ $4, CX                \
	JG   loop                  \
last:                          \
	VMOVAPD Y11, Y9            \
	F                          \
	VMOVUPD Y4, (DX)           \
	VZEROUPPER                 \
	RET                        \
few:                           \
	LEAQ ·tailMask+24(SB), DX \
	SHLQ $3, CX                \
	JZ   done                  \
	SUBQ CX, DX                \
	VMOVUPD (DX), Y11          \
	VMASKMOVPD (SI), Y11, Y9   \
	F                          \
	VMASKMOVPD Y4, Y11, (DI)   \
	VZEROUPPER                 \
done:                          \
	RET

// func expAVX2(z, x *float64, n int)
TEXT ·expAVX2(SB), NOSPLIT, $0-24
	VECTOR(VEXP)

// func sigmoidAVX2(z, x *float64, n int)
TEXT ·sigmoidAVX2(SB), NOSPLIT, $0-24
	VECTOR(VSIGMOID)

// func tanhAVX2(z, x *float64, n int)
TEXT ·tanhAVX2(SB), NOSPLIT, $0-24
	VECTOR(VTANH)
