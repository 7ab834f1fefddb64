package train

import (
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"
	"time"

	"lstm/train/settings"
	"lstm/train/show"
	"lstm/train/task"
)

// An Outcome is the end of one of several runs.
type Outcome struct {
	Task  *task.Task    // the task of the first run; all tasks together would fill the memory
	Seed  uint32        // the seed of the run
	Iter  int           // iterations done
	EMA   float64       // moving average of the loss, in the units of the display
	Took  time.Duration // the training alone
	Err   error         // a *Diverged, an error of New, or nil
	Value float64       // the task's Result

	// For a task with a criterion. The network that KeepBest keeps is tested.
	Learnt bool    // whether the criterion was met
	Wrong  int     // how many fresh sequences were wrong
	Off    float64 // the mean error of all fresh sequences
}

// Repeat trains with n seeds, from c.Seed on, on all cores. It calls progress with the number of runs and
// iterations done so far, about every hundredth iteration of a run. It calls report with each
// outcome, in the order of the seeds. The error comes from New, or says that there are too few seeds.
func Repeat(c settings.Config, n int, progress func(runs, iterations int), report func(Outcome)) ([]Outcome, error) {
	if uint64(c.Seed)+uint64(n)-1 > math.MaxUint32 {
		return nil, fmt.Errorf("there are no %[2]d seeds from %[1]d on", c.Seed, n)
	}
	first, err := New(c)
	if err != nil {
		return nil, err
	}
	seeds, news, ends := make(chan uint32), make(chan int), make(chan Outcome)
	room := mostMemory / memory(first.Task, c.Hidden, max(first.stream.Len(), first.Task.MaxT)) // 1 or more: first fits
	for range min(n, runtime.GOMAXPROCS(0), int(min(room, math.MaxInt32))) {
		go func() {
			for seed := range seeds {
				ends <- outcome(c, seed, first.Task, news)
			}
		}()
	}
	go func() {
		for i := range n {
			seeds <- c.Seed + uint32(i)
		}
		close(seeds)
	}()
	var outcomes []Outcome
	early := make(map[uint32]Outcome) // outcomes that wait for a smaller seed
	next := c.Seed
	for runs, iterations := 0, 0; runs < n; progress(runs, iterations) {
		select {
		case more := <-news:
			iterations += more
		case x := <-ends:
			early[x.Seed] = x
			runs++
		}
		for x, ok := early[next]; ok; x, ok = early[next] {
			delete(early, next)
			next++
			outcomes = append(outcomes, x)
			report(x)
		}
	}
	return outcomes, nil
}

// outcome trains one run of the same task as t. It sends the number of new iterations about every hundred.
func outcome(c settings.Config, seed uint32, t *task.Task, news chan<- int) Outcome {
	c.Seed = seed
	r, err := New(c)
	if err != nil {
		return Outcome{Task: t, Seed: seed, Err: err}
	}
	begun, last := time.Now(), 0
	x := Outcome{Task: t, Seed: seed}
	x.Err = r.Train(c.Steps, func() {
		if r.Iter%100 == 0 {
			news <- r.Iter - last
			last = r.Iter
		}
	})
	x.Took, x.Iter, x.EMA, x.Learnt = time.Since(begun), r.Iter, r.EMA, r.Learnt()
	news <- r.Iter - last
	if x.Err != nil {
		return x
	}
	r.KeepBest()
	if r.Task.Result != nil {
		x.Value = r.Task.Result.Error(r.Model)
	}
	if r.Task.Criterion != nil {
		x.Wrong, x.Off = r.Test()
	}
	return x
}

// String returns a line of Batch's table.
func (x Outcome) String() string {
	if x.Err != nil {
		return x.Err.Error()
	}
	row := fmt.Sprintf("%10d  %8.4f  %7.2f", x.Iter, x.EMA, x.Took.Seconds())
	if x.Task.Result != nil {
		row += fmt.Sprintf("  %.4f", x.Value)
	}
	if x.Task.Criterion != nil {
		learnt := "learnt"
		if !x.Learnt {
			learnt = "not learnt"
		}
		row += fmt.Sprintf("  %-10s  %5d  %10.4f", learnt, x.Wrong, x.Off)
	}
	return row
}

// Batch calls Repeat. It writes a table of the outcomes and a summary to w, and progress to stderr. It
// returns whether all runs went well (see Summary).
func Batch(w, stderr io.Writer, c settings.Config, n int) (fine bool, err error) {
	live := show.NewLive(stderr)
	outcomes, err := Repeat(c, n, func(runs, iterations int) {
		live.Show(func(took time.Duration) string {
			return fmt.Sprintf("%d of %s, %.0f/s", runs, show.Count(n, "run"), float64(iterations)/took.Seconds())
		})
	}, func(x Outcome) {
		live.Clear()
		if x.Seed == c.Seed {
			head := "      seed  iterations   average  seconds"
			if x.Task.Result != nil {
				head += "  result"
			}
			if x.Task.Criterion != nil {
				head += "              wrong  mean error"
			}
			fmt.Fprintf(w, "\n%s\n", head)
		}
		fmt.Fprintf(w, "%10d  %s\n", x.Seed, x)
	})
	live.Clear()
	if err != nil {
		return false, err
	}
	fmt.Fprintln(w)
	return Summary(w, outcomes), nil
}

// Summary writes how many runs learnt their task, how long they took, and how well they do. It returns
// whether all runs learnt the task. For a task without a criterion, it returns whether no run diverged.
func Summary(w io.Writer, outcomes []Outcome) bool {
	t, what := outcomes[0].Task, "done"
	if t.Criterion != nil {
		what = "learnt"
	}
	fine := slices.DeleteFunc(slices.Clone(outcomes), func(x Outcome) bool {
		return x.Err != nil || t.Criterion != nil && !x.Learnt
	})
	fmt.Fprintf(w, "%d of %d %s\n", len(fine), len(outcomes), what)
	if len(fine) == 0 {
		return false
	}
	if c := t.Criterion; c != nil {
		spread(w, fine, "iterations", "%.0f", "", func(x Outcome) float64 { return float64(x.Iter) })
		spread(w, fine, "wrong", "%.2f", " of "+show.Count(c.Tests(), "new sequence"), func(x Outcome) float64 { return float64(x.Wrong) })
		spread(w, fine, "mean error", "%.4f", "", func(x Outcome) float64 { return x.Off })
	} else {
		spread(w, fine, "average", "%.4f", "", func(x Outcome) float64 { return x.EMA })
	}
	if t.Result != nil {
		spread(w, fine, "result", "%.4f", " "+t.Result.Says, func(x Outcome) float64 { return x.Value })
	}
	spread(w, fine, "seconds", "%.2f", "", func(x Outcome) float64 { return x.Took.Seconds() })
	return len(fine) == len(outcomes)
}

// spread writes the mean, the smallest and the largest value of the outcomes.
func spread(w io.Writer, outcomes []Outcome, name, format, unit string, value func(x Outcome) float64) {
	mean, low, high := 0.0, math.Inf(1), math.Inf(-1)
	for _, x := range outcomes {
		v := value(x)
		mean += v / float64(len(outcomes))
		low, high = min(low, v), max(high, v)
	}
	fmt.Fprintf(w, "  %-10s  mean "+format+", "+format+" to "+format+"%s\n", name, mean, low, high, unit)
}
