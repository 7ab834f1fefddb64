//go:build !purego

package tensor

// AVX2 reports whether the assembly is in use, here and in package cell: the processor
// has AVX2 and FMA, and the operating system saves their registers.
func AVX2() bool { return hasAVX2 }

// AVX512 reports whether the AVX-512F kernels are in use too: outer products, and the
// forward step of package cell. The build tag noavx512 leaves them out.
func AVX512() bool { return hasAVX512 }

var hasAVX2, hasAVX512 = func() (avx2, avx512 bool) {
	const (
		fma       = 1 << 12 // leaf 1, ecx
		osxsave   = 1 << 27
		avx       = 1 << 28
		leaf7AVX2 = 1 << 5 // leaf 7, ebx
		leaf7F    = 1 << 16
		ymm       = 0x06 // xcr0: the XMM and YMM states
		zmm       = 0xe6 // the same, and the states of the masks and of ZMM
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
