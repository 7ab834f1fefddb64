package walkplot

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"lstm/train/walk"
)

// A row is a strip of the timeline.
type row struct {
	Name   string // of the Numbers
	Index  int    // the row of x, y or dy; −1: the row of the unit
	Label  string
	Sub    string // subscript of the label
	Gate   bool   // from 0 to 1
	Back   bool   // a number of the way back
	Bars   string // path of the bars
	Off    string // path of the bars that are wrong
	Should string // path of the right numbers
	Value  string // at the step
	Most   string // the largest magnitude
}

// rows returns the strips, from top to bottom.
func (w walked) rows() (all []row) {
	many := func(name, label string, names []string, back bool) {
		for k := range w.Numbers[name] {
			r := row{Name: name, Index: k, Label: label, Back: back}
			switch {
			case k < len(names) && name == "x":
				r.Label = names[k]
			case len(w.Numbers[name]) > 1:
				r.Sub = strconv.Itoa(k)
			}
			all = append(all, r)
		}
	}
	unit := func(back bool, names ...string) {
		for _, name := range names {
			r := row{Name: name, Index: -1, Label: name, Back: back, Gate: name == "i" || name == "f" || name == "o"}
			if len(name) == 3 {
				r.Label, r.Sub = name[:2], name[2:]
			}
			all = append(all, r)
		}
	}
	many("x", "x", w.Inputs, false)
	unit(false, "i", "f", "g", "c", "o", "h")
	y, dy := "y", "dy"
	if w.Symbols {
		y, dy = "p of target", "‖dy‖"
	}
	many("y", y, nil, false)
	many("dy", dy, nil, true)
	unit(true, "dh", "dc", "dzo", "dzi", "dzf", "dzg")
	for k := range all {
		w.bars(&all[k])
	}
	return all
}

// bars draws a strip: two units high, and one wide for each step.
func (w walked) bars(r *row) {
	c, index := w.Shown(), r.Index
	if index < 0 {
		index = w.Unit
	}
	var sizes []float64
	for t := range w.T {
		for _, v := range []float64{w.At(c, r.Name, index, t), w.At(nil, r.Name, index, t)} {
			if math.Abs(v) <= math.MaxFloat64 {
				sizes = append(sizes, math.Abs(v))
			}
		}
	}
	scale, most := limit(sizes)
	r.Most, r.Value = most, Text(w.At(c, r.Name, index, w.Step))
	if r.Gate {
		scale, r.Most = 1, "0 to 1"
	}
	for t := range w.T {
		d := bar(t, w.At(c, r.Name, index, t), scale, r.Gate)
		if c != nil && len(c.States[r.Name]) > index && c.States[r.Name][index][t] != walk.Right {
			r.Off += d
			r.Should += tick(t, w.At(nil, r.Name, index, t), scale, r.Gate)
		} else {
			r.Bars += d
		}
	}
}

// limit returns the number that fills a strip: the largest, or 3 times the 90th percentile if that is less. Then larger
// bars are cut, and the text says so.
func limit(sizes []float64) (scale float64, most string) {
	if len(sizes) == 0 {
		return 0, ""
	}
	slices.Sort(sizes)
	largest, usual := sizes[len(sizes)-1], 3*sizes[len(sizes)*9/10]
	if usual > 0 && usual < largest {
		return usual, "≤ " + Text(largest) + ", cut"
	}
	return largest, "≤ " + Text(largest)
}

// bar returns the path of a bar.
func bar(t int, v, scale float64, gate bool) string {
	if v = max(-1, min(1, v/scale)); !(math.Abs(v) > 0.004) || math.IsInf(v, 0) {
		return ""
	}
	if gate {
		return fmt.Sprintf("M%s 2h.8v%sh-.8z", place(float64(t)+0.1), place(-2*v))
	}
	return fmt.Sprintf("M%s 1h.8v%sh-.8z", place(float64(t)+0.1), place(-v))
}

const (
	edge = 0.96 // the greatest place of a mark, so that the strip does not cut it
	full = 0.7  // the height of a bar for all numbers: a mark has room above it
)

// tick returns the path of a mark at a number.
func tick(t int, v, scale float64, gate bool) string {
	if v = max(-edge, min(edge, v/scale)); math.IsNaN(v) {
		v = 0
	}
	y := 1 - v
	if gate {
		y = 2 - 2*v
	}
	return fmt.Sprintf("M%s %sh.8", place(float64(t)+0.1), place(y))
}

// share returns the path of a strip whose bars say which part of the numbers of a name is wrong at each step, and the
// path of marks where a line does not hold.
func (w walked) share(c *walk.Case, name string) (bars, broken string) {
	for t := range w.T {
		off, all := c.Wrong(name, t)
		bars += bar(t, full*float64(off)/max(1, float64(all)), 1, true)
		for _, states := range c.States[name] {
			if states[t] == walk.Broken {
				broken += tick(t, 1, 1, true)
				break
			}
		}
	}
	return bars, broken
}

// shares returns the strips that say which part of the numbers is wrong.
func (w walked) shares(c *walk.Case) (all []row) {
	for _, name := range walk.Way {
		r := row{Name: name, Label: name}
		r.Off, r.Should = w.share(c, name)
		if handed[name] != "" {
			r.Label = handed[name]
		} else if len(name) == 3 {
			r.Label, r.Sub = name[:2], name[2:]
		}
		off, n := c.Wrong(name, w.Step)
		r.Value = fmt.Sprintf("%d of %d", off, n)
		all = append(all, r)
	}
	return all
}

// order returns the indices of Units in the order of the units.
func (w walked) order() []int {
	all := make([]int, len(w.Units))
	for k := range all {
		all[k] = k
	}
	slices.SortFunc(all, func(a, b int) int { return w.Units[a] - w.Units[b] })
	return all
}
