package series

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"lstm/train/facts"
	"lstm/train/rng"
)

// plain returns a series that a network sees as it is. A fifth is held out.
func plain(values []float64) *Series {
	n := len(values)
	return &Series{Name: "v", values: values, Z: values, filled: make([]bool, n), Valid: n - n/5 - n/10, Tail: n - n/5, dev: 1}
}

// TestQuantile tests the rank of the error: that of independent errors, and a larger one if they overlap.
func TestQuantile(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n, apart int
		rank     float64 // 0: none
	}{
		{0, 9, 0}, {3, 9, 0}, {4, 4, 4}, {4, 9, 4}, {5, 5, 5}, {6, 6, 6}, {8, 8, 8}, {9, 9, 8}, {14, 14, 12}, {50, 50, 41},
		{50, 3, 0}, {50, 4, 44}, {50, 5, 43}, {50, 10, 42}, {50, 25, 41}, {30, 10, 26}, {24, 4, 21}, {24, 6, 21}, {24, 8, 21}, {24, 24, 20}, {99, 99, 80}, {50, 5000, 41},
	} {
		var errors []float64
		for i := range c.n {
			errors = append(errors, float64(i+1))
		}
		if got := quantile(errors, c.apart); got != c.rank && !(math.IsNaN(got) && c.rank == 0) {
			t.Errorf("%d errors, %d apart: rank %v, want %v", c.n, c.apart, got, c.rank)
		}
	}
}

// TestFuture tests the forecasts of a network that returns half its input, and their intervals, against errors that
// the test measures itself.
func TestFuture(t *testing.T) {
	t.Parallel()
	v := make([]float64, 210)
	for i := range v {
		v[i] = float64(i*i%101) + 0.001*float64(i)
	}
	s := plain(v)
	s.filled[190] = true
	f := s.Future(halves, 12)
	if len(f.Free) != 12 || len(f.Half) != 12 || len(f.Seen) != 24 || f.Seen[23] != v[209] || !math.IsNaN(f.Seen[4]) || f.Unit != "v" || f.When != "row" {
		t.Fatalf("%+v", f)
	}
	within := func(h, from, to int) (errors []float64) { // h steps ahead
		for start := from; start < to; start++ {
			if at := start + h - 1; at < to && start != 190 && at != 190 {
				errors = append(errors, math.Abs(v[start-1]/math.Pow(2, float64(h))-v[at]))
			}
		}
		slices.Sort(errors)
		return errors
	}
	if f.Runs != 41 { // all places but that of the missing value

		t.Fatalf("%d runs", f.Runs)
	}
	held, tested := 0, 0
	for h := 1; h <= 12; h++ {
		if want := v[209] / math.Pow(2, float64(h)); math.Abs(f.Free[h-1]-want) > 1e-12 || f.Dates[h-1] != fmt.Sprint(210+h) {
			t.Errorf("step %d: %v, want %v; row %s", h, f.Free[h-1], want, f.Dates[h-1])
		}
		want, half := quantile(within(h, 168, 210), 42/h), quantile(within(h, 168, 189), 21/h)
		if math.IsNaN(want) != (h > 10) || math.IsNaN(f.Half[h-1]) != math.IsNaN(want) || math.Abs(f.Half[h-1]-want) > 1e-12 {
			t.Errorf("step %d: half an interval is %v, want %v", h, f.Half[h-1], want)
		}
		for _, e := range within(h, 189, 210) {
			if h <= 5 {
				tested++
			}
			if e <= half {
				held++
			}
		}
	}
	if f.Held != held || f.Tested != tested || held == 0 || held == tested {
		t.Errorf("%d of %d, want %d of %d", f.Held, f.Tested, held, tested)
	}
	low, high := f.Interval()
	for i, y := range f.Free[:10] {
		if low[i] != y-f.Half[i] || high[i] != y+f.Half[i] {
			t.Errorf("the interval %d goes from %v to %v", i, low[i], high[i])
		}
	}
	rows := s.Forecast(halves, 12)
	for i, row := range rows[1:] {
		k := i - 42
		want := "  "
		if k >= 0 && k < 10 {
			want = fmt.Sprintf(" %.12g %.12g", low[k], high[k])
		}
		if got := " " + row[4] + " " + row[5]; got != want {
			t.Errorf("row %d has the interval %q, want %q", i, got, want)
		}
	}
}

// TestCoverage: over many series, the intervals hold the next values about as often as they should, and not less often
// at any step. The noise of the series is known, and the network knows the rest. Errors of a random walk depend most
// on each other: with the rank of errors that do not, its intervals hold too few values.
func TestCoverage(t *testing.T) {
	t.Parallel()
	table := "| values in their intervals | 1 step ahead | 4 steps | 8 steps | 12 steps | mean of 12 |\n| --- | --- | --- | --- | --- | --- |\n"
	row := func(name string, inside []float64) {
		table += fmt.Sprintf("| %s | %.0f%% | %.0f%% | %.0f%% | %.0f%% | %.0f%% |\n", name, inside[0], inside[3], inside[7], inside[11], mean(inside))
	}
	for _, c := range []struct {
		name string
		next func(i int, before, noise float64) float64 // value i
	}{
		{"autoregression: 0.8 of the value before", func(_ int, before, noise float64) float64 { return float64(0.8*before) + noise }},
		{"a season of 12", func(i int, _, noise float64) float64 { return float64(3*math.Sin(math.Pi/6*float64(i%12))) + noise }},
		{"random walk", func(_ int, before, noise float64) float64 { return before + noise }},
	} {
		inside, plain, fails := coverage(c.next)
		row(c.name, inside)
		if slices.Min(inside) < Covers-3 || slices.Max(inside) > Covers+8 || math.Abs(mean(inside)-Covers) > 4 {
			t.Errorf("%s: inside are %v%%", c.name, inside)
		}
		if fails > 5 {
			t.Errorf("%s: the intervals of %v%% of the series fail their test", c.name, fails)
		}
		if c.name == "random walk" {
			row(c.name+", rank 0.8(n + 1)", plain)
			if plain[11] > inside[11]-2 {
				t.Errorf("without a larger rank, inside are %v%%, so the test is blind", plain)
			}
		}
	}
	facts.Block(t, "../README.md", "table:coverage", table)
}

func mean(x []float64) float64 { mean, _ := moments(x); return mean }

// coverage returns how many of the next 12 values of 400 series of 250 values are in their intervals, by step; how many
// would be if no runs overlapped; and how many series fail the test of the intervals, all in percent. next returns
// value i from the value before and noise.
func coverage(next func(i int, before, noise float64) float64) (inside, plainly []float64, fails float64) {
	const n, steps, series = 250, 12, 400
	network := func() func([]float64) []float64 {
		i, y := 0, []float64{0}
		return func(x []float64) []float64 { i++; y[0] = next(i, x[0], 0); return y }
	}
	inside, plainly = make([]float64, steps), make([]float64, steps)
	r := rng.New(7)
	for range series {
		v := make([]float64, n+steps)
		for i := range v {
			v[i] = next(i, v[max(0, i-1)], r.Normal())
		}
		s := plain(v[:n])
		f, runs := s.Future(network, steps), s.runs(network, steps)
		for h, truth := range v[n:] {
			off := math.Abs(truth - f.Free[h])
			if off <= f.Half[h] {
				inside[h] += 100.0 / series
			}
			if off <= quantile(within(runs, h+1, s.Tail, n), n) {
				plainly[h] += 100.0 / series
			}
		}
		if f.fails() {
			fails += 100.0 / series
		}
	}
	return inside, plainly, fails
}

// TestGrowing: if errors grow, the intervals fail their test.
func TestGrowing(t *testing.T) {
	t.Parallel()
	v := make([]float64, 500)
	for i := range v {
		v[i] = float64(i)
	}
	if f := plain(v).Future(says(0), 24); !f.fails() || f.Held != 0 || f.Tested == 0 {
		t.Errorf("%d of %d", f.Held, f.Tested)
	}
	if f := plain(v).Future(func() func([]float64) []float64 {
		return func(x []float64) []float64 { return x }
	}, 24); f.fails() || f.Held != f.Tested {
		t.Errorf("errors that do not grow: %d of %d", f.Held, f.Tested)
	}
}

// TestFails: the intervals fail if they hold less than 60 of 100 values.
func TestFails(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		held, tested int
		want         bool
	}{{59, 100, true}, {60, 100, false}, {0, 0, false}, {0, 1, true}} {
		if got := (&Future{Held: c.held, Tested: c.tested}).fails(); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

// TestShort: the intervals of a short series end early, and the text names the step.
func TestShort(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ n, steps, known int }{{50, 24, 2}, {100, 24, 5}, {100, 5, 5}, {15, 24, 0}} {
		v := make([]float64, c.n)
		for i := range v {
			v[i] = math.Sin(float64(i * i))
		}
		f := plain(v).Future(says(0), c.steps)
		known := 0
		for _, half := range f.Half {
			if half > 0 {
				known++
			}
		}
		if known != c.known || len(f.Half) != c.steps {
			t.Errorf("%+v: %d of %d", c, known, len(f.Half))
		}
		if named := strings.Contains(f.trust(), fmt.Sprintf("step %d ", c.known+1)); named != (known > 0 && known < c.steps) {
			t.Errorf("%+v: %s", c, f.trust())
		}
	}
}

// TestNextValues: the table has the first forecasts and the last, with two digits of the narrowest interval.
func TestNextValues(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n    int
		y, e float64
		want string // the first row
		rows int
	}{
		{24, 416.789, 0.4567, "1 416.79 416.33 to 417.25", 8}, {9, 416.789, 4.567, "1 416.8 412.2 to 421.4", 8}, {8, -23456.7, 4567, "1 -23457 -28024 to -18890", 8},
		{7, 7, 0.3, "1 7.00 6.70 to 7.30", 7}, {10, 7, 0, "1 7 7 to 7", 8}, {1, 1.5e12, 2, "1 1.5e+12 1.5e+12 to 1.5e+12", 1}, {1, 0.000123456, 0.0000234, "1 0.000123 0.000100 to 0.000147", 1},
		{1, 2.5, math.NaN(), "1 2.5 -", 1}, {1, 2.5, math.Inf(1), "1 2.5 -Inf to +Inf", 1},
	} {
		f := &Future{Unit: "ppm", When: "row"}
		for i := range c.n {
			f.Dates, f.Free, f.Half = append(f.Dates, fmt.Sprint(i+1)), append(f.Free, c.y), append(f.Half, c.e)
		}
		var b strings.Builder
		f.Write(&b)
		table := strings.Split(strings.Split(b.String(), "\n\n")[1], "\n")
		if got := strings.Join(strings.Fields(table[1]), " "); got != c.want || len(table) != 1+c.rows {
			t.Errorf("%+v: %q, and %d rows", c, got, len(table)-1)
		}
		if last := strings.Fields(table[len(table)-1]); last[0] != fmt.Sprint(c.n) {
			t.Errorf("%+v: the last row is %v", c, last)
		}
		if !strings.Contains(b.String(), "ppm") || strings.Contains(b.String(), "NaN") {
			t.Errorf("%s", &b)
		}
	}
}
