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
	"lstm/train/plot/label"
	"lstm/train/series"
	"lstm/train/show"
	"lstm/train/task"
	"lstm/train/walk"
)

const (
	maxNames   = 20 // rows with names
	maxLetters = 32 // steps with letters
)

// A sequence is a Look and its task, which names the inputs and outputs.
type sequence struct {
	*look.Look
	whole  *task.Sequence // the Look has its last steps
	task   *task.Task
	seed   uint32 // of the run
	what   string // which sequence it is
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
		return fmt.Sprintf("%s, its last %s of %s steps. ", s.what, show.Thousands(s.T-from), show.Thousands(n))
	}
	return s.what + ". "
}

// insideRun draws the cell. The walk over the same sequence says what an answer depends on; nil: nothing does.
func insideRun(s *sequence, w *walk.Walk) page.Panel {
	X, H, from := len(s.X)/s.T, len(s.Steps[0].H), s.cropped()
	c := panel.Cell{First: s.From + from}
	for _, step := range s.Steps[from:] {
		c.Steps = append(c.Steps, panel.State{step.Gates[:H], step.Gates[H : 2*H], step.Gates[2*H : 3*H], step.Gates[3*H:], step.C, step.H})
	}
	if w != nil {
		units, spot := w.Memory()
		c.Memory = &panel.Memory{Answer: w.Answers(), Units: units, Written: []int{spot.Written - c.First}, Read: spot.Read - c.First, Empty: w.Empty(slices.Index(w.Units, units[0]))}
		if spot.Also >= 0 {
			c.Memory.Written = append(c.Memory.Written, spot.Also-c.First)
			slices.Sort(c.Memory.Written)
		}
	}
	if X > maxNames {
		c.Above = s.letters()
	}
	if c.Above == nil {
		c.Inputs = inputs(panel.Transpose(s.X[from*X:], X), s.task.Inputs)
	}
	return panel.Inside(c)
}

// inputs returns the strips of the inputs, a row or a line for each. An input that is mostly 0 is a row.
func inputs(x [][]float64, names []string) (strips []plot.Strip) {
	if len(x) > 3 {
		return []plot.Strip{{Label: "x", Names: names, Rows: x, Scale: plot.Scale{Low: -1, High: 1}}}
	}
	for i, row := range x {
		zeros := 0
		for _, v := range row {
			if v == 0 {
				zeros++
			}
		}
		s := plot.Strip{Label: "x", Lines: [][]float64{row}}
		if len(names) > i {
			s.Label = names[i]
		}
		if 2*zeros > len(row) {
			s.Lines, s.Rows, s.Tall, s.Scale = nil, [][]float64{row}, 12, plot.Scale{Low: -1, High: 1}
		}
		strips = append(strips, s)
	}
	return strips
}

const lastTarget = "Only the last step has a target; the earlier outputs show when the network notices an important input."

func outputs(s *sequence) page.Panel {
	if s.task.Loss.Symbols() {
		return likely(s)
	}
	O, t := len(s.Y)/s.T, panel.Count(s.From, s.T)
	y, target := panel.Transpose(s.Y, O), panel.Transpose(s.Target, O)
	chart := &plot.Chart{
		Title: "Outputs and targets over the steps",
		About: fmt.Sprintf("%s over %d steps. The root mean square error is %s; the target goes from %s to %s.",
			show.Count(O, "output"), s.T, label.Number(series.RMS(s.Y[(s.T-s.M)*O:], s.Target)), label.Number(slices.Min(s.Target)), label.Number(slices.Max(s.Target))),
		X: plot.Axis{Label: "step", Whole: true},
	}
	p := page.Panel{
		ID: "output", Title: "Output and target", Half: true, Figures: []page.Figure{{Figure: chart}},
		Says: s.steps(0) + "Where output and target differ, look at the gates below.",
	}
	mark := ""
	if s.M == 1 && s.T > 1 {
		mark, p.Says = plot.Cross, s.steps(0)+lastTarget
	}
	for o := range O {
		name := ""
		if O > 1 {
			name = fmt.Sprintf(" %d", o)
		}
		chart.Lines = append(chart.Lines, plot.Line{Name: "output" + name, Role: plot.Network, X: t, Y: y[o]}, plot.Line{Name: "target" + name, Role: plot.Target, X: t[s.T-s.M:], Y: target[o], Mark: mark})
	}
	if s.scaled != "" {
		chart.Y.Label = "scaled " + s.scaled
		p.Figures[0].Caption = fmt.Sprintf("The network sees each %s minus the mean, %s, divided by the standard deviation, %s.", s.scaled, label.Number(s.task.Data.Scaling[0]), label.Number(s.task.Data.Scaling[1]))
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
		ID: "output", Title: "Output and target", Half: true,
		Says: s.steps(from) + "The deeper a cell, the likelier the network thinks this symbol; the frame is the symbol that came.",
	}
	var notes []string
	if s.M == 1 && s.T > 1 {
		p.Says = s.steps(from) + "The deeper a cell, the likelier the network thinks this answer; the frame is the right one, at the last step, the only one with a target."
	}
	above := s.letters()
	if above != nil {
		p.Says = strings.TrimSuffix(p.Says, ".") + "; the letters above are the inputs."
	}
	rows, comes := panel.Transpose(y[from*O:], O), panel.Transpose(target[from*O:], O)
	shown := foremost(rows, comes)
	if len(shown) < O {
		notes = append(notes, fmt.Sprintf("The rows are the %d most frequent and most expected of %d symbols.", len(shown), O))
	}
	strip := plot.Strip{Apart: true}
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
	p.Figures = []page.Figure{{Caption: strings.Join(notes, " "), Figure: &plot.Stack{
		Title:   "The probability of each symbol, with the target framed",
		About:   fmt.Sprintf("%s with a target. At %d of them the likeliest of %d symbols is the target.", show.Count(min(s.M, s.T-from), "step"), right, O),
		Columns: above, Strips: []plot.Strip{strip}, XLabel: "step", First: s.From + from, Scale: plot.Scale{Low: 0, High: 1, Names: [2]string{"probability 0", "1"}},
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
		ID: "back", Title: "The way back",
		Says: "Read from right to left how strongly the loss depends on the state of each step. " +
			"An open forget gate passes the gradient on, and a gate that is partly shut makes it smaller at every step.",
	}
	if wrong {
		p.Says = "Read from right to left how strongly the loss depends on the state of each step. This gradient is wrong, so the figures show the effect of the mistake."
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
	draw, says := allShares, "The part ‖C[t, τ]‖ of the gradient of step t's loss (down) that reaches W and b at step τ (across), as a power of ten."
	if l.M == 1 {
		draw, says = lastShares, "The part ‖C[T, τ]‖ of the gradient that reaches W and b at step τ. T is the last step, the only one with a target."
	}
	t := panel.Count(l.From, l.T)
	p.Figures = []page.Figure{
		{Caption: norms, Figure: &plot.Chart{
			Title: "The norms of the gradient over the steps", Early: true,
			About: fmt.Sprintf("‖dL/dh‖ is %s at step %d and %s at the last step. ‖dL/dc‖ is %s and %s.", label.Number(l.DH[0]), l.From, label.Number(panel.Last(l.DH)), label.Number(l.DC[0]), label.Number(panel.Last(l.DC))),
			X:     plot.Axis{Label: "step", Whole: true}, Y: plot.Axis{Log: true},
			Lines: []plot.Line{{Name: "‖dL/dhₜ‖", Role: plot.Backward, X: t, Y: l.DH}, {Name: "‖dL/dcₜ‖", Role: plot.Backward, X: t, Y: l.DC}},
		}},
		{Caption: "The effect of the forget bias before training. The steeper the line, the faster the gradient fades.", Figure: forgetting(l)},
	}
	p.More = &page.Panel{ID: "shares", Title: "Which steps make the gradient of W and b", Says: says, Figures: []page.Figure{draw(l, truncation)}}
	return p
}

// lastShares draws the last row of C. Only the last step of the sequence has a target.
func lastShares(l *look.Look, truncation string) page.Figure {
	share := panel.Last(l.Share)
	c := &plot.Chart{
		Title: "The shares C[T, τ] of the gradient",
		About: fmt.Sprintf("The share is %s at the last step, %s at step %d, and %s at step %d.", label.Number(panel.Last(share)), label.Number(share[l.T/2]), l.From+l.T/2, label.Number(share[0]), l.From),
		X:     plot.Axis{Label: "step τ", Whole: true}, Y: plot.Axis{Log: true},
		Lines: []plot.Line{{Name: "‖C[T, τ]‖", Role: plot.Backward, X: panel.Count(l.From, l.T), Y: share}},
	}
	says := ""
	if truncation != "" {
		says = "Truncation keeps the part right of the line: " + truncation
		c.Rules = []plot.Rule{{Name: "truncation", At: float64(l.From + slices.Index(panel.Last(l.Through), true)), Vertical: true}}
	}
	return page.Captioned(says, c)
}

// allShares draws all rows of C.
func allShares(l *look.Look, truncation string) page.Figure {
	says := "The frame contains the whole gradient."
	if truncation != "" {
		says = "Truncation keeps the framed part: " + truncation
	}
	largest, share := panel.Greatest(math.SmallestNonzeroFloat64, l.Share), panel.Last(l.Share)
	return page.Figure{
		Caption: "Dotted: zero, because no loss depends on a later step. " + says,
		Figure: &plot.Stack{
			Title: "The shares C[t, τ] of the gradient",
			About: fmt.Sprintf("The last step's loss, relative to the largest share: %s at the last step, %s at step %d, %s at step %d.",
				label.Number(panel.Last(share)/largest), label.Number(share[l.T/2]/largest), l.From+l.T/2, label.Number(share[0]/largest), l.From),
			First:  l.From,
			Strips: []plot.Strip{{Label: "t", Rows: panel.Powers(l.Share, largest), Dots: true, Edge: l.Through, Tall: min(12, 320/float64(l.T))}},
			XLabel: "τ", Scale: plot.Scale{Low: -8, High: 0, Names: [2]string{"10⁻⁸ or less", "the largest"}, Role: plot.Backward},
		}}
}

// forgetting draws the gradient on its way back for several biases of the forget gates.
func forgetting(l *look.Look) *plot.Chart {
	c := &plot.Chart{
		Title: "The gradient of the last step's loss in the untrained network, by forget bias", Early: true,
		About: "The norm of dL/dc at each step.",
		X:     plot.Axis{Label: "step", Whole: true}, Y: plot.Axis{Label: "‖dL/dcₜ‖ of the last step's loss", Log: true},
	}
	for i, b := range l.Biases {
		name := fmt.Sprintf("forget bias %g", b)
		c.Lines = append(c.Lines, plot.Line{Name: name, Role: plot.Backward, X: panel.Count(l.From, l.T), Y: l.Forget[i]})
		c.About += fmt.Sprintf(" With %s: %s at the first step, %s at the last.", name, label.Number(l.Forget[i][0]), label.Number(panel.Last(l.Forget[i])))
	}
	return c
}

// likeliest returns the index of the greatest number.
func likeliest(x []float64) int { return slices.Index(x, slices.Max(x)) }
