package mistake

import (
	"lstm/check/mistake/factor"
	"lstm/check/pass"
)

// throughTime has the mistakes between the steps.
var throughTime = []*Exhibit{
	{Name: "no-dc", What: "dc is not handed back from step to step",
		Wrong: "dc = dh*o*(1-tanh(c)²)", Right: "dc = dcNext + dh*o*(1-tanh(c)²)", Where: "2nd i", Falls: true, Weak: "1",
		Edit: func(l *pass.Lines) { l.DCPrev = func(*pass.Place) float64 { return 0 } }},
	{Name: "no-dh", What: "dh is not handed back from step to step: it is assigned, and not added",
		Wrong: "dh = Wy*dy", Right: "dh = Wy*dy + dhNext", Where: "2nd o", Falls: true, Weak: "1w",
		Edit: func(l *pass.Lines) { l.Wh = func(_ *pass.Place, gate, k, j int) float64 { return 0 } }},
	{Name: "neither", What: "nothing is handed back: each step learns by itself",
		Wrong: "dh, dc = Wy*dy, dh*o*(1-tanh(c)²)", Right: "dh, dc = Wy*dy + dhNext, dcNext + dh*o*(1-tanh(c)²)", Where: "2nd o", Falls: true, Weak: "1",
		Edit: func(l *pass.Lines) { l.HandsBack = func(*pass.Place) bool { return false } }},
	{Name: "no-forget", What: "dc is handed back without the forget gate",
		Wrong: "dcNext = dc", Right: "dcNext = dc*f", Where: "2nd i", Falls: true, Weak: "1",
		Edit: func(l *pass.Lines) {
			l.DCPrev = func(p *pass.Place) float64 { return p.DC + p.Peeped(I) + p.Peeped(F) }
		}},
	{Name: "input-carry", What: "dc is handed back through the input gate, and not through the forget gate",
		Wrong: "dcNext = dc*i", Right: "dcNext = dc*f", Where: "2nd i", Falls: true, Weak: "1w",
		Edit: func(l *pass.Lines) {
			l.DCPrev = func(p *pass.Place) float64 { return p.DC*p.I + p.Peeped(I) + p.Peeped(F) }
		}},
	{Name: "wh-transposed", What: "dh is handed back through the transpose of the right matrix",
		Wrong: "dhNext = dz*Wh", Right: "dhNext = Wh*dz", Where: "2nd o", Falls: true, Weak: "1w",
		Edit: func(l *pass.Lines) {
			l.Wh = func(p *pass.Place, gate, k, j int) float64 { return p.V[p.W(gate, p.X+j, k)] }
		}},
	{Name: "wh-one-gate", What: "dz of every gate goes back through the weights of one gate",
		Wrong: "dhNext = Whi*(dzi+dzf+dzo+dzg)", Right: "dhNext = Whi*dzi + Whf*dzf + Who*dzo + Whg*dzg", Where: "2nd o", Falls: true, Weak: "1w",
		Edit: func(l *pass.Lines) {
			l.Wh = func(p *pass.Place, gate, k, j int) float64 { return p.V[p.W(I, p.X+k, j)] }
		}},
	{Name: "truncated", What: "the gradient stops after two steps, but is compared with the full loss",
		Wrong: "for t = T-1; t >= T-2; t--", Right: "for t = T-1; t >= 0; t--", Where: "3rd o", Falls: true, Weak: "1",
		Edit: cut(2)},
}

// inTheSums has the mistakes in the sums over the steps.
var inTheSums = []*Exhibit{
	{Name: "h-late", What: "dW takes h of this step, but z was made from h of the step before",
		Wrong: "dW += outer([x, h[t]], dz)", Right: "dW += outer([x, h[t-1]], dz)", Where: "W", Falls: true, Weak: "w",
		Edit: func(l *pass.Lines) { l.H = func(p *pass.Place, k int) float64 { return p.Trace.H[p.T+1][k] } }},
	{Name: "x-early", What: "dW takes x of the step before, but z was made from x of this step",
		Wrong: "dW += outer([x[t-1], h], dz)", Right: "dW += outer([x[t], h], dz)", Where: "W", Falls: true, Weak: "1",
		Edit: factor.Shifted(-1, true)},
	{Name: "last-step", What: "the gradient is overwritten at every step, and not added up",
		Wrong: "dW = outer([x, h], dz); db = dz", Right: "dW += outer([x, h], dz); db += dz", Where: "W b", Falls: true, Weak: "1",
		Edit: func(l *pass.Lines) { l.Counts = func(p *pass.Place) bool { return p.T == 0 } }},
	{Name: "only-last", What: "only the last step is added up",
		Wrong: "if t == T-1 { dW += outer([x, h], dz); db += dz }", Right: "dW += outer([x, h], dz); db += dz", Where: "W b", Falls: true, Weak: "1",
		Edit: func(l *pass.Lines) { l.Counts = func(p *pass.Place) bool { return p.T == p.Net.T-1 } }},
	{Name: "transposed", What: "dz and h are swapped in the outer product",
		Wrong: "dWh += outer(dz, h)", Right: "dWh += outer(h, dz)", Where: "W", Falls: true, Weak: "1w",
		Edit: func(l *pass.Lines) { l.WhAt = func(p *pass.Place, gate, k, j int) int { return p.W(gate, p.X+j, k) } }},
	{Name: "swapped", What: "the gradients of two gates are swapped",
		Wrong: "dWi += outer(xh, dzf); dWf += outer(xh, dzi)", Right: "dWi += outer(xh, dzi); dWf += outer(xh, dzf)", Where: "Wi Wf", Falls: true, Weak: "w",
		Edit: func(l *pass.Lines) { l.WGate[I], l.WGate[F] = F, I }},
	{Name: "other-bias", What: "a bias gets the gradient of another gate: the line was copied and not changed",
		Wrong: "dbf += dzi", Right: "dbf += dzf", Where: "bf", Falls: true, Weak: "w",
		Edit: func(l *pass.Lines) { l.BGate[F] = I }},
	{Name: "no-bias", What: "the bias of the output gate gets no gradient",
		Wrong: "(no such line)", Right: "dbo += dzo", Where: "bo", Falls: true, Weak: "w",
		Edit: atEnd(func(p *pass.Point, grad []float64) { clear(grad[p.B(O, 0):p.B(O+1, 0)]) })},
	{Name: "twice", What: "the gradient was not cleared before it was added up again",
		Wrong: "(no such line)", Right: "clear(grad)", Where: "W b Wy by", Falls: true,
		Edit: atEnd(func(p *pass.Point, grad []float64) {
			for i := range p.Params() {
				grad[i] *= 2
			}
		})},
}
