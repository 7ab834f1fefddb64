package check

import (
	"math"
	"slices"
)

// Agree reports whether two vectors of one length are equal up to rounding: no two entries differ by
// more than tolerance times the largest entry of either. An entry of a that is NaN is not compared.
func Agree(a, b []float64, tolerance float64) bool {
	largest, off := 0.0, 0.0
	for i := range a {
		if !math.IsNaN(a[i]) {
			largest = max(largest, math.Abs(a[i]), math.Abs(b[i]))
			off = max(off, math.Abs(a[i]-b[i]))
		}
	}
	return off <= tolerance*largest
}

// Multiple returns the k for which a and k·b Agree. There is none if b is zero.
func Multiple(a, b []float64, tolerance float64) (k float64, ok bool) {
	most := -1 // the largest entry of b
	for i := range b {
		if !math.IsNaN(a[i]) && b[i] != 0 && (most < 0 || math.Abs(b[i]) > math.Abs(b[most])) {
			most = i
		}
	}
	if most < 0 {
		return 0, false
	}
	k = a[most] / b[most]
	b = slices.Clone(b)
	for i := range b {
		b[i] *= k
	}
	return k, Agree(a, b, tolerance)
}

func allZero(a []float64) bool {
	return !slices.ContainsFunc(a, func(v float64) bool { return v != 0 })
}
