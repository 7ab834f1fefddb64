// exp, σ and tanh of twice four lanes, for the kernels of this package and of package
// cell. One chain of operations leaves most of a processor idle, and its scheduler is too
// short to see the next: two go side by side, a in Y0 to Y6 and b in Y7 to Y13.

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

// CONSTANTS makes R8 point to the constants, given where they are, and sets 1 in Y14 and
// the sign bit alone in Y15.
#define CONSTANTS(vecConst) \
	LEAQ vecConst, R8      \
	VMOVUPD ONE(R8), Y14   \
	VPCMPEQD Y15, Y15, Y15 \
	VPSLLQ $63, Y15, Y15

// EXP2: Y4 ← exp(Y0), Y11 ← exp(Y7), for arguments in [expMin, expMax] or NaN. The steps
// are those of func exp. Registers of a: Y1 t, then n; Y2 k, then r²; Y0 r; Y3 r⁴.
#define EXP2 \
	VMOVUPD LOG2E(R8), Y1           \
	VMOVUPD LOG2E(R8), Y8           \
	VFMADD213PD ROUND(R8), Y0, Y1   \
	VFMADD213PD ROUND(R8), Y7, Y8   \
	VSUBPD ROUND(R8), Y1, Y2        \
	VSUBPD ROUND(R8), Y8, Y9        \
	VFNMADD231PD LN2HI(R8), Y2, Y0  \
	VFNMADD231PD LN2HI(R8), Y9, Y7  \
	VFNMADD231PD LN2LO(R8), Y2, Y0  \
	VFNMADD231PD LN2LO(R8), Y9, Y7  \
	VMOVUPD E9(R8), Y4              \
	VMOVUPD E9(R8), Y11             \
	VMOVUPD E7(R8), Y5              \
	VMOVUPD E7(R8), Y12             \
	VMOVUPD E5(R8), Y6              \
	VMOVUPD E5(R8), Y13             \
	VMULPD Y0, Y0, Y2               \
	VMULPD Y7, Y7, Y9               \
	VFMADD213PD E8(R8), Y0, Y4      \
	VFMADD213PD E8(R8), Y7, Y11     \
	VFMADD213PD E6(R8), Y0, Y5      \
	VFMADD213PD E6(R8), Y7, Y12     \
	VFMADD213PD E4(R8), Y0, Y6      \
	VFMADD213PD E4(R8), Y7, Y13     \
	VMULPD Y2, Y2, Y3               \
	VMULPD Y9, Y9, Y10              \
	VFMADD213PD Y6, Y2, Y5          \
	VFMADD213PD Y13, Y9, Y12        \
	VMOVUPD E1(R8), Y6              \
	VMOVUPD E1(R8), Y13             \
	VFMADD213PD Y5, Y3, Y4          \
	VFMADD213PD Y12, Y10, Y11       \
	VMOVUPD E3(R8), Y5              \
	VMOVUPD E3(R8), Y12             \
	VFMADD213PD E0(R8), Y0, Y6      \
	VFMADD213PD E0(R8), Y7, Y13     \
	VFMADD213PD E2(R8), Y0, Y5      \
	VFMADD213PD E2(R8), Y7, Y12     \
	VFMADD213PD Y6, Y2, Y5          \
	VFMADD213PD Y13, Y9, Y12        \
	VFMADD213PD Y5, Y3, Y4          \
	VFMADD213PD Y12, Y10, Y11       \
	VPSRAD $1, Y1, Y5               \
	VPSRAD $1, Y8, Y12              \
	VPSUBD Y5, Y1, Y6               \
	VPSUBD Y12, Y8, Y13             \
	VPADDQ BIAS(R8), Y5, Y5         \
	VPADDQ BIAS(R8), Y12, Y12       \
	VPADDQ BIAS(R8), Y6, Y6         \
	VPADDQ BIAS(R8), Y13, Y13       \
	VPSLLQ $52, Y5, Y5              \
	VPSLLQ $52, Y12, Y12            \
	VPSLLQ $52, Y6, Y6              \
	VPSLLQ $52, Y13, Y13            \
	VFMADD213PD Y0, Y2, Y4          \
	VFMADD213PD Y7, Y9, Y11         \
	VADDPD Y14, Y4, Y4              \
	VADDPD Y14, Y11, Y11            \
	VMULPD Y5, Y4, Y4               \
	VMULPD Y12, Y11, Y11            \
	VMULPD Y6, Y4, Y4               \
	VMULPD Y13, Y11, Y11

// VEXP2, SIGMOID2 and TANH2: Y4 ← f(XA), Y11 ← f(XB), of operands in memory, which are
// read twice. When an operand of min or max is NaN, they return the second source, which
// Go's assembler writes first: there the NaN must be.
#define VEXP2(XA, XB) \
	VMOVUPD EXPMAX(R8), Y1  \
	VMOVUPD EXPMAX(R8), Y8  \
	VMINPD XA, Y1, Y0       \
	VMINPD XB, Y8, Y7       \
	VMOVUPD EXPMIN(R8), Y1  \
	VMOVUPD EXPMIN(R8), Y8  \
	VMAXPD Y0, Y1, Y0       \
	VMAXPD Y7, Y8, Y7       \
	EXP2

// σ(x) = s − s·q, with a = e^−|x|, q = a/(1+a), and s = a where x is negative, else 1.
// For x = −0, a is 1 as well.
#define SIGMOID2(XA, XB) \
	VORPD XA, Y15, Y0            \
	VORPD XB, Y15, Y7            \
	VMOVUPD EXPMIN(R8), Y1       \
	VMAXPD Y0, Y1, Y0            \
	VMAXPD Y7, Y1, Y7            \
	EXP2                         \
	VADDPD Y14, Y4, Y5           \
	VADDPD Y14, Y11, Y12         \
	VMOVUPD XA, Y0               \
	VMOVUPD XB, Y7               \
	VDIVPD Y5, Y4, Y5            \
	VDIVPD Y12, Y11, Y12         \
	VBLENDVPD Y0, Y4, Y14, Y4    \
	VBLENDVPD Y7, Y11, Y14, Y11  \
	VFNMADD231PD Y4, Y5, Y4      \
	VFNMADD231PD Y11, Y12, Y11

// Both ways of func tanh are taken up to the division, and one is chosen for each lane.
#define TANH2(XA, XB) \
	VANDNPD XA, Y15, Y0                \
	VANDNPD XB, Y15, Y7                \
	VMULPD MINUS2(R8), Y0, Y0          \
	VMULPD MINUS2(R8), Y7, Y7          \
	VMOVUPD EXPMIN(R8), Y1             \
	VMAXPD Y0, Y1, Y0                  \
	VMAXPD Y7, Y1, Y7                  \
	EXP2                               \
	VANDNPD XA, Y15, Y0                \
	VANDNPD XB, Y15, Y7                \
	VMULPD Y0, Y0, Y1                  \
	VMULPD Y7, Y7, Y8                  \
	VMOVUPD P2(R8), Y2                 \
	VMOVUPD P2(R8), Y9                 \
	VADDPD Q2(R8), Y1, Y3              \
	VADDPD Q2(R8), Y8, Y10             \
	VFMADD213PD P1(R8), Y1, Y2         \
	VFMADD213PD P1(R8), Y8, Y9         \
	VFMADD213PD Q1(R8), Y1, Y3         \
	VFMADD213PD Q1(R8), Y8, Y10        \
	VFMADD213PD P0(R8), Y1, Y2         \
	VFMADD213PD P0(R8), Y8, Y9         \
	VFMADD213PD Q0(R8), Y1, Y3         \
	VFMADD213PD Q0(R8), Y8, Y10        \
	VMULPD Y0, Y1, Y1                  \
	VMULPD Y7, Y8, Y8                  \
	VCMPPD $0x1d, SMALL(R8), Y0, Y5    \
	VCMPPD $0x1d, SMALL(R8), Y7, Y12   \
	VADDPD Y14, Y4, Y6                 \
	VADDPD Y14, Y11, Y13               \
	VBLENDVPD Y5, Y4, Y2, Y2           \
	VBLENDVPD Y12, Y11, Y9, Y9         \
	VBLENDVPD Y5, Y6, Y3, Y3           \
	VBLENDVPD Y12, Y13, Y10, Y10       \
	VDIVPD Y3, Y2, Y2                  \
	VDIVPD Y10, Y9, Y9                 \
	VBLENDVPD Y5, Y14, Y0, Y4          \
	VBLENDVPD Y12, Y14, Y7, Y11        \
	VBLENDVPD Y5, MINUS2(R8), Y1, Y1   \
	VBLENDVPD Y12, MINUS2(R8), Y8, Y8  \
	VFMADD231PD Y1, Y2, Y4             \
	VFMADD231PD Y8, Y9, Y11            \
	VANDPD XA, Y15, Y0                 \
	VANDPD XB, Y15, Y7                 \
	VORPD Y0, Y4, Y4                   \
	VORPD Y7, Y11, Y11
