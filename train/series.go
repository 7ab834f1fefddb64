package train

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"lstm/bptt"
	"lstm/train/rng"
	forecast "lstm/train/series"
)

func init() {
	register("forecast a series of your own", Config{
		Task: "series", Hidden: 16, Steps: 5000, Optimizer: "adam", Rate: 0.003, Clip: 1, ForgetBias: 1,
		Window: 48, Horizon: 24,
	}, series)
}

// series is to forecast the next value of a column of numbers. The training part is one sequence.
// The state is carried from chunk to chunk, and starts from zero where the sequence starts again.
func series(c Config, _ *rng.Rand) (*Task, error) {
	if c.Data == "" {
		return nil, errors.New("task series takes a -data FILE, with numbers in a column")
	}
	if c.Window < 1 {
		return nil, errors.New("task series takes a -window of 1 step or more")
	}
	o := forecast.Options{Column: c.Column, Fill: c.Fill, Diff: c.Diff}
	if c.known != nil {
		o.Scaling = c.known.Scaling
	}
	s, err := forecast.Read(c.Data, o)
	if err != nil {
		return nil, fmt.Errorf("-data: %w", err)
	}
	copyPairs := func(q *Sequence, from, to int) { // each entry, and the next as its target
		q.X, q.Target = append(q.X, s.Z[from:to]...), append(q.Target, s.Z[from+1:to+1]...)
	}
	steps := s.Valid - 1
	stride := min(c.Stride, steps)
	return &Task{
		Note:    strings.Join(s.Notes, " "),
		Data:    s.ID,
		Scaling: s.Scaling(),
		Over:    "the next values",
		Unit:    "chunk",
		X:       1, O: 1, MaxT: stride,
		Loss:    bptt.SquaredError{},
		Shown:   "squared error / variance",
		Per:     1,
		Endless: true,
		Draw: func(_ *rng.Rand, q *Sequence) {
			var from, to int
			from, to, q.Carry = chunk(q.N, steps, stride)
			copyPairs(q, from, to)
		},
		Fresh: func(r *rng.Rand, q *Sequence) {
			m := min(2*c.Window, len(s.Z)-s.Tail-1) // longer than a window, to verify a carried state
			from := s.Tail + r.Int(0, len(s.Z)-s.Tail-m)
			copyPairs(q, from, from+m)
		},
		Validate: func(r *Run) float64 { return s.ValidError(r.follow) },
		Every:    seldom(s.Tail - s.Valid),
		Result:   func(r *Run) float64 { return s.HeldOutError(r.follow) },
		Measure:  "error one step ahead, " + s.Name,
		Says:     "error one step ahead",
		Tell:     func(w io.Writer, r *Run) { s.Compare(r.follow, r.Config.Horizon).Write(w) },
		Forecast: func(r *Run) [][]string { return s.Forecast(r.follow, r.Config.Horizon) },
		FreeRun: func(r *Run) *FreeRun {
			f := FreeRun(*s.FreeRun(r.follow, c.Horizon))
			return &f
		},
	}, nil
}

// chunk returns the steps of an endless sequence that iteration n takes, and whether the state is
// carried to them.
func chunk(n, steps, stride int) (from, to int, carry bool) {
	from = n % ((steps + stride - 1) / stride) * stride
	return from, min(from+stride, steps), from > 0
}
