package museum

import (
	"math"
	"math/rand/v2"
	"slices"

	"lstm/check/mistake"
	"lstm/check/pass"
	"lstm/check/scalar"
)

// A Training is a small network after it was trained on one sequence.
type Training struct {
	scalar.Net
	V, Target []float64 // V after training; Target is (T,O)
	Losses    []float64 // before each step, and after the last
}

// Train trains a small network on a sequence: 60 steps of gradient descent, with the gradient
// that has the mistake. A mistake in the measurement does not change training.
func Train(e *mistake.Exhibit) *Training {
	rng := rand.New(rand.NewPCG(5, 22))
	n := scalar.Net{X: 1, H: 3, O: 2, T: 8}
	v, target := scalar.Random(rng, n, 0.5), make([]float64, n.T*n.O)
	for t := range n.T {
		v[n.In(t, 0)] = math.Sin(0.7 * float64(t))
		target[t*n.O], target[t*n.O+1] = math.Sin(0.7*float64(t+1)), math.Cos(0.7*float64(t+1))
	}
	t := &Training{Net: n, V: v, Target: targets(e, n, v, target)}
	l := e.Lines()
	for range 60 {
		p := pass.NewOf(l.Cell, pass.Standard(n), v, t.Target)
		t.Losses = append(t.Losses, p.Loss)
		for i, d := range p.Backward(l)[:n.Params()] {
			v[i] -= 0.03 * d
		}
	}
	t.Losses = append(t.Losses, pass.NewOf(l.Cell, pass.Standard(n), v, t.Target).Loss)
	return t
}

// targets returns the targets with the mistake.
func targets(e *mistake.Exhibit, n scalar.Net, v, target []float64) []float64 {
	if e.Task == nil {
		return target
	}
	return e.Task(n, v, target)
}

// Measure checks the gradient with the mistake against the loss with the same mistake.
func Measure(e *mistake.Exhibit, n scalar.Net, v, target []float64) (*scalar.Point, error) {
	v, target = slices.Clone(v), targets(e, n, v, target)
	loss := func() float64 { return e.Pass(n, v, target).Loss }
	return scalar.Measure(n, v, target, e.Gradient(n, v, target), loss)
}

// measured checks the gradient without a mistake.
func measured(n scalar.Net, v, target []float64) (*scalar.Point, error) {
	return Measure(&mistake.Exhibit{}, n, v, target)
}
