package forward_test

import (
	"fmt"

	"lstm/check/chain/forward"
	"lstm/check/pass"
	"lstm/check/scalar"
)

// A program leaves out the tanh of c.
func ExampleFind() {
	n := pass.Standard(scalar.Net{X: 1, H: 1, O: 1, T: 2})
	v := make([]float64, n.Len())
	for i := range n.Z(0, 0, 0) {
		v[i] = 0.5
	}
	target := []float64{1, 1}
	program := pass.NewOf(pass.Linear, n, v, target)
	for _, f := range forward.Find(pass.New(n, v, target), program.Traces[0]) {
		fmt.Printf("%s: %s is %.4f, and should be %.4f\n", f.Where(), forward.Equations[f.Line], f.Has, f.Right)
	}
	// Output: the forward pass, step t0, unit 0: tanh(c) is 0.9223, and should be 0.7270
}
