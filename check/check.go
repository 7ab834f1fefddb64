// Package check tells whether a gradient is right, for any model. It needs a function that returns the
// loss, and the parameters: named slices, each with the gradient to judge.
//
// The check moves one entry at a time, measures how the loss responds, and compares. The slope of a
// loss L at an entry θ is close to the central difference
//
//	D(δ) = (L(θ+δ) − L(θ−δ)) / 2δ = L′(θ) + δ²·L‴(θ)/6 + …
//
// A large δ leaves the terms after L′. A small δ divides the rounding error of L, about ε|L|, by 2δ (ε is
// 2⁻⁵²). No fixed step suits all derivatives. So the check measures D at a series of steps, each half the one
// before, and extrapolates in a triangle (Ridders, Advances in Engineering Software 4(2), 1982). The result is
// the number with the narrowest error bar. The bar is 3.5 times the number's distance from the numbers that it
// is computed from, plus its share of the loss's rounding error. The check measures the rounding error first,
// at the parameters and at some distance, and takes at least 4ε|L|. Differences with much smaller steps guard
// against numbers that agree by chance.
//
// An entry is right if gradient and measurement differ by no more than Tolerance and the error bar allow. It is
// wrong if they differ by more. It is unresolved if the error bar is too wide to tell: an unresolved entry does
// not pass. A bar is too wide if it exceeds Tolerance times the largest entry of its parameter. So an entry
// much smaller than the largest one may pass although its bar is a large part of it. Result.Coarse lists such
// entries, and Options.Strict leaves them unresolved.
//
// # What the loss must be
//
// The loss must be a function of the parameters and of nothing else. A loss may leave something behind that
// changes its next result: the state of a recurrent network, a random stream, the statistics of a batch. No
// gradient matches such a loss. So the check first calls the loss twice on unchanged parameters. Both
// results must be the same, to the last bit. A loss can also repeat itself, but differ from the
// loss of the gradient: it starts from another state, for example. Options.Loss uncovers this.
//
// # More than one entry at a time
//
// Directions checks a model of any size with a few dozen losses. Explain searches a wrong gradient for the
// marks of common mistakes. Fair lists the mistakes that a check at this point cannot show. Steps measures how
// the error of a plain difference depends on its step. Package slope measures one derivative.
//
// The chapter README.md explains all of this; example_test.go has a complete example.
package check

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"lstm/check/slope"
)

// Options are settings of a check. The zero value is valid.
type Options struct {
	Loss     float64               // the loss that came with the gradient; 0 if it is not known
	Progress func(done, total int) // the check calls it after each entry
	Watch    []Buffer              // if the loss is impure, the error names the buffers it changed
	Strict   bool                  // an error bar above Tolerance of its own entry leaves the entry unresolved

	// Worker returns a loss for another goroutine, and the Value slices that this loss reads,
	// in the order of the parameters. If Worker is set, the check uses all cores.
	Worker func() (loss func() float64, values [][]float64)
}

// Gradients compares the entries of the parameters' gradients with numerical derivatives of loss.
// The loss must read the parameters through their Value slices. Gradients returns one Result for
// each parameter, in order. An entry takes about 16 losses.
//
// Gradients copies Grad before it first calls loss, so loss may compute Grad anew. It restores Value by
// assignment after each entry, also if loss panics; it then panics with a *LossPanic. The error says why there
// is no verdict: there is nothing to compare, slices have different lengths, two parameters have one name, an
// entry would be compared twice, an entry is NaN or Inf, the loss changes by itself (ErrImpure), or the
// gradient belongs to another loss (ErrOther). A compared entry whose gradient is NaN or Inf is no error:
// Gradients calls it wrong.
func Gradients(loss func() float64, params []Param, o Options) ([]Result, error) {
	if err := validate(params); err != nil {
		return nil, err
	}
	results, values := make([]Result, len(params)), make([][]float64, len(params))
	q := &queue{progress: o.Progress}
	for n := range params {
		p := &params[n]
		index := p.index()
		results[n], values[n] = Result{Name: p.Name, Entries: make([]Entry, len(index))}, p.Value
		for k, i := range index {
			e := &results[n].Entries[k]
			e.Index, e.Name, e.Analytic = i, p.entry(i), p.Grad[i]
			q.jobs = append(q.jobs, job{param: n, entry: e})
		}
	}
	base, again, err := steady(loss, params, o.Watch, o.Loss)
	if err != nil {
		return nil, err
	}
	for _, j := range q.jobs {
		if err := measurable(j.entry.Name, j.entry.Analytic, base); err != nil {
			return nil, err
		}
	}
	q.loss = measureNoise(loss, params, base, 13, 5)
	if err := q.run(loss, values, o.Worker); err != nil {
		return nil, err
	}
	if err := again(); err != nil {
		return nil, err
	}
	judge(results, o.Strict)
	return results, nil
}

// A job is one entry to measure.
type job struct {
	param  int
	entry  *Entry
	failed error
}

// A queue hands out jobs to one goroutine or more, in order.
type queue struct {
	loss slope.Loss
	jobs []job
	next atomic.Int64
	stop atomic.Bool

	mutex    sync.Mutex
	done     int
	progress func(done, total int)
}

// run does all jobs. If a job fails with a *LossPanic, run panics; it returns any other error. If several jobs
// fail, the first one in order counts, and not the one that failed first.
func (q *queue) run(loss func() float64, values [][]float64, worker func() (func() float64, [][]float64)) error {
	var others sync.WaitGroup
	for k := 1; worker != nil && k < runtime.GOMAXPROCS(0); k++ {
		loss, copies := worker()
		if !slices.EqualFunc(copies, values, func(a, b []float64) bool { return len(a) == len(b) }) {
			q.stop.Store(true)
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
	for _, job := range q.jobs {
		if panicked, ok := job.failed.(*LossPanic); ok {
			panic(panicked)
		}
		if job.failed != nil {
			return job.failed
		}
	}
	return nil
}

// work does jobs until none is left or one has failed. It finishes every job that it takes, so the first
// failure in the order of the jobs is always the same.
func (q *queue) work(loss func() float64, values [][]float64) {
	for !q.stop.Load() {
		k := int(q.next.Add(1)) - 1
		if k >= len(q.jobs) {
			return
		}
		j := &q.jobs[k]
		if j.failed = measure(q.loss, loss, &values[j.param][j.entry.Index], j.entry); j.failed != nil {
			q.stop.Store(true)
			return
		}
		q.mutex.Lock()
		if q.done++; q.progress != nil {
			q.progress(q.done, len(q.jobs))
		}
		q.mutex.Unlock()
	}
}

// measure sets the derivative of the loss with respect to *v, and its error bar, in e. It restores *v.
// If the loss panics, the error is a *LossPanic.
func measure(known slope.Loss, loss func() float64, v *float64, e *Entry) (err error) {
	saved := *v
	defer func() {
		*v = saved
		if value := recover(); value != nil {
			err = &LossPanic{e.Name, value, PanicAt()}
		}
	}()
	m, err := known.Derivative(func(x float64) float64 { *v = x; return loss() }, saved)
	e.Numeric, e.Bar, e.Corner = m.Value, m.Bar, m.Corner
	if err != nil {
		err = fmt.Errorf("check: %s: %w", e.Name, err)
	}
	return err
}
