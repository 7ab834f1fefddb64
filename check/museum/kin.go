package museum

import (
	"fmt"

	"lstm/check/scalar"
)

// kin returns the relatives of the exhibits: mistakes at another gate, step or shift. They have no names.
func kin(n scalar.Net) []*Exhibit {
	var all []*Exhibit
	for a := range scalar.Gates {
		all = append(all, kinOfGate(a)...)
	}
	for _, shift := range []int{-1, 1} {
		for _, clamp := range []bool{false, true} {
			what := fmt.Sprintf("dW takes x of another step: %+d", shift)
			all = append(all, &Exhibit{What: what, Right: "dW += outer([x[t], h[t-1]], dz)", edit: shifted(shift, clamp)})
		}
	}
	for steps := 1; steps < n.T; steps++ {
		all = append(all, kinOfSteps(n, steps)...)
	}
	return all
}

// kinOfGate returns the mistakes at one gate.
func kinOfGate(a int) (all []*Exhibit) {
	gate := string(scalar.Gates[a])
	add := func(what, line string, edit func(l *lines)) {
		all = append(all, &Exhibit{What: what, Right: line, edit: edit})
	}
	slope := func(p *place) float64 { // σ′ or tanh′ of the gate
		x := [...]float64{p.i, p.f, p.o, p.g}[a]
		if a == G {
			return 1 - x*x
		}
		return x * (1 - x)
	}
	right := right().dz[a]
	line := "dz" + gate
	add("the derivative of gate "+gate+" is missing", line, dz(a, func(p *place) float64 { return right(p) / slope(p) }))
	add("the derivative of gate "+gate+" is applied twice", line, dz(a, func(p *place) float64 { return right(p) * slope(p) }))
	add("gate "+gate+" has the wrong sign", line, dz(a, func(p *place) float64 { return -right(p) }))
	add("the bias of gate "+gate+" gets no gradient", "db", func(l *lines) { l.end = func(n scalar.Net, g []float64) { clear(g[n.B(a, 0):n.B(a, n.H)]) } })
	add("the weights of gate "+gate+" get no gradient", "dW", func(l *lines) { l.end = func(n scalar.Net, g []float64) { clear(g[n.W(a, 0, 0):n.W(a+1, 0, 0)]) } })
	for b, other := range scalar.Gates {
		if a == b {
			continue
		}
		add(fmt.Sprintf("the bias of gate %s gets the gradient of gate %c", gate, other), "db", func(l *lines) { l.dbGate[a] = b })
		add(fmt.Sprintf("the weights of gate %s get the gradient of gate %c", gate, other), "dW", func(l *lines) { l.dwGate[a] = b })
		if a < b {
			swap := func(l *lines) { l.dwGate[a], l.dwGate[b] = b, a }
			add(fmt.Sprintf("gates %s and %c are swapped in dW", gate, other), "dW", swap)
			add(fmt.Sprintf("gates %s and %c are swapped in dW and db", gate, other), "dW, db", func(l *lines) {
				swap(l)
				l.dbGate[a], l.dbGate[b] = b, a
			})
		}
	}
	return all
}

// kinOfSteps returns the mistakes by which only the last steps count.
func kinOfSteps(n scalar.Net, steps int) []*Exhibit {
	over := fmt.Sprintf("%d of %d steps", steps, n.T)
	loop := func(readout bool) func(l *lines) {
		return func(l *lines) {
			cut(steps)(l)
			if readout {
				l.countsRead = l.counts
			}
			dh := l.dh
			l.dh = func(p *place) float64 {
				if p.t < p.T-steps {
					return 0
				}
				return dh(p)
			}
		}
	}
	const line = "for t = T-1; t >= 0; t--"
	return []*Exhibit{
		{What: "the gradient is truncated after " + over + ", but compared with the full loss",
			Right: "compare it with the loss of the window, and hold the state at its start fixed", edit: cut(steps)},
		{What: "the loop over the steps ends after " + over, Right: line, edit: loop(false)},
		{What: "the loop over the steps ends after " + over, Right: line, edit: loop(true)},
		{What: "only the last " + over + " are added up", Right: "dW += outer([x, h], dz)",
			edit: func(l *lines) { l.counts = func(p *place) bool { return p.t >= p.T-steps } }},
	}
}
