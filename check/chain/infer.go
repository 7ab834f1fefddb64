package chain

import (
	"math"

	"lstm/check/pass"
)

// A number is a value with the largest error that it may have.
type number struct{ v, err float64 }

func (a number) plus(b number) number   { return number{a.v + b.v, a.err + b.err} }
func (a number) minus(b number) number  { return number{a.v - b.v, a.err + b.err} }
func (a number) times(k float64) number { return number{a.v * k, a.err * math.Abs(k)} }
func (a number) over(k float64) number  { return number{a.v / k, a.err / math.Abs(k)} }
func (a number) close(b number) bool {
	return math.Abs(a.v-b.v) <= a.err+b.err+1e-9*math.Max(math.Abs(a.v), math.Abs(b.v))
}
func (c *Chain) number(i int) number      { return number{c.B[i], c.err[i]} }
func (c *Chain) set(i int, x number)      { c.B[i], c.err[i] = x.v, x.err }
func (c *Chain) holds(equation uint) bool { return c.out&equation == 0 }

// infer computes dh and dc of every unit from the numbers of the program, from the last step back. It returns
// whether all equations hold that must.
func (c *Chain) infer() bool {
	for s := range c.N {
		for t := c.T - 1; t >= 0; t-- {
			for j := range c.Net.H {
				if !c.unit(s, t, j) {
					return false
				}
			}
		}
	}
	return true
}

// unit infers dh and dc of a unit.
func (c *Chain) unit(s, t, j int) bool {
	p := c.At(s, t, j)
	h, dcNext := c.expectH(p), c.carriedC(p)
	slopes, fromH := coefficients(p)
	z := func(a int) number { return c.number(c.Z(t, a, j) + p.Own) }

	dh, ok := c.givenOr(c.DH(s, t, j), h, eqH)
	if !ok {
		return false
	}
	peeped := number{v: p.Peeped(pass.O)}
	if !c.given[c.DH(s, t, j)] && !c.holds(eqH) {
		switch {
		case c.holds(eqO) && slopes[pass.O] != 0:
			dh = z(pass.O).over(slopes[pass.O])
		case c.holds(eqC) && fromH != 0:
			dh = c.mostPrecise(number{}, z, slopes).minus(dcNext).minus(peeped).over(fromH)
		}
	}
	expected := dcNext.plus(dh.times(fromH)).plus(peeped)
	dc, ok := c.givenOr(c.DC(s, t, j), expected, eqC)
	if !ok {
		return false
	}
	if !c.given[c.DC(s, t, j)] && !c.holds(eqC) {
		dc = c.mostPrecise(dc, z, slopes)
	}
	c.set(c.DH(s, t, j), dh)
	c.set(c.DC(s, t, j), dc)
	for a, equation := range eqOfGate {
		from := dc
		if a == pass.O {
			from = dh
		}
		if c.holds(equation) && !z(a).close(from.times(slopes[a])) {
			return false
		}
	}
	return true
}

// givenOr returns the number of the program if it is given, and else what is expected. It returns whether the
// equation holds, if it must.
func (c *Chain) givenOr(i int, expected number, equation uint) (number, bool) {
	if !c.given[i] {
		return expected, true
	}
	x := number{c.B[i], c.err[i] + 1e-10*math.Abs(c.B[i])}
	return x, !c.holds(equation) || x.close(expected)
}

// mostPrecise returns dc as it follows from the dz with the smallest error, of those whose equation must hold.
func (c *Chain) mostPrecise(dc number, z func(a int) number, slopes [4]float64) number {
	best := math.Inf(1)
	for _, a := range []int{pass.I, pass.F, pass.G} {
		if x := z(a).over(slopes[a]); c.holds(eqOfGate[a]) && slopes[a] != 0 && x.err < best {
			best, dc = x.err, x
		}
	}
	return dc
}

// coefficients returns what multiplies dh or dc in each dz, and dh in dc.
func coefficients(p *pass.Place) (slopes [4]float64, fromH float64) {
	q := *p
	q.DH, q.DC = 1, 1
	for a := range slopes {
		slopes[a] = q.Lines.DZ[a](&q)
	}
	return slopes, q.FromH()
}

// expectH returns dh as it should be: what comes through the readout, and what the next step hands back.
func (c *Chain) expectH(p *pass.Place) number {
	sum := number{v: p.Read}
	for m, d := range p.DY {
		sum.err += math.Abs(c.V[c.Wy(p.J, m)]) * (c.err[c.DY(p.S, p.T, m)] + 1e-14*math.Abs(d))
	}
	return sum.plus(c.carriedH(p))
}

// carriedH returns dh′ of the next step as it should be.
func (c *Chain) carriedH(p *pass.Place) (sum number) {
	if p.T == c.T-1 {
		return sum
	}
	for a, dz := range c.dz(p.S, p.T+1) {
		for j, d := range dz {
			w := c.V[c.W(a, c.X+p.J, j)]
			sum = sum.plus(number{d * w, math.Abs(w) * (c.err[c.Z(p.T+1, a, j)+p.Own] + 1e-15*math.Abs(d))})
		}
	}
	return sum
}

// carriedC returns dc′ of the next step as it should be.
func (c *Chain) carriedC(p *pass.Place) number {
	if p.T == c.T-1 {
		return number{}
	}
	next := c.At(p.S, p.T+1, p.J)
	x := c.number(c.DC(p.S, p.T+1, p.J)).times(next.F)
	return x.plus(number{v: next.Peeped(pass.I) + next.Peeped(pass.F)})
}
