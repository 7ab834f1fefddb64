// Package numeric judges the numerical gradient that a program has measured itself, and says what is wrong with its check:
// the state from which it starts, its step, its formula.
package numeric

import (
	"fmt"
	"math"
	"slices"

	"lstm/check/given/convention"
	"lstm/check/given/convention/trial"
	"lstm/check/pass"
)

// Off counts the entries of the program's numerical gradient, and those that differ from a gradient by more than a plain
// difference may.
func Off(r *convention.Reading, grad []float64) (wrong, all int) {
	for _, s := range r.Numeric {
		right, largest := trial.Right(&s, grad), 0.0
		for i, v := range right {
			if !math.IsInf(s.Bar[i], 1) {
				largest = math.Max(largest, math.Abs(v))
			}
		}
		for i, v := range s.Value {
			if math.IsInf(s.Bar[i], 1) {
				continue
			}
			if all++; !(math.Abs(v-right[i]) <= 1e-4*largest+s.Bar[i]) {
				wrong++
			}
		}
	}
	return wrong, all
}

// Why names the mistake of a check whose numbers are off, in a few words. It returns "" if it knows none.
func Why(r *convention.Reading) string {
	p := r.Point
	if v := ended(p); matches(r, pass.New(p.Net, v, p.Target).Backward(pass.Right())) {
		return "starts from the state in which the first pass ended"
	}
	if v := slices.Clone(p.V); anyState(p, v) && matches(r, pass.New(p.Net, v, p.Target).Backward(pass.Right())) {
		return "starts from a state of zero, and not from h0 and c0"
	}
	for _, step := range []float64{1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7} {
		if measured(r, func(up, down, here float64) float64 { return (up - here) / step }, step) {
			return fmt.Sprintf("is one-sided, (L(w+δ) − L(w))/δ with δ = %.0e: its error falls as δ, and not as δ²", step)
		}
		if measured(r, func(up, down, here float64) float64 { return (up - down) / (2 * step) }, step) {
			return fmt.Sprintf("has a step of %.0e, which is too large or too small", step)
		}
		if measured(r, func(up, down, here float64) float64 { return (up - down) / step }, step) {
			return "is divided by δ, and not by 2δ"
		}
	}
	return ""
}

// matches reports whether the numerical gradient of the file is this one, as far as a plain difference can tell.
func matches(r *convention.Reading, grad []float64) bool {
	wrong, _ := Off(r, grad)
	return wrong == 0
}

// measured reports whether the numerical gradient of the file comes from plain differences with a step.
func measured(r *convention.Reading, slope func(up, down, here float64) float64, step float64) bool {
	p, v := r.Point, slices.Clone(r.Point.V)
	loss := func() float64 { return pass.New(p.Net, v, p.Target).Loss }
	for _, s := range r.Numeric {
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
			v[k] = saved
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
