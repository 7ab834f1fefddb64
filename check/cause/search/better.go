package search

import (
	"slices"

	"lstm/check/mistake"
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
			} else if said[w] = true; e.Mistakes[k].Name == "" || Differ(s.With(set...), pass) {
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
