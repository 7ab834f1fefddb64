package tensor

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

// TestShort: every function that takes slices panics if one of them is one too short.
func TestShort(t *testing.T) {
	for _, n := range [][3]int{{1, 1, 1}, {3, 5, 7}, {8, 16, 32}, {1, 40, 3}, {9, 1, 33}} { // T, K, N
		T, K, N := n[0], n[1], n[2]
		v := func(n int) []float64 { return make([]float64, n) }
		k, m, w, xs, ys, z := v(K), v(N), v(K*N), v(T*K), v(T*N), v(N)
		short(t, "VecMat", func() { VecMat(m, k, w) }, &m, &k, &w)
		short(t, "MatVec", func() { MatVec(k, w, m) }, &k, &w, &m)
		short(t, "Outer", func() { Outer(w, k, m) }, &w, &k, &m)
		short(t, "Affine", func() { Affine(ys, m, xs, w, T) }, &ys, &m, &xs, &w)
		short(t, "MatVecs", func() { MatVecs(xs, w, ys, T) }, &xs, &w, &ys)
		short(t, "Outers", func() { Outers(w, xs, ys, T) }, &w, &xs, &ys)
		short(t, "Dot", func() { Dot(m, z) }, &m, &z)
		short(t, "Axpy", func() { Axpy(m, 1, z) }, &m, &z)
		short(t, "Add", func() { Add(m, z, z) }, &m, &z)
		short(t, "Add", func() { Add(m, m, z) }, &z)
		short(t, "Mul", func() { Mul(m, z, z) }, &m, &z)
		short(t, "Mul", func() { Mul(m, m, z) }, &z)
		short(t, "Exp", func() { Exp(m, z) }, &m, &z)
		short(t, "Sigmoid", func() { Sigmoid(m, z) }, &m, &z)
		short(t, "Tanh", func() { Tanh(m, z) }, &m, &z)
	}
	y, x := make([]float64, 5), make([]float64, 15)
	short(t, "Sum", func() { Sum(y, x) }, &y, &x)
}
