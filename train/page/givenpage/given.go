// Package givenpage writes the page about a gradient of another program: the mistakes, which lines of its backward pass
// hold at which step, and error ÷ allowed of every entry.
package givenpage

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"lstm/check"
	"lstm/check/chain"
	"lstm/check/given/answer"
	"lstm/train/chainplot"
	"lstm/train/checkplot"
	"lstm/train/file"
	"lstm/train/page"
	"lstm/train/page/panel"
	"lstm/train/plot/label"
	"lstm/train/show"
	"lstm/train/walk"
	"lstm/train/walkplot"
)

// Given returns the page about a gradient of another program. name is that of the file or the program.
func Given(name string, a *answer.Answer) []byte {
	way := a.Way()
	c := &page.Page{Title: "Is this gradient right? " + name, Banners: banners(a, way), Mend: mend(a, a.Mistakes(way == nil))}
	list := func(id, title, says string, lines []string) {
		if len(lines) > 0 {
			c.Panels = append(c.Panels, page.Panel{ID: id, Title: title, Says: says, Text: strings.Join(lines, "\n")})
		}
	}
	list("checker", "Your own check", "What your numerical gradient shows.", a.Checker)
	if way != nil {
		c.Panels = append(c.Panels, lineByLine(way, a.Results))
		c.Style, c.Panels = walkplot.CSS, append(c.Panels, walked(way, a.Verdict == answer.Wrong))
		if t := faults(way); len(t.Rows) > 0 {
			c.Panels = append(c.Panels, page.Panel{ID: "values", Title: "Both values", Says: "The lines that do not hold, in the order of the way back, with the values of the first units. Each line is worked out with the numbers that your program puts into it.", Table: t})
		}
	}
	if len(a.Results) > 0 {
		c.Panels = append(c.Panels, entryByEntry(a))
	}
	list("unfair", "What this point does not show", "A mistake of this kind can hide here. Check another point, too.", a.Unfair)
	list("read", "How it was read", "If this is not what your program computes, the verdict is about something else.", a.Notes)
	return c.HTML()
}

// walked walks through the backward pass.
func walked(w *answer.Way, wrong bool) page.Panel {
	p := page.Panel{ID: "walk", Title: "The way back, step by step", Says: "Walk from right to left, as the gradient does."}
	if wrong {
		p.Body = walkplot.HTML(walk.Wrong(w.Chain, "yours"))
	} else {
		p.Body = walkplot.HTML(walk.Pass(w.Point, 0, nil))
	}
	return p
}

// banners returns the verdict with the worst entry, and where the gradient goes wrong first.
func banners(a *answer.Answer, w *answer.Way) []page.Banner {
	b := page.Banner{Asks: "Your gradient", Says: "No verdict", Class: page.Class(check.Unresolved)}
	switch a.Verdict {
	case answer.Right:
		b.Says, b.Class = "Right", page.Class(check.Right)
	case answer.Wrong:
		b.Says, b.Class = "Wrong", page.Class(check.Wrong)
	default:
		b.Notes = []string{sentence(a.Headline())}
	}
	for _, line := range a.Without {
		b.Notes = append(b.Notes, sentence(line))
	}
	wrong, open, all := 0, 0, panel.Entries(a.Results)
	for _, r := range a.Results {
		wrong, open = wrong+len(r.With(check.Wrong)), open+len(r.With(check.Unresolved))
	}
	if all > 0 {
		e := panel.Worst(a.Results, a.Share())
		b.Scores = []page.Score{
			{Number: show.Thousands(wrong), Of: "of " + show.Thousands(all) + " entries are wrong"},
			{Number: label.Digits(a.Share()(e), 2), Of: "worst error ÷ allowed, at " + e.Name + "; 1 is the limit"},
		}
	}
	if open > 0 {
		b.Scores = append(b.Scores, page.Score{Number: show.Thousands(open), Of: "cannot be judged"})
	}
	if first := first(w); first.Says != "" {
		return []page.Banner{b, first}
	}
	return []page.Banner{b}
}

// first returns the banner that says where the way back goes wrong first. Says is "" if it does not, or is not known.
func first(w *answer.Way) (b page.Banner) {
	if w == nil {
		return b
	}
	values := func(f *chain.Fault) {
		b.Class = page.Class(check.Wrong)
		if has := rounded(f.Has, f.Right); len(has) == 0 {
			b.Notes = append(b.Notes, "Several values give your numbers, so yours are not known.")
		} else {
			b.Scores = []page.Score{{Number: label.Digits(has[0], 6), Of: "yours"}, {Number: label.Digits(f.Right[0], 6), Of: "by this line, with your inputs"}}
		}
	}
	b.Asks = "It goes wrong first"
	if f := chainplot.First(w.Chain); f != nil {
		b.Says, _, _ = strings.Cut(f.Says(), " = ")
		b.Notes = []string{f.Says() + " does not hold " + w.Where(f) + "."}
		if len(f.Has) == 0 { // the place is that of one of several fits
			b.Notes = []string{f.Says() + " does not hold."}
		}
		if f.Line == chain.DHP || f.Line == chain.DCP {
			b.Notes = append(b.Notes, "Whether a step hands it back wrong or the step before adds it wrong, the numbers are the same.")
		}
		values(f)
	} else if sums := wrongSums(w); len(sums) > 0 {
		b.Says, b.Notes = "the sum over the steps: "+sums[0], []string{"Each step is right. These are the values of its first wrong number."}
		values(&w.Faults[0])
	}
	return b
}

// mend returns the lines to change, and what shows that they are wrong. text is what the command says. It returns nil if
// there is nothing to say.
func mend(a *answer.Answer, text string) *page.Mend {
	m := &page.Mend{Title: "What it may be", Text: text}
	switch {
	case a.Verdict == answer.Wrong && len(a.Causes) > 0:
		m.Title, m.Lines = "", panel.Lines(a.Causes)
		if c := a.Causes[0]; strings.Contains(c.Line, "→") && c.Observed != "" {
			m.Says = panel.Sentence(panel.Readable(c.Observed))
			if all := panel.Entries(a.Results); strings.Contains(c.Observed, ", all ") && !strings.Contains(c.Observed, fmt.Sprintf("all %d numbers", all)) {
				m.Says += fmt.Sprintf(" They are the %s entries, and the dz and other numbers that you gave.", show.Thousands(all))
			}
		}
	case a.Verdict == answer.Wrong:
		m.Title, m.Says, m.Table = "Where the gradient is wrong", "No known mistake gives these numbers.", panel.Blocks(a.Results, a.Share())
	case text == "":
		return nil
	}
	return m
}

// sentence begins with a capital letter and ends with a full stop.
func sentence(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

// Write writes the page that Given returns to a file.
func Write(to, name string, a *answer.Answer) error { return file.Write(to, Given(name, a)) }

// lineByLine shows which lines of the backward pass hold, step by step, and where it goes wrong first.
func lineByLine(w *answer.Way, results []check.Result) page.Panel {
	from := chainplot.From(w.Chain, panel.MaxSteps)
	p := page.Panel{
		ID: "lines", Title: "Line by line, step by step",
		Says: "Read the figures from right to left; each line is judged by itself, with the numbers that your program puts into it. Here " + w.Known + ".",
		Figures: []page.Figure{
			{Caption: "Which lines hold. Framed: the line does not hold at some unit. Crossed out: it goes wrong here first. Dotted: there is nothing to judge.", Figure: chainplot.Lines(w.Chain, from, panel.MaxSteps)},
			{Caption: "Which numbers are right. Framed: the number of some unit is wrong. Earlier steps inherit the error.", Figure: chainplot.Numbers(w.Chain, from, panel.MaxSteps)},
			{Caption: "The norm of dz at each step, yours and the right one.", Figure: chainplot.Norms(w.Chain, from, panel.MaxSteps)},
		},
	}
	var names []string
	var entries []int
	for _, r := range results {
		names, entries = append(names, r.Name), append(entries, len(r.Entries))
	}
	if len(names) <= maxParams {
		caption := "Which sums over the steps hold, if every dz is taken as your program has it."
		if wrong := wrongSums(w); len(wrong) > 0 {
			caption += " Framed: " + strings.Join(wrong, ", ") + "."
		}
		p.Figures = slices.Insert(p.Figures, 1, page.Figure{Caption: caption, Figure: chainplot.Sums(w.Chain, names, entries)})
	}
	return p
}

// wrongSums returns the names of the sums that do not hold.
func wrongSums(w *answer.Way) (names []string) {
	for _, f := range w.Faults {
		if f.Line == chain.Sums {
			names = append(names, f.Array)
		}
	}
	return names
}

// faults is the table of the lines that do not hold, with both values of the first numbers.
func faults(w *answer.Way) *page.Table {
	const shown = 3
	t := &page.Table{Head: []string{"line", "yours", "by this line, with your inputs"}}
	for _, f := range w.Ordered() {
		line := f.Says()
		if len(f.Has) == 0 { // several values fit
			t.Rows = append(t.Rows, []string{line, "not known", ""})
		}
		if line += ": off for " + show.Count(len(f.Has), "number"); f.T >= 0 {
			line += ", first " + w.Where(f)
		}
		n := min(shown, len(f.Has))
		values := label.Aligned(6, append(rounded(f.Has, f.Right)[:n:n], f.Right[:n]...)...)
		for k := range n {
			t.Rows = append(t.Rows, []string{line, values[k], values[n+k]})
			line = "↳ another unit"
		}
	}
	return t
}

// rounded returns numbers with 0 for those that are rounding errors beside what they should be.
func rounded(has, right []float64) (all []float64) {
	for k, v := range has {
		if math.Abs(v) < 1e-12*math.Abs(right[k]) {
			v = 0
		}
		all = append(all, v)
	}
	return all
}

const maxParams = 48 // parameters that the page shows

// entryByEntry shows error ÷ allowed of every entry, a tile for each parameter.
func entryByEntry(a *answer.Answer) page.Panel {
	p := page.Panel{ID: "check", Title: "Entry by entry", Says: "The error of each entry of the gradient, divided by what is allowed. Blue is within; orange, above 1, is wrong; a grey entry is not known."}
	var all []checkplot.Matrix
	for k, r := range a.Results {
		if k == maxParams {
			p.Says += fmt.Sprintf(" The figure shows the first %d of %d parameters.", maxParams, len(a.Results))
			break
		}
		size, cols := 1, 1
		for _, n := range a.Shapes[k] {
			size, cols = size*n, n
		}
		if len(a.Shapes[k]) == 0 {
			size = panel.Last(r.Entries).Index + 1
			cols = size
		}
		entries := slices.Repeat([]check.Entry{checkplot.Missing}, size)
		for _, e := range r.Entries {
			entries[e.Index] = e
		}
		number := func(i int) string { return fmt.Sprint(i) }
		all = append(all, checkplot.Matrix{Name: r.Name, Entries: entries, Cols: cols, Row: number, Col: number})
	}
	drawn, note := checkplot.Map("Error ÷ allowed of every entry", a.Share(), all...)
	p.Figures = []page.Figure{{Caption: note, Figure: drawn}}
	p.More = &page.Panel{ID: "worst", Title: "The worst entry of each parameter", Table: panel.Blocks(a.Results, a.Share())}
	return p
}
