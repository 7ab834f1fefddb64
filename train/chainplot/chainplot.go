// Package chainplot draws the backward pass of a program as package chain sees it: which lines hold and which numbers
// are right, step by step.
package chainplot

import (
	"fmt"
	"math"
	"slices"

	"lstm/check/chain"
	"lstm/check/pass"
	"lstm/train/plot"
	"lstm/train/plot/label"
)

// Lines draws whether each line holds at each step, at most a number of steps from a step on. It crosses out where the
// way back goes wrong first.
func Lines(c *chain.Chain, from, most int) *plot.Stack {
	first := First(c)
	return draw("The lines that hold, step by step", holding(c).strip(from, most, len(rowLines), func(l chain.Line, step int) bool {
		if first == nil || first.Line != l {
			return false
		}
		at, _ := c.Steps(first)
		return at == step
	}), from, [2]string{"does not hold", "holds"})
}

// Numbers draws in the same way which numbers are those of the right pass.
func Numbers(c *chain.Chain, from, most int) *plot.Stack {
	nothing := func(chain.Line, int) bool { return false }
	return draw("The numbers that are right, step by step", differing(c).strip(from, most, own, nothing), from, [2]string{"wrong", "right"})
}

// Norms draws ‖dz_t‖ over the same steps, over all sequences: that of the program and that of the right pass.
func Norms(c *chain.Chain, from, most int) *plot.Chart {
	n := min(most, c.T-from)
	yours, right := norms(c, c.B)[from:from+n], norms(c, c.Backward(pass.Right()))[from:from+n]
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(from + i)
	}
	return &plot.Chart{
		Title: "The norm of dz over the steps",
		About: fmt.Sprintf("Yours goes from %s at the last step to %s at the first; the right one from %s to %s.", label.Digits(yours[n-1], 2), label.Digits(yours[0], 2), label.Digits(right[n-1], 2), label.Digits(right[0], 2)),
		X:     plot.Axis{Label: "step", Whole: true}, Y: plot.Axis{Label: "‖dzₜ‖", Log: true},
		Lines: []plot.Line{{Name: "yours", Role: plot.Backward, X: x, Y: yours}, {Name: "right", Role: plot.Target, X: x, Y: right}},
	}
}

func norms(c *chain.Chain, b []float64) []float64 {
	all := make([]float64, c.T)
	for s := range c.N {
		for t := range all {
			for _, dz := range b[c.Z(t, 0, 0)+c.Sequence(s) : c.Z(t+1, 0, 0)+c.Sequence(s)] {
				all[t] = math.Hypot(all[t], dz)
			}
		}
	}
	return all
}

// Sums draws which of the named sums over the steps hold. entries has the number of entries of each.
func Sums(c *chain.Chain, names []string, entries []int) *plot.Stack {
	s := plot.Strip{Names: names}
	wrong := make(map[string]int)
	for _, f := range c.Faults {
		wrong[f.Array] = len(f.Has)
	}
	for k, name := range names {
		off := wrong[name]
		s.Rows, s.Edge = append(s.Rows, []float64{shade(entries[k], off)}), append(s.Edge, []bool{off > 0})
	}
	d := draw("The sums that hold", s, 0, [2]string{"does not hold", "holds"})
	d.XLabel = ""
	return d
}

// First returns the fault where the way back goes wrong first. It returns nil if at most sums are wrong.
func First(c *chain.Chain) *chain.Fault {
	if all := c.Ordered(); len(all) > 0 && all[0].Line != chain.Sums {
		return all[0]
	}
	return nil
}

// shade returns the colour of a cell with a number of entries, some of them off.
func shade(all, off int) float64 {
	switch {
	case all == 0:
		return math.NaN()
	case off > 0:
		return -1
	}
	return 1
}

func draw(title string, s plot.Strip, from int, names [2]string) *plot.Stack {
	return &plot.Stack{Title: title, About: about(s, names), Strips: []plot.Strip{s}, XLabel: "step", First: from, Scale: plot.Scale{Low: -1, High: 1, Names: names, Role: plot.Within}}
}

// From returns the first step to draw if a figure has room for a number of steps. The last steps are drawn, or those
// around the first fault.
func From(c *chain.Chain, most int) int {
	from := max(0, c.T-most)
	if first := First(c); first != nil {
		from = min(from, max(0, first.T-most*3/4))
	}
	return from
}

// The rows of the figures, in the order of the way back. The last ones are handed back to the step before.
var (
	rowNames = []string{"dy", "dh", "dz of o", "dc", "dz of i", "dz of f", "dz of g", "dh′", "dc′"}
	rowLines = []chain.Line{chain.DY, chain.DH, chain.DZO, chain.DC, chain.DZI, chain.DZF, chain.DZG, chain.DHP, chain.DCP}
)

const own = 7 // the rows that are not handed back

// A tally counts numbers by row and step: all of them, and those that are off.
type tally struct{ all, off [][]int }

func newTally(steps int) (t tally) {
	for range rowLines {
		t.all, t.off = append(t.all, make([]int, steps)), append(t.off, make([]int, steps))
	}
	return t
}

func (t tally) count(row, step int, off bool) {
	if t.all[row][step]++; off {
		t.off[row][step]++
	}
}

// holding tells for each row and step at how many units the line does not hold, if all that goes into it is as the
// program has it.
func holding(c *chain.Chain) tally {
	t := newTally(c.T)
	count := func(l chain.Line, step int, off bool) { t.count(slices.Index(rowLines, l), step, off) }
	c.Each(func(l chain.Line, s, step, j int, holds bool) {
		switch {
		case l == chain.DHP || l == chain.DCP: // the rest of dh is what it should be
			count(l, step+1, true)
			count(l-1, step, false)
		case (l == chain.DH || l == chain.DC) && holds && step < c.T-1: // so does what is in it
			count(l+1, step+1, false)
			fallthrough
		default:
			count(l, step, !holds)
		}
	})
	for k := range c.Faults {
		if f := &c.Faults[k]; f.Line == chain.DHP || f.Line == chain.DCP {
			if from, to := c.Steps(f); to < 0 {
				count(f.Line, from, true)
			}
		}
	}
	return t
}

// differing tells for each row and step how many numbers are not those of the right pass.
func differing(c *chain.Chain) tally {
	t, truth := newTally(c.T), c.Backward(pass.Right())
	compare := func(l chain.Line, step, i int) { t.count(slices.Index(rowLines, l), step, !c.Close(i, truth[i], 0)) }
	for s := range c.N {
		for step := range c.T {
			for m := range c.O {
				compare(chain.DY, step, c.DY(s, step, m))
			}
			for j := range c.Net.H {
				compare(chain.DH, step, c.DH(s, step, j))
				compare(chain.DC, step, c.DC(s, step, j))
				for a, l := range [4]chain.Line{pass.I: chain.DZI, pass.F: chain.DZF, pass.O: chain.DZO, pass.G: chain.DZG} {
					compare(l, step, c.Z(step, a, j)+c.Sequence(s))
				}
			}
		}
	}
	return t
}

// strip draws rows of a tally, at most a number of steps from a step on. mark says which cells are crossed out.
func (t tally) strip(from, most, rows int, mark func(line chain.Line, step int) bool) plot.Strip {
	s := plot.Strip{Names: rowNames[:rows], Dots: true, Tall: 16}
	for k := range rows {
		n := min(most, len(t.all[k])-from)
		cells, off, slash := make([]float64, n), make([]bool, n), make([]bool, n)
		for i := range cells {
			wrong := t.off[k][from+i]
			cells[i], off[i], slash[i] = shade(t.all[k][from+i], wrong), wrong > 0, mark(rowLines[k], from+i)
		}
		s.Rows, s.Edge, s.Slash = append(s.Rows, cells), append(s.Edge, off), append(s.Slash, slash)
	}
	return s
}

// about says for each row of a strip at how many steps it is off. names says what off means, and what the others are.
func about(s plot.Strip, names [2]string) (text string) {
	for k, off := range s.Edge {
		n := 0
		for _, x := range off {
			if x {
				n++
			}
		}
		switch {
		case n == 0:
			text += s.Names[k] + ": " + names[1]
		case len(off) == 1:
			text += s.Names[k] + ": " + names[0]
		default:
			text += fmt.Sprintf("%s: %s at %d of %d steps", s.Names[k], names[0], n, len(off))
		}
		text += ". "
	}
	return text
}
