package train

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"strings"
	"unicode/utf8"

	"lstm/check"
	"lstm/tensor"
)

// Facts returns what the run is made of, as rows of a name and what there is to say.
func (r *Run) Facts() [][2]string {
	p, c := r.Params, r.Config
	facts := [][2]string{
		{"task", c.Task},
		{"network", fmt.Sprintf("%s, %s, %s: %d parameters", Count(p.X, "input"), Count(p.H, "hidden unit"), Count(p.O, "output"), len(p.All))},
	}
	add := func(name, format string, args ...any) {
		facts = append(facts, [2]string{name, fmt.Sprintf(format, args...)})
	}
	if c.ForgetBias != 0 {
		add("at first", "%+g on the biases of the forget gates", c.ForgetBias)
	}
	if c.InputBias != 0 {
		add("at first", "%+g on the biases of the input gates", c.InputBias)
	}
	training := Count(c.Steps, r.Task.Unit)
	if r.Task.Criterion != nil {
		training += " at most"
	}
	if c.Optimizer == "sgd" {
		training += " of gradient descent"
	} else {
		training += ", " + c.Optimizer
	}
	training += fmt.Sprintf(", rate %v", c.Rate)
	if c.Halve > 0 {
		training += fmt.Sprintf(" halved every %d", c.Halve)
	}
	if c.Clip > 0 {
		training += fmt.Sprintf(", gradient clipped to %v", c.Clip)
	}
	add("training", "%s, seed %d", training, c.Seed)
	if c.Window > 0 || c.Stride > 0 {
		window, stride := r.Truncation()
		add("gradient", "every %s, back through %d", Count(stride, "step"), window)
	}
	if r.Task.Criterion != nil {
		add("learnt", "when %s", r.Task.Criterion.Says)
	}
	add("kernel", "%s", tensor.Kernel())
	return facts
}

// Count returns "1 input", "2 inputs".
func Count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// Columns returns the head of a table of how training goes.
func (r *Run) Columns() string {
	head := "loss (moving average)"
	if r.Task.Shown != "" {
		head = r.Task.Shown + " (moving average)"
	}
	switch c := r.Task.Criterion; {
	case r.Task.Validate != nil:
		head += "  validated"
	case c == nil:
	case len(c.Sets) > 0:
		head += fmt.Sprintf("  right of %d", len(c.Sets))
	default:
		head += fmt.Sprintf("  off, mean of the last %d  right in a row", c.Last)
	}
	return head
}

// Row returns a line of the table that Columns heads.
func (r *Run) Row() string {
	if r.Iter == 0 && r.Task.From == 0 {
		return "none yet"
	}
	row := fmt.Sprintf("%.4f", r.EMA)
	if r.EMA > 1e6 {
		row = fmt.Sprintf("%.4g", r.EMA)
	}
	switch c := r.Task.Criterion; {
	case r.Task.Validate != nil && r.bestIter > 0:
		row += fmt.Sprintf("%*.4f", len(r.Columns())-len(row), r.valid)
	case c == nil:
	case len(c.Sets) > 0:
		row += fmt.Sprintf("%*d", len(r.Columns())-len(row), r.score.right)
	default:
		row += fmt.Sprintf("%*.4f  %14d", len(r.Columns())-len(row)-16, r.score.off(), r.score.inARow)
	}
	return row
}

// Report writes the proof as a table and a verdict, and returns whether every entry is
// right.
func (p *Proof) Report(w io.Writer) bool {
	text := fmt.Sprintf("Is the gradient right? On a fresh sequence of %s the loss is %.4f. ", Count(p.T, "step"), p.Loss)
	if p.Cut > 0 {
		text = fmt.Sprintf("Is the gradient right? On the last window of a fresh sequence, %s "+
			"after %d whose state is carried to it, the loss is %.4f. ", Count(p.T, "step"), p.Cut, p.Loss)
	}
	if p.Soft {
		text += "(A tenth of each target is spread over all outputs: a network that is sure of itself leaves no gradient to check.) "
	}
	Wrap(w, text+"Every entry is moved up and down a little, and the slope that the loss shows is held "+
		"against the gradient that came back through time. Errors and error bars are relative to the entry; "+
		"a bar is too wide if it is more than 1e-07 of the largest entry of its block.")
	fmt.Fprintln(w)
	fmt.Fprintf(w, "block      entries  worst error  ± error bar  where\n")
	var entries, wrong, unresolved int
	for _, r := range p.Results {
		e := r.Worst()
		fmt.Fprintf(w, "%-9s  %7d  %11.1e  %11.1e  %s\n", r.Name, len(r.Entries), e.Error(), e.RelativeBar(), e.Name)
		entries += len(r.Entries)
		wrong += len(r.With(check.Wrong))
		unresolved += len(r.With(check.Unresolved))
	}
	state := "zero"
	if p.Cut > 0 {
		state = "held fixed"
	}
	fmt.Fprintf(w, "\nEach of those losses started from the same state, %s. Started from the state\n"+
		"that the sequence ended in, the loss is %.4f: another function, with other\n"+
		"slopes. The script that this project began with measured those, and its\n"+
		"gradients never matched.\n\n", state, p.LossAgain)
	other := p.otherNet()
	if p.Scalar && !other {
		fmt.Fprintf(w, "A second LSTM, written out number by number, has the same loss to %.0e.\n\n", sameLoss)
	}
	for _, line := range p.Unfair {
		fmt.Fprintf(w, "not a fair point: %s\n", line)
	}
	if other {
		fmt.Fprintf(w, "the network is not an LSTM as it should be: written out number by number, its loss\n"+
			"is %.9g. A gradient can be right, and that of the wrong function.\n", p.LossThere)
	}
	if wrong == 0 && unresolved == 0 && !other {
		fmt.Fprintf(w, "grads are ok: %d entries, none off by more than %.0e plus its error bar\n", entries, check.Tolerance)
		return true
	}
	switch {
	case wrong > 0:
		fmt.Fprintf(w, "grads are wrong: %d of %d entries are off by more than %.0e plus their error bars\n", wrong, entries, check.Tolerance)
	case unresolved > 0:
		fmt.Fprintf(w, "grads are not proven: %d of %d entries have too wide an error bar to tell\n", unresolved, entries)
	}
	p.Where(w)
	return false
}

// Where writes what is wrong or not resolved: block by block, and, where it is known, the place
// and the cause.
func (p *Proof) Where(w io.Writer) {
	for _, r := range p.Results {
		bad := append(r.With(check.Wrong), r.With(check.Unresolved)...)
		if len(bad) > 0 {
			fmt.Fprintf(w, "  %s: %d of %d; %s is %.9g by backpropagation, %.9g ± %.1g measured\n",
				r.Name, len(bad), len(r.Entries), bad[0].Name, bad[0].Analytic, bad[0].Numeric, bad[0].Bar)
		}
	}
	if d := p.Diagnosis; d != nil {
		d.Write(w)
		if len(d.Causes) > 0 {
			return
		}
	}
	for _, c := range p.Causes {
		fmt.Fprintf(w, "  %s: %s\n    cause  %s\n    line   %s\n", c.Param, c.Observed, c.Likely, c.Line)
	}
	if p.Wrong() && p.Diagnosis == nil {
		fmt.Fprintf(w, "  With fewer hidden units, the place and the cause would be looked for.\n")
	}
}

// Verdict returns what the proof came to, also in words.
func (p *Proof) Verdict() (v check.Verdict, says string) {
	var entries, wrong, unresolved int
	for _, r := range p.Results {
		entries += len(r.Entries)
		wrong += len(r.With(check.Wrong))
		unresolved += len(r.With(check.Unresolved))
	}
	switch {
	case p.otherNet():
		return check.Wrong, fmt.Sprintf("The network is not an LSTM as it should be: written out number by number, its loss is %.9g, and not %.9g. "+
			"A gradient can be right, and that of the wrong function.", p.LossThere, p.Loss)
	case wrong > 0:
		says = fmt.Sprintf("Grads are wrong: %d of %d entries.", wrong, entries)
		if d := p.Diagnosis; d != nil {
			says += " The place: " + d.Where() + "."
			for _, c := range d.Causes {
				says += " The cause: " + c.Likely + "."
			}
		}
		return check.Wrong, says
	case unresolved > 0:
		return check.Unresolved, fmt.Sprintf("Grads are not proven: %d of %d entries have too wide an error bar.", unresolved, entries)
	}
	return check.Right, fmt.Sprintf("Grads are ok: %d entries, over %s.", entries, Count(p.T, "step"))
}

// otherNet reports whether the loss is not what package scalar has for it, by more than
// rounding.
func (p *Proof) otherNet() bool {
	return p.Scalar && math.Abs(p.LossThere-p.Loss) > sameLoss*max(math.Abs(p.Loss), 1e-3)
}

const sameLoss = 1e-11

// ReportFast writes what CheckFast found, and returns whether the gradient is right.
func ReportFast(w io.Writer, q *check.Quick) bool {
	fmt.Fprintf(w, "Is the gradient right? Everything is moved at once along a random direction. The\n"+
		"slope is %.10g by backpropagation and %.10g ± %.1g measured, and what\n"+
		"a straight line leaves of the loss falls with the step to the power %.2f: 2 is\n"+
		"right, 1 is wrong.\n\n", q.Analytic, q.Numeric, q.Bar, q.Order)
	fmt.Fprintln(w, FastVerdict(q))
	return q.Verdict == check.Right
}

// FastVerdict returns the verdict of CheckFast in words.
func FastVerdict(q *check.Quick) string {
	switch where := strings.Join(q.Culprits, " "); q.Verdict {
	case check.Right:
		return fmt.Sprintf("grads are ok along a random direction, by %d losses", q.Losses)
	case check.Wrong:
		return fmt.Sprintf("grads are wrong: %s; %d losses", cmp.Or(where, "by too little to say where (-check all does)"), q.Losses)
	default:
		return "grads are not proven: the error bar is too wide to tell"
	}
}

// Wrap writes text in lines of up to 84 characters.
func Wrap(w io.Writer, text string) {
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && utf8.RuneCountInString(line+" "+word) > 84 {
			fmt.Fprintln(w, line)
			line = ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	fmt.Fprintln(w, line)
}
