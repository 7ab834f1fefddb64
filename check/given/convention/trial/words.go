package trial

import (
	"fmt"
	"strconv"
	"strings"

	"lstm/check/given"
	"lstm/check/given/convention/place"
)

// Words returns what a trial reads a file as, but for the loss.
func (t *Trial) Words(d *given.Dump) (all []string) {
	say := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	size := []string{place.Count(t.X, "input"), place.Count(t.H, "unit"), place.Count(t.O, "output"), place.Count(t.Seq.T, "step")}
	if t.Seq.N > 1 {
		size = append(size, place.Count(t.Seq.N, "sequence"))
	}
	say("%s", strings.Join(size, ", "))
	say("%s", t.sayInput())
	for k := range t.Units {
		say("%s", t.sayUnit(&t.Units[k], t.Units[k].Layouts[t.pick[k]], d))
	}
	say("%s", t.sayCell())
	switch {
	case t.NoReadout && t.O < t.H:
		say("no readout: y is %s of h", map[bool]string{true: "the first unit", false: fmt.Sprintf("the first %d units", t.O)}[t.O == 1])
	case t.NoReadout:
		say("no readout: y = h")
	}
	return all
}

func (t *Trial) sayInput() string {
	var s string
	switch {
	case t.Symbols > 0:
		s = "x has symbols, each a row of the embedding"
	case t.Seq.Symbols:
		s = "x has symbols, read as one-hot vectors"
	default:
		s = "x has numbers"
	}
	if t.Seq.Base == 1 {
		s += ", from 1 on"
	}
	axes := map[byte]string{'n': "sequence", 'r': "step", 'k': "input"}
	var order []string
	for _, c := range []byte(t.Seq.Axes) {
		if (c != 'n' || t.Seq.N > 1) && (c != 'k' || !t.Seq.Symbols) {
			order = append(order, axes[c])
		}
	}
	if len(order) == 1 || t.Seq.N == 1 && t.Seq.Axes == "nrk" {
		return s
	}
	return s + ", in the order " + strings.Join(order, ", ")
}

// sayUnit says what arrays are, and how their axes are laid out.
func (t *Trial) sayUnit(u *place.Placed, l place.Layout, d *given.Dump) string {
	what := map[byte]string{'y': "readout", 'e': "embedding", 'h': "h before the first step", 'c': "c before the first step"}[u.To]
	if u.To == 'g' {
		var gates []string
		for slot := range max(len(u.Arrays), l.Slots()) {
			gates = append(gates, letters[t.gate(u, slot)])
		}
		what = "gates " + strings.Join(gates, " ")
	}
	s := strings.Join(u.Names, " ") + ": " + what
	switch l.Rows {
	case "1":
		if u.To == 'g' || u.To == 'y' {
			s += ", bias"
		}
	case "11":
		s += ", two biases"
	case "p":
		s += ", peepholes"
	default:
		s += ", " + t.sayShape(u, l, d.Params[u.Arrays[0]].Shape)
	}
	return s
}

// sayShape returns the shape of a matrix in letters, and the order of what its rows belong to.
func (t *Trial) sayShape(u *place.Placed, l place.Layout, shape []int) string {
	names := []string{"", strings.Join(strings.Split(strings.Map(upper, l.Rows), ""), "+"), "H"}
	names[0] = strconv.Itoa(l.Slots())
	switch u.To {
	case 'y':
		names[2] = "O"
	case 'e':
		names[1], names[2] = "symbols", "X"
	}
	names = names[len(names)-len(l.Size):]
	var dims []string
	left := 1
	short := place.Trim(shape)
	for _, axis := range l.Axes {
		switch {
		case l.Size[axis] == 1:
			continue
		case left > 1:
			dims[len(dims)-1] += "·" + names[axis]
		default:
			dims, left, short = append(dims, names[axis]), short[0], short[1:]
		}
		left /= l.Size[axis]
	}
	s := "(" + strings.Join(dims, ", ") + ")"
	if len(l.Rows) > 1 {
		s += " with [" + strings.Join(strings.Split(l.Rows, ""), "; ") + "]"
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

func (t *Trial) sayCell() string {
	s := "h = o·tanh(c)"
	if t.cell.linear {
		s = "h = o·c, without tanh"
	}
	switch t.family {
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
	case t.cell.hard == 0.2:
		s += "; the gates are hard sigmoids, 0.2z + 0.5 cut to 0 … 1"
	case t.cell.hard != 0:
		s += "; the gates are hard sigmoids, z/6 + 0.5 cut to 0 … 1"
	}
	if t.cell.forget != 0 {
		s += fmt.Sprintf("; %g is added to z of the forget gate", t.cell.forget)
	}
	if t.Peephole {
		s += "; peepholes from c′ to i and f, and from c to o"
	}
	return s
}
