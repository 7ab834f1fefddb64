//go:build !purego

package tensor

import "unsafe"

// AVX2 reports whether the assembly is at work, here and in package cell: the processor
// has AVX2 and FMA, and the operating system saves the registers that they use.
func AVX2() bool { return hasAVX2 }

// AVX512 reports whether that of it is at work too which needs the foundation of AVX-512:
// outer products, and the gates of package cell. The build tag noavx512 leaves it out.
func AVX512() bool { return hasAVX512 }

var hasAVX2, hasAVX512 = func() (avx2, avx512 bool) {
	const (
		fma       = 1 << 12 // leaf 1, ecx
		osxsave   = 1 << 27
		avx       = 1 << 28
		leaf7AVX2 = 1 << 5 // leaf 7, ebx
		leaf7F    = 1 << 16
		ymm       = 0x06 // xcr0: the XMM and YMM states
		zmm       = 0xe6 // and those of the masks and of ZMM
	)
	if leaves, _, _, _ := cpuid(0, 0); leaves < 7 {
		return false, false
	}
	if _, _, c, _ := cpuid(1, 0); c&(fma|osxsave|avx) != fma|osxsave|avx || xgetbv()&ymm != ymm {
		return false, false
	}
	_, b, _, _ := cpuid(7, 0)
	avx2 = b&leaf7AVX2 != 0
	return avx2, avx2 && !noAVX512 && b&leaf7F != 0 && xgetbv()&zmm == zmm
}()

func cpuid(leaf, sub uint32) (a, b, c, d uint32)
func xgetbv() (a uint32)

// vecConst holds the constants of exp, σ and tanh, each in 4 lanes, in the order that
// vec_amd64.h gives.
//
//lint:ignore U1000 assembly reads it
var vecConst = [...][4]float64{
	{expMin, expMin, expMin, expMin},
	{expMax, expMax, expMax, expMax},
	{-350, -350, -350, -350},
	{log2e, log2e, log2e, log2e},
	{roundBits, roundBits, roundBits, roundBits},
	{roundBits + 64, roundBits + 64, roundBits + 64, roundBits + 64},
	{ln2Hi, ln2Hi, ln2Hi, ln2Hi},
	{ln2Lo, ln2Lo, ln2Lo, ln2Lo},
	{e0, e0, e0, e0},
	{e1, e1, e1, e1},
	{e2, e2, e2, e2},
	{e3, e3, e3, e3},
	{e4, e4, e4, e4},
	{e5, e5, e5, e5},
	{e6, e6, e6, e6},
	{e7, e7, e7, e7},
	{e8, e8, e8, e8},
	{e9, e9, e9, e9},
	{1, 1, 1, 1},
	{bias, bias, bias, bias},
	{tanhSmall, tanhSmall, tanhSmall, tanhSmall},
	{-2, -2, -2, -2},
	{0x1p-64, 0x1p-64, 0x1p-64, 0x1p-64},
	{p0, p0, p0, p0},
	{p1, p1, p1, p1},
	{p2, p2, p2, p2},
	{q0, q0, q0, q0},
	{q1, q1, q1, q1},
	{q2, q2, q2, q2},
	{2 * log2e, 2 * log2e, 2 * log2e, 2 * log2e},
}

// bias is the number whose bits are those of the integer 1023.
//
//lint:ignore U1000 vecConst has it, which is ignored itself
const bias = 1023 * 0x1p-1074

// tailMask has −1 in its first n words at 3-n, for n of 0 to 3.
//
//lint:ignore U1000 assembly reads it
var tailMask = [7]int64{-1, -1, -1}

// block returns how many rows of w, of n columns, are best read at a time: 8, unless they
// fall on the same sets of the first cache, whose ways they then exhaust, and come from
// the second. From memory further away 8 streams are better all the same. With 4, n is a
// multiple of 8, as vecMatAVX2 needs it.
func block(w []float64, n int) int {
	if n%512 == 0 && len(w) <= cached {
		return 4
	}
	return 8
}

// cached is the number of elements that a second cache of 1 MB holds.
const cached = 1 << 17

func vecMat(y, x, w []float64) {
	if hasAVX2 && len(w) > 0 {
		vecMatAVX2(&y[0], len(y), &x[0], len(x), &w[0], block(w, len(y)))
	} else {
		vecMatGeneric(y, x, w)
	}
}

func matVec(y, w, x []float64) {
	switch n := len(x); {
	case !hasAVX2 || len(w) == 0:
		matVecGeneric(y, w, x)
	case len(w) <= cached:
		matVecAVX2(&y[0], len(y), &w[0], &x[0], n, block(w, n))
	default:
		// Forwards and backwards in turn, so that each call begins with the part of w that
		// the last one left in the cache. Whose turn it is says the address of y, since calls
		// for the rows of one block of memory follow each other; the result is the same.
		const rows = 64
		back := uintptr(unsafe.Pointer(&y[0]))/uintptr(8*len(y))%2 == 1
		for p := range (len(y) + rows - 1) / rows {
			if back {
				p = (len(y)-1)/rows - p
			}
			i := rows * p
			matVecAVX2(&y[i], min(rows, len(y)-i), &w[i*n], &x[0], n, 8)
		}
	}
}

// near is how many rows of w are taken at a time for all T rows of x or y, and read from
// a near cache for all but the first.
const near = 8

func affine(y, b, x, w []float64, t, k, n int) {
	switch {
	case !hasAVX2 || len(w) == 0:
		affineGeneric(y, b, x, w, t, k, n)
	case n == 1 && t >= 8: // each of the t chains has to wait for itself
		chainsAVX2(&y[0], t, b[0], &x[0], &w[0], k)
	case k == 1:
		linesAVX2(&y[0], &b[0], &x[0], &w[0], t, n)
	case k*n <= 1024:
		product(&y[0], t, n, &b[0], 0, &x[0], 8*k, 8, k, &w[0])
	default:
		for s := range t {
			copy(y[s*n:(s+1)*n], b)
		}
		for i := 0; i < k; i += near {
			for s := range t {
				vecMatAVX2(&y[s*n], n, &x[s*k+i], min(near, k-i), &w[i*n], 8)
			}
		}
	}
}

func matVecs(y, w, x []float64, t, k, n int) {
	switch {
	case !hasAVX2 || len(w) == 0:
		matVecsGeneric(y, w, x, t, k, n)
	case k == 1: // y_t = w·x_t: a product with the matrix of the x_t
		matVecAVX2(&y[0], t, &x[0], &w[0], n, 8)
	case n == 1: // a column, not rows
		columnsAVX2(&y[0], &w[0], k, &x[0], t)
	default:
		for i := 0; i < k; i += near {
			for s := range t {
				matVecAVX2(&y[s*k+i], min(near, k-i), &w[i*n], &x[s*n], n, 8)
			}
		}
	}
}

func outers(w, x, y []float64, t, k, n int) {
	if !hasAVX2 || len(w) == 0 {
		outersGeneric(w, x, y, t, k, n)
		return
	}
	if n == 1 { // a column of w is a row as well, of the outer products y ⊗ x
		x, y, k, n = y, x, n, k
	}
	product(&w[0], k, n, &w[0], 8*n, &x[0], 8, 8*k, t, &y[0])
}

// product computes c, of m rows and n columns: c_ij = from_ij + Σ_s a_is b_sj, s < k. The
// elements of a lie row bytes apart along i and col along s, the rows of from ldfrom; b
// has n columns. from may be c.
func product(c *float64, m, n int, from *float64, ldfrom int, a *float64, row, col, k int, b *float64) {
	i, whole := 0, n&^3
	for ; hasAVX512 && from == c && i+8 <= m; i += 8 {
		tile8(at(c, 8*i*n), 8*n, n, at(a, i*row), row, col, b, 8*n, k)
	}
	eights := i
	if !hasAVX512 && m >= 8 && k*n > 8192 && from == c {
		i = m &^ 3
		packed(c, i, n, whole, a, row, col, k, b)
	}
	for ; i+4 <= m; i += 4 {
		tile4(at(c, 8*i*n), 8*n, whole, at(from, i*ldfrom), ldfrom, at(a, i*row), row, col, b, 8*n, k)
	}
	if whole < n {
		for r := eights; r < i; r++ {
			sumRows(at(c, 8*(r*n+whole)), at(from, r*ldfrom+8*whole), n-whole, at(a, r*row), col, k, at(b, 8*whole), 8*n)
		}
	}
	for ; i < m; i++ {
		sumRows(at(c, 8*i*n), at(from, i*ldfrom), n, at(a, i*row), col, k, b, 8*n)
	}
}

// packed is product for a large b, m rows of c and the first whole of its n columns; m and
// whole are multiples of 4. Rows of b that lie a multiple of the cache's stride apart drive
// each other out, so 64 of them at a time are copied into panels as wide as a tile, as many
// as block has room for.
func packed(c *float64, m, n, whole int, a *float64, row, col, k int, b *float64) {
	const width = 12
	var block [3072]float64
	for s := 0; s < k; s += 64 {
		depth := min(64, k-s)
		panels := len(block) / (width * depth)
		for j := 0; j < whole; j += panels * width {
			end := min(j+panels*width, whole)
			for p := j; p+width <= end; p += width {
				for r := range depth {
					*(*[width]float64)(block[(p-j)*depth+r*width:]) = *(*[width]float64)(unsafe.Pointer(at(b, 8*((s+r)*n+p))))
				}
			}
			for i := 0; i < m; i += 4 {
				p := j
				for ; p+width <= end; p += width {
					tile4(at(c, 8*(i*n+p)), 8*n, width, at(c, 8*(i*n+p)), 8*n, at(a, i*row+s*col), row, col, &block[(p-j)*depth], 8*width, depth)
				}
				if p < end {
					tile4(at(c, 8*(i*n+p)), 8*n, end-p, at(c, 8*(i*n+p)), 8*n, at(a, i*row+s*col), row, col, at(b, 8*(s*n+p)), 8*n, depth)
				}
			}
		}
	}
}

func at(p *float64, bytes int) *float64 { return (*float64)(unsafe.Add(unsafe.Pointer(p), bytes)) }

func sum(y, x []float64) {
	if !hasAVX2 || len(x) == 0 {
		sumGeneric(y, x)
		return
	}
	one := 1.0
	sumRows(&y[0], &y[0], len(y), &one, 0, len(x)/len(y), &x[0], 8*len(y))
}

func dot(x, y []float64) float64 {
	if !hasAVX2 || len(x) == 0 {
		return dotGeneric(x, y)
	}
	return dotAVX2(&x[0], &y[0], len(x))
}

func axpy(y []float64, a float64, x []float64) {
	if !hasAVX2 || len(y) == 0 {
		axpyGeneric(y, a, x)
		return
	}
	sumRows(&y[0], &y[0], len(y), &a, 0, 1, &x[0], 0)
}

func expV(z, x []float64) {
	if hasAVX2 && len(z) >= 4 {
		expAVX2(&z[0], &x[0], len(z))
	} else {
		expGeneric(z, x)
	}
}

func sigmoidV(z, x []float64) {
	if hasAVX2 && len(z) >= 4 {
		sigmoidAVX2(&z[0], &x[0], len(z))
	} else {
		sigmoidGeneric(z, x)
	}
}

func tanhV(z, x []float64) {
	if hasAVX2 && len(z) >= 4 {
		tanhAVX2(&z[0], &x[0], len(z))
	} else {
		tanhGeneric(z, x)
	}
}

//go:noescape
func vecMatAVX2(y *float64, n int, x *float64, k int, w *float64, block int)

//go:noescape
func sumRows(y, from *float64, n int, a *float64, lda, k int, b *float64, ldb int)

//go:noescape
func tile4(c *float64, ldc, n int, from *float64, ldfrom int, a *float64, row, col int, b *float64, ldb, k int)

//go:noescape
func tile8(c *float64, ldc, n int, a *float64, row, col int, b *float64, ldb, k int)

//go:noescape
func linesAVX2(y, b, x, w *float64, t, n int)

//go:noescape
func columnsAVX2(y, w *float64, k int, x *float64, t int)

//go:noescape
func chainsAVX2(y *float64, t int, b float64, x, w *float64, k int)

//go:noescape
func dotAVX2(x, y *float64, n int) float64

//go:noescape
func matVecAVX2(y *float64, rows int, w, x *float64, n, block int)

//go:noescape
func expAVX2(z, x *float64, n int)

//go:noescape
func sigmoidAVX2(z, x *float64, n int)

//go:noescape
func tanhAVX2(z, x *float64, n int)
