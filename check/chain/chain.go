// Package chain finds the lines of a backward pass that do not hold.
package chain

// An Array is what a program says of a part of its backward pass: the gradient of a parameter, dz, dh, …
type Array struct {
	Name  string    // the program's own name
	Shape []int     // the program's own shape
	Value []float64 // row-major; NaN for an entry that is not known
	Bar   []float64 // how far each value may be from the number that the program computed
	Of    [][]Term  // what each entry stands for, in the vector of pass.Point.Backward
}

// A Term is a multiple of an entry of the vector of pass.Point.Backward. An entry of an Array is a sum of terms.
// Most entries have one term. If one parameter makes two gates, as with i = 1 − f, its gradient has two.
type Term struct {
	Index int
	Times float64
}
