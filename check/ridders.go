package check

import (
	"fmt"
	"math"
)

const (
	firstStep = 0.125 // the first δ, relative to entries above 1
	levels    = 10    // the number of δ, at most; each is half the one before

	// The rounding error of a loss is at least lossNoise times ε|L|, and at least deviations times
	// its measured standard deviation. How it grows away from the parameters differs from entry to entry.
	lossNoise     = 4
	deviations    = 4
	farDeviations = 16
)

// A prober measures derivatives of a loss.
type prober struct {
	loss func() float64
	base float64 // the loss on the parameters as they are
	noise
}

// measure sets the derivative of the loss with respect to *v, and its error bar, in e. It restores *v.
// If the loss panics, the error is a *LossPanic.
func (p *prober) measure(v *float64, e *Entry) (err error) {
	saved := *v
	defer func() {
		*v = saved
		if value := recover(); value != nil {
			err = &LossPanic{e.Name, value}
		}
	}()
	e.Numeric, e.Bar, err = p.derivative(func(x float64) float64 { *v = x; return p.loss() }, saved)
	if err != nil {
		err = fmt.Errorf("check: %s: %w", e.Name, err)
	}
	return err
}

// A curve is a loss as a function of one number.
type curve struct {
	prober
	f func(x float64) float64
	x float64 // the place at which the derivative is measured
}

// derivative returns the derivative of f at x, and its error bar.
//
// If f bends fast, the first steps may miss it and agree by chance. So derivative compares the result with
// plain differences, whose steps are smaller. If they differ, or if the bar is wide for another
// reason than noise, it builds the triangle again from smaller steps. If they differ, the new result
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
func (p prober) derivative(f func(x float64) float64, x float64) (d, bar float64, err error) {
	c := curve{p, f, x}
	first := firstStep * max(1, math.Abs(x))
	least := first * 0x1p-40
	best, err := c.ridders(first)
	wide := best.d
	corner := 0.0 // half the difference of the slopes, plus what rounding may hide of it
	for err == nil && first > least {
		plain := c.difference(first * 5.3e-5) // no power of 2: if f has a period that fits all steps of the triangle, it does not fit this one
		corner = c.corner(plain, corner)
		guard, differ := c.guard(best, plain, corner)
		if !differ && (best.bar < Tolerance/10*math.Abs(best.d) || best.bar < 4*best.noise || best.bar < plain.noise/16) {
			break
		}
		if first = 64 * plain.step; differ {
			first = min(64*guard.step, 512*plain.step)
		}
		var next number
		if next, err = c.ridders(first); differ || next.bar < best.bar {
			best = next
		}
		if differ && first <= least { // no step was small enough
			best.bar = max(best.bar, math.Abs(guard.d-best.d))
			if off := math.Abs(wide - best.d); off <= best.bar {
				best.d, best.bar = wide, best.bar+off
			}
		}
	}
	return best.d, best.bar + corner, err
}

// corner returns the size of a corner, from a plain difference and the size that wider steps have shown.
func (c *curve) corner(plain difference, corner float64) float64 {
	bends := plain.bend > 1e-5*math.Abs(plain.d)+2*plain.noise
	if !bends && corner == 0 {
		return 0
	}
	near := c.difference(plain.step / 16)
	switch {
	case bends && near.bend-2*near.noise > plain.bend/2:
		return max(plain.bend, near.bend) + math.Abs(near.bend-plain.bend) + 2*near.noise // the slopes bend too, or the corner is just beside x
	case min(plain.bend+2*plain.noise, near.bend+2*near.noise) < corner/2:
		return 0
	}
	return corner
}

// guard reports whether plain differences contradict n, and returns the last of them. It begins with plain. If
// plain is too rough to tell, or its step too wide, guard takes others.
func (c *curve) guard(n number, plain difference, corner float64) (difference, bool) {
	bends := func() float64 { return 4 * n.third * plain.step * plain.step }
	contradicts := func() bool {
		allowed := n.bar + plain.noise + bends()
		if corner > 0 {
			allowed += 1e-5 * (math.Abs(n.d) + corner)
		}
		return math.Abs(plain.d-n.d) > allowed
	}
	if !contradicts() && bends() > 10*(n.bar+plain.noise) {
		plain = c.difference(plain.step / 8)
	}
	for !contradicts() && plain.noise > 1e-5*math.Abs(n.d) && 16*plain.step < n.last {
		plain = c.difference(16 * plain.step)
	}
	return plain, contradicts()
}

// A difference is a D(δ).
type difference struct {
	d     float64
	step  float64 // δ
	loss  float64 // the larger one of its two losses
	noise float64 // the rounding error of d
	bend  float64 // half the difference of the slopes on the right and on the left
}

// difference returns D(step).
func (c *curve) difference(step float64) difference {
	right, left := c.x+step, c.x-step
	lr, ll := c.f(right), c.f(left)
	width, d := right-left, (lr-ll)/(right-left)
	l := max(math.Abs(lr), math.Abs(ll))
	rounding := max(
		deviations*c.here,
		farDeviations*c.growth*math.Sqrt(max(math.Abs(lr-c.base), math.Abs(ll-c.base))),
		lossNoise*0x1p-52*max(l, math.Abs(d*c.x)), // of the loss, and of x inside the loss
	)
	return difference{d, step, l, rounding / width, math.Abs(lr-c.base+ll-c.base) / width}
}

// A number is the best one of a triangle.
type number struct {
	d, bar float64 // the derivative, and its error bar
	noise  float64 // the part of bar that is rounding
	last   float64 // the last step of the triangle
	third  float64 // (D(last) − d)/last², about L‴/6
}

// ridders returns the best number of the triangle with the given first step. If
// a loss is not finite there, the first step is halved until all are.
func (c *curve) ridders(step float64) (best number, err error) {
	// Row i of the triangle: est[0] is D(δ_i). est[j] is extrapolated, with an error of order 2j+2,
	// from est[j-1] and its neighbour in the row before. noise has the rounding errors.
	var est, noise [levels]float64
	best.bar = math.Inf(1)
	for i := 0; i < levels; i++ {
		prevEst, prevNoise := est, noise
		d := c.difference(step)
		if !finite(d.loss) {
			if i > 0 || step < 0x1p-40*max(1, math.Abs(c.x)) {
				return best, fmt.Errorf("the loss is %v within %v of %v", d.loss, step, c.x)
			}
			i--
			step /= 2
			continue
		}
		est[0], noise[0] = d.d, d.noise
		row := number{bar: math.Inf(1)}
		fac := 1.0
		for j := 1; j <= i; j++ {
			fac *= 4
			est[j] = (float64(fac*est[j-1]) - prevEst[j-1]) / (fac - 1) // float64: not fused, so the same on every machine
			noise[j] = (float64(fac*noise[j-1]) + prevNoise[j-1]) / (fac - 1)
			away := max(math.Abs(est[j]-est[j-1]), math.Abs(est[j]-prevEst[j-1]))
			if bar := 3.5*away + noise[j]; bar < row.bar {
				row.d, row.bar, row.noise = est[j], bar, noise[j]
			}
		}
		if row.bar < best.bar {
			best = row
		} else if i > 0 {
			best.bar = max(best.bar, math.Abs(row.d-best.d)) // the steps before may have agreed by chance
		}
		best.last, best.third = step, math.Abs(est[0]-best.d)/step/step
		if noise[0] > best.bar {
			break // all later rows have more noise than the best number has error
		}
		step /= 2
	}
	if !finite(best.d) || !finite(best.bar) {
		return best, fmt.Errorf("the losses around %v are too large to measure a derivative", c.x)
	}
	return best, nil
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
