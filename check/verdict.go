package check

import (
	"cmp"
	"math"
	"slices"
)

// Tolerance is the allowed relative difference of gradient and measurement, besides the error bar.
const Tolerance = 1e-7

// A Verdict is the result of one comparison.
type Verdict int

// The verdicts.
const (
	Right      Verdict = iota // the two differ by no more than Entry.Allowed
	Wrong                     // they differ by more
	Unresolved                // not Wrong, but the error bar is too wide to tell
)

// An Entry is one comparison.
type Entry struct {
	Index    int     // the entry's index in Param.Value
	Name     string  // the entry's name, from Param.Entry
	Analytic float64 // the given gradient
	Numeric  float64 // the measured derivative
	Bar      float64 // the error bar of Numeric, in the units of Numeric
	Corner   float64 // the part of Bar that comes from a corner of the loss: half the difference of the slopes on both sides
	Verdict  Verdict // the result of the comparison
}

// Error returns the difference of Analytic and Numeric, relative to the larger of the two. It is +Inf if Analytic
// is NaN or Inf.
func (e Entry) Error() float64 { return e.relative(e.difference()) }

// RelativeBar returns the error bar in the units of Error.
func (e Entry) RelativeBar() float64 { return e.relative(e.Bar) }

// Allowed returns how much Analytic and Numeric may differ: Tolerance times the larger of the two, plus Bar.
func (e Entry) Allowed() float64 { return float64(Tolerance*e.size()) + e.Bar }

func (e Entry) difference() float64 {
	if !finite(e.Analytic) {
		return math.Inf(1)
	}
	return math.Abs(e.Analytic - e.Numeric)
}

func (e Entry) size() float64 { return max(e.given(), math.Abs(e.Numeric)) }

// given returns the size of Analytic, and 0 for NaN and Inf.
func (e Entry) given() float64 {
	if !finite(e.Analytic) {
		return 0
	}
	return math.Abs(e.Analytic)
}

func (e Entry) relative(d float64) float64 {
	if d == 0 {
		return 0
	}
	return d / e.size()
}

// Share returns the difference ÷ Allowed: above 1 if the entry is wrong.
func (e Entry) Share() float64 {
	if e.difference() == 0 {
		return 0
	}
	return e.difference() / e.Allowed()
}

// known returns the least size of the entry. A measurement counts only beyond its error bar.
func (e Entry) known() float64 { return max(e.given(), math.Abs(e.Numeric)-e.Bar) }

// judge sets the verdict. An error bar above Tolerance times scale could hide a mistake that matters.
func (e *Entry) judge(scale float64) {
	switch {
	case e.difference() > e.Allowed():
		e.Verdict = Wrong
	case e.Bar > Tolerance*scale:
		e.Verdict = Unresolved
	default:
		e.Verdict = Right
	}
}

// A Result has the comparisons of one parameter.
type Result struct {
	Name    string  // the name of the Param
	Entries []Entry // all compared entries, at least one
	Scale   float64 // an error bar above Tolerance times Scale is too wide
}

// Worst returns the entry with the largest error ÷ Allowed.
func (r Result) Worst() Entry {
	return slices.MaxFunc(r.Entries, func(a, b Entry) int { return cmp.Compare(a.Share(), b.Share()) })
}

// Coarse returns the right entries whose error bar is above Tolerance of the entry itself. They are small beside
// Scale. A mistake in such an entry may be as large as its RelativeBar.
func (r Result) Coarse() []Entry {
	return slices.DeleteFunc(r.With(Right), func(e Entry) bool { return e.Bar <= Tolerance*e.known() })
}

// With returns the entries with the given verdict.
func (r Result) With(v Verdict) []Entry {
	return slices.DeleteFunc(slices.Clone(r.Entries), func(e Entry) bool { return e.Verdict != v })
}

// judge sets Scale and all verdicts. The scale of a parameter is its largest entry. An entry that is only noise
// must not let the others pass. If the given gradient is exactly zero everywhere, as at a gate that nothing
// passes, the scale is the largest entry of all parameters. If strict, each entry is its own scale, unless both
// the given and the measured gradient are exactly zero.
func judge(results []Result, strict bool) {
	whole := 0.0
	for n := range results {
		r := &results[n]
		for _, e := range r.Entries {
			r.Scale = max(r.Scale, e.known())
		}
		whole = max(whole, r.Scale)
	}
	for n := range results {
		r := &results[n]
		if !slices.ContainsFunc(r.Entries, func(e Entry) bool { return e.Analytic != 0 }) {
			r.Scale = whole
		}
		for i := range r.Entries {
			e, scale := &r.Entries[i], r.Scale
			if strict && (e.Analytic != 0 || e.Numeric != 0) {
				scale = e.known()
			}
			e.judge(scale)
		}
	}
}
