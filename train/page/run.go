package page

import (
	"cmp"
	"fmt"
	"math"
	"path/filepath"
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
	if best := r.KeepBest(); best < r.Iter {
		fact("shown", fmt.Sprintf("the network after %s, which validated best", train.Count(best, r.Task.Unit)))
	}
	if r.Task.Result != nil {
		fact("result", fmt.Sprintf("%s: %.4g", r.Task.Says, r.Task.Result(r)))
	}
	if came != "" {
		fact("result", came)
	}
	switch {
	case proof != nil:
		p.Right, p.Verdict = proof.Verdict()
		for _, line := range proof.Unfair {
			fact("not fair", line)
		}
		var where strings.Builder
		if proof.Where(&where); where.Len() > 0 {
			open := panel{
				ID: "where", Title: "What is left open", Text: where.String(),
				Says: "Block by block, an entry whose error bar is too wide to tell. Where a gradient is nearly nothing beside the loss, rounding hides it.",
			}
			if proof.Wrong() {
				open.Title = "Where the gradient is wrong"
				open.Says = "Block by block, what backpropagation says beside what was measured; then the place that is wrong first on the way back, and what would give these numbers."
			}
			p.Panels = append(p.Panels, open)
		}
	case quick == nil:
		p.Verdict = "The gradient was not checked."
	case quick.Verdict == check.Right:
		p.Right, p.Verdict = true, fmt.Sprintf("Grads are ok along a random direction, by %d losses.", quick.Losses)
	case quick.Verdict == check.Wrong:
		p.Verdict = "Grads are wrong: " + strings.Join(quick.Culprits, " ") + "."
	default:
		p.Verdict = "Grads are not proven: along a random direction the error bar is too wide."
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
	steps, err := r.StepSize(l)
	if err != nil {
		return nil, err
	}
	at := steps.Entry
	says := fmt.Sprintf("The simplest check moves one parameter by δ to both sides: with a large δ the loss bends in between, with a small one "+
		"its last digits are divided by next to nothing. Here is how far that is off at %s, whose gradient is %.2g, and where the checker's "+
		"extrapolation (Ridders) arrives.", at.Name, at.Analytic)
	if stays(at) {
		says = fmt.Sprintf("At %s the gradient is %.4g by backpropagation, and %.4g as measured. Where a gradient is right its error falls with δ²; "+
			"where it is wrong the error stays.", at.Name, at.Analytic, at.Numeric)
	}
	p.Panels = append(p.Panels, panel{
		ID: "steps", Title: "Which step to measure with", Says: says,
		Figures: []figure{{Figure: stepSizes(steps.At, steps.Off, steps.Rounding, at)}},
	}, wayBack(r, l))
	return p.html(), nil
}

func training(r *train.Run) panel {
	h := r.Past
	x := make([]float64, len(h.Iter))
	for i, k := range h.Iter {
		x[i] = float64(k)
	}
	name := r.Task.Shown
	if name == "" {
		name = "loss of a sequence"
	}
	base := r.Baseline()
	begins := ""
	if r.Task.From != 0 {
		begins = fmt.Sprintf(" (The average of this task begins at %v, as that of the script did.)", r.Task.From)
	}
	chart := &plot.Chart{
		Title: "The loss over the iterations",
		X:     plot.Axis{Label: r.Task.Unit}, Y: plot.Axis{Label: name, Log: true},
		Lines: []plot.Line{{Name: "of each iteration", X: x, Y: h.Loss, Pale: true}, {Name: "moving average", X: x, Y: h.Average}},
		Rules: []plot.Rule{{Name: fmt.Sprintf("best constant output: %.3g", base), At: base}},
	}
	if n := len(x); n > 0 {
		chart.About = fmt.Sprintf("The moving average goes from %.3g to %.3g; to say the same at every step would give %.3g.", h.Average[0], h.Average[n-1], base)
	}
	p := panel{
		ID: "loss", Title: "Training",
		Says: "The loss differs from iteration to iteration, so look at its moving average; the scale is logarithmic. " +
			"The dashed line is what the best constant output would have, and a network that ignores its input." + begins,
		Figures: []figure{{Figure: chart}},
	}
	if n := len(h.Valid); n > 0 {
		at := make([]float64, n)
		least := 0
		for i, k := range h.ValidIter {
			at[i] = float64(k)
			if h.Valid[i] < h.Valid[least] {
				least = i
			}
		}
		p.Says += " Where the error on the part that validates no longer falls, the network begins to learn its data by heart."
		p.Figures = append(p.Figures, figure{Caption: "What it does on the part that it is not trained on.", Figure: &plot.Chart{
			Title: "The error on the part that validates",
			About: fmt.Sprintf("It goes from %.3g to %.3g, and is least after %d, %.3g.", h.Valid[0], h.Valid[n-1], h.ValidIter[least], h.Valid[least]),
			X:     plot.Axis{Label: r.Task.Unit}, Y: plot.Axis{Label: "error of the part that validates", Log: true},
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
	var gates [4][]float64
	var c, h []float64
	for _, s := range l.Steps[from:] {
		for n := range gates {
			gates[n] = append(gates[n], s.Gates[n*H:(n+1)*H]...)
		}
		c, h = append(c, s.C...), append(h, s.H...)
	}
	input := plot.Strip{Label: "x", Names: r.Task.Inputs}
	var above []string
	switch {
	case X > maxNames:
		above = letters(r.Task, l)
	case X > 3:
		input.Rows, input.Scale = transpose(l.X, X), plot.Scale{Low: -1, High: 1}
	default:
		input.Lines = transpose(l.X, X)
	}
	return inside(input, above, [6][][]float64{
		transpose(gates[0], H), transpose(gates[1], H), transpose(gates[2], H), transpose(gates[3], H), transpose(c, H), transpose(h, H),
	})
}

// inside draws the gates i, f, o, g, and c and h, as rows of units, under the input, or letters
// for it.
func inside(input plot.Strip, above []string, rows [6][][]float64) panel {
	units := len(rows[0])
	stack := func(title string, low float64, names []string, rows ...[][]float64) *plot.Stack {
		s := &plot.Stack{
			Title: title, About: fmt.Sprintf("%s over %d steps.", train.Count(units, "unit"), len(rows[0][0])),
			Columns: above, XLabel: "step", Scale: plot.Scale{Low: low, High: 1},
		}
		if above == nil {
			s.Strips = append(s.Strips, input)
		}
		for i, name := range names {
			s.Strips = append(s.Strips, plot.Strip{Label: name, Rows: rows[i][:min(units, maxUnits)]})
			s.About += fmt.Sprintf(" %s %s.", name, reach(rows[i]))
		}
		return s
	}
	largest := 1e-9
	for _, row := range rows[4] {
		for _, v := range row {
			largest = max(largest, math.Abs(v))
		}
	}
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

func checked(params *cell.Params, proof *train.Proof) panel {
	p := panel{
		ID: "check", Title: "The check",
		Says: "Every entry's slope, as the loss shows it, against what came back through time: the pairs lie on the diagonal if the gradient is right. " +
			"How far the worst of each block is off stands beside how well that could be measured, and the tolerance.",
		Figures: entries(proof.Results),
	}
	for _, b := range params.Blocks() {
		if b.Name[0] != 'W' {
			continue
		}
		cols := params.H
		if b.Name == "Wy" {
			cols = params.O
		}
		if len(b.Index) > 128*128 {
			continue
		}
		off, wrong := proof.Matrix(params, b, cols)
		p.Figures = append(p.Figures, figure{Caption: caption(b.Name), Figure: matrix(b.Name, off, wrong)})
	}
	return p
}

// caption says what a matrix of errors shows.
func caption(name string) string {
	switch name {
	case "Wi":
		return "How far each entry of Wi is off, relatively: a row for each input and then each unit that it comes from, a column for each unit that it goes to. Dotted: not measured."
	case "Wy":
		return "Of Wy: a row for each unit, a column for each output."
	}
	return "Of " + name + ", in the same way."
}

// matrix draws the relative errors of a matrix.
func matrix(name string, off [][]float64, wrong [][]bool) *plot.Stack {
	n, bad, most := 0, 0, 0.0
	for i, row := range off {
		for j, v := range row {
			if !math.IsNaN(v) {
				n++
				most = max(most, v)
			}
			if wrong[i][j] {
				bad++
			}
		}
	}
	return &plot.Stack{
		Title:  "The relative error of every entry of " + name,
		About:  fmt.Sprintf("%d rows and %d columns, %d of them measured; %d are wrong and framed, and the largest error is %.0e.", len(off), len(off[0]), n, bad, most),
		Strips: []plot.Strip{{Label: name, Rows: logarithms(off), Edge: wrong, Dots: true}},
		Scale:  errorScale,
	}
}

func wayBack(r *train.Run, l *train.Look) panel {
	t := upTo(l.T)
	share := make([][]float64, l.T)
	largest := math.SmallestNonzeroFloat64
	for _, row := range l.Share {
		for _, v := range row {
			largest = max(largest, v)
		}
	}
	cut := false
	for i, row := range l.Share {
		for k, v := range row {
			s := math.NaN()
			if v > 0 {
				s = math.Log10(v / largest)
			}
			share[i] = append(share[i], s)
			cut = cut || k <= i && !l.Through[i][k]
		}
	}
	window, stride := r.Truncation()
	says := "The frame is what the gradient takes in: here all of it."
	if cut {
		says = fmt.Sprintf("The frame is what truncation leaves: every %d steps, back through %d.", stride, window)
	}
	norms := "How strongly the loss depends on the state of each step."
	if cut {
		norms += " This is the loss of all steps shown, and its whole gradient: truncation would stop it on the way."
	}
	return panel{
		ID: "back", Title: "The gradient's way back",
		Says: "From right to left: how strongly the loss depends on the state of each step, and how much each step's loss has to say to each step before. " +
			"A forget gate that is open lets the gradient through, and one that is not takes its share at every step.",
		Figures: []figure{
			{Caption: norms, Figure: &plot.Chart{
				Title: "The norms of the gradient over time",
				About: fmt.Sprintf("‖dL/dh‖ is %.1e at the first step, and ‖dL/dc‖ %.1e.", l.DH[0], l.DC[0]),
				X:     plot.Axis{Label: "step"}, Y: plot.Axis{Log: true},
				Lines: []plot.Line{{Name: "‖dL/dh_t‖", X: t, Y: l.DH}, {Name: "‖dL/dc_t‖", X: t, Y: l.DC}},
			}},
			{Caption: "What a forget bias does to it, before training.", Figure: forgetting(l)},
			{Caption: "‖C[t, τ]‖: the part of the gradient of step t's loss (down) that comes to W and b through step τ (across), in powers of ten. No step depends on one that comes later. " + says, Figure: &plot.Stack{
				Title: "The shares C[t, τ] of the gradient",
				About: fmt.Sprintf("Of the last step's loss, as parts of the largest share of any: %.1g goes by way of the last step, %.1g by way of step %d, %.1g by way of the first.",
					l.Share[l.T-1][l.T-1]/largest, l.Share[l.T-1][l.T/2]/largest, l.T/2, l.Share[l.T-1][0]/largest),
				Strips: []plot.Strip{{Rows: share, Edge: l.Through, Tall: min(12, 320/float64(l.T))}},
				XLabel: "τ", Scale: plot.Scale{Low: -8, High: 0, Names: [2]string{"10⁻⁸ or less", "the largest"}},
			}},
		},
	}
}

// forgetting draws how the gradient comes back through forget gates of several biases.
func forgetting(l *train.Look) *plot.Chart {
	c := &plot.Chart{
		Title: "The gradient of the last step's loss, on its way back before training",
		About: "The norm of dL/dc at each step, by the bias of the forget gates.",
		X:     plot.Axis{Label: "step"}, Y: plot.Axis{Label: "‖dL/dc_t‖, of the last step's loss", Log: true},
	}
	for i, b := range l.Biases {
		name := fmt.Sprintf("forget bias %g", b)
		c.Lines = append(c.Lines, plot.Line{Name: name, X: upTo(l.T), Y: l.Forget[i]})
		c.About += fmt.Sprintf(" %s: %.1e at the first step, %.1e at the last.", name, l.Forget[i][0], l.Forget[i][l.T-1])
	}
	return c
}
