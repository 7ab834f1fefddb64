package train

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"lstm/tensor"
	"lstm/train/show"
	"lstm/train/task"
)

// Introduce describes the run, before it trains.
func (r *Run) Introduce(w io.Writer) {
	kind, _ := task.Find(r.Config.Task)
	fmt.Fprintf(w, "An LSTM learns to %s.\n", kind.About)
	for note := range strings.SplitSeq(r.Task.Note, "\n") {
		show.Wrap(w, show.Printable(note))
	}
	fmt.Fprintln(w)
	for _, f := range r.Facts() {
		fmt.Fprintf(w, "  %-8s  %s\n", f[0], f[1])
	}
	if r.From != "" {
		fmt.Fprintln(w)
		show.Wrap(w, show.Printable(r.From))
	}
	if r.Iter > 0 {
		fmt.Fprintf(w, "\nThe network was trained on %s before", show.Count(r.Iter, r.Task.Unit))
		if r.Other {
			fmt.Fprintf(w, ", of other data")
		}
		fmt.Fprintln(w, ".")
	}
}

// Facts returns the facts of a run, as rows of a name and a text.
func (r *Run) Facts() [][2]string {
	p, c, t := r.Model.Params, r.Config, r.Task
	var facts [][2]string
	add := func(name, format string, args ...any) {
		facts = append(facts, [2]string{name, fmt.Sprintf(format, args...)})
	}
	add("task", "%s", c.Task)
	add("network", "%s, %s, %s: %s", show.Count(p.X, "input"), show.Count(p.H, "hidden unit"), show.Count(p.O, "output"), show.Count(len(p.All), "parameter"))
	if c.ForgetBias != 0 {
		add("biases", "%+g added to the forget gates' at first", c.ForgetBias)
	}
	if c.InputBias != 0 {
		add("biases", "%+g added to the input gates' at first", c.InputBias)
	}
	steps := show.Count(c.Steps, t.Unit)
	if t.Criterion != nil {
		steps = "at most " + steps
	}
	how := fmt.Sprintf("%s, %s, rate %v", steps, c.Optimizer, c.Rate)
	if c.Halve > 0 {
		how += " halved every " + show.Thousands(c.Halve)
	}
	if c.Clip > 0 {
		how += fmt.Sprintf(", gradient clipped to %v", c.Clip)
	}
	add("training", "%s, seed %d", how, c.Seed)
	if c.Window > 0 || c.Stride > 0 {
		window, stride := r.Truncation()
		add("gradient", "every %s, back through %d", show.Count(stride, "step"), window)
	}
	if t.Criterion != nil {
		add("learnt", "when %s", t.Criterion.Says)
	}
	add("kernels", "%s", tensor.Kernel())
	return facts
}

// GoBack calls KeepBest, and writes which network it kept.
func (r *Run) GoBack(w io.Writer) {
	if best := r.KeepBest(); best < r.Iter {
		fmt.Fprintf(w, "\nThe network that validated best is kept: the network after %s.\n", show.Count(best, r.Task.Unit))
	}
}

// A Column belongs to the training table.
type Column struct {
	Head  string // its name
	Value string // in the row of the last iteration
}

// Numbers returns the training table: the loss, then the numbers of the criterion, then the validation error.
func (r *Run) Numbers() []Column {
	number := func(v float64) string {
		if v > 1e6 {
			return fmt.Sprintf("%.4g", v)
		}
		return fmt.Sprintf("%.4f", v)
	}
	all := []Column{{cmp.Or(r.Task.Shown.Name, "loss") + " (moving average)", number(r.EMA)}}
	switch c := r.Task.Criterion; {
	case c == nil:
	case len(c.Sets) > 0:
		all = append(all, Column{fmt.Sprintf("right of %d", len(c.Sets)), fmt.Sprint(r.score.right)})
	default:
		all = append(all, Column{"mean error of " + show.Thousands(c.Last), fmt.Sprintf("%.4f", r.score.off())},
			Column{"in a row", fmt.Sprint(r.score.inARow)})
	}
	if r.Task.Validation != nil {
		last := Column{Head: "validation"}
		if r.best.iter > 0 {
			last.Value = number(r.best.last)
		}
		all = append(all, last)
	}
	return all
}

// Columns returns the head of the training table.
func (r *Run) Columns() string {
	var heads []string
	for _, c := range r.Numbers() {
		heads = append(heads, c.Head)
	}
	return strings.Join(heads, "  ")
}

// Row returns a line of the training table.
func (r *Run) Row() string {
	if r.Iter == 0 && r.Task.Shown.From == 0 {
		return "none yet"
	}
	row := ""
	for i, c := range r.Numbers() {
		if i == 0 {
			row = fmt.Sprintf("%-*s", len(c.Head), c.Value)
			continue
		}
		row += fmt.Sprintf("  %*s", len(c.Head), c.Value)
	}
	return strings.TrimRight(row, " ")
}

// Due reports whether the training table shows the last iteration. It shows every 100th iteration up to
// 5,000, then every 1,000th up to 50,000, and so on.
func (r *Run) Due() bool {
	before, every := r.Iter-1, 100 // the loss is from before the update
	for 50*every < before {
		every *= 10
	}
	return before%every == 0
}

// An Answer is the result of a run.
type Answer struct {
	Says        string  // whether the task is learnt, and how many new sequences are wrong; "": task.Task.Tell writes the result
	Fine        bool    // the task is learnt, or it has no criterion
	Interrupted bool    // training ended early
	Diverged    bool    // training failed; Says has the reason
	Tests       int     // new sequences that were tested, or 0
	Wrong       int     // how many of them are wrong
	Off         float64 // their mean error
}

// Answer returns the answer. eval means that the network is only tested. interrupted means that training ended
// early. Call KeepBest first.
func (r *Run) Answer(eval, interrupted bool) Answer {
	c, after := r.Task.Criterion, "after "+show.Count(r.Iter, r.Task.Unit)+"."
	o := Answer{Fine: true, Interrupted: interrupted}
	if interrupted {
		o.Says = "Interrupted " + after + " "
	}
	switch {
	case c != nil && !eval && !r.Learnt():
		o.Says, o.Fine = o.Says+"Not learnt "+after, interrupted
	case c != nil:
		if !eval {
			o.Says += "Learnt " + after + " "
		}
		if _, best := r.Best(); best < r.Iter {
			o.Says += "The kept network: "
		}
		o.Tests = c.Tests()
		o.Wrong, o.Off = r.Test()
		o.Says += fmt.Sprintf("%d of %s wrong; mean error %.4f.", o.Wrong, show.Count(o.Tests, "new sequence"), o.Off)
	case eval && r.Task.Tell == nil:
		o.Says += fmt.Sprintf("The mean loss of 100 new sequences is %.4f.", r.MeanLoss(100))
	}
	o.Says = strings.TrimSpace(o.Says)
	return o
}
