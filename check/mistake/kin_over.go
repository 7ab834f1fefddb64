package mistake

import (
	"lstm/check/mistake/factor"
	"lstm/check/pass"
	"lstm/check/scalar"
)

// A span is a part of the parameters.
type span func(n pass.Net) (from, to int)

// overwritten adds the mistakes in which one array is overwritten at every step and not added up. The pass goes back, so
// what stays is the product of the first step: of all sequences, or of the last one if they come one after another.
func (all *relatives) overwritten(n pass.Net) {
	gates := func(letter string, a, b int) {
		w := func(from, rows func(n pass.Net) int) (spans []span) {
			for gate := a; gate < b; gate++ {
				spans = append(spans, func(n pass.Net) (int, int) { return n.W(gate, from(n), 0), n.W(gate, from(n)+rows(n)-1, n.H-1) + 1 })
			}
			return spans
		}
		none, x := func(pass.Net) int { return 0 }, func(n pass.Net) int { return n.X }
		h, both := func(n pass.Net) int { return n.Net.H }, func(n pass.Net) int { return n.X + n.Net.H }
		all.over(n, "dW"+letter, "outer([x, h], dz"+letter+")", w(none, both)...)
		all.over(n, "dWx"+letter, "outer(x, dz"+letter+")", w(none, x)...)
		all.over(n, "dWh"+letter, "outer(h, dz"+letter+")", w(x, h)...)
		all.over(n, "db"+letter, "dz"+letter, func(n pass.Net) (int, int) { return n.B(a, 0), n.B(b, 0) })
	}
	gates("", 0, 4)
	for a := range scalar.Gates {
		gates(factor.Name(a), a, a+1)
	}
	all.over(n, "dWy", "outer(h, dy)", func(n pass.Net) (int, int) { return n.Wy(0, 0), n.By(0) })
	all.over(n, "dby", "dy", func(n pass.Net) (int, int) { return n.By(0), n.Params() })
	all.over(n, "dW, db, dWy, dby: each", "…", func(n pass.Net) (int, int) { return 0, n.Params() })
}

// over adds the mistake for an array.
func (all *relatives) over(n pass.Net, name, product string, spans ...span) {
	edit := func(s int) func(l *pass.Lines) {
		return atEnd(func(p *pass.Point, g []float64) {
			first := p.FirstStep(g, s)
			for _, span := range spans {
				from, to := span(p.Net)
				copy(g[from:to], first[from:to])
			}
		})
	}
	all.add(name+" is overwritten at every step, and not added up", name+" = "+product, name+" += "+product, edit(0))
	if n.N > 1 {
		all.add(name+" is overwritten at every step of every sequence, and not added up", name+" = "+product, name+" += "+product, edit(n.N-1))
	}
}
