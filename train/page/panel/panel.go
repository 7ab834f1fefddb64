// Package panel has the panels that several pages show: the inside of the cell, the check entry by entry, and the
// step size of the measurement. Count, Transpose, Powers and Greatest prepare numbers for figures.
package panel

import (
	"fmt"
	"math"
	"slices"

	"lstm/check"
	"lstm/train/checkplot"
	"lstm/train/page"
	"lstm/train/plot"
	"lstm/train/show"
)

// Count returns the n numbers first, first+1, …
func Count(first, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(first + i)
	}
	return x
}

// Transpose returns the n columns of a matrix.
func Transpose(a []float64, n int) [][]float64 {
	columns := make([][]float64, n)
	for i, v := range a {
		columns[i%n] = append(columns[i%n], v)
	}
	return columns
}

// Powers returns log10(v/unit) for every v of a matrix.
func Powers(rows [][]float64, unit float64) [][]float64 {
	out := make([][]float64, len(rows))
	for i, row := range rows {
		for _, v := range row {
			out[i] = append(out[i], math.Log10(v/unit))
		}
	}
	return out
}

// Greatest returns the greatest magnitude in a matrix, or least if all magnitudes are smaller than least.
func Greatest(least float64, rows [][]float64) float64 {
	for _, v := range slices.Concat(rows...) {
		least = max(least, math.Abs(v))
	}
	return least
}

// Last returns the last element.
func Last[T any](x []T) T { return x[len(x)-1] }

// MaxSteps is the number of steps that a figure has room for.
const MaxSteps = 128

const maxUnits = 32 // rows of a gate or state

// A State holds i, f, o, g, c and h of a step, (H) each.
type State [6][]float64

// Inside draws the states of all steps under the input, or under letters that stand for the input.
func Inside(input plot.Strip, above []string, first int, steps []State) page.Panel {
	units, rows := len(steps[0][0]), [6][][]float64{} // rows: one for each unit
	for k := range rows {
		var all []float64
		for _, s := range steps {
			all = append(all, s[k]...)
		}
		rows[k] = Transpose(all, units)
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
			if most := Greatest(1e-9, shown); most < 0.1 && name != "c" { // too pale on the common scale
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
	c, largest := stack("The cell state c", -1, []string{"c"}, rows[4]), Greatest(1e-9, rows[4])
	c.Scale = plot.Scale{Low: -largest, High: largest}
	p := page.Panel{
		ID: "cell", Title: "Inside the cell",
		Says: "Each row is a unit and each column a step. Look for units that follow the input, and for forget gates that stay open while the cell keeps a state.",
		Figures: []page.Figure{
			{Caption: "The input, forget and output gates: 0 is shut, 1 is open.", Figure: stack("The gates i, f and o", 0, []string{"i", "f", "o"}, rows[:3]...)},
			{Caption: "The candidate g and the hidden state h. Negative numbers are striped.", Figure: stack("The candidate g and the hidden state h", -1, []string{"g", "h"}, rows[3], rows[5])},
			{Caption: "The cell state c. Negative numbers are striped.", Figure: c},
		},
	}
	if units > maxUnits {
		p.Says += fmt.Sprintf(" The figures show the first %d of %d units.", maxUnits, units)
	}
	return p
}

// Check shows the results of a check, then the matrices. whole begins with all entries of Wi Wf Wo
// Wg bi bf bo bg Wy. Wy has O columns, and each other matrix has H columns.
func Check(says string, results, whole []check.Result, H, O int) page.Panel {
	p := page.Panel{
		ID: "check", Title: "The check", Says: says,
		Figures: []page.Figure{
			{Caption: "Every entry. Both axes are logarithmic on both sides of 0. The mark hides an error bar that is shorter.", Figure: checkplot.Scatter(results)},
			{Caption: "The worst entry of each block. The block is wrong if its error lies right of the line. It is unresolved if its error bar lies right of the line.", Figure: checkplot.Worst(results)},
		},
	}
	captions := []string{
		"The relative error of each entry of Wi. Rows: inputs, then hidden units. Columns: hidden units.",
		"The same for Wf.", "The same for Wo.", "The same for Wg.", "The same for Wy. Rows: hidden units. Columns: outputs.",
	}
	for n, k := range []int{0, 1, 2, 3, 8} {
		stack, legend := checkplot.Matrix(whole[k].Name, whole[k].Entries, [...]int{H, H, H, H, O}[n])
		p.Figures = append(p.Figures, page.Figure{Caption: captions[n] + legend, Figure: stack})
	}
	return p
}

// Steps shows the error of a plain difference of the loss at theta, over its step size. The text of
// the panel is for a wrong entry. Steps also returns the figure.
func Steps(loss func() float64, theta *float64, e check.Entry) (page.Panel, *plot.Chart) {
	at, off, rounding := check.Steps(loss, theta, e.Analytic)
	chart := checkplot.StepSizes(at, off, rounding, e)
	return page.Panel{
		ID: "steps", Title: "The step size of the measurement", Figures: []page.Figure{{Figure: chart}},
		Says: fmt.Sprintf("At %s the gradient is %.4g by backpropagation, and the measured slope is %.4g. If a gradient is right, its error falls with δ². "+
			"This error stays the same at every step size.", e.Name, e.Analytic, e.Numeric),
	}, chart
}
