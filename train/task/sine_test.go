package task_test

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"lstm/bptt"
	"lstm/tensor/assert"
	"lstm/train/settings"
)

// TestSine: the trained network is better than the simpler methods, also in free runs from 50 phases.
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
	var told bytes.Buffer
	r.Task.Tell(&told, r.Model)
	says := func(format string, numbers ...any) {
		if text := fmt.Sprintf(format, numbers...); !strings.Contains(told.String(), text) {
			t.Errorf("the output lacks %q:\n%s", text, &told)
		}
	}
	var wave strings.Builder
	for _, v := range f.Truth { // the height of a block is that of the sample, in eighths
		wave.WriteRune('▁' + rune(math.Round((v+1)*3.5)))
	}
	says("%s", &wave)
	says("error %.3f", rms(f.OneStep))
	says("error %.3f", rms(f.Free))
	e := sineErrors(r.Model)
	for i, name := range []string{"persistence", "the mean", "the LSTM"} {
		slices.Sort(e[i].free)
		mean, squares := 0.0, 0.0
		for _, x := range e[i].free {
			mean += x / 50
		}
		for _, x := range e[i].free {
			squares += (x - mean) * (x - mean)
		}
		e[i].mean = mean
		says("%-29s%10.4g%10.4g%11.4g%10.4g%10.4g\n", name, e[i].oneStep, mean, math.Sqrt(squares/49), e[i].free[0], e[i].free[49])
	}
	lstm := e[2]
	if !(lstm.oneStep < e[0].oneStep/4 && lstm.free[49] < e[1].free[0]) {
		t.Errorf("the errors are %v", e)
	}
	says("50 of 50")
	assert.Near(t, "the result", []float64{r.Task.Result.Error(r.Model)}, []float64{lstm.mean}, 1e-12)
	proven(t, r, 0)
}

// A sineScore has the errors of a method on the sine wave: one step ahead, over all starts; and running free, the mean,
// and from each start.
type sineScore struct {
	oneStep, mean float64
	free          []float64
}

// sineErrors measures persistence, the mean and a network on the wave, from 50 evenly spaced phases.
func sineErrors(m bptt.Model) (e [3]sineScore) {
	for k := range 50 {
		at := func(t int) float64 { return math.Sin(0.3*float64(t) + 2*math.Pi*float64(k)/50) }
		one, free := m.Follow(), m.Follow()
		var y, z float64 // forecasts of the network
		var sums [3]float64
		for t := range 100 {
			if t >= 60 {
				for i, f := range []float64{at(t - 1), 0, y} {
					e[i].oneStep += (f - at(t)) * (f - at(t)) / 2000
				}
				for i, f := range []float64{at(59), 0, z} {
					sums[i] += (f - at(t)) * (f - at(t)) / 40
				}
				z = free([]float64{z})[0]
			} else {
				z = free([]float64{at(t)})[0]
			}
			y = one([]float64{at(t)})[0]
		}
		for i, sum := range sums {
			e[i].free = append(e[i].free, math.Sqrt(sum))
		}
	}
	for i := range e {
		e[i].oneStep = math.Sqrt(e[i].oneStep)
	}
	return e
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
