package check

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// A Cause is a mark that a common mistake leaves in a gradient.
type Cause struct {
	Kind     string // the kind of mark, for programs: see Explain
	Param    string // the parameter whose gradient has the mark
	Observed string // the observation
	Likely   string // the likely mistake
	Line     string // the line to read or to change
}

// Explain searches the wrong and the unresolved entries for the marks of common mistakes. A mark must fit all
// entries of a parameter within their error bars. Explain knows nothing of the model: package museum knows LSTMs.
//
// The kinds are: small, corner, noisy (too many entries are unresolved); infinite (an entry is NaN or Inf); zero, sign,
// twice, half, mean, sum, factor (the gradient is a multiple of the right one); transposed; swapped, copied (the
// gradient is another parameter's).
func Explain(params []Param, results []Result) (causes []Cause) {
	largest, all, unknown := 0.0, Result{}, 0
	for _, r := range results {
		largest = max(largest, r.reach())
		all.Entries = append(all.Entries, r.Entries...)
	}
	whole := all.multiple()
	for n, r := range results {
		if c := uncertain(r, largest); c != nil {
			causes = append(causes, *c)
		}
		if len(r.With(Wrong)) == 0 {
			continue
		}
		c := cmp.Or(r.multiple().cause(r.Name, whole.low <= whole.high), transposed(r, params[n].Cols), another(results, n))
		if c == nil {
			unknown++
		} else if causes = append(causes, *c); c.Kind == "factor" {
			unknown--
		}
	}
	if unknown > 0 { // an error elsewhere causes the factor, and it is not a constant
		causes = slices.DeleteFunc(causes, func(c Cause) bool { return c.Kind == "factor" })
	}
	return causes
}

// reach returns the largest size that an entry can have within its error bar.
func (r Result) reach() (largest float64) {
	for _, e := range r.Entries {
		largest = max(largest, math.Abs(e.Numeric)+e.Bar)
	}
	return largest
}

// uncertain explains wide error bars, if more than half of a parameter's error bars are wide.
func uncertain(r Result, largest float64) *Cause {
	wide, corners, zero := 0, 0, true
	for _, e := range r.With(Unresolved) {
		if e.RelativeBar() > 1e-6 {
			wide++
		}
		// At a corner the error bar is half the difference of the slopes on the left and on the right. The gradient is
		// one of the slopes, or their mean. Noise puts it anywhere within the bar.
		if off := e.difference() / e.Bar; e.Bar > 0.01*largest && (off > 0.95 || off < 1e-6) {
			corners++
		}
		zero = zero && e.Analytic == 0
	}
	share := r.reach() / largest
	switch {
	case 2*wide <= len(r.Entries):
		return nil
	case 2*corners > wide:
		return &Cause{"corner", r.Name, fmt.Sprintf("at %d entries the loss has one slope on the left and another on the right", corners),
			"a maximum, an absolute value or a ReLU is exactly at its corner", "move the values or the inputs a little"}
	case share < 1e-5 && zero:
		return &Cause{"small", r.Name, "this gradient is zero", "the loss does not use these values, or multiplies them by zero", "take other inputs"}
	case share < 1e-5:
		return &Cause{"small", r.Name, fmt.Sprintf("this gradient is %.0e of the largest gradient, less than the rounding error of the loss", share),
			"the gates are shut or saturated, or almost no gradient is left after the long way back",
			"check a shorter sequence, or values at which the gates are open"}
	}
	return &Cause{"noisy", r.Name, fmt.Sprintf("%d error bars are wider than a millionth of their entry: the loss has lost its last digits", wide),
		"the loss is computed in float32, or subtracts large numbers",
		"compute the loss in float64, and do not subtract large numbers that are almost equal"}
}

// A multiple is a range of factors. For each factor k in it, the gradient is k times the measured one, within
// the error bars. The range is empty if low is above high.
type multiple struct {
	low, high float64
	known     int  // entries that limit the range
	infinite  bool // an entry is NaN or Inf
}

func (r Result) multiple() multiple { return multipleOf(r.Entries, r.Entries) }

// multipleOf compares the given gradient of a with the measured gradient of b, entry by entry.
func multipleOf(a, b []Entry) multiple {
	m := multiple{low: math.Inf(-1), high: math.Inf(1)}
	slack := func(e Entry) float64 { return e.Bar + Tolerance*math.Abs(e.Numeric) }
	for i, e := range b {
		m.infinite = m.infinite || !finite(a[i].Analytic)
		if math.Abs(e.Numeric) > 2*slack(e) {
			x, y := a[i].Analytic/(e.Numeric-slack(e)), a[i].Analytic/(e.Numeric+slack(e))
			m.low, m.high, m.known = max(m.low, min(x, y)), min(m.high, max(x, y)), m.known+1
		}
	}
	k := m.middle()
	for i, e := range b { // also entries that are zero within their bar
		if !(math.Abs(a[i].Analytic-k*e.Numeric) <= 1.01*math.Abs(k)*slack(e)) {
			m.low, m.high = 1, 0
		}
	}
	return m
}

func (m multiple) middle() float64      { return (m.low + m.high) / 2 }
func (m multiple) holds(k float64) bool { return m.low <= k && k <= m.high }

// cause returns the likely cause of the multiple. inLoss says whether the mistake may be in the derivative of
// the loss. It cannot be there if another parameter lacks the multiple.
func (m multiple) cause(name string, inLoss bool) *Cause {
	k := m.middle()
	n, part := math.Round(k), math.Round(1/k)
	constant := m.low <= m.high && m.high-m.low <= 0.02*math.Abs(k)
	for _, mark := range []struct {
		seen                                 bool
		kind, observed, likely, atLoss, line string // atLoss: the likely mistake at the loss
	}{
		{m.infinite, "infinite", "NaN or Inf, or some are", "a division by zero, or a number that is too large", "", "the first line on the way back whose result is not finite"},
		{!constant, "", "", "", "", ""},
		{k == 0, "zero", "zero, but the loss changes", "the gradient is never computed, or is cleared after it was computed", "", ""},
		{m.holds(-1), "sign", "of the wrong sign", "a minus is missing, or there is one too many", "target and output are swapped, or this is the direction uphill", ""},
		{m.holds(2), "twice", "twice too large", "the gradient is added up twice, or not cleared before", "the gradient is added up twice, or the ½ of the loss is missing in its derivative", ""},
		{m.holds(0.5), "half", "half of what it should be", "a factor of 2, or one of two equal terms, is missing", "the 2 from the square is missing", ""},
		{part > 2 && m.holds(1/part) && 1/m.low-1/m.high < 0.1, "mean", fmt.Sprintf("1/%.0f of what it should be", part),
			"the gradient is a mean over that number of terms, but the loss is a sum", "", ""},
		{n > 2 && m.holds(n) && m.high-m.low < 0.1, "sum", fmt.Sprintf("%.0f times what it should be", n),
			"the gradient is a sum over that number of terms, but the loss is a mean", "", ""},
		{m.known > 1 && math.Abs(k-1) > 1e-5, "factor", fmt.Sprintf("%.6g times what it should be", k),
			"a factor is missing, or there is one too many", "the loss has a constant factor that its derivative lacks, or the derivative has one that the loss lacks", ""},
	} {
		switch {
		case !mark.seen:
			continue
		case mark.kind == "":
			return nil
		case inLoss && k != 0:
			mark.likely, mark.line = cmp.Or(mark.atLoss, mark.likely), cmp.Or(mark.line, "the derivative of the loss, and where the gradient is cleared")
		}
		return &Cause{mark.kind, name, "every entry is " + mark.observed, mark.likely, cmp.Or(mark.line, "where this gradient is added up")}
	}
	return nil
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
			c.Observed += ", and " + other.Name + " has the gradient of this parameter"
		}
		return c
	}
	return nil
}

// given reports whether the given gradient of a matches the measured gradient of b, known to a hundredth.
func given(a, b []Entry) bool {
	if len(a) != len(b) {
		return false
	}
	m := multipleOf(a, b)
	return m.holds(1) && m.high-m.low < 0.02
}
