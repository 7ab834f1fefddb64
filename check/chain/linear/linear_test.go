package linear_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"lstm/check/chain/linear"
)

// Two columns, and a y that is the first and twice the second.
func ExampleQR() {
	f, _ := linear.Factor([][]float64{{1, 0, 1}, {0, 1, 1}})
	x, _, fits := f.Solve([]float64{1, 2, 3}, make([]float64, 3))
	fmt.Printf("%.4f %v\n", x, fits)
	// Output: [1.0000 2.0000] true
}

// TestSpans: a sum of random columns is in their span, and a random vector is not. Columns that depend on each other do
// not matter, nor does a mix of many numbers.
func TestSpans(t *testing.T) {
	rng := rand.New(rand.NewPCG(16, 7))
	random := func(n int) (x []float64) {
		for range n {
			x = append(x, rng.NormFloat64())
		}
		return x
	}
	for _, numbers := range []int{30, 300} {
		y, columns := make([]float64, numbers), [][]float64{}
		mix := linear.NewMix(numbers, 30)
		for k := range 20 {
			c := random(numbers)
			if k%5 == 4 { // depends on the first
				for i := range c {
					c[i] = 3 * columns[0][i]
				}
			}
			columns = append(columns, c)
			for i := range y {
				y[i] += float64(k+1) * c[i]
			}
		}
		spans := func(y []float64, known int) bool {
			var mixed [][]float64
			for _, c := range columns {
				mixed = append(mixed, mix.Of(c))
			}
			return linear.Spans(mixed, mix.Of(y), mix.Bars(make([]float64, numbers)), known)
		}
		if !spans(y, numbers) {
			t.Errorf("%d numbers: a sum of the columns is not in their span", numbers)
		}
		if spans(random(numbers), numbers) {
			t.Errorf("%d numbers: a random vector is in the span", numbers)
		}
		if spans(y, 18) { // 16 columns are independent
			t.Errorf("%d numbers: 18 of them are enough to tell", numbers)
		}
		y[7] += 1e-5
		if spans(y, numbers) {
			t.Errorf("%d numbers: one of them is off, and the rest is in the span", numbers)
		}
	}
}
