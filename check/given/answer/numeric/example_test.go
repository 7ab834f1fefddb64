package numeric_test

import (
	"fmt"

	"lstm/check/given"
	"lstm/check/given/answer/numeric"
	"lstm/check/given/convention"
	"lstm/check/pass"
)

// The script of the forum starts its check from the state in which its first pass ended.
func Example() {
	d, err := given.Read("../../glue/testdata/forum.json")
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := convention.Read(d)
	if err != nil {
		fmt.Println(err)
		return
	}
	wrong, all := numeric.Off(r, r.Point.Backward(pass.Right()))
	fmt.Println(wrong > 0, all)
	fmt.Println(numeric.Why(r))
	// Output:
	// true 146
	// starts from the state in which the first pass ended
}
