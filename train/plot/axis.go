package plot

import (
	"math"
	"slices"
	"strings"

	"lstm/train/plot/label"
	"lstm/train/plot/path"
)

// An Axis covers the numbers that the figure draws.
type Axis struct {
	Label string    // quantity and unit
	Log   bool      // logarithmic: the figure leaves out numbers that are not positive
	Sign  float64   // a power of ten: linear up to Sign and logarithmic beyond, on both sides of 0; 0: off
	Names []string  // names in place of the numbers 0, 1, …
	Dates []string  // names of the numbers First, First+1, …: a tick has such a name in place of its number
	First int       // the number of the first date
	Whole bool      // ticks at whole numbers only
	Ends  []float64 // numbers that the axis must cover
}

// at maps a number to the axis. On a logarithmic axis it returns the logarithm.
func (a *Axis) at(v float64) float64 {
	switch {
	case a.Log:
		return math.Log10(v)
	case a.Sign > 0:
		return label.Place(a.Sign, v)
	}
	return v
}

// A span is the visible part of an axis. Its ends are results of Axis.at.
type span struct{ low, high float64 }

var empty = span{math.Inf(1), math.Inf(-1)}

// take extends the span to v.
func (s *span) take(v float64) {
	if path.Finite(v) {
		s.low, s.high = min(s.low, v), max(s.high, v)
	}
}

// open widens the span if it is empty or has the length zero. Then it adds a margin at both ends. The
// margin is a share of the length.
func (s *span) open(margin float64) {
	if s.low > s.high {
		*s = span{0, 1}
	}
	if s.high-s.low < 1e-9*max(1, math.Abs(s.low)) {
		half := max(0.5, math.Abs(s.low)/2)
		s.low, s.high = s.low-half, s.high+half
	}
	margin *= s.high - s.low
	s.low, s.high = s.low-margin, s.high+margin
}

// part returns the place of at in the span: 0 at the low end, w at the high end.
func (s span) part(w, at float64) float64 { return w * (at - s.low) / (s.high - s.low) }

// ticks returns at most about n ticks.
func (a *Axis) ticks(s span, n int) (ticks []label.Tick) {
	switch {
	case a.Sign > 0:
		return label.Signed(a.Sign, s.low, s.high, n)
	case a.Log:
		return label.Logarithmic(s.low, s.high, n)
	case a.Dates != nil:
		return a.dates(s, n)
	case a.Names == nil:
		return label.Linear(s.low, s.high, n, a.Whole)
	}
	for i, name := range a.Names {
		ticks = append(ticks, label.Tick{At: float64(i), Text: name})
	}
	return ticks
}

// dates returns ticks with dates. Dates that are all firsts of a month show the month.
func (a *Axis) dates(s span, n int) (ticks []label.Tick) {
	months := !slices.ContainsFunc(a.Dates, func(d string) bool { return len(d) != len("2006-01-02") || !strings.HasSuffix(d, "-01") })
	for _, t := range label.Linear(s.low, s.high, min(n, 5), true) {
		if k := int(t.At) - a.First; k >= 0 && k < len(a.Dates) {
			if t.Text = a.Dates[k]; months {
				t.Text = strings.TrimSuffix(t.Text, "-01")
			}
			ticks = append(ticks, t)
		}
	}
	return ticks
}

// A frame is the area between the axes.
type frame struct {
	x, y            span
	left, top, w, h float64
}

// px and py map results of Axis.at to coordinates.
func (f *frame) px(at float64) float64 { return f.left + f.x.part(f.w, at) }
func (f *frame) py(at float64) float64 { return f.top + f.h - f.y.part(f.h, at) }
