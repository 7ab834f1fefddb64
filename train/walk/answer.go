package walk

import (
	"fmt"
	"math"
	"slices"

	"lstm/bptt"
	"lstm/cell"
)

// A Sequence is what a network runs over.
type Sequence struct {
	X, Target, H0, C0 []float64 // as in bptt.Window.Forward
	Inputs, Outputs   []string  // names; nil: none

	Others []Sequence // other sequences of the same kind, to compare with; nil: none
}

// An answer is a loss for one output: the one with the largest target, at one row of the targets. If outputs are symbols,
// it is that output less the largest of the others, so only what tells the two apart counts.
type answer struct{ row, is, rival int } // rival: −1: none

func (answer) Symbols() bool { return false }

func (a answer) Measure(dy, y, _ []float64, o int) (loss float64) {
	clear(dy)
	if a.row < 0 {
		return 0
	}
	at := a.row * o
	dy[at+a.is], loss = 1, y[at+a.is]
	if a.rival >= 0 {
		dy[at+a.rival] = -1
		loss -= y[at+a.rival]
	}
	return loss
}

// answerOf returns the answer at a row, −1 for none. y has the outputs of that step.
func answerOf(row int, y, target []float64, symbols bool) answer {
	a := answer{row, 0, -1}
	if row < 0 {
		return a
	}
	a.is = likeliest(target[row*len(y) : (row+1)*len(y)])
	for k, v := range y {
		if symbols && k != a.is && (a.rival < 0 || v > y[a.rival]) {
			a.rival = k
		}
	}
	return a
}

// Choosing the answer may take so many multiply-adds, and compare so many answers.
const (
	mostWork    = 5e7
	mostAnswers = 64
)

// furthest compares the last answers of a sequence. It returns the step of the answer that reaches furthest back: the mean
// distance of what is written for it is largest. It also returns the spots of all units for that answer, and how many
// answers it compared.
func furthest(m bptt.Model, s Sequence, y []float64) (at int, spots []Spot, compared int) {
	p, T := m.Params, len(s.X)/m.Params.X
	win, grad := m.Window(T), cell.New(p.X, p.H, p.O)
	rows := len(s.Target) / p.O
	passes := int(mostWork) / (T * 4 * p.H * (p.X + p.H)) // each goes forward and back
	compared = max(1, min(rows, mostAnswers, passes))
	others := written(m, s.Others[:min(len(s.Others), passes)])
	best := -1.0
	for row := rows - 1; row >= rows-compared; row-- {
		t := T - rows + row
		if row < 0 {
			t = T - 1
		}
		win.Loss = answerOf(row, y[t*p.O:(t+1)*p.O], s.Target, m.Loss.Symbols())
		win.Forward(s.X, s.Target, s.H0, s.C0)
		win.Backward(grad)
		all, sum, far := make([]Spot, p.H), 0.0, 0.0
		for j := range all {
			k := trackOf(win.Steps()[:t+1], j, others)
			if all[j] = k.spot(); all[j].Written < len(others) {
				for _, o := range others[all[j].Written] {
					all[j].Usual += o[j] / float64(len(others[all[j].Written]))
				}
			}
			for at, ig := range k.ig {
				e := math.Abs(ig * k.dc[at])
				sum, far = sum+e, far+e*float64(t-at)
			}
		}
		if far/sum > best || spots == nil {
			at, spots, best = t, all, far/sum
		}
	}
	return at, spots, compared
}

// trackOf returns the track of a unit. If others have the same step, its i·g is the difference from most of them.
func trackOf(steps []cell.Step, j int, others [][][]float64) (k track) {
	H := len(steps[0].H)
	for t, s := range steps {
		fromH, ig := fromH(s, j), s.Gates[j]*s.Gates[3*H+j]
		if t < len(others) {
			var off []float64
			for _, o := range others[t] {
				off = append(off, math.Abs(ig-o[j]))
			}
			slices.Sort(off)
			ig = off[len(off)*most/10]
		}
		k.ig, k.own = append(k.ig, ig), append(k.own, s.Gates[j]*s.Gates[3*H+j])
		k.f = append(k.f, s.Gates[H+j])
		k.dch = append(k.dch, fromH)
		k.dc = append(k.dc, fromH+s.DC[j])
	}
	return k
}

// What six in ten of the other sequences write at the same step is no memory. A symbol that comes in every second
// sequence tells two kinds apart, also where it does not come; that a rare mark does not come tells little.
const most = 6

// fromH returns the part of dc that comes from h: dh·o·(1 − tanh²c).
func fromH(s cell.Step, j int) float64 {
	return s.DH[j] * s.Gates[2*len(s.H)+j] * math.FMA(-s.TanhC[j], s.TanhC[j], 1)
}

// written returns i·g of some sequences: for each step a row for each sequence that has it, with a number for each unit.
func written(m bptt.Model, all []Sequence) (rows [][][]float64) {
	H := m.Params.H
	for _, s := range all {
		win := m.Window(len(s.X) / m.Params.X)
		win.Forward(s.X, s.Target, s.H0, s.C0)
		for t, step := range win.Steps() {
			if t == len(rows) {
				rows = append(rows, nil)
			}
			ig := make([]float64, H)
			for j := range ig {
				ig[j] = step.Gates[j] * step.Gates[3*H+j]
			}
			rows[t] = append(rows[t], ig)
		}
	}
	return rows
}

// Answers names the answer that the spots are for.
func (w *Walk) Answers() string {
	if w.Answer == w.Whole-1 {
		return "the last answer"
	}
	return fmt.Sprintf("the answer at step %d", w.Answer)
}
