package pass_test

import (
	"fmt"

	"lstm/check/pass"
	"lstm/check/scalar"
)

// The forget gate is left out on the way back.
func Example() {
	n := pass.Standard(scalar.Net{X: 1, H: 1, O: 1, T: 2})
	v := make([]float64, n.Len())
	for i := range n.Z(0, 0, 0) {
		v[i] = 0.5
	}
	p := pass.New(n, v, []float64{1, 1})
	wrong := pass.Right()
	wrong.DCPrev = func(p *pass.Place) float64 { return p.DC }
	i := n.B(pass.F, 0)
	fmt.Printf("dbf is %.4f, and should be %.4f\n", p.Backward(wrong)[i], p.Backward(pass.Right())[i])
	// Output: dbf is -0.0199, and should be -0.0189
}
