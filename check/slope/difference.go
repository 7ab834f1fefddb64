// Package slope measures the derivative of a loss along a line, with an error bar. Package check and its
// chapter README.md explain the method.
package slope

import "math"

// FirstStep is the first δ. At |x| above 1 it is relative to |x|.
const FirstStep = 0.125

// The rounding error of a loss is at least lossNoise times ε|L|, and at least deviations times its measured
// standard deviation. Its growth with the distance from the parameters is different for each entry.
const (
	lossNoise     = 4
	deviations    = 4
	farDeviations = 16
)

// A Loss has the properties of a loss that Derivative needs in advance.
type Loss struct {
	Base   float64 // its value on the unchanged parameters
	Noise  float64 // the standard deviation of its rounding error there, from Deviation
	Growth float64 // the standard deviation elsewhere, divided by √|L − Base|
}

// A curve is a loss as a function of one number.
type curve struct {
	Loss
	f func(x float64) float64
	x float64 // the place at which the derivative is measured
}

// Difference returns D(step) = (f(x+step) − f(x−step))/2step, and its rounding error. f is the loss.
func (l Loss) Difference(f func(x float64) float64, x, step float64) (d, noise float64) {
	c := curve{l, f, x}
	plain := c.difference(step)
	return plain.d, plain.noise
}

// A difference is a D(δ).
type difference struct {
	d     float64
	step  float64 // δ
	loss  float64 // the loss of larger size of the two
	noise float64 // the rounding error of d
	bend  float64 // half the slope on the right minus half that on the left
}

// difference returns D(step).
func (c *curve) difference(step float64) difference {
	right, left := c.x+step, c.x-step
	lr, ll := c.f(right), c.f(left)
	width, d := right-left, (lr-ll)/(right-left)
	l := max(math.Abs(lr), math.Abs(ll))
	rounding := max(
		deviations*c.Noise,
		farDeviations*c.Growth*math.Sqrt(max(math.Abs(lr-c.Base), math.Abs(ll-c.Base))),
		lossNoise*0x1p-52*max(l, math.Abs(d*c.x)), // the rounding of the loss, and of x inside the loss
	)
	return difference{d, step, l, rounding / width, (lr - c.Base + ll - c.Base) / width}
}
