// A function of each number of a vector: exp_amd64.h for registers of 4 lanes, and the
// loop around it.

#define Z    DI // where the next results go
#define X    SI // the next arguments
#define LEFT CX // how many
#define C    R8
#define LAST R9 // where the last 4 results go, and
#define LAST8 R10 // the 4 before them

#define ONE  Y14
#define SIGN Y15

#define FMA213  VFMADD213PD
#define FMA231  VFMADD231PD
#define FNMA231 VFNMADD231PD
#define ADD     VADDPD
#define SUB     VSUBPD
#define MUL     VMULPD
#define OR      VORPD
#define AND     VANDPD
#define ANDNOT  VANDNPD

#define IFNEGATIVE(X, P, U) \
	VMOVUPD X, U            \
	VBLENDVPD U, P, ONE, P
#define LARGE(R, Q) VCMPPD $0x1d, SMALL(C), R, Q // R ≥ SMALL
#define IFLARGE(Q, V, D) VBLENDVPD Q, V, D, D
#define IFLARGECONST(Q, V, D) VBLENDVPD Q, V, D, D

#include "exp_amd64.h"

// POLYS does both pieces of the polynomial for the two vectors that a kernel has at work, in
// Y0 to Y6 and Y7 to Y13.
#define POLYS \
	POLYA(Y0, Y2, Y3, Y4, Y5, Y6)      \
	POLYA(Y7, Y9, Y10, Y11, Y12, Y13)  \
	POLYB(Y0, Y2, Y3, Y4, Y5, Y6)      \
	POLYB(Y7, Y9, Y10, Y11, Y12, Y13)

// VECTOR is the body of func f(z, x *float64, n int, c *[28][4]float64), n ≥ 4:
//
//	for j < n { z[j] = f(x[j]) }
//
// F(XA, XB) leaves f of 4 numbers at XA in Y4 and of 4 at XB in Y11. The last 4 or 8 overlap
// the ones before if n is not a multiple of 8; they are copied before anything is stored,
// since z may be x.
#define VECTOR(F) \
	MOVQ z+0(FP), Z             \
	MOVQ x+8(FP), X             \
	MOVQ n+16(FP), LEFT         \
	MOVQ c+24(FP), C            \
	VMOVUPD UNIT(C), ONE        \
	VPCMPEQD SIGN, SIGN, SIGN   \
	VPSLLQ $63, SIGN, SIGN      \
	LEAQ -32(Z)(LEFT*8), LAST   \
	VMOVUPD -32(X)(LEFT*8), Y0  \
	VMOVUPD Y0, last-32(SP)     \
	MOVQ Z, LAST8               \
	VMOVUPD (X), Y0             \
	CMPQ LEFT, $8               \
	JL   keep                   \
	LEAQ -32(LAST), LAST8       \
	VMOVUPD -64(X)(LEFT*8), Y0  \
keep:                         \
	VMOVUPD Y0, last-64(SP)     \
	SUBQ $8, LEFT               \
	JLE  rest                   \
loop:                         \
	F(0(X), 32(X))              \
	VMOVUPD Y4, 0(Z)            \
	VMOVUPD Y11, 32(Z)          \
	ADDQ $64, X                 \
	ADDQ $64, Z                 \
	SUBQ $8, LEFT               \
	JG   loop                   \
rest:                         \
	F(last-64(SP), last-32(SP)) \
	VMOVUPD Y4, (LAST8)         \
	VMOVUPD Y11, (LAST)         \
	VZEROUPPER                  \
	RET
