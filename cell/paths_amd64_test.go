//go:build !purego

package cell

import (
	"testing"

	"lstm/tensor"
)

// paths runs a test with every kind of assembly that this processor has.
func paths(t *testing.T, test func(t *testing.T)) {
	if use512 != tensor.AVX512() {
		t.Error("AVX-512 is there and not used")
	}
	test(t)
	if use512 {
		use512 = false
		defer func() { use512 = true }()
		test(t)
	}
}
