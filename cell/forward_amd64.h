// What the two forward kernels share: the constants, and the operations that exp_amd64.h asks for, for
// registers of 8 lanes.

#define S     DX
#define ZS    SI  // to z of the next units, i first
#define GATES DI  // to the gates of the units at work
#define GATE  BX  // bytes from gate to gate
#define GATE3 R12 // 3·GATE
#define C     R8
#define P     R9  // to whatever is next
#define W     R10 // to a row of wh, at the units whose z is summed
#define TMP   R13

#define ONE     Z25
#define SIGN    Z26

#define FMA213  VFMADD213PD.BCST
#define FMA231  VFMADD231PD.BCST
#define FNMA231 VFNMADD231PD.BCST
#define ADD     VADDPD.BCST
#define SUB     VSUBPD.BCST
#define MUL     VMULPD.BCST
#define OR      VPORQ
#define AND     VPANDQ
#define ANDNOT  VPANDNQ

#define IFNEGATIVE(X, P, U) \
	VPTESTMQ X, SIGN, K2     \
	VBLENDMPD P, ONE, K2, P
#define LARGE(R, Q) VCMPPD.BCST $0x1d, SMALL(C), R, K2 // R ≥ SMALL
#define IFLARGE(Q, V, D) VMOVAPD V, K2, D
#define IFLARGECONST(Q, V, D) VBROADCASTSD V, K2, D

#include "../tensor/exp_amd64.h"

#define CONSTANTS \
	VBROADCASTSD UNIT(C), ONE               \
	VPTERNLOGQ $0xff, SIGN, SIGN, SIGN      \
	VPSLLQ $63, SIGN, SIGN

// MASK sets the first CX ≤ 16 bits of K.
#define MASK(K) \
	MOVL $1, TMP  \
	SHLL CX, TMP  \
	DECL TMP      \
	KMOVW TMP, K
