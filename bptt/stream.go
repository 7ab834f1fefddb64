package bptt

import "lstm/cell"

// A Stream is truncated backpropagation through time over a sequence of any length, in
// memory for one window. It is not for use by two goroutines at once.
type Stream struct {
	*Window // over the last steps

	H, C []float64 // (H) the state that the window starts from

	stride int
	x      []float64 // (n,X) the inputs in the window
}

// NewStream returns a stream through the network p that takes up to stride steps at a time
// and carries their gradient back through up to window steps, themselves among them. A
// stride below 1 or above the window panics.
func NewStream(p *cell.Params, window, stride int) *Stream {
	if stride < 1 || stride > window {
		panic("bptt: NewStream: stride is not 1 to window")
	}
	return &Stream{
		Window: New(p, window), H: make([]float64, p.H), C: make([]float64, p.H),
		stride: stride, x: make([]float64, 0, window*p.X),
	}
}

// Stride returns how many steps Add takes at most.
func (s *Stream) Stride() int { return s.stride }

// Start begins a new sequence, from the state h0 (H), c0 (H), which is copied.
func (s *Stream) Start(h0, c0 []float64) {
	if len(h0) != s.p.H || len(c0) != s.p.H {
		panic("bptt: Start: h0 or c0 is not H long")
	}
	copy(s.H, h0)
	copy(s.C, c0)
	s.x = s.x[:0]
}

// Add takes the next steps of the sequence, x (T,X) with T at most the stride, and the
// targets (M,O) of the last M of them. It returns their loss, and adds to g its gradient
// through the window that ends with them. The steps of the window that came before are
// run again, with the parameters as they are now: what is computed is the gradient of a
// function of them, of H and C, even if they change from call to call.
func (s *Stream) Add(g *cell.Params, x, target []float64) float64 {
	X, O := s.p.X, s.p.O
	switch {
	case len(x) > s.stride*X:
		panic("bptt: Add: x is longer than the stride")
	case len(target)*X > len(x)*O:
		panic("bptt: Add: there are more targets than steps")
	}
	if over := len(s.x) + len(x) - s.Len()*X; over > 0 {
		s.Carry(over / X)
		s.x = s.x[:copy(s.x, s.x[over:])]
	}
	s.x = append(s.x, x...)
	loss := s.Forward(s.x, target, s.H, s.C)
	s.Backward(g) // and here the gradient stops: DH0 and DC0 are handed to nobody
	return loss
}

// Carry copies the state after n steps of the window to where the next one starts. It is
// all that goes from one window to the next.
func (s *Stream) Carry(n int) {
	copy(s.H, row(s.h, n, s.p.H))
	copy(s.C, row(s.c, n, s.p.H))
}
