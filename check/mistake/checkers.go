package mistake

import (
	"math/rand/v2"
	"slices"

	"lstm/check"
	"lstm/check/pass"
	"lstm/check/scalar"
)

// ofCheckers has the mistakes in the measurement. The gradient is right. A check must refuse the last three.
var ofCheckers = []*Exhibit{
	{Name: "stale", What: "the numerical losses start from the state in which the first forward pass ended (the forum script's bug)",
		Wrong: "_, _, L = forward(h, c, x)   # h, c of the first pass", Right: "_, _, L = forward(h0, c0, x)", Where: "anywhere", Falls: true,
		From: ended},
	{Name: "tiny-step", What: "the step is so small that only rounding is left",
		Wrong: "d = (L(w+1e-13) - L(w-1e-13)) / 2e-13", Right: "a step near 1e-5, or better Ridders", Where: "anywhere", Falls: true,
		Entry: func(n scalar.Net, v, target []float64, i int) float64 { return central(n, v, target, i, 1e-13) }},
	{Name: "large-step", What: "the step is so large that the result is the slope of a chord",
		Wrong: "d = (L(w+0.1) - L(w-0.1)) / 0.2", Right: "a step near 1e-5, or better Ridders", Where: "anywhere", Falls: true, Weak: "t",
		Entry: func(n scalar.Net, v, target []float64, i int) float64 { return central(n, v, target, i, 0.1) }},
	{Name: "one-sided", What: "the difference is one-sided: its error falls as δ, and not as δ²",
		Wrong: "d = (L(w+1e-3) - L(w)) / 1e-3", Right: "d = (L(w+δ) - L(w-δ)) / 2δ", Where: "anywhere", Falls: true, Weak: "t",
		Entry: func(n scalar.Net, v, target []float64, i int) float64 {
			w := slices.Clone(v)
			w[i] += 1e-3
			return (scalar.Forward(n, w, target).Loss - scalar.Forward(n, v, target).Loss) / 1e-3
		}},
	{Name: "float32", What: "the losses are float32, so few digits of their difference are right",
		Wrong: "float32 L(w)", Right: "float64 L(w)", Where: "anywhere", Falls: true, Weak: "t",
		Entry: func(n scalar.Net, v, target []float64, i int) float64 { return central[float32](n, v, target, i, 1e-3) }},

	{Name: "carried", What: "the loss keeps its state between calls, so no two calls compute the same function",
		Wrong: "h, c, L = forward(h, c, x) in the closure", Right: "_, _, L = forward(h0, c0, x)", Where: "refused", Falls: true,
		Refuse: func(n scalar.Net, v, target []float64) error {
			h, c := v[n.H0(0):n.H0(n.H)], v[n.C0(0):n.C0(n.H)]
			return refused(n, v, target, func() float64 {
				tr := scalar.Forward(n, v, target)
				copy(h, tr.H[n.T])
				copy(c, tr.C[n.T])
				return tr.Loss
			}, check.Buffer{Name: "h", Data: h}, check.Buffer{Name: "c", Data: c})
		}},
	{Name: "dropout", What: "the loss draws random numbers: a dropout mask, or a shuffled batch",
		Wrong: "mask = random() in the closure", Right: "draw the mask once, before the check", Where: "refused", Falls: true,
		Refuse: func(n scalar.Net, v, target []float64) error {
			rng := rand.New(rand.NewPCG(1, 1))
			return refused(n, v, target, func() float64 { return scalar.Forward(n, v, target).Loss * (1 + 0.1*rng.Float64()) })
		}},
	{Name: "nothing", What: "the loop over the parameters finds none, so the check passes",
		Wrong: "for p in params: …   # params is empty", Right: "nothing compared is an error", Where: "refused", Falls: true,
		Refuse: func(n scalar.Net, v, target []float64) error {
			_, err := check.Gradients(func() float64 { return scalar.Forward(n, v, target).Loss }, nil, check.Options{})
			return err
		}},
}

const golden = "golden values: the outputs of another implementation with the same weights"

// unseen has the mistakes that no check of gradients can see.
var unseen = []*Exhibit{
	{Name: "echo", What: "the target is an input, so there is nothing to learn",
		Wrong: "target = roll(x, 1)", Right: "target = roll(x, -1)", Where: "nowhere", Falls: true,
		See: "a baseline: the last input is an equally good prediction",
		Task: func(n scalar.Net, v, target []float64) []float64 {
			echo := make([]float64, len(target))
			for k := range echo {
				echo[k] = v[n.In(k/n.O, k%n.O%n.X)]
			}
			return echo
		}},
	{Name: "h-linear", What: "the tanh of h is missing, forward and backward: another network, with a right gradient",
		Wrong: "h = o*c", Right: "h = o*tanh(c)", Where: "nowhere", Falls: true, See: golden,
		Edit: func(l *pass.Lines) {
			l.Cell = pass.Linear
			l.SlopeC = func(_ *pass.Place, x float64) float64 { return x }
		}},
	{Name: "i-plus-g", What: "c adds i + g, and not i*g, forward and backward",
		Wrong: "c = f*cPrev + (i + g)", Right: "c = f*cPrev + i*g", Where: "nowhere", Falls: true, See: golden,
		Edit: func(l *pass.Lines) {
			l.Cell = func(gate [4]float64, cPrev float64) (c, tanhC, h float64) {
				c = float64(gate[F]*cPrev) + (gate[I] + gate[G])
				tanhC = scalar.Tanh(c)
				return c, tanhC, gate[O] * tanhC
			}
			l.DZ[I] = func(p *pass.Place) float64 { return p.DC * p.I * (1 - p.I) }
			l.DZ[G] = func(p *pass.Place) float64 { return p.DC * (1 - p.G*p.G) }
		}},
}

// ended returns v, with the state after the last step as the initial state.
func ended(n scalar.Net, v, target []float64) []float64 {
	tr := scalar.Forward(n, v, target)
	v = slices.Clone(v)
	copy(v[n.H0(0):], tr.H[n.T])
	copy(v[n.C0(0):], tr.C[n.T])
	return v
}

// central returns the central difference of the loss at entry i, computed with numbers of type N.
func central[N float32 | float64](n scalar.Net, v, target []float64, i int, step N) float64 {
	w := make([]N, len(v))
	for k, x := range v {
		w[k] = N(x)
	}
	w[i] += step
	up := scalar.Forward(n, w, target).Loss
	w[i] = N(v[i]) - step
	return float64((up - scalar.Forward(n, w, target).Loss) / (2 * step))
}

// refused checks the weights with the given loss, and returns the error.
func refused(n scalar.Net, v, target []float64, loss func() float64, watch ...check.Buffer) error {
	_, grad := scalar.Backward(n, v, target)
	weights := check.Param{Name: "weights", Value: v[:n.Params()], Grad: grad[:n.Params()], Entry: n.Name}
	_, err := check.Gradients(loss, []check.Param{weights}, check.Options{Watch: watch})
	return err
}
