package place

import (
	"fmt"
	"strings"

	"lstm/check/given"
	"lstm/check/given/convention/names"
)

// Missing tells why a file has no place: which parameters have none in an LSTM, or which inputs do not fit.
func Missing(d *given.Dump) (why string, left []string) {
	var best *greedy
	lengths := dims(d.Params)
	units := names.Named(d.Params)
	for _, seq := range sequences(d.Known["x"]) {
		for _, z := range seq.guesses(d, lengths) {
			g := place1(z, d.Params, units)
			if g != nil && (best == nil || g.before(best)) {
				best = g
			}
		}
	}
	switch {
	case best == nil:
		return "no LSTM's parameters are found among " + list(paramNames(d.Params)), nil
	case best.H == 1:
		return fmt.Sprintf("%s are not the parameters of an LSTM: is one missing? %s", list(paramNames(d.Params)), best.misfit(d)), nil
	case len(best.left) > 0:
		return fmt.Sprintf("%s %s no place in an LSTM of one layer with %s", list(best.left),
			map[bool]string{true: "has", false: "have"}[len(best.left) == 1], Count(best.H, "unit")), best.left
	}
	return fmt.Sprintf("the parameters are those of an LSTM with %s, but %s", Count(best.H, "unit"), best.misfit(d)), nil
}

// A greedy has given each unit the first form that is free.
type greedy struct {
	Sizes
	left []string // the names of the arrays without a form
}

// before reports whether g explains more than another. Any array can be that of a single unit.
func (g *greedy) before(other *greedy) bool {
	if (g.H == 1) != (other.H == 1) {
		return other.H == 1
	}
	return len(g.left) < len(other.left)
}

// guesses returns sizes of networks without a look at the number of parameters.
func (s *Sequence) guesses(d *given.Dump, lengths []int) (all []Sizes) {
	for _, h := range lengths {
		for _, z := range s.inputs(d.Params, lengths, h) {
			for _, z.Gates = range []int{4, 3} {
				z.H, z.O, z.NoReadout = h, h, true
				all = append(all, z)
			}
		}
	}
	return all
}

// place1 returns nil if the arrays have no weights from inputs and from units to the gates.
func place1(z Sizes, params []given.Array, units []names.Unit) *greedy {
	p := &placer{Sizes: z, params: params, used: make(map[string]int)}
	g := &greedy{Sizes: z}
	for _, u := range units {
		if !p.first(u) {
			g.left = append(g.left, u.Names...)
		}
	}
	u := p.used
	if u["gxh"]+u["gxh1"] == 0 && (u["gx"]+u["gx1"] == 0 || u["gh"] == 0) {
		return nil
	}
	return g
}

// first gives a unit the first form that is free and that its names do not speak against. A readout may have any
// number of outputs.
func (p *placer) first(u names.Unit) bool {
	for _, strict := range []bool{true, false} {
		for _, f := range forms {
			if !p.free(f) || !wanted(f, u) || strict && hint(u, f) > 0 || f.To == 'y' || p.layouts(u, f) == nil {
				continue
			}
			p.used[string(f.To)+f.Rows[0]]++
			return true
		}
		for _, rows := range []string{"h", "1"} {
			n := len(p.params[u.Arrays[0]].Data)
			if p.used["y"+rows] == 0 && len(u.Arrays) == 1 && (u.Told() == 'y' || !strict) && (rows == "1" && p.used["yh"] > 0 || rows == "h" && n%p.H == 0) {
				p.used["y"+rows]++
				return true
			}
		}
	}
	return false
}

// misfit names the first array that does not fit the network.
func (g *greedy) misfit(d *given.Dump) string {
	for _, name := range []string{"h0", "c0", "h", "c"} {
		a := d.Known[name]
		if a != nil && g.Seq.State(a, g.H) == nil && g.Seq.Rows(a, g.H) == nil {
			return fmt.Sprintf("%s has the shape %v", name, a.Shape)
		}
	}
	text := fmt.Sprintf("x has the shape %v", d.Known["x"].Shape)
	for _, name := range []string{"target", "y"} {
		if a := d.Known[name]; a != nil {
			text += fmt.Sprintf(" and %s %v", name, a.Shape)
		}
	}
	return text + ": these do not fit together"
}

func paramNames(params []given.Array) (all []string) {
	for _, a := range params {
		all = append(all, a.Name)
	}
	return all
}

// list returns names with commas and "and", the first few of many.
func list(names []string) string {
	const most = 8
	switch n := len(names); {
	case n > most:
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", n-most)
	case n > 1:
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return strings.Join(names, "")
}

// Count returns a number with its noun.
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
