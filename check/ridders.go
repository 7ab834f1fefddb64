package check

import (
	"fmt"
	"math"
)

const (
	firstStep = 0.125 // the first δ, relative to entries above 1
	levels    = 10    // the number of δ, at most; each is half the one before

	// The rounding error of a loss is at least lossNoise times ε|L|, and at least deviations times
	// its measured standard deviation.
	lossNoise  = 4
	deviations = 4
)

// A prober measures derivatives of a loss.
type prober struct {
	loss  func() float64
	base  float64 // the loss on the parameters as they are
	noise float64 // the standard deviation of its rounding error, as measured
}

// measure sets the derivative of the loss with respect to *v, and its error bar, in e. It restores *v.
// If the loss panics, the error is a *LossPanic.
func (p *prober) measure(v *float64, e *Entry) (err error) {
	saved := *v
	defer func() {
		*v = saved
		if value := recover(); value != nil {
			err = &LossPanic{e.Name, value, PanicAt()}
		}
	}()
	e.Numeric, e.Bar, err = p.derivative(func(x float64) float64 { *v = x; return p.loss() }, saved)
	if err != nil {
		err = fmt.Errorf("check: %s: %w", e.Name, err)
	}
	return err
}

// derivative returns the derivative of f at x, and its error bar.
//
// If f bends fast, the first steps may miss it and agree by chance. So derivative compares the result with
// a plain difference, whose step is much smaller. If the two differ, or if the bar is wide for another
// reason than noise, it builds the triangle again from smaller steps. If the two differ, the new result
// counts, else the one with the narrower bar.
//
// A corner, such as that of max(0, x), has one slope on the right and another on the left. Their difference
// does not fall with the step, and widens the bar. derivative looks for a corner at every level, because
// rounding may hide it from the smaller steps. A small step can only show that it lies beside x. If only the
// second derivative jumps, as in Huber's loss, D(δ) − L′ falls as δ, and not as δ². The bar then ends near √(ε|L|):
// nothing tells that corner from one very near x.
//
// Where the loss itself jumps, D(δ) grows as 1/δ, and the smallest steps show only the jump and noise.
// derivative then returns the result of the widest steps, with a bar that covers all later results.
func (p *prober) derivative(f func(x float64) float64, x float64) (d, bar float64, err error) {
	first := firstStep * max(1, math.Abs(x))
	least := first * 0x1p-40
	d, bar, err = p.ridders(f, x, first)
	wide := d
	corner := 0.0 // half the difference of the slopes, plus what rounding may hide of it
	for err == nil && first > least {
		small := first * 5.3e-5 // no power of 2: if f has a period that fits all steps of the triangle, it does not fit this one
		plain, _, noise, bend := p.difference(f, x, small)
		bends := bend > 1e-5*math.Abs(plain)+2*noise
		if bends || corner > 0 {
			_, _, rough, nearer := p.difference(f, x, small/16)
			switch {
			case bends && nearer-2*rough > bend/2:
				corner = max(bend, nearer) + math.Abs(nearer-bend) + 2*rough // the slopes bend too, or the corner is just beside x
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

// difference returns D(δ), the larger of its two losses, the rounding error of D(δ), and half the
// difference of the slopes on the right and on the left.
func (p *prober) difference(f func(x float64) float64, x, step float64) (d, l, noise, bend float64) {
	right, left := x+step, x-step
	lr, ll := f(right), f(left)
	l = max(math.Abs(lr), math.Abs(ll))
	width := right - left
	d = (lr - ll) / width
	least := lossNoise * 0x1p-52 * max(l, math.Abs(d*x)) // rounding of the loss, and of x inside the loss
	return d, l, max(deviations*p.noise, least) / width, math.Abs(lr-p.base+ll-p.base) / width
}

// ridders returns the best number of the triangle with the given first step, and its error bar. If
// a loss is not finite there, the first step is halved until all are.
func (p *prober) ridders(f func(x float64) float64, x, step float64) (d, bar float64, err error) {
	// Row i of the triangle: est[0] is D(δ_i). est[j] is extrapolated, with an error of order 2j+2,
	// from est[j-1] and its neighbour in the row before. noise has the rounding errors.
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
			est[j] = (float64(fac*est[j-1]) - prevEst[j-1]) / (fac - 1) // float64: not fused, so the same on every machine
			noise[j] = (float64(fac*noise[j-1]) + prevNoise[j-1]) / (fac - 1)
			away := max(math.Abs(est[j]-est[j-1]), math.Abs(est[j]-prevEst[j-1]))
			if e := 2*away + noise[j]; e < bar {
				d, bar = est[j], e
			}
		}
		if noise[0] > bar {
			break // all later rows have more noise than the best number has error
		}
		step /= 2
	}
	if !finite(d) || !finite(bar) {
		return 0, 0, fmt.Errorf("the losses around %v are too large to measure a derivative", x)
	}
	return d, bar, nil
}

// Steps measures the plain difference D(δ) at *v for steps δ from 0.1 down to 1e-14. For each step it returns
// how far the gradient is from D(δ), relative to the larger of the two, and the loss's rounding error ε|L|/δ,
// relative to the gradient. It shows which error a fixed step leaves. Steps restores *v.
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
