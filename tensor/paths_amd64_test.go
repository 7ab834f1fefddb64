//go:build !purego

package tensor

import "testing"

// paths runs a test with every kind of assembly that this processor has.
func paths(t *testing.T, test func(t *testing.T)) {
	test(t)
	if hasAVX512 {
		hasAVX512 = false
		defer func() { hasAVX512 = true }()
		test(t)
	}
}
