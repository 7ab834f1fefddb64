package task

import (
	"fmt"
	"io"
	"math"
	"strings"

	"lstm/bptt"
	"lstm/tensor"
	"lstm/train/rng"
	"lstm/train/series"
	"lstm/train/settings"
)

func init() {
	c := settings.Config{Task: "sine", Hidden: 5, Steps: 5000, Optimizer: "sgd", Rate: 0.01}
	register(settings.Task{Name: "sine", About: "forecast the next sample of a sine wave", Defaults: c}, sine)
}

// sine is the task to forecast: the target is the next sample of the wave. Crops of 20 to 59 samples
// start at random places, from the zero state.
func sine(settings.Config, Data, *rng.Rand) (*Task, error) {
	data := sineSamples(200)
	crop := func(r *rng.Rand, s *Sequence) {
		n := r.Int(20, 60)
		start := r.Int(0, len(data)-n)
		s.X = append(s.X, data[start:start+n]...)
		s.Target = append(s.Target, data[start+1:start+n+1]...)
	}
	return &Task{
		Note: "One sample does not tell whether the wave rises, so the loss cannot reach zero.",
		Unit: "iteration", X: 1, O: 1, MaxT: 59,
		Loss: bptt.SquaredError{}, Shown: Shown{From: 1}, Draw: crop, Fresh: crop,
		Result: &Metric{
			Error: func(m bptt.Model) float64 { f := sineForecast(m); return series.RMS(f.Free, f.Truth) },
			Says:  "error of a free-running forecast",
		},
		Tell: tellSine, FreeRun: sineForecast,
	}, nil
}

// sineSamples returns the first n samples of the wave.
func sineSamples(n int) []float64 {
	x := make([]float64, n)
	for t := range x {
		x[t] = tensor.Sin(0.3 * float64(t))
	}
	return x
}

// The network sees sineSeen samples, and then forecasts sineFree.
const sineSeen, sineFree = 60, 40

// sineForecast shows the network the first samples of the wave. The network forecasts the next samples
// twice: from the true samples before each, and from its own forecasts.
func sineForecast(m bptt.Model) *series.FreeRun {
	wave := sineSamples(sineSeen + sineFree)
	run := func(free bool) (y []float64) {
		next, x := m.Follow(), []float64{0}
		for t, sample := range wave[:len(wave)-1] {
			if t < sineSeen || !free {
				x[0] = sample
			}
			copy(x, next(x))
			if t >= sineSeen-1 {
				y = append(y, x[0])
			}
		}
		return y
	}
	return &series.FreeRun{Seen: wave[:sineSeen:sineSeen], Truth: wave[sineSeen:], OneStep: run(false), Free: run(true)}
}

// tellSine draws the forecasts beside the wave.
func tellSine(w io.Writer, m bptt.Model, _ *rng.Rand) {
	f := sineForecast(m)
	repeated := append([]float64{f.Seen[sineSeen-1]}, f.Truth[:sineFree-1]...)
	fmt.Fprintf(w, "\nThe next %d samples of the wave, after %d. One step ahead, each forecast uses the true\n"+
		"samples before it. Running free, it uses the network's own forecasts. Errors are root\n"+
		"mean squares. Repeating the last sample has an error of %.3f.\n\n", sineFree, sineSeen, series.RMS(repeated, f.Truth))
	fmt.Fprintf(w, "  the wave        %s\n", spark(f.Truth))
	fmt.Fprintf(w, "  one step ahead  %s  error %.3f\n", spark(f.OneStep), series.RMS(f.OneStep, f.Truth))
	fmt.Fprintf(w, "  running free    %s  error %.3f\n", spark(f.Free), series.RMS(f.Free, f.Truth))
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
