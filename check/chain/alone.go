package chain

import (
	"math"
	"slices"

	"lstm/check/chain/linear"
	"lstm/check/pass"
)

// Alone looks for one line that is wrong in an unknown way, if dz is not known. The backward pass is linear in an error
// that is added to a line. So if one line alone is wrong, the errors of the known numbers are a sum of what an error at
// each place of this line adds to them. Alone returns each line that fits, or, if dz is right, the sums that are wrong.
// It returns nothing if no line fits, or if there are too few numbers or too many places to tell.
func Alone(p *pass.Point, arrays []Array) (ways [][]Fault) {
	truth := p.Backward(right)
	if sums := wrongSums(p, arrays, truth); len(sums) > 0 {
		return [][]Fault{sums}
	}
	y, bars := known(arrays, truth)
	for _, l := range []Line{DY, DZO, DZI, DZF, DZG, DH, DC} {
		if l == DZI && p.Tied == pass.TiedI || l == DZF && p.Tied == pass.TiedF {
			continue // it is a part of the other gate's line
		}
		places := placesOf(p, l)
		if n := len(places); n > mostPlaces || n*min(n, len(y))*min(n, len(y)) > 1e9 {
			continue
		}
		mix, touched := linear.NewMix(len(y), len(places)+extraRows), make([]bool, len(y))
		var columns [][]float64
		for _, at := range places {
			r := respond(p, arrays, l, at)
			for k, x := range r {
				touched[k] = touched[k] || x != 0
			}
			columns = append(columns, mix.Of(r))
		}
		numbers, ok := depend(touched, y, bars)
		fits := func(columns [][]float64) bool {
			return ok && linear.Spans(columns, mix.Of(y), mix.Bars(bars), numbers)
		}
		if !fits(slices.Clone(columns)) {
			continue
		}
		if carried := map[Line]Line{DH: DHP, DC: DCP}; carried[l] != 0 {
			var early [][]float64 // of all steps but the last
			for k, at := range places {
				if at.t < p.T-1 {
					early = append(early, columns[k])
				}
			}
			if fits(early) {
				ways = append(ways, []Fault{{kind: p.Kind, Line: carried[l], T: -1}})
			}
		}
		ways = append(ways, []Fault{{kind: p.Kind, Line: l, T: -1}})
	}
	return ways
}

// depend counts the numbers that an error of the line touches. It returns false if another number is wrong.
func depend(touched []bool, y, bars []float64) (count int, ok bool) {
	size := linear.Norm(y)
	for k, yes := range touched {
		if yes {
			count++
		} else if math.Abs(y[k]) > 2*bars[k]+1e-9*size {
			return 0, false
		}
	}
	return count, true
}

const (
	mostPlaces = 1000 // of a line; more take too long
	extraRows  = 40   // the numbers beyond the places that are compared
)

// A spot is a place of a line.
type spot struct{ s, t, j int }

// placesOf returns every place of a line.
func placesOf(p *pass.Point, l Line) (all []spot) {
	width := p.Net.H
	if l == DY {
		width = p.O
	}
	for s := range p.N {
		for t := range p.T {
			for j := range width {
				all = append(all, spot{s, t, j})
			}
		}
	}
	return all
}

// respond returns what an error at one place of a line adds to the known numbers. An error of 1 there, and of 0 in dy,
// gives a backward pass that has nothing else.
func respond(p *pass.Point, arrays []Array, l Line, at spot) []float64 {
	lines := pass.Right()
	lines.DY = func(*pass.Place) float64 { return 0 }
	add := func(f func(p *pass.Place) float64, index func(p *pass.Place) int) func(p *pass.Place) float64 {
		return func(p *pass.Place) float64 {
			if p.T == at.t && index(p) == at.j {
				return f(p) + 1
			}
			return f(p)
		}
	}
	unit := func(p *pass.Place) int { return p.J }
	switch l {
	case DY:
		lines.DY = add(lines.DY, func(p *pass.Place) int { return p.M })
	case DH:
		lines.DH = add(lines.DH, unit)
	case DC:
		lines.DC = add(lines.DC, unit)
	default:
		a := map[Line]int{DZO: pass.O, DZI: pass.I, DZF: pass.F, DZG: pass.G}[l]
		lines.DZ[a] = add(lines.DZ[a], unit)
	}
	return of(arrays, p.BackwardFrom(lines, at.s, at.t))
}

// each calls f with every known number that a backward pass has, and with what it is made of.
func each(arrays []Array, f func(a *Array, i int)) {
	for k := range arrays {
		for i, v := range arrays[k].Value {
			if !math.IsNaN(v) && len(arrays[k].Of[i]) > 0 {
				f(&arrays[k], i)
			}
		}
	}
}

// of returns the known numbers as a backward pass has them.
func of(arrays []Array, b []float64) (all []float64) {
	each(arrays, func(a *Array, i int) { all = append(all, sumOf(a.Of[i], b)) })
	return all
}

func sumOf(terms []Term, b []float64) (sum float64) {
	for _, t := range terms {
		sum += t.Times * b[t.Index]
	}
	return sum
}

// known returns how far the known numbers are from the right ones, and their bars.
func known(arrays []Array, truth []float64) (off, bars []float64) {
	each(arrays, func(a *Array, i int) {
		off = append(off, a.Value[i]-sumOf(a.Of[i], truth))
		bars = append(bars, a.Bar[i]+1e-12*math.Abs(a.Value[i]))
	})
	return off, bars
}

// wrongSums returns the arrays that are wrong, if dz and dy seem to be right: of each gate, one of dWx, dWh and db is
// right, and dWy or dby is.
func wrongSums(p *pass.Point, arrays []Array, truth []float64) (all []Fault) {
	type part struct{ gate, kind int }
	right := make(map[int]bool) // a part of the gate is right
	off := make(map[part]bool)
	faults := make([]Fault, len(arrays))
	for k := range arrays {
		a, largest := &arrays[k], 0.0
		for _, v := range a.Value {
			if !math.IsNaN(v) {
				largest = max(largest, math.Abs(v))
			}
		}
		each(arrays[k:k+1], func(a *Array, i int) {
			gate, kind := gateOf(p, a.Of[i][0].Index)
			want := sumOf(a.Of[i], truth)
			wrong := !(math.Abs(a.Value[i]-want) <= a.Bar[i]+1e-9*largest)
			off[part{gate, kind}] = off[part{gate, kind}] || wrong
			if wrong {
				faults[k].Has, faults[k].Right = append(faults[k].Has, a.Value[i]), append(faults[k].Right, want)
			}
		})
		faults[k].kind, faults[k].Line, faults[k].Array, faults[k].T = p.Kind, Sums, a.Name, -1
	}
	for q, wrong := range off {
		right[q.gate] = right[q.gate] || !wrong
	}
	for q := range off {
		if !right[q.gate] {
			return nil
		}
	}
	for _, f := range faults {
		if len(f.Has) > 0 {
			all = append(all, f)
		}
	}
	return all
}

// gateOf returns the gate of a parameter, or −1 for the readout, and the part of its gradient: dWx, dWh, db, dWy, dby.
// Other numbers are parts of their own.
func gateOf(p *pass.Point, i int) (gate, kind int) {
	switch {
	case i < p.B(0, 0):
		gate = i / p.W(1, 0, 0)
		if i < p.W(gate, p.X, 0) {
			return gate, 0
		}
		return gate, 1
	case i < p.Wy(0, 0):
		return (i - p.B(0, 0)) / p.Net.H, 2
	case i < p.By(0):
		return -1, 3
	case i < p.Params():
		return -1, 4
	case p.Peephole && i >= p.Peep(0, 0) && i < p.Len():
		return (i - p.Peep(0, 0)) / p.Net.H, 6
	}
	return -2, 5
}
