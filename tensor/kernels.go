package tensor

import "unsafe"

// Sizes of w, in elements. From nearest on, w begins to fill the first cache; from second on, nearly all of it is in the
// second cache, and a second cache of 1 MB holds cached elements.
const (
	nearest = 1 << 11
	second  = 1 << 15
	cached  = 1 << 17
)

// wide is the length of a row from which on MatVec uses AVX-512. A step of the network has just stored x in pieces of a
// vector of AVX2. A longer load across two pieces waits until both are in the cache, and a short x is needed before that.
const wide = 96

// rowsTimes adds the products of the rows of w and x to y, in the lanes of MatVec. It takes block (8 or 2) rows at a time,
// or 4 without AVX-512. If step is −1, it goes from the last block to the first.
func rowsTimes(y *float64, rows int, w, x *float64, n, block, step int) {
	if !hasAVX512 || n < wide {
		block = 4
	}
	if whole := rows &^ (block - 1); step < 0 && whole > 0 {
		rowsTimesAsm(at(y, 8*(whole-block)), whole, at(w, 8*(whole-block)*n), x, n, block, -1)
		if whole == rows {
			return
		}
		y, w, rows = at(y, 8*whole), at(w, 8*whole*n), rows-whole
	}
	rowsTimesAsm(y, rows, w, x, n, block, 1)
}

func rowsTimesAsm(y *float64, rows int, w, x *float64, n, block, step int) {
	if hasAVX512 && n >= wide {
		matVecAVX512(y, rows, w, x, n, block, step)
	} else {
		matVecAVX2(y, rows, w, x, n, step, &masks)
	}
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

// packed is product for a large b. It computes m rows of c and the first whole of its n columns; m and whole
// are multiples of 4. Rows of b that lie a multiple of the cache's stride apart evict each other. So packed
// copies 64 rows at a time into panels as wide as a tile, and fills block with panels.
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

// masks is −1 (lane in use) 16 times, and then 0. From masks[16−n] on, the first n lanes are in use.
var masks = [32]int64{-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1}
