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
// the loss's rounding error it has inherited. The error bar is twice the first, plus the
// second. The rounding error is measured beforehand, and taken for 4ε|L| at least.
//
// Three verdicts follow. An entry is right if it lies within Tolerance and the error bar,
// wrong if it does not, and unresolved if the error bar is too wide to tell: no pass.
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
//
// # Beyond one entry at a time
//
// Directions checks a model of any size with a few dozen losses. Explain looks at what is
// wrong for the marks of common mistakes, and Fair at a point for what it cannot show.
package check

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"unsafe"
)

// A Param is one parameter, a vector or matrix, with the gradient that is to be
// judged.
type Param struct {
	Name        string             // no two have the same
	Value, Grad []float64          // of one length; Value is what the loss reads
	Index       []int              // the entries to compare; nil means all of them
	Entry       func(i int) string // names entry i; nil makes it Name[i]
	Cols        int                // columns, of a matrix that is checked in full; 0 for a vector
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

	// The rounding error of a loss: at least so many ε|L|, and so many times its standard
	// deviation as measured.
	lossNoise  = 4
	deviations = 4
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
	Name     string  // as Param.Entry has it
	Index    int     // in Param.Value
	Analytic float64 // the gradient that was given
	Numeric  float64 // the one that was measured
	Bar      float64 // error bar of Numeric, in its units
	Verdict  Verdict // what the three come to
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

// judge sets the verdict. An error bar above Tolerance of scale could hide a mistake that
// matters.
func (e *Entry) judge(scale float64) {
	switch {
	case math.Abs(e.Analytic-e.Numeric) > float64(Tolerance*e.size())+e.Bar:
		e.Verdict = Wrong
	case e.Bar > Tolerance*scale:
		e.Verdict = Unresolved
	default:
		e.Verdict = Right
	}
}

// judge judges all entries. What matters for one is the largest of its parameter, of which
// what lies within an error bar is no part: else one that is nothing but noise would let the
// others pass. But if the gradient of all of that is said to be exactly zero, as of a gate that
// nothing passes, it is the largest of all parameters.
func judge(results []Result) {
	whole := 0.0
	largest, zero := make([]float64, len(results)), make([]bool, len(results))
	for n, r := range results {
		zero[n] = true
		for _, e := range r.Entries {
			largest[n] = max(largest[n], math.Abs(e.Analytic), math.Abs(e.Numeric)-e.Bar)
			zero[n] = zero[n] && e.Analytic == 0
		}
		whole = max(whole, largest[n])
	}
	for n, r := range results {
		scale := largest[n]
		if zero[n] {
			scale = whole
		}
		for i := range r.Entries {
			r.Entries[i].judge(scale)
		}
	}
}

// A Result is what was found for one parameter.
type Result struct {
	Name    string  // of the Param
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

// A Buffer is memory that a loss might leave changed.
type Buffer struct {
	Name string    // for the error to say
	Data []float64 // is only read
}

// A LossPanic is what a check panics with when the loss does: the parameters are restored,
// and Value is what the loss panicked with.
type LossPanic struct {
	Entry string // which was moved
	Value any    // what the loss panicked with
}

// Error says which entry was moved, and what the loss panicked with.
func (p *LossPanic) Error() string {
	return fmt.Sprintf("check: %s: the loss panics: %v", p.Entry, p.Value)
}

// Unwrap returns what the loss panicked with, if that is an error.
func (p *LossPanic) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}

// Options are what a check can be told; the zero value will do.
type Options struct {
	Loss     float64               // the loss that came with the gradient; 0 if not known
	Progress func(done, total int) // called after each entry
	Watch    []Buffer              // named in the error if the loss is impure and changes them

	// Worker returns a loss for another goroutine, and the Value slices that it reads, in
	// the order of the parameters. If it is set, all cores are at work.
	Worker func() (loss func() float64, values [][]float64)
}

// Gradients compares every entry of the given parameters' gradients with a numerical
// derivative of loss, which must read the parameters through their Value slices. It
// returns one Result for each parameter, in order. An entry takes about 16 losses.
//
// Grad is copied before loss is first called, so that loss may compute it anew. Value is
// restored by assignment after each entry, also when loss panics, which is passed on as a
// *LossPanic. The error says why no verdict was possible: nothing to compare, slices of
// different lengths, two names or two entries that are the same, a NaN or Inf and at which
// entry, a loss that changes by itself (ErrImpure), or one that is not the gradient's
// (ErrOther).
func Gradients(loss func() float64, params []Param, o Options) ([]Result, error) {
	total, err := validate(params)
	if err != nil {
		return nil, err
	}
	type job struct{ param, entry, at int }
	var jobs []job
	results := make([]Result, len(params))
	for n := range params {
		p := &params[n]
		results[n].Name = p.Name
		for _, i := range p.index() {
			jobs = append(jobs, job{n, i, len(results[n].Entries)})
			results[n].Entries = append(results[n].Entries, Entry{Name: p.entry(i), Index: i, Analytic: p.Grad[i]})
		}
	}
	base, pure, err := steady(loss, params, o)
	if err != nil {
		return nil, err
	}
	noise := measureNoise(loss, params, 17, 4)

	failed := make([]error, len(jobs)) // in the order of the entries, whoever comes first
	var next, stop atomic.Int64
	var done int
	var mutex sync.Mutex
	work := func(loss func() float64, value func(n int) []float64) {
		p := prober{loss, base, noise}
		for stop.Load() == 0 { // what has been taken is done, so that the first failure is always the same
			k := int(next.Add(1)) - 1
			if k >= len(jobs) {
				return
			}
			j := jobs[k]
			e := &results[j.param].Entries[j.at]
			if e.Numeric, e.Bar, failed[k] = p.measure(&value(j.param)[j.entry], e.Name); failed[k] != nil {
				stop.Store(1)
				return
			}
			mutex.Lock()
			if done++; o.Progress != nil {
				o.Progress(done, total)
			}
			mutex.Unlock()
		}
	}
	var others sync.WaitGroup
	for range runtime.GOMAXPROCS(0) - 1 {
		if o.Worker == nil {
			break
		}
		loss, values := o.Worker()
		if !slices.EqualFunc(values, params, func(v []float64, p Param) bool { return len(v) == len(p.Value) }) {
			stop.Store(1)
			others.Wait()
			return nil, errors.New("check: Worker does not return a Value slice for each parameter")
		}
		others.Add(1)
		go func() {
			defer others.Done()
			work(loss, func(n int) []float64 { return values[n] })
		}()
	}
	work(loss, func(n int) []float64 { return params[n].Value })
	others.Wait()
	for _, err := range failed {
		var panicked *LossPanic
		if errors.As(err, &panicked) {
			panic(panicked)
		}
		if err != nil {
			return nil, err
		}
	}
	if err := pure(); err != nil {
		return nil, err
	}
	judge(results)
	return results, nil
}

// steady returns the loss, or an error if it is not finite, changes by itself, or is not
// the one that the gradient came with; and a function that looks again later.
func steady(loss func() float64, params []Param, o Options) (base float64, pure func() error, err error) {
	defer func() {
		if value := recover(); value != nil {
			panic(&LossPanic{"nothing was moved yet", value})
		}
	}()
	watch := slices.Clone(o.Watch)
	seen := make(map[*float64]bool)
	for _, p := range params {
		if !seen[&p.Value[0]] {
			seen[&p.Value[0]] = true
			watch = append(watch, Buffer{p.Name, p.Value})
		}
	}
	before := make([][]float64, len(watch))
	for n, b := range watch {
		before[n] = slices.Clone(b.Data)
	}
	base = loss()
	if !finite(base) {
		return 0, nil, fmt.Errorf("check: the loss is %v before anything was changed", base)
	}
	pure = func() error {
		again := loss()
		if again == base {
			return nil
		}
		err := fmt.Errorf("check: %w: %v, then %v", ErrImpure, base, again)
		for n, b := range watch {
			for i, v := range b.Data {
				if v != before[n][i] {
					err = fmt.Errorf("%w; in between %s[%d] went from %v to %v", err, b.Name, i, before[n][i], v)
					break
				}
			}
		}
		return err
	}
	if err := pure(); err != nil {
		return 0, nil, err
	}
	if o.Loss != 0 && o.Loss != base {
		return 0, nil, fmt.Errorf("check: %w: %v, but %v with the gradient", ErrOther, base, o.Loss)
	}
	return base, pure, nil
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
// has a name of its own and some entries, all of them finite, and none is compared twice.
func validate(params []Param) (total int, err error) {
	if len(params) == 0 {
		return 0, errors.New("check: no parameters, so nothing to compare")
	}
	names := make(map[string]bool)
	for n := range params {
		p := &params[n]
		index := p.index()
		switch {
		case p.Name == "":
			return 0, fmt.Errorf("check: parameter %d has no name", n)
		case names[p.Name]:
			return 0, fmt.Errorf("check: %s: two parameters have this name", p.Name)
		case len(p.Value) != len(p.Grad):
			return 0, fmt.Errorf("check: %s: Value has %d entries and Grad %d", p.Name, len(p.Value), len(p.Grad))
		case len(index) == 0:
			return 0, fmt.Errorf("check: %s: no entries, so nothing to compare", p.Name)
		case p.Cols < 0 || p.Cols > 0 && len(index)%p.Cols != 0:
			return 0, fmt.Errorf("check: %s: %d entries are no rows of %d", p.Name, len(index), p.Cols)
		}
		names[p.Name] = true
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
	return total, apart(params)
}

// apart returns an error if an entry is compared twice, or is part of a gradient.
func apart(params []Param) error {
	compared := make(map[*float64][]*Param) // by the first element of Value: who compares entry i
	for n := range params {
		p := &params[n]
		owner := compared[&p.Value[0]]
		owner = append(owner, make([]*Param, max(0, len(p.Value)-len(owner)))...)
		for _, i := range p.index() {
			if owner[i] != nil {
				return fmt.Errorf("check: %s is the same memory as %s", p.entry(i), owner[i].entry(i))
			}
			owner[i] = p
		}
		compared[&p.Value[0]] = owner
	}
	for n := range params {
		p := &params[n]
		for m := range params {
			q := &params[m]
			if _, _, shared := overlap(p.Value, q.Grad); shared {
				return fmt.Errorf("check: %s: its Value and the Grad of %s share memory", p.Name, q.Name)
			}
			if i, k, shared := overlap(p.Value, q.Value); shared && &p.Value[0] != &q.Value[0] {
				return fmt.Errorf("check: %s is the same memory as %s", p.entry(i), q.entry(k))
			}
		}
	}
	return nil
}

// overlap returns the first elements of a and b that are the same memory.
func overlap(a, b []float64) (i, k int, shared bool) {
	const size = 8
	from, to := uintptr(unsafe.Pointer(&a[0])), uintptr(unsafe.Pointer(&b[0]))
	switch {
	case from <= to && to < from+uintptr(size*len(a)):
		return int((to - from) / size), 0, true
	case to < from && from < to+uintptr(size*len(b)):
		return 0, int((from - to) / size), true
	}
	return 0, 0, false
}

// Steps tries the plain difference D(δ) at *v, which is restored, with steps from 0.1 down to
// 1e-14: how far the gradient is from it, relative to the larger of the two, and what the loss's
// rounding error, ε|L|/δ, is in the same measure. It is what a checker is up against.
func Steps(loss func() float64, v *float64, gradient float64) (at, off, rounding []float64) {
	saved, base := *v, math.Abs(loss())
	defer func() { *v = saved }()
	for k := range 53 {
		step := math.Pow(10, -1-float64(k)/4)
		*v = saved + step
		right := loss()
		*v = saved - step
		e := Entry{Analytic: gradient, Numeric: (right - loss()) / (2 * step)}
		at, off, rounding = append(at, step), append(off, e.Error()), append(rounding, 0x1p-52*base/step/math.Abs(gradient))
	}
	return at, off, rounding
}

// A prober measures derivatives of a loss.
type prober struct {
	loss  func() float64
	base  float64 // the loss where nothing is moved
	noise float64 // its standard deviation, as measured
}

// measure returns the derivative of the loss with respect to *v, which is restored, and its
// error bar.
func (p *prober) measure(v *float64, name string) (d, bar float64, err error) {
	saved := *v
	defer func() {
		*v = saved
		if value := recover(); value != nil {
			err = &LossPanic{name, value}
		}
	}()
	d, bar, err = p.derivative(func(x float64) float64 { *v = x; return p.loss() }, saved)
	if err != nil {
		err = fmt.Errorf("check: %s: %w", name, err)
	}
	return d, bar, err
}

// derivative returns the derivative of a function at x, and its error bar.
//
// A function may bend so fast that the first steps see nothing of it, and agree by chance.
// So the result is held against a plain difference with a step much smaller. If they
// differ, or if the error bar is wide and not for noise, the triangle is built again from
// smaller steps; what that says counts if they differ, and else the narrower of the two.
//
// At a corner, as max(0, x) has one, there is a slope to the right and one to the left, and
// their difference does not fall with the step: it widens the error bar. It is looked for at
// every level, for rounding may hide it from the smaller steps; they can only say that the
// corner is beside x. If just the second derivative jumps, as at the corner of Huber's loss, the
// difference does fall, and so does D(δ) − L′, but as δ and not as δ²: the bar ends near
// √(ε|L|), and cannot be much narrower, since nothing tells that corner from one so near x.
//
// Where the loss itself jumps, D(δ) grows as 1/δ, no step is small enough, and what the smallest
// say is nothing but the jump and noise, divided by them. The derivative that is returned is
// then that of the widest steps, and its bar covers all that the smallest say.
func (p *prober) derivative(f func(x float64) float64, x float64) (d, bar float64, err error) {
	first := firstStep * max(1, math.Abs(x))
	least := first * 0x1p-40
	d, bar, err = p.ridders(f, x, first)
	wide := d
	corner := 0.0 // half the difference of the slopes, with what may have been lost of it
	for err == nil && first > least {
		small := first * 5.3e-5 // no power of 2: a period that the triangle's steps share is not shared by this one
		plain, _, noise, bend := p.difference(f, x, small)
		bends := bend > 1e-5*math.Abs(plain)+2*noise
		if bends || corner > 0 {
			_, _, rough, nearer := p.difference(f, x, small/16)
			switch {
			case bends && nearer-2*rough > bend/2:
				corner = max(bend, nearer) + math.Abs(nearer-bend) + 2*rough // the slopes bend, too, or it is just beside x
			case min(bend+2*noise, nearer+2*rough) < corner/2:
				corner = 0
			}
		}
		differ := math.Abs(plain-d) > bar+noise+1e-5*math.Abs(d)
		if !differ && (bar < Tolerance/10*math.Abs(d) || bar < noise) {
			break
		}
		first = 64 * small
		var d2, bar2 float64
		if d2, bar2, err = p.ridders(f, x, first); differ || bar2 < bar {
			d, bar = d2, bar2
		}
		if differ && first <= least { // no step was small enough
			bar = max(bar, math.Abs(plain-d))
			if off := math.Abs(wide - d); off <= bar {
				d, bar = wide, bar+off
			}
		}
	}
	return d, bar + corner, err
}

// measureNoise returns the standard deviation of the loss's rounding error, from the
// differences of its values at a row of points that lie close together: those of higher
// order are nothing but noise (Hamming; Moré and Wild, SIAM J. Sci. Comput. 33(3), 2011).
// The points lie on a line along which every entry moves, and further apart if the loss
// is too coarse to tell them from each other. Rounding can fall in step with them: of
// several distances the noisier half counts. The parameters are restored by assignment.
func measureNoise(loss func() float64, params []Param, points, distances int) float64 {
	saved, index := make([][]float64, len(params)), make([][]int, len(params))
	for n := range params {
		index[n] = params[n].index()
		for _, i := range index[n] {
			saved[n] = append(saved[n], params[n].Value[i])
		}
	}
	defer func() {
		for n, p := range params {
			for k, i := range index[n] {
				p.Value[i] = saved[n][k]
			}
		}
		if value := recover(); value != nil {
			panic(&LossPanic{"all entries, moved a little", value})
		}
	}()
	var squares []float64 // of the deviation, one for each distance
measuring:
	for h := 1.3 * 0x1p-36; h < 0x1p-12 && len(squares) < distances; h *= 2.3 {
		table := make([]float64, points)
		moved := 0
		for k := range table {
			sign := 1.0
			for n, p := range params {
				for at, i := range index[n] {
					x := saved[n][at]
					p.Value[i] = x + sign*float64(k)*h*max(1, math.Abs(x))
					sign = -sign
				}
			}
			table[k] = loss()
			if !finite(table[k]) {
				break measuring
			}
			if k > 0 && table[k] != table[k-1] {
				moved++
			}
		}
		if moved <= points/2 {
			continue
		}
		noise, gain := math.Inf(1), 1.0 // gain = (2k)!/(k!)², the variance of a difference of order k
		for k := 1; k < 6; k++ {
			sum := 0.0
			for i := range points - k {
				table[i] = table[i+1] - table[i]
				sum += table[i] * table[i]
			}
			gain *= float64(2*k) * float64(2*k-1) / float64(k*k)
			if k >= 3 {
				noise = min(noise, sum/float64(points-k)/gain)
			}
		}
		squares = append(squares, noise)
	}
	slices.Sort(squares)
	noisier := squares[len(squares)/2:]
	sum := 0.0
	for _, x := range noisier {
		sum += x
	}
	return math.Sqrt(sum / float64(max(1, len(noisier))))
}

// difference returns D(δ), the larger of its losses, the rounding error in it, and half the
// difference of the slopes to the right and to the left.
func (p *prober) difference(f func(x float64) float64, x, step float64) (d, l, noise, bend float64) {
	right, left := x+step, x-step
	lr, ll := f(right), f(left)
	l = max(math.Abs(lr), math.Abs(ll))
	width := right - left
	d = (lr - ll) / width
	least := lossNoise * 0x1p-52 * max(l, math.Abs(d*x)) // rounding in the loss, and in what it makes of x
	return d, l, max(deviations*p.noise, least) / width, math.Abs(lr-p.base+ll-p.base) / width
}

// ridders returns the best entry of the triangle whose first step is given, or the first
// half, quarter, … of it where the losses are finite.
func (p *prober) ridders(f func(x float64) float64, x, step float64) (d, bar float64, err error) {
	// Row i of the triangle: est[0] is D(δ_i), est[j] the extrapolation of order 2j+2
	// from est[j-1] and, in the row before, its neighbour. noise goes along.
	var est, noise [levels]float64
	bar = math.Inf(1)
	for i := 0; i < levels; i++ {
		prevEst, prevNoise := est, noise
		var l float64
		est[0], l, noise[0], _ = p.difference(f, x, step)
		if !finite(l) {
			if i > 0 || step < 0x1p-40*max(1, math.Abs(x)) {
				return 0, 0, fmt.Errorf("the loss is %v within %v of %v", l, step, x)
			}
			i--
			step /= 2
			continue
		}
		fac := 1.0
		for j := 1; j <= i; j++ {
			fac *= 4
			est[j] = (float64(fac*est[j-1]) - prevEst[j-1]) / (fac - 1) // not fused: one result on every machine
			noise[j] = (float64(fac*noise[j-1]) + prevNoise[j-1]) / (fac - 1)
			away := max(math.Abs(est[j]-est[j-1]), math.Abs(est[j]-prevEst[j-1]))
			if e := 2*away + noise[j]; e < bar {
				d, bar = est[j], e
			}
		}
		if noise[0] > bar {
			break // every later row has more noise than the best entry has error
		}
		step /= 2
	}
	if !finite(d) || !finite(bar) {
		return 0, 0, fmt.Errorf("no derivative could be measured around %v: the losses are too large", x)
	}
	return d, bar, nil
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
