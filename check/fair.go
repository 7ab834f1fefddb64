package check

import (
	"fmt"
	"math"
)

// Fair says what a check of these values and gradients cannot show, a line each with what
// to change; none if it found nothing. It knows nothing of the model.
func Fair(params []Param) []string {
	var unfair []string
	largest := 0.0
	for n := range params {
		p := &params[n]
		grad := make([]float64, 0, len(p.Grad))
		for _, i := range p.index() {
			grad = append(grad, p.Grad[i])
			largest = max(largest, math.Abs(p.Value[i]))
		}
		if allZero(grad) {
			unfair = append(unfair, fmt.Sprintf("the whole gradient of %s is zero: a mistake that makes zeros does not show there; take other values or inputs", p.Name))
		}
		for k := range n {
			var other []float64
			for _, i := range params[k].index() {
				other = append(other, params[k].Grad[i])
			}
			if len(grad) > 1 && equal(grad, other) {
				unfair = append(unfair, fmt.Sprintf("the gradients of %s and %s cannot be told apart: nor could two that have changed places; take other values", params[k].Name, p.Name))
			}
		}
	}
	if largest < 1e-3 {
		unfair = append(unfair, fmt.Sprintf("no value is above %.0e: a function looks like a straight line there, and mistakes in its derivatives hide; take values near 1", largest))
	}
	return unfair
}
