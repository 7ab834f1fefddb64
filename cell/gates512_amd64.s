//go:build !purego

#include "textflag.h"
#include "go_asm.h"
#include "../tensor/vec_amd64.h"

// The steps of func exp, σ and tanh, 8 lanes at a time, for chains that go side by side.
// A chain has X, its argument, and R T K Q4 P Q U. Z25 is 1, Z26 the sign bit, Z27 LOG2E,
// Z28 EXPMIN, Z29 TANHMIN, Z30 ROUND64, Z31 ROUND; R8 points to vecConst.

// R ← x reduced to r, T ← the exponent, K ← k, for the argument −|x| of σ and −2|x| of
// tanh, but none below EXPMIN or 2·TANHMIN. For tanh, k is found from −|x| and 2·LOG2E.
#define SIGMOIDARG(X, R, T, K) \
	VPORQ X, Z26, R                      \
	VMAXPD R, Z28, R                     \
	VMOVAPD Z30, T                       \
	VFMADD231PD Z27, R, T                \
	VSUBPD Z30, T, K                     \
	VFNMADD231PD.BCST LN2HI(R8), K, R    \
	VFNMADD231PD.BCST LN2LO(R8), K, R

#define TANHARG(X, R, T, K) \
	VPORQ X, Z26, R                      \
	VMAXPD R, Z29, R                     \
	VMOVAPD Z31, T                       \
	VFMADD231PD.BCST TWOLOG2E(R8), R, T  \
	VADDPD R, R, R                       \
	VSUBPD Z31, T, K                     \
	VFNMADD231PD.BCST LN2HI(R8), K, R    \
	VFNMADD231PD.BCST LN2LO(R8), K, R

// P ← the polynomial of func exp without its last terms, K ← r², Q4 ← r⁴; Q and U are
// overwritten.
#define POLYA(R, K, Q4, P, Q, U) \
	VBROADCASTSD E9(R8), P               \
	VFMADD213PD.BCST E8(R8), R, P        \
	VBROADCASTSD E7(R8), Q               \
	VFMADD213PD.BCST E6(R8), R, Q        \
	VBROADCASTSD E5(R8), U               \
	VFMADD213PD.BCST E4(R8), R, U        \
	VMULPD R, R, K                       \
	VMULPD K, K, Q4                      \
	VFMADD213PD U, K, Q                  \
	VFMADD213PD Q, Q4, P

// P ← p − 1: the terms that were left, and r.
#define POLYB(R, K, Q4, P, Q, U) \
	VBROADCASTSD E3(R8), Q               \
	VFMADD213PD.BCST E2(R8), R, Q        \
	VBROADCASTSD E1(R8), U               \
	VFMADD213PD.BCST E0(R8), R, U        \
	VFMADD213PD U, K, Q                  \
	VFMADD213PD Q, Q4, P                 \
	VFMADD213PD R, K, P

// P ← σ(x). The factor 2^−64 is exact, or its product too small to be seen beside 1.
#define SIGMOIDEND(X, T, P, Q) \
	VPSLLQ $52, T, T                     \
	VPADDQ Z25, T, T                     \
	VFMADD213PD T, T, P                  \
	VMOVAPD Z25, Q                       \
	VFMADD231PD.BCST TINY64(R8), P, Q    \
	VMULPD.BCST TINY64(R8), P, P         \
	VDIVPD Q, P, Q                       \
	VPTESTMQ X, Z26, K2                  \
	VBLENDMPD P, Z25, K2, P              \
	VFNMADD231PD P, Q, P

// R ← tanh(x)
#define TANHEND(X, R, T, K, Q4, P, U) \
	VPSLLQ $52, T, T                     \
	VPADDQ Z25, T, T                     \
	VFMADD213PD T, T, P                  \
	VPANDNQ X, Z26, R                    \
	VMULPD R, R, T                       \
	VBROADCASTSD P2(R8), K               \
	VFMADD213PD.BCST P1(R8), T, K        \
	VADDPD.BCST Q2(R8), T, Q4            \
	VFMADD213PD.BCST P0(R8), T, K        \
	VFMADD213PD.BCST Q1(R8), T, Q4       \
	VFMADD213PD.BCST Q0(R8), T, Q4       \
	VMULPD R, T, T                       \
	VADDPD Z25, P, U                     \
	VCMPPD.BCST $0x1d, SMALL(R8), R, K2  \
	VMOVAPD P, K2, K                     \
	VMOVAPD U, K2, Q4                    \
	VDIVPD Q4, K, K                      \
	VMOVAPD Z25, K2, R                   \
	VBROADCASTSD MINUS2(R8), K2, T       \
	VFMADD231PD T, K, R                  \
	VPANDQ X, Z26, U                     \
	VPORQ U, R, R

// CONSTANTS loads what the chains share.
#define CONSTANTS \
	LEAQ lstm∕tensor·vecConst(SB), R8 \
	VBROADCASTSD ONE(R8), Z25         \
	VPTERNLOGQ $0xff, Z26, Z26, Z26   \
	VPSLLQ $63, Z26, Z26              \
	VBROADCASTSD LOG2E(R8), Z27       \
	VBROADCASTSD EXPMIN(R8), Z28      \
	VBROADCASTSD TANHMIN(R8), Z29     \
	VBROADCASTSD ROUND64(R8), Z30     \
	VBROADCASTSD ROUND(R8), Z31

// MASK sets the first COUNT bits of K, COUNT ≤ 16 in a register; it overwrites CX and R13.
#define MASK(COUNT, K) \
	MOVQ COUNT, CX \
	MOVL $1, R13   \
	SHLL CX, R13   \
	DECL R13       \
	KMOVW R13, K

// GATES takes the three chains of tanh(Z23), σ(Z21) and σ(Z22), side by side, to Z14, Z4
// and Z11.
#define GATES \
	TANHARG(Z23, Z14, Z15, Z16)                  \
	SIGMOIDARG(Z21, Z0, Z1, Z2)                  \
	SIGMOIDARG(Z22, Z7, Z8, Z9)                  \
	POLYA(Z14, Z16, Z17, Z18, Z19, Z20)          \
	POLYA(Z0, Z2, Z3, Z4, Z5, Z6)                \
	POLYA(Z7, Z9, Z10, Z11, Z12, Z13)            \
	POLYB(Z14, Z16, Z17, Z18, Z19, Z20)          \
	POLYB(Z0, Z2, Z3, Z4, Z5, Z6)                \
	POLYB(Z7, Z9, Z10, Z11, Z12, Z13)            \
	TANHEND(Z23, Z14, Z15, Z16, Z17, Z18, Z20)   \
	SIGMOIDEND(Z21, Z1, Z4, Z5)                  \
	SIGMOIDEND(Z22, Z8, Z11, Z12)

// TANHC is Z14 ← tanh(Z23) alone.
#define TANHC \
	TANHARG(Z23, Z14, Z15, Z16)                  \
	POLYA(Z14, Z16, Z17, Z18, Z19, Z20)          \
	POLYB(Z14, Z16, Z17, Z18, Z19, Z20)          \
	TANHEND(Z23, Z14, Z15, Z16, Z17, Z18, Z20)

// LAST stores Z4, the last n < 8 numbers of h, at AX; n is in R14 and its lanes in K1.
// They are about to be read one by one, which a store under a mask would delay: 4 and
// more go as two overlapping vectors.
#define LAST(masked, done) \
	SUBQ $4, R14             \
	JL   masked              \
	VMOVUPD Y4, (AX)         \
	JZ   done                \
	MOVQ R14, CX             \
	MOVL $15, R13            \
	SHLL CX, R13             \
	KMOVW R13, K2            \
	VCOMPRESSPD Z4, K2, Z4   \
	VMOVUPD Y4, (AX)(R14*8)  \
	JMP  done                \
masked:                    \
	VMOVUPD Z4, K1, (AX)     \
done:                      \
	VZEROUPPER

// func forwardAVX512(s *Step, wh *float64, n, k int)
//
// One step, 8 of its n units at a time: z += h'·wh over k rows of wh (k,4n), and
//
//	i, f, o = σ(z)    g = tanh(z)    c = fma(f, c', i·g)    h = o·tanh(c)
TEXT ·forwardAVX512(SB), NOSPLIT, $0-32
	CONSTANTS
	MOVQ s+0(FP), DX
	MOVQ Step_Z(DX), SI
	MOVQ Step_Gates(DX), DI
	MOVQ n+16(FP), R14    // R14 = units left
	LEAQ (R14*8), BX      // BX = bytes from gate to gate
	LEAQ (BX)(BX*2), R12  // R12 = 3·BX
	XORQ AX, AX           // AX = bytes to the units at work

units:
	MOVL $8, R15
	CMPQ R14, R15
	CMOVQLT R14, R15
	MASK(R15, K1)
	LEAQ (SI)(AX*1), R13
	VMOVUPD.Z (R13), K1, Z21          // i
	VMOVUPD.Z (R13)(BX*1), K1, Z22    // f
	VMOVUPD.Z (R13)(BX*2), K1, Z24    // o
	VMOVUPD.Z (R13)(R12*1), K1, Z23   // g
	MOVQ k+24(FP), CX
	TESTQ CX, CX
	JZ   act
	MOVQ Step_HPrev(DX), R9
	MOVQ wh+8(FP), R10
	ADDQ AX, R10

row:
	VBROADCASTSD (R9), Z0
	VFMADD231PD (R10), Z0, K1, Z21
	VFMADD231PD (R10)(BX*1), Z0, K1, Z22
	VFMADD231PD (R10)(BX*2), Z0, K1, Z24
	VFMADD231PD (R10)(R12*1), Z0, K1, Z23
	ADDQ $8, R9
	LEAQ (R10)(BX*4), R10
	DECQ CX
	JNZ  row

act:
	GATES
	LEAQ (DI)(AX*1), R13
	VMOVUPD Z4, K1, (R13)
	VMOVUPD Z11, K1, (R13)(BX*1)
	VMOVUPD Z14, K1, (R13)(R12*1)
	VMULPD Z14, Z4, Z23
	MOVQ Step_CPrev(DX), R9
	VMOVUPD.Z (R9)(AX*1), K1, Z0
	VFMADD231PD Z0, Z11, Z23
	MOVQ Step_C(DX), R9
	VMOVUPD Z23, K1, (R9)(AX*1)

	SIGMOIDARG(Z24, Z0, Z1, Z2)
	POLYA(Z0, Z2, Z3, Z4, Z5, Z6)
	POLYB(Z0, Z2, Z3, Z4, Z5, Z6)
	SIGMOIDEND(Z24, Z1, Z4, Z5)
	VMOVUPD Z4, K1, (R13)(BX*2)
	TANHC
	MOVQ Step_TanhC(DX), R9
	VMOVUPD Z14, K1, (R9)(AX*1)
	VMULPD Z14, Z4, Z4
	MOVQ Step_H(DX), R9
	ADDQ R9, AX
	CMPQ R14, $8
	JL   last
	VMOVUPD Z4, (AX)
	SUBQ R9, AX
	ADDQ $64, AX
	SUBQ $8, R14
	JG   units
	VZEROUPPER
	RET

last:
	LAST(masked, done)
	RET

// func fewForwardAVX512(s *Step, wh *float64, n int)
//
// forwardAVX512 with k = n, for n ≤ 5 units: i, f and o are 3n ≤ 16 numbers, two chains.
TEXT ·fewForwardAVX512(SB), NOSPLIT, $0-24
	CONSTANTS
	MOVQ s+0(FP), DX
	MOVQ n+16(FP), R14
	LEAQ (R14)(R14*2), R15
	MASK(R15, K3)
	KSHIFTRW $8, K3, K4   // K3, K4 = the lanes in use of the first 8 and the rest
	MASK(R14, K1)
	LEAQ (R14*8), BX
	LEAQ (BX)(BX*2), R12  // R12 = bytes to g
	MOVQ Step_Z(DX), SI
	VMOVUPD.Z (SI), K3, Z21
	VMOVUPD.Z 64(SI), K4, Z22
	VMOVUPD.Z (SI)(R12*1), K1, Z23
	MOVQ Step_HPrev(DX), R9
	MOVQ wh+8(FP), R10
	MOVQ R14, CX

row:
	VBROADCASTSD (R9), Z0
	VFMADD231PD (R10), Z0, K3, Z21
	VFMADD231PD 64(R10), Z0, K4, Z22
	VFMADD231PD (R10)(R12*1), Z0, K1, Z23
	ADDQ $8, R9
	LEAQ (R10)(BX*4), R10
	DECQ CX
	JNZ  row
	GATES
	MOVQ Step_Gates(DX), DI
	VMOVUPD Z4, K3, (DI)
	VMOVUPD Z11, K4, 64(DI)
	VMOVUPD Z14, K1, (DI)(R12*1)
	LEAQ ·lane(SB), R9
	VMOVDQU64 (R9)(BX*1), Z0
	VPERMI2PD Z11, Z4, Z0         // f
	VMOVDQU64 (R9)(BX*2), Z22
	VPERMI2PD Z11, Z4, Z22        // o
	VMULPD Z14, Z4, Z23           // i·g
	MOVQ Step_CPrev(DX), R9
	VMOVUPD.Z (R9), K1, Z1
	VFMADD231PD Z1, Z0, Z23
	MOVQ Step_C(DX), R9
	VMOVUPD Z23, K1, (R9)
	TANHC
	MOVQ Step_TanhC(DX), R9
	VMOVUPD Z14, K1, (R9)
	VMULPD Z14, Z22, Z4
	MOVQ Step_H(DX), AX
	LAST(masked, done)
	RET
