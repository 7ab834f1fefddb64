package tensor

import (
	"math"
	"math/big"
	"testing"
)

// TestSin measures the error of Sin against its Taylor series in math/big.
func TestSin(t *testing.T) {
	t.Parallel()
	worst := 0.0
	for i := range 20000 {
		x := float64(i) * 0.00317
		if i < 64 {
			x = float64(i) * math.Pi / 4 // zeros, ones, and the points at which Sin switches series
		}
		bx := new(big.Float).SetPrec(400).SetFloat64(x)
		term, sum := new(big.Float).Copy(bx), new(big.Float).Copy(bx)
		for n := int64(1); n < 110; n++ {
			term.Mul(term, bx).Mul(term, bx).Quo(term, big.NewFloat(float64(-2*n*(2*n+1))))
			sum.Add(sum, term)
		}
		want, _ := sum.Float64()
		d, _ := new(big.Float).Sub(sum, big.NewFloat(Sin(x))).Float64()
		if ulp := math.Nextafter(math.Abs(want), 2) - math.Abs(want); want != 0 {
			worst = max(worst, math.Abs(d)/ulp)
		}
	}
	t.Logf("worst error %.3f ulp", worst)
	if !(worst < 1.4) || Sin(0) != 0 {
		t.Errorf("worst error %.3f ulp, documented as within 1.4; Sin(0) = %v", worst, Sin(0))
	}
}
