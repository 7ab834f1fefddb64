package answer

import (
	"fmt"
	"math"
	"slices"

	"lstm/check/given/convention"
	"lstm/check/pass"
	"lstm/check/scalar"
)

// judgeChecker judges the program's own numerical gradient, if the file has one.
func (a *Answer) judgeChecker(r *convention.Reading, truth []float64) {
	wrong, all := measuredOff(r, truth)
	if all == 0 {
		return
	}
	if wrong == 0 {
		a.Checker = []string{fmt.Sprintf("your own check is right, too: none of %d entries is off by more than 1e-4 of the largest", all)}
		return
	}
	yours := "your gradient is right"
	if a.Verdict != Right {
		yours = "your gradient is " + map[Verdict]string{Wrong: "wrong", NotProven: "not proven"}[a.Verdict]
	}
	if why := whyMeasured(r); why != "" {
		a.Checker = []string{yours + "; your numerical one " + why}
		return
	}
	a.Checker = []string{fmt.Sprintf("%s; your numerical one is wrong, too, at %d of %d entries, and no known mistake of a check explains it", yours, wrong, all)}
}

// whyMeasured names the mistake of a check whose numbers the file has.
func whyMeasured(r *convention.Reading) string {
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

// measuredOff counts the entries of the file's numerical gradient, and those that differ from a gradient by more than a
// plain difference may.
func measuredOff(r *convention.Reading, grad []float64) (wrong, all int) {
	for _, s := range r.Numeric {
		result, bars := compare(s, grad)
		largest := 0.0
		for _, e := range result.Entries {
			largest = math.Max(largest, math.Abs(e.Numeric))
		}
		for i, e := range result.Entries {
			all++
			if !(math.Abs(e.Analytic-e.Numeric) <= 1e-4*largest+bars[i]) {
				wrong++
			}
		}
	}
	return wrong, all
}

// matches reports whether the numerical gradient of the file is this one, as far as a plain difference can tell.
func matches(r *convention.Reading, grad []float64) bool {
	wrong, _ := measuredOff(r, grad)
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

// unfair lists what a check at the point cannot show, for an LSTM of the standard kind.
func unfair(p *pass.Point) []string {
	if p.N > 1 || p.Kind != pass.Standard(p.Net.Net).Kind {
		return nil
	}
	return scalar.Fair(p.Net.Net, p.V, p.Target)
}
