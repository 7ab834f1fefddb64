package panel

import (
	"fmt"
	"math"
	"slices"

	"lstm/train/page"
	"lstm/train/plot"
	"lstm/train/plot/label"
	"lstm/train/show"
)

const maxUnits = 32 // rows of a gate or state

// A State holds i, f, o, g, c and h of a step, (H) each.
type State [6][]float64

// A Cell is what the inside of a cell shows: the states of some steps below their inputs.
type Cell struct {
	Inputs []plot.Strip // above all
	Above  []string     // letters above the columns, or nil
	First  int          // the number of the first step
	Steps  []State      // one or more
	Memory *Memory      // nil: units keep their order
}

// A Memory is the unit that an answer depends on most, and where it is written and read.
type Memory struct {
	Answer  string // names the answer
	Units   []int  // all units in order; the first is the one
	Written []int  // indexes of steps; negative: before the first
	Empty   bool   // hardly anything is written there, and that is what counts
	Read    int    // an index of a step
}

// Inside draws a cell. The strips i, f, g, c, o and h have a row for each unit, in the order of the memory.
func Inside(c Cell) page.Panel {
	units := c.units()
	s := &plot.Stack{
		Title: "The inside of the cell, step by step", Columns: c.Above, XLabel: "step", First: c.First, Wide: true,
		About: fmt.Sprintf("%s over %s.", show.Count(len(units), "unit"), show.Count(len(c.Steps), "step")), Strips: c.Inputs,
	}
	if c.Memory != nil {
		s.Strips = append(slices.Clip(s.Strips), c.story(s, units[0]))
	}
	for _, k := range []struct {
		name string
		at   int
		low  float64
	}{{"i", 0, 0}, {"f", 1, 0}, {"g", 3, -1}, {"c", 4, -1}, {"o", 2, 0}, {"h", 5, -1}} {
		rows := make([][]float64, 0, len(units))
		for _, j := range units {
			rows = append(rows, c.row(k.at, j))
		}
		most := typical(rows)
		if largest := Greatest(0, rows); k.low == 0 && largest > 3*most { // a gate that seldom opens
			most = largest
		}
		if most > 0.5 && most <= 1 && k.name != "c" {
			most = 1
		}
		strip := plot.Strip{Label: k.name, Rows: rows, Scale: plot.Scale{Low: k.low * most, High: most}}
		if strip.Range = "±" + brief(most); k.low == 0 {
			strip.Range = "0–" + brief(most)
		}
		s.Strips = append(s.Strips, strip)
		all := slices.Concat(rows...)
		s.About += fmt.Sprintf(" %s goes from %s to %s.", k.name, label.Digits(slices.Min(all), 2), label.Digits(slices.Max(all), 2))
	}
	p := page.Panel{
		ID: "cell", Title: "Inside the cell",
		Says: "One row for each unit, one column for each step: the gates i (write), f (keep) and o (show), the candidate g, the memory c and the output h; " +
			"negative numbers are striped.",
		Figures: []page.Figure{{Caption: "Full colour: the number at the right, or more.", Figure: s}},
	}
	if c.Memory != nil {
		p.Says += fmt.Sprintf(" The line above them is the memory of unit %d, on which %s depends most: the first row of every strip.", units[0], c.Memory.Answer)
	}
	if all := len(c.Steps[0][0]); all > len(units) {
		p.Figures[0].Caption += fmt.Sprintf(" The figure shows %d of %d units.", len(units), all)
	}
	return p
}

// units returns the units to draw, in order.
func (c *Cell) units() (all []int) {
	if c.Memory != nil {
		return c.Memory.Units[:min(len(c.Memory.Units), maxUnits)]
	}
	for j := range min(len(c.Steps[0][0]), maxUnits) {
		all = append(all, j)
	}
	return all
}

// row returns number k of unit j at all steps.
func (c *Cell) row(k, j int) (row []float64) {
	for _, s := range c.Steps {
		row = append(row, s[k][j])
	}
	return row
}

// story draws the memory of a unit as a line, and marks where it is written and read.
func (c *Cell) story(s *plot.Stack, j int) plot.Strip {
	memory := c.row(4, j)
	if len(c.Steps) > 1 {
		for _, t := range c.Memory.Written {
			if t >= 0 && t != c.Memory.Read {
				s.Cursors = append(s.Cursors, plot.Cursor{Name: map[bool]string{true: "left empty", false: "written"}[c.Memory.Empty], At: t})
			}
			s.About += fmt.Sprintf(" Unit %d is %s at step %d.", j, map[bool]string{true: "left empty", false: "written"}[c.Memory.Empty], c.First+t)
		}
		read := plot.Cursor{Name: "read", At: max(0, c.Memory.Read)}
		if slices.Contains(c.Memory.Written, c.Memory.Read) {
			read.Name = "written and read"
		}
		s.Cursors = append(s.Cursors, read)
		s.About += fmt.Sprintf(" It is read at step %d.", c.First+c.Memory.Read)
	}
	return plot.Strip{
		Label: "c" + subscript(j), Lines: [][]float64{memory}, Zero: true, Tall: 30,
		Range: brief(slices.Min(memory)) + " to " + brief(slices.Max(memory)),
	}
}

// brief writes a number in a few letters.
func brief(v float64) string {
	if math.Abs(v) < 1e-3 {
		return label.Digits(v, 1)
	}
	return label.Digits(v, 2)
}

// subscript writes a number below the line.
func subscript(n int) (text string) {
	for _, c := range fmt.Sprint(n) {
		text += string('₀' + c - '0')
	}
	return text
}

// typical returns a magnitude that 98% of the numbers do not exceed.
func typical(rows [][]float64) float64 {
	var all []float64
	for _, v := range slices.Concat(rows...) {
		if !math.IsNaN(v) {
			all = append(all, math.Abs(v))
		}
	}
	if len(all) == 0 {
		return 1
	}
	slices.Sort(all)
	return max(1e-9, all[int(math.Ceil(0.98*float64(len(all))))-1])
}
