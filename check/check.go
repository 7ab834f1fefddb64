// Package check tells whether a gradient is right. It works for any model. It needs a function
// that returns the loss, and the parameters: named slices, each with the gradient to judge.
//
// The check moves one entry at a time, measures how the loss responds, and compares. The slope
// of a loss L at an entry θ is close to the central difference
//
//	D(δ) = (L(θ+δ) − L(θ−δ)) / 2δ = L′(θ) + δ²·L‴(θ)/6 + …
//
// A large δ leaves the terms after L′. A small δ divides the rounding error of L, about ε|L|, by
// 2δ (ε is 2⁻⁵²). With one fixed step, say 1e-5, a small derivative is lost in that error. So
// package check measures D at a series of steps, each half the one before. The error of D is a
// series in δ², so two measurements give a better third one (Richardson's extrapolation), and so on
// in a triangle. The result is the number in the triangle with the smallest error (Ridders, Advances
// in Engineering Software 4(2), 1982). Each number has two error estimates: its distance from the
// numbers that it was made of, and its share of the loss's rounding error. The error bar is
// twice the first plus the second. The rounding error is measured first; it counts as 4ε|L| at least.
//
// An entry is right if gradient and measurement differ by no more than Tolerance and the error bar
// allow. It is wrong if they differ by more. It is unresolved if the error bar is too wide to tell:
// that is not a pass.
//
// # What the loss must be
//
// The loss must be a function of the parameters and of nothing else. A loss may leave something
// behind that changes its next result: the state of a recurrent network, a random stream, the
// statistics of a batch. Its numerical derivative then belongs to another function, and no gradient
// matches it. So the check first calls the loss twice on unchanged parameters. Both results must
// be the same, to the last bit. A loss can also have become another function before the check
// began: it starts from the state that was left when the gradient was computed, for example. Such a
// loss repeats itself. Options.Loss, the loss that came with the gradient, uncovers it.
//
// # More than one entry at a time
//
// Directions checks a model of any size with a few dozen losses. Explain searches a wrong gradient
// for the marks of common mistakes. Fair lists what the check of a point cannot show. Steps measures
// how the error of a plain difference depends on its step.
//
// The chapter README.md explains all of this; example_test.go has a complete example.
package check

import (
	"errors"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// Options are settings of a check. The zero value is valid.
type Options struct {
	Loss     float64               // the loss that came with the gradient; 0 if it is not known
	Progress func(done, total int) // is called after each entry
	Watch    []Buffer              // the error names those that an impure loss has changed

	// Worker returns a loss for another goroutine, and the Value slices that this loss reads,
	// in the order of the parameters. If Worker is set, the check uses all cores.
	Worker func() (loss func() float64, values [][]float64)
}

// Gradients compares the entries of the parameters' gradients with numerical derivatives of loss.
// The loss must read the parameters through their Value slices. Gradients returns one Result for
// each parameter, in order. An entry takes about 16 losses.
//
// Gradients copies Grad before it first calls loss, so loss may compute Grad anew. It restores
// Value by assignment after each entry, also if loss panics; it then panics with a *LossPanic. The
// error says why there is no verdict: nothing to compare, slices of different lengths, two
// parameters with one name, an entry that is compared twice, a NaN or Inf and at which entry, a loss
// that changes by itself (ErrImpure), or a loss that is not the gradient's (ErrOther).
func Gradients(loss func() float64, params []Param, o Options) ([]Result, error) {
	if err := validate(params); err != nil {
		return nil, err
	}
	results, jobs := plan(params)
	base, err := steady(loss, params, o.Watch, o.Loss)
	if err != nil {
		return nil, err
	}
	p := prober{base: base.value, noise: measureNoise(loss, params, 17, 4)}
	q := &queue{prober: p, jobs: jobs, failed: make([]error, len(jobs)), progress: o.Progress}
	values := make([][]float64, len(params))
	for n := range params {
		values[n] = params[n].Value
	}
	if err := q.run(loss, values, o.Worker); err != nil {
		return nil, err
	}
	if err := base.again(); err != nil {
		return nil, err
	}
	judge(results)
	return results, nil
}

// A job is one entry to measure.
type job struct {
	param int
	entry *Entry
}

// plan returns a result for each parameter, without measurements, and a job for each entry.
func plan(params []Param) (results []Result, jobs []job) {
	results = make([]Result, len(params))
	for n := range params {
		p := &params[n]
		index := p.index()
		results[n] = Result{Name: p.Name, Entries: make([]Entry, len(index))}
		for k, i := range index {
			e := &results[n].Entries[k]
			e.Index, e.Name, e.Analytic = i, p.entry(i), p.Grad[i]
			jobs = append(jobs, job{n, e})
		}
	}
	return results, jobs
}

// A queue hands out jobs to one goroutine or more, in order.
type queue struct {
	prober
	jobs       []job
	failed     []error // of each job
	next, stop atomic.Int64

	mutex    sync.Mutex
	done     int
	progress func(done, total int)
}

// run does all jobs. If one fails, run panics for a *LossPanic, and returns any other error; the first
// failed job decides, whichever goroutine was first.
func (q *queue) run(loss func() float64, values [][]float64, worker func() (func() float64, [][]float64)) error {
	var others sync.WaitGroup
	extra := 0
	if worker != nil {
		extra = runtime.GOMAXPROCS(0) - 1
	}
	for range extra {
		loss, copies := worker()
		if !slices.EqualFunc(copies, values, func(a, b []float64) bool { return len(a) == len(b) }) {
			q.stop.Store(1)
			others.Wait()
			return errors.New("check: Worker must return a Value slice for each parameter, of the same length")
		}
		others.Add(1)
		go func() {
			defer others.Done()
			q.work(loss, copies)
		}()
	}
	q.work(loss, values)
	others.Wait()
	for _, err := range q.failed {
		var panicked *LossPanic
		if errors.As(err, &panicked) {
			panic(panicked)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// work does jobs until none is left or one has failed. A job that was taken is finished, so the first
// failure in the order of the jobs is always the same.
func (q *queue) work(loss func() float64, values [][]float64) {
	p := q.prober
	p.loss = loss
	for q.stop.Load() == 0 {
		k := int(q.next.Add(1)) - 1
		if k >= len(q.jobs) {
			return
		}
		e := q.jobs[k].entry
		e.Numeric, e.Bar, q.failed[k] = p.measure(&values[q.jobs[k].param][e.Index], e.Name)
		if q.failed[k] != nil {
			q.stop.Store(1)
			return
		}
		q.mutex.Lock()
		if q.done++; q.progress != nil {
			q.progress(q.done, len(q.jobs))
		}
		q.mutex.Unlock()
	}
}
