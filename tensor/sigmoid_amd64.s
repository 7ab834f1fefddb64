//go:build !purego

#include "textflag.h"
#include "vector_amd64.h"

#define SIGMOID(XA, XB) \
	SIGMOIDARG(XA, Y0, Y1, Y2)       \
	SIGMOIDARG(XB, Y7, Y8, Y9)       \
	POLYA(Y0, Y2, Y3, Y4, Y5, Y6)    \
	POLYA(Y7, Y9, Y10, Y11, Y12, Y13) \
	POLYB(Y0, Y2, Y3, Y4, Y5, Y6)    \
	POLYB(Y7, Y9, Y10, Y11, Y12, Y13) \
	SIGMOIDEND(XA, Y1, Y4, Y5, Y6)   \
	SIGMOIDEND(XB, Y8, Y11, Y12, Y13)

// func sigmoidAVX2(z, x *float64, n int, c *[29][4]float64)
TEXT ·sigmoidAVX2(SB), NOSPLIT, $64-32
	VECTOR(SIGMOID)
