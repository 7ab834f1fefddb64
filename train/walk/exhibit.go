package walk

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"lstm/check/cause"
	"lstm/check/chain"
	"lstm/check/museum"
	"lstm/check/pass"
)

// Museum walks through exhibits, a case for each, at the point of the first. An exhibit whose mistake is not in the
// gradient has the right pass.
func Museum(exhibits ...*museum.Case) *Walk {
	at := exhibits[0].At
	p := pass.New(pass.Standard(at.Net), at.V, at.Target)
	w := Pass(p, 0, nil)
	w.Yours = "as it is"
	for _, e := range exhibits {
		switch {
		case e.See != "":
			w.another(e)
		case e.Edit != nil:
			b := p.Backward(e.Lines())
			c := chain.Whole(p, b)
			c.Judge(cause.Arrays(at.Net, b[:at.Len()]))
			w.Compare(e.Name, c, 0)
		default:
			w.Cases = append(w.Cases, Case{Name: e.Name, Note: "The backward pass is right: the mistake is in the check."})
		}
	}
	w.begin()
	return w
}

// another adds an exhibit with another forward pass or another target.
func (w *Walk) another(e *museum.Case) {
	target := e.At.Target
	if e.Task != nil {
		target = e.Task(e.At.Net, e.At.V, target)
	}
	p := e.Pass(e.At.Net, e.At.V, target)
	its := &Walk{First: w.First, T: w.T, Units: w.Units, Numbers: Numbers{}}
	its.forward(p, 0)
	its.Numbers.add(its.backward(p, e.Lines(), p.Backward(e.Lines()), 0))
	c := Case{
		Name: e.Name, Numbers: Numbers{}, States: make(map[string][][]State), Another: true,
		Note: "The gradient is right for the loss as it is written. Its numbers differ because this is another loss.",
	}
	its.cellOf(&c)
	for _, name := range slices.Concat(slices.Collect(maps.Keys(its.Numbers)), []string{"dcp", "dhp"}) {
		of := cmp.Or(later[name], name)
		for k := range its.Numbers[of] {
			states, differs := make([]State, w.T), false
			for t := range states {
				states[t] = Right
				is, be := its.At(nil, name, k, t), w.At(nil, name, k, t)
				if math.Abs(is-be) > 1e-9*math.Abs(be) {
					states[t], differs = Inherited, true
				}
			}
			if differs {
				c.Numbers[of] = its.Numbers[of]
			}
			c.States[name] = append(c.States[name], states)
		}
	}
	w.Cases = append(w.Cases, c)
}

// cellOf finds how the cell of a case differs from the usual one, and sets what is added to c.
func (w *Walk) cellOf(c *Case) {
	c.Linear, c.Sum = true, true
	every := func(holds func(k, t int) bool) bool {
		for k := range w.Units {
			for t := range w.T {
				if !holds(k, t) {
					return false
				}
			}
		}
		return true
	}
	is := func(name string, k, t int) float64 { return w.At(nil, name, k, t) }
	c.Linear = every(func(k, t int) bool { return is("tc", k, t) == is("c", k, t) })
	c.Sum = every(func(k, t int) bool {
		added := is("c", k, t) - is("f", k, t)*is("cp", k, t)
		return math.Abs(added-is("i", k, t)-is("g", k, t)) < 1e-9
	})
	for k := range w.Units {
		for t := range w.T {
			if c.Sum {
				w.Numbers["ig"][k][t] = is("i", k, t) + is("g", k, t)
			}
		}
	}
}
