// exp, σ and tanh of four lanes, for the kernels of this package and of package cell.
// CONSTANTS comes first.

// The constants are in vecConst, four lanes each, at these offsets.
#define EXPMIN  0
#define EXPMAX  32
#define LOG2E   64
#define ROUND   96
#define LN2HI   128
#define LN2LO   160
#define E0      192
#define E1      224
#define E2      256
#define E3      288
#define E4      320
#define E5      352
#define E6      384
#define E7      416
#define E8      448
#define E9      480
#define ONE     512
#define BIAS    544
#define SMALL   576
#define MINUS2  608
#define P0      640
#define P1      672
#define P2      704
#define Q0      736
#define Q1      768
#define Q2      800

// CONSTANTS makes R8 point to the constants, given where they are, and sets the sign bit
// alone in Y12, all others in Y13, and 1 in Y14.
#define CONSTANTS(vecConst) \
	LEAQ vecConst, R8     \
	VPCMPEQD Y13, Y13, Y13 \
	VPSLLQ $63, Y13, Y12  \
	VPSRLQ $1, Y13, Y13   \
	VMOVUPD ONE(R8), Y14

// EXP: Y4 ← exp(Y0) for Y0 in [expMin, expMax] or NaN; Y1, Y2, Y3, Y5, Y6, Y7 and Y8
// are overwritten. The steps are those of func exp, in its order.
#define EXP \
	VMOVUPD LOG2E(R8), Y1 \
	VFMADD213PD ROUND(R8), Y0, Y1   \
	VSUBPD ROUND(R8), Y1, Y2 \
	VFNMADD231PD LN2HI(R8), Y2, Y0  \
	VFNMADD231PD LN2LO(R8), Y2, Y0 \
	VMULPD Y0, Y0, Y2 \
	VMULPD Y2, Y2, Y3 \
	VMOVUPD E1(R8), Y4              \
	VFMADD213PD E0(R8), Y0, Y4 \
	VMOVUPD E3(R8), Y5              \
	VFMADD213PD E2(R8), Y0, Y5 \
	VMOVUPD E5(R8), Y6              \
	VFMADD213PD E4(R8), Y0, Y6 \
	VMOVUPD E7(R8), Y7              \
	VFMADD213PD E6(R8), Y0, Y7 \
	VMOVUPD E9(R8), Y8              \
	VFMADD213PD E8(R8), Y0, Y8 \
	VFMADD231PD Y2, Y5, Y4 \
	VFMADD231PD Y2, Y7, Y6 \
	VFMADD231PD Y3, Y8, Y6 \
	VFMADD231PD Y3, Y6, Y4 \
	VFMADD213PD Y0, Y2, Y4          \
	VADDPD Y14, Y4, Y4 \
	VPSRAD $1, Y1, Y5 \
	VPSUBD Y5, Y1, Y6 \
	VPADDQ BIAS(R8), Y5, Y5         \
	VPSLLQ $52, Y5, Y5              \
	VMULPD Y5, Y4, Y4               \
	VPADDQ BIAS(R8), Y6, Y6         \
	VPSLLQ $52, Y6, Y6              \
	VMULPD Y6, Y4, Y4

// VEXP: Y4 ← exp(Y9). A NaN is the second operand of min and max, which return that one
// when either is NaN.
#define VEXP \
	VMOVUPD EXPMAX(R8), Y0  \
	VMINPD Y9, Y0, Y0       \
	VMOVUPD EXPMIN(R8), Y1  \
	VMAXPD Y0, Y1, Y0       \
	EXP

// VSIGMOID: Y4 ← σ(Y9) = s − s·q, with a = e^−|x|, q = a/(1+a), and s = a where x is
// negative, else 1. For x = −0, a is 1 as well.
#define VSIGMOID \
	VORPD Y12, Y9, Y0       \
	VMOVUPD EXPMIN(R8), Y1       \
	VMAXPD Y0, Y1, Y0            \
	EXP                          \
	VADDPD Y14, Y4, Y2           \
	VDIVPD Y2, Y4, Y2            \
	VBLENDVPD Y9, Y4, Y14, Y4    \
	VFNMADD231PD Y4, Y2, Y4

// VTANH: Y4 ← tanh(Y9). Both ways of func tanh are taken up to the division, and one is
// chosen for each lane.
#define VTANH \
	VANDPD Y13, Y9, Y10       \
	VMULPD MINUS2(R8), Y10, Y0    \
	VMOVUPD EXPMIN(R8), Y1        \
	VMAXPD Y0, Y1, Y0             \
	EXP                           \
	VMULPD Y10, Y10, Y0           \
	VMOVUPD P2(R8), Y1            \
	VFMADD213PD P1(R8), Y0, Y1    \
	VFMADD213PD P0(R8), Y0, Y1    \
	VADDPD Q2(R8), Y0, Y2         \
	VFMADD213PD Q1(R8), Y0, Y2    \
	VFMADD213PD Q0(R8), Y0, Y2    \
	VMULPD Y10, Y0, Y0            \
	VCMPPD $0x1d, SMALL(R8), Y10, Y3 \
	VADDPD Y14, Y4, Y6            \
	VBLENDVPD Y3, Y4, Y1, Y1      \
	VBLENDVPD Y3, Y6, Y2, Y2      \
	VDIVPD Y2, Y1, Y1             \
	VBLENDVPD Y3, Y14, Y10, Y4    \
	VBLENDVPD Y3, MINUS2(R8), Y0, Y0 \
	VFMADD231PD Y0, Y1, Y4        \
	VANDPD Y12, Y9, Y9       \
	VORPD Y9, Y4, Y4
