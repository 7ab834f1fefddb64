package page

import (
	"fmt"
	"slices"
	"strings"

	"lstm/check"
	"lstm/check/museum"
	"lstm/check/scalar"
	"lstm/train/checkplot"
	"lstm/train/file"
	"lstm/train/plot"
	"lstm/train/series"
	"lstm/train/show"
)

// Exhibit returns the page of an exhibit of the museum. The name must be museum.Known.
func Exhibit(name string) ([]byte, error) {
	c, err := museum.Look(name)
	if err != nil {
		return nil, err
	}
	p := &content{
		Title: c.Name + ": " + c.What,
		Lead:  "An exhibit of the museum of mistakes, at a fair point: " + c.Point() + ".",
		Wrong: c.Wrong, Line: c.Right, Class: classes[check.Wrong], Verdict: c.Verdict(),
	}
	if c.Refused != nil {
		p.Class = classes[check.Unresolved]
	}
	right := &museum.Exhibit{}
	good, bad := right.Train(), c.Train()
	var results []check.Result // none if the check is refused
	if c.Grad != nil {
		results = c.At.Results(c.Grad)
	}
	shown := c.Exhibit
	if c.OfChecker() { // Gradient is what the check measures, and training does not use it
		bad, shown = good, right
		for _, r := range results {
			for k := range r.Entries {
				e := &r.Entries[k]
				e.Analytic, e.Numeric = e.Numeric, e.Analytic
			}
		}
	}
	p.Panels = []panel{learning(good, bad), fitted(shown, good, bad), insideExhibit(shown, bad, same(good, bad))}
	if results != nil {
		p.Panels = append(p.Panels, found(c, results), wrongStep(c))
		if !c.OfChecker() {
			p.Panels = append(p.Panels, wrongWay(c))
		}
	}
	return p.html(), nil
}

// WriteExhibit writes the page of an exhibit to a file.
func WriteExhibit(name, exhibit string) error {
	html, err := Exhibit(exhibit)
	if err != nil {
		return err
	}
	return file.Write(name, html)
}

// same reports whether the mistake leaves training as it is.
func same(good, bad *museum.Training) bool { return slices.Equal(good.Losses, bad.Losses) }

func learning(good, bad *museum.Training) panel {
	line := func(name string, t *museum.Training) plot.Line {
		return plot.Line{Name: name, X: count(0, len(t.Losses)), Y: t.Losses}
	}
	chart := &plot.Chart{
		Title: "The loss during training",
		X:     plot.Axis{Label: "step of gradient descent", Whole: true}, Y: plot.Axis{Label: "loss", Log: true},
		Lines: []plot.Line{line("with the mistake", bad), line("without", good)},
	}
	p := panel{
		ID: "loss", Title: "Training with it", Figures: []figure{{Figure: chart}},
		Says: "A small network is fitted to one sequence, with the mistake and without it. ",
	}
	switch {
	case same(good, bad):
		p.Title, chart.Lines = "Training", []plot.Line{line("loss", good)}
		p.Says = "A small network is fitted to one sequence. The mistake is in the check, so it does not affect training."
	case !slices.Equal(good.Target, bad.Target):
		chart.Lines = chart.Lines[:1]
		p.Says = fmt.Sprintf("A small network is fitted to one sequence, with the mistake: the target is wrong. The curve looks normal; "+
			"compare it with a baseline: repeating the input of each step has a loss of %.3g.", repeated(bad))
	case last(bad.Losses) > bad.Losses[0]:
		p.Says += "With the mistake the loss climbs."
	default:
		p.Says += "A falling loss proves little: most wrong gradients still point downhill."
	}
	for _, l := range chart.Lines {
		chart.About += fmt.Sprintf("The line %q goes from %.3g to %.3g. ", l.Name, l.Y[0], last(l.Y))
	}
	return p
}

// repeated returns the loss of repeating the input of each step.
func repeated(t *museum.Training) (loss float64) {
	for i, target := range t.Target {
		step, o := i/t.O, i%t.O
		d := t.V[t.In(step, o%t.X)] - target
		loss += d * d / float64(t.O)
	}
	return loss
}

// fitted shows the outputs after training with an exhibit and without.
func fitted(e *museum.Exhibit, good, bad *museum.Training) panel {
	draw := func(caption string, e *museum.Exhibit, t *museum.Training) figure {
		all := slices.Concat(e.Forward(t.Net, t.V, t.Target).Y...)
		c := &plot.Chart{
			Title: strings.TrimSpace("Outputs and targets after training. " + caption),
			About: fmt.Sprintf("%s over %d steps.", show.Count(t.O, "output"), t.T),
			X:     plot.Axis{Label: "step", Whole: true},
		}
		for o := range t.O {
			y, target, x := column(all, t.O, o), column(t.Target, t.O, o), count(0, t.T)
			c.Lines = append(c.Lines, plot.Line{Name: fmt.Sprintf("output %d", o), X: x, Y: y}, plot.Line{Name: fmt.Sprintf("target %d", o), X: x, Y: target})
			c.About += fmt.Sprintf(" The root mean square error of output %d is %.2g.", o, series.RMS(y, target))
		}
		return figure{caption, c}
	}
	if same(good, bad) {
		return panel{ID: "output", Title: "Output and target", Says: "The outputs after training, and their targets.", Figures: []figure{draw("", e, good)}}
	}
	return panel{
		ID: "output", Title: "Output and target", Says: "The outputs after training with the mistake and without it, and their targets.",
		Figures: []figure{draw("With the mistake.", e, bad), draw("Without it.", &museum.Exhibit{}, good)},
	}
}

func insideExhibit(e *museum.Exhibit, t *museum.Training, same bool) panel {
	tr := e.Forward(t.Net, t.V, t.Target)
	rows := trace{4: transpose(slices.Concat(tr.C[1:]...), t.H), 5: transpose(slices.Concat(tr.H[1:]...), t.H)}
	for gate := range 4 {
		var all []float64
		for step := range t.T {
			all = append(all, tr.Gate[step][gate]...)
		}
		rows[gate] = transpose(all, t.H)
	}
	x := plot.Strip{Label: "x", Lines: transpose(t.V[t.In(0, 0):t.In(t.T, 0)], t.X)}
	p := inside(x, nil, 0, rows)
	p.Says = "The same network after training with the mistake. A mistake in the gradient hardly shows here."
	switch {
	case e.See != "":
		p.Says = "The same network after training with the mistake. Nothing here looks wrong."
	case same:
		p.Says = "The same network after training. A mistake in the check does not show here."
	}
	return p
}

func found(c *museum.Case, results []check.Result) panel {
	says := "Crosses are wrong entries: the gradient with the mistake differs from the measured slope. " +
		"The matrices frame them; their pattern (all, some rows, one gate) is the fingerprint of the mistake."
	if c.OfChecker() {
		says = "Crosses are entries whose slope the check measures wrong; the gradient is right. A person who trusts this check looks for a mistake in the gradient."
	}
	if c.See != "" {
		says = "All entries lie on the diagonal: the gradient is right for the loss as written. No gradient check can see this mistake."
	}
	return checkPanel(says, results, func(k int) (string, []check.Entry, int) {
		return results[k].Name, results[k].Entries, c.At.Blocks()[k].Cols
	})
}

// wrongStep tries many step sizes at the entry with the largest error. It judges the gradient with the
// mistake or, if the mistake is in the check, the right gradient.
func wrongStep(c *museum.Case) panel {
	n, v := c.At.Net, slices.Clone(c.At.V)
	worst := 0
	for i := range n.Params() {
		if c.At.Entry(c.Grad, i).Error() > c.At.Entry(c.Grad, worst).Error() {
			worst = i
		}
	}
	e, forward, off := c.At.Entry(c.Grad, worst), c.Forward, c.At.Entry(c.Grad, worst).Error()
	if c.OfChecker() {
		e.Analytic, e.Verdict = rightGradient(n, c.At.V, c.At.Target)[worst], check.Right
		forward = (&museum.Exhibit{}).Forward
	}
	loss := func() float64 { return forward(n, v, c.At.Target).Loss }
	at, errors, rounding := check.Steps(loss, &v[worst], e.Analytic)
	p := stepPanel(at, errors, rounding, e)
	switch {
	case c.OfChecker():
		chart := p.Figures[0].Figure.(*plot.Chart)
		chart.Lines = append(chart.Lines, plot.Line{Name: fmt.Sprintf("this check: error %.0e", off), X: []float64{at[0], last(at)}, Y: []float64{off, off}})
		p.Says = fmt.Sprintf("At %s the gradient is %.4g, and this check measures %.4g. The curve is the error of a plain difference of the right loss: "+
			"where the line of this check meets the curve, the step size explains its error; far above, the check measures another loss.", e.Name, e.Analytic, c.Grad[worst])
	case e.Verdict == check.Wrong:
		p.Title = "No step size makes it right"
	default:
		p.Says = fmt.Sprintf("At %s the gradient is %.4g, and %.4g as measured. It is right: the error of a plain difference falls with δ² until rounding takes over.",
			e.Name, e.Analytic, e.Numeric)
	}
	return p
}

func rightGradient(n scalar.Net, v, target []float64) []float64 {
	_, grad := scalar.Backward(n, v, target)
	return grad
}

// wrongWay shows dz on its way back, with the mistake and without.
func wrongWay(c *museum.Case) panel {
	n := c.At.Net
	bad, good := norms(n, c.Grad), norms(n, rightGradient(n, c.At.V, c.At.Target))
	where := "The errors of dz, a row for each unit. Framed: wrong."
	if d := c.Diagnosis; d.Step >= 0 {
		where += " The first on the way back: " + d.Where() + "."
	}
	p := panel{
		ID: "back", Title: "The gradient's way back",
		Says: "Read from right to left. The first wrong dz is the place of the mistake, and earlier steps inherit its error. If every dz is right, a sum over the steps is wrong.",
		Figures: []figure{
			{Caption: "The norm of dz at each step, with the mistake and without it.", Figure: &plot.Chart{
				Title: "The norm of dz over the steps",
				About: fmt.Sprintf("With the mistake from %.2g at the last step to %.2g at the first; without it from %.2g to %.2g.", last(bad), bad[0], last(good), good[0]),
				X:     plot.Axis{Label: "step", Whole: true}, Y: plot.Axis{Label: "‖dz_t‖", Log: true},
				Lines: []plot.Line{{Name: "with the mistake", X: count(0, n.T), Y: bad}, {Name: "without", X: count(0, n.T), Y: good}},
			}},
			{Caption: where, Figure: wrongDZ(c)},
			{Caption: "The norm of dz at step τ (across) for the loss of step t (down), with the mistake and without it.", Figure: compared(shares(c, c.Gradient), shares(c, rightGradient))},
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
		all = append(all, norm(grad[n.Z(t, 0, 0):n.Z(t+1, 0, 0)]))
	}
	return all
}

// wrongDZ draws the error of dz: a strip for each gate.
func wrongDZ(c *museum.Case) *plot.Stack {
	n := c.At.Net
	s := &plot.Stack{Title: "The relative error of dz over the steps, for the units of each gate", XLabel: "step", Scale: checkplot.Scale}
	for gate, label := range []string{"i", "f", "o", "g"} {
		rows, wrong := make([][]check.Entry, n.H), 0
		for j := range rows {
			for t := range n.T {
				e := c.At.Entry(c.Grad, n.Z(t, gate, j))
				if rows[j] = append(rows[j], e); e.Verdict == check.Wrong {
					wrong++
				}
			}
		}
		s.Strips = append(s.Strips, checkplot.Errors(label, rows))
		s.About += fmt.Sprintf("Gate %s: %d of %d are wrong. ", label, wrong, n.H*n.T)
	}
	return s
}

// shares returns (T,T) the norm of dz at step τ for the loss of step t alone.
func shares(c *museum.Case, grad func(n scalar.Net, v, target []float64) []float64) (rows [][]float64) {
	for t := range c.At.T {
		n := c.At.Net
		n.T = t + 1
		v := append(slices.Clone(c.At.V[:n.In(n.T, 0)]), make([]float64, n.Len()-n.Z(0, 0, 0))...)
		row := norms(n, grad(n, v, c.At.Target[t*n.O:(t+1)*n.O]))
		rows = append(rows, append(row, make([]float64, c.At.T-n.T)...))
	}
	return rows
}

// compared draws the shares with the mistake and without.
func compared(with, without [][]float64) *plot.Stack {
	largest := greatest(0, slices.Concat(with, without))
	return &plot.Stack{
		Title:  "The share of each step's loss in each dz",
		About:  fmt.Sprintf("The last step's loss at the first dz, relative to the largest share: %.1g with the mistake, %.1g without.", last(with)[0]/largest, last(without)[0]/largest),
		Strips: []plot.Strip{{Label: "with", Rows: powers(with, largest), Tall: 24}, {Label: "without", Rows: powers(without, largest), Tall: 24}},
		XLabel: "τ", Scale: plot.Scale{Low: -4, High: 0, Names: [2]string{"10⁻⁴ or less", "the largest"}},
	}
}
