package tensor

import "math"

// Sin returns the sine of 0 ≤ x < 60, within 1.4 ulp. The result of math.Sin differs
// between architectures.
//
// With x = k·π/2 + r and |r| ≤ π/4, the result is the sine or the cosine of r, with a sign. The quadrant k mod
// 4 decides. Sin sums both as Taylor series:
//
//	sin r = r − r³/3! + r⁵/5! − …        cos r = 1 − r²/2! + r⁴/4! − …
func Sin(x float64) float64 {
	const (
		halfPiHi = 0x1.921fb54442d18p+0
		halfPiLo = 0x1.1a62633145c07p-54 // π/2 − halfPiHi
	)
	k := math.RoundToEven(x / halfPiHi)
	r := math.FMA(-k, halfPiLo, math.FMA(-k, halfPiHi, x))
	z := float64(r * r)

	// The sum starts with its smallest term: s ← −z(1 + s)/(m(m−1)). The terms beyond
	// m = 20 are below 2⁻⁶⁰.
	odd := 1.0
	if int(k)%2 == 1 {
		odd = 0
	}
	s := 0.0
	for m := 20 + odd; m > 1+odd; m -= 2 {
		s = -float64(z*(1+s)) / (m * (m - 1))
	}
	if odd == 1 {
		s = math.FMA(r, s, r)
	} else {
		s = 1 + s
	}
	if int(k)%4 >= 2 {
		s = -s
	}
	return s
}
