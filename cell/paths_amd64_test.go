//go:build !purego

package cell

import (
	"math"
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
		// slower returns the best times of two passes. They alternate until the second is a quarter above the first, because
		// another process can slow one of them. Each round has new slices: a load under a mask is slow if it crosses into a
		// page of memory that nothing has used.
		type pass = func(s *Step, wh []float64)
		slower := func(fast, slow pass) (times [2]time.Duration) {
			times = [2]time.Duration{time.Hour, time.Hour}
			for round := 0; round < 40 && 4*times[1] < 5*times[0]; round++ {
				s, wh := newStep(h), make([]float64, 4*h*h)
				for _, v := range [][]float64{s.Z, s.Gates, s.CPrev, s.C, s.TanhC, s.DH, s.DC, wh} { // h' is 0, so z stays as it is
					for i := range v {
						v[i] = math.Sin(float64(i + 1))
					}
				}
				for k, f := range []pass{fast, slow} {
					for range 500 {
						start := time.Now()
						for range 16 {
							f(s, wh)
						}
						times[k] = min(times[k], time.Since(start))
					}
				}
			}
			return times
		}
		if d := slower(forward, forwardGeneric); use512 && h < 20 && 4*d[1] < 5*d[0] {
			t.Errorf("H=%d: 16 times forward takes %v, and plain Go %v: did the assembly run?", h, d[0], d[1])
		}
		if d := slower(backward, backwardGeneric); 4*d[1] < 5*d[0] {
			t.Errorf("H=%d: 16 times backward takes %v, and plain Go %v: did the assembly run?", h, d[0], d[1])
		}
	}
}
