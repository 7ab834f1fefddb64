package page

import (
	"fmt"
	"math"
	"slices"

	"lstm/check"
	"lstm/train/plot"
)

// upTo returns 0, 1, … n−1.
func upTo(n int) []float64 { return from(0, n) }

// from returns n numbers from a first one on.
func from(first, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(first + i)
	}
	return x
}

// column returns column k of a matrix with rows of n.
func column(a []float64, n, k int) []float64 {
	var x []float64
	for i := k; i < len(a); i += n {
		x = append(x, a[i])
	}
	return x
}

// entries are the figures of a check, whole and block by block.
func entries(results []check.Result) []figure {
	return []figure{
		{Caption: "Entry by entry, on axes that are logarithmic to both sides of 0. An error bar that does not show is shorter than its mark.", Figure: scatter(results)},
		{Caption: "The worst of each block. It is wrong if the error is right of the line, and not resolved if the error bar is.", Figure: worst(results)},
	}
}

// scatter draws what backpropagation says of each entry over what is measured.
func scatter(results []check.Result) *plot.Chart {
	right, wrong, open := plot.Points{Name: "right"}, plot.Points{Name: "wrong", Mark: plot.Cross}, plot.Points{Name: "not resolved", Mark: plot.Tick}
	var sizes []float64
	for _, r := range results {
		for _, e := range r.Entries {
			p := map[check.Verdict]*plot.Points{check.Right: &right, check.Wrong: &wrong, check.Unresolved: &open}[e.Verdict]
			p.X, p.Y, p.Bar = append(p.X, e.Numeric), append(p.Y, e.Analytic), append(p.Bar, e.Bar)
			sizes = append(sizes, max(math.Abs(e.Numeric), math.Abs(e.Analytic)))
		}
	}
	slices.Sort(sizes)
	n := len(sizes)
	linear := math.Pow(10, math.Floor(math.Log10(min(max(sizes[n/20], sizes[n-1]*1e-12), sizes[n-1]*1e-2)))) // nearly all lie beyond
	c := &plot.Chart{
		Title: "The gradient by backpropagation over the gradient as measured",
		About: fmt.Sprintf("%d entries, of which %d lie on the diagonal, %d off it, and %d have too wide an error bar. Both axes are logarithmic to both sides of zero.",
			n, len(right.X), len(wrong.X), len(open.X)),
		X: plot.Axis{Label: "measured", Sign: linear}, Y: plot.Axis{Label: "by backpropagation", Sign: linear},
		Rules:  []plot.Rule{{Name: "equal", Diagonal: true}},
		Square: true,
	}
	for _, p := range []plot.Points{right, wrong, open} {
		if len(p.X) > 0 || p.Name == "right" {
			c.Points = append(c.Points, p)
		}
	}
	return c
}

// worst draws, for each block, how much of what package check allows its worst entry takes: an
// error of the tolerance, relative to the entry, and the error bar; and a bar of the tolerance,
// relative to the largest entry of the block.
func worst(results []check.Result) *plot.Chart {
	const least = 1e-10
	off := plot.Points{Name: "largest error, of tolerance and error bar"}
	wide := plot.Points{Name: "widest error bar, of the tolerance", Mark: plot.Tick}
	c := &plot.Chart{
		Title: "The worst of each block",
		X:     plot.Axis{Label: "as a part of what is allowed", Log: true},
		Rules: []plot.Rule{{Name: "allowed", At: 1, Vertical: true}},
	}
	for i := len(results) - 1; i >= 0; i-- {
		largest := 0.0
		for _, e := range results[i].Entries {
			largest = max(largest, math.Abs(e.Analytic), math.Abs(e.Numeric)-e.Bar)
		}
		var worstOff, worstBar float64
		for _, e := range results[i].Entries {
			if d := math.Abs(e.Analytic - e.Numeric); d > 0 {
				worstOff = max(worstOff, d/(check.Tolerance*max(math.Abs(e.Analytic), math.Abs(e.Numeric))+e.Bar))
			}
			if e.Bar > 0 && largest > 0 {
				worstBar = max(worstBar, e.Bar/(check.Tolerance*largest))
			}
		}
		at := float64(len(c.Y.Names))
		c.Y.Names = append(c.Y.Names, results[i].Name)
		off.X, off.Y = append(off.X, max(least, worstOff)), append(off.Y, at)
		wide.X, wide.Y = append(wide.X, max(least, worstBar)), append(wide.Y, at)
		c.About += fmt.Sprintf("%s: error %.0e, bar %.0e of what is allowed. ", results[i].Name, worstOff, worstBar)
	}
	c.Points = []plot.Points{off, wide}
	return c
}

// errorScale is that of heat maps of relative errors: their powers of ten.
var errorScale = plot.Scale{Low: -16, High: 0, Names: [2]string{"10⁻¹⁶ or less", "1 or more"}}

// A grid is what was found of a matrix, entry by entry: how far it is off, NaN where that was not
// measured, and which entries are wrong, or not resolved.
type grid struct {
	off         [][]float64
	wrong, open [][]bool
}

func (g *grid) row() {
	g.off, g.wrong, g.open = append(g.off, nil), append(g.wrong, nil), append(g.open, nil)
}

func (g *grid) add(off float64, v check.Verdict) {
	n := len(g.off) - 1
	g.off[n] = append(g.off[n], off)
	g.wrong[n] = append(g.wrong[n], v == check.Wrong && !math.IsNaN(off))
	g.open[n] = append(g.open[n], v == check.Unresolved && !math.IsNaN(off))
}

// pooled returns a grid of up to so many rows and columns, of which each cell has the worst of
// by×by entries.
func (g grid) pooled(most int) (p grid, by int) {
	if by = (max(len(g.off), len(g.off[0])) + most - 1) / most; by == 1 {
		return g, 1
	}
	for i := 0; i < len(g.off); i += by {
		p.row()
		for j := 0; j < len(g.off[0]); j += by {
			worst, verdict := math.NaN(), check.Right
			for r := i; r < min(i+by, len(g.off)); r++ {
				for c := j; c < min(j+by, len(g.off[0])); c++ {
					if d := g.off[r][c]; !(d <= worst) && !math.IsNaN(d) {
						worst = d
					}
					switch {
					case g.wrong[r][c]:
						verdict = check.Wrong
					case g.open[r][c] && verdict == check.Right:
						verdict = check.Unresolved
					}
				}
			}
			p.add(worst, verdict)
		}
	}
	return p, by
}

// matrix is the figure of what was found of a weight matrix.
func matrix(name string, g grid) figure {
	n, wrong, open, most := 0, 0, 0, 0.0
	for i, row := range g.off {
		for j, v := range row {
			if !math.IsNaN(v) {
				n++
				most = max(most, v)
			}
			if g.wrong[i][j] {
				wrong++
			}
			if g.open[i][j] {
				open++
			}
		}
	}
	f := figure{Caption: "Of " + name + ", in the same way."}
	switch name {
	case "Wi":
		f.Caption = "How far each entry of Wi is off, relatively: a row for each input and then each unit that it comes from, a column for each unit that it goes to."
	case "Wy":
		f.Caption = "Of Wy: a row for each unit, a column for each output."
	}
	if n < len(g.off)*len(g.off[0]) {
		f.Caption += " Dotted: not measured."
	}
	if wrong > 0 {
		f.Caption += " Framed: wrong."
	}
	if open > 0 {
		f.Caption += " Struck through: the error bar is too wide to tell."
	}
	about := fmt.Sprintf("%d rows and %d columns, %d entries measured; %d are wrong, %d not resolved, and the largest error is %.0e.",
		len(g.off), len(g.off[0]), n, wrong, open, most)
	g, by := g.pooled(128)
	if by > 1 {
		f.Caption += fmt.Sprintf(" A cell is the worst of %d×%d entries.", by, by)
	}
	f.Figure = &plot.Stack{
		Title:  "The relative error of every entry of " + name,
		About:  about,
		Strips: []plot.Strip{{Label: name, Rows: logarithms(g.off), Edge: g.wrong, Slash: g.open, Dots: true}},
		Scale:  errorScale,
	}
	return f
}

// rms returns the root of the mean squared difference, where there is one.
func rms(a, b []float64) float64 {
	sum, n := 0.0, 0.0
	for i, v := range a {
		if d := v - b[i]; !math.IsNaN(d) {
			sum, n = sum+d*d, n+1
		}
	}
	return math.Sqrt(sum / max(n, 1))
}

// logarithms returns the powers of ten of a matrix of errors.
func logarithms(a [][]float64) [][]float64 {
	out := make([][]float64, len(a))
	for i, row := range a {
		for _, v := range row {
			if !math.IsNaN(v) {
				v = math.Log10(max(v, 1e-16))
			}
			out[i] = append(out[i], v)
		}
	}
	return out
}

// stays reports whether an entry is wrong, so that no step makes its error fall.
func stays(e check.Entry) bool { return e.Error() > check.Tolerance+e.RelativeBar() }

// bends returns the first of two steps whose errors are as their squares, −1 if there are none:
// where the error is that of the loss's curve, and not of its last digits.
func bends(at, off []float64) int {
	for i := range len(at) - 2 {
		square := (at[i] / at[i+2]) * (at[i] / at[i+2])
		if ratio := off[i] / off[i+2] / square; ratio > 0.9 && ratio < 1.1 {
			return i + 2
		}
	}
	return -1
}

// stepSizes draws the error of a plain difference over its step.
func stepSizes(at, off, rounding []float64, entry check.Entry) *plot.Chart {
	from := bends(at, off)
	truncation := make([]float64, len(at))
	for i, d := range at {
		if truncation[i] = math.NaN(); from >= 0 {
			truncation[i] = off[from] * (d / at[from]) * (d / at[from])
		}
	}
	low := min(1e-14, max(entry.Error(), 1e-16))
	clip := func(v []float64) []float64 {
		out := make([]float64, len(v))
		for i, x := range v {
			if out[i] = x; x < low || x > 10 {
				out[i] = math.NaN()
			}
		}
		return out
	}
	least := 0
	for i := range off {
		if off[i] < off[least] {
			least = i
		}
	}
	chart := &plot.Chart{
		Title: "The error of a plain difference, over its step",
		About: fmt.Sprintf("At %s the error is least, %.0e, with a step of %.0e, and grows below, as the loss's rounding error is divided by ever less. Ridders' method is off by %.0e.",
			entry.Name, off[least], at[least], entry.Error()),
		X: plot.Axis{Label: "step δ", Log: true}, Y: plot.Axis{Label: "relative error", Log: true},
		Lines: []plot.Line{
			{Name: "error of (L(θ+δ) − L(θ−δ)) / 2δ", X: at, Y: floor(off, low)},
			{Name: "∝ δ²", X: at, Y: clip(truncation)},
			{Name: "a rounding of the loss: ε|L|/δ|g|", X: at, Y: clip(rounding)},
		},
		Rules: []plot.Rule{
			{Name: "the script's δ (down) and tolerance (across)", At: 1e-5, Vertical: true},
			{Name: fmt.Sprintf("Ridders is off by %.0e, its error bar is %.0e", entry.Error(), entry.RelativeBar()), At: max(low, entry.Error())},
			{At: check.Tolerance},
		},
	}
	if stays(entry) || from < 0 {
		chart.Lines = slices.Delete(chart.Lines, 1, 2) // it does not fall with δ²
	}
	if stays(entry) {
		chart.Lines[0].Name = "backpropagation against (L(θ+δ) − L(θ−δ)) / 2δ"
		chart.Rules[1].Name = fmt.Sprintf("and against Ridders: %.0e, his error bar %.0e", entry.Error(), entry.RelativeBar())
		chart.About = fmt.Sprintf("At %s the error stays at %.2g.", entry.Name, entry.Error())
	}
	return chart
}

// floor raises what is below low, for a logarithmic axis.
func floor(v []float64, low float64) []float64 {
	out := make([]float64, len(v))
	for i, x := range v {
		out[i] = max(x, low)
	}
	return out
}
