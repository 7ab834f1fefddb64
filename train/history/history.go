// Package history keeps how the loss of a run went: a median of the last losses in a band of quantiles, and the errors
// of validation.
package history

import (
	"math"
	"slices"
)

// A History holds how the loss went, in the units of the display. After an iteration it has the median and two
// quantiles of the last hundred losses: a single loss jumps. A long history keeps only the first iteration and every
// second one, later every fourth one, and so on.
type History struct {
	Iter              []int     // iterations done
	Median, Low, High []float64 // of the last hundred losses: the median, and the quantiles of 10% and 90%
	First             []float64 // the first hundred losses themselves
	ValidIter         []int     // iterations done when the task validated
	Valid             []float64 // the validation error then

	every  int // iterations from one entry to the next
	recent recent
}

// Add adds the loss of an iteration. iter counts from 1.
func (h *History) Add(iter int, loss float64) {
	const most = 4000
	h.every = max(h.every, 1)
	h.recent.add(loss)
	if len(h.First) < len(h.recent.ring) {
		h.First = append(h.First, loss)
	}
	if iter%h.every != 0 && len(h.Iter) > 0 {
		return
	}
	h.Iter = append(h.Iter, iter)
	h.Median = append(h.Median, h.recent.quantile(0.5))
	h.Low, h.High = append(h.Low, h.recent.quantile(0.1)), append(h.High, h.recent.quantile(0.9))
	if len(h.Iter) < most {
		return
	}
	h.every *= 2
	kept := 0
	for i, iter := range h.Iter {
		if i == 0 || iter%h.every == 0 {
			h.Iter[kept], h.Median[kept], h.Low[kept], h.High[kept] = iter, h.Median[i], h.Low[i], h.High[i]
			kept++
		}
	}
	h.Iter, h.Median, h.Low, h.High = h.Iter[:kept], h.Median[:kept], h.Low[:kept], h.High[:kept]
}

// A recent holds the last hundred losses: in a ring, and sorted.
type recent struct {
	ring   [100]float64
	n      int // losses so far
	sorted []float64
}

func (r *recent) add(loss float64) {
	if math.IsNaN(loss) || math.IsInf(loss, 0) {
		return
	}
	at := r.n % len(r.ring)
	if r.n >= len(r.ring) {
		k, _ := slices.BinarySearch(r.sorted, r.ring[at])
		r.sorted = slices.Delete(r.sorted, k, k+1)
	}
	r.ring[at] = loss
	r.n++
	k, _ := slices.BinarySearch(r.sorted, loss)
	r.sorted = slices.Insert(r.sorted, k, loss)
}

// quantile returns the smallest loss that is not below a share p of the last losses.
func (r *recent) quantile(p float64) float64 {
	if len(r.sorted) == 0 {
		return math.NaN()
	}
	return r.sorted[int(p*float64(len(r.sorted)-1)+0.5)]
}
