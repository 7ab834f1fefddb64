package page

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"lstm/bptt"
	"lstm/train"
	"lstm/train/plot"
)

func outputs(r *train.Run, l *train.Look) panel {
	O := r.Task.O
	if _, symbols := r.Task.Loss.(bptt.CrossEntropy); symbols {
		return likely(r.Task, l)
	}
	p := panel{ID: "output", Title: "Output and target"}
	chart := &plot.Chart{
		Title: "Outputs and targets over the steps",
		About: fmt.Sprintf("%s over %d steps; the root mean square of what is off is %.2g, and the target goes from %.2g to %.2g.",
			train.Count(O, "output"), l.T, rms(l.Y[(l.T-l.M)*O:], l.Target), slices.Min(l.Target), slices.Max(l.Target)),
		X: plot.Axis{Label: "step", Whole: true},
	}
	t := from(l.From, l.T)
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
	p.Says = afresh(l, 0) + "the output of every step beside what it should be. " +
		"Where the two part, look further down what the gates do there."
	if l.M < l.T {
		p.Says = afresh(l, 0) + "the output of every step, though only that of the last has a target. " +
			"What comes out before does not count, but shows when the network takes note of something."
	}
	if len(r.Task.Scaling) == 2 {
		what := "value"
		if r.Config.Diff {
			what = "difference to the one before"
		}
		chart.Y.Label = "scaled " + what
		p.Says += fmt.Sprintf(" The network is told the %s, less the mean, %.3g, and divided by the deviation, %.3g.", what, r.Task.Scaling[0], r.Task.Scaling[1])
	}
	p.Figures = []figure{{Figure: chart}}
	return p
}

// afresh says what is shown, of which the first steps may be left out.
func afresh(l *train.Look, from int) string {
	if n := l.From + l.T; l.From+from > 0 {
		return fmt.Sprintf("The last %d of %d steps of a sequence drawn afresh: ", l.T-from, n)
	}
	return "A sequence drawn afresh: "
}

// cropped returns the first step that is shown. Where symbols are more than there is room for as
// rows, they stand as letters over the last few steps.
func cropped(task *train.Task, l *train.Look) int {
	if max(len(task.Inputs), len(task.Outputs)) > maxNames {
		return max(0, l.T-maxLetters)
	}
	return 0
}

// letters returns the inputs of the steps that are shown, or nil where these are not symbols of one
// letter, or there is no room.
func letters(task *train.Task, l *train.Look) (all []string) {
	from := cropped(task, l)
	if len(task.Inputs) < 2 || l.T-from > maxLetters {
		return nil
	}
	for t := from; t < l.T; t++ {
		name := task.Inputs[largest(l.X[t*task.X:(t+1)*task.X])]
		switch {
		case strings.HasPrefix(name, "U+"): // what cannot be seen
			name = "·"
		case utf8.RuneCountInString(name) > 1:
			return nil
		}
		all = append(all, name)
	}
	return all
}

// largest returns the place of the largest number.
func largest(x []float64) int { return slices.Index(x, slices.Max(x)) }

// likely draws which symbols the network considers likely to come.
func likely(task *train.Task, l *train.Look) panel {
	O, from := task.O, cropped(task, l)
	y, target := make([]float64, l.T*O), make([]float64, l.T*O)
	copy(target[(l.T-l.M)*O:], l.Target)
	right := 0
	for t := range l.T {
		p := y[t*O : (t+1)*O]
		bptt.Softmax(p, l.Y[t*O:(t+1)*O])
		if t >= max(from, l.T-l.M) && largest(p) == largest(target[t*O:(t+1)*O]) {
			right++
		}
	}
	rows, comes := transpose(y[from*O:], O), transpose(target[from*O:], O)
	show := make([]int, O)
	for o := range show {
		show[o] = o
	}
	p := panel{
		ID: "output", Title: "Output and target",
		Says: afresh(l, from) + "how likely the network considers each symbol to come next, a row for each, full for certain; what does come is framed. " +
			"One full cell in a column: it is sure; several pale ones: it knows what is possible and no more.",
	}
	if l.M == 1 {
		p.Says = afresh(l, from) + "how likely the network considers each answer, a row for each, full for certain; the right one is framed. " +
			"Only the output of the last step has a target; what comes out before does not count, but shows when the network takes note of something."
	}
	above := letters(task, l)
	if above != nil {
		p.Says += " Above stands what it has just read."
	}
	if O > maxNames {
		p.Says += fmt.Sprintf(" Of %d symbols these are the %d that come, or are expected, most.", O, maxNames)
		weight := make([]float64, O)
		for o := range weight {
			for k, v := range rows[o] {
				weight[o] += v + comes[o][k]
			}
		}
		slices.SortStableFunc(show, func(a, b int) int { return cmp.Compare(weight[b], weight[a]) })
		show = show[:maxNames]
		slices.Sort(show)
	}
	var strip plot.Strip
	for _, o := range show {
		edge := make([]bool, len(comes[o]))
		for k, v := range comes[o] {
			edge[k] = v > 0.5
		}
		strip.Rows, strip.Edge = append(strip.Rows, rows[o]), append(strip.Edge, edge)
		if task.Outputs != nil {
			strip.Names = append(strip.Names, task.Outputs[o])
		}
	}
	p.Figures = []figure{{Figure: &plot.Stack{
		Title:   "Outputs over the steps, the targets framed",
		About:   fmt.Sprintf("At %s there is a target; at %d of these the likeliest of %d symbols is the one that comes.", train.Count(min(l.M, l.T-from), "step"), right, O),
		Columns: above, Strips: []plot.Strip{strip}, XLabel: "step", First: l.From + from, Scale: plot.Scale{Low: 0, High: 1},
	}}}
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
			About: fmt.Sprintf("%d values: forecasts one step ahead are off by %.3g, those running free by %.3g.", n, rms(f.OneStep, f.Truth), rms(f.Free, f.Truth)),
			X:     plot.Axis{Label: "step from where it starts", Whole: true}, Y: plot.Axis{Label: f.Unit},
			Lines: []plot.Line{truth, {Name: "running free", X: upTo(n), Y: f.Free}, {Name: "one step ahead", X: upTo(n), Y: f.OneStep}},
			Rules: []plot.Rule{{Name: "it starts running free", At: 0, Vertical: true}},
		}}},
	}
}
