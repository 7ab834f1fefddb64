// Package tensor is the arithmetic of the project, on plain []float64: the three
// products of a dense layer, a dot product, a few elementwise operations, and
// exp, σ and tanh. It knows nothing of networks.
//
// # Shapes
//
// A matrix is a slice in row-major order. Shapes follow from the lengths of the slices,
// and lengths that fit no shape panic. The destination comes first. The matrix kernels
// add to it, because gradients are sums: whoever wants the bare product clears it first.
//
// For a layer y = x·W with x (K), y (N) and W (K×N):
//
//	VecMat(y, x, W)    y += x W        forward
//	MatVec(x, W, y)    x += W y        backward, to the input
//	Outer(W, x, y)     W += x ⊗ y      backward, to the weights
//
// Affine, MatVecs and Outers do so for T rows of x and y at once. T, the last argument,
// is the only size that a function takes.
//
// # The arithmetic contract
//
// Same input, same bits, on every machine and every build. Floating-point
// arithmetic is not associative, so a result is only fixed when the operations and
// their order are; here both are part of the specification:
//
//   - every multiply-accumulate is one fused multiply-add, rounded once
//     (math.FMA), written here as fma(a, b, c) = a·b + c;
//   - a sum over the rows of a matrix, or over steps, runs in their order, starting
//     from what the destination holds (VecMat, Outer, Outers, Sum);
//   - a dot product runs in a fixed number of lanes, joined in a fixed order, which
//     the function's comment gives (MatVec, Dot). Element j belongs to lane j mod
//     lanes, the last ones too, and each lane starts from +0;
//   - exp, σ and tanh are the package's own, since those of package math differ
//     between architectures.
//
// A NaN stays a NaN, but which of its many bit patterns comes out is not specified.
package tensor

// Kernel names the implementation that is at work.
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
// The sum of a row runs in 4 lanes, l_(j mod 4) ← fma(W_kj, x_j, l_(j mod 4)),
// joined as (l0+l1)+(l2+l3), and is added to y_k last. y must not overlap x or W.
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

// Affine is a layer of a network for T rows at once:
//
//	y_t ← b + x_t W                 b (N)  x (T,K)  W (K×N)  y (T,N)
//
// Each sum begins with b_n and goes on as that of VecMat. y must not overlap b, x or W.
func Affine(y, b, x, w []float64, t int) {
	if k, n, ok := layer(w, x, y, t); ok && len(b) == n {
		affine(y, b, x, w, t, k, n)
	} else {
		panic("tensor: Affine: x and y are not t rows, b is not one, or len(w) is not the product of their lengths")
	}
}

// MatVecs is MatVec for T rows at once, to the bit:
//
//	y_t ← y_t + W x_t               W (K×N)  x (T,N)  y (T,K)
//
// y must not overlap x or W.
func MatVecs(y, w, x []float64, t int) {
	if k, n, ok := layer(w, y, x, t); ok {
		matVecs(y, w, x, t, k, n)
	} else {
		panic("tensor: MatVecs: y and x are not t rows, or len(w) is not the product of their lengths")
	}
}

// Outers adds the sum of T outer products:
//
//	W_kj ← W_kj + Σ_t x_tk y_tj     x (T,K)  y (T,N)  W (K×N)
//
// The sum runs over t = 0, 1, … in one chain of fused multiply-adds that starts
// from W_kj: to the bit what T calls of Outer give, with W read and written far
// fewer times. W must not overlap x or y.
func Outers(w, x, y []float64, t int) {
	if k, n, ok := layer(w, x, y, t); ok {
		outers(w, x, y, t, k, n)
	} else {
		panic("tensor: Outers: x and y are not t rows, or len(w) is not the product of their lengths")
	}
}

// layer returns K and N of t rows x (t,K) and y (t,N) and a matrix w (K×N), and whether
// the lengths fit.
func layer(w, x, y []float64, t int) (k, n int, ok bool) {
	if t < 1 {
		return 0, 0, false
	}
	k, n = len(x)/t, len(y)/t
	return k, n, k*t == len(x) && n*t == len(y) && k*n == len(w)
}

// Sum adds T vectors, to the bit like T calls of Add:
//
//	y_j ← y_j + Σ_t x_tj            x (T,N)  y (N)
//
// The sum runs over t = 0, 1, …, starting from y_j. T follows from the lengths. y must
// not overlap x.
func Sum(y, x []float64) {
	if len(y) == 0 || len(x)%len(y) != 0 {
		panic("tensor: Sum: x is not rows of the length of y")
	}
	sum(y, x)
}

// Dot returns the dot product of two vectors:
//
//	Σ_j x_j y_j                     x (N)  y (N)
//
// The sum runs in 16 lanes, l_(j mod 16) ← fma(x_j, y_j, l_(j mod 16)), enough to
// keep the multiply-add units of a core busy with one dot product alone. They are
// joined first as s_i = (l_i + l_i+4) + (l_i+8 + l_i+12), i = 0…3, then as
// (s0+s1)+(s2+s3). x and y may overlap.
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
// y may be x itself, but not overlap it otherwise.
func Axpy(y []float64, a float64, x []float64) {
	if len(x) != len(y) {
		panic("tensor: Axpy: lengths differ")
	}
	axpy(y, a, x)
}

// Add stores the sum of two vectors, z_j ← x_j + y_j. All have one length; z may be
// x or y itself, but not overlap them otherwise.
func Add(z, x, y []float64) {
	if len(x) != len(z) || len(y) != len(z) {
		panic("tensor: Add: lengths differ")
	}
	for j := range z {
		z[j] = x[j] + y[j]
	}
}

// Mul stores the elementwise product of two vectors, z_j ← x_j y_j. All have one
// length; z may be x or y itself, but not overlap them otherwise.
func Mul(z, x, y []float64) {
	if len(x) != len(z) || len(y) != len(z) {
		panic("tensor: Mul: lengths differ")
	}
	for j := range z {
		z[j] = x[j] * y[j]
	}
}
