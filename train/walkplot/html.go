package walkplot

import (
	"bytes"
	_ "embed"
	"fmt"
	"html"
	"html/template"
	"unicode/utf8"

	"lstm/train/show"
	"lstm/train/walk"
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
	walked
	Spot, About, Spread, Cut string
	Compare                  bool
	Last, End                int
	Order                    []int
	Band                     band
	Rows                     []letters
	Shares                   []row
	Lines                    []line
	Sigma                    string
	OutName, BackName        string            // y and dy
	Names                    map[string]string // the texts that differ from case to case
	Mood                     string
}

// letters is a row of the timeline, or the symbols of the input.
type letters struct {
	row
	Letters []letter
}

// letters returns the symbols of the steps or, if there is no room for all, those that are rare.
func (w walked) letters() (all []letter) {
	times, last := make(map[string]int), -w.T
	for _, name := range w.In {
		times[name]++
	}
	for t, name := range w.In {
		if w.T <= mostLetters || times[name] <= w.T/20 && (t-last)*mostLetters >= w.T {
			l := letter{X: w.percent(float64(t) + 0.5), Text: name}
			if utf8.RuneCountInString(name) > 1 { // the name of an invisible symbol, or one that is too wide
				l.Text = "·"
			}
			switch { // the ends of the strip cut nothing
			case t == 0 && w.T > mostLetters/2:
				l.X, l.Anchor = "0%", "start"
			case t == w.T-1 && w.T > mostLetters/2:
				l.X, l.Anchor = "100%", "end"
			}
			all, last = append(all, l), t
		}
	}
	return all
}

type letter struct{ X, Text, Anchor string }

// band has the places of the cursor, of the writing and of the reading; W, R and At in percent.
type band struct {
	W, R, WAnchor, RAnchor, WText, RText string
	K, KText                             string
	Written, Read, Also                  int
	At, One                              string
}

func (w walked) band() band {
	s := w.Spots[w.Unit]
	b := band{Written: s.Written - w.First, Read: s.Read - w.First, Also: also(s.Also, w.First), At: w.percent(float64(w.Step)), One: w.percent(1)}
	anchor := func(t int) (x, side string) {
		side = "start"
		if 2*t > w.T {
			side = "end"
		}
		return w.percent(min(float64(w.T), max(0, float64(t)+0.5))), side
	}
	b.W, b.WAnchor = anchor(b.Written)
	b.R, b.RAnchor = anchor(b.Read)
	b.WText, b.RText = w.writes(w.Unit), "read here: "+show.Thousands(s.Read)
	b.K, b.KText = w.percent(float64(b.Written+b.Read+1)/2), w.keeps(s)
	if s.Written == s.Read {
		b.WText, b.RText = "", "written and read here: "+show.Thousands(s.Read)
	}
	return b
}

// also returns the place of a second write, or a place outside of the strips.
func also(t, first int) int {
	if t < 0 {
		return -1
	}
	return t - first
}

// HTML returns a Walk as it stands at its step, and the script with all numbers.
func HTML(of *walk.Walk) template.HTML {
	w := walked{of}
	v := &view{
		walked: w, Spot: w.says(w.Unit), Cut: w.cut(), Compare: len(w.Cases) > 0, Last: w.T - 1, End: w.First + w.T - 1,
		Order: w.order(), Band: w.band(), Sigma: "σ", OutName: "y", BackName: "dy", Names: w.names(of.Shown()), Mood: w.mood(of.Shown()),
	}
	if w.Symbols {
		v.OutName, v.BackName = "p", "‖dy‖"
	}
	for _, r := range w.rows() {
		v.Rows = append(v.Rows, letters{row: r})
	}
	if w.In != nil {
		v.Rows = append([]letters{{row: row{Name: "letters", Label: "x"}, Letters: w.letters()}}, v.Rows...)
	}
	v.About = fmt.Sprintf("Steps %s to %s of unit %d: the input, the gates, the states, the output, and their derivatives. Each step is a column.", show.Thousands(w.First), show.Thousands(v.End), w.Units[w.Unit])
	if c := w.Shown(); c != nil {
		v.Shares, v.Spread = w.shares(c), w.spread(c)
	}
	v.Lines = w.lines()
	var b bytes.Buffer
	if err := document.Execute(&b, v); err != nil {
		panic("walkplot: HTML: " + err.Error()) // cannot happen: the fields are strings and numbers
	}
	b.WriteString(data("walk-data", w.page()))
	b.WriteString("<script>/*<![CDATA[*/\n" + script + "/*]]>*/</script>\n")
	return template.HTML(b.String())
}

// document is the template. The methods of view write the numbers of the step into it.
var document = template.Must(template.New("walk").Parse(source))

// Span returns a number of the step as the script finds it.
func (v *view) Span(name string) template.HTML { return v.number("span", "data-v", v.Shown(), name) }

// Tspan returns the same in a figure.
func (v *view) Tspan(name string) template.HTML { return v.number("tspan", "data-v", v.Shown(), name) }

// Now returns the number of the step.
func (v *view) Now() string { return v.text(nil, "step") }

// Count writes the number of a step.
func (v *view) Count(n int) string { return show.Thousands(n) }

// Should returns the number that should be there.
func (v *view) Should(name string) template.HTML { return v.number("span", "data-b", nil, name) }

// When returns the attribute of a part of the sentence.
func (v *view) When(name string) template.HTMLAttr { return v.hidden(name) }

// Pair returns both numbers of a line, beside each other in the table.
func (v *view) Pair(name string) [2]string { return v.pair(v.Shown(), name) }

func (w walked) pair(c *walk.Case, name string) [2]string {
	if name == "dy" {
		return [2]string{w.text(c, name), w.text(nil, name)}
	}
	is, be := pair(w.At(c, name, w.Unit, w.Step), w.At(nil, name, w.Unit, w.Step))
	return [2]string{is, be}
}

func (w walked) number(element, attribute string, c *walk.Case, name string) template.HTML {
	class := ""
	if w.state(c, name) != walk.Right {
		class = ` class="off"`
	}
	return template.HTML(fmt.Sprintf(`<%s%s %s="%s">%s</%s>`, element, class, attribute, name, html.EscapeString(w.text(c, name)), element))
}

const mostLetters = 20 // symbols above the strips: there is room for so many

func (w walked) percent(x float64) string { return place(100*x/float64(w.T)) + "%" }
