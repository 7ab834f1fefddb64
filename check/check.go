// Package check tells whether a gradient is right. It works for any model: it sees a
// function that returns the loss, and the parameters as named slices together with the
// gradient to be judged.
//
// It changes one entry at a time, measures how the loss responds, and compares. The
// slope of a loss L at an entry θ is approached by the central difference
//
//	D(δ) = (L(θ+δ) − L(θ−δ)) / 2δ = L′(θ) + δ²·L‴(θ)/6 + …
//
// A large δ leaves the terms behind L′, and a small one divides the rounding error of
// L, some ε|L|, by 2δ: with one fixed step, 1e-5 say, a small derivative drowns in
// that. So D is measured at a falling row of steps, and since the error is a series in
// δ², two measurements give a better third one (Richardson's extrapolation), and so on
// in a triangle, from which the entry with the smallest error is taken (Ridders,
// Advances in Engineering Software 4(2), 1982). Each number in the triangle carries
// two error estimates: how far it lies from those that it was made of, and how much of
// the loss's rounding error it has inherited. Their sum is the error bar.
//
// # What the loss must be
//
// A function of the parameters and nothing else. If it leaves something behind that
// changes its next result (the state of a recurrent network, a random stream, batch
// statistics), then the numerical derivative is one of another function, and no
// gradient will ever match it. That is looked for first: called again on unchanged
// parameters, the loss must return the same number, to the last bit. A loss that went
// over to another function before the check began, say by starting from a state that was
// left when the gradient was computed, repeats itself all the same: Options.Loss, the
// loss that came with the gradient, uncovers that.
package check

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// A Param is one parameter, a vector or matrix, with the gradient that is to be
// judged.
type Param struct {
	Name        string
	Value, Grad []float64          // of one length; Value is what the loss reads
	Index       []int              // the entries to compare; nil means all of them
	Entry       func(i int) string // names entry i; nil makes it Name[i]
}

func (p *Param) entry(i int) string {
	if p.Entry != nil {
		return p.Entry(i)
	}
	return fmt.Sprintf("%s[%d]", p.Name, i)
}

// Tolerance is how far, relative to the larger of the two, an entry of the gradient
// may lie from the numerical one beyond the latter's error bar.
const Tolerance = 1e-7

const (
	firstStep = 0.125 // δ at first, relative to entries above 1
	levels    = 10    // how many δ are tried at most, each half the one before

	// The rounding error of a loss, in units of ε|L|.
	lossNoise = 4
)

// A Verdict says what a comparison came to.
type Verdict int

const (
	Right      Verdict = iota // within Tolerance and the error bar
	Wrong                     // further apart than both together
	Unresolved                // not Wrong, but the error bar is too wide to tell
)

// An Entry is one comparison.
type Entry struct {
	Name     string
	Analytic float64 // the gradient that was given
	Numeric  float64 // the one that was measured
	Bar      float64 // error bar of Numeric, in its units
	Verdict  Verdict
}

// Error returns how far the two lie apart, relative to the larger of them.
func (e Entry) Error() float64 { return e.relative(math.Abs(e.Analytic - e.Numeric)) }

// RelativeBar returns the error bar in the units of Error.
func (e Entry) RelativeBar() float64 { return e.relative(e.Bar) }

func (e Entry) relative(d float64) float64 {
	if d == 0 {
		return 0
	}
	return d / e.size()
}

func (e Entry) size() float64 { return max(math.Abs(e.Analytic), math.Abs(e.Numeric)) }

// judge sets the verdict. largest is the largest size of the parameter's entries: an error
// bar above Tolerance of that could hide a mistake that matters. Where all of them are
// zero, any error bar could.
func (e *Entry) judge(largest float64) {
	switch {
	case math.Abs(e.Analytic-e.Numeric) > float64(Tolerance*e.size())+e.Bar:
		e.Verdict = Wrong
	case e.Bar > Tolerance*largest:
		e.Verdict = Unresolved
	default:
		e.Verdict = Right
	}
}

// A Result is what was found for one parameter.
type Result struct {
	Name    string
	Entries []Entry // all that were compared, at least one
}

// Worst returns the entry with the largest Error.
func (r Result) Worst() Entry {
	worst := r.Entries[0]
	for _, e := range r.Entries[1:] {
		if e.Error() > worst.Error() {
			worst = e
		}
	}
	return worst
}

// With returns the entries with the given verdict.
func (r Result) With(v Verdict) []Entry {
	var with []Entry
	for _, e := range r.Entries {
		if e.Verdict == v {
			with = append(with, e)
		}
	}
	return with
}

// ErrImpure is returned, wrapped, for a loss that is not a function of its parameters.
var ErrImpure = errors.New("the loss is not a function of the parameters alone: " +
	"called again on unchanged parameters it returned another value " +
	"(does it carry state from call to call, or draw random numbers?)")

// ErrOther is returned, wrapped, for a loss that is not the one of Options.Loss.
var ErrOther = errors.New("the loss is not the one that the gradient was computed from: " +
	"on the same parameters it has another value " +
	"(does it start from another state, or see other data?)")

// Options are what a check can be told; the zero value will do.
type Options struct {
	Loss     float64               // the loss that came with the gradient; 0 if not known
	Progress func(done, total int) // called after each entry
}

// Gradients compares every entry of the given parameters' gradients with a numerical
// derivative of loss, which must read the parameters through their Value slices. It
// returns one Result for each parameter, in order.
//
// Grad is copied before loss is first called, so that loss may compute it anew. Value is
// restored by assignment after each entry, also when loss panics. The error says why no
// verdict was possible: nothing to compare, slices of different lengths, a NaN or Inf
// and at which entry, a loss that changes by itself (ErrImpure), or one that is not the
// gradient's (ErrOther).
func Gradients(loss func() float64, params []Param, o Options) ([]Result, error) {
	total, err := validate(params)
	if err != nil {
		return nil, err
	}
	grads := make([][]float64, len(params))
	for n, p := range params {
		grads[n] = slices.Clone(p.Grad)
	}
	base := loss()
	if !finite(base) {
		return nil, fmt.Errorf("check: the loss is %v before anything was changed", base)
	}
	pure := func() error {
		if again := loss(); again != base {
			return fmt.Errorf("check: %w: %v, then %v", ErrImpure, base, again)
		}
		return nil
	}
	if err := pure(); err != nil {
		return nil, err
	}
	if o.Loss != 0 && o.Loss != base {
		return nil, fmt.Errorf("check: %w: %v, but %v with the gradient", ErrOther, base, o.Loss)
	}
	var results []Result
	done := 0
	for n := range params {
		p := &params[n]
		r, largest := Result{Name: p.Name}, 0.0
		for _, i := range p.index() {
			d, bar, err := derivative(loss, &p.Value[i])
			if err != nil {
				return nil, fmt.Errorf("check: %s: %w", p.entry(i), err)
			}
			e := Entry{Name: p.entry(i), Analytic: grads[n][i], Numeric: d, Bar: bar}
			largest = max(largest, e.size())
			r.Entries = append(r.Entries, e)
			if done++; o.Progress != nil {
				o.Progress(done, total)
			}
		}
		for i := range r.Entries {
			r.Entries[i].judge(largest)
		}
		results = append(results, r)
	}
	if err := pure(); err != nil {
		return nil, err
	}
	return results, nil
}

// index returns the entries to compare.
func (p *Param) index() []int {
	if p.Index != nil {
		return p.Index
	}
	all := make([]int, len(p.Value))
	for i := range all {
		all[i] = i
	}
	return all
}

// validate returns the number of entries to compare, or an error unless every parameter
// has some and all of them are finite.
func validate(params []Param) (total int, err error) {
	if len(params) == 0 {
		return 0, errors.New("check: no parameters, so nothing to compare")
	}
	for n := range params {
		p := &params[n]
		if len(p.Value) != len(p.Grad) {
			return 0, fmt.Errorf("check: %s: Value has %d entries and Grad %d", p.Name, len(p.Value), len(p.Grad))
		}
		index := p.index()
		if len(index) == 0 {
			return 0, fmt.Errorf("check: %s: no entries, so nothing to compare", p.Name)
		}
		total += len(index)
		for _, i := range index {
			if i < 0 || i >= len(p.Value) {
				return 0, fmt.Errorf("check: %s: Index has %d, and Value %d entries", p.Name, i, len(p.Value))
			}
		}
		for i, v := range p.Value {
			if !finite(v) {
				return 0, fmt.Errorf("check: %s is %v", p.entry(i), v)
			}
			if g := p.Grad[i]; !finite(g) {
				return 0, fmt.Errorf("check: the gradient of %s is %v", p.entry(i), g)
			}
		}
	}
	return total, nil
}

// derivative returns the derivative of loss with respect to *v, and its error bar.
func derivative(loss func() float64, v *float64) (d, bar float64, err error) {
	saved := *v
	defer func() { *v = saved }()

	at := func(x float64) float64 {
		*v = x
		l := loss()
		if err == nil && !finite(l) {
			err = fmt.Errorf("the loss is %v when this entry changes from %v to %v", l, saved, x)
		}
		return l
	}

	// Row i of the triangle: est[0] is D(δ_i), est[j] the extrapolation of order 2j+2
	// from est[j-1] and, in the row before, its neighbour. noise goes along.
	var est, noise [levels]float64
	bar = math.Inf(1)
	step := firstStep * max(1, math.Abs(saved))
	for i := range levels {
		right, left := saved+step, saved-step
		lr, ll := at(right), at(left)
		if err != nil {
			return 0, 0, err
		}
		width := right - left
		prevEst, prevNoise := est, noise
		est[0] = (lr - ll) / width
		noise[0] = lossNoise * 0x1p-52 * max(math.Abs(lr), math.Abs(ll)) / width
		fac := 1.0
		for j := 1; j <= i; j++ {
			fac *= 4
			est[j] = (float64(fac*est[j-1]) - prevEst[j-1]) / (fac - 1) // not fused: one result on every machine
			noise[j] = (float64(fac*noise[j-1]) + prevNoise[j-1]) / (fac - 1)
			away := max(math.Abs(est[j]-est[j-1]), math.Abs(est[j]-prevEst[j-1]))
			if e := away + noise[j]; e < bar {
				d, bar = est[j], e
			}
		}
		if noise[0] > bar {
			break // every later row has more noise than the best entry has error
		}
		step /= 2
	}
	if !finite(d) || !finite(bar) {
		return 0, 0, fmt.Errorf("no derivative could be measured around %v: the losses are too large", saved)
	}
	return d, bar, nil
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
