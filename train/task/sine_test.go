package task_test

import (
	"bytes"
	"fmt"
	"math"
	"testing"

	"lstm/tensor/assert"
	"lstm/train/settings"
)

// TestSine: the trained network is better than repeating the last sample, also in a free run.
func TestSine(t *testing.T) {
	t.Parallel()
	r := newRun(t, "sine", func(c *settings.Config) { c.Seed = 42 })
	learn(t, r, 5000)
	f := r.Task.FreeRun(r.Model)
	if len(f.Seen) != 60 || len(f.Truth) != 40 || len(f.OneStep) != 40 || len(f.Free) != 40 {
		t.Fatalf("%d samples, and %d, %d and %d of the forecast, want 60, and 40", len(f.Seen), len(f.Truth), len(f.OneStep), len(f.Free))
	}
	for i, v := range append(f.Seen, f.Truth...) {
		if want := math.Sin(0.3 * float64(i)); math.Abs(v-want) > 1e-14 {
			t.Fatalf("sample %d is %v, want %v", i, v, want)
		}
	}
	if f.OneStep[0] != f.Free[0] {
		t.Error("the first forecasts differ, although both use only true samples")
	}
	rms := func(y []float64) float64 {
		sum := 0.0
		for i, v := range f.Truth {
			sum += (y[i] - v) * (y[i] - v)
		}
		return math.Sqrt(sum / float64(len(y)))
	}
	oneStep, free, repeated := rms(f.OneStep), rms(f.Free), rms(append([]float64{f.Seen[59]}, f.Truth[:39]...))
	if !(oneStep < repeated/4 && free < repeated) {
		t.Errorf("errors: one step %.3f, free run %.3f, repeating the last sample %.3f", oneStep, free, repeated)
	}
	assert.Near(t, "the result", []float64{r.Task.Result.Error(r.Model)}, []float64{free}, 1e-14)
	var told bytes.Buffer
	r.Task.Tell(&told, r.Model, r.Rand)
	for _, v := range []float64{oneStep, free, repeated} {
		if !bytes.Contains(told.Bytes(), []byte(fmt.Sprintf("%.3f", v))) {
			t.Errorf("the output lacks the error %.3f:\n%s", v, &told)
		}
	}
	proven(t, r, 0)
}

// TestSineForecasts: the forecasts equal the outputs of the network, step by step: from the true
// samples, or from its own forecasts.
func TestSineForecasts(t *testing.T) {
	t.Parallel()
	r := newRun(t, "sine", func(c *settings.Config) { c.Seed = 3 })
	f := r.Task.FreeRun(r.Model)
	wave := append(f.Seen, f.Truth...)
	w := r.Model.Window(99)
	zero := make([]float64, 5)
	w.Forward(wave[:99], make([]float64, 99), zero, zero)
	assert.Near(t, "one step ahead", f.OneStep, w.Y[59:], 1e-14)
	w.Forward(append(wave[:60:60], f.Free[:39]...), make([]float64, 99), zero, zero)
	assert.Near(t, "running free", f.Free, w.Y[59:], 1e-14)
}
