package page

import (
	"math"
	"slices"
)

// count returns the n numbers first, first+1, …
func count(first, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(first + i)
	}
	return x
}

// column returns column k of a matrix with n columns.
func column(a []float64, n, k int) []float64 {
	var x []float64
	for i := k; i < len(a); i += n {
		x = append(x, a[i])
	}
	return x
}

// transpose returns the n columns of a matrix.
func transpose(a []float64, n int) (columns [][]float64) {
	for k := range n {
		columns = append(columns, column(a, n, k))
	}
	return columns
}

func last[T any](x []T) T { return x[len(x)-1] }

// likeliest returns the index of the greatest number.
func likeliest(x []float64) int { return slices.Index(x, slices.Max(x)) }

// norm returns the Euclidean norm.
func norm(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v * v
	}
	return math.Sqrt(sum)
}

// powers returns log10(v/unit) for every v of a matrix, NaN for 0.
func powers(rows [][]float64, unit float64) [][]float64 {
	out := make([][]float64, len(rows))
	for i, row := range rows {
		for _, v := range row {
			if v /= unit; v > 0 {
				v = math.Log10(v)
			} else {
				v = math.NaN()
			}
			out[i] = append(out[i], v)
		}
	}
	return out
}

// greatest returns the greatest magnitude in a matrix, or least if all are smaller.
func greatest(least float64, rows [][]float64) float64 {
	for _, v := range slices.Concat(rows...) {
		least = max(least, math.Abs(v))
	}
	return least
}
