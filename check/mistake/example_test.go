package mistake_test

import (
	"fmt"
	"math/rand/v2"

	"lstm/check/mistake"
	"lstm/check/scalar"
)

// The gradient with a mistake is wrong in all blocks of the gates.
func Example() {
	e := mistake.Find("no-forget")
	n, v, target := scalar.FairPoint(rand.New(rand.NewPCG(1, 2)))
	_, right := scalar.Backward(n, v, target)
	wrong := 0
	for i, d := range e.Gradient(n, v, target)[:n.Params()] {
		if d != right[i] {
			wrong++
		}
	}
	fmt.Printf("%s: %s: %d of %d entries are wrong\n", e.Name, e.Wrong, wrong, n.Params())
	// Output: no-forget: dcNext = dc: 40 of 46 entries are wrong
}
