// Package answer says whether a gradient from another program is right, and where it goes wrong.
//
// File judges a file of numbers: package convention reads it as an LSTM, package chain judges each line of the
// backward pass, and package museum names the mistakes. Process judges the loss of a program that runs: package
// check measures the gradient. A program that also gives what a file has is read as an LSTM, too.
package answer

import (
	"fmt"
	"io"
	"math"
	"strings"

	"lstm/check"
	"lstm/check/given/answer/layout"
	"lstm/check/given/convention"
)

// A Verdict is the answer in a word.
type Verdict int

// The verdicts.
const (
	Right     Verdict = iota
	NotProven         // no entry is wrong, but some cannot be judged
	Wrong             // an entry is wrong
	None              // there is no verdict
)

// An Answer says whether a gradient is right.
type Answer struct {
	Verdict Verdict             // the answer in a word
	Why     string              // why there is no verdict: a few words
	Without []string            // what the verdict leaves out: parameters without a gradient
	Notes   []string            // what was read, and how
	Causes  []check.Cause       // the mistakes
	Others  [][]check.Cause     // other mistakes that explain the numbers as well
	Places  []string            // the first wrong number on the way back
	Results []check.Result      // parameter by parameter, in the program's order
	Shapes  [][]int             // of the parameters
	Unfair  []string            // what a check at this point cannot show
	Checker []string            // what the program's own numerical gradient shows
	lstm    *convention.Reading // nil if the program was not read as an LSTM
	accept  float64             // an error bar above this part of the largest entry is too wide
}

// Status is the exit status of the command.
func (a *Answer) Status() int {
	switch a.Verdict {
	case Right:
		return 0
	case None:
		return 2
	}
	return 1
}

// judge sets the verdicts of the entries, and that of the answer. bars has the error bars of the given gradient.
func (a *Answer) judge(bars [][]float64) {
	for k := range a.Results {
		r := &a.Results[k]
		for i := range r.Entries {
			e := &r.Entries[i]
			e.Bar += bars[k][i]
			if finite(e.Analytic) {
				r.Scale = math.Max(r.Scale, math.Max(math.Abs(e.Analytic), math.Abs(e.Numeric)-e.Bar))
			}
		}
	}
	whole := a.whole()
	a.Verdict = Right
	for k := range a.Results {
		r := &a.Results[k]
		for i := range r.Entries {
			e := &r.Entries[i]
			switch off := math.Abs(e.Analytic - e.Numeric); {
			case !(off <= allowed(*e, whole)):
				e.Verdict, a.Verdict = check.Wrong, Wrong
			case e.Bar > a.accept*math.Max(r.Scale, 1e-9*whole):
				e.Verdict, a.Verdict = check.Unresolved, max(a.Verdict, NotProven)
			default:
				e.Verdict = check.Right
			}
		}
	}
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// Write writes the answer: the verdict first, then the mistakes, then the parameters.
func (a *Answer) Write(w io.Writer) {
	fmt.Fprintln(w, a.Headline())
	for _, l := range a.Without {
		fmt.Fprintln(w, l)
	}
	a.writeCauses(w)
	for _, c := range a.Checker {
		fmt.Fprintf(w, "\n%s%s\n", strings.ToUpper(c[:1]), c[1:])
	}
	if len(a.Results) > 0 {
		fmt.Fprintln(w)
		a.writeBlocks(w)
	}
	layout.Section(w, "This point does not show everything:", a.Unfair)
	layout.Section(w, map[bool]string{true: "Why:", false: "How it was read:"}[a.Verdict == None], a.Notes)
}

// writeCauses writes each mistake: what it is, the line, and what shows it.
func (a *Answer) writeCauses(w io.Writer) {
	more := a.unexplained()
	if more != "" && len(a.Causes) == 0 {
		fmt.Fprintf(w, "\n%s\n", more)
	}
	heads := heads(a.Causes)
	instead, others := a.instead()
	for k, c := range a.Causes {
		what := c.Likely
		if c.Kind == "line" { // the line is known, and no mistake
			what, c.Observed, c.Line = c.Observed, what, ""
		}
		if c.Param != "" && c.Param != "all parameters" {
			what = c.Param + ": " + what
		}
		fmt.Fprintf(w, "\n%s: %s\n", heads[k], what)
		if c.Observed != "" && (k == 0 || c.Observed != a.Causes[k-1].Observed) {
			fmt.Fprintf(w, "  seen   %s\n", c.Observed)
		}
		writeLine(w, c.Line)
		for _, or := range instead[k] {
			fmt.Fprintf(w, "  or     %s\n", or)
		}
	}
	if more != "" && len(a.Causes) > 0 {
		fmt.Fprintf(w, "\n%s\n", more)
	}
	if names := a.gateNames(); names != "" {
		fmt.Fprintf(w, "\nIn these lines, %s.\n", names)
	}
	if len(others) > 0 {
		fmt.Fprintln(w, "\nThe numbers fit as well with:")
	}
	for k, set := range others {
		if k == 3 {
			fmt.Fprintf(w, "  or one of %d more\n", len(others)-k)
			break
		}
		for n, c := range set {
			what := c.Likely
			if c.Kind == "line" {
				what = c.Line + " does not hold"
			}
			fmt.Fprintf(w, "  %s %s\n", [2]string{"- ", "  and"}[min(n, 1)], what)
		}
	}
	layout.Section(w, "On the way back, from the last step to the first:", a.Places)
}

// writeLine writes a line as it is and as it should be.
func writeLine(w io.Writer, line string) {
	wrong, right, both := strings.Cut(line, arrow)
	switch {
	case both:
		fmt.Fprintf(w, "  wrong  %s\n  right  %s\n", wrong, right)
	case line != "":
		fmt.Fprintf(w, "  line   %s\n", line)
	}
}

// mostRows is how many parameters the table has.
const mostRows = 12

// writeBlocks writes a row for each parameter that is not right, with its worst entry, and one line for all others.
func (a *Answer) writeBlocks(w io.Writer) {
	rows, right, unknown, entries := [][]string{{"parameter", "wrong", "worst", "yours", "should be"}}, []string{}, 0, 0
	for _, r := range a.Results {
		worst, open := r.Worst(), len(r.With(check.Unresolved))
		unknown += open
		entries += len(r.Entries)
		if worst.Verdict == check.Right {
			right = append(right, r.Name)
			continue
		}
		count := fmt.Sprintf("%d of %d", len(r.With(check.Wrong)), len(r.Entries))
		if open > 0 {
			count += fmt.Sprintf(", %d unknown", open)
		}
		rows = append(rows, []string{r.Name, count, strings.TrimPrefix(worst.Name, r.Name), fmt.Sprintf("%.9g", worst.Analytic), fmt.Sprintf("%.9g ± %.1g", worst.Numeric, worst.Bar)})
	}
	if len(rows) == 1 {
		fmt.Fprintf(w, "All %d entries of %s are right.\n", entries, strings.Join(right, " "))
		return
	}
	more := len(rows) - 1 - mostRows
	layout.Table(w, rows[:min(len(rows), mostRows+1)])
	if more > 0 {
		fmt.Fprintf(w, "%d more parameters are not right; -report FILE.html shows all\n", more)
	}
	if len(right) > 0 {
		fmt.Fprintf(w, "right: %s\n", strings.Join(right, " "))
	}
	if unknown > 0 {
		help := map[bool]string{true: ": more digits, of all numbers and of the loss, or larger values of the parameters help"}[len(a.Causes) == 0]
		fmt.Fprintln(w, "unknown: what the entry should be is not known well enough to judge it"+help)
	}
}
