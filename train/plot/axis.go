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

// ticks returns at most about n ticks.
func (a *Axis) ticks(s path.Span, n int) (ticks []label.Tick) {
	switch {
	case a.Sign > 0:
		return label.Signed(a.Sign, s.Low, s.High, n)
	case a.Log:
		return label.Logarithmic(s.Low, s.High, n)
	case a.Dates != nil:
		return a.dates(s, n)
	case a.Names == nil:
		return label.Linear(s.Low, s.High, n, a.Whole)
	}
	for i, name := range a.Names {
		ticks = append(ticks, label.Tick{At: float64(i), Text: name})
	}
	return ticks
}

// dates returns ticks with dates. Dates that are all firsts of a month show the month.
func (a *Axis) dates(s path.Span, n int) (ticks []label.Tick) {
	months := !slices.ContainsFunc(a.Dates, func(d string) bool { return len(d) != len("2006-01-02") || !strings.HasSuffix(d, "-01") })
	for _, t := range label.Linear(s.Low, s.High, min(n, 5), true) {
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
	x, y            path.Span
	left, top, w, h float64
}

// px and py map results of Axis.at to coordinates.
func (f *frame) px(at float64) float64 { return f.left + f.x.Part(f.w, at) }
func (f *frame) py(at float64) float64 { return f.top + f.h - f.y.Part(f.h, at) }
