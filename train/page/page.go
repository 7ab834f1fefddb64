// Package page writes a page about a run, about an exhibit of the museum, or about a gradient of another
// program. The page is one HTML file with figures (package plot) in panels. It loads nothing, runs no
// scripts, and is well-formed XML.
//
// The page of a run shows the loss, the outputs over a sequence, the gates and states of the cell, the
// check, and the gradient's way back. The page of an exhibit has similar panels. They compare a small
// network with the mistake and without it. The page about another program's gradient shows the mistakes,
// which lines of its backward pass hold, and every entry.
package page

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"math"
	"slices"
	"unicode"
	"unicode/utf8"

	"lstm/check"
	"lstm/train/checkplot"
	"lstm/train/plot"
	"lstm/train/show"
)

// A panel has a heading, one or two sentences, and figures.
type panel struct {
	ID, Title, Says string
	Text            string // preformatted, or ""
	Figures         []figure
}

type figure struct {
	Caption string
	Figure  plot.Figure
}

// A content is the data for the template.
type content struct {
	Title, Lead    string
	Facts          [][2]string
	Verdict, Class string // Class: right, wrong or open
	Wrong, Line    string // for an exhibit: the wrong line and the right line
	Panels         []panel
}

func (c *content) html() []byte {
	var b bytes.Buffer
	if err := page.Execute(&b, c); err != nil {
		panic("page: " + err.Error()) // cannot happen: the fields are strings and numbers
	}
	return bytes.Map(harmless, b.Bytes())
}

// harmless replaces characters that XML forbids, and characters that change the direction of text.
func harmless(c rune) rune {
	switch {
	case c == '\n' || c == '\t':
		return c
	case unicode.IsControl(c), unicode.Is(unicode.Bidi_Control, c), c == 0xfffe, c == 0xffff:
		return utf8.RuneError
	}
	return c
}

// count returns the n numbers first, first+1, …
func count(first, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(first + i)
	}
	return x
}

// transpose returns the n columns of a matrix.
func transpose(a []float64, n int) [][]float64 {
	columns := make([][]float64, n)
	for i, v := range a {
		columns[i%n] = append(columns[i%n], v)
	}
	return columns
}

func last[T any](x []T) T { return x[len(x)-1] }

// likeliest returns the index of the greatest number.
func likeliest(x []float64) int { return slices.Index(x, slices.Max(x)) }

// powers returns log10(v/unit) for every v of a matrix.
func powers(rows [][]float64, unit float64) [][]float64 {
	out := make([][]float64, len(rows))
	for i, row := range rows {
		for _, v := range row {
			out[i] = append(out[i], math.Log10(v/unit))
		}
	}
	return out
}

// greatest returns the greatest magnitude in a matrix, or least if all magnitudes are smaller than least.
func greatest(least float64, rows [][]float64) float64 {
	for _, v := range slices.Concat(rows...) {
		least = max(least, math.Abs(v))
	}
	return least
}

const maxUnits = 32 // rows of a gate or state

// A state holds i, f, o, g, c and h of a step, (H) each.
type state [6][]float64

// inside draws the states of all steps under the input, or under letters that stand for the input.
func inside(input plot.Strip, above []string, first int, steps []state) panel {
	units, rows := len(steps[0][0]), [6][][]float64{} // rows: one for each unit
	for k := range rows {
		var all []float64
		for _, s := range steps {
			all = append(all, s[k]...)
		}
		rows[k] = transpose(all, units)
	}
	stack := func(title string, low float64, names []string, rows ...[][]float64) *plot.Stack {
		s := &plot.Stack{
			Title: title, About: fmt.Sprintf("%s over %d steps.", show.Count(min(units, maxUnits), "unit"), len(steps)),
			Columns: above, XLabel: "step", First: first, Scale: plot.Scale{Low: low, High: 1},
		}
		if above == nil {
			s.Strips = append(s.Strips, input)
		}
		for i, name := range names {
			shown := rows[i][:min(units, maxUnits)]
			strip := plot.Strip{Label: name, Rows: shown}
			if most := greatest(1e-9, shown); most < 0.1 && name != "c" { // too pale on the common scale
				strip.Label, strip.Scale = fmt.Sprintf("%s to %.2g", name, most), plot.Scale{Low: low * most, High: most}
			}
			s.Strips = append(s.Strips, strip)
			all, sum := slices.Concat(shown...), 0.0
			for _, v := range all {
				sum += v
			}
			s.About += fmt.Sprintf(" %s goes from %.2g to %.2g, mean %.2g.", name, slices.Min(all), slices.Max(all), sum/float64(len(all)))
		}
		return s
	}
	c, largest := stack("The cell state c", -1, []string{"c"}, rows[4]), greatest(1e-9, rows[4])
	c.Scale = plot.Scale{Low: -largest, High: largest}
	p := panel{
		ID: "cell", Title: "Inside the cell",
		Says: "Each row is a unit and each column a step. Look for units that follow the input, and for forget gates that stay open while the cell keeps a state.",
		Figures: []figure{
			{"The input, forget and output gates: 0 is shut, 1 is open.", stack("The gates i, f and o", 0, []string{"i", "f", "o"}, rows[:3]...)},
			{"The candidate g and the hidden state h. Negative numbers are striped.", stack("The candidate g and the hidden state h", -1, []string{"g", "h"}, rows[3], rows[5])},
			{"The cell state c. Negative numbers are striped.", c},
		},
	}
	if units > maxUnits {
		p.Says += fmt.Sprintf(" The figures show the first %d of %d units.", maxUnits, units)
	}
	return p
}

// classes holds the CSS class of each verdict.
var classes = [...]string{check.Right: "right", check.Wrong: "wrong", check.Unresolved: "open"}

// checkPanel shows the results of a check, then the matrices. whole begins with all entries of Wi Wf Wo
// Wg bi bf bo bg Wy. Wy has O columns, and each other matrix has H columns.
func checkPanel(says string, results, whole []check.Result, H, O int) panel {
	p := panel{
		ID: "check", Title: "The check", Says: says,
		Figures: []figure{
			{"Every entry. Both axes are logarithmic on both sides of 0. The mark hides an error bar that is shorter.", checkplot.Scatter(results)},
			{"The worst entry of each block. The block is wrong if its error lies right of the line. It is unresolved if its error bar lies right of the line.", checkplot.Worst(results)},
		},
	}
	captions := []string{
		"The relative error of each entry of Wi. Rows: inputs, then hidden units. Columns: hidden units.",
		"The same for Wf.", "The same for Wo.", "The same for Wg.", "The same for Wy. Rows: hidden units. Columns: outputs.",
	}
	for n, k := range []int{0, 1, 2, 3, 8} {
		stack, legend := checkplot.Matrix(whole[k].Name, whole[k].Entries, [...]int{H, H, H, H, O}[n])
		p.Figures = append(p.Figures, figure{captions[n] + legend, stack})
	}
	return p
}

// stepPanel shows the error of a plain difference of the loss at theta, over its step size. The text of
// the panel is for a wrong entry. stepPanel also returns the figure.
func stepPanel(loss func() float64, theta *float64, e check.Entry) (panel, *plot.Chart) {
	at, off, rounding := check.Steps(loss, theta, e.Analytic)
	chart := checkplot.StepSizes(at, off, rounding, e)
	return panel{
		ID: "steps", Title: "The step size of the measurement", Figures: []figure{{Figure: chart}},
		Says: fmt.Sprintf("At %s the gradient is %.4g by backpropagation, and the measured slope is %.4g. If a gradient is right, its error falls with δ². "+
			"This error stays the same at every step size.", e.Name, e.Analytic, e.Numeric),
	}, chart
}

//go:embed page.html
var source string

var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"css":  func() template.CSS { return plot.CSS },
	"defs": func() template.HTML { return plot.Defs },
	"svg":  func(panel string, i int, f plot.Figure) template.HTML { return plot.SVG(fmt.Sprint(panel, "-", i), f) },
}).Parse(source))
