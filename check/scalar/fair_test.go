package scalar

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestFair: a fair point gets no warning. An unfair point gets a warning for each fault. The last
// warning names the blocks whose gradients show nothing.
func TestFair(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(9, 9))
	for range 20 {
		n, v, target := FairPoint(rng)
		if w := Fair(n, v, target); len(w) > 0 {
			t.Errorf("%v is fair, but: %v", n, w)
		}
	}
	n := Net{X: 2, H: 3, O: 2, T: 5}
	one := Net{X: 2, H: 3, O: 2, T: 1}
	zero := func(n Net, v []float64) { clear(v[n.H0(0):n.C0(n.H)]) }
	scaled := func(largest float64) func(n Net, v []float64) { // the largest weight; the biases in proportion
		return func(n Net, v []float64) {
			most := 0.0
			for _, x := range v[:n.B(0, 0)] {
				most = max(most, math.Abs(x))
			}
			for i := range n.Wy(0, 0) {
				v[i] *= largest / most
			}
		}
	}
	for name, c := range map[string]struct {
		n      Net
		edit   func(n Net, v []float64)
		faults int
		blocks string // the blocks that the last warning names
	}{
		"one step":  {one, func(n Net, v []float64) {}, 1, ""},
		"from zero": {one, zero, 3, "bf"}, // one step, and the gradients of Wf and bf are zero
		"tiny": {n, func(n Net, v []float64) {
			for i := range n.B(0, 0) {
				v[i] *= 1e-5
			}
		}, 1, ""},
		"saturated": {n, func(n Net, v []float64) {
			for j := range n.H {
				v[n.B(O, j)] = 30
			}
		}, 1, ""},
		"almost tiny":    {n, scaled(0.99e-3), 1, ""},
		"not tiny":       {n, scaled(1.01e-3), 0, ""},
		"biases of zero": {n, func(n Net, v []float64) { clear(v[n.B(0, 0):n.Wy(0, 0)]) }, 4, "bg"},
		"one output":     {Net{X: 2, H: 3, O: 1, T: 5}, func(n Net, v []float64) {}, 1, "mean"},
		"one symbol":     {Net{X: 2, H: 3, O: 1, T: 5, Softmax: true}, func(n Net, v []float64) {}, 0, ""},
		"zero state":     {n, zero, 0, ""},
		"g saturated": {n, func(n Net, v []float64) { // the slope of tanh at −4.5 is 0.49e-3
			clear(v[n.W(G, 0, 0):n.B(0, 0)])
			for j := range n.H {
				v[n.B(G, j)] = -4.5
			}
		}, 2, "Wg"},
		"just saturated": {n, func(n Net, v []float64) { // the slope of σ at 8.35 is 0.94e-3 of the largest
			clear(v[n.W(O, 0, 0):n.W(G, 0, 0)])
			for j := range n.H {
				v[n.B(O, j)] = 8.35
			}
		}, 2, "Wo"},
		"nearly saturated": {n, func(n Net, v []float64) { // the slope of σ at 8.2 is 1.1e-3 of the largest
			clear(v[n.W(O, 0, 0):n.W(G, 0, 0)])
			for j := range n.H {
				v[n.B(O, j)] = 8.2
			}
		}, 1, "Wo"},
		"alike": {one, func(n Net, v []float64) { // f = i and c′ = g
			copy(v[n.W(F, 0, 0):n.W(O, 0, 0)], v[n.W(I, 0, 0):n.W(F, 0, 0)])
			copy(v[n.B(F, 0):n.B(O, 0)], v[n.B(I, 0):n.B(F, 0)])
			tr := Forward(n, v, make([]float64, n.T*n.O))
			copy(v[n.C0(0):n.C0(n.H)], tr.Gate[0][G])
		}, 3, "bi bf"},
	} {
		v, target := Random(rng, c.n, 0.8), RandomTarget(rng, c.n)
		c.edit(c.n, v)
		w := Fair(c.n, v, target)
		if len(w) != c.faults {
			t.Errorf("%s: %d warnings, want %d: %q", name, len(w), c.faults, w)
			continue
		}
		for _, b := range strings.Fields(c.blocks) {
			if !strings.Contains(w[len(w)-1], b) {
				t.Errorf("%s: %q does not name %s", name, w[len(w)-1], b)
			}
		}
	}
}

// TestWhere: the words tell a wrong dz from wrong sums, and what is not known from what is right.
func TestWhere(t *testing.T) {
	t.Parallel()
	block := []Count{{"Wf", 1, 2}}
	seen := make(map[string]int)
	for k, p := range []Place{
		{Step: 0, Steps: 3}, {Step: 0, Steps: 3, Unknown: 2}, {Step: -1, Steps: 3, Blocks: block}, {Step: -1, Steps: 3, Blocks: block, Unknown: 2}, {Step: -1, Steps: 3},
	} {
		said := p.Where() + ": " + p.Known()
		if was, ok := seen[said]; ok {
			t.Errorf("places %d and %d: %s", was, k, said)
		}
		seen[said] = k
		if strings.Contains(said, "t0 of t0 to t2") != (p.Step == 0) || strings.Contains(said, "Wf") != (p.Blocks != nil) || strings.Contains(said, "2 ") != (p.Unknown > 0) {
			t.Errorf("place %d: %s", k, said)
		}
	}
}
