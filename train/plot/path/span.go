package path

import "math"

// A Span is the visible part of an axis. Its ends are places on the axis: on a logarithmic one, logarithms.
type Span struct {
	Low, High float64 // the ends; Low is less
}

// Empty returns the span that Take extends first.
func Empty() Span { return Span{math.Inf(1), math.Inf(-1)} }

// Take extends the span to v.
func (s *Span) Take(v float64) {
	if Finite(v) {
		s.Low, s.High = min(s.Low, v), max(s.High, v)
	}
}

// Open widens the span if it is empty or has the length zero. Then it adds a margin at both ends. The
// margin is a share of the length.
func (s *Span) Open(margin float64) {
	if s.Low > s.High {
		*s = Span{0, 1}
	}
	if s.High-s.Low < 1e-9*max(1, math.Abs(s.Low)) {
		half := max(0.5, math.Abs(s.Low)/2)
		s.Low, s.High = s.Low-half, s.High+half
	}
	margin *= s.High - s.Low
	s.Low, s.High = s.Low-margin, s.High+margin
}

// Part returns the place of at in the span: 0 at the low end, w at the high end.
func (s Span) Part(w, at float64) float64 { return w * (at - s.Low) / (s.High - s.Low) }
