//go:build !purego

#include "textflag.h"
#include "go_asm.h"
#include "forward_amd64.h"

#define STRIDE R14 // bytes from row to row of wh
#define N      AX
#define ROWS   CX  // rows left
#define WI     R11 // wh for the i in A
#define WREST  R15 // and for the i in M

// n units need 4·n lanes for their gates, and these lie close together, in registers for 8:
#define A Z21 // f, and then the first 8−n of i
#define M Z22 // g, and then the other i
#define O Z23 // o, which c does not wait for

// K1: n lanes. K3: the lanes of i in A. K4: the lanes of i in M.

// MIXEDARG is TANHARG for the lanes K1 of M and SIGMOIDARG for the others. Z17 and Z18 hold the constants.
#define MIXEDARG(X, R, T, K) \
	OR X, SIGN, R              \
	VMAXPD R, Z17, R           \
	VBROADCASTSD ROUND(C), T   \
	VFMADD231PD Z18, R, T      \
	VADDPD R, R, K1, R         \
	REDUCE(R, T, K)

// MIXEDEND is TANHEND for the lanes K1 and SIGMOIDEND for the lanes K4. Those end like the lanes of a large
// argument of tanh, but with s and −s in the place of 1 and −2.
#define MIXEDEND(X, R, T, K, Q4, P, Q, U) \
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
	KORW K2, K4, K2            \
	IFLARGE(Q, P, K)           \
	IFLARGE(Q, U, Q4)          \
	VDIVPD Q4, K, K            \
	IFLARGE(Q, ONE, R)         \
	IFLARGECONST(Q, MINUS2(C), T) \
	VPTESTMQ X, SIGN, K4, K2   \
	OR ONE, SIGN, K4, T        \
	OR P, SIGN, K2, T          \
	VMOVAPD P, K2, R           \
	VFMADD231PD T, K, R        \
	VPANDQ.Z X, SIGN, K1, U    \
	OR U, R, R

// func forward5AVX512(s *Step, wh *float64, n int, c *[28][4]float64, order *[8]int64)
//
// It does the work of forwardAVX512 for n ≤ 5 units, with fewer registers: c waits for two of them, not three. order
// says which lanes of A and M are i.
TEXT ·forward5AVX512(SB), NOSPLIT, $0-40
	MOVQ s+0(FP), S
	MOVQ wh+8(FP), W
	MOVQ n+16(FP), N
	MOVQ c+24(FP), C
	MOVQ Step_Z(S), ZS
	LEAQ (N*8), GATE
	LEAQ (GATE)(GATE*2), GATE3
	LEAQ (GATE*4), STRIDE
	CONSTANTS
	MOVQ N, CX
	MASK(K1)                      // TMP has n bits
	SHLL CX, TMP                  // the n bits after them
	KMOVW TMP, K3
	SHRL $8, TMP                  // those that do not fit
	SHLL CX, TMP
	KMOVW TMP, K4
	VBROADCASTSD SIGMOIDMIN(C), Z17
	VBROADCASTSD TANHMIN(C), K1, Z17
	VBROADCASTSD LOG2E(C), Z18
	VBROADCASTSD TWOLOG2E(C), K1, Z18

	MOVQ ZS, P
	SUBQ GATE, P
	VMOVUPD.Z (ZS)(GATE*1), K1, A
	VMOVUPD (P), K3, A
	SUBQ GATE, P
	VMOVUPD.Z (ZS)(GATE3*1), K1, M
	VMOVUPD 64(P), K4, M
	VMOVUPD.Z (ZS)(GATE*2), K1, O
	MOVQ Step_HPrev(S), P
	MOVQ W, WI
	SUBQ GATE, WI
	MOVQ WI, WREST
	SUBQ GATE, WREST
	MOVQ N, ROWS

row:
	VMOVUPD.Z (W)(GATE3*1), K1, Z2
	VMOVUPD 64(WREST), K4, Z2
	VMOVUPD.Z (W)(GATE*1), K1, Z1
	VMOVUPD (WI), K3, Z1
	VBROADCASTSD (P), Z0
	VFMADD231PD Z2, Z0, M
	VFMADD231PD Z1, Z0, A
	VFMADD231PD (W)(GATE*2), Z0, K1, O
	ADDQ $8, P
	ADDQ STRIDE, W
	ADDQ STRIDE, WI
	ADDQ STRIDE, WREST
	DECQ ROWS
	JNZ  row

	MIXEDARG(M, Z14, Z15, Z16)
	SIGMOIDARG(A, Z0, Z1, Z2)
	POLYA(Z14, Z16, Z17, Z18, Z19, Z20)
	POLYA(Z0, Z2, Z3, Z4, Z5, Z6)
	POLYB(Z14, Z16, Z17, Z18, Z19, Z20)
	POLYB(Z0, Z2, Z3, Z4, Z5, Z6)
	MIXEDEND(M, Z14, Z15, Z16, Z17, Z18, Z19, Z20)
	SIGMOIDEND(A, Z1, Z4, Z5, Z6)
	MOVQ order+32(FP), P
	VMOVUPD (P), Z13
	VPERMI2PD Z14, Z4, Z13        // i
	MOVQ Step_CPrev(S), P         // c = f∘c' + i∘g
	VMOVUPD.Z (P), K1, Z12
	VMULPD Z12, Z4, Z12
	VFMADD231PD Z14, Z13, Z12
	MOVQ Step_Gates(S), GATES
	VMOVUPD Z13, K1, (GATES)
	VMOVUPD Z4, K1, (GATES)(GATE*1)
	VMOVUPD Z14, K1, (GATES)(GATE3*1)
	MOVQ Step_C(S), P
	VMOVUPD Z12, K1, (P)

	TANHARG(Z12, Z14, Z15, Z16)
	SIGMOIDARG(O, Z0, Z1, Z2)
	POLYA(Z14, Z16, Z17, Z18, Z19, Z20)
	POLYA(Z0, Z2, Z3, Z4, Z5, Z6)
	POLYB(Z14, Z16, Z17, Z18, Z19, Z20)
	POLYB(Z0, Z2, Z3, Z4, Z5, Z6)
	TANHEND(Z12, Z14, Z15, Z16, Z17, Z18, Z19, Z20)
	SIGMOIDEND(O, Z1, Z4, Z5, Z6)
	VMULPD Z14, Z4, Z0            // h = o∘tanh(c)
	MOVQ Step_H(S), P

	// The next step reads h number by number. A store under a mask would delay it.
	CMPQ N, $4
	JL   few
	VMOVUPD Y0, (P)
	JE   done
	VEXTRACTF64X4 $1, Z0, Y1
	VMOVSD X1, 32(P)

done:
	VMOVUPD Z4, K1, (GATES)(GATE*2)
	MOVQ Step_TanhC(S), P
	VMOVUPD Z14, K1, (P)
	VZEROUPPER
	RET

few:
	CMPQ N, $2
	JL   one
	VMOVUPD X0, (P)
	JE   done
	VEXTRACTF128 $1, Y0, X1
	VMOVSD X1, 16(P)
	JMP  done

one:
	VMOVSD X0, (P)
	JMP  done
