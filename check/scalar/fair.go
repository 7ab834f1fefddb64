package scalar

import (
	"fmt"
	"math"
	"slices"

	"lstm/check"
)

// Fair lists what a check at this point cannot show, one line each, with what to change. The list is
// empty at a fair point. v and target are those of Forward.
func Fair(n Net, v, target []float64) []string {
	var unfair []string
	warn := func(format string, args ...any) { unfair = append(unfair, fmt.Sprintf(format, args...)) }
	switch {
	case n.T == 1 && !slices.ContainsFunc(v[n.H0(0):n.C0(n.H)], func(x float64) bool { return x != 0 }):
		warn("the sequence is one step from the zero state: nothing is carried, and the forget gate has nothing to forget; take three steps or more")
	case n.T == 1:
		warn("the sequence is one step: nothing is carried from step to step; take three steps or more")
	}
	largest := 0.0
	for i := range n.B(0, 0) {
		largest = max(largest, math.Abs(v[i]))
	}
	if largest < 1e-3 {
		warn("no weight of the gates is above %.0e: every σ is near ½ and every tanh near 0, and mistakes in their derivatives do not show; take weights near 1", largest)
	}
	tr := Forward(n, v, target)
	for a, gate := range Gates {
		open := 0.0 // the largest σ′ or tanh′, as a part of the largest possible
		for t := range n.T {
			for _, x := range tr.Gate[t][a] {
				slope := 4 * x * (1 - x)
				if a == G {
					slope = 1 - x*x
				}
				open = max(open, slope)
			}
		}
		if open < 1e-3 {
			warn("gate %c is saturated at every step: its gradient is below %.0e of the largest possible, and proves little; take smaller weights or inputs", gate, open)
		}
	}
	_, grad := Backward(n, v, target)
	all := params(n, v, grad)
	return append(unfair, check.Fair(all[:len(all)-1])...) // without z
}
