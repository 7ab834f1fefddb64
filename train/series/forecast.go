package series

import (
	"fmt"
	"slices"
)

// A Follow returns a step function, which runs a network from the zero state. The step function takes
// the next input (X) and returns the outputs (O). The next call may overwrite the outputs. Here
// X = O = 1: the input is an entry of Z, and the output is the forecast of the next entry.
type Follow func() func(x []float64) []float64

// A predictor forecasts the next entry of Z from the entries before it. Each call gets all entries of the
// call before, and more entries.
type predictor func(z []float64) float64

// predictor returns the network as a predictor, which gives each entry to the network once.
func (follow Follow) predictor() predictor {
	next, fed := follow(), 0
	return func(z []float64) (y float64) {
		for ; fed < len(z); fed++ {
			y = next(z[fed : fed+1])[0]
		}
		return y
	}
}

// oneStep returns forecasts of the entries from..to−1 of Z, in the units of the data. The forecast of
// entry i uses the true entries begin..i−1.
func (s *Series) oneStep(next predictor, begin, from, to int) (y []float64) {
	y = make([]float64, 0, to-from)
	for i := from; i < to; i++ {
		y = append(y, s.value(next(s.Z[begin:i]), s.values[s.at(i)-1]))
	}
	return y
}

// free returns forecasts of n entries of Z, in the units of the data. Each forecast uses the true
// entries begin..from−1, and the earlier forecasts.
func (s *Series) free(next predictor, begin, from, n int) (y []float64) {
	z := slices.Clone(s.Z[begin:from])
	last := s.values[s.at(from)-1]
	for range n {
		f := next(z)
		last = s.value(f, last)
		z, y = append(z, f), append(y, last)
	}
	return y
}

// begin returns the entry of Z with which a network begins if it forecasts from entry from on: the 1,001
// entries between them build up its state.
func begin(from int) int { return max(0, from-1001) }

// ValidError returns the root mean square error of the network's forecasts one step ahead, over the
// validating part, in the units of the data. It returns NaN if all values of that part were missing.
func (s *Series) ValidError(follow Follow) float64 {
	return RMS(s.oneStep(follow.predictor(), begin(s.Valid), s.Valid, s.Tail), s.truth(s.Valid, s.Tail))
}

// HeldOutError works like ValidError, over the held-out part.
func (s *Series) HeldOutError(follow Follow) float64 {
	return RMS(s.oneStep(follow.predictor(), 0, s.Tail, len(s.Z)), s.truth(s.Tail, len(s.Z)))
}

// A FreeRun holds the numbers of a figure: forecasts of values that the network has not seen.
type FreeRun struct {
	Seen    []float64 // the values before the forecasts; NaN where a value is missing
	Truth   []float64 // the values to forecast; NaN where a value is missing
	OneStep []float64 // forecasts, each from the true values before it
	Free    []float64 // forecasts, each from the network's own forecasts before it
	Unit    string    // the unit of the values, or ""
	When    string    // the name of the column of dates, or "row"
	Dates   []string  // of Seen and Truth, or row numbers
}

// FreeRun returns the network's forecasts of up to horizon held-out values.
func (s *Series) FreeRun(follow Follow, horizon int) *FreeRun {
	from, n := s.Tail, min(horizon, len(s.Z)-s.Tail)
	when, dates := s.labels(s.at(max(0, from-2*n)), 0)
	return &FreeRun{
		When: when, Dates: dates[:from-max(0, from-2*n)+n],
		Seen: s.truth(max(0, from-2*n), from), Truth: s.truth(from, from+n), Unit: s.Name,
		OneStep: s.oneStep(follow.predictor(), 0, from, from+n), Free: s.free(follow.predictor(), 0, from, n),
	}
}

// labels returns the dates of the values from index k on and of n values beyond the end, and the
// name of their column. Without dates it returns row numbers, counted from 1. If the dates have no
// step, it returns +1, +2 and so on beyond the end.
func (s *Series) labels(k, n int) (name string, labels []string) {
	d := s.dates
	if d == nil {
		for ; k < len(s.values)+n; k++ {
			labels = append(labels, fmt.Sprint(k+1))
		}
		return "row", labels
	}
	for ; k < len(s.values); k++ {
		labels = append(labels, d.Label(k))
	}
	next := d.After(n)
	for i := len(next); i < n; i++ {
		next = append(next, fmt.Sprintf("+%d", i+1))
	}
	return d.Name, append(labels, next...)
}
