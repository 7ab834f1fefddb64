package search

import (
	"slices"

	"lstm/check/chain/seen"
	"lstm/check/mistake"
	"lstm/check/pass"
)

// A candidate is an exhibit or a relative that shows at this point.
type candidate struct {
	*mistake.Exhibit
	also    []*mistake.Exhibit // other mistakes with the same numbers
	touches []bool             // by block
	deep    bool               // whether it changes dz or the sums of most gates
	sample  []float64          // some numbers of the backward pass with it alone
	off     []bool             // the blocks in which this pass differs from the known numbers
	scales  []scaled           // the factors that the known numbers suggest
	fits    bool               // whether it gives the known numbers alone
}

// collect tries every mistake alone, and keeps those that show in the known numbers. Of two that give the same numbers it
// keeps the first.
func (s *Search) collect() {
	var all []*candidate
	for _, e := range mistake.All(s.Net) {
		if !s.DoPass(s.Point) {
			break
		}
		b := s.With(e)
		m := &candidate{Exhibit: e, touches: slices.Clone(s.Compare(b, s.Truth)), sample: s.Sample(b)}
		if !slices.Contains(m.touches, true) {
			continue
		}
		k := slices.IndexFunc(all, func(other *candidate) bool {
			return slices.Equal(m.touches, other.touches) && s.Alike(m.sample, other.sample) && s.fits(s.Compare(b, s.With(other.Exhibit)))
		})
		if k < 0 {
			s.measure(m, b)
			all = append(all, m)
		} else if all[k].What != e.What && (all[k].Name == "" || e.Ties || Differ(s.With(all[k].Exhibit), b)) { // an exhibit has the better words
			all[k].also = append(all[k].also, e)
		}
	}
	readout := s.Off(s.Truth, seen.ReadoutBlock)
	for _, m := range all {
		if !m.deep {
			s.local = append(s.local, m)
		} else if readout || !s.touchesReadout(m) { // if the readout is right, so is the loss
			s.deep = append(s.deep, m)
		}
	}
}

// measure compares the pass with one mistake with the known numbers.
func (s *Search) measure(m *candidate, b []float64) {
	whole := true
	for k, blk := range s.Blocks {
		whole = whole && (blk.Kind != seen.GateBlock || m.touches[k])
	}
	m.deep = whole || changesDZ(s.Net, b, s.Truth)
	m.off = slices.Clone(s.Compare(b, nil))
	if m.fits = s.fits(m.off); m.deep && !m.fits {
		m.scales = s.scales(b)
	}
}

func (s *Search) touchesReadout(m *candidate) bool {
	for k, b := range s.Blocks {
		if b.Kind == seen.ReadoutBlock && m.touches[k] {
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
