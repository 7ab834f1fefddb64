// Package walkplot draws a Walk as HTML: the strips of a unit, the cell with the numbers of a step, the equations, and a
// script that walks through them. The script computes nothing: it looks up the numbers, which the program has computed
// and written with Digits digits.
//
// Without scripts the drawing stands as it is, at the first step of the Walk.
package walkplot

import (
	"math"
	"strconv"
	"strings"
)

// Digits is the number of digits of a number in the page.
const Digits = 4

// Text writes a number as the page shows it. The script writes numbers in the same way.
func Text(v float64) string {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return "–"
	case v == 0:
		return "0"
	}
	mantissa, power, _ := strings.Cut(strconv.FormatFloat(v, 'e', Digits-1, 64), "e")
	exp, _ := strconv.Atoi(power)
	if exp < -4 || exp > 4 {
		mantissa = strings.TrimSuffix(strings.TrimRight(mantissa, "0"), ".")
		return minus(mantissa) + "·10" + superscript(exp)
	}
	rounded, _ := strconv.ParseFloat(mantissa+"e"+power, 64)
	return minus(strconv.FormatFloat(rounded, 'f', -1, 64))
}

func minus(s string) string { return strings.Replace(s, "-", "−", 1) }

func superscript(n int) string {
	return strings.Map(func(c rune) rune {
		if c == '-' {
			return '⁻'
		}
		return []rune("⁰¹²³⁴⁵⁶⁷⁸⁹")[c-'0']
	}, strconv.Itoa(n))
}

// place writes a coordinate.
func place(x float64) string {
	return strconv.FormatFloat(math.Round(max(-1e4, min(1e4, x))*100)/100, 'f', -1, 64)
}

// power writes a power of ten.
func power(e int) string {
	if e == 0 {
		return "1"
	}
	return "10" + superscript(e)
}
