package walk

import (
	"fmt"
	"math"

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
	often := usual(m, s.Others[:min(len(s.Others), passes)])
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
			k := trackOf(win.Steps()[:t+1], j, often)
			if all[j] = k.spot(); all[j].Written < len(often) {
				all[j].Usual = often[all[j].Written][j]
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

// trackOf returns the track of a unit. What is usually written at a step does not count.
func trackOf(steps []cell.Step, j int, usual [][]float64) (k track) {
	H := len(steps[0].H)
	for t, s := range steps {
		fromH, ig := fromH(s, j), s.Gates[j]*s.Gates[3*H+j]
		if t < len(usual) {
			ig -= usual[t][j]
		}
		k.ig = append(k.ig, ig)
		k.f = append(k.f, s.Gates[H+j])
		k.dch = append(k.dch, fromH)
		k.dc = append(k.dc, fromH+s.DC[j])
	}
	return k
}

// fromH returns the part of dc that comes from h: dh·o·(1 − tanh²c).
func fromH(s cell.Step, j int) float64 {
	return s.DH[j] * s.Gates[2*len(s.H)+j] * math.FMA(-s.TanhC[j], s.TanhC[j], 1)
}

// usual returns the mean of i·g of every unit at every step, over some sequences. It is what a network writes whatever it
// reads, so it is no memory.
func usual(m bptt.Model, all []Sequence) (mean [][]float64) {
	var times []float64
	for _, s := range all {
		win := m.Window(len(s.X) / m.Params.X)
		win.Forward(s.X, s.Target, s.H0, s.C0)
		for t, step := range win.Steps() {
			if t == len(mean) {
				mean, times = append(mean, make([]float64, m.Params.H)), append(times, 0)
			}
			times[t]++
			for j := range mean[t] {
				mean[t][j] += (step.Gates[j]*step.Gates[3*m.Params.H+j] - mean[t][j]) / times[t]
			}
		}
	}
	return mean
}

// Answers names the answer that the spots are for.
func (w *Walk) Answers() string {
	if w.Answer == w.Whole-1 {
		return "the last answer"
	}
	return fmt.Sprintf("the answer at step %d", w.Answer)
}
