package mistake

import (
	"fmt"

	"lstm/check/mistake/derivative"
	"lstm/check/pass"
)

// ofLoss adds the mistakes in the derivative of the loss, and in the readout.
func (all *relatives) ofLoss(n pass.Net) {
	right, at := derivative.Right(n), "dy = "
	for _, m := range derivative.Others(n) {
		all.add(m.What, m.Wrong, m.Right, func(l *pass.Lines) { l.DY = func(p *pass.Place) float64 { return m.DY(p, 0) } })
	}
	all.wrap("only the last step's loss has a derivative", "if t == T-1 { "+right+" }", right, func(l *pass.Lines) {
		dy := l.DY
		l.DY = func(p *pass.Place) float64 {
			if p.T < p.Net.T-1 {
				return 0
			}
			return dy(p)
		}
	})
	for _, shift := range []int{-1, 1} {
		all.wrap(fmt.Sprintf("the derivative of the loss takes the target of another step: %+d", shift), at+fmt.Sprintf("… target[t%+d]", shift), right, func(l *pass.Lines) {
			dy := l.DY
			l.DY = func(p *pass.Place) float64 {
				if other := p.Targets(p.S, min(p.T+shift, p.Net.T-1)); other != nil {
					p.Target = other[p.M]
				}
				return dy(p)
			}
		})
	}
	all.add("the part of dh from the next step is missing", "dh = Wy*dy", "dh = Wy*dy + dhNext", func(l *pass.Lines) { l.DH = func(p *pass.Place) float64 { return p.Read } })
	if n.H == n.O {
		all.add("dh takes the transpose of the readout's matrix", "dh = dy*Wy", "dh = Wy*dy", func(l *pass.Lines) {
			l.DH = func(p *pass.Place) float64 {
				sum := p.Back.DH[p.J]
				for m, d := range p.DY {
					sum += p.V[p.Wy(m, p.J)] * d
				}
				return sum
			}
		})
	}
	all.add("the readout's weights get no gradient", "(no such line)", "dWy += outer(h, dy)", func(l *pass.Lines) { l.HY = func(*pass.Place) float64 { return 0 } })
	all.add("the readout's weights take tanh(c), but y is made from h", "dWy += outer(tanh(c), dy)", "dWy += outer(h, dy)", func(l *pass.Lines) { l.HY = func(p *pass.Place) float64 { return p.TanhC } })
	all.add("the readout's weights take c, but y is made from h", "dWy += outer(c, dy)", "dWy += outer(h, dy)", func(l *pass.Lines) { l.HY = func(p *pass.Place) float64 { return p.C } })
	all.add("the readout's bias gets no gradient", "(no such line)", "dby += dy", atEnd(func(p *pass.Point, g []float64) { clear(g[p.By(0):p.By(p.O)]) }))
	all.add("the readout gets the gradient of the last step only", "if t == T-1 { dWy += outer(h, dy); dby += dy }", "dWy += outer(h, dy); dby += dy",
		func(l *pass.Lines) { l.CountsRead = func(p *pass.Place) bool { return p.T == p.Net.T-1 } })
}
