// Package own judges the numerical gradient that a program measured itself. If it is wrong, the package says what is wrong
// with the check: the state from which it starts, its step, its formula.
package own

import (
	"fmt"
	"math"
	"slices"

	"lstm/check/chain"
	"lstm/check/pass"
)

// Judge says of a numerical gradient whether it is right, and if not, why. It returns "" without one. yours says that of
// the program's other gradient: right, wrong or not proven.
func Judge(p *pass.Point, numeric []chain.Array, yours string) string {
	wrong, all := off(numeric, p.Backward(pass.Right()))
	switch {
	case all == 0:
		return ""
	case wrong == 0:
		return fmt.Sprintf("your own check is right: none of %d entries is off by more than 1e-4 of the largest", all)
	}
	yours = "your gradient is " + yours
	if why := why(p, numeric); why != "" {
		return yours + "; your numerical one " + why
	}
	return fmt.Sprintf("%s; your numerical one is wrong at %d of %d entries, and no known mistake of a check explains it", yours, wrong, all)
}

// why names the mistake of a check whose numbers the file has.
func why(p *pass.Point, numeric []chain.Array) string {
	if v := ended(p); matches(numeric, pass.New(p.Net, v, p.Target).Backward(pass.Right())) {
		return "starts from the state in which the first pass ended"
	}
	if v := slices.Clone(p.V); anyState(p, v) && matches(numeric, pass.New(p.Net, v, p.Target).Backward(pass.Right())) {
		return "starts from a state of zero, and not from h0 and c0"
	}
	if last := onlyLast(p); matches(numeric, last) {
		return "has the loss of the last step only"
	}
	for _, step := range steps {
		if measured(p, numeric, func(up, down, here float64) float64 { return (up - here) / step }, step) {
			return fmt.Sprintf("is one-sided, (L(w+δ) − L(w))/δ with δ = %.0e: its error falls as δ, and not as δ²", step)
		}
		if measured(p, numeric, func(up, down, here float64) float64 { return (up - down) / (2 * step) }, step) {
			return fmt.Sprintf("has a step of %.0e, which is too large or too small", step)
		}
		if measured(p, numeric, func(up, down, here float64) float64 { return (up - down) / step }, step) {
			return "is divided by δ, and not by 2δ"
		}
		if measuredFrom(p, numeric, func(up, down, here float64) float64 { return (up - down) / (2 * step) }, step, -step) {
			return "does not restore a parameter after it was moved: each parameter stays at w − δ"
		}
	}
	if k, ok := multiple(numeric, p.Backward(pass.Right())); ok {
		return fmt.Sprintf("is %.6g times the right one: its loss has another factor, such as a mean in place of a sum", k)
	}
	return grained(p, numeric)
}

// steps are the steps of usual checks.
var steps = []float64{1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7}

// onlyLast returns the gradient of the last step's loss.
func onlyLast(p *pass.Point) []float64 {
	l := pass.Right()
	dy := l.DY
	l.DY = func(p *pass.Place) float64 {
		if p.T < p.Net.T-1 {
			return 0
		}
		return dy(p)
	}
	return p.Backward(l)
}

// multiple returns the factor of a numerical gradient that is otherwise right.
func multiple(numeric []chain.Array, grad []float64) (k float64, ok bool) {
	most := 0.0
	each(numeric, grad, func(v, bar, right float64) {
		if math.Abs(right) > most {
			most, k = math.Abs(right), v/right
		}
	})
	scaled := slices.Clone(grad)
	for i := range scaled {
		scaled[i] *= k
	}
	return k, most > 0 && math.Abs(k) > 1e-3 && matches(numeric, scaled)
}

// mostGrains is what a gradient may be off by, because the losses are rounded.
const mostGrains = 100

// grained says that a step is too small for the digits of the losses. All differences of such losses are multiples of one
// number, a grain, and the gradient is off by a few grains. The coarsest grain that fits belongs to the step.
func grained(p *pass.Point, numeric []chain.Array) string {
	grad := p.Backward(pass.Right())
	_, exponent := math.Frexp(p.Loss)
	for _, losses := range []struct {
		bits int
		say  string
	}{
		{24, "is made of losses in float32, which have too few digits for a step of %.0e: compute them in float64"},
		{53, "has a step of %.0e, which is too small: little but rounding is left"},
	} {
		for _, step := range []float64{1e-15, 1e-14, 1e-13, 1e-12, 1e-11, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2} {
			grain := math.Ldexp(1, exponent-1-losses.bits) / (2 * step)
			whole, count := true, 0
			each(numeric, grad, func(v, bar, right float64) {
				times := v / grain
				whole = whole && bar < 0.01*grain && math.Abs(times-math.Round(times)) < 0.01+1e-13*math.Abs(times) &&
					math.Abs(times) < 1e10 && math.Abs(v-right) <= mostGrains*grain+1e-4*math.Abs(right)
				if math.Round(times) != 0 {
					count++
				}
			})
			if whole && count > 2 {
				return fmt.Sprintf(losses.say, step)
			}
		}
	}
	return ""
}

// each calls f with each known number of a numerical gradient, its bar, and what a gradient has there.
func each(numeric []chain.Array, grad []float64, f func(v, bar, right float64)) {
	for _, s := range numeric {
		for i, v := range s.Value {
			if math.IsInf(s.Bar[i], 1) {
				continue
			}
			right := 0.0
			for _, t := range s.Of[i] {
				right += t.Times * grad[t.Index]
			}
			f(v, s.Bar[i], right)
		}
	}
}

// off counts the known entries of a numerical gradient, and those that differ from a gradient by more than a plain
// difference may.
func off(numeric []chain.Array, grad []float64) (wrong, all int) {
	for _, s := range numeric {
		right, largest := make([]float64, len(s.Value)), 0.0
		for i, of := range s.Of {
			for _, t := range of {
				right[i] += t.Times * grad[t.Index]
			}
			largest = math.Max(largest, math.Abs(right[i]))
		}
		for i, v := range s.Value {
			if math.IsInf(s.Bar[i], 1) { // not known
				continue
			}
			all++
			if !(math.Abs(v-right[i]) <= 1e-4*largest+s.Bar[i]) {
				wrong++
			}
		}
	}
	return wrong, all
}

// matches reports whether the numerical gradient of the file is this one, as far as a plain difference can tell.
func matches(numeric []chain.Array, grad []float64) bool {
	wrong, _ := off(numeric, grad)
	return wrong == 0
}

// measured reports whether the numerical gradient of the file comes from plain differences with a step.
func measured(p *pass.Point, numeric []chain.Array, slope func(up, down, here float64) float64, step float64) bool {
	return measuredFrom(p, numeric, slope, step, 0)
}

// measuredFrom is measured for a check that leaves each parameter moved by `left`.
func measuredFrom(p *pass.Point, numeric []chain.Array, slope func(up, down, here float64) float64, step, left float64) bool {
	v := slices.Clone(p.V)
	loss := func() float64 { return pass.New(p.Net, v, p.Target).Loss }
	for _, s := range numeric {
		for i, of := range s.Of {
			if len(of) != 1 || math.IsNaN(s.Value[i]) {
				continue
			}
			k := of[0].Index
			saved, here := v[k], p.Loss
			v[k] = saved + step
			up := loss()
			v[k] = saved - step
			d := slope(up, loss(), here)
			v[k] = saved + left
			if !(math.Abs(d*of[0].Times-s.Value[i]) <= s.Bar[i]+1e-6*math.Abs(d)+1e-14*math.Abs(here)/step) {
				return false
			}
		}
	}
	return true
}

// ended returns V with the state after the last step as the initial state of each sequence.
func ended(p *pass.Point) []float64 {
	v := slices.Clone(p.V)
	for s, tr := range p.Traces {
		copy(v[p.H0(0)+p.Sequence(s):], tr.H[p.T])
		copy(v[p.C0(0)+p.Sequence(s):], tr.C[p.T])
	}
	return v
}

// anyState clears the initial states in v. It returns whether there were any.
func anyState(p *pass.Point, v []float64) (any bool) {
	for s := range p.N {
		state := v[p.H0(0)+p.Sequence(s) : p.In(0, 0)+p.Sequence(s)]
		any = any || slices.ContainsFunc(state, func(x float64) bool { return x != 0 })
		clear(state)
	}
	return any
}
