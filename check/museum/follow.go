package museum

import (
	"slices"

	"lstm/check/chain"
	"lstm/check/pass"
)

// A follower names mistakes in many lines at once. It takes dz of the program as given, computes dh and dc from it
// with a set of mistakes, and compares the dz that follow, gate by gate. So a mistake in one gate does not hide those
// in the others.
type follower struct {
	*namer
	tries int
}

const (
	mostTries = 200_000 // passes
	beam      = 12      // sets of mistakes that go on to the next gate
)

// follow returns the fewest mistakes that give every dz of the program from the dz after it, or false.
func follow(c *chain.Chain) (mistakes []*Exhibit, ok bool) {
	f := &follower{namer: newNamer(c)}
	sets := [][]*Exhibit{nil}
	for k, gate := range []int{O, G, I, F} {
		var next [][]*Exhibit
		for _, set := range sets {
			next = append(next, f.extend(set, gate, []int{4, 3, 2, 2}[k])...)
		}
		slices.SortStableFunc(next, func(a, b []*Exhibit) int { return len(a) - len(b) })
		if sets = next[:min(len(next), beam)]; len(sets) == 0 {
			return nil, false
		}
	}
	for _, set := range sets {
		all := f.gates(set)
		if f.is(all, O) && f.is(all, G) && f.is(all, I) && f.is(all, F) {
			return set, true
		}
	}
	return nil, false
}

// gates returns the dz of every place that follow from the dz of the program after it, gate by gate.
func (f *follower) gates(set []*Exhibit) (all [4][]float64) {
	f.tries++
	l, n := lines(set...), f.Net
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
	f.Backward(l)
	return all
}

// is reports whether the dz of a gate are those of the program.
func (f *follower) is(all [4][]float64, gate int) bool { return f.matches(ofDZ+gate, all[gate]) }

// extend returns the smallest sets that contain set and make a gate as the program has it, with at most `more` other
// mistakes.
func (f *follower) extend(set []*Exhibit, gate, more int) (found [][]*Exhibit) {
	now := f.gates(set)
	if f.is(now, gate) {
		return [][]*Exhibit{set}
	}
	var touch []*Exhibit
	for _, e := range f.all {
		if differ(f.gates(append(slices.Clip(set), e))[gate], now[gate]) {
			touch = append(touch, e)
		}
	}
	for size := 1; size <= more && len(found) == 0 && f.tries+choices(len(touch), size) < mostTries; size++ {
		subsets(touch, size, func(more []*Exhibit) {
			if all := slices.Concat(set, more); len(found) < beam && f.is(f.gates(all), gate) {
				found = append(found, all)
			}
		})
	}
	return found
}

// solved explains the gradients of parameters alone, if they determine dz. The gradient may have a factor.
func solved(p *pass.Point, arrays []chain.Array, factors []float64) (best Explanation, rest []chain.Fault, ok bool) {
	for _, k := range factors {
		arrays := divided(p, arrays, k)
		dz, determined := chain.Solve(p, arrays)
		if !determined {
			return best, rest, ok
		}
		all := append(slices.Clip(arrays), dz)
		e, faults, known := explain(p, all)
		if k != 1 {
			e.Scale = &Scale{k, "parameters"}
		}
		if known && (!ok || len(faults) < len(rest) || len(faults) == len(rest) && e.Cost() < best.Cost()) {
			best, rest, ok = e, faults, true
		}
	}
	return best, rest, ok
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
