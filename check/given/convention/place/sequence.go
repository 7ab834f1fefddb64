package place

import (
	"math"
	"slices"
	"strings"

	"lstm/check/given"
)

// A Sequence is a reading of x: its sizes and the order of its axes.
type Sequence struct {
	N, T, X int    // sequences, steps, inputs
	Axes    string // of sequences n, rows r and numbers k, outermost first
	Input   *View  // x
	Symbols bool   // x has a whole number for each step; X is not known then
	Base    int    // the first symbol: 0 or 1
	cost    int
}

// sequences returns the readings of x: sequences first, or steps first, or columns, the numbers of a step first.
func sequences(x *given.Array) (all []*Sequence) {
	for k, axes := range []string{"nrk", "rnk", "knr"} {
		ways, costs := split(x.Shape, axes)
		for i, sizes := range ways {
			size := func(axis byte) int { return sizes[strings.IndexByte(axes, axis)] }
			s := &Sequence{N: size('n'), T: size('r'), X: size('k'), Axes: axes, cost: costs[i] + k}
			if axes == "rnk" && (s.N == 1 || s.T == 1) {
				continue // the same as another
			}
			s.Input = Look(x, axes, s.N, s.T, s.X)
			all = append(all, s)
			for base := range 2 {
				if s.X == 1 && whole(x) && slices.Min(x.Data) >= float64(base) {
					symbols := *s
					symbols.Symbols, symbols.Base = true, base
					symbols.cost += base
					all = append(all, &symbols)
				}
			}
		}
	}
	return all
}

// whole reports whether an array has the numbers 0, 1, 2, … only.
func whole(a *given.Array) bool {
	for _, v := range a.Data {
		if v < 0 || v != math.Trunc(v) {
			return false
		}
	}
	return len(a.Data) > 0
}

// State returns a view of h0 or c0. One state may be for all sequences.
func (s *Sequence) State(a *given.Array, h int) *View {
	if v := Look(a, s.Axes, s.N, 1, h); v != nil {
		return v
	}
	if v := Look(a, s.Axes, 1, 1, h); v != nil {
		v.n = 0
		return v
	}
	return nil
}

// Rows returns a view of y, h or c: all steps, or these after the state before the first, or the last steps.
func (s *Sequence) Rows(a *given.Array, k int) *View {
	if a == nil {
		return nil
	}
	r := len(a.Data) / (s.N * k)
	if r < 1 || r > s.T+1 {
		return nil
	}
	return s.Look(a, r, k, false)
}

// Look returns a view of an array with r rows of k numbers for each sequence. Its axes stand as those of x, or the steps
// come first, as a list to which each step has appended its rows. If the shape allows both, stacked decides.
func (s *Sequence) Look(a *given.Array, r, k int, stacked bool) *View {
	own, list := Look(a, s.Axes, s.N, r, k), Look(a, "rnk", s.N, r, k)
	if list != nil && (own == nil || stacked) {
		return list
	}
	return own
}

// Shape returns the shape of an array with r rows of k numbers for each sequence, as that of x.
func (s *Sequence) Shape(r, k int) (all []int) {
	for _, c := range []byte(s.Axes) {
		n := map[byte]int{'n': s.N, 'r': r, 'k': k}[c]
		if c != 'n' || n > 1 {
			all = append(all, n)
		}
	}
	return all
}

// Symbol returns the symbol of a step, from 0 on.
func (s *Sequence) Symbol(n, t int) int { return int(s.Input.Data[s.Input.At(n, t, 0)]) - s.Base }
