// Package exhibitpage writes the page of an exhibit of the museum. Its panels compare a small network with the mistake
// and without it.
package exhibitpage

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"lstm/check"
	"lstm/check/mistake"
	"lstm/check/museum"
	"lstm/check/scalar"
	"lstm/train/checkplot"
	"lstm/train/file"
	"lstm/train/page"
	"lstm/train/page/panel"
	"lstm/train/plot"
	"lstm/train/plot/label"
	"lstm/train/series"
	"lstm/train/show"
	"lstm/train/walk"
	"lstm/train/walkplot"
)

// right is the exhibit without a mistake.
var right = &mistake.Exhibit{}

// Exhibit returns the page of an exhibit of the museum. The museum must know the name (museum.Known).
func Exhibit(name string) ([]byte, error) {
	c, err := museum.Look(name)
	if err != nil {
		return nil, err
	}
	p := &page.Page{
		Title:   c.Name + ": " + c.What,
		Lead:    "An exhibit of the museum of mistakes. The check is of a network where no mistake can hide: " + c.Point() + ".",
		Banners: []page.Banner{banner(c)},
		Mend:    &page.Mend{Title: "The wrong line and the right one", Lines: []page.Line{{Wrong: c.Wrong, Right: c.Right}}},
	}
	good, bad, shown := museum.Train(right), museum.Train(c.Exhibit), c.Exhibit
	if slices.Equal(good.Losses, bad.Losses) { // the mistake is in the check, which training does not use
		bad, shown = good, right
	}
	p.Panels = []page.Panel{learning(good, bad), fitted(shown, good, bad)}
	if c.Grad != nil { // the check is not refused
		if !c.OfChecker() {
			p.Panels, p.Style = append(p.Panels, walked(c)), walkplot.CSS
		}
		p.Panels = append(p.Panels, found(c), wrongStep(c, shown))
		if !c.OfChecker() {
			p.Panels = append(p.Panels, wrongWay(c))
		}
	}
	p.Panels = append(p.Panels, insideExhibit(c, shown, bad))
	return p.HTML(), nil
}

// walked walks through the backward pass, with the mistake.
func walked(c *museum.Case) page.Panel {
	return page.Panel{
		ID: "walk", Title: "The way back, step by step", Body: walkplot.HTML(walk.Museum(c)),
		Says: "Walk from right to left, as the gradient does.",
	}
}

// Write writes the page of an exhibit to a file.
func Write(name, exhibit string) error {
	html, err := Exhibit(exhibit)
	if err != nil {
		return err
	}
	return file.Write(name, html)
}

// roles has the role of the lines that compare a network with the mistake and without it.
var roles = map[string]plot.Role{"with the mistake": plot.Above, "without": plot.Within}

// banner says what a check of the gradient finds.
func banner(c *museum.Case) page.Banner {
	b := page.Banner{Asks: "Gradient with this mistake", Says: "Wrong", Class: page.Class(check.Wrong)}
	entries := "entries"
	switch {
	case c.Grad == nil:
		b.Says, b.Class, b.Notes = "Not judged", page.Class(check.Unresolved), []string{panel.Readable(c.Verdict())}
		return b
	case c.See != "":
		b.Says, b.Class, b.Notes = "Right for the loss as written", page.Class(check.Unresolved), []string{panel.Readable(c.Verdict())}
		return b
	case c.OfChecker():
		b.Says, b.Notes = "Right, and measured wrong", []string{panel.Readable(c.Verdict())}
		entries = "measured slopes"
	}
	wrong, all := 0, 0
	results := c.At.Results(c.Grad)
	for _, r := range results {
		wrong, all = wrong+len(r.With(check.Wrong)), all+len(r.Entries)
	}
	e := panel.Worst(results, check.Entry.Share)
	b.Scores = []page.Score{
		{Number: show.Thousands(wrong), Of: "of " + show.Thousands(all) + " " + entries + " are wrong"},
		{Number: label.Digits(e.Share(), 2), Of: "worst error ÷ allowed, at " + e.Name + "; 1 is the limit"},
	}
	return b
}

// small begins a sentence about training. Its network is not the one of the check.
func small(t *museum.Training) string {
	return fmt.Sprintf("Another small network (%s, %s) learns one sequence", show.Count(t.X, "input"), show.Count(t.T, "step"))
}

// learning shows the loss during training. If the mistake does not affect training, good and bad are the same.
func learning(good, bad *museum.Training) page.Panel {
	line := func(name string, t *museum.Training) plot.Line {
		return plot.Line{Name: name, Role: roles[name], X: panel.Count(0, len(t.Losses)), Y: t.Losses}
	}
	chart := &plot.Chart{
		Title: "The loss during training",
		X:     plot.Axis{Label: "step of gradient descent", Whole: true}, Y: plot.Axis{Label: "loss", Log: true},
		Lines: []plot.Line{line("with the mistake", bad), line("without", good)},
	}
	p := page.Panel{
		ID: "loss", Title: "Training with the mistake", Half: true, Figures: []page.Figure{{Figure: chart}},
		Says: small(good) + ", with the mistake and without it. ",
	}
	switch {
	case bad == good:
		p.Title, chart.Lines = "Training", []plot.Line{line("loss", good)}
		p.Says = small(good) + ". The mistake is in the check, so it does not affect training."
	case !slices.Equal(good.Target, bad.Target):
		baseline := 0.0
		for i, target := range bad.Target {
			d := bad.V[bad.In(i/bad.O, i%bad.O%bad.X)] - target
			baseline += d * d / float64(bad.O)
		}
		chart.Lines = chart.Lines[:1]
		p.Says = fmt.Sprintf("%s, with the mistake: the target is wrong. The curve looks normal. "+
			"Compare it with a baseline: if the output repeats the input of each step, the loss is %s.", small(good), label.Digits(baseline, 3))
	case panel.Last(bad.Losses) > bad.Losses[0]:
		p.Says += "With the mistake the loss climbs."
	default:
		p.Says += "A falling loss proves little: most wrong gradients still point downhill."
	}
	for _, l := range chart.Lines {
		chart.About += fmt.Sprintf("The line %q goes from %s to %s. ", l.Name, label.Digits(l.Y[0], 3), label.Digits(panel.Last(l.Y), 3))
	}
	return p
}

// fitted shows the outputs after training, with the mistake of an exhibit and without it.
func fitted(e *mistake.Exhibit, good, bad *museum.Training) page.Panel {
	draw := func(caption string, e *mistake.Exhibit, t *museum.Training) page.Figure {
		y, target, x := panel.Transpose(slices.Concat(e.Pass(t.Net, t.V, t.Target).Traces[0].Y...), t.O), panel.Transpose(t.Target, t.O), panel.Count(0, t.T)
		c := &plot.Chart{
			Title: strings.TrimSpace("Outputs and targets after training. " + caption),
			About: fmt.Sprintf("%s over %d steps.", show.Count(t.O, "output"), t.T), X: plot.Axis{Label: "step", Whole: true},
		}
		for o := range t.O {
			c.Lines = append(c.Lines, plot.Line{Name: fmt.Sprintf("output %d", o), Role: plot.Network, X: x, Y: y[o]}, plot.Line{Name: fmt.Sprintf("target %d", o), Role: plot.Target, X: x, Y: target[o]})
			c.About += fmt.Sprintf(" The root mean square error of output %d is %s.", o, label.Digits(series.RMS(y[o], target[o]), 2))
		}
		return page.Figure{Caption: caption, Figure: c}
	}
	p := page.Panel{ID: "output", Title: "Output and target", Half: true, Says: "The outputs after training, and their targets."}
	if bad == good {
		p.Figures = []page.Figure{draw("", e, good)}
	} else {
		p.Says = "The outputs after training with the mistake and without it, and their targets."
		p.Figures = []page.Figure{draw("With the mistake.", e, bad), draw("Without it.", right, good)}
	}
	return p
}

func insideExhibit(c *museum.Case, shown *mistake.Exhibit, t *museum.Training) page.Panel {
	tr := shown.Pass(t.Net, t.V, t.Target).Traces[0]
	var steps []panel.State
	for k, g := range tr.Gate {
		steps = append(steps, panel.State{g[0], g[1], g[2], g[3], tr.C[k+1], tr.H[k+1]})
	}
	in := panel.Cell{Steps: steps, Inputs: []plot.Strip{{Label: "x", Lines: panel.Transpose(t.V[t.In(0, 0):t.In(t.T, 0)], t.X)}}}
	p := panel.Inside(in)
	p.Says = "The network of the training above with the mistake. A mistake in the gradient hardly shows here."
	switch {
	case c.See != "":
		p.Says = "The network of the training above with the mistake. Nothing here looks wrong."
	case shown == right:
		p.Says = "The network of the training above. A mistake in the check does not show here."
	}
	return p
}

func found(c *museum.Case) page.Panel {
	results := c.At.Results(c.Grad)
	says := "Crosses and framed cells are wrong entries: there the gradient with the mistake differs from the measured slope. " +
		"Their pattern (all, some rows, one gate) is typical of the mistake."
	switch {
	case c.See != "":
		says = "All entries lie on the diagonal: the gradient is right for the loss as written. No gradient check can see this mistake."
	case c.OfChecker():
		says = "Crosses are entries where this check measures a wrong slope. The gradient is right, but a person who trusts this check looks for a mistake in it."
		for _, r := range results { // Grad holds the slopes that the check measures
			for k := range r.Entries {
				e := &r.Entries[k]
				e.Analytic, e.Numeric = e.Numeric, e.Analytic
			}
		}
	}
	return panel.Check(says, results, results, panel.Net{X: c.At.X, H: c.At.H, O: c.At.O, T: c.At.T})
}

// wrongStep tries many step sizes at the entry with the largest error. It judges the gradient with the
// mistake or, if the mistake is in the check, the right gradient.
func wrongStep(c *museum.Case, shown *mistake.Exhibit) page.Panel {
	worst := 0
	for i := range c.At.Params() {
		if c.At.Entry(c.Grad, i).Error() > c.At.Entry(c.Grad, worst).Error() {
			worst = i
		}
	}
	e, v := c.At.Entry(c.Grad, worst), slices.Clone(c.At.V)
	off := e.Error()
	if c.OfChecker() {
		e.Analytic, e.Verdict = right.Gradient(c.At.Net, v, c.At.Target)[worst], check.Right
	}
	p, chart := panel.Steps(func() float64 { return shown.Pass(c.At.Net, v, c.At.Target).Loss }, &v[worst], e)
	switch {
	case c.OfChecker():
		x := chart.Lines[0].X
		chart.Lines = append(chart.Lines, plot.Line{Name: "this check", Role: plot.Above, X: []float64{x[0], panel.Last(x)}, Y: []float64{off, off}})
		p.Says = fmt.Sprintf("At %s the gradient is %s, and this check measures %s. The curve is the error of a plain difference of the right loss. "+
			"If the line of this check meets the curve, the step size explains the error. If the line lies far above, the check measures another loss.", e.Name, label.Digits(e.Analytic, 4), label.Digits(c.Grad[worst], 4))
	case e.Verdict == check.Wrong:
		p.Title = "No step size makes it right"
	default:
		p.Says = fmt.Sprintf("At %s the gradient is %s, and the measured slope is %s. The gradient is right: the error of a plain difference falls with δ² until rounding takes over.",
			e.Name, label.Digits(e.Analytic, 4), label.Digits(e.Numeric, 4))
	}
	return p
}

// wrongWay shows dz on its way back, with the mistake and without.
func wrongWay(c *museum.Case) page.Panel {
	n, x := c.At.Net, panel.Count(0, c.At.T)
	bad, good := norms(n, c.Grad), norms(n, right.Gradient(n, c.At.V, c.At.Target))
	with, without := shares(c, c.Exhibit), shares(c, right)
	largest := panel.Greatest(0, slices.Concat(with, without))
	where := "Error ÷ allowed of dz: a row for each unit, a column for each step."
	if d := c.Diagnosis; d.Step >= 0 {
		where += " The first wrong dz on the way back: " + d.Where() + "."
	}
	p := page.Panel{
		ID: "back", Title: "The gradient's way back",
		Says: "Read from right to left. The mistake is at the first wrong dz, and earlier steps inherit its error. If every dz is right, a sum over the steps is wrong.",
		Figures: []page.Figure{
			{Caption: "The norm of dz at each step, with the mistake and without it.", Figure: &plot.Chart{
				Title: "The norm of dz over the steps",
				About: fmt.Sprintf("With the mistake it goes from %s at the last step to %s at the first; without it, from %s to %s.", label.Digits(panel.Last(bad), 2), label.Digits(bad[0], 2), label.Digits(panel.Last(good), 2), label.Digits(good[0], 2)),
				X:     plot.Axis{Label: "step", Whole: true}, Y: plot.Axis{Label: "‖dzₜ‖", Log: true},
				Lines: []plot.Line{{Name: "with the mistake", Role: plot.Above, X: x, Y: bad}, {Name: "without", Role: plot.Within, X: x, Y: good}},
			}},
			{Caption: where, Figure: wrongDZ(c)},
			{Caption: "The norm of dz at step τ (across) for the loss of step t (down), with the mistake and without it.", Figure: &plot.Stack{
				Title:  "The share of each step's loss in each dz",
				About:  fmt.Sprintf("The last step's loss at the first dz, relative to the largest share: %s with the mistake, %s without.", label.Digits(panel.Last(with)[0]/largest, 1), label.Digits(panel.Last(without)[0]/largest, 1)),
				Strips: []plot.Strip{{Label: "with", Rows: panel.Powers(with, largest), Tall: 24}, {Label: "without", Rows: panel.Powers(without, largest), Tall: 24}},
				XLabel: "τ", Scale: plot.Scale{Low: -4, High: 0, Names: [2]string{"10⁻⁴ or less", "the largest"}, Role: plot.Backward},
			}},
		},
	}
	if c.See != "" {
		p.Says = "Every dz is right for the loss as written."
	}
	return p
}

// norms returns ‖dz_t‖ for each step.
func norms(n scalar.Net, grad []float64) (all []float64) {
	for t := range n.T {
		sum := 0.0
		for _, d := range grad[n.Z(t, 0, 0):n.Z(t+1, 0, 0)] {
			sum += d * d
		}
		all = append(all, math.Sqrt(sum))
	}
	return all
}

// wrongDZ draws error ÷ allowed of dz: a tile for each gate.
func wrongDZ(c *museum.Case) *plot.Tiles {
	n := c.At.Net
	var all []checkplot.Matrix
	for gate, name := range []string{"dz of i", "dz of f", "dz of o", "dz of g"} {
		m := checkplot.Matrix{Name: name, Cols: n.T, Break: gate == 2, Col: func(t int) string { return fmt.Sprint(t) }, Row: func(j int) string { return fmt.Sprint(j) }}
		for j := range n.H {
			for t := range n.T {
				m.Entries = append(m.Entries, c.At.Entry(c.Grad, n.Z(t, gate, j)))
			}
		}
		all = append(all, m)
	}
	t, _ := checkplot.Map("Error ÷ allowed of dz over the steps, for the units of each gate", check.Entry.Share, all...)
	return t
}

// shares returns a matrix (T,T): entry (t, τ) is the norm of dz at step τ for the loss of step t alone.
func shares(c *museum.Case, e *mistake.Exhibit) [][]float64 {
	rows := make([][]float64, c.At.T)
	for t := range rows {
		n := c.At.Net
		n.T = t + 1
		v := append(slices.Clone(c.At.V[:n.In(n.T, 0)]), make([]float64, n.Len()-n.Z(0, 0, 0))...)
		rows[t] = append(norms(n, e.Gradient(n, v, c.At.Target[t*n.O:(t+1)*n.O])), make([]float64, c.At.T-n.T)...)
	}
	return rows
}
