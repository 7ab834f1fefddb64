package walk

import (
	"math"
	"slices"

	"lstm/check/chain"
	"lstm/check/pass"
)

// Pass walks through sequence s of a point, with the right backward pass. If see is not nil, the Walk shows its unit and
// its step.
func Pass(p *pass.Point, s int, see *chain.Fault) *Walk {
	n, answer := p.Net, p.Backward(lastAnswer(p))
	w := &Walk{Whole: n.T, H: n.H, O: n.O, Answer: n.T - 1, Kind: n.Kind, Numbers: Numbers{}, Readout: readout(p), Sequence: s, Sequences: n.N}
	spots := make([]Spot, n.H)
	for j := range spots {
		var k track
		for t := range n.T {
			at := at(p, right, answer, s, t, j)
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
	w.Numbers.add(w.backward(p, right, p.Backward(right), s))
	return w
}

// readout reports whether y is more than h.
func readout(p *pass.Point) bool {
	for j := range p.H {
		for m := range p.O {
			if want := map[bool]float64{true: 1}[j == m]; p.V[p.Wy(j, m)] != want {
				return true
			}
		}
	}
	for m := range p.O {
		if p.V[p.By(m)] != 0 {
			return true
		}
	}
	return p.H != p.O
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

// at returns the place of a unit, with some lines and the numbers of a backward pass.
func at(p *pass.Point, l *pass.Lines, b []float64, s, t, j int) *pass.Place {
	n := p.Net
	at := &pass.Place{Point: p, Lines: l, Trace: p.Traces[s], S: s, T: t, J: j, Own: p.Sequence(s), Grad: b}
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

// backward returns the numbers of a backward pass. The lines take them apart.
func (w *Walk) backward(p *pass.Point, l *pass.Lines, b []float64, s int) Numbers {
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
			at(p, l, b, s, t, 0).HandBack(l, handed)
		}
		for k, j := range w.Units {
			dc := 0.0
			if t < n.T {
				dc = l.DCPrev(at(p, l, b, s, t, j))
			}
			push("dhn", k, handed[j])
			push("dcn", k, dc)
			if t == w.First+w.T {
				continue
			}
			at := at(p, l, b, s, t, j)
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
