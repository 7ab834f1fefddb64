package check

import "math"

// Steps measures the plain difference D(δ) at *v for steps δ from 0.1 down to 1e-14. For each step it returns
// two numbers. The first is the difference between the gradient and D(δ), relative to the larger of the two.
// The second is the rounding error of the loss, ε|L|/δ, relative to the gradient. So Steps shows the error that
// a fixed step leaves. It restores *v.
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
