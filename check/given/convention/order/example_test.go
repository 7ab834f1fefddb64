package order_test

import (
	"fmt"

	"lstm/check/chain"
	"lstm/check/given/convention/order"
	"lstm/check/pass"
	"lstm/check/scalar"
)

// The example has dz of the input gate with the last of three steps first.
func Example() {
	n := pass.Standard(scalar.Net{X: 1, H: 1, O: 1, T: 3})
	v := make([]float64, n.Len())
	for i := range v {
		v[i] = 0.1 * float64(1+i%7)
	}
	p := pass.New(n, v, []float64{0.5, -1, 2})
	back := p.Backward(pass.Right())
	own, flipped := chain.Array{Name: "di"}, chain.Array{Name: "di"}
	for t := range 3 {
		own.Value, own.Bar = append(own.Value, back[n.Z(2-t, pass.I, 0)]), append(own.Bar, 1e-12)
		own.Of = append(own.Of, []chain.Term{{Index: n.Z(t, pass.I, 0), Times: 1}})
		flipped.Of = append(flipped.Of, []chain.Term{{Index: n.Z(2-t, pass.I, 0), Times: 1}})
	}
	flipped.Value, flipped.Bar = own.Value, own.Bar
	names, _ := order.LastFirst(p, make([]float64, len(back)), nil, []chain.Array{own}, []chain.Array{flipped})
	fmt.Println(names)
	// Output: [di]
}
