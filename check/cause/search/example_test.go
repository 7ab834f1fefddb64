package search_test

import (
	"fmt"
	"math/rand/v2"

	"lstm/check/cause/search"
	"lstm/check/chain"
	"lstm/check/mistake"
	"lstm/check/pass"
	"lstm/check/scalar"
)

// The gradient of the biases has two mistakes.
func ExampleSearch() {
	n, v, target := scalar.FairPoint(rand.New(rand.NewPCG(1, 2)))
	p := pass.New(pass.Standard(n), v, target)
	b := p.Backward(mistake.Lines(mistake.Find("no-dc"), mistake.Find("no-bias")))
	params := chain.Array{Name: "all", Value: b[:n.Params()], Bar: make([]float64, n.Params())}
	for i := range n.Params() {
		params.Of = append(params.Of, []chain.Term{{Index: i, Times: 1}})
	}

	s := search.New(p, []chain.Array{params}, nil, func(*pass.Lines) {}, search.NewWork(1e9, nil))
	s.Run(2)
	for _, m := range s.Found[0].Mistakes {
		fmt.Println(m.Name)
	}
	// Output:
	// no-dc
	// no-bias
}
