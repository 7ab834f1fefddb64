package page

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"lstm/bptt"
	"lstm/cell"
	"lstm/check"
	"lstm/check/museum"
	"lstm/check/scalar"
	"lstm/train"
	"lstm/train/plot"
)

// equal compares what a figure is drawn from with what it should be.
func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func chart(t *testing.T, f figure) *plot.Chart {
	t.Helper()
	c, ok := f.Figure.(*plot.Chart)
	if !ok {
		t.Fatalf("%T is no chart", f.Figure)
	}
	return c
}

func stack(t *testing.T, f figure) *plot.Stack {
	t.Helper()
	s, ok := f.Figure.(*plot.Stack)
	if !ok {
		t.Fatalf("%T is no stack", f.Figure)
	}
	return s
}

func TestTraining(t *testing.T) {
	r, _ := trained(t, "series", func(c *train.Config) { c.Steps = 1 })
	r.Past = train.History{
		Iter: []int{10, 20, 30}, Low: []float64{1, 2, 3}, High: []float64{1, 5, 6}, Average: []float64{7, 8, 9},
		ValidIter: []int{10, 20, 30}, Valid: []float64{3, 1, 2},
	}
	p := training(r)
	loss, valid := chart(t, p.Figures[0]), chart(t, p.Figures[1])
	equal(t, "the lines", loss.Lines, []plot.Line{
		{Name: "of each chunk", X: []float64{9, 19, 19, 29, 29}, Y: []float64{1, 2, 5, 3, 6}, Pale: true},
		{Name: "moving average", X: []float64{9, 19, 29}, Y: []float64{7, 8, 9}},
	})
	equal(t, "the baseline", loss.Rules[0].At, r.Baseline())
	equal(t, "x", loss.X, plot.Axis{Label: "chunk", Whole: true, Ends: []float64{0, 30}})
	equal(t, "y", loss.Y, plot.Axis{Label: "squared error / variance", Log: true})
	equal(t, "the line that validates", valid.Lines, []plot.Line{{Name: "validated", X: []float64{10, 20, 30}, Y: []float64{3, 1, 2}}})
	equal(t, "its least", valid.Rules, []plot.Rule{{Name: "least", At: 20, Vertical: true}})
	equal(t, "its y", valid.Y.Label, "error one step ahead, CO2")
}

func TestOutputs(t *testing.T) {
	r := &train.Run{Task: &train.Task{O: 1, Loss: bptt.SquaredError{}}}
	l := &train.Look{From: 7, T: 3, M: 2, Y: []float64{1, 2, 3}, Target: []float64{20, 30}}
	p := outputs(r, l)
	equal(t, "the lines", chart(t, p.Figures[0]).Lines, []plot.Line{
		{Name: "output", X: []float64{7, 8, 9}, Y: l.Y}, {Name: "target", X: []float64{8, 9}, Y: l.Target},
	})
	if !strings.HasPrefix(p.Says, "The last 3 of 10 steps ") {
		t.Errorf("it says %q", p.Says)
	}
	l.From = 0
	l.M, l.Target = 1, []float64{30}
	equal(t, "the only target", chart(t, outputs(r, l).Figures[0]).Points, []plot.Points{{Name: "target", X: []float64{2}, Y: []float64{30}, Mark: plot.Cross}})

	c := chart(t, forecast(&train.FreeRun{Seen: []float64{1, 2}, Truth: []float64{3, 4, 5}, OneStep: []float64{6, 7, 8}, Free: []float64{9, 10, 11}, Unit: "ppm"}).Figures[0])
	x := []float64{0, 1, 2}
	equal(t, "the forecasts", c.Lines, []plot.Line{
		{Name: "the data", X: []float64{-2, -1, 0, 1, 2}, Y: []float64{1, 2, 3, 4, 5}},
		{Name: "running free", X: x, Y: []float64{9, 10, 11}}, {Name: "one step ahead", X: x, Y: []float64{6, 7, 8}},
	})
	equal(t, "how far off", c.About, "3 values: forecasts one step ahead are off by 3, those running free by 6.")
	equal(t, "where the truth is not known", rms([]float64{1, 2, 3}, []float64{2, math.NaN(), 2}), 1.0)
	equal(t, "where they start", c.Rules, []plot.Rule{{Name: "it starts running free", At: 0, Vertical: true}})
	equal(t, "their unit", c.Y.Label, "ppm")
}

// TestUnnamed: a task need not say what its inputs and outputs are called, however many they are.
func TestUnnamed(t *testing.T) {
	const n = maxNames + 5
	r := &train.Run{Task: &train.Task{X: n, O: n, Loss: bptt.CrossEntropy{}}, Params: cell.New(n, 1, n)}
	l := &train.Look{T: 1, M: 1, X: make([]float64, n), Y: make([]float64, n), Target: make([]float64, n), Steps: []cell.Step{
		{Gates: make([]float64, 4), C: []float64{0}, H: []float64{0}},
	}}
	equal(t, "the rows of x", len(stack(t, insideRun(r, l).Figures[0]).Strips[0].Rows), n)
	strip := stack(t, outputs(r, l).Figures[0]).Strips[0]
	equal(t, "the rows of y, and their names", []int{len(strip.Rows), len(strip.Names)}, []int{maxNames, 0})
	c := &content{Panels: []panel{insideRun(r, l), outputs(r, l)}}
	walk(t, "unnamed", c.html(), func(xml.StartElement) {})
}

// TestLikely: three symbols over four steps, of which the last two have a target.
func TestLikely(t *testing.T) {
	task := &train.Task{X: 3, O: 3, Inputs: []string{"a", "b", "c"}, Outputs: []string{"p", "q", "r"}, Loss: bptt.CrossEntropy{}}
	l := &train.Look{
		T: 4, M: 2,
		X:      []float64{1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0},
		Y:      []float64{9, 0, 0, 0, 9, 0, 0, 0, 9, 0, 9, 0},
		Target: []float64{0, 0, 1, 1, 0, 0},
	}
	s := stack(t, likely(task, l).Figures[0])
	equal(t, "the letters", s.Columns, []string{"a", "b", "c", "a"})
	equal(t, "the names", s.Strips[0].Names, task.Outputs)
	equal(t, "what comes", s.Strips[0].Edge, [][]bool{{false, false, false, true}, {false, false, false, false}, {false, false, true, false}})
	for o, row := range s.Strips[0].Rows {
		for step, p := range row {
			if sure := l.Y[step*3+o] == 9; sure != (p > 0.99) || !sure && p > 0.01 {
				t.Errorf("output %d at step %d: %v", o, step, p)
			}
		}
	}
	equal(t, "in words", s.About, "At 2 steps there is a target; at 1 of these the likeliest of 3 symbols is the one that comes.")
}

func TestInside(t *testing.T) {
	r := &train.Run{Task: &train.Task{X: 2, Inputs: []string{"u", "v"}}, Params: cell.New(2, 2, 1)}
	l := &train.Look{T: 2, X: []float64{1, 2, 3, 4}, Steps: []cell.Step{
		{Gates: []float64{10, 11, 20, 21, 30, 31, 40, 41}, C: []float64{50, 51}, H: []float64{60, 61}},
		{Gates: []float64{110, 111, 120, 121, 130, 131, 140, 141}, C: []float64{150, 151}, H: []float64{160, 161}},
	}}
	first := map[string]float64{"i": 10, "f": 20, "o": 30, "g": 40, "c": 50, "h": 60}
	seen := 0
	for _, f := range insideRun(r, l).Figures {
		s := stack(t, f)
		equal(t, "the input", s.Strips[0], plot.Strip{Label: "x", Names: r.Task.Inputs, Lines: [][]float64{{1, 3}, {2, 4}}})
		for _, strip := range s.Strips[1:] {
			v := first[strip.Label]
			equal(t, strip.Label, strip.Rows, [][]float64{{v, 100 + v}, {v + 1, 101 + v}})
			seen++
		}
		if s.Strips[1].Label == "c" {
			equal(t, "c's scale", s.Scale, plot.Scale{Low: -151, High: 151})
		}
	}
	equal(t, "gates and states", seen, 6)

	// Too pale to be seen, i and h have a scale of their own.
	pale := [6][][]float64{{{0, 0.01}}, {{0.5, 1}}, {{0.5, 1}}, {{-1, 1}}, {{-2, 2}}, {{-0.02, 0}}}
	p := inside(plot.Strip{Label: "x", Lines: [][]float64{{0, 1}}}, nil, 5, pale)
	gates, h := stack(t, p.Figures[0]), stack(t, p.Figures[1]).Strips[2]
	equal(t, "i", []any{gates.Strips[1].Label, gates.Strips[1].Scale, gates.Strips[2].Label, gates.First}, []any{"i to 0.01", plot.Scale{Low: 0, High: 0.01}, "f", 5})
	equal(t, "h", []any{h.Label, h.Scale}, []any{"h to 0.02", plot.Scale{Low: -0.02, High: 0.02}})
}

func TestChecked(t *testing.T) {
	p := cell.New(1, 1, 1)
	proof := &train.Proof{T: 1}
	for _, b := range p.Blocks() {
		r := check.Result{Name: b.Name}
		for _, i := range b.Index {
			r.Entries = append(r.Entries, check.Entry{Name: p.Name(i), Analytic: 1, Numeric: 1, Bar: 1e-9})
		}
		proof.Results = append(proof.Results, r)
	}
	wf := proof.Results[1].Entries
	wf[0].Verdict, wf[0].Numeric = check.Wrong, 0.5
	wf[1].Verdict, wf[1].Bar = check.Unresolved, 0.1
	f := checked(p, proof).Figures
	all := chart(t, f[0])
	equal(t, "the wrong entry", all.Points[1], plot.Points{Name: "wrong", X: []float64{0.5}, Y: []float64{1}, Bar: []float64{1e-9}, Mark: plot.Cross})
	equal(t, "the open one", all.Points[2], plot.Points{Name: "not resolved", X: []float64{1}, Y: []float64{1}, Bar: []float64{0.1}, Mark: plot.Tick})
	equal(t, "the axes", []string{all.X.Label, all.Y.Label}, []string{"measured", "by backpropagation"})
	blocks := chart(t, f[1])
	at := slices.Index(blocks.Y.Names, "Wf")
	part := func(d, of float64) string { return fmt.Sprintf("%.6g", d/of) }
	equal(t, "the worst of Wf", part(blocks.Points[0].X[at], 1), part(0.5, 1e-7+1e-9))
	equal(t, "its error bar", part(blocks.Points[1].X[at], 1), part(0.1, 1e-7))
	equal(t, "the error of another", blocks.Points[0].X[at+1], 1e-10)
	equal(t, "its bar", part(blocks.Points[1].X[at+1], 1), part(1e-9, 1e-7))
	equal(t, "where they stand", []float64{blocks.Points[0].Y[at], blocks.Points[1].Y[at]}, []float64{float64(at), float64(at)})
	equal(t, "what is allowed", blocks.Rules, []plot.Rule{{Name: "allowed", At: 1, Vertical: true}})
	names := slices.Clone(blocks.Y.Names)
	slices.Reverse(names)
	for i, r := range proof.Results {
		equal(t, "the order", names[i], r.Name)
	}
	equal(t, "Wf in words", stack(t, f[3]).About, "2 rows and 1 columns, 2 entries measured; 1 are wrong, 1 not resolved, and the largest error is 5e-01.")
	w := stack(t, f[3]).Strips[0]
	equal(t, "Wf", w, plot.Strip{
		Label: "Wf", Rows: [][]float64{{math.Log10(0.5)}, {-16}}, Edge: [][]bool{{true}, {false}}, Slash: [][]bool{{false}, {true}}, Dots: true,
	})

	// A matrix that was not measured but for two entries, in cells of 2×2.
	var g grid
	for i := range 4 {
		g.row()
		for j := range 3 {
			off, v := math.NaN(), check.Right
			switch {
			case i == 1 && j == 1:
				off, v = 0.25, check.Wrong
			case i == 3 && j == 2:
				off, v = 0.125, check.Unresolved
			}
			g.add(off, v)
		}
	}
	small, by := g.pooled(2)
	nan := math.NaN()
	equal(t, "pooled", fmt.Sprint(small.off, small.wrong, small.open, by),
		fmt.Sprint([][]float64{{0.25, nan}, {nan, 0.125}}, [][]bool{{true, false}, {false, false}}, [][]bool{{false, false}, {false, true}}, 2))
}

func TestWayBack(t *testing.T) {
	r, _ := trained(t, "sine", func(c *train.Config) { c.Steps, c.Window, c.Stride = 1, 2, 1 })
	l := &train.Look{
		T: 3, M: 3, DH: []float64{1, 2, 3}, DC: []float64{4, 5, 6},
		Share:   [][]float64{{1, 0, 0}, {1e-2, 1e-1, 0}, {1e-3, 1e-4, 10}},
		Through: [][]bool{{true, false, false}, {true, true, false}, {false, true, true}},
		Biases:  []float64{0, 7}, Forget: [][]float64{{1, 2, 3}, {4, 5, 6}},
		From: 20,
	}
	p := wayBack(r, l, false)
	x := []float64{20, 21, 22}
	equal(t, "the norms", chart(t, p.Figures[0]).Lines, []plot.Line{{Name: "‖dL/dh_t‖", X: x, Y: l.DH}, {Name: "‖dL/dc_t‖", X: x, Y: l.DC}})
	equal(t, "by forget bias", chart(t, p.Figures[1]).Lines, []plot.Line{{Name: "forget bias 0", X: x, Y: l.Forget[0]}, {Name: "forget bias 7", X: x, Y: l.Forget[1]}})
	equal(t, "the first step", stack(t, p.Figures[2]).First, 20)
	strip := stack(t, p.Figures[2]).Strips[0]
	nan := math.NaN()
	equal(t, "the shares", fmt.Sprintf("%.4g", strip.Rows), fmt.Sprintf("%.4g", [][]float64{{-1, nan, nan}, {-3, -2, nan}, {-4, -5, 0}}))
	equal(t, "the frame", strip.Edge, l.Through)
	l.M = 1
	c := chart(t, wayBack(r, l, false).Figures[2])
	equal(t, "the only row", c.Lines, []plot.Line{{Name: "‖C[T, τ]‖", X: x, Y: l.Share[2]}})
	equal(t, "its truncation", c.Rules, []plot.Rule{{Name: "truncation", At: 21, Vertical: true}})
	if says := wayBack(r, l, true).Says; says == p.Says {
		t.Error("of a wrong gradient it says nothing")
	}
}

// TestStepSizes: the slope of δ² is drawn where there is one.
func TestStepSizes(t *testing.T) {
	at := []float64{1e-1, 1e-2, 1e-3, 1e-4, 1e-5}
	rounding := []float64{1e-12, 1e-11, 1e-10, 1e-9, 1e-8}
	e := check.Entry{Name: "θ", Analytic: 1, Numeric: 1 + 1e-11, Bar: 1e-10}
	c := stepSizes(at, []float64{5e-3, 2e-4, 2e-6, 2e-8, 1e-8}, rounding, e)
	equal(t, "the slope", fmt.Sprintf("%.2g", c.Lines[1].Y), fmt.Sprintf("%.2g", []float64{2e-2, 2e-4, 2e-6, 2e-8, 2e-10}))
	equal(t, "the lines", []string{c.Lines[0].Name, c.Lines[1].Name, c.Lines[2].Name}, []string{"error of (L(θ+δ) − L(θ−δ)) / 2δ", "∝ δ²", "a rounding of the loss: ε|L|/δ|g|"})
	equal(t, "the script's δ", c.Rules[0].At, 1e-5)
	equal(t, "the tolerance", c.Rules[2].At, check.Tolerance)
	if d := c.Rules[1].At / 1e-11; math.Abs(d-1) > 1e-3 {
		t.Errorf("Ridders at %v", c.Rules[1].At)
	}
	noise := []float64{1e-10, 3e-10, 4e-10, 2e-9, 1e-8}
	equal(t, "lines where all is noise", len(stepSizes(at, noise, rounding, e).Lines), 2)
}

// TestMistake: which is which on the page of a mistake.
func TestMistake(t *testing.T) {
	html, err := Bug("no-forget")
	if err != nil || !bytes.Contains(html, []byte("wrong  dcNext = dc\nright  dcNext = dc*f</pre>")) {
		t.Errorf("%v, or the lines are not there", err)
	}
	c, err := museum.Look("no-forget")
	if err != nil {
		t.Fatal(err)
	}
	good, bad := (&museum.Exhibit{}).Train(), c.Train()
	losses := chart(t, learning(good, bad).Figures[0])
	if !bytes.Contains(html, []byte(losses.About)) {
		t.Error("the page has other losses")
	}
	lines := losses.Lines
	equal(t, "the losses", []any{lines[0].Name, lines[0].Y, lines[1].Name, lines[1].Y}, []any{"with the mistake", bad.Losses, "without", good.Losses})
	f := fitted(c, good, bad).Figures
	for i, tr := range []*scalar.Trace[float64]{c.Forward(bad.Net, bad.V, bad.Target), scalar.Forward(good.Net, good.V, good.Target)} {
		line := chart(t, f[i]).Lines
		equal(t, "an output", line[0].Y, across(tr.Y, 0))
		equal(t, "its target", line[1].Y, column(bad.Target, bad.O, 0))
	}
	back := backward(c).Figures
	n := c.At.Net
	_, truth := scalar.Backward(n, c.At.V, c.At.Target)
	norm := func(grad []float64) float64 { // of dz at the first step
		sum := 0.0
		for _, d := range grad[n.Z(0, 0, 0):n.Z(1, 0, 0)] {
			sum += d * d
		}
		return math.Sqrt(sum)
	}
	norms := chart(t, back[0]).Lines
	if norms[0].Name != "with the mistake" || math.Abs(norms[0].Y[0]/norm(c.Grad)-1) > 1e-12 || math.Abs(norms[1].Y[0]/norm(truth)-1) > 1e-12 {
		t.Errorf("‖dz‖ at the first step: %v, want %v and %v", norms, norm(c.Grad), norm(truth))
	}
	for gate, strip := range stack(t, back[1]).Strips {
		equal(t, "a gate", strip.Label, string("ifog"[gate]))
		for j, row := range strip.Edge {
			for step, wrong := range row {
				equal(t, fmt.Sprint("wrong ", step, gate, j), wrong, c.At.Wrong(c.Grad, n.Z(step, gate, j)))
			}
		}
	}
	shares := stack(t, back[2]).Strips // of step 1's loss, what comes to step 0: more with the mistake
	if with, without := shares[0].Rows[1][0], shares[1].Rows[1][0]; shares[0].Label != "with" || shares[1].Label != "without" || !(with > without+0.01) {
		t.Errorf("%s %v, %s %v", shares[0].Label, with, shares[1].Label, without)
	}
}
