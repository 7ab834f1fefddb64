package convention

import (
	"fmt"
	"strings"

	"lstm/check/given"
	"lstm/check/pass"
)

// words returns what an attempt reads a file as.
func (a *attempt) words(d *given.Dump, o *objective, f factor) (all []string) {
	say := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	size := []string{count(a.X, "input"), count(a.H, "unit"), count(a.O, "output"), count(a.seq.T, "step")}
	if a.seq.N > 1 {
		size = append(size, count(a.seq.N, "sequence"))
	}
	say("%s", strings.Join(size, ", "))
	say("%s", a.sayInput())
	for k := range a.units {
		say("%s", a.sayUnit(&a.units[k], a.units[k].layouts[a.pick[k]], d))
	}
	say("%s", a.sayCell())
	switch {
	case a.noReadout && a.O < a.H:
		say("no readout: y is %s of h", map[bool]string{true: "the first unit", false: fmt.Sprintf("the first %d units", a.O)}[a.O == 1])
	case a.noReadout:
		say("no readout: y = h")
	}
	loss := a.sayLoss(o, f)
	if f.same != nil {
		loss += fmt.Sprintf(" (the same here: %s)", a.sayLoss(o, *f.same))
	}
	say("loss: %s", loss)
	return all
}

// count returns a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func (a *attempt) sayInput() string {
	var s string
	switch {
	case a.symbols > 0:
		s = "x has symbols, each a row of the embedding"
	case a.seq.symbols:
		s = "x has symbols, read as one-hot vectors"
	default:
		s = "x has numbers"
	}
	axes := map[byte]string{'n': "sequence", 'r': "step", 'k': "input"}
	var order []string
	for _, c := range []byte(a.seq.axes) {
		if (c != 'n' || a.seq.N > 1) && (c != 'k' || !a.seq.symbols) {
			order = append(order, axes[c])
		}
	}
	if len(order) == 1 || a.seq.N == 1 && a.seq.axes == "nrk" {
		return s
	}
	return s + ", in the order " + strings.Join(order, ", ")
}

// sayUnit says what arrays are, and how their axes are laid out.
func (a *attempt) sayUnit(u *placed, l layout, d *given.Dump) string {
	what := map[byte]string{'y': "readout", 'e': "embedding", 'h': "h before the first step", 'c': "c before the first step"}[u.to]
	if u.to == 'g' {
		var gates []string
		for slot := range max(len(u.arrays), l.slots()) {
			gates = append(gates, "ifog"[a.gate(u, slot):][:1])
		}
		what = "gates " + strings.Join(gates, " ")
	}
	s := strings.Join(u.names, " ") + ": " + what
	switch l.rows {
	case "1":
		if u.to == 'g' || u.to == 'y' {
			s += ", bias"
		}
	case "11":
		s += ", two biases"
	case "p":
		s += ", peepholes"
	default:
		s += ", " + a.sayShape(u, l, d.Params[u.arrays[0]].Shape)
	}
	return s
}

// sayShape returns the shape of a matrix in letters, and the order of what its rows belong to.
func (a *attempt) sayShape(u *placed, l layout, shape []int) string {
	names := []string{"", strings.Join(strings.Split(strings.Map(upper, l.rows), ""), "+"), "H"}
	names[0] = itoa(l.slots())
	switch u.to {
	case 'y':
		names[2] = "O"
	case 'e':
		names[1], names[2] = "symbols", "X"
	}
	names = names[len(names)-len(l.size):]
	var dims []string
	left := 1
	short := trim(shape)
	for _, axis := range l.order.axes {
		switch {
		case l.size[axis] == 1:
			continue
		case left > 1:
			dims[len(dims)-1] += "·" + names[axis]
		default:
			dims, left, short = append(dims, names[axis]), short[0], short[1:]
		}
		left /= l.size[axis]
	}
	s := "(" + strings.Join(dims, ", ") + ")"
	if len(l.rows) > 1 {
		s += " with [" + strings.Join(strings.Split(l.rows, ""), "; ") + "]"
	}
	return s
}

func upper(r rune) rune {
	switch r {
	case 'x':
		return 'X'
	case 'h':
		return 'H'
	}
	return r
}

func (a *attempt) sayCell() string {
	s := "h = o·tanh(c)"
	if a.linear {
		s = "h = o·c, without tanh"
	}
	switch a.family {
	case coupledF:
		s += "; i = 1 − f"
	case coupledI:
		s += "; f = 1 − i"
	case noForget:
		s += "; no forget gate: f = 1"
	case noOutput:
		s += "; no output gate: o = 1"
	}
	switch {
	case a.hard == 0.2:
		s += "; the gates are hard sigmoids, 0.2z + 0.5 cut to 0 … 1"
	case a.hard != 0:
		s += "; the gates are hard sigmoids, z/6 + 0.5 cut to 0 … 1"
	}
	if a.forget != 0 {
		s += fmt.Sprintf("; %g is added to z of the forget gate", a.forget)
	}
	if a.peephole {
		s += "; peepholes from c′ to i and f, and from c to o"
	}
	return s
}

// sayLoss returns the loss in words.
func (z *sizes) sayLoss(o *objective, f factor) string {
	words := []string{o.words}
	if f.half {
		words = append(words, "times ½")
	}
	over := func(mean bool, n int, what string) {
		if how := map[bool]string{true: "mean", false: "summed"}[mean]; n > 1 {
			words = append(words, fmt.Sprintf("%s over %d %s", how, n, what))
		}
	}
	switch {
	case o.kind != pass.CrossEntropy && z.noReadout:
		over(f.perO, z.O, "units")
	case o.kind != pass.CrossEntropy:
		over(f.perO, z.O, "outputs")
	case f.perO:
		over(true, z.O, "symbols")
	}
	switch {
	case o.M == z.seq.T:
		over(f.perM || f.perT, o.M, "steps")
	case o.M == 1:
		words = append(words, "at the last step only")
	default:
		over(f.perM, o.M, "last steps")
	}
	if f.perT && o.M < z.seq.T {
		words = append(words, fmt.Sprintf("divided by %d steps", z.seq.T))
	}
	over(f.perN, z.seq.N, "sequences")
	return strings.Join(words, ", ")
}
