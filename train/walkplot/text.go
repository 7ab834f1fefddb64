// Package walkplot draws a Walk as HTML: the strips of a unit, the cell with the numbers of a step, the equations, and a
// script that walks through them. The script computes nothing: it looks up the numbers, which the program has computed
// and written with Digits digits.
//
// Without scripts the drawing stands as it is, at the first step of the Walk. Measured draws a walk.Delta in the same way.
package walkplot

import (
	"math"
	"strconv"
	"strings"

	"lstm/train/plot/label"
)

// Digits is the number of digits of a number in the page.
const Digits = 4

// Text writes a number as the page shows it: with Digits digits, unless it is whole. The script writes numbers in the same
// way.
func Text(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "–"
	}
	if v = short(v); v == math.Trunc(v) && math.Abs(v) < 1e6 {
		return label.Digits(v, Digits)
	}
	return label.Fixed(v, Digits)
}

// bare writes a number without zeros at the end.
func bare(v float64) string { return label.Digits(short(v), Digits) }

// short returns a number as the script reads it.
func short(v float64) float64 {
	v, _ = strconv.ParseFloat(strconv.FormatFloat(v, 'g', Digits, 64), 64)
	return v
}

// pair writes two numbers that stand beside each other. If only one of them needs a power of ten, and they differ by less
// than a factor of 100, the other one gets the same power.
func pair(is, be float64) (string, string) {
	a, b := Text(is), Text(be)
	large := max(math.Abs(is), math.Abs(be))
	if strings.Contains(a, "10⁻") == strings.Contains(b, "10⁻") || !(min(math.Abs(is), math.Abs(be)) > large/100) {
		return a, b
	}
	_, power, _ := strings.Cut(strconv.FormatFloat(large, 'e', Digits-1, 64), "e")
	k, _ := strconv.Atoi(power)
	scale := func(v float64) string { return bare(short(v)*math.Pow10(-k)) + "·" + label.Power(k) }
	return scale(is), scale(be)
}

// place writes a coordinate.
func place(x float64) string {
	return strconv.FormatFloat(math.Round(max(-1e4, min(1e4, x))*100)/100, 'f', -1, 64)
}
