// Package runpage writes the page of a run: the answer, the outputs over a sequence, training, the inside of the cell,
// the check, and the gradient's way back.
package runpage

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"lstm/cell"
	"lstm/check"
	"lstm/train"
	"lstm/train/checkplot"
	"lstm/train/file"
	"lstm/train/look"
	"lstm/train/page"
	"lstm/train/page/panel"
	"lstm/train/plot"
	"lstm/train/proof"
	"lstm/train/rng"
	"lstm/train/series"
	"lstm/train/seriesplot"
	"lstm/train/show"
	"lstm/train/task"
	"lstm/train/walkplot"
)

// observe looks at a run over a new sequence, and does not change the run. The sequence comes from a
// separate random stream: the stream of the seed drew the training data.
func observe(r *train.Run) *sequence {
	seq := r.Task.NewSequence(r.Model.Params.H)
	seq.Fill(r.Task.Fresh, rng.New(^r.Config.Seed), 0)
	in := look.Input{
		Model: r.Model, X: seq.X, Target: seq.Target, H0: seq.H0, C0: seq.C0,
		Drawn: r.Drawn, ForgetBias: r.Config.ForgetBias,
	}
	in.Window, in.Stride = r.Truncation()
	s := &sequence{Look: look.At(in, panel.MaxSteps), task: r.Task}
	switch {
	case len(r.Task.Data.Scaling) != 2:
	case r.Config.Diff:
		s.scaled = "difference from the value before"
	default:
		s.scaled = "value"
	}
	return s
}

// told returns the facts of a run, from its settings to its result.
func told(r *train.Run, answer string) [][2]string {
	c, t, facts := r.Config, r.Task, r.Facts()
	fact := func(name, says string) { facts = append(facts, [2]string{name, says}) }
	if c.Data != "" {
		fact("data", strings.TrimSpace(c.Data+" "+c.Column))
	}
	if r.From != "" {
		fact("start", r.From)
	}
	if r.Iter != c.Steps {
		fact("done", show.Count(r.Iter, t.Unit))
	}
	if _, best := r.Best(); best < r.Iter {
		fact("shown", fmt.Sprintf("the network after %s, with the least validation error", show.Count(best, t.Unit)))
	}
	if t.Result != nil {
		fact("result", fmt.Sprintf("%s: %.4g", t.Result.Says, t.Result.Error(r.Model)))
	}
	if answer != "" {
		fact("result", answer)
	}
	return facts
}

// Run returns the page of a run. Call KeepBest first. answer is another result in one line, or "". If p
// is nil, the page says that nothing was checked.
func Run(r *train.Run, answer string, p *proof.Proof) []byte {
	s := observe(r)
	kind, _ := task.Find(r.Config.Task)
	c := &page.Page{
		Title: "An LSTM learns to " + kind.About, Lead: r.Task.Note, Facts: told(r, answer),
		Class: page.Class(check.Unresolved), Verdict: "The gradient was not checked.",
	}
	if r.Config.Data != "" {
		c.Title += ": " + cmp.Or(r.Config.Column, filepath.Base(r.Config.Data))
	}
	wrong := false
	if p != nil {
		v, says := p.Verdict()
		wrong = v == check.Wrong
		c.Class, c.Verdict = page.Class(v), says
		if n := p.Checked(); n < p.Total && p.Quick == nil {
			c.Facts = append(c.Facts, [2]string{"checked", fmt.Sprintf("a sample, %s of %s entries", show.Thousands(n), show.Thousands(p.Total))})
		}
		for _, line := range p.Unfair {
			c.Facts = append(c.Facts, [2]string{"not fair", line})
		}
		var where strings.Builder
		if p.Where(&where); where.Len() > 0 {
			c.Panels = append(c.Panels, notRight(wrong, where.String()))
		}
	}
	if len(r.Past.Iter) > 0 { // a run that was only loaded has no past
		c.Panels = append(c.Panels, training(r.Past, r.Task, r.Task.Baseline(r.Config.Seed, r.Model.Params.H)))
	}
	c.Panels = append(c.Panels, outputs(s))
	if r.Task.FreeRun != nil {
		var told strings.Builder
		r.Task.Tell(&told, r.Model, rng.New(^r.Config.Seed))
		p := forecast(r.Task.FreeRun(r.Model), strings.TrimPrefix(told.String(), "\n"))
		if r.Task.Future != nil {
			p.Figures = append(p.Figures, page.Captioned("What comes next. The band is the interval of each forecast.", seriesplot.Next(r.Task.Future(r.Model))))
		}
		c.Panels = append(c.Panels, p)
	}
	c.Panels = append(c.Panels, insideRun(s))
	if p != nil {
		c.Panels = append(c.Panels, checked(r.Model.Params, p))
	}
	c.Panels = append(c.Panels, stepSize(s.Look), wayBack(s.Look, wrong))
	c.Style, c.Panels = walkplot.CSS, append(c.Panels, walked(s, p))
	return c.HTML()
}

// Write writes the page that Run returns to a file.
func Write(name string, r *train.Run, answer string, p *proof.Proof) error {
	if p != nil && p.Panic != "" {
		return errors.New("the backward pass panics, so this run has no page")
	}
	return file.Write(name, Run(r, answer, p))
}

// notRight shows the command's text about a gradient that is wrong or not proven.
func notRight(wrong bool, text string) page.Panel {
	p := page.Panel{
		ID: "where", Title: "Entries without a verdict", Text: text,
		Says: "Each line shows an entry whose error bar is too wide for a verdict. Where the gradient is tiny beside the loss, rounding hides it.",
	}
	if wrong {
		p.Title = "Where the gradient is wrong"
		p.Says = "Each block has a line with one entry, by backpropagation and as measured. The first wrong place on the way back and the likely cause follow. " +
			"Steps count from t0 in the sequence of the check. The figures below show another sequence."
	}
	return p
}

// training shows the loss during training. base is the loss of the best constant output.
func training(h train.History, t *task.Task, base float64) page.Panel {
	var iter, all, x []float64
	for i, k := range h.Iter {
		at := float64(k - 1) // the command's table counts from 0
		x = append(x, at)
		iter, all = append(iter, at), append(all, h.Low[i])
		if h.High[i] > h.Low[i] {
			iter, all = append(iter, at), append(all, h.High[i])
		}
	}
	axis := plot.Axis{Label: t.Unit, Whole: true, Ends: []float64{0, panel.Last(x) + 1}}
	p := page.Panel{
		ID: "loss", Title: "Training",
		Says: "The loss jumps from one " + t.Unit + " to the next; the moving average gives each new loss a weight of one hundredth. " +
			"The dashed line is the loss of the best constant output.",
		Figures: []page.Figure{{Figure: &plot.Chart{
			Title: "The loss during training",
			About: fmt.Sprintf("The moving average goes from %.3g to %.3g. The best constant output has %.3g.", h.Average[0], panel.Last(h.Average), base),
			X:     axis, Y: plot.Axis{Label: cmp.Or(t.Shown.Name, "loss of a sequence"), Log: true},
			Lines: []plot.Line{{Name: "each " + t.Unit, X: iter, Y: all, Pale: true}, {Name: "moving average", X: x, Y: h.Average}},
			Rules: []plot.Rule{{Name: fmt.Sprintf("best constant output: %.3g", base), At: base}},
		}}},
	}
	if t.Shown.From != 0 {
		p.Says += fmt.Sprintf(" The average starts at %v.", t.Shown.From)
	}
	if len(h.Valid) == 0 {
		return p
	}
	var at []float64
	for _, k := range h.ValidIter {
		at = append(at, float64(k))
	}
	least := slices.Index(h.Valid, slices.Min(h.Valid))
	if t.Data.ID != "" { // other tasks draw new sequences
		p.Says += " When the validation error no longer falls, the network starts to memorize its data."
	}
	p.Figures = append(p.Figures, page.Figure{Caption: "The validation error, on data that the network does not train on.", Figure: &plot.Chart{
		Title: "The validation error during training",
		About: fmt.Sprintf("It goes from %.3g to %.3g. The least is %.3g, after %s.", h.Valid[0], panel.Last(h.Valid), h.Valid[least], show.Count(h.ValidIter[least], t.Unit)),
		X:     axis, Y: plot.Axis{Label: t.Validation.Says, Log: true},
		Lines: []plot.Line{{Name: "validation error", X: at, Y: h.Valid}},
		Rules: []plot.Rule{{Name: "least", At: at[least], Vertical: true}},
	}})
	return p
}

// forecast shows one free run, and a text that judges many.
func forecast(f *series.FreeRun, text string) page.Panel {
	n := len(f.Truth)
	x := panel.Count(0, n)
	return page.Panel{
		ID: "forecast", Title: "Forecast", Text: text,
		Says: "The figure shows one start. Right of the line, the free run uses each forecast as the next input, so small errors can grow. " +
			"One step ahead, the network sees the true value before each forecast.",
		Figures: []page.Figure{{Figure: &plot.Chart{
			Title: "Forecasts of values that the network has not seen",
			About: fmt.Sprintf("%d values. The root mean square error is %.3g one step ahead and %.3g in the free run.", n, series.RMS(f.OneStep, f.Truth), series.RMS(f.Free, f.Truth)),
			X:     plot.Axis{Label: "steps since the start of the free run", Whole: true}, Y: plot.Axis{Label: f.Unit},
			Lines: []plot.Line{
				{Name: "the data", X: panel.Count(-len(f.Seen), len(f.Seen)+n), Y: slices.Concat(f.Seen, f.Truth)},
				{Name: "free run", X: x, Y: f.Free}, {Name: "one step ahead", X: x, Y: f.OneStep},
			},
			Rules: []plot.Rule{{Name: "start of the free run", At: 0, Vertical: true}},
		}}},
	}
}

// checked shows a check. The results begin with the blocks of the parameters, in the order of Blocks.
func checked(params *cell.Params, p *proof.Proof) page.Panel {
	if p.Quick != nil {
		var text strings.Builder
		p.Report(&text)
		return page.Panel{
			ID: "check", Title: "The check", Text: text.String(),
			Says: "All numbers move at once, along a random direction. This takes few losses for a network of any size, but does not show the error of each entry.",
		}
	}
	found := slices.Repeat([]check.Entry{checkplot.Missing}, len(params.All))
	var whole []check.Result
	for k, b := range params.Blocks() {
		for _, e := range p.Results[k].Entries {
			found[e.Index] = e
		}
		r := check.Result{Name: b.Name}
		for _, i := range b.Index {
			r.Entries = append(r.Entries, found[i])
		}
		whole = append(whole, r)
	}
	says := fmt.Sprintf("Each entry of the gradient by backpropagation against its measured slope: right entries lie on the diagonal. "+
		"An entry is wrong if its error exceeds %.0e of the entry plus its error bar. It is unresolved if the bar exceeds %.0e of the largest entry of its block.",
		check.Tolerance, check.Tolerance)
	return panel.Check(says, p.Results, whole, params.H, params.O)
}

// stepSize shows the error of plain differences. If no derivative can be measured, it says why.
func stepSize(l *look.Look) page.Panel {
	loss, theta, e, err := l.Faint()
	if err != nil {
		return page.Panel{ID: "steps", Title: "The step size of the measurement", Says: "No derivative can be measured here.", Text: err.Error()}
	}
	p, chart := panel.Steps(loss, theta, e)
	if e.Verdict == check.Wrong {
		return p
	}
	p.Says = fmt.Sprintf("A plain difference moves one parameter by ±δ: a large δ adds the curvature of the loss, a small δ enlarges its rounding error. "+
		"The figure shows the error of a plain difference, and of the checker's extrapolation (Ridders), at %s. Its gradient g, %.2g, is the least above a millionth of the largest.",
		e.Name, e.Analytic)
	if slices.Contains(chart.Lines[0].Y, 1) {
		p.Says += " Where both losses are equal, the error is 1."
	}
	return p
}
