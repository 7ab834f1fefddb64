package tensor

import (
	"math"
	"testing"
)

// TestAdamStill: around the size of m at which p no longer moves, Adam equals plain Go, to the bit. p is a power of two,
// or just above or below one: a power of two is closer to the number below it than to the number above.
func TestAdamStill(t *testing.T) {
	s := &AdamStep{NewM: 0.1, OldV: 0.999, NewV: 0.001, Rate: 1e-3, Root: 1, Epsilon: 1e-8}
	moved, still := 0, 0
	for _, p := range []float64{1, math.Nextafter(1, 2), math.Nextafter(1, 0), -1, 0x1p-1022, 0x1p-1040, 1e300, 0, math.Copysign(0, -1)} {
		for e := -62; e < -45; e++ {
			for _, m := range []float64{1, 1.3, -1, -1.7, 0} {
				m := math.Ldexp(m, e) * max(math.Abs(p), 0x1p-1000) * s.Epsilon / s.Rate
				for _, v := range []float64{0, 1e-30, 1, math.Copysign(0, -1), -1, math.NaN(), math.Inf(1)} {
					got := [][]float64{{p, p, p, p}, {m, m, m, m}, {v, v, v, v}}
					want := [][]float64{clone(got[0]), clone(got[1]), clone(got[2])}
					Adam(got[0], got[1], got[2], make([]float64, 4), s)
					adamGeneric(want[0], want[1], want[2], make([]float64, 4), s)
					for i := range got {
						same(t, "p, m or v", got[i], want[i])
					}
					if got[0][0] != p {
						moved++
					} else if p != 0 && m != 0 {
						still++
					}
				}
			}
		}
	}
	if moved < 500 || still < 500 {
		t.Errorf("p moves in %d cases, and not in %d", moved, still)
	}
}
