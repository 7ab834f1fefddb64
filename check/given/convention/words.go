package convention

import (
	"fmt"
	"strings"

	"lstm/check/given"
)

// words returns what an attempt reads a file as.
func (a *attempt) words(d *given.Dump, o *objective, f factor) (all []string) {
	say := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	say("%d inputs, %d units, %d outputs, %d steps", a.X, a.H, a.O, a.seq.T)
	for k := range a.units {
		say("%s", a.sayUnit(&a.units[k], a.pick[k], d))
	}
	say("%s", a.sayCell())
	if a.noReadout {
		say("no readout: y = h")
	}
	say("loss: %s", a.say(o, f))
	if a.seq.N > 1 {
		say("a batch of %d sequences", a.seq.N)
	}
	return all
}

func (a *attempt) sayUnit(u *placed, pick int, d *given.Dump) string {
	l := u.layouts[pick]
	return fmt.Sprintf("%s: %c%v %s %v", strings.Join(u.names, " "), u.to, u.gates, l.rows, l.order.axes) + fmt.Sprint(a.gates)
}

func (a *attempt) sayCell() string {
	return fmt.Sprintf("%+v family %d", a.cell, a.family)
}
