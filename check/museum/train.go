package museum

import (
	"math"
	"math/rand/v2"

	"lstm/check/scalar"
)

// A Training is a small network after it was trained on one sequence.
type Training struct {
	scalar.Net
	V, Target []float64 // at the end; Target is (T,O)
	Losses    []float64 // before each step, and after the last
}

// Train trains a small network on a sequence: 60 steps of gradient descent, with the gradient of
// somebody with the mistake. A mistake in the measurement does not change training.
func (e *Exhibit) Train() *Training {
	rng := rand.New(rand.NewPCG(5, 22))
	n := scalar.Net{X: 1, H: 3, O: 2, T: 8}
	v, target := scalar.Random(rng, n, 0.5), make([]float64, n.T*n.O)
	for t := range n.T {
		v[n.In(t, 0)] = math.Sin(0.7 * float64(t))
		target[t*n.O], target[t*n.O+1] = math.Sin(0.7*float64(t+1)), math.Cos(0.7*float64(t+1))
	}
	t := &Training{Net: n, V: v, Target: e.targets(n, v, target)}
	l := e.lines()
	for range 60 {
		loss, grad := backward(n, v, t.Target, l)
		t.Losses = append(t.Losses, loss)
		for i, d := range grad[:n.Params()] {
			v[i] -= 0.03 * d
		}
	}
	t.Losses = append(t.Losses, forward(n, v, t.Target, l).Loss)
	return t
}
