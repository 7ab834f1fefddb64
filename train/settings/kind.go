package settings

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// A kind is a set of values that a setting may have: int64, float64, string or bool.
type kind struct {
	what, bounds string // an error says "must be " + what + bounds; the help shows only the bounds
	parse        func(text string) (value any, err error)
	holds        func(value any) bool // whether a value of the right type is in the set
}

func verbatim(text string) (any, error) { return text, nil }

// whole is the whole numbers from low to high.
func whole(low, high int64) kind {
	return kind{
		"a whole number from ", fmt.Sprintf("%d to %d", low, high),
		func(text string) (any, error) { return strconv.ParseInt(text, 10, 64) },
		func(value any) bool { n := value.(int64); return low <= n && n <= high },
	}
}

// number is the finite numbers that are at least low.
func number(what, bounds string, low float64) kind {
	return kind{
		what, bounds,
		func(text string) (any, error) { return strconv.ParseFloat(text, 64) },
		func(value any) bool { x := value.(float64); return x >= low && !math.IsInf(x, 1) }, // false for NaN
	}
}

// text is every text but "".
func text(what string) kind {
	return kind{what, "", verbatim, func(value any) bool { return value != "" }}
}

// names is a few names.
func names(list ...string) kind {
	return kind{"", or(list), verbatim, func(value any) bool { return slices.Contains(list, value.(string)) }}
}

// amount is a few names, and the whole numbers from low to high, as texts.
func amount(low, high int64, list ...string) kind {
	whole, names := whole(low, high), names(list...)
	return kind{
		"", or(append(list, whole.what+whole.bounds)), verbatim,
		func(value any) bool {
			n, err := whole.parse(value.(string))
			return names.holds(value) || err == nil && whole.holds(n)
		},
	}
}

var (
	anyNumber   = number("a finite number", "", -math.MaxFloat64)
	notNegative = number("a finite number, ", "0 or above", 0)
	positive    = number("a finite number ", "above 0", math.SmallestNonzeroFloat64)

	fileName = text("the name of a file")

	toggle = kind{"true or false", "", func(text string) (any, error) { return strconv.ParseBool(text) }, func(any) bool { return true }}
)

// or joins a list as a sentence does: "a, b or c".
func or(list []string) string {
	last := len(list) - 1
	if last < 1 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:last], ", ") + " or " + list[last]
}

// put sets the variable that a field points to. It must have room for the value.
func put(field, value any) {
	p := reflect.ValueOf(field).Elem()
	p.Set(reflect.ValueOf(value).Convert(p.Type()))
}

// zero reports whether a value is the zero value of its type.
func zero(value any) bool { return value == int64(0) || value == 0.0 || value == "" || value == false }
