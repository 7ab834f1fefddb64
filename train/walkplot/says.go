package walkplot

import (
	"cmp"
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"lstm/check/pass"
	"lstm/train/show"
	"lstm/train/walk"
)

// A walked is a Walk that is drawn.
type walked struct{ *walk.Walk }

// text returns a number of the step, or a name, as the page shows it.
func (w walked) text(c *walk.Case, name string) string {
	t := w.First + w.Step
	switch name {
	case "step":
		return show.Thousands(t)
	case "next":
		return show.Thousands(t + 1)
	case "unit":
		return fmt.Sprint(w.Units[w.Unit])
	case "before", "back":
		if t == 0 {
			return "to the initial state"
		}
		return fmt.Sprintf("to step %s", show.Thousands(t-1))
	case "from":
		if t == 0 {
			return "of the initial state"
		}
		return fmt.Sprintf("from step %s", show.Thousands(t-1))
	case "after":
		if t == w.Whole-1 {
			return "(last step)"
		}
		return fmt.Sprintf("to step %s", show.Thousands(t+1))
	case "later":
		if t == w.Whole-1 {
			return "nothing later"
		}
		return fmt.Sprintf("from step %s", show.Thousands(t+1))
	case "in":
		return w.In[w.Step]
	case "target":
		return w.target()
	case "y", "dy":
		return w.joined(c, name)
	case "ri", "rf", "ro", "rg":
		v := w.At(c, name[1:], w.Unit, w.Step)
		switch less, near := rest(name[1:], v); {
		case near:
			return Text(less)
		case name == "rg" && v < 0:
			return fmt.Sprintf("(1 − (%s)²)", Text(v))
		case name == "rg":
			return fmt.Sprintf("(1 − %s²)", Text(v))
		}
		return fmt.Sprintf("(1 − %s)", Text(v))
	}
	return Text(w.At(c, name, w.Unit, w.Step))
}

// rest returns what a gate leaves of 1: 1 − f or, of g, 1 − g². near reports whether the gate looks like 1 in the page.
func rest(name string, v float64) (less float64, near bool) {
	if name == "g" {
		return (1 - v) * (1 + v), math.Abs(short(v)) == 1
	}
	return 1 - v, short(v) == 1
}

// joined returns the numbers of the rows, as many as have room.
func (w walked) joined(c *walk.Case, name string) string {
	text := ""
	for k := range w.Numbers[name] {
		v := w.At(c, name, k, w.Step)
		if math.IsNaN(v) {
			continue
		}
		next := Text(v)
		if text != "" {
			next = ", " + next
		}
		if text != "" && utf8.RuneCountInString(text+next) > 14 {
			return text + ", …"
		}
		text += next
	}
	return cmp.Or(text, "–")
}

const summed = "loss: the sum of y"

func (w walked) target() string {
	switch {
	case !w.Has[w.Step]:
		return "no target"
	case w.Kind.Loss == pass.Sum:
		return summed
	case w.Out != nil:
		return "target " + w.Out[w.Step]
	}
	return "target " + w.joined(nil, "target")
}

// phase says what happens to the unit at the step.
func (w walked) phase() string {
	s, t := w.Spots[w.Unit], w.First+w.Step
	switch f := w.At(w.Shown(), "f", w.Unit, w.Step); {
	case t == s.Written && w.Empty(w.Unit):
		return "empty"
	case t == s.Written && t == s.Read:
		return "both"
	case t == s.Written || t == s.Also:
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

// hidden returns the attribute of a part of the sentence.
func (w walked) hidden(name string) template.HTMLAttr {
	c, last, shown := w.Shown(), w.First+w.Step == w.Whole-1, false
	switch name {
	case "target":
		shown = w.Has[w.Step]
	case "blind":
		shown = !w.Has[w.Step]
	case "last":
		shown = last
	case "inner":
		shown = !last
	case "times":
		shown = w.state(c, "dcp") != walk.Broken
	case "instead":
		shown = w.state(c, "dcp") == walk.Broken
	case "dhback":
		shown = w.state(c, "dhp") == walk.Broken
	case "broken":
		shown = w.state(c, "dh") == walk.Broken || w.state(c, "dc") == walk.Broken
	default:
		shown = name == w.phase()
	}
	if shown {
		return ""
	}
	return ` hidden="hidden"`
}

// answers begins a sentence about the answer that the spots are for.
func (w walked) answers() string {
	switch {
	case w.Compared < 2:
		return "The last answer"
	case w.Compared == len(w.Has):
		return fmt.Sprintf("Of all answers, the one at step %s reaches furthest back, on average over the units. It", show.Thousands(w.Answer))
	}
	return fmt.Sprintf("Of the last %d answers, as many as the page compares, the one at step %s reaches furthest back, on average over the units. It", w.Compared, show.Thousands(w.Answer))
}

// says tells where a unit is written and read, and why the gradient survives.
func (w walked) says(k int) string {
	s, unit := w.Spots[k], fmt.Sprintf("Unit %d", w.Units[k])
	if s.Weight > 0 && s.Weight == slices.MaxFunc(w.Spots, func(a, b walk.Spot) int { return cmp.Compare(a.Weight, b.Weight) }).Weight {
		unit = fmt.Sprintf("%s depends most on unit %d. It", w.answers(), w.Units[k])
	}
	if s.Written == s.Read {
		return fmt.Sprintf("%s is written and read in the same step, %s: %s needs no older memory of it.", unit, show.Thousands(s.Written), w.Answers())
	}
	n := s.Read - s.Written
	text := fmt.Sprintf("%s is written at step %s and read at step %s.", unit, show.Thousands(s.Written), show.Thousands(s.Read))
	ig := w.At(nil, "ig", k, s.Written-w.First)
	switch {
	case w.Empty(k):
		text = fmt.Sprintf("%s is read at step %s, and left empty at step %s: i·g is %s there, and in other sequences %s on average.", unit, show.Thousands(s.Read), show.Thousands(s.Written), Text(ig), Text(s.Usual))
	case s.Also >= 0:
		text = fmt.Sprintf("%s is written at step %s, also at step %s, and read at step %s.", unit, show.Thousands(s.Written), show.Thousands(s.Also), show.Thousands(s.Read))
	}
	if s.Read < w.Answer && w.Compared > 0 {
		text += fmt.Sprintf(" From there other gates and units take it to step %s.", show.Thousands(w.Answer))
	}
	if !w.Empty(k) && math.Abs(s.Usual) > math.Abs(ig)/2 {
		text += fmt.Sprintf(" What counts is how far i·g is from its usual value: here it is %s, and at this step of other sequences %s on average.", Text(ig), Text(s.Usual))
	}
	times := "once"
	if n > 1 {
		times = fmt.Sprintf("%s times", show.Thousands(n))
	}
	from := show.Thousands(s.Read)
	if other := w.elsewhere(k); other >= 0 {
		text += fmt.Sprintf(" What is written at step %s is held by unit %d.", show.Thousands(w.Spots[other].Written), w.Units[other])
	}
	text += fmt.Sprintf(" On the way back%s from step %s to step %s, dc is multiplied by f %s: %s of what comes from step %s is left.", w.rightly(), from, show.Thousands(s.Written), times, Text(s.Kept), from)
	switch {
	case n < 3:
	case s.Kept >= 0.5:
		half := Text(s.Half)
		if s.Half == 0 {
			half = "nothing"
		}
		text += fmt.Sprintf(" The gradient survives because f stays near 1 (1\u00a0−\u00a0f is at most %s); with f\u00a0=\u00a0½ at each step, %s would be left.", Text(1-s.Least), half)
	default:
		text += " The gradient fades because f is below 1."
	}
	return text
}

// elsewhere returns the most important other unit of a run that is written more than 3 steps away from where unit k is, if k is
// the most important unit and the other one matters at least a third as much. Otherwise it returns −1.
func (w walked) elsewhere(k int) int {
	best, s := -1, w.Spots[k]
	for other, o := range w.Spots {
		if o.Weight > s.Weight || w.Compared == 0 {
			return -1
		}
		far := func(t int) bool { return t < 0 || max(t-o.Written, o.Written-t) > 3 }
		if far(s.Written) && far(s.Also) && o.Written < o.Read && !w.Empty(other) && o.Weight >= s.Weight/3 && (best < 0 || o.Weight > w.Spots[best].Weight) {
			best = other
		}
	}
	return best
}

// rightly says that the spots are those of the right pass.
func (w walked) rightly() string {
	if len(w.Cases) > 0 {
		return " of a right pass,"
	}
	return ""
}

// cut says which part of the units and steps the page has. It returns "" if it has all.
func (w walked) cut() string {
	var parts []string
	if n := len(w.Units); n < w.H {
		parts = append(parts, fmt.Sprintf("the %d units that matter most for %s, of %d", n, w.Answers(), w.H))
	}
	if w.T < w.Whole {
		parts = append(parts, fmt.Sprintf("steps %s to %s, of 0 to %s", show.Thousands(w.First), show.Thousands(w.First+w.T-1), show.Thousands(w.Whole-1)))
	}
	text := ""
	if parts != nil {
		text = "The page has " + strings.Join(parts, ", and ") + ". "
	}
	if w.Sequences > 1 {
		text += fmt.Sprintf("This is sequence %d of 0 to %d.", w.Sequence, w.Sequences-1)
	}
	return strings.TrimSpace(text)
}

// keeps is written between the places if there is room.
func (w walked) keeps(s walk.Spot) string {
	if s.Kept < 0.5 || 2*(s.Read-s.Written) < w.T || s.Written < w.First || s.Read >= w.First+w.T {
		return ""
	}
	return "kept: f ≈ 1"
}

// handed has the numbers that a step hands back, as the page calls them.
var handed = map[string]string{"dcp": "dc′", "dhp": "dh′"}

// state returns the worst state of the numbers of the unit at the step, or of all outputs.
func (w walked) state(c *walk.Case, name string) walk.State {
	worst, t := walk.Right, w.Step
	if c == nil {
		return worst
	}
	if name == "dcn" || name == "dhn" { // the next step computes it
		name, t = name[:2]+"p", t+1
	}
	for row, states := range c.States[name] {
		if (name == "y" || name == "dy" || row == w.Unit) && t < len(states) {
			worst = max(worst, states[t])
		}
	}
	return worst
}

// The marks of a line, by its state. The script uses the same.
var marks = map[walk.State]string{walk.Right: "right", walk.Inherited: "wrong: inherited", walk.Broken: "wrong: this line"}

// mark returns the class and the mark of a line.
func (w walked) mark(c *walk.Case, name string) (class, mark string) {
	worst := w.state(c, name)
	if mark = marks[worst]; worst != walk.Right {
		class = "off"
	}
	if c.Another {
		mark = map[bool]string{true: "the same", false: "differs"}[worst == walk.Right]
	}
	if b := c.Begin; b != nil && b.Name == name && b.Step == w.Step && (name == "dy" || b.Row == w.Unit) {
		class, mark = "off begin", "wrong here first"
	}
	if handed[name] != "" && math.IsNaN(w.At(c, name, w.Unit, w.Step)) {
		mark = "not given"
	}
	return class, mark
}

// spread says how far the mistake has spread at the step.
func (w walked) spread(c *walk.Case) string {
	if c.Note != "" {
		return c.Note
	}
	if c.Begin == nil {
		return "No number of the way back is wrong."
	}
	now, all, off, n := 0, 0, 0, 0
	for t := w.T - 1; t >= w.Step; t-- {
		now, all = 0, 0
		for _, name := range walk.Way {
			o, k := c.Wrong(name, t)
			now, all = now+o, all+k
		}
		off, n = off+now, n+all
	}
	text := fmt.Sprintf("%s At step %s, %s of %s numbers are wrong.", w.begins(c), show.Thousands(w.First+w.Step), show.Thousands(now), show.Thousands(all))
	if w.Step < w.T-1 {
		text += fmt.Sprintf(" From the last step to here, %s of %s are.", show.Thousands(off), show.Thousands(n))
	}
	return text
}

// begins says where a case goes wrong first.
func (w walked) begins(c *walk.Case) string {
	b := c.Begin
	if b == nil {
		return ""
	}
	name, t := cmp.Or(handed[b.Name], b.Name), w.First+b.Step
	if len(b.Name) == 3 && handed[b.Name] == "" {
		name = name[:2] + " of " + name[2:]
	}
	text := fmt.Sprintf("It goes wrong first at step %s: %s", show.Thousands(t), name)
	if handed[b.Name] != "" && t > 0 {
		text += fmt.Sprintf(", handed back to step %s", show.Thousands(t-1))
	}
	return text + "."
}

// writes names the steps where much is written, in order.
func (w walked) writes(k int) string {
	s, text := w.Spots[k], "written here: "
	if w.Empty(k) {
		text = "left empty here: "
	}
	if s.Also < 0 {
		return text + show.Thousands(s.Written)
	}
	return text + show.Thousands(min(s.Written, s.Also)) + " and " + show.Thousands(max(s.Written, s.Also))
}
