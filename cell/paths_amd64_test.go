//go:build !purego

package cell

import "testing"

// paths runs a test with every kind of assembly that this processor has.
func paths(t *testing.T, test func(t *testing.T)) {
	test(t)
	if use512 {
		use512 = false
		defer func() { use512 = true }()
		test(t)
	}
}
