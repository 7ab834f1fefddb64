package tensor

import "math"

// Log returns the natural logarithm of a finite x > 0, within 1 ulp. For every other x, and also for 0, the
// result is not specified: it is not always NaN or −Inf.
//
// x = 2^k·(1+f) with 1+f in [√½, √2), and s = f/(2+f). Then ln(1+f) = 2 atanh s = 2s + s·R with R = ⅔s² + ⅖s⁴ +
// …, which equals f − (f²/2 − s(f²/2 + R)). Most of the result is the exact f.
func Log(x float64) float64 {
	const (
		ln2Hi = 0x1.62e42feep-1       // 32 bits, so that its product with k is exact
		ln2Lo = 0x1.a39ef35793c76p-33 // ln 2 − ln2Hi
	)
	m, e := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m, e = 2*m, e-1
	}
	f, k := m-1, float64(e)
	s := f / (2 + f)
	z := s * s
	R := 0.0
	for n := 23.0; n >= 3; n -= 2 { // |s| ≤ 0.172: s²⁴ < 2⁻⁶⁰
		R = math.FMA(z, R, 2/n)
	}
	R = float64(z * R)           // float64 rounds both products: otherwise the compiler may
	half := float64(0.5 * f * f) // fuse them into the sums below on some machines
	return k*ln2Hi - ((half - math.FMA(s, half+R, k*ln2Lo)) - f)
}
