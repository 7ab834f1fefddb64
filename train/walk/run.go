package walk

import (
	"math"
	"slices"

	"lstm/bptt"
	"lstm/cell"
)

// Run walks through a sequence with the network that trains.
func Run(m bptt.Model, s Sequence) *Walk {
	p := m.Params
	T := len(s.X) / p.X
	win, grad := m.Window(T), cell.New(p.X, p.H, p.O)
	win.Forward(s.X, make([]float64, T*p.O), s.H0, s.C0) // the outputs of all steps
	y := slices.Clone(win.Y)
	at, spots, compared := furthest(m, s, y)
	win.Forward(s.X, s.Target, s.H0, s.C0)
	win.Backward(grad)
	steps := win.Steps()
	dy := make([]float64, len(win.Y))
	m.Loss.Measure(dy, win.Y, s.Target, p.O)

	w := &Walk{Whole: T, H: p.H, O: p.O, Answer: at, Compared: compared, Numbers: Numbers{}, Readout: true, Symbols: m.Loss.Symbols()}
	w.choose(spots)
	w.states(steps)
	w.parts(p, steps, dy, win)
	w.ends(s, p, y, dy)
	return w
}

// states sets what a step computes forward and backward.
func (w *Walk) states(steps []cell.Step) {
	for _, j := range w.Units {
		row := make(map[string][]float64)
		for k, s := range steps[w.First : w.First+w.T] {
			i, f, o, g := s.Gates[j], s.Gates[w.H+j], s.Gates[2*w.H+j], s.Gates[3*w.H+j]
			if k == 0 {
				row["c"] = append(row["c"], s.CPrev[j])
				row["dcn"] = append(row["dcn"], s.DCPrev[j])
			}
			for name, v := range map[string]float64{
				"i": i, "f": f, "o": o, "g": g, "ig": i * g, "c": s.C[j], "tc": s.TanhC[j], "h": s.H[j],
				"dh": s.DH[j], "dch": fromH(s, j), "dcn": s.DC[j], "dc": math.FMA(s.DH[j]*o, math.FMA(-s.TanhC[j], s.TanhC[j], 1), s.DC[j]),
				"dzi": s.Z[j], "dzf": s.Z[w.H+j], "dzo": s.Z[2*w.H+j], "dzg": s.Z[3*w.H+j],
			} {
				row[name] = append(row[name], v)
			}
		}
		for name, v := range row {
			w.Numbers[name] = append(w.Numbers[name], v)
		}
	}
}

// parts sets the two parts of dh: from the outputs, and from the next step.
func (w *Walk) parts(p *cell.Params, steps []cell.Step, dy []float64, win *bptt.Window) {
	without := w.Whole - len(dy)/p.O // steps without a target
	read, next := make([]float64, p.H), make([]float64, p.H)
	n := len(w.Units)
	w.Numbers["dhy"], w.Numbers["dhn"] = make([][]float64, n), make([][]float64, n)
	back := func(t int) []float64 { // what step t hands back
		clear(next)
		if t < w.Whole {
			s := steps[t]
			s.Z, s.DHPrev, s.DCPrev = slices.Clone(s.Z), next, make([]float64, p.H)
			p.Backward(&s)
		}
		return next
	}
	back(w.First)
	for k, j := range w.Units {
		w.Numbers["dhn"][k] = append(w.Numbers["dhn"][k], next[j])
	}
	for t := w.First; t < w.First+w.T; t++ {
		clear(read)
		if row := t - without; row >= 0 {
			p.ReadBackward(read, dy[row*p.O:(row+1)*p.O], 1)
		}
		back(t + 1)
		for k, j := range w.Units {
			w.Numbers["dhy"][k] = append(w.Numbers["dhy"][k], read[j])
			w.Numbers["dhn"][k] = append(w.Numbers["dhn"][k], next[j])
		}
	}
}

// ends sets the inputs, the outputs and their derivatives.
func (w *Walk) ends(s Sequence, p *cell.Params, y, dy []float64) {
	without := w.Whole - len(dy)/p.O
	named := func(names []string, k int) string {
		if k < len(names) {
			return names[k]
		}
		return ""
	}
	prob, symbols := make([]float64, p.O), true
	for x := range slices.Chunk(s.X, p.X) {
		symbols = symbols && hot(s.Inputs, x)
	}
	for t := w.First; t < w.First+w.T; t++ {
		x, out := s.X[t*p.X:(t+1)*p.X], y[t*p.O:(t+1)*p.O]
		var target, d []float64
		if row := t - without; row >= 0 {
			target, d = s.Target[row*p.O:(row+1)*p.O], dy[row*p.O:(row+1)*p.O]
		}
		w.Has = append(w.Has, target != nil)
		if symbols {
			w.In = append(w.In, named(s.Inputs, likeliest(x)))
		} else {
			w.add("x", x)
		}
		if !w.Symbols {
			w.add("y", out)
			w.add("dy", d)
			if target == nil {
				target = slices.Repeat([]float64{math.NaN()}, p.O)
			}
			w.add("target", target)
			continue
		}
		bptt.Softmax(prob, out)
		name, part, norm := "", math.NaN(), 0.0
		if target != nil {
			k := likeliest(target)
			name, part = named(s.Outputs, k), prob[k]
			for _, v := range d {
				norm = math.Hypot(norm, v)
			}
		}
		w.Out = append(w.Out, name)
		w.add("y", []float64{part})
		w.add("dy", []float64{norm})
	}
	w.Inputs, w.Outputs = s.Inputs, s.Outputs
	if w.In != nil {
		w.Inputs = nil
	}
}
