// Package tensor is the arithmetic of the project on plain []float64: the three products
// of a dense layer, a dot product, sums, and exp, σ, tanh and ln. The README beside it
// shows how a kernel is made, and how fast it is.
//
// # Shapes
//
// A matrix is a slice in row-major order. Shapes follow from the lengths of the slices,
// and lengths that fit no shape panic. The destination comes first. The products add to
// it, because gradients are sums: clear it first to get the bare product.
//
// For a layer y = x·W with x (K), y (N) and W (K×N):
//
//	VecMat(y, x, W)    y += x W        forward
//	MatVec(x, W, y)    x += W y        backward, to the input
//	Outer(W, x, y)     W += x ⊗ y      backward, to the weights
//
// Affine, MatVecs and Outers do this for T rows of x and y at once. T, the last argument,
// is the only size that a function takes.
//
// # The arithmetic contract
//
// The same input gives the same bits, on every machine and every build. Floating-point
// addition is not associative: (a+b)+c and a+(b+c) round differently. So a result depends on
// the operations and on their order, and both are part of what each function does:
//
//   - Every multiply-accumulate is one fused multiply-add, fma(a, b, c) = a·b + c, rounded
//     once (math.FMA). A compiler may fuse a product and a sum on its own; Go does so on
//     arm64, and not on amd64. To fuse always is the only choice that is the same everywhere
//     and fast.
//   - A sum over the rows of a matrix, or over steps, runs in their order, and starts from
//     the destination (VecMat, Outer, Outers, Sum).
//   - A dot product runs in a fixed number of lanes, joined in a fixed order (MatVec, Dot).
//   - exp, σ, tanh and ln are the package's own. The functions of package math are written in
//     assembly on some architectures and not on others, and differ in the last bit.
//
// A NaN stays a NaN, but its bits are not specified.
//
// # Lanes
//
// A lane is one of several partial sums of a dot product: element j is added to lane j mod n,
// each lane starts from +0, and the lanes are added up at the end.
//
// VecMat needs no lanes. Its N sums, one a column, lie beside each other, and a vector register
// holds four of them. In MatVec the numbers that lie beside each other belong to one sum. In
// order, each addition would wait four cycles for the one before, and use one number of the
// register. With four lanes the register holds the four lanes of a row, and kernels work on
// eight rows at a time. Dot has one row only, so it takes 16 lanes, four registers.
package tensor

// Kernel returns the name of the implementation in use.
func Kernel() string {
	switch {
	case AVX512():
		return "amd64 assembly, AVX2, FMA and AVX-512"
	case AVX2():
		return "amd64 assembly, AVX2 and FMA"
	}
	return "plain Go"
}

// VecMat adds the product of a vector and a matrix:
//
//	y_j ← y_j + Σ_k x_k W_kj        x (K)  W (K×N)  y (N)
//
// The sum runs over k = 0, 1, … in one chain of fused multiply-adds that starts
// from y_j. y must not overlap x or W.
func VecMat(y, x, w []float64) {
	if len(x)*len(y) != len(w) {
		panic("tensor: VecMat: len(w) is not len(x)·len(y)")
	}
	vecMat(y, x, w)
}

// MatVec adds the product of a matrix and a vector:
//
//	y_k ← y_k + Σ_j W_kj x_j        W (K×N)  x (N)  y (K)
//
// The sum of a row runs in 4 lanes, l_(j mod 4) ← fma(W_kj, x_j, l_(j mod 4)). They are
// joined as (l0+l1)+(l2+l3), and the result is added to y_k. y must not overlap x or W.
func MatVec(y, w, x []float64) {
	if len(x)*len(y) != len(w) {
		panic("tensor: MatVec: len(w) is not len(y)·len(x)")
	}
	matVec(y, w, x)
}

// Outer adds the outer product of two vectors:
//
//	W_kj ← fma(x_k, y_j, W_kj)      x (K)  y (N)  W (K×N)
//
// W must not overlap x or y.
func Outer(w, x, y []float64) {
	if len(x)*len(y) != len(w) {
		panic("tensor: Outer: len(w) is not len(x)·len(y)")
	}
	outers(w, x, y, 1, len(x), len(y))
}

// Affine computes a layer of a network for T rows at once:
//
//	y_t ← b + x_t W                 b (N)  x (T,K)  W (K×N)  y (T,N)
//
// Each sum starts from b and runs in the order of VecMat. y must not overlap b, x or W.
func Affine(y, b, x, w []float64, t int) {
	if k, n, ok := layer(w, x, y, t); ok && len(b) == n {
		affine(y, b, x, w, t, k, n)
	} else {
		panic("tensor: Affine: x or y is not t rows, b is not one row of y, or len(w) is not the product of the row lengths")
	}
}

// MatVecs computes MatVec for T rows at once, with the same bits:
//
//	y_t ← y_t + W x_t               W (K×N)  x (T,N)  y (T,K)
//
// y must not overlap x or W.
func MatVecs(y, w, x []float64, t int) {
	if k, n, ok := layer(w, y, x, t); ok {
		matVecs(y, w, x, t, k, n)
	} else {
		panic("tensor: MatVecs: y or x is not t rows, or len(w) is not the product of the row lengths")
	}
}

// Outers adds the sum of T outer products:
//
//	W_kj ← W_kj + Σ_t x_tk y_tj     x (T,K)  y (T,N)  W (K×N)
//
// The sum runs over t = 0, 1, … in one chain of fused multiply-adds that starts
// from W_kj. T calls of Outer give the same bits, but read and write W far more often. W
// must not overlap x or y.
func Outers(w, x, y []float64, t int) {
	if k, n, ok := layer(w, x, y, t); ok {
		outers(w, x, y, t, k, n)
	} else {
		panic("tensor: Outers: x or y is not t rows, or len(w) is not the product of the row lengths")
	}
}

// layer returns K and N for t rows x (t,K) and y (t,N) and a matrix w (K×N), and reports
// whether the lengths fit.
func layer(w, x, y []float64, t int) (k, n int, ok bool) {
	if t < 1 {
		return 0, 0, false
	}
	k, n = len(x)/t, len(y)/t
	return k, n, k*t == len(x) && n*t == len(y) && k*n == len(w)
}

// Sum adds T vectors:
//
//	y_j ← y_j + Σ_t x_tj            x (T,N)  y (N)
//
// The sum runs over t = 0, 1, … and starts from y_j; T calls of Add give the same bits. T
// follows from the lengths. y must not overlap x.
func Sum(y, x []float64) {
	if len(y) == 0 || len(x)%len(y) != 0 {
		panic("tensor: Sum: y is empty, or x is not rows of its length")
	}
	sum(y, x)
}

// Dot returns the dot product of two vectors:
//
//	Σ_j x_j y_j                     x (N)  y (N)
//
// The sum runs in 16 lanes, l_(j mod 16) ← fma(x_j, y_j, l_(j mod 16)). They are joined
// first as s_i = (l_i + l_i+4) + (l_i+8 + l_i+12), i = 0…3, then as (s0+s1)+(s2+s3).
// x and y may overlap.
func Dot(x, y []float64) float64 {
	if len(x) != len(y) {
		panic("tensor: Dot: lengths differ")
	}
	return dot(x, y)
}

// Axpy adds a multiple of a vector ("a x plus y"):
//
//	y_j ← fma(a, x_j, y_j)          x (N)  y (N)
//
// y may be x itself, but must not overlap it otherwise.
func Axpy(y []float64, a float64, x []float64) {
	if len(x) != len(y) {
		panic("tensor: Axpy: lengths differ")
	}
	axpy(y, a, x)
}

// Add stores the sum of two vectors, z_j ← x_j + y_j. All three have the same length. z
// may be x or y itself, but must not overlap them otherwise.
func Add(z, x, y []float64) {
	if len(x) != len(z) || len(y) != len(z) {
		panic("tensor: Add: lengths differ")
	}
	for j := range z {
		z[j] = x[j] + y[j]
	}
}

// Mul stores the elementwise product of two vectors, z_j ← x_j y_j. All three have the
// same length. z may be x or y itself, but must not overlap them otherwise.
func Mul(z, x, y []float64) {
	if len(x) != len(z) || len(y) != len(z) {
		panic("tensor: Mul: lengths differ")
	}
	for j := range z {
		z[j] = x[j] * y[j]
	}
}
