// Package search finds the smallest sets of mistakes that give the numbers of a program.
package search

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"lstm/check/cause/scale"
	"lstm/check/chain"
	"lstm/check/chain/seen"
	"lstm/check/mistake"
	"lstm/check/pass"
)

// An Explanation is a set of mistakes that together give the numbers of a program.
type Explanation struct {
	Mistakes []*mistake.Exhibit // the mistakes
	Scale    *scale.Factor      // the gradient has a factor besides; nil if it has none
}

// Cost counts the mistakes.
func (e Explanation) Cost() int {
	if e.Scale != nil {
		return len(e.Mistakes) + 1
	}
	return len(e.Mistakes)
}

// A Search looks for the smallest sets of mistakes that give the numbers in Seen.
type Search struct {
	*pass.Point
	*seen.Seen
	Truth       []float64          // the pass with the mistakes in the base alone
	Found       []Explanation      // the smallest sets
	base        []*mistake.Exhibit // mistakes that are known already
	force       func(*pass.Lines)  // a last change of the lines
	deep, local []*candidate       // those that change dz or most sums, and those that change the sums of a gate or two
	collected   bool
	best        int // the cost of the explanations found so far
	*Work
}

// most is how many sets of the same size are kept.
const most = 2000

// New returns a search among all mistakes but those in base. force makes a last change of the lines.
func New(p *pass.Point, arrays []chain.Array, base []*mistake.Exhibit, force func(*pass.Lines), w *Work) *Search {
	s := &Search{Point: p, Seen: seen.See(p, arrays), base: base, force: force, best: 6, Work: w}
	s.Truth = s.With()
	return s
}

// Done reports whether the numbers need no more mistakes.
func (s *Search) Done() bool { return s.Fits(s.Truth) }

// Fits reports whether a pass has the known numbers.
func (s *Search) Fits(b []float64) bool { return s.fits(s.Compare(b, nil)) }

// With returns the backward pass with some mistakes besides the base.
func (s *Search) With(mistakes ...*mistake.Exhibit) []float64 {
	l := mistake.Lines(slices.Concat(s.base, mistakes)...)
	s.force(l)
	return s.Backward(l)
}

// Run finds the smallest sets of mistakes that give the numbers, with at most deepest that change dz. Of sets of
// the same size it finds all, those with the most exhibits first.
func (s *Search) Run(deepest int) {
	if !s.collected {
		s.collected = true
		s.collect()
	}
	for size := 0; size <= min(s.best, deepest) && s.choose(len(s.deep), size, nil); size++ {
	}
	named := slices.ContainsFunc(s.Found, func(e Explanation) bool { return e.Scale == nil })
	s.Found = slices.DeleteFunc(s.Found, func(e Explanation) bool { return named && e.Scale != nil })
	slices.SortStableFunc(s.Found, func(a, b Explanation) int { return cmp.Compare(a.unnamed(), b.unnamed()) })
	s.Found = append(s.Found, s.aliases()...)
	said := make(map[string]bool)
	s.Found = slices.DeleteFunc(s.Found, func(e Explanation) bool {
		w := e.words()
		was := said[w]
		said[w] = true
		return was
	})
}

// Deep returns the mistakes that change dz or most sums.
func (s *Search) Deep() []*mistake.Exhibit { return exhibits(s.deep) }

// OfReadout returns nil, and each mistake in the loss or the readout.
func (s *Search) OfReadout() [][]*mistake.Exhibit {
	all := [][]*mistake.Exhibit{nil}
	for _, m := range s.deep {
		if s.touchesReadout(m) {
			all = append(all, []*mistake.Exhibit{m.Exhibit})
		}
	}
	return all
}

// aliases returns the explanations with one mistake replaced by another that has the same numbers.
func (s *Search) aliases() (more []Explanation) {
	also := make(map[*mistake.Exhibit][]*mistake.Exhibit)
	for _, m := range slices.Concat(s.deep, s.local) {
		also[m.Exhibit] = m.also
	}
	for _, e := range s.Found {
		for k, m := range e.Mistakes {
			for _, other := range also[m] {
				set := slices.Clone(e.Mistakes)
				set[k] = other
				more = append(more, Explanation{set, e.Scale})
			}
		}
	}
	return more
}

// words returns the mistakes in words, in an order of their own.
func (e Explanation) words() string {
	var all []string
	for _, m := range e.Mistakes {
		all = append(all, m.What)
	}
	slices.Sort(all)
	return fmt.Sprint(all, e.Scale)
}

func (e Explanation) unnamed() (n int) {
	for _, m := range e.Mistakes {
		if m.Name == "" && !m.Ties {
			n++
		}
	}
	return n
}

// Off reports whether a block of a kind differs from the known numbers.
func (s *Search) Off(b []float64, kind int) bool {
	for k, off := range s.Compare(b, nil) {
		if off && s.Blocks[k].Kind == kind {
			return true
		}
	}
	return false
}

// choose tries all sets of mistakes with some of the first deep mistakes before chosen. Sets of the first mistakes come
// first. It returns false if that takes too long.
func (s *Search) choose(first, size int, chosen []*candidate) bool {
	if size == 0 {
		return s.attempt(chosen)
	}
	for k := size - 1; k < first; k++ {
		if !s.choose(k, size-1, append([]*candidate{s.deep[k]}, chosen...)) {
			return false
		}
	}
	return true
}

// A scaled is a factor, and the blocks in which a pass with this factor differs from the known numbers.
type scaled struct {
	*scale.Factor
	off []bool
}

// attempt tries some mistakes, and adds a factor, or mistakes in the sums, if they are needed.
func (s *Search) attempt(chosen []*candidate) bool {
	if len(chosen) > s.best {
		return true
	}
	m := &candidate{}
	if len(chosen) == 1 {
		m = chosen[0]
	} else {
		if !s.DoPass(s.Point) {
			return false
		}
		b := s.With(exhibits(chosen)...)
		m.off = slices.Clone(s.Compare(b, nil))
		if m.fits = s.fits(m.off); !m.fits {
			m.scales = s.scales(b)
		}
	}
	set := exhibits(chosen)
	if m.fits {
		s.add(set, nil)
		return true
	}
	s.addSums(set, m.off, nil, 0)
	for _, k := range m.scales {
		if s.fits(k.off) {
			s.add(set, k.Factor)
		} else {
			s.addSums(set, k.off, k.Factor, 0)
		}
	}
	return true
}

func exhibits(chosen []*candidate) (all []*mistake.Exhibit) {
	for _, m := range chosen {
		all = append(all, m.Exhibit)
	}
	return all
}

// addSums looks for mistakes in the sums that mend the blocks that are off.
func (s *Search) addSums(chosen []*mistake.Exhibit, off []bool, k *scale.Factor, from int) {
	cost := len(chosen) + 1
	if k != nil {
		cost++
	}
	if cost > s.best || cost > 1 && !s.promising(off) {
		return
	}
	for i := from; i < len(s.local); i++ {
		m := s.local[i]
		if !meets(m.touches, off) {
			continue
		}
		if !s.DoPass(s.Point) {
			return
		}
		set := append(slices.Clone(chosen), m.Exhibit)
		b := k.Apply(s.Point, s.With(set...))
		now := slices.Clone(s.Compare(b, nil))
		switch {
		case s.fits(now):
			s.add(set, k)
		case count(now) < count(off):
			s.addSums(set, now, k, i+1)
		}
	}
}

// promising reports whether enough of the gates' numbers are right to look for mistakes in the other sums.
func (s *Search) promising(off []bool) bool {
	right, all := 0, 0
	for k, b := range s.Blocks {
		if b.Kind == seen.GateBlock {
			all++
			if !off[k] {
				right++
			}
		}
	}
	return right >= 2 && 3*right >= all || all == 0
}

// add adds an explanation. A factor besides that is nearly 1 is rounding: no program has such a factor.
func (s *Search) add(chosen []*mistake.Exhibit, k *scale.Factor) {
	if k != nil && len(chosen) > 0 && math.Abs(k.Times-1) < 1e-6 {
		k = nil
	}
	e := Explanation{slices.Clone(chosen), k}
	switch c := e.Cost(); {
	case c > s.best:
		return
	case c < s.best:
		s.best, s.Found = c, nil
	}
	if len(s.Found) < most {
		s.Found = append(s.Found, e)
	}
}

func (s *Search) fits(off []bool) bool { return !slices.Contains(off, true) }

func meets(a, b []bool) bool {
	for k := range a {
		if a[k] && b[k] {
			return true
		}
	}
	return false
}

func count(a []bool) (n int) {
	for _, x := range a {
		if x {
			n++
		}
	}
	return n
}

// scales returns the factors that the largest entries suggest.
func (s *Search) scales(b []float64) (all []scaled) {
	gates, readout := s.Ratio(b, seen.GateBlock), s.Ratio(b, seen.ReadoutBlock)
	other := s.Ratio(b, seen.OtherBlock)
	add := func(times float64, of string) {
		if !math.IsNaN(times) && times != 0 && math.Abs(times-1) > 1e-9 && !math.IsInf(times, 0) {
			k := &scale.Factor{Times: times, Of: of}
			all = append(all, scaled{k, slices.Clone(s.Compare(k.Apply(s.Point, b), nil))})
		}
	}
	switch {
	case !math.IsNaN(other) && math.Abs(other-1) > 1e-8:
		add(other, "everything")
	case math.IsNaN(readout):
		add(gates, "gates")
	default:
		if math.IsNaN(gates) {
			gates = readout
		}
		if math.Abs(gates-readout) <= 1e-4*math.Abs(gates) {
			add(gates, "parameters")
		} else {
			add(gates, "gates")
			add(readout, "readout")
		}
	}
	return all
}

// Differ reports whether two lists of numbers differ by more than rounding.
func Differ(a, b []float64) bool {
	for k := range a {
		if Apart(a[k], b[k]) {
			return true
		}
	}
	return false
}

// Apart reports whether two numbers differ by more than rounding.
func Apart(a, b float64) bool { return math.Abs(a-b) > 1e-9*math.Max(math.Abs(a), math.Abs(b)) }
