package page

import (
	"fmt"
	"slices"

	"lstm/check"
	"lstm/train/checkplot"
	"lstm/train/plot"
	"lstm/train/show"
)

const maxUnits = 32 // rows of a gate or state

// A state holds i, f, o, g, c and h of a step, (H) each.
type state [6][]float64

// inside draws the states of all steps under the input, or under letters that stand for the input.
func inside(input plot.Strip, above []string, first int, steps []state) panel {
	units := len(steps[0][0])
	var rows [6][][]float64 // a row for each unit
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
			s.About += fmt.Sprintf(" %s %s.", name, reach(shown))
		}
		return s
	}
	largest := greatest(1e-9, rows[4])
	c := stack("The cell state c", -1, []string{"c"}, rows[4])
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

// reach describes the numbers of a heat map.
func reach(rows [][]float64) string {
	all, sum := slices.Concat(rows...), 0.0
	for _, v := range all {
		sum += v
	}
	return fmt.Sprintf("goes from %.2g to %.2g, mean %.2g", slices.Min(all), slices.Max(all), sum/float64(len(all)))
}

// classes holds the CSS class of each verdict.
var classes = [...]string{check.Right: "right", check.Wrong: "wrong", check.Unresolved: "open"}

// checkPanel shows the results of a check, then the matrices. whole begins with all entries of Wi Wf Wo
// Wg bi bf bo bg Wy. A matrix has H columns, and Wy has O.
func checkPanel(says string, results, whole []check.Result, H, O int) panel {
	p := panel{
		ID: "check", Title: "The check", Says: says,
		Figures: []figure{
			{"Every entry. Both axes are logarithmic on both sides of 0. An error bar shorter than its mark is hidden.", checkplot.Scatter(results)},
			{"The worst entry of each block. The block is wrong if its error lies right of the line, and unresolved if its error bar does.", checkplot.Worst(results)},
		},
	}
	for n, k := range []int{0, 1, 2, 3, 8} {
		caption, cols := "The same for "+whole[k].Name+".", H
		switch n {
		case 0:
			caption = "The relative error of each entry of " + whole[k].Name + ". Rows: inputs, then hidden units. Columns: hidden units."
		case 4:
			caption, cols = caption+" Rows: hidden units. Columns: outputs.", O
		}
		stack, legend := checkplot.Matrix(whole[k].Name, whole[k].Entries, cols)
		p.Figures = append(p.Figures, figure{caption + legend, stack})
	}
	return p
}

// stepPanel shows the error of a plain difference of the loss at theta, over its step size. Its text
// fits a wrong entry. It also returns its figure.
func stepPanel(loss func() float64, theta *float64, e check.Entry) (panel, *plot.Chart) {
	at, off, rounding := check.Steps(loss, theta, e.Analytic)
	chart := checkplot.StepSizes(at, off, rounding, e)
	return panel{
		ID: "steps", Title: "Which step size to measure with", Figures: []figure{{Figure: chart}},
		Says: fmt.Sprintf("At %s the gradient is %.4g by backpropagation and %.4g as measured. The error of a right gradient falls with δ²; "+
			"this error stays at every step size.", e.Name, e.Analytic, e.Numeric),
	}, chart
}
