package slope_test

import (
	"fmt"
	"math"
	"testing"

	"lstm/check/slope"
)

// The example measures the slope of a sine, with an error bar.
func Example() {
	l := slope.Loss{Base: math.Sin(0.7), Noise: 1e-16}
	d, bar, err := l.Derivative(math.Sin, 0.7)
	fmt.Printf("%.9f %v %v", d, bar < 1e-12, err)
	// Output: 0.764842187 true <nil>
}

// TestDeviation: Deviation is right for a steep function, and at a distance that fits the steps of the
// rounding.
func TestDeviation(t *testing.T) {
	for _, c := range []struct {
		name      string
		f         func(x float64) float64
		low, high float64
	}{
		{"sine", func(x float64) float64 { return 1 + math.Sin(0.3+x) }, 3e-17, 3e-16},
		{"steep", func(x float64) float64 { return 1 + math.Sin(1e11*x) }, 1e-17, 1e-6},
		{"wide sum", func(x float64) float64 { return float64(1000+math.Sin(0.3+x)) - 1000 }, 1e-14, 2e-13},
		{"a distance fits", func(x float64) float64 { return math.Sin(7480.127238556479 * (x - 0.996)) }, 3e-14, 3e-12},
		{"constant", func(float64) float64 { return 3 }, 0, 0},
		{"infinite", func(x float64) float64 { return math.Inf(1) }, 0, 0},
	} {
		if got := slope.Deviation(c.f, 0, 13, 5); !(got >= c.low && got <= c.high) {
			t.Errorf("%s: a deviation of %.2g, want %.2g to %.2g", c.name, got, c.low, c.high)
		}
	}
}
