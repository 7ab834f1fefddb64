package museum

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"

	"lstm/check/scalar"
)

// A Finding is what an exhibit does.
type Finding struct {
	Wrong, Total int        // wrong entries, and all, of the parameters, the state and the inputs
	Diagnosis    *Diagnosis // of Gradient
	Before       float64    // the loss before training with the mistake
	After        float64    // and after it
	Weak         string     // the letters of the Weak checks that miss the mistake
	Refused      error      // why the check cannot be made
	Seen         bool       // whether an unseen mistake shows where See says
}

// A Case is an exhibit with its findings.
type Case struct {
	*Exhibit
	Finding *Finding      // what it does
	At      *scalar.Point // a fair point; if no check can see the mistake, with the loss that has it
	Grad    []float64     // the gradient at that point, with the mistake; nil if the check is refused
}

// open measures the points at which the exhibits are shown, once: a fair one, then one for each of Weak.
var open = sync.OnceValues(func() (points []*scalar.Point, err error) {
	rng := rand.New(rand.NewPCG(1997, 8))
	random := []func(rng *rand.Rand) (n scalar.Net, v, target []float64){scalar.FairPoint}
	for k := range Weak {
		random = append(random, Weak[k].point)
	}
	for _, r := range random {
		p, err := (&Exhibit{}).measure(r(rng))
		if err != nil {
			return nil, err
		}
		points = append(points, p)
	}
	return points, nil
})

// Look returns the exhibit of a name, with its findings.
func Look(name string) (*Case, error) {
	points, err := open()
	if err != nil {
		return nil, err
	}
	return exhibit(name).look(points), nil
}

func (e *Exhibit) look(points []*scalar.Point) *Case {
	fair := points[0]
	losses := e.Train().Losses
	f := &Finding{Before: losses[0], After: losses[len(losses)-1], Diagnosis: &Diagnosis{Place: scalar.Place{Step: -1}}}
	c := &Case{Exhibit: e, Finding: f, At: fair}
	if e.refuse != nil {
		f.Refused = e.refuse(fair.Net, slices.Clone(fair.V), fair.Target)
		return c
	}
	if e.See != "" {
		f.Seen = e.shows(fair)
		if own, err := e.measure(fair.Net, fair.V, fair.Target); err == nil {
			c.At = own // else the gradient is compared with another loss, and wrong
		}
	}
	c.Grad = e.Gradient(c.At.Net, c.At.V, c.At.Target)
	f.Diagnosis = Diagnose(fair.Net, fair.V, fair.Target, c.Grad, func(i int) bool { return c.At.Wrong(c.Grad, i) })
	for _, b := range f.Diagnosis.Blocks {
		f.Wrong += b.Wrong
	}
	f.Total = c.At.Z(0, 0, 0)
	for k, w := range Weak {
		p := points[1+k]
		if e.See == "" && w.misses(p, e.Gradient(p.Net, p.V, p.Target)) {
			f.Weak += string(w.Letter)
		}
	}
	return c
}

// shows reports whether an unseen mistake shows where See says: repeating the input leaves no loss, or
// the loss differs from that of package scalar.
func (e *Exhibit) shows(p *scalar.Point) bool {
	if e.task == nil {
		return math.Abs(e.Forward(p.Net, p.V, p.Target).Loss-p.Loss) > 1e-6*p.Loss
	}
	for k, target := range e.targets(p.Net, p.V, p.Target) {
		if target != p.V[p.In(k/p.O, k%p.O%p.X)] {
			return false
		}
	}
	return true
}

// Point returns the sizes of the fair point, in words.
func (c *Case) Point() string {
	return fmt.Sprintf("%d inputs, %d units, %d outputs, %d steps, all numbers random", c.At.X, c.At.H, c.At.O, c.At.T)
}

// Verdict returns what a check says, in one or two sentences.
func (c *Case) Verdict() string {
	switch f := c.Finding; {
	case f.Refused != nil:
		return "There is no verdict. The check says why: " + strings.TrimPrefix(f.Refused.Error(), "check: ") + "."
	case c.See != "":
		return "The gradient is right for the loss as it is written. No check of gradients can see this mistake. What sees it: " + c.See + "."
	case c.OfChecker():
		return fmt.Sprintf("The gradient is right, but %d of %d measured slopes are wrong.", f.Wrong, f.Total)
	default:
		return fmt.Sprintf("The gradient is wrong: %d of %d entries.", f.Wrong, f.Total)
	}
}
