package derivative_test

import (
	"fmt"

	"lstm/check/mistake/derivative"
	"lstm/check/pass"
	"lstm/check/scalar"
)

// The loss is ½ Σ (y − target)², so the 2 of the square is not in its derivative.
func ExampleFactors() {
	n := pass.Standard(scalar.Net{X: 1, H: 1, O: 1, T: 3})
	n.Per = 2
	m := derivative.Factors(n)[0]
	fmt.Println(m.What)
	fmt.Println(m.Wrong)
	fmt.Println(m.Right)
	// Output:
	// the loss has a factor ½, but its derivative does not
	// dy = 2*(y - target)
	// dy = y - target
}
