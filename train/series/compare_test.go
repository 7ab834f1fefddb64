package series

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"lstm/tensor/assert"
)

// TestStarts: the free runs start at all places that the held-out part has room for, or at 20 to 50 that are
// evenly spread over all of it, and over the season. There are more if the season leaves no such distance.
func TestStarts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ heldOut, n, season, starts, distance int }{
		{20, 10, 5, 11, 1}, {20, 20, 5, 1, 1}, {148, 24, 12, 25, 5}, {148, 24, 2, 42, 3}, {59, 10, 3, 50, 1}, {60, 10, 3, 26, 2},
		{1200, 24, 12, 48, 25}, {1200, 24, 7, 50, 24}, {1_000_000, 100, 365, 49, 20407},
		{43, 24, 12, 20, 1}, {42, 24, 12, 19, 1}, {100, 24, 30, 77, 1}, {156, 24, 30, 133, 1}, {157, 24, 30, 20, 7}, {200, 12, 210, 189, 1},
	} {
		s := &Series{Z: make([]float64, 70+c.heldOut), Tail: 70, filled: make([]bool, 70+c.heldOut)}
		from := s.starts(c.n, c.season)
		if len(from) != c.starts {
			t.Errorf("%+v: %d starts", c, len(from))
			continue
		}
		phases := make(map[int]bool)
		for k, i := range from {
			phases[i%c.season] = true
			if i != 70+k*c.distance {
				t.Errorf("%+v: start %d is %d", c, k, i)
			}
		}
		if end := from[len(from)-1] + c.n; end > len(s.Z) || end+c.distance <= len(s.Z) {
			t.Errorf("%+v: the last run ends at %d of %d", c, end, len(s.Z))
		}
		if len(phases) != min(c.season, c.starts) {
			t.Errorf("%+v: the starts have %d places in the season", c, len(phases))
		}
	}
	s := &Series{Z: make([]float64, 20), diff: true, filled: slices.Repeat([]bool{true}, 21)}
	s.filled[14] = false // entry 13 of Z
	if from := s.starts(3, 1); !slices.Equal(from, []int{11, 12, 13}) {
		t.Errorf("runs without a true value: the starts are %v", from)
	}
}

// TestSpread tests the mean, the standard deviation, the least and the largest error, and the errors themselves.
func TestSpread(t *testing.T) {
	t.Parallel()
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct{ free, want []float64 }{
		{[]float64{7}, []float64{7, nan, 7, 7}}, {[]float64{3, 1}, []float64{2, math.Sqrt2, 1, 3}}, {[]float64{5, 9, 1}, []float64{5, 4, 1, 9}},
		{[]float64{inf, 2, 4, 1}, []float64{inf, nan, 1, inf}}, {nil, []float64{nan, nan, nan, nan}},
	} {
		mean, deviation, least, largest := Score{Free: c.free}.Spread()
		for i, got := range []float64{mean, deviation, least, largest} {
			if want := c.want[i]; math.IsNaN(got) != math.IsNaN(want) || math.Abs(got-want) > 1e-14 {
				t.Errorf("%v: number %d is %v, want %v", c.free, i, got, want)
			}
		}
	}
	var s Score
	s.AddFree([]float64{1, nan}, []float64{3, nan})
	s.AddFree([]float64{1, nan}, []float64{3, 3})
	s.AddFree([]float64{inf, 1}, []float64{3, 3})
	if !slices.Equal(s.Free, []float64{2, inf, inf}) {
		t.Errorf("the errors are %v", s.Free)
	}
	s.AddOneStep([]float64{1, 5, nan}, []float64{3, 5.5, nan})
	s.AddOneStep([]float64{2}, []float64{1})
	if got := fmt.Sprint(s.OneStep); got != "[2 0.5 NaN 1]" || s.Error() != math.Sqrt(1.75) {
		t.Errorf("the errors one step ahead are %v, and %v as a whole", got, s.Error())
	}
	if s.AddOneStep([]float64{nan}, []float64{1}); !math.IsInf(s.Error(), 1) || !math.IsNaN((Score{OneStep: []float64{nan}}).Error()) {
		t.Errorf("a forecast that is not a number has the error %v", s.Error())
	}
}

// halves follows a network that returns half its input, so its free run depends on the entry before it.
func halves() func([]float64) []float64 {
	return func(x []float64) []float64 { return []float64{x[0] / 2} }
}

// TestCompare tests a series with known errors: it repeats itself every 5 steps, and rises. A free run has an
// error from each of 31 starts (30 with differences), and no two are equal.
func TestCompare(t *testing.T) {
	t.Parallel()
	x := func(i int) float64 { return float64(i) + 10*float64(i*i%5) + 0.001*float64(i*i) }
	file := column(t, list(200, func(i int) any { return x(i) })...)
	for _, diff := range []bool{true, false} {
		s := read(t, file, Options{Diff: diff})
		c, first := s.Compare(halves, 10), s.at(s.Tail)
		forecasts := []func(from, i int) float64{ // of value i, from the values before value from
			func(from, i int) float64 { return x(from - 1) },
			func(from, i int) float64 { return x(from - 5 + (i-from)%5) },
			func(from, i int) float64 {
				if !diff {
					return s.mean + (x(from-1)-s.mean)*math.Pow(0.5, float64(i-from+1))
				}
				sum, step := x(from-1), x(from-1)-x(from-2)
				for range i - from + 1 {
					step = (step + s.mean) / 2
					sum += step
				}
				return sum
			},
		}
		for k, got := range append(c.Simpler[:2:2], c.LSTM) {
			rms := func(from func(i int) int, first, end int) float64 {
				sum := 0.0
				for i := first; i < end; i++ {
					e := forecasts[k](from(i), i) - x(i)
					sum += e * e
				}
				return math.Sqrt(sum / float64(end-first))
			}
			want := []float64{rms(func(i int) int { return i }, first, 200)}
			for from := first; from <= 190; from++ {
				want = append(want, rms(func(int) int { return from }, from, from+10))
			}
			assert.Near(t, got.Method, append([]float64{got.Error()}, got.Free...), want, 1e-12)
			if distinct := slices.Compact(slices.Sorted(slices.Values(want))); len(distinct) != len(want) {
				t.Errorf("%s: two starts have the same error, so the test is blind", got.Method)
			}
		}
		if !diff {
			compared(t, s, c)
		}
	}
}

// compared tests the rest of a comparison, and its text.
func compared(t *testing.T, s *Series, c *Comparison) {
	if ar := c.Simpler[2]; !(ar.Error() <= 1 && slices.Max(ar.Free) <= 5) || len(ar.Free) != 31 || s.lag() != 5 {
		t.Errorf("autoregression: %v; lag %d", ar, s.lag())
	}
	if c.Beyond != 37 || c.HeldOut != 40 || c.Steps != 10 || c.Apart != 4 || c.Unit != "v" {
		t.Errorf("%+v", c)
	}
	var b strings.Builder
	c.Write(&b)
	for _, score := range append(c.Simpler, c.LSTM) {
		mean, deviation, least, largest := score.Spread()
		row := fmt.Sprintf("%-29s%10.4g%10.4g%11.4g%10.4g%10.4g\n", score.Method+score.Detail, score.Error(), mean, deviation, least, largest)
		if !strings.Contains(b.String(), row) {
			t.Errorf("no row %q in %s", row, &b)
		}
	}
	for line := range strings.Lines(b.String()) {
		if len(line) > 81 {
			t.Errorf("%q is too long", line)
		}
	}
}

// TestAnswer: a method wins if its error is smaller as a whole, and in more cases than chance gives. The text names
// the methods and the numbers. It says how many runs do not overlap if that decides.
func TestAnswer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		won, lost int     // of 25 cases; the others are equal
		larger    float64 // the error of the LSTM where it lost; it is 1 where it won, and 2 for the other method
		apart     int
		one, free int    // the winners
		numbers   string // of the answer, running free for 9 steps
	}{
		{25, 0, 3, 6, 1, 1, "9 25 25 50"}, {23, 2, 3, 6, 1, 1, "9 23 25 42"}, {22, 3, 3, 6, 1, 0, "9 22 25 38 6"},
		{13, 12, 3, 6, 0, 0, "9 13 25 2 6"}, {2, 23, 3, 6, -1, -1, "9 23 25 42"}, {0, 25, 3, 4, -1, -1, "9 25 25 50"},
		{25, 0, 3, 3, 1, 0, "9 25 25 50 3"}, {0, 25, 3, 3, -1, 0, "9 0 25 50 3"}, {0, 0, 3, 6, 0, 0, "9 0 25 6"},
		{15, 10, 3, 25, 0, 0, "9 15 25 10"}, {23, 2, 16, 25, 0, 0, "9 23 25 10"}, {0, 25, 7, 25, -1, -1, "9 25 25 3.5"},
	} {
		lstm := slices.Concat(slices.Repeat([]float64{1}, c.won), slices.Repeat([]float64{c.larger}, c.lost), slices.Repeat([]float64{2}, 25-c.won-c.lost))
		flat := func(e float64) []float64 { return slices.Repeat([]float64{e}, 25) }
		all := &Comparison{
			Simpler: []Score{{"alpha", "", append(flat(2), math.NaN()), flat(4)}, {"beta", "", append(flat(5), math.NaN()), flat(2)}},
			LSTM:    Score{"LSTM", "", append(lstm, math.NaN()), lstm}, Apart: c.apart, Steps: 9,
		}
		one, free := all.oneStep(), all.free()
		if a, b := all.Winners(); one.best != "alpha" || free.best != "beta" || a != c.one || b != c.free {
			t.Errorf("%+v: %s %d, %s %d", c, one.best, a, free.best, b)
		}
		says := free.says()
		numbers := strings.Join(regexp.MustCompile(`[0-9]+(\.[0-9]+)?`).FindAllString(says, -1), " ")
		if numbers != c.numbers || (strings.Index(says, "beta") < strings.Index(says, "LSTM")) != (c.free < 0) {
			t.Errorf("%+v: %s in %q", c, numbers, says)
		}
	}
	var b strings.Builder
	nan := []float64{math.NaN()}
	(&Comparison{Simpler: []Score{{"alpha", "", nan, nil}}, LSTM: Score{"LSTM", "", nan, nil}}).Answer(&b)
	if b.Len() > 0 {
		t.Errorf("nothing to compare: %q", &b)
	}
	for _, c := range []struct {
		a, b float64
		want string // the number in the text
	}{
		{1, 1, ""}, {0, 0, ""}, {1, 1.001, "1"}, {1, 4, "75"}, {1, 1000, "1"}, {1.5, 1, "50"}, {2, 1, "2"}, {390, 10, "39"},
		{1, 0, ""}, {math.Inf(1), 1, ""}, {math.Inf(1), math.Inf(1), ""},
	} {
		if got := regexp.MustCompile(`[0-9.]+|Inf|NaN`).FindString(ratio(c.a, c.b)); got != c.want {
			t.Errorf("%v against %v: %q", c.a, c.b, ratio(c.a, c.b))
		}
	}
}

// TestShortened: if a series is shortened, its first start changes the winner six times. All starts together have
// one winner: a network that repeats the differences of a year and of two years ago.
func TestShortened(t *testing.T) {
	t.Parallel()
	years := func() func([]float64) []float64 {
		z := make([]float64, 24)
		return func(x []float64) []float64 {
			z = append(z[1:], x[0])
			return []float64{0.6*z[12] + 0.4*z[0]}
		}
	}
	data, err := os.ReadFile("../testdata/co2.csv")
	if err != nil {
		t.Fatal(err)
	}
	rows := strings.Split(strings.TrimSpace(string(data)), "\n")
	changes, before := 0, true
	for cut := 0; cut <= 160; cut += 20 {
		c := read(t, written(t, strings.Join(rows[:len(rows)-cut], "\n")), Options{Column: "CO2", Diff: true}).Compare(years, 24)
		ar := c.Simpler[2]
		if first := c.LSTM.Free[0] < ar.Free[0]; first != before {
			changes, before = changes+1, first
		}
		if won, lost := wins(c.LSTM.Free, ar.Free), wins(ar.Free, c.LSTM.Free); won <= lost {
			t.Errorf("without the last %d rows, the network wins %d starts and loses %d", cut, won, lost)
		}
	}
	if changes != 6 {
		t.Errorf("the first start changes the winner %d times, so the test is another", changes)
	}
}

// TestWarm: in a free run of a long series, the network sees the 1,001 entries before the start.
func TestWarm(t *testing.T) {
	t.Parallel()
	s := read(t, column(t, list(6000, func(i int) any { return i * i % 37 })...), Options{})
	var fed []int
	follow := func() func([]float64) []float64 {
		fed = append(fed, 0)
		return func(x []float64) []float64 { fed[len(fed)-1]++; return x }
	}
	s.Compare(follow, 24)
	if want := append([]int{5999}, slices.Repeat([]int{1001 + 23}, 50)...); !slices.Equal(fed, want) {
		t.Errorf("the network sees %v entries", fed)
	}
	fed = nil
	s.ValidError(follow) // of entries 4,200 to 4,799
	if !slices.Equal(fed, []int{1001 + 599}) {
		t.Errorf("to validate, the network sees %v entries", fed)
	}
	fed = nil
	s.Future(follow, 24)
	if len(fed) < 40 || slices.Max(fed) != 1001+23 || fed[len(fed)-1] != 1001+23 {
		t.Errorf("after the end, the network sees %v entries", fed)
	}
}

// A network that returns its input gives the same forecasts as persistence.
func Example() {
	text := "level\n"
	for i := range 100 {
		text += fmt.Sprintln(i % 4)
	}
	name := filepath.Join(os.TempDir(), "level.csv")
	defer os.Remove(name)
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		fmt.Println(err)
	}
	s, err := Read(name, Options{Column: "level"})
	if err != nil {
		fmt.Println(err)
	}
	network := func() func(x []float64) []float64 {
		return func(x []float64) []float64 { return x }
	}
	c := s.Compare(network, 8)
	for _, score := range append(c.Simpler, c.LSTM) {
		mean, deviation, least, largest := score.Spread()
		fmt.Printf("%-22s %.2f, free %.2f ± %.2f (%.2f to %.2f)\n", score.Method, score.Error(), mean, deviation, least, largest)
	}
	// Output:
	// persistence            1.73, free 1.57 ± 0.34 (1.22 to 1.87)
	// seasonal persistence   0.00, free 0.00 ± 0.00 (0.00 to 0.00)
	// autoregression         0.00, free 0.00 ± 0.00 (0.00 to 0.00)
	// the LSTM               1.73, free 1.57 ± 0.34 (1.22 to 1.87)
}
