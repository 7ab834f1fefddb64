package check

import (
	"math"
	"slices"
)

// noise is the standard deviation of a loss's rounding error.
type noise struct {
	here   float64 // on the parameters as they are
	growth float64 // elsewhere, divided by √|L − base|
}

// measureNoise measures the rounding error of the loss, whose value is base, on a line along which all entries
// move, up and down in turn. It restores the parameters.
//
// A loss of 0 may have no rounding error here, and one elsewhere. Rounding in an output y enters a squared
// error (y − target)² as 2(y − target)·ε|y|. So the error grows as the square root of the loss.
func measureNoise(loss func() float64, params []Param, base float64, points, distances int) (n noise) {
	sign := -1.0
	l := newLine(params, func(n int, x float64) float64 {
		sign = -sign
		return sign * max(1, math.Abs(x))
	})
	defer blame("all entries, moved a little")
	defer l.move(l.all, 0)
	at := func(h float64) float64 { l.move(l.all, h); return loss() }
	n.here = deviation(at, 0, points, distances)
	size := math.Abs(base)
	for far := firstStep; far > 0x1p-20; far /= 2 {
		if off := math.Abs(at(far) - base); off > size && finite(off) {
			n.growth = deviation(at, far, points, distances) / math.Sqrt(off)
			return n
		} else if finite(off) {
			break
		}
	}
	if size > 0 {
		n.growth = n.here / math.Sqrt(size)
	}
	return n
}

// deviation returns the standard deviation of the rounding error of f around x (Hamming; Moré and Wild, SIAM J.
// Sci. Comput. 33(3), 2011). It takes a row of points close together. In f there, differences of higher
// order are only noise. If f cannot tell the points apart, their distance grows. A distance may happen to fit
// the steps of the rounding, so the noisier half of several distances counts.
func deviation(f func(x float64) float64, x float64, points, distances int) float64 {
	var squares []float64 // of the deviation, one for each distance
	table := make([]float64, points)
	for h := 1.3 * 0x1p-49; h < 0x1p-12 && len(squares) < distances; h *= 2.3 {
		moved := 0
		for k := range table {
			table[k] = f(x + float64(k)*h)
			if k > 0 && table[k] != table[k-1] {
				moved++
			}
		}
		if !finite(table[0]) || !finite(table[points-1]) {
			break
		}
		if moved > points/2 {
			squares = append(squares, variance(table))
		} else {
			h *= 4
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
