package bptt

import (
	"testing"

	"lstm/cell"
	"lstm/tensor/assert"
)

// TestShort: every function that takes slices panics if one of them is one too short.
func TestShort(t *testing.T) {
	const X, H, O, T = 2, 3, 2, 4
	v := func(n int) []float64 { return make([]float64, n) }
	x, target, h, c := v(T*X), v(T*O), v(H), v(H)
	for _, loss := range []Loss{SquaredError{}, CrossEntropy{}} {
		m := Model{cell.New(X, H, O), loss}
		w := m.Window(T)
		w.Nudge = v(T * 4 * H)
		assert.Lengths(t, "Forward", func() { w.Forward(x, target, h, c) }, &x, &target, &h, &c, &w.Nudge)
		g := cell.New(X, H, O)
		assert.Lengths(t, "Backward", func() { w.Backward(g) }, &g.Wx, &g.Wh, &g.B, &g.Wy, &g.By)
		p := m.Params
		assert.Lengths(t, "Forward", func() { w.Forward(x, target, h, c) }, &p.Wx, &p.Wh, &p.B, &p.Wy, &p.By)
		s := NewStream(p, T, T)
		assert.Lengths(t, "Start", func() { s.Start(h, c) }, &h, &c)
		assert.Lengths(t, "Stream.Forward", func() { s.Forward(x, target) }, &x, &target)
		one := v(X)
		assert.Lengths(t, "Follow", func() { m.Follow()(one) }, &one)
		dy, y := v(T*O), v(T*O)
		assert.Lengths(t, "Measure", func() { loss.Measure(dy, y, target, O) }, &dy, &y, &target)
		state := s.State()
		if s.SetState(state) != nil || s.SetState(state[:len(state)-1]) == nil {
			t.Error("SetState takes a state that is one too short, or refuses a whole one")
		}
	}
	a, b := v(O), v(O)
	assert.Lengths(t, "Softmax", func() { Softmax(a, b) }, &a, &b)
}
