package scalar

import (
	"math/rand/v2"

	"lstm/check"
)

// An Exhibit is a mistake of the museum: a wrong line, and the right one.
type Exhibit struct {
	Name  string // as -bug takes it
	What  string // what is wrong, in a sentence
	Wrong string // the line as somebody writes it
	Right string // as it should be
	Where string // where Diagnose must find it: see Diagnosis.Where
	See   string // for a mistake that no gradient check can see: what does see it
	Falls bool   // training with it makes the loss fall all the same
	Weak  string // the weaker checks of Weak that it passes, by their letters

	edit func(l *lines)                                  // makes the backward pass wrong
	from func(n Net, v, target []float64) []float64      // or makes it start from another v
	at   func(n Net, v, target []float64, i int) float64 // or replaces it, entry by entry
	task func(n Net, v, target []float64) []float64      // or changes the targets

	known []float64 // the gradient, if it has been computed

	// Or it is a check that cannot be made: the error says why.
	refuse func(p *Point) error
}

// Gradient returns what somebody with this mistake takes for the gradient.
func (e *Exhibit) Gradient(n Net, v, target []float64) []float64 {
	if e.known != nil {
		return e.known
	}
	if e.at != nil {
		grad := make([]float64, len(v))
		for i := range v {
			grad[i] = e.at(n, v, target, i)
		}
		return grad
	}
	l := right()
	if e.edit != nil {
		e.edit(l)
	}
	if e.from != nil {
		v = e.from(n, v, target)
	}
	_, grad := backward(n, v, target, l)
	return grad
}

// Exhibits returns the museum: first what goes wrong at the loss and the readout, then in
// the gates, in the cell, on the way from step to step, and in the sums for the parameters,
// then the mistakes of those who check, and last those that no check of gradients can see.
func Exhibits() []*Exhibit {
	wrongDZ := func(gate int, f func(p *place) float64) func(l *lines) {
		return func(l *lines) { l.dz[gate] = f }
	}
	return []*Exhibit{
		{Name: "mean", What: "the loss is a mean over the outputs, its derivative is not",
			Wrong: "dy = 2*(y - target)", Right: "dy = 2*(y - target) / O", Where: "last o", Falls: true, Weak: "o",
			edit: func(l *lines) { l.dy = func(p *place) float64 { return 2 * (p.y - p.target) } }},
		{Name: "two", What: "the 2 of the square is forgotten",
			Wrong: "dy = (y - target) / O", Right: "dy = 2*(y - target) / O", Where: "last o", Falls: true,
			edit: func(l *lines) { l.dy = func(p *place) float64 { return (p.y - p.target) / float64(p.net.O) } }},
		{Name: "sign", What: "target and output have changed places, so that training climbs",
			Wrong: "dy = 2*(target - y) / O", Right: "dy = 2*(y - target) / O", Where: "last o",
			edit: func(l *lines) {
				dy := l.dy
				l.dy = func(p *place) float64 { return -dy(p) }
			}},
		{Name: "steps", What: "divided by the number of steps, though the loss is a sum over them",
			Wrong: "dy = 2*(y - target) / O / T", Right: "dy = 2*(y - target) / O", Where: "last o", Falls: true, Weak: "1",
			edit: func(l *lines) {
				dy := l.dy
				l.dy = func(p *place) float64 { return dy(p) / float64(p.net.T) }
			}},
		{Name: "last-loss", What: "only the last output is learnt from, though every step has a loss",
			Wrong: "if t == T-1 { dh += Wy * dy }", Right: "dh += Wy * dy", Where: "2nd o", Falls: true, Weak: "1",
			edit: func(l *lines) {
				l.dh = func(p *place) float64 {
					if p.t == p.net.T-1 {
						return p.read
					}
					return p.hand.dh
				}
			}},
		{Name: "no-readout", What: "the way back through the readout is left out",
			Wrong: "dh = dhNext", Right: "dh = Wy*dy + dhNext", Where: "last o", Falls: true,
			edit: func(l *lines) { l.dh = func(p *place) float64 { return p.hand.dh } }},
		{Name: "wy-before", What: "dWy takes h of the step before, the readout that of this step",
			Wrong: "dWy += outer(h[t-1], dy)", Right: "dWy += outer(h[t], dy)", Where: "Wy", Falls: true,
			edit: func(l *lines) { l.hy = func(p *place) float64 { return p.hp } }},
		{Name: "wy-last", What: "the readout's gradient is overwritten at every step",
			Wrong: "dWy = outer(h, dy); dby = dy", Right: "dWy += outer(h, dy); dby += dy", Where: "Wy by", Falls: true, Weak: "1",
			edit: func(l *lines) { l.countsRead = func(n Net, t int) bool { return t == 0 } }},

		{Name: "no-sigma-i", What: "the input gate's σ′ is left out",
			Wrong: "dzi = dc*g", Right: "dzi = dc*g * i*(1-i)", Where: "last i", Falls: true, Weak: "w",
			edit: wrongDZ(I, func(p *place) float64 { return p.dc * p.g })},
		{Name: "no-sigma-f", What: "the forget gate's σ′ is left out",
			Wrong: "dzf = dc*cPrev", Right: "dzf = dc*cPrev * f*(1-f)", Where: "last f", Falls: true, Weak: "1w",
			edit: wrongDZ(F, func(p *place) float64 { return p.dc * p.cp })},
		{Name: "no-sigma-o", What: "the output gate's σ′ is left out",
			Wrong: "dzo = dh*tanh(c)", Right: "dzo = dh*tanh(c) * o*(1-o)", Where: "last o", Falls: true, Weak: "w",
			edit: wrongDZ(O, func(p *place) float64 { return p.dh * p.tc })},
		{Name: "no-tanh-g", What: "the tanh′ of g is left out",
			Wrong: "dzg = dc*i", Right: "dzg = dc*i * (1-g*g)", Where: "last g", Falls: true, Weak: "w",
			edit: wrongDZ(G, func(p *place) float64 { return p.dc * p.i })},
		{Name: "double-sigma-f", What: "σ′ is applied twice: here, and again by a helper",
			Wrong: "dzf = dc*cPrev * f*(1-f) * f*(1-f)", Right: "dzf = dc*cPrev * f*(1-f)", Where: "last f", Falls: true, Weak: "1w",
			edit: wrongDZ(F, func(p *place) float64 { return p.dc * p.cp * p.f * (1 - p.f) * p.f * (1 - p.f) })},
		{Name: "sigma-of-z", What: "σ′ is written for σ's value, and given its argument",
			Wrong: "dzo = dh*tanh(c) * zo*(1-zo)", Right: "dzo = dh*tanh(c) * o*(1-o)", Where: "last o", Weak: "w",
			edit: wrongDZ(O, func(p *place) float64 { return p.dh * p.tc * p.z[O] * (1 - p.z[O]) })},
		{Name: "sigma-of-sigma", What: "σ′ is written for σ's argument, and given its value",
			Wrong: "dzi = dc*g * s(i)*(1-s(i))", Right: "dzi = dc*g * i*(1-i)", Where: "last i", Falls: true, Weak: "w",
			edit: wrongDZ(I, func(p *place) float64 { s := sigma(p.i); return p.dc * p.g * s * (1 - s) })},
		{Name: "tanh-of-z", What: "tanh′ is written for tanh's value, and given its argument",
			Wrong: "dzg = dc*i * (1-zg*zg)", Right: "dzg = dc*i * (1-g*g)", Where: "last g", Falls: true, Weak: "w",
			edit: wrongDZ(G, func(p *place) float64 { return p.dc * p.i * (1 - p.z[G]*p.z[G]) })},
		{Name: "tanh-for-sigma", What: "a sigmoid gate gets the derivative of tanh",
			Wrong: "dzi = dc*g * (1-i*i)", Right: "dzi = dc*g * i*(1-i)", Where: "last i", Falls: true, Weak: "w",
			edit: wrongDZ(I, func(p *place) float64 { return p.dc * p.g * (1 - p.i*p.i) })},
		{Name: "sigma-for-tanh", What: "the candidate gets the derivative of σ",
			Wrong: "dzg = dc*i * g*(1-g)", Right: "dzg = dc*i * (1-g*g)", Where: "last g", Falls: true,
			edit: wrongDZ(G, func(p *place) float64 { return p.dc * p.i * p.g * (1 - p.g) })},

		{Name: "c-for-cprev", What: "the forget gate multiplies c of the step before, not this one",
			Wrong: "dzf = dc*c * f*(1-f)", Right: "dzf = dc*cPrev * f*(1-f)", Where: "last f", Falls: true, Weak: "w",
			edit: wrongDZ(F, func(p *place) float64 { return p.dc * p.c * p.f * (1 - p.f) })},
		{Name: "h-for-cprev", What: "h and c of the step before have changed places",
			Wrong: "dzf = dc*hPrev * f*(1-f)", Right: "dzf = dc*cPrev * f*(1-f)", Where: "last f", Falls: true, Weak: "1w",
			edit: wrongDZ(F, func(p *place) float64 { return p.dc * p.hp * p.f * (1 - p.f) })},
		{Name: "c-for-tanh", What: "the output gate multiplies tanh(c), not c",
			Wrong: "dzo = dh*c * o*(1-o)", Right: "dzo = dh*tanh(c) * o*(1-o)", Where: "last o", Falls: true, Weak: "w",
			edit: wrongDZ(O, func(p *place) float64 { return p.dh * p.c * p.o * (1 - p.o) })},
		{Name: "i-for-g", What: "the factors of i∘g have changed places",
			Wrong: "dzi = dc*i * i*(1-i); dzg = dc*g * (1-g*g)", Right: "dzi = dc*g * i*(1-i); dzg = dc*i * (1-g*g)", Where: "last i", Falls: true,
			edit: func(l *lines) {
				l.dz[I] = func(p *place) float64 { return p.dc * p.i * p.i * (1 - p.i) }
				l.dz[G] = func(p *place) float64 { return p.dc * p.g * (1 - p.g*p.g) }
			}},
		{Name: "dh-for-dc", What: "g gets dh, as if it went straight to h",
			Wrong: "dzg = dh*i * (1-g*g)", Right: "dzg = dc*i * (1-g*g)", Where: "last g", Falls: true,
			edit: wrongDZ(G, func(p *place) float64 { return p.dh * p.i * (1 - p.g*p.g) })},

		{Name: "no-tanh-c", What: "the tanh′ on the way from h into c is left out",
			Wrong: "dc = dcNext + dh*o", Right: "dc = dcNext + dh*o*(1-tanh(c)²)", Where: "last i", Falls: true, Weak: "w",
			edit: func(l *lines) { l.dc = func(p *place) float64 { return p.hand.dc + p.dh*p.o } }},
		{Name: "tanh-of-c", What: "tanh′ is written for tanh's value, and given c",
			Wrong: "dc = dcNext + dh*o*(1-c*c)", Right: "dc = dcNext + dh*o*(1-tanh(c)²)", Where: "last i", Falls: true, Weak: "w",
			edit: func(l *lines) { l.dc = func(p *place) float64 { return p.hand.dc + p.dh*p.o*(1-p.c*p.c) } }},
		{Name: "no-o", What: "the output gate on the way from h into c is left out",
			Wrong: "dc = dcNext + dh*(1-tanh(c)²)", Right: "dc = dcNext + dh*o*(1-tanh(c)²)", Where: "last i", Falls: true,
			edit: func(l *lines) { l.dc = func(p *place) float64 { return p.hand.dc + p.dh*(1-p.tc*p.tc) } }},
		{Name: "one-path", What: "dc has two paths into it, from h and from the next step, and one is left out",
			Wrong: "dc = dcNext", Right: "dc = dcNext + dh*o*(1-tanh(c)²)", Where: "last i", Falls: true,
			edit: func(l *lines) { l.dc = func(p *place) float64 { return p.hand.dc } }},
		{Name: "no-dc", What: "dc is not carried from step to step",
			Wrong: "dc = dh*o*(1-tanh(c)²)", Right: "dc = dcNext + dh*o*(1-tanh(c)²)", Where: "2nd i", Falls: true, Weak: "1",
			edit: func(l *lines) { l.back = func(n Net, t int) (bool, bool) { return true, false } }},
		{Name: "no-dh", What: "dh is not carried from step to step: assigned where it should be added",
			Wrong: "dh = Wy*dy", Right: "dh = Wy*dy + dhNext", Where: "2nd o", Falls: true, Weak: "1w",
			edit: func(l *lines) { l.back = func(n Net, t int) (bool, bool) { return false, true } }},
		{Name: "neither", What: "nothing is carried: each step learns by itself",
			Wrong: "dh, dc = Wy*dy, dh*o*(1-tanh(c)²)", Right: "both add what step t+1 hands back", Where: "2nd o", Falls: true, Weak: "1",
			edit: func(l *lines) { l.back = func(n Net, t int) (bool, bool) { return false, false } }},
		{Name: "no-forget", What: "dc is carried without the forget gate",
			Wrong: "dcNext = dc", Right: "dcNext = dc*f", Where: "2nd i", Falls: true, Weak: "1",
			edit: func(l *lines) { l.dcPrev = func(p *place) float64 { return p.dc } }},
		{Name: "input-carry", What: "dc is carried through the wrong gate",
			Wrong: "dcNext = dc*i", Right: "dcNext = dc*f", Where: "2nd i", Falls: true, Weak: "1w",
			edit: func(l *lines) { l.dcPrev = func(p *place) float64 { return p.dc * p.i } }},
		{Name: "wh-transposed", What: "dh goes back through W, not its transpose",
			Wrong: "dhNext = dz*Wh", Right: "dhNext = Wh*dz", Where: "2nd o", Falls: true, Weak: "1w",
			edit: func(l *lines) {
				l.wh = func(p *place, gate, k, j int) float64 { return p.v[p.net.W(gate, p.net.X+j, k)] }
			}},
		{Name: "wh-one-gate", What: "all gates go back through one gate's weights",
			Wrong: "dhNext = Whi*(dzi+dzf+dzo+dzg)", Right: "dhNext = Whi*dzi + Whf*dzf + Who*dzo + Whg*dzg", Where: "2nd o", Falls: true, Weak: "1w",
			edit: func(l *lines) {
				l.wh = func(p *place, gate, k, j int) float64 { return p.v[p.net.W(I, p.net.X+k, j)] }
			}},
		{Name: "truncated", What: "the gradient stops after two steps, and is held against the full loss",
			Wrong: "for t = T-1; t >= T-2; t--", Right: "for t = T-1; t >= 0; t--", Where: "3rd o", Falls: true, Weak: "1",
			edit: func(l *lines) { cut(l, 2) }},

		{Name: "h-late", What: "dW takes h of this step, though z was made of h of the step before",
			Wrong: "dW += outer([x, h[t]], dz)", Right: "dW += outer([x, h[t-1]], dz)", Where: "W", Falls: true, Weak: "w",
			edit: func(l *lines) {
				in := l.in
				l.in = func(p *place, k int) float64 {
					if k < p.net.X {
						return in(p, k)
					}
					return p.tr.H[p.t+1][k-p.net.X]
				}
			}},
		{Name: "x-early", What: "dW takes x of the step before",
			Wrong: "dW += outer([x[t-1], h], dz)", Right: "dW += outer([x[t], h], dz)", Where: "W", Falls: true, Weak: "1",
			edit: func(l *lines) {
				in := l.in
				l.in = func(p *place, k int) float64 {
					if k >= p.net.X {
						return in(p, k)
					}
					return p.v[p.net.In(max(p.t-1, 0), k)]
				}
			}},
		{Name: "last-step", What: "the gradient is overwritten at every step, where it should be added",
			Wrong: "dW = outer([x, h], dz); db = dz", Right: "dW += outer([x, h], dz); db += dz", Where: "W b", Falls: true, Weak: "1",
			edit: func(l *lines) { l.counts = func(n Net, t int) bool { return t == 0 } }},
		{Name: "only-last", What: "only the last step is counted",
			Wrong: "if t == T-1 { dW += outer([x, h], dz); db += dz }", Right: "dW += outer([x, h], dz); db += dz", Where: "W b", Falls: true, Weak: "1",
			edit: func(l *lines) { l.counts = func(n Net, t int) bool { return t == n.T-1 } }},
		{Name: "transposed", What: "dz and h have changed places in the outer product",
			Wrong: "dWh += outer(dz, h)", Right: "dWh += outer(h, dz)", Where: "W", Falls: true, Weak: "1w",
			edit: func(l *lines) {
				l.dwAt = func(n Net, gate, k, j int) int {
					if k >= n.X {
						k, j = n.X+j, k-n.X
					}
					return n.W(gate, k, j)
				}
			}},
		{Name: "swapped", What: "two gates have changed places in the gradient",
			Wrong: "dWi += outer(xh, dzf); dWf += outer(xh, dzi)", Right: "dWi += outer(xh, dzi); dWf += outer(xh, dzf)", Where: "Wi Wf", Falls: true, Weak: "w",
			edit: func(l *lines) { l.dwGate[I], l.dwGate[F] = F, I }},
		{Name: "other-bias", What: "a bias gets another gate's gradient: copied and not changed",
			Wrong: "dbf += dzi", Right: "dbf += dzf", Where: "bf", Falls: true, Weak: "w",
			edit: func(l *lines) { l.dbGate[F] = I }},
		{Name: "no-bias", What: "the output gate's bias is forgotten",
			Wrong: "(no such line)", Right: "dbo += dzo", Where: "bo", Falls: true, Weak: "w",
			edit: func(l *lines) {
				l.end = func(n Net, grad []float64) { clear(grad[n.B(O, 0):n.B(O, n.H)]) }
			}},
		{Name: "twice", What: "the gradient was not cleared before it was added up again",
			Wrong: "(no such line)", Right: "clear(grad)", Where: "W b Wy by", Falls: true,
			edit: func(l *lines) {
				l.end = func(n Net, grad []float64) {
					for i := range n.Params() {
						grad[i] *= 2
					}
				}
			}},

		{Name: "stale", What: "the numerical losses start from the state that the first pass ended in (the script's bug)",
			Wrong: "_, _, L = forward(h, c, x)   # h, c of the first pass", Right: "_, _, L = forward(h0, c0, x)", Where: "anywhere", Falls: true,
			from: ended},
		{Name: "tiny-step", What: "a step so small that rounding is all that is left",
			Wrong: "d = (L(w+1e-13) - L(w-1e-13)) / 2e-13", Right: "a step near 1e-5, or better Ridders", Where: "anywhere", Falls: true,
			at: func(n Net, v, target []float64, i int) float64 { return difference(n, v, target, i, 1e-13, false) }},
		{Name: "large-step", What: "a step so large that the slope is that of a chord",
			Wrong: "d = (L(w+0.1) - L(w-0.1)) / 0.2", Right: "a step near 1e-5, or better Ridders", Where: "anywhere", Falls: true, Weak: "t",
			at: func(n Net, v, target []float64, i int) float64 { return difference(n, v, target, i, 0.1, false) }},
		{Name: "one-sided", What: "a one-sided difference, whose error falls with δ only, not δ²",
			Wrong: "d = (L(w+1e-3) - L(w)) / 1e-3", Right: "d = (L(w+δ) - L(w-δ)) / 2δ", Where: "anywhere", Falls: true, Weak: "t",
			at: func(n Net, v, target []float64, i int) float64 { return difference(n, v, target, i, 1e-3, true) }},
		{Name: "float32", What: "the losses are float32, with seven digits to take a difference of",
			Wrong: "float32 L(w)", Right: "float64 L(w)", Where: "anywhere", Falls: true, Weak: "t",
			at: func(n Net, v, target []float64, i int) float64 { return difference32(n, v, target, i, 1e-3) }},

		{Name: "carried", What: "the loss keeps its state from call to call, so that no two calls compute the same function",
			Wrong: "h, c, L = forward(h, c, x) in the closure", Right: "_, _, L = forward(h0, c0, x)", Where: "refused", Falls: true,
			refuse: func(p *Point) error {
				h, c := p.V[p.H0(0):p.H0(p.H)], p.V[p.C0(0):p.C0(p.H)]
				from := append([]float64(nil), p.V...)
				defer copy(p.V, from)
				return p.refused(func() float64 {
					tr := Forward(p.Net, p.V, p.Target)
					copy(h, tr.H[p.T])
					copy(c, tr.C[p.T])
					return tr.Loss
				}, check.Options{Watch: []check.Buffer{{Name: "h", Data: h}, {Name: "c", Data: c}}})
			}},
		{Name: "dropout", What: "the loss draws random numbers: a dropout mask, a shuffled batch",
			Wrong: "mask = random() in the closure", Right: "draw the mask once, before the check", Where: "refused", Falls: true,
			refuse: func(p *Point) error {
				rng := rand.New(rand.NewPCG(1, 1))
				return p.refused(func() float64 { return Forward(p.Net, p.V, p.Target).Loss * (1 + 0.1*rng.Float64()) }, check.Options{})
			}},
		{Name: "nothing", What: "the loop over the parameters finds none, and the check passes",
			Wrong: "for p in params: …   # params is empty", Right: "nothing compared is an error", Where: "refused", Falls: true,
			refuse: func(p *Point) error {
				_, err := check.Gradients(func() float64 { return p.Loss }, nil, check.Options{})
				return err
			}},

		{Name: "echo", What: "the target is an input, so that there is nothing to learn",
			Wrong: "target = roll(x, 1)", Right: "target = roll(x, -1)", Where: "nowhere", Falls: true,
			See: "a baseline: repeating the last input does as well",
			task: func(n Net, v, target []float64) []float64 {
				echo := make([]float64, len(target))
				for t := range n.T {
					for o := range n.O {
						echo[t*n.O+o] = v[n.In(t, o%n.X)]
					}
				}
				return echo
			}},
		{Name: "h-linear", What: "h without its tanh, forwards and backwards alike: another network, with a right gradient",
			Wrong: "h = o*c", Right: "h = o*tanh(c)", Where: "nowhere", Falls: true,
			See: "golden values: the outputs of another implementation on the same weights",
			edit: func(l *lines) {
				l.form.linearH = true
				l.dc = func(p *place) float64 { return p.hand.dc + p.dh*p.o }
			}},
		{Name: "i-plus-g", What: "i + g where it should be i∘g, forwards and backwards alike",
			Wrong: "c = f*cPrev + (i + g)", Right: "c = f*cPrev + i*g", Where: "nowhere", Falls: true,
			See: "golden values: the outputs of another implementation on the same weights",
			edit: func(l *lines) {
				l.form.sumIG = true
				l.dz[I] = func(p *place) float64 { return p.dc * p.i * (1 - p.i) }
				l.dz[G] = func(p *place) float64 { return p.dc * (1 - p.g*p.g) }
			}},
	}
}

// refused returns the error of a check of the weights with another loss.
func (p *Point) refused(loss func() float64, o check.Options) error {
	_, grad := Backward(p.Net, p.V, p.Target)
	n := p.Params()
	_, err := check.Gradients(loss, []check.Param{{Name: "weights", Value: p.V[:n], Grad: grad[:n], Entry: p.Name}}, o)
	return err
}

// cut makes a backward pass stop after the given number of steps.
func cut(l *lines, steps int) {
	l.back = func(n Net, t int) (bool, bool) { return t > n.T-steps, t > n.T-steps }
	l.counts = func(n Net, t int) bool { return t >= n.T-steps }
}

// ended returns v with the state that its sequence ends in as the initial one.
func ended(n Net, v, target []float64) []float64 {
	tr := Forward(n, v, target)
	w := append([]float64(nil), v...)
	copy(w[n.H0(0):], tr.H[n.T])
	copy(w[n.C0(0):], tr.C[n.T])
	return w
}

// difference returns the difference quotient of the loss at entry i, central or one-sided.
func difference(n Net, v, target []float64, i int, step float64, oneSided bool) float64 {
	w := append([]float64(nil), v...)
	w[i] = v[i] + step
	up := Forward(n, w, target).Loss
	w[i] = v[i] - step
	width := 2 * step
	if oneSided {
		w[i], width = v[i], step
	}
	return (up - Forward(n, w, target).Loss) / width
}

// difference32 is difference, central, with a loss in float32.
func difference32(n Net, v, target []float64, i int, step float32) float64 {
	w := make([]float32, len(v))
	for k, x := range v {
		w[k] = float32(x)
	}
	x := w[i]
	w[i] = x + step
	up := Forward(n, w, target).Loss
	w[i] = x - step
	return float64((up - Forward(n, w, target).Loss) / (2 * step))
}
