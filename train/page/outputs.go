package page

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"lstm/bptt"
	"lstm/train/look"
	"lstm/train/plot"
	"lstm/train/series"
	"lstm/train/show"
)

const (
	maxNames   = 20 // rows with names
	maxLetters = 32 // steps with letters
)

// A sequence is a Look and the task's names for its numbers.
type sequence struct {
	*look.Look
	inputs, outputs []string   // names, or nil
	symbols         bool       // whether the outputs are logits of symbols
	scaled          string     // the quantity that was scaled for the network; "": none
	scaling         [2]float64 // its mean and its standard deviation
}

// cropped returns the first step to draw. With too many symbols for rows, the page draws only the
// last steps, which have room for letters.
func (s *sequence) cropped() int {
	if max(len(s.inputs), len(s.outputs)) > maxNames {
		return max(0, s.T-maxLetters)
	}
	return 0
}

// letters returns the input symbol of each step that is drawn. It returns nil if the inputs are not
// symbols, if a symbol has several letters, or if there is no room.
func (s *sequence) letters() (all []string) {
	from, X := s.cropped(), len(s.X)/s.T
	if len(s.inputs) < 2 || s.T-from > maxLetters {
		return nil
	}
	for t := from; t < s.T; t++ {
		name := s.inputs[likeliest(s.X[t*X:(t+1)*X])]
		switch {
		case strings.HasPrefix(name, "U+"): // the name of an invisible symbol
			name = "·"
		case utf8.RuneCountInString(name) > 1:
			return nil
		}
		all = append(all, name)
	}
	return all
}

// steps names the steps that are drawn, from step from of the Look on.
func (s *sequence) steps(from int) string {
	if n := s.From + s.T; s.From+from > 0 {
		return fmt.Sprintf("The last %d of %d steps of a new sequence: ", s.T-from, n)
	}
	return "A new sequence: "
}

func insideRun(s *sequence) panel {
	X, H, from := len(s.X)/s.T, len(s.Steps[0].H), s.cropped()
	var rows trace
	for n := range rows {
		var all []float64
		for _, step := range s.Steps[from:] {
			switch n {
			case 4:
				all = append(all, step.C...)
			case 5:
				all = append(all, step.H...)
			default:
				all = append(all, step.Gates[n*H:(n+1)*H]...)
			}
		}
		rows[n] = transpose(all, H)
	}
	input := plot.Strip{Label: "x", Names: s.inputs}
	if x := transpose(s.X[from*X:], X); X > 3 {
		input.Rows, input.Scale = x, plot.Scale{Low: -1, High: 1}
	} else {
		input.Lines = x
	}
	var above []string // replaces the rows of the input if they are too many to have names
	if X > maxNames {
		above = s.letters()
	}
	return inside(input, above, s.From+from, rows)
}

func outputs(s *sequence) panel {
	if s.symbols {
		return likely(s)
	}
	O, t := len(s.Y)/s.T, count(s.From, s.T)
	chart := &plot.Chart{
		Title: "Outputs and targets over the steps",
		About: fmt.Sprintf("%s over %d steps. The root mean square error is %.2g; the target goes from %.2g to %.2g.",
			show.Count(O, "output"), s.T, series.RMS(s.Y[(s.T-s.M)*O:], s.Target), slices.Min(s.Target), slices.Max(s.Target)),
		X: plot.Axis{Label: "step", Whole: true},
	}
	for o := range O {
		name := ""
		if O > 1 {
			name = fmt.Sprintf(" %d", o)
		}
		chart.Lines = append(chart.Lines, plot.Line{Name: "output" + name, X: t, Y: column(s.Y, O, o)})
		if target := column(s.Target, O, o); s.M > 1 {
			chart.Lines = append(chart.Lines, plot.Line{Name: "target" + name, X: t[s.T-s.M:], Y: target})
		} else {
			chart.Points = append(chart.Points, plot.Points{Name: "target" + name, X: t[s.T-s.M:], Y: target, Mark: plot.Cross})
		}
	}
	p := panel{
		ID: "output", Title: "Output and target", Figures: []figure{{Figure: chart}},
		Says: s.steps(0) + "the output of every step and its target. Where they differ, look at the gates below.",
	}
	if s.M == 1 {
		p.Says = s.steps(0) + "the output of every step. " + lastTarget
	}
	if s.scaled != "" {
		chart.Y.Label = "scaled " + s.scaled
		p.Says += fmt.Sprintf(" The network sees each %s minus the mean, %.3g, and divided by the standard deviation, %.3g.", s.scaled, s.scaling[0], s.scaling[1])
	}
	return p
}

const lastTarget = "Only the last step has a target; an earlier output shows when the network notices something."

// likely draws the probabilities of the symbols.
func likely(s *sequence) panel {
	O, from, right := len(s.Y)/s.T, s.cropped(), 0
	y, target := make([]float64, s.T*O), make([]float64, s.T*O)
	copy(target[(s.T-s.M)*O:], s.Target)
	for t := range s.T {
		p := y[t*O : (t+1)*O]
		bptt.Softmax(p, s.Y[t*O:(t+1)*O])
		if t >= max(from, s.T-s.M) && likeliest(p) == likeliest(target[t*O:(t+1)*O]) {
			right++
		}
	}
	p := panel{
		ID: "output", Title: "Output and target",
		Says: s.steps(from) + "a row for each symbol, a full cell for probability 1, and a frame around the symbol that comes. " +
			"One full cell in a column shows certainty; several pale cells show the symbols that the network expects.",
	}
	if s.M == 1 {
		p.Says = s.steps(from) + "a row for each answer, a full cell for probability 1, and a frame around the right answer. " + lastTarget
	}
	above := s.letters()
	if above != nil {
		p.Says += " The letters above are the inputs."
	}
	rows, comes := transpose(y[from*O:], O), transpose(target[from*O:], O)
	shown := foremost(rows, comes)
	if len(shown) < O {
		p.Says += fmt.Sprintf(" The figure shows the %d most frequent and most expected of %d symbols.", len(shown), O)
	}
	var strip plot.Strip
	for _, o := range shown {
		edge := make([]bool, len(comes[o]))
		for k, v := range comes[o] {
			edge[k] = v > 0.5
		}
		strip.Rows, strip.Edge = append(strip.Rows, rows[o]), append(strip.Edge, edge)
		if s.outputs != nil {
			strip.Names = append(strip.Names, s.outputs[o])
		}
	}
	p.Figures = []figure{{Figure: &plot.Stack{
		Title:   "The probability of each symbol, with the target framed",
		About:   fmt.Sprintf("%s with a target. At %d of them the likeliest of %d symbols is the target.", show.Count(min(s.M, s.T-from), "step"), right, O),
		Columns: above, Strips: []plot.Strip{strip}, XLabel: "step", First: s.From + from, Scale: plot.Scale{Low: 0, High: 1},
	}}}
	return p
}

// foremost returns the most frequent and most expected symbols, maxNames at most, in their own order.
func foremost(expected, comes [][]float64) (symbols []int) {
	weight := make([]float64, len(comes))
	for o := range comes {
		for k, v := range expected[o] {
			weight[o] += v + comes[o][k]
		}
		symbols = append(symbols, o)
	}
	slices.SortStableFunc(symbols, func(a, b int) int { return cmp.Compare(weight[b], weight[a]) })
	symbols = symbols[:min(len(symbols), maxNames)]
	slices.Sort(symbols)
	return symbols
}

func forecast(f *series.FreeRun) panel {
	n := len(f.Truth)
	x := count(0, n)
	return panel{
		ID: "forecast", Title: "Forecast",
		Says: "Right of the line, the free run uses each forecast as the next input, so small errors can grow. " +
			"One step ahead, the network sees the true value before each forecast.",
		Figures: []figure{{Figure: &plot.Chart{
			Title: "Forecasts of values that the network has not seen",
			About: fmt.Sprintf("%d values. The root mean square error is %.3g one step ahead and %.3g in the free run.", n, series.RMS(f.OneStep, f.Truth), series.RMS(f.Free, f.Truth)),
			X:     plot.Axis{Label: "steps since the start of the free run", Whole: true}, Y: plot.Axis{Label: f.Unit},
			Lines: []plot.Line{
				{Name: "the data", X: count(-len(f.Seen), len(f.Seen)+n), Y: slices.Concat(f.Seen, f.Truth)},
				{Name: "free run", X: x, Y: f.Free}, {Name: "one step ahead", X: x, Y: f.OneStep},
			},
			Rules: []plot.Rule{{Name: "start of the free run", At: 0, Vertical: true}},
		}}},
	}
}
