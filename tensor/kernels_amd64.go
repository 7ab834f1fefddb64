//go:build !purego

package tensor

import "unsafe"

// Each function here works like its twin in generic.go, to the bit.

// cached is the number of elements that a second cache of 1 MB holds.
const cached = 1 << 17

// block returns how many rows of w, of n columns, vecMat and matVec read at a time: 8, or
// 4 where 8 rows fall on the same sets of the first cache and drive each other out. From
// memory beyond the second cache 8 rows are faster all the same.
func block(w []float64, n int) int {
	if n%512 == 0 && len(w) <= cached {
		return 4
	}
	return 8
}

func vecMat(y, x, w []float64) {
	if !hasAVX2 || len(w) == 0 {
		vecMatGeneric(y, x, w)
		return
	}
	k, n, block := len(x), len(y), block(w, len(y))
	rows, cols := k&^(block-1), n&^3 // what vecMatAVX2 takes
	if rows > 0 && cols > 0 {
		vecMatAVX2(&y[0], cols, &x[0], rows, &w[0], 8*n, block)
	}
	if rows > 0 && cols < n {
		sumRows(&y[cols], &y[cols], n-cols, &x[0], 8, rows, &w[cols], 8*n)
	}
	if rows < k {
		sumRows(&y[0], &y[0], n, &x[rows], 8, k-rows, &w[rows*n], 8*n)
	}
}

func matVec(y, w, x []float64) {
	if !hasAVX2 || len(w) == 0 {
		matVecGeneric(y, w, x)
		return
	}
	if len(w) <= cached {
		matVecAVX2(&y[0], len(y), &w[0], &x[0], len(x), block(w, len(x)), &masks)
		return
	}
	// Two calls for the same w go through its rows in opposite directions, so that the second
	// begins with what the first has left in the cache. The address of y tells which direction:
	// calls for the rows of one matrix alternate. The result does not depend on it.
	const rows = 64
	k, n := len(y), len(x)
	back := uintptr(unsafe.Pointer(&y[0]))/uintptr(8*k)%2 == 1
	for i := 0; i < k; i += rows {
		p := i
		if back {
			p = (k - 1 - i) / rows * rows
		}
		matVecAVX2(&y[p], min(rows, k-p), &w[p*n], &x[0], n, 8, &masks)
	}
}

func affine(y, b, x, w []float64, t, k, n int) {
	switch {
	case !hasAVX2 || len(w) == 0:
		affineGeneric(y, b, x, w, t, k, n)
	case n == 1 && t >= 8:
		chainsAVX2(&y[0], t, b[0], &x[0], &w[0], k)
	case k*n < 8192:
		product(&y[0], t, n, &b[0], 0, &x[0], 8*k, 8, k, &w[0])
	default: // to copy b first costs less than product gains by larger tiles
		for s := range t {
			copy(y[s*n:(s+1)*n], b)
		}
		product(&y[0], t, n, &y[0], 8*n, &x[0], 8*k, 8, k, &w[0])
	}
}

func matVecs(y, w, x []float64, t, k, n int) {
	switch {
	case !hasAVX2 || len(w) == 0:
		matVecsGeneric(y, w, x, t, k, n)
	case k == 1: // y_t = w·x_t: a product with the matrix of the x_t
		matVecAVX2(&y[0], t, &x[0], &w[0], n, 8, &masks)
	case n == 1:
		columnsAVX2(&y[0], &w[0], k, &x[0], t)
	default: // 8 rows of w at a time: all but the first row of x find them in a near cache
		const near = 8
		for i := 0; i < k; i += near {
			for s := range t {
				matVecAVX2(&y[s*k+i], min(near, k-i), &w[i*n], &x[s*n], n, 8, &masks)
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
// elements of a lie row bytes apart along i and col bytes along s; the rows of from lie
// ldfrom bytes apart; b has n columns. from may be c.
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
// each other out. So packed copies 64 of them at a time into panels as wide as a tile, as
// many as block has room for.
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
				for p := j; p < end; p += width {
					bp, ldb := at(b, 8*(s*n+p)), 8*n
					if p+width <= end {
						bp, ldb = &block[(p-j)*depth], 8*width
					}
					cp := at(c, 8*(i*n+p))
					tile4(cp, 8*n, min(width, end-p), cp, 8*n, at(a, i*row+s*col), row, col, bp, ldb, depth)
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
	return dotAVX2(&x[0], &y[0], len(x), &masks)
}

func axpy(y []float64, a float64, x []float64) {
	if !hasAVX2 || len(y) == 0 {
		axpyGeneric(y, a, x)
		return
	}
	sumRows(&y[0], &y[0], len(y), &a, 0, 1, &x[0], 0)
}

// masks has −1 where a lane is used, 16 times, and then 0: from masks[16−n] on, the first n
// lanes are used.
var masks = func() (m [32]int64) {
	for i := range 16 {
		m[i] = -1
	}
	return m
}()

// What each kernel computes stands above it, in the assembly file of its name.

//go:noescape
func vecMatAVX2(y *float64, n int, x *float64, k int, w *float64, stride, block int)

//go:noescape
func matVecAVX2(y *float64, rows int, w, x *float64, n, block int, masks *[32]int64)

//go:noescape
func sumRows(y, from *float64, n int, a *float64, lda, k int, b *float64, ldb int)

//go:noescape
func tile4(c *float64, ldc, n int, from *float64, ldfrom int, a *float64, row, col int, b *float64, ldb, k int)

//go:noescape
func tile8(c *float64, ldc, n int, a *float64, row, col int, b *float64, ldb, k int)

//go:noescape
func chainsAVX2(y *float64, t int, b float64, x, w *float64, k int)

//go:noescape
func columnsAVX2(y, w *float64, k int, x *float64, t int)

//go:noescape
func dotAVX2(x, y *float64, n int, masks *[32]int64) float64
