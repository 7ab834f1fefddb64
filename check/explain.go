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

// Explain searches the wrong and the unresolved entries for the marks of common mistakes. A mark must fit all
// entries of the parameter within their error bars. Explain knows nothing of the model: package museum
// knows LSTMs. The kinds are:
//
//   - infinite: entries are NaN or Inf, but the loss is finite;
//   - zero, sign, twice, half, mean, sum, factor: the gradient is a multiple of the right one;
//   - transposed; swapped, copied: the gradient is another parameter's;
//   - close: no wrong entry is off by more than 1e-5 of itself;
//   - unused, small, corner, noisy: more than half of the entries are unresolved.
func Explain(params []Param, results []Result) []Cause {
	causes := slices.Clone(whole(results))
	shared, constants := causes != nil, multiple{math.Inf(-1), math.Inf(1), 0}
	largest, unknown := 0.0, 0 // unknown: wrong parameters without a mark
	for _, r := range results {
		largest = max(largest, r.reach())
	}
	for n, r := range results {
		causes = append(causes, uncertain(r, largest)...)
		if shared || len(r.With(Wrong)) == 0 {
			continue
		}
		m := r.multiple()
		c := cmp.Or(broken(r), m.cause(r.Name, len(results) == 1), transposed(r, params[n].Cols), another(results, n), rounded(r))
		if c == nil {
			unknown++
			continue
		}
		if causes = append(causes, *c); c.Kind == "factor" {
			constants = multiple{max(constants.low, m.low), min(constants.high, m.high), constants.known + 1}
		}
	}
	// A factor is no constant of a formula if each parameter has another one, or most have none.
	if constants.low > constants.high || unknown > constants.known {
		causes = slices.DeleteFunc(causes, func(c Cause) bool { return c.Kind == "factor" })
	}
	return causes
}

// whole recognises a multiple that all parameters share, two or more.
func whole(results []Result) []Cause {
	all, known := Result{}, 0
	for _, r := range results {
		all.Entries = append(all.Entries, r.Entries...)
		if r.multiple().known > 0 {
			known++
		}
	}
	if c := all.multiple().cause("", true); c != nil && known > 1 && len(all.With(Wrong)) > 0 {
		return []Cause{*c}
	}
	return nil
}

// reach returns how large an entry may be, as far as was measured.
func (r Result) reach() (largest float64) {
	for _, e := range r.Entries {
		largest = max(largest, math.Abs(e.Numeric)+e.Bar)
	}
	return largest
}

// broken recognises entries that are no numbers.
func broken(r Result) *Cause {
	n := 0
	for _, e := range r.Entries {
		if !finite(e.Analytic) {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return &Cause{"infinite", r.Name, fmt.Sprintf("%d of %d entries are NaN or Inf, but the loss is finite", n, len(r.Entries)),
		"a division by zero, or the logarithm or the root of a number that is too small", "the first line on the way back whose result is not finite"}
}

// A multiple is the range of numbers k for which the given gradient is k times the measured one, within the
// error bars. There is none if low is above high.
type multiple struct {
	low, high float64
	known     int // entries that limit the range
}

func (r Result) multiple() multiple {
	m := multiple{math.Inf(-1), math.Inf(1), 0}
	for _, e := range r.Entries {
		slack := e.slack()
		if math.Abs(e.Numeric) <= 2*slack {
			continue
		}
		a, b := e.Analytic/(e.Numeric-slack), e.Analytic/(e.Numeric+slack)
		m.low, m.high = max(m.low, min(a, b)), min(m.high, max(a, b))
		m.known++
	}
	for _, e := range r.Entries { // those that are zero, within their error bar
		if k := m.middle(); !(math.Abs(e.Analytic-k*e.Numeric) <= 1.01*math.Abs(k)*e.slack()) {
			return multiple{1, 0, 0}
		}
	}
	return m
}

// slack returns how far the measured derivative may be from the true one.
func (e Entry) slack() float64 { return e.Bar + Tolerance*math.Abs(e.Numeric) }

func (m multiple) middle() float64      { return (m.low + m.high) / 2 }
func (m multiple) holds(k float64) bool { return m.low <= k && k <= m.high }

// cause returns what the multiple is a mark of, in the gradient of a parameter. loss says whether the
// derivative of the loss may be to blame: not if another parameter lacks the multiple.
func (m multiple) cause(name string, loss bool) *Cause {
	k := m.middle()
	part := math.Round(1 / k)
	if !(m.low <= m.high) || m.known == 0 || m.high-m.low > 0.02*math.Abs(k) {
		return nil
	}
	const summed, derived = "where this gradient is added up", "the derivative of the loss"
	for _, mark := range []struct {
		seen                                 bool
		kind, observed, alone, likely, where string // alone: if the loss is not to blame
	}{
		{m.holds(0), "zero", "is zero, but the loss changes", "the gradient is never computed, or is cleared after it was computed", "", ""},
		{m.holds(-1), "sign", "has the wrong sign", "a minus is missing, or is too many", "target and output are swapped, or this is the direction uphill", derived},
		{m.holds(2), "twice", "is twice too large", "the gradient is added up twice, or is not cleared before",
			"the gradient is added up twice, or the ½ of the loss is missing in its derivative", "where the gradient is cleared, and " + derived},
		{m.holds(0.5), "half", "is half of what it should be", "a 2 is missing, or one of two equal terms", "the 2 from the square is missing", derived},
		{part > 2 && m.holds(1/part) && 1/m.low-1/m.high < 0.1, "mean", fmt.Sprintf("is 1/%.0f of what it should be", part),
			"the gradient is a mean over so many, and not a sum", "the gradient is a mean over so many, but the loss is a sum", derived},
		{math.Round(k) > 2 && m.holds(math.Round(k)) && m.high-m.low < 0.1, "sum", fmt.Sprintf("is %.0f times what it should be", k),
			"the gradient is a sum over so many, and not a mean", "the gradient is a sum over so many, but the loss is a mean", derived},
		{m.known > 1 && math.Abs(k-1) > 1e-5, "factor", fmt.Sprintf("is %.6g times what it should be", k),
			"a factor is missing, or is too many", "the loss has a constant that its derivative lacks, or the other way round", derived},
	} {
		switch {
		case !mark.seen:
		case loss && mark.likely != "":
			return &Cause{mark.kind, name, "every entry " + mark.observed, mark.likely, mark.where}
		default:
			return &Cause{mark.kind, name, "every entry " + mark.observed, mark.alone, summed}
		}
	}
	return nil
}

// rounded recognises a gradient of few digits.
func rounded(r Result) *Cause {
	for _, e := range r.With(Wrong) {
		if e.Error() > 1e-5 {
			return nil
		}
	}
	return &Cause{"close", r.Name, "no wrong entry is off by more than 1e-5 of itself", "the gradient is computed in float32, or from a rounded constant",
		"the types and the constants of the backward pass"}
}

// transposed recognises the transpose of a square matrix.
func transposed(r Result, cols int) *Cause {
	if cols == 0 || len(r.Entries) != cols*cols {
		return nil
	}
	t := slices.Clone(r.Entries)
	for i := range t {
		t[i] = r.Entries[i%cols*cols+i/cols]
	}
	if !given(r.Entries, t) {
		return nil
	}
	return &Cause{"transposed", r.Name, "the gradient is transposed", "the factors of an outer product are swapped", "dW += outer(x, dy), for y = x·W"}
}

// another recognises the gradient of another parameter.
func another(results []Result, n int) *Cause {
	for k, other := range results {
		if k == n || !given(results[n].Entries, other.Entries) {
			continue
		}
		c := &Cause{"copied", results[n].Name, "this is the gradient of " + other.Name, "a line was copied and not changed", "where the two gradients are added up"}
		if given(other.Entries, results[n].Entries) {
			c.Kind, c.Likely = "swapped", "the two are swapped"
			c.Observed += ", and " + other.Name + " has this one's"
		}
		return c
	}
	return nil
}

// given reports whether the gradient that was given for a is the one that was measured for b, one to one. There
// must be an entry whose measurement is good to a hundredth.
func given(a, b []Entry) bool {
	if len(a) != len(b) {
		return false
	}
	both := Result{Entries: slices.Clone(b)}
	for i := range both.Entries {
		both.Entries[i].Analytic = a[i].Analytic
	}
	m := both.multiple()
	return m.holds(1) && m.high-m.low < 0.02
}

// uncertain explains why more than half of a parameter's error bars are wide, if they are.
func uncertain(r Result, largest float64) []Cause {
	wide, corners, zero := 0, 0, true
	for _, e := range r.With(Unresolved) {
		if e.RelativeBar() > 1e-6 {
			wide++
		}
		// At a corner one slope is on the left, and another on the right. Half their difference is the error bar, and
		// the gradient is one of them, or their mean. Noise puts it anywhere within the bar.
		if off := e.difference() / e.Bar; e.Bar > 0.01*largest && (off > 0.95 || off < 1e-6) {
			corners++
		}
		zero = zero && e.Analytic == 0
	}
	share := r.reach() / largest
	switch {
	case 2*wide <= len(r.Entries):
		return nil
	case 2*corners > wide && share > 1e-5:
		return []Cause{{"corner", r.Name, fmt.Sprintf("at %d entries the loss has one slope on the left and another on the right", corners),
			"a maximum, an absolute value or a ReLU is exactly at its corner", "move the values or the inputs a little, and check again"}}
	case share < 1e-5 && zero:
		return []Cause{{"unused", r.Name, "the given gradient is exactly zero, and the loss does not change by more than its rounding error",
			"the loss does not use these values, or multiplies them by zero", "take other inputs, or a loss whose other terms are smaller"}}
	case share < 1e-5:
		return []Cause{{"small", r.Name, fmt.Sprintf("this gradient is %.0e of the largest one, less than the rounding error of the loss", share),
			"the gates are shut or saturated, or the way back is so long that almost nothing arrives",
			"check a shorter sequence, or values at which the gates are open"}}
	}
	return []Cause{{"noisy", r.Name, fmt.Sprintf("%d error bars are wider than a millionth of their entry: the loss has lost its last digits", wide),
		"the loss is computed in float32, or subtracts large numbers",
		"compute the loss in float64, and do not subtract large numbers that are almost equal"}}
}
