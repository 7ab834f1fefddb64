package bptt

import (
	"math"

	"lstm/tensor"
)

// A Loss is what training makes small. Measure compares outputs y (M,O) with target (M,O):
// it returns the loss, a sum over the rows in their order, and stores its derivative with
// respect to y in dy (M,O), which overlaps neither.
type Loss interface {
	Measure(dy, y, target []float64, o int) float64

	// Symbols reports whether targets are distributions over symbols and outputs their logits.
	Symbols() bool
}

// SquaredError is Σ_t mean_o (y − target)², with dy = 2(y − target)/O. Both sums run in
// order.
type SquaredError struct{}

// Measure is that of Loss.
func (SquaredError) Measure(dy, y, target []float64, o int) (loss float64) {
	n := float64(o)
	y, target = y[:len(dy)], target[:len(dy)]
	sum, left := 0.0, o
	for i := range dy {
		d := y[i] - target[i]
		dy[i] = 2 * d / n
		sum = math.FMA(d, d, sum)
		if left--; left == 0 {
			loss += sum / n
			sum, left = 0, o
		}
	}
	return loss
}

// Symbols returns false.
func (SquaredError) Symbols() bool { return false }

// CrossEntropy is that of the softmax of y, for targets that are distributions, a one
// among zeros for a symbol:
//
//	p_o = e^(y_o) / Σ_k e^(y_k)
//	L   = −Σ_t Σ_o target_o ln p_o          dy = p − target
//
// in nats. Every y is taken relative to the largest of its row, y_m, which changes no p:
// then no exponential overflows, and where a p is 0 its logarithm is finite all the same.
// With r = Σ_(k≠m) e^(y_k − y_m), so that p_m = 1/(1+r), that is
//
//	L   = Σ_t ln(1+r) − Σ_o target_o (y_o − y_m)
//
// and L and dy keep their digits also where r is tiny and L nearly 0.
type CrossEntropy struct{}

// Measure is that of Loss.
func (CrossEntropy) Measure(dy, y, target []float64, o int) (loss float64) {
	for ; len(dy) > 0; dy, y, target = dy[o:], y[o:], target[o:] {
		p, want := dy[:o], target[:o]
		m := relative(p, y[:o])
		said := 0.0 // Σ_o target_o (y_o − y_m)
		for j := range p {
			said = math.FMA(want[j], p[j], said)
		}
		r := softmax(p, m)
		for j := range p {
			p[j] -= want[j]
		}
		p[m] = (1 - want[m]) - r/(1+r)
		u := 1 + r // and ln(1+r) is ln u, and what u has lost
		loss += tensor.Log(u) + (r-(u-1))/u - said
	}
	return loss
}

// Symbols returns true.
func (CrossEntropy) Symbols() bool { return true }

// Softmax stores the probabilities p of the outputs y (O), as CrossEntropy has them. p may
// be y itself.
func Softmax(p, y []float64) { softmax(p, relative(p, y)) }

// relative stores y − y_m, with m the place of the largest y, or of a NaN.
func relative(p, y []float64) (m int) {
	for j, v := range y {
		if v > y[m] || v != v {
			m = j
		}
	}
	largest := y[m]
	for j, v := range y {
		p[j] = v - largest
	}
	return m
}

// softmax replaces p, which is relative to entry m, by its softmax, and returns r.
func softmax(p []float64, m int) (r float64) {
	tensor.Exp(p, p)
	for j, e := range p {
		if j != m {
			r += e
		}
	}
	for j := range p {
		p[j] /= 1 + r
	}
	return r
}
