//go:build !purego

#include "textflag.h"
#include "go_asm.h"

#define P    DI
#define M    SI
#define V    DX
#define D    R8 // the gradient
#define AT   BX // bytes to the elements at work
#define END  CX
#define STEP AX
#define SAME AX

#define NEWM    Y8
#define OLDV    Y9
#define NEWV    Y10
#define RATE    Y11
#define ROOT    Y12
#define EPSILON Y13
#define STILL   Y14
#define ABS     Y15 // all bits but the sign

// func adamAVX2(p, m, v, d *float64, n int, s *AdamStep, still float64)
//
//	for j < n {
//		m[j] = fma(1−β, d[j] − m[j], m[j])
//		v[j] = fma(γ, v[j], (1−γ)·d[j]·d[j])
//		p[j] = p[j] − rate·m[j] / (√v[j]/root + ε)
//	}
//
// n ≥ 4 is a multiple of 4. still is 2⁵⁵·rate/ε. If |m|·still < |p| and v ≥ 0, the subtrahend is below 2⁻⁵⁵·|p|, so p stays
// as it is. Then the kernel skips the root and the divisions, which take most of the time. This is so if the
// gradient has been 0 for a few hundred steps.
TEXT ·adamAVX2(SB), NOSPLIT, $0-56
	MOVQ p+0(FP), P
	MOVQ m+8(FP), M
	MOVQ v+16(FP), V
	MOVQ d+24(FP), D
	MOVQ n+32(FP), END
	MOVQ s+40(FP), STEP
	VBROADCASTSD AdamStep_NewM(STEP), NEWM
	VBROADCASTSD AdamStep_OldV(STEP), OLDV
	VBROADCASTSD AdamStep_NewV(STEP), NEWV
	VBROADCASTSD AdamStep_Rate(STEP), RATE
	VBROADCASTSD AdamStep_Root(STEP), ROOT
	VBROADCASTSD AdamStep_Epsilon(STEP), EPSILON
	VBROADCASTSD still+48(FP), STILL
	VPCMPEQD ABS, ABS, ABS
	VPSRLQ $1, ABS, ABS
	SHLQ $3, END
	XORQ AT, AT

loop:
	VMOVUPD (D)(AT*1), Y0
	VMOVUPD (M)(AT*1), Y1
	VSUBPD Y1, Y0, Y2
	VFMADD231PD Y2, NEWM, Y1
	VMOVUPD Y1, (M)(AT*1)
	VMULPD Y0, NEWV, Y2
	VMULPD Y0, Y2, Y2
	VFMADD231PD (V)(AT*1), OLDV, Y2
	VMOVUPD Y2, (V)(AT*1)
	VMOVUPD (P)(AT*1), Y3
	VANDPD ABS, Y1, Y4
	VMULPD STILL, Y4, Y4
	VANDPD ABS, Y3, Y5
	VCMPPD $0x11, Y5, Y4, Y4       // |m|·still < |p|
	VXORPD Y5, Y5, Y5
	VCMPPD $0x1d, Y5, Y2, Y5       // v ≥ 0
	VANDPD Y5, Y4, Y4
	VMOVMSKPD Y4, SAME
	CMPL SAME, $15
	JE   next
	VSQRTPD Y2, Y2
	VDIVPD ROOT, Y2, Y2
	VADDPD EPSILON, Y2, Y2
	VMULPD RATE, Y1, Y1
	VDIVPD Y2, Y1, Y1
	VSUBPD Y1, Y3, Y3
	VMOVUPD Y3, (P)(AT*1)

next:
	ADDQ $32, AT
	CMPQ AT, END
	JLT  loop
	VZEROUPPER
	RET
