// Package panel has the panels that several pages show: the inside of the cell, the check entry by entry, and the
// step size of the measurement. Count, Transpose, Powers and Greatest prepare numbers for figures.
package panel

import (
	"math"
	"slices"
)

// Count returns the n numbers first, first+1, …
func Count(first, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(first + i)
	}
	return x
}

// Transpose returns the n columns of a matrix.
func Transpose(a []float64, n int) [][]float64 {
	columns := make([][]float64, n)
	for i, v := range a {
		columns[i%n] = append(columns[i%n], v)
	}
	return columns
}

// Powers returns log10(v/unit) for every v of a matrix.
func Powers(rows [][]float64, unit float64) [][]float64 {
	out := make([][]float64, len(rows))
	for i, row := range rows {
		for _, v := range row {
			out[i] = append(out[i], math.Log10(v/unit))
		}
	}
	return out
}

// Greatest returns the greatest magnitude in a matrix, or least if all magnitudes are smaller than least.
func Greatest(least float64, rows [][]float64) float64 {
	for _, v := range slices.Concat(rows...) {
		least = max(least, math.Abs(v))
	}
	return least
}

// Last returns the last element.
func Last[T any](x []T) T { return x[len(x)-1] }

// MaxSteps is the number of steps that a figure has room for.
const MaxSteps = 128
