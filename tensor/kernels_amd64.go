//go:build !purego

package tensor

import "unsafe"

// hasAVX2 says whether the processor has AVX2 and FMA, and the operating system saves
// the registers that they use.
var hasAVX2 = func() bool {
	const (
		fma     = 1 << 12 // leaf 1, ecx
		osxsave = 1 << 27
		avx     = 1 << 28
		avx2    = 1 << 5 // leaf 7, ebx
		ymm     = 6      // xcr0: the XMM and YMM states
	)
	if leaves, _, _, _ := cpuid(0, 0); leaves < 7 {
		return false
	}
	if _, _, c, _ := cpuid(1, 0); c&(fma|osxsave|avx) != fma|osxsave|avx || xgetbv()&ymm != ymm {
		return false
	}
	_, b, _, _ := cpuid(7, 0)
	return b&avx2 != 0
}()

func cpuid(leaf, sub uint32) (a, b, c, d uint32)
func xgetbv() (a uint32)

// vecConst holds the constants of exp, σ and tanh, each in 4 lanes, as exp_amd64.s
// expects them.
var vecConst = [...][4]float64{
	{expMin, expMin, expMin, expMin},
	{expMax, expMax, expMax, expMax},
	{log2e, log2e, log2e, log2e},
	{roundBits, roundBits, roundBits, roundBits},
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
	{p0, p0, p0, p0},
	{p1, p1, p1, p1},
	{p2, p2, p2, p2},
	{q0, q0, q0, q0},
	{q1, q1, q1, q1},
	{q2, q2, q2, q2},
}

// bias is the number whose bits are those of the integer 1023.
const bias = 1023 * 0x1p-1074

// tailMask has −1 in its first n words at 3-n, for n of 0 to 3.
var tailMask = [7]int64{-1, -1, -1}

func kernel() string {
	if hasAVX2 {
		return "amd64 assembly, AVX2 and FMA"
	}
	return "plain Go"
}

func vecMat(y, x, w []float64) {
	if !hasAVX2 || len(w) == 0 {
		vecMatGeneric(y, x, w)
		return
	}
	n := len(y)
	for len(x) >= 8 {
		vecMat8(&y[0], n, &x[0], &w[0])
		x, w = x[8:], w[8*n:]
	}
	if len(x) > 0 {
		sumRows(&y[0], n, &x[0], 8, len(x), &w[0], 8*n)
	}
}

func matVec(y, w, x []float64) {
	if !hasAVX2 || len(w) == 0 {
		matVecGeneric(y, w, x)
		return
	}
	matVecAVX2(&y[0], len(y), &w[0], &x[0], len(x))
}

func outer(w, x, y []float64) {
	if !hasAVX2 || len(w) == 0 {
		outerGeneric(w, x, y)
		return
	}
	outersAVX2(w, len(x), len(y), 1, &x[0], 0, &y[0], 0)
}

func outers(w []float64, x, y [][]float64) {
	ldx, okx := distance(x)
	ldy, oky := distance(y)
	if !hasAVX2 || len(w) == 0 || !okx || !oky {
		outersGeneric(w, x, y)
		return
	}
	if len(y[0]) == 1 { // a column of w is a row as well, of the outer products y ⊗ x
		x, y, ldx, ldy = y, x, ldy, ldx
	}
	outersAVX2(w, len(x[0]), len(y[0]), len(x), &x[0][0], ldx, &y[0][0], ldy)
}

// outersAVX2 adds t outer products to w, of k rows and n columns, whose factors begin at
// x and y and lie ldx and ldy bytes apart.
func outersAVX2(w []float64, k, n, t int, x *float64, ldx int, y *float64, ldy int) {
	i, whole := 0, n&^3
	at := func(p *float64, i int) *float64 { return (*float64)(unsafe.Add(unsafe.Pointer(p), 8*i)) }
	for ; i+4 <= k; i += 4 {
		outer4(&w[i*n], 8*n, whole, at(x, i), ldx, y, ldy, t)
		if whole < n {
			for r := i; r < i+4; r++ {
				sumRows(&w[r*n+whole], n-whole, at(x, r), ldx, t, at(y, whole), ldy)
			}
		}
	}
	for ; i < k; i++ {
		sumRows(&w[i*n], n, at(x, i), ldx, t, y, ldy)
	}
}

// distance returns how many bytes lie between the beginnings of one row and the next, if
// that is the same for all.
func distance(rows [][]float64) (d int, ok bool) {
	if len(rows) == 0 || len(rows[0]) == 0 {
		return 0, false
	}
	first := uintptr(unsafe.Pointer(&rows[0][0]))
	if len(rows) > 1 {
		d = int(uintptr(unsafe.Pointer(&rows[1][0])) - first)
	}
	for t := 2; t < len(rows); t++ {
		if uintptr(unsafe.Pointer(&rows[t][0]))-first != uintptr(t*d) {
			return 0, false
		}
	}
	return d, true
}

func sumOf(y []float64, x [][]float64) {
	d, ok := distance(x)
	if !hasAVX2 || len(y) == 0 || !ok {
		sumOfGeneric(y, x)
		return
	}
	one := 1.0
	sumRows(&y[0], len(y), &one, 0, len(x), &x[0][0], d)
}

func axpy(y []float64, a float64, x []float64) {
	if !hasAVX2 || len(y) == 0 {
		axpyGeneric(y, a, x)
		return
	}
	sumRows(&y[0], len(y), &a, 0, 1, &x[0], 0)
}

func expV(z, x []float64) {
	if !hasAVX2 || len(z) == 0 {
		expGeneric(z, x)
		return
	}
	expAVX2(&z[0], &x[0], len(z))
}

func sigmoidV(z, x []float64) {
	if !hasAVX2 || len(z) == 0 {
		sigmoidGeneric(z, x)
		return
	}
	sigmoidAVX2(&z[0], &x[0], len(z))
}

func tanhV(z, x []float64) {
	if !hasAVX2 || len(z) == 0 {
		tanhGeneric(z, x)
		return
	}
	tanhAVX2(&z[0], &x[0], len(z))
}

//go:noescape
func vecMat8(y *float64, n int, x, w *float64)

//go:noescape
func sumRows(y *float64, n int, a *float64, lda, k int, b *float64, ldb int)

//go:noescape
func outer4(w *float64, ldw, n int, x *float64, ldx int, y *float64, ldy, t int)

//go:noescape
func matVecAVX2(y *float64, rows int, w, x *float64, n int)

//go:noescape
func expAVX2(z, x *float64, n int)

//go:noescape
func sigmoidAVX2(z, x *float64, n int)

//go:noescape
func tanhAVX2(z, x *float64, n int)
