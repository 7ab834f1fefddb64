package page

import (
	"fmt"
	"math"
	"slices"

	"lstm/train/look"
	"lstm/train/plot"
)

// wayBack shows the gradient on its way back. Truncation sends it back every stride steps, through
// window steps.
func wayBack(l *look.Look, window, stride int, wrong bool) panel {
	p := panel{
		ID: "back", Title: "The gradient's way back",
		Says: "Read from right to left: how strongly the loss depends on the state of each step. " +
			"An open forget gate passes the gradient on; a gate that is partly shut shrinks it at every step.",
	}
	if wrong {
		p.Says += " This gradient is wrong, so the figures show the effect of the mistake."
	}
	norms, truncation := "The norm of the gradient with respect to the state of each step.", ""
	for t, row := range l.Through {
		if slices.Contains(row[:t+1], false) {
			truncation = fmt.Sprintf("every %d steps, back through %d.", stride, window)
		}
	}
	if truncation != "" {
		norms += " The figure shows the whole gradient, without truncation."
	}
	t := count(l.From, l.T)
	p.Figures = []figure{
		{Caption: norms, Figure: &plot.Chart{
			Title: "The norms of the gradient over the steps",
			About: fmt.Sprintf("‖dL/dh‖ is %.1e at step %d and %.1e at the last step. ‖dL/dc‖ is %.1e and %.1e.", l.DH[0], l.From, last(l.DH), l.DC[0], last(l.DC)),
			X:     plot.Axis{Label: "step", Whole: true}, Y: plot.Axis{Log: true},
			Lines: []plot.Line{{Name: "‖dL/dh_t‖", X: t, Y: l.DH}, {Name: "‖dL/dc_t‖", X: t, Y: l.DC}},
		}},
		{Caption: "The effect of the forget bias before training. The steeper the line, the faster the gradient fades.", Figure: forgetting(l)},
	}
	if l.M == 1 {
		p.Figures = append(p.Figures, lastShares(l, truncation))
	} else {
		p.Figures = append(p.Figures, allShares(l, truncation))
	}
	return p
}

// lastShares draws the last row of C, for a sequence where only the last step has a target.
func lastShares(l *look.Look, truncation string) figure {
	share := last(l.Share)
	c := &plot.Chart{
		Title: "The shares C[T, τ] of the gradient",
		About: fmt.Sprintf("The share is %.1e at the last step, %.1e at step %d, and %.1e at step %d.", last(share), share[l.T/2], l.From+l.T/2, share[0], l.From),
		X:     plot.Axis{Label: "step τ", Whole: true}, Y: plot.Axis{Log: true},
		Lines: []plot.Line{{Name: "‖C[T, τ]‖", X: count(l.From, l.T), Y: share}},
	}
	says := "Truncation removes nothing."
	if truncation != "" {
		says = "Truncation keeps the part right of the line: " + truncation
		c.Rules = []plot.Rule{{Name: "truncation", At: float64(l.From + slices.Index(last(l.Through), true)), Vertical: true}}
	}
	return figure{
		Caption: "‖C[T, τ]‖: the part of the gradient that reaches W and b at step τ. Only the last step has a target. " + says, Figure: c}
}

// allShares draws C.
func allShares(l *look.Look, truncation string) figure {
	says := "The frame contains the whole gradient."
	if truncation != "" {
		says = "Truncation keeps the framed part: " + truncation
	}
	largest, share := greatest(math.SmallestNonzeroFloat64, l.Share), last(l.Share)
	return figure{
		Caption: "‖C[t, τ]‖: the part of the gradient of step t's loss (down) that reaches W and b at step τ (across), as a power of ten. " +
			"Dotted: zero, because no loss depends on a later step. " + says,
		Figure: &plot.Stack{
			Title: "The shares C[t, τ] of the gradient",
			About: fmt.Sprintf("The last step's loss, relative to the largest share: %.1g at the last step, %.1g at step %d, %.1g at step %d.",
				last(share)/largest, share[l.T/2]/largest, l.From+l.T/2, share[0]/largest, l.From),
			First:  l.From,
			Strips: []plot.Strip{{Label: "t", Rows: powers(l.Share, largest), Dots: true, Edge: l.Through, Tall: min(12, 320/float64(l.T))}},
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
		c.Lines = append(c.Lines, plot.Line{Name: name, X: count(l.From, l.T), Y: l.Forget[i]})
		c.About += fmt.Sprintf(" With %s: %.1e at the first step, %.1e at the last.", name, l.Forget[i][0], last(l.Forget[i]))
	}
	return c
}
