package series

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"lstm/train/show"
)

// Covers is the percentage of the values that the intervals of a Future should hold.
const Covers = 80

// A Future holds forecasts of the values after the last: a free run from the end, with an interval around each
// forecast. The half width of an interval is a quantile of the errors that free runs over the held-out part have
// at this step, as in split conformal prediction (Lei et al., JASA 113, 2018).
type Future struct {
	Unit, When string    // the names of the series, and of the column of dates; "row" for row numbers
	Seen       []float64 // the values before the end; NaN where a value is missing
	Before     []string  // the dates of Seen
	Dates      []string  // of the forecasts
	Free       []float64 // the forecasts
	Half       []float64 // half the width of each interval; NaN where there are too few free runs
	Runs       int       // the number of free runs

	// A test of the intervals: intervals from the first half of the held-out part, and values of the second half.
	Tested, Held int
}

// Future returns the network's forecasts of n values.
func (s *Series) Future(follow Follow, n int) *Future {
	end := len(s.Z)
	runs := s.runs(follow, n)
	f := &Future{
		Unit: s.Name, Seen: s.truth(max(0, end-2*n), end), Runs: len(runs),
		Free: s.free(follow.predictor(), begin(end), end, n),
	}
	f.When, f.Dates = s.labels(len(s.values), n)
	_, f.Before = s.labels(len(s.values)-len(f.Seen), 0)
	middle := s.Tail + (end-s.Tail)/2
	for h := 1; h <= n; h++ {
		f.Half = append(f.Half, quantile(within(runs, h, s.Tail, end), (end-s.Tail)/h))
		half := quantile(within(runs, h, s.Tail, middle), (middle-s.Tail)/h)
		for _, e := range within(runs, h, middle, end) {
			if e <= half {
				f.Held++
			}
			if !math.IsNaN(half) {
				f.Tested++
			}
		}
	}
	return f
}

// Interval returns the ends of the intervals; NaN where there is none.
func (f *Future) Interval() (low, high []float64) {
	for i, y := range f.Free {
		low, high = append(low, y-f.Half[i]), append(high, y+f.Half[i])
	}
	return low, high
}

// Write writes the first forecasts and the last as a table, and tells how far to trust the intervals.
func (f *Future) Write(w io.Writer) {
	low, high := f.Interval()
	number := f.format()
	rows := [][3]string{{f.When, "forecast", fmt.Sprintf("%d%% interval", Covers)}}
	for i, date := range f.Dates {
		between := "-"
		if !math.IsNaN(f.Half[i]) {
			between = number(low[i]) + " to " + number(high[i])
		}
		rows = append(rows, [3]string{date, number(f.Free[i]), between})
	}
	title := fmt.Sprintf("The next %s of %s, running free from the end", show.Count(len(f.Free), "value"), f.Unit)
	const first = 6
	if n := len(rows); n > first+3 {
		rows = slices.Concat(rows[:1+first], [][3]string{{"…"}}, rows[n-1:])
		title += " (-forecast writes all of them)"
	}
	fmt.Fprintln(w)
	show.Wrap(w, title+":")
	fmt.Fprintln(w)
	var wide [3]int
	for _, row := range rows {
		for k, text := range row {
			wide[k] = max(wide[k], utf8.RuneCountInString(text))
		}
	}
	for _, row := range rows {
		line := fmt.Sprintf("  %-*s  %*s  %*s", wide[0], row[0], wide[1], row[1], wide[2], row[2])
		fmt.Fprintln(w, strings.TrimRight(line, " "))
	}
	fmt.Fprintln(w)
	show.Wrap(w, f.trust())
}

// trust says where the intervals come from, and how far to trust them.
func (f *Future) trust() string {
	known := slices.IndexFunc(f.Half, math.IsNaN)
	says := fmt.Sprintf("An interval should hold the value in %d of 100 cases, if the future is like the held-out part: "+
		"it comes from the errors of %s there.", Covers, show.Count(f.Runs, "free run"))
	switch {
	case known == 0:
		return "There is no interval: the held-out part has room for fewer than four free runs. A longer series gives one."
	case known > 0:
		says += fmt.Sprintf(" From step %d on there is none: the held-out part has room for fewer than four runs of this length.", known+1)
	}
	if f.Tested == 0 {
		return says + " There are too few runs to test the intervals."
	}
	says += fmt.Sprintf(" Test: intervals from the first half of the held-out part hold %.0f%% of the values of the second half.",
		100*float64(f.Held)/float64(f.Tested))
	if f.fails() {
		says += " The errors grow, so do not rely on the intervals."
	}
	return says
}

// fails reports whether the intervals hold much less than they should. Of intervals of series whose errors do not grow,
// fewer than 1 in 20 fail.
func (f *Future) fails() bool { return 100*f.Held < (Covers-20)*f.Tested }

// format returns a function that formats values: the narrowest interval has two digits.
func (f *Future) format() func(float64) string {
	least := math.Inf(1)
	for _, half := range f.Half {
		if half > 0 {
			least = min(least, half)
		}
	}
	digits := 1 - math.Floor(math.Log10(least))
	most := math.Abs(slices.MaxFunc(f.Free, func(a, b float64) int { return cmp.Compare(math.Abs(a), math.Abs(b)) }))
	return func(v float64) string {
		if math.Abs(digits) > 9 || most > 1e9 { // or no interval has a width
			return fmt.Sprintf("%.6g", v)
		}
		return fmt.Sprintf("%.*f", int(max(0, digits)), v)
	}
}

// A run holds the errors of a free run.
type run struct {
	from   int       // the entry of Z where it starts
	errors []float64 // of each step: |forecast − value|, NaN where the value is missing
}

// runs returns free runs of up to n steps, from up to 50 starts. A run stops at the end of the series.
func (s *Series) runs(follow Follow, n int) (all []run) {
	for _, from := range s.starts(1, s.lag()) {
		r := run{from: from}
		to := min(from+n, len(s.Z))
		y := s.free(follow.predictor(), begin(from), from, to-from)
		for i, truth := range s.truth(from, to) {
			r.errors = append(r.errors, off(y[i], truth))
		}
		all = append(all, r)
	}
	return all
}

// within returns the errors h steps ahead of the runs that have these steps in from..to−1, in ascending order.
func within(runs []run, h, from, to int) (errors []float64) {
	for _, r := range runs {
		if r.from >= from && r.from+h <= to && !math.IsNaN(r.errors[h-1]) {
			errors = append(errors, r.errors[h-1])
		}
	}
	slices.Sort(errors)
	return errors
}

// quantile returns the quantile of sorted errors that the next error stays below in Covers of 100 cases. apart is the
// number of runs that fit without overlap. It returns NaN if fewer than four do, or if there are fewer errors.
//
// Among n independent errors, it is the error of rank p(n+1), rounded up, with p = Covers/100. The errors of runs that
// overlap are alike, so their quantile varies as much as that of fewer errors, and an interval that varies more holds
// fewer values: for the normal errors of a random walk and m runs that fit without overlap, fewer by 0.2/m (the
// second-order term of the delta method). The rank is larger by that share.
func quantile(errors []float64, apart int) float64 {
	n := len(errors)
	m := min(n, apart)
	if m < 4 { // of three errors, the rank is four
		return math.NaN()
	}
	rank := float64(Covers*(n+1))/100 + 0.2*(float64(n)/float64(m)-1)
	return errors[int(math.Ceil(rank-1e-9))-1]
}

// Forecast returns a table of the network's forecasts. The first row is the header: date or row
// number, value, forecast one step ahead, forecast running free, and the ends of an interval. The other rows are
// the held-out values and horizon steps after the end. One free run starts at the held-out part, another at
// the end. Only forecasts after the end have an interval.
func (s *Series) Forecast(follow Follow, horizon int) [][]string {
	from, end := s.Tail, len(s.Z)
	one := s.oneStep(follow.predictor(), 0, from, end)
	free := s.free(follow.predictor(), 0, from, min(horizon, end-from))
	number := func(y []float64, i int) string {
		if i >= len(y) || math.IsNaN(y[i]) {
			return ""
		}
		return fmt.Sprintf("%.12g", y[i])
	}
	when, labels := s.labels(s.at(from), 0)
	rows := [][]string{{when, s.Name, "one step ahead", "running free", fmt.Sprintf("%d%% low", Covers), fmt.Sprintf("%d%% high", Covers)}}
	for i := range one {
		k, value := s.at(from+i), ""
		if !s.filled[k] {
			value = fmt.Sprint(s.values[k])
		}
		rows = append(rows, []string{labels[i], value, number(one, i), number(free, i), "", ""})
	}
	f := s.Future(follow, horizon)
	low, high := f.Interval()
	for i, label := range f.Dates {
		rows = append(rows, []string{label, "", number(f.Free[:1], i), number(f.Free, i), number(low, i), number(high, i)})
	}
	return rows
}
