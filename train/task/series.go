package task

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"lstm/bptt"
	"lstm/train/rival"
	"lstm/train/rng"
	"lstm/train/series"
	"lstm/train/settings"
	"lstm/train/show"
	"lstm/train/table"
)

func init() {
	c := settings.Config{
		Task: "series", Hidden: 16, Steps: 5000, Optimizer: "adam", Rate: 0.003, Clip: 1, ForgetBias: 1, Window: 48, Horizon: 24,
	}
	uses := []string{"data", "column", "date", "decimal", "missing", "group", "fill", "diff", "horizon", "forecast"}
	register(settings.Task{Name: "series", About: "forecast a series of your own", Defaults: c, Uses: uses}, ownSeries)
}

// ownSeries is the task to forecast the next value of a column of numbers. The training part is one
// sequence without end: after its last value it begins again, from the zero state.
func ownSeries(c settings.Config, known Data, _ *rng.Rand) (*Task, error) {
	if c.Data == "" {
		return nil, errors.New("task series needs -data FILE, a table with a column of numbers")
	}
	live := show.NewLive(os.Stderr)
	defer live.Clear()
	how := table.Options{Date: c.Date, Decimal: c.Decimal, Missing: c.Missing, Group: c.Group}
	how.Progress = func(read, size int64) {
		live.Show(func(time.Duration) string { return fmt.Sprintf("reading %s: %d of %d MB", c.Data, read>>20, size>>20) })
	}
	s, err := series.Read(c.Data, series.Options{Column: c.Column, Table: how, Fill: c.Fill, Diff: c.Diff, Scaling: known.Scaling})
	if err != nil {
		return nil, fmt.Errorf("-data: %w", err)
	}
	stride, draw, fresh := endless(c, s.Valid, s.Tail, len(s.Z), func(q *Sequence, from, to int) {
		q.X, q.Target = append(q.X, s.Z[from:to]...), append(q.Target, s.Z[from+1:to+1]...)
	})
	return &Task{
		Note: strings.Join(s.Notes, "\n"), Data: Data{ID: s.ID, Scaling: s.Scaling()},
		Unit: "chunk", X: 1, O: 1, MaxT: stride,
		Loss: bptt.SquaredError{}, Shown: Shown{Name: "squared error / variance", Per: 1},
		Endless: true, Draw: draw, Fresh: fresh,
		Validation: &Metric{
			Error: func(m bptt.Model) float64 { return s.ValidError(m.Follow) },
			Every: validateEvery(s.Tail - s.Valid), Says: "error one step ahead, " + s.Name,
		},
		Result: &Metric{Error: func(m bptt.Model) float64 { return s.HeldOutError(m.Follow) }, Says: "error one step ahead"},
		Tell: func(w io.Writer, m bptt.Model) {
			s.Compare(m.Follow, c.Horizon).Write(w)
			s.Future(m.Follow, c.Horizon).Write(w)
		},
		Compare:  func(m bptt.Model) *rival.Standing { return rival.Forecasts(s.Compare(m.Follow, c.Horizon), false) },
		Forecast: func(m bptt.Model) [][]string { return s.Forecast(m.Follow, c.Horizon) },
		FreeRun:  func(m bptt.Model) *series.FreeRun { return s.FreeRun(m.Follow, c.Horizon) },
		Future:   func(m bptt.Model) *series.Future { return s.Future(m.Follow, c.Horizon) },
	}, nil
}
