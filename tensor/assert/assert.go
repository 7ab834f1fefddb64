// Package assert holds what tests of several packages ask of float64 slices. Only tests import it.
package assert

import (
	"math"
	"testing"
)

// Near fails the test unless got equals want within tol times the largest entry of want. what names them.
func Near(t testing.TB, what string, got, want []float64, tol float64) {
	t.Helper()
	if len(got) != len(want) || len(want) == 0 {
		t.Fatalf("%s: %d entries, want %d, and at least one", what, len(got), len(want))
	}
	scale := 0.0
	for _, v := range want {
		scale = max(scale, math.Abs(v))
	}
	for i, v := range want {
		if !(math.Abs(got[i]-v) <= tol*scale) {
			t.Errorf("%s[%d] = %v, want %v: off by %.2g of the largest entry", what, i, got[i], v, math.Abs(got[i]-v)/scale)
		}
	}
}

// Lengths expects call to return with the given slices, and to panic if any one of them lacks its last entry.
// A shortened slice keeps its capacity. what names the function that is called.
func Lengths(t testing.TB, what string, call func(), slices ...*[]float64) {
	t.Helper()
	panics := func() (did bool) {
		defer func() { did = recover() != nil }()
		call()
		return
	}
	if panics() {
		t.Errorf("%s: lengths that fit panic", what)
	}
	for i, s := range slices {
		whole := *s
		*s = whole[:len(whole)-1]
		if !panics() {
			t.Errorf("%s: slice %d is one too short, but there is no panic", what, i)
		}
		*s = whole
	}
}
