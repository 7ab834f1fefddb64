package chain

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"lstm/check"
	"lstm/check/pass"
)

// A Line is a line of the backward pass.
type Line int

// The lines, in the order of the way back: with peepholes, dc depends on dz_o. DH and DC stand for the part that does not come from the next step.
const (
	DY   Line = iota // dy, the derivative of the loss
	DH               // dh = Wy·dy + …
	DHP              // dh′ = Wh·dz
	DZO              // dz_o = dh·tanh(c)·o(1−o)
	DC               // dc = dh·o·(1 − tanh²c) + …
	DCP              // dc′ = dc·f
	DZI              // dz_i = dc·g·i(1−i)
	DZF              // dz_f = dc·c′·f(1−f)
	DZG              // dz_g = dc·i·(1−g²)
	Sums             // a sum over the steps, such as dW
)

// A Fault is a line that does not hold, although all that goes into it is as the program has it.
type Fault struct {
	Line    Line      // the line
	Array   string    // the name of the sum, for Sums
	S, T, J int       // the first place on the way back: sequence, step, unit; T is −1 for Sums
	Has     []float64 // what the program has, at the places where the line does not hold, on the way back
	Right   []float64 // what it should have there
	last    bool      // whether it does not hold at the last step
	carried bool      // at each of these places the program has only what the next step hands back
	own     []float64 // what the step itself adds to the right number
	kind    pass.Kind // of the cell
	dx      bool      // it is dx, which is no sum over the steps
	steps   int       // at how many steps it does not hold
	s, t    int       // the last of them
}

// Ratios returns how many times the right number the program has, at up to n places.
func (f Fault) Ratios(n int) (all []float64) {
	for k := range f.Has {
		if len(all) < n && f.Right[k] != 0 {
			all = append(all, f.Has[k]/f.Right[k])
		}
	}
	return all
}

// Unknown is said of a line without a known mistake.
const Unknown = "no known mistake gives these numbers"

// Cause says which line does not hold, and what the program has in its place. Its Kind is "line".
func (f Fault) Cause() check.Cause {
	line, from := f.says()
	c := check.Cause{Kind: "line", Observed: fmt.Sprintf("%s does not hold, with %s as your program has them", line, from), Likely: Unknown, Line: line}
	switch all := f.Ratios(len(f.Has)); {
	case len(all) == 0:
	case slices.Max(all)-slices.Min(all) <= 1e-6*math.Abs(all[0]):
		c.Observed += fmt.Sprintf(": yours is %.9g times it", all[0])
	default:
		k := slices.IndexFunc(f.Right, func(x float64) bool { return x != 0 })
		c.Observed += fmt.Sprintf(": yours is %.6g where it gives %.6g, and the factor is not the same everywhere", f.Has[k], f.Right[k])
	}
	return c
}

// Judge lists the lines that do not hold in Faults.
func (c *Chain) Judge(arrays []Array) {
	c.Faults = nil
	faults := make([]*Fault, Sums)
	at := func(l Line, p *pass.Place, has, right number) {
		if has.close(right) {
			return
		}
		f := faults[l]
		if f == nil {
			f = &Fault{kind: c.Kind, Line: l, S: p.S, T: p.T, J: p.J, carried: true}
			faults[l] = f
		}
		if p.S != f.s || p.T != f.t || f.steps == 0 {
			f.s, f.t = p.S, p.T
			f.steps++
		}
		f.carried = f.carried && (l == DH && has.close(c.carriedH(p)) || l == DC && has.close(c.carriedC(p)))
		f.Has, f.Right, f.last = append(f.Has, has.v), append(f.Right, right.v), f.last || p.T == c.T-1
		switch l {
		case DH:
			f.own = append(f.own, p.Read)
		case DC:
			f.own = append(f.own, right.v-c.carriedC(p).v)
		}
	}
	c.each(at)
	for k, l := range [...]Line{DH, DC} { // it holds where the next step hands nothing back
		if f := faults[l]; f != nil && !f.last && !f.carried && !(f.steps == c.N*(c.T-1) && c.begins([...]int{c.H0(0), c.C0(0)}[k])) {
			f.handedBack(l + 1)
			faults[l+1], faults[l] = f, nil
		}
		c.carried[k] = faults[l+1] != nil
	}
	for _, f := range faults {
		if f != nil {
			c.Faults = append(c.Faults, *f)
		}
	}
	c.sums(arrays)
}

// begins reports whether dh0 or dc0, from an index on, is known and is what the first step hands back.
func (c *Chain) begins(first int) bool {
	for i, x := range c.sumsOf(c.B) {
		if own := (i - first) % c.Sequence(1); i >= first && i < c.Params()+c.Sequence(c.N) && own < c.Net.H && !(c.given[i] && c.number(i).close(number{x, 1e-6 * math.Abs(x)})) {
			return false
		}
	}
	return true
}

// handedBack makes the fault that of a line that hands dh or dc back.
func (f *Fault) handedBack(l Line) {
	f.Line = l
	for k, own := range f.own {
		f.Has[k] -= own
		f.Right[k] -= own
	}
}

// each calls at for each number of the way back, from the last step to the first: what the program has, and what it
// should have if all that goes into it is as the program has it.
func (c *Chain) each(at func(l Line, p *pass.Place, has, right number)) {
	truth := c.Backward(right)
	for s := range c.N {
		for t := c.T - 1; t >= 0; t-- {
			for m := range c.O {
				i := c.DY(s, t, m)
				at(DY, &pass.Place{S: s, T: t, J: m}, c.number(i), number{truth[i], 1e-12 * math.Abs(truth[i])})
			}
			for j := range c.Net.H {
				c.judgeUnit(c.At(s, t, j), at)
			}
		}
	}
}

// judgeUnit compares dh, dc and the dz of a unit with what they should be.
func (c *Chain) judgeUnit(p *pass.Place, at func(l Line, p *pass.Place, has, right number)) {
	dh, dc := c.number(c.DH(p.S, p.T, p.J)), c.number(c.DC(p.S, p.T, p.J))
	slopes, fromH := coefficients(p)
	at(DH, p, dh, c.expectH(p))
	at(DC, p, dc, c.carriedC(p).plus(dh.times(fromH)).plus(number{v: p.Peeped(pass.O)}))
	for a, l := range [4]Line{pass.I: DZI, pass.F: DZF, pass.O: DZO, pass.G: DZG} {
		from := dc
		if a == pass.O {
			from = dh
		}
		at(l, p, c.number(c.Z(p.T, a, p.J)+p.Own), from.times(slopes[a]))
	}
}

// sums compares the arrays with the sums over the program's dy, dh, dc and dz.
func (c *Chain) sums(arrays []Array) {
	want := c.sumsOf(c.B)
	bar := c.sumBars(want)
	for _, a := range arrays {
		f := Fault{kind: c.Kind, Line: Sums, Array: a.Name, T: -1}
		largest := 0.0
		for i, v := range a.Value {
			if !math.IsNaN(v) && isSum(c.Net, a.Of[i]) {
				largest = max(largest, math.Abs(v))
			}
		}
		for i, v := range a.Value {
			if math.IsNaN(v) || !isSum(c.Net, a.Of[i]) || c.atBegin(a.Of[i]) {
				continue
			}
			right, slack := 0.0, a.Bar[i]+1e-9*largest
			for _, t := range a.Of[i] {
				right += t.Times * want[t.Index]
				slack += math.Abs(t.Times) * bar[t.Index]
			}
			if !(math.Abs(v-right) <= slack) {
				f.Has, f.Right = append(f.Has, v), append(f.Right, right)
			}
		}
		if len(f.Has) == 0 {
			continue
		}
		if i, ok := ofFirst(c.Net, a.Of[0][0].Index); ok {
			switch { // dh0 and dc0 are what the first step hands back
			case i < c.C0(0):
				f.Line, f.Array, f.T = DHP, "", 0
			case i < c.In(0, 0):
				f.Line, f.Array, f.T = DCP, "", 0
			case i < c.Z(0, 0, 0):
				f.dx = true
			}
		}
		c.Faults = append(c.Faults, f)
	}
}

// isSum reports whether the terms are a parameter's gradient, dx, dh0 or dc0.
func isSum(n pass.Net, of []Term) bool {
	return len(of) > 0 && !slices.ContainsFunc(of, func(t Term) bool {
		k := t.Index
		if k >= n.Len() {
			return true
		}
		i, ok := ofFirst(n, k)
		return ok && i >= n.Z(0, 0, 0)
	})
}

// ofFirst returns the index of the same entry of the first sequence, for an entry of h0, c0, x or z. ok is false for others.
func ofFirst(n pass.Net, k int) (i int, ok bool) {
	if k < n.Params() || k >= n.Params()+n.Sequence(n.N) {
		return 0, false
	}
	return (k-n.Params())%n.Sequence(1) + n.Params(), true
}

// atBegin reports whether an entry of dh0 or dc0 is wrong because the line that hands it back is.
func (c *Chain) atBegin(of []Term) bool {
	k, ok := ofFirst(c.Net, of[0].Index)
	return ok && (c.carried[0] && k < c.C0(0) || c.carried[1] && k >= c.C0(0) && k < c.In(0, 0))
}

// Close reports whether entry i of B may be v. The relative error of the numbers that v is made of is rel.
func (c *Chain) Close(i int, v, rel float64) bool {
	return math.Abs(c.B[i]-v) <= 4*c.err[i]+(1e-7+4*rel)*math.Abs(c.B[i])
}

// Given reports whether the program gives entry i of B.
func (c *Chain) Given(i int) bool { return c.given[i] }

// Error returns the relative error of entry i of B.
func (c *Chain) Error(i int) float64 {
	if c.B[i] == 0 {
		return 0
	}
	return c.err[i] / math.Abs(c.B[i])
}

// sumsOf returns the vector of the backward pass with the sums over the given dy, dc and dz.
func (c *Chain) sumsOf(b []float64) []float64 {
	l, n := pass.Right(), c.Net
	l.DY = func(p *pass.Place) float64 { return b[n.DY(p.S, p.T, p.M)] }
	l.DH = func(p *pass.Place) float64 { return b[n.DH(p.S, p.T, p.J)] }
	l.DC = func(p *pass.Place) float64 { return b[n.DC(p.S, p.T, p.J)] }
	for a := range 4 {
		l.DZ[a] = func(p *pass.Place) float64 { return b[n.Z(p.T, a, p.J)+p.Own] }
	}
	return c.Backward(l)
}

// sumBars returns how far the sums may be off because the numbers in them are: four times the largest change
// when all of them are moved by their error, up or down at random.
func (c *Chain) sumBars(want []float64) []float64 {
	bar, b := make([]float64, len(want)), make([]float64, len(c.B))
	rng := rand.New(rand.NewPCG(16, 3))
	for range 4 {
		for i, e := range c.err {
			b[i] = c.B[i] + e*float64(2*rng.IntN(2)-1)
		}
		for i, x := range c.sumsOf(b) {
			bar[i] = max(bar[i], 4*math.Abs(x-want[i]))
		}
	}
	return bar
}
