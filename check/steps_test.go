package check

import (
	"math"
	"testing"
)

// TestSteps: Steps takes four steps to a power of ten, from 0.1 to 1e-14. The cubic term makes the error of a
// large step. The rounding error is ε|L|/δ, relative to the gradient. Steps restores the value.
func TestSteps(t *testing.T) {
	v := 2.0
	loss := func() float64 { return v * v * v }
	at, off, rounding := Steps(loss, &v, 12)
	if len(at) != 53 || len(off) != 53 || len(rounding) != 53 || v != 2 {
		t.Fatalf("%d steps, %d errors, %d roundings, v left at %v", len(at), len(off), len(rounding), v)
	}
	for k, step := range at {
		if want := math.Pow(10, -1-float64(k)/4); math.Abs(step/want-1) > 1e-12 {
			t.Errorf("step %d is %v, want %v", k, step, want)
		}
		if want := math.Ldexp(8/step/12, -52); math.Abs(rounding[k]/want-1) > 1e-12 {
			t.Errorf("rounding at %v is %v, want %v", step, rounding[k], want)
		}
		cubic := step * step / (12 + step*step) // ((2+δ)³ − (2−δ)³)/2δ = 12 + δ²
		if math.Abs(off[k]-cubic) > 3*rounding[k] || step < 1e-11 && off[k] > 100*rounding[k] {
			t.Errorf("off by %v at %v, want %v ± %v", off[k], step, cubic, rounding[k])
		}
	}
}

// TestCornerBar: at a corner the error bar is half the difference of the slopes, and not much more. The check
// sees a corner beside a slope 10⁴ times as steep, in a loss 10⁶ times as large, and beside any curvature. A
// bend is no corner.
func TestCornerBar(t *testing.T) {
	for name, c := range map[string]struct {
		f      func(y float64) float64 // a function of y = x − 0.3, measured at y = 0
		corner float64
		most   float64 // the largest bar allowed
	}{
		"sharp":      {func(y float64) float64 { return math.Abs(y) }, 1, 1.01},
		"on a slope": {func(y float64) float64 { return 1e-4*math.Abs(y) + math.Sin(y) }, 1e-4, 1.05e-4},
		"in a sum":   {func(y float64) float64 { return math.Abs(y) + 1e6 }, 1, 1.1},
		"curved":     {func(y float64) float64 { return math.Abs(y) + 50*y*y + 20*y*y*y }, 1, 1.01},
		"a bend":     {func(y float64) float64 { return 50*y*y + 20*y*y*y + y }, 0, 1e-8},
	} {
		e := one(t, func(x float64) float64 { return c.f(x - 0.3) }, 0.3, 0)
		if e.Bar < c.corner || e.Bar > c.most {
			t.Errorf("%s: the bar is %v, want %v to %v", name, e.Bar, c.corner, c.most)
		}
	}
}
