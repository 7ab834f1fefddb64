package trial

import (
	"math"
	"slices"

	"lstm/check/chain"
	"lstm/check/given"
	"lstm/check/given/convention/place"
	"lstm/check/pass"
)

// Gradients returns gradients of parameters, each entry as a sum of terms. list is Grads or Numeric of the file.
func (t *Trial) Gradients(d *given.Dump, list []given.Array) (all []chain.Array) {
	of := make([][][]chain.Term, len(d.Params))
	for k, p := range d.Params {
		of[k] = make([][]chain.Term, len(p.Data))
	}
	t.each(func(array, entry int, term chain.Term) { of[array][entry] = append(of[array][entry], term) })
	for i := range list {
		k := slices.IndexFunc(d.Params, func(p given.Array) bool { return p.Name == list[i].Name })
		if k >= 0 && len(list[i].Data) == len(d.Params[k].Data) {
			all = append(all, seen(&list[i], of[k]))
		}
	}
	return all
}

func seen(a *given.Array, of [][]chain.Term) chain.Array {
	value, bar := slices.Clone(a.Data), make([]float64, len(a.Data))
	for i := range value {
		if a.Null != nil && a.Null[i] {
			value[i] = math.NaN()
		}
		if a.Bar != nil {
			bar[i] = a.Bar[i]
		}
	}
	return chain.Array{Name: a.Name, Shape: a.Shape, Value: value, Bar: bar, Of: of}
}

// An Order says how the arrays of a backward pass stand in a file, where the shapes leave it open.
type Order struct {
	Stacked bool                   // the steps are the first axis
	Last    func(name string) bool // whether the last step stands first; nil: never
}

// Backward returns what the file says of the backward pass: dx dh0 dc0, then dy dh dc di df do dg. The last m steps have a
// target.
func (t *Trial) Backward(d *given.Dump, m int, order Order) (all []chain.Array) {
	n := t.Net(pass.Sum, 1)
	if dy := d.Known["dy"]; dy != nil && t.Seq.Look(dy, n.T, n.O, order.Stacked) != nil {
		m = n.T
	}
	term := func(index int) []chain.Term { return []chain.Term{{Index: index, Times: 1}} }
	own := func(index, s int) []chain.Term { return term(index + n.Sequence(s)) }
	add := func(name string, r, k int, of func(s, t, k int) []chain.Term) {
		if v := t.Seq.Look(d.Known[name], r, k, order.Stacked); v != nil {
			if order.Last != nil && order.Last(name) {
				v = v.Flip()
			}
			all = append(all, seen(v.Array, everywhere(v, n.N, k, of)))
		}
	}
	add("dx", n.T, n.X, func(s, t, k int) []chain.Term { return own(n.In(t, k), s) })
	all = append(all, t.states(d.Known["dh0"], func(s, j int) int { return n.H0(j) + n.Sequence(s) })...)
	all = append(all, t.states(d.Known["dc0"], func(s, j int) int { return n.C0(j) + n.Sequence(s) })...)
	add("dy", m, n.O, func(s, t, k int) []chain.Term { return term(n.DY(s, n.T-m+t, k)) })
	add("dh", n.T, n.H, func(s, t, k int) []chain.Term { return term(n.DH(s, t, k)) })
	add("dc", n.T, n.H, func(s, t, k int) []chain.Term { return term(n.DC(s, t, k)) })
	for _, gate := range []int{pass.I, pass.F, pass.O, pass.G} {
		add("d"+letters[gate], n.T, n.H, func(s, step, k int) []chain.Term {
			terms := own(n.Z(step, gate, k), s)
			if t.family.makes(gate) {
				terms = append(terms, chain.Term{Index: n.Z(step, missing[t.family], k) + n.Sequence(s), Times: -1})
			}
			return terms
		})
	}
	return all
}

// everywhere returns the terms of all entries that a view of n sequences of rows of k numbers sees.
func everywhere(v *place.View, n, k int, of func(s, t, k int) []chain.Term) [][]chain.Term {
	terms := make([][]chain.Term, len(v.Data))
	for s := range n {
		for t := range v.R {
			for i := range k {
				terms[v.At(s, t, i)] = of(s, t, i)
			}
		}
	}
	return terms
}

// states reads dh0 or dc0: a state for each sequence, or one for all.
func (t *Trial) states(a *given.Array, index func(s, j int) int) []chain.Array {
	v := t.Seq.State(a, t.H)
	if v == nil {
		return nil
	}
	terms := make([][]chain.Term, len(a.Data))
	for s := range t.Seq.N {
		for j := range t.H {
			at := v.At(s, 0, j)
			terms[at] = append(terms[at], chain.Term{Index: index(s, j), Times: 1})
		}
	}
	return []chain.Array{seen(a, terms)}
}

// Right returns the values that an array has in the vector of a backward pass.
func Right(a *chain.Array, back []float64) []float64 {
	all := make([]float64, len(a.Of))
	for i, terms := range a.Of {
		for _, t := range terms {
			all[i] += t.Times * back[t.Index]
		}
	}
	return all
}
