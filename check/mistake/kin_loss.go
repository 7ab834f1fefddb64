package mistake

import (
	"fmt"
	"math"

	"lstm/check/pass"
	"lstm/check/scalar"
)

// ofLoss adds the mistakes in the derivative of the loss, and in the readout.
func (all *relatives) ofLoss(n pass.Net) {
	right, at := "dy = 2*(y - target) / O", "dy = "
	if n.Kind.Loss != pass.Squared {
		right = "dy = p - target"
	}
	dy := func(what, wrong string, f func(p *pass.Place) float64) {
		all.add(what, at+wrong, right, func(l *pass.Lines) { l.DY = func(p *pass.Place) float64 { return f(p) / p.Per } })
	}
	switch n.Kind.Loss {
	case pass.CrossEntropy, pass.Logistic:
		prob := func(p *pass.Place) float64 {
			if n.Kind.Loss == pass.Logistic {
				return scalar.Sigma(p.Y)
			}
			return p.P
		}
		dy("the target is missing in the derivative of the loss", "p", prob)
		dy("the derivative takes the scores y, and not their probabilities p", "y - target", func(p *pass.Place) float64 { return p.Y - p.Target })
		dy("the derivative is that of the squared error", "2*(y - target)", func(p *pass.Place) float64 { return 2 * (p.Y - p.Target) })
		dy("the derivative is that of the squared error of the probabilities", "2*(p - target)*p*(1-p)", func(p *pass.Place) float64 { return 2 * (prob(p) - p.Target) * prob(p) * (1 - prob(p)) })
		dy("the derivative of the probability is applied twice", "(p - target)*p*(1-p)", func(p *pass.Place) float64 { return (prob(p) - p.Target) * prob(p) * (1 - prob(p)) })
		dy("the derivative of the softmax is missing", "-target/p", func(p *pass.Place) float64 { return -p.Target / prob(p) })
		dy("only the symbol of the target gets a derivative", "(p - 1)*target", func(p *pass.Place) float64 { return (prob(p) - 1) * p.Target })
		dy("the symbol of the target gets no derivative", "p*(1 - target)", func(p *pass.Place) float64 { return prob(p) * (1 - p.Target) })
		dy("target and probability are added", "p + target", func(p *pass.Place) float64 { return prob(p) + p.Target })
	case pass.Squared:
		dy("the target is missing in the derivative of the loss", "2*y", func(p *pass.Place) float64 { return 2 * p.Y })
		dy("the derivative is that of the absolute error", "sign(y - target)", func(p *pass.Place) float64 { return math.Copysign(1, p.Y-p.Target) })
		dy("the error is squared, and not its derivative taken", "(y - target)**2", func(p *pass.Place) float64 { return (p.Y - p.Target) * (p.Y - p.Target) })
		dy("target and output are added", "2*(y + target)", func(p *pass.Place) float64 { return 2 * (p.Y + p.Target) })
		dy("a σ′ of the output is there, but the output has no σ", "2*(y - target)*y*(1-y)", func(p *pass.Place) float64 { return 2 * (p.Y - p.Target) * p.Y * (1 - p.Y) })
		dy("a tanh′ of the output is there, but the output has no tanh", "2*(y - target)*(1-y*y)", func(p *pass.Place) float64 { return 2 * (p.Y - p.Target) * (1 - p.Y*p.Y) })
		dy("the derivative is that of the cross-entropy", "softmax(y) - target", func(p *pass.Place) float64 { return p.P - p.Target })
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
