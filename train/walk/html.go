package walk

import (
	"bytes"
	_ "embed"
	"fmt"
	"html"
	"html/template"
	"math"
	"strings"
)

// CSS is the style sheet that a Walk needs, besides the colours of package plot.
//
//go:embed walk.css
var CSS template.CSS

//go:embed walk.html
var source string

//go:embed walk.js
var script string

// view is the data of the template.
type view struct {
	*Walk
	Spot, About, Spread string
	Compare             bool
	Last, End           int
	Order               []int
	Band                band
	Rows                []letters
	Shares              []row
	Lines               []line
	Sigma, Tanh, TanhC  string
	Delta               *drawnDelta
	Yours               string
}

// letters is a row of the timeline, or the symbols of the input.
type letters struct {
	row
	Letters []letter
}

type letter struct{ X, Text string }

// band has the places of the cursor, of the writing and of the reading; W, R and At in percent.
type band struct {
	W, R, WAnchor, RAnchor, WText, RText string
	K, KText                             string
	Written, Read                        int
	At, One                              string
}

// HTML returns the Walk as it stands at its step, and the script with all numbers.
func (w *Walk) HTML() template.HTML {
	v := &view{
		Walk: w, Spot: w.says(w.Unit), Compare: len(w.Cases) > 0, Last: w.T - 1, End: w.First + w.T - 1,
		Order: w.order(), Band: w.band(), Sigma: "σ", Tanh: "tanh", TanhC: "tanh c", Yours: w.Yours,
	}
	if w.Kind.Linear {
		v.Tanh, v.TanhC = "1", "c"
	}
	for _, r := range w.rows() {
		v.Rows = append(v.Rows, letters{row: r})
	}
	if w.In != nil {
		v.Rows = append([]letters{{row: row{Name: "letters", Label: "x"}, Letters: w.letters()}}, v.Rows...)
	}
	v.About = fmt.Sprintf("Steps %d to %d of unit %d: the input, the gates, the states, the output, and their derivatives. Each step is a column.", w.First, v.End, w.Units[w.Unit])
	if c := w.case0(); c != nil {
		v.Shares, v.Spread = w.shares(c), w.spread(c)
	}
	v.Lines = w.lines()
	if w.Delta != nil {
		v.Delta = w.Delta.drawn()
	}
	var b bytes.Buffer
	if err := w.template().Execute(&b, v); err != nil {
		panic("walk: HTML: " + err.Error()) // cannot happen: the fields are strings and numbers
	}
	b.WriteString("<script type=\"application/json\" id=\"walk-data\">")
	b.Write(w.JSON()) // <, > and & are escaped
	b.WriteString("</script>\n<script>/*<![CDATA[*/\n" + script + "/*]]>*/</script>\n")
	return template.HTML(b.String())
}

// template returns the template with functions that write the numbers of the step.
func (w *Walk) template() *template.Template {
	cell := func(attr, element string, value string, name string) template.HTML {
		class := ""
		if attr == "data-v" && w.state(w.case0(), name) != Right {
			class = ` class="off"`
		}
		return template.HTML(fmt.Sprintf(`<%s%s %s="%s">%s</%s>`, element, class, attr, name, html.EscapeString(value), element))
	}
	return template.Must(template.New("walk").Funcs(template.FuncMap{
		"v":    func(name string) template.HTML { return cell("data-v", "span", w.text(w.case0(), name), name) },
		"t":    func(name string) template.HTML { return cell("data-v", "tspan", w.text(w.case0(), name), name) },
		"b":    func(name string) template.HTML { return cell("data-b", "span", w.text(nil, name), name) },
		"when": func(name string) template.HTMLAttr { return w.hidden(name) },
	}).Parse(source))
}

// hidden returns the attribute of a part of the sentence.
func (w *Walk) hidden(name string) template.HTMLAttr {
	last := w.First+w.Step == w.Whole-1
	if name == w.phase() || name == "target" && w.Has[w.Step] || name == "blind" && !w.Has[w.Step] || name == "last" && last || name == "inner" && !last || name == "broken" && (w.state(w.case0(), "dh") == Broken || w.state(w.case0(), "dc") == Broken) {
		return ""
	}
	return ` hidden="hidden"`
}

// text returns a number of the step, or a name, as the page shows it.
func (w *Walk) text(c *Case, name string) string {
	t := w.First + w.Step
	switch name {
	case "step":
		return fmt.Sprint(t)
	case "next":
		return fmt.Sprint(t + 1)
	case "unit":
		return fmt.Sprint(w.Units[w.Unit])
	case "before", "back":
		if t == 0 {
			return "to the initial state"
		}
		return fmt.Sprintf("to step %d", t-1)
	case "from":
		if t == 0 {
			return "of the initial state"
		}
		return fmt.Sprintf("from step %d", t-1)
	case "after":
		if t == w.Whole-1 {
			return "nothing later"
		}
		return fmt.Sprintf("to step %d", t+1)
	case "later":
		if t == w.Whole-1 {
			return "nothing later"
		}
		return fmt.Sprintf("from step %d", t+1)
	case "in":
		return w.In[w.Step]
	case "target":
		return w.target()
	case "y", "dy":
		return w.joined(c, name)
	}
	return Text(w.At(c, name, w.Unit, w.Step))
}

// joined returns the numbers of all rows.
func (w *Walk) joined(c *Case, name string) string {
	var all []string
	for k := range w.Numbers[name] {
		if v := w.At(c, name, k, w.Step); !math.IsNaN(v) {
			all = append(all, Text(v))
		}
	}
	if len(all) == 0 {
		return "–"
	}
	return strings.Join(all, ", ")
}

func (w *Walk) target() string {
	switch {
	case !w.Has[w.Step]:
		return "no target"
	case w.Out != nil:
		return "target " + w.Out[w.Step]
	}
	return "target " + w.joined(nil, "target")
}

const mostLetters = 64 // symbols above the strips

func (w *Walk) letters() (all []letter) {
	for t, name := range w.In {
		if w.T <= mostLetters {
			all = append(all, letter{w.percent(float64(t) + 0.5), name})
		}
	}
	return all
}

func (w *Walk) percent(x float64) string { return place(100*x/float64(w.T)) + "%" }

func (w *Walk) band() band {
	s := w.Spots[w.Unit]
	b := band{Written: s.Written - w.First, Read: s.Read - w.First, At: w.percent(float64(w.Step)), One: w.percent(1)}
	anchor := func(t int) (x, side string) {
		side = "start"
		if 2*t > w.T {
			side = "end"
		}
		return w.percent(min(float64(w.T), max(0, float64(t)+0.5))), side
	}
	b.W, b.WAnchor = anchor(b.Written)
	b.R, b.RAnchor = anchor(b.Read)
	b.WText, b.RText = fmt.Sprintf("written here: %d", s.Written), fmt.Sprintf("read here: %d", s.Read)
	b.K, b.KText = w.percent(float64(b.Written+b.Read+1)/2), w.keeps(s)
	if s.Written == s.Read {
		b.WText, b.RText = "", fmt.Sprintf("written and read here: %d", s.Read)
	}
	return b
}

// keeps is written between the places if there is room.
func (w *Walk) keeps(s Spot) string {
	if 2*(s.Read-s.Written) < w.T || s.Written < w.First || s.Read >= w.First+w.T {
		return ""
	}
	return "kept: f at least " + Text(s.Least)
}
