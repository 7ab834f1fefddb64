package bptt

import (
	"fmt"
	"slices"

	"lstm/cell"
)

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

// State returns all that the stream knows, as numbers: the states before and after each step
// of the window, h and c, and its inputs. It is a copy.
func (s *Stream) State() []float64 {
	n := len(s.x) / s.p.X
	if n == 0 {
		return slices.Concat(s.H, s.C)
	}
	return slices.Concat(s.h[:(n+1)*s.p.H], s.c[:(n+1)*s.p.H], s.x)
}

// SetState takes the stream to where State was called. The error says that the numbers are of
// no stream like it.
func (s *Stream) SetState(state []float64) error {
	X, H := s.p.X, s.p.H
	n := (len(state) - 2*H) / (2*H + X)
	if n < 0 || n > s.Len() || len(state) != 2*(n+1)*H+n*X {
		return fmt.Errorf("%d numbers are no state of a stream with %d inputs, %d hidden units and a window of %d", len(state), X, H, s.Len())
	}
	h, c, x := state[:(n+1)*H], state[(n+1)*H:2*(n+1)*H], state[2*(n+1)*H:]
	copy(s.h, h)
	copy(s.c, c)
	s.Start(h[:H], c[:H])
	s.x = append(s.x, x...)
	return nil
}
