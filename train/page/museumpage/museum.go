// Package museumpage writes the museum as a page: all exhibits, and a walk back through each of them.
package museumpage

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"lstm/check"
	"lstm/check/mistake"
	"lstm/check/museum"
	"lstm/train/file"
	"lstm/train/page"
	"lstm/train/page/panel"
	"lstm/train/plot"
	"lstm/train/plot/label"
	"lstm/train/walk"
	"lstm/train/walkplot"
)

// first is the exhibit that the page shows first.
const first = "no-forget"

//go:embed museum.html
var source string

//go:embed museum.css
var css template.CSS

//go:embed museum.js
var script string

// names has the names of the rooms of the museum.
var names = []string{"At the loss and the readout", "In the gates", "In the cell", "Between the steps", "In the sums over the steps", "In the check", "Seen by no check of gradients"}

// A room is a part of the museum.
type room struct {
	Name     string
	Exhibits []*exhibit
}

// An exhibit is a case as the page shows it.
type exhibit struct {
	*museum.Case
	Index    int    // of the case of the walk
	Says     string // the verdict
	Class    string // its class
	Training string
	Chart    template.HTML
	Blocks   []block
	Tests    []test
}

// A block is a block of the gradient.
type block struct {
	Name       string
	Wrong, All int
}

// A test is a weak check.
type test struct {
	Letter, What string
	Misses       bool
}

// HTML returns the page.
func HTML() ([]byte, error) {
	var view struct {
		Rooms []room
		First *exhibit
	}
	good := museum.Train(&mistake.Exhibit{})
	cases := make([]*museum.Case, 1) // first comes first, because the walk begins there
	for k, exhibits := range mistake.Rooms {
		view.Rooms = append(view.Rooms, room{Name: names[k]})
		for _, x := range exhibits {
			c, err := museum.Look(x.Name)
			if err != nil {
				return nil, err
			}
			e := prepare(c, good)
			if x.Name == first {
				view.First, cases[0] = e, c
			} else {
				e.Index, cases = len(cases), append(cases, c)
			}
			last := &view.Rooms[len(view.Rooms)-1]
			last.Exhibits = append(last.Exhibits, e)
		}
	}
	part := func(name string) template.HTML {
		var b bytes.Buffer
		if err := parts.ExecuteTemplate(&b, name, view); err != nil {
			panic("museumpage: " + err.Error()) // cannot happen: the fields are strings and numbers
		}
		return template.HTML(b.String())
	}
	p := &page.Page{
		Title: "The museum of mistakes", Style: walkplot.CSS + css,
		Lead: fmt.Sprintf("%d mistakes in the gradient of an LSTM, and in a check of it. Choose one, and walk back through it. All numbers are those of a small network: %s.", len(cases), cases[0].Point()),
		Panels: []page.Panel{
			{ID: "exhibits", Title: "The exhibits", Body: part("museum")},
			{
				ID: "walk", Title: "The way back, step by step", Body: walkplot.HTML(walk.Museum(cases...)),
				Says: "Walk from right to left, as the gradient does.",
			},
			{ID: "all", Title: "All exhibits", Body: part("list") + template.HTML("<script>/*<![CDATA[*/\n"+script+"/*]]>*/</script>\n")},
		},
	}
	return p.HTML(), nil
}

// Write writes the page to a file.
func Write(name string) error {
	html, err := HTML()
	if err != nil {
		return err
	}
	return file.Write(name, html)
}

var parts = template.Must(template.New("").Funcs(template.FuncMap{"after": after, "columns": func() []string { return columns }}).Parse(source))

// prepare prepares a case. good is training without a mistake.
func prepare(c *museum.Case, good *museum.Training) *exhibit {
	e := &exhibit{Case: c, Says: panel.Readable(c.Verdict()), Class: page.Class(check.Wrong)}
	if c.Refused != nil || c.See != "" {
		e.Class = page.Class(check.Unresolved)
	}
	bad := museum.Train(c.Exhibit)
	switch same := slices.Equal(good.Losses, bad.Losses); {
	case same:
		e.Training = "Training does not use the check, so it is as it should be."
	case !finite(c.After):
		e.Training = fmt.Sprintf("Training with this mistake diverges. Without it, the loss goes from %s to %s.", after(c.Before), after(panel.Last(good.Losses)))
	case c.Falls:
		e.Training = fmt.Sprintf("Training with this mistake takes the loss from %s to %s: it falls all the same. Without it, to %s.", after(c.Before), after(c.After), after(panel.Last(good.Losses)))
	default:
		e.Training = fmt.Sprintf("Training with this mistake takes the loss from %s to %s. Without it, to %s.", after(c.Before), after(c.After), after(panel.Last(good.Losses)))
	}
	e.Chart = plot.SVG("training-"+c.Name, learning(c.Name, good, bad))
	if c.Grad == nil {
		return e
	}
	for _, r := range c.At.Results(c.Grad) {
		e.Blocks = append(e.Blocks, block{r.Name, len(r.With(check.Wrong)), len(r.Entries)})
	}
	if c.See == "" {
		for _, w := range museum.Weak {
			e.Tests = append(e.Tests, test{string(w.Letter), power.ReplaceAllStringFunc(w.What, func(n string) string { k, _ := strconv.Atoi(n[2:]); return label.Power(k) }), strings.IndexByte(c.Missed, w.Letter) >= 0})
		}
	}
	return e
}

// columns heads the table of all exhibits.
var columns = []string{"name", "mistake", "wrong and right line", "wrong entries", "loss after training", "missed by"}

// power matches a power of ten as a program writes it.
var power = regexp.MustCompile(`\b1e-?\d+`)

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// after writes a loss before or after training.
func after(loss float64) string {
	if !finite(loss) {
		return "no number"
	}
	return label.Digits(loss, 3)
}

// learning draws the loss during training with a mistake and without it.
func learning(name string, good, bad *museum.Training) *plot.Chart {
	x := panel.Count(0, len(good.Losses))
	c := &plot.Chart{
		Title: "The loss during training: " + name,
		About: fmt.Sprintf("With the mistake it goes from %s to %s; without, to %s.", after(bad.Losses[0]), after(panel.Last(bad.Losses)), after(panel.Last(good.Losses))),
		X:     plot.Axis{Label: "step of gradient descent", Whole: true}, Y: plot.Axis{Label: "loss", Log: true},
		Lines: []plot.Line{{Name: "with the mistake", Role: plot.Above, X: x, Y: bad.Losses}, {Name: "without", Role: plot.Within, X: x, Y: good.Losses}},
	}
	if slices.Equal(good.Losses, bad.Losses) {
		c.Lines = []plot.Line{{Name: "loss", X: x, Y: good.Losses}}
	}
	return c
}
