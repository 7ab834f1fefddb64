package train

import "math"

// A History is the loss as it is shown, after each iteration. Where there are many, it keeps
// the first iteration and every second, fourth, and so on.
type History struct {
	Iter      []int     // iterations done
	Low, High []float64 // the smallest and the largest loss of a sequence since the entry before
	Average   []float64 // the moving average

	every     int     // iterations from one entry to the next
	low, high float64 // of the losses since the last entry
	since     int     // their number

	// For a task that validates: after which iterations, and the validation error.
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
	if len(h.Iter) == most {
		h.thin()
	}
}

// thin drops every second entry, and joins its losses to the next one.
func (h *History) thin() {
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
	if !math.IsInf(low, 1) { // what is left over belongs to the next entry
		h.low, h.high, h.since = low, high, 1
	}
	h.Iter, h.Low, h.High, h.Average = h.Iter[:n], h.Low[:n], h.High[:n], h.Average[:n]
}

// A best is where the network did best when it was validated.
type best struct {
	last   float64   // the last validation error
	error  float64   // the smallest one
	iter   int       // after so many iterations; 0 before the first validation
	params []float64 // the parameters there
}

func (b *best) add(iter int, err float64, params []float64) {
	b.last = err
	if err < b.error {
		b.error, b.iter = err, iter
		copy(b.params, params)
	}
}

// norms follow the gradient's norm.
type norms struct {
	last  float64 // the last finite one, before clipping
	usual float64 // a moving average, in which no norm counts for more than twice the average
}

func (n *norms) add(norm float64) {
	if !finite(norm) {
		return
	}
	n.last = norm
	if n.usual == 0 {
		n.usual = norm
	}
	n.usual += float64(0.01 * (min(norm, 2*n.usual) - n.usual))
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
