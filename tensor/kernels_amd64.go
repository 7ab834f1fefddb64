//go:build !purego

package tensor

var hasAVX2, hasAVX512 = func() (avx2, avx512 bool) {
	const (
		fma       = 1 << 12 // leaf 1, ecx
		osxsave   = 1 << 27
		avx       = 1 << 28
		leaf7AVX2 = 1 << 5 // leaf 7, ebx
		leaf7F    = 1 << 16
		ymm       = 0x06 // xcr0: the XMM and YMM states
		zmm       = 0xe6 // ymm, and the states of the masks and of ZMM
	)
	if leaves, _, _, _ := cpuid(0, 0); leaves < 7 {
		return false, false
	}
	if _, _, c, _ := cpuid(1, 0); c&(fma|osxsave|avx) != fma|osxsave|avx || xgetbv()&ymm != ymm {
		return false, false
	}
	_, b, _, _ := cpuid(7, 0)
	avx2 = b&leaf7AVX2 != 0
	return avx2, avx2 && b&leaf7F != 0 && xgetbv()&zmm == zmm
}()

func cpuid(leaf, sub uint32) (a, b, c, d uint32)
func xgetbv() (a uint32)

// In its assembly file, each kernel has a comment with its formula.

//go:noescape
func vecMatAVX2(y *float64, n int, x *float64, k int, w *float64, stride, block int)

//go:noescape
func vecMatAVX512(y *float64, n int, x *float64, k int, w *float64)

//go:noescape
func matVecAVX2(y *float64, rows int, w, x *float64, n, step int, masks *[32]int64)

//go:noescape
func matVecAVX512(y *float64, rows int, w, x *float64, n, block, step int)

//go:noescape
func sumRowsAVX512(y *float64, n int, a *float64, k int, b *float64)

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
func dotAVX2(l *Lanes, x, y *float64, n int, masks *[32]int64) float64

//go:noescape
func expAVX2(z, x *float64, n int, c *[28][4]float64)

//go:noescape
func sigmoidAVX2(z, x *float64, n int, c *[28][4]float64)

//go:noescape
func tanhAVX2(z, x *float64, n int, c *[28][4]float64)

//go:noescape
func adamAVX2(p, m, v, d *float64, n int, s *AdamStep, still float64)

//go:noescape
func divAVX2(y *float64, n int, a float64)
