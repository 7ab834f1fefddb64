package cause

import (
	"math"
	"slices"

	"lstm/check/cause/scale"
	"lstm/check/cause/search"
	"lstm/check/chain"
	"lstm/check/chain/seen"
	"lstm/check/mistake"
	"lstm/check/pass"
)

// A follower names mistakes in many lines at once. It takes dz of the program as given, computes dh and dc from it
// with a set of mistakes, and compares the dz that follow, gate by gate. So a mistake in one gate does not hide those
// in the others.
type follower struct {
	*namer
	upTo int // how many dz of each gate are compared, from the last step on
}

// beam is how many sets of mistakes go on to the next gate.
const beam = 12

// follow returns the fewest mistakes that give every dz of the program from the dz after it, or false. It begins with the
// last step, where the fewest mistakes show, and goes on to the last two and to all. If this does not lead to the end, it
// takes all steps at once.
func follow(c *chain.Chain, w *search.Work) (mistakes []*mistake.Exhibit, ok bool) {
	whole := c.N * c.T * c.Net.H
	f := &follower{newNamer(c, w), whole}
	now := f.gates(nil, func(*[4][]float64) bool { return true })
	f.all = slices.DeleteFunc(f.all, func(e *mistake.Exhibit) bool { return !f.changes(now, nil, e, []int{pass.I, pass.F, pass.O, pass.G}) })
	sets := [][]*mistake.Exhibit{nil}
	for _, f.upTo = range []int{c.Net.H, min(2*c.Net.H, whole), whole} {
		sets = f.stage(sets)
	}
	if len(sets) == 0 {
		sets = f.stage([][]*mistake.Exhibit{nil})
	}
	if len(sets) == 0 {
		return nil, false
	}
	return sets[0], true
}

// stage returns the smallest sets that contain one of some sets and give every dz up to upTo.
func (f *follower) stage(sets [][]*mistake.Exhibit) [][]*mistake.Exhibit {
	gates := []int{pass.O, pass.G, pass.I, pass.F}
	for k, gate := range gates {
		var next [][]*mistake.Exhibit
		for _, set := range sets {
			next = append(next, f.extend(set, gate, []int{4, 3, 2, 2}[k])...)
		}
		slices.SortStableFunc(next, func(a, b []*mistake.Exhibit) int { return len(a) - len(b) })
		sets = next[:min(len(next), beam)]
	}
	return slices.DeleteFunc(sets, func(set []*mistake.Exhibit) bool {
		return slices.ContainsFunc(gates, func(gate int) bool { return !f.is(set, gate) })
	})
}

// gates computes the dz of every place that follow from the dz of the program after it, gate by gate. It ends after
// the first step for which more returns false.
func (f *follower) gates(set []*mistake.Exhibit, more func(all *[4][]float64) bool) (all [4][]float64) {
	f.Do(4000)
	l, n := mistake.Lines(set...), f.Net
	l.DY = func(p *pass.Place) float64 { return f.B[n.DY(p.S, p.T, p.M)] }
	for a := range 4 {
		own := l.DZ[a]
		l.DZ[a] = func(p *pass.Place) float64 {
			all[a] = append(all[a], own(p))
			return f.B[n.Z(p.T, a, p.J)+p.Own]
		}
	}
	l.Counts = func(*pass.Place) bool { return false } // the sums do not matter
	l.CountsRead = l.Counts
	f.BackwardWhile(l, func() bool { return f.DoSteps(f.Point, 1) && more(&all) })
	return all
}

// is reports whether the dz of a gate that follow are those of the program.
func (f *follower) is(set []*mistake.Exhibit, gate int) bool {
	k, is := 0, true
	f.gates(set, func(all *[4][]float64) bool {
		for ; is && k < min(len(all[gate]), f.upTo); k++ {
			is = f.close(ofDZ+gate, k, all[gate][k])
		}
		return is && k < f.upTo
	})
	return is && k == f.upTo
}

// changes reports whether one more mistake changes the dz of some gates from what they are now.
func (f *follower) changes(now [4][]float64, set []*mistake.Exhibit, e *mistake.Exhibit, gates []int) bool {
	k, differs := 0, false
	f.gates(append(slices.Clip(set), e), func(all *[4][]float64) bool {
		for ; !differs && k < min(len(all[0]), f.upTo); k++ {
			for _, a := range gates {
				differs = differs || search.Apart(all[a][k], now[a][k])
			}
		}
		return !differs && k < f.upTo
	})
	return differs
}

// extend returns the smallest sets that contain set and make a gate as the program has it, with at most `more` other
// mistakes.
func (f *follower) extend(set []*mistake.Exhibit, gate, more int) (found [][]*mistake.Exhibit) {
	if f.is(set, gate) {
		return [][]*mistake.Exhibit{set}
	}
	now := f.gates(set, func(all *[4][]float64) bool { return len(all[0]) < f.upTo })
	var touch []*mistake.Exhibit
	for _, e := range f.all {
		if f.Left() > 0 && f.changes(now, set, e, []int{gate}) {
			touch = append(touch, e)
		}
	}
	for size := 1; size <= more && len(found) == 0 && f.Left() > 0; size++ {
		search.Subsets(touch, size, func(more []*mistake.Exhibit) bool {
			if all := slices.Concat(set, more); f.is(all, gate) {
				found = append(found, all)
			}
			return f.Left() > 0 && len(found) < beam
		})
	}
	return found
}

// solved explains the gradients of parameters alone, if they determine dz. The gradient may have a factor, and dy a
// mistake: those that give the known numbers of the readout are tried.
func solved(s *search.Search, arrays []chain.Array, w *search.Work) (best explanation, rest []chain.Fault, ok bool) {
	solutions := make(map[float64]*chain.Array) // of each factor
	for _, base := range s.OfReadout() {
		pass := s.With(base...)
		for _, k := range []float64{s.Ratio(pass, seen.ReadoutBlock), 1} {
			if ok && len(rest) == 0 {
				return best, rest, ok
			}
			scaled := &scale.Factor{Times: k, Of: "readout"}
			if s.Off(scaled.Apply(s.Point, pass), seen.ReadoutBlock) && base != nil || math.IsNaN(k) || k == 0 {
				continue
			}
			given := append(divided(s.Point, arrays, k), dyOf(s.Point, pass))
			dz, tried := solutions[k]
			if !tried {
				if solution, determined := chain.Solve(s.Point, given); determined {
					dz = &solution
				}
				solutions[k] = dz
			}
			if dz == nil {
				continue
			}
			e, faults, known := explain(s.Point, append(given, *dz), base, w)
			if p := s.Point; p.N*p.T == p.X+p.Net.H+1 && len(faults) > 1 { // any numbers come from some dz
				continue
			}
			if k != 1 {
				e.Scale = &scale.Factor{Times: k, Of: "parameters"}
			}
			if known && (!ok || len(faults) < len(rest) || len(faults) == len(rest) && e.Cost() < best.Cost()) {
				best, rest, ok = e, faults, true
			}
		}
	}
	return best, rest, ok
}

// exact replaces a factor by a known mistake that gives the same numbers, if there is one.
func exact(s *search.Search, e explanation) explanation {
	if e.Scale == nil {
		return e
	}
	for _, m := range s.Deep() {
		if set := append(slices.Clip(e.Mistakes), m); s.DoPass(s.Point) && s.Fits(s.With(set...)) {
			return explanation{search.Explanation{Mistakes: set}}
		}
	}
	return e
}

// dyOf returns dy of a backward pass as an array.
func dyOf(p *pass.Point, b []float64) chain.Array {
	a := chain.Array{Name: "dy"}
	for i := p.DY(0, 0, 0); i < p.DH(0, 0, 0); i++ {
		a.Value, a.Bar, a.Of = append(a.Value, b[i]), append(a.Bar, 1e-12*math.Abs(b[i])), append(a.Of, []chain.Term{{Index: i, Times: 1}})
	}
	return a
}

// divided returns the arrays with the gradients of the parameters divided by k.
func divided(p *pass.Point, arrays []chain.Array, k float64) (all []chain.Array) {
	for _, a := range arrays {
		if len(a.Of) > 0 && len(a.Of[0]) > 0 && a.Of[0][0].Index < p.Params() {
			a.Value, a.Bar = slices.Clone(a.Value), slices.Clone(a.Bar)
			for i := range a.Value {
				a.Value[i], a.Bar[i] = a.Value[i]/k, a.Bar[i]/k
			}
		}
		all = append(all, a)
	}
	return all
}
