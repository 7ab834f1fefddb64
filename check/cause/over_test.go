package cause

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"lstm/check/pass"
	"lstm/check/scalar"
)

// overwrite returns the gradient of a program with some mistake in which some arrays are overwritten at every step.
func overwrite(p *pass.Point, l *pass.Lines, arrays string) []float64 {
	grad := p.Backward(l)
	first := p.FirstStep(grad, 0)
	n := p.Net
	for _, a := range strings.Fields(arrays) {
		ranges := map[string][2]int{"W": {0, n.B(0, 0)}, "b": {n.B(0, 0), n.Wy(0, 0)}, "Wf": {n.W(pass.F, 0, 0), n.W(pass.O, 0, 0)},
			"bo": {n.B(pass.O, 0), n.B(pass.G, 0)}, "Wy": {n.Wy(0, 0), n.By(0)}, "by": {n.By(0), n.Params()}}
		r := ranges[a]
		copy(grad[r[0]:r[1]], first[r[0]:r[1]])
	}
	return grad[:n.Len()]
}

// TestOverwritten: each array can be overwritten at every step, alone or with others, with another mistake or without. If
// all are, that is said once.
func TestOverwritten(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(31, 1))
	for arrays, mistakes := range map[string]int{"b": 1, "W": 1, "Wy": 1, "by": 1, "Wf": 1, "bo": 1, "W b": 1, "Wy by": 1, "b Wy": 2, "W Wy": 2, "W b Wy by": 1, "Wf bo": 2} {
		for _, also := range []bool{false, true} {
			n, v, target := scalar.FairPoint(rng)
			p, l := pass.New(pass.Standard(n), v, target), pass.Right()
			if also {
				l.DCPrev = func(p *pass.Place) float64 { return p.DC }
			}
			grad := overwrite(p, l, arrays)
			for i := p.Params(); i < len(grad); i++ {
				grad[i] = math.NaN()
			}
			causes, _ := Causes(p, Arrays(n, grad), nil)
			over := 0
			for _, c := range causes {
				if strings.Contains(c.Likely, "overwritten") {
					over++
				}
			}
			if want := map[bool]int{false: mistakes, true: mistakes + 1}[also]; over != mistakes || len(causes) != want {
				t.Errorf("%s, also %v: %d causes: %+v", arrays, also, len(causes), causes)
			}
		}
	}
}
