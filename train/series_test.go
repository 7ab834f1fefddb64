package train

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"lstm/train/rng"
)

// TestCO2: on a real series, monthly, with a trend and a season, the network forecasts the
// part that it has not seen better than persistence and seasonal persistence do, and two
// years on end within 1.5 ppm.
func TestCO2(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of chunks")
	}
	learn := func(diff bool) (*Run, map[string][2]float64) {
		r := makeRun(t, "series", func(c *Config) { c.Seed, c.Diff = 42, diff })
		if err := r.Train(r.Config.Steps, func() {}); err != nil {
			t.Fatal(err)
		}
		r.KeepBest()
		var b strings.Builder
		r.Task.Tell(&b, r)
		t.Log(b.String())
		errors := make(map[string][2]float64)
		for line := range strings.Lines(b.String()) {
			name, rest, _ := strings.Cut(strings.TrimSpace(line), "  ")
			var e [2]float64
			if n, _ := fmt.Sscan(rest, &e[0], &e[1]); n == 2 {
				errors[name] = e
			}
		}
		return r, errors
	}
	r, errors := learn(true)
	lstm := errors["the LSTM"]
	if len(errors) != 4 || !(lstm[0] < errors["persistence"][0] && lstm[0] < errors["seasonal persistence, lag 12"][0] && lstm[1] < 1.5) {
		t.Errorf("%v", errors)
	}
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, e := range errors {
		name = strings.NewReplacer("lag 12", "12 months").Replace(name)
		if row := fmt.Sprintf("| %s | %.4g | %.4g |", name, e[0], e[1]); !strings.Contains(string(readme), row) {
			t.Errorf("the README does not say %s", row)
		}
	}
	if v := r.Task.Result(r); fmt.Sprintf("%.4g", v) != fmt.Sprintf("%.4g", lstm[0]) {
		t.Errorf("the result is %v, and %v is told", v, lstm[0])
	}

	_, errors = learn(false)
	says(t, fmt.Sprintf("the LSTM is off by %.2g ppm", errors["the LSTM"][0]))
	found := false
	for name, e := range errors {
		if strings.HasPrefix(name, "autoregression") {
			found = true
			says(t, fmt.Sprintf("Autoregression on the values themselves does not fail: %.4g and %.4g.", e[0], e[1]))
		}
	}
	if !found {
		t.Errorf("no autoregression without -diff: %v", errors)
	}
}

// column writes a column of numbers to a file.
func column(t *testing.T, values ...any) string {
	name := filepath.Join(t.TempDir(), "x.csv")
	text := "v\n"
	for _, v := range values {
		text += fmt.Sprint(v, "\n")
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return name
}

func wave100(t *testing.T) string {
	var v []any
	for i := range 100 {
		v = append(v, 5+2*math.Sin(0.5*float64(i))+0.1*float64(i))
	}
	return column(t, v...)
}

// TestSplit: what is held out and what validates, the units, and that nothing beyond the part
// that is trained on goes into the scaling or into a sequence to train on.
func TestSplit(t *testing.T) {
	for _, diff := range []bool{false, true} {
		name := wave100(t)
		d, err := readData(Config{Data: name, Diff: diff})
		if err != nil {
			t.Fatal(err)
		}
		n := len(d.z)
		if n != map[bool]int{false: 100, true: 99}[diff] || d.tail != n-n/5 || d.valid != d.tail-n/10 {
			t.Errorf("diff %v: %d entries, from %d on to validate, from %d held out", diff, n, d.valid, d.tail)
		}
		says(t, "holds the last fifth out")
		sum, squares := 0.0, 0.0
		for _, z := range d.z[:d.valid] {
			sum += z
			squares += z * z
		}
		if math.Abs(sum) > 1e-10 || math.Abs(squares/float64(d.valid)-1) > 1e-12 {
			t.Errorf("diff %v: what is trained on has the mean %v and the variance %v", diff, sum/float64(d.valid), squares/float64(d.valid))
		}
		for i := 1; i < n; i++ {
			if got, want := d.value(d.z[i], d.v[d.at(i)-1]), d.v[d.at(i)]; math.Abs(got-want) > 1e-13 {
				t.Fatalf("diff %v: entry %d is %v, want %v", diff, i, got, want)
			}
		}
		r := makeRun(t, "series", func(c *Config) { c.Data, c.Column, c.Diff, c.Window = name, "v", diff, 16 })
		s := newSequence(r.Task, 16)
		seen := 0
		for k := range 40 {
			s.draw(r.rand, r.Task.Draw, k)
			if !s.Carry {
				seen = 0
			}
			for i, x := range s.X {
				if x != d.z[seen] || s.Target[i] != d.z[seen+1] || seen+1 >= d.valid {
					t.Fatalf("diff %v: step %d", diff, seen)
				}
				seen++
			}
		}
	}
}

// TestForecasts: the forecasts that the errors are of, with a network of which they are known.
func TestForecasts(t *testing.T) {
	name := wave100(t)
	r := makeRun(t, "series", func(c *Config) { c.Data, c.Column = name, "v" })
	d, err := readData(r.Config)
	if err != nil {
		t.Fatal(err)
	}
	clear(r.Params.All)
	r.Params.By[0] = 0.5 // whatever it sees, it says half a deviation above the mean
	y := d.oneStep(r, 0, len(d.z))
	for i := 1; i < len(y); i++ {
		if want := d.v[d.at(i)-1] + d.mean + 0.5*d.dev; math.Abs(y[i]-want) > 1e-13 {
			t.Fatalf("one step ahead, entry %d: %v, want %v", i, y[i], want)
		}
	}
	next := r.follow()
	for i, y := range d.free(d.tail, 5, func([]float64) float64 { return next([]float64{0})[0] }) {
		if want := d.v[d.at(d.tail)-1] + float64(i+1)*(d.mean+0.5*d.dev); math.Abs(y-want) > 1e-12 {
			t.Errorf("running free, step %d: %v, want %v", i, y, want)
		}
	}
	rows := d.forecast(r)
	first, step := d.at(d.tail), d.mean+0.5*d.dev
	if len(rows) != 1+100-first+24 || fmt.Sprint(rows[0]) != "[row v one step ahead running free]" {
		t.Fatalf("%d rows, %v", len(rows), rows[0])
	}
	for i, row := range rows[1:] {
		var at int
		var value, one, free float64 // 0 where there is none
		for k, to := range []any{&at, &value, &one, &free} {
			fmt.Sscan(row[k], to)
		}
		k := first + i // in d.v
		wantOne, wantFree := d.v[min(100, k)-1]+step, d.v[first-1]+float64(i+1)*step
		switch {
		case k >= 100: // beyond the end
			wantFree = d.v[99] + float64(k-99)*step
		case i >= 24:
			wantFree = 0
		}
		if k > 100 {
			wantOne = 0
		}
		if at != k+1 || math.Abs(one-wantOne) > 1e-8 || math.Abs(free-wantFree) > 1e-8 || k < 100 && value != d.v[k] || k >= 100 && row[1] != "" {
			t.Errorf("%v, want %v and %v", row, wantOne, wantFree)
		}
	}
	if lag := d.lag(); lag != 13 && lag != 12 {
		t.Errorf("a wave of 12.6 steps has the lag %d", lag)
	}
}

// TestHeldOut: nothing depends on what is held out but the errors there: not the scaling, the
// season, the autoregression, nor what validates, nor what is trained on.
func TestHeldOut(t *testing.T) {
	r := makeRun(t, "series", func(c *Config) { c.Hidden, c.Steps = 4, 50 })
	d, err := readData(r.Config)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Train(50, func() {}); err != nil {
		t.Fatal(err)
	}
	var v []any
	for i, x := range d.v {
		if i >= d.at(d.tail) {
			x = -3 * x // and so is every difference another
		}
		v = append(v, x)
	}
	again := makeRun(t, "series", func(c *Config) { c.Hidden, c.Steps, c.Data, c.Column = 4, 50, column(t, v...), "v" })
	e, err := readData(again.Config)
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Train(50, func() {}); err != nil {
		t.Fatal(err)
	}
	if d.mean != e.mean || d.dev != e.dev || d.lag() != e.lag() || !slices.Equal(d.regress(), e.regress()) ||
		r.valid != again.valid || !slices.Equal(r.Params.All, again.Params.All) {
		t.Error("what is held out makes a difference")
	}
	if r.Task.Result(r) == again.Task.Result(again) {
		t.Error("what is held out makes no difference to the errors there")
	}
	s := newSequence(r.Task, 4)
	for range 50 {
		s.draw(r.rand, r.Task.Fresh, 0)
		found := false
		for at := d.tail; at+len(s.X) < len(d.z); at++ {
			found = found || slices.Equal(s.X, d.z[at:at+len(s.X)]) && slices.Equal(s.Target, d.z[at+1:at+1+len(s.X)])
		}
		if !found {
			t.Fatal("a fresh sequence is not of the part that is held out")
		}
	}
}

// TestBaselines: errors that are known, of a series that repeats itself every 5 steps and climbs.
func TestBaselines(t *testing.T) {
	var v []any
	for i := range 200 {
		v = append(v, float64(i)+10*float64(i*i%5))
	}
	r := makeRun(t, "series", func(c *Config) { c.Data, c.Column, c.Diff, c.Horizon = column(t, v...), "v", false, 10 })
	clear(r.Params.All) // says the mean
	var b strings.Builder
	r.Task.Tell(&b, r)
	x := func(i int) float64 { return v[i].(float64) }
	var one, constant, season, seasons, mean []float64
	d, _ := readData(r.Config)
	for i := 160; i < 200; i++ {
		one, season, mean = append(one, x(i)-x(i-1)), append(season, x(i)-x(i-5)), append(mean, x(i)-d.mean)
	}
	for i := 160; i < 170; i++ {
		constant, seasons = append(constant, x(i)-x(159)), append(seasons, x(i)-x(155+(i-160)%5))
	}
	zero := make([]float64, 40)
	for name, want := range map[string][2]float64{
		"persistence":                 {rms(one, zero), rms(constant, zero)},
		"seasonal persistence, lag 5": {rms(season, zero), rms(seasons, zero)},
		"the LSTM":                    {rms(mean, zero), rms(mean[:10], zero)},
	} {
		if line := fmt.Sprintf("%30s  %14.4g  %14.4g\n", name, want[0], want[1]); !strings.Contains(b.String(), line) {
			t.Errorf("%s\nhas not %s", &b, line)
		}
	}
	var e, f float64
	if _, rest, found := strings.Cut(b.String(), " lags"); !found {
		t.Error("no autoregression")
	} else if n, _ := fmt.Sscan(rest, &e, &f); n != 2 || e > 1 || f > 5 {
		t.Errorf("autoregression is off by %v and %v", e, f)
	}
	text := strings.Join(strings.Fields(b.String()), " ")
	for _, want := range []string{
		"does not do better than persistence, seasonal persistence or autoregression one step ahead.",
		"Of the values that are held out 33 lie outside of all",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%s\nis not said: %s", &b, want)
		}
	}
}

// TestDatedForecast: the rows of a forecast have the dates of the data, and then those that follow.
func TestDatedForecast(t *testing.T) {
	r := makeRun(t, "series", nil)
	rows := r.Task.Forecast(r)
	n := len(rows)
	for i, want := range map[int]string{1: "2008-01-01 385.07", n - 25: "2020-04-01 416.18", n - 24: "2020-05-01 ", n - 1: "2022-04-01 "} {
		if got := rows[i][0] + " " + rows[i][1]; got != want {
			t.Errorf("row %d is %q, want %q", i, got, want)
		}
	}
}

// TestFilled: a value that was filled is none to be forecast, and is not known before its time.
func TestFilled(t *testing.T) {
	var v []any
	for i := range 100 {
		v = append(v, i*i%37)
	}
	v[10], v[85], v[90], v[91] = "NA", "NA", "NA", "NA"
	d, err := readData(Config{Data: column(t, v...), Fill: "linear"})
	if err != nil {
		t.Fatal(err)
	}
	if d.v[10] != float64(v[9].(int)+v[11].(int))/2 || d.v[85] != d.v[84] || d.v[91] != d.v[89] {
		t.Errorf("filled with %v, %v, %v", d.v[10], d.v[85], d.v[91])
	}
	y := slices.Clone(d.v[d.tail:])
	y[5], y[10], y[11] = 1e6, 1e6, 1e6
	if off := d.off(y, d.tail); off != 0 {
		t.Errorf("where there was no value to forecast, the forecast is off by %v", off)
	}
	y[0]++
	if off := d.off(y, d.tail); math.Abs(off-math.Sqrt(1.0/17)) > 1e-15 {
		t.Errorf("one of 17 off by 1 is %v", off)
	}
	r := makeRun(t, "series", func(c *Config) { c.Data, c.Column, c.Diff, c.Fill = column(t, v...), "v", false, "linear" })
	for i, row := range d.forecast(r)[1:] {
		k := d.tail + i
		if missing := k == 85 || k == 90 || k == 91 || k >= 100; missing != (row[1] == "") {
			t.Errorf("%v", row)
		}
	}
	for i, y := range r.Task.FreeRun(r).Truth {
		if k := d.tail + i; math.IsNaN(y) != (k == 85 || k == 90 || k == 91) {
			t.Errorf("the picture has value %d as %v", k, y)
		}
	}
}

// TestLag: noise that follows itself, with a season, has the lag of the season.
func TestLag(t *testing.T) {
	r := rng.New(1)
	noise := 0.0
	d := &data{v: make([]float64, 2000), z: make([]float64, 2000), valid: 1400}
	for i := range d.v {
		noise = 0.8*noise + r.Normal()
		d.v[i] = noise + 4*math.Sin(2*math.Pi*float64(i)/365)
	}
	if lag := d.lag(); lag < 350 || lag > 380 {
		t.Errorf("a season of 365 has the lag %d", lag)
	}
	walk := 0.0
	for i := range d.v {
		walk += r.Normal()
		d.v[i] = walk
	}
	if lag := d.lag(); lag != 2 {
		t.Errorf("a walk at random has the lag %d", lag)
	}
}

// TestDates: what is said of dates, and done about them.
func TestDates(t *testing.T) {
	read := func(fill string, change func(rows []string) []string) *data {
		var rows []string
		for i := range 80 {
			rows = append(rows, fmt.Sprintf("%04d-%02d,%d", 1990+i/12, 1+i%12, i*i))
		}
		name := filepath.Join(t.TempDir(), "x.csv")
		if err := os.WriteFile(name, []byte("month,v\n"+strings.Join(change(rows), "\n")), 0o666); err != nil {
			t.Fatal(err)
		}
		d, err := readData(Config{Data: name, Fill: fill})
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	drop := func(rows []string) []string { return slices.Delete(rows, 20, 23) }
	for _, c := range []struct {
		d    *data
		note string
		n    int
		v    float64 // of entry 21
	}{
		{read("", func(rows []string) []string { return rows }), "", 80, 441},
		{read("", drop), "No row has the dates 1991-09 1991-10 1991-11, 3 in all: those around", 77, 576},
		{read("linear", drop), "No row had the dates 1991-09 1991-10 1991-11, 3 in all: they are put in.", 80, 445},
		{read("previous", drop), "they are put in.", 80, 361},
		{read("", func(rows []string) []string { slices.Reverse(rows); return rows }), "Its dates run backwards", 80, 441},
		{read("linear", func(rows []string) []string { rows[21] = "1991-10,NA"; return rows }), "filled, on lines 23, 1 in all", 80, 442},
		{read("", func(rows []string) []string { return append(rows, rows[0]) }), "not in order", 81, 441},
		{read("", func(rows []string) []string { return slices.Insert(rows, 30, rows[30]) }), "Dates come more than once", 81, 441},
		{read("", func(rows []string) []string { rows[70] = "1995-11,-9999"; return rows }), "Is -9999 a number", 80, 441},
		{read("linear", func(rows []string) []string { rows[70], rows[71] = "1995-11,-9999", "1995-12,"; return rows }), "Is -9999 a number", 80, 441},
	} {
		if !strings.Contains(c.d.note, c.note) || c.note == "" && strings.Contains(c.d.note, "dates") || len(c.d.v) != c.n || c.d.v[21] != c.v {
			t.Errorf("%d values, %v at 21: %s\nwant %d, %v: %s", len(c.d.v), c.d.v[21], c.d.note, c.n, c.v, c.note)
		}
	}
}

// TestOtherData: with other data a run goes on from the network that validated best, and tells
// it these as it was told the first: by the same scaling, in the same symbols.
func TestOtherData(t *testing.T) {
	short := func(c *Config) { c.Hidden, c.Steps = 6, 200 }
	for _, task := range []string{"series", "text"} {
		r := makeRun(t, task, short)
		if err := r.Train(200, func() {}); err != nil {
			t.Fatal(err)
		}
		k := kept(t, r)
		same, err := k.Resume(k.Config)
		if err != nil || same.Other || !slices.Equal(same.Params.All, r.Params.All) {
			t.Fatalf("%s: %v, or the same data are called other", task, err)
		}
		c := k.Config
		if c.Column = "adjusted CO2"; task == "text" {
			c.Column, c.Data = "", filepath.Join(t.TempDir(), "other.txt")
			text, _ := os.ReadFile(k.Config.Data)
			if err := os.WriteFile(c.Data, append([]byte("Ж and Ю"), text[:1000]...), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		other, err := k.Resume(c)
		if err != nil {
			t.Fatal(err)
		}
		if !other.Other || other.Iter != 200 || other.Task.Symbols != r.Task.Symbols || !slices.Equal(other.Task.Scaling, r.Task.Scaling) ||
			!slices.Equal(other.Params.All, r.best) || other.bestIter != 0 || len(other.stream.State()) != 2*6 {
			t.Errorf("%s: %+v", task, other.Task)
		}
		if task == "text" && !strings.Contains(other.Task.Note, "Another 2 are left out") {
			t.Errorf("%s", other.Task.Note)
		}
		if err := other.Train(60, func() {}); err != nil || other.bestIter == 0 {
			t.Errorf("%s: %v, validated best after %d", task, err, other.bestIter)
		}
	}
}

// TestAutoregression: least squares finds the coefficients of a series that follows them.
func TestAutoregression(t *testing.T) {
	d := &data{valid: 300}
	d.z = []float64{1, 0.3}
	for i := 2; i < 300; i++ {
		d.z = append(d.z, 0.2+1.5*d.z[i-1]-0.8*d.z[i-2]+0.1*math.Sin(float64(i*i)))
	}
	least := func(p int) autoregression {
		A, b := d.normal(14)
		return solve(A, b, p)
	}
	near(t, "two lags", least(2), []float64{0.2, 1.5, -0.8}, 0.02)
	// and with lags that depend on each other, it still forecasts
	for i := range d.z {
		d.z[i] = math.Sin(0.3 * float64(i))
	}
	a := least(12)
	for i := 12; i < 300; i++ {
		if y := a.next(d.z[:i]); math.Abs(y-d.z[i]) > 1e-4 {
			t.Fatalf("entry %d is forecast as %v, and is %v", i, y, d.z[i])
		}
	}
}

func TestFill(t *testing.T) {
	nan := math.NaN()
	for how, want := range map[string]string{"linear": "[2 2 3 4 5 6 6]", "previous": "[2 2 2 2 5 6 6]"} {
		v := []float64{nan, 2, nan, nan, 5, 6, nan}
		if err := fill(v, how, 9); err != nil || fmt.Sprint(v) != want {
			t.Errorf("%s: %v, %v, want %s", how, v, err, want)
		}
	}
	v := []float64{1, nan, 3, nan, 5, nan, 7}
	if err := fill(v, "linear", 4); err != nil || fmt.Sprint(v) != "[1 2 3 3 5 5 7]" {
		t.Errorf("%v, %v: the future is known", v, err)
	}
	if err := fill([]float64{nan, nan}, "linear", 9); err == nil {
		t.Error("nothing to fill with: no error")
	}
}

// TestBadSeries: each error is one line that says what is wrong with the series.
func TestBadSeries(t *testing.T) {
	var flat, gaps, wild []any
	for i := range 60 {
		flat = append(flat, 7)
		gaps = append(gaps, map[bool]any{true: "NA", false: i}[i%20 == 3])
		wild = append(wild, math.Pow(-1, float64(i))*1.7e308)
	}
	for _, c := range []struct {
		values []any
		want   string
	}{
		{[]any{1, 2}, "2 values are too few to learn from: it takes 50"},
		{flat, "does not vary"},
		{wild, "or by more than a number can say"},
		{gaps, "v: 3 values are missing, on lines 5 25 45: -fill linear or -fill previous fills them"},
	} {
		cfg := Defaults("series")
		cfg.Data, cfg.Diff = column(t, c.values...), len(c.values) > 2 && c.values[1] == wild[1]
		if _, err := New(cfg); err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%v, want %q", err, c.want)
		}
		if cfg.Fill = "linear"; c.want[0] == 'v' {
			if _, err := New(cfg); err != nil {
				t.Errorf("filled: %v", err)
			}
		}
	}
}
