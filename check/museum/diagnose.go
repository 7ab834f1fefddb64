package museum

import (
	"fmt"
	"io"
	"math"
	"strings"

	"lstm/check"
	"lstm/check/scalar"
)

// A Diagnosis says where a gradient is wrong, and why.
type Diagnosis struct {
	scalar.Place
	Causes []check.Cause // the likeliest first; empty if no known mistake gives these numbers. Kind is the exhibit's name
}

// Diagnose looks at a gradient of the loss of v and target, in the order of n.Blocks. grad and wrong are as in
// scalar.Locate, which finds the place. To find the cause, Diagnose computes the gradient with every mistake of
// the museum and with its relatives. It returns the mistakes that give the same numbers.
func Diagnose(n scalar.Net, v, target, grad []float64, wrong func(i int) bool) *Diagnosis {
	d := &Diagnosis{Place: scalar.Locate(n, grad, wrong)}
	if d.Step >= 0 || len(d.Blocks) > 0 {
		d.Causes = causes(n, v, target, grad)
	}
	return d
}

// causes returns the mistakes that give the numbers of grad.
func causes(n scalar.Net, v, target, grad []float64) (causes []check.Cause) {
	_, truth := scalar.Backward(n, v, target)
	numbers, infinite, most := 0, 0, 0 // most: the known entry where truth is largest
	for i, g := range grad {
		if math.IsNaN(g) {
			continue
		}
		if numbers++; math.IsInf(g, 0) {
			infinite++
		}
		if math.IsNaN(grad[most]) || math.Abs(truth[i]) > math.Abs(truth[most]) {
			most = i
		}
	}
	if infinite > 0 {
		return []check.Cause{{Observed: fmt.Sprintf("%d of %d numbers are NaN or Inf", infinite, numbers),
			Likely: "a division by zero, or a number that is too large", Line: "the first line on the way back whose result is not finite"}}
	}
	if scalar.Same(n, grad, truth) {
		return []check.Cause{{Observed: fmt.Sprintf("all %d numbers are right for a correct LSTM", numbers),
			Likely: "the loss is another one: it has an extra factor or term, or its forward pass differs",
			Line:   "L = Σ_t 1/O Σ_n (y_n − target_n)², or −Σ_t Σ_n target_n ln p_n"}}
	}
	exactly := fmt.Sprintf("with this one line wrong, all %d numbers come out exactly as these did", numbers)
	for _, e := range Exhibits {
		if e.at != nil && e.measures(n, v, target, grad) || e.at == nil && scalar.Same(n, grad, e.Gradient(n, v, target)) {
			causes = append(causes, check.Cause{Kind: e.Name, Observed: exactly, Likely: e.What, Line: e.Wrong + "   →   " + e.Right})
		}
	}
	for _, e := range kin(n) {
		if causes == nil && scalar.Same(n, grad, e.Gradient(n, v, target)) {
			causes = []check.Cause{{Observed: exactly, Likely: e.What, Line: e.Right}}
		}
	}
	if k := grad[most] / truth[most]; causes == nil && k != 0 {
		for i := range truth {
			truth[i] *= k
		}
		if scalar.Same(n, grad, truth) {
			causes = []check.Cause{{Observed: fmt.Sprintf("every number is %.9g times what it should be", k),
				Likely: "the loss has a constant factor that its derivative lacks, or the derivative has one that the loss lacks", Line: "dy = 2*(y - target) / O"}}
		}
	}
	return causes
}

// measures reports whether the difference quotients of a wrong check equal the numbers of grad. It computes
// the quotients one by one, and stops at the first difference.
func (e *Exhibit) measures(n scalar.Net, v, target, grad []float64) bool {
	for i, g := range grad {
		if !math.IsNaN(g) {
			if d := e.at(n, v, target, i); math.Abs(g-d) > 1e-9*math.Abs(d) {
				return false
			}
		}
	}
	return true
}

// Write writes the wrong blocks, the place and the causes, each on one line.
func (d *Diagnosis) Write(w io.Writer) {
	line := func(name, text string) { fmt.Fprintf(w, "  %-6s %s\n", name, text) }
	var blocks []string
	for _, b := range d.Blocks {
		blocks = append(blocks, fmt.Sprintf("%s %d/%d", b.Name, b.Wrong, b.Total))
	}
	if len(blocks) > 0 {
		line("blocks", strings.Join(blocks, " "))
	}
	line("where", d.Where()+": "+d.Known())
	for _, c := range d.Causes {
		line("seen", c.Observed)
		line("cause", c.Likely)
		line("line", c.Line)
	}
	if len(d.Causes) == 0 {
		line("cause", "not known: no mistake of the museum gives these numbers")
	}
}

// relatives collects mistakes without names.
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

// overSteps adds the mistakes that count only the last steps.
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
