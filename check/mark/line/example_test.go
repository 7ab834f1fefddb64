package line_test

import (
	"fmt"

	"lstm/check/mark/line"
)

// The example lists the first orders of a matrix of two rows and three columns.
func Example() {
	for _, o := range line.All(6, 3)[:3] {
		fmt.Println(o.Kind, o.From(0), o.From(1), o.From(5))
	}
	// Output:
	// column-major 0 3 5
	// column-major 0 2 5
	// reversed 3 4 2
}
