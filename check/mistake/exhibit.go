package mistake

import (
	"fmt"

	"lstm/check/pass"
	"lstm/check/scalar"
)

const I, F, O, G = pass.I, pass.F, pass.O, pass.G // the gates

// An Exhibit is a mistake: a wrong line, and the right one. The zero Exhibit has no mistake.
type Exhibit struct {
	kin   int    // a number of its own, if it has no name
	Name  string // a word, for the command
	What  string // what is wrong, as a part of a sentence
	Wrong string // the line as somebody writes it
	Right string // the line as it should be
	Where string // the place that Diagnose finds, as in the table that Show writes
	See   string // if no check of gradients can see the mistake: a test that can
	Falls bool   // training lowers the loss in spite of the mistake
	Ties  bool   // a constant factor of dy: at other sizes it differs from those that give the same numbers
	Weak  string // the letters of the Weak checks that miss the mistake

	// One of these makes the mistake. Edit exchanges lines of the pass. If it uses the lines that it changes, Wraps is set,
	// and it comes last. From moves the point. Entry replaces the gradient, entry by entry. Task changes the targets.
	// Refuse returns the error of a check that must fail; it may change v.
	Edit   func(l *pass.Lines)
	Wraps  bool
	From   func(n scalar.Net, v, target []float64) []float64
	Entry  func(n scalar.Net, v, target []float64, i int) float64
	Task   func(n scalar.Net, v, target []float64) []float64
	Refuse func(n scalar.Net, v, target []float64) error
}

// ID returns the name, or another word that no other mistake of All has for the same network.
func (e *Exhibit) ID() string {
	if e.Name == "" {
		return fmt.Sprint("kin", e.kin)
	}
	return e.Name
}

// OfChecker reports whether the mistake is in the measurement, and not in the gradient. Gradient then
// returns the measured numbers.
func (e *Exhibit) OfChecker() bool { return e.Entry != nil || e.From != nil }

// Gradient returns the gradient with the mistake, in the order of n.Blocks. v and target are as in
// scalar.Forward.
func (e *Exhibit) Gradient(n scalar.Net, v, target []float64) []float64 {
	if e.Entry != nil {
		grad := make([]float64, len(v))
		for i := range v {
			grad[i] = e.Entry(n, v, target, i)
		}
		return grad
	}
	if e.From != nil {
		v = e.From(n, v, target)
	}
	return e.Pass(n, v, target).Backward(e.Lines())[:len(v)]
}

// Pass returns the forward pass with the mistake. Most mistakes do not change it.
func (e *Exhibit) Pass(n scalar.Net, v, target []float64) *pass.Point {
	return pass.NewOf(e.Lines().Cell, pass.Standard(n), v, target)
}

// Lines returns the backward pass with the mistake.
func (e *Exhibit) Lines() *pass.Lines {
	l := pass.Right()
	if e.Edit != nil {
		e.Edit(l)
	}
	return l
}

// Lines returns the pass with some mistakes.
func Lines(mistakes ...*Exhibit) *pass.Lines {
	l := pass.Right()
	for _, wraps := range []bool{false, true} { // last those that change another line
		for _, m := range mistakes {
			if m.Wraps == wraps && m.Edit != nil {
				m.Edit(l)
			}
		}
	}
	return l
}

// dz returns an edit that exchanges the line of one gate.
func dz(gate int, f func(p *pass.Place) float64) func(l *pass.Lines) {
	return func(l *pass.Lines) { l.DZ[gate] = f }
}

// through returns an edit that exchanges the factors of one dz but its slope.
func through(gate int, f func(p *pass.Place) float64) func(l *pass.Lines) {
	return func(l *pass.Lines) { l.Through[gate] = f }
}

// atEnd returns an edit that changes the whole gradient.
func atEnd(f func(p *pass.Point, grad []float64)) func(l *pass.Lines) {
	return func(l *pass.Lines) {
		end := l.End
		l.End = func(p *pass.Point, grad []float64) { end(p, grad); f(p, grad) }
	}
}

// cut returns an edit that ends the backward pass after the given number of steps.
func cut(steps int) func(l *pass.Lines) {
	return func(l *pass.Lines) {
		l.HandsBack = func(p *pass.Place) bool { return p.T > p.Net.T-steps }
		l.Counts = func(p *pass.Place) bool { return p.T >= p.Net.T-steps }
	}
}
