package search

import (
	"math/rand/v2"
	"slices"

	"lstm/check/mistake"
	"lstm/check/pass"
)

// gives reports whether some mistakes, and the factor of e, give the known numbers.
func (s *Search) gives(e Explanation, set []*mistake.Exhibit) bool {
	return s.DoPass(s.Point) && s.Fits(e.Scale.Apply(s.Point, s.With(set...)))
}

// Fewer replaces two mistakes of an explanation by one, as long as it still gives the known numbers.
func (s *Search) Fewer(e Explanation) Explanation {
	for i := range e.Mistakes {
		for k := range i {
			rest := slices.Delete(slices.Clone(e.Mistakes), i, i+1)
			rest = slices.Delete(rest, k, k+1)
			for _, m := range mistake.All(s.Net) {
				if set := append(slices.Clip(rest), m); s.gives(e, set) {
					return s.Fewer(Explanation{set, e.Scale})
				}
			}
		}
	}
	return e
}

// Like returns the explanations that have one other mistake, and give the known numbers too. Other words for an exhibit do
// not count.
func (s *Search) Like(e Explanation) (all []Explanation) {
	said, pass := map[string]bool{e.words(): true}, s.With(e.Mistakes...)
	for k := range e.Mistakes {
		for _, m := range mistake.All(s.Net) {
			set := slices.Clone(e.Mistakes)
			set[k] = m
			other := Explanation{set, e.Scale}
			if w := other.words(); said[w] || slices.Contains(e.Mistakes, m) || !s.gives(e, set) {
				continue
			} else if said[w] = true; e.Mistakes[k].Name == "" || m.Ties || Differ(s.With(set...), pass) {
				all = append(all, other)
			}
		}
	}
	return all
}

// Subsets calls f with all subsets of the given size, until f returns false.
func Subsets(all []*mistake.Exhibit, size int, f func(set []*mistake.Exhibit) bool) {
	var chosen []*mistake.Exhibit
	var choose func(from int) bool
	choose = func(from int) bool {
		if len(chosen) == size {
			return f(chosen)
		}
		for k := from; k < len(all); k++ {
			chosen = append(chosen, all[k])
			more := choose(k + 1)
			if chosen = chosen[:len(chosen)-1]; !more {
				return false
			}
		}
		return true
	}
	choose(0)
}

// Once leaves out explanations that say one mistake of an earlier one in other words: the wrong line is the same, and so is
// the gradient of every parameter, here and at another point.
func (s *Search) Once(all []Explanation) (once []Explanation) {
	for _, e := range all {
		if !slices.ContainsFunc(once, func(f Explanation) bool {
			a, b := apart(e, f), apart(f, e)
			return len(a) == 1 && len(b) == 1 && a[0].Wrong == b[0].Wrong && s.same(a[0], b[0])
		}) {
			once = append(once, e)
		}
	}
	return once
}

// apart returns the mistakes of an explanation that another one does not have.
func apart(e, f Explanation) (all []*mistake.Exhibit) {
	for _, m := range e.Mistakes {
		if !slices.Contains(f.Mistakes, m) {
			all = append(all, m)
		}
	}
	return all
}

// same reports whether two mistakes make the same program of the parameters' gradients.
func (s *Search) same(a, b *mistake.Exhibit) bool {
	v, rng := slices.Clone(s.V), rand.New(rand.NewPCG(1, 9))
	for i := range s.Params() {
		v[i] += rng.NormFloat64() / 2
	}
	for _, p := range []*pass.Point{s.Point, pass.New(s.Net, v, s.Target)} {
		for range 2 {
			if !s.DoPass(p) {
				return false
			}
		}
		if Differ(p.Backward(mistake.Lines(a))[:p.Params()], p.Backward(mistake.Lines(b))[:p.Params()]) {
			return false
		}
	}
	return true
}
