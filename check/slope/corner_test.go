package slope_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"lstm/check/slope"
)

// TestNoisyCorner: at a corner the bar covers the slopes on both sides, whatever the noise of the loss, as long as the
// corner stands out from the noise at the first step. A smooth loss with the same noise keeps a bar that only its noise sets.
func TestNoisyCorner(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	smooth := []func(x float64) float64{
		func(x float64) float64 { return 0 }, func(x float64) float64 { return 3 * x * x }, func(x float64) float64 { return math.Sin(x + 1) },
		func(x float64) float64 { return math.Sin(30 * x) }, func(x float64) float64 { return math.Exp(2*x) - x },
	}
	kinks := map[string]func(x float64) float64{
		"abs": math.Abs, "relu": func(x float64) float64 { return 2 * max(0, x) }, "less": func(x float64) float64 { return -2 * max(-x, 0) },
	}
	for noise := 1e-14; noise < 2e-4; noise *= 10 {
		for size := 1e3; size > 5e3*noise; size /= 10 {
			for k, s := range smooth {
				for name, kink := range kinks {
					middle := map[string]float64{"abs": 0, "relu": 1, "less": 1}[name]
					true := (s(1e-6)-s(-1e-6))/2e-6 + size*middle
					if size < 1e-4*max(0.1, math.Abs(true)) {
						continue // a smooth loss may bend as much
					}
					f := func(x float64) float64 { return s(x) + size*kink(x) + noise*rng.NormFloat64() }
					m, err := slope.Loss{Base: f(0), Noise: noise}.Derivative(f, 0)
					if err != nil || !(m.Bar+1e-6*math.Abs(true) >= 0.99*size) || !(math.Abs(m.Value-true) <= m.Bar+1e-5*math.Abs(true)) {
						t.Errorf("noise %.0e, %s of %.0e on smooth %d: %v ± %v, want %v ± %v; %v", noise, name, size, k, m.Value, m.Bar, true, size, err)
					}
				}
			}
		}
	}
}

// TestNoisySmooth: without a corner, noise does not make one. The bar is not wider than noise at the first steps explains.
func TestNoisySmooth(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	for noise := 1e-14; noise < 2e-2; noise *= 10 {
		wide := 0
		for range 300 {
			a, b, k := rng.NormFloat64(), rng.NormFloat64(), 3*rng.Float64()
			f := func(x float64) float64 { return a*math.Sin(k*x+b) + b*x*x + noise*rng.NormFloat64() }
			m, err := slope.Loss{Base: f(0), Noise: noise}.Derivative(f, 0)
			if true := a * k * math.Cos(b); err != nil || !(math.Abs(m.Value-true) <= m.Bar) {
				t.Errorf("noise %.0e: %v ± %v, want %v; %v", noise, m.Value, m.Bar, true, err)
			}
			if m.Bar > 1e4*noise {
				wide++
			}
		}
		if wide > 0 {
			t.Errorf("noise %.0e: %d of 300 bars are wide", noise, wide)
		}
	}
}
