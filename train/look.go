package train

import (
	"math"
	"slices"

	"lstm/bptt"
	"lstm/tensor"
	"lstm/train/look"
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

// Inside returns what package look needs: the network, and a fresh sequence from a random stream
// of its own. The stream of the seed has given the task its training data.
func (r *Run) Inside() look.Input {
	s := newSequence(r.Task, r.Params.H)
	s.draw(rng.New(^r.Config.Seed), r.Task.Fresh, 0)
	window, stride := r.Truncation()
	return look.Input{
		Params: r.Params, Loss: r.Task.Loss, X: s.X, Target: s.Target, H0: s.H0, C0: s.C0,
		Window: window, Stride: stride, Drawn: r.drawn, ForgetBias: r.Config.ForgetBias,
	}
}
