package scale_test

import (
	"fmt"

	"lstm/check/cause/scale"
	"lstm/check/pass"
	"lstm/check/scalar"
)

// The loss is a sum over four steps, of which the last two have a target. The gradient is a mean over the steps.
func ExampleFactor() {
	n := scalar.Net{X: 1, H: 1, O: 3, T: 4}
	p := pass.New(pass.Standard(n), make([]float64, n.Len()), make([]float64, 2*n.O))
	k := &scale.Factor{Times: 0.25, Of: "parameters"}
	fmt.Println(k.Causes(p, nil, true)[0].Likely)
	// Output: the gradient is divided by the number of steps or steps of all sequences (4) once more than the loss
}
