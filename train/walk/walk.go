// Package walk shows an LSTM's backward pass so that a reader can step through it.
//
// A Walk has the numbers of a forward and a backward pass over a sequence, unit by unit and step by step: Run takes
// them from the network that trains, and Pass from package pass. A Case has the numbers of a wrong backward pass of the
// same sequence. HTML draws the Walk at one step, with the numbers of all steps and a script that walks through them.
// The script computes nothing: every number that it shows was computed by the program, and written with Digits digits.
//
// Without scripts the drawing stands as it is: the unit on which the last answer depends most, at the step where it is
// written.
package walk

import (
	"math"

	"lstm/check/pass"
)

// Numbers has the numbers of a pass. Each name has a row for each unit, input or output, and each row has a number for
// each step. The rows of c, dhn and dcn have a number more, and begin with the state before the first step.
//
//	x, y, target, dy    the inputs, the outputs, their targets and derivatives
//	i, f, o, g          the gates and the candidate
//	ig, c, tc, h        i·g, the cell state, its tanh, the hidden state
//	dhy, dhn, dh        dh from the outputs, from the next step, and their sum
//	dch, dcn, dc        dc from h, from the next step, and their sum
//	dzo, dzi, dzf, dzg  the derivatives of the sums before σ and tanh
type Numbers map[string][][]float64

// The numbers of a unit, and those of them that begin with the state before the first step.
var (
	ofUnits = []string{"i", "f", "o", "g", "ig", "c", "tc", "h", "dhy", "dhn", "dh", "dch", "dcn", "dc", "dzo", "dzi", "dzf", "dzg"}
	before  = map[string]bool{"c": true, "dhn": true, "dcn": true}
)

// Way has the numbers that the backward pass computes at a step, in its order.
var Way = []string{"dy", "dh", "dzo", "dc", "dzi", "dzf", "dzg"}

// A Walk is a pass over a sequence.
type Walk struct {
	First, T    int // the number of the first step shown, and the steps shown
	Whole, H    int // all steps, and all units
	O           int // outputs
	Units       []int
	Spots       []Spot // of Units
	Numbers            // of Units over the steps shown; the right pass, if there are cases
	Cases       []Case
	Inputs      []string  // names of the rows of x
	Outputs     []string  // names of the rows of y and dy
	In, Out     []string  // the input and the target of each step, if they are symbols
	Kind        pass.Kind // of the cell
	Symbols     bool      // the row of y is the probability of the target, and the row of dy is the norm of dy
	Has         []bool    // whether a step has a target
	Unit, Step  int       // where the walk begins: an index of Units, and a step from First
	Wrong       bool      // the gradient is wrong, and there is no right pass to compare
	Delta       *Delta    // the measurement of one derivative; nil: none
	Yours, Line string    // what the numbers of the first case are called, and the line that breaks
}

// A Spot says where a unit is written for the last answer, and where it is read. The last answer is the output of the last
// step. Here dc is its derivative.
type Spot struct {
	Written, Read int     // steps of the whole sequence
	Weight        float64 // how much of the answer is written there, to first order: |i·g·dc|
	Kept          float64 // the product of f after Written, up to Read
	Least         float64 // the least of these f
	Half          float64 // what the product is if each f is 1/2
}

// The largest numbers of units, steps and both that a page shows.
const (
	mostUnits = 64
	mostSteps = 200
	mostCells = 3000
)

// track has what a Spot depends on, for one unit over all steps.
type track struct{ ig, f, dc, dch []float64 }

// spot finds where a unit is written: where i·g·dc is largest, before the last step. It is read where most of that dc
// comes from.
func (k track) spot() (s Spot) {
	s.Weight = -1
	for t := range max(1, len(k.ig)-1) {
		if e := math.Abs(k.ig[t] * k.dc[t]); e > s.Weight {
			s.Written, s.Weight = t, e
		}
	}
	most, keep := -1.0, 1.0
	for t := s.Written; t < len(k.f); t++ {
		if t > s.Written {
			keep *= k.f[t]
		}
		if e := math.Abs(k.dch[t] * keep); e > most {
			most, s.Read, s.Kept = e, t, keep
		}
	}
	s.Least, s.Half = 1, math.Pow(0.5, float64(s.Read-s.Written))
	for _, f := range k.f[s.Written+1 : s.Read+1] {
		s.Least = min(s.Least, f)
	}
	if s.Read < s.Written { // no number is finite
		s.Read, s.Kept = s.Written, 1
	}
	return s
}

// window returns the steps that a page shows: all, or those around the place of interest.
func window(whole int, s Spot) (first, n int) {
	if n = min(whole, mostSteps); whole == n {
		return 0, n
	}
	first = max(0, min(s.Written-10, whole-n))
	if s.Read >= first+n { // the end of the way, if both places fit
		if from := s.Read + 1 - n; from <= s.Written {
			first = from
		}
	}
	return first, n
}

// shown returns how many units a page shows.
func shown(units, steps int) int { return min(units, mostUnits, max(1, mostCells/steps)) }

// At returns a number of a case, or of the Walk if the case is nil or does not have it. cp, dhp and dcp are c, dhn and
// dcn of the step before.
func (w *Walk) At(c *Case, name string, row, t int) float64 {
	at := t
	switch name {
	case "cp", "dhp", "dcp":
		name = map[string]string{"cp": "c", "dhp": "dhn", "dcp": "dcn"}[name]
	default:
		if before[name] {
			at++
		}
	}
	rows := w.Numbers[name]
	if c != nil && c.Numbers[name] != nil {
		rows = c.Numbers[name]
	}
	if row >= len(rows) || at >= len(rows[row]) {
		return math.NaN()
	}
	return rows[row][at]
}
