package walk

import (
	"math"
	"slices"

	"lstm/check/chain"
	"lstm/check/pass"
)

// handed finds dh′ and dc′ of each step as the program has them, and their states. What a step hands back is what
// arrives at the step before: dh less its part from y, or dc less its part from h.
func (w *Walk) handed(k *Case, c *chain.Chain, s int, truth []float64) {
	n, own := c.Net, c.Sequence(s)
	for _, h := range []struct {
		name, to string // of the Numbers, and of the same numbers at the step that hands them back
		line     chain.Line
		first    int // dh0 or dc0 of unit 0
		arrives  func(at *pass.Place) float64
		off      func(t, j int) bool // whether what goes into the line is wrong
	}{
		{
			name: "dhn", to: "dhp", line: chain.DHP, first: n.H0(0) + own,
			arrives: func(at *pass.Place) float64 { return at.DH - at.Read },
			off:     func(t, _ int) bool { return !near(c, truth, n.Z(t, 0, 0)+own, 4*n.H) },
		},
		{
			name: "dcn", to: "dcp", line: chain.DCP, first: n.C0(0) + own,
			arrives: func(at *pass.Place) float64 { return at.DC - at.FromH() - at.Peeped(pass.O) },
			off: func(t, j int) bool {
				return !near(c, truth, n.DC(s, t, j), 1) || n.Peephole && !near(c, truth, n.Z(t, 0, 0)+own, 4*n.H)
			},
		},
	} {
		breaks := make(map[[2]int]bool) // by step and unit
		c.Each(func(l chain.Line, seq, t, j int, holds bool) {
			if l == h.line && seq == s {
				breaks[[2]int{t + 1, j}] = true
			}
		})
		anywhere := slices.ContainsFunc(c.Faults, func(f chain.Fault) bool { return f.Line == h.line })
		for row, j := range w.Units {
			rows, states := k.Numbers[h.name][row], make([]State, w.T)
			for i := range rows {
				t, broken := w.First+i, breaks[[2]int{w.First + i, j}]
				switch {
				case t == n.T:
					continue
				case t > 0 && broken:
					rows[i] = h.arrives(c.At(s, t-1, j))
				case t == 0 && c.Given(h.first+j):
					if broken = !c.Close(h.first+j, rows[i], 0); broken {
						rows[i] = c.B[h.first+j]
					}
				case t == 0 && anywhere:
					rows[i] = math.NaN()
				}
				if i == w.T {
					continue
				}
				be := w.At(nil, h.to, row, i)
				switch states[i] = Right; {
				case broken:
					states[i] = Broken
				case h.off(t, j) && math.Abs(rows[i]-be) > 1e-9*math.Abs(be):
					states[i] = Inherited
				}
			}
			k.States[h.to] = append(k.States[h.to], states)
		}
	}
}

// near reports whether n entries of the chain from i on may be those of the right pass.
func near(c *chain.Chain, truth []float64, i, n int) bool {
	for k := i; k < i+n; k++ {
		if !c.Close(k, truth[k], 0) {
			return false
		}
	}
	return true
}
