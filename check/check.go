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
// gradient will ever match it. That is looked for first: called twice on unchanged
// parameters, the loss must return the same number, to the last bit.
package check

import (
	"errors"
	"fmt"
	"math"
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
	levels    = 10    // δ is halved this often at most

	// The rounding error of a loss, in units of ε|L|.
	lossNoise = 4
)

// An Entry is one comparison.
type Entry struct {
	Name     string
	Analytic float64 // the gradient that was given
	Numeric  float64 // the one that was measured
	Bar      float64 // error bar of Numeric, in its units
}

// Error returns how far the two lie apart, relative to the larger of them.
func (e Entry) Error() float64 { return e.relative(math.Abs(e.Analytic - e.Numeric)) }

// RelativeBar returns the error bar in the units of Error.
func (e Entry) RelativeBar() float64 { return e.relative(e.Bar) }

func (e Entry) relative(d float64) float64 {
	if d == 0 {
		return 0
	}
	return d / max(math.Abs(e.Analytic), math.Abs(e.Numeric))
}

// Wrong reports whether the two lie further apart than Tolerance and the error bar
// allow.
func (e Entry) Wrong() bool {
	scale := max(math.Abs(e.Analytic), math.Abs(e.Numeric))
	return !(math.Abs(e.Analytic-e.Numeric) <= Tolerance*scale+e.Bar)
}

// A Result is what was found for one parameter.
type Result struct {
	Name    string
	Entries []Entry // all that were compared
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

// Wrong returns the entries that are wrong.
func (r Result) Wrong() []Entry {
	var wrong []Entry
	for _, e := range r.Entries {
		if e.Wrong() {
			wrong = append(wrong, e)
		}
	}
	return wrong
}

// ErrImpure is returned, wrapped, for a loss that is not a function of its parameters.
var ErrImpure = errors.New("the loss is not a function of the parameters alone: " +
	"called again on unchanged parameters it returned another value " +
	"(does it carry state from call to call, or draw random numbers?)")

// Options are what a check can be told; the zero value will do.
type Options struct {
	Progress func(done, total int) // called after each entry
}

// Gradients compares every entry of the given parameters' gradients with a numerical
// derivative of loss, which must read the parameters through their Value slices. It
// returns one Result for each parameter, in order.
//
// Value is restored by assignment after each entry, also when loss panics. The error
// says why no verdict was possible: nothing to compare, slices of different lengths, a
// NaN or Inf and at which entry, or a loss that changes by itself (ErrImpure).
func Gradients(loss func() float64, params []Param, o Options) ([]Result, error) {
	total, err := validate(params)
	if err != nil {
		return nil, err
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
	var results []Result
	done := 0
	for n := range params {
		p := &params[n]
		r := Result{Name: p.Name}
		for _, i := range p.index() {
			d, bar, err := derivative(loss, &p.Value[i])
			if err != nil {
				return nil, fmt.Errorf("check: %s: %w", p.entry(i), err)
			}
			r.Entries = append(r.Entries, Entry{p.entry(i), p.Grad[i], d, bar})
			if done++; o.Progress != nil {
				o.Progress(done, total)
			}
		}
		results = append(results, r)
	}
	return results, pure()
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
			est[j] = (fac*est[j-1] - prevEst[j-1]) / (fac - 1)
			noise[j] = (fac*noise[j-1] + prevNoise[j-1]) / (fac - 1)
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
