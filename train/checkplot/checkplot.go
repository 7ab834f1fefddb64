// Package checkplot draws the results of package check: every entry of a gradient, the worst entry of
// each block, a weight matrix as a heat map, and the error of a plain difference over its step size.
package checkplot

import (
	"fmt"
	"math"
	"slices"

	"lstm/check"
	"lstm/train/plot"
)

// Scatter draws a point for each entry: the gradient by backpropagation over the measured gradient.
func Scatter(results []check.Result) *plot.Chart {
	lines := []plot.Line{
		check.Right: {Name: "right", Mark: plot.Ring}, check.Wrong: {Name: "wrong", Mark: plot.Cross},
		check.Unresolved: {Name: "unresolved", Mark: plot.Tick},
	}
	var sizes []float64
	for _, r := range results {
		for _, e := range r.Entries {
			l := &lines[e.Verdict]
			l.X, l.Y, l.Bar = append(l.X, e.Numeric), append(l.Y, e.Analytic), append(l.Bar, e.Bar)
			sizes = append(sizes, max(math.Abs(e.Numeric), math.Abs(e.Analytic)))
		}
	}
	slices.Sort(sizes)
	n := len(sizes)
	// The axes are linear below this power of ten. 95% of the entries are larger.
	linear := math.Pow(10, math.Floor(math.Log10(min(max(sizes[n/20], sizes[n-1]*1e-12), sizes[n-1]*1e-2))))
	return &plot.Chart{
		Title: "The gradient by backpropagation over the measured gradient",
		About: fmt.Sprintf("%d entries: %d right, on the diagonal; %d wrong; %d unresolved. Both axes are logarithmic on both sides of 0.",
			n, len(lines[check.Right].X), len(lines[check.Wrong].X), len(lines[check.Unresolved].X)),
		X: plot.Axis{Label: "measured", Sign: linear}, Y: plot.Axis{Label: "by backpropagation", Sign: linear},
		Lines: slices.DeleteFunc(lines, func(l plot.Line) bool { return len(l.X) == 0 && l.Mark != plot.Ring }),
		Rules: []plot.Rule{{Name: "equal", Diagonal: true}}, Square: true,
	}
}

// Worst draws, for each block, the largest error and the widest error bar, each divided by its limit. The limit
// of an error is Entry.Allowed. The limit of an error bar is check.Tolerance times the largest entry of the
// block.
func Worst(results []check.Result) *plot.Chart {
	const least = 1e-10
	off := plot.Line{Name: "error ÷ allowed", Mark: plot.Ring}
	wide := plot.Line{Name: "error bar ÷ allowed", Mark: plot.Tick}
	c := &plot.Chart{
		Title: "The worst entry of each block", X: plot.Axis{Label: "relative to the allowed value", Log: true},
		Rules: []plot.Rule{{Name: "allowed", At: 1, Vertical: true}},
	}
	for i, r := range slices.Backward(results) {
		var largest, worstOff, worstBar float64
		for _, e := range r.Entries {
			largest, worstBar = max(largest, math.Abs(e.Analytic), math.Abs(e.Numeric)-e.Bar), max(worstBar, e.Bar)
		}
		if w := r.Worst(); w.Error() > 0 {
			worstOff = math.Abs(w.Analytic-w.Numeric) / w.Allowed()
		}
		if worstBar /= check.Tolerance * largest; largest == 0 {
			worstBar = 0
		}
		at := float64(len(results) - 1 - i)
		c.Y.Names = append(c.Y.Names, r.Name)
		off.X, off.Y = append(off.X, max(least, worstOff)), append(off.Y, at)
		wide.X, wide.Y = append(wide.X, max(least, worstBar)), append(wide.Y, at)
		c.About += fmt.Sprintf("%s: error ÷ allowed %.0e, error bar ÷ allowed %.0e. ", r.Name, worstOff, worstBar)
	}
	c.Lines = []plot.Line{off, wide}
	return c
}

// Missing stands for an entry that was not measured. Its error is NaN.
var Missing = check.Entry{Numeric: math.NaN()}

// Scale is the scale of relative errors as powers of ten.
var Scale = plot.Scale{Low: -16, High: 0, Names: [2]string{"10⁻¹⁶ or less", "1 or more"}}

// Errors returns the relative errors of a matrix as a heat map for Scale. Wrong entries are framed,
// unresolved ones struck through, and missing ones dotted.
func Errors(label string, rows [][]check.Entry) plot.Strip {
	s := plot.Strip{Label: label, Dots: true}
	for _, row := range rows {
		off, wrong, open := make([]float64, len(row)), make([]bool, len(row)), make([]bool, len(row))
		for k, e := range row {
			off[k], wrong[k], open[k] = math.Log10(max(e.Error(), 1e-16)), e.Verdict == check.Wrong, e.Verdict == check.Unresolved
		}
		s.Rows, s.Edge, s.Slash = append(s.Rows, off), append(s.Edge, wrong), append(s.Slash, open)
	}
	return s
}

// Matrix draws the errors of a matrix with cols columns, and returns a legend in words. If the matrix
// has more than 128 rows or columns, each cell shows the worst of a block of entries.
func Matrix(name string, entries []check.Entry, cols int) (s *plot.Stack, legend string) {
	rows, by := pool(slices.Collect(slices.Chunk(entries, cols)), 128)
	about, legend := describe(entries, cols, by)
	return &plot.Stack{
		Title: "The relative error of every entry of " + name, About: about,
		Strips: []plot.Strip{Errors(name, rows)}, Scale: Scale,
	}, legend
}

// describe returns a description of a matrix of entries, and a legend for its figure.
func describe(entries []check.Entry, cols, by int) (about, legend string) {
	var of [3]int // the number of entries with each verdict
	measured, largest := 0, 0.0
	for _, e := range entries {
		if !math.IsNaN(e.Error()) {
			of[e.Verdict]++
			measured, largest = measured+1, max(largest, e.Error())
		}
	}
	if measured < len(entries) {
		legend += " Dotted: not measured."
	}
	if of[check.Wrong] > 0 {
		legend += " Framed: wrong."
	}
	if of[check.Unresolved] > 0 {
		legend += " Struck through: unresolved."
	}
	if by > 1 {
		legend += fmt.Sprintf(" Each cell shows the worst of %d×%d entries.", by, by)
	}
	return fmt.Sprintf("%d rows and %d columns. %d entries are measured; %d are wrong and %d unresolved. The largest error is %.0e.",
		len(entries)/cols, cols, measured, of[check.Wrong], of[check.Unresolved], largest), legend
}

// allowedScale is the scale of error ÷ allowed, as a power of ten with the opposite sign: a wrong entry is striped.
var allowedScale = plot.Scale{Low: -6, High: 6, Names: [2]string{"10⁶ or more", "10⁻⁶ or less"}}

// Allowed works like Matrix. It draws error ÷ allowed, which share returns. Unresolved entries are dotted, too.
func Allowed(name string, entries []check.Entry, cols int, share func(e check.Entry) float64) (s *plot.Stack, legend string) {
	rows, by := pool(slices.Collect(slices.Chunk(entries, cols)), 64)
	about, legend := describe(entries, cols, by)
	strip := Errors("", rows)
	for i, row := range rows {
		for k, e := range row {
			if strip.Rows[i][k] = -math.Log10(share(e)); strip.Slash[i][k] {
				strip.Rows[i][k] = math.NaN()
			}
			strip.Rows[i][k] = max(allowedScale.Low, min(allowedScale.High, strip.Rows[i][k]))
		}
	}
	return &plot.Stack{Title: "Error ÷ allowed of every entry of " + name, About: about, Strips: []plot.Strip{strip}, Scale: allowedScale}, legend
}

// pool reduces a matrix to at most the given number of rows and columns. Each entry of the result is
// the worst of by×by entries. It compares verdicts first, then errors.
func pool(rows [][]check.Entry, most int) (pooled [][]check.Entry, by int) {
	by = (max(len(rows), len(rows[0])) + most - 1) / most
	rank := [...]int{check.Right: 0, check.Unresolved: 1, check.Wrong: 2}
	for band := range slices.Chunk(rows, by) {
		row := slices.Repeat([]check.Entry{Missing}, (len(rows[0])+by-1)/by)
		for _, r := range band {
			for j, e := range r {
				worst := &row[j/by]
				switch more := rank[e.Verdict] - rank[worst.Verdict]; {
				case more > 0, more == 0 && (e.Error() > worst.Error() || math.IsNaN(worst.Error())):
					*worst = e
				}
			}
		}
		pooled = append(pooled, row)
	}
	return pooled, by
}

// StepSizes draws the error of a plain difference over its step size. at, off and rounding are the
// results of check.Steps for the entry.
func StepSizes(at, off, rounding []float64, entry check.Entry) *plot.Chart {
	low := min(1e-14, max(entry.Error(), 1e-16))
	line := func(name string, f func(i int) float64) plot.Line {
		y := make([]float64, len(at))
		for i := range at {
			if y[i] = f(i); y[i] < low || y[i] > 10 {
				y[i] = math.NaN()
			}
		}
		return plot.Line{Name: name, X: at, Y: y}
	}
	least, wrong := 0, entry.Verdict == check.Wrong
	for i, v := range off {
		if v < off[least] {
			least = i
		}
	}
	lines := []plot.Line{line("error of (L(θ+δ) − L(θ−δ)) / 2δ", func(i int) float64 { return max(off[i], low) })}
	for k := 2; k < len(at) && !wrong; k++ {
		// Where the error is proportional to δ², it comes from the curvature of the loss.
		if ratio := off[k-2] / off[k] / ((at[k-2] / at[k]) * (at[k-2] / at[k])); ratio > 0.9 && ratio < 1.1 {
			lines = append(lines, line("∝ δ²", func(i int) float64 { return off[k] * (at[i] / at[k]) * (at[i] / at[k]) }))
			break
		}
	}
	chart := &plot.Chart{
		Title: "The error of a plain difference over its step size",
		About: fmt.Sprintf("At %s the error is smallest, %.0e, at step size %.0e. A smaller step divides the rounding error of the loss by a smaller number. Ridders' method is off by %.0e.",
			entry.Name, off[least], at[least], entry.Error()),
		X: plot.Axis{Label: "step size δ", Log: true}, Y: plot.Axis{Label: "relative error", Log: true},
		Lines: append(lines, line("rounding of the loss: ε|L|/δ|g|", func(i int) float64 { return rounding[i] })),
		Rules: []plot.Rule{
			{Name: fmt.Sprintf("usual choice: δ = 1e-05, tolerance %.0e", check.Tolerance), At: 1e-5, Vertical: true},
			{Name: fmt.Sprintf("Ridders: error %.0e, error bar %.0e", entry.Error(), entry.RelativeBar()), At: max(low, entry.Error())},
			{At: check.Tolerance},
		},
	}
	if wrong {
		chart.Lines[0].Name = "gradient against (L(θ+δ) − L(θ−δ)) / 2δ"
		chart.Rules[1].Name = fmt.Sprintf("against Ridders: %.0e, error bar %.0e", entry.Error(), entry.RelativeBar())
		chart.About = fmt.Sprintf("At %s the error stays at %.2g.", entry.Name, entry.Error())
	}
	return chart
}
