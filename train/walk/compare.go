package walk

import (
	"slices"
	"strings"

	"lstm/check/chain"
	"lstm/check/pass"
)

// Wrong walks through a backward pass that is wrong, after Judge. yours is what its numbers are called.
func Wrong(c *chain.Chain, yours string) *Walk {
	var see *chain.Fault
	s := 0
	for _, f := range c.Ordered() {
		if f.T >= 0 {
			see, s = f, f.S
			break
		}
	}
	w := Pass(c.Point, s, see)
	w.Yours = yours
	w.Compare("", c, s)
	w.begin()
	return w
}

// Compare adds a case: the backward pass of a chain, after Judge, over sequence s of the Walk's point.
func (w *Walk) Compare(name string, c *chain.Chain, s int) *Case {
	w.Cases = append(w.Cases, Case{Name: name, Numbers: w.backward(c.Point, right, c.B, s), States: make(map[string][][]State)})
	k := &w.Cases[len(w.Cases)-1]
	truth, n := c.Backward(right), c.Net
	index := func(name string, row, t int) int {
		own := c.Sequence(s)
		switch name {
		case "dy":
			return n.DY(s, t, row)
		case "dh":
			return n.DH(s, t, w.Units[row])
		case "dc":
			return n.DC(s, t, w.Units[row])
		}
		return n.Z(t, gateOf[name], w.Units[row]) + own
	}
	for _, name := range Way {
		if later[name] != "" {
			continue
		}
		for row := range k.Numbers[name] {
			states := make([]State, w.T)
			for t := range states {
				i := index(name, row, w.First+t)
				if states[t] = Right; !c.Close(i, truth[i], 0) {
					states[t] = Inherited
				}
			}
			k.States[name] = append(k.States[name], states)
		}
	}
	w.handed(k, c, s, truth)
	w.broken(k, c, s)
	if sums := sums(c); k.Begin == nil && len(sums) > 0 {
		k.Note = "Each number of the way back is right. Sums over the steps are wrong: " + strings.Join(sums, ", ") + "."
	}
	return k
}

// sums returns the names of the sums over the steps that do not hold.
func sums(c *chain.Chain) (names []string) {
	for k := range c.Faults {
		if f := &c.Faults[k]; f.Line == chain.Sums {
			names = append(names, f.Array)
		}
	}
	return names
}

var gateOf = map[string]int{"dzi": pass.I, "dzf": pass.F, "dzo": pass.O, "dzg": pass.G}

// nameOf has the name of the number that a line computes at its own step.
var nameOf = map[chain.Line]string{
	chain.DY: "dy", chain.DH: "dh", chain.DC: "dc",
	chain.DZO: "dzo", chain.DZI: "dzi", chain.DZF: "dzf", chain.DZG: "dzg",
}

// broken marks the numbers whose lines do not hold, and finds the first of them on the way back.
func (w *Walk) broken(k *Case, c *chain.Chain, s int) {
	c.Each(func(l chain.Line, seq, t, j int, holds bool) {
		name, row := nameOf[l], j
		if l != chain.DY {
			row = slices.Index(w.Units, j)
		}
		t -= w.First
		if name != "" && seq == s && !holds && t >= 0 && t < w.T && row >= 0 && row < len(k.States[name]) {
			k.States[name][row][t] = Broken
		}
	})
	for t := w.T - 1; t >= 0 && k.Begin == nil; t-- {
		for _, name := range Way {
			for row, states := range k.States[name] {
				if k.Begin == nil && states[t] != Right {
					k.Begin = &Place{Name: name, Row: row, Step: t}
				}
			}
		}
	}
}
