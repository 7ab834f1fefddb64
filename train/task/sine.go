package task

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"lstm/bptt"
	"lstm/tensor"
	"lstm/train/rival"
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
	data := sineSamples(200, 0)
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
			Error: func(m bptt.Model) float64 { mean, _, _, _ := sineCompare(m).LSTM.Spread(); return mean },
			Says:  fmt.Sprintf("mean error of %d free runs", sineStarts),
		},
		Tell: tellSine, Compare: func(m bptt.Model) *rival.Standing { return rival.Forecasts(sineCompare(m), true) },
		FreeRun: func(m bptt.Model) *series.FreeRun { return sineForecast(m, 0) },
	}, nil
}

// sineSamples returns the first n samples of the wave, from a phase on.
func sineSamples(n int, phase float64) []float64 {
	x := make([]float64, n)
	for t := range x {
		x[t] = tensor.Sin(float64(0.3*float64(t)) + phase)
	}
	return x
}

// The network sees sineSeen samples, and then forecasts sineFree. It starts at sineStarts phases.
const sineSeen, sineFree, sineStarts = 60, 40, 50

// sineForecast shows the network the first samples of the wave, from a phase on. The network forecasts the
// next samples twice: from the true samples before each, and from its own forecasts.
func sineForecast(m bptt.Model, phase float64) *series.FreeRun {
	wave := sineSamples(sineSeen+sineFree, phase)
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

// sineCompare compares the network with persistence and with the mean, from evenly spaced phases.
func sineCompare(m bptt.Model) *series.Comparison {
	scores := []series.Score{{Method: "persistence"}, {Method: "the mean"}, {Method: "the LSTM"}}
	for k := range sineStarts {
		f := sineForecast(m, 2*math.Pi*float64(k)/sineStarts)
		wave, mean := append(f.Seen, f.Truth...), make([]float64, sineFree)
		for i, one := range [][]float64{wave[sineSeen-1 : len(wave)-1], mean, f.OneStep} {
			scores[i].AddOneStep(one, f.Truth)
		}
		for i, free := range [][]float64{slices.Repeat(wave[sineSeen-1:sineSeen], sineFree), mean, f.Free} {
			scores[i].AddFree(free, f.Truth)
		}
	}
	return &series.Comparison{Simpler: scores[:2], LSTM: scores[2], Steps: sineFree, Apart: sineStarts}
}

// tellSine compares the network with simpler methods, and draws the forecasts from the first start.
func tellSine(w io.Writer, m bptt.Model) {
	c, f := sineCompare(m), sineForecast(m, 0)
	fmt.Fprintln(w)
	c.Answer(w)
	fmt.Fprintf(w, "\nThe LSTM sees %d samples of the wave, and forecasts the next %d. One step ahead,\n"+
		"each forecast uses the true samples before it. Running free, each forecast is\n"+
		"the next input. Persistence repeats the last sample; the mean of the wave is 0.\n"+
		"The starts have evenly spaced phases. Errors are root mean squares.\n\n", sineSeen, sineFree)
	c.Table(w)
	fmt.Fprintf(w, "\nFrom the first start:\n\n")
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
