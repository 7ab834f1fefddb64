package walk

import (
	"fmt"
	"html/template"
	"strings"
)

// A line is an equation of the step.
type line struct {
	Name, Label, Sub string
	Back             bool
	Letters, With    template.HTML
	Class, Mark      string
}

// equations has the lines of a step. In With, a name in braces stands for its number. The marks ‹ › enclose a
// subscript.
var equations = []struct{ name, label, letters, with string }{
	{"c", "c", "f·c′ + i·g", "{f} · {cp} + {ig}"},
	{"h", "h", "o·tanh c", "{o} · {tc}"},
	{"dy", "dy", "dL/dy", ""},
	{"dh", "dh", "Wy·dy + next Wh·dz", "{dhy} + {dhn}"},
	{"dzo", "dz‹o›", "dh·tanh c·o(1−o)", "{dh} · {tc} · {o} · (1\u00a0−\u00a0{o})"},
	{"dc", "dc", "dh·o·(1−tanh²c) + next dc·f", "{dch} + {dcn}"},
	{"dzi", "dz‹i›", "dc·g·i(1−i)", "{dc} · {g} · {i} · (1\u00a0−\u00a0{i})"},
	{"dzf", "dz‹f›", "dc·c′·f(1−f)", "{dc} · {cp} · {f} · (1\u00a0−\u00a0{f})"},
	{"dzg", "dz‹g›", "dc·i·(1−g²)", "{dc} · {i} · (1\u00a0−\u00a0{g}²)"},
	{"dcp", "dc′", "dc·f", "{dc} · {f}"},
	{"dhp", "dh′", "Wh·dz, over all units", ""},
}

// lines returns the equations of the step with its numbers. If there are cases, it returns the way back with marks.
func (w *Walk) lines() (all []line) {
	c := w.case0()
	for _, e := range equations {
		l := line{Name: e.name, Label: e.label, Back: e.name[0] == 'd', Letters: template.HTML(w.letter(e.letters))}
		if head, rest, ok := strings.Cut(e.label, "‹"); ok {
			l.Label, l.Sub = head, strings.TrimSuffix(rest, "›")
		}
		if c != nil && (!l.Back || e.name == "dcp" || e.name == "dhp") {
			continue
		}
		l.With = w.with(e.name, e.with)
		if c != nil {
			l.Class, l.Mark = w.mark(c, e.name)
		}
		all = append(all, l)
	}
	return all
}

// letter adapts the letters of an equation to the kind of the cell.
func (w *Walk) letter(s string) string {
	if w.Kind.Linear {
		s = strings.NewReplacer("·(1−tanh²c)", "", "tanh c", "c").Replace(s)
	}
	if w.Kind.Hard != 0 {
		s = strings.NewReplacer("i(1−i)", "slope of i", "f(1−f)", "slope of f", "o(1−o)", "slope of o").Replace(s)
	}
	if w.Kind.Peephole && (strings.HasPrefix(s, "dh·o") || s == "dc·f") {
		s += " + peepholes"
	}
	return s
}

// with puts the numbers into an equation.
func (w *Walk) with(name, s string) template.HTML {
	switch {
	case w.Kind.Hard != 0 && name[0] == 'd':
		return ""
	case w.Kind.Linear:
		s = strings.ReplaceAll(s, "{tc}", "{c}")
	}
	var b strings.Builder
	for s != "" {
		before, rest, found := strings.Cut(s, "{")
		b.WriteString(before)
		if !found {
			break
		}
		id, after, _ := strings.Cut(rest, "}")
		fmt.Fprintf(&b, `<span data-v="%s">%s</span>`, id, w.text(w.case0(), id))
		s = after
	}
	return template.HTML(b.String())
}

// The marks of a line, by its state. The script uses the same.
var marks = map[State]string{Right: "right", Inherited: "wrong: inherited", Broken: "wrong: this line"}

// mark returns the class and the mark of a line.
func (w *Walk) mark(c *Case, name string) (class, mark string) {
	worst := w.state(c, name)
	if mark = marks[worst]; worst != Right {
		class = "off"
	}
	if worst != Right && c.Note != "" {
		mark = "differs"
	}
	if b := c.Begin; b != nil && b.Name == name && b.Step == w.Step && (name == "dy" || b.Row == w.Unit) {
		class, mark = "off begin", "wrong here first"
	}
	return class, mark
}

// state returns the worst state of the numbers of the unit at the step, or of all outputs.
func (w *Walk) state(c *Case, name string) State {
	worst := Right
	if c == nil {
		return worst
	}
	for row, states := range c.States[name] {
		if name == "y" || name == "dy" || row == w.Unit {
			worst = max(worst, states[w.Step])
		}
	}
	return worst
}

// shares returns the strips that say which part of the numbers is wrong.
func (w *Walk) shares(c *Case) (all []row) {
	for _, name := range Way {
		r := row{Name: name, Label: name}
		r.Off, r.Should = w.share(c, name)
		if len(name) == 3 {
			r.Label, r.Sub = name[:2], name[2:]
		}
		off, n := c.wrong(name, w.Step)
		r.Value = fmt.Sprintf("%d of %d", off, n)
		all = append(all, r)
	}
	return all
}

// spread says how far the mistake has spread at the step.
func (w *Walk) spread(c *Case) string {
	if c.Note != "" {
		return c.Note
	}
	if c.Begin == nil {
		return "No number of the way back is wrong."
	}
	now, all, off, n := 0, 0, 0, 0
	for t := w.T - 1; t >= w.Step; t-- {
		now, all = 0, 0
		for _, name := range Way {
			o, k := c.wrong(name, t)
			now, all = now+o, all+k
		}
		off, n = off+now, n+all
	}
	return fmt.Sprintf("%s At step %d, %d of %d numbers are wrong. From the last step to here, %d of %d are.", w.begins(c), w.First+w.Step, now, all, off, n)
}

// begins says where a case goes wrong first.
func (w *Walk) begins(c *Case) string {
	b := c.Begin
	if b == nil {
		return ""
	}
	name := b.Name
	if len(name) == 3 {
		name = name[:2] + "_" + name[2:]
	}
	text := fmt.Sprintf("It goes wrong first at step %d: %s", w.First+b.Step, name)
	if b.Handed {
		text += fmt.Sprintf(", the part that step %d hands back", w.First+b.Step+1)
	}
	return text + "."
}
