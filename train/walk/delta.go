package walk

import (
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
}

// Measure measures the derivative of the loss with respect to *v, for the step sizes of check.Steps. It restores *v.
func Measure(name string, loss func() float64, v *float64, gradient float64) *Delta {
	d := &Delta{Name: name, Gradient: gradient, Loss: loss()}
	d.At, d.Off, _ = check.Steps(loss, v, gradient)
	saved := *v
	defer func() { *v = saved }()
	for _, step := range d.At {
		*v = saved + step
		up := loss()
		*v = saved - step
		down := loss()
		d.Up, d.Down = append(d.Up, up-d.Loss), append(d.Down, down-d.Loss)
		d.Slope = append(d.Slope, (up-down)/(2*step))
	}
	return d
}
