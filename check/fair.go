package check

import (
	"fmt"
	"math"
)

// Fair lists what a check at this point cannot show, one line each, with what to change. The list is empty if
// Fair finds nothing. results are those of Gradients for params: Fair looks at what was measured, and not at the
// gradient that is judged. Fair knows nothing of the model. Some points hide a mistake:
//
//   - The loss does not change with a parameter: its gradient may be left out, or cleared.
//   - Two parameters have the same gradient: the two may be swapped. If they have the same values, the
//     backward pass may read one for the other.
//   - All values of a parameter are 0, or 1: the backward pass may leave it out of a sum, or of a product.
//   - All values are tiny: functions are almost straight lines there.
func Fair(params []Param, results []Result) []string {
	var unfair []string
	warn := func(format string, args ...any) { unfair = append(unfair, fmt.Sprintf(format, args...)) }
	largest, whole := 0.0, 0.0
	for n := range params {
		for _, v := range params[n].values() {
			largest = max(largest, math.Abs(v))
		}
		whole = max(whole, results[n].measured())
	}
	for n := range params {
		p, r := &params[n], results[n]
		if r.still(whole) {
			warn("the loss does not change with %s, so a mistake that makes zeros does not show; take other values or inputs", p.Name)
			continue
		}
		value := p.values()
		switch {
		case near(value, 0):
			warn("every value of %s is 0, so the check does not see whether the backward pass leaves a term out, or takes another one; take other values", p.Name)
		case near(value, 1):
			warn("every value of %s is 1, so the check does not see whether the backward pass leaves it out as a factor; take other values", p.Name)
		}
		for k := range n {
			other := params[k].values()
			if len(value) < 2 || len(value) != len(other) || results[k].still(whole) {
				continue
			}
			if alike(r, results[k]) {
				warn("%s and %s have the same gradient, so the check does not see whether they are swapped; take other values", params[k].Name, p.Name)
			} else if near(value, other...) && !near(value, 0) {
				warn("%s and %s have the same values, so the check does not see whether the backward pass reads one for the other; take other values", params[k].Name, p.Name)
			}
		}
	}
	if largest < 1e-3 {
		warn("no value is above %.0e; functions are almost straight lines there, and mistakes in their derivatives do not show; take values near 1", largest)
	}
	return unfair
}

// values returns the entries of Value that are compared.
func (p *Param) values() (all []float64) {
	for _, i := range p.index() {
		all = append(all, p.Value[i])
	}
	return all
}

// near reports whether no value is further than Tolerance from its partner: the entry of to, or its only one.
func near(value []float64, to ...float64) bool {
	for i, v := range value {
		if math.Abs(v-to[i%len(to)]) > Tolerance {
			return false
		}
	}
	return true
}

// measured returns the largest entry that was measured.
func (r Result) measured() (largest float64) {
	for _, e := range r.Entries {
		largest = max(largest, math.Abs(e.Numeric))
	}
	return largest
}

// still reports whether the measured gradient is zero: the error bars cover zero, and are narrow beside whole,
// the largest entry of all parameters.
func (r Result) still(whole float64) bool {
	for _, e := range r.Entries {
		if math.Abs(e.Numeric) > e.Bar || e.Bar > Tolerance*whole {
			return false
		}
	}
	return true
}

// alike reports whether the measured gradients of two parameters are the same, within their error bars and a
// millionth of the largest entry.
func alike(a, b Result) bool {
	slack := 1e-6 * max(a.measured(), b.measured())
	for i, e := range a.Entries {
		if o := b.Entries[i]; math.Abs(e.Numeric-o.Numeric) > slack+e.Bar+o.Bar {
			return false
		}
	}
	return true
}
