package bptt

import (
	"math"
	"slices"

	"lstm/tensor"
)

// A Loss is what training makes small. Measure compares outputs y (M,O) with target (M,O):
// it returns the loss, a sum over the rows in their order, and stores its derivative with
// respect to y in dy (M,O), which overlaps neither.
type Loss interface {
	Measure(dy, y, target []float64, o int) float64
}

// SquaredError is Σ_t mean_o (y − target)², with dy = 2(y − target)/O. Both sums run in
// order.
type SquaredError struct{}

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

// CrossEntropy is that of the softmax of y, for targets that are distributions, a one
// among zeros for a symbol:
//
//	p_o = e^(y_o) / Σ_k e^(y_k)
//	L   = −Σ_t Σ_o target_o ln p_o          dy = p − target
//
// in nats. Every y is taken relative to the largest of its row, m, which changes no p: no
// exponential overflows, and ln p = (y − m) − ln Σ_k e^(y_k − m) is finite where p is 0.
type CrossEntropy struct{}

func (CrossEntropy) Measure(dy, y, target []float64, o int) (loss float64) {
	for ; len(dy) > 0; dy, y, target = dy[o:], y[o:], target[o:] {
		p, want := dy[:o], target[:o]
		m := slices.Max(y[:o])
		said := 0.0 // Σ_o target_o (y_o − m)
		for j := range p {
			p[j] = y[j] - m
			said = math.FMA(want[j], p[j], said)
		}
		norm := softmax(p)
		for j := range p {
			p[j] -= want[j]
		}
		loss += tensor.Log(norm) - said
	}
	return loss
}

// Softmax stores the probabilities p of the outputs y (O), as CrossEntropy has them. p may
// be y itself.
func Softmax(p, y []float64) {
	m := slices.Max(y)
	for j := range p {
		p[j] = y[j] - m
	}
	softmax(p)
}

// softmax replaces y, none above 0, by its softmax, and returns Σ e^y.
func softmax(y []float64) (norm float64) {
	tensor.Exp(y, y)
	for _, e := range y {
		norm += e
	}
	for j := range y {
		y[j] /= norm
	}
	return norm
}
