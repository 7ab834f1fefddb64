package check

import (
	"math"
	"slices"
)

// measureNoise returns the standard deviation of the loss's rounding error (Hamming; Moré and Wild, SIAM J.
// Sci. Comput. 33(3), 2011). It takes a row of points close together, on a line along which all entries
// move, up and down in turn. In the losses there, differences of higher order are only noise. If the loss
// cannot tell the points apart, their distance grows. A distance may happen to fit the steps of the
// rounding, so the noisier half of several distances counts. measureNoise restores the parameters.
func measureNoise(loss func() float64, params []Param, points, distances int) float64 {
	sign := -1.0
	l := newLine(params, func(n int, x float64) float64 {
		sign = -sign
		return sign * max(1, math.Abs(x))
	})
	defer blame("all entries, moved a little")
	defer l.move(l.all, 0)
	var squares []float64 // of the deviation, one for each distance
	table := make([]float64, points)
measuring:
	for h := 1.3 * 0x1p-36; h < 0x1p-12 && len(squares) < distances; h *= 2.3 {
		moved := 0
		for k := range table {
			l.move(l.all, float64(k)*h)
			table[k] = loss()
			if !finite(table[k]) {
				break measuring
			}
			if k > 0 && table[k] != table[k-1] {
				moved++
			}
		}
		if moved > points/2 {
			squares = append(squares, variance(table))
		}
	}
	slices.Sort(squares)
	sum, noisier := 0.0, squares[len(squares)/2:]
	for _, x := range noisier {
		sum += x
	}
	return math.Sqrt(sum / float64(max(1, len(noisier))))
}

// variance returns the variance of the noise in a row of losses, which it overwrites with
// differences: the least of what those of orders 3 to 5 show.
func variance(table []float64) float64 {
	noise, gain := math.Inf(1), 1.0 // gain = (2k)!/(k!)² is the variance of a difference of order k
	for k := 1; k < 6; k++ {
		sum := 0.0
		for i := range len(table) - k {
			table[i] = table[i+1] - table[i]
			sum += table[i] * table[i]
		}
		gain *= float64(2*k) * float64(2*k-1) / float64(k*k)
		if k >= 3 {
			noise = min(noise, sum/float64(len(table)-k)/gain)
		}
	}
	return noise
}
