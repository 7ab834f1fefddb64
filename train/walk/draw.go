package walk

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Digits is the number of digits of a number in the page.
const Digits = 4

// Text writes a number as the page shows it. The script writes numbers in the same way.
func Text(v float64) string {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return "no number"
	case v == 0:
		return "0"
	}
	mantissa, power, _ := strings.Cut(strconv.FormatFloat(v, 'e', Digits-1, 64), "e")
	exp, _ := strconv.Atoi(power)
	if exp < -4 || exp > 4 {
		mantissa = strings.TrimSuffix(strings.TrimRight(mantissa, "0"), ".")
		return minus(mantissa) + "·10" + superscript(exp)
	}
	rounded, _ := strconv.ParseFloat(mantissa+"e"+power, 64)
	return minus(strconv.FormatFloat(rounded, 'f', -1, 64))
}

func minus(s string) string { return strings.Replace(s, "-", "−", 1) }

func superscript(n int) string {
	return strings.Map(func(c rune) rune {
		if c == '-' {
			return '⁻'
		}
		return []rune("⁰¹²³⁴⁵⁶⁷⁸⁹")[c-'0']
	}, strconv.Itoa(n))
}

// place writes a coordinate.
func place(x float64) string {
	return strconv.FormatFloat(math.Round(max(-1e4, min(1e4, x))*100)/100, 'f', -1, 64)
}

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
func (w *Walk) rows() (all []row) {
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

// case0 returns the case that the page shows first, or nil.
func (w *Walk) case0() *Case {
	if len(w.Cases) > 0 {
		return &w.Cases[0]
	}
	return nil
}

// bars draws a strip: two units high, and one wide for each step.
func (w *Walk) bars(r *row) {
	c, index := w.case0(), r.Index
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
		if c != nil && len(c.States[r.Name]) > index && c.States[r.Name][index][t] != Right {
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

// tick returns the path of a mark at a number.
func tick(t int, v, scale float64, gate bool) string {
	if v = max(-1, min(1, v/scale)); math.IsNaN(v) {
		v = 0
	}
	y := 1 - v
	if gate {
		y = 2 - 2*v
	}
	return fmt.Sprintf("M%s %sh1", place(float64(t)), place(y))
}

// share returns the path of a strip whose bars say which part of the numbers of a name is wrong at each step, and the
// path of marks where a line does not hold.
func (w *Walk) share(c *Case, name string) (bars, broken string) {
	for t := range w.T {
		off, all := c.wrong(name, t)
		bars += bar(t, float64(off)/max(1, float64(all)), 1, true)
		for _, states := range c.States[name] {
			if states[t] == Broken {
				broken += tick(t, 1, 1, true)
				break
			}
		}
	}
	return bars, broken
}

// wrong counts the wrong numbers of a name at a step.
func (c *Case) wrong(name string, t int) (off, all int) {
	for _, states := range c.States[name] {
		if all++; states[t] != Right {
			off++
		}
	}
	return off, all
}

// phase says what happens to the unit at the step.
func (w *Walk) phase() string {
	s, t := w.Spots[w.Unit], w.First+w.Step
	switch f := w.At(w.case0(), "f", w.Unit, w.Step); {
	case t == s.Written && t == s.Read:
		return "both"
	case t == s.Written:
		return "written"
	case t == s.Read:
		return "read"
	case t < s.Written:
		return "before"
	case t > s.Read:
		return "after"
	case f >= 0.9:
		return "kept"
	}
	return "fades"
}

// Says tells where a unit is written and read, and why the gradient survives.
func (w *Walk) says(k int) string {
	s, unit := w.Spots[k], fmt.Sprintf("Unit %d", w.Units[k])
	if s.Weight > 0 && s.Weight == slices.MaxFunc(w.Spots, func(a, b Spot) int { return cmp.Compare(a.Weight, b.Weight) }).Weight {
		unit = fmt.Sprintf("The last answer depends most on unit %d. It", w.Units[k])
	}
	if s.Written == s.Read {
		return fmt.Sprintf("%s is written and read in the same step, %d: the last answer needs no older memory of it.", unit, s.Written)
	}
	n := s.Read - s.Written
	text := fmt.Sprintf("%s is written at step %d and read at step %d.", unit, s.Written, s.Read)
	times := "once"
	if n > 1 {
		times = fmt.Sprintf("%d times", n)
	}
	text += fmt.Sprintf(" On the way back between them, dc is multiplied by f %s: %s of it is left.", times, Text(s.Kept))
	switch {
	case n < 3:
	case s.Kept >= 0.5:
		text += fmt.Sprintf(" The gradient survives because f stays near 1 (at least %s); with f = ½ at each step, %s would be left.", Text(s.Least), Text(s.Half))
	default:
		text += " The gradient fades because f is below 1."
	}
	if s.Read >= w.First+w.T || s.Written < w.First {
		text += fmt.Sprintf(" The figures show steps %d to %d.", w.First, w.First+w.T-1)
	}
	return text
}

// order returns the indices of Units in the order of the units.
func (w *Walk) order() []int {
	all := count(len(w.Units))
	slices.SortFunc(all, func(a, b int) int { return w.Units[a] - w.Units[b] })
	return all
}
