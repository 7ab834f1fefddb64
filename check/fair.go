package check

import (
	"fmt"
	"math"
	"slices"
)

// Fair lists the mistakes that a check at this point cannot show. Each takes one line, which says how to change
// the point. The list is empty at a fair point. results come from Gradients for params. Fair looks at the
// measured gradient, and not at the gradient to judge. Without results it looks at the values alone. Fair knows
// nothing of the model.
func Fair(params []Param, results ...Result) []string {
	var unfair []string
	warn := func(format string, args ...any) { unfair = append(unfair, fmt.Sprintf(format, args...)) }
	largest, whole := 0.0, 0.0
	for n := range params {
		largest = max(largest, params[n].away(0))
	}
	for _, r := range results {
		whole = max(whole, r.reach())
	}
	for n := range params {
		p, measured := &params[n], n < len(results)
		switch {
		case measured && results[n].still(whole):
			warn("the loss does not change with %s, so a mistake that makes its gradient zero does not show; take other values or inputs", p.Name)
			continue
		case p.away(0) <= Tolerance:
			warn("every value of %s is 0, so the check does not see whether the backward pass leaves a term out, or takes a wrong term; take other values", p.Name)
		case p.away(1) <= Tolerance:
			warn("every value of %s is 1, so the check does not see whether the backward pass leaves a factor out; take other values", p.Name)
		}
		for _, other := range results[:min(n, len(results))] {
			if measured && !other.still(whole) && results[n].alike(other) {
				warn("%s and %s have the same gradient, so the check does not see whether they are swapped; take other values", other.Name, p.Name)
			}
		}
	}
	if largest < 1e-3 {
		warn("no value is above %.0e; functions are almost straight lines there, and mistakes in their derivatives do not show; take values near 1", largest)
	}
	return unfair
}

// away returns the largest distance from v to a value to compare.
func (p *Param) away(v float64) (largest float64) {
	for _, i := range p.index() {
		largest = max(largest, math.Abs(p.Value[i]-v))
	}
	return largest
}

// still reports whether the measured gradient is zero within its error bars, and the bars are narrow beside
// whole.
func (r Result) still(whole float64) bool {
	known := func(e Entry) bool { return math.Abs(e.Numeric) > 2*(e.Bar+Tolerance*math.Abs(e.Numeric)) }
	return !slices.ContainsFunc(r.Entries, known) && r.reach() <= Tolerance*whole
}

// reach returns the largest size that an entry can have within its error bar.
func (r Result) reach() (largest float64) {
	for _, e := range r.Entries {
		largest = max(largest, math.Abs(e.Numeric)+e.Bar)
	}
	return largest
}

// alike reports whether two measured gradients are the same, within their error bars and a millionth of the
// largest entry.
func (r Result) alike(other Result) bool {
	slack := 1e-6 * r.reach()
	for i, e := range r.Entries {
		if len(r.Entries) != len(other.Entries) || math.Abs(e.Numeric-other.Entries[i].Numeric) > slack+e.Bar+other.Entries[i].Bar {
			return false
		}
	}
	return len(r.Entries) > 1
}
