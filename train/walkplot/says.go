package walkplot

import (
	"cmp"
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

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
	}
	return Text(w.At(c, name, w.Unit, w.Step))
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

func (w walked) target() string {
	switch {
	case !w.Has[w.Step]:
		return "no target"
	case w.Out != nil:
		return "target " + w.Out[w.Step]
	}
	return "target " + w.joined(nil, "target")
}

// phase says what happens to the unit at the step.
func (w walked) phase() string {
	s, t := w.Spots[w.Unit], w.First+w.Step
	switch f := w.At(w.Shown(), "f", w.Unit, w.Step); {
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
		return fmt.Sprintf("Of all answers, the one at step %s reaches furthest back. It", show.Thousands(w.Answer))
	}
	return fmt.Sprintf("Of the last %d answers, the one at step %s reaches furthest back. It", w.Compared, show.Thousands(w.Answer))
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
	if s.Also >= 0 {
		text = fmt.Sprintf("%s is written at step %s, also at step %s, and read at step %s.", unit, show.Thousands(s.Written), show.Thousands(s.Also), show.Thousands(s.Read))
	}
	if ig := w.At(nil, "ig", k, s.Written-w.First); math.Abs(s.Usual) > math.Abs(ig)/2 {
		text += fmt.Sprintf(" What counts is how far i·g is from its usual value: here it is %s, and at this step of other sequences %s on average.", Text(ig), Text(s.Usual))
	}
	times := "once"
	if n > 1 {
		times = fmt.Sprintf("%s times", show.Thousands(n))
	}
	from := show.Thousands(s.Read)
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
	if parts == nil {
		return ""
	}
	return "The page has " + strings.Join(parts, ", and ") + "."
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
	return fmt.Sprintf("%s At step %s, %s of %s numbers are wrong. From the last step to here, %s of %s are.", w.begins(c),
		show.Thousands(w.First+w.Step), show.Thousands(now), show.Thousands(all), show.Thousands(off), show.Thousands(n))
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
