package scalar

import (
	"fmt"
	"math"
)

// Fair says what a check at this point cannot see, a line each with what to change; none
// if it is a fair one.
func Fair(n Net, v, target []float64) []string {
	var unfair []string
	warn := func(format string, args ...any) { unfair = append(unfair, fmt.Sprintf(format, args...)) }
	zero := true
	for i := n.H0(0); i < n.C0(n.H); i++ {
		zero = zero && v[i] == 0
	}
	switch {
	case n.T == 1 && zero:
		warn("one step from the zero state: nothing is carried, and the forget gate has nothing to forget; take three steps or more")
	case n.T == 1:
		warn("one step: nothing is carried from step to step; take three steps or more")
	}
	largest := 0.0
	for i := range n.B(0, 0) {
		largest = max(largest, math.Abs(v[i]))
	}
	if largest < 1e-3 {
		warn("no weight of the gates is above %.0e: every σ is near ½ and every tanh near 0, where mistakes in their derivatives hide; take weights near 1", largest)
	}
	tr := Forward(n, v, target)
	for a, gate := range gates {
		open := 0.0 // the largest σ′ or tanh′, of 1 at most
		for t := range n.T {
			for _, x := range tr.Gate[t][a] {
				if a == G {
					open = max(open, 1-x*x)
				} else {
					open = max(open, 4*x*(1-x))
				}
			}
		}
		if open < 1e-3 {
			warn("gate %c is saturated at every step: its gradient is below %.0e of what it can be, and proves little; take smaller weights or inputs", gate, open)
		}
	}
	_, grad := Backward(n, v, target)
	for k, b := range n.Blocks() {
		if b.Name == "z" {
			continue
		}
		if size(grad[b.From:b.To]) == 0 {
			warn("the whole gradient of %s is zero: a mistake that makes zeros does not show there; take another state or other inputs", b.Name)
		}
		for _, c := range n.Blocks()[:k] {
			if c.To-c.From == b.To-b.From && c.Name != "z" && same(grad[c.From:c.To], grad[b.From:b.To]) {
				warn("the gradients of %s and %s cannot be told apart: nor could two that have changed places; take other values", c.Name, b.Name)
			}
		}
	}
	return unfair
}

func size(x []float64) (largest float64) {
	for _, v := range x {
		largest = max(largest, math.Abs(v))
	}
	return largest
}

// same reports whether two vectors that are not zero agree to six digits.
func same(a, b []float64) bool {
	for i := range a {
		if math.Abs(a[i]-b[i]) > 1e-6*size(a) {
			return false
		}
	}
	return size(a) > 0
}
