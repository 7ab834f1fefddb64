// Package chain finds the lines of an LSTM's backward pass that do not hold. It knows no mistakes.
//
// The backward pass is a chain of lines:
//
//	dh   = Wy·dy + dh′ of the next step
//	dc   = dh·o·(1 − tanh²c) + dc′ of the next step
//	dz_o = dh·tanh(c)·o(1−o)    dz_i = dc·g·i(1−i)    dz_f = dc·c′·f(1−f)    dz_g = dc·i·(1−g²)
//	dh′  = Wh·dz                dc′  = dc·f
//
// and then the sums over the steps, dW, db, dWy, dby. If all dz of a program are known, each line can be judged by
// itself: what goes into the line is taken as the program has it, and the result is compared. So one wrong line
// does not make the next one wrong. dh and dc follow from dz, if the program does not give them.
package chain

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"lstm/check/pass"
)

// An Array is what a program says of a part of its backward pass: the gradient of a parameter, dz, dh, …
type Array struct {
	Name  string    // the program's own name
	Shape []int     // the program's own shape
	Value []float64 // row-major; NaN for an entry that is not known
	Bar   []float64 // how far each value may be from the number that the program computed
	Of    [][]Term  // what each entry stands for, in the vector of pass.Point.Backward
}

// A Term is a multiple of an entry of the vector of pass.Point.Backward. An entry of an Array is a sum of terms.
// Most entries have one term. If one parameter makes two gates, as with i = 1 − f, its gradient has two.
type Term struct {
	Index int     // the entry
	Times float64 // its factor
}

// A Chain is a backward pass as a program has it.
type Chain struct {
	*pass.Point
	B      []float64 // the vector of pass.Point.Backward; dh and dc are inferred if they are not given
	Faults []Fault   // the lines that do not hold, in the order of the way back; the sums come last
	err    []float64 // how far each entry of B may be off
	given  []bool    // whether the program gives the entry
	out    uint      // the equations that need not hold

	carried [2]bool // whether the lines of dh′ and dc′ do not hold
}

// The equations of a unit, as bits.
const (
	eqH = 1 << iota
	eqC
	eqO
	eqI
	eqF
	eqG
	allEq = 1<<iota - 1
)

var eqOfGate = [4]uint{pass.I: eqI, pass.F: eqF, pass.O: eqO, pass.G: eqG}

// Find returns the chains with the fewest lines that do not hold. If several sets of lines explain the numbers
// equally well, it returns a chain for each. It returns nil if a dz is not known.
func Find(p *pass.Point, arrays []Array) []*Chain {
	given, ok := Read(p, arrays)
	if !ok {
		return nil
	}
	sets := make([]uint, allEq+1)
	for k := range sets {
		sets[k] = uint(k)
	}
	slices.SortStableFunc(sets, func(a, b uint) int { // a wrong tanh(c) is in dc and dz_o: dh is the last to be suspected
		return cmp.Or(bits.OnesCount(a)-bits.OnesCount(b), cmp.Compare(a&eqH, b&eqH))
	})
	var all []*Chain
	for _, out := range sets {
		if len(all) > 0 && bits.OnesCount(out) > bits.OnesCount(all[0].out) {
			break
		}
		if c := given.without(out); c.infer() {
			c.Judge(arrays)
			if d := c.withDY(arrays); d != nil {
				c = d
			}
			all = append(all, c)
		}
	}
	return all
}

// Read puts the numbers of a program into the order of the backward pass, without dh and dc that are not given. dy is
// right if it is not given. ok reports whether every dz is known.
func Read(p *pass.Point, arrays []Array) (c *Chain, ok bool) {
	c = &Chain{Point: p, B: make([]float64, p.All()), err: make([]float64, p.All()), given: make([]bool, p.All())}
	for _, a := range arrays {
		for i, v := range a.Value {
			if len(a.Of[i]) == 1 && !math.IsNaN(v) {
				t := a.Of[i][0]
				c.B[t.Index], c.err[t.Index], c.given[t.Index] = v/t.Times, a.Bar[i]/math.Abs(t.Times), true
			}
		}
	}
	truth := p.Backward(right)
	for i := p.DY(0, 0, 0); i < p.DH(0, 0, 0); i++ {
		if !c.given[i] {
			c.B[i] = truth[i]
		}
	}
	for s := range p.N {
		for t := range p.T {
			c.round(p.Z(t, 0, 0)+p.Sequence(s), 4*p.H)
		}
		own := p.Sequence(s)
		for i := p.Z(0, 0, 0) + own; i < p.Z(p.T, 0, 0)+own; i++ {
			if !c.given[i] {
				return c, false
			}
		}
	}
	return c, true
}

// round adds the rounding error of a program that computes in float64 to n entries of one step.
func (c *Chain) round(from, n int) {
	largest := 0.0
	for i := from; i < from+n; i++ {
		largest = max(largest, math.Abs(c.B[i]))
	}
	for i := from; i < from+n; i++ {
		c.err[i] += float64(1e-10*math.Abs(c.B[i])) + 1e-13*largest
	}
}

// Broken returns how many of the equations of dh, dc and the four dz do not hold.
func (c *Chain) Broken() int { return bits.OnesCount(c.out) }

// without returns a copy in which some equations need not hold.
func (c *Chain) without(out uint) *Chain {
	return &Chain{Point: c.Point, B: slices.Clone(c.B), err: slices.Clone(c.err), given: c.given, out: out}
}

var right = pass.Right()

// At returns the place of a unit, with the numbers of the program.
func (c *Chain) At(s, t, j int) *pass.Place {
	n := c.Net
	p := &pass.Place{Point: c.Point, Lines: right, Trace: c.Traces[s], S: s, T: t, J: j, Own: c.Sequence(s), In0: n.In(t, 0) + c.Sequence(s), Grad: c.B}
	dy := n.DY(s, t, 0)
	p.DY = c.B[dy : dy+n.O]
	p.DZ = c.dz(s, t)
	p.See()
	for m, d := range p.DY {
		p.Read += c.V[c.Wy(j, m)] * d
	}
	p.DH, p.DC = c.B[n.DH(s, t, j)], c.B[n.DC(s, t, j)]
	return p
}

func (c *Chain) dz(s, t int) (dz [4][]float64) {
	z, h := c.Z(t, 0, 0)+c.Sequence(s), c.Net.H
	for a := range dz {
		dz[a] = c.B[z+a*h : z+(a+1)*h]
	}
	return dz
}
