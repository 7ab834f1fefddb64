package check

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"lstm/check/slope"
)

// A Quick is the result of Directions.
type Quick struct {
	Entry             // the derivative along a direction in which all entries move
	Order    float64  // of the remainder |L(θ+hd) − L(θ) − h·g·d|: near 2 if g is right, near 1 if it is wrong
	Culprits []string // the parameters whose gradient is wrong, sorted; none if Verdict is not Wrong
	Losses   int      // how often the loss was computed
}

// Directions checks a gradient at a cost that does not grow with the number of parameters. It moves all entries
// at once along a random direction d, and compares the slope of the loss with g·d. The entries of a parameter
// move by ±½ to ±1½ times 1/‖g‖ of that parameter. So all parameters have about the same share in g·d, and a
// small gradient is not lost (down to a thousandth of the largest). The moves differ in size, so a constant
// error in several entries does not cancel. Directions tries two directions and keeps the one along which a
// plain difference is further from g·d. If the slope is wrong, it halves the set of parameters until it has
// found the culprits.
//
// Directions takes about 35 losses, and up to twice as many if the slope is wrong. It misses a mistake below
// Tolerance of the whole slope, and a mistake that is orthogonal to both directions. It does not move entries
// outside Index. It returns the same errors as Gradients.
func Directions(loss func() float64, params []Param, o Options) (*Quick, error) {
	if err := validate(params); err != nil {
		return nil, err
	}
	q := &Quick{}
	counted := func() float64 { q.Losses++; return loss() }
	base, again, err := steady(counted, params, o.Watch, o.Loss)
	if err != nil {
		return nil, err
	}
	for n := range params {
		if size := rms(params[n].gradient()); !finite(size) {
			return nil, fmt.Errorf("check: the gradient of %s is %v along a direction", params[n].Name, size)
		}
	}
	defer blame("all entries of a direction")
	d := newDirection(params, counted, measureNoise(counted, params, base, 9, 1))
	defer d.move(d.all, 0)
	f := d.along(d.all)
	q.Name, q.Analytic = "a direction", d.expected(d.all)
	if err = measurable("along a direction", q.Analytic, base); err != nil {
		return nil, err
	}
	m, err := d.known.Derivative(f, 0)
	if err != nil {
		return nil, fmt.Errorf("check: along a direction: %w", err)
	}
	q.Numeric, q.Bar, q.Corner = m.Value, m.Bar, m.Corner
	q.judge(float64(len(params)) * d.unit)
	rest := func(h float64) float64 { return math.Abs(f(h) - base - float64(h*q.Analytic)) }
	q.Order = math.Log2(rest(slope.FirstStep/32) / rest(slope.FirstStep/64))
	d.move(d.all, 0)
	if q.Verdict == Wrong {
		q.Culprits = d.culprits(d.all)
		slices.Sort(q.Culprits)
	}
	return q, again()
}

// A direction is a line, with the slope of the loss that the gradient predicts along the line.
type direction struct {
	line
	loss  func() float64
	known slope.Loss
	share []float64 // each parameter's share of g·d
	unit  float64   // about the size of a share
}

// newDirection tries two random directions. It returns the direction along which a plain difference is further
// from the slope that the gradient predicts.
func newDirection(params []Param, loss func() float64, known slope.Loss) (worst *direction) {
	size, whole := make([]float64, len(params)), 0.0
	for n := range params {
		size[n] = rms(params[n].gradient())
		whole = max(whole, size[n])
	}
	if whole == 0 {
		whole = 1
	}
	unit := math.Inf(1)
	for n := range size {
		size[n] = max(size[n], 1e-3*whole)
		unit = min(unit, size[n])
		size[n] *= math.Sqrt(float64(len(params[n].index())))
	}
	rng := rand.New(rand.NewPCG(1, 2))
	var most float64
	for range 2 {
		d := &direction{loss: loss, known: known, share: make([]float64, len(params)), unit: 0.4 * unit}
		d.line = newLine(params, func(n int, x float64) float64 {
			return math.Copysign(0.5+rng.Float64(), rng.Float64()-0.5) * d.unit / size[n]
		})
		for n := range params {
			for k, g := range params[n].gradient() {
				d.share[n] += float64(d.step[n][k] * g)
			}
		}
		if off := d.off(d.all); worst == nil || off > most {
			worst, most = d, off
		}
	}
	return worst
}

// rms returns the root mean square of v. No square overflows.
func rms(v []float64) float64 {
	largest, sum := 0.0, 0.0
	for _, x := range v {
		largest = max(largest, math.Abs(x))
	}
	if largest == 0 || !finite(largest) {
		return largest
	}
	for _, x := range v {
		sum += float64(x / largest * (x / largest))
	}
	return largest * math.Sqrt(sum/float64(len(v)))
}

// along returns the loss as a function of h: the given parameters move by h. The function leaves them moved.
func (d *direction) along(which []int) func(h float64) float64 {
	return func(h float64) float64 {
		d.move(which, h)
		return d.loss()
	}
}

// expected returns the slope that the gradient predicts along the given parameters.
func (d *direction) expected(which []int) (sum float64) {
	for _, n := range which {
		sum += d.share[n]
	}
	return sum
}

// off returns the distance of a plain difference along the given parameters from the predicted slope, beyond
// the rounding error. It restores the parameters.
func (d *direction) off(which []int) float64 {
	defer d.move(which, 0)
	plain, noise := d.known.Difference(d.along(which), 0, slope.FirstStep/64)
	return math.Abs(plain-d.expected(which)) - noise
}

// culprits returns the given parameters whose gradient is wrong.
func (d *direction) culprits(which []int) []string {
	if d.off(which) <= 1e-5*float64(len(which))*d.unit {
		return nil
	}
	if len(which) == 1 {
		return []string{d.params[which[0]].Name}
	}
	half := len(which) / 2
	return append(d.culprits(which[:half]), d.culprits(which[half:])...)
}
