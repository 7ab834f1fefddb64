package tensor

import "math"

// An ulp is a unit in the last place, the distance from a float64 to the next. The errors
// below are the largest errors that TestUlp has found.

// Exp stores z_j ← e^(x_j). z and x have the same length. z may be x itself. Above
// 709.78 the result is +Inf. Below −745.13 it is 0, and from −745.13 to −708.4 it is subnormal.
//
// Error: 1.02 ulp, at 3.8696603278821904: the result is 47.926104154421083, and e^x is
// 47.926104154421090.
func Exp(z, x []float64) {
	if len(x) != len(z) {
		panic("tensor: Exp: lengths differ")
	}
	if hasAVX2 && len(z) >= 4 {
		expAVX2(&z[0], &x[0], len(z), &Constants)
		return
	}
	for j := range z {
		z[j] = exp(x[j])
	}
}

// Sigmoid stores the logistic function, z_j ← σ(x_j) = 1/(1 + e^(−x_j)), which is never
// outside [0, 1]. z and x have the same length. z may be x itself. Below −708.74 the result is 0.
//
// Error: 1.69 ulp, at −4.499448026134598: the result is 0.010992942124660987, and σ(x) is
// 0.010992942124660984.
func Sigmoid(z, x []float64) {
	if len(x) != len(z) {
		panic("tensor: Sigmoid: lengths differ")
	}
	if hasAVX2 && len(z) >= 4 {
		sigmoidAVX2(&z[0], &x[0], len(z), &Constants)
		return
	}
	for j := range z {
		z[j] = sigmoid(x[j])
	}
}

// Tanh stores the hyperbolic tangent, z_j ← tanh(x_j), which is never outside [−1, 1].
// tanh(−x) is −tanh(x) to the bit. z and x have the same length. z may be x itself.
//
// Error: 1.50 ulp, at 0.6310198666659497: the result is 0.55875407333010396, and tanh x is
// 0.55875407333010380.
func Tanh(z, x []float64) {
	if len(x) != len(z) {
		panic("tensor: Tanh: lengths differ")
	}
	if hasAVX2 && len(z) >= 4 {
		tanhAVX2(&z[0], &x[0], len(z), &Constants)
		return
	}
	for j := range z {
		z[j] = tanh(x[j])
	}
}

const (
	log2e = 0x1.71547652b82fep+0
	ln2Hi = 0x1.62e42fefa39efp-1  // ln 2, rounded
	ln2Lo = 0x1.abc9e3b39803fp-56 // ln 2 − ln2Hi, rounded

	// Adding 1.5·2⁵² to a number below 2³¹ rounds it to an integer. The low bits of the sum hold
	// that integer in two's complement.
	roundBits = 0x1.8p+52

	// Above expMax, e^x is +Inf in float64. Below expMin it is 0. Between them, k fits the scaling.
	expMax = 710
	expMin = -746

	// At sigmoidMin, k is −1023, and pow2 returns 0. Below tanhMin, tanh is −1.
	sigmoidMin = -709
	tanhMin    = -350
)

// e^r = 1 + r + r²·q(r) on |r| ≤ ½ ln 2, with q of degree 9. e0 is ½. A Remez exchange gave
// the other coefficients. They have the smallest error relative to e^r: 2^−57.3 after rounding
// (TestPolynomials).
const (
	e0 = 0.5
	e1 = 0x1.5555555555501p-3
	e2 = 0x1.5555555553206p-5
	e3 = 0x1.1111111128879p-7
	e4 = 0x1.6c16c17cc34bcp-10
	e5 = 0x1.a01a011c23825p-13
	e6 = 0x1.a019ab2cdccfep-16
	e7 = 0x1.71df553fce2ecp-19
	e8 = 0x1.289f8b355aab9p-22
	e9 = 0x1.ad201aa54ad4ep-26
)

// series returns k = round(x/ln 2) in the low bits of t, r = x − k ln 2, and the parts of e^r = 1 + r + r²·(q03 + r⁴·q49).
// The parts do not wait for each other (Estrin's scheme): this takes half the latency of Horner's rule.
func series(x float64) (t, r, r2, r4, q03, q49 float64) {
	t = math.FMA(x, log2e, roundBits)
	k := t - roundBits
	r = math.FMA(-k, ln2Lo, math.FMA(-k, ln2Hi, x)) // the inner one is exact

	r2 = r * r
	r4 = r2 * r2
	q01 := math.FMA(e1, r, e0)
	q23 := math.FMA(e3, r, e2)
	q45 := math.FMA(e5, r, e4)
	q67 := math.FMA(e7, r, e6)
	q89 := math.FMA(e9, r, e8)
	q03 = math.FMA(q23, r2, q01)
	q47 := math.FMA(q67, r2, q45)
	q49 = math.FMA(q89, r4, q47)
	return t, r, r2, r4, q03, q49
}

// exp returns e^x = 2^k·e^r. It multiplies by 2^k in two factors, because k may lie outside the exponents of a
// normal number. Only the second factor can round, and only if the result is subnormal.
func exp(x float64) float64 {
	if x > expMax {
		x = expMax
	}
	if x < expMin {
		x = expMin
	}
	t, r, r2, r4, q03, q49 := series(x)
	p := 1 + math.FMA(r2, math.FMA(q49, r4, q03), r)
	n := int32(uint32(math.Float64bits(t)))
	return p * pow2(n>>1) * pow2(n-(n>>1))
}

// pow2 returns 2^n for −1022 ≤ n ≤ 1023, and 0 for n = −1023.
func pow2(n int32) float64 { return math.Float64frombits(uint64(n+1023) << 52) }

// quotient returns a = e^−b and a/(1+a), for b ≥ 0. Above −sigmoidMin, a is 0. It adds up the parts of e^r in
// another order than exp, and computes 1+a beside a, not after it: a step of the network waits for both.
func quotient(b float64) (a, q float64) {
	if b > -sigmoidMin {
		b = -sigmoidMin
	}
	t, r, r2, r4, q03, q49 := series(-b)
	p := math.FMA(r2*r4, q49, math.FMA(q03, r2, r))
	s := pow2(int32(uint32(math.Float64bits(t))))
	a = math.FMA(s, p, s)
	return a, a / math.FMA(s, p, 1+s)
}

// sigmoid returns 1/(1 + e^−x). With a = e^−|x| and q = a/(1+a), this is 1 − q for x ≥ 0
// and a − a·q for x < 0. Nothing overflows, and earlier rounding errors have little effect on the
// last operation.
func sigmoid(x float64) float64 {
	a, q := quotient(math.Abs(x))
	if x >= 0 {
		a = 1
	}
	return math.FMA(-a, q, a)
}

// For |x| < tanhSmall and z = x²: tanh x = x + x·z·P(z)/Q(z), with P = p0 + p1 z + p2 z² and Q = q0 + q1 z + q2
// z² + z³, fitted for the smallest relative error: 2^−59.3 after rounding (TestPolynomials).
const (
	tanhSmall = 0.625

	p0 = -0x1.93ac02f0603fbp+10
	p1 = -0x1.8d26a0d2082b1p+6
	p2 = -0x1.edc5baaf04e01p-1
	q0 = 0x1.2ec10234482fep+12
	q1 = 0x1.176fa0d71dad0p+11
	q2 = 0x1.c33f2893c6d7fp+6
)

// tanh returns tanh x. Near zero it is a rational function, because 1 − e^(−2|x|) would cancel
// there. Elsewhere it is 1 − 2q with q = a/(1+a) and a = e^(−2|x|). Both formulas divide once and
// end in one fused multiply-add, so a vector kernel can compute both and choose.
func tanh(x float64) float64 {
	b := math.Abs(x)
	if b >= tanhSmall {
		_, q := quotient(2 * b)
		return math.Copysign(math.FMA(-2, q, 1), x)
	}
	z := float64(b * b) // rounded before z + q2
	p := math.FMA(math.FMA(p2, z, p1), z, p0)
	q := math.FMA(math.FMA(z+q2, z, q1), z, q0)
	return math.Copysign(math.FMA(b*z, p/q, b), x)
}

// Constants holds the constants of exp, σ and tanh, each in 4 lanes, in the order of
// exp_amd64.h. Assembly that includes this header reads them. Nobody may change them.
var Constants = func() (lanes [28][4]float64) {
	for i, v := range [28]float64{
		expMin, expMax, sigmoidMin, tanhMin, log2e, 2 * log2e, roundBits, ln2Hi, ln2Lo,
		e0, e1, e2, e3, e4, e5, e6, e7, e8, e9, 1, tanhSmall, -2, p0, p1, p2, q0, q1, q2,
	} {
		lanes[i] = [4]float64{v, v, v, v}
	}
	return lanes
}()
