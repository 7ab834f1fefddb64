package scalar

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"lstm/check"
)

// FairPoint returns a random point at which every mistake shows: two or more inputs, units and outputs,
// four steps or more, a state that is not zero, and weights near 1.
func FairPoint(rng *rand.Rand) (n Net, v, target []float64) {
	n = Net{X: 2 + rng.IntN(2), H: 2 + rng.IntN(2), O: 2 + rng.IntN(2), T: 4 + rng.IntN(3)}
	return n, Random(rng, n, 0.8), RandomTarget(rng, n)
}

// Random returns normally distributed parameters, states and inputs with the given deviation.
func Random(rng *rand.Rand, n Net, deviation float64) []float64 {
	v := make([]float64, n.Len())
	for i := range n.Z(0, 0, 0) {
		v[i] = deviation * rng.NormFloat64()
	}
	return v
}

// RandomTarget returns normally distributed targets for all steps.
func RandomTarget(rng *rand.Rand, n Net) []float64 {
	target := make([]float64, n.T*n.O)
	for i := range target {
		target[i] = rng.NormFloat64()
	}
	return target
}

// A Point has everything that a loss depends on, and the measured derivative with respect to each entry.
type Point struct {
	Net
	V, Target []float64     // the arguments of Forward
	Loss      float64       // the loss at V
	Measured  []check.Entry // the comparison of each entry of V
}

// Measure checks grad, n.Len() numbers, as the gradient of a loss that reads v. It moves v and restores it. It
// returns the same errors as check.Gradients.
func Measure(n Net, v, target, grad []float64, loss func() float64) (*Point, error) {
	p := &Point{Net: n, V: v, Target: target, Loss: loss()}
	results, err := check.Gradients(loss, params(n, v, grad), check.Options{Loss: p.Loss})
	for _, r := range results {
		p.Measured = append(p.Measured, r.Entries...)
	}
	return p, err
}

// params returns the blocks of v, z last, with their gradients.
func params(n Net, v, grad []float64) (all []check.Param) {
	for _, b := range n.Blocks() {
		name := func(i int) string { return n.Name(b.From + i) }
		all = append(all, check.Param{Name: b.Name, Value: v[b.From:b.To], Grad: grad[b.From:b.To], Entry: name})
	}
	return all
}

// Entry compares entry i of a gradient with the measured entry. The verdict is Right or Wrong.
func (p *Point) Entry(grad []float64, i int) check.Entry {
	e := p.Measured[i]
	e.Analytic, e.Verdict = grad[i], check.Right
	if !(math.Abs(e.Analytic-e.Numeric) <= e.Allowed()) {
		e.Verdict = check.Wrong
	}
	return e
}

// Wrong reports whether entry i of a gradient is wrong.
func (p *Point) Wrong(grad []float64, i int) bool { return p.Entry(grad, i).Verdict == check.Wrong }

// Results compares a gradient with the measured gradient, block by block: the parameters, the state and the
// inputs.
func (p *Point) Results(grad []float64) (results []check.Result) {
	blocks := p.Blocks()
	for _, b := range blocks[:len(blocks)-1] { // without z
		r := check.Result{Name: b.Name}
		for i := b.From; i < b.To; i++ {
			r.Entries = append(r.Entries, p.Entry(grad, i))
			r.Scale = max(r.Scale, math.Abs(p.Measured[i].Numeric))
		}
		results = append(results, r)
	}
	return results
}

// Fair lists the mistakes that a check at this point cannot show. Each takes one line, which says how to change
// the point. The list is empty at a fair point. v and target are as in Forward.
func Fair(n Net, v, target []float64) []string {
	var unfair []string
	warn := func(format string, args ...any) { unfair = append(unfair, fmt.Sprintf(format, args...)) }
	switch {
	case n.T == 1 && !slices.ContainsFunc(v[n.H0(0):n.C0(n.H)], func(x float64) bool { return x != 0 }):
		warn("the sequence is one step from the zero state: nothing is carried, and the forget gate has nothing to forget; take three steps or more")
	case n.T == 1:
		warn("the sequence is one step: nothing is carried from step to step; take three steps or more")
	}
	if n.O == 1 && !n.Softmax {
		warn("there is one output, so the check does not see whether the mean over the outputs is missing; take two outputs or more")
	}
	largest := 0.0
	for i := range n.B(0, 0) {
		largest = max(largest, math.Abs(v[i]))
	}
	if largest < 1e-3 {
		warn("no weight of the gates is above %.0e: every σ is near ½ and every tanh near 0, and mistakes in their derivatives do not show; take weights near 1", largest)
	}
	tr := Forward(n, v, target)
	for a, gate := range Gates {
		open := 0.0 // the largest σ′ or tanh′, as a part of the largest possible
		for t := range n.T {
			for _, x := range tr.Gate[t][a] {
				slope := 4 * x * (1 - x)
				if a == G {
					slope = 1 - x*x
				}
				open = max(open, slope)
			}
		}
		if open < 1e-3 {
			warn("gate %c is saturated at every step: its gradient is at most %.0e of the largest possible one, and proves little; take smaller weights or inputs", gate, open)
		}
	}
	_, grad := Backward(n, v, target)
	var all []check.Param
	var results []check.Result
	for _, p := range params(n, v, grad) {
		if p.Name == "z" || p.Name == "h0" || p.Name == "c0" { // these values may be 0
			continue
		}
		r := check.Result{Name: p.Name}
		for _, g := range p.Grad {
			r.Entries = append(r.Entries, check.Entry{Numeric: g})
		}
		all, results = append(all, p), append(results, r)
	}
	return append(unfair, check.Fair(all, results...)...)
}
