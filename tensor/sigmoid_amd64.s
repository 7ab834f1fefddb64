//go:build !purego

#include "textflag.h"
#include "vector_amd64.h"

#define SIGMOID(XA, XB) \
	SIGMOIDARG(XA, Y0, Y1, Y2)       \
	SIGMOIDARG(XB, Y7, Y8, Y9)       \
	POLYS                            \
	SIGMOIDEND(XA, Y1, Y4, Y5, Y6)   \
	SIGMOIDEND(XB, Y8, Y11, Y12, Y13)

// func sigmoidAVX2(z, x *float64, n int, c *[28][4]float64)
TEXT ·sigmoidAVX2(SB), NOSPLIT, $64-32
	VECTOR(SIGMOID)
