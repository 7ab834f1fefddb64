package check

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// A Cause is a mark that a common mistake leaves in a gradient.
type Cause struct {
	Kind     string // of the mark, for programs: see Explain
	Param    string // whose gradient has the mark; "" for the whole gradient
	Observed string // what was seen
	Likely   string // the likely mistake
	Line     string // what to read or to change
}

// rounding is the relative difference up to which Explain and Fair take two gradients for equal.
const rounding = 1e-6

// Explain searches the wrong and the unresolved entries for the marks of common mistakes. It knows
// nothing of the model: package museum knows LSTMs.
//
// The kinds are: small, noisy (too many entries are unresolved); zero, sign, twice, half, mean, sum,
// factor (the gradient is a multiple of the right one); transposed; swapped, copied (the gradient is
// another parameter's).
func Explain(params []Param, results []Result) []Cause {
	var causes []Cause
	most := 0.0
	for _, r := range results {
		most = max(most, r.size())
	}
	for n, r := range results {
		if c := uncertain(r, most); c != nil {
			causes = append(causes, *c)
		}
		if len(r.With(Wrong)) == 0 {
			continue
		}
		if c := cmp.Or(multiple(r), transposed(r, params[n].Cols), another(results, n)); c != nil {
			causes = append(causes, *c)
		}
	}
	return causes
}

// uncertain explains why more than half of a parameter's error bars are wide, if they are.
func uncertain(r Result, most float64) *Cause {
	wide := 0
	for _, e := range r.With(Unresolved) {
		if e.RelativeBar() > rounding {
			wide++
		}
	}
	if 2*wide <= len(r.Entries) {
		return nil
	}
	if share := r.size() / most; share < 1e-5 {
		return &Cause{"small", r.Name, fmt.Sprintf("this gradient is %.0e of the largest one, less than the rounding error of the loss", share),
			"the gates are shut or saturated, or the way back is so long that almost nothing arrives",
			"check a shorter sequence, or values at which the gates are open"}
	}
	return &Cause{"noisy", r.Name, fmt.Sprintf("%d error bars are wider than a millionth of their entry: the loss has lost its last digits", wide),
		"the loss is computed in float32, or subtracts large numbers",
		"compute the loss in float64, and do not subtract large numbers that are almost equal"}
}

// multiple recognises a gradient that is a multiple of the measured one.
func multiple(r Result) *Cause {
	a, m := r.columns()
	k, ok := Multiple(a, m, rounding)
	if !ok || len(a) < 2 {
		return nil
	}
	near := func(a, b float64) bool { return math.Abs(a-b) <= rounding*math.Abs(b) }
	const summed, derived = "where the gradient is added up", "the derivative of the loss"
	for _, mark := range []struct {
		seen                         bool
		kind, observed, likely, line string
	}{
		{k == 0, "zero", "is zero, but the loss changes", "the gradient is never computed, or is cleared after it was computed", summed},
		{near(k, -1), "sign", "has the wrong sign", "target and output are swapped, or this is the direction uphill", derived},
		{near(k, 2), "twice", "is twice too large", "the gradient is added up twice, or the ½ of the loss is missing in its derivative",
			"where the gradient is cleared, and " + derived},
		{near(k, 0.5), "half", "is half of what it should be", "the 2 from the square is missing", derived},
		{near(1/k, math.Round(1/k)), "mean", fmt.Sprintf("is 1/%.0f of what it should be", 1/k), "the gradient is a mean over so many, but the loss is a sum", derived},
		{near(k, math.Round(k)), "sum", fmt.Sprintf("is %.0f times what it should be", k), "the gradient is a sum over so many, but the loss is a mean", derived},
		{true, "factor", fmt.Sprintf("is %.6g times what it should be", k), "the loss has a constant that its derivative lacks, or the other way round", derived},
	} {
		if mark.seen {
			return &Cause{mark.kind, r.Name, "every entry " + mark.observed, mark.likely, mark.line}
		}
	}
	return nil
}

// transposed recognises the transpose of a square matrix.
func transposed(r Result, cols int) *Cause {
	a, m := r.columns()
	if cols == 0 || len(a) != cols*cols {
		return nil
	}
	t := make([]float64, len(m))
	for i := range m {
		t[i] = m[i%cols*cols+i/cols]
	}
	if !Agree(a, t, rounding) {
		return nil
	}
	return &Cause{"transposed", r.Name, "the gradient is transposed", "the factors of an outer product are swapped", "dW += outer(x, dy), for y = x·W"}
}

// another recognises the gradient of another parameter.
func another(results []Result, n int) *Cause {
	a, m := results[n].columns()
	same := func(a, b []float64) bool { return len(a) == len(b) && !allZero(a) && Agree(a, b, rounding) }
	for k, other := range results {
		otherA, otherM := other.columns()
		if k == n || !same(a, otherM) {
			continue
		}
		c := &Cause{"copied", results[n].Name, "this is the gradient of " + other.Name, "a line was copied and not changed", "where the two gradients are added up"}
		if same(otherA, m) {
			c.Kind, c.Likely = "swapped", "the two are swapped"
			c.Observed += ", and " + other.Name + " has this one's"
		}
		return c
	}
	return nil
}

// columns returns the gradient that was given, and the one that was measured.
func (r Result) columns() (analytic, numeric []float64) {
	for _, e := range r.Entries {
		analytic, numeric = append(analytic, e.Analytic), append(numeric, e.Numeric)
	}
	return analytic, numeric
}

// Fair lists what a check of these values and gradients cannot show, one line each, with what to
// change. The list is empty if Fair finds nothing. Fair knows nothing of the model.
func Fair(params []Param) []string {
	var unfair []string
	warn := func(format string, args ...any) { unfair = append(unfair, fmt.Sprintf(format, args...)) }
	largest := 0.0
	for n := range params {
		p := &params[n]
		for _, i := range p.index() {
			largest = max(largest, math.Abs(p.Value[i]))
		}
		grad := p.gradient()
		if allZero(grad) {
			warn("the whole gradient of %s is zero, so a mistake that makes zeros does not show; take other values or inputs", p.Name)
			continue
		}
		for k := range n {
			other := params[k].gradient()
			if len(grad) > 1 && len(grad) == len(other) && Agree(grad, other, rounding) {
				warn("%s and %s have the same gradient, so the check does not see whether they are swapped; take other values", params[k].Name, p.Name)
			}
		}
	}
	if largest < 1e-3 {
		warn("no value is above %.0e; functions are almost straight lines there, and mistakes in their derivatives do not show; take values near 1", largest)
	}
	return unfair
}

// Agree reports whether two vectors of one length are equal up to rounding: no two entries differ by
// more than tolerance times the largest entry of either. An entry of a that is NaN is not compared.
func Agree(a, b []float64, tolerance float64) bool {
	largest, off := 0.0, 0.0
	for i := range a {
		if !math.IsNaN(a[i]) {
			largest = max(largest, math.Abs(a[i]), math.Abs(b[i]))
			off = max(off, math.Abs(a[i]-b[i]))
		}
	}
	return off <= tolerance*largest
}

// Multiple returns the k for which a and k·b Agree. There is none if b is zero.
func Multiple(a, b []float64, tolerance float64) (k float64, ok bool) {
	most := -1 // the largest entry of b
	for i := range b {
		if !math.IsNaN(a[i]) && b[i] != 0 && (most < 0 || math.Abs(b[i]) > math.Abs(b[most])) {
			most = i
		}
	}
	if most < 0 {
		return 0, false
	}
	k = a[most] / b[most]
	b = slices.Clone(b)
	for i := range b {
		b[i] *= k
	}
	return k, Agree(a, b, tolerance)
}

func allZero(a []float64) bool {
	return !slices.ContainsFunc(a, func(v float64) bool { return v != 0 })
}
