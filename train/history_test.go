package train

import (
	"slices"
	"testing"
)

// TestHistory: a long history is thinned, and keeps its order.
func TestHistory(t *testing.T) {
	t.Parallel()
	var h History
	for i := 1; i <= 100_000; i++ {
		h.add(i, float64(i), float64(2*i))
	}
	if n := len(h.Iter); n < 1000 || n > 4000 || h.Iter[0] != 1 || h.Iter[n-1] < 99_000 || !slices.IsSorted(h.Iter) {
		t.Errorf("%d entries, up to %d", n, h.Iter[n-1])
	}
	for k, i := range h.Iter {
		before := 0
		if k > 0 {
			before = h.Iter[k-1]
		}
		if h.Low[k] != float64(before+1) || h.High[k] != float64(i) || h.Average[k] != float64(2*i) {
			t.Fatalf("after iteration %d, the entry before %d: %v to %v, %v", i, before, h.Low[k], h.High[k], h.Average[k])
		}
	}
}

// TestNorms: a gradient that explodes, or is not finite, hardly changes the usual norm.
func TestNorms(t *testing.T) {
	t.Parallel()
	var n norms
	for range 100 {
		n.add(3)
	}
	for range 10 {
		n.add(1e300)
	}
	inf := 1e300
	n.add(inf * inf)
	if n.last != 1e300 || n.usual < 3 || n.usual > 3.5 {
		t.Errorf("norm %v, usually %v", n.last, n.usual)
	}
}
