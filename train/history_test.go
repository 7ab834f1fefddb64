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

// TestThinned: a history keeps the first iteration and every one, then every second, then every fourth one. The range of
// an entry has the losses of all iterations since the entry before.
func TestThinned(t *testing.T) {
	t.Parallel()
	loss := func(i int) float64 { return float64(i * 7919 % 1000) }
	for iterations, every := range map[int]int{3999: 1, 5000: 2, 9000: 4} {
		var h History
		for i := 1; i <= iterations; i++ {
			h.add(i, loss(i), 0)
		}
		want := []int{1}
		for i := every; i <= iterations; i += every {
			if i > 1 {
				want = append(want, i)
			}
		}
		if !slices.Equal(h.Iter, want) {
			t.Fatalf("%d iterations: %d entries, %v …, want %d, %v …", iterations, len(h.Iter), h.Iter[:4], len(want), want[:4])
		}
		for k, i := range h.Iter[1:] {
			low, high := loss(i), loss(i)
			for j := h.Iter[k] + 1; j < i; j++ {
				low, high = min(low, loss(j)), max(high, loss(j))
			}
			if h.Low[k+1] != low || h.High[k+1] != high {
				t.Fatalf("%d iterations: at %d the losses are %v to %v, want %v to %v", iterations, i, h.Low[k+1], h.High[k+1], low, high)
			}
		}
	}
}

// TestNorms: the usual norm goes a hundredth of the way to each norm. It starts from the first norm. A norm counts as
// at most twice the usual one, so a gradient that explodes, or is not finite, hardly changes the usual norm.
func TestNorms(t *testing.T) {
	t.Parallel()
	var n norms
	want, last := 3.0, 0.0
	for _, norm := range []float64{3, 3, 1, 5.8, 6.2, 1e300, 0, math.Inf(1), math.Inf(-1), math.NaN()} {
		if n.add(norm); norm-norm == 0 {
			want, last = want+0.01*(min(norm, 2*want)-want), norm
		}
		if !(math.Abs(n.usual-want) <= 1e-14) || n.last != last {
			t.Errorf("after a norm of %v: norm %v, usually %v, want %v and %v", norm, n.last, n.usual, last, want)
		}
	}
}
