package check

import (
	"fmt"
	"math"
)

// Fair lists what a check of these values and gradients cannot show, one line each, with what to
// change. The list is empty if Fair finds nothing. Fair knows nothing of the model.
func Fair(params []Param) []string {
	var unfair []string
	largest := 0.0
	for n := range params {
		p := &params[n]
		for _, i := range p.index() {
			largest = max(largest, math.Abs(p.Value[i]))
		}
		grad := p.gradient()
		if allZero(grad) {
			unfair = append(unfair, fmt.Sprintf("the whole gradient of %s is zero, so a mistake that makes zeros does not show; take other values or inputs", p.Name))
			continue
		}
		for k := range n {
			other := params[k].gradient()
			if len(grad) > 1 && len(grad) == len(other) && Agree(grad, other, rounding) {
				unfair = append(unfair, fmt.Sprintf("%s and %s have the same gradient, so the check does not see whether they are swapped; take other values", params[k].Name, p.Name))
			}
		}
	}
	if largest < 1e-3 {
		unfair = append(unfair, fmt.Sprintf("no value is above %.0e; functions are almost straight lines there, and mistakes in their derivatives do not show; take values near 1", largest))
	}
	return unfair
}
