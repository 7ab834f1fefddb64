package train

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"lstm/bptt"
	"lstm/train/settings"
	"lstm/train/task"
)

// TestRepeat: Repeat gives the same results as single runs, in the order of the seeds, for every task
// that needs no data.
func TestRepeat(t *testing.T) {
	t.Parallel()
	for _, k := range task.All() {
		if slices.Contains(k.Uses, "data") {
			continue
		}
		c := k.Defaults
		c.Hidden, c.Seed, c.Steps = 2, 5, 110
		var told, want []uint32
		const n = 5
		runs, most := 0, 0
		outcomes, err := Repeat(c, n, func(r, iterations int) { runs, most = max(runs, r), max(most, iterations) }, func(x Outcome) { told = append(told, x.Seed) })
		if err != nil || len(outcomes) != n || runs != n || most != n*c.Steps {
			t.Fatalf("%s: %v, %d outcomes, %d runs, %d iterations", k.Name, err, len(outcomes), runs, most)
		}
		for i, x := range outcomes {
			c := c
			c.Seed += uint32(i)
			want = append(want, c.Seed)
			if i%2 > 0 {
				continue // three are enough
			}
			r, err := New(c)
			if err != nil {
				t.Fatal(err)
			}
			learn(t, r, c.Steps)
			r.KeepBest()
			wrong, off, value := 0, 0.0, 0.0
			if r.Task.Result != nil {
				value = r.Task.Result.Error(r.Model)
			}
			if r.Task.Criterion != nil {
				wrong, off = r.Test()
			}
			if x.Iter != c.Steps || x.EMA != r.EMA || x.Wrong != wrong || x.Off != off || x.Value != value || x.Learnt != r.Learnt() || x.Err != nil || x.Seed != c.Seed {
				t.Errorf("%s, seed %d: %+v, want loss %v and %d wrong", k.Name, c.Seed, x, r.EMA, wrong)
			}
		}
		if !slices.Equal(told, want) {
			t.Errorf("%s: Repeat reports the seeds %v, want %v", k.Name, told, want)
		}
		c.Seed = math.MaxUint32 - 3
		if _, err := Repeat(c, 5, nil, nil); err == nil {
			t.Error("seeds above the largest: no error")
		}
		c.Seed, c.Optimizer = 1, "magic"
		if _, err := Repeat(c, 2, func(int, int) {}, func(Outcome) { t.Error("an outcome without a run") }); err == nil {
			t.Error("no such optimizer: no error")
		}
	}
}

// TestBatch: a row for each run, in order, and then the summary.
func TestBatch(t *testing.T) {
	t.Parallel()
	for _, k := range task.All() {
		if slices.Contains(k.Uses, "data") {
			continue
		}
		c := k.Defaults
		c.Hidden, c.Seed, c.Steps = 2, 7, 2
		var b bytes.Buffer
		fine, err := Batch(&b, io.Discard, c, 2)
		r, _ := New(c)
		if rows := regexp.MustCompile(`(?m)^ +([78])  `).FindAllString(b.String(), -1); err != nil || len(rows) != 2 || !strings.Contains(rows[0], "7") || fine != (r.Task.Criterion == nil) {
			t.Errorf("%s: %v, %v\n%s", k.Name, err, fine, &b)
		}
	}
}

// TestSummary compares the numbers in each line of summaries, for all kinds of outcomes.
func TestSummary(t *testing.T) {
	t.Parallel()
	order := &task.Task{Criterion: &task.Criterion{Fresh: 50}}
	text := &task.Task{Result: &task.Metric{Error: func(bptt.Model) float64 { return 0 }, Says: "bits"}}
	learnt := Outcome{Task: order, Iter: 100, Learnt: true, Wrong: 2, Off: 0.5}
	for _, c := range []struct {
		outcomes []Outcome
		fine     bool
		want     string
	}{
		{[]Outcome{learnt, learnt}, true, "2 2; 100 100 100; 2.00 2.00 2.00 50; 0.5000 0.5000 0.5000; 0.00 0.00 0.00; "},
		{[]Outcome{learnt, {Task: order, Iter: 900}}, false, "1 2; 100 100 100; 2.00 2.00 2.00 50; 0.5000 0.5000 0.5000; 0.00 0.00 0.00; "},
		{[]Outcome{{Task: order, Err: &Diverged{}}, {Task: order, Iter: 20}}, false, "0 2; "},
		{[]Outcome{{Task: order, Err: &Diverged{}}, learnt}, false, "1 2; 100 100 100; 2.00 2.00 2.00 50; 0.5000 0.5000 0.5000; 0.00 0.00 0.00; "},
		{[]Outcome{{Task: text, EMA: 1, Value: 5}, {Task: text, EMA: 2, Value: 7}}, true, "2 2; 1.5000 1.0000 2.0000; 6.0000 5.0000 7.0000; 0.00 0.00 0.00; "},
		{[]Outcome{{Task: text, EMA: 1}, {Task: text, Err: &Diverged{}}}, false, "1 2; 1.0000 1.0000 1.0000; 0.0000 0.0000 0.0000; 0.00 0.00 0.00; "},
	} {
		var b strings.Builder
		fine := Summary(&b, c.outcomes)
		got := ""
		for line := range strings.Lines(b.String()) {
			got += strings.Join(regexp.MustCompile(`\b\d[\d.]*`).FindAllString(line, -1), " ") + "; "
		}
		if fine != c.fine || got != c.want {
			t.Errorf("%v: %s, want %v: %s\n%s", fine, got, c.fine, c.want, &b)
		}
	}
}

// TestOutcomes: the row of an outcome has its numbers. The row of a diverged run has the error.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	k := &task.Task{Criterion: &task.Criterion{}}
	d := &Diverged{What: "the loss", Config: settings.Config{Optimizer: "sgd"}}
	for want, x := range map[string]Outcome{
		"7000":    {Task: k, Iter: 7000, EMA: 0.25, Learnt: true, Wrong: 3, Off: 0.125},
		"0.2500":  {Task: &task.Task{}, Iter: 7000, EMA: 0.25},
		"0.1250":  {Task: k, Iter: 7000, EMA: 0.25, Learnt: true, Wrong: 3, Off: 0.125},
		"1.2346":  {Task: &task.Task{Result: &task.Metric{Says: "bits"}}, Value: 1.23456},
		d.Error(): {Task: k, Err: d},
	} {
		if row := fmt.Sprint(x); !strings.Contains(row, want) || strings.Contains(row, "\n") {
			t.Errorf("%s: want %s in it", row, want)
		}
	}
}
