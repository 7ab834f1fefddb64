package cell

import (
	"testing"

	"lstm/tensor/assert"
)

// TestShort: every method that takes slices panics if one of them, or a slice of the network, lacks its last
// element.
func TestShort(t *testing.T) {
	for _, n := range [][4]int{{1, 1, 1, 1}, {1, 3, 2, 2}, {3, 4, 2, 7}, {2, 17, 3, 5}, {2, 65, 1, 3}} { // X, H, O, T
		X, H, O, T := n[0], n[1], n[2], n[3]
		v := func(n int) []float64 { return make([]float64, n) }
		p := New(X, H, O)
		x, h, z, y := v(T*X), v(T*H), v(T*4*H), v(T*O)
		assert.Lengths(t, "Input", func() { p.Input(z, x, T) }, &z, &x, &p.Wx, &p.B)
		assert.Lengths(t, "InputBackward", func() { p.InputBackward(x, z, T) }, &x, &z, &p.Wx)
		assert.Lengths(t, "Accumulate", func() { p.Accumulate(x, h, z, T) }, &x, &h, &z, &p.Wx, &p.Wh, &p.B)
		one, k := v(4*H), make([]int, T)
		assert.Lengths(t, "InputSymbol", func() { p.InputSymbol(one, 0) }, &one, &p.Wx, &p.B)
		assert.Lengths(t, "AccumulateSymbols", func() { p.AccumulateSymbols(k, h, z) }, &h, &z, &p.Wx, &p.Wh, &p.B)
		assert.Lengths(t, "Read", func() { p.Read(y, h, T) }, &y, &h, &p.Wy, &p.By)
		assert.Lengths(t, "ReadBackward", func() { p.ReadBackward(h, y, T) }, &h, &y, &p.Wy)
		assert.Lengths(t, "AccumulateRead", func() { p.AccumulateRead(h, y, T) }, &h, &y, &p.Wy, &p.By)
		s := &Step{v(H), v(H), v(4 * H), v(4 * H), v(H), v(H), v(H), v(H), v(H), v(H), v(H)}
		assert.Lengths(t, "Forward", func() { p.Forward(s) }, &s.HPrev, &s.CPrev, &s.Z, &s.Gates, &s.C, &s.TanhC, &s.H, &p.Wh)
		assert.Lengths(t, "Backward", func() { p.Backward(s) }, &s.HPrev, &s.CPrev, &s.Z, &s.Gates, &s.C, &s.TanhC, &s.H,
			&s.DH, &s.DC, &s.DHPrev, &s.DCPrev, &p.Wh)
	}
}
