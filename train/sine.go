package train

import (
	"fmt"
	"io"
	"math"
	"strings"

	"lstm/bptt"
	"lstm/train/rng"
)

func init() {
	register("forecast the next sample of a sine wave", Config{Task: "sine", Hidden: 5, Steps: 5000, Optimizer: "sgd", Rate: 0.01}, sine)
}

// What is shown of the forecast: so many samples after so many that the network has seen.
const warmSamples, freeSamples = 60, 40

// sine is to forecast: the target is the next sample of the wave, seen from the ones
// before it. Crops of 20 to 59 samples start at random places, from the zero state.
func sine(Config, *rng.Rand) (*Task, error) {
	data := make([]float64, 200)
	for t := range data {
		data[t] = sineSample(t)
	}
	crop := func(r *rng.Rand, s *Sequence) {
		n := r.Int(20, 60)
		start := r.Int(0, len(data)-n)
		s.X = append(s.X, data[start:start+n]...)
		s.Target = append(s.Target, data[start+1:start+n+1]...)
	}
	return &Task{
		Note: "One sample does not tell whether the wave rises, so the loss cannot go to zero.",
		Over: "a crop of the wave",
		Unit: "iteration",
		X:    1, O: 1, MaxT: 59,
		Loss: bptt.SquaredError{},
		From: 1,
		Draw: crop, Fresh: crop,
		Result: func(r *Run) float64 { return r.Forecast(warmSamples, freeSamples).FreeError },
		Says:   "error of a free-running forecast",
		Tell:   tellForecast,
		FreeRun: func(r *Run) *FreeRun {
			f := r.Forecast(warmSamples, freeSamples)
			return &f.FreeRun
		},
	}, nil
}

// sineSample returns sample t of the sine task's wave.
func sineSample(t int) float64 { return sin(0.3 * float64(t)) }

// rms returns the root of the mean squared difference of x and y.
func rms(x, y []float64) float64 {
	most := 0.0
	for i := range x {
		most = max(most, math.Abs(x[i]-y[i]))
	}
	_, exp := math.Frexp(most)
	sum := 0.0
	for i := range x { // in units of a power of two, of which squares are numbers
		d := math.Ldexp(x[i]-y[i], -exp)
		sum = math.FMA(d, d, sum)
	}
	return math.Ldexp(math.Sqrt(sum/float64(len(x))), exp)
}

// A Forecast is how the sine task's network does on n samples of the wave, after it has
// seen those before them.
type Forecast struct {
	FreeRun

	// Root mean squared errors, the third that of repeating the sample before.
	OneStepError, FreeError, RepeatError float64
}

// Forecast shows the network of the sine task the first warm samples of the wave, and
// then lets it forecast n more, both ways.
func (r *Run) Forecast(warm, n int) Forecast {
	var f Forecast
	var before []float64
	for t := range warm {
		f.Seen = append(f.Seen, sineSample(t))
	}
	for t := range n {
		before = append(before, sineSample(warm+t-1))
		f.Truth = append(f.Truth, sineSample(warm+t))
	}
	run := func(free bool) (y []float64) {
		next, x := r.follow(), []float64{0}
		for t := range warm + n - 1 {
			if t < warm || !free {
				x[0] = sineSample(t)
			}
			copy(x, next(x))
			if t >= warm-1 {
				y = append(y, x[0])
			}
		}
		return y
	}
	f.OneStep, f.Free = run(false), run(true)
	f.OneStepError, f.FreeError, f.RepeatError = rms(f.OneStep, f.Truth), rms(f.Free, f.Truth), rms(before, f.Truth)
	return f
}

// tellForecast draws the forecasts beside the wave.
func tellForecast(w io.Writer, r *Run) {
	const warm, n = warmSamples, freeSamples
	f := r.Forecast(warm, n)
	fmt.Fprintf(w, "\nAfter %d samples of the wave, %d forecasts: each from the true samples before\n"+
		"it, then each from the network's own. Errors are root mean squares; repeating\n"+
		"the sample before would give %.3f.\n\n", warm, n, f.RepeatError)
	fmt.Fprintf(w, "  the wave   %s\n", spark(f.Truth))
	fmt.Fprintf(w, "  one ahead  %s  error %.3f\n", spark(f.OneStep), f.OneStepError)
	fmt.Fprintf(w, "  free run   %s  error %.3f\n", spark(f.Free), f.FreeError)
}

// spark draws numbers from −1 to 1 as a line of blocks.
func spark(x []float64) string {
	const blocks = "▁▂▃▄▅▆▇█"
	var b strings.Builder
	for _, v := range x {
		level := int(math.Round((v + 1) / 2 * 7))
		b.WriteRune([]rune(blocks)[min(max(level, 0), 7)])
	}
	return b.String()
}
