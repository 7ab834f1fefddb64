package walk

import (
	"cmp"
	"math"
	"slices"
)

// The largest numbers of units, steps and both that a page shows.
const (
	mostUnits = 64
	mostSteps = 200
	mostCells = 3000
)

// track has what a Spot depends on, for one unit over all steps. ig is i·g, or its difference from other sequences; own is then
// i·g itself.
type track struct{ ig, own, f, dc, dch []float64 }

// spot finds where a unit is written: where i·g·dc is largest, before the last step. It is read where most of that dc
// comes from. Where other sequences write and this one does not counts only if it counts three times as much as any write.
func (k track) spot() (s Spot) {
	writes := make([]float64, max(1, len(k.ig)-1))
	own := make([]float64, len(writes))
	for t := range writes {
		writes[t] = math.Abs(k.ig[t] * k.dc[t])
		if own[t] = writes[t]; k.own != nil {
			own[t] = min(writes[t], math.Abs(k.own[t]*k.dc[t]))
		}
	}
	s.Written = largest(own)
	if t := largest(writes); own[s.Written] < writes[t]/3 {
		s.Written = t
	}
	s.Weight = writes[s.Written]
	most, keep := -1.0, 1.0
	for t := s.Written; t < len(k.f); t++ {
		if t > s.Written {
			keep *= k.f[t]
		}
		if e := math.Abs(k.dch[t] * keep); e > most {
			most, s.Read, s.Kept = e, t, keep
		}
	}
	s.Least, s.Half = 1, math.Pow(0.5, float64(s.Read-s.Written))
	for _, f := range k.f[s.Written+1 : s.Read+1] {
		s.Least = min(s.Least, f)
	}
	if s.Read < s.Written { // no number is finite
		s.Read, s.Kept = s.Written, 1
	}
	own[s.Written] = s.Weight
	s.Also = second(own[:min(len(own), s.Read+1)], s.Written)
	return s
}

// largest returns the index of the largest number, or 0 if none is finite.
func largest(x []float64) (at int) {
	for t, e := range x {
		if e > x[at] {
			at = t
		}
	}
	return at
}

// second returns the step with the largest write besides that of step most, if it is at least a third of it and more than
// 3 steps away. Otherwise it returns −1.
func second(writes []float64, most int) int {
	best := -1
	for t, e := range writes {
		if max(t-most, most-t) > 3 && e >= writes[most]/3 && e > 0 && (best < 0 || e > writes[best]) {
			best = t
		}
	}
	return best
}

// window returns the steps that a page shows: all, or those around the place of interest.
func window(whole int, s Spot) (first, n int) {
	if n = min(whole, mostSteps); whole == n {
		return 0, n
	}
	first = max(0, min(s.Written-10, whole-n))
	if s.Read >= first+n { // the end of the way, if both places fit
		if from := s.Read + 1 - n; from <= s.Written {
			first = from
		}
	}
	return first, n
}

// shown returns how many units a page shows.
func shown(units, steps int) int { return min(units, mostUnits, max(1, mostCells/steps)) }

// choose chooses the units and the steps to show, and where the walk begins.
func (w *Walk) choose(spots []Spot) {
	order := make([]int, len(spots))
	for j := range order {
		order[j] = j
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(spots[b].Weight, spots[a].Weight) })
	w.First, w.T = window(w.Whole, spots[order[0]])
	w.Order, w.Units = order, order[:shown(len(order), w.T)]
	for _, j := range w.Units {
		w.Spots = append(w.Spots, spots[j])
	}
	w.Step = max(0, min(w.T-1, w.Spots[0].Written-w.First))
}
