// Package codes finds numbers that stand for missing values: −999, 9999.9, 1e20. Such a code lies apart from the other values.
package codes

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// typical reports whether a number is a usual code for a missing value: −999, 9999.9, 1e20, the end of a type.
func typical(v float64) bool {
	a := math.Abs(v)
	switch a {
	case 200, 32767, 32768, 65535, 2147483647, 2147483648, 1e20, 1e30, 1e36, 1e37, 1e38:
		return a != 200 || v < 0
	}
	if a >= 9e35 || a == math.Trunc(a) && a > 1e17 {
		return true
	}
	digits := strings.Replace(strconv.FormatFloat(a, 'f', -1, 64), ".", "", 1)
	if v < 0 && (v == -9 || v == -8) {
		return true
	}
	return len(digits) > 1 && strings.ContainsRune("6789", rune(digits[0])) && strings.Trim(digits, digits[:1]) == ""
}

var code = regexp.MustCompile(`(?i)(missing|no.?data|not available|fill.?value|null|undefined|fehl\w*|manquant\w*|mancant\w*|faltant\w*|\bNA\b|\bn/a\b)[^\d-]{0,20}(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)|(-?\d+(?:\.\d+)?) *(?:=|:|is|are|means?|for|indicates?|denotes?|steht für|bedeutet) *(?:a |an )?(?:missing|no.?data|not available|fehl|manquant|mancant|faltant)`)

// Said returns the codes for missing values that the lines above the table name.
func Said(lines []string) (all []float64) {
	for _, line := range lines {
		if m := code.FindStringSubmatch(line); m != nil {
			text := m[2]
			if text == "" {
				text = m[3]
			}
			if v, err := strconv.ParseFloat(text, 64); err == nil {
				all = append(all, v)
			}
		}
	}
	return all
}

// Find looks at the least and the largest value. It returns an error if one of them must be a code for a missing value, and
// sentences about values that may be. named are the codes that the table names.
func Find(values []float64, named []float64) (doubt []string, err error) {
	low, high := ends(values)
	for _, e := range []end{low, high} {
		if e.others < 2 {
			continue
		}
		if typical(e.value) && typical(e.next) {
			rest := slices.DeleteFunc(slices.Clone(values), func(v float64) bool { return v == e.value })
			if _, err := Find(rest, named); err != nil {
				return nil, fmt.Errorf("%v and %v lie apart from the other values: are they codes for missing values? -missing %v,%v says so; -missing none reads them as numbers", e.value, e.next, e.value, e.next)
			}
		}
		text := fmt.Sprint(e.value)
		asks := func(why string) error {
			return fmt.Errorf("%s %s: is it a code for a missing value? -missing %s says so; -missing none reads it as a number", text, why, text)
		}
		gap, span := math.Abs(e.value-e.next), e.span
		alone := e.value < 0 && e.next >= 0
		switch {
		case slices.Contains(named, e.value):
			return nil, asks("is named above the table")
		case typical(e.value) && varied(values, e) && (alone || gap > span || gap > span/2 && e.times > 1 || gap > span/4 && e.times > 2):
			return nil, asks(fmt.Sprintf("occurs %s, and lies apart from the other values", times(e.times)))
		case gap > span && span > 0:
			doubt = append(doubt, text+" is an outlier: is it a code for a missing value? -missing takes it out.")
		case alone && (e.value == -1 || e.times > 1 || gap > span/4) || typical(e.value) && (gap > span/10 || e.times > 2):
			doubt = append(doubt, fmt.Sprintf("%s occurs %s: is it a code for a missing value? -missing takes it out.", text, times(e.times)))
		}
	}
	for _, v := range named {
		if slices.Contains(values, v) {
			return nil, fmt.Errorf("%v is named above the table: is it a code for a missing value? -missing %v says so; -missing none reads it as a number", v, v)
		}
	}
	return doubt, nil
}

// varied reports whether the values other than an end are many: with few, as in counts, nothing lies apart.
func varied(values []float64, e end) bool {
	const many = 8
	seen := make(map[float64]bool)
	for _, v := range values {
		if v != e.value && !math.IsNaN(v) {
			if seen[v] = true; len(seen) >= many {
				return true
			}
		}
	}
	return false
}

func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return fmt.Sprintf("%d times", n)
}

// An end is the least or the largest value of a column.
type end struct {
	value, next float64 // next is the nearest other value
	times       int     // how often value occurs
	others      int     // how many other values there are
	span        float64 // the largest minus the least of the others
}

// ends returns the least and the largest value.
func ends(values []float64) (low, high end) {
	low, high = end{value: math.Inf(1)}, end{value: math.Inf(-1)}
	for _, v := range values {
		if v < low.value {
			low.value = v
		}
		if v > high.value {
			high.value = v
		}
	}
	var least, largest = math.Inf(1), math.Inf(-1) // without low, and without high
	for _, v := range values {
		switch v {
		case low.value:
			low.times++
		default:
			if !math.IsNaN(v) {
				low.others++
				least = math.Min(least, v)
			}
		}
		switch v {
		case high.value:
			high.times++
		default:
			if !math.IsNaN(v) {
				high.others++
				largest = math.Max(largest, v)
			}
		}
	}
	low.next, low.span = least, high.value-least
	high.next, high.span = largest, largest-low.value
	return low, high
}
