package own_test

import (
	"fmt"
	"math/rand/v2"

	"lstm/check/chain"
	"lstm/check/given/answer/own"
	"lstm/check/pass"
	"lstm/check/scalar"
)

// A program's check divides by δ, and not by 2δ.
func ExampleJudge() {
	n, v, target := scalar.FairPoint(rand.New(rand.NewPCG(1, 2)))
	p := pass.New(pass.Standard(n), v, target)
	loss := func(i int, by float64) float64 {
		w := append([]float64(nil), v...)
		w[i] += by
		return pass.New(p.Net, w, target).Loss
	}
	numeric := chain.Array{Name: "b", Bar: make([]float64, n.H)}
	for j := range n.H {
		i := n.B(pass.I, j)
		numeric.Value = append(numeric.Value, (loss(i, 1e-5)-loss(i, -1e-5))/1e-5)
		numeric.Of = append(numeric.Of, []chain.Term{{Index: i, Times: 1}})
	}
	fmt.Println(own.Judge(p, []chain.Array{numeric}, "right"))
	// Output: your gradient is right; your numerical one is divided by δ, and not by 2δ
}
