package runpage

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"lstm/bptt"
	"lstm/train/look"
	"lstm/train/page"
	"lstm/train/page/panel"
	"lstm/train/plot"
	"lstm/train/series"
	"lstm/train/show"
	"lstm/train/task"
)

const (
	maxNames   = 20 // rows with names
	maxLetters = 32 // steps with letters
)

// A sequence is a Look and its task, which names the inputs and outputs.
type sequence struct {
	*look.Look
	task   *task.Task
	scaled string // the quantity that the task scales; "": no quantity
}

// cropped returns the first step to draw. If each symbol cannot have a row, the page draws only the
// last steps, so that letters have room.
func (s *sequence) cropped() int {
	if max(len(s.task.Inputs), len(s.task.Outputs)) > maxNames {
		return max(0, s.T-maxLetters)
	}
	return 0
}

// letters returns the input symbol of each step that is drawn. It returns nil if the inputs are not
// symbols, if a symbol has several letters, or if there is no room.
func (s *sequence) letters() (all []string) {
	from, X := s.cropped(), len(s.X)/s.T
	if len(s.task.Inputs) < 2 || s.T-from > maxLetters {
		return nil
	}
	for x := range slices.Chunk(s.X[from*X:], X) {
		name := s.task.Inputs[likeliest(x)]
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

// steps names the steps that the page draws. The first is step from of the Look.
func (s *sequence) steps(from int) string {
	if n := s.From + s.T; s.From+from > 0 {
		return fmt.Sprintf("The last %d of %d steps of a new sequence: ", s.T-from, n)
	}
	return "A new sequence: "
}

func insideRun(s *sequence) page.Panel {
	X, H, from := len(s.X)/s.T, len(s.Steps[0].H), s.cropped()
	var steps []panel.State
	for _, c := range s.Steps[from:] {
		steps = append(steps, panel.State{c.Gates[:H], c.Gates[H : 2*H], c.Gates[2*H : 3*H], c.Gates[3*H:], c.C, c.H})
	}
	input := plot.Strip{Label: "x", Names: s.task.Inputs}
	if x := panel.Transpose(s.X[from*X:], X); X > 3 {
		input.Rows, input.Scale = x, plot.Scale{Low: -1, High: 1}
	} else {
		input.Lines = x
	}
	var above []string // replaces the rows of the input if they are too many to have names
	if X > maxNames {
		above = s.letters()
	}
	return panel.Inside(input, above, s.From+from, steps)
}

const lastTarget = "Only the last step has a target. The earlier outputs show when the network notices an important input."

func outputs(s *sequence) page.Panel {
	if s.task.Loss.Symbols() {
		return likely(s)
	}
	O, t := len(s.Y)/s.T, panel.Count(s.From, s.T)
	y, target := panel.Transpose(s.Y, O), panel.Transpose(s.Target, O)
	chart := &plot.Chart{
		Title: "Outputs and targets over the steps",
		About: fmt.Sprintf("%s over %d steps. The root mean square error is %.2g; the target goes from %.2g to %.2g.",
			show.Count(O, "output"), s.T, series.RMS(s.Y[(s.T-s.M)*O:], s.Target), slices.Min(s.Target), slices.Max(s.Target)),
		X: plot.Axis{Label: "step", Whole: true},
	}
	p := page.Panel{
		ID: "output", Title: "Output and target", Figures: []page.Figure{{Figure: chart}},
		Says: s.steps(0) + "the output of every step and its target. Where they differ, look at the gates below.",
	}
	mark := ""
	if s.M == 1 {
		mark, p.Says = plot.Cross, s.steps(0)+"the output of every step. "+lastTarget
	}
	for o := range O {
		name := ""
		if O > 1 {
			name = fmt.Sprintf(" %d", o)
		}
		chart.Lines = append(chart.Lines, plot.Line{Name: "output" + name, X: t, Y: y[o]}, plot.Line{Name: "target" + name, X: t[s.T-s.M:], Y: target[o], Mark: mark})
	}
	if s.scaled != "" {
		chart.Y.Label = "scaled " + s.scaled
		p.Says += fmt.Sprintf(" The network's input is each %s minus the mean, %.3g, divided by the standard deviation, %.3g.", s.scaled, s.task.Data.Scaling[0], s.task.Data.Scaling[1])
	}
	return p
}

// likely draws the probabilities of the symbols.
func likely(s *sequence) page.Panel {
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
	p := page.Panel{
		ID: "output", Title: "Output and target",
		Says: s.steps(from) + "a row for each symbol, a full cell for probability 1, and a frame around the next symbol. " +
			"If the network is certain, a column has one full cell. If not, several pale cells show the symbols that it expects.",
	}
	if s.M == 1 {
		p.Says = s.steps(from) + "a row for each answer, a full cell for probability 1, and a frame around the right answer. " + lastTarget
	}
	above := s.letters()
	if above != nil {
		p.Says += " The letters above are the inputs."
	}
	rows, comes := panel.Transpose(y[from*O:], O), panel.Transpose(target[from*O:], O)
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
		if s.task.Outputs != nil {
			strip.Names = append(strip.Names, s.task.Outputs[o])
		}
	}
	p.Figures = []page.Figure{{Figure: &plot.Stack{
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

// wayBack shows the gradient on its way back. Truncation sends it back every l.Stride steps, through
// l.Window steps.
func wayBack(l *look.Look, wrong bool) page.Panel {
	p := page.Panel{
		ID: "back", Title: "The gradient's way back",
		Says: "Read from right to left. The figures show how strongly the loss depends on the state of each step. " +
			"An open forget gate passes the gradient on. A gate that is partly shut makes it smaller at every step.",
	}
	if wrong {
		p.Says += " This gradient is wrong, so the figures show the effect of the mistake."
	}
	norms, truncation := "The norm of the gradient with respect to the state of each step.", ""
	for t, row := range l.Through {
		if slices.Contains(row[:t+1], false) {
			truncation = fmt.Sprintf("every %d steps, back through %d.", l.Stride, l.Window)
		}
	}
	if truncation != "" {
		norms += " The figure shows the whole gradient, without truncation."
	}
	draw := allShares
	if l.M == 1 {
		draw = lastShares
	}
	t := panel.Count(l.From, l.T)
	p.Figures = []page.Figure{
		{Caption: norms, Figure: &plot.Chart{
			Title: "The norms of the gradient over the steps",
			About: fmt.Sprintf("‖dL/dh‖ is %.1e at step %d and %.1e at the last step. ‖dL/dc‖ is %.1e and %.1e.", l.DH[0], l.From, panel.Last(l.DH), l.DC[0], panel.Last(l.DC)),
			X:     plot.Axis{Label: "step", Whole: true}, Y: plot.Axis{Log: true},
			Lines: []plot.Line{{Name: "‖dL/dh_t‖", X: t, Y: l.DH}, {Name: "‖dL/dc_t‖", X: t, Y: l.DC}},
		}},
		{Caption: "The effect of the forget bias before training. The steeper the line, the faster the gradient fades.", Figure: forgetting(l)},
		draw(l, truncation),
	}
	return p
}

// lastShares draws the last row of C. Only the last step of the sequence has a target.
func lastShares(l *look.Look, truncation string) page.Figure {
	share := panel.Last(l.Share)
	c := &plot.Chart{
		Title: "The shares C[T, τ] of the gradient",
		About: fmt.Sprintf("The share is %.1e at the last step, %.1e at step %d, and %.1e at step %d.", panel.Last(share), share[l.T/2], l.From+l.T/2, share[0], l.From),
		X:     plot.Axis{Label: "step τ", Whole: true}, Y: plot.Axis{Log: true},
		Lines: []plot.Line{{Name: "‖C[T, τ]‖", X: panel.Count(l.From, l.T), Y: share}},
	}
	says := "Truncation removes nothing."
	if truncation != "" {
		says = "Truncation keeps the part right of the line: " + truncation
		c.Rules = []plot.Rule{{Name: "truncation", At: float64(l.From + slices.Index(panel.Last(l.Through), true)), Vertical: true}}
	}
	return page.Captioned("‖C[T, τ]‖: the part of the gradient that reaches W and b at step τ. Only the last step has a target. "+says, c)
}

// allShares draws all rows of C.
func allShares(l *look.Look, truncation string) page.Figure {
	says := "The frame contains the whole gradient."
	if truncation != "" {
		says = "Truncation keeps the framed part: " + truncation
	}
	largest, share := panel.Greatest(math.SmallestNonzeroFloat64, l.Share), panel.Last(l.Share)
	return page.Figure{
		Caption: "‖C[t, τ]‖: the part of the gradient of step t's loss (down) that reaches W and b at step τ (across), as a power of ten. " +
			"Dotted: zero, because no loss depends on a later step. " + says,
		Figure: &plot.Stack{
			Title: "The shares C[t, τ] of the gradient",
			About: fmt.Sprintf("The last step's loss, relative to the largest share: %.1g at the last step, %.1g at step %d, %.1g at step %d.",
				panel.Last(share)/largest, share[l.T/2]/largest, l.From+l.T/2, share[0]/largest, l.From),
			First:  l.From,
			Strips: []plot.Strip{{Label: "t", Rows: panel.Powers(l.Share, largest), Dots: true, Edge: l.Through, Tall: min(12, 320/float64(l.T))}},
			XLabel: "τ", Scale: plot.Scale{Low: -8, High: 0, Names: [2]string{"10⁻⁸ or less", "the largest"}},
		}}
}

// forgetting draws the gradient on its way back for several biases of the forget gates.
func forgetting(l *look.Look) *plot.Chart {
	c := &plot.Chart{
		Title: "The gradient of the last step's loss in the untrained network, by forget bias",
		About: "The norm of dL/dc at each step.",
		X:     plot.Axis{Label: "step", Whole: true}, Y: plot.Axis{Label: "‖dL/dc_t‖ of the last step's loss", Log: true},
	}
	for i, b := range l.Biases {
		name := fmt.Sprintf("forget bias %g", b)
		c.Lines = append(c.Lines, plot.Line{Name: name, X: panel.Count(l.From, l.T), Y: l.Forget[i]})
		c.About += fmt.Sprintf(" With %s: %.1e at the first step, %.1e at the last.", name, l.Forget[i][0], panel.Last(l.Forget[i]))
	}
	return c
}

// likeliest returns the index of the greatest number.
func likeliest(x []float64) int { return slices.Index(x, slices.Max(x)) }
