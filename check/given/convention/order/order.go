// Package order finds the arrays of a backward pass that a program has written with the last step first: lists to which
// each step on the way back has appended its numbers.
//
// The gradient may be wrong, so the right pass does not always tell. But the numbers of a program depend on each other: the
// gradients of the weights are sums over dz, and dz follows from dh and dc. The order in which more of them do is the
// right one.
package order

import (
	"math"

	"lstm/check/chain"
	"lstm/check/pass"
)

// A judge compares arrays with passes.
type judge struct {
	*pass.Point
	slack   []float64     // how far each number of a pass may be off
	params  []chain.Array // the gradients of parameters
	decided []float64     // the numbers whose order is known; NaN for others
}

// LastFirst returns the names of the arrays that have the last step first. flipped has the arrays of own, read so. bits says
// how well all of them fit then.
func LastFirst(p *pass.Point, slack []float64, params, own, flipped []chain.Array) (names []string, bits float64) {
	j := &judge{p, slack, params, unknown(p)}
	truth := p.Backward(pass.Right())
	for _, name := range []string{"dy", "di", "df", "do", "dg", "dh", "dc", "dx"} { // dh and dc are judged by dz, and dx too
		for k := range own {
			if own[k].Name != name {
				continue
			}
			a, points := own[k], j.points(own[k], truth)
			if last := j.points(flipped[k], truth); last > points+chance && !j.same(a, truth) {
				names, a, points = append(names, name), flipped[k], last
			}
			bits += points
			put(j.decided, a)
		}
	}
	return names, bits
}

// chance is how many bits may agree by chance.
const chance = 20

// points counts the bits that agree if an array is read so: its own with the right pass, and with a pass through the
// arrays before it; and those of the gradients of the parameters with a pass through the array.
func (j *judge) points(a chain.Array, truth []float64) float64 {
	alone := unknown(j.Point)
	put(alone, a)
	n := j.agree(a, truth) + j.agree(a, j.through(j.decided))
	after := j.through(alone)
	for _, p := range j.params {
		n += j.agree(p, after)
	}
	return n
}

// agree counts the bits of the numbers of an array that are those of a pass, and not zero.
func (j *judge) agree(a chain.Array, back []float64) (bits float64) {
	j.compare(a, back, func(v, off, allowed float64) {
		if off <= allowed && v != 0 {
			bits += math.Max(0, math.Log2(math.Abs(v)/allowed))
		}
	})
	return bits
}

// same reports whether all known numbers of an array are those of a pass.
func (j *judge) same(a chain.Array, back []float64) bool {
	all := true
	j.compare(a, back, func(v, off, allowed float64) { all = all && !(off > allowed) })
	return all
}

// compare calls f with each number, how far it is from that of a pass, and how far it may be.
func (j *judge) compare(a chain.Array, back []float64, f func(v, off, allowed float64)) {
	largest := 0.0
	for _, v := range a.Value {
		if !math.IsNaN(v) {
			largest = math.Max(largest, math.Abs(v))
		}
	}
	for i, v := range a.Value {
		sum, allowed := 0.0, a.Bar[i]+1e-9*largest
		for _, t := range a.Of[i] {
			sum += t.Times * back[t.Index]
			allowed += math.Abs(t.Times) * j.slack[t.Index]
		}
		f(v, math.Abs(v-sum), allowed)
	}
}

func unknown(p *pass.Point) []float64 {
	b := make([]float64, p.All())
	for i := range b {
		b[i] = math.NaN()
	}
	return b
}

// put puts the numbers of an array into the order of a backward pass. With i = 1 − f a number stands for dz of two gates:
// only their sum counts, so one of the two gets it.
func put(b []float64, a chain.Array) {
	for i, v := range a.Value {
		for k, t := range a.Of[i] {
			if b[t.Index] = v / t.Times; k > 0 {
				b[t.Index] = 0 * v
			}
		}
	}
}

// through returns a right backward pass through the numbers that are known.
func (j *judge) through(b []float64) []float64 {
	l, n := pass.Right(), j.Net
	instead := func(f func(p *pass.Place) float64, index func(p *pass.Place) int) func(p *pass.Place) float64 {
		return func(p *pass.Place) float64 {
			if v := b[index(p)]; !math.IsNaN(v) {
				return v
			}
			return f(p)
		}
	}
	l.DY = instead(l.DY, func(p *pass.Place) int { return n.DY(p.S, p.T, p.M) })
	l.DH = instead(l.DH, func(p *pass.Place) int { return n.DH(p.S, p.T, p.J) })
	l.DC = instead(l.DC, func(p *pass.Place) int { return n.DC(p.S, p.T, p.J) })
	for a := range l.DZ {
		l.DZ[a] = instead(l.DZ[a], func(p *pass.Place) int { return n.Z(p.T, a, p.J) + p.Own })
	}
	return j.Backward(l)
}
