package check

import (
	"math"

	"lstm/check/slope"
)

// measureNoise measures the rounding error of the loss, whose value is base, on a line along which all entries
// move, up and down in turn. It restores the parameters.
//
// A loss of 0 may have no rounding error here, but a rounding error elsewhere. Rounding in an output y enters a
// squared error (y − target)² as 2(y − target)·ε|y|. So the error grows as the square root of the loss.
func measureNoise(loss func() float64, params []Param, base float64, points, rows int) slope.Loss {
	sign := -1.0
	l := newLine(params, func(_ int, x float64) float64 {
		sign = -sign
		return sign * max(1, math.Abs(x))
	})
	defer blame("all entries, moved a little")
	defer l.move(l.all, 0)
	at := func(h float64) float64 { l.move(l.all, h); return loss() }
	n := slope.Loss{Base: base, Noise: slope.Deviation(at, 0, points, rows)}
	size := math.Abs(base)
	for far := slope.FirstStep; far > 0x1p-20; far /= 2 {
		if off := math.Abs(at(far) - base); off > size && finite(off) {
			n.Growth = slope.Deviation(at, far, points, rows) / math.Sqrt(off)
			return n
		} else if finite(off) {
			break
		}
	}
	if size > 0 {
		n.Growth = n.Noise / math.Sqrt(size)
	}
	return n
}
