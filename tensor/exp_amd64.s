//go:build !purego

#include "textflag.h"
#include "vector_amd64.h"

// The argument is x, clamped to [EXPMIN, EXPMAX].
#define EXPARG(X, R, T, K) \
	VMOVUPD EXPMAX(C), T       \
	VMINPD X, T, R             \
	VMOVUPD EXPMIN(C), T       \
	VMAXPD R, T, R             \
	VBROADCASTSD ROUND(C), T   \
	FMA231 LOG2E(C), R, T      \
	REDUCE(R, T, K)

// P ← e^r − 1 = r + r²·(q03 + r⁴·q49), more exact than POLYB.
#define EXPPOLYB(R, K, Q4, P, Q, U) \
	POLYQ(R, K, Q, U)          \
	VFMADD213PD Q, Q4, P       \
	VFMADD213PD R, K, P

// P ← e^x = p·2^k in two factors, because k may not fit the exponent of a normal number.
#define EXPEND(T, P, Q, U) \
	VADDPD ONE, P, P           \
	VPSRAD $1, T, Q            \
	VPSUBD Q, T, U             \
	VPSLLQ $52, Q, Q           \
	VPADDQ ONE, Q, Q           \
	VMULPD Q, P, P             \
	VPSLLQ $52, U, U           \
	VPADDQ ONE, U, U           \
	VMULPD U, P, P

#define EXP(XA, XB) \
	EXPARG(XA, Y0, Y1, Y2)           \
	EXPARG(XB, Y7, Y8, Y9)           \
	POLYA(Y0, Y2, Y3, Y4, Y5, Y6)    \
	POLYA(Y7, Y9, Y10, Y11, Y12, Y13) \
	EXPPOLYB(Y0, Y2, Y3, Y4, Y5, Y6) \
	EXPPOLYB(Y7, Y9, Y10, Y11, Y12, Y13) \
	EXPEND(Y1, Y4, Y5, Y6)           \
	EXPEND(Y8, Y11, Y12, Y13)

// func expAVX2(z, x *float64, n int, c *[28][4]float64)
TEXT ·expAVX2(SB), NOSPLIT, $64-32
	VECTOR(EXP)
