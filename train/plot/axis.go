package plot

import (
	"math"
	"strconv"
	"strings"
)

// An Axis covers the numbers that the figure draws.
type Axis struct {
	Label string    // quantity and unit
	Log   bool      // logarithmic: the figure leaves out numbers that are not positive
	Sign  float64   // a power of ten: linear up to Sign and logarithmic beyond, on both sides of 0; 0: off
	Names []string  // names in place of the numbers 0, 1, …
	Whole bool      // ticks at whole numbers only
	Ends  []float64 // numbers that an x axis must cover
}

// at maps a number to the axis. On a logarithmic axis it returns the logarithm.
func (a *Axis) at(v float64) float64 {
	switch {
	case a.Log:
		return math.Log10(v)
	case a.Sign > 0:
		return math.Copysign(math.Log10(1+math.Abs(v)/a.Sign), v)
	}
	return v
}

// A span is the visible part of an axis. Its ends are results of Axis.at.
type span struct{ low, high float64 }

var empty = span{math.Inf(1), math.Inf(-1)}

// take extends the span to v.
func (s *span) take(v float64) {
	if finite(v) {
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

// A tick is a label and its place, a result of Axis.at.
type tick struct {
	at   float64
	text string
}

// ticks returns at most about n ticks.
func (a *Axis) ticks(s span, n int) (ticks []tick) {
	switch {
	case a.Sign > 0:
		return a.signed(s, n)
	case a.Log:
		return logarithmic(s, n)
	case a.Names == nil:
		return linear(s, n, a.Whole)
	}
	for i, name := range a.Names {
		ticks = append(ticks, tick{float64(i), name})
	}
	return ticks
}

// linear returns ticks at multiples of 1, 2, or 5 times a power of ten.
func linear(s span, n int, whole bool) (ticks []tick) {
	step := math.Pow(10, math.Floor(math.Log10((s.high-s.low)/float64(n))))
	for _, f := range []float64{2, 2.5, 2} {
		if (s.high-s.low)/step > float64(n) {
			step *= f
		}
	}
	if whole {
		step = max(1, step)
	}
	for k := math.Ceil(s.low/step - 1e-9); k*step <= s.high+1e-9*step; k++ {
		at := k*step + 0 // turns −0 into 0
		ticks = append(ticks, tick{at, number(at)})
	}
	return ticks
}

// signed returns ticks at 0 and at powers of ten on both sides. The tick for Sign·10^k lies near ±k.
func (a *Axis) signed(s span, n int) (ticks []tick) {
	least, step := int(math.Round(math.Log10(a.Sign))), 1+int(s.high-s.low)/n
	for k := -int(max(-s.low, s.high)); k <= int(s.high); k++ {
		at := math.Copysign(a.at(math.Pow(10, math.Abs(float64(k))+float64(least))), float64(k))
		if k == 0 {
			ticks = append(ticks, tick{0, "0"})
		} else if k%step == 0 && at >= s.low && at <= s.high {
			ticks = append(ticks, tick{at, strings.Repeat("−", max(0, min(1, -k))) + power(least+max(k, -k))})
		}
	}
	return ticks
}

// logarithmic returns ticks at powers of ten. If fewer than three ticks fit, it adds 2 and 5 times powers
// of ten. If there are still fewer than three ticks, it returns the ticks of a linear axis.
func logarithmic(s span, n int) []tick {
	const slack = 1e-9
	var powers, more, few []tick
	step := 1 + int(math.Floor(s.high+slack)-math.Ceil(s.low-slack))/n
	for k := math.Floor(s.low); k <= s.high+slack; k++ {
		for _, f := range []float64{1, 2, 5} {
			at, text := k+math.Log10(f), number(f*math.Pow(10, k))
			if at < s.low-slack || at > s.high+slack {
				continue
			}
			if f == 1 && int(k)%step == 0 {
				powers = append(powers, tick{at, power(int(k))})
			}
			if math.Abs(k) > 3 {
				text = strings.TrimPrefix(number(f)+"·", "1·") + power(int(k))
			}
			more = append(more, tick{at, text})
		}
	}
	switch {
	case len(powers) > 2:
		return powers
	case len(more) > 2:
		return more
	}
	for _, t := range linear(span{math.Pow(10, s.low), math.Pow(10, s.high)}, n, false) {
		at := math.Log10(t.at)
		if t.at > 0 && (len(few) == 0 || at-few[len(few)-1].at > (s.high-s.low)/10) {
			few = append(few, tick{at, t.text})
		}
	}
	return few
}

// number formats the label of a tick.
func number(v float64) string {
	return strings.ReplaceAll(strconv.FormatFloat(v, 'g', 6, 64), "-", "−")
}

var superscript = strings.NewReplacer("-", "⁻", "0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴",
	"5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹")

// power formats 10^k.
func power(k int) string {
	if k >= 0 && k <= 2 {
		return [...]string{"1", "10", "100"}[k]
	}
	return "10" + superscript.Replace(strconv.Itoa(k))
}
