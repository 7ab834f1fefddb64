package walkplot

import (
	"cmp"
	"fmt"
	"html/template"
	"strings"

	"lstm/train/walk"
)

// A line is an equation of the step.
type line struct {
	Name, Label, Sub string
	Back             bool
	Letters, With    template.HTML
	Class, Mark      string
}

// equations has the lines of a step. In With, a name in braces stands for its number, and ri, rf, ro and rg for 1 − i, 1 − f,
// 1 − o and 1 − g². The marks ‹ › enclose a
// subscript.
var equations = []struct{ name, label, letters, with string }{
	{"c", "c", "f·c′ + i·g", "{f} · {cp} + {ig}"},
	{"h", "h", "o·tanh c", "{o} · {tc}"},
	{"dy", "dy", "dL/dy", ""},
	{"dh", "dh", "Wy·dy + next dh′", "{dhy} + {dhn}"},
	{"dzo", "dz‹o›", "dh·tanh c·o(1−o)", "{dh} · {tc} · {o} · {ro}"},
	{"dc", "dc", "dh·o·(1−tanh²c) + next dc′", "{dch} + {dcn}"},
	{"dzi", "dz‹i›", "dc·g·i(1−i)", "{dc} · {g} · {i} · {ri}"},
	{"dzf", "dz‹f›", "dc·c′·f(1−f)", "{dc} · {cp} · {f} · {rf}"},
	{"dzg", "dz‹g›", "dc·i·(1−g²)", "{dc} · {i} · {rg}"},
	{"dcp", "dc′", "dc·f", "{dc} · {f}"},
	{"dhp", "dh′", "Wh·dz, over all units", ""},
}

// lines returns the equations of the step with its numbers. If there are cases, it returns the way back with marks.
func (w walked) lines() (all []line) {
	c := w.Shown()
	for _, e := range equations {
		l := line{Name: e.name, Label: e.label, Back: e.name[0] == 'd', Letters: template.HTML(w.letter(c, e.name, e.letters))}
		if head, rest, ok := strings.Cut(e.label, "‹"); ok {
			l.Label, l.Sub = head, strings.TrimSuffix(rest, "›")
		}
		if c != nil && !l.Back {
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
func (w walked) letter(c *walk.Case, name, s string) string {
	if c != nil && c.Sum {
		s = cmp.Or(map[string]string{"c": "f·c′ + (i + g)", "dzi": "dc·i(1−i)", "dzg": "dc·(1−g²)"}[name], s)
	}
	if name == "dh" && !w.Readout {
		s = "dy + next dh′"
	}
	if w.Symbols && s == "dL/dy" {
		return "the norm of p − target"
	}
	if w.linear(c) {
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
func (w walked) with(name, s string) template.HTML {
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
		class, text := "", w.text(w.Shown(), id)
		if strings.HasPrefix(text, "−") { // the style sheet adds brackets
			class = ` class="neg"`
		}
		fmt.Fprintf(&b, `<span%s data-v="%s">%s</span>`, class, id, text)
		s = after
	}
	return template.HTML(b.String())
}

func (w walked) linear(c *walk.Case) bool { return w.Kind.Linear || c != nil && c.Linear }

// names has the texts of the page that differ from case to case.
func (w walked) names(c *walk.Case) map[string]string {
	all := map[string]string{
		"tanh": "tanh", "tc": "tanh c", "times": "×", "ig": "i·g", "is": w.Yours, "be": "should be", "wrong": "wrong", "right": "the right number",
		"shares": "Wrong numbers of all units. A mark above a bar: the line itself is wrong.",
	}
	if w.linear(c) {
		all["tanh"], all["tc"] = "1", "c"
	}
	if c != nil && c.Sum {
		all["times"], all["ig"] = "+", "i + g"
	}
	if c != nil && c.Another {
		all["is"], all["be"], all["wrong"], all["right"] = "this loss", "usual loss", "differs", "with the usual loss"
		all["shares"] = "Numbers that differ from those of the usual loss, of all units."
	}
	for _, e := range equations {
		all[e.name] = w.letter(c, e.name, e.letters)
	}
	return all
}

// mood returns the class of the page: whether numbers differ and are not wrong, or whether there is nothing to compare.
func (w walked) mood(c *walk.Case) string {
	switch {
	case c == nil:
		return ""
	case c.Another:
		return " differs"
	case len(c.States) == 0:
		return " plain"
	}
	return ""
}
