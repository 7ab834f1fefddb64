package train

import (
	"fmt"
	"math"

	"lstm/train/settings"
)

// A best is the point of training with the least validation error.
type best struct {
	last   float64   // the last validation error
	error  float64   // the smallest one
	iter   int       // the iterations done there; 0 before the first validation
	params []float64 // the parameters there
}

// norms has statistics of the gradient's norm.
type norms struct {
	last  float64 // the last finite norm, before clipping
	usual float64 // a moving average; a norm counts as at most twice the average
}

func (n *norms) add(norm float64) {
	if !finite(norm) {
		return
	}
	if n.last = norm; n.usual == 0 {
		n.usual = norm
	}
	n.usual += float64(0.01 * (min(norm, 2*n.usual) - n.usual))
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// A score counts the right sequences so far, by the criterion of a task.
type score struct {
	inARow int       // how many sequences in a row were right, up to the last one
	offs   []float64 // the errors of the last sequences, in a ring
	n      int       // sequences so far
	right  int       // how many of the sets were right when last judged
	learnt bool
}

func (s *score) add(off float64, right bool) {
	s.inARow++
	if !right {
		s.inARow = 0
	}
	if len(s.offs) > 0 {
		s.offs[s.n%len(s.offs)] = off
	}
	s.n++
}

// off returns the mean error of the last sequences. The criterion sets their number.
func (s *score) off() float64 {
	sum := 0.0
	last := s.offs[:min(s.n, len(s.offs))]
	for _, off := range last {
		sum += off
	}
	return sum / float64(len(last))
}

// A Diverged error says that the loss or a parameter became too large.
type Diverged struct {
	Iter        int             // the iteration, counted from 0
	What        string          // "the loss", "the average loss", or the name of a parameter
	Value       float64         // the value that it reached
	Usual, Norm float64         // the usual and the last norm of the gradient
	Config      settings.Config // the settings of the run
}

// Error says where training diverged and what to try, in one line.
func (d *Diverged) Error() string {
	c := d.Config
	hint := fmt.Sprintf("try a -rate below %v", c.Rate)
	switch grown, step := d.Norm >= 100*d.Usual, c.Rate*d.Usual; {
	case d.Usual == 0: // no gradient was finite
	case c.Optimizer != "sgd": // the length of the steps does not depend on the gradient's norm
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
