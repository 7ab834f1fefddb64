package series

import (
	"fmt"
	"io"
	"math"
	"slices"

	"lstm/train/show"
)

// A Comparison holds the errors of the LSTM and of simpler methods. A free run is judged from many starts,
// because the winner from one start is chance.
type Comparison struct {
	Unit    string  // the unit of the errors: the name of the series
	Simpler []Score // of a series: persistence, seasonal persistence, and autoregression
	LSTM    Score   // the network
	HeldOut int     // the number of held-out values
	Steps   int     // the number of values that a free run forecasts
	Apart   int     // the number of free runs that fit without overlap
	Beyond  int     // the number of held-out values outside the range of the training part; 0 for differences
}

// A Score holds the errors of one method: root mean squares, in the units of the data. An error is
// NaN if there is no value to compare with.
type Score struct {
	Method, Detail string    // the name; the lag or lags, after a comma
	OneStep        float64   // each forecast uses the true values before it
	Free           []float64 // of each start: each forecast uses the forecasts before it
}

// Spread returns the median, the least and the largest error of the free runs, or NaN if there are none.
func (s Score) Spread() (median, least, largest float64) {
	e := slices.Sorted(slices.Values(s.Free))
	n := len(e)
	if n == 0 {
		return math.NaN(), math.NaN(), math.NaN()
	}
	return e[(n-1)/2]/2 + e[n/2]/2, e[0], e[n-1]
}

// AddFree adds the error of a free run from another start. truth has at least one value. A forecast that is
// not a number counts as an infinite error.
func (s *Score) AddFree(y, truth []float64) {
	e := RMS(y, truth)
	if math.IsNaN(e) {
		e = math.Inf(1)
	}
	s.Free = append(s.Free, e)
}

// starts returns the entries of Z at which free runs of n steps start: up to 50, evenly spread over the
// held-out part. Their distance and the season have no common factor: otherwise all runs might start in the same
// month. A run without a true value does not count.
func (s *Series) starts(n, season int) (from []int) {
	const most = 50
	last := len(s.Z) - n
	distance := max(1, (last-s.Tail+most-2)/(most-1))
	for common(distance, season) > 1 {
		distance++
	}
	for i := s.Tail; i <= last; i += distance {
		if slices.Contains(s.filled[s.at(i):s.at(i+n)], false) {
			from = append(from, i)
		}
	}
	return from
}

// common returns the greatest common divisor.
func common(a, b int) int {
	for b > 0 {
		a, b = b, a%b
	}
	return a
}

// Compare compares the network with three simpler methods, one step ahead and in free runs of up to
// horizon values. The methods are persistence, which repeats the value before; seasonal persistence, which
// repeats the value a season before; and autoregression, by least squares.
func (s *Series) Compare(follow Follow, horizon int) *Comparison {
	from, end := s.Tail, len(s.Z)
	n := min(horizon, end-from)
	first, last := s.at(from), len(s.values)
	lag, ar := s.lag(), s.regress()
	score := func(method, detail string, one []float64, free func(from int) []float64) Score {
		x := Score{Method: method, Detail: detail, OneStep: RMS(one, s.truth(from, end))}
		for _, i := range s.starts(n, lag) {
			x.AddFree(free(i), s.truth(i, i+n))
		}
		return x
	}
	repeat := func(method, detail string, lag int) Score {
		return score(method, detail, s.values[first-lag:last-lag], func(from int) []float64 {
			before := s.values[s.at(from)-lag : s.at(from)]
			return slices.Repeat(before, n/lag+1)[:n]
		})
	}
	predict := func(method, detail string, next func() predictor) Score {
		return score(method, detail, s.oneStep(next(), 0, from, end), func(from int) []float64 {
			return s.free(next(), begin(from), from, n)
		})
	}
	c := &Comparison{
		Unit: s.Name, HeldOut: end - from, Steps: n,
		Simpler: []Score{
			repeat("persistence", "", 1),
			repeat("seasonal persistence", fmt.Sprintf(", lag %d", lag), lag),
			predict("autoregression", fmt.Sprintf(", %d lags", len(ar)-1), func() predictor { return ar.next }),
		},
		LSTM: predict("the LSTM", "", follow.predictor),
	}
	c.Apart = min(len(c.LSTM.Free), c.HeldOut/n)
	least, most := slices.Min(s.Z[:s.Valid]), slices.Max(s.Z[:s.Valid])
	for _, z := range s.Z[from:] {
		if !s.diff && (z < least || z > most) {
			c.Beyond++
		}
	}
	return c
}

// Write writes the comparison as text: whether the LSTM beats the simpler methods, then the table of
// errors.
func (c *Comparison) Write(w io.Writer) {
	fmt.Fprintln(w)
	c.Answer(w)
	fmt.Fprintf(w, "\nRoot mean square errors over the %s, in the units of %s.\n"+
		"Running free, each forecast is the next input, for %s.\n\n", show.Count(c.HeldOut, "held-out value"), c.Unit, show.Count(c.Steps, "step"))
	c.Table(w)
	if 10*c.Beyond > c.HeldOut {
		fmt.Fprintf(w, "\n%d of the %d held-out values lie outside the range of the training part.\n"+
			"-diff learns differences, which may stay inside.\n", c.Beyond, c.HeldOut)
	}
}

// Answer writes whether the LSTM beats the best simpler method: one step ahead, and running free. It
// writes nothing if there is no error to compare.
func (c *Comparison) Answer(w io.Writer) {
	best := c.best(func(s Score) float64 { return s.OneStep })
	switch {
	case math.IsNaN(best.OneStep):
	case c.LSTM.OneStep < best.OneStep:
		fmt.Fprintln(w, "One step ahead, the LSTM beats all simpler methods.")
	default:
		fmt.Fprintf(w, "One step ahead, the LSTM does not beat %s.\n", best.Method)
	}
	best = c.best(func(s Score) float64 { median, _, _ := s.Spread(); return median })
	won, lost, of := c.LSTM.wins(best), best.wins(c.LSTM), len(best.Free)
	says := fmt.Sprintf("the LSTM beats %s at %d of %s", best.Method, won, show.Count(of, "start"))
	switch {
	case of == 0:
		return
	case !decided(won-lost, of, c.Apart):
		says = "there is no clear winner: " + says
		if c.Apart < of {
			says += fmt.Sprintf(", and there is room for only %s without overlap", show.Count(c.Apart, "run"))
		}
		if !decided(of, of, c.Apart) {
			says += ". That is too little to tell: a smaller -horizon gives more runs"
		}
	case won < lost:
		says = fmt.Sprintf("%s beats the LSTM at %d of %s", best.Method, lost, show.Count(of, "start"))
	}
	show.Wrap(w, "Running free, "+says+".")
}

// best returns the simpler method with the least error.
func (c *Comparison) best(of func(Score) float64) Score {
	best := c.Simpler[0]
	for _, s := range c.Simpler {
		if of(s) < of(best) {
			best = s
		}
	}
	return best
}

// wins returns the number of starts at which s has a smaller error than other.
func (s Score) wins(other Score) (n int) {
	for i, e := range other.Free {
		if s.Free[i] < e {
			n++
		}
	}
	return n
}

// decided reports whether lead, the wins less the losses at some starts, tells which of two methods is better.
// If both were equally good, each of the runs that do not overlap would be a toss of a coin: lead/of would be
// 0, with a standard deviation of 1/√apart. Two standard deviations decide.
func decided(lead, of, apart int) bool {
	return math.Abs(float64(lead))*math.Sqrt(float64(apart)) >= 2*float64(of)
}

// Table writes the errors of all methods.
func (c *Comparison) Table(w io.Writer) {
	number := func(e float64) string {
		if math.IsNaN(e) {
			return "-"
		}
		return fmt.Sprintf("%.4g", e)
	}
	const row = "%30s  %10s  %10s  %10s  %10s\n"
	fmt.Fprintf(w, "%30s  %10s  running free, from %s\n", "", "one step", show.Count(len(c.LSTM.Free), "start"))
	fmt.Fprintf(w, row, "", "ahead", "median", "least", "largest")
	for _, s := range append(slices.Clone(c.Simpler), c.LSTM) {
		median, least, largest := s.Spread()
		fmt.Fprintf(w, row, s.Method+s.Detail, number(s.OneStep), number(median), number(least), number(largest))
	}
}
