package mistake

import (
	"lstm/check/mistake/derivative"
	"lstm/check/mistake/words"
	"lstm/check/pass"
	"lstm/check/scalar"
)

// All returns the exhibits that exchange lines of the backward pass and that a check can see, and their relatives,
// for a network.
func All(n pass.Net) (all []*Exhibit) {
	own := ofFactors(n)
	if own {
		all = factorsOf(n) // they are likelier than others with the same numbers
	}
	for _, e := range Exhibits {
		switch {
		case e.Edit == nil || e.See != "" || e.Ties && own:
		case e.Name == "sign" && own:
			sign := *e
			sign.Wrong, sign.Right = derivative.Minus(n), derivative.Right(n)
			all = append(all, &sign)
		default:
			all = append(all, e)
		}
	}
	all = append(all, kin(n)...)
	for k, e := range all {
		if what, wrong, right := words.In(n.Kind, e.What, e.Wrong, e.Right); what != e.What || wrong != e.Wrong || right != e.Right {
			own := *e
			own.What, own.Wrong, own.Right = what, wrong, right
			all[k] = &own
		}
	}
	return all
}

// ofFactors reports whether the loss is not the one of the exhibits, so that other factors of dy are mistakes.
func ofFactors(n pass.Net) bool {
	standard := pass.Standard(n.Net)
	return n.N > 1 || n.Per != standard.Per || n.Kind.Loss != standard.Kind.Loss
}

// factorsOf returns the constant factors of dy that are mistakes.
func factorsOf(n pass.Net) (all []*Exhibit) {
	for k, m := range derivative.Factors(n) {
		all = append(all, &Exhibit{kin: -1 - k, What: m.What, Wrong: m.Wrong, Right: m.Right, Ties: true, Wraps: true, Edit: func(l *pass.Lines) {
			dy := l.DY
			l.DY = func(p *pass.Place) float64 { return m.DY(p, dy(p)) }
		}})
	}
	return all
}

// relatives collects mistakes without names: the exhibits at another gate, step or shift, and other mistakes
// that are not shown.
type relatives []*Exhibit

func (r *relatives) add(what, wrong, right string, edit func(l *pass.Lines)) {
	*r = append(*r, &Exhibit{kin: len(*r) + 1, What: what, Wrong: wrong, Right: right, Edit: edit})
}

// wrap adds a mistake that changes a line which may have another mistake.
func (r *relatives) wrap(what, wrong, right string, edit func(l *pass.Lines)) {
	r.add(what, wrong, right, edit)
	(*r)[len(*r)-1].Wraps = true
}

// kin returns the relatives of the exhibits, for a network.
func kin(n pass.Net) (all relatives) {
	all.ofLoss(n)
	all.ofHelpers()
	for a := range scalar.Gates {
		all.atGate(a)
		all.sumsOf(a)
	}
	all.ofOrder()
	all.ofCell(n)
	all.ofStates()
	all.handedBack(n)
	if n.T > 1 {
		all.forwards()
		all.handedMore()
	}
	all.ofSums(n)
	all.overwritten(n)
	for steps := 1; steps < n.T; steps++ {
		all.overSteps(n.T, steps)
	}
	return all
}
