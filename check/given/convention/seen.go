package convention

import (
	"math"
	"slices"

	"lstm/check/chain"
	"lstm/check/given"
	"lstm/check/pass"
)

// arrays returns gradients of parameters, each entry as a sum of terms.
func (f *fit) arrays(d *given.Dump, list []given.Array) (all []chain.Array) {
	of := make([][][]chain.Term, len(d.Params))
	for k, p := range d.Params {
		of[k] = make([][]chain.Term, len(p.Data))
	}
	f.each(func(array, entry int, t chain.Term) { of[array][entry] = append(of[array][entry], t) })
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

// seen returns all that the file says of the backward pass.
func (f *fit) seen(d *given.Dump) []chain.Array {
	all := f.arrays(d, d.Grads)
	n := f.point.Net
	term := func(index int) []chain.Term { return []chain.Term{{Index: index, Times: 1}} }
	// add reads an array of sequences: for each, r rows of k numbers.
	add := func(name string, r, k int, of func(s, t, k int) []chain.Term) {
		if v := look(d.Known[name], f.seq.axes, n.N, r, k); v != nil {
			terms := make([][]chain.Term, len(v.Data))
			for s := range n.N {
				for t := range r {
					for i := range k {
						terms[v.at(s, t, i)] = of(s, t, i)
					}
				}
			}
			all = append(all, seen(v.Array, terms))
		}
	}
	add("dx", n.T, n.X, func(s, t, k int) []chain.Term { return term(n.In(t, k) + n.Sequence(s)) })
	all = append(all, f.states(d, "dh0", n.H0(0))...)
	all = append(all, f.states(d, "dc0", n.C0(0))...)
	m := f.objective.M
	if dy := d.Known["dy"]; dy != nil && look(dy, f.seq.axes, n.N, n.T, n.O) != nil {
		m = n.T
	}
	add("dy", m, n.O, func(s, t, k int) []chain.Term { return term(n.DY(s, n.T-m+t, k)) })
	add("dh", n.T, n.H, func(s, t, k int) []chain.Term { return term(n.DH(s, t, k)) })
	add("dc", n.T, n.H, func(s, t, k int) []chain.Term { return term(n.DC(s, t, k)) })
	for _, gate := range []int{pass.I, pass.F, pass.O, pass.G} {
		add("d"+"ifog"[gate:gate+1], n.T, n.H, func(s, t, k int) []chain.Term {
			terms := term(n.Z(t, gate, k) + n.Sequence(s))
			if f.family == coupledF && gate == pass.F || f.family == coupledI && gate == pass.I {
				terms = append(terms, chain.Term{Index: n.Z(t, missing[f.family], k) + n.Sequence(s), Times: -1})
			}
			return terms
		})
	}
	return all
}

// states reads dh0 or dc0: a state for each sequence, or one for all.
func (f *fit) states(d *given.Dump, name string, from int) []chain.Array {
	a := d.Known[name]
	if a == nil {
		return nil
	}
	v := f.seq.state(a, f.H)
	if v == nil {
		return nil
	}
	terms := make([][]chain.Term, len(a.Data))
	for s := range f.seq.N {
		for j := range f.H {
			at := v.at(s, 0, j)
			terms[at] = append(terms[at], chain.Term{Index: from + j + f.point.Sequence(s), Times: 1})
		}
	}
	return []chain.Array{seen(a, terms)}
}

// right returns the values that the vector of a backward pass has for an array.
func right(a *chain.Array, back []float64) []float64 {
	all := make([]float64, len(a.Of))
	for i, terms := range a.Of {
		for _, t := range terms {
			all[i] += t.Times * back[t.Index]
		}
	}
	return all
}

// agrees reports whether all known entries of an array are the right ones, to the digits of the file. near has the
// gradient for numbers moved within their bars.
func (s *search) agrees(a *chain.Array, back []float64, near [][]float64) bool {
	value := right(a, back)
	size, known := 0.0, false
	for _, v := range value {
		size = max(size, math.Abs(v))
	}
	allowed := make([]float64, len(value))
	for _, n := range near {
		for i, v := range right(a, n) {
			allowed[i] = max(allowed[i], 3*math.Abs(v-value[i]))
		}
	}
	for i, v := range value {
		if math.Abs(a.Value[i]-v) > a.Bar[i]+allowed[i]+s.rounding()*size {
			return false
		}
		known = known || a.Value[i] != 0
	}
	return known
}
