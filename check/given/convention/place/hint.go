package place

import (
	"strings"

	"lstm/check/given/convention/names"
)

// hint returns what it costs to give a unit a form: 1 if its names tell of another.
func hint(u names.Unit, f Form) int {
	t := u.Told()
	ok := t == 0
	switch t {
	case 'y', 'e', 'p':
		ok = f.To == t || f.Rows[0] == string(t)
	case 'b':
		ok = f.Rows[0][0] == '1'
	case 'h', 'x':
		ok = f.To == 'g' && strings.Contains(f.Rows[0], string(t))
	}
	if ok {
		return 0
	}
	return 1
}

// later returns 1 if an earlier unit has the recurrent weights and this one the input weights, or an earlier unit has a form
// of the readout and this one a form of the gates: files have them in the other order.
func later(before []Placed, u names.Unit, f Form) int {
	if u.Told() != 0 {
		return 0
	}
	for _, p := range before {
		if p.Unit.Told() != 0 {
			continue
		}
		if f.To == 'g' && (p.To == 'y' || f.Rows[0][0] == 'x' && p.Rows[0] == "h" || f.Rows[0][0] != 'p' && p.Rows[0] == "p") {
			return 1
		}
	}
	return 0
}
