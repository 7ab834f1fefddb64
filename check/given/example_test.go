package given_test

import (
	"fmt"
	"strings"

	"lstm/check/given"
)

// The example reads what a program rounded to 5 decimals. The entry of the gradient that it left out is null.
func ExampleParseJSON() {
	d, err := given.ParseJSON(strings.NewReader(`{"loss": 1.2346, "x": [[0.51233], [-1.2047]],
		"W": [[0.33721, -0.012345]], "dW": [[0.10012, null]]}`), given.MaxFile)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d.Precision.Words)
	for _, p := range d.Params {
		g := d.Grad(p.Name)
		fmt.Printf("%s has the shape %v: %v ± %.2g, gradient %v\n", p.Name, p.Shape, p.Data[0], p.Bar[0], g.Data)
	}
	_, err = given.ParseJSON(strings.NewReader(`{"W": [[1, 2], [3]]}`), given.MaxFile)
	fmt.Println(err)
	// Output:
	// 5 decimals
	// W has the shape [1 2]: 0.33721 ± 5e-06, gradient [0.10012 NaN]
	// W[1]: its length is 1, and that of the list before it is 2
}
