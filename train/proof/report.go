package proof

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"lstm/check"
	"lstm/train/show"
)

// Verdict returns the verdict on all entries, also as a sentence or two.
func (p *Proof) Verdict() (v check.Verdict, says string) {
	if p.Panic != "" {
		return check.Wrong, "The backward pass panics: " + p.Panic + "."
	}
	if q := p.Quick; q != nil {
		says = fmt.Sprintf("The gradient is wrong: %s, measured with %d losses.", strings.Join(q.Culprits, " "), q.Losses)
		switch {
		case q.Verdict == check.Right:
			says = fmt.Sprintf("The gradient is right along a random direction, measured with %d losses.", q.Losses)
		case q.Verdict == check.Unresolved:
			says = "The gradient is not proven: along a random direction the error bar is too wide to tell."
		case len(q.Culprits) == 0:
			says = "The gradient is wrong by too little to say where: -check all finds the place."
		}
		return q.Verdict, says
	}
	n := p.Checked()
	entries := "entries"
	if n < p.Total {
		entries = fmt.Sprintf("entries in a sample (of %s)", show.Thousands(p.Total))
	}
	wrong, unresolved := p.Count(check.Wrong), p.Count(check.Unresolved)
	switch {
	case p.otherNet():
		return check.Wrong, fmt.Sprintf("The loss is not that of an LSTM: it is %.9g, and a second LSTM, written number by number, has %.9g. "+
			"Even a right gradient is then the gradient of another function.", p.Loss, p.LossThere)
	case wrong > 0:
		return check.Wrong, fmt.Sprintf("The gradient is wrong: %s of %s %s differ from what was measured.", show.Thousands(wrong), show.Thousands(n), entries)
	case unresolved > 0:
		return check.Unresolved, fmt.Sprintf("The gradient is not proven: at %s of %s %s the error bar is too wide to tell.", show.Thousands(unresolved), show.Thousands(n), entries)
	}
	return check.Right, fmt.Sprintf("The gradient is right: all %s %s match what was measured.", show.Thousands(n), entries)
}

// Right reports whether the gradient is right, as far as it was checked.
func (p *Proof) Right() bool {
	v, _ := p.Verdict()
	return v == check.Right
}

// Report writes the verdict, where and why the gradient is wrong, and a table of the blocks.
func (p *Proof) Report(w io.Writer) {
	_, says := p.Verdict()
	show.Wrap(w, says)
	if q := p.Quick; q != nil {
		fmt.Fprintln(w)
		show.Wrap(w, fmt.Sprintf("All entries moved at once, along a random direction. The slope of the loss is %.10g by backpropagation, "+
			"and %.10g ± %.1g was measured. The rest of the loss, above this slope, falls with the step to the power %.2f: "+
			"2 if the gradient is right, 1 if it is wrong.", q.Analytic, q.Numeric, q.Bar, q.Order))
		return
	}
	if p.Where(w); p.Panic != "" {
		return
	}
	for _, line := range p.Unfair {
		show.Wrap(w, "The check is blind here: "+line+".")
	}
	fmt.Fprintf(w, "\nblock  entries  error ÷ allowed    error    ± bar  worst entry\n")
	for _, r := range p.Results {
		e := r.Worst()
		off := math.Abs(e.Analytic - e.Numeric)
		allowed := share(part(off, e.Allowed()))
		if len(r.With(check.Wrong)) == 0 && len(r.With(check.Unresolved)) > 0 {
			allowed = "not proven"
		}
		fmt.Fprintf(w, "%-5s  %7d  %15s  %7.1e  %7.1e  %s\n", r.Name, len(r.Entries), allowed, part(off, r.Scale), part(e.Bar, r.Scale), e.Name)
	}
	fmt.Fprintln(w)
	show.Wrap(w, p.setting())
}

// part returns a/b, or 0 if both are 0.
func part(a, b float64) float64 {
	if a == 0 {
		return 0
	}
	return a / b
}

// share writes an error as a share of the allowed error. Right entries have a share of at most 1.
func share(x float64) string {
	if x > 0 && x < 0.001 {
		return "< 0.001"
	}
	return fmt.Sprintf("%.2g", x)
}

// setting describes the check: the sequence, the state, the loss and the tolerance.
func (p *Proof) setting() string {
	state := "the zero state"
	if p.Cut > 0 {
		state = fmt.Sprintf("the state after %s, which is held constant", show.Count(p.Cut, "earlier step"))
	}
	s := fmt.Sprintf("Checked on a new sequence of %s, from %s. The loss is %.4f. ", show.Count(p.T, "step"), state, p.Loss)
	if p.Soft {
		s += "A tenth of each target was spread over all outputs: a network that is sure and right has no gradient to check. "
	}
	s += fmt.Sprintf("Errors and bars are relative to the largest entry of the block. Allowed is %.0e of the entry, plus its error bar; "+
		"a bar above %.0e of %s is too wide. ", check.Tolerance, check.Tolerance, map[bool]string{false: "the largest entry", true: "its entry"}[p.Strict])
	s += p.coarse()
	if p.Scalar && !p.otherNet() {
		s += fmt.Sprintf("A second LSTM, written number by number, has the same loss to %.0e.", sameLoss)
	}
	return s
}

// coarse is about right entries that are small beside the largest entry of their block. It says how
// precisely they are known. It returns "" if there are no such entries.
func (p *Proof) coarse() string {
	known, small, worst := 0, 0, 0.0
	for _, r := range p.Results {
		for _, e := range r.Coarse() {
			if bar := e.RelativeBar(); bar < 1 {
				known, worst = known+1, max(worst, bar)
			} else {
				small++
			}
		}
	}
	var says []string
	if known > 0 {
		says = append(says, fmt.Sprintf("%s are known to %s%% only", show.Thousands(known), oneDigit(100*worst)))
	}
	if small > 0 {
		says = append(says, show.Thousands(small)+" are known only to be small")
	}
	if says == nil {
		return ""
	}
	return "Of the entries that are small beside the largest of the block, " + strings.Join(says, ", and ") + ": -check strict accepts none of these. "
}

// oneDigit writes a number with one digit, and without a power of ten.
func oneDigit(x float64) string {
	x, _ = strconv.ParseFloat(strconv.FormatFloat(x, 'g', 1, 64), 64)
	return strconv.FormatFloat(x, 'f', -1, 64)
}

// Where writes the entries that are not right, by block, and the place and the cause if known.
func (p *Proof) Where(w io.Writer) {
	for _, r := range p.Results {
		bad := append(r.With(check.Wrong), r.With(check.Unresolved)...)
		if len(bad) > 0 {
			e := bad[0]
			fmt.Fprintf(w, "  %s: %d of %d; %s is %.9g by backpropagation, and %.9g ± %.1g was measured\n",
				r.Name, len(bad), len(r.Entries), e.Name, e.Analytic, e.Numeric, e.Bar)
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
	if p.Count(check.Wrong) > 0 && p.Diagnosis == nil {
		fmt.Fprintf(w, "  The network is too large to look for the place and the cause: try fewer hidden units.\n")
	}
}
