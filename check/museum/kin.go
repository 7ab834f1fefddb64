package museum

import (
	"fmt"

	"lstm/check/scalar"
)

// relatives collects mistakes that have no names.
type relatives []*Exhibit

func (r *relatives) add(what, line string, edit func(l *lines)) {
	*r = append(*r, &Exhibit{What: what, Right: line, edit: edit})
}

// kin returns the relatives of the exhibits: mistakes at another gate, step or shift.
func kin(n scalar.Net) (all relatives) {
	for a := range scalar.Gates {
		all.atGate(a)
	}
	for _, shift := range []int{-1, 1} {
		for _, clamp := range []bool{false, true} {
			all.add(fmt.Sprintf("dW takes x of another step: %+d", shift), "dW += outer([x[t], h[t-1]], dz)", shifted(shift, clamp))
		}
	}
	for steps := 1; steps < n.T; steps++ {
		all.overSteps(n, steps)
	}
	return all
}

// atGate adds the mistakes at one gate.
func (all *relatives) atGate(a int) {
	gate := string(scalar.Gates[a])
	slope := func(p *place) float64 { // σ′ or tanh′ of the gate
		x := [...]float64{p.i, p.f, p.o, p.g}[a]
		if a == G {
			return 1 - x*x
		}
		return x * (1 - x)
	}
	right := right().dz[a]
	line := "dz" + gate
	all.add("the derivative of gate "+gate+" is missing", line, dz(a, func(p *place) float64 { return right(p) / slope(p) }))
	all.add("the derivative of gate "+gate+" is applied twice", line, dz(a, func(p *place) float64 { return right(p) * slope(p) }))
	all.add("gate "+gate+" has the wrong sign", line, dz(a, func(p *place) float64 { return -right(p) }))
	all.add("the bias of gate "+gate+" gets no gradient", "db", func(l *lines) { l.end = func(n scalar.Net, g []float64) { clear(g[n.B(a, 0):n.B(a, n.H)]) } })
	all.add("the weights of gate "+gate+" get no gradient", "dW", func(l *lines) { l.end = func(n scalar.Net, g []float64) { clear(g[n.W(a, 0, 0):n.W(a+1, 0, 0)]) } })
	for b, other := range scalar.Gates {
		if a == b {
			continue
		}
		all.add(fmt.Sprintf("the bias of gate %s gets the gradient of gate %c", gate, other), "db", func(l *lines) { l.dbGate[a] = b })
		all.add(fmt.Sprintf("the weights of gate %s get the gradient of gate %c", gate, other), "dW", func(l *lines) { l.dwGate[a] = b })
		if a < b {
			swap := func(l *lines) { l.dwGate[a], l.dwGate[b] = b, a }
			all.add(fmt.Sprintf("gates %s and %c are swapped in dW", gate, other), "dW", swap)
			all.add(fmt.Sprintf("gates %s and %c are swapped in dW and db", gate, other), "dW, db", func(l *lines) {
				swap(l)
				l.dbGate[a], l.dbGate[b] = b, a
			})
		}
	}
}

// overSteps adds the mistakes by which only the last steps count.
func (all *relatives) overSteps(n scalar.Net, steps int) {
	over := fmt.Sprintf("%d of %d steps", steps, n.T)
	all.add("the gradient is truncated after "+over+", but compared with the full loss",
		"compare it with the loss of the window, and hold the state at its start fixed", cut(steps))
	short := func(l *lines) {
		cut(steps)(l)
		dh := l.dh
		l.dh = func(p *place) float64 {
			if p.t < p.T-steps {
				return 0
			}
			return dh(p)
		}
	}
	ends, loop := "the loop over the steps ends after "+over, "for t = T-1; t >= 0; t--"
	all.add(ends, loop, short)
	all.add(ends, loop, func(l *lines) { short(l); l.countsRead = l.counts })
	all.add("only the last "+over+" are added up", "dW += outer([x, h], dz)",
		func(l *lines) { l.counts = func(p *place) bool { return p.t >= p.T-steps } })
}
