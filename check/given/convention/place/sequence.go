package place

import (
	"math"
	"strings"

	"lstm/check/given"
)

// A Sequence is a reading of x: its sizes and the order of its axes.
type Sequence struct {
	N, T, X int    // sequences, steps, inputs
	Axes    string // of sequences n, rows r and numbers k, outermost first
	Input   *View  // x
	Symbols bool   // x has a whole number for each step; X is not known then
	cost    int
}

// sequences returns the readings of x.
func sequences(x *given.Array) (all []*Sequence) {
	for k, axes := range []string{"nrk", "rnk", "krn"} {
		if k == 2 {
			axes = "knr" // columns: (X,N,T)
		}
		ways, costs := split(x.Shape, axes)
		for i, sizes := range ways {
			s := &Sequence{Axes: axes, cost: costs[i] + k}
			s.N, s.T, s.X = sizes[strings.IndexByte(axes, 'n')], sizes[strings.IndexByte(axes, 'r')], sizes[strings.IndexByte(axes, 'k')]
			if k == 1 && (s.N == 1 || s.T == 1) {
				continue // the same as another
			}
			s.Input = Look(x, axes, s.N, s.T, s.X)
			all = append(all, s)
			if s.X == 1 && whole(x) {
				symbols := *s
				symbols.Symbols = true
				all = append(all, &symbols)
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

func largest(values []float64) (most float64) {
	for _, v := range values {
		most = max(most, v)
	}
	return most
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

// Rows returns a view of y, h or c: all steps, or these after the state before the first, or the last step.
func (s *Sequence) Rows(a *given.Array, k int) *View {
	for _, r := range []int{s.T, s.T + 1, 1} {
		if v := Look(a, s.Axes, s.N, r, k); v != nil {
			return v
		}
	}
	return nil
}

// Symbol returns the symbol of a step.
func (s *Sequence) Symbol(n, t int) int { return int(s.Input.Data[s.Input.At(n, t, 0)]) }
