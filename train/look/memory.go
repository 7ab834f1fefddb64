package look

import (
	"cmp"
	"math"
	"slices"

	"lstm/bptt"
	"lstm/cell"
	"lstm/tensor"
)

// A Memory says what the last answer depends on: the outputs of the last step or, with symbols, the likeliest one.
//
// The state c is a sum of what was written to it, i∘g, times the forget gates since. So the write of a step
// contributes i∘g∘dy/dc to the answer, and a unit matters as much as all its writes.
type Memory struct {
	Units   []int   // all units, the most important one first
	Written [][]int // (H) for each unit, the one or two steps with the largest writes, in order of time
	Read    []int   // (H) for each unit, the step where the answer depends on h most
}

// Memory returns what the last answer depends on.
func (l *Look) Memory() *Memory {
	p := l.Model.Params
	w, g := l.Model.Window(l.T), cell.New(p.X, p.H, p.O)
	w.Forward(l.X, make([]float64, p.O), l.H0, l.C0)
	w.Forward(l.X, aim(l.Model.Loss, w.Y), l.H0, l.C0)
	w.Backward(g)
	m, matters := &Memory{}, make([]float64, p.H)
	for j := range p.H {
		wrote, read := make([]float64, l.T), 0
		most := -1.0
		for t, s := range w.Steps() {
			o := s.Gates[2*p.H+j]
			dc := math.FMA(s.DH[j]*o, math.FMA(-s.TanhC[j], s.TanhC[j], 1), s.DC[j])
			wrote[t] = math.Abs(s.Gates[j] * s.Gates[3*p.H+j] * dc)
			matters[j] += wrote[t]
			if v := math.Abs(s.H[j] * s.DH[j]); v > most {
				read, most = t, v
			}
		}
		m.Units, m.Read, m.Written = append(m.Units, j), append(m.Read, read), append(m.Written, peaks(wrote))
	}
	slices.SortStableFunc(m.Units, func(a, b int) int { return cmp.Compare(matters[b], matters[a]) })
	return m
}

// Shift adds n to the steps, which then count from another step. No step falls below 0.
func (m *Memory) Shift(n int) {
	for j := range m.Units {
		m.Read[j] = max(0, m.Read[j]+n)
		for k := range m.Written[j] {
			m.Written[j][k] = max(0, m.Written[j][k]+n)
		}
	}
}

// aim returns a target for which the loss has the gradient 1 at the outputs, or at the likeliest symbol.
func aim(loss bptt.Loss, y []float64) []float64 {
	target := slices.Clone(y)
	if loss.Symbols() {
		bptt.Softmax(target, y)
		target[slices.Index(y, slices.Max(y))]--
		return target
	}
	tensor.Add(target, target, slices.Repeat([]float64{-float64(len(y)) / 2}, len(y)))
	return target
}

// peaks returns the step with the largest number and, if there is another large one that is not beside it, that step.
func peaks(x []float64) []int {
	first, second := 0, -1
	for t, v := range x {
		if v > x[first] {
			first = t
		}
	}
	for t, v := range x {
		if max(t-first, first-t) > 3 && v > x[first]/3 && (second < 0 || v > x[second]) {
			second = t
		}
	}
	switch {
	case second < 0:
		return []int{first}
	case second < first:
		return []int{second, first}
	}
	return []int{first, second}
}
