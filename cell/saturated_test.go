package cell

import (
	"math"
	"testing"

	"lstm/tensor"
)

// TestSaturated checks the README's figures for the digits that σ′ = σ(1−σ) and tanh′ = 1 − tanh² lose in an
// open gate. It measures their largest relative error around z. The exact slopes are e⁻ᶻ/(1+e⁻ᶻ)² and
// 4e⁻²ᶻ/(1+e⁻²ᶻ)².
func TestSaturated(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		z        float64
		low, top float64 // bounds of the error of σ′
	}{{-30, 0, 1e-15}, {5, 0, 4e-14}, {15, 1e-10, 5e-10}, {20, 1e-8, 1e-7}, {30, 3e-4, 2e-3}, {38, 1, 1}} {
		worst := [2]float64{}
		for k := range 2000 {
			z := c.z + float64(k)/2000
			y := []float64{0, 0}
			tensor.Sigmoid(y[:1], []float64{z})
			tensor.Tanh(y[1:], []float64{z / 2}) // tanh(z/2) = 2σ(z) − 1
			e := math.Exp(-z)
			slope := e / ((1 + e) * (1 + e))
			worst[0] = max(worst[0], math.Abs(y[0]*(1-y[0])/slope-1))
			worst[1] = max(worst[1], math.Abs(math.FMA(-y[1], y[1], 1)/(4*slope)-1))
		}
		t.Logf("z = %v: σ′ is off by %.1e, tanh′ at z/2 by %.1e", c.z, worst[0], worst[1])
		if worst[0] < c.low || worst[0] > c.top {
			t.Errorf("z = %v: σ(1−σ) is off by %.1e, want %.0e to %.0e", c.z, worst[0], c.low, c.top)
		}
	}
}
