package convention

import (
	"fmt"
	"strings"

	"lstm/check/given"
)

// A NoFit is the error for a file whose loss comes out of no known forward pass.
type NoFit struct {
	Why      string   // what stands in the way of any try; empty if there were tries
	Unplaced []string // the parameters that have no place in an LSTM, if others have one
	File     float64  // the loss of the file
	Loss     float64  // the closest loss
	Words    []string // what the file was read as, for the closest loss
	Differs  string   // the first number of y, h or c that differs
}

func (e *NoFit) Error() string {
	if e.Why != "" {
		return e.Why
	}
	text := fmt.Sprintf("no known forward pass gives this loss, %.8g; the closest gives %.8g (%s)", e.File, e.Loss, strings.Join(e.Words, "; "))
	if e.Differs != "" {
		text += ". " + e.Differs
	}
	return text
}

// noFit returns what came closest.
func (s *search) noFit() error {
	e := &NoFit{File: s.d.Loss.Data[0]}
	if n := s.near; n != nil {
		e.Loss, e.Words = n.loss, n.words(s.d, n.objective, n.factor)
		if n.differs != nil {
			e.Differs = n.differs.words(n.seq.N)
		}
		return e
	}
	e.Why = "no known forward pass could be tried: too many numbers"
	return e
}

func (d *difference) words(sequences int) string {
	where := fmt.Sprintf("step %d, unit %d", d.t, d.unit)
	if d.name == "y" {
		where = fmt.Sprintf("step %d, output %d", d.t, d.unit)
	}
	if sequences > 1 {
		where = fmt.Sprintf("sequence %d, %s", d.s, where)
	}
	s := fmt.Sprintf("%s at %s: the file has %.6g, this LSTM %.6g", d.name, where, d.file, d.ours)
	switch len(d.agree) {
	case 0:
		return s
	case 1:
		return s + fmt.Sprintf("; %s is the same", d.agree[0])
	}
	return s + fmt.Sprintf("; %s are the same", strings.Join(d.agree, " and "))
}

// unplaced tells why the parameters are not those of an LSTM: which have no place, or which inputs do not fit.
func unplaced(d *given.Dump) error {
	var best *greedy
	lengths := dims(d.Params)
	units := named(d.Params)
	for _, seq := range sequences(d.Known["x"]) {
		for _, z := range seq.guesses(d, lengths) {
			g := place1(z, d.Params, units)
			if g != nil && (best == nil || len(g.left) < len(best.left)) {
				best = g
			}
		}
	}
	switch {
	case best == nil:
		return &NoFit{Why: "no LSTM's parameters are found among " + list(paramNames(d.Params))}
	case len(best.left) > 0:
		return &NoFit{Why: fmt.Sprintf("%s %s no place in an LSTM of one layer with %s", list(best.left),
			map[bool]string{true: "has", false: "have"}[len(best.left) == 1], count(best.H, "unit")), Unplaced: best.left}
	}
	return &NoFit{Why: fmt.Sprintf("the parameters are those of an LSTM with %s, but %s", count(best.H, "unit"), best.misfit(d))}
}

// A greedy has given each unit the first form that is free.
type greedy struct {
	sizes
	left []string // the names of the arrays without a form
}

// guesses returns sizes of networks without a look at the number of parameters.
func (s *sequence) guesses(d *given.Dump, lengths []int) (all []sizes) {
	for _, z := range s.inputs(d.Params, lengths[len(lengths)-1]) {
		if !s.symbols || z.X <= 64 {
			for _, z.H = range lengths {
				for _, z.gates = range []int{4, 3} {
					z.noReadout, z.O = true, z.H
					all = append(all, z)
				}
			}
		}
	}
	return all
}

// place1 returns nil if the arrays have no weights from inputs and from units to the gates.
func place1(z sizes, params []given.Array, units []unit) *greedy {
	p := &placer{sizes: z, params: params, used: make(map[string]int)}
	g := &greedy{sizes: z}
	for _, u := range units {
		if !p.first(u) {
			g.left = append(g.left, u.names...)
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
func (p *placer) first(u unit) bool {
	for _, strict := range []bool{true, false} {
		for _, f := range forms {
			if !p.free(f) || !wanted(f, u) || strict && hint(u, f) > 0 || f.to == 'y' || p.layouts(u, f) == nil {
				continue
			}
			p.used[string(f.to)+f.rows[0]]++
			return true
		}
		for _, rows := range []string{"h", "1"} {
			n := len(p.params[u.arrays[0]].Data)
			if p.used["y"+rows] == 0 && len(u.arrays) == 1 && (told(u) == 'y' || !strict) && (rows == "1" && p.used["yh"] > 0 || rows == "h" && n%p.H == 0) {
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
		if a != nil && g.seq.state(a, g.H) == nil && g.seq.rows(a, g.H) == nil {
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
