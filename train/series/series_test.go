package series

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"lstm/train/rng"
)

// column writes a column of numbers to a file, and returns its name.
func column(t testing.TB, values ...any) string {
	return written(t, "v\n"+strings.ReplaceAll(fmt.Sprintln(values...), " ", "\n"))
}

func written(t testing.TB, text string) string {
	name := filepath.Join(t.TempDir(), "x.csv")
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return name
}

func read(t testing.TB, file string, o Options) *Series {
	t.Helper()
	s, err := Read(file, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func list(n int, f func(i int) any) []any {
	v := make([]any, n)
	for i := range v {
		v[i] = f(i)
	}
	return v
}

// wave writes a rising wave of 100 values to a file.
func wave(t testing.TB) string {
	return column(t, list(100, func(i int) any { return 5 + 2*math.Sin(0.5*float64(i)) + 0.1*float64(i) })...)
}

// says follows a network that always returns y.
func says(y float64) Follow {
	return func() func([]float64) []float64 { return func([]float64) []float64 { return []float64{y} } }
}

func co2(t testing.TB) *Series {
	return read(t, "../testdata/co2.csv", Options{Column: "CO2", Diff: true})
}

// TestSplit: the three parts have the right sizes, the later two the same with differences as without, and the scaling
// comes from the training part.
func TestSplit(t *testing.T) {
	t.Parallel()
	for _, diff := range []bool{false, true} {
		s := read(t, wave(t), Options{Diff: diff})
		n := len(s.Z)
		if n != map[bool]int{false: 100, true: 99}[diff] || s.Tail != n-20 || s.Valid != s.Tail-10 {
			t.Errorf("diff %v: %d entries, from %d on to validate, from %d held out", diff, n, s.Valid, s.Tail)
		}
		sum, squares := 0.0, 0.0
		for _, z := range s.Z[:s.Valid] {
			sum += z
			squares += z * z
		}
		if math.Abs(sum) > 1e-10 || math.Abs(squares/float64(s.Valid)-1) > 1e-12 {
			t.Errorf("diff %v: the training part has the mean %v and the variance %v", diff, sum/float64(s.Valid), squares/float64(s.Valid))
		}
		for i := 1; i < n; i++ {
			if got, want := s.value(s.Z[i], s.values[s.at(i)-1]), s.values[s.at(i)]; math.Abs(got-want) > 1e-13 {
				t.Fatalf("diff %v: entry %d is %v, want %v", diff, i, got, want)
			}
		}
		if kept := read(t, wave(t), Options{Diff: diff, Scaling: []float64{3, 2}}); !slices.Equal(kept.Scaling(), []float64{3, 2}) || kept.ID != s.ID ||
			math.Abs(kept.value(kept.Z[7], kept.values[kept.at(7)-1])-s.values[s.at(7)]) > 1e-13 {
			t.Errorf("diff %v: Read does not keep the scaling of its Options: %v", diff, kept.Scaling())
		}
	}
}

// TestForecasts tests every forecast of a network that always returns half a deviation.
func TestForecasts(t *testing.T) {
	t.Parallel()
	s := read(t, wave(t), Options{Diff: true})
	half, step := says(0.5), s.mean+0.5*s.dev
	for i, y := range s.oneStep(half.predictor(), 0, 1, len(s.Z)) {
		if want := s.values[s.at(1+i)-1] + step; math.Abs(y-want) > 1e-13 {
			t.Fatalf("one step ahead, entry %d: %v, want %v", 1+i, y, want)
		}
	}
	first := s.at(s.Tail)
	for i, y := range s.free(half.predictor(), 0, s.Tail, 5) {
		if want := s.values[first-1] + float64(i+1)*step; math.Abs(y-want) > 1e-12 {
			t.Errorf("running free, step %d: %v, want %v", i, y, want)
		}
	}
	rows := s.Forecast(half, 24)
	if len(rows) != 1+100-first+24 || rows[0][0] != "row" || rows[0][1] != "v" {
		t.Fatalf("%d rows, %v", len(rows), rows[0])
	}
	for i, row := range rows[1:] {
		var at int
		var value, one, free float64 // 0: the field is empty
		for k, to := range []any{&at, &value, &one, &free} {
			fmt.Sscan(row[k], to)
		}
		k := first + i // an index of s.values
		wantOne, wantFree := s.values[min(100, k)-1]+step, s.values[first-1]+float64(i+1)*step
		switch {
		case k >= 100: // beyond the end
			wantFree = s.values[99] + float64(k-99)*step
		case i >= 24:
			wantFree = 0
		}
		if k > 100 {
			wantOne = 0
		}
		if at != k+1 || math.Abs(one-wantOne) > 1e-8 || math.Abs(free-wantFree) > 1e-8 || k < 100 && value != s.values[k] || k >= 100 && row[1] != "" {
			t.Errorf("%v, want %v and %v", row, wantOne, wantFree)
		}
	}
	if lag := s.lag(); lag != 13 && lag != 12 {
		t.Errorf("a wave of 12.6 steps has the lag %d", lag)
	}
}

// TestFollow: the network sees each entry before a forecast once, in order. In a free run it then sees
// its own forecasts.
func TestFollow(t *testing.T) {
	t.Parallel()
	s := read(t, wave(t), Options{})
	var seen []float64
	sum := Follow(func() func([]float64) []float64 {
		seen = nil
		return func(x []float64) []float64 {
			seen = append(seen, x[0])
			return []float64{float64(len(seen))}
		}
	})
	s.HeldOutError(sum)
	if !slices.Equal(seen, s.Z[:len(s.Z)-1]) {
		t.Error("one step ahead, the network does not see the series in order")
	}
	s.ValidError(sum)
	if !slices.Equal(seen, s.Z[:s.Tail-1]) {
		t.Error("to validate, the network does not see the training part, and then the validating part")
	}
	s.free(sum.predictor(), 7, s.Tail, 3)
	if n := float64(s.Tail - 7); !slices.Equal(seen, append(slices.Clone(s.Z[7:s.Tail]), n, n+1)) {
		t.Error("running free, the network does not see its own forecasts")
	}
	first := fmt.Sprintf("%.12g", s.value(float64(s.Tail), 0)) // the forecast after all entries before
	if row := s.Forecast(sum, 24)[1]; row[2] != first || row[3] != first {
		t.Errorf("the network does not see the whole series before its first forecasts: %v, want %s", row, first)
	}
	if f, want := s.FreeRun(sum, 3), s.value(float64(s.Tail), 0); f.Free[0] != want || f.OneStep[0] != want {
		t.Errorf("the figure begins with %v and %v, want %v", f.Free[0], f.OneStep[0], want)
	}
}

// TestHeldOut: scaling, season and autoregression do not depend on the held-out part. Its error does.
func TestHeldOut(t *testing.T) {
	t.Parallel()
	a := co2(t)
	v := list(len(a.values), func(i int) any {
		if i >= a.at(a.Tail) {
			return -3 * a.values[i]
		}
		return a.values[i]
	})
	b := read(t, column(t, v...), Options{Diff: true})
	if !slices.Equal(a.Scaling(), b.Scaling()) || a.lag() != b.lag() || !slices.Equal(a.regress(), b.regress()) || a.ValidError(says(1)) != b.ValidError(says(1)) {
		t.Error("the held-out part makes a difference")
	}
	if a.HeldOutError(says(1)) == b.HeldOutError(says(1)) || a.ID == b.ID {
		t.Error("the held-out part makes no difference to its error or to the ID of the series")
	}
}

// TestDatedForecast: the rows of a forecast have the dates of the data, and then the next dates.
func TestDatedForecast(t *testing.T) {
	t.Parallel()
	rows := co2(t).Forecast(says(0), 24)
	n := len(rows)
	for i, want := range map[int]string{1: "2008-01-01 385.07", n - 25: "2020-04-01 416.18", n - 24: "2020-05-01 ", n - 1: "2022-04-01 "} {
		if got := rows[i][0] + " " + rows[i][1]; got != want {
			t.Errorf("row %d is %q, want %q", i, got, want)
		}
	}
	uneven := "day,v\n" // days 1, 2, 4 and 7 of the months
	for k := range 120 {
		uneven += fmt.Sprintf("%d-%02d-%02d,%d\n", 2001+k/48, 1+k/4%12, []int{1, 2, 4, 7}[k%4], k*k%37)
	}
	rows = read(t, written(t, uneven), Options{Column: "v"}).Forecast(says(0), 24)
	for i, want := range map[int]string{len(rows) - 25: "2003-06-07", len(rows) - 24: "+1", len(rows) - 1: "+24"} {
		if got := rows[i][0]; got != want {
			t.Errorf("without a step, row %d is %q, want %q", i, got, want)
		}
	}
}

// TestFilled: filled values do not count in an error, and no forecast uses a later value.
func TestFilled(t *testing.T) {
	t.Parallel()
	v := list(100, func(i int) any { return i * i % 37 })
	before, after := v[9].(int), v[11].(int)
	v[10], v[85], v[90], v[91] = "NA", "NA", "NA", "NA"
	s := read(t, column(t, v...), Options{Fill: "linear"})
	if s.values[10] != float64(before+after)/2 || s.values[85] != s.values[84] || s.values[91] != s.values[89] {
		t.Errorf("filled with %v, %v, %v", s.values[10], s.values[85], s.values[91])
	}
	missing := func(k int) bool { return k == 85 || k == 90 || k == 91 }
	for i, y := range s.truth(s.Tail, len(s.Z)) {
		if k := s.Tail + i; math.IsNaN(y) != missing(k) || !missing(k) && y != s.values[k] {
			t.Errorf("the true value %d is %v", k, y)
		}
	}
	for i, row := range s.Forecast(says(0), 24)[1:] {
		if k := s.Tail + i; (missing(k) || k >= 100) != (row[1] == "") {
			t.Errorf("%v", row)
		}
	}
	f := s.FreeRun(says(0), 24)
	if len(f.Truth) != 20 || len(f.OneStep) != 20 || len(f.Free) != 20 || len(f.Seen) != 40 || f.Unit != "v" {
		t.Errorf("%+v", f)
	}
}

// TestLag: autocorrelated noise with a season has the lag of the season.
func TestLag(t *testing.T) {
	t.Parallel()
	r := rng.New(1)
	noise := 0.0
	s := &Series{values: make([]float64, 2000), Valid: 1400}
	for i := range s.values {
		noise = 0.8*noise + r.Normal()
		s.values[i] = noise + 4*math.Sin(2*math.Pi*float64(i)/365)
	}
	if lag := s.lag(); lag < 350 || lag > 380 {
		t.Errorf("a season of 365 has the lag %d", lag)
	}
	walk := 0.0
	for i := range s.values {
		walk += r.Normal()
		s.values[i] = walk
	}
	if lag := s.lag(); lag != 2 {
		t.Errorf("a random walk has the lag %d", lag)
	}
}

// TestDates: Read arranges rows by their dates, and describes the changes in notes.
func TestDates(t *testing.T) {
	t.Parallel()
	monthly := func() (rows []string) {
		for i := range 80 {
			rows = append(rows, fmt.Sprintf("%04d-%02d,%d", 1990+i/12, 1+i%12, i*i))
		}
		return rows
	}
	months := func(fill string, change func(rows []string) []string) *Series {
		return read(t, written(t, "month,v\n"+strings.Join(change(monthly()), "\n")), Options{Fill: fill})
	}
	drop := func(rows []string) []string { return slices.Delete(rows, 20, 23) }
	code := func(rows []string) []string { rows[70], rows[71] = "1995-11,-43210", "1995-12,"; return rows }
	code9 := func(rows []string) []string { rows[70], rows[71] = "1995-11,-9999", "1995-12,"; return rows }
	shuffle := func(rows []string) []string { rows[3], rows[40], rows[77] = rows[40], rows[77], rows[3]; return rows }
	const absent = "1991-09 1991-10 1991-11"
	for i, c := range []struct {
		s     *Series
		notes []string // a part of each note after the third, and of the second before that
		n     int
		v     float64 // entry 21
	}{
		{months("", func(rows []string) []string { return rows }), []string{"oldest first"}, 80, 441},
		{months("", drop), []string{"", absent}, 77, 576},
		{months("linear", drop), []string{"", absent}, 80, 445},
		{months("previous", drop), []string{"", absent}, 80, 361},
		{months("", func(rows []string) []string { slices.Reverse(rows); return rows }), []string{"turned"}, 80, 441},
		{months("", shuffle), []string{"sorted"}, 80, 441},
		{months("linear", func(rows []string) []string { rows[21] = "1991-10,NA"; return rows }), []string{""}, 80, 442},
		{months("", func(rows []string) []string { rows[70] = "1995-11,-43210"; return rows }), []string{"", "-43210"}, 80, 441},
		{months("linear", code), []string{"", "-43210"}, 80, 441},
	} {
		fine := len(c.s.Notes) == 2+len(c.notes) && len(c.s.values) == c.n && c.s.values[21] == c.v
		for k, note := range c.notes {
			if k > 0 {
				k++
			}
			fine = fine && strings.Contains(c.s.Notes[1+k], note)
		}
		if !fine {
			t.Errorf("%d: %d values, %v at 21: %q\nwant %d, %v: %q", i, len(c.s.values), c.s.values[21], c.s.Notes, c.n, c.v, c.notes)
		}
	}
	for i, change := range []func(rows []string) []string{
		func(rows []string) []string { return append(rows, rows[0]) },
		func(rows []string) []string { return slices.Insert(rows, 30, rows[30]) },
		code9,
	} {
		rows := change(monthly())
		if s, err := Read(written(t, "month,v\n"+strings.Join(rows, "\n")), Options{Fill: "linear"}); err == nil {
			t.Errorf("%d: no error, and %q", i, s.Notes)
		}
	}
}

// TestAutoregression: least squares finds the coefficients that generated a series.
func TestAutoregression(t *testing.T) {
	t.Parallel()
	s := &Series{Valid: 300, Z: []float64{1, 0.3}}
	for i := 2; i < 300; i++ {
		s.Z = append(s.Z, 0.2+1.5*s.Z[i-1]-0.8*s.Z[i-2]+0.1*math.Sin(float64(i*i)))
	}
	least := func(p int) autoregression {
		A, b := s.normal(14)
		return solve(A, b, p)
	}
	for i, a := range least(2) {
		if want := []float64{0.2, 1.5, -0.8}[i]; math.Abs(a-want) > 0.02 {
			t.Errorf("coefficient %d is %v, want %v", i, a, want)
		}
	}
	// If the lags depend on each other, the autoregression still forecasts.
	for i := range s.Z {
		s.Z[i] = math.Sin(0.3 * float64(i))
	}
	a := least(12)
	for i := 12; i < 300; i++ {
		if y := a.next(s.Z[:i]); math.Abs(y-s.Z[i]) > 1e-4 {
			t.Fatalf("the forecast of entry %d is %v, want %v", i, y, s.Z[i])
		}
	}
}

// TestBad: each error is one line that names the file, the column, and the mistake.
func TestBad(t *testing.T) {
	t.Parallel()
	sign := func(i int) float64 { return math.Pow(-1, float64(i)) }
	gaps := column(t, list(60, func(i int) any { return map[bool]any{true: "NA", false: i}[i%20 == 3] })...)
	for _, c := range []struct {
		file string
		o    Options
		want []string
	}{
		{column(t, 1, 2), Options{}, []string{" 2 ", "50"}},
		{column(t, list(60, func(int) any { return 7 })...), Options{}, nil},
		{column(t, list(60, func(i int) any { return sign(i) * 1.7e308 })...), Options{Diff: true}, nil},
		{column(t, list(60, func(i int) any { return sign(i) * math.Pow(10, float64(i/58*200)) })...), Options{}, []string{"59", "e+200"}},
		{gaps, Options{}, []string{"3", "5 25 45", "-fill linear"}},
		{column(t, list(60, func(int) any { return "NA" })...), Options{Column: "v", Fill: "linear"}, nil},
	} {
		_, err := Read(c.file, c.o)
		if err == nil || !strings.HasPrefix(err.Error(), c.file+": v: ") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%v, want the file and the column", err)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%v, want %q", err, want)
			}
		}
	}
	read(t, gaps, Options{Fill: "linear"})
	text := "date,v\n"
	for i := range 60 {
		text += fmt.Sprintf("%s,%d\n", time.Date(2021, 1, 1+i+i/30*4, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), i)
	}
	for _, fill := range []string{"", "linear"} {
		said := strings.Join(read(t, written(t, text), Options{Fill: fill}).Notes, " ")
		for _, part := range []string{"5 days", "2021-01-30", "2021-02-04"} {
			if !strings.Contains(said, part) {
				t.Errorf("fill %q: %q does not name the largest gap, %s", fill, said, part)
			}
		}
	}
	if _, err := Read("none.csv", Options{}); err == nil || !strings.Contains(err.Error(), "none.csv") {
		t.Errorf("%v, want the file", err)
	}
}

// TestScalingOutOfRange: a loaded scaling that no forecast can be computed with is refused.
func TestScalingOutOfRange(t *testing.T) {
	t.Parallel()
	for _, scaling := range [][]float64{{0, 1e308}, {1e308, 1}, {-1e300, 1}, {math.NaN(), 1}} {
		if s, err := Read(wave(t), Options{Scaling: scaling}); err == nil {
			t.Errorf("%v: no error, and %v", scaling, s.Scaling())
		}
	}
}
