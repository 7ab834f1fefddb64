package slope

import (
	"math"
	"slices"
)

// Deviation returns the standard deviation of the rounding error of f around x (Hamming; Moré and Wild, SIAM J.
// Sci. Comput. 33(3), 2011). It takes rows of points. The points of each row lie further apart than in the row
// before. Differences of higher order of f at these points are only noise. A row counts only if f changes at
// more than half of its points. A distance may happen to fit the steps of the rounding. So three rows have
// similar distances, and only the noisier half of all rows counts. If f is very steep, the differences grow
// with the distance, and later rows do not count. A single row has a larger distance than the first of many.
func Deviation(f func(x float64) float64, x float64, points, rows int) float64 {
	var squares []float64 // the squares of the deviation, one for each row
	table := make([]float64, points)
	h, most := 1.3*0x1p-49, 0.0
	if rows == 1 {
		h = 1.3 * 0x1p-42
	}
	for h < 0x1p-12 && len(squares) < rows {
		moved := 0
		for k := range table {
			if table[k] = f(x + float64(float64(k)*h)); k > 0 && table[k] != table[k-1] {
				moved++
			}
		}
		square := variance(table)
		switch {
		case !finite(square) || len(squares) >= 3 && square > 1000*most:
			rows = 0
		case moved > points/2:
			squares, most = append(squares, square), max(most, square)
		}
		if len(squares) == 1 || len(squares) == 2 {
			h *= 1.7
		} else {
			h *= 13.7
		}
	}
	slices.Sort(squares)
	sum, noisier := 0.0, squares[len(squares)/2:]
	for _, x := range noisier {
		sum += x
	}
	return math.Sqrt(sum / float64(max(1, len(noisier))))
}

// variance returns the variance of the noise in a row of losses: the least estimate from the
// differences of orders 3 to 5. It overwrites the row with differences.
func variance(table []float64) float64 {
	noise, gain := math.Inf(1), 1.0 // gain = (2k)!/(k!)² is the variance of a difference of order k
	for k := 1; k < 6; k++ {
		sum := 0.0
		for i := range len(table) - k {
			table[i] = table[i+1] - table[i]
			sum += float64(table[i] * table[i])
		}
		gain *= float64(2*k) * float64(2*k-1) / float64(k*k)
		if k >= 3 {
			noise = min(noise, sum/float64(len(table)-k)/gain)
		}
	}
	return noise
}
