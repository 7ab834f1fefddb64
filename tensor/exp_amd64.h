// The steps of func sigmoid and tanh, and what they share with func exp, for one vector
// of arguments. exp.go has the mathematics. Package cell includes this file too.
//
// A function is one long chain: each operation waits for the one before, and most of the
// processor is idle. So each function comes in pieces. A kernel does a piece for two or
// three vectors, which fill each other's gaps, before it goes on to the next piece.
//
// The file works for registers of any width. Whoever includes it defines C, which points
// to Constants; the registers ONE and SIGN (1, and the sign bit); and every operation that
// is no instruction: those that take a constant from memory, those on bits, and choices
// lane by lane.
//
// A chain has X, its arguments, and the registers R T K Q4 P Q U.

// The constants lie here, each in 4 lanes.
#define EXPMIN     0
#define EXPMAX     32
#define SIGMOIDMIN 64
#define TANHMIN    96
#define LOG2E      128
#define TWOLOG2E   160
#define ROUND      192
#define LN2HI      224
#define LN2LO      256
#define E0         288
#define E1         320
#define E2         352
#define E3         384
#define E4         416
#define E5         448
#define E6         480
#define E7         512
#define E8         544
#define E9         576
#define UNIT       608
#define SMALL      640
#define MINUS2     672
#define P0         704
#define P1         736
#define P2         768
#define Q0         800
#define Q1         832
#define Q2         864

// K ← k, and R is reduced to r. T is t, which holds k in its low bits.
#define REDUCE(R, T, K) \
	SUB ROUND(C), T, K         \
	FNMA231 LN2HI(C), K, R     \
	FNMA231 LN2LO(C), K, R

// The argument is −|x|, but not below sigmoidmin.
// If x is NaN, max returns the operand that Go's assembler writes first: x.
#define SIGMOIDARG(X, R, T, K) \
	OR X, SIGN, R              \
	VBROADCASTSD SIGMOIDMIN(C), T \
	VMAXPD R, T, R             \
	VBROADCASTSD ROUND(C), T   \
	FMA231 LOG2E(C), R, T      \
	REDUCE(R, T, K)

// The argument is −2|x|, with |x| not above −tanhmin.
#define TANHARG(X, R, T, K) \
	OR X, SIGN, R              \
	VBROADCASTSD TANHMIN(C), T \
	VMAXPD R, T, R             \
	VBROADCASTSD ROUND(C), T   \
	FMA231 TWOLOG2E(C), R, T   \
	VADDPD R, R, R             \
	REDUCE(R, T, K)

// P ← q49, K ← r², Q4 ← r⁴.
#define POLYA(R, K, Q4, P, Q, U) \
	VBROADCASTSD E9(C), P      \
	FMA213 E8(C), R, P         \
	VBROADCASTSD E7(C), Q      \
	FMA213 E6(C), R, Q         \
	VBROADCASTSD E5(C), U      \
	FMA213 E4(C), R, U         \
	VMULPD R, R, K             \
	VMULPD K, K, Q4            \
	VFMADD213PD U, K, Q        \
	VFMADD213PD Q, Q4, P

// Q ← q03.
#define POLYQ(R, K, Q, U) \
	VBROADCASTSD E3(C), Q      \
	FMA213 E2(C), R, Q         \
	VBROADCASTSD E1(C), U      \
	FMA213 E0(C), R, U         \
	VFMADD213PD U, K, Q

// P ← p = r + r²·q03 + r⁶·q49.
#define POLYB(R, K, Q4, P, Q, U) \
	POLYQ(R, K, Q, U)          \
	VMULPD K, Q4, Q4           \
	VFMADD213PD R, K, Q        \
	VFMADD213PD Q, Q4, P

// P ← a = s·p + s and D ← 1+a = s·p + (1+s), with s = 2^k, which T becomes.
#define SCALE(T, P, D) \
	VPSLLQ $52, T, T           \
	VPADDQ ONE, T, T           \
	VADDPD ONE, T, D           \
	VFMADD231PD P, T, D        \
	VFMADD213PD T, T, P

// P ← σ(x) = s − s·q, with s = a where x is negative, else 1.
#define SIGMOIDEND(X, T, P, Q, U) \
	SCALE(T, P, Q)             \
	VDIVPD Q, P, Q             \
	IFNEGATIVE(X, P, U)        \
	VFNMADD231PD P, Q, P

// R ← tanh(x). Both ways of func tanh are taken up to the division, and then each lane
// goes on with its own.
#define TANHEND(X, R, T, K, Q4, P, Q, U) \
	SCALE(T, P, U)             \
	ANDNOT X, SIGN, R          \
	VMULPD R, R, T             \
	VBROADCASTSD P2(C), K      \
	FMA213 P1(C), T, K         \
	ADD Q2(C), T, Q4           \
	FMA213 P0(C), T, K         \
	FMA213 Q1(C), T, Q4        \
	FMA213 Q0(C), T, Q4        \
	VMULPD R, T, T             \
	LARGE(R, Q)                \
	IFLARGE(Q, P, K)           \
	IFLARGE(Q, U, Q4)          \
	VDIVPD Q4, K, K            \
	IFLARGE(Q, ONE, R)         \
	IFLARGECONST(Q, MINUS2(C), T) \
	VFMADD231PD T, K, R        \
	AND X, SIGN, U             \
	OR U, R, R
