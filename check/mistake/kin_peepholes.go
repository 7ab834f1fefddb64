package mistake

import (
	"fmt"

	"lstm/check/mistake/factor"
	"lstm/check/pass"
)

// ofPeepholes adds the mistakes at the peepholes.
func (all *relatives) ofPeepholes() {
	all.add("dc lacks the part that comes back through the peephole of o", rightDC, rightDC+" + po*dzo", func(l *pass.Lines) {
		l.DC = func(p *pass.Place) float64 { return p.Back.DC[p.J] + p.FromH() }
	})
	next := func(what, wrong string, gates ...int) {
		all.add("dc is handed back without "+what, wrong, "dcNext = dc*f + pi*dzi + pf*dzf", func(l *pass.Lines) {
			l.DCPrev = func(p *pass.Place) float64 {
				sum := p.DC * p.F
				for _, a := range gates {
					sum += p.Peeped(a)
				}
				return sum
			}
		})
	}
	next("the parts through the peepholes of i and f", "dcNext = dc*f")
	next("the part through the peephole of i", "dcNext = dc*f + pf*dzf", F)
	next("the part through the peephole of f", "dcNext = dc*f + pi*dzi", I)
	for _, a := range []int{I, F, O} {
		c, own, other := [2]string{"c[t-1]", "c[t]"}, 0, 1
		if a == O {
			own, other = other, own
		}
		line, gate := "dp%[1]s += %[2]s*dz%[1]s", factor.Name(a)
		all.add(fmt.Sprintf("the peephole of %s takes %s", gate, c[other]), fmt.Sprintf(line, gate, c[other]), fmt.Sprintf(line, gate, c[own]),
			atEnd(func(p *pass.Point, g []float64) {
				for j := range p.Net.H {
					sum := 0.0
					for s, tr := range p.Traces {
						for t := range p.T {
							sum += g[p.Z(t, a, j)+p.Sequence(s)] * tr.C[t+other][j]
						}
					}
					g[p.Peep(a, j)] = sum
				}
			}))
	}
}
