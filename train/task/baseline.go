package task

import (
	"slices"

	"lstm/tensor"
	"lstm/train/rng"
)

// Baseline returns the loss, as it is shown, of the best constant output, over a hundred
// sequences to train on. The best output is the mean of all targets, or the logarithm of
// this mean if targets are probabilities. hidden is the size of a sequence's state, which a
// task may draw.
func (t *Task) Baseline(seed uint32, hidden int) float64 {
	random, s := rng.New(seed), t.NewSequence(hidden)
	var targets [][]float64
	mean, rows := make([]float64, t.O), 0.0
	for i := range 100 {
		s.Fill(t.Draw, random, i)
		targets = append(targets, slices.Clone(s.Target))
		for k, v := range s.Target {
			mean[k%t.O] += v
		}
		rows += float64(len(s.Target) / t.O)
	}
	for o := range mean {
		mean[o] /= rows
		if t.Loss.Symbols() { // the softmax of these logarithms is the mean again
			mean[o] = tensor.Log(max(mean[o], 1e-12)) // the logarithm of 0 is no number
		}
	}
	total := 0.0
	for _, target := range targets {
		rows := len(target) / t.O
		y := slices.Repeat(mean, rows)
		loss := t.Loss.Measure(make([]float64, len(y)), y, target, t.O)
		total += t.Shown.Scale(loss, rows) / float64(len(targets))
	}
	return total
}
