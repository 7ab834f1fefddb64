package task_test

import (
	"bytes"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"lstm/train"
	"lstm/train/checkpoint"
	"lstm/train/facts"
	"lstm/train/series"
	"lstm/train/settings"
)

func init() {
	setup["series"] = func(_ testing.TB, c *settings.Config) { c.Data, c.Column, c.Diff = "../testdata/co2.csv", "CO2", true }
}

// column writes a column of numbers to a file, and returns its name.
func column(t testing.TB, n int, value func(i int) float64) string {
	var text strings.Builder
	text.WriteString("v\n")
	for i := range n {
		fmt.Fprintln(&text, value(i))
	}
	return written(t, text.String())
}

// readSeries returns the data of a run.
func readSeries(t testing.TB, c settings.Config) *series.Series {
	t.Helper()
	s, err := series.Read(c.Data, series.Options{Column: c.Column, Fill: c.Fill, Diff: c.Diff})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestSeries: chunks go through the training part in order, and carry the state. They contain no value
// outside the training part. Fresh sequences come from the held-out part.
func TestSeries(t *testing.T) {
	t.Parallel()
	for _, diff := range []bool{false, true} {
		r := newRun(t, "series", func(c *settings.Config) {
			c.Data = column(t, 100, func(i int) float64 { return 5 + 2*math.Sin(0.5*float64(i)) + 0.1*float64(i) })
			c.Column, c.Diff, c.Window = "v", diff, 16
		})
		d, s := readSeries(t, r.Config), r.Task.NewSequence(16)
		seen, begun := 0, 0
		for k := range 40 {
			s.Fill(r.Task.Draw, r.Rand, k)
			if !s.Carry {
				if k > 0 && seen != d.Valid-1 {
					t.Errorf("diff %v: the sequence begins again after %d steps, want %d", diff, seen, d.Valid-1)
				}
				seen = 0
				begun++
			}
			for i, x := range s.X {
				if x != d.Z[seen] || s.Target[i] != d.Z[seen+1] || seen+1 >= d.Valid {
					t.Fatalf("diff %v: step %d", diff, seen)
				}
				seen++
			}
		}
		if begun < 2 {
			t.Errorf("diff %v: the sequence does not begin again", diff)
		}
		for range 50 {
			s.Fill(r.Task.Fresh, r.Rand, 0)
			found := false
			for at := d.Tail; at+len(s.X) < len(d.Z); at++ {
				found = found || slices.Equal(s.X, d.Z[at:at+len(s.X)]) && slices.Equal(s.Target, d.Z[at+1:at+1+len(s.X)])
			}
			if !found || len(s.X) < min(2*16, len(d.Z)-d.Tail-1) {
				t.Fatal("a fresh sequence is not from the held-out part, or is too short")
			}
		}
	}
}

// TestSeriesHeldOut: training and validation do not depend on the held-out part. The held-out error
// does.
func TestSeriesHeldOut(t *testing.T) {
	t.Parallel()
	values := func(c *settings.Config, change func(i int, v float64) float64) {
		c.Hidden, c.Steps, c.Diff = 4, 50, true
		c.Data, c.Column = column(t, 300, func(i int) float64 { return change(i, math.Sin(0.5*float64(i))+0.1*float64(i%7)) }), "v"
	}
	r := newRun(t, "series", func(c *settings.Config) { values(c, func(_ int, v float64) float64 { return v }) })
	d := readSeries(t, r.Config)
	again := newRun(t, "series", func(c *settings.Config) {
		values(c, func(i int, v float64) float64 {
			if i > d.Tail { // Z[i] is the difference to the value after
				return -3 * v
			}
			return v
		})
	})
	learn(t, r, 50)
	learn(t, again, 50)
	if !slices.Equal(r.Task.Data.Scaling, again.Task.Data.Scaling) || len(r.Past.Valid) == 0 || !slices.Equal(r.Past.Valid, again.Past.Valid) ||
		!slices.Equal(r.Model.Params.All, again.Model.Params.All) {
		t.Error("training or validation depends on the held-out part")
	}
	if r.Task.Result.Error(r.Model) == again.Task.Result.Error(again.Model) || r.Task.Data.ID == again.Task.Data.ID {
		t.Error("the held-out error or the ID of the data does not depend on the held-out part")
	}
}

// TestSeriesTask: the errors and forecasts of the task come from package series.
func TestSeriesTask(t *testing.T) {
	t.Parallel()
	r := newRun(t, "series", func(c *settings.Config) { c.Hidden, c.Horizon = 4, 7 })
	d, follow := readSeries(t, r.Config), r.Model.Follow
	if v := r.Task.Validation.Error(r.Model); v != d.ValidError(follow) {
		t.Errorf("the validation error is %v", v)
	}
	if v := r.Task.Result.Error(r.Model); v != d.HeldOutError(follow) {
		t.Errorf("the result is %v", v)
	}
	if rows := r.Task.Forecast(r.Model); !slices.EqualFunc(rows, d.Forecast(follow, 7), slices.Equal) {
		t.Errorf("the forecast is %v", rows)
	}
	if f := r.Task.FreeRun(r.Model); len(f.Free) != 7 || !slices.Equal(f.Free, d.FreeRun(follow, 7).Free) {
		t.Errorf("the free run is %v", f)
	}
	var got, want bytes.Buffer
	r.Task.Tell(&got, r.Model)
	d.Compare(follow, 7).Write(&want)
	if d.Future(follow, 7).Write(&want); got.Len() == 0 || got.String() != want.String() {
		t.Errorf("%s", &got)
	}
	if f := r.Task.Future(r.Model); len(f.Free) != 7 || !slices.Equal(f.Half, d.Future(follow, 7).Half) {
		t.Errorf("the forecasts after the end are %v", f)
	}
	if b := newRun(t, "series", nil).Task.Baseline(0, 16); math.Abs(b-1) > 0.02 {
		t.Errorf("the baseline is %v of the variance", b)
	}
}

// TestOtherSeries: a run that goes on with another series keeps the scaling of the first series.
func TestOtherSeries(t *testing.T) {
	t.Parallel()
	r := newRun(t, "series", func(c *settings.Config) { c.Hidden = 6 })
	learn(t, r, 200)
	name := filepath.Join(t.TempDir(), "run")
	if err := checkpoint.Save(r, name); err != nil {
		t.Fatal(err)
	}
	saved, err := checkpoint.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	c := saved.Config
	c.Column = "adjusted CO2"
	other, err := saved.Resume(c)
	if err != nil {
		t.Fatal(err)
	}
	fresh, err := train.New(c)
	if err != nil {
		t.Fatal(err)
	}
	if !other.Other || !slices.Equal(other.Task.Data.Scaling, r.Task.Data.Scaling) || slices.Equal(other.Task.Data.Scaling, fresh.Task.Data.Scaling) {
		t.Errorf("the scaling is %v, and for the first series %v", other.Task.Data.Scaling, r.Task.Data.Scaling)
	}
	learn(t, other, 60)
}

func TestBadSeries(t *testing.T) {
	t.Parallel()
	c := config(t, "series")
	for what, change := range map[string]func(c *settings.Config){
		"-data":   func(c *settings.Config) { c.Data, c.Column = "", "" },
		"-window": func(c *settings.Config) { c.Window = 0 },
		"none":    func(c *settings.Config) { c.Data = filepath.Join(t.TempDir(), "none") },
		"nothing": func(c *settings.Config) { c.Column = "nothing" },
	} {
		c := c
		change(&c)
		if _, err := train.New(c); err == nil || !strings.Contains(err.Error(), what) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%v, want %q", err, what)
		}
	}
}

func TestSeriesGradients(t *testing.T) {
	t.Parallel()
	gradients(t, "series", func(c *settings.Config) { c.Hidden, c.Window, c.Stride = 7, 20, 5 })
}

// TestSeriesTable uses a real monthly series with a trend and a season. On the held-out part, the network
// forecasts better than persistence and seasonal persistence. A forecast of two years is within
// 1.5 ppm.
func TestSeriesTable(t *testing.T) {
	if !*long {
		t.Skip("thousands of chunks: give -long")
	}
	rows := make([]string, 4)
	head := ""
	for _, diff := range []bool{true, false} {
		r := newRun(t, "series", func(c *settings.Config) { c.Seed, c.Diff = 42, diff })
		learn(t, r, r.Config.Steps)
		r.KeepBest()
		result := r.Task.Result.Error(r.Model)
		c := readSeries(t, r.Config).Compare(r.Model.Follow, r.Config.Horizon)
		if diff {
			head = fmt.Sprintf("| | one step ahead, %d months | %d months running free, %d starts | without `-diff`: one step ahead | running free |\n",
				c.HeldOut, c.Steps, len(c.LSTM.Free))
		}
		for i, x := range append(c.Simpler, c.LSTM) {
			if diff {
				rows[i] = fmt.Sprintf("| %s%s |", x.Method, x.Detail)
			}
			mean, deviation, least, largest := x.Spread()
			rows[i] += fmt.Sprintf(" %.4g | %.4g ± %.2g (%.4g to %.4g) |", x.Error(), mean, deviation, least, largest)
			if diff && x.Method != c.LSTM.Method && !(result < x.Error()) {
				t.Errorf("one step ahead the network is off by %v, and %s by %v", result, x.Method, x.Error())
			}
		}
		if len(c.Simpler) != 3 || c.LSTM.Error() != result || diff && !(c.LSTM.Free[0] < 1.5) {
			t.Errorf("diff %v: the result is %v; %+v", diff, result, c)
		}
	}
	facts.Block(t, readme, "table:co2", head+"| --- | --- | --- | --- | --- |\n"+strings.Join(rows, "\n")+"\n")
}

// TestSeriesSeeds learns the series with ten seeds. The mean error of the free runs is always below that of the
// best simpler method.
func TestSeriesSeeds(t *testing.T) {
	if !*long {
		t.Skip("thousands of chunks, ten times: give -long")
	}
	var one, free series.Score // of each seed
	first, beaten := 0, 0
	for seed := range 10 {
		r := newRun(t, "series", func(c *settings.Config) { c.Seed = uint32(1 + seed) })
		learn(t, r, r.Config.Steps)
		r.KeepBest()
		c := readSeries(t, r.Config).Compare(r.Model.Follow, r.Config.Horizon)
		mean, _, _, _ := c.LSTM.Spread()
		one.Free, free.Free = append(one.Free, c.LSTM.Error()), append(free.Free, mean)
		if ar, _, _, _ := c.Simpler[2].Spread(); !(mean < ar) {
			t.Errorf("seed %d: the mean error is %v, and that of the autoregression %v", 1+seed, mean, ar)
		}
		a, b := c.Winners()
		if a > 0 {
			first++
		}
		if b > 0 {
			beaten++
		}
	}
	text := "| ten networks | mean ± standard deviation (least to largest) | clear winner |\n| --- | --- | --- |\n"
	for _, x := range []struct {
		name string
		s    series.Score
		won  int
	}{{"error one step ahead", one, first}, {"mean error of the free runs", free, beaten}} {
		mean, deviation, least, largest := x.s.Spread()
		text += fmt.Sprintf("| %s | %.3g ± %.2g (%.3g to %.3g) | %d of 10 |\n", x.name, mean, deviation, least, largest, x.won)
	}
	facts.Block(t, readme, "table:co2 seeds", text)
}
