// Package tensor is the arithmetic of the project on plain []float64: the three products of a dense layer, a
// dot product, sums, and exp, σ, tanh and ln. README.md explains the kernels and their speed, and gives the
// reasons for the contract below.
//
// # Shapes
//
// A matrix is a slice in row-major order. Shapes follow from the lengths of the slices,
// and lengths that fit no shape panic. The destination comes first. It must not overlap
// another argument, except where a function allows it. The products add to the destination,
// because gradients are sums: to get the product alone, clear it first.
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
// The same input gives the same bits, on every machine and every build. (a+b)+c and a+(b+c)
// round differently, so the specification of each function includes the operations and their order:
//
//   - Every multiply-accumulate is one fused multiply-add, fma(a, b, c) = a·b + c, rounded
//     once (math.FMA).
//   - A sum over the rows of a matrix, or over steps, runs in their order, and starts from
//     the destination (VecMat, Outer, Outers, Sum).
//   - A dot product has n partial sums, its lanes (MatVec, Dot). Each starts from +0, element
//     j goes to lane j mod n, and the lanes are added up in a fixed order.
//   - exp, σ, tanh and ln are the package's own: the functions of package math differ in the
//     last bit between architectures.
//
// A NaN stays a NaN, but its bits are not specified.
package tensor

import (
	"bytes"
	"unsafe"
)

// AVX2 reports whether this package and package cell use the assembly. They do if the processor has AVX2 and
// FMA, and the operating system saves their registers.
func AVX2() bool { return hasAVX2 }

// AVX512 reports whether the AVX-512F kernels are in use too. They compute VecMat, MatVec and MatVecs of long rows, outer
// products, and in package cell a step forward, and back for up to 5 units. The build tag noavx512 leaves them out.
func AVX512() bool { return hasAVX512 }

// Kernel returns the name of the implementation in use.
func Kernel() string {
	switch {
	case hasAVX512:
		return "amd64 assembly, AVX2, FMA and AVX-512"
	case hasAVX2:
		return "amd64 assembly, AVX2 and FMA"
	}
	return "plain Go"
}

// VecMat adds the product of a vector and a matrix:
//
//	y_j ← y_j + Σ_k x_k W_kj        x (K)  W (K×N)  y (N)
//
// The sum runs over k = 0, 1, … in one chain of fused multiply-adds that starts
// from y_j.
func VecMat(y, x, w []float64) {
	if len(x)*len(y) != len(w) {
		panic("tensor: VecMat: len(w) is not len(x)·len(y)")
	}
	vecMat(y, x, w)
}

// vecMat is a separate function, so that the compiler can inline VecMat: this saves time with 5 units.
func vecMat(y, x, w []float64) {
	if !hasAVX2 || len(w) == 0 {
		vecMatGeneric(y, x, w)
		return
	}
	k, n, block := len(x), len(y), 8
	if hasAVX512 && len(w) <= cached { // y stays in registers
		sumRowsAVX512(&y[0], n, &x[0], k, &w[0])
		return
	}
	if n%512 == 0 && len(w) <= cached {
		block = 4 // 8 rows would fall on the same sets of the first cache and evict each other
	}
	rows, cols := k&^(block-1), n&^3 // the part of w that vecMatAVX2 takes
	switch {
	case rows > 0 && hasAVX512:
		vecMatAVX512(&y[0], n, &x[0], rows, &w[0])
		cols = n
	case rows > 0 && cols > 0:
		vecMatAVX2(&y[0], cols, &x[0], rows, &w[0], 8*n, block)
	}
	if rows > 0 && cols < n {
		sumRows(&y[cols], &y[cols], n-cols, &x[0], 8, rows, &w[cols], 8*n)
	}
	if rows < k {
		sumRows(&y[0], &y[0], n, &x[rows], 8, k-rows, &w[rows*n], 8*n)
	}
}

// MatVec adds the product of a matrix and a vector:
//
//	y_k ← y_k + Σ_j W_kj x_j        W (K×N)  x (N)  y (K)
//
// The sum of a row runs in 8 lanes, l_(j mod 8) ← fma(W_kj, x_j, l_(j mod 8)). They are
// joined first as s_i = l_i + l_i+4, i = 0…3, then as (s0+s1)+(s2+s3), and the result is added to y_k.
func MatVec(y, w, x []float64) {
	if len(x)*len(y) != len(w) {
		panic("tensor: MatVec: len(w) is not len(y)·len(x)")
	}
	matVec(y, w, x)
}

func matVec(y, w, x []float64) {
	if !hasAVX2 || len(w) == 0 {
		matVecGeneric(y, w, x)
		return
	}
	k, n := len(y), len(x)
	if n < wide { // so small that a call costs time
		matVecAVX2(&y[0], k, &w[0], &x[0], n, 1, &masks)
		return
	}
	// Two calls for the same w go through its rows in opposite directions. So the second
	// call begins with the rows that the first has left in the cache. The address of y decides the
	// direction: it alternates if y is one row after another of a matrix. The result does not depend on it.
	step := 1
	if len(w) > nearest && uintptr(unsafe.Pointer(&y[0]))/uintptr(8*k)%2 == 1 {
		step = -1
	}
	block := 8
	if len(w) <= cached {
		if len(w) >= second {
			block = 2 // the second cache delivers two rows faster than eight, and the first cache eight faster than two
		}
		rowsTimes(&y[0], k, &w[0], &x[0], n, block, step)
		return
	}
	const rows = 64 // far from the processor, w is read faster in long runs
	for i := 0; i < k; i += rows {
		p := i
		if step < 0 {
			p = (k - 1 - i) / rows * rows
		}
		rowsTimes(&y[p], min(rows, k-p), &w[p*n], &x[0], n, block, 1)
	}
}

// Outer adds the outer product of two vectors:
//
//	W_kj ← fma(x_k, y_j, W_kj)      x (K)  y (N)  W (K×N)
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
// Each sum starts from b and runs in the order of VecMat.
func Affine(y, b, x, w []float64, t int) {
	k, n, ok := layer(w, x, y, t)
	switch {
	case !ok || len(b) != n:
		panic("tensor: Affine: x or y is not t rows, b is not one row of y, or len(w) is not the product of the row lengths")
	case !hasAVX2 || len(w) == 0:
		affineGeneric(y, b, x, w, t, k, n)
	case n == 1 && t >= 8:
		chainsAVX2(&y[0], t, b[0], &x[0], &w[0], k)
	case k*n < 8192:
		product(&y[0], t, n, &b[0], 0, &x[0], 8*k, 8, k, &w[0])
	default: // the copy of b costs less time than the larger tiles of product save
		for s := range t {
			copy(y[s*n:(s+1)*n], b)
		}
		product(&y[0], t, n, &y[0], 8*n, &x[0], 8*k, 8, k, &w[0])
	}
}

// MatVecs computes MatVec for T rows at once, with the same bits:
//
//	y_t ← y_t + W x_t               W (K×N)  x (T,N)  y (T,K)
func MatVecs(y, w, x []float64, t int) {
	k, n, ok := layer(w, y, x, t)
	switch {
	case !ok:
		panic("tensor: MatVecs: y or x is not t rows, or len(w) is not the product of the row lengths")
	case !hasAVX2 || len(w) == 0:
		matVecsGeneric(y, w, x, t, k, n)
	case k == 1: // y_t = w·x_t: the product of the matrix x and the vector w
		rowsTimes(&y[0], t, &x[0], &w[0], n, 8, 1)
	case n == 1:
		columnsAVX2(&y[0], &w[0], k, &x[0], t)
	default: // 8 rows of w at a time, or a small w: after the first row of x, they are in a near cache
		near := 8
		if len(w) <= nearest {
			near = k
		}
		for i := 0; i < k; i += near {
			for s := range t {
				rowsTimesAsm(&y[s*k+i], min(near, k-i), &w[i*n], &x[s*n], n, 8, 1)
			}
		}
	}
}

// Outers adds the sum of T outer products:
//
//	W_kj ← W_kj + Σ_t x_tk y_tj     x (T,K)  y (T,N)  W (K×N)
//
// The sum runs over t = 0, 1, … in one chain of fused multiply-adds that starts
// from W_kj. T calls of Outer give the same bits, but read and write W far more often.
func Outers(w, x, y []float64, t int) {
	k, n, ok := layer(w, x, y, t)
	if !ok {
		panic("tensor: Outers: x or y is not t rows, or len(w) is not the product of the row lengths")
	}
	outers(w, x, y, t, k, n)
}

func outers(w, x, y []float64, t, k, n int) {
	switch {
	case !hasAVX2 || len(w) == 0:
		outersGeneric(w, x, y, t, k, n)
	case n == 1: // w is one column, so w is also the one row y ⊗ x
		product(&w[0], 1, k, &w[0], 8*k, &y[0], 8, 8, t, &x[0])
	default:
		product(&w[0], k, n, &w[0], 8*n, &x[0], 8, 8*k, t, &y[0])
	}
}

// layer returns K and N for x (t,K), y (t,N) and w (K×N), from the lengths, and reports whether the lengths
// fit.
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
// follows from the lengths.
func Sum(y, x []float64) {
	if len(y) == 0 || len(x)%len(y) != 0 {
		panic("tensor: Sum: y is empty, or x is not rows of its length")
	}
	if !hasAVX2 || len(x) == 0 {
		sumGeneric(y, x)
		return
	}
	one := 1.0
	sumRows(&y[0], &y[0], len(y), &one, 0, len(x)/len(y), &x[0], 8*len(y))
}

// Dot returns the dot product of two vectors:
//
//	Σ_j x_j y_j                     x (N)  y (N)
//
// The sum runs in 16 lanes, l_(j mod 16) ← fma(x_j, y_j, l_(j mod 16)). They are joined
// first as s_i = (l_i + l_i+4) + (l_i+8 + l_i+12), i = 0…3, then as (s0+s1)+(s2+s3).
func Dot(x, y []float64) float64 {
	if len(x) != len(y) {
		panic("tensor: Dot: lengths differ")
	}
	if !hasAVX2 || len(x) == 0 {
		return dotGeneric(new(Lanes), x, y)
	}
	return dotAVX2(nil, &x[0], &y[0], len(x), &masks)
}

// Lanes are the lanes of Dot. A dot product of long vectors can skip products that are 0, 16 at a time.
type Lanes [16]float64

// Dot adds the products to the lanes, and returns the sum of the lanes. The first product goes to lane 0.
func (l *Lanes) Dot(x, y []float64) float64 {
	if len(x) != len(y) {
		panic("tensor: Dot: lengths differ")
	}
	if !hasAVX2 || len(x) == 0 {
		return dotGeneric(l, x, y)
	}
	return dotAVX2(l, &x[0], &y[0], len(x), &masks)
}

// Axpy adds a multiple of a vector ("a x plus y"):
//
//	y_j ← fma(a, x_j, y_j)          x (N)  y (N)
//
// y may be x itself.
func Axpy(y []float64, a float64, x []float64) {
	if len(x) != len(y) {
		panic("tensor: Axpy: lengths differ")
	}
	if !hasAVX2 || len(y) == 0 {
		axpyGeneric(y, a, x)
		return
	}
	sumRows(&y[0], &y[0], len(y), &a, 0, 1, &x[0], 0)
}

// Add stores the sum of two vectors, z_j ← x_j + y_j. All three have the same length. z
// may be x or y itself.
func Add(z, x, y []float64) {
	if len(x) != len(z) || len(y) != len(z) {
		panic("tensor: Add: lengths differ")
	}
	for j := range z {
		z[j] = x[j] + y[j]
	}
}

// Mul stores the elementwise product of two vectors, z_j ← x_j y_j. All three have the
// same length. z may be x or y itself.
func Mul(z, x, y []float64) {
	if len(x) != len(z) || len(y) != len(z) {
		panic("tensor: Mul: lengths differ")
	}
	for j := range z {
		z[j] = x[j] * y[j]
	}
}

// Div divides a vector by a number, y_j ← y_j/a.
func Div(y []float64, a float64) {
	done := 0
	if hasAVX2 && len(y) >= 4 {
		done = len(y) &^ 3
		divAVX2(&y[0], done, a)
	}
	divGeneric(y[done:], a)
}

// OneHot returns the index of the 1 if x (N) is a 1 and otherwise +0, and −1 for any other vector.
func OneHot(x []float64) int {
	if len(x) == 0 {
		return -1
	}
	// Functions of package bytes read many numbers at a time. The bytes of 1 are 0x3f, 0xf0 and zeros.
	all := unsafe.Slice((*byte)(unsafe.Pointer(&x[0])), 8*len(x))
	k := bytes.IndexByte(all, 0x3f) / 8
	if k < 0 || x[k] != 1 || bytes.Count(all, []byte{0}) != len(all)-2 {
		return -1
	}
	return k
}
