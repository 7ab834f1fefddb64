package derivative

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"lstm/check/pass"
)

// A divisor is a number that a loss may be divided by.
type divisor struct {
	size         float64
	letter, name string // the name is empty for the ½ of a loss
}

// divisors returns the divisors above 1: first the ½, then the means.
func divisors(n pass.Net) (all []divisor) {
	for _, d := range []divisor{{2, "2", ""}, {float64(n.O), "O", "outputs"}, {float64(n.T), "T", "steps"}, {float64(n.N), "N", "sequences"}} {
		if d.size > 1 {
			all = append(all, d)
		}
	}
	return all
}

// subsets returns all subsets, and first the empty one.
func subsets(all []divisor) (sets [][]divisor) {
	for mask := range 1 << len(all) {
		var set []divisor
		for k, d := range all {
			if mask>>k&1 > 0 {
				set = append(set, d)
			}
		}
		sets = append(sets, set)
	}
	return sets
}

func product(set []divisor) float64 {
	p := 1.0
	for _, d := range set {
		p *= d.size
	}
	return p
}

// loss returns what the loss is divided by, as package convention says it: with the fewest unusual factors, and with a mean
// before a ½.
func loss(n pass.Net) []divisor {
	var all [][]divisor
	for _, set := range subsets(divisors(n)) {
		if math.Abs(product(set)-n.Per) <= 1e-12*n.Per {
			all = append(all, set)
		}
	}
	unusual := func(set []divisor) (cost int) {
		halved := slices.Contains(set, half)
		outputs := slices.ContainsFunc(set, func(d divisor) bool { return d.letter == "O" })
		if halved {
			cost++
		}
		if halved && n.Kind.Loss != pass.Squared {
			cost += 2
		}
		if outputs && (halved || n.Kind.Loss == pass.CrossEntropy) {
			cost += 2
		}
		return cost
	}
	if len(all) == 0 {
		return []divisor{{n.Per, strconv.FormatFloat(n.Per, 'g', -1, 64), ""}}
	}
	return slices.MinFunc(all, func(a, b []divisor) int { return unusual(a) - unusual(b) })
}

func without(set []divisor, drop ...divisor) (rest []divisor) {
	for _, d := range set {
		if !slices.Contains(drop, d) {
			rest = append(rest, d)
		}
	}
	return rest
}

// half is the ½ of a loss.
var half = divisor{2, "2", ""}

// Factors returns the mistakes that multiply the derivative of a network's loss by a constant: the ½ of the loss, the 2 of a
// square, or a mean that only the loss or only its derivative has.
func Factors(n pass.Net) (all []Mistake) {
	own := loss(n)
	means := without(own, half)
	add := func(what, wrong string, times float64) {
		all = append(all, Mistake{what, wrong, Right(n), func(_ *pass.Place, right float64) float64 { return right * times }})
	}
	for _, drop := range subsets(own)[1:] {
		add(lacks(drop), line(n, derivative(n), without(own, drop...)), product(drop))
	}
	switch halved := len(means) < len(own); {
	case n.Kind.Loss != pass.Squared:
	case halved:
		add("the ½ of the loss is there, but the 2 from the square is missing", line(n, "0.5*(y - target)", means), 0.5)
	default:
		add("the 2 from the square is missing", line(n, "(y - target)", own), 0.5)
		if len(own) > 0 {
			add("the derivative is that of half a sum, but "+isMean(own), "dy = y - target", product(own)/2)
		}
	}
	var sums []divisor
	for _, d := range divisors(n)[1:] {
		if slices.Contains(own, d) {
			add("the gradient is divided by the number of "+d.name+" twice, but the loss only once", line(n, derivative(n), append(slices.Clip(own), d)), 1/d.size)
		} else {
			sums = append(sums, d)
		}
	}
	for _, by := range subsets(sums)[1:] {
		add("the gradient is divided by the number of "+names(by)+", but the loss is a sum over them", line(n, derivative(n), append(slices.Clip(own), by...)), 1/product(by))
	}
	return all
}

func isMean(set []divisor) string {
	if set[0].name == "" {
		return "the loss is divided by " + set[0].letter
	}
	return "the loss is a mean over the " + names(set)
}

// lacks says that a derivative lacks divisors of the loss.
func lacks(drop []divisor) string {
	switch means := without(drop, half); {
	case len(means) == 0:
		return "the loss has a factor ½, but its derivative does not"
	case len(means) < len(drop):
		return "the loss has a factor ½ and is a mean over the " + names(means) + ", but its derivative is that of the plain sum"
	default:
		return isMean(drop) + ", but its derivative is not"
	}
}

func names(set []divisor) string {
	var all []string
	for _, d := range set {
		all = append(all, d.name)
	}
	return strings.Join(all, " and ")
}
