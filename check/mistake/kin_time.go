package mistake

import (
	"fmt"

	"lstm/check/mistake/factor"
	"lstm/check/pass"
	"lstm/check/scalar"
)

const rightDC = "dc = dcNext + dh*o*(1-tanh(c)²)"

// ofCell adds the mistakes in the lines of dh, dc and dc′.
func (all *relatives) ofCell(n pass.Net) {
	for _, s := range factor.SlopesOfTanh {
		all.add("at tanh(c) "+s.What, "dc = dcNext + dh*o"+factor.Replaced(s.Text, "tanh(c)", "c"), rightDC, s.AtC)
	}
	dc := func(what, wrong string, f func(p *pass.Place) float64) {
		all.add(what, wrong, rightDC, func(l *pass.Lines) { l.DC = f })
	}
	with := func(x func(p *pass.Place) float64) func(p *pass.Place) float64 {
		return func(p *pass.Place) float64 { return p.Back.DC[p.J] + p.Lines.SlopeC(p, x(p)) + p.Peeped(O) }
	}
	dc("the part of dc from the next step is missing", "dc = dh*o*(1-tanh(c)²)", func(p *pass.Place) float64 { return p.FromH() + p.Peeped(O) })
	dc("dc takes i for o", "dc = dcNext + dh*i*(1-tanh(c)²)", with(func(p *pass.Place) float64 { return p.DH * p.I }))
	dc("dc takes f for o", "dc = dcNext + dh*f*(1-tanh(c)²)", with(func(p *pass.Place) float64 { return p.DH * p.F }))
	dc("dc takes dzo for dh", "dc = dcNext + dzo*o*(1-tanh(c)²)", with(func(p *pass.Place) float64 { return p.DZ[O][p.J] * p.O }))
	dc("the part of dc from h has the wrong sign", "dc = dcNext - dh*o*(1-tanh(c)²)", func(p *pass.Place) float64 { return p.Back.DC[p.J] - p.FromH() + p.Peeped(O) })
	dc("tanh′ multiplies both parts of dc, and not only the part from h", "dc = (dcNext + dh*o)*(1-tanh(c)²)", func(p *pass.Place) float64 { return p.Lines.SlopeC(p, p.Back.DC[p.J]+p.DH*p.O) + p.Peeped(O) })
	dc("o multiplies both parts of dc, and not only the part from h", "dc = (dcNext + dh*(1-tanh(c)²))*o", func(p *pass.Place) float64 { return (p.Back.DC[p.J]+p.Lines.SlopeC(p, p.DH))*p.O + p.Peeped(O) })
	dc("dc takes tanh(c) of the step before", "dc = dcNext + dh*o*(1-tanh(cPrev)²)", func(p *pass.Place) float64 {
		x := scalar.Tanh(p.CPrev)
		return p.Back.DC[p.J] + p.DH*p.O*(1-x*x) + p.Peeped(O)
	})
	dc("dc takes 1 − h² where the slope of h by c should be", "dc = dcNext + dh*o*(1-h*h)", func(p *pass.Place) float64 {
		h := p.Trace.H[p.T+1][p.J]
		return p.Back.DC[p.J] + p.DH*p.O*(1-h*h) + p.Peeped(O)
	})
	dc("the part of dc from h is added twice", "dc = dcNext + 2*dh*o*(1-tanh(c)²)", func(p *pass.Place) float64 { return p.Back.DC[p.J] + 2*p.FromH() + p.Peeped(O) })
	dcPrev := func(what, wrong string, f func(p *pass.Place) float64) {
		all.add(what, wrong, "dcNext = dc*f", func(l *pass.Lines) {
			l.DCPrev = func(p *pass.Place) float64 { return f(p) + p.Peeped(I) + p.Peeped(F) }
		})
	}
	dcPrev("dc is handed back through the output gate, and not through the forget gate", "dcNext = dc*o", func(p *pass.Place) float64 { return p.DC * p.O })
	dcPrev("dc is handed back through 1 − f, and not through f", "dcNext = dc*(1-f)", func(p *pass.Place) float64 { return p.DC * (1 - p.F) })
	dcPrev("dc is handed back through f twice", "dcNext = dc*f*f", func(p *pass.Place) float64 { return p.DC * p.F * p.F })
	dcPrev("dc is handed back through f·(1 − f)", "dcNext = dc*f*(1-f)", func(p *pass.Place) float64 { return p.DC * p.F * (1 - p.F) })
	dcPrev("only the part of dc from h is handed back", "dcNext = dh*o*(1-tanh(c)²)*f", func(p *pass.Place) float64 { return (p.DC - p.Back.DC[p.J] - p.Peeped(O)) * p.F })
	dcPrev("only the part of dc from the next step is handed back", "dcNext = dcNext*f", func(p *pass.Place) float64 { return p.Back.DC[p.J] * p.F })
	dcPrev("dh is handed back in place of dc", "dcNext = dh*f", func(p *pass.Place) float64 { return p.DH * p.F })
	dcPrev("dc is handed back with the wrong sign", "dcNext = -dc*f", func(p *pass.Place) float64 { return -p.DC * p.F })
	dcPrev("dc is handed back through the forget gate of the step before", "dcNext = dc*f[t-1]", func(p *pass.Place) float64 { return p.DC * factor.ForgetAt(p, -1) })
	dcPrev("dc is handed back through the forget gate of the next step", "dcNext = dc*f[t+1]", func(p *pass.Place) float64 { return p.DC * factor.ForgetAt(p, 1) })
	if n.Peephole {
		all.ofPeepholes()
	}
}

// ofStates adds the mistakes with a list of states that begins with the state before the first step: index t of
// this list is the state of the step before.
func (all *relatives) ofStates() {
	tanhC := func(what, text string, f func(p *pass.Place) float64) {
		all.wrap("the backward pass takes "+what+" for tanh(c)", "tanhC = "+text, "tanhC = tanh(c)", func(l *pass.Lines) {
			states := l.States
			l.States = func(p *pass.Place) { states(p); p.TanhC = f(p) }
		})
	}
	tanhC("c", "c", func(p *pass.Place) float64 { return p.C })
	tanhC("c of the step before", "cPrev", func(p *pass.Place) float64 { return p.CPrev })
	tanhC("tanh(c) of the step before", "tanh(cPrev)", func(p *pass.Place) float64 { return scalar.Tanh(p.CPrev) })
	tanhC("h", "h", func(p *pass.Place) float64 { return p.Trace.H[p.T+1][p.J] })
	for _, wraps := range []bool{true, false} {
		c := func(p *pass.Place, back int) float64 { return factor.Earlier(p.Trace.C, p.T+1-back, wraps)[p.J] }
		all.add("the list of c begins with the state before the first step, so c[t] is the c of the step before", "C[t], C[t-1]", "C[t+1], C[t]", func(l *pass.Lines) {
			l.States = func(p *pass.Place) { p.C, p.TanhC, p.CPrev = c(p, 1), scalar.Tanh(c(p, 1)), c(p, 2) }
		})
		h := func(p *pass.Place, k int) float64 { return factor.Earlier(p.Trace.H, p.T-1, wraps)[k] }
		all.add("the readout takes h of the step before: the list of h begins with the state before the first step", "dWy += outer(h[t], dy)", "dWy += outer(h[t+1], dy)",
			func(l *pass.Lines) { l.HY = func(p *pass.Place) float64 { return p.Trace.H[p.T][p.J] } })
		all.add("dW takes h of two steps before: the list of h begins with the state before the first step", "dW += outer([x, h[t-1]], dz)", "dW += outer([x, h[t]], dz)",
			func(l *pass.Lines) { l.H = h })
	}
}

// handedBack adds the mistakes in dh′ and dx, and those that cut the way back.
func (all *relatives) handedBack(n pass.Net) {
	for k, names := range []string{"dhNext, dcNext", "dhNext", "dcNext"} {
		if n.N > 1 {
			all.add(names+": not reset between the sequences", "(no such line)", names+" = 0 before the last step of each sequence",
				func(l *pass.Lines) { l.Keeps = [2]bool{k != 2, k != 1} })
		}
	}
	const right = "dhNext = Whi*dzi + Whf*dzf + Who*dzo + Whg*dzg"
	wh := func(what, wrong string, f func(p *pass.Place, gate, k, j int) float64) {
		all.add(what, wrong, right, func(l *pass.Lines) { l.Wh = f })
	}
	only := func(use func(gate, k, j int) bool) func(p *pass.Place, gate, k, j int) float64 {
		return func(p *pass.Place, gate, k, j int) float64 {
			if !use(gate, k, j) {
				return 0
			}
			return p.Wh(gate, k, j)
		}
	}
	wh("each unit hands dh back to itself alone", "dhNext[k] = Wh[k,k]*dz[k]", only(func(_, k, j int) bool { return k == j }))
	wh("dh is handed back with the wrong sign", "dhNext = -Wh*dz", func(p *pass.Place, gate, k, j int) float64 { return -p.Wh(gate, k, j) })
	for a := range scalar.Gates {
		name := factor.Name(a)
		wh("gate "+name+" is missing in the dh that is handed back", "dhNext without Wh"+name+"*dz"+name, only(func(gate, _, _ int) bool { return gate != a }))
		wh("only gate "+name+" hands dh back", "dhNext = Wh"+name+"*dz"+name, only(func(gate, _, _ int) bool { return gate == a }))
		wh("dz of every gate goes back through the weights of gate "+name, "dhNext = Wh"+name+"*(dzi+dzf+dzo+dzg)", func(p *pass.Place, _, k, j int) float64 { return p.Wh(a, k, j) })
	}
	first := func(p *pass.Place, gate, k, j int) float64 { return p.V[p.W(gate, k, j)] }
	wh("dx and dh are cut from the product in the other order", "dhNext, dx = (W*dz)[:H], (W*dz)[H:]", first)
	all.add("dx and dh are cut from the product in the other order", "dhNext, dx = (W*dz)[:H], (W*dz)[H:]", "dx, dhNext = (W*dz)[:X], (W*dz)[X:]", func(l *pass.Lines) {
		l.Wh = first
		l.Wx = func(p *pass.Place, gate, k, j int) float64 { return p.V[p.W(gate, p.Net.H+k, j)] }
	})
	wh("dh is cut from the product [dh, dx] at the wrong place: X entries too late", "dhNext = (W*dz)[X:X+H]", func(p *pass.Place, gate, k, j int) float64 {
		if k += p.Net.X; k < p.Net.H {
			return p.Wh(gate, k, j)
		}
		return p.V[p.W(gate, k-p.Net.H, j)]
	})
	all.add("the loop over the steps goes forward, so nothing is handed back", "for t = 0; t < T; t++", "for t = T-1; t >= 0; t--",
		func(l *pass.Lines) { l.HandsBack = func(p *pass.Place) bool { return p.T == 0 } })
	for window := 2; window < n.T; window++ {
		all.cutEvery(n.T, window)
	}
	for steps := 1; steps < n.T; steps++ {
		at := fmt.Sprintf("if t == %d { dhNext, dcNext = 0, 0 }", steps)
		all.add(fmt.Sprintf("nothing is handed back from step %d to step %d", steps, steps-1), at, "(no such line)",
			func(l *pass.Lines) { l.HandsBack = func(p *pass.Place) bool { return p.T != steps } })
		all.add(fmt.Sprintf("dc is not handed back from step %d to step %d", steps, steps-1), fmt.Sprintf("if t == %d { dcNext = 0 }", steps), "(no such line)", func(l *pass.Lines) {
			l.DCPrev = func(p *pass.Place) float64 {
				if p.T == steps {
					return 0
				}
				return p.DC * p.F
			}
		})
		all.add(fmt.Sprintf("dh is not handed back from step %d to step %d", steps, steps-1), fmt.Sprintf("if t == %d { dhNext = 0 }", steps), "(no such line)", func(l *pass.Lines) {
			l.Wh = func(p *pass.Place, gate, k, j int) float64 {
				if p.T == steps {
					return 0
				}
				return p.Wh(gate, k, j)
			}
		})
	}
}

// cutEvery adds the windows that do not reach over their begin. They are counted from the first or the last step.
func (all *relatives) cutEvery(steps, window int) {
	what := fmt.Sprintf("nothing is handed back from one window of %d steps to the one before, but the loss is of all steps", window)
	line := fmt.Sprintf("if t %% %d == 0 { dhNext, dcNext = 0, 0 }", window)
	all.add(what, line, "compare with the loss of one window, and hold the state at its start fixed",
		func(l *pass.Lines) { l.HandsBack = func(p *pass.Place) bool { return p.T%window != 0 } })
	if steps%window != 0 {
		all.add(what, line, "compare with the loss of one window, and hold the state at its start fixed",
			func(l *pass.Lines) { l.HandsBack = func(p *pass.Place) bool { return (p.Net.T-p.T)%window != 0 } })
	}
}

// overSteps adds the mistakes that count only the last steps.
func (all *relatives) overSteps(of, steps int) {
	over := fmt.Sprintf("%d of %d steps", steps, of)
	all.add("the gradient is truncated after "+over+", but compared with the full loss", fmt.Sprintf("for t = T-1; t >= T-%d; t--", steps),
		"compare it with the loss of the window, and hold the state at its start fixed", cut(steps))
	short := func(l *pass.Lines) {
		cut(steps)(l)
		dh := l.DH
		l.DH = func(p *pass.Place) float64 {
			if p.T < p.Net.T-steps {
				return 0
			}
			return dh(p)
		}
	}
	ends, loop, wrong := "the loop over the steps ends after "+over, "for t = T-1; t >= 0; t--", fmt.Sprintf("for t = T-1; t >= T-%d; t--", steps)
	all.wrap(ends, wrong, loop, short)
	all.wrap(ends, wrong, loop, func(l *pass.Lines) { short(l); l.CountsRead = l.Counts })
	all.add("only the last "+over+" are added up", fmt.Sprintf("if t >= T-%d { dW += outer([x, h], dz) }", steps), "dW += outer([x, h], dz)",
		func(l *pass.Lines) { l.Counts = func(p *pass.Place) bool { return p.T >= p.Net.T-steps } })
}
