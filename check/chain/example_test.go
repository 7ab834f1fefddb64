package chain_test

import (
	"fmt"

	"lstm/check/chain"
	"lstm/check/pass"
	"lstm/check/scalar"
)

// A program hands dc back without the forget gate. Each dz is wrong from the step before on, but only one line is.
func ExampleFind() {
	n := pass.Standard(scalar.Net{X: 1, H: 1, O: 1, T: 3})
	v := make([]float64, n.Len())
	for i := range n.Z(0, 0, 0) {
		v[i] = 0.5
	}
	p := pass.New(n, v, []float64{1, 1, 1})
	wrong := pass.Right()
	wrong.DCPrev = func(p *pass.Place) float64 { return p.DC }
	z := chain.Array{Name: "dz"}
	for i, d := range p.Backward(wrong)[:n.Len()] {
		if i >= n.Z(0, 0, 0) {
			z.Value, z.Bar, z.Of = append(z.Value, d), append(z.Bar, 0), append(z.Of, []chain.Term{{Index: i, Times: 1}})
		}
	}
	for _, f := range chain.Find(p, []chain.Array{z})[0].Faults {
		fmt.Printf("%s does not hold at step %d: it is %.4f, and should be %.4f\n", f.Says(), f.T, f.Has[0], f.Right[0])
	}
	// Output: dc′ = dc∘f does not hold at step 1: it is -0.0217, and should be -0.0161
}
