package train

import (
	"math"
	"slices"

	"lstm/bptt"
	"lstm/cell"
	"lstm/check"
	"lstm/tensor"
	"lstm/train/rng"
)

// A History is the loss as it is shown, after every iteration, or where there are many after
// the first, and every second, fourth, and so on.
type History struct {
	Iter      []int     // so many iterations were done
	Low, High []float64 // the least loss of a sequence since the one before, and the largest
	Average   []float64 // the moving average

	every     int     // how many iterations from one to the next
	low, high float64 // of those since the last
	since     int     // which are so many

	// Of a task that is validated: after which iterations, and what Validate returned.
	ValidIter []int
	Valid     []float64
}

func (h *History) add(iter int, loss, average float64) {
	const most = 4000
	if h.every == 0 {
		h.every = 1
	}
	if h.since == 0 {
		h.low, h.high = loss, loss
	}
	h.low, h.high = min(h.low, loss), max(h.high, loss)
	h.since++
	if iter%h.every != 0 && len(h.Iter) > 0 {
		return
	}
	h.Iter, h.Average = append(h.Iter, iter), append(h.Average, average)
	h.Low, h.High = append(h.Low, h.low), append(h.High, h.high)
	h.since = 0
	if len(h.Iter) < most {
		return
	}
	h.every *= 2
	n, low, high := 1, math.Inf(1), math.Inf(-1) // the first stays
	for i, iter := range h.Iter {
		if i == 0 {
			continue
		}
		low, high = min(low, h.Low[i]), max(high, h.High[i])
		if iter%h.every == 0 {
			h.Iter[n], h.Low[n], h.High[n], h.Average[n] = iter, low, high, h.Average[i]
			n, low, high = n+1, math.Inf(1), math.Inf(-1)
		}
	}
	if !math.IsInf(low, 1) { // what is left over belongs to the next
		h.low, h.high, h.since = low, high, 1
	}
	h.Iter, h.Low, h.High, h.Average = h.Iter[:n], h.Low[:n], h.High[:n], h.Average[:n]
}

// Baseline returns the loss, as it is shown, of what says the same at every step: the best
// that can be said, which is the mean of the targets of a hundred sequences to train on.
func (r *Run) Baseline() float64 {
	O := r.Task.O
	random, s := rng.New(r.Config.Seed), newSequence(r.Task, r.Params.H)
	var targets [][]float64
	mean, rows := make([]float64, O), 0.0
	for i := range 100 {
		s.draw(random, r.Task.Draw, i)
		targets = append(targets, slices.Clone(s.Target))
		for k, v := range s.Target {
			mean[k%O] += v
		}
		rows += float64(len(s.Target) / O)
	}
	for o := range mean {
		mean[o] /= rows
		if r.Task.Loss == (bptt.CrossEntropy{}) {
			mean[o] = tensor.Log(max(mean[o], 1e-12)) // of which the softmax is the mean
		}
	}
	total := 0.0
	for _, target := range targets {
		y := slices.Repeat(mean, len(target)/O)
		loss := r.Task.Loss.Measure(make([]float64, len(y)), y, target, O)
		if r.Task.Per > 0 {
			loss /= r.Task.Per * float64(len(target)/O)
		}
		total += loss / float64(len(targets))
	}
	return total
}

// A Look is what goes on in the network over a fresh sequence, or the last steps of it, and
// what goes back through them. Norms are Euclidean.
type Look struct {
	From    int         // which step of the sequence is the first here
	T, M    int         // steps, and those of them that have a target: the last
	X       []float64   // (T,X)
	Y       []float64   // (T,O) the outputs of every step
	Target  []float64   // (M,O) of the last M steps
	Steps   []cell.Step // (T) with the gradients of the loss
	DH, DC  []float64   // (T) ‖dL/dh_t‖, ‖dL/dc_t‖
	Share   [][]float64 // (T,T) what the loss of step t changes about W and b by way of step τ: ‖C[t,τ]‖
	Through [][]bool    // (T,T) which of these truncation leaves, if training began at the first step

	// ‖dL_T/dc_t‖ of the last step's loss alone, in the network as it was drawn, from the zero
	// state, with these forget biases in place of its own, which is one of them.
	Biases []float64
	Forget [][]float64

	h0, c0 []float64
}

// Look looks at up to most steps. The run stays as it is. The sequence is drawn from a random
// stream of its own: that of the seed has given the task what it trains on.
func (r *Run) Look(most int) *Look {
	X, H, O := r.Task.X, r.Params.H, r.Task.O
	s := newSequence(r.Task, H)
	s.draw(rng.New(^r.Config.Seed), r.Task.Fresh, 0)
	l := &Look{T: len(s.X) / X, X: s.X, Target: s.Target, h0: s.H0, c0: s.C0}
	if over := l.T - most; over > 0 {
		l.From = over
		w := r.newWindow(over)
		w.Forward(l.X[:over*X], nil, l.h0, l.c0)
		l.X, l.T, l.h0, l.c0 = l.X[over*X:], most, slices.Clone(w.HT), slices.Clone(w.CT)
		l.Target = l.Target[max(0, len(l.Target)-most*O):]
	}
	l.M = len(l.Target) / O

	w, g := r.newWindow(l.T), cell.New(X, H, O)
	w.Forward(l.X, make([]float64, l.T*O), l.h0, l.c0)
	l.Y = slices.Clone(w.Y)
	window, stride := r.Truncation()
	for t := range l.T {
		share, through := make([]float64, l.T), make([]bool, l.T)
		if row := t - (l.T - l.M); row >= 0 { // the loss of step t alone
			w.Forward(l.X[:(t+1)*X], l.Target[row*O:(row+1)*O], l.h0, l.c0)
			w.Backward(g)
			for tau, step := range w.Steps() {
				in := square(l.X[tau*X:(tau+1)*X]) + square(step.HPrev) + 1
				share[tau] = math.Sqrt(in * square(step.Z)) // that of an outer product
			}
		}
		end := min((t/stride+1)*stride, l.T)
		for tau := range t + 1 {
			through[tau] = tau >= end-window
		}
		l.Share, l.Through = append(l.Share, share), append(l.Through, through)
	}

	w.Forward(l.X, l.Target, l.h0, l.c0)
	w.Backward(g)
	l.Steps = w.Steps()
	for _, step := range l.Steps {
		dh, dc := norms(step)
		l.DH, l.DC = append(l.DH, dh), append(l.DC, dc)
	}

	zero := make([]float64, H)
	l.Biases = []float64{0, 1, 3}
	if own := r.Config.ForgetBias; !slices.Contains(l.Biases, own) {
		l.Biases = append(l.Biases, own)
	}
	for _, b := range l.Biases {
		p := cell.New(X, H, O)
		copy(p.All, r.drawn)
		for j := range H {
			p.B[H+j] += b - r.Config.ForgetBias
		}
		w := bptt.New(p, l.T)
		w.Loss = r.Task.Loss
		w.Forward(l.X, l.Target[len(l.Target)-O:], zero, zero)
		w.Backward(g)
		var all []float64
		for _, step := range w.Steps() {
			_, dc := norms(step)
			all = append(all, dc)
		}
		l.Forget = append(l.Forget, all)
	}
	return l
}

func square(x []float64) float64 { return tensor.Dot(x, x) }

// norms returns ‖dL/dh‖ and ‖dL/dc‖ at a step, the latter by both paths.
func norms(s cell.Step) (dh, dc float64) {
	H := len(s.H)
	sum := 0.0
	for j, o := range s.Gates[2*H : 3*H] {
		d := math.FMA(s.DH[j]*o, math.FMA(-s.TanhC[j], s.TanhC[j], 1), s.DC[j])
		sum = math.FMA(d, d, sum)
	}
	return math.Sqrt(square(s.DH)), math.Sqrt(sum)
}

// A StepSize is how far plain differences are off at one entry of the gradient (check.Steps), and
// how far the checker is.
type StepSize struct {
	Entry             check.Entry // the checker's
	At, Off, Rounding []float64   // as check.Steps returns them
}

// StepSize measures at the entry of the parameters whose gradient over what was looked at is the
// least, but not less than a millionth of the largest: where plain differences do worst.
func (r *Run) StepSize(l *Look) (*StepSize, error) {
	w, g := r.newWindow(l.T), cell.New(r.Params.X, r.Params.H, r.Params.O)
	loss := func() float64 { return w.Forward(l.X, l.Target, l.h0, l.c0) }
	loss()
	w.Backward(g)
	largest := 0.0
	for _, d := range g.All {
		largest = max(largest, math.Abs(d))
	}
	i := -1
	for k, d := range g.All {
		if d := math.Abs(d); d >= 1e-6*largest && (i < 0 || d < math.Abs(g.All[i])) {
			i = k
		}
	}
	v := r.Params.All[i : i+1]
	results, err := check.Gradients(loss, []check.Param{{Name: r.Params.Name(i), Value: v, Grad: g.All[i : i+1]}}, check.Options{})
	if err != nil {
		return nil, err
	}
	s := &StepSize{Entry: results[0].Entries[0]}
	s.Entry.Name = results[0].Name
	s.At, s.Off, s.Rounding = check.Steps(loss, &v[0], s.Entry.Analytic)
	return s, nil
}

// Matrix returns what was found of a block of the parameters as a matrix, in its rows and
// columns: how far the gradient is off, NaN where that was not measured, and the verdict.
func (p *Proof) Matrix(params *cell.Params, block cell.Block, cols int) (off [][]float64, verdicts [][]check.Verdict) {
	found := make(map[string]check.Entry)
	for _, r := range p.Results {
		if r.Name == block.Name {
			for _, e := range r.Entries {
				found[e.Name] = e
			}
		}
	}
	for k, i := range block.Index {
		if k%cols == 0 {
			off, verdicts = append(off, nil), append(verdicts, nil)
		}
		last := len(off) - 1
		e, ok := found[params.Name(i)]
		d := math.NaN()
		if ok {
			d = e.Error()
		}
		off[last] = append(off[last], d)
		verdicts[last] = append(verdicts[last], e.Verdict)
	}
	return off, verdicts
}
