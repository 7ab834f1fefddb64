package chain

import (
	"math"
	"slices"

	"lstm/check/chain/linear"
	"lstm/check/pass"
)

// Solve finds dz from the gradients of the gates' parameters. dW and db are sums over the steps, Σ_t [x_t; h_{t−1}; 1]
// ⊗ dz_t. If there are fewer steps than rows, N·T ≤ X+H+1, the sums determine every dz. Solve returns dz as an array,
// or false if the sums do not determine it, do not all come from one dz, or are not all known.
func Solve(p *pass.Point, arrays []Array) (dz Array, ok bool) {
	rows, steps := p.X+p.Net.H+1, p.N*p.T
	if steps > rows {
		return dz, false
	}
	value, bar := make([]float64, p.Params()), make([]float64, p.Params())
	for i := range value {
		value[i] = math.NaN()
	}
	for _, a := range arrays {
		for i, of := range a.Of {
			if len(of) == 1 && of[0].Index < len(value) && !math.IsNaN(a.Value[i]) {
				value[of[0].Index], bar[of[0].Index] = a.Value[i]/of[0].Times, a.Bar[i]/math.Abs(of[0].Times)
			}
		}
	}
	f, ok := linear.Factor(inputs(p))
	if !ok {
		return dz, false
	}
	dz.Name = "dz"
	for a := range 4 {
		for j := range p.Net.H {
			sums, bars := make([]float64, rows), make([]float64, rows)
			for k := range rows - 1 {
				sums[k], bars[k] = value[p.W(a, k, j)], bar[p.W(a, k, j)]
			}
			sums[rows-1], bars[rows-1] = value[p.B(a, j)], bar[p.B(a, j)]
			z, err, fits := f.Solve(sums, bars)
			if !fits {
				return dz, false
			}
			for k := range z {
				at := p.Z(k%p.T, a, j) + p.Sequence(k/p.T)
				dz.Value, dz.Bar = append(dz.Value, z[k]), append(dz.Bar, err[k])
				dz.Of = append(dz.Of, []Term{{Index: at, Times: 1}})
			}
		}
	}
	return dz, true
}

// inputs returns what multiplies dz in the sums: a column (X+H+1) for each step of each sequence.
func inputs(p *pass.Point) (columns [][]float64) {
	for s, tr := range p.Traces {
		for t := range p.T {
			var c []float64
			for k := range p.X {
				c = append(c, p.V[p.In(t, k)+p.Sequence(s)])
			}
			columns = append(columns, append(append(c, tr.H[t]...), 1))
		}
	}
	return columns
}

// withDY returns the chain with another dy, if this makes the lines of dh, dWy and dby hold, or nil. It looks for the
// dy with Wy·dy = dh − dh′ at every unit, Σ h⊗dy = dWy and Σ dy = dby.
func (c *Chain) withDY(arrays []Array) *Chain {
	first, unknowns := c.DY(0, 0, 0), c.N*c.T*c.O
	if unknowns*unknowns*c.N*c.T*c.Net.H > 5e8 || c.out&eqH == 0 || c.given[first] || !c.has(DH, DHP) || !c.has(Sums) {
		return nil
	}
	var y, bars []float64
	columns := make([][]float64, unknowns)
	row := func(x number, factor func(s, t, m int) float64) {
		y, bars = append(y, x.v), append(bars, x.err)
		for k := range columns {
			columns[k] = append(columns[k], factor(k/(c.T*c.O), k/c.O%c.T, k%c.O))
		}
	}
	for s := range c.N {
		for t := range c.T {
			for j := range c.Net.H {
				row(c.number(c.DH(s, t, j)).minus(c.carriedH(c.At(s, t, j))), func(s2, t2, m int) float64 {
					if s2 != s || t2 != t {
						return 0
					}
					return c.V[c.Wy(j, m)]
				})
			}
		}
	}
	for m := range c.O {
		for j := range c.Net.H + 1 {
			at := c.By(m)
			if j < c.Net.H {
				at = c.Wy(j, m)
			}
			if !c.given[at] {
				return nil
			}
			row(c.number(at), func(s, t, m2 int) float64 {
				switch {
				case m2 != m:
					return 0
				case j == c.Net.H:
					return 1
				}
				return c.Traces[s].H[t+1][j]
			})
		}
	}
	f, kept := linear.Independent(columns)
	dy, err, fits := f.Solve(y, bars)
	if !fits || len(y) < len(kept)+2 {
		return nil
	}
	d := c.without(c.out &^ eqH)
	clear(d.B[first : first+unknowns])
	for k, i := range kept {
		d.B[first+i], d.err[first+i] = dy[k], err[k]
	}
	if !d.infer() {
		return nil
	}
	if d.Judge(arrays); len(d.Faults) >= len(c.Faults) {
		return nil
	}
	if len(kept) < unknowns && d.Faults[0].Line == DY { // other dy fit as well
		d.Faults[0].Has, d.Faults[0].Right = nil, nil
	}
	return d
}

// has reports whether one of some lines does not hold.
func (c *Chain) has(lines ...Line) bool {
	return slices.ContainsFunc(c.Faults, func(f Fault) bool { return slices.Contains(lines, f.Line) })
}
