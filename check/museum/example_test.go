package museum_test

import (
	"fmt"

	"lstm/check/museum"
)

func ExampleLook() {
	c, err := museum.Look("other-bias")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s → %s: %d wrong entries; checks that miss it: %s\n", c.Wrong, c.Right, c.Bad, c.Missed)
	// Output: dbf += dzi → dbf += dzf: 3 wrong entries; checks that miss it: w
}
