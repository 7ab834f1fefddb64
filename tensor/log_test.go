package tensor

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// TestLog measures the error of Log with math/big: for y = Log(x), ln x is y + ln(x e^-y), and
// x e^-y is 1+δ with a tiny δ.
func TestLog(t *testing.T) {
	exp := func(y float64) *big.Float { // (e^(y/1024))^1024
		x := new(big.Float).SetPrec(300).SetFloat64(y / 1024)
		sum, term := new(big.Float).SetPrec(300).SetInt64(1), new(big.Float).SetPrec(300).SetInt64(1)
		for n := int64(1); n < 60; n++ {
			term.Quo(term.Mul(term, x), new(big.Float).SetInt64(n))
			sum.Add(sum, term)
		}
		for range 10 {
			sum.Mul(sum, sum)
		}
		return sum
	}
	r := rand.New(rand.NewPCG(1, 1))
	worst := 0.0
	for i := range 5000 {
		x := r.Float64() + 0x1p-60
		switch i % 3 {
		case 1: // x near 1: the result is small
			x = 1 + (x-0.5)*0.01
		case 2:
			x = math.Ldexp(1+x, i%2098-1074) // also subnormal x
		}
		y := Log(x)
		d := new(big.Float).SetPrec(300).SetFloat64(x)
		d.Mul(d, exp(-y)).Sub(d, big.NewFloat(1))
		delta, _ := d.Float64()
		ulp := math.Abs(math.Nextafter(y, math.Inf(1)) - y)
		worst = max(worst, math.Abs(delta)/ulp)
	}
	t.Logf("worst error %.3f ulp", worst)
	if !(worst < 1) {
		t.Errorf("worst error %.3f ulp, documented as within 1", worst)
	}
	if Log(1) != 0 {
		t.Errorf("Log(1) = %v", Log(1))
	}
}
