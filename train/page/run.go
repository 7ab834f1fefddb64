package page

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
	"lstm/train/plot"
	"lstm/train/proof"
	"lstm/train/rng"
	"lstm/train/series"
	"lstm/train/show"
	"lstm/train/task"
)

const maxSteps = 128 // of the sequence

// A shown holds the numbers and names of a run that the panels draw.
type shown struct {
	title, lead    string
	facts          [][2]string
	history        history
	sequence       sequence
	window, stride int             // of truncation
	free           *series.FreeRun // nil: the task has none
	params         *cell.Params
}

// gather takes from a run all that the page shows. It leaves the run as it is. The sequence comes
// from a random stream of its own: the seed's own stream has drawn what the run trains on.
func gather(r *train.Run, answer string) *shown {
	c, t := r.Config, r.Task
	kind, _ := task.Find(c.Task)
	seq := t.NewSequence(r.Model.Params.H)
	seq.Fill(t.Fresh, rng.New(^c.Seed), 0)
	in := look.Input{
		Model: r.Model, X: seq.X, Target: seq.Target, H0: seq.H0, C0: seq.C0,
		Drawn: r.Drawn(), ForgetBias: c.ForgetBias,
	}
	in.Window, in.Stride = r.Truncation()
	validation := ""
	if t.Validation != nil {
		validation = t.Validation.Says
	}
	s := &shown{
		title: "An LSTM learns to " + kind.About, lead: t.Note, facts: r.Facts(),
		history:  history{r.Past, t.Unit, cmp.Or(t.Shown.Name, "loss of a sequence"), validation, t.Shown.From, t.Baseline(c.Seed, r.Model.Params.H)},
		sequence: sequence{Look: look.At(in, maxSteps), inputs: t.Inputs, outputs: t.Outputs, symbols: t.Loss.Symbols()},
		window:   in.Window, stride: in.Stride, params: r.Model.Params,
	}
	if len(t.Data.Scaling) == 2 {
		s.sequence.scaled, s.sequence.scaling = "value", [2]float64(t.Data.Scaling)
		if c.Diff {
			s.sequence.scaled = "difference from the value before"
		}
	}
	fact := func(name, says string) { s.facts = append(s.facts, [2]string{name, says}) }
	if c.Data != "" {
		s.title += ": " + cmp.Or(c.Column, filepath.Base(c.Data))
		fact("data", strings.TrimSpace(c.Data+" "+c.Column))
	}
	if r.Iter != c.Steps {
		fact("done", show.Count(r.Iter, t.Unit))
	}
	if best := r.BestIter(); best < r.Iter {
		fact("shown", fmt.Sprintf("the network after %s, with the least validation error", show.Count(best, t.Unit)))
	}
	if t.Result != nil {
		fact("result", fmt.Sprintf("%s: %.4g", t.Result.Says, t.Result.Error(r.Model)))
	}
	if answer != "" {
		fact("result", answer)
	}
	if t.FreeRun != nil {
		s.free = t.FreeRun(r.Model)
	}
	return s
}

// Run returns the page of a run. The caller calls KeepBest before. came is a further result in one
// line, or "". proof and quick may be nil; if both are, the page says that nothing was checked. An
// error comes from package check: the loss has no derivative that can be measured.
func Run(r *train.Run, answer string, p *proof.Proof) ([]byte, error) {
	s := gather(r, answer)
	steps, err := s.sequence.StepSize()
	if err != nil {
		return nil, err
	}
	c := &content{Title: s.title, Lead: s.lead, Facts: s.facts, Class: classes[check.Unresolved], Verdict: "The gradient was not checked."}
	wrong := false
	if p != nil {
		v, says := p.Verdict()
		wrong = v == check.Wrong
		c.Class, c.Verdict = classes[v], says
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
	if len(s.history.Iter) > 0 { // not if it was only loaded
		c.Panels = append(c.Panels, training(s.history))
	}
	c.Panels = append(c.Panels, outputs(&s.sequence))
	if s.free != nil {
		c.Panels = append(c.Panels, forecast(s.free))
	}
	c.Panels = append(c.Panels, insideRun(&s.sequence))
	switch {
	case p == nil:
	case p.Quick != nil:
		c.Panels = append(c.Panels, direction(p))
	default:
		c.Panels = append(c.Panels, checked(s.params, p.Results))
	}
	c.Panels = append(c.Panels, stepSize(steps), wayBack(s.sequence.Look, s.window, s.stride, wrong))
	return c.html(), nil
}

// WriteRun writes the page of a run, as Run returns it, to a file.
func WriteRun(name string, r *train.Run, answer string, p *proof.Proof) error {
	if p != nil && p.Panic != "" {
		return errors.New("there is no page of a run whose backward pass panics")
	}
	html, err := Run(r, answer, p)
	if err != nil {
		return err
	}
	return file.Write(name, html)
}

// notRight shows what the command says about a gradient that is wrong or not proven.
func notRight(wrong bool, text string) panel {
	p := panel{
		ID: "where", Title: "What is left open", Text: text,
		Says: "Each line shows an entry whose error bar is too wide for a verdict. Where the gradient is tiny beside the loss, rounding hides it.",
	}
	if wrong {
		p.Title = "Where the gradient is wrong"
		p.Says = "For each block, an entry by backpropagation and as measured; then the first wrong place on the way back, and the likely cause. " +
			"Steps count from t0 in the sequence of the check. The figures below show another sequence."
	}
	return p
}

// A history is the loss during training and the task's names for it.
type history struct {
	train.History
	unit, loss, measure string  // names of an iteration, the loss, and the validation error
	from                float64 // the first value of the moving average; 0: the first loss
	base                float64 // the loss of the best constant output
}

func training(h history) panel {
	var iter, all, x []float64
	for i, k := range h.Iter {
		at := float64(k - 1) // the command's table counts from 0
		x = append(x, at)
		iter, all = append(iter, at), append(all, h.Low[i])
		if h.High[i] > h.Low[i] {
			iter, all = append(iter, at), append(all, h.High[i])
		}
	}
	axis := plot.Axis{Label: h.unit, Whole: true, Ends: []float64{0, last(x) + 1}}
	p := panel{
		ID: "loss", Title: "Training",
		Says: "The loss jumps from one " + h.unit + " to the next; the moving average gives each new loss a weight of one hundredth. " +
			"The dashed line is the loss of the best constant output.",
		Figures: []figure{{Figure: &plot.Chart{
			Title: "The loss during training",
			About: fmt.Sprintf("The moving average goes from %.3g to %.3g. The best constant output has %.3g.", h.Average[0], last(h.Average), h.base),
			X:     axis, Y: plot.Axis{Label: h.loss, Log: true},
			Lines: []plot.Line{{Name: "each " + h.unit, X: iter, Y: all, Pale: true}, {Name: "moving average", X: x, Y: h.Average}},
			Rules: []plot.Rule{{Name: fmt.Sprintf("best constant output: %.3g", h.base), At: h.base}},
		}}},
	}
	if h.from != 0 {
		p.Says += fmt.Sprintf(" The average starts at %v.", h.from)
	}
	if len(h.Valid) == 0 {
		return p
	}
	var at []float64
	for _, k := range h.ValidIter {
		at = append(at, float64(k))
	}
	least := slices.Index(h.Valid, slices.Min(h.Valid))
	p.Says += " When the validation error no longer falls, the network starts to memorize its data."
	p.Figures = append(p.Figures, figure{Caption: "The validation error, on data that the network does not train on.", Figure: &plot.Chart{
		Title: "The validation error during training",
		About: fmt.Sprintf("It goes from %.3g to %.3g. The least is %.3g, after %s.", h.Valid[0], last(h.Valid), h.Valid[least], show.Count(h.ValidIter[least], h.unit)),
		X:     axis, Y: plot.Axis{Label: h.measure, Log: true},
		Lines: []plot.Line{{Name: "validation error", X: at, Y: h.Valid}},
		Rules: []plot.Rule{{Name: "least", At: at[least], Vertical: true}},
	}})
	return p
}

// checked shows a check. The results begin with the blocks of the parameters, in the order of Blocks.
func checked(params *cell.Params, results []check.Result) panel {
	blocks, found := params.Blocks(), slices.Repeat([]check.Entry{checkplot.Missing}, len(params.All))
	for _, r := range results[:len(blocks)] {
		for _, e := range r.Entries {
			found[e.Index] = e
		}
	}
	says := fmt.Sprintf("Each entry of the gradient by backpropagation against its measured slope: right entries lie on the diagonal. "+
		"An entry is wrong if it is off by more than %.0e of itself plus its error bar, and unresolved if the bar exceeds %.0e of the largest entry of its block.",
		check.Tolerance, check.Tolerance)
	return checkPanel(says, results, func(k int) (name string, entries []check.Entry, cols int) {
		for _, i := range blocks[k].Index {
			entries = append(entries, found[i])
		}
		if cols = params.H; k == last(matrices[:]) {
			cols = params.O
		}
		return blocks[k].Name, entries, cols
	})
}

// direction shows a quick check.
func direction(p *proof.Proof) panel {
	var text strings.Builder
	p.Report(&text)
	return panel{
		ID: "check", Title: "The check", Text: text.String(),
		Says: "All numbers move at once, along a random direction. This takes few losses for a network of any size, but does not show the error of each entry.",
	}
}

// stepSize shows the error of plain differences.
func stepSize(s *look.StepSize) panel {
	p := stepPanel(s.At, s.Off, s.Rounding, s.Entry)
	if s.Entry.Verdict == check.Wrong {
		return p
	}
	p.Says = fmt.Sprintf("A plain difference moves one parameter by ±δ: a large δ adds the curvature of the loss, a small δ enlarges its rounding error. "+
		"The figure shows this error, and the error of the checker's extrapolation (Ridders), at %s: its gradient g, %.2g, is the least above a millionth of the largest.",
		s.Entry.Name, s.Entry.Analytic)
	if slices.Contains(s.Off, 1) {
		p.Says += " Where both losses are equal, the error is 1."
	}
	return p
}
