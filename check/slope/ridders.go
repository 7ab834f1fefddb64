package slope

import (
	"fmt"
	"math"
)

const levels = 10 // the largest number of steps δ; each is half the step before

// A number is the best estimate in a triangle.
type number struct {
	d, bar float64 // the derivative, and its error bar
	noise  float64 // the part of bar that is rounding
	last   float64 // the last step of the triangle
	third  float64 // (D(last) − d)/last², about L‴/6
	corner float64 // half the difference of the slopes on both sides, if the triangle shows one
}

// ridders returns the best number of the triangle with the given first step. If
// a loss is not finite there, ridders halves the first step until all losses are finite.
func (c *curve) ridders(step float64) (best number, err error) {
	// Row i of the triangle: est[0] is D(δ_i). est[j] is extrapolated, with an error of order 2j+2,
	// from est[j-1] and its neighbour in the row before. noise has the rounding errors.
	var est, noise [levels]float64
	var bends bends
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
		bends.add(i, d)
		row := number{bar: math.Inf(1)}
		fac := 1.0
		for j := 1; j <= i; j++ {
			fac *= 4
			est[j] = (float64(fac*est[j-1]) - prevEst[j-1]) / (fac - 1) // float64: not fused, so the same on every machine
			noise[j] = (float64(fac*noise[j-1]) + prevNoise[j-1]) / (fac - 1)
			away := max(math.Abs(est[j]-est[j-1]), math.Abs(est[j]-prevEst[j-1]))
			if bar := float64(3.5*away) + noise[j]; bar < row.bar {
				row.d, row.bar, row.noise = est[j], bar, noise[j]
			}
		}
		if row.bar < best.bar {
			best = row
		} else {
			best.bar = max(best.bar, math.Abs(row.d-best.d)) // the steps before may have agreed by chance
		}
		best.last, best.third = step, math.Abs(est[0]-best.d)/step/step
		if noise[0] > best.bar {
			break // all later rows have more noise than the best number has error
		}
		step /= 2
	}
	if !finite(best.bar) {
		return best, fmt.Errorf("the losses around %v are too large to measure a derivative", c.x)
	}
	best.corner = bends.corner(best.d)
	return best, nil
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
