// Package runpage writes the page of a run: the answer, the outputs over a sequence, training, the inside of the cell,
// the check, and the gradient's way back.
package runpage

import (
	"cmp"
	"errors"
	"fmt"
	"math"
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
	"lstm/train/plot/label"
	"lstm/train/proof"
	"lstm/train/rival"
	"lstm/train/rng"
	"lstm/train/series"
	"lstm/train/show"
	"lstm/train/task"
	"lstm/train/walk"
	"lstm/train/walkplot"
)

// observe looks at a run over the checked sequence or, without a check, over a new one. It does not change the run. A
// new sequence comes from a separate random stream: the stream of the seed drew the training data.
func observe(r *train.Run, p *proof.Proof) *sequence {
	seq := r.Task.NewSequence(r.Model.Params.H)
	if p != nil && p.Sequence() != nil {
		seq = p.Sequence()
	} else {
		seq.Fill(r.Task.Fresh, rng.New(^r.Config.Seed), 0)
	}
	in := look.Input{
		Model: r.Model, X: seq.X, Target: seq.Target, H0: seq.H0, C0: seq.C0,
		Drawn: r.Drawn, ForgetBias: r.Config.ForgetBias,
	}
	in.Window, in.Stride = r.Truncation()
	s := &sequence{Look: look.At(in, panel.MaxSteps), whole: seq, task: r.Task, seed: r.Config.Seed, what: "A new sequence"}
	if p != nil && p.Sequence() != nil {
		s.what = "The checked sequence, which is new to the network"
	}
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
func told(r *train.Run, answer train.Answer) [][2]string {
	c, t, facts := r.Config, r.Task, r.Facts()
	for k := range facts {
		facts[k][1] = label.Pretty(facts[k][1])
	}
	fact := func(name, says string) { facts = append(facts, [2]string{name, says}) }
	if c.Data != "" {
		fact("data", strings.TrimSpace(c.Data+" "+c.Column))
	}
	for k, line := range strings.Split(t.Note, "\n") {
		if k > 0 {
			fact("reading", line)
		}
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
	if answer.Says != "" {
		fact("result", answer.Says)
	}
	return facts
}

// Run returns the page of a run. Call KeepBest first. sample is a text that the network wrote, or "". If p is nil, the
// page says that nothing was checked.
func Run(r *train.Run, answer train.Answer, sample string, p *proof.Proof) []byte {
	s := observe(r, p)
	kind, _ := task.Find(r.Config.Task)
	var standing *rival.Standing
	if r.Task.Compare != nil && !answer.Diverged {
		standing = r.Task.Compare(r.Model)
	}
	lead, _, _ := strings.Cut(r.Task.Note, "\n") // told has the rest
	c := &page.Page{
		Title: "An LSTM learns to " + kind.About, Lead: lead, Facts: told(r, answer),
		Banners: []page.Banner{learnt(r, answer, standing), gradient(p)}, Mend: mend(p),
	}
	if r.Config.Data != "" {
		c.Title += ": " + cmp.Or(r.Config.Column, filepath.Base(r.Config.Data))
	}
	if answer.Diverged {
		c.Lead = beforeTraining + " " + c.Lead
		s.what = "The network from which training started. " + s.what
	}
	add := func(panels ...page.Panel) { c.Panels = append(c.Panels, panels...) }
	if r.Task.FreeRun != nil {
		var next *series.Future
		if r.Task.Future != nil {
			next = r.Task.Future(r.Model)
		}
		add(forecast(r.Task.FreeRun(r.Model), next))
	} else {
		add(outputs(s))
	}
	if len(r.Past.Iter) > 0 { // a run that was only loaded has no past
		p := training(r.Past, r.Task, r.Task.Baseline(r.Config.Seed, r.Model.Params.H), r.Learnt())
		if standing != nil && len(standing.Symbols) > 0 { // its error is in the units of the loss
			best, chart := standing.Best(), p.Figures[0].Figure.(*plot.Chart)
			name, _, _ := strings.Cut(best.Name, ",")
			chart.Rules = append(chart.Rules, plot.Rule{Name: name + " " + label.Digits(best.Error, 3), At: best.Error})
		}
		add(p)
	}
	if standing != nil {
		add(rivals(standing, sample)...)
	}
	if r.Task.FreeRun != nil {
		add(outputs(s))
	}
	v := check.Unresolved
	if p != nil {
		v, _ = p.Verdict()
	}
	w := walkOf(s, p)
	if v == check.Wrong && len(w.Cases) == 0 { // the wrong gradient has chosen the unit
		add(insideRun(s, nil))
	} else {
		add(insideRun(s, w))
	}
	add(walked(w, p != nil && p.Sequence() != nil))
	if p != nil {
		add(checked(r.Model.Params, p))
	}
	add(stepSize(s.Look, p), wayBack(s.Look, v == check.Wrong))
	c.Style = walkplot.CSS
	return c.HTML()
}

// Write writes the page that Run returns to a file.
func Write(name string, r *train.Run, answer train.Answer, sample string, p *proof.Proof) error {
	if p != nil && p.Panic != "" {
		return errors.New("the backward pass panics, so this run has no page")
	}
	return file.Write(name, Run(r, answer, sample, p))
}

// checked shows a check. The results begin with the blocks of the parameters, in the order of Blocks.
func checked(params *cell.Params, p *proof.Proof) page.Panel {
	var text strings.Builder
	p.Report(&text)
	if p.Quick != nil {
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
	lengths := []int{params.H, params.H, params.X * p.T} // of h0, c0 and x
	for k, r := range p.Results[len(whole):] {
		entries := slices.Repeat([]check.Entry{checkplot.Missing}, lengths[k])
		for _, e := range r.Entries {
			entries[e.Index] = e
		}
		whole = append(whole, check.Result{Name: r.Name, Entries: entries})
	}
	says := fmt.Sprintf("The error of every entry of the gradient, divided by what is allowed: %s of the entry, plus its error bar. "+
		"Blue is within, orange above; a dotted entry was not measured or is not proven.", label.Digits(check.Tolerance, 1))
	c := panel.Check(says, p.Results, whole, panel.Net{X: params.X, H: params.H, O: params.O, T: p.T})
	c.More.Text = text.String()
	return c
}

// stepSize shows the error of plain differences. If no derivative can be measured, it says why.
func stepSize(l *look.Look, p *proof.Proof) page.Panel {
	index, err := mostWrong(p), error(nil)
	if index < 0 {
		index, err = l.Faint()
	}
	var loss func() float64
	var theta *float64
	var e check.Entry
	if err == nil {
		loss, theta, e, err = l.Measure(index)
	}
	if err != nil {
		return page.Panel{ID: "steps", Title: "How the slope is measured", Says: "No derivative can be measured here.", Text: err.Error()}
	}
	drawn, chart := panel.Steps(loss, theta, e)
	drawn.Figures, drawn.Body = nil, walkplot.Measured(walk.Measure(e.Name, loss, theta, e.Analytic), chart)
	if e.Verdict != check.Wrong {
		drawn.Says = fmt.Sprintf("Move the weight %s by ±δ, and see how the loss responds: its slope, %s, is small. "+
			"A large δ adds curvature, and a small δ enlarges rounding, so the check measures with several δ and extrapolates to 0 (Ridders' method).", e.Name, label.Number(e.Analytic))
	}
	return drawn
}

// mostWrong returns the index of the parameter whose gradient is most visibly wrong, or −1 if none is wrong.
func mostWrong(p *proof.Proof) (index int) {
	index, most := -1, 0.0
	if p == nil {
		return index
	}
	for _, r := range p.Results[:min(10, len(p.Results))] { // the parameters
		for _, e := range r.With(check.Wrong) {
			if off := math.Abs(e.Analytic-e.Numeric) * e.Error(); off > most {
				index, most = e.Index, off
			}
		}
	}
	return index
}
