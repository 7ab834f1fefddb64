package assert_test

import (
	"fmt"
	"testing"

	"lstm/tensor"
	"lstm/tensor/assert"
)

func ExampleLengths() {
	t := new(testing.T)
	x, y := make([]float64, 3), make([]float64, 3)
	assert.Lengths(t, "Axpy", func() { tensor.Axpy(y, 2, x) }, &y, &x)
	fmt.Println("a check is missing:", t.Failed())
	// Output: a check is missing: false
}
