package history

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

// TestHistory: a long history is thinned and keeps its order. An entry has the median and the quantiles of the last
// hundred losses, whatever entries there are.
func TestHistory(t *testing.T) {
	t.Parallel()
	loss := func(i int) float64 { return float64(i * 7919 % 1000) }
	for iterations, every := range map[int]int{50: 1, 3999: 1, 5000: 2, 9000: 4, 100_000: 32} {
		var h History
		for i := 1; i <= iterations; i++ {
			h.Add(i, loss(i))
		}
		if len(h.First) != min(100, iterations) || h.First[7] != loss(8) {
			t.Errorf("the first losses: %v", h.First)
		}
		want := []int{1}
		for i := every; i <= iterations; i += every {
			if i > 1 {
				want = append(want, i)
			}
		}
		if !slices.Equal(h.Iter, want) {
			t.Fatalf("%d iterations: %d entries, want %d", iterations, len(h.Iter), len(want))
		}
		for k, i := range h.Iter {
			var last []float64
			for j := max(1, i-99); j <= i; j++ {
				last = append(last, loss(j))
			}
			slices.Sort(last)
			at := func(p float64) float64 { return last[int(math.Floor(p*float64(len(last)-1)+0.5))] }
			if h.Median[k] != at(0.5) || h.Low[k] != at(0.1) || h.High[k] != at(0.9) {
				t.Fatalf("after %d: %v, %v to %v, want %v, %v to %v", i, h.Median[k], h.Low[k], h.High[k], at(0.5), at(0.1), at(0.9))
			}
		}
	}
}

// The median of three losses.
func Example() {
	var h History
	for i, loss := range []float64{9, 1, 2} {
		h.Add(i+1, loss)
	}
	fmt.Println(h.Iter, h.Median)
	// Output: [1 2 3] [9 9 2]
}
