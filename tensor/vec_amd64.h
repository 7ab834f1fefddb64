// What the kernels of this package and of package cell share.

// A row's sum of MatVec is in the 4 lanes of one register, added up as
// (l0+l1)+(l2+l3). SUM4 does so for the rows a, b, c, d in A, B, C, D:
//
//	T ← a1 b1 a3 b3    A ← a0 b0 a2 b2    A ← their sum
//	T ← c1 d1 c3 d3    C ← c0 d0 c2 d2    C ← their sum
//	T ← the upper halves of A and C       A ← the lower ones       A ← their sum
#define SUM4(A, B, C, D, T) \
	VUNPCKHPD B, A, T         \
	VUNPCKLPD B, A, A         \
	VADDPD T, A, A            \
	VUNPCKHPD D, C, T         \
	VUNPCKLPD D, C, C         \
	VADDPD T, C, C            \
	VPERM2F128 $0x31, C, A, T \
	VPERM2F128 $0x20, C, A, A \
	VADDPD T, A, A

// exp, σ and tanh of twice four lanes. One chain of operations leaves most of a processor idle, and its scheduler is too
// short to see the next: two go side by side, a in Y0 to Y6 and b in Y7 to Y13, and share
// the constants, which pass through Y14 and Y15. R8 points to vecConst.

// The constants are in vecConst, four lanes each, at these offsets.
#define EXPMIN  0
#define EXPMAX  32
#define TANHMIN 64
#define LOG2E   96
#define ROUND   128
#define ROUND64 160
#define LN2HI   192
#define LN2LO   224
#define E0      256
#define E1      288
#define E2      320
#define E3      352
#define E4      384
#define E5      416
#define E6      448
#define E7      480
#define E8      512
#define E9      544
#define ONE     576
#define BIAS    608
#define SMALL   640
#define MINUS2  672
#define TINY64  704
#define P0      736
#define P1      768
#define P2      800
#define Q0      832
#define Q1      864
#define Q2      896
#define TWOLOG2E 928

// POLY2 takes the arguments x of func exp in Y0 and Y7, and leaves p−1 in Y4 and Y11, t in
// Y1 and Y8, and 1 in Y14. Its steps are those of func exp; k, then r², is in Y2, r in
// Y0, r⁴ in Y3. ROUND is roundBits, or roundBits + 64 to have 64 more in t.
#define POLY2(ROUND) \
	VMOVUPD LOG2E(R8), Y14     \
	VMOVUPD ROUND(R8), Y15     \
	VMOVAPD Y15, Y1            \
	VMOVAPD Y15, Y8            \
	VFMADD231PD Y14, Y0, Y1    \
	VFMADD231PD Y14, Y7, Y8    \
	VSUBPD Y15, Y1, Y2         \
	VSUBPD Y15, Y8, Y9         \
	VMOVUPD LN2HI(R8), Y14     \
	VFNMADD231PD Y14, Y2, Y0   \
	VFNMADD231PD Y14, Y9, Y7   \
	VMOVUPD LN2LO(R8), Y15     \
	VFNMADD231PD Y15, Y2, Y0   \
	VFNMADD231PD Y15, Y9, Y7   \
	VMOVUPD E9(R8), Y4         \
	VMOVAPD Y4, Y11            \
	VMOVUPD E8(R8), Y14        \
	VFMADD213PD Y14, Y0, Y4    \
	VFMADD213PD Y14, Y7, Y11   \
	VMOVUPD E7(R8), Y5         \
	VMOVAPD Y5, Y12            \
	VMOVUPD E6(R8), Y15        \
	VFMADD213PD Y15, Y0, Y5    \
	VFMADD213PD Y15, Y7, Y12   \
	VMOVUPD E5(R8), Y6         \
	VMOVAPD Y6, Y13            \
	VMOVUPD E4(R8), Y14        \
	VFMADD213PD Y14, Y0, Y6    \
	VFMADD213PD Y14, Y7, Y13   \
	VMULPD Y0, Y0, Y2          \
	VMULPD Y7, Y7, Y9          \
	VMULPD Y2, Y2, Y3          \
	VMULPD Y9, Y9, Y10         \
	VFMADD213PD Y6, Y2, Y5     \
	VFMADD213PD Y13, Y9, Y12   \
	VFMADD213PD Y5, Y3, Y4     \
	VFMADD213PD Y12, Y10, Y11  \
	VMOVUPD E3(R8), Y5         \
	VMOVAPD Y5, Y12            \
	VMOVUPD E2(R8), Y15        \
	VFMADD213PD Y15, Y0, Y5    \
	VFMADD213PD Y15, Y7, Y12   \
	VMOVUPD E1(R8), Y6         \
	VMOVAPD Y6, Y13            \
	VMOVUPD E0(R8), Y14        \
	VFMADD213PD Y14, Y0, Y6    \
	VFMADD213PD Y14, Y7, Y13   \
	VFMADD213PD Y6, Y2, Y5     \
	VFMADD213PD Y13, Y9, Y12   \
	VFMADD213PD Y5, Y3, Y4     \
	VFMADD213PD Y12, Y10, Y11  \
	VFMADD213PD Y0, Y2, Y4     \
	VFMADD213PD Y7, Y9, Y11    \
	VMOVUPD ONE(R8), Y14

// SCALE2 makes of them e^x = p·2^n in Y4 and Y11, in two factors.
#define SCALE2 \
	VADDPD Y14, Y4, Y4      \
	VADDPD Y14, Y11, Y11    \
	VPSRAD $1, Y1, Y5      \
	VPSRAD $1, Y8, Y12     \
	VPSUBD Y5, Y1, Y6      \
	VPSUBD Y12, Y8, Y13    \
	VMOVUPD BIAS(R8), Y15  \
	VPADDQ Y15, Y5, Y5     \
	VPADDQ Y15, Y12, Y12   \
	VPSLLQ $52, Y5, Y5     \
	VPSLLQ $52, Y12, Y12   \
	VMULPD Y5, Y4, Y4      \
	VMULPD Y12, Y11, Y11   \
	VPADDQ Y15, Y6, Y6     \
	VPADDQ Y15, Y13, Y13   \
	VPSLLQ $52, Y6, Y6     \
	VPSLLQ $52, Y13, Y13   \
	VMULPD Y6, Y4, Y4      \
	VMULPD Y13, Y11, Y11

// SCALE64 does so for n ≤ 959, if t is 64 too large: with s = 2^(n+64) it computes
// s·(p−1) + s, rounded as p is, and multiplies by 2^−64.
#define SCALE64 \
	VMOVUPD TINY64(R8), Y15  \
	VPSLLQ $52, Y1, Y1       \
	VPSLLQ $52, Y8, Y8       \
	VPADDQ Y14, Y1, Y1       \
	VPADDQ Y14, Y8, Y8       \
	VFMADD213PD Y1, Y1, Y4   \
	VFMADD213PD Y8, Y8, Y11  \
	VMULPD Y15, Y4, Y4       \
	VMULPD Y15, Y11, Y11

// SCALE1 does so for −1022 ≤ n ≤ 1022, with s = 2^n and no second factor.
#define SCALE1 \
	VPSLLQ $52, Y1, Y1      \
	VPSLLQ $52, Y8, Y8      \
	VPADDQ Y14, Y1, Y1      \
	VPADDQ Y14, Y8, Y8      \
	VFMADD213PD Y1, Y1, Y4  \
	VFMADD213PD Y8, Y8, Y11

// EXP2, SIGMOID2 and TANH2: Y4 ← f(XA), Y11 ← f(XB), of operands in memory. When an
// operand of min or max is NaN, they return the source that Go's assembler writes first.
#define EXP2(XA, XB) \
	VMOVUPD EXPMAX(R8), Y14  \
	VMOVUPD EXPMIN(R8), Y15  \
	VMINPD XA, Y14, Y0       \
	VMINPD XB, Y14, Y7       \
	VMAXPD Y0, Y15, Y0       \
	VMAXPD Y7, Y15, Y7       \
	POLY2(ROUND) \
	SCALE2

// σ(x) = s − s·q, with a = e^−|x|, q = a/(1+a), and s = a where x is negative, else 1.
// For x = −0, a is 1 as well.
#define SIGMOID2(XA, XB) \
	VPCMPEQD Y15, Y15, Y15       \
	VPSLLQ $63, Y15, Y15         \
	VORPD XA, Y15, Y0            \
	VORPD XB, Y15, Y7            \
	VMOVUPD EXPMIN(R8), Y14      \
	VMAXPD Y0, Y14, Y0           \
	VMAXPD Y7, Y14, Y7           \
	POLY2(ROUND64) \
	SCALE64                       \
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
// Beyond −TANHMIN, tanh is 1.
#define TANH2(XA, XB) \
	VPCMPEQD Y15, Y15, Y15             \
	VPSLLQ $63, Y15, Y15               \
	VORPD XA, Y15, Y0                  \
	VORPD XB, Y15, Y7                  \
	VMOVUPD TANHMIN(R8), Y14           \
	VMAXPD Y0, Y14, Y0                 \
	VMAXPD Y7, Y14, Y7                 \
	VADDPD Y0, Y0, Y0                  \
	VADDPD Y7, Y7, Y7                  \
	POLY2(ROUND) \
	SCALE1                             \
	VPCMPEQD Y15, Y15, Y15             \
	VPSLLQ $63, Y15, Y15               \
	VANDNPD XA, Y15, Y0                \
	VANDNPD XB, Y15, Y7                \
	VMULPD Y0, Y0, Y1                  \
	VMULPD Y7, Y7, Y8                  \
	VMOVUPD P2(R8), Y2                 \
	VMOVAPD Y2, Y9                     \
	VMOVUPD P1(R8), Y5                 \
	VFMADD213PD Y5, Y1, Y2             \
	VFMADD213PD Y5, Y8, Y9             \
	VMOVUPD Q2(R8), Y6                 \
	VADDPD Y6, Y1, Y3                  \
	VADDPD Y6, Y8, Y10                 \
	VMOVUPD P0(R8), Y5                 \
	VFMADD213PD Y5, Y1, Y2             \
	VFMADD213PD Y5, Y8, Y9             \
	VMOVUPD Q1(R8), Y6                 \
	VFMADD213PD Y6, Y1, Y3             \
	VFMADD213PD Y6, Y8, Y10            \
	VMOVUPD Q0(R8), Y5                 \
	VFMADD213PD Y5, Y1, Y3             \
	VFMADD213PD Y5, Y8, Y10            \
	VMULPD Y0, Y1, Y1                  \
	VMULPD Y7, Y8, Y8                  \
	VADDPD Y14, Y4, Y6                 \
	VADDPD Y14, Y11, Y13               \
	VCMPPD $0x1d, SMALL(R8), Y0, Y5    \
	VCMPPD $0x1d, SMALL(R8), Y7, Y12   \
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
