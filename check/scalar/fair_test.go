package scalar

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestFair: a fair point gets no warning, and each unfair one the warning that names it.
func TestFair(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	for range 20 {
		n, v, target := FairPoint(rng)
		if w := Fair(n, v, target); len(w) > 0 {
			t.Errorf("%v is fair, but: %v", n, w)
		}
	}
	n := Net{X: 2, H: 3, O: 2, T: 5}
	for name, c := range map[string]struct {
		n    Net
		edit func(n Net, v []float64)
		want string
	}{
		"one step": {Net{X: 2, H: 3, O: 2, T: 1}, func(n Net, v []float64) {}, "one step: nothing is carried"},
		"zero":     {Net{X: 2, H: 3, O: 2, T: 1}, func(n Net, v []float64) { clear(v[n.H0(0):n.C0(n.H)]) }, "one step from the zero state"},
		"forget":   {Net{X: 2, H: 3, O: 2, T: 1}, func(n Net, v []float64) { clear(v[n.H0(0):n.C0(n.H)]) }, "gradient of Wf is zero"},
		"tiny": {n, func(n Net, v []float64) {
			for i := range n.B(0, 0) {
				v[i] *= 1e-5
			}
		}, "no weight of the gates is above"},
		"saturated": {n, func(n Net, v []float64) {
			for j := range n.H {
				v[n.B(O, j)] = 30
			}
		}, "gate o is saturated"},
		"alike": {Net{X: 2, H: 3, O: 2, T: 1}, func(n Net, v []float64) { // f = i and c' = g
			copy(v[n.W(F, 0, 0):n.W(O, 0, 0)], v[n.W(I, 0, 0):n.W(F, 0, 0)])
			copy(v[n.B(F, 0):n.B(O, 0)], v[n.B(I, 0):n.B(F, 0)])
			tr := Forward(n, v, make([]float64, n.T*n.O))
			copy(v[n.C0(0):n.C0(n.H)], tr.Gate[0][G])
		}, "gradients of Wi and Wf cannot be told apart"},
	} {
		v, target := draw(rng, c.n, 0.8), targets(rng, c.n)
		c.edit(c.n, v)
		if w := strings.Join(Fair(c.n, v, target), "\n"); !strings.Contains(w, c.want) {
			t.Errorf("%s: %q, want %q", name, w, c.want)
		}
	}
}
