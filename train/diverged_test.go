package train

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"lstm/cell"
	"lstm/train/settings"
	"lstm/train/task"
)

func TestDiverged(t *testing.T) {
	t.Parallel()
	diverged := func(what string, err error) *Diverged {
		t.Helper()
		var d *Diverged
		if !errors.As(err, &d) || !strings.Contains(err.Error(), fmt.Sprintf("iteration %d ", d.Iter)) {
			t.Fatalf("%s: %v, want a Diverged error that names the iteration", what, err)
		}
		return d
	}
	rate := func(rate float64) *Run {
		return newToy(t, "plain", func(c *settings.Config, _ *task.Task) { c.Rate = rate })
	}
	r := rate(100)
	if d := diverged("rate 100", r.Train(5000, func() {})); d.Iter != r.Iter-1 || d.Config != r.Config || !(d.Usual > 0) || d.Usual != r.norms.usual || d.Norm != r.norms.last || d.Norm == d.Usual {
		t.Errorf("rate 100: %+v after %d iterations", d, r.Iter)
	}
	// After the last step, only the parameters show that the run diverged.
	r = rate(1e308)
	d := diverged("rate 1e308", r.Train(1, func() {}))
	of := slices.ContainsFunc(r.Model.Params.Blocks(), func(b cell.Block) bool { return strings.HasPrefix(d.What, b.Name) })
	if finite(d.Value) || !of {
		t.Errorf("rate 1e308: %+v, want an error that names a parameter", d)
	}
	if _, err := r.Step(); diverged("the step after", err).What != "the loss" {
		t.Errorf("the next step: %v, want an error that names the loss", err)
	}
	// A loss can be too large although it is finite.
	r = rate(0.01)
	learn(t, r, 10)
	for _, c := range []struct {
		times     float64
		end, step bool // End and Step return an error
	}{{99, false, false}, {101, true, false}, {0.99e6, true, false}, {1.02e6, true, true}} {
		r.EMA = c.times * r.begun
		if err := r.End(); (err != nil) != c.end || err != nil && diverged("the end", err).What != "the average loss" {
			t.Errorf("End: an average of %v times the first loss: %v", c.times, err)
		}
		if _, err := r.Step(); (err != nil) != c.step || err != nil && diverged("a step", err).What != "the average loss" {
			t.Errorf("an average of %v times the first loss: %v", c.times, err)
		}
	}
}

// TestHints: the hint of a diverged run depends on its gradients. They determine the flag and the
// numbers in the hint.
func TestHints(t *testing.T) {
	t.Parallel()
	sgd := settings.Config{Optimizer: "sgd", Rate: 0.01}
	config := func(change func(c *settings.Config)) settings.Config { c := sgd; change(&c); return c }
	for _, c := range []struct {
		d     Diverged
		flag  string
		value []string
	}{
		{Diverged{Usual: 2, Norm: 3e5, Config: sgd}, "-clip", []string{"2.0e+00", "3.0e+05", "2"}},
		{Diverged{Usual: 2, Norm: 3, Config: sgd}, "-rate", []string{"2.0e+00", "0.01"}},
		{Diverged{Usual: 2, Norm: 199, Config: sgd}, "-rate", []string{"2.0e+00", "0.01"}},
		{Diverged{Usual: 2, Norm: 201, Config: sgd}, "-clip", []string{"2.0e+00", "2.0e+02", "2"}},
		{Diverged{Usual: 2, Norm: 200, Config: sgd}, "-clip", []string{"2.0e+00", "2.0e+02", "2"}},
		{Diverged{Config: sgd}, "-rate", []string{"0.01"}},
		{Diverged{Usual: 9.9, Norm: 3e5, Config: sgd}, "-clip", []string{"9.9e+00", "3.0e+05", "1e+01"}},
		{Diverged{Usual: 2, Norm: 3e5, Config: config(func(c *settings.Config) { c.Rate = 0.05 })}, "-rate", []string{"2.0e+00", "1.0e-01", "0.05"}},
		{Diverged{Usual: 2, Norm: 3e5, Config: config(func(c *settings.Config) { c.Rate = 5 })}, "-rate", []string{"1.0e+01", "5"}},
		{Diverged{Usual: 2, Norm: 3e5, Config: config(func(c *settings.Config) { c.Clip = 1 })}, "-rate", []string{"1", "0.01"}},
		{Diverged{Usual: 2, Norm: 3e5, Config: config(func(c *settings.Config) { c.Optimizer, c.Rate = "adam", 5 })}, "-rate", []string{"5"}},
	} {
		c.d.Iter, c.d.What, c.d.Value = 7, "the loss", math.Inf(1)
		got := c.d.Error()
		if flags := regexp.MustCompile(`-(clip|rate)\b`).FindAllString(got, -1); !slices.Equal(flags, []string{c.flag}) {
			t.Errorf("%s: the flags %v, want %s", got, flags, c.flag)
		}
		words := strings.FieldsFunc(got, func(r rune) bool { return strings.ContainsRune(" ,:;", r) })
		for _, want := range append(c.value, "7", "+Inf") {
			if !slices.Contains(words, want) {
				t.Errorf("%s: want %s in it", got, want)
			}
		}
		if strings.Contains(got, "\n") || !strings.Contains(got, "the loss") || c.d.Config.Optimizer != "sgd" && strings.Contains(got, "e+") {
			t.Errorf("%q", got)
		}
	}
}

// TestSmallFirst: a first loss that is small by chance does not make a run diverge.
func TestSmallFirst(t *testing.T) {
	r := newToy(t, "plain", nil)
	if _, err := r.Step(); err != nil {
		t.Fatal(err)
	}
	r.begun = 1e-12
	if err := r.Train(5, func() {}); err != nil {
		t.Error(err)
	}
	r.EMA = 1e9
	if r.End() == nil {
		t.Error("an average loss of 1e9 passes")
	}
}
