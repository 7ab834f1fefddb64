package check_test

import (
	"fmt"
	"math"

	"lstm/check"
)

// The example checks two gradients of a logistic regression: a right one, and one with a copied line.
func Example() {
	x := [][]float64{{0.5, -1}, {2, 1}, {-1, 3}} // three samples of two inputs
	label := []float64{0, 1, 1}
	w, b := []float64{0.3, -0.2}, []float64{0.1}

	probability := func(n int) float64 {
		return 1 / (1 + math.Exp(-(w[0]*x[n][0] + w[1]*x[n][1] + b[0])))
	}
	loss := func() (l float64) { // cross-entropy
		for n := range x {
			p := probability(n)
			l -= label[n]*math.Log(p) + (1-label[n])*math.Log(1-p)
		}
		return l
	}
	for _, second := range []int{1, 0} { // the input that w[1] multiplies: 0 is wrong
		dw, db := make([]float64, 2), make([]float64, 1)
		for n := range x {
			d := probability(n) - label[n]
			dw[0] += d * x[n][0]
			dw[1] += d * x[n][second]
			db[0] += d
		}
		results, err := check.Gradients(loss, []check.Param{{Name: "w", Value: w, Grad: dw}, {Name: "b", Value: b, Grad: db}}, check.Options{})
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, r := range results {
			fmt.Printf("%s: %d compared, %d wrong\n", r.Name, len(r.Entries), len(r.With(check.Wrong)))
			for _, e := range r.With(check.Wrong) {
				fmt.Printf("  %s: gradient %.4f, measured %.4f\n", e.Name, e.Analytic, e.Numeric)
			}
		}
	}
	// Output:
	// w: 2 compared, 0 wrong
	// b: 1 compared, 0 wrong
	// w: 2 compared, 1 wrong
	//   w[1]: gradient 0.2402, measured -3.0581
	// b: 1 compared, 0 wrong
}
