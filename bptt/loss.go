package bptt

import (
	"math"
	"slices"

	"lstm/tensor"
)

// A Loss is the function that training minimises.
type Loss interface {
	// Measure compares the outputs y (M,O) with target (M,O); o is O. It returns the loss, a sum
	// over the rows in their order, and stores dL/dy in dy (M,O). dy must not overlap the others.
	Measure(dy, y, target []float64, o int) float64

	// Symbols reports whether a softmax turns outputs into probabilities of symbols. Targets are then
	// probabilities too.
	Symbols() bool
}

// SquaredError is L = Σ_t mean_o (y_to − target_to)², with dy = 2(y − target)/O. Both sums run in
// the order of their index. Each mean is a product with 1/O.
type SquaredError struct{}

// Symbols returns false: outputs and targets are numbers.
func (SquaredError) Symbols() bool { return false }

// Measure implements Loss.
func (SquaredError) Measure(dy, y, target []float64, o int) (loss float64) {
	rows(dy, y, target, o)
	mean := 1 / float64(o) // a product takes less time than a quotient
	sum, left := 0.0, o
	for i := range dy {
		d := y[i] - target[i]
		dy[i] = 2 * d * mean
		sum = math.FMA(d, d, sum)
		if left--; left == 0 {
			loss += float64(sum * mean)
			sum, left = 0, o
		}
	}
	return loss
}

// CrossEntropy compares the softmax of y with targets that are probabilities. Each row of targets
// must sum to 1. The row of a symbol has one 1, and zeros.
//
//	p_o = e^(y_o) / Σ_k e^(y_k)
//	L   = −Σ_t Σ_o target_o ln p_o          dy = p − target
//
// L is in nats. The code subtracts the largest output of a row, y_m, from all of them. This
// changes no p. No exponential overflows, and ln p_o is finite even if p_o is 0. With
// r = Σ_(k≠m) e^(y_k − y_m) and p_m = 1/(1+r), the loss is
//
//	L   = Σ_t ln(1+r) − Σ_o target_o (y_o − y_m)
//
// L and dy keep their digits even if r is tiny and L is nearly 0.
type CrossEntropy struct{}

// Symbols returns true.
func (CrossEntropy) Symbols() bool { return true }

// Measure implements Loss.
func (CrossEntropy) Measure(dy, y, target []float64, o int) (loss float64) {
	rows(dy, y, target, o)
	for ; len(dy) > 0; dy, y, target = dy[o:], y[o:], target[o:] {
		p, want := dy[:o], target[:o]
		m := relative(p, y[:o])
		from, to := 0, o // the targets that are not 0
		if k := tensor.OneHot(want); k >= 0 {
			from, to = k, k+1
		}
		said := 0 * p[m] // Σ_o target_o (y_o − y_m); NaN if y_m is
		for j := from; j < to; j++ {
			said = math.FMA(want[j], p[j], said)
		}
		r := softmax(p, m)
		for j := from; j < to; j++ {
			p[j] -= want[j]
		}
		p[m] = (1 - want[m]) - r/(1+r)
		u := 1 + r // rounded; (r − (u−1))/u corrects ln u for the rounding error
		loss += tensor.Log(u) + (r-(u-1))/u - said
	}
	return loss
}

// rows panics unless dy, y and target are the same number of rows of o numbers.
func rows(dy, y, target []float64, o int) {
	if o < 1 || len(dy)%o != 0 || len(y) != len(dy) || len(target) != len(dy) {
		panic("bptt: Measure: dy, y and target are not the same number of rows of o")
	}
}

// Softmax stores the softmax of the outputs y (O) in p (O), computed as in CrossEntropy. p may be
// y itself.
func Softmax(p, y []float64) {
	if len(p) != len(y) || len(y) == 0 {
		panic("bptt: Softmax: lengths differ, or are 0")
	}
	softmax(p, relative(p, y))
}

// relative stores y − y_m in p and returns m, the index of the largest y. If y has a NaN, p has one, too.
func relative(p, y []float64) (m int) {
	largest := y[0]
	for j, v := range y {
		if v > largest {
			m, largest = j, v
		}
	}
	for j, v := range y {
		p[j] = v - largest
	}
	return m
}

// softmax replaces p, as relative has stored it, by its softmax. It returns the r of CrossEntropy.
func softmax(p []float64, m int) (r float64) {
	zero := p[m]
	p[m] = math.Inf(-1) // r leaves out e^(p_m): this one adds 0
	// Each addition waits for the one before. With short blocks, the processor computes the next exponentials meanwhile.
	for e := range slices.Chunk(p, 64) {
		tensor.Exp(e, e)
		for _, v := range e {
			r += v
		}
	}
	p[m] = 1 + zero
	tensor.Div(p, 1+r)
	return r
}
