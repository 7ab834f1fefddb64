package runpage

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"lstm/train/history"
	"lstm/train/page"
	"lstm/train/page/panel"
	"lstm/train/plot"
	"lstm/train/plot/label"
	"lstm/train/rival"
	"lstm/train/series"
	"lstm/train/seriesplot"
	"lstm/train/show"
	"lstm/train/task"
)

// pieces explains the units of training that are pieces of the data.
var pieces = map[string]string{"chunk": " (a piece of the data)"}

// training shows the loss during training. base is the loss of the best constant output. learnt means that training ended
// because the task is learnt.
func training(h history.History, t *task.Task, base float64, learnt bool) page.Panel {
	var x []float64
	for _, k := range h.Iter {
		x = append(x, float64(k-1)) // the command's table counts from 0
	}
	axis := plot.Axis{Label: t.Unit, Whole: true, Ends: []float64{0, panel.Last(x) + 1}}
	name := t.Shown.Name
	if name == "" {
		name = "loss of a sequence"
	}
	p := page.Panel{
		ID: "loss", Title: "Training", Half: true,
		Says: fmt.Sprintf("The loss jumps from one %s to the next%s: the line is the median of the last hundred, and the band has eight tenths of them.", t.Unit, pieces[t.Unit]),
		Figures: []page.Figure{{Figure: &plot.Chart{
			Title: "The loss during training",
			About: fmt.Sprintf("The median of the last hundred losses goes from %s to %s. The best constant output has %s.", label.Number(h.Median[0]), label.Number(panel.Last(h.Median)), label.Number(base)),
			X:     axis, Y: plot.Axis{Label: name, Log: true},
			Lines: []plot.Line{{Name: "median " + label.Digits(panel.Last(h.Median), 3), Role: plot.Network, X: x, Y: h.Median, Low: h.Low, High: h.High}},
			Rules: []plot.Rule{{Name: "best constant " + label.Digits(base, 3), At: base}},
		}}},
	}
	chart := p.Figures[0].Figure.(*plot.Chart)
	if len(h.Iter) == len(h.First) { // too few for a median
		chart.Lines = []plot.Line{{Name: "loss " + label.Digits(panel.Last(h.First), 3), Role: plot.Network, X: x, Y: h.First}}
		chart.About = fmt.Sprintf("The loss goes from %s to %s. The best constant output has %s.", label.Number(h.First[0]), label.Number(panel.Last(h.First)), label.Number(base))
		p.Says = fmt.Sprintf("The loss of each %s.", t.Unit)
	}
	if learnt {
		chart.Rules = append(chart.Rules, plot.Rule{Name: "the criterion is met", Role: plot.Within, At: panel.Last(x), Vertical: true})
	}
	if len(h.Valid) > 0 {
		p.Figures = append(p.Figures, validation(h, t, axis))
	}
	return p
}

// validation shows the validation error during training.
func validation(h history.History, t *task.Task, axis plot.Axis) page.Figure {
	var at []float64
	for _, k := range h.ValidIter {
		at = append(at, float64(k))
	}
	least := slices.Index(h.Valid, slices.Min(h.Valid))
	caption := "The validation error, on data that the network does not train on."
	if t.Data.ID != "" { // other tasks draw new sequences
		caption += " When it no longer falls, the network starts to memorize its data."
	}
	return page.Captioned(caption, &plot.Chart{
		Title: "The validation error during training", Tall: 100,
		About: fmt.Sprintf("It goes from %s to %s. The least is %s, after %s.", label.Number(h.Valid[0]), label.Number(panel.Last(h.Valid)), label.Number(h.Valid[least]), show.Count(h.ValidIter[least], t.Unit)),
		X:     axis, Y: plot.Axis{Label: t.Validation.Says, Log: true},
		Lines: []plot.Line{{Name: "validation", Role: plot.Network, X: at, Y: h.Valid}},
		Rules: []plot.Rule{{Name: "least: " + label.Number(h.Valid[least]), Role: plot.Network, At: at[least], Vertical: true}},
	})
}

// forecast shows one free run and, if next is not nil, the forecasts after the end of the data.
func forecast(f *series.FreeRun, next *series.Future) page.Panel {
	n := len(f.Truth)
	x := panel.Count(0, n)
	p := page.Panel{
		ID: "forecast", Title: "Forecast", Half: true,
		Says: "Right of the line, the free run uses each forecast as the next input, so small errors can grow. One step ahead, the network sees the true value before each forecast.",
		Figures: []page.Figure{{Figure: &plot.Chart{
			Title: "Forecasts of values that the network has not seen",
			About: fmt.Sprintf("%d values. The root mean square error is %s one step ahead and %s in the free run.", n, label.Number(series.RMS(f.OneStep, f.Truth)), label.Number(series.RMS(f.Free, f.Truth))),
			X:     plot.Axis{Label: cmp.Or(f.When, "step"), Whole: true, Dates: f.Dates, First: -len(f.Seen)}, Y: plot.Axis{Label: f.Unit},
			Lines: []plot.Line{
				{Name: "the data", Role: plot.Target, X: panel.Count(-len(f.Seen), len(f.Seen)+n), Y: slices.Concat(f.Seen, f.Truth)},
				{Name: "free run", Role: plot.Network, X: x, Y: f.Free}, {Name: "one step ahead", Role: plot.Network, X: x, Y: f.OneStep},
			},
			Rules: []plot.Rule{{Name: "the free run starts", Role: plot.Target, At: 0, Vertical: true}},
		}}},
	}
	if next != nil {
		says := "What comes next."
		if !math.IsNaN(next.Half[0]) {
			says += fmt.Sprintf(" The band should hold %d of 100 values.", series.Covers)
		}
		p.Figures = append(p.Figures, page.Captioned(says, seriesplot.Next(next)))
	}
	return p
}

// rivals shows the network beside simpler methods and, of a text, what each symbol costs and what the network writes.
func rivals(s *rival.Standing, sample string) (all []page.Panel) {
	head := s.Head
	methods := append(slices.Clone(s.Rivals), s.Network)
	if head == nil {
		head = []string{s.Of}
		for i := range methods {
			methods[i].More = []float64{methods[i].Error}
		}
	}
	t := &page.Table{Head: append([]string{"method"}, head...)}
	for _, m := range methods {
		row := []string{m.Name}
		for _, v := range m.More {
			text := label.Fixed(v, 4)
			if math.IsNaN(v) {
				text = "–"
			}
			row = append(row, text)
		}
		t.Rows = append(t.Rows, row)
	}
	all = append(all, page.Panel{ID: "rivals", Title: "Beside simpler methods", Half: true, Table: t, Says: explained(s)}) // the banner says who wins
	if len(s.Symbols) > 0 {
		all[0].Figures = []page.Figure{symbols(s)}
	}
	if sample != "" {
		all = append(all, page.Panel{ID: "writes", Title: "What it writes", Says: "Each character is drawn from the network's probabilities, and is its next input.", Text: unmarked(sample), Half: true})
	}
	return all
}

// explained explains persistence, if it is a rival.
func explained(s *rival.Standing) string {
	if slices.ContainsFunc(s.Rivals, func(m rival.Method) bool { return m.Name == "persistence" }) {
		return "Persistence forecasts the last value again."
	}
	return ""
}

// unmarked removes the marks with which the command begins the lines of a sample. A page wraps lines.
func unmarked(sample string) string {
	var all []string
	for _, line := range strings.Split(sample, "\n") {
		all = append(all, strings.TrimPrefix(strings.TrimPrefix(line, "  |"), " "))
	}
	return strings.Trim(strings.Join(all, "\n"), "\n")
}

// symbols draws what each symbol costs.
func symbols(s *rival.Standing) page.Figure {
	const most = 24
	shown := s.Symbols[:min(most, len(s.Symbols))]
	c := &plot.Chart{
		Title: "Bits by symbol", X: plot.Axis{Label: "bits", Ends: []float64{0}},
		Rules: []plot.Rule{{Name: "mean " + label.Number(s.Network.Error), Role: plot.Network, At: s.Network.Error, Vertical: true}},
	}
	l := plot.Line{Role: plot.Network, Mark: plot.Ring}
	for i, x := range slices.Backward(shown) {
		l.X, l.Y = append(l.X, x.Bits), append(l.Y, float64(len(shown)-1-i))
		c.Y.Names = append(c.Y.Names, x.Name)
		c.About = fmt.Sprintf("%s: %s bits, %d times. ", x.Name, label.Number(x.Bits), x.Times) + c.About
	}
	c.Lines = []plot.Line{l}
	return page.Captioned(fmt.Sprintf("What each of the %d most frequent symbols costs, the most frequent at the top.", len(shown)), c)
}
