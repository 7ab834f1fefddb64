package page

import (
	"fmt"

	"lstm/check"
	"lstm/train/checkplot"
)

// classes holds the CSS class of each verdict.
var classes = [...]string{check.Right: "right", check.Wrong: "wrong", check.Unresolved: "open"}

// matrices holds the indices of Wi Wf Wo Wg Wy in the Blocks of packages cell and scalar.
var matrices = [...]int{0, 1, 2, 3, 8}

// checkPanel shows the results of a check. block returns the name, the entries and the columns of a
// block.
func checkPanel(says string, results []check.Result, block func(k int) (name string, entries []check.Entry, cols int)) panel {
	p := panel{
		ID: "check", Title: "The check", Says: says,
		Figures: []figure{
			{"Every entry. Both axes are logarithmic on both sides of 0. An error bar shorter than its mark is hidden.", checkplot.Scatter(results)},
			{"The worst entry of each block. The block is wrong if its error lies right of the line, and unresolved if its error bar does.", checkplot.Worst(results)},
		},
	}
	for n, k := range matrices {
		name, entries, cols := block(k)
		caption := "The same for " + name + "."
		switch n {
		case 0:
			caption = "The relative error of each entry of " + name + ". Rows: inputs, then hidden units. Columns: hidden units."
		case len(matrices) - 1:
			caption += " Rows: hidden units. Columns: outputs."
		}
		stack, legend := checkplot.Matrix(name, entries, cols)
		p.Figures = append(p.Figures, figure{caption + legend, stack})
	}
	return p
}

// stepPanel shows the step sizes at an entry. Its text fits a wrong entry.
func stepPanel(at, off, rounding []float64, e check.Entry) panel {
	return panel{
		ID: "steps", Title: "Which step size to measure with",
		Says: fmt.Sprintf("At %s the gradient is %.4g by backpropagation and %.4g as measured. The error of a right gradient falls with δ²; "+
			"this error stays at every step size.", e.Name, e.Analytic, e.Numeric),
		Figures: []figure{{Figure: checkplot.StepSizes(at, off, rounding, e)}},
	}
}
