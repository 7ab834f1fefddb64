package cell

import "testing"

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

// TestShort: every method that takes slices panics if one of them, or a slice of the network, lacks its last
// element.
func TestShort(t *testing.T) {
	for _, n := range [][4]int{{1, 1, 1, 1}, {1, 3, 2, 2}, {3, 4, 2, 7}, {2, 17, 3, 5}, {2, 65, 1, 3}} { // X, H, O, T
		X, H, O, T := n[0], n[1], n[2], n[3]
		v := func(n int) []float64 { return make([]float64, n) }
		p := New(X, H, O)
		x, h, z, y := v(T*X), v(T*H), v(T*4*H), v(T*O)
		short(t, "Input", func() { p.Input(z, x, T) }, &z, &x, &p.Wx, &p.B)
		short(t, "InputBackward", func() { p.InputBackward(x, z, T) }, &x, &z, &p.Wx)
		short(t, "Accumulate", func() { p.Accumulate(x, h, z, T) }, &x, &h, &z, &p.Wx, &p.Wh, &p.B)
		short(t, "Read", func() { p.Read(y, h, T) }, &y, &h, &p.Wy, &p.By)
		short(t, "ReadBackward", func() { p.ReadBackward(h, y, T) }, &h, &y, &p.Wy)
		short(t, "AccumulateRead", func() { p.AccumulateRead(h, y, T) }, &h, &y, &p.Wy, &p.By)
		s := &Step{v(H), v(H), v(4 * H), v(4 * H), v(H), v(H), v(H), v(H), v(H), v(H), v(H)}
		short(t, "Forward", func() { p.Forward(s) }, &s.HPrev, &s.CPrev, &s.Z, &s.Gates, &s.C, &s.TanhC, &s.H, &p.Wh)
		short(t, "Backward", func() { p.Backward(s) }, &s.HPrev, &s.CPrev, &s.Z, &s.Gates, &s.C, &s.TanhC, &s.H,
			&s.DH, &s.DC, &s.DHPrev, &s.DCPrev, &p.Wh)
	}
}
