package walk

import (
	"slices"

	"lstm/check"
)

// A Delta is the measurement of one derivative by plain differences, for many step sizes δ.
type Delta struct {
	Name     string    // of the entry
	Gradient float64   // by backpropagation
	Loss     float64   // at the entry
	At       []float64 // the step sizes
	Up, Down []float64 // the loss at +δ and at −δ, less the loss at 0
	Slope    []float64 // (Up − Down)/2δ, as a check computes it
	Off      []float64 // the difference between Slope and Gradient, relative to the larger of the two
	X, Y     []float64 // the curve: changes of the entry from −At[0] to At[0], and those of the loss
}

// Steps above bends have points of the curve between them, because there one sees it bend.
const bends = 1e-4

// Measure measures the derivative of the loss with respect to *v, for the step sizes of check.Steps. It restores *v.
func Measure(name string, loss func() float64, v *float64, gradient float64) *Delta {
	d := &Delta{Name: name, Gradient: gradient, Loss: loss()}
	d.At, d.Off, _ = check.Steps(loss, v, gradient)
	saved := *v
	defer func() { *v = saved }()
	both := func(step float64) (up, down float64) {
		*v = saved + step
		up = loss()
		*v = saved - step
		down = loss()
		d.X = slices.Concat([]float64{-step}, d.X, []float64{step})
		d.Y = slices.Concat([]float64{down - d.Loss}, d.Y, []float64{up - d.Loss})
		return up, down
	}
	d.X, d.Y = []float64{0}, []float64{0}
	for k, step := range slices.Backward(d.At) {
		if k+1 < len(d.At) && step > bends {
			both(0.7 * step)
			both(0.85 * step)
		}
		up, down := both(step)
		d.Up, d.Down = append(d.Up, up-d.Loss), append(d.Down, down-d.Loss)
		d.Slope = append(d.Slope, (up-down)/(2*step))
	}
	slices.Reverse(d.Up)
	slices.Reverse(d.Down)
	slices.Reverse(d.Slope)
	return d
}
