//go:build !purego

#include "textflag.h"
#include "go_asm.h"

#define S      DX
#define W      SI
#define PACK   DI
#define GATES  R8
#define P      R9
#define DZ     R10
#define GATE   BX  // bytes from gate to gate, and of h
#define GATE3  R12 // 3·GATE
#define STRIDE R13 // bytes from row to row of wh
#define N      AX

// LESS does X ← x·(1−x)·m.
#define LESS(X, M, T) \
	VSUBPD X, Z15, T    \
	VMULPD X, T, X      \
	VMULPD M, X, X

// SQUARE does T ← (1−x²)·m.
#define SQUARE(X, M, T) \
	VMOVAPD Z15, T       \
	VFNMADD231PD X, X, T \
	VMULPD M, T, T

// ROW does S ← the products of a row of w and dz, in 8 lanes.
#define ROW(S) \
	VPXORQ S, S, S                \
	VFMADD231PD (W), Z11, S       \
	VFMADD231PD 64(W), Z12, S     \
	VFMADD231PD 128(W), Z13, K2, S

// LOADH loads n numbers of dh or dc, as the call before has stored them: a load across two stores would wait.
#define LOADH(Y, Z) \
	VMOVUPD (P), Y            \
	VBROADCASTSD 32(P), K3, Z

// func backward5AVX512(s *Step, wh *float64, n int, pack *[5][8]int64)
//
// It does the work of backwardAVX2 and of MatVec after it, for n = 4 or 5 units. dz stays in registers: its numbers are
// 0 to 7 in Z11, 8 to 15 in Z12, and 16 to 19 in Z13. The products before the last of each gate depend on neither
// dh nor dc, so they are ready when dh comes.
TEXT ·backward5AVX512(SB), NOSPLIT, $0-32
	MOVQ s+0(FP), S
	MOVQ wh+8(FP), W
	MOVQ n+16(FP), N
	MOVQ pack+24(FP), PACK
	MOVQ Step_Gates(S), GATES
	LEAQ (N*8), GATE
	LEAQ (GATE)(GATE*2), GATE3
	LEAQ (GATE*4), STRIDE
	MOVL $0x0f, CX
	MOVL $0x00, R11
	CMPQ N, $4
	JE   masks
	MOVL $0x1f, CX
	MOVL $0x10, R11

masks:
	KMOVW CX, K1           // n lanes
	KMOVW R11, K3          // lane 4, if it is in use
	ANDL $0xf, CX
	CMPQ N, $4
	JNE  rest
	XORL CX, CX

rest:
	KMOVW CX, K2           // the lanes of Z13
	VPTERNLOGQ $0xff, Z15, Z15, Z15
	VPSRLQ $54, Z15, Z15
	VPSLLQ $52, Z15, Z15   // 1
	VMOVUPD.Z (GATES), K1, Z0
	VMOVUPD.Z (GATES)(GATE*1), K1, Z1
	VMOVUPD.Z (GATES)(GATE*2), K1, Z2
	VMOVUPD.Z (GATES)(GATE3*1), K1, Z3
	MOVQ Step_TanhC(S), P
	VMOVUPD.Z (P), K1, Z4
	MOVQ Step_CPrev(S), P
	VMOVUPD.Z (P), K1, Z5
	VMOVAPD Z1, Z14        // f
	SQUARE(Z4, Z2, Z6)     // (1 − tanh²c)·o
	SQUARE(Z3, Z0, Z7)     // g: (1 − g²)·i
	LESS(Z0, Z3, Z8)       // i: i(1−i)·g
	LESS(Z1, Z5, Z9)       // f: f(1−f)·c'
	LESS(Z2, Z4, Z10)      // o: o(1−o)·tanhC
	VMOVUPD 0(PACK), Z11
	VPERMI2PD Z1, Z0, Z11
	VMOVUPD 64(PACK), Z16
	VMOVAPD Z16, Z12
	VPERMI2PD Z2, Z1, Z12
	VMOVUPD 128(PACK), Z17
	VPERMT2PD Z7, Z17, Z12
	VMOVUPD 192(PACK), Z18
	VPERMPD Z7, Z18, Z13
	VMOVUPD 256(PACK), Z19

	MOVQ Step_DC(S), P
	LOADH(Y8, Z8)
	MOVQ Step_DH(S), P
	LOADH(Y9, Z9)
	VFMADD231PD Z6, Z9, Z8 // d = dh·o·(1 − tanh²c) + dc
	VPERMPD Z8, Z19, Z19
	VPERMI2PD Z9, Z8, Z16
	VPERMPD Z8, Z18, Z18
	VMULPD Z19, Z11, Z11
	VMULPD Z16, Z12, Z12
	VMULPD Z18, Z13, Z13

	ROW(Z0)
	ADDQ STRIDE, W
	ROW(Z1)
	ADDQ STRIDE, W
	ROW(Z2)
	ADDQ STRIDE, W
	ROW(Z3)
	MOVQ Step_DHPrev(S), P
	CMPQ N, $4
	JE   join
	ADDQ STRIDE, W
	ROW(Z4)
	VEXTRACTF64X4 $1, Z4, Y5
	VADDPD Y5, Y4, Y4
	VEXTRACTF128 $1, Y4, X5
	VHADDPD X4, X4, X4     // s0+s1
	VHADDPD X5, X5, X5     // s2+s3
	VADDSD X5, X4, X4
	VADDSD 32(P), X4, X4
	VMOVSD X4, 32(P)

join: // as in MatVec
	VSHUFF64X2 $0xee, Z2, Z0, Z5
	VSHUFF64X2 $0x44, Z2, Z0, Z0
	VADDPD Z5, Z0, Z0
	VSHUFF64X2 $0xee, Z3, Z1, Z6
	VSHUFF64X2 $0x44, Z3, Z1, Z1
	VADDPD Z6, Z1, Z1
	VUNPCKHPD Z1, Z0, Z5
	VUNPCKLPD Z1, Z0, Z0
	VADDPD Z5, Z0, Z0
	VSHUFF64X2 $0xdd, Z0, Z0, Z5
	VSHUFF64X2 $0x88, Z0, Z0, Z0
	VADDPD Y5, Y0, Y0
	VADDPD (P), Y0, Y0
	VMOVUPD Y0, (P)

	MOVQ Step_Z(S), DZ
	VMOVUPD Z11, 0(DZ)
	VMOVUPD Z12, 64(DZ)
	VMOVUPD Z13, K2, 128(DZ)
	MOVQ Step_DCPrev(S), P
	VMULPD Z14, Z8, Z8     // dc' = d·f
	VMOVUPD Y8, (P)
	CMPQ N, $4
	JE   done
	VEXTRACTF64X4 $1, Z8, Y8
	VMOVSD X8, 32(P)

done:
	VZEROUPPER
	RET
