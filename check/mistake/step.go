package mistake

import (
	"lstm/check/mistake/factor"
	"lstm/check/pass"
)

// atTheLoss has the mistakes at the loss and the readout.
var atTheLoss = []*Exhibit{
	{Name: "mean", What: "the loss is a mean over the outputs, but its derivative is not",
		Wrong: "dy = 2*(y - target)", Right: "dy = 2*(y - target) / O", Where: "last o", Falls: true, Ties: true, Weak: "o",
		Edit: func(l *pass.Lines) { l.DY = func(p *pass.Place) float64 { return 2 * (p.Y - p.Target) } }},
	{Name: "two", What: "the 2 from the square is missing",
		Wrong: "dy = (y - target) / O", Right: "dy = 2*(y - target) / O", Where: "last o", Falls: true, Ties: true,
		Edit: func(l *pass.Lines) { l.DY = func(p *pass.Place) float64 { return (p.Y - p.Target) / float64(p.Net.O) } }},
	{Name: "sign", What: "target and output are swapped, so training goes uphill",
		Wrong: "dy = 2*(target - y) / O", Right: "dy = 2*(y - target) / O", Where: "last o",
		Wraps: true, Edit: func(l *pass.Lines) { dy := l.DY; l.DY = func(p *pass.Place) float64 { return -dy(p) } }},
	{Name: "steps", What: "the gradient is divided by the number of steps, but the loss is a sum over them",
		Wrong: "dy = 2*(y - target) / O / T", Right: "dy = 2*(y - target) / O", Where: "last o", Falls: true, Ties: true, Weak: "1",
		Edit: func(l *pass.Lines) {
			dy := l.DY
			l.DY = func(p *pass.Place) float64 { return dy(p) / float64(p.Net.T) }
		}},
	{Name: "last-loss", What: "only the last output reaches dh, but every step has a loss",
		Wrong: "if t == T-1 { dh += Wy * dy }", Right: "dh += Wy * dy", Where: "2nd o", Falls: true, Weak: "1",
		Edit: func(l *pass.Lines) {
			l.DH = func(p *pass.Place) float64 {
				if p.T == p.Net.T-1 {
					return p.Read
				}
				return p.Back.DH[p.J]
			}
		}},
	{Name: "no-readout", What: "dh lacks the part that comes back through the readout",
		Wrong: "dh = dhNext", Right: "dh = Wy*dy + dhNext", Where: "last o", Falls: true,
		Edit: func(l *pass.Lines) { l.DH = func(p *pass.Place) float64 { return p.Back.DH[p.J] } }},
	{Name: "wy-before", What: "dWy takes h of the step before, but y was made from h of this step",
		Wrong: "dWy += outer(h[t-1], dy)", Right: "dWy += outer(h[t], dy)", Where: "Wy", Falls: true,
		Edit: func(l *pass.Lines) { l.HY = func(p *pass.Place) float64 { return p.HPrev } }},
	{Name: "wy-last", What: "the readout's gradient is overwritten at every step, and not added up",
		Wrong: "dWy = outer(h, dy); dby = dy", Right: "dWy += outer(h, dy); dby += dy", Where: "Wy by", Falls: true, Weak: "1",
		Edit: func(l *pass.Lines) { l.CountsRead = func(p *pass.Place) bool { return p.T == 0 } }},
}

// inTheGates has the mistakes in σ′ and tanh′ at the gates.
var inTheGates = []*Exhibit{
	{Name: "no-sigma-i", What: "the σ′ of the input gate is missing",
		Wrong: "dzi = dc*g", Right: "dzi = dc*g * i*(1-i)", Where: "last i", Falls: true, Weak: "w",
		Edit: missing.At(I)},
	{Name: "no-sigma-f", What: "the σ′ of the forget gate is missing",
		Wrong: "dzf = dc*cPrev", Right: "dzf = dc*cPrev * f*(1-f)", Where: "last f", Falls: true, Weak: "1w",
		Edit: missing.At(F)},
	{Name: "no-sigma-o", What: "the σ′ of the output gate is missing",
		Wrong: "dzo = dh*tanh(c)", Right: "dzo = dh*tanh(c) * o*(1-o)", Where: "last o", Falls: true, Weak: "w",
		Edit: missing.At(O)},
	{Name: "no-tanh-g", What: "the tanh′ of the candidate is missing",
		Wrong: "dzg = dc*i", Right: "dzg = dc*i * (1-g*g)", Where: "last g", Falls: true, Weak: "w",
		Edit: missing.At(G)},
	{Name: "double-sigma-f", What: "σ′ is applied twice: here, and again in a helper",
		Wrong: "dzf = dc*cPrev * f*(1-f) * f*(1-f)", Right: "dzf = dc*cPrev * f*(1-f)", Where: "last f", Falls: true, Weak: "1w",
		Edit: factor.Slopes[1].At(F)},
	{Name: "sigma-of-z", What: "σ′ is written for the value of σ, but gets its argument",
		Wrong: "dzo = dh*tanh(c) * zo*(1-zo)", Right: "dzo = dh*tanh(c) * o*(1-o)", Where: "last o", Weak: "w",
		Edit: factor.Slopes[2].At(O)},
	{Name: "sigma-of-sigma", What: "σ′ is written for the argument of σ, but gets its value",
		Wrong: "dzi = dc*g * s(i)*(1-s(i))", Right: "dzi = dc*g * i*(1-i)", Where: "last i", Falls: true, Weak: "w",
		Edit: factor.Slopes[3].At(I)},
	{Name: "tanh-of-z", What: "tanh′ is written for the value of tanh, but gets its argument",
		Wrong: "dzg = dc*i * (1-zg*zg)", Right: "dzg = dc*i * (1-g*g)", Where: "last g", Falls: true, Weak: "w",
		Edit: factor.SlopesOfTanh[2].At(G)},
	{Name: "tanh-for-sigma", What: "a sigmoid gate gets the derivative of tanh",
		Wrong: "dzi = dc*g * (1-i*i)", Right: "dzi = dc*g * i*(1-i)", Where: "last i", Falls: true, Weak: "w",
		Edit: factor.Slopes[4].At(I)},
	{Name: "sigma-for-tanh", What: "the candidate gets the derivative of σ",
		Wrong: "dzg = dc*i * g*(1-g)", Right: "dzg = dc*i * (1-g*g)", Where: "last g", Falls: true,
		Edit: factor.SlopesOfTanh[4].At(G)},
}

// inTheCell has the mistakes in the factors of c and h.
var inTheCell = []*Exhibit{
	{Name: "c-for-cprev", What: "dzf takes c of this step, but the forget gate multiplies c of the step before",
		Wrong: "dzf = dc*c * f*(1-f)", Right: "dzf = dc*cPrev * f*(1-f)", Where: "last f", Falls: true, Weak: "w",
		Edit: through(F, func(p *pass.Place) float64 { return p.DC * p.C })},
	{Name: "h-for-cprev", What: "dzf takes h of the step before, but the forget gate multiplies c of the step before",
		Wrong: "dzf = dc*hPrev * f*(1-f)", Right: "dzf = dc*cPrev * f*(1-f)", Where: "last f", Falls: true, Weak: "1w",
		Edit: through(F, func(p *pass.Place) float64 { return p.DC * p.HPrev })},
	{Name: "c-for-tanh", What: "dzo takes c, but the output gate multiplies tanh(c)",
		Wrong: "dzo = dh*c * o*(1-o)", Right: "dzo = dh*tanh(c) * o*(1-o)", Where: "last o", Falls: true, Weak: "w",
		Edit: through(O, func(p *pass.Place) float64 { return p.DH * p.C })},
	{Name: "i-for-g", What: "the factors of i*g are swapped",
		Wrong: "dzi = dc*i * i*(1-i); dzg = dc*g * (1-g*g)", Right: "dzi = dc*g * i*(1-i); dzg = dc*i * (1-g*g)", Where: "last i", Falls: true,
		Edit: func(l *pass.Lines) {
			l.Through[I] = func(p *pass.Place) float64 { return p.DC * p.I }
			l.Through[G] = func(p *pass.Place) float64 { return p.DC * p.G }
		}},
	{Name: "dh-for-dc", What: "dzg takes dh, but g reaches the loss through c",
		Wrong: "dzg = dh*i * (1-g*g)", Right: "dzg = dc*i * (1-g*g)", Where: "last g", Falls: true,
		Edit: through(G, func(p *pass.Place) float64 { return p.DH * p.I })},
	{Name: "no-tanh-c", What: "the tanh′ between h and c is missing",
		Wrong: "dc = dcNext + dh*o", Right: "dc = dcNext + dh*o*(1-tanh(c)²)", Where: "last i", Falls: true, Weak: "w",
		Edit: missing.AtC},
	{Name: "tanh-of-c", What: "tanh′ is written for the value of tanh, but gets c",
		Wrong: "dc = dcNext + dh*o*(1-c*c)", Right: "dc = dcNext + dh*o*(1-tanh(c)²)", Where: "last i", Falls: true, Weak: "w",
		Edit: factor.SlopesOfTanh[2].AtC},
	{Name: "no-o", What: "the output gate between h and c is missing",
		Wrong: "dc = dcNext + dh*(1-tanh(c)²)", Right: "dc = dcNext + dh*o*(1-tanh(c)²)", Where: "last i", Falls: true,
		Edit: func(l *pass.Lines) {
			l.DC = func(p *pass.Place) float64 { return p.Back.DC[p.J] + p.Lines.SlopeC(p, p.DH) + p.Peeped(O) }
		}},
	{Name: "one-path", What: "dc has two parts, from h and from the next step: the part from h is missing",
		Wrong: "dc = dcNext", Right: "dc = dcNext + dh*o*(1-tanh(c)²)", Where: "last i", Falls: true,
		Edit: func(l *pass.Lines) { l.DC = func(p *pass.Place) float64 { return p.Back.DC[p.J] + p.Peeped(O) } }},
}
