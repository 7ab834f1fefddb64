//go:build !purego

#include "textflag.h"
#include "vector_amd64.h"

#define TANH(XA, XB) \
	TANHARG(XA, Y0, Y1, Y2)          \
	TANHARG(XB, Y7, Y8, Y9)          \
	POLYS                            \
	TANHEND(XA, Y0, Y1, Y2, Y3, Y4, Y5, Y6)       \
	TANHEND(XB, Y7, Y8, Y9, Y10, Y11, Y12, Y13)   \
	VMOVAPD Y0, Y4                   \
	VMOVAPD Y7, Y11

// func tanhAVX2(z, x *float64, n int, c *[28][4]float64)
TEXT ·tanhAVX2(SB), NOSPLIT, $64-32
	VECTOR(TANH)
