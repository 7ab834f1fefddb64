package series

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
)

// RMS returns the root mean square of x − y. Entries where y is NaN do not count; if none counts,
// RMS returns NaN. It scales by a power of two, so squares do not overflow. Sums run in index order.
func RMS(x, y []float64) float64 {
	most := 0.0
	for i := range y {
		if !math.IsNaN(y[i]) {
			most = max(most, math.Abs(x[i]-y[i]))
		}
	}
	_, exp := math.Frexp(most)
	sum, n := 0.0, 0
	for i := range y {
		if !math.IsNaN(y[i]) {
			d := math.Ldexp(x[i]-y[i], -exp)
			sum = math.FMA(d, d, sum)
			n++
		}
	}
	return math.Ldexp(math.Sqrt(sum/float64(n)), exp)
}

// moments returns the mean and the standard deviation. It scales as RMS does.
func moments(z []float64) (mean, deviation float64) {
	n := float64(len(z))
	for _, x := range z {
		mean += x / n
	}
	most := 0.0
	for _, x := range z {
		most = max(most, math.Abs(x-mean))
	}
	_, exp := math.Frexp(most)
	for _, x := range z {
		x = math.Ldexp(x-mean, -exp)
		deviation = math.FMA(x/n, x, deviation)
	}
	return mean, math.Ldexp(math.Sqrt(deviation), exp)
}

// outlier returns the least or the largest value if its distance to the nearest other value is
// larger than the range of all others. Missing values do not count.
func outlier(v []float64) (x float64, found bool) {
	v = slices.DeleteFunc(slices.Clone(v), math.IsNaN)
	slices.Sort(v)
	v = slices.Compact(v)
	last := len(v) - 1
	switch {
	case last < 2:
	case v[1]-v[0] > v[last]-v[1]:
		return v[0], true
	case v[last]-v[last-1] > v[last-1]-v[0]:
		return v[last], true
	}
	return 0, false
}

// fill replaces missing values: how is linear, for a straight line between the neighbours, or
// previous, for the value before. A line uses a later value, so fill does not draw it to entry
// known or beyond; there it takes the value before. At the ends it takes the nearest value.
func fill(v []float64, how string, known int) error {
	before := -1
	for i := range v {
		if math.IsNaN(v[i]) {
			continue
		}
		for k := before + 1; k < i; k++ {
			switch {
			case before < 0:
				v[k] = v[i]
			case how == "previous" || i >= known:
				v[k] = v[before]
			default:
				v[k] = v[before] + float64((v[i]-v[before])*(float64(k-before)/float64(i-before)))
			}
		}
		before = i
	}
	if before < 0 {
		return errors.New("all values are missing")
	}
	for k := before + 1; k < len(v); k++ {
		v[k] = v[before]
	}
	return nil
}

// fingerprint returns the SHA-256 of the values, as little-endian float64s, in hexadecimal digits.
func fingerprint(v []float64) string {
	h := sha256.New()
	binary.Write(h, binary.LittleEndian, v)
	return fmt.Sprintf("%x", h.Sum(nil))
}
