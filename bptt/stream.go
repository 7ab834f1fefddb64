package bptt

import (
	"fmt"
	"slices"

	"lstm/cell"
)

// A Stream is truncated backpropagation through time over a sequence of any length. It uses only the memory of
// one window. Two goroutines must not use it at once.
type Stream struct {
	*Window           // the last steps of the sequence
	H, C    []float64 // (H) the state before the first step of the window
	Stride  int       // the largest number of steps that Forward takes

	x []float64 // (n,X) the inputs in the window
}

// NewStream returns a stream through the network p. It takes up to stride steps at a time, and carries
// the gradient of their losses back through up to window steps. It panics unless stride is 1 to window.
func NewStream(p *cell.Params, window, stride int) *Stream {
	if stride < 1 || stride > window {
		panic("bptt: NewStream: stride is not 1 to window")
	}
	h, c, x := make([]float64, p.H), make([]float64, p.H), make([]float64, 0, window*p.X)
	return &Stream{Window: New(p, window), H: h, C: c, Stride: stride, x: x}
}

// Start begins a new sequence from the state h0 (H), c0 (H). It copies the state.
func (s *Stream) Start(h0, c0 []float64) {
	if len(h0) != s.p.H || len(c0) != s.p.H {
		panic("bptt: Start: h0 or c0 is not H long")
	}
	copy(s.H, h0)
	copy(s.C, c0)
	s.x = s.x[:0]
}

// Forward takes the inputs x (T,X) of the next T steps of the sequence, at most Stride, and the targets (M,O)
// of the last M steps. It returns their loss. Backward then adds the gradient of this loss. The window ends
// with these steps. Backward stops at its left end: nobody reads DH0 and DC0. Forward runs the earlier steps of
// the window again, with the current parameters. So the result is the gradient of a function of the parameters,
// H and C, even if the parameters change from call to call.
func (s *Stream) Forward(x, target []float64) float64 {
	X, O := s.p.X, s.p.O
	switch {
	case len(x) > s.Stride*X:
		panic("bptt: Forward: x is longer than the stride")
	case len(target)*X > len(x)*O:
		panic("bptt: Forward: there are more targets than steps")
	}
	if over := len(s.x) + len(x) - s.Len()*X; over > 0 {
		s.Carry(over / X)
		s.x = s.x[:copy(s.x, s.x[over:])]
	}
	s.x = append(s.x, x...)
	return s.Window.Forward(s.x, target, s.H, s.C)
}

// Carry copies the state after n steps of the window to H and C, where the next window starts.
// Nothing else goes from one window to the next.
func (s *Stream) Carry(n int) {
	copy(s.H, row(s.h, n, s.p.H))
	copy(s.C, row(s.c, n, s.p.H))
}

// State returns a copy of all numbers of the stream: h before and after each step of the window, c
// before and after each step, and the inputs.
func (s *Stream) State() []float64 {
	if len(s.x) == 0 {
		return slices.Concat(s.H, s.C)
	}
	n := (len(s.x)/s.p.X + 1) * s.p.H
	return slices.Concat(s.h[:n], s.c[:n], s.x)
}

// SetState restores the numbers that State returned. It returns an error if they do not fit a stream of
// this size.
func (s *Stream) SetState(state []float64) error {
	X, H := s.p.X, s.p.H
	n := (len(state) - 2*H) / (2*H + X)
	if n < 0 || n > s.Len() || len(state) != 2*(n+1)*H+n*X {
		return fmt.Errorf("%d numbers do not fit a stream with %d inputs, %d hidden units and a window of %d", len(state), X, H, s.Len())
	}
	h, c, x := state[:(n+1)*H], state[(n+1)*H:2*(n+1)*H], state[2*(n+1)*H:]
	copy(s.h, h)
	copy(s.c, c)
	s.Start(h[:H], c[:H])
	s.x = append(s.x, x...)
	return nil
}
