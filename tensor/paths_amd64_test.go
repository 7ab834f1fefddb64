//go:build !purego

package tensor

import "testing"

// paths runs a test with the kernels that this processor has, and again without AVX-512.
func paths(t *testing.T, test func(t *testing.T)) {
	test(t)
	if hasAVX512 {
		hasAVX512 = false
		defer func() { hasAVX512 = true }()
		test(t)
	}
}
