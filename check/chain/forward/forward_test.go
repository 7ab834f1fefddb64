package forward

import (
	"math/rand/v2"
	"testing"

	"lstm/check/pass"
	"lstm/check/scalar"
)

// TestFind makes a forward pass that differs in one line. Find names this line, and no other.
func TestFind(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(16, 90))
	cell := func(edit func(gate [4]float64, cPrev float64) (c, tanhC, h float64)) func(n pass.Net, v, target []float64) *pass.Point {
		return func(n pass.Net, v, target []float64) *pass.Point { return pass.NewOf(edit, n, v, target) }
	}
	moved := func(index func(n pass.Net) int) func(n pass.Net, v, target []float64) *pass.Point {
		return func(n pass.Net, v, target []float64) *pass.Point { v[index(n)] += 0.1; return pass.New(n, v, target) }
	}
	kind := func(edit func(n *pass.Net)) func(n pass.Net, v, target []float64) *pass.Point {
		return func(n pass.Net, v, target []float64) *pass.Point { edit(&n); return pass.New(n, v, target) }
	}
	for name, c := range map[string]struct {
		make func(n pass.Net, v, target []float64) *pass.Point
		want Line
	}{
		"h0":             {moved(func(n pass.Net) int { return n.H0(1) }), State},
		"c0":             {moved(func(n pass.Net) int { return n.C0(0) }), State},
		"b":              {moved(func(n pass.Net) int { return n.B(2, 1) }), Sum},
		"x":              {moved(func(n pass.Net) int { return n.In(1, 0) }), Sum},
		"Wh":             {moved(func(n pass.Net) int { return n.W(3, n.X, 1) }), Sum},
		"hard sigmoid":   {kind(func(n *pass.Net) { n.Hard = 0.2 }), Gate},
		"h = o·c":        {kind(func(n *pass.Net) { n.Linear = true }), TanhC},
		"another loss":   {kind(func(n *pass.Net) { n.Kind.Loss = pass.Logistic }), Loss},
		"another factor": {kind(func(n *pass.Net) { n.Per *= 1.001 }), Loss},
		"Wy":             {moved(func(n pass.Net) int { return n.Wy(1, 0) }), Y},
		"i + g": {cell(func(gate [4]float64, cPrev float64) (c, tanhC, h float64) {
			c = gate[pass.F]*cPrev + gate[pass.I] + gate[pass.G]
			return c, scalar.Tanh(c), gate[pass.O] * scalar.Tanh(c)
		}), C},
		"h = i·tanh(c)": {cell(func(gate [4]float64, cPrev float64) (c, tanhC, h float64) {
			c, tanhC, _ = pass.LSTM(gate, cPrev)
			return c, tanhC, gate[pass.I] * tanhC
		}), H},
	} {
		n, v, target := scalar.FairPoint(rng)
		right := pass.New(pass.Standard(n), v, target)
		if f := Find(right, right.Traces[0]); len(f) > 0 {
			t.Errorf("%s does not hold in a right pass", f[0].equation)
		}
		program := c.make(right.Net, append([]float64(nil), v...), target)
		f := Find(right, program.Traces[0])
		if len(f) != 1 || f[0].Line != c.want || f[0].Has == f[0].Right || f[0].Where() == "" || f[0].Cause().Line == "" {
			t.Errorf("%s: %+v, want line %d alone", name, f, c.want)
		}
	}
}
