package museum

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"

	"lstm/check"
	"lstm/check/cause"
	"lstm/check/mistake"
	"lstm/check/scalar"
)

// A Case is an exhibit with its effects.
type Case struct {
	*mistake.Exhibit
	At            *scalar.Point    // a fair point; for an unseen mistake, its loss has the mistake
	Grad          []float64        // the gradient at that point, with the mistake; nil if the check is refused
	Bad, Total    int              // wrong entries, and all entries, of the parameters, the state and the inputs
	Diagnosis     *cause.Diagnosis // the diagnosis of Grad
	Before, After float64          // the loss before training with the mistake, and after it
	Missed        string           // the letters of the Weak checks that miss the mistake
	Refused       error            // the reason why the check is impossible
	seen          bool             // an unseen mistake changes the loss
}

// open measures the points of the exhibits, once: first a fair point, then a point for each of Weak.
var open = sync.OnceValues(func() (points []*scalar.Point, err error) {
	rng := rand.New(rand.NewPCG(1997, 8))
	p, err := measured(scalar.FairPoint(rng))
	points = append(points, p)
	for k := 0; k < len(Weak) && err == nil; k++ {
		p, err = measured(Weak[k].point(rng))
		points = append(points, p)
	}
	return points, err
})

// Look returns the named exhibit, with its findings.
func Look(name string) (*Case, error) {
	points, err := open()
	if err != nil {
		return nil, err
	}
	return look(mistake.Find(name), points), nil
}

func look(e *mistake.Exhibit, points []*scalar.Point) *Case {
	fair, losses := points[0], Train(e).Losses
	c := &Case{Exhibit: e, At: fair, Before: losses[0], After: losses[len(losses)-1], Diagnosis: &cause.Diagnosis{Place: scalar.Place{Step: -1}}}
	if e.Refuse != nil {
		c.Refused = e.Refuse(fair.Net, slices.Clone(fair.V), fair.Target)
		return c
	}
	if e.See != "" {
		own, err := Measure(e, fair.Net, fair.V, fair.Target)
		if err == nil {
			c.At = own // otherwise the gradient is compared with another loss, and is wrong
		}
		c.seen = math.Abs(own.Loss-fair.Loss) > 1e-6*fair.Loss
	}
	c.Grad = e.Gradient(c.At.Net, c.At.V, c.At.Target)
	c.Diagnosis = cause.Diagnose(fair.Net, fair.V, fair.Target, c.Grad, func(i int) bool { return c.At.Wrong(c.Grad, i) })
	for _, b := range c.Diagnosis.Blocks {
		c.Bad += b.Wrong
	}
	c.Total = c.At.Z(0, 0, 0)
	for k, w := range Weak {
		p := points[1+k]
		if e.See == "" && w.misses(p, e.Gradient(p.Net, p.V, p.Target)) {
			c.Missed += string(w.Letter)
		}
	}
	return c
}

// Point returns the sizes of the fair point, in words.
func (c *Case) Point() string {
	return fmt.Sprintf("%d inputs, %d units, %d outputs, %d steps, all numbers random", c.At.X, c.At.H, c.At.O, c.At.T)
}

// Verdict returns the verdict of a check, in one or two sentences.
func (c *Case) Verdict() string {
	switch {
	case c.Refused != nil:
		return "There is no verdict. The check says why: " + strings.TrimPrefix(c.Refused.Error(), "check: ") + "."
	case c.See != "":
		return "The gradient is right for the loss as it is written. No check of gradients can see this mistake. This test sees it: " + c.See + "."
	case c.OfChecker():
		return fmt.Sprintf("The gradient is right, but %d of %d measured slopes are wrong.", c.Bad, c.Total)
	default:
		return fmt.Sprintf("The gradient is wrong: %d of %d entries.", c.Bad, c.Total)
	}
}

// A WeakCheck is a common check that sees fewer mistakes.
type WeakCheck struct {
	Letter byte   // the letter in Exhibit.Weak
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
		v[i] = rng.NormFloat64() // the inputs stay near 1
	}
	if w.zero {
		clear(v[n.H0(0):n.C0(n.H)])
	}
	return n, v, scalar.RandomTarget(rng, n)
}

// misses reports whether the check at p finds nothing wrong with the parameters' gradient.
func (w *WeakCheck) misses(p *scalar.Point, grad []float64) bool {
	blocks := p.Blocks()
	for k, r := range p.Results(grad) {
		if blocks[k].To > p.Params() { // the parameters come first
			break
		}
		if slices.ContainsFunc(r.Entries, func(e check.Entry) bool { return !w.passes(e, r.Scale) }) {
			return false
		}
	}
	return true
}
