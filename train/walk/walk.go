// Package walk has the numbers of an LSTM's backward pass, for a reader who steps through it. Package walkplot draws them.
//
// A Walk has a forward and a backward pass over a sequence, unit by unit and step by step: Run takes them from the network
// that trains, and Pass from package pass. A Case has the numbers of a wrong backward pass of the same sequence.
//
// A Walk begins at the unit on which an answer depends most, at the step where it is written. It is the last answer or, of
// those that Run compares, the one that reaches furthest back. If the gradient is wrong, the Walk begins where the gradient
// goes wrong first.
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

// OfUnits has the names of the numbers of a unit.
var OfUnits = []string{"i", "f", "o", "g", "ig", "c", "tc", "h", "dhy", "dhn", "dh", "dch", "dcn", "dc", "dzo", "dzi", "dzf", "dzg"}

// before has those that begin with the state before the first step.
var before = map[string]bool{"c": true, "dhn": true, "dcn": true}

// later has the names under which the other step has a number of two steps.
var later = map[string]string{"cp": "c", "dhp": "dhn", "dcp": "dcn"}

// Way has the numbers that the backward pass computes at a step, in its order. dcp and dhp are handed back to the step
// before: dcn and dhn there.
var Way = []string{"dy", "dh", "dzo", "dc", "dzi", "dzf", "dzg", "dcp", "dhp"}

// A Walk is a pass over a sequence.
type Walk struct {
	First, T   int       // the number of the first step shown, and the steps shown
	Whole, H   int       // all steps, and all units
	O          int       // outputs
	Order      []int     // all units, the most important one first
	Units      []int     // those shown: the first of Order
	Spots      []Spot    // of Units
	Numbers              // of Units over the steps shown; the right pass, if there are cases
	Cases      []Case    // wrong passes
	Inputs     []string  // names of the rows of x
	Outputs    []string  // names of the rows of y and dy
	In, Out    []string  // the input and the target of each step, if they are symbols
	Kind       pass.Kind // of the cell
	Readout    bool      // y is made from h with Wy; otherwise y = h
	Sequence   int       // of the Walk, counted from 0
	Sequences  int       // so many the point has
	Symbols    bool      // the row of y is the probability of the target, and the row of dy is the norm of dy
	Answer     int       // the step of the answer that the spots are for
	Compared   int       // Run compared so many answers; 0: the Walk is not by Run
	Has        []bool    // whether a step has a target
	Unit, Step int       // where the walk begins: an index of Units, and a step from First
	Delta      *Delta    // the measurement of one derivative; nil: none
	Yours      string    // what the numbers of the cases are called
}

// A Spot says where a unit is written for an answer, and where it is read. Here dc is the derivative of the answer.
type Spot struct {
	Written, Read int     // steps of the whole sequence
	Also          int     // another step where much is written; −1: none
	Weight        float64 // how much of the answer is written there, to first order: |i·g·dc|, or with the difference of i·g from most other sequences
	Usual         float64 // the mean of i·g at Written, over other sequences; 0: none
	Kept          float64 // the product of f after Written, up to Read
	Least         float64 // the least of these f
	Half          float64 // what the product is if each f is 1/2
}

// Empty reports whether hardly anything is written for unit k where a Spot has it as written: other sequences write there, and
// that this one does not is what counts.
func (w *Walk) Empty(k int) bool {
	s := w.Spots[k]
	return math.Abs(w.At(nil, "ig", k, s.Written-w.First)) < math.Abs(s.Usual)/4
}

// A Case is a backward pass that may be wrong.
type Case struct {
	Name    string               // of the exhibit, or ""
	Numbers                      // those that may differ from the Walk's
	States  map[string][][]State // of the numbers of the way back, as in Numbers
	Begin   *Place               // where it goes wrong first; nil: no number of the way back is wrong
	Note    string               // says what differs, if the backward pass is not wrong
	Another bool                 // it is the right pass of another loss, and its numbers differ from the Walk's
	Linear  bool                 // another loss has h = o·c
	Sum     bool                 // another loss has c = f·c′ + (i + g); then ig is i + g
}

// A State says whether a number of the way back is right.
type State byte

// The states of a number.
const (
	Right     State = '0' // it is right
	Inherited State = '1' // it is wrong, and its line holds: a number that goes into the line is wrong
	Broken    State = '2' // its line does not hold
)

// A Place is a number of the way back. Row is an index of the rows of the name.
type Place struct {
	Name string `json:"name"` // one of Way
	Row  int    `json:"row"`  // a unit or an output
	Step int    `json:"step"` // counts from First
}

// At returns a number of a case, or of the Walk if the case is nil or does not have it. cp, dhp and dcp are c, dhn and
// dcn of the step before.
func (w *Walk) At(c *Case, name string, row, t int) float64 {
	at := t
	if later[name] != "" {
		name = later[name]
	} else if before[name] {
		at++
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

// Shown returns the case that the page shows first, or nil.
func (w *Walk) Shown() *Case {
	if len(w.Cases) > 0 {
		return &w.Cases[0]
	}
	return nil
}

// Wrong counts the wrong numbers of a name at a step.
func (c *Case) Wrong(name string, t int) (off, all int) {
	for _, states := range c.States[name] {
		if all++; states[t] != Right {
			off++
		}
	}
	return off, all
}

// begin goes to the place where the first case goes wrong first.
func (w *Walk) begin() {
	if b := w.Cases[0].Begin; b != nil {
		if w.Step = b.Step; b.Name != "dy" {
			w.Unit = b.Row
		}
	}
}
