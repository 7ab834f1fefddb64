package train

import (
	"math"
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

// TestNorms: the usual norm goes a hundredth of the way to each norm. It starts from the first norm. A norm counts as
// at most twice the usual one, so a gradient that explodes, or is not finite, hardly changes the usual norm.
func TestNorms(t *testing.T) {
	t.Parallel()
	var n norms
	want, last := 3.0, 0.0
	for _, norm := range []float64{3, 3, 1, 5.8, 6.2, 1e300, 0, math.Inf(1), math.NaN()} {
		if n.add(norm); finite(norm) {
			want, last = want+0.01*(min(norm, 2*want)-want), norm
		}
		if math.Abs(n.usual-want) > 1e-14 || n.last != last {
			t.Errorf("after a norm of %v: norm %v, usually %v, want %v and %v", norm, n.last, n.usual, last, want)
		}
	}
}
