package page

import (
	"fmt"
	"math"
	"slices"

	"lstm/check"
	"lstm/check/museum"
	"lstm/check/scalar"
	"lstm/train"
	"lstm/train/plot"
)

// Bug returns the page of an exhibit of the museum, by its name, which must be museum.Known.
func Bug(name string) ([]byte, error) {
	c, err := museum.Look(name)
	if err != nil {
		return nil, err
	}
	p := &content{
		Title: c.Name + ": " + c.What,
		Lead:  "An exhibit of the museum of mistakes. The page shows what it does to a check at a fair point: " + c.Point() + ".",
		Wrong: c.Exhibit.Wrong, Line: c.Right,
	}
	p.Class, p.Verdict = "wrong", c.Verdict()
	switch {
	case c.Finding.Refused != nil:
		p.Class = "open"
	case c.See == "" && !c.OfChecker():
		p.Verdict += " The place: " + c.Finding.Diagnosis.Where() + "."
	}
	var results []check.Result
	if c.Grad != nil {
		results = c.At.Results(c.Grad)
	}
	good, bad := (&museum.Exhibit{}).Train(), c.Train()
	if c.OfChecker() { // Gradient is what is measured
		for _, r := range results {
			for k := range r.Entries {
				e := &r.Entries[k]
				e.Analytic, e.Numeric = e.Numeric, e.Analytic
			}
		}
	}
	p.Panels = append(p.Panels, learning(good, bad), fitted(c, good, bad), insideCase(c, bad, same(good, bad)))
	if results != nil {
		p.Panels = append(p.Panels, found(c, results), wrongStep(c))
	}
	if results != nil && !c.OfChecker() {
		p.Panels = append(p.Panels, backward(c))
	}
	return p.html(), nil
}

// same reports whether training does not know of a mistake.
func same(good, bad *museum.Training) bool { return slices.Equal(good.Losses, bad.Losses) }

func learning(good, bad *museum.Training) panel {
	with, without := plot.Line{Name: "with the mistake", X: upTo(len(bad.Losses)), Y: bad.Losses}, plot.Line{Name: "without", X: upTo(len(good.Losses)), Y: good.Losses}
	chart := &plot.Chart{
		Title: "The loss while training",
		About: fmt.Sprintf("With the mistake the loss goes from %.3g to %.3g, without it to %.3g.", bad.Losses[0], last(bad.Losses), last(good.Losses)),
		X:     plot.Axis{Label: "step of gradient descent", Whole: true}, Y: plot.Axis{Label: "loss", Log: true},
		Lines: []plot.Line{with, without},
	}
	p := panel{ID: "loss", Title: "Training with it", Figures: []figure{{Figure: chart}}}
	switch {
	case same(good, bad):
		p.Says = "A small network is fitted to one sequence. The mistake is one of those who check, so training does not know of it, and there is one curve."
		p.Title, without.Name = "Training", "loss"
		chart.Lines = []plot.Line{without}
		chart.About = fmt.Sprintf("The loss goes from %.3g to %.3g.", good.Losses[0], last(good.Losses))
	case !slices.Equal(good.Target, bad.Target):
		p.Says = fmt.Sprintf("A small network is fitted to one sequence, but to another target than it should: nothing in this curve tells. "+
			"What tells is a baseline: to repeat the input of the step has a loss of %.3g.", repeated(bad))
		chart.Lines = []plot.Line{with}
		chart.About = fmt.Sprintf("The loss goes from %.3g to %.3g.", bad.Losses[0], last(bad.Losses))
	case last(bad.Losses) > bad.Losses[0]:
		p.Says = "A small network is fitted to one sequence, with the mistake and without. With this one the loss climbs."
	default:
		p.Says = "A small network is fitted to one sequence, with the mistake and without. " +
			"That a loss falls says little: most of what is wrong in a gradient still points downhill, and on one sequence it may even be luckier."
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

func last[T any](x []T) T { return x[len(x)-1] }

// across returns number k of each row.
func across(rows [][]float64, k int) (x []float64) {
	for _, row := range rows {
		x = append(x, row[k])
	}
	return x
}

func fitted(c *museum.Case, good, bad *museum.Training) panel {
	chart := func(title string, e *museum.Exhibit, t *museum.Training) *plot.Chart {
		tr := e.Forward(t.Net, t.V, t.Target)
		c := &plot.Chart{
			Title: title,
			About: fmt.Sprintf("%s over %d steps.", train.Count(t.O, "output"), t.T),
			X:     plot.Axis{Label: "step", Whole: true},
		}
		for o := range t.O {
			y, target := across(tr.Y, o), column(t.Target, t.O, o)
			c.Lines = append(c.Lines,
				plot.Line{Name: fmt.Sprintf("output %d", o), X: upTo(t.T), Y: y},
				plot.Line{Name: fmt.Sprintf("target %d", o), X: upTo(t.T), Y: target})
			c.About += fmt.Sprintf(" Output %d is off by %.2g (root mean square).", o, rms(y, target))
		}
		return c
	}
	p := panel{ID: "output", Title: "Output and target", Says: "What comes out after training, beside what should."}
	if !same(good, bad) {
		p.Says = "What comes out after training with the mistake and without, beside the target that it was trained on."
		p.Figures = []figure{{Caption: "With the mistake.", Figure: chart("Outputs and targets after training with the mistake", c.Exhibit, bad)}}
	}
	f := figure{Figure: chart("Outputs and targets after training without the mistake", &museum.Exhibit{}, good)}
	if p.Figures != nil {
		f.Caption = "Without."
	}
	p.Figures = append(p.Figures, f)
	return p
}

func insideCase(c *museum.Case, t *museum.Training, same bool) panel {
	e := c.Exhibit
	if c.OfChecker() {
		e = &museum.Exhibit{}
	}
	tr := e.Forward(t.Net, t.V, t.Target)
	units := func(at func(step int) []float64) (rows [][]float64) {
		for j := range t.H {
			var row []float64
			for step := range t.T {
				row = append(row, at(step)[j])
			}
			rows = append(rows, row)
		}
		return rows
	}
	var rows [6][][]float64
	for a := range 4 {
		rows[a] = units(func(step int) []float64 { return tr.Gate[step][a] })
	}
	rows[4] = units(func(step int) []float64 { return tr.C[step+1] })
	rows[5] = units(func(step int) []float64 { return tr.H[step+1] })
	x := plot.Strip{Label: "x"}
	for k := range t.X {
		var line []float64
		for step := range t.T {
			line = append(line, t.V[t.In(step, k)])
		}
		if x.Lines = append(x.Lines, line); t.X > 1 {
			x.Names = append(x.Names, fmt.Sprintf("input %d", k))
		}
	}
	p := inside(x, nil, 0, rows)
	p.Says = "The same network after training with the mistake: each row is a unit, each column a step. Little in here tells of a mistake on the way back."
	switch {
	case c.See != "":
		p.Says = "The same network after training with the mistake: each row is a unit, each column a step. Nothing in here looks wrong."
	case same:
		p.Says = "The same network after training: each row is a unit, each column a step. Nothing in here tells of a mistake of those who check."
	}
	return p
}

func found(c *museum.Case, results []check.Result) panel {
	p := panel{
		ID: "check", Title: "The check",
		Says: "Crosses off the diagonal are entries that are wrong: what comes back with the mistake is not the slope that the loss shows. " +
			"In the matrices they are framed, and which of them are, all or some rows or a gate, is the mistake's fingerprint.",
		Figures: entries(results),
	}
	if c.OfChecker() {
		p.Says = "Crosses off the diagonal are entries whose measured slope is not that of the loss that the gradient came from: " +
			"the gradient is right, and what it is held against is not. Whoever trusts the check looks for a mistake in the gradient."
	}
	if c.See != "" {
		p.Says = "All entries lie on the diagonal: the gradient is that of the loss that was written, and no check of gradients can see what is wrong. " +
			"What can is said above."
	}
	n := c.At.Net
	for i, b := range n.Blocks() {
		if b.Name[0] != 'W' {
			continue
		}
		var g grid
		for k, e := range results[i].Entries {
			if k%b.Cols == 0 {
				g.row()
			}
			g.add(e.Error(), e.Verdict)
		}
		p.Figures = append(p.Figures, matrix(b.Name, g))
	}
	return p
}

// wrongStep tries the steps of a plain difference at the entry that is most wrong, against the
// gradient as it has the mistake, or, if that is one of those who check, as it should be.
func wrongStep(c *museum.Case) panel {
	n, v := c.At.Net, slices.Clone(c.At.V)
	worst := 0
	for i := range n.Params() {
		if c.At.Entry(c.Grad, i).Error() > c.At.Entry(c.Grad, worst).Error() {
			worst = i
		}
	}
	e := c.At.Entry(c.Grad, worst)
	forward, off := c.Forward, e.Error()
	if c.OfChecker() {
		_, truth := scalar.Backward(n, c.At.V, c.At.Target)
		e.Analytic, forward = truth[worst], (&museum.Exhibit{}).Forward
	}
	loss := func() float64 { return forward(n, v, c.At.Target).Loss }
	at, errors, rounding := check.Steps(loss, &v[worst], e.Analytic)
	chart := stepSizes(at, errors, rounding, e)
	p := panel{ID: "steps", Title: "Which step to measure with", Figures: []figure{{Figure: chart}}}
	switch {
	case c.OfChecker():
		chart.Lines = append(chart.Lines, plot.Line{
			Name: fmt.Sprintf("this check is off by %.0e", off), X: []float64{at[0], last(at)}, Y: []float64{off, off},
		})
		p.Says = fmt.Sprintf("At %s the gradient is %.4g, and this check measures %.4g. The curve is what a plain difference of the right loss would be off, by its step: "+
			"where the line of this check meets it, a step alone explains the error; where it lies far above, the loss itself is another.", e.Name, e.Analytic, c.Grad[worst])
	case stays(e):
		p.Title = "No step makes it right"
		p.Says = fmt.Sprintf("At %s the gradient is %.4g with the mistake, and %.4g as it is measured. Where a gradient is right its error falls with δ²; "+
			"where it is wrong the error stays, whatever the step.", e.Name, e.Analytic, e.Numeric)
	default:
		p.Says = fmt.Sprintf("At %s the gradient is %.4g, and %.4g as it is measured: it is right, and the error of a plain difference falls with δ² until rounding takes over.", e.Name, e.Analytic, e.Numeric)
	}
	return p
}

// backward draws dz on its way back, with the mistake and without, and what the loss of each
// step has to say to each step before.
func backward(c *museum.Case) panel {
	n := c.At.Net
	_, truth := scalar.Backward(n, c.At.V, c.At.Target)
	norms := func(grad []float64) (all []float64) {
		for t := range n.T {
			sum := 0.0
			for _, d := range grad[n.Z(t, 0, 0):n.Z(t+1, 0, 0)] {
				sum += d * d
			}
			all = append(all, math.Sqrt(sum))
		}
		return all
	}
	bad, good := norms(c.Grad), norms(truth)
	strip := func(gate int, label string) (plot.Strip, bool) {
		s := plot.Strip{Label: label}
		any := false
		for j := range n.H {
			var row []float64
			var wrong []bool
			for t := range n.T {
				e := c.At.Entry(c.Grad, n.Z(t, gate, j))
				off := c.At.Wrong(c.Grad, n.Z(t, gate, j))
				row, wrong = append(row, e.Error()), append(wrong, off)
				any = any || off
			}
			s.Rows, s.Edge = append(s.Rows, row), append(s.Edge, wrong)
		}
		s.Rows = logarithms(s.Rows)
		return s, any
	}
	place := &plot.Stack{Title: "The relative error of dz, for each gate's units over the steps", XLabel: "step", Scale: errorScale}
	for gate, label := range []string{"i", "f", "o", "g"} {
		s, any := strip(gate, label)
		place.Strips = append(place.Strips, s)
		place.About += fmt.Sprintf("Gate %s: %s. ", label, map[bool]string{true: "some are wrong", false: "all are right"}[any])
	}
	shares := func(grad func(m scalar.Net, v, target []float64) []float64) plot.Strip {
		s := plot.Strip{Tall: 24}
		for t := range n.T {
			m := n
			m.T = t + 1
			v := append(slices.Clone(c.At.V[:n.In(t+1, 0)]), make([]float64, m.Len()-m.Z(0, 0, 0))...)
			g := grad(m, v, c.At.Target[t*n.O:(t+1)*n.O])
			row := make([]float64, n.T)
			for tau := range row {
				row[tau] = math.NaN()
				sum := 0.0
				for i := m.Z(tau, 0, 0); tau <= t && i < m.Z(tau+1, 0, 0); i++ {
					sum += g[i] * g[i]
				}
				if sum > 0 {
					row[tau] = math.Log10(sum) / 2
				}
			}
			s.Rows = append(s.Rows, row)
		}
		return s
	}
	wrong := shares(c.Gradient)
	right := shares(func(m scalar.Net, v, target []float64) []float64 { _, g := scalar.Backward(m, v, target); return g })
	wrong.Label, right.Label = "with", "without"
	share := func(s plot.Strip) float64 {
		if v := last(s.Rows)[0]; !math.IsNaN(v) {
			return math.Pow(10, v)
		}
		return 0
	}
	largest := math.Inf(-1)
	for _, rows := range [][][]float64{wrong.Rows, right.Rows} {
		for _, row := range rows {
			for _, v := range row {
				if !math.IsNaN(v) {
					largest = max(largest, v)
				}
			}
		}
	}
	for _, rows := range [][][]float64{wrong.Rows, right.Rows} {
		for _, row := range rows {
			for k := range row {
				row[k] -= largest
			}
		}
	}
	first := ""
	if d := c.Finding.Diagnosis; d != nil && d.Step >= 0 {
		first = " From right to left, the first is " + d.Where() + "."
	}
	says := "It comes from the right, the last step first: the first dz that is wrong on this way is the place to look, and everything before it inherits the error. " +
		"If no dz is wrong, the sums over the steps are."
	if c.See != "" {
		says = "Nothing is wrong on the way back: the gradient is that of the loss that was written."
	}
	return panel{
		ID: "back", Title: "The gradient's way back", Says: says,
		Figures: []figure{
			{Caption: "How large dz is at each step, with the mistake and without.", Figure: &plot.Chart{
				Title: "The norm of dz over the steps",
				About: fmt.Sprintf("With the mistake from %.2g at the last step to %.2g at the first; without it from %.2g to %.2g.", last(bad), bad[0], last(good), good[0]),
				X:     plot.Axis{Label: "step", Whole: true}, Y: plot.Axis{Label: "‖dz_t‖", Log: true},
				Lines: []plot.Line{{Name: "with the mistake", X: upTo(n.T), Y: bad}, {Name: "without", X: upTo(n.T), Y: good}},
			}},
			{Caption: "Where dz is wrong: a row for each unit, framed." + first, Figure: place},
			{Caption: "What the loss of step t (down) says of dz at step τ (across), with the mistake and without.", Figure: &plot.Stack{
				Title: "The shares of each step's loss in each dz",
				About: fmt.Sprintf("Of the last step's loss, as parts of the largest share of any, what is said of the first dz: with the mistake %.1g, without %.1g.",
					share(wrong), share(right)),
				Strips: []plot.Strip{wrong, right}, XLabel: "τ", Scale: plot.Scale{Low: -4, High: 0, Names: [2]string{"10⁻⁴ or less", "the largest"}},
			}},
		},
	}
}
