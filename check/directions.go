package check

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// A Quick is what Directions found.
type Quick struct {
	Entry             // the derivative along a direction in which everything moves
	Order    float64  // of the remainder |L(θ+hd) − L(θ) − h·g·d|: near 2 if g is right, 1 if not
	Culprits []string // the parameters whose gradient is wrong, if it is
	Losses   int      // how often the loss was computed
}

// Directions checks a gradient at a cost that does not grow with the number of parameters:
// all entries move at once along a random direction d, and the slope that the loss shows
// is held against g·d. Entries of one parameter move by ±1/‖g‖ of that parameter, so that
// each parameter has a part of the same size in g·d and a small one is not drowned (but
// one below a thousandth of the largest). If the slope is wrong, the parameters are halved
// until the culprits are found.
//
// It takes about 50 losses. It misses a mistake that is below Tolerance of the whole, and
// one that happens to be orthogonal to d, as a sum of random signs seldom is. Entries that
// are not in Index stay where they are. For errors see Gradients.
func Directions(loss func() float64, params []Param, o Options) (*Quick, error) {
	if _, err := validate(params); err != nil {
		return nil, err
	}
	q := &Quick{}
	counted := func() float64 { q.Losses++; return loss() }
	base, pure, err := steady(counted, params, o)
	if err != nil {
		return nil, err
	}

	// The direction, entry by entry of each parameter, and what is expected of it.
	rng := rand.New(rand.NewPCG(1, 2))
	saved, move := make([][]float64, len(params)), make([][]float64, len(params))
	slope := make([]float64, len(params))
	whole := 0.0
	for n := range params {
		whole = max(whole, rms(&params[n]))
	}
	if whole == 0 {
		whole = 1
	}
	step := math.Inf(1)
	for n := range params {
		p := &params[n]
		size := max(rms(p), 1e-3*whole) * math.Sqrt(float64(len(p.index())))
		step = min(step, 0.05*size/math.Sqrt(float64(len(p.index()))))
		for _, i := range p.index() {
			d := float64(1-2*rng.IntN(2)) / size
			saved[n], move[n] = append(saved[n], p.Value[i]), append(move[n], d)
			slope[n] += d * p.Grad[i]
		}
	}
	set := func(n int, h float64) {
		for k, i := range params[n].index() {
			params[n].Value[i] = saved[n][k]
			if h != 0 {
				params[n].Value[i] += h * move[n][k]
			}
		}
	}
	all := make([]int, len(params))
	for n := range all {
		all[n] = n
	}
	restore := func(which []int) {
		for _, n := range which {
			set(n, 0)
		}
	}
	defer func() {
		restore(all)
		switch value := recover().(type) {
		case nil:
		case *LossPanic:
			panic(value)
		default:
			panic(&LossPanic{"all entries of a direction", value})
		}
	}()
	along := func(which []int) func(h float64) float64 { // leaves them moved
		return func(h float64) float64 {
			for _, n := range which {
				set(n, h)
			}
			return counted()
		}
	}
	expected := func(which []int) (sum float64) {
		for _, n := range which {
			sum += slope[n]
		}
		return sum
	}

	f, p := along(all), prober{base: base, noise: measureNoise(counted, params, 9, 1)}
	q.Name, q.Analytic = "a direction", expected(all)
	if q.Numeric, q.Bar, err = p.ridders(f, 0, step); err != nil {
		return nil, fmt.Errorf("check: along a direction: %w", err)
	}
	q.judge(float64(len(params)))
	rest := func(h float64) float64 { return math.Abs(f(h) - base - float64(h*q.Analytic)) }
	q.Order = math.Log2(rest(step/32) / rest(step/64))
	restore(all)
	if q.Verdict != Wrong {
		return q, pure()
	}
	h := step / 64
	var search func(which []int)
	search = func(which []int) {
		d, _, noise, _ := p.difference(along(which), 0, h)
		restore(which)
		if math.Abs(d-expected(which)) <= 1e-5*float64(len(which))+noise {
			return
		}
		if len(which) == 1 {
			q.Culprits = append(q.Culprits, params[which[0]].Name)
			return
		}
		search(which[:len(which)/2])
		search(which[len(which)/2:])
	}
	search(all)
	slices.Sort(q.Culprits)
	return q, pure()
}

// rms returns the root mean square of a parameter's gradient.
func rms(p *Param) float64 {
	sum := 0.0
	for _, i := range p.index() {
		sum += p.Grad[i] * p.Grad[i]
	}
	return math.Sqrt(sum / float64(len(p.index())))
}
