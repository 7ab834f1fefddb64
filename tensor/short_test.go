package tensor

import (
	"testing"

	"lstm/tensor/assert"
)

// TestShort: every function that takes slices panics if one of them is one too short.
func TestShort(t *testing.T) {
	for _, n := range [][3]int{{1, 1, 1}, {3, 5, 7}, {8, 16, 32}, {1, 40, 3}, {9, 1, 33}} { // T, K, N
		T, K, N := n[0], n[1], n[2]
		v := func(n int) []float64 { return make([]float64, n) }
		k, m, w, xs, ys, z := v(K), v(N), v(K*N), v(T*K), v(T*N), v(N)
		assert.Lengths(t, "VecMat", func() { VecMat(m, k, w) }, &m, &k, &w)
		assert.Lengths(t, "MatVec", func() { MatVec(k, w, m) }, &k, &w, &m)
		assert.Lengths(t, "Outer", func() { Outer(w, k, m) }, &w, &k, &m)
		assert.Lengths(t, "Affine", func() { Affine(ys, m, xs, w, T) }, &ys, &m, &xs, &w)
		assert.Lengths(t, "MatVecs", func() { MatVecs(xs, w, ys, T) }, &xs, &w, &ys)
		assert.Lengths(t, "Outers", func() { Outers(w, xs, ys, T) }, &w, &xs, &ys)
		assert.Lengths(t, "Dot", func() { Dot(m, z) }, &m, &z)
		assert.Lengths(t, "Axpy", func() { Axpy(m, 1, z) }, &m, &z)
		assert.Lengths(t, "Add", func() { Add(m, z, z) }, &m, &z)
		assert.Lengths(t, "Add", func() { Add(m, m, z) }, &z)
		assert.Lengths(t, "Mul", func() { Mul(m, z, z) }, &m, &z)
		assert.Lengths(t, "Mul", func() { Mul(m, m, z) }, &z)
		p, g := v(N), v(N)
		assert.Lengths(t, "Adam", func() { Adam(p, m, z, g, &AdamStep{}) }, &p, &m, &z, &g)
		assert.Lengths(t, "Exp", func() { Exp(m, z) }, &m, &z)
		assert.Lengths(t, "Sigmoid", func() { Sigmoid(m, z) }, &m, &z)
		assert.Lengths(t, "Tanh", func() { Tanh(m, z) }, &m, &z)
	}
	y, x := make([]float64, 5), make([]float64, 15)
	assert.Lengths(t, "Sum", func() { Sum(y, x) }, &y, &x)
}
