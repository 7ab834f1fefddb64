package panel

import (
	"fmt"
)

// The numbers of the steps 3 to 6, and the columns of a matrix with two columns.
func Example() {
	fmt.Println(Count(3, 4), Transpose([]float64{1, 2, 3, 4}, 2))
	// Output: [3 4 5 6] [[1 3] [2 4]]
}
