package train

import (
	"fmt"

	"lstm/train/settings"
)

// A Diverged error says that the loss or a parameter went out of all bounds.
type Diverged struct {
	Iter  int     // the iteration, counted from 0
	What  string  // "the loss", "the average loss", or the name of a parameter
	Value float64 // what it became

	Usual, Norm float64 // the gradient's usual norm, and its last one

	Config settings.Config // of the run
}

// Error says where training diverged and what to try, in one line.
func (d *Diverged) Error() string {
	c := d.Config
	hint := fmt.Sprintf("try a -rate below %v", c.Rate)
	switch grown, step := !(d.Norm < 100*d.Usual), c.Rate*d.Usual; {
	case c.Optimizer != "sgd": // the length of its steps does not follow the gradient's norm
	case c.Clip > 0:
		hint = fmt.Sprintf("the gradient is already clipped to %v: try a -rate below %v", c.Clip, c.Rate)
	case step >= 0.1:
		hint = fmt.Sprintf("with a gradient of norm %.1e the steps were %.1e long: try a -rate below %v", d.Usual, step, c.Rate)
	case grown:
		hint = fmt.Sprintf("the gradient's norm grew from about %.1e to %.1e: try -clip %.1g", d.Usual, d.Norm, d.Usual)
	default:
		hint = fmt.Sprintf("the gradient's norm was about %.1e before: try a -rate below %v", d.Usual, c.Rate)
	}
	return fmt.Sprintf("training diverged: at iteration %d %s became %.4g; %s", d.Iter, d.What, d.Value, hint)
}
