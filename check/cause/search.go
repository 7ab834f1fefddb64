package cause

import (
	"cmp"
	"fmt"
	"lstm/check/cause/scale"
	"math"
	"slices"

	"lstm/check/chain"
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

// A search looks for the smallest sets of mistakes that give the numbers in seen.
type search struct {
	*pass.Point
	*chain.Seen
	base        []*mistake.Exhibit // mistakes that are known already
	force       func(*pass.Lines)  // a last change of the lines
	truth       []float64          // the pass with them alone
	deep, local []*candidate       // those that change dz or most sums, and those that change the sums of a gate or two
	best        int                // the cost of the explanations found so far
	found       []Explanation
	*work
}

// A work is how much a search may still do. Its unit is about one multiplication.
type work struct {
	left int
	of   *work // the work that it is a part of
}

// part returns a part of the work that is left.
func (w *work) part(size int) *work { return &work{min(size, w.left), w} }

// steps takes the work of some steps of a backward pass. It reports whether there was enough.
func (w *work) steps(p *pass.Point, n int) bool {
	for ; w != nil; w = w.of {
		if w.left -= n * 8 * p.Net.H * (p.X + p.Net.H + 1); w.left < 0 {
			return false
		}
	}
	return true
}

// A candidate is an exhibit or a relative that shows at this point.
type candidate struct {
	*mistake.Exhibit
	also    []*mistake.Exhibit // other mistakes with the same numbers
	touches []bool             // by block
	pass    []float64          // the backward pass with it alone
}

// newSearch returns a search among all mistakes but those in base.
func newSearch(p *pass.Point, arrays []chain.Array, base []*mistake.Exhibit, force func(*pass.Lines), w *work) *search {
	s := &search{Point: p, Seen: chain.See(p, arrays), base: base, force: force, best: 6, work: w}
	s.truth = s.with(nil)
	return s
}

// done reports whether the numbers need no more mistakes.
func (s *search) done() bool { return s.fits(s.Compare(s.truth, nil)) }

// with returns the backward pass with some mistakes besides the base.
func (s *search) with(mistakes []*mistake.Exhibit) []float64 {
	l := mistake.Lines(slices.Concat(s.base, mistakes)...)
	s.force(l)
	return s.Backward(l)
}

// run finds the smallest sets of mistakes that give the numbers, with at most deepest that change dz. Of sets of
// the same size it finds all, those with the most exhibits first. It returns how many mistakes that change dz it
// could try at once.
func (s *search) run(deepest int) (tried int) {
	if s.deep == nil && s.local == nil {
		s.collect()
	}
	for size := 0; size <= min(s.best, deepest) && s.choose(nil, 0, size); size++ {
		tried = size
	}
	named := slices.ContainsFunc(s.found, func(e Explanation) bool { return e.Scale == nil })
	s.found = slices.DeleteFunc(s.found, func(e Explanation) bool { return named && e.Scale != nil })
	slices.SortStableFunc(s.found, func(a, b Explanation) int { return cmp.Compare(a.unnamed(), b.unnamed()) })
	s.found = append(s.found, s.aliases()...)
	said := make(map[string]bool)
	s.found = slices.DeleteFunc(s.found, func(e Explanation) bool {
		w := e.words()
		was := said[w]
		said[w] = true
		return was
	})
	return tried
}

// aliases returns the explanations with one mistake replaced by another that has the same numbers.
func (s *search) aliases() (more []Explanation) {
	for _, e := range s.found {
		for k, m := range e.Mistakes {
			for _, known := range slices.Concat(s.deep, s.local) {
				if known.Exhibit != m {
					continue
				}
				for _, other := range known.also {
					set := slices.Clone(e.Mistakes)
					set[k] = other
					more = append(more, Explanation{set, e.Scale})
				}
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
		if m.Name == "" {
			n++
		}
	}
	return n
}

// visible returns the mistakes that show in the numbers. Of two that give the same numbers it returns the first.
func (s *search) visible() (all []*candidate) {
	truth := s.truth
	for _, e := range mistake.All(s.Net) {
		if !s.steps(s.Point, s.N*s.T) {
			return all
		}
		m := &candidate{Exhibit: e, pass: s.with([]*mistake.Exhibit{e})}
		m.touches = slices.Clone(s.Compare(m.pass, truth))
		same := func(other *candidate) bool {
			return slices.Equal(m.touches, other.touches) && s.fits(s.Compare(m.pass, other.pass))
		}
		if !slices.Contains(m.touches, true) {
			continue
		}
		if k := slices.IndexFunc(all, same); k < 0 {
			all = append(all, m)
		} else if all[k].What != e.What && (all[k].Name == "" || differ(all[k].pass, m.pass)) { // an exhibit has the better words
			all[k].also = append(all[k].also, e)
		}
	}
	return all
}

// collect sorts the mistakes that show in the numbers.
func (s *search) collect() {
	truth := s.truth
	readout := s.off(truth, chain.ReadoutBlock)
	for _, m := range s.visible() {
		whole := true
		for k, b := range s.Blocks {
			whole = whole && (b.Kind != chain.GateBlock || m.touches[k])
		}
		switch {
		case !whole && !changesDZ(s.Net, m.pass, truth):
			s.local = append(s.local, m)
		case readout || !s.touchesReadout(m): // if the readout is right, so is the loss
			s.deep = append(s.deep, m)
		}
	}
}

// off reports whether a block of a kind differs from the known numbers.
func (s *search) off(b []float64, kind int) bool {
	for k, off := range s.Compare(b, nil) {
		if off && s.Blocks[k].Kind == kind {
			return true
		}
	}
	return false
}

func (s *search) touchesReadout(m *candidate) bool {
	for k, b := range s.Blocks {
		if b.Kind == chain.ReadoutBlock && m.touches[k] {
			return true
		}
	}
	return false
}

// changesDZ reports whether two passes differ before the sums.
func changesDZ(n pass.Net, a, b []float64) bool {
	differ := func(from, to int) bool { return !slices.Equal(a[from:to], b[from:to]) }
	for k := range n.N {
		own := n.Sequence(k)
		if differ(n.H0(0)+own, n.In(0, 0)+own) || differ(n.Z(0, 0, 0)+own, n.Z(n.T, 0, 0)+own) {
			return true
		}
	}
	return differ(n.Len(), n.All())
}

// choose tries all sets of size deep mistakes that begin with chosen. It returns false if that takes too long.
func (s *search) choose(chosen []*mistake.Exhibit, from, size int) bool {
	if size == 0 {
		return s.attempt(chosen)
	}
	for k := from; k < len(s.deep); k++ {
		if !s.choose(append(chosen, s.deep[k].Exhibit), k+1, size-1) {
			return false
		}
	}
	return true
}

// attempt runs the pass with some mistakes, and adds a factor, or mistakes in the sums, if they are needed.
func (s *search) attempt(chosen []*mistake.Exhibit) bool {
	if !s.steps(s.Point, s.N*s.T) {
		return false
	}
	if len(chosen) > s.best {
		return true
	}
	b := s.with(chosen)
	off := slices.Clone(s.Compare(b, nil))
	if s.fits(off) {
		s.add(chosen, nil)
		return true
	}
	s.addSums(chosen, off, nil, 0)
	for _, k := range s.scales(b) {
		scaled := k.Apply(s.Point, b)
		if off := slices.Clone(s.Compare(scaled, nil)); s.fits(off) {
			s.add(chosen, k)
		} else {
			s.addSums(chosen, off, k, 0)
		}
	}
	return true
}

// addSums looks for mistakes in the sums that mend the blocks that are off.
func (s *search) addSums(chosen []*mistake.Exhibit, off []bool, k *scale.Factor, from int) {
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
		if !s.steps(s.Point, s.N*s.T) {
			return
		}
		set := append(slices.Clone(chosen), m.Exhibit)
		b := k.Apply(s.Point, s.with(set))
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
func (s *search) promising(off []bool) bool {
	right, all := 0, 0
	for k, b := range s.Blocks {
		if b.Kind == chain.GateBlock {
			all++
			if !off[k] {
				right++
			}
		}
	}
	return right >= 2 && 3*right >= all || all == 0
}

func (s *search) add(chosen []*mistake.Exhibit, k *scale.Factor) {
	e := Explanation{slices.Clone(chosen), k}
	switch c := e.Cost(); {
	case c > s.best:
		return
	case c < s.best:
		s.best, s.found = c, nil
	}
	s.found = append(s.found, e)
}

func (s *search) fits(off []bool) bool { return !slices.Contains(off, true) }

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
func (s *search) scales(b []float64) (all []*scale.Factor) {
	gates, readout := s.Ratio(b, chain.GateBlock), s.Ratio(b, chain.ReadoutBlock)
	other := s.Ratio(b, chain.OtherBlock)
	add := func(times float64, of string) {
		if !math.IsNaN(times) && times != 0 && math.Abs(times-1) > 1e-9 && !math.IsInf(times, 0) {
			all = append(all, &scale.Factor{Times: times, Of: of})
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
