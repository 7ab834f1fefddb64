package check

import (
	"fmt"
	"math"

	"lstm/check/mark"
)

// unsure explains wide error bars, for each parameter with more than half of its error bars wide.
func unsure(results []Result) (causes []Cause) {
	largest, rounding, still := 0.0, 0x1p-24, true // float32
	for _, r := range results {
		largest = max(largest, r.reach())
		for _, e := range r.Entries {
			still = still && e.Analytic == 0 && e.Numeric == 0
			if float64(float32(e.Analytic)) != e.Analytic {
				rounding = 0x1p-53
			}
		}
	}
	if still { // the loss does not change at all: no rounding is to blame
		largest = math.Inf(1)
	}
	for _, r := range results {
		if c := r.unsure(largest, 64*rounding*largest); c != nil {
			causes = append(causes, *c)
		}
	}
	return mark.Merge(causes, len(results))
}

// unsure explains wide error bars. largest is the largest entry of all parameters. An entry below tiny is zero but
// for rounding.
func (r Result) unsure(largest, tiny float64) *Cause {
	wide, corners, zero, cancels := 0, 0, true, len(r.With(Wrong)) == 0
	for _, e := range r.Entries {
		cancels = cancels && math.Abs(e.Analytic) <= tiny
		if e.Verdict != Unresolved {
			continue
		}
		if e.RelativeBar() > 1e-6 {
			wide++
		}
		if 2*e.Corner > e.Bar {
			corners++
		}
		zero = zero && e.Analytic == 0
	}
	share := r.reach() / largest
	cause := func(kind, observed, likely, line string) *Cause {
		return &Cause{Kind: kind, Param: r.Name, Observed: observed, Likely: likely, Line: line}
	}
	switch {
	case 2*wide <= len(r.Entries):
		return nil
	case 2*corners > wide:
		return cause("corner", fmt.Sprintf("at %d entries the loss has one slope on the left and another on the right", corners),
			"a maximum, an absolute value or a ReLU is exactly at its corner; there the gradient is one slope or the other, and a difference their mean",
			"move the values or the inputs a little")
	case share < 1e-5 && zero:
		return cause("small", "this gradient is zero", "the loss does not use these values, or multiplies them by zero", "take other inputs")
	case cancels && !zero:
		return cause("cancels", "this gradient is zero but for rounding, and so is the measured one, within its error bars",
			"the loss does not depend on these values: what follows takes them out again, as a normalization or a softmax takes out a number that is added to all",
			"no line, if that is so: leave these values out")
	case share < 1e-5:
		return cause("small", fmt.Sprintf("this gradient is %.0e of the largest gradient, less than the rounding error of the loss", share),
			"the gates are shut or saturated, or almost no gradient is left after the long way back",
			"check a shorter sequence, or values at which the gates are open")
	}
	return cause("noisy", "most error bars are wider than a millionth of their entry: the loss has lost its last digits",
		"the loss is computed in float32, or subtracts large numbers",
		"compute the loss in float64, and do not subtract large numbers that are almost equal")
}
