// Package pass is an LSTM whose lines can be exchanged: its forward and its backward pass, number by number, for
// a batch of sequences, in many kinds. Package museum exchanges lines for the mistakes that people make. Package
// given reads the numbers of another program as one of these kinds.
//
// The equations are those of package scalar. Right has the lines of its backward pass, and a test compares the
// two to the last bit.
package pass
