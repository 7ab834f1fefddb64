package checkplot

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"

	"lstm/check"
	"lstm/train/plot"
)

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// results returns three blocks. The second has a wrong entry and an unresolved one.
func results() []check.Result {
	var all []check.Result
	for _, name := range []string{"a", "b", "c"} {
		e := check.Entry{Analytic: 1, Numeric: 1, Bar: 1e-9}
		all = append(all, check.Result{Name: name, Entries: []check.Entry{e, e}})
	}
	b := all[1].Entries
	b[0].Verdict, b[0].Numeric = check.Wrong, 0.5
	b[1].Verdict, b[1].Bar = check.Unresolved, 0.1
	return all
}

func TestScatter(t *testing.T) {
	t.Parallel()
	c := Scatter(results())
	for i, want := range []plot.Line{
		{X: []float64{1, 1, 1, 1}, Y: []float64{1, 1, 1, 1}, Bar: []float64{1e-9, 1e-9, 1e-9, 1e-9}, Mark: plot.Ring},
		{X: []float64{0.5}, Y: []float64{1}, Bar: []float64{1e-9}, Mark: plot.Cross},
		{X: []float64{1}, Y: []float64{1}, Bar: []float64{0.1}, Mark: plot.Tick},
	} {
		want.Name = c.Lines[i].Name
		equal(t, want.Name, c.Lines[i], want)
	}
	equal(t, "kinds of points without a wrong entry", len(Scatter(results()[:1]).Lines), 1)
	equal(t, "the axes", []bool{c.Square, c.Rules[0].Diagonal, c.X.Sign > 0, c.X.Sign == c.Y.Sign}, []bool{true, true, true, true})
}

func TestWorst(t *testing.T) {
	t.Parallel()
	c := Worst(results())
	equal(t, "the blocks, upwards", c.Y.Names, []string{"c", "b", "a"})
	near := func(what string, got, want float64) {
		t.Helper()
		if !(math.Abs(got-want) <= 1e-6*want) {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	off, wide := c.Lines[0], c.Lines[1]
	near("the error of b", off.X[1], 0.5/(1e-7+1e-9))
	near("the error bar of b", wide.X[1], 0.1/1e-7)
	near("the error of c", off.X[0], 1e-10)
	near("the error bar of c", wide.X[0], 1e-9/1e-7)
	equal(t, "their places", [][]float64{off.Y, wide.Y}, [][]float64{{0, 1, 2}, {0, 1, 2}})
	equal(t, "the limit", []any{c.Rules[0].At, c.Rules[0].Vertical}, []any{1.0, true})
	zero := Worst([]check.Result{{Entries: []check.Entry{{Bar: 1e-9}}}})
	equal(t, "a block of zeros", zero.Lines[1].X, []float64{1e-10})
}

func TestMatrix(t *testing.T) {
	t.Parallel()
	s, legend := Matrix("b", append(results()[1].Entries, Missing), 1)
	equal(t, "the strip", fmt.Sprint(s.Strips[0]), fmt.Sprint(plot.Strip{
		Label: "b", Rows: [][]float64{{math.Log10(0.5)}, {-16}, {math.NaN()}}, Edge: [][]bool{{true}, {false}, {false}}, Slash: [][]bool{{false}, {true}, {false}}, Dots: true,
	}))
	if _, none := Matrix("a", results()[0].Entries, 1); legend == "" || none != "" {
		t.Errorf("legends %q and %q", legend, none)
	}
}

// TestAllowed: a cell has −log10 of error ÷ allowed, within the scale. A large matrix becomes small.
func TestAllowed(t *testing.T) {
	t.Parallel()
	share := func(e check.Entry) float64 { return e.Numeric }
	entries := []check.Entry{{Numeric: 100, Verdict: check.Wrong}, {Numeric: 0.01}, {Numeric: 0}, {Numeric: math.Inf(1), Verdict: check.Wrong}, {Numeric: 0.1, Verdict: check.Unresolved}, Missing}
	s, legend := Allowed("w", entries, 3, share)
	equal(t, "the cells", fmt.Sprint(s.Strips[0].Rows), fmt.Sprint([][]float64{{-2, 2, 6}, {-6, math.NaN(), math.NaN()}}))
	equal(t, "the marks", []any{s.Strips[0].Edge, s.Strips[0].Slash, s.Strips[0].Dots, legend != ""},
		[]any{[][]bool{{true, false, false}, {true, false, false}}, [][]bool{{false, false, false}, {false, true, false}}, true, true})
	large, _ := Allowed("w", slices.Repeat(entries, 512*128), 3*128, share)
	if rows := large.Strips[0].Rows; len(rows) > 64 || len(rows[0]) > 64 {
		t.Errorf("%d×%d cells", len(rows), len(rows[0]))
	}
}

// TestPool reduces a matrix to cells of 2×2. Two of its entries were measured.
func TestPool(t *testing.T) {
	t.Parallel()
	rows := make([][]check.Entry, 4)
	for i := range rows {
		rows[i] = slices.Repeat([]check.Entry{Missing}, 3)
	}
	rows[1][1] = check.Entry{Analytic: 1, Numeric: 0.75, Verdict: check.Wrong}
	rows[0][0] = check.Entry{Analytic: 1, Numeric: 0.5, Verdict: check.Unresolved} // a larger error, but not wrong
	rows[3][2] = check.Entry{Analytic: 1, Numeric: 0.875, Verdict: check.Unresolved}
	small, by := pool(rows, 2)
	equal(t, "cells", fmt.Sprint(small, by), fmt.Sprint([][]check.Entry{{rows[1][1], Missing}, {Missing, rows[3][2]}}, 2))
	same, by := pool(rows, 4)
	equal(t, "a small matrix", fmt.Sprint(same, by), fmt.Sprint(rows, 1))
}

// TestStepSizes: the line ∝ δ² is drawn only where the error is proportional to δ².
func TestStepSizes(t *testing.T) {
	t.Parallel()
	at := []float64{1e-1, 1e-2, 1e-3, 1e-4, 1e-5}
	rounding := []float64{1e-12, 1e-11, 1e-10, 1e-9, 1e-8}
	e := check.Entry{Name: "θ", Analytic: 1, Numeric: 1 + 1e-11, Bar: 1e-10}
	c := StepSizes(at, []float64{5e-3, 2e-4, 2e-6, 2e-8, 1e-8}, rounding, e)
	equal(t, "the line", fmt.Sprintf("%.2g", c.Lines[1].Y), fmt.Sprintf("%.2g", []float64{2e-2, 2e-4, 2e-6, 2e-8, 2e-10}))
	equal(t, "the rounding error", c.Lines[2].Y, rounding)
	equal(t, "the usual step size", []any{c.Rules[0].At, c.Rules[0].Vertical}, []any{1e-5, true})
	equal(t, "the tolerance", c.Rules[2].At, check.Tolerance)
	if d := c.Rules[1].At / 1e-11; math.Abs(d-1) > 1e-3 {
		t.Errorf("Ridders at %v", c.Rules[1].At)
	}
	noise := []float64{1e-10, 3e-10, 4e-10, 2e-9, 1e-8}
	equal(t, "lines if all is noise", len(StepSizes(at, noise, rounding, e).Lines), 2)
	wrong := check.Entry{Name: "θ", Analytic: 1, Numeric: 0.5, Verdict: check.Wrong}
	equal(t, "lines of a wrong entry", len(StepSizes(at, []float64{.5, .5, .5, .5, .5}, rounding, wrong).Lines), 2)
}

// The example draws the worst entry of a gradient whose second entry is wrong.
func Example() {
	theta := []float64{1, 2}
	loss := func() float64 { return theta[0]*theta[0] + theta[1]*theta[1] }
	results, err := check.Gradients(loss, []check.Param{{Name: "θ", Value: theta, Grad: []float64{2, 5}}}, check.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	off := Worst(results).Lines[0].X[0]
	fmt.Printf("the error is %.0e times the allowed one; the figure begins with %.8s\n", off, plot.SVG("worst", Worst(results)))
	// Output: the error is 2e+06 times the allowed one; the figure begins with <svg vie
}
