package page

import (
	"cmp"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"lstm/cell"
	"lstm/check"
	"lstm/train"
	"lstm/train/plot"
)

// Figures show so many at most.
const (
	maxSteps   = 128
	maxUnits   = 32
	maxNames   = 20 // rows that have a name
	maxLetters = 32 // steps that have a letter
)

// Run returns the page of a run: what came of it in a line, if there is more to say than the page
// shows, and how it was checked: entry by entry, or, if proof is nil, quickly, or, if quick is nil
// as well, not.
func Run(r *train.Run, came string, proof *train.Proof, quick *check.Quick) ([]byte, error) {
	c := r.Config
	best := r.KeepBest() // of which all is shown
	l := r.Look(maxSteps)
	p := &content{
		Title: fmt.Sprintf("An LSTM learns to %s", train.About(c.Task)),
		Lead:  r.Task.Note,
		Facts: r.Facts(),
	}
	fact := func(name, says string) {
		p.Facts = append(p.Facts, [2]string{name, says})
	}
	if c.Data != "" {
		p.Title += ": " + cmp.Or(c.Column, filepath.Base(c.Data))
		fact("data", strings.TrimSpace(c.Data+" "+c.Column))
	}
	if r.Iter != c.Steps {
		fact("done", train.Count(r.Iter, r.Task.Unit))
	}
	if best < r.Iter {
		fact("shown", fmt.Sprintf("the network after %s, which validated best", train.Count(best, r.Task.Unit)))
	}
	if r.Task.Result != nil {
		fact("result", fmt.Sprintf("%s: %.4g", r.Task.Says, r.Task.Result(r)))
	}
	if came != "" {
		fact("result", came)
	}
	p.Class, p.Verdict = "open", "The gradient was not checked."
	switch {
	case proof != nil:
		var v check.Verdict
		v, p.Verdict = proof.Verdict()
		p.Class = classes[v]
		for _, line := range proof.Unfair {
			fact("not fair", line)
		}
		if measured, all := extent(r.Params, proof); measured < all {
			fact("checked", fmt.Sprintf("a sample, %d of %d entries", measured, all))
		}
		var where strings.Builder
		if proof.Where(&where); where.Len() > 0 {
			p.Panels = append(p.Panels, notRight(proof.Wrong(), where.String()))
		}
	case quick != nil:
		p.Class, p.Verdict = quickly(quick)
	}
	if len(r.Past.Iter) > 0 { // it was trained, and not only loaded
		p.Panels = append(p.Panels, training(r))
	}
	p.Panels = append(p.Panels, outputs(r, l))
	if r.Task.FreeRun != nil {
		p.Panels = append(p.Panels, forecast(r.Task.FreeRun(r)))
	}
	p.Panels = append(p.Panels, insideRun(r, l))
	if proof != nil {
		p.Panels = append(p.Panels, checked(r.Params, proof))
	}
	if quick != nil {
		var text strings.Builder
		train.ReportFast(&text, quick)
		p.Panels = append(p.Panels, panel{
			ID: "check", Title: "The check", Text: text.String(),
			Says: "All numbers were moved at once, along a random direction. That takes few losses, however large the network is, but does not show which entry is how far off.",
		})
	}
	steps, err := r.StepSize(l)
	if err != nil {
		return nil, err
	}
	at := steps.Entry
	says := fmt.Sprintf("The simplest check moves one parameter by δ to both sides: with a large δ the loss bends in between, with a small one "+
		"its last digits are divided by next to nothing. Here is how far that is off at %s, whose gradient g, %.2g, is the least of those above a millionth of the largest, "+
		"and where the checker's extrapolation (Ridders) arrives.", at.Name, at.Analytic)
	if slices.Contains(steps.Off, 1) {
		says += " Where both losses are the same number, the error is 1."
	}
	if stays(at) {
		says = fmt.Sprintf("At %s the gradient is %.4g by backpropagation, and %.4g as measured. Where a gradient is right its error falls with δ²; "+
			"where it is wrong the error stays.", at.Name, at.Analytic, at.Numeric)
	}
	p.Panels = append(p.Panels, panel{
		ID: "steps", Title: "Which step to measure with", Says: says,
		Figures: []figure{{Figure: stepSizes(steps.At, steps.Off, steps.Rounding, at)}},
	}, wayBack(r, l, proof != nil && proof.Wrong()))
	return p.html(), nil
}

// notRight is the panel of what is wrong, or not resolved, as the command says it.
func notRight(wrong bool, text string) panel {
	if !wrong {
		return panel{
			ID: "where", Title: "What is left open", Text: text,
			Says: "Block by block, an entry whose error bar is too wide to tell. Where a gradient is nearly nothing beside the loss, rounding hides it.",
		}
	}
	return panel{
		ID: "where", Title: "Where the gradient is wrong", Text: text,
		Says: "Block by block, what backpropagation says beside what was measured; then the place that is wrong first on the way back, and what would give these numbers. " +
			"Steps are counted from t0, in the sequence that was checked; the figures below are of another.",
	}
}

// classes are those of verdicts.
var classes = map[check.Verdict]string{check.Right: "right", check.Wrong: "wrong", check.Unresolved: "open"}

// quickly puts in words what a quick check found.
func quickly(q *check.Quick) (class, says string) {
	says = "Grads are wrong: " + strings.Join(q.Culprits, " ") + "."
	switch {
	case q.Verdict == check.Right:
		says = fmt.Sprintf("Grads are ok along a random direction, by %d losses.", q.Losses)
	case q.Verdict == check.Unresolved:
		says = "Grads are not proven: along a random direction the error bar is too wide."
	case len(q.Culprits) == 0:
		says = "Grads are wrong, by too little to say where (-check all does)."
	}
	return classes[q.Verdict], says
}

func training(r *train.Run) panel {
	h := r.Past
	var iter, all, x []float64
	for i, k := range h.Iter {
		at := float64(k - 1) // counted from 0, as in the command's table
		x = append(x, at)
		iter, all = append(iter, at), append(all, h.Low[i])
		if h.High[i] > h.Low[i] {
			iter, all = append(iter, at), append(all, h.High[i])
		}
	}
	name := r.Task.Shown
	if name == "" {
		name = "loss of a sequence"
	}
	base, n := r.Baseline(), len(x)
	axis := plot.Axis{Label: r.Task.Unit, Whole: true, Ends: []float64{0, x[n-1] + 1}}
	p := panel{
		ID: "loss", Title: "Training",
		Says: "The loss jumps from one " + r.Task.Unit + " to the next, so look at its moving average, to which each adds a hundredth, so that it lags behind. The scale is logarithmic. " +
			"The dashed line is what the best constant output would have.",
		Figures: []figure{{Figure: &plot.Chart{
			Title: "The loss over the iterations",
			About: fmt.Sprintf("The moving average goes from %.3g to %.3g; to say the same at every step would give %.3g.", h.Average[0], h.Average[n-1], base),
			X:     axis, Y: plot.Axis{Label: name, Log: true},
			Lines: []plot.Line{{Name: "of each " + r.Task.Unit, X: iter, Y: all, Pale: true}, {Name: "moving average", X: x, Y: h.Average}},
			Rules: []plot.Rule{{Name: fmt.Sprintf("best constant output: %.3g", base), At: base}},
		}}},
	}
	if r.Task.From != 0 {
		p.Says += fmt.Sprintf(" (The average of this task begins at %v, as that of the script did.)", r.Task.From)
	}
	if n := len(h.Valid); n > 0 {
		var at []float64
		least := 0
		for i, k := range h.ValidIter {
			at = append(at, float64(k))
			if h.Valid[i] < h.Valid[least] {
				least = i
			}
		}
		p.Says += " Where the error on the part that validates no longer falls, the network begins to learn its data by heart."
		p.Figures = append(p.Figures, figure{Caption: "What it does on the part that validates, which it is not trained on.", Figure: &plot.Chart{
			Title: "The error on the part that validates",
			About: fmt.Sprintf("It goes from %.3g to %.3g, and is least after %d, %.3g.", h.Valid[0], h.Valid[n-1], h.ValidIter[least], h.Valid[least]),
			X:     axis, Y: plot.Axis{Label: r.Task.Measure, Log: true},
			Lines: []plot.Line{{Name: "validated", X: at, Y: h.Valid}},
			Rules: []plot.Rule{{Name: "least", At: at[least], Vertical: true}},
		}})
	}
	return p
}

// transpose returns a matrix (T,n) as n rows of T.
func transpose(a []float64, n int) [][]float64 {
	var rows [][]float64
	for k := range n {
		rows = append(rows, column(a, n, k))
	}
	return rows
}

func insideRun(r *train.Run, l *train.Look) panel {
	X, H, from := r.Task.X, r.Params.H, cropped(r.Task, l)
	first := l.From + from
	var gates [4][]float64
	var c, h []float64
	for _, s := range l.Steps[from:] {
		for n := range gates {
			gates[n] = append(gates[n], s.Gates[n*H:(n+1)*H]...)
		}
		c, h = append(c, s.C...), append(h, s.H...)
	}
	input := plot.Strip{Label: "x", Names: r.Task.Inputs}
	if x := transpose(l.X[from*X:], X); X > 3 {
		input.Rows, input.Scale = x, plot.Scale{Low: -1, High: 1}
	} else {
		input.Lines = x
	}
	var above []string // in place of more rows than can have a name
	if X > maxNames {
		above = letters(r.Task, l)
	}
	return inside(input, above, first, [6][][]float64{
		transpose(gates[0], H), transpose(gates[1], H), transpose(gates[2], H), transpose(gates[3], H), transpose(c, H), transpose(h, H),
	})
}

// inside draws the gates i, f, o, g, and c and h, as rows of units, under the input, or letters
// for it.
func inside(input plot.Strip, above []string, first int, rows [6][][]float64) panel {
	units := len(rows[0])
	stack := func(title string, low float64, names []string, rows ...[][]float64) *plot.Stack {
		s := &plot.Stack{
			Title: title, About: fmt.Sprintf("%s over %d steps.", train.Count(min(units, maxUnits), "unit"), len(rows[0][0])),
			Columns: above, XLabel: "step", First: first, Scale: plot.Scale{Low: low, High: 1},
		}
		if above == nil {
			s.Strips = append(s.Strips, input)
		}
		for i, name := range names {
			shown := rows[i][:min(units, maxUnits)]
			strip := plot.Strip{Label: name, Rows: shown}
			if most := largestOf(shown); most < 0.1 && name != "c" { // too pale to be seen
				strip.Label, strip.Scale = fmt.Sprintf("%s to %.2g", name, most), plot.Scale{Low: low * most, High: most}
			}
			s.Strips = append(s.Strips, strip)
			s.About += fmt.Sprintf(" %s %s.", name, reach(shown))
		}
		return s
	}
	largest := largestOf(rows[4])
	c := stack("The cell state c", -1, []string{"c"}, rows[4])
	c.Scale = plot.Scale{Low: -largest, High: largest}
	says := "Each row is a unit, each column a step: what the gates let through, and what is in the cell. Look for units that follow the input, and for forget gates " +
		"that stay full while a state is held."
	if units > maxUnits {
		says += fmt.Sprintf(" The first %d of %d units are shown.", maxUnits, units)
	}
	return panel{
		ID: "cell", Title: "Inside the cell", Says: says,
		Figures: []figure{
			{Caption: "The gates: input, forget, output; 0 is shut, 1 open.", Figure: stack("The gates i, f and o", 0, []string{"i", "f", "o"}, rows[0], rows[1], rows[2])},
			{Caption: "What is offered, g, and what is shown, h; below 0 striped.", Figure: stack("The candidate g and the hidden state h", -1, []string{"g", "h"}, rows[3], rows[5])},
			{Caption: "What is kept, c; below 0 striped.", Figure: c},
		},
	}
}

// largestOf returns the largest magnitude in a heat map, or what is nearly nothing.
func largestOf(rows [][]float64) float64 {
	largest := 1e-9
	for _, row := range rows {
		for _, v := range row {
			largest = max(largest, math.Abs(v))
		}
	}
	return largest
}

// reach says in words what a heat map shows.
func reach(rows [][]float64) string {
	low, high, sum, n := math.Inf(1), math.Inf(-1), 0.0, 0
	for _, row := range rows {
		for _, v := range row {
			low, high, sum, n = min(low, v), max(high, v), sum+v, n+1
		}
	}
	return fmt.Sprintf("goes from %.2g to %.2g, %.2g in the mean", low, high, sum/float64(n))
}

// extent returns how many entries were measured, and how many there are.
func extent(params *cell.Params, proof *train.Proof) (measured, all int) {
	for _, r := range proof.Results {
		measured += len(r.Entries)
	}
	return measured, len(params.All) + 2*params.H + proof.T*params.X
}

func checked(params *cell.Params, proof *train.Proof) panel {
	p := panel{ID: "check", Title: "The check", Figures: entries(proof.Results)}
	measured, all := extent(params, proof)
	which := "Every entry's slope"
	if measured < all {
		which = fmt.Sprintf("A sample, %d of %d entries: the slope of each", measured, all)
	}
	p.Says = which + ", as the loss shows it, against what came back through time: the pairs lie on the diagonal if the gradient is right. " +
		"An entry is wrong if it is off by more than 1e-7 of itself and its error bar, and not resolved if the bar is more than 1e-7 of the largest entry of its block."
	for _, b := range params.Blocks() {
		if b.Name[0] != 'W' {
			continue
		}
		cols := params.H
		if b.Name == "Wy" {
			cols = params.O
		}
		var g grid
		off, verdicts := proof.Matrix(params, b, cols)
		for i, row := range off {
			g.row()
			for j, v := range row {
				g.add(v, verdicts[i][j])
			}
		}
		p.Figures = append(p.Figures, matrix(b.Name, g))
	}
	return p
}

func wayBack(r *train.Run, l *train.Look, wrong bool) panel {
	t := from(l.From, l.T)
	window, stride := r.Truncation()
	cut := false
	for i, row := range l.Through {
		cut = cut || slices.Contains(row[:i+1], false)
	}
	p := panel{
		ID: "back", Title: "The gradient's way back",
		Says: "From right to left: how strongly the loss depends on the state of each step, and how much each step's loss has to say to each step before. " +
			"A forget gate that is open lets the gradient through, and one that is not takes its share at every step.",
	}
	if wrong {
		p.Says += " But this gradient is wrong, and so are these figures: they show what the mistake makes of it."
	}
	norms := "How strongly the loss depends on the state of each step."
	if cut {
		norms += " This is the whole gradient: truncation would stop it on the way."
	}
	p.Figures = []figure{
		{Caption: norms, Figure: &plot.Chart{
			Title: "The norms of the gradient over time",
			About: fmt.Sprintf("‖dL/dh‖ is %.1e at step %d and %.1e at the last, and ‖dL/dc‖ %.1e and %.1e.", l.DH[0], l.From, last(l.DH), l.DC[0], last(l.DC)),
			X:     plot.Axis{Label: "step", Whole: true}, Y: plot.Axis{Log: true},
			Lines: []plot.Line{{Name: "‖dL/dh_t‖", X: t, Y: l.DH}, {Name: "‖dL/dc_t‖", X: t, Y: l.DC}},
		}},
		{Caption: "What a forget bias does to it, in the network as it was drawn, before training. The slope tells how fast it is lost.", Figure: forgetting(l)},
	}
	if l.M == 1 { // one row of C says all
		c := &plot.Chart{
			Title: "The shares C[T, τ] of the gradient",
			About: fmt.Sprintf("By way of the last step %.1e, by way of step %d %.1e, by way of step %d %.1e.", last(last(l.Share)), l.From+l.T/2, last(l.Share)[l.T/2], l.From, last(l.Share)[0]),
			X:     plot.Axis{Label: "step τ", Whole: true}, Y: plot.Axis{Log: true},
			Lines: []plot.Line{{Name: "‖C[T, τ]‖", X: t, Y: last(l.Share)}},
		}
		says := "Nothing of it is cut off by truncation."
		if cut {
			says = fmt.Sprintf("Of it, truncation leaves what is right of the line: every %d steps, back through %d.", stride, window)
			c.Rules = []plot.Rule{{Name: "truncation", At: float64(l.From + slices.Index(last(l.Through), true)), Vertical: true}}
		}
		p.Figures = append(p.Figures, figure{
			Caption: "‖C[T, τ]‖: the part of the gradient of the last step's loss that comes to W and b through step τ. Only this step's output has a target. " + says, Figure: c})
		return p
	}
	says := "The frame is what the gradient takes in: here all of it."
	if cut {
		says = fmt.Sprintf("The frame is what truncation leaves: every %d steps, back through %d.", stride, window)
	}
	largest := math.SmallestNonzeroFloat64
	for _, row := range l.Share {
		largest = max(largest, slices.Max(row))
	}
	share := make([][]float64, l.T)
	for i, row := range l.Share {
		for _, v := range row {
			if v /= largest; v > 0 {
				v = math.Log10(v)
			} else {
				v = math.NaN()
			}
			share[i] = append(share[i], v)
		}
	}
	p.Figures = append(p.Figures, figure{
		Caption: "‖C[t, τ]‖: the part of the gradient of step t's loss (down) that comes to W and b through step τ (across), in powers of ten. Dotted: nothing, as no loss depends on a step that comes later. " + says,
		Figure: &plot.Stack{
			Title: "The shares C[t, τ] of the gradient",
			About: fmt.Sprintf("Of the last step's loss, as parts of the largest share of any: %.1g goes by way of the last step, %.1g by way of step %d, %.1g by way of step %d.",
				last(last(l.Share))/largest, last(l.Share)[l.T/2]/largest, l.From+l.T/2, last(l.Share)[0]/largest, l.From),
			First:  l.From,
			Strips: []plot.Strip{{Label: "t", Rows: share, Dots: true, Edge: l.Through, Tall: min(12, 320/float64(l.T))}},
			XLabel: "τ", Scale: plot.Scale{Low: -8, High: 0, Names: [2]string{"10⁻⁸ or less", "the largest"}},
		}})
	return p
}

// forgetting draws how the gradient comes back through forget gates of several biases.
func forgetting(l *train.Look) *plot.Chart {
	c := &plot.Chart{
		Title: "The gradient of the last step's loss, on its way back in the network as it was drawn",
		About: "The norm of dL/dc at each step, by the bias of the forget gates.",
		X:     plot.Axis{Label: "step", Whole: true}, Y: plot.Axis{Label: "‖dL/dc_t‖, of the last step's loss", Log: true},
	}
	for i, b := range l.Biases {
		name := fmt.Sprintf("forget bias %g", b)
		c.Lines = append(c.Lines, plot.Line{Name: name, X: from(l.From, l.T), Y: l.Forget[i]})
		c.About += fmt.Sprintf(" %s: %.1e at the first step, %.1e at the last.", name, l.Forget[i][0], l.Forget[i][l.T-1])
	}
	return c
}
