package train

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	forecast "lstm/train/series"
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

// TestHeldOut: training and validation do not depend on the held-out part, the result does. Of a
// series, sequences to train on come from the training part, fresh ones from the held-out part.
func TestHeldOut(t *testing.T) {
	text, err := os.ReadFile("testdata/co2.csv")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	var v, changed []any
	for i, line := range lines[1:] {
		x, err := strconv.ParseFloat(strings.Split(line, ",")[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		v, changed = append(v, x), append(changed, x)
		if i >= 741-148 {
			changed[i] = -3 * x // and so every difference is another
		}
	}
	run := func(v []any) *Run {
		r := makeRun(t, "series", func(c *Config) { c.Hidden, c.Steps, c.Data, c.Column = 4, 50, column(t, v...), "v" })
		if err := r.Train(50, func() {}); err != nil {
			t.Fatal(err)
		}
		return r
	}
	r, again := run(v), run(changed)
	if r.valid != again.valid || !slices.Equal(r.Params.All, again.Params.All) {
		t.Error("the held-out part makes a difference")
	}
	if r.Task.Result(r) == again.Task.Result(again) {
		t.Error("the held-out part makes no difference to its error")
	}
	d, err := forecast.Read(r.Config.Data, forecast.Options{Diff: true})
	if err != nil {
		t.Fatal(err)
	}
	s := newSequence(r.Task, 4)
	seen := 0
	for k := range 40 {
		s.draw(r.rand, r.Task.Draw, k)
		if !s.Carry {
			seen = 0
		}
		for i, x := range s.X {
			if x != d.Z[seen] || s.Target[i] != d.Z[seen+1] || seen+1 >= d.Valid {
				t.Fatalf("step %d", seen)
			}
			seen++
		}
	}
	for range 50 {
		s.draw(r.rand, r.Task.Fresh, 0)
		found := false
		for at := d.Tail; at+len(s.X) < len(d.Z); at++ {
			found = found || slices.Equal(s.X, d.Z[at:at+len(s.X)]) && slices.Equal(s.Target, d.Z[at+1:at+1+len(s.X)])
		}
		if !found {
			t.Fatal("a fresh sequence is not from the held-out part")
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
