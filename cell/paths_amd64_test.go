//go:build !purego

package cell

import (
	"testing"
	"time"

	"lstm/tensor"
)

// paths runs a test with the kernels that this processor has, and again without AVX-512.
func paths(t *testing.T, test func(t *testing.T)) {
	if use512 != tensor.AVX512() {
		t.Error("the processor has AVX-512, but the package does not use it")
	}
	test(t)
	if use512 {
		use512 = false
		defer func() { use512 = true }()
		test(t)
	}
}

// TestFaster checks that the assembly runs: it must be at least a quarter faster than plain Go on the
// kernels of package tensor. Times are the best of many.
func TestFaster(t *testing.T) {
	if !tensor.AVX2() || testing.Short() {
		t.Skip("no assembly, or -short")
	}
	for _, h := range []int{5, 8, 20} {
		s, wh := newStep(h), make([]float64, 4*h*h)
		best := func(f func(s *Step, wh []float64)) time.Duration {
			d := time.Hour
			for range 2000 {
				start := time.Now()
				for range 4 {
					f(s, wh)
				}
				d = min(d, time.Since(start))
			}
			return d
		}
		if fast, slow := best(backward), best(backwardGeneric); 4*slow < 5*fast {
			t.Errorf("H=%d: backward takes %v, and plain Go takes %v: did the assembly run?", h, fast, slow)
		}
		if !use512 || h == 20 {
			continue
		}
		if fast, slow := best(forward), best(forwardGeneric); 4*slow < 5*fast {
			t.Errorf("H=%d: forward takes %v, and plain Go takes %v: did the assembly run?", h, fast, slow)
		}
	}
}
