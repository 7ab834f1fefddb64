package runpage

import (
	"encoding/xml"
	"fmt"
	"math"
	"regexp"
	"slices"
	"testing"

	"lstm/bptt"
	"lstm/cell"
	"lstm/check"
	"lstm/train/history"
	"lstm/train/look"
	"lstm/train/page"
	"lstm/train/page/pagetest"
	"lstm/train/page/panel"
	"lstm/train/plot"
	"lstm/train/proof"
	"lstm/train/series"
	"lstm/train/task"
)

// lines returns the lines of a chart without their names.
func lines(c *plot.Chart) (all []plot.Line) {
	for _, l := range c.Lines {
		l.Name = ""
		all = append(all, l)
	}
	return all
}

// rules returns the rules of a chart without their names.
func rules(c *plot.Chart) (all []plot.Rule) {
	for _, r := range c.Rules {
		r.Name = ""
		all = append(all, r)
	}
	return all
}

// numbers returns the numbers in a text.
func numbers(text string) []string {
	return regexp.MustCompile(`\d+(\.\d+)?(e[+-]\d+)?`).FindAllString(text, -1)
}

func TestTraining(t *testing.T) {
	t.Parallel()
	h := history.History{Iter: []int{10, 20, 30}, Low: []float64{1, 2, 3}, High: []float64{10, 50, 60}, Median: []float64{7, 8, 9}}
	of := &task.Task{Unit: "chunk", Shown: task.Shown{Name: "squared error"}, Validation: &task.Metric{Says: "error"}}
	pagetest.Equal(t, "figures without validation", len(training(h, of, 0.25, false).Figures), 1)
	h.ValidIter, h.Valid = []int{10, 20, 30}, []float64{3, 1, 2}
	p := training(h, of, 0.25, false)
	loss, valid := pagetest.Chart(t, p.Figures[0]), pagetest.Chart(t, p.Figures[1])
	x := []float64{9, 19, 29}
	pagetest.Equal(t, "the line", lines(loss), []plot.Line{{Role: plot.Network, X: x, Y: h.Median, Low: h.Low, High: h.High}})
	pagetest.Equal(t, "the baseline", rules(loss), []plot.Rule{{At: 0.25}})
	pagetest.Equal(t, "x", loss.X, plot.Axis{Label: "chunk", Whole: true, Ends: []float64{0, 30}})
	pagetest.Equal(t, "y", loss.Y, plot.Axis{Label: "squared error", Log: true})
	pagetest.Equal(t, "the validation error", lines(valid), []plot.Line{{Role: plot.Network, X: []float64{10, 20, 30}, Y: []float64{3, 1, 2}}})
	pagetest.Equal(t, "the least", rules(valid), []plot.Rule{{Role: plot.Network, At: 20, Vertical: true}})
	pagetest.Equal(t, "the y of the validation error", valid.Y.Label, "error")
	pagetest.Equal(t, "where the criterion is met", rules(pagetest.Chart(t, training(h, of, 0.25, true).Figures[0]))[1], plot.Rule{Role: plot.Within, At: 29, Vertical: true})
	few := h
	few.First = []float64{4, 5, 6}
	pagetest.Equal(t, "few losses", lines(pagetest.Chart(t, training(few, of, 0.25, false).Figures[0])), []plot.Line{{Role: plot.Network, X: x, Y: few.First}})
	of.Data.ID = "some"
	if training(h, of, 0.25, false).Figures[1].Caption == p.Figures[1].Caption {
		t.Error("the text is the same with data, which the network may memorize, and without")
	}
}

func TestOutputs(t *testing.T) {
	t.Parallel()
	s := &sequence{task: &task.Task{Loss: bptt.SquaredError{}}, Look: &look.Look{
		From: 7, T: 3, M: 2, Y: []float64{1, 2, 3}, Input: look.Input{Target: []float64{20, 30}},
	}}
	p := outputs(s)
	pagetest.Equal(t, "the lines", lines(pagetest.Chart(t, p.Figures[0])), []plot.Line{{Role: plot.Network, X: []float64{7, 8, 9}, Y: s.Y}, {Role: plot.Target, X: []float64{8, 9}, Y: s.Target}})
	pagetest.Equal(t, "the number of steps", numbers(p.Says), []string{"3", "10"})
	s.From, s.M, s.Target = 0, 1, []float64{30}
	p = outputs(s)
	point := pagetest.Chart(t, p.Figures[0]).Lines[1]
	pagetest.Equal(t, "the only target", []any{point.X, point.Y, point.Mark}, []any{[]float64{2}, []float64{30}, plot.Cross})
	pagetest.Equal(t, "numbers if it shows all steps", len(numbers(p.Says)), 0)
	s.scaled, s.task.Data.Scaling = "value", []float64{8, 9}
	pagetest.Equal(t, "the scaling", numbers(outputs(s).Figures[0].Caption), []string{"8", "9"})

	c := pagetest.Chart(t, forecast(&series.FreeRun{Seen: []float64{1, 2}, Truth: []float64{3, 4, 5}, OneStep: []float64{6, 7, 8}, Free: []float64{9, 10, 11}, Unit: "ppm"}, nil).Figures[0])
	x := []float64{0, 1, 2}
	pagetest.Equal(t, "the forecasts", lines(c), []plot.Line{
		{Role: plot.Target, X: []float64{-2, -1, 0, 1, 2}, Y: []float64{1, 2, 3, 4, 5}}, {Role: plot.Network, X: x, Y: []float64{9, 10, 11}}, {Role: plot.Network, X: x, Y: []float64{6, 7, 8}},
	})
	pagetest.Equal(t, "the errors", numbers(c.About), []string{"3", "3", "6"})
	pagetest.Equal(t, "with a missing truth", series.RMS([]float64{1, 2, 3}, []float64{2, math.NaN(), 2}), 1.0)
	pagetest.Equal(t, "the start of the forecasts", rules(c), []plot.Rule{{Role: plot.Target, At: 0, Vertical: true}})
	pagetest.Equal(t, "the unit of the forecasts", c.Y.Label, "ppm")
}

// TestUnnamed: if inputs and outputs are many, their rows have no names.
func TestUnnamed(t *testing.T) {
	t.Parallel()
	const n = maxNames + 5
	s := &sequence{task: &task.Task{Loss: bptt.CrossEntropy{}}, Look: &look.Look{
		Input: look.Input{X: make([]float64, n), Target: make([]float64, n)}, T: 1, M: 1, Y: make([]float64, n),
		Steps: []cell.Step{{Gates: make([]float64, 4), C: []float64{0}, H: []float64{0}}},
	}}
	pagetest.Equal(t, "the rows of x", len(pagetest.Stack(t, insideRun(s, nil).Figures[0]).Strips[0].Rows), n)
	strip := pagetest.Stack(t, outputs(s).Figures[0]).Strips[0]
	pagetest.Equal(t, "the rows of y, and their names", []int{len(strip.Rows), len(strip.Names)}, []int{maxNames, 0})
	c := &page.Page{Panels: []page.Panel{insideRun(s, nil), outputs(s)}}
	pagetest.Elements(t, "unnamed", c.HTML(), func(xml.StartElement) {})
}

// TestLikely draws three symbols over four steps. The last two steps have a target.
func TestLikely(t *testing.T) {
	t.Parallel()
	of := &task.Task{Inputs: []string{"a", "b", "c"}, Outputs: []string{"p", "q", "r"}, Loss: bptt.CrossEntropy{}}
	s := &sequence{task: of, Look: &look.Look{
		T: 4, M: 2, Y: []float64{9, 0, 0, 0, 9, 0, 0, 0, 9, 0, 9, 0},
		Input: look.Input{X: []float64{1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0}, Target: []float64{0, 0, 1, 1, 0, 0}},
	}}
	drawn := pagetest.Stack(t, outputs(s).Figures[0])
	pagetest.Equal(t, "the letters", drawn.Columns, []string{"a", "b", "c", "a"})
	pagetest.Equal(t, "the names", drawn.Strips[0].Names, of.Outputs)
	pagetest.Equal(t, "the targets", drawn.Strips[0].Edge, [][]bool{{false, false, false, true}, {false, false, false, false}, {false, false, true, false}})
	for o, row := range drawn.Strips[0].Rows {
		for step, p := range row {
			if sure := s.Y[step*3+o] == 9; sure != (p > 0.99) || !sure && p > 0.01 {
				t.Errorf("output %d at step %d: %v", o, step, p)
			}
		}
	}
	pagetest.Equal(t, "steps with a target, right ones, symbols", numbers(drawn.About), []string{"2", "1", "3"})

	of.Inputs = make([]string, maxNames+1)
	s.T, s.M = maxLetters+3, 1
	s.X, s.Y, s.Target = make([]float64, s.T*(maxNames+1)), make([]float64, 3*s.T), []float64{0, 1, 0}
	drawn = pagetest.Stack(t, outputs(s).Figures[0])
	pagetest.Equal(t, "the first step, and the letters, of a long sequence", []int{drawn.First, len(drawn.Columns)}, []int{3, maxLetters})
}

// TestInside: the strips stand in the order of the way forward. The memory sorts the units, and says where the first one
// is written and read.
func TestInside(t *testing.T) {
	t.Parallel()
	s := &sequence{task: &task.Task{Inputs: []string{"u", "v"}}, Look: &look.Look{T: 2, Input: look.Input{X: []float64{1, 0, 3, 0}}, Steps: []cell.Step{
		{Gates: []float64{10, 11, 20, 21, 30, 31, 40, 41}, C: []float64{50, 51}, H: []float64{60, 61}},
		{Gates: []float64{110, 111, 120, 121, 130, 131, 140, 141}, C: []float64{150, 151}, H: []float64{160, 161}},
	}}}
	drawn := pagetest.Stack(t, insideRun(s, nil).Figures[0])
	pagetest.Equal(t, "the inputs", []any{drawn.Strips[0].Label, drawn.Strips[0].Lines, drawn.Strips[1].Label, drawn.Strips[1].Rows}, []any{"u", [][]float64{{1, 3}}, "v", [][]float64{{0, 0}}})
	names := ""
	for k, strip := range drawn.Strips[2:] {
		names += strip.Label
		v := []float64{10, 20, 40, 50, 30, 60}[k]
		pagetest.Equal(t, strip.Label, strip.Rows, [][]float64{{v, 100 + v}, {v + 1, 101 + v}})
	}
	pagetest.Equal(t, "the order", names, "ifgcoh")
	pagetest.Equal(t, "c's scale", drawn.Strips[5].Scale, plot.Scale{Low: -151, High: 151})

	c := panel.Cell{First: 5, Memory: &panel.Memory{Units: []int{1, 0}, Written: []int{-1, 0}, Read: 1}}
	for _, step := range s.Steps {
		c.Steps = append(c.Steps, panel.State{step.Gates[:2], step.Gates[2:4], step.Gates[4:6], step.Gates[6:], step.C, step.H})
	}
	drawn = pagetest.Stack(t, panel.Inside(c).Figures[0])
	pagetest.Equal(t, "the line of the first unit", drawn.Strips[0].Lines, [][]float64{{51, 151}})
	pagetest.Equal(t, "the first row", drawn.Strips[1].Rows[0], []float64{11, 111})
	pagetest.Equal(t, "written and read", drawn.Cursors, []plot.Cursor{{Name: "written", At: 0}, {Name: "read", At: 1}})
}

// TestSeldom: if a gate seldom opens, its full colour is the largest number.
func TestSeldom(t *testing.T) {
	t.Parallel()
	var c panel.Cell
	for k := range 100 {
		i := 0.001
		if k == 50 {
			i = 0.03
		}
		c.Steps = append(c.Steps, panel.State{{i}, {0.9}, {0.5}, {0}, {1}, {0}})
	}
	strips := pagetest.Stack(t, panel.Inside(c).Figures[0]).Strips
	pagetest.Equal(t, "the scales of i and f", []plot.Scale{strips[0].Scale, strips[1].Scale}, []plot.Scale{{High: 0.03}, {High: 1}})
}

// TestChecked: a matrix places each entry by its index, and does not use its name.
func TestChecked(t *testing.T) {
	t.Parallel()
	p := cell.New(1, 2, 1)
	var results []check.Result
	for _, b := range p.Blocks() {
		r := check.Result{Name: b.Name}
		for _, i := range b.Index {
			r.Entries = append(r.Entries, check.Entry{Index: i, Analytic: 1, Numeric: 1 - float64(i)/1000})
		}
		results = append(results, r)
	}
	results[1].Entries = slices.Delete(results[1].Entries, 0, 1) // Wf has no first entry
	results = append(results, check.Result{Name: "h0", Entries: []check.Entry{{Index: 1, Analytic: 1, Numeric: 0.1}}})
	tiles, ok := checked(p, &proof.Proof{Results: results}).Figures[0].Figure.(*plot.Tiles)
	if !ok || len(tiles.Tiles) != 5 {
		t.Fatalf("%v", tiles)
	}
	for n, k := range []int{0, 1, 2, 3, 8} {
		b, tile, bias, cols := p.Blocks()[k], tiles.Tiles[n], k+4, 2
		if n == 4 {
			bias, cols = 9, 1
		}
		for at, i := range append(slices.Clone(b.Index), p.Blocks()[bias].Index...) {
			got := tile.Share[at/cols][at%cols]
			want := check.Entry{Analytic: 1, Numeric: 1 - float64(i)/1000}.Share()
			if missing := k == 1 && at == 0; missing != math.IsNaN(got) || !missing && got != want {
				t.Errorf("%s: entry %d is %v, want %v", tile.Name, at, got, want)
			}
		}
	}
}

func TestWayBack(t *testing.T) {
	t.Parallel()
	l := &look.Look{
		T: 3, M: 3, DH: []float64{1, 2, 3}, DC: []float64{4, 5, 6},
		Share:   [][]float64{{1, 0, 0}, {1e-2, 1e-1, 0}, {1e-3, 1e-4, 10}},
		Through: [][]bool{{true, false, false}, {true, true, false}, {false, true, true}},
		Biases:  []float64{0, 7}, Forget: [][]float64{{1, 2, 3}, {4, 5, 6}},
		From: 20, Input: look.Input{Window: 2, Stride: 1},
	}
	p := wayBack(l, false)
	x := []float64{20, 21, 22}
	pagetest.Equal(t, "the norms", lines(pagetest.Chart(t, p.Figures[0])), []plot.Line{{Role: plot.Backward, X: x, Y: l.DH}, {Role: plot.Backward, X: x, Y: l.DC}})
	pagetest.Equal(t, "by forget bias", lines(pagetest.Chart(t, p.Figures[1])), []plot.Line{{Role: plot.Backward, X: x, Y: l.Forget[0]}, {Role: plot.Backward, X: x, Y: l.Forget[1]}})
	pagetest.Equal(t, "the first step", pagetest.Stack(t, p.More.Figures[0]).First, 20)
	strip := pagetest.Stack(t, p.More.Figures[0]).Strips[0]
	none := math.Inf(-1)
	pagetest.Equal(t, "the shares", fmt.Sprintf("%.4g", strip.Rows), fmt.Sprintf("%.4g", [][]float64{{-1, none, none}, {-3, -2, none}, {-4, -5, 0}}))
	pagetest.Equal(t, "the frame", strip.Edge, l.Through)
	truncation := numbers(p.More.Figures[0].Caption)
	pagetest.Equal(t, "the truncation", truncation[len(truncation)-2:], []string{"1", "2"})
	l.M = 1
	c := pagetest.Chart(t, wayBack(l, false).More.Figures[0])
	pagetest.Equal(t, "the only row", lines(c), []plot.Line{{Role: plot.Backward, X: x, Y: l.Share[2]}})
	pagetest.Equal(t, "its truncation", rules(c), []plot.Rule{{At: 21, Vertical: true}})
	if says := wayBack(l, true).Says; says == p.Says {
		t.Error("the panel does not say that the gradient is wrong")
	}
}
