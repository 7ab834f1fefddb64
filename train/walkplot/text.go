// Package walkplot draws a Walk as HTML: the strips of a unit, the cell with the numbers of a step, the equations, and a
// script that walks through them. The script computes nothing: it looks up the numbers, which the program has computed
// and written with Digits digits.
//
// Without scripts the drawing stands as it is, at the first step of the Walk. Measured draws a walk.Delta in the same way.
package walkplot

import (
	"math"
	"strconv"

	"lstm/train/plot/label"
)

// Digits is the number of digits of a number in the page.
const Digits = 4

// Text writes a number as the page shows it. The script writes numbers in the same way.
func Text(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "–"
	}
	shown, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', Digits, 64), 64) // what the script reads
	return label.Digits(shown, Digits)
}

// place writes a coordinate.
func place(x float64) string {
	return strconv.FormatFloat(math.Round(max(-1e4, min(1e4, x))*100)/100, 'f', -1, 64)
}
