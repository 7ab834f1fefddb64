package train

import (
	"fmt"
	"io"
	"math"
	"runtime"
	"sync"
	"time"
)

// An Outcome is what one of several runs came to.
type Outcome struct {
	Task  *Task         // as it was for this run
	Seed  uint32        // of this run
	Iter  int           // iterations done
	EMA   float64       // of the loss, as it is shown
	Took  time.Duration // for the training alone
	Err   error         // of a run that diverged
	Value float64       // the task's Result

	// Of a task with a criterion: whether it was met, how many fresh sequences were wrong,
	// and how far they were off in the mean.
	Learnt bool
	Wrong  int
	Off    float64
}

// Repeat trains with n seeds, from c.Seed on, over all cores. It calls progress after each
// hundredth iteration or so with the runs and the iterations done until then, and report
// with each outcome, in the order of the seeds. The error is that of New, or says that there are
// not so many seeds.
func Repeat(c Config, n int, progress func(runs, iterations int), report func(Outcome)) ([]Outcome, error) {
	if uint64(c.Seed)+uint64(n)-1 > math.MaxUint32 {
		return nil, fmt.Errorf("seeds %d and on: there are not %d of them", c.Seed, n)
	}
	var mu sync.Mutex
	var failed error
	var next, told, done, iterations int
	outcomes := make([]Outcome, n)
	ready := make([]bool, n)
	work := func() {
		for {
			mu.Lock()
			i := next
			next++
			stop := i >= n || failed != nil
			mu.Unlock()
			if stop {
				return
			}
			c := c
			c.Seed += uint32(i)
			x, err := outcome(c, func(new int) {
				mu.Lock()
				iterations += new
				progress(done, iterations)
				mu.Unlock()
			})
			mu.Lock()
			if failed == nil {
				failed = err
			}
			outcomes[i], ready[i] = x, true
			done++
			progress(done, iterations)
			for told < n && ready[told] && failed == nil {
				report(outcomes[told])
				told++
			}
			mu.Unlock()
		}
	}
	var wg sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			work()
		}()
	}
	wg.Wait()
	return outcomes, failed
}

// outcome is one run. It calls progress with the iterations that are new.
func outcome(c Config, progress func(new int)) (Outcome, error) {
	r, err := New(c)
	if err != nil {
		return Outcome{}, err
	}
	begun, last := time.Now(), 0
	x := Outcome{Task: r.Task, Seed: c.Seed}
	x.Err = r.Train(c.Steps, func() {
		if r.Iter%100 == 0 {
			progress(r.Iter - last)
			last = r.Iter
		}
	})
	progress(r.Iter - last)
	x.Took, x.Iter, x.EMA, x.Learnt = time.Since(begun), r.Iter, r.EMA, r.Learnt()
	if x.Err != nil {
		return x, nil
	}
	r.KeepBest()
	if r.Task.Result != nil {
		x.Value = r.Task.Result(r)
	}
	if r.Task.Criterion != nil {
		x.Wrong, x.Off = r.Test()
	}
	return x, nil
}

// String returns a line of the table that OutcomeColumns heads.
func (x Outcome) String() string {
	if x.Err != nil {
		return x.Err.Error()
	}
	row := fmt.Sprintf("%10d  %8.4f  %7.2f", x.Iter, x.EMA, x.Took.Seconds())
	if x.Task.Result != nil {
		row += fmt.Sprintf("  %.4f", x.Value)
	}
	if c := x.Task.Criterion; c != nil {
		learnt := "learnt"
		if !x.Learnt {
			learnt = "not learnt"
		}
		row += fmt.Sprintf("  %-10s  %d wrong of %d fresh ones, off by %.4f", learnt, x.Wrong, c.Fresh, x.Off)
	}
	return row
}

// OutcomeColumns returns the head of a table of outcomes.
func (t *Task) OutcomeColumns() string {
	head := "iterations   average  seconds"
	if t.Result != nil {
		head += "  " + t.Says
	}
	return head
}

// Summary writes how many runs learnt their task, after how long, and how well, and returns
// whether all did; of a task without a criterion, whether none diverged.
func Summary(w io.Writer, outcomes []Outcome) bool {
	t := outcomes[0].Task
	var fine []Outcome
	for _, x := range outcomes {
		if x.Err == nil && (x.Learnt || t.Criterion == nil) {
			fine = append(fine, x)
		}
	}
	what := "done"
	if t.Criterion != nil {
		what = "learnt"
	}
	fmt.Fprintf(w, "%d of %d %s\n", len(fine), len(outcomes), what)
	if len(fine) == 0 {
		return false
	}
	// line writes mean, least and largest of what f takes from the runs that went well.
	line := func(name, format, rest string, f func(x Outcome) float64) {
		mean, low, high := 0.0, math.Inf(1), math.Inf(-1)
		for _, x := range fine {
			v := f(x)
			mean += v / float64(len(fine))
			low, high = min(low, v), max(high, v)
		}
		fmt.Fprintf(w, "  %-11s  mean "+format+", "+format+" to "+format+"%s\n", name, mean, low, high, rest)
	}
	if t.Criterion != nil {
		line("iterations", "%.0f", "", func(x Outcome) float64 { return float64(x.Iter) })
		line("wrong", "%.2f", fmt.Sprintf(" of %d fresh ones", t.Criterion.Fresh), func(x Outcome) float64 { return float64(x.Wrong) })
	} else {
		line("average", "%.4f", "", func(x Outcome) float64 { return x.EMA })
	}
	if t.Result != nil {
		line("in the end", "%.4f", " "+t.Says, func(x Outcome) float64 { return x.Value })
	}
	line("seconds", "%.2f", "", func(x Outcome) float64 { return x.Took.Seconds() })
	return len(fine) == len(outcomes)
}
