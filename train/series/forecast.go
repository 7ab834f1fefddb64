package series

import (
	"fmt"
	"io"
	"math"
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
	for i := from; i < to; i++ {
		y = append(y, s.value(next(s.Z[begin:i]), s.values[s.at(i)-1]))
	}
	return y
}

// free returns forecasts of n entries of Z, in the units of the data. Each forecast uses the true
// entries before entry from, and the earlier forecasts.
func (s *Series) free(next predictor, from, n int) (y []float64) {
	z := slices.Clone(s.Z[:from])
	last := s.values[s.at(from)-1]
	for range n {
		f := next(z)
		last = s.value(f, last)
		z, y = append(z, f), append(y, last)
	}
	return y
}

// ValidError returns the root mean square error of the network's forecasts one step ahead, over the
// validating part, in the units of the data. It returns NaN if all values of that part were missing.
func (s *Series) ValidError(follow Follow) float64 {
	const before = 1001 // entries that build up the state
	return RMS(s.oneStep(follow.predictor(), max(0, s.Valid-before), s.Valid, s.Tail), s.truth(s.Valid, s.Tail))
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
}

// FreeRun returns the network's forecasts of up to horizon held-out values.
func (s *Series) FreeRun(follow Follow, horizon int) *FreeRun {
	from, n := s.Tail, min(horizon, len(s.Z)-s.Tail)
	return &FreeRun{
		Seen: s.truth(max(0, from-2*n), from), Truth: s.truth(from, from+n), Unit: s.Name,
		OneStep: s.oneStep(follow.predictor(), 0, from, from+n), Free: s.free(follow.predictor(), from, n),
	}
}

// Forecast returns a table of the network's forecasts. The first row is the header: date or row
// number, value, forecast one step ahead, forecast running free. The other rows are the held-out
// values and horizon steps beyond the end. One free run starts at the held-out part, another at the end.
func (s *Series) Forecast(follow Follow, horizon int) [][]string {
	from, end := s.Tail, len(s.Z)
	one := s.oneStep(follow.predictor(), 0, from, end)
	free := s.free(follow.predictor(), from, min(horizon, end-from))
	future := s.free(follow.predictor(), end, horizon)
	number := func(y []float64, i int) string {
		if i >= len(y) {
			return ""
		}
		return fmt.Sprintf("%.12g", y[i])
	}
	when, labels := s.labels(s.at(from), horizon)
	rows := [][]string{{when, s.Name, "one step ahead", "running free"}}
	for i := range one {
		k, value := s.at(from+i), ""
		if !s.filled[k] {
			value = fmt.Sprint(s.values[k])
		}
		rows = append(rows, []string{labels[i], value, number(one, i), number(free, i)})
	}
	for i, label := range labels[len(one):] {
		rows = append(rows, []string{label, "", number(future[:1], i), number(future, i)})
	}
	return rows
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
	for _, unix := range d.Unix[k:] {
		labels = append(labels, d.String(unix))
	}
	next := d.After(n)
	for i := len(next); i < n; i++ {
		next = append(next, fmt.Sprintf("+%d", i+1))
	}
	return d.Name, append(labels, next...)
}

// A Comparison holds the errors of the LSTM and of simpler methods over the held-out part.
type Comparison struct {
	Unit    string  // the unit of the errors: the name of the series
	Simpler []Score // persistence, seasonal persistence, and autoregression
	LSTM    Score   // the network
	HeldOut int     // the number of held-out values
	Steps   int     // the number of held-out values that a free run forecasts
	Beyond  int     // the number of held-out values outside the range of the training part; 0 for differences
}

// A Score holds the errors of one method: root mean squares, in the units of the data. An error is
// NaN if there is no value to compare with.
type Score struct {
	Method, Detail string  // the name; the lag or lags, after a comma
	OneStep        float64 // each forecast uses the true values before it
	Free           float64 // each forecast uses the forecasts before it
}

// Compare compares the network with three simpler methods, one step ahead and in a free run over up to
// horizon values. The methods are persistence, which repeats the value before; seasonal persistence, which
// repeats the value a season before; and autoregression, by least squares.
func (s *Series) Compare(follow Follow, horizon int) *Comparison {
	from, end := s.Tail, len(s.Z)
	n := min(horizon, end-from)
	score := func(method, detail string, one, free []float64) Score {
		return Score{method, detail, RMS(one, s.truth(from, end)), RMS(free, s.truth(from, from+n))}
	}
	ahead := func(next predictor) []float64 { return s.oneStep(next, 0, from, end) }
	first, last := s.at(from), len(s.values)
	lag, ar := s.lag(), s.regress()
	constant, seasons := make([]float64, n), make([]float64, n)
	for i := range n {
		constant[i], seasons[i] = s.values[first-1], s.values[first-lag+i%lag]
	}
	c := &Comparison{
		Unit: s.Name, HeldOut: end - from, Steps: n,
		Simpler: []Score{
			score("persistence", "", s.values[first-1:last-1], constant),
			score("seasonal persistence", fmt.Sprintf(", lag %d", lag), s.values[first-lag:last-lag], seasons),
			score("autoregression", fmt.Sprintf(", %d lags", len(ar)-1), ahead(ar.next), s.free(ar.next, from, n)),
		},
		LSTM: score("the LSTM", "", ahead(follow.predictor()), s.free(follow.predictor(), from, n)),
	}
	least, most := slices.Min(s.Z[:s.Valid]), slices.Max(s.Z[:s.Valid])
	for _, z := range s.Z[from:] {
		if !s.diff && (z < least || z > most) {
			c.Beyond++
		}
	}
	return c
}

// Write writes the comparison as text: whether the LSTM beats the best of the simpler methods, then
// the table of errors.
func (c *Comparison) Write(w io.Writer) {
	fmt.Fprintln(w)
	c.answer(w, "One step ahead", func(s Score) float64 { return s.OneStep })
	c.answer(w, "Running free", func(s Score) float64 { return s.Free })
	fmt.Fprintf(w, "\nRoot mean square errors over the %d held-out values, in the units of %s.\n"+
		"Running free, each forecast is the next input.\n\n", c.HeldOut, c.Unit)
	fmt.Fprintf(w, "%30s  one step ahead  %d running free\n", "", c.Steps)
	number := func(e float64) string {
		if math.IsNaN(e) {
			return "-"
		}
		return fmt.Sprintf("%.4g", e)
	}
	for _, s := range append(slices.Clone(c.Simpler), c.LSTM) {
		fmt.Fprintf(w, "%30s  %14s  %14s\n", s.Method+s.Detail, number(s.OneStep), number(s.Free))
	}
	if 10*c.Beyond > c.HeldOut {
		fmt.Fprintf(w, "\n%d of the %d held-out values lie outside the range of the training part.\n"+
			"-diff learns differences, which may stay inside.\n", c.Beyond, c.HeldOut)
	}
}

// answer writes whether the LSTM's error is less than the error of every simpler method. It writes
// nothing if there is no error to compare.
func (c *Comparison) answer(w io.Writer, where string, of func(Score) float64) {
	best := c.Simpler[0]
	for _, s := range c.Simpler {
		if of(s) < of(best) {
			best = s
		}
	}
	switch {
	case math.IsNaN(of(best)):
	case of(c.LSTM) < of(best):
		fmt.Fprintf(w, "%s, the LSTM beats all simpler methods.\n", where)
	default:
		fmt.Fprintf(w, "%s, the LSTM does not beat %s.\n", where, best.Method)
	}
}
