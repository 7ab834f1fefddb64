package walk

import (
	"math"
	"slices"

	"lstm/check/chain"
	"lstm/check/pass"
)

// A Case is a backward pass that may be wrong.
type Case struct {
	Name    string
	Numbers // those that may differ from the Walk's
	States  map[string][][]State
	Begin   *Place // where it goes wrong first; nil: no number of the way back is wrong
	Note    string // says what differs, if the backward pass is not wrong
}

// A State says whether a number of the way back is right.
type State byte

// The states of a number.
const (
	Right     State = '0' // it is right
	Inherited State = '1' // it is wrong, and its line holds: a number that goes into the line is wrong
	Broken    State = '2' // its line does not hold
)

// A Place is a number of the way back. Row is an index of the rows of the name.
type Place struct {
	Name   string `json:"name"`
	Row    int    `json:"row"`
	Step   int    `json:"step"`   // counts from First
	Handed bool   `json:"handed"` // the part that the next step hands back is wrong
}

// Pass walks through sequence s of a point, with the right backward pass. If see is not nil, the Walk shows its unit and
// its step.
func Pass(p *pass.Point, s int, see *chain.Fault) *Walk {
	n, answer := p.Net, p.Backward(lastAnswer(p))
	w := &Walk{Whole: n.T, H: n.H, O: n.O, Kind: n.Kind, Numbers: Numbers{}}
	spots := make([]Spot, n.H)
	for j := range spots {
		var k track
		for t := range n.T {
			at := at(p, answer, s, t, j)
			k.ig, k.f = append(k.ig, at.I*at.G), append(k.f, at.F)
			k.dch, k.dc = append(k.dch, at.FromH()), append(k.dc, at.DC)
		}
		spots[j] = k.spot()
	}
	if see != nil && see.T >= 0 {
		w.around(spots, see)
	} else {
		w.choose(spots)
	}
	w.forward(p, s)
	w.Numbers.add(w.backward(p, p.Backward(right), s))
	return w
}

// lastAnswer returns a backward pass of the last answer of each sequence: the output with the largest target.
func lastAnswer(p *pass.Point) *pass.Lines {
	l := pass.Right()
	l.DY = func(at *pass.Place) float64 {
		if at.T == p.T-1 && at.M == likeliest(p.Targets(at.S, at.T)) {
			return 1
		}
		return 0
	}
	return l
}

// around chooses the units and the steps to show around a fault.
func (w *Walk) around(spots []Spot, see *chain.Fault) {
	there := slices.Clone(spots)
	unit := see.J
	if see.Line == chain.DY {
		unit = 0
	}
	there[unit].Weight, there[unit].Written, there[unit].Read = math.Inf(1), max(0, see.T-mostSteps*3/4), see.T
	w.choose(there)
	for k, j := range w.Units {
		w.Spots[k] = spots[j]
	}
}

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

// begin goes to the place where the first case goes wrong first.
func (w *Walk) begin() {
	if b := w.Cases[0].Begin; b != nil {
		if w.Step = b.Step; b.Name != "dy" {
			w.Unit = b.Row
		}
	}
}

// at returns the place of a unit, with the numbers of a backward pass.
func at(p *pass.Point, b []float64, s, t, j int) *pass.Place {
	n := p.Net
	at := &pass.Place{Point: p, Lines: right, Trace: p.Traces[s], S: s, T: t, J: j, Own: p.Sequence(s), Grad: b}
	at.See()
	at.DY = b[n.DY(s, t, 0) : n.DY(s, t, 0)+n.O]
	z := n.Z(t, 0, 0) + at.Own
	for a := range at.DZ {
		at.DZ[a] = b[z+a*n.H : z+(a+1)*n.H]
	}
	for m, d := range at.DY {
		at.Read += p.V[n.Wy(j, m)] * d
	}
	at.DH, at.DC = b[n.DH(s, t, j)], b[n.DC(s, t, j)]
	return at
}

var right = pass.Right()

func (n Numbers) add(more Numbers) {
	for name, rows := range more {
		n[name] = rows
	}
}

// forward sets the numbers of the forward pass.
func (w *Walk) forward(p *pass.Point, s int) {
	n, tr, steps := p.Net, p.Traces[s], make([]int, w.T)
	for k := range steps {
		steps[k] = w.First + k
	}
	rows := func(units []int, of func(t, j int) float64) (all [][]float64) {
		for _, j := range units {
			var row []float64
			for _, t := range steps {
				row = append(row, of(t, j))
			}
			all = append(all, row)
		}
		return all
	}
	w.Numbers.add(Numbers{
		"x":  rows(count(min(n.X, mostRows)), func(t, k int) float64 { return p.V[n.In(t, k)+p.Sequence(s)] }),
		"i":  rows(w.Units, func(t, j int) float64 { return tr.Gate[t][pass.I][j] }),
		"f":  rows(w.Units, func(t, j int) float64 { return tr.Gate[t][pass.F][j] }),
		"o":  rows(w.Units, func(t, j int) float64 { return tr.Gate[t][pass.O][j] }),
		"g":  rows(w.Units, func(t, j int) float64 { return tr.Gate[t][pass.G][j] }),
		"ig": rows(w.Units, func(t, j int) float64 { return tr.Gate[t][pass.I][j] * tr.Gate[t][pass.G][j] }),
		"c":  rows(w.Units, func(t, j int) float64 { return tr.C[t+1][j] }),
		"tc": rows(w.Units, func(t, j int) float64 { return tr.TanhC[t][j] }),
		"h":  rows(w.Units, func(t, j int) float64 { return tr.H[t+1][j] }),
		"y":  rows(count(min(n.O, mostRows)), func(t, m int) float64 { return tr.Y[t][m] }),
		"target": rows(count(min(n.O, mostRows)), func(t, m int) float64 {
			if target := p.Targets(s, t); target != nil {
				return target[m]
			}
			return math.NaN()
		}),
	})
	for k, j := range w.Units {
		w.Numbers["c"][k] = slices.Insert(w.Numbers["c"][k], 0, tr.C[w.First][j])
	}
	for _, t := range steps {
		w.Has = append(w.Has, p.Targets(s, t) != nil)
	}
}

// backward returns the numbers of a backward pass.
func (w *Walk) backward(p *pass.Point, b []float64, s int) Numbers {
	n, all := p.Net, Numbers{}
	push := func(name string, row int, v float64) {
		if row == len(all[name]) {
			all[name] = append(all[name], nil)
		}
		all[name][row] = append(all[name][row], v)
	}
	for t := w.First; t <= w.First+w.T; t++ { // what step t hands back, and then the step
		handed := make([]float64, n.H)
		if t < n.T {
			at(p, b, s, t, 0).HandBack(right, handed)
		}
		for k, j := range w.Units {
			dc := 0.0
			if t < n.T {
				dc = right.DCPrev(at(p, b, s, t, j))
			}
			push("dhn", k, handed[j])
			push("dcn", k, dc)
			if t == w.First+w.T {
				continue
			}
			at := at(p, b, s, t, j)
			for name, v := range map[string]float64{
				"dhy": at.Read, "dh": at.DH, "dch": at.FromH() + at.Peeped(pass.O), "dc": at.DC,
				"dzi": at.DZ[pass.I][j], "dzf": at.DZ[pass.F][j], "dzo": at.DZ[pass.O][j], "dzg": at.DZ[pass.G][j],
			} {
				push(name, k, v)
			}
		}
		for m := 0; m < min(n.O, mostRows) && t < w.First+w.T; m++ {
			push("dy", m, b[n.DY(s, t, m)])
		}
	}
	return all
}

// count returns the n numbers from 0.
func count(n int) []int {
	all := make([]int, n)
	for k := range all {
		all[k] = k
	}
	return all
}

// Compare adds a case: the backward pass of a chain, after Judge, over sequence s of the Walk's point.
func (w *Walk) Compare(name string, c *chain.Chain, s int) *Case {
	w.Cases = append(w.Cases, Case{Name: name, Numbers: w.backward(c.Point, c.B, s), States: make(map[string][][]State)})
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
	w.broken(k, c, s)
	return k
}

var gateOf = map[string]int{"dzi": pass.I, "dzf": pass.F, "dzo": pass.O, "dzg": pass.G}

// nameOf has the name of the number that a line computes.
var nameOf = map[chain.Line]string{
	chain.DY: "dy", chain.DH: "dh", chain.DHP: "dh", chain.DC: "dc", chain.DCP: "dc",
	chain.DZO: "dzo", chain.DZI: "dzi", chain.DZF: "dzf", chain.DZG: "dzg",
}

// broken marks the numbers whose lines do not hold, and finds the first of them on the way back.
func (w *Walk) broken(k *Case, c *chain.Chain, s int) {
	c.Each(func(l chain.Line, seq, t, j int, holds bool) {
		name := nameOf[l]
		row := j
		if l != chain.DY {
			row = slices.Index(w.Units, j)
		}
		t -= w.First
		if seq == s && !holds && t >= 0 && t < w.T && row >= 0 && row < len(k.States[name]) {
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
	if k.Begin != nil { // the line that hands back breaks one step later, where it is computed
		for _, f := range c.Ordered() {
			if f.Line == chain.DHP || f.Line == chain.DCP {
				k.Begin.Handed = nameOf[f.Line] == k.Begin.Name && f.T-w.First == k.Begin.Step
			}
		}
	}
}
