package series

import (
	"fmt"
	"io"
	"math"
	"slices"
)

// A Comparison holds the errors of the LSTM and of simpler methods over the held-out part.
type Comparison struct {
	Unit    string  // of the errors: the name of the series
	Simpler []Score // of persistence, seasonal persistence, and autoregression
	LSTM    Score   // of the network
	HeldOut int     // how many values are held out
	Steps   int     // how many of them a free run forecasts
	Beyond  int     // how many lie outside the range of the training part; 0 for differences
}

// A Score holds the errors of one method: root mean squares, in the units of the data. An error is
// NaN if there is no value to compare with.
type Score struct {
	Method, Detail string  // its name; its lag or lags, after a comma
	OneStep        float64 // each forecast from the true values before it
	Free           float64 // each forecast from the forecasts before it
}

// Compare compares the network's forecasts one step ahead, and of a free run over up to horizon
// values, with three simpler methods: persistence, which repeats the value before; seasonal
// persistence, which repeats the value a season before; and autoregression, by least squares.
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
