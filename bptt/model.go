package bptt

import "lstm/cell"

// A Model is a network and the loss that training makes small. A task, a check or a picture
// needs to know no more of a run.
type Model struct {
	Params *cell.Params // the network
	Loss   Loss         // what its outputs are measured by
}

// Window returns a window for up to T steps of the model.
func (m Model) Window(T int) *Window {
	w := New(m.Params, T)
	w.Loss = m.Loss
	return w
}

// Stream works like NewStream, with the loss of the model.
func (m Model) Stream(window, stride int) *Stream {
	s := NewStream(m.Params, window, stride)
	s.Loss = m.Loss
	return s
}

// Follow returns a function that follows a sequence step by step, from the zero state. The
// function takes the next input (X) and returns the outputs (O). Its next call overwrites them.
func (m Model) Follow() func(x []float64) []float64 {
	w := m.Window(1)
	h, c, none := make([]float64, m.Params.H), make([]float64, m.Params.H), make([]float64, m.Params.O)
	return func(x []float64) []float64 {
		w.Forward(x, none, h, c) // targets of 0, because only the outputs matter
		copy(h, w.HT)
		copy(c, w.CT)
		return w.Y
	}
}
