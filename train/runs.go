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
	Seed   uint32
	Iter   int // iterations done
	Learnt bool
	EMA    float64 // of the loss, as it is shown
	Took   time.Duration
	Err    error // of a run that diverged

	// Of a task with a criterion: on how many fresh sequences it is tested, how many of
	// them were wrong, and how far they were off in the mean. Fresh is 0 without one.
	Fresh, Wrong int
	Off          float64
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
	x := Outcome{Seed: c.Seed}
	if r.Task.Criterion != nil {
		x.Fresh = r.Task.Criterion.Fresh
	}
	x.Err = r.Train(c.Steps, func() {
		if r.Iter%100 == 0 {
			progress(r.Iter - last)
			last = r.Iter
		}
	})
	progress(r.Iter - last)
	x.Took, x.Iter, x.EMA, x.Learnt = time.Since(begun), r.Iter, r.EMA, x.Err == nil && r.Learnt()
	if x.Fresh > 0 && x.Err == nil {
		x.Wrong, x.Off = r.Test()
	}
	return x, nil
}

// String returns a line of the table that OutcomeColumns heads.
func (x Outcome) String() string {
	switch {
	case x.Err != nil:
		return x.Err.Error()
	case x.Fresh == 0:
		return fmt.Sprintf("%10d  %8.4f  %7.2f", x.Iter, x.EMA, x.Took.Seconds())
	}
	learnt := "learnt"
	if !x.Learnt {
		learnt = "not learnt"
	}
	return fmt.Sprintf("%10d  %8.4f  %7.2f  %-10s  %d wrong of %d fresh ones, off by %.4f",
		x.Iter, x.EMA, x.Took.Seconds(), learnt, x.Wrong, x.Fresh, x.Off)
}

// OutcomeColumns is the head of a table of outcomes.
const OutcomeColumns = "iterations   average  seconds"

// Summary writes how many runs learnt their task, after how long, and how well, and returns
// whether all did; of a task without a criterion, whether none diverged.
func Summary(w io.Writer, outcomes []Outcome) bool {
	var fine []Outcome
	for _, x := range outcomes {
		if x.Err == nil && (x.Learnt || x.Fresh == 0) {
			fine = append(fine, x)
		}
	}
	// over returns mean, least and largest of what f takes from the runs that went well.
	over := func(f func(x Outcome) float64) (mean, low, high float64) {
		low, high = math.Inf(1), math.Inf(-1)
		for _, x := range fine {
			v := f(x)
			mean += v / float64(len(fine))
			low, high = min(low, v), max(high, v)
		}
		return mean, low, high
	}
	what := "done"
	if outcomes[0].Fresh > 0 {
		what = "learnt"
	}
	fmt.Fprintf(w, "%d of %d %s\n", len(fine), len(outcomes), what)
	if len(fine) == 0 {
		return false
	}
	if what == "learnt" {
		mean, low, high := over(func(x Outcome) float64 { return float64(x.Iter) })
		fmt.Fprintf(w, "  iterations   mean %.0f, %.0f to %.0f\n", mean, low, high)
		mean, low, high = over(func(x Outcome) float64 { return float64(x.Wrong) })
		fmt.Fprintf(w, "  wrong        mean %.2f, %.0f to %.0f of %d fresh ones\n", mean, low, high, fine[0].Fresh)
	} else {
		mean, low, high := over(func(x Outcome) float64 { return x.EMA })
		fmt.Fprintf(w, "  average      mean %.4f, %.4f to %.4f\n", mean, low, high)
	}
	mean, low, high := over(func(x Outcome) float64 { return x.Took.Seconds() })
	fmt.Fprintf(w, "  seconds      mean %.2f, %.2f to %.2f\n", mean, low, high)
	return len(fine) == len(outcomes)
}
