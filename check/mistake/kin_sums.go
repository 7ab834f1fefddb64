package mistake

import (
	"fmt"

	"lstm/check/mistake/factor"
	"lstm/check/pass"
	"lstm/check/scalar"
)

const sumLine = "dW += outer([x, h], dz)"

// sumsOf adds the mistakes in the sums for one gate.
func (all *relatives) sumsOf(a int) {
	gate := factor.Name(a)
	none := func(what, line string, from, to func(p *pass.Point) int) {
		all.add(what, "(no such line)", line, atEnd(func(p *pass.Point, g []float64) { clear(g[from(p):to(p)]) }))
	}
	none("the bias of gate "+gate+" gets no gradient", "db"+gate+" += dz"+gate,
		func(p *pass.Point) int { return p.B(a, 0) }, func(p *pass.Point) int { return p.B(a+1, 0) })
	none("the weights of gate "+gate+" get no gradient", "dW"+gate+" += outer([x, h], dz"+gate+")",
		func(p *pass.Point) int { return p.W(a, 0, 0) }, func(p *pass.Point) int { return p.W(a+1, 0, 0) })
	for b, other := range scalar.Gates {
		if a == b {
			continue
		}
		all.add(fmt.Sprintf("the bias of gate %s gets the gradient of gate %c", gate, other), fmt.Sprintf("db%s += dz%c", gate, other), fmt.Sprintf("db%[1]s += dz%[1]s", gate),
			func(l *pass.Lines) { l.BGate[a] = b })
		all.add(fmt.Sprintf("the weights of gate %s get the gradient of gate %c", gate, other), fmt.Sprintf("dW%s += outer([x, h], dz%c)", gate, other), fmt.Sprintf("dW%[1]s += outer([x, h], dz%[1]s)", gate),
			func(l *pass.Lines) { l.WGate[a] = b })
		all.add(fmt.Sprintf("the weights and the bias of gate %s get the gradient of gate %c", gate, other), fmt.Sprintf("dW%s, db%s take dz%c", gate, gate, other), fmt.Sprintf("dz%s", gate),
			func(l *pass.Lines) { l.WGate[a], l.BGate[a] = b, b })
		for c, third := range scalar.Gates {
			if a < c && c != b {
				all.add(fmt.Sprintf("the biases of the gates %s and %c get the gradient of gate %c: a line was copied and not changed", gate, third, other),
					fmt.Sprintf("db%s += dz%c; db%c += dz%c", gate, other, third, other), fmt.Sprintf("db%[1]s += dz%[1]s; db%[2]c += dz%[2]c", gate, third),
					func(l *pass.Lines) { l.BGate[a], l.BGate[c] = b, b })
			}
		}
		if a < b {
			swap := func(l *pass.Lines) { l.WGate[a], l.WGate[b] = b, a }
			all.add(fmt.Sprintf("gates %s and %c are swapped in dW", gate, other), fmt.Sprintf("dW%s takes dz%c, and dW%c takes dz%s", gate, other, other, gate), sumLine, swap)
			all.add(fmt.Sprintf("gates %s and %c are swapped in db", gate, other), fmt.Sprintf("db%s += dz%c; db%c += dz%s", gate, other, other, gate), "db += dz",
				func(l *pass.Lines) { l.BGate[a], l.BGate[b] = b, a })
			all.add(fmt.Sprintf("gates %s and %c are swapped in dW and db", gate, other), fmt.Sprintf("dz%s and dz%c are swapped", gate, other), sumLine+"; db += dz",
				func(l *pass.Lines) { swap(l); l.BGate[a], l.BGate[b] = b, a })
		}
	}
	all.add("all biases get the gradient of gate "+gate, "db += dz"+gate, "db += dz", func(l *pass.Lines) { l.BGate = [4]int{a, a, a, a} })
}

// ofSums adds the mistakes in the sums for all gates.
func (all *relatives) ofSums(n pass.Net) {
	for _, shift := range []int{-1, 1} {
		for _, clamp := range []bool{false, true} {
			all.add(fmt.Sprintf("dW takes x of another step: %+d", shift), fmt.Sprintf("dW += outer([x[t%+d], h[t-1]], dz)", shift), "dW += outer([x[t], h[t-1]], dz)", factor.Shifted(shift, clamp))
		}
	}
	zero := func(*pass.Place, int) float64 { return 0 }
	never := func(*pass.Place) bool { return false }
	all.add("the weights and the biases of the gates get no gradient", "(no such line)", sumLine+"; db += dz", func(l *pass.Lines) { l.Counts = never })
	all.add("the readout gets no gradient", "(no such line)", "dWy += outer(h, dy); dby += dy", func(l *pass.Lines) { l.CountsRead = never })
	all.add("the weights of the inputs get no gradient", "(no such line)", "dWx += outer(x, dz)", func(l *pass.Lines) { l.X = zero })
	all.add("the weights of the hidden state get no gradient", "(no such line)", "dWh += outer(h[t-1], dz)", func(l *pass.Lines) { l.H = zero })
	all.add("the biases get no gradient", "(no such line)", "db += dz", atEnd(func(p *pass.Point, g []float64) { clear(g[p.B(0, 0):p.B(4, 0)]) }))
	last := func(right func(p *pass.Place, k int) float64) func(p *pass.Place, k int) float64 {
		return func(p *pass.Place, k int) float64 {
			if p.T != p.Net.T-1 {
				return 0
			}
			return right(p, k)
		}
	}
	right := pass.Right()
	all.add("the weights of the inputs get the product of the last step only", "if t == T-1 { dWx += outer(x, dz) }", "dWx += outer(x, dz)", func(l *pass.Lines) { l.X = last(right.X) })
	all.add("the weights of the hidden state get the product of the last step only", "if t == T-1 { dWh += outer(h, dz) }", "dWh += outer(h, dz)", func(l *pass.Lines) { l.H = last(right.H) })
	instead := func(what, of string, h func(p *pass.Place) []float64) {
		all.add("dW takes "+what, "dW += outer([x, "+of+"], dz)", sumLine, func(l *pass.Lines) { l.H = func(p *pass.Place, k int) float64 { return h(p)[k] } })
	}
	instead("c of the step before, and not h", "c[t-1]", func(p *pass.Place) []float64 { return p.Trace.C[p.T] })
	instead("c of this step, and not h of the step before", "c[t]", func(p *pass.Place) []float64 { return p.Trace.C[p.T+1] })
	instead("h0 at every step", "h0", func(p *pass.Place) []float64 { return p.Trace.H[0] })
	mean := func(what, over string, by int, wrong string, from func(p *pass.Point) int) {
		if by > 1 {
			all.add(fmt.Sprintf(what, over, by), wrong, "(no such line)", atEnd(func(p *pass.Point, g []float64) {
				for i := from(p); i < p.Wy(0, 0); i++ {
					g[i] /= float64(by)
				}
			}))
		}
	}
	biases := func(over string, by int) {
		mean("the gradient of the biases is divided by the number of %s (%d), but that of the weights is not", over, by, fmt.Sprintf("db /= %d", by), func(p *pass.Point) int { return p.B(0, 0) })
	}
	average := func(over string, by int) {
		mean("the gradients of the gates are divided by the number of %s (%d), but the loss is a sum over them", over, by, fmt.Sprintf("dW, db /= %d", by), func(*pass.Point) int { return 0 })
	}
	biases("steps", n.T)
	biases("sequences", n.N)
	if n.N > 1 {
		all.add("the biases of the gates take the first sequence of the batch only", "db += dz[0]", "db += sum(dz, over the batch)", atEnd(func(p *pass.Point, g []float64) {
			clear(g[p.B(0, 0):p.Wy(0, 0)])
			for a := range 4 {
				for j := range p.Net.H {
					for t := range p.T {
						g[p.B(a, j)] += g[p.Z(t, a, j)]
					}
				}
			}
		}))
	}
	average("steps", n.T)
	average("sequences", n.N)
	if n.N > 1 {
		average("steps and sequences", n.T*n.N)
		all.add("only the last sequence of the batch is added up", "dW = …", "dW += …", func(l *pass.Lines) {
			l.Counts = func(p *pass.Place) bool { return p.S == p.N-1 }
		})
		all.add("only the first sequence of the batch is added up", "if n == 0 { dW += … }", "dW += …", func(l *pass.Lines) {
			l.Counts = func(p *pass.Place) bool { return p.S == 0 }
		})
	}
}
