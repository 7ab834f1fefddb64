package mark

import (
	"math"
	"strconv"
	"strings"
)

// setGrain sets the grain of all entries: half a unit of the last digit of the given gradient. Programs print a
// number of digits, or a number of decimals, or compute in float32. The grain of a zero is half a unit of the last
// decimal. The error bar covers the grain.
func setGrain(blocks []Block) {
	digits, decimals, single := 0, 0, true
	for _, b := range blocks {
		for _, e := range b.Entries {
			if finite(e.Given) && e.Given != 0 {
				d, power := shortest(e.Given)
				digits, decimals = max(digits, d), max(decimals, d-1-power)
				single = single && float64(float32(e.Given)) == e.Given
			}
		}
	}
	single = single && digits > 9
	for _, b := range blocks {
		for i := range b.Entries {
			e := &b.Entries[i]
			_, power := shortest(e.Given)
			switch decimal := math.Pow(10, -float64(decimals)) / 2; {
			case single:
				e.grain = math.Abs(e.Given) * 0x1p-24
			case e.Given == 0:
				e.grain = decimal
			default:
				e.grain = max(decimal, math.Pow(10, float64(power-digits+1))/2)
			}
			e.grain = min(e.grain, e.Bar)
		}
	}
}

// shortest returns the digits of v in the shortest notation, and the power of ten of the first one.
func shortest(v float64) (digits, power int) {
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(math.Abs(v), 'e', -1, 64), "e")
	power, _ = strconv.Atoi(exponent)
	return max(1, len(mantissa)-1), power
}
