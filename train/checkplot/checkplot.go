// Package checkplot draws the results of package check: error ÷ allowed of every entry, a gradient over the measured one,
// the loss over one weight with the slope of backpropagation and the measured chord, and the error of a plain difference
// over its step size.
package checkplot

import (
	"fmt"
	"math"
	"slices"

	"lstm/check"
	"lstm/train/plot"
	"lstm/train/plot/label"
	"lstm/train/show"
)

// Missing stands for an entry that was not measured.
var Missing = check.Entry{Numeric: math.NaN()}

// A Matrix is the entries of a parameter, row by row, with names for a figure.
type Matrix struct {
	Name    string             // above the matrix
	Entries []check.Entry      // row by row
	Cols    int                // entries of a row
	Row     func(i int) string // the name of a row; nil: rows have no names
	Col     func(i int) string // the name of a column; nil: columns have no names
	Break   bool               // it begins a new row of tiles
}

const (
	most     = 64   // rows or columns of a tile
	mostTips = 3000 // cells that tell their numbers
)

// Map draws error ÷ allowed, which share returns, of every entry of some matrices: blue within what is allowed, orange
// above. It returns a note on cells that stand for several entries, or "".
func Map(title string, share func(e check.Entry) float64, all ...Matrix) (t *plot.Tiles, note string) {
	t = &plot.Tiles{Title: title}
	largest, cells := 1, 0
	for _, m := range all {
		rows, by := pool(slices.Collect(slices.Chunk(m.Entries, m.Cols)), share)
		tile := plot.Tile{Name: m.Name, Break: m.Break, Rows: every(m.Row, len(rows), by), Cols: every(m.Col, len(rows[0]), by)}
		for _, row := range rows {
			s, open := make([]float64, len(row)), make([]bool, len(row))
			for k, e := range row {
				if s[k] = math.NaN(); !math.IsNaN(e.Numeric) {
					s[k], open[k] = share(e), e.Verdict == check.Unresolved
				}
			}
			tile.Share, tile.Open = append(tile.Share, s), append(tile.Open, open)
		}
		if cells += len(rows) * len(rows[0]); cells <= mostTips {
			for _, e := range slices.Concat(rows...) {
				tile.Tips = append(tile.Tips, tip(e, share))
			}
		}
		t.Tiles = append(t.Tiles, tile)
		t.About += describe(m, share)
		largest = max(largest, by)
	}
	if largest > 1 {
		note = fmt.Sprintf("A cell shows the worst of up to %d×%d entries.", largest, largest)
	}
	return t, note
}

// tip tells the numbers of an entry.
func tip(e check.Entry, share func(e check.Entry) float64) string {
	if math.IsNaN(e.Numeric) {
		return ""
	}
	verdict := [...]string{check.Right: "right", check.Wrong: "wrong", check.Unresolved: "not proven"}[e.Verdict]
	return fmt.Sprintf("%s: %s, should be %s ± %s. Error ÷ allowed %s: %s.",
		e.Name, label.Digits(e.Analytic, 6), label.Digits(e.Numeric, 6), label.Digits(e.Bar, 1), label.Rough(share(e)), verdict)
}

// every returns the names of every by-th row or column.
func every(name func(i int) string, n, by int) (all []string) {
	for i := 0; i < n && name != nil; i++ {
		all = append(all, name(i*by))
	}
	return all
}

// describe says how many entries of a matrix are wrong.
func describe(m Matrix, share func(e check.Entry) float64) string {
	var of [3]int // the number of entries with each verdict
	largest := 0.0
	for _, e := range m.Entries {
		if !math.IsNaN(e.Numeric) {
			of[e.Verdict]++
			largest = max(largest, share(e))
		}
	}
	text := fmt.Sprintf("%s: %s of %s entries are measured", m.Name, show.Thousands(of[0]+of[1]+of[2]), show.Thousands(len(m.Entries)))
	if of[check.Wrong] > 0 {
		text += fmt.Sprintf(", %s wrong", show.Thousands(of[check.Wrong]))
	}
	if of[check.Unresolved] > 0 {
		text += fmt.Sprintf(", %s not proven", show.Thousands(of[check.Unresolved]))
	}
	if math.IsInf(largest, 1) {
		return text + "; one is not a number. "
	}
	return text + fmt.Sprintf("; the largest error ÷ allowed is %s. ", label.Number(largest))
}

// pool reduces a matrix to a tile. Each entry of the result is the worst of by×by entries. It compares verdicts first,
// then error ÷ allowed.
func pool(rows [][]check.Entry, share func(e check.Entry) float64) (pooled [][]check.Entry, by int) {
	by = (max(len(rows), len(rows[0])) + most - 1) / most
	if len(rows) <= 8 { // a strip of steps has room for more
		by = (len(rows[0]) + 4*most - 1) / (4 * most)
	}
	rank := [...]int{check.Right: 0, check.Unresolved: 1, check.Wrong: 2}
	for band := range slices.Chunk(rows, by) {
		row := slices.Repeat([]check.Entry{Missing}, (len(rows[0])+by-1)/by)
		for _, r := range band {
			for j, e := range r {
				worst := &row[j/by]
				switch more := rank[e.Verdict] - rank[worst.Verdict]; {
				case math.IsNaN(e.Numeric):
				case more > 0, more == 0 && (math.IsNaN(worst.Numeric) || share(e) > share(*worst)):
					*worst = e
				}
			}
		}
		pooled = append(pooled, row)
	}
	return pooled, by
}

// Scatter draws a point for each entry: the gradient by backpropagation over the measured gradient.
func Scatter(results []check.Result) *plot.Chart {
	lines := []plot.Line{
		check.Right: {Name: "right", Mark: plot.Ring, Role: plot.Within}, check.Wrong: {Name: "wrong", Mark: plot.Cross, Role: plot.Above},
		check.Unresolved: {Name: "not proven", Mark: plot.Tick, Role: plot.Unknown},
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
		About: fmt.Sprintf("%d entries: %d right, on the diagonal; %d wrong; %d not proven. Both axes are logarithmic on both sides of 0.",
			n, len(lines[check.Right].X), len(lines[check.Wrong].X), len(lines[check.Unresolved].X)),
		X: plot.Axis{Label: "measured", Sign: linear}, Y: plot.Axis{Label: "by backpropagation", Sign: linear},
		Lines: slices.DeleteFunc(lines, func(l plot.Line) bool { return len(l.X) == 0 && l.Mark != plot.Ring }),
		Rules: []plot.Rule{{Role: plot.Target, Diagonal: true}}, Square: true,
	}
}

// Slope draws a loss over one weight: loss[k] at θ + off[k]. Through the loss at θ goes the tangent with the slope of
// backpropagation, and beside it the chord between θ − δ and θ + δ. off is symmetric, its middle is 0, and δ is off[at].
func Slope(off, loss []float64, at int, e check.Entry) *plot.Chart {
	middle, delta := len(off)/2, off[at]
	left, right := loss[len(loss)-1-at], loss[at]
	chord := (right - left) / (2 * delta)
	straight := func(through, slope float64) (y []float64) {
		for _, x := range off {
			y = append(y, through+slope*x)
		}
		return y
	}
	tangent := e.Analytic
	if math.IsNaN(tangent) || math.IsInf(tangent, 0) {
		tangent = math.NaN()
	}
	return &plot.Chart{
		Title: "The loss over the weight " + e.Name,
		About: fmt.Sprintf("The loss is %s at the weight. The tangent by backpropagation has the slope %s. The chord over ±%s has the slope %s; the measured slope is %s.",
			label.Number(loss[middle]), label.Number(e.Analytic), label.Number(delta), label.Number(chord), label.Number(e.Numeric)),
		X: plot.Axis{Label: "change of " + e.Name}, Y: plot.Axis{Label: "loss"},
		Lines: []plot.Line{
			{Name: "loss", Role: plot.Network, X: off, Y: loss},
			{Name: "backpropagation", Role: plot.Backward, X: off, Y: straight(loss[middle], tangent)},
			{Name: "chord", Role: plot.Measured, X: off, Y: straight((left+right)/2, chord)},
		},
		Dots: []plot.Dot{{Role: plot.Measured, X: -delta, Y: left, Name: "−δ"}, {Role: plot.Measured, X: delta, Y: right, Name: "+δ"}},
	}
}

// StepSizes draws the error of a plain difference over its step size. at, off and rounding are the
// results of check.Steps for the entry.
func StepSizes(at, off, rounding []float64, entry check.Entry) *plot.Chart {
	low := min(1e-14, max(entry.Error(), 1e-16))
	line := func(name string, role plot.Role, f func(i int) float64) plot.Line {
		y := make([]float64, len(at))
		for i := range at {
			if y[i] = f(i); y[i] < low || y[i] > 10 {
				y[i] = math.NaN()
			}
		}
		slices.Reverse(y)
		x := slices.Clone(at)
		slices.Reverse(x)
		return plot.Line{Name: name, Role: role, X: x, Y: y}
	}
	least, wrong := 0, entry.Verdict == check.Wrong
	for i, v := range off {
		if v < off[least] {
			least = i
		}
	}
	lines := []plot.Line{line("plain difference", plot.Measured, func(i int) float64 { return max(off[i], low) })}
	for k := 2; k < len(at) && !wrong; k++ {
		// Where the error is proportional to δ², it comes from the curvature of the loss.
		if ratio := off[k-2] / off[k] / ((at[k-2] / at[k]) * (at[k-2] / at[k])); ratio > 0.9 && ratio < 1.1 {
			lines = append(lines, line("curvature, ∝ δ²", plot.Baseline, func(i int) float64 { return off[k] * (at[i] / at[k]) * (at[i] / at[k]) }))
			break
		}
	}
	chart := &plot.Chart{
		Title: "The error of a plain difference over its step size",
		About: fmt.Sprintf("At %s the error is smallest, %s, at step size %s. A smaller step divides the rounding error of the loss by a smaller number. Ridders' method is off by %s.",
			entry.Name, label.Number(off[least]), label.Number(at[least]), label.Number(entry.Error())),
		X: plot.Axis{Label: "step size δ", Log: true}, Y: plot.Axis{Label: "error, relative to the slope", Log: true},
		Lines: append(lines, line("rounding, ∝ 1/δ", plot.Unknown, func(i int) float64 { return rounding[i] })),
		Rules: []plot.Rule{
			{Name: "the usual δ, 10⁻⁵", At: 1e-5, Vertical: true, Role: plot.Target},
			{Name: "Ridders", At: max(low, entry.Error()), Role: plot.Within},
			{Name: "allowed, 10⁻⁷", At: check.Tolerance},
		},
	}
	if wrong {
		chart.Rules[1].Name, chart.Rules[1].Role = "this gradient", plot.Above
		chart.About = fmt.Sprintf("At %s the error stays at %s.", entry.Name, label.Number(entry.Error()))
	}
	return chart
}
