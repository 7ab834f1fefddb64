package page

import (
	"fmt"
	"math"
	"strings"

	"lstm/bptt"
	"lstm/cell"
	"lstm/check"
	"lstm/train"
	"lstm/train/plot"
)

// Figures show so many steps and units at most.
const (
	maxSteps = 128
	maxUnits = 32
)

// Run returns the page of a run that was trained, and how it was checked: entry by entry, or, if
// proof is nil, quickly, or, if quick is nil as well, not.
func Run(r *train.Run, proof *train.Proof, quick *check.Quick) ([]byte, error) {
	c := r.Config
	l := r.Look(maxSteps)
	p := &content{
		Title: fmt.Sprintf("An LSTM learns to %s", train.About(c.Task)),
		Lead:  r.Task.Note,
		Facts: [][2]string{
			{"network", fmt.Sprintf("%s, %s, %s: %d parameters", count(r.Params.X, "input"), count(r.Params.H, "hidden unit"), count(r.Params.O, "output"), len(r.Params.All))},
			{"training", fmt.Sprintf("%d of %s by %s, rate %v, seed %d", r.Iter, count(c.Steps, r.Task.Unit), c.Optimizer, c.Rate, c.Seed)},
		},
	}
	if c.Data != "" {
		p.Facts = append(p.Facts, [2]string{"data", strings.TrimSpace(c.Data + " " + c.Column)})
	}
	if window, stride := r.Truncation(); c.Window > 0 || c.Stride > 0 {
		p.Facts = append(p.Facts, [2]string{"gradient", fmt.Sprintf("every %s, back through %d", count(stride, "step"), window)})
	}
	if best := r.KeepBest(); best < r.Iter {
		p.Facts = append(p.Facts, [2]string{"shown", fmt.Sprintf("the network after %s, which validated best", count(best, r.Task.Unit))})
	}
	switch {
	case proof != nil:
		p.Right, p.Verdict = proof.Verdict()
		for _, line := range proof.Unfair {
			p.Facts = append(p.Facts, [2]string{"not fair", line})
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

// count returns "1 input", "2 inputs".
func count(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
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
	return panel{
		ID: "loss", Title: "Training",
		Says: "The loss differs from iteration to iteration, so look at its moving average; the scale is logarithmic. " +
			"The dashed line is what the best constant output would have, and a network that ignores its input." + begins,
		Figures: []figure{{Figure: chart}},
	}
}

func outputs(r *train.Run, l *train.Look) panel {
	O := r.Task.O
	p := panel{ID: "output", Title: "Output and target"}
	if _, symbols := r.Task.Loss.(bptt.CrossEntropy); symbols || O > 3 {
		y := l.Y
		if symbols {
			y = make([]float64, len(l.Y))
			for t := range l.T {
				bptt.Softmax(y[t*O:(t+1)*O], l.Y[t*O:(t+1)*O])
			}
		}
		target := make([]float64, len(l.Y))
		copy(target[len(target)-len(l.Target):], l.Target)
		p.Says = "What the network considers likely at each step, a row for each output, full for certain; below it, what should come, where that is asked. " +
			"One full cell in a column: it is sure; several pale ones: it knows what is possible and no more."
		p.Figures = []figure{{Figure: &plot.Stack{
			Title: "Outputs and targets over the steps", About: fmt.Sprintf("Heat maps of %d outputs over %d steps.", O, l.T),
			Strips: []plot.Strip{{Label: "output", Rows: transpose(y, O)}, {Label: "target", Rows: transpose(target, O)}},
			XLabel: "step", Scale: plot.Scale{Low: 0, High: 1},
		}}}
		return p
	}
	chart := &plot.Chart{
		Title: "Outputs and targets over the steps",
		About: fmt.Sprintf("%d outputs over %d steps of a sequence that it was not trained on.", O, l.T),
		X:     plot.Axis{Label: "step"}, Y: plot.Axis{},
	}
	t := upTo(l.T)
	asked := t[l.T-l.M:]
	for o := range O {
		name := ""
		if O > 1 {
			name = fmt.Sprintf(" %d", o)
		}
		chart.Lines = append(chart.Lines, plot.Line{Name: "output" + name, X: t, Y: column(l.Y, O, o)})
		if target := column(l.Target, O, o); l.M > 1 {
			chart.Lines = append(chart.Lines, plot.Line{Name: "target" + name, X: asked, Y: target})
		} else {
			chart.Points = append(chart.Points, plot.Points{Name: "target" + name, X: asked, Y: target, Mark: plot.Cross})
		}
	}
	p.Says = "A sequence that it was not trained on: the output of every step beside what it should be. " +
		"Where the two part, look further down which of the units is at its limits there."
	if l.M < l.T {
		p.Says = "A sequence that it was not trained on: the output of every step, though only that of the last has a target. " +
			"What it says before does not count, but shows when it takes note of something."
	}
	p.Figures = []figure{{Figure: chart}}
	return p
}

func forecast(f *train.FreeRun) panel {
	n := len(f.Truth)
	seen := upTo(len(f.Seen))
	for i := range seen {
		seen[i] -= float64(len(f.Seen))
	}
	truth := plot.Line{Name: "the data", X: append(seen, upTo(n)...), Y: append(append([]float64(nil), f.Seen...), f.Truth...)}
	return panel{
		ID: "forecast", Title: "Forecast",
		Says: "From the line on the network is on its own: each value that it forecasts is its next input, and small errors can grow. " +
			"One step ahead, it sees the true value before each.",
		Figures: []figure{{Figure: &plot.Chart{
			Title: "Forecasts of values that it has not seen",
			About: fmt.Sprintf("%d values, forecast one step ahead and running free.", n),
			X:     plot.Axis{Label: "step from where it starts"}, Y: plot.Axis{Label: f.Unit},
			Lines: []plot.Line{truth, {Name: "running free", X: upTo(n), Y: f.Free}, {Name: "one step ahead", X: upTo(n), Y: f.OneStep}},
			Rules: []plot.Rule{{Name: "it starts running free", At: 0, Vertical: true}},
		}}},
	}
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
	X, H := r.Task.X, r.Params.H
	var gates [4][]float64
	var c, h []float64
	for _, s := range l.Steps {
		for n := range gates {
			gates[n] = append(gates[n], s.Gates[n*H:(n+1)*H]...)
		}
		c, h = append(c, s.C...), append(h, s.H...)
	}
	return inside(transpose(l.X, X), [6][][]float64{
		transpose(gates[0], H), transpose(gates[1], H), transpose(gates[2], H), transpose(gates[3], H), transpose(c, H), transpose(h, H),
	})
}

// inside draws the gates i, f, o, g, and c and h, as rows of units, under the input.
func inside(x [][]float64, rows [6][][]float64) panel {
	units := len(rows[0])
	input := plot.Strip{Label: "x", Lines: x}
	if len(x) > 4 {
		input = plot.Strip{Label: "x", Rows: x, Scale: plot.Scale{Low: -1, High: 1}}
	}
	stack := func(title string, low float64, names []string, rows ...[][]float64) *plot.Stack {
		s := &plot.Stack{
			Title: title, About: fmt.Sprintf("Heat maps of %d units over %d steps, under the input.", units, len(x[0])),
			Strips: []plot.Strip{input}, XLabel: "step", Scale: plot.Scale{Low: low, High: 1},
		}
		for i, name := range names {
			s.Strips = append(s.Strips, plot.Strip{Label: name, Rows: rows[i][:min(units, maxUnits)]})
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
		return "How far each entry of Wi is off, relatively: a row for each input and then each unit that it comes from, a column for each unit that it goes to. A dot: not measured."
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
	largest := 0.0
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
	forget := &plot.Chart{
		Title: "The gradient of the last step's loss, on its way back before training",
		About: "The norm of dL/dc at each step, by the bias of the forget gates.",
		X:     plot.Axis{Label: "step"}, Y: plot.Axis{Label: "‖dL/dc_t‖, of the last step's loss", Log: true},
	}
	for i, b := range l.Biases {
		name := fmt.Sprintf("forget bias %g", b)
		forget.Lines = append(forget.Lines, plot.Line{Name: name, X: t, Y: l.Forget[i]})
		forget.About += fmt.Sprintf(" %s: %.1e at the first step, %.1e at the last.", name, l.Forget[i][0], l.Forget[i][l.T-1])
	}
	return panel{
		ID: "back", Title: "The gradient's way back",
		Says: "From right to left: how strongly the loss depends on the state of each step, and how much each step's loss has to say to each step before. " +
			"A forget gate that is open lets the gradient through, and one that is not takes its share at every step.",
		Figures: []figure{
			{Caption: "How strongly the loss depends on the state of each step.", Figure: &plot.Chart{
				Title: "The norms of the gradient over time",
				About: fmt.Sprintf("‖dL/dh‖ is %.1e at the first step, and ‖dL/dc‖ %.1e.", l.DH[0], l.DC[0]),
				X:     plot.Axis{Label: "step"}, Y: plot.Axis{Log: true},
				Lines: []plot.Line{{Name: "‖dL/dh_t‖", X: t, Y: l.DH}, {Name: "‖dL/dc_t‖", X: t, Y: l.DC}},
			}},
			{Caption: "‖C[t, τ]‖: the part of the gradient of step t's loss (down) that comes to W and b through step τ (across), in powers of ten. " + says, Figure: &plot.Stack{
				Title:  "The shares C[t, τ] of the gradient",
				About:  fmt.Sprintf("%d by %d steps, in powers of ten of the largest.", l.T, l.T),
				Strips: []plot.Strip{{Rows: share, Edge: l.Through, Tall: min(12, 320/float64(l.T))}},
				XLabel: "τ", Scale: plot.Scale{Low: -8, High: 0, Names: [2]string{"10⁻⁸ or less", "the largest"}},
			}},
			{Caption: "What a forget bias does to it, before training.", Figure: forget},
		},
	}
}
