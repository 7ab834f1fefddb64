package names_test

import (
	"fmt"

	"lstm/check/given"
	"lstm/check/given/convention/names"
)

// The program calls the candidate c, and the readout Wy.
func Example() {
	var params []given.Array
	for _, name := range []string{"Wf", "Wi", "Wc", "Wo"} {
		params = append(params, given.Array{Name: name, Shape: []int{5, 3}})
	}
	params = append(params, given.Array{Name: "Wy", Shape: []int{3, 2}})
	for _, u := range names.Named(params) {
		fmt.Printf("%v gates %v, told: %q\n", u.Names, u.Gates, u.Told())
	}
	// Output:
	// [Wi Wf Wo Wc] gates [0 1 2 3], told: '\x00'
	// [Wy] gates [], told: 'y'
}
