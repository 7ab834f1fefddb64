package bptt

import (
	"testing"

	"lstm/cell"
)

// short expects call to return with the given slices, and to panic if any one of them is one too short. short
// keeps the slice's capacity.
func short(t *testing.T, name string, call func(), slices ...*[]float64) {
	t.Helper()
	panics := func() (did bool) {
		defer func() { did = recover() != nil }()
		call()
		return
	}
	if panics() {
		t.Errorf("%s: lengths that fit panic", name)
	}
	for i, s := range slices {
		whole := *s
		*s = whole[:len(whole)-1]
		if !panics() {
			t.Errorf("%s: slice %d is one too short, but there is no panic", name, i)
		}
		*s = whole
	}
}

// TestShort: every function that takes slices panics if one of them is one too short.
func TestShort(t *testing.T) {
	const X, H, O, T = 2, 3, 2, 4
	v := func(n int) []float64 { return make([]float64, n) }
	x, target, h, c := v(T*X), v(T*O), v(H), v(H)
	for _, loss := range []Loss{SquaredError{}, CrossEntropy{}} {
		m := Model{cell.New(X, H, O), loss}
		w := m.Window(T)
		w.Nudge = v(T * 4 * H)
		short(t, "Forward", func() { w.Forward(x, target, h, c) }, &x, &target, &h, &c, &w.Nudge)
		g := cell.New(X, H, O)
		short(t, "Backward", func() { w.Backward(g) }, &g.Wx, &g.Wh, &g.B, &g.Wy, &g.By)
		p := m.Params
		short(t, "Forward", func() { w.Forward(x, target, h, c) }, &p.Wx, &p.Wh, &p.B, &p.Wy, &p.By)
		s := NewStream(p, T, T)
		short(t, "Start", func() { s.Start(h, c) }, &h, &c)
		short(t, "Stream.Forward", func() { s.Forward(x, target) }, &x, &target)
		one := v(X)
		short(t, "Follow", func() { m.Follow()(one) }, &one)
		dy, y := v(T*O), v(T*O)
		short(t, "Measure", func() { loss.Measure(dy, y, target, O) }, &dy, &y, &target)
		state := s.State()
		if s.SetState(state) != nil || s.SetState(state[:len(state)-1]) == nil {
			t.Error("SetState takes a state that is one too short, or refuses a whole one")
		}
	}
	a, b := v(O), v(O)
	short(t, "Softmax", func() { Softmax(a, b) }, &a, &b)
}
