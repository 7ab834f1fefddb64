package series

import (
	"cmp"
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

// A Score holds the errors of one method, in the units of the data.
type Score struct {
	Method, Detail string    // the name; the lag or lags, after a comma
	OneStep        []float64 // of each value, |forecast − value|, NaN if it is missing; a forecast uses the true values before it
	Free           []float64 // of each start, the root mean square over the run; a forecast uses the forecasts before it
}

// Error returns the root mean square error one step ahead, or NaN if there is no value to compare with.
func (s Score) Error() float64 {
	return RMS(make([]float64, len(s.OneStep)), s.OneStep)
}

// Spread returns the mean, the standard deviation, the least and the largest error of the free runs. Without
// free runs they are NaN. The standard deviation of one run is NaN.
func (s Score) Spread() (mean, deviation, least, largest float64) {
	n := float64(len(s.Free))
	if n == 0 {
		return math.NaN(), math.NaN(), math.NaN(), math.NaN()
	}
	mean, deviation = moments(s.Free)
	return mean, float64(deviation * math.Sqrt(n/(n-1))), slices.Min(s.Free), slices.Max(s.Free)
}

// AddOneStep adds the errors of forecasts one step ahead.
func (s *Score) AddOneStep(y, truth []float64) {
	s.OneStep = slices.Grow(s.OneStep, len(truth))
	for i, v := range truth {
		s.OneStep = append(s.OneStep, off(y[i], v))
	}
}

// AddFree adds the error of a free run from another start. truth has at least one value.
func (s *Score) AddFree(y, truth []float64) {
	s.Free = append(s.Free, off(RMS(y, truth), 0))
}

// off returns |y − truth|, or NaN if truth is NaN. A forecast that is not a number is infinitely far off.
func off(y, truth float64) float64 {
	if math.IsNaN(y) && !math.IsNaN(truth) {
		return math.Inf(1)
	}
	return math.Abs(y - truth)
}

// starts returns the entries of Z at which free runs of n steps start: 20 to 50, evenly spread over the
// held-out part, or all places if there are fewer. Their distance and the season have no common factor: otherwise
// all runs might start in the same month. If no such distance gives 20 to 50 starts, there are more. A run without a
// true value does not count.
func (s *Series) starts(n, season int) (from []int) {
	const least, most = 20, 50
	last := len(s.Z) - n
	room := last - s.Tail
	distance := max(1, (room+most-2)/(most-1))
	for common(distance, season) > 1 {
		distance++
	}
	for distance > 1 && (room/distance < least-1 || common(distance, season) > 1) {
		distance--
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
	lag, ar, truth := s.lag(), s.regress(), s.truth(from, end)
	score := func(method, detail string, one []float64, free func(from int) []float64) Score {
		x := Score{Method: method, Detail: detail}
		x.AddOneStep(one, truth)
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

// Write writes the comparison as text: who wins, then the table of errors.
func (c *Comparison) Write(w io.Writer) {
	fmt.Fprintln(w)
	c.Answer(w)
	fmt.Fprintln(w)
	show.Wrap(w, fmt.Sprintf("Root mean square errors over the %s, in the units of %s. One step ahead, each forecast uses the true values before it. "+
		"Running free, each forecast is the next input.", show.Count(c.HeldOut, "held-out value"), c.Unit))
	fmt.Fprintln(w)
	c.Table(w)
	if 10*c.Beyond > c.HeldOut {
		fmt.Fprintln(w)
		show.Wrap(w, fmt.Sprintf("%s of the %s lie outside the range of the training part. "+
			"-diff learns differences, which may stay inside.", show.Thousands(c.Beyond), show.Count(c.HeldOut, "held-out value")))
	}
}

// Answer writes whether the LSTM beats the best simpler method, how often, and by how much: one step ahead, and
// running free. It writes nothing if there is no error to compare.
func (c *Comparison) Answer(w io.Writer) {
	for _, m := range []match{c.oneStep(), c.free()} {
		if m.of > 0 {
			show.Wrap(w, m.says())
		}
	}
}

// Winners returns who wins, one step ahead and running free: 1 for the LSTM, −1 for the best simpler method, and 0
// if there is no clear winner.
func (c *Comparison) Winners() (oneStep, free int) { return c.oneStep().winner(), c.free().winner() }

// A match compares the LSTM with the best simpler method.
type match struct {
	best       string  // the name of that method
	a, b       float64 // the errors of the LSTM and of that method, over all cases
	won, lost  int     // in how many cases the LSTM has the smaller error, and the larger
	of, apart  int     // the number of cases, and of those that do not overlap
	when, what string  // words for the forecasts, and for a and b
	noun, more string  // words for a case, and for the way to more of them
}

func (c *Comparison) oneStep() match {
	best := c.best(Score.Error)
	known := len(best.OneStep)
	for _, e := range best.OneStep {
		if math.IsNaN(e) {
			known--
		}
	}
	return match{
		best: best.Method, a: c.LSTM.Error(), b: best.Error(), of: known, apart: known,
		won: wins(c.LSTM.OneStep, best.OneStep), lost: wins(best.OneStep, c.LSTM.OneStep),
		when: "One step ahead", what: "error", noun: "value", more: "a longer series has more values",
	}
}

func (c *Comparison) free() match {
	mean := func(s Score) float64 { mean, _, _, _ := s.Spread(); return mean }
	best := c.best(mean)
	return match{
		best: best.Method, a: mean(c.LSTM), b: mean(best), of: len(best.Free), apart: c.Apart,
		won: wins(c.LSTM.Free, best.Free), lost: wins(best.Free, c.LSTM.Free),
		when: "Running free for " + show.Count(c.Steps, "step"), what: "mean error", noun: "start", more: "a smaller -horizon gives more runs",
	}
}

// winner returns 1 if the LSTM wins, −1 if the simpler method wins, and 0 if there is no clear winner. A winner
// has the smaller error over all cases, and in more cases than chance would give.
func (m match) winner() int {
	switch lead := m.won - m.lost; {
	case !decided(lead, m.of, m.apart):
		return 0
	case lead > 0 && m.a < m.b:
		return 1
	case lead < 0 && m.a > m.b:
		return -1
	}
	return 0
}

// Winner returns 1 if the LSTM wins one step ahead, running free, or both, and loses neither; −1 if it loses; and 0 if
// there is no clear winner.
func (c *Comparison) Winner() int {
	return cmp.Compare(c.oneStep().winner()+c.free().winner(), 0)
}

// says returns the result in words.
func (m match) says() string {
	if m.winner() < 0 {
		return fmt.Sprintf("%s, %s beats the LSTM at %s of %s; the %s of the LSTM is %s.",
			m.when, m.best, show.Thousands(m.lost), show.Count(m.of, m.noun), m.what, ratio(m.a, m.b))
	}
	says := fmt.Sprintf("%s at %s of %s; its %s is %s.", m.best, show.Thousands(m.won), show.Count(m.of, m.noun), m.what, ratio(m.a, m.b))
	switch m.winner() {
	case 1:
		says = "the LSTM beats " + says
	case 0:
		says = "there is no clear winner: the LSTM is better than " + says
		if m.apart < m.of {
			says += fmt.Sprintf(" There is room for only %s without overlap.", show.Count(m.apart, "run"))
		}
		if !decided(m.of, m.of, m.apart) {
			says += " That is too little to tell: " + m.more + "."
		}
	}
	return m.when + ", " + says
}

// ratio says in words how error a compares with error b.
func ratio(a, b float64) string {
	r := a / b
	switch percent := math.Round(100 * math.Abs(r-1)); {
	case a == b:
		return "the same"
	case b == 0:
		return "not zero"
	case math.IsInf(a, 1):
		return "infinite"
	case percent < 1:
		return "the same within 1%"
	case r < 0.01:
		return "less than 1% of the other"
	case r < 1:
		return fmt.Sprintf("%.0f%% smaller", percent)
	case r < 2:
		return fmt.Sprintf("%.0f%% larger", percent)
	}
	return fmt.Sprintf("%.3g times as large", r)
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

// wins returns the number of errors that are smaller than the other method's.
func wins(errors, other []float64) (n int) {
	for i, e := range other {
		if errors[i] < e {
			n++
		}
	}
	return n
}

// decided reports whether lead, the wins less the losses in some cases, tells which of two methods is better.
// If both were equally good, each of the cases that do not overlap would be a toss of a coin: lead/of would be
// 0, with a standard deviation of 1/√apart. Two standard deviations decide.
func decided(lead, of, apart int) bool {
	return math.Abs(float64(lead))*math.Sqrt(float64(apart)) >= 2*float64(of)
}

// Table writes the errors of all methods.
func (c *Comparison) Table(w io.Writer) {
	const row = "%-29s%10s%10s%11s%10s%10s\n"
	number := func(e float64) string {
		if math.IsNaN(e) {
			return "-"
		}
		return fmt.Sprintf("%.4g", e)
	}
	fmt.Fprintf(w, "%-29s%10s  running free, from %s\n", "", "one step", show.Count(len(c.LSTM.Free), "start"))
	fmt.Fprintf(w, row, "", "ahead", "mean", "std. dev.", "least", "largest")
	for _, s := range append(slices.Clone(c.Simpler), c.LSTM) {
		mean, deviation, least, largest := s.Spread()
		fmt.Fprintf(w, row, s.Method+s.Detail, number(s.Error()), number(mean), number(deviation), number(least), number(largest))
	}
}
