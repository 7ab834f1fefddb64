package seen_test

import (
	"fmt"

	"lstm/check/chain"
	"lstm/check/chain/seen"
	"lstm/check/pass"
	"lstm/check/scalar"
)

// A program has twice the right gradient of the readout's bias.
func ExampleSee() {
	n := pass.Standard(scalar.Net{X: 1, H: 1, O: 1, T: 1})
	p := pass.New(n, make([]float64, n.Len()), []float64{1})
	b := p.Backward(pass.Right())
	s := seen.See(p, []chain.Array{{Name: "by", Value: []float64{2 * b[n.By(0)]}, Bar: []float64{0}, Of: [][]chain.Term{{{Index: n.By(0), Times: 1}}}}})
	fmt.Println(s.Compare(b, nil)[0], s.Ratio(b, seen.ReadoutBlock))
	// Output: true 2
}
