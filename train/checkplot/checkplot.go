// Package checkplot draws what package check finds: every entry of a gradient, the worst entry of
// each block, a weight matrix as a heat map, and the error of a plain difference over its step size.
package checkplot

import (
	"fmt"
	"math"
	"slices"

	"lstm/check"
	"lstm/train/plot"
)

// Scatter draws each entry: the gradient by backpropagation over the measured gradient.
func Scatter(results []check.Result) *plot.Chart {
	points := [...]plot.Points{
		check.Right: {Name: "right"}, check.Wrong: {Name: "wrong", Mark: plot.Cross}, check.Unresolved: {Name: "unresolved", Mark: plot.Tick},
	}
	var sizes []float64
	for _, r := range results {
		for _, e := range r.Entries {
			p := &points[e.Verdict]
			p.X, p.Y, p.Bar = append(p.X, e.Numeric), append(p.Y, e.Analytic), append(p.Bar, e.Bar)
			sizes = append(sizes, max(math.Abs(e.Numeric), math.Abs(e.Analytic)))
		}
	}
	slices.Sort(sizes)
	n := len(sizes)
	// The axes are linear below this power of ten. 95% of the entries are larger.
	linear := math.Pow(10, math.Floor(math.Log10(min(max(sizes[n/20], sizes[n-1]*1e-12), sizes[n-1]*1e-2))))
	c := &plot.Chart{
		Title: "The gradient by backpropagation over the measured gradient",
		About: fmt.Sprintf("%d entries: %d right, on the diagonal; %d wrong; %d unresolved. Both axes are logarithmic on both sides of 0.",
			n, len(points[check.Right].X), len(points[check.Wrong].X), len(points[check.Unresolved].X)),
		X: plot.Axis{Label: "measured", Sign: linear}, Y: plot.Axis{Label: "by backpropagation", Sign: linear},
		Rules:  []plot.Rule{{Name: "equal", Diagonal: true}},
		Square: true,
	}
	for v, p := range points {
		if len(p.X) > 0 || check.Verdict(v) == check.Right {
			c.Points = append(c.Points, p)
		}
	}
	return c
}

// Worst draws, for each block, the largest error and the widest error bar, each divided by its limit.
// The limit of an error is check.Tolerance of the entry plus the error bar. The limit of an error bar
// is check.Tolerance of the largest entry of the block.
func Worst(results []check.Result) *plot.Chart {
	const least = 1e-10
	off := plot.Points{Name: "error ÷ allowed"}
	wide := plot.Points{Name: "error bar ÷ allowed", Mark: plot.Tick}
	c := &plot.Chart{
		Title: "The worst entry of each block",
		X:     plot.Axis{Label: "relative to the allowed value", Log: true},
		Rules: []plot.Rule{{Name: "allowed", At: 1, Vertical: true}},
	}
	for _, r := range slices.Backward(results) {
		var largest, worstOff, worstBar float64
		for _, e := range r.Entries {
			largest = max(largest, math.Abs(e.Analytic), math.Abs(e.Numeric)-e.Bar)
			if d := math.Abs(e.Analytic - e.Numeric); d > 0 {
				worstOff = max(worstOff, d/(check.Tolerance*max(math.Abs(e.Analytic), math.Abs(e.Numeric))+e.Bar))
			}
			worstBar = max(worstBar, e.Bar)
		}
		if worstBar /= check.Tolerance * largest; largest == 0 {
			worstBar = 0
		}
		at := float64(len(c.Y.Names))
		c.Y.Names = append(c.Y.Names, r.Name)
		off.X, off.Y = append(off.X, max(least, worstOff)), append(off.Y, at)
		wide.X, wide.Y = append(wide.X, max(least, worstBar)), append(wide.Y, at)
		c.About += fmt.Sprintf("%s: error ÷ allowed %.0e, error bar ÷ allowed %.0e. ", r.Name, worstOff, worstBar)
	}
	c.Points = []plot.Points{off, wide}
	return c
}

// Missing is an entry that was not measured. Its error is NaN.
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

// Matrix draws the errors of a matrix with cols columns, and returns a legend in words. A matrix of
// more than 128 rows or columns is drawn in blocks of entries, each as its worst entry.
func Matrix(name string, entries []check.Entry, cols int) (s *plot.Stack, legend string) {
	var of [3]int // entries with each verdict
	largest := 0.0
	for _, e := range entries {
		if !math.IsNaN(e.Error()) {
			of[e.Verdict]++
			largest = max(largest, e.Error())
		}
	}
	measured := of[check.Right] + of[check.Wrong] + of[check.Unresolved]
	rows, by := pool(slices.Collect(slices.Chunk(entries, cols)), 128)
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
	return &plot.Stack{
		Title: "The relative error of every entry of " + name,
		About: fmt.Sprintf("%d rows and %d columns. %d entries are measured; %d are wrong and %d unresolved. The largest error is %.0e.",
			len(entries)/cols, cols, measured, of[check.Wrong], of[check.Unresolved], largest),
		Strips: []plot.Strip{Errors(name, rows)}, Scale: Scale,
	}, legend
}

// pool reduces a matrix to at most the given number of rows and columns. Each entry of the result is
// the worst of by×by entries.
func pool(rows [][]check.Entry, most int) (pooled [][]check.Entry, by int) {
	by = (max(len(rows), len(rows[0])) + most - 1) / most
	for band := range slices.Chunk(rows, by) {
		var row []check.Entry
		for j := 0; j < len(rows[0]); j += by {
			worst := Missing
			for _, r := range band {
				for _, e := range r[j:min(j+by, len(r))] {
					if worse(e, worst) {
						worst = e
					}
				}
			}
			row = append(row, worst)
		}
		pooled = append(pooled, row)
	}
	return pooled, by
}

// worse reports whether e is worse than f: by its verdict, then by its error.
func worse(e, f check.Entry) bool {
	rank := [...]int{check.Right: 0, check.Unresolved: 1, check.Wrong: 2}
	if a, b := rank[e.Verdict], rank[f.Verdict]; a != b {
		return a > b
	}
	return e.Error() > f.Error() || math.IsNaN(f.Error())
}
