package mistake

import (
	"fmt"

	"lstm/check/pass"
)

// forwards adds the loop that runs from the first step to the last: a step gets nothing from the next one, but the initial
// state gets its gradient.
func (all *relatives) forwards() {
	all.add("the loop over the steps of the backward pass runs forwards, so a step does not see what the next one hands back", "for t = 0; t < T; t++",
		"for t = T-1; t >= 0; t--", func(l *pass.Lines) {
			l.DH = func(p *pass.Place) float64 { return p.Read }
			l.DC = func(p *pass.Place) float64 { return p.FromH() + p.Peeped(O) }
		})
}

// handedMore adds the mistakes in which dh′ or dc′ has more than it should, or the dz of two gates in each other's place.
func (all *relatives) handedMore() {
	const right = "dhNext = Wh*dz"
	more := func(what, wrong string, of func(p *pass.Place, next int) float64) {
		all.add(what, wrong, right, func(l *pass.Lines) {
			l.DH = func(p *pass.Place) float64 {
				if p.T == p.Net.T-1 {
					return p.Read
				}
				return p.Read + p.Back.DH[p.J] + of(p, p.T+1)
			}
			atEnd(func(p *pass.Point, g []float64) {
				for s := range p.N {
					for j := range p.Net.H {
						at := &pass.Place{Point: p, S: s, J: j, Grad: g}
						g[p.H0(j)+p.Sequence(s)] += of(at, 0)
					}
				}
			})(l)
		})
	}
	dh := func(p *pass.Place, t int) float64 { return p.Grad[p.Net.DH(p.S, t, p.J)] }
	more("dh is added to the dh that is handed back", "dhNext = Wh*dz + dh", dh)
	more("dh that is handed back is added up over the steps", "dhNext += Wh*dz", func(p *pass.Place, t int) float64 {
		sum := dh(p, t)
		for m := range p.Net.O {
			sum -= p.V[p.Wy(p.J, m)] * p.Grad[p.Net.DY(p.S, t, m)]
		}
		return sum
	})
	dc := func(what, wrong string, f func(p *pass.Place) float64) {
		all.add(what, wrong, "dcNext = dc*f", func(l *pass.Lines) {
			l.DCPrev = func(p *pass.Place) float64 { return f(p) + p.Peeped(I) + p.Peeped(F) }
		})
	}
	dc("dc is added to the dc that is handed back", "dcNext = dc*f + dc", func(p *pass.Place) float64 { return p.DC*p.F + p.DC })
	dc("dc that is handed back is added up over the steps", "dcNext += dc*f", func(p *pass.Place) float64 { return p.DC*p.F + p.Back.DC[p.J] })
	for _, x := range pass.Exchanges() {
		_, a, b := ordered(x)
		all.add(fmt.Sprintf("the dz of the gates %s and %s change places in the dh that is handed back", a, b), fmt.Sprintf("dhNext = Wh%s*dz%s + Wh%s*dz%s + …", a, b, b, a),
			fmt.Sprintf("dhNext = Wh%[1]s*dz%[1]s + Wh%[2]s*dz%[2]s + …", a, b), func(l *pass.Lines) {
				o := x.Order()
				l.Wh = func(p *pass.Place, gate, k, j int) float64 { return p.Wh(o[gate], k, j) }
			})
	}
}
