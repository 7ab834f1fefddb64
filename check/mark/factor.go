package mark

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// multiple returns the factors k for which every given entry is k times the measured one.
func multiple(entries []Entry) fit {
	return fitted(entries, func(_ int, e Entry) claim {
		return claim{y: e.Given, e: e.grain, u: e.Measured, s: e.Slack, right: e.Measured, loose: e.Slack}
	})
}

// factor recognises a factor with a name: zero, −1, or a simple ratio.
func factor(b Block, g group) *Cause {
	f := multiple(b.Entries)
	if b.zero() {
		for i := range b.Entries {
			b.Entries[i].Given = 0
		}
		f = multiple(b.Entries)
		if !f.exactly(0, 1) {
			return nil
		}
		return g.times(0, "zero", "zero, but the loss changes", "the gradient is never computed, or is cleared after it was computed", "")
	}
	r, ok := f.ratio()
	if !ok || !f.credible(r) {
		return nil
	}
	const other = "the loss has a constant factor that its derivative lacks, or the derivative has one that the loss lacks"
	switch k := r.value(); {
	case r == ratio{-1, 1}:
		return g.times(k, "sign", "of the wrong sign", "a minus is missing, or there is one too many",
			"target and output are swapped, or this is the direction uphill")
	case r == ratio{2, 1}:
		return g.times(k, "twice", "twice too large", "the gradient is added up twice, or not cleared before",
			"the gradient is added up twice, or the ½ of the loss is missing in its derivative")
	case r == ratio{1, 2}:
		return g.times(k, "half", "half of what it should be", "a factor of 2, or one of two equal terms, is missing",
			"the 2 from the square is missing")
	case r.p == 1:
		return g.times(k, "mean", f.equals(r)+" of what it should be",
			fmt.Sprintf("the gradient is a mean over %d terms (steps, samples or outputs), but the loss is a sum", r.q), "")
	case r.q == 1 && r.p > 0:
		return g.times(k, "sum", f.equals(r)+" times what it should be",
			fmt.Sprintf("the gradient is a sum over %d terms (steps, samples or outputs), but the loss is a mean", r.p), "")
	case r.p > 0:
		return g.times(k, "fraction", f.equals(r)+" times what it should be",
			fmt.Sprintf("two counts or constants are confused: the gradient is divided by one and the loss by another, and their ratio is %s", r), other)
	default:
		return g.times(k, "fraction", f.equals(r)+" times what it should be: the sign is wrong, too",
			"a minus and a constant factor are missing, or there is one too many", other)
	}
}

// zero reports whether all given entries are zero, or hardly more than rounding.
func (b *Block) zero() bool {
	largest := 0.0
	for _, e := range b.Entries {
		largest = max(largest, math.Abs(e.Measured))
	}
	b.Entries = slices.Clone(b.Entries)
	return !slices.ContainsFunc(b.Entries, func(e Entry) bool { return !(math.Abs(e.Given) <= 1e-14*largest) })
}

// unnamed recognises a factor without a name.
func unnamed(b Block, g group) *Cause {
	f := multiple(b.Entries)
	if !f.free(1) {
		return nil
	}
	return g.times(f.middle(), "factor", f.number()+" times what it should be", "a factor is missing, or there is one too many",
		"the loss has a constant factor that its derivative lacks, or the derivative has one that the loss lacks")
}

// times returns the cause of a factor k. If all other parameters have the factor, too, the mistake may be in the
// derivative of the loss. It cannot be there if another one lacks it.
func (g group) times(k float64, kind, observed, likely, atLoss string) *Cause {
	not := g.without(func(e Entry) bool {
		return math.Abs(e.Given-k*e.Measured) <= e.grain+max(1, math.Abs(k))*e.Slack
	})
	c := &Cause{Kind: kind, Observed: "every entry is " + observed, Likely: likely, Line: "where this gradient is added up"}
	switch {
	case k == 0 || g.part:
	case len(not) == 0:
		c.Likely, c.Line = cmp.Or(atLoss, likely), "the derivative of the loss, and where the gradient is cleared"
		if len(g.blocks) > 1 {
			c.Param = everything
		}
	case len(g.in) > 1:
		c.Observed += "; " + List(not) + " lack this factor"
		c.Line = "where these gradients are added up, or the line through which all of them pass; it is not the derivative of the loss"
	}
	return c
}
