// Package digits finds how precisely a program printed its numbers.
//
// A text has k significant digits (%.8g), or m digits after the point (%.4f), or all digits of a float64 or a float32. A
// float32 may be printed as the float64 of the same value. One number tells little: 0.5 may have 1 digit or 17.
// So Decide looks at all numbers of an array, and at the arrays of one kind together.
//
// A binary file holds float64, but the numbers may have been rounded before. Their shortest decimal texts tell.
package digits

import (
	"fmt"
	"math"
)

// Precision says how many digits of its numbers an array has.
type Precision struct {
	Digits   int    // the most significant digits that a number has; 17 for float64, 9 for float32, 5 for float16, 4 for bfloat16
	Decimals int    // digits after the point, if all numbers have the same; −1 otherwise
	Bits     int    // of the mantissa: 53 for float64, 24 for float32, 11 for float16, 8 for bfloat16
	Float32  bool   // every number is a float32, as far as one can tell
	Words    string // for the reader: "8 digits", "4 decimals", "float32", "float64"
}

var (
	full     = map[int]int{53: 17, 24: 9, 11: 5, 8: 4}                        // the digits that identify a number of so many bits
	smallest = map[int]float64{53: 0, 24: 0x1p-150, 11: 0x1p-25, 8: 0x1p-134} // half of the smallest positive number
	typeName = map[int]string{53: "float64", 24: "float32", 11: "float16", 8: "bfloat16"}
)

// binary returns the precision of numbers with so many bits.
func binary(bits int) Precision {
	return Precision{Digits: full[bits], Decimals: -1, Bits: bits}.named()
}

// Bar returns how far from v the number can be that was written as v: half a unit of the last digit that the
// precision has.
func (p Precision) Bar(v float64) float64 {
	v = math.Abs(v)
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return 0
	}
	bar := max(math.Ldexp(v, -p.Bits), smallest[p.Bits])
	unit := 0.0
	if p.Decimals >= 0 {
		unit = math.Pow10(-p.Decimals)
	}
	if p.Digits > 0 && p.Digits < full[p.Bits] && v > 0 {
		unit = max(unit, math.Pow10(exponent(v)-p.Digits+1))
	}
	return bar + unit/2
}

// exponent returns the power of ten of the first digit of v > 0.
func exponent(v float64) int {
	e := int(math.Floor(math.Log10(v)))
	if e < 308 && math.Pow10(e+1) <= v { // Log10(1000) is below 3
		e++
	}
	return e
}

// named returns p with its words.
func (p Precision) named() Precision {
	count := func(n int, what string) string {
		if n == 1 {
			return "1 " + what
		}
		return fmt.Sprintf("%d %ss", n, what)
	}
	p.Float32 = p.Bits == 24
	switch {
	case p.Decimals >= 0 && p.Decimals < 16:
		p.Words = count(p.Decimals, "decimal")
	case p.Decimals < 0 && p.Digits < min(full[p.Bits], 16):
		p.Words = count(p.Digits, "digit")
	default:
		p.Words = typeName[p.Bits]
	}
	return p
}

// coarse returns the largest bar of an array, relative to its largest number; 0 if p or the array is empty.
func (p Precision) coarse(data []float64) float64 {
	largest := 0.0
	for _, v := range data {
		if v = math.Abs(v); v > largest && !math.IsInf(v, 0) {
			largest = v
		}
	}
	if p.Bits == 0 || largest == 0 {
		return 0
	}
	return p.Bar(largest) / largest
}
