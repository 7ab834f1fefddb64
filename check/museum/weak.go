package museum

import (
	"math"
	"math/rand/v2"
	"slices"

	"lstm/check"
	"lstm/check/scalar"
)

// A WeakCheck is a check that people make and that sees less.
type WeakCheck struct {
	Letter byte   // for Exhibit.Weak
	What   string // "a check …"
	net    scalar.Net
	near   float64                                   // the size of the weights
	zero   bool                                      // whether the state starts from zero
	passes func(e check.Entry, largest float64) bool // largest is the largest entry of the block
}

// Weak has the weak checks.
var Weak = []WeakCheck{
	{'1', "of one step from the zero state", scalar.Net{X: 2, H: 3, O: 2, T: 1}, 0.8, true, passes},
	{'w', "with weights near 1e-4, from the zero state, that ignores errors below 1e-6", scalar.Net{X: 2, H: 3, O: 2, T: 5}, 1e-4, true,
		func(e check.Entry, _ float64) bool { return math.Abs(e.Analytic-e.Numeric) <= 1e-6 }},
	{'o', "with one output", scalar.Net{X: 2, H: 3, O: 1, T: 5}, 0.8, false, passes},
	{'t', "with a tolerance of 1e-2 of the largest entry of the block", scalar.Net{X: 2, H: 3, O: 2, T: 5}, 0.8, false,
		func(e check.Entry, largest float64) bool { return math.Abs(e.Analytic-e.Numeric) <= 1e-2*largest }},
}

func passes(e check.Entry, _ float64) bool { return e.Verdict == check.Right }

// point returns a random point for the check.
func (w *WeakCheck) point(rng *rand.Rand) (n scalar.Net, v, target []float64) {
	n = w.net
	v = scalar.Random(rng, n, w.near)
	for i := n.In(0, 0); i < n.Z(0, 0, 0) && w.near < 0.8; i++ {
		v[i] = rng.NormFloat64() // inputs near 1 all the same
	}
	if w.zero {
		clear(v[n.H0(0):n.C0(n.H)])
	}
	return n, v, scalar.RandomTarget(rng, n)
}

// misses reports whether the check at p finds nothing wrong with the parameters' gradient.
func (w *WeakCheck) misses(p *scalar.Point, grad []float64) bool {
	for _, r := range p.Results(grad) {
		if r.Name == "h0" { // the parameters stand before it
			break
		}
		if slices.ContainsFunc(r.Entries, func(e check.Entry) bool { return !w.passes(e, r.Scale) }) {
			return false
		}
	}
	return true
}
