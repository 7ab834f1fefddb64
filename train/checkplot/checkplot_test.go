package checkplot

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
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
		{X: []float64{1, 1, 1, 1}, Y: []float64{1, 1, 1, 1}, Bar: []float64{1e-9, 1e-9, 1e-9, 1e-9}, Mark: plot.Ring, Role: plot.Within},
		{X: []float64{0.5}, Y: []float64{1}, Bar: []float64{1e-9}, Mark: plot.Cross, Role: plot.Above},
		{X: []float64{1}, Y: []float64{1}, Bar: []float64{0.1}, Mark: plot.Tick, Role: plot.Unknown},
	} {
		want.Name = c.Lines[i].Name
		equal(t, want.Name, c.Lines[i], want)
	}
	equal(t, "kinds of points without a wrong entry", len(Scatter(results()[:1]).Lines), 1)
	equal(t, "the axes", []bool{c.Square, c.Rules[0].Diagonal, c.X.Sign > 0, c.X.Sign == c.Y.Sign}, []bool{true, true, true, true})
}

// TestMap: a cell has error ÷ allowed, in its place. An entry that was not measured is NaN, and one without a verdict is
// marked. A large matrix becomes small, and keeps its worst entries.
func TestMap(t *testing.T) {
	t.Parallel()
	share := func(e check.Entry) float64 { return e.Numeric }
	entries := []check.Entry{{Numeric: 100, Verdict: check.Wrong}, {Numeric: 0.01}, {Numeric: 0}, {Numeric: math.Inf(1), Verdict: check.Wrong}, {Numeric: 0.1, Verdict: check.Unresolved}, Missing}
	number := func(i int) string { return fmt.Sprint(i) }
	m, note := Map("title", share, Matrix{Name: "w", Entries: entries, Cols: 3, Row: number, Col: number}, Matrix{Name: "v", Entries: entries[1:2], Cols: 1, Break: true})
	tile := m.Tiles[0]
	equal(t, "the cells", fmt.Sprint(tile.Share), fmt.Sprint([][]float64{{100, 0.01, 0}, {math.Inf(1), 0.1, math.NaN()}}))
	equal(t, "without a verdict", tile.Open, [][]bool{{false, false, false}, {false, true, false}})
	equal(t, "the names", []any{tile.Name, tile.Rows, tile.Cols, note}, []any{"w", []string{"0", "1"}, []string{"0", "1", "2"}, ""})
	equal(t, "the second", fmt.Sprint(m.Tiles[1]), fmt.Sprint(plot.Tile{Name: "v", Share: [][]float64{{0.01}}, Open: [][]bool{{false}}, Break: true, Tips: m.Tiles[1].Tips}))
	equal(t, "what the cells tell", []int{len(tile.Tips), len(m.Tiles[1].Tips), len(tile.Tips[5])}, []int{6, 1, 0})
	text := tip(check.Entry{Name: "a", Analytic: 1.5, Numeric: 2.5, Bar: 3e-9, Verdict: check.Wrong}, func(check.Entry) float64 { return 4 })
	for _, want := range []string{"a", "1.5", "2.5", "3·10⁻⁹", "4", "wrong"} {
		if !strings.Contains(text, want) {
			t.Errorf("%s does not say %s", text, want)
		}
	}

	large := make([]check.Entry, 512*384)
	large[300*384+200] = check.Entry{Numeric: 7, Verdict: check.Wrong}
	m, note = Map("title", share, Matrix{Entries: large, Cols: 384, Row: number, Col: number})
	tile = m.Tiles[0]
	by := 512 / most
	if len(tile.Share) != 64 || len(tile.Share[0]) != 48 || tile.Share[300/by][200/by] != 7 || tile.Rows[1] != fmt.Sprint(by) || note == "" {
		t.Errorf("%d×%d cells, %v at the wrong entry, row 1 is %s, %q", len(tile.Share), len(tile.Share[0]), tile.Share[300/by][200/by], tile.Rows[1], note)
	}
}

// TestPool reduces a matrix to cells. A cell has its worst entry, by verdict first and error ÷ allowed next.
func TestPool(t *testing.T) {
	t.Parallel()
	const n = 2 * most
	rows := make([][]check.Entry, n)
	for i := range rows {
		rows[i] = slices.Repeat([]check.Entry{Missing}, 3)
	}
	rows[1][1] = check.Entry{Analytic: 1, Numeric: 0.75, Verdict: check.Wrong}
	rows[0][0] = check.Entry{Analytic: 1, Numeric: 0.5, Verdict: check.Unresolved} // a larger error, but not wrong
	rows[3][2] = check.Entry{Analytic: 1, Numeric: 0.875, Verdict: check.Unresolved}
	rows[5][0], rows[4][0] = check.Entry{Analytic: 1, Numeric: 0.9}, check.Entry{Analytic: 1, Numeric: 0.8}
	small, by := pool(rows, check.Entry.Share)
	equal(t, "cells", fmt.Sprint(small[:3], by, len(small)), fmt.Sprint([][]check.Entry{{rows[1][1], Missing}, {Missing, rows[3][2]}, {rows[4][0], Missing}}, 2, most))
	same, by := pool(rows[:10], check.Entry.Share)
	equal(t, "a small matrix", fmt.Sprint(same, by), fmt.Sprint(rows[:10], 1))
}

// TestSlope: the tangent has the slope of backpropagation and touches the loss, and the chord joins two points of it.
func TestSlope(t *testing.T) {
	t.Parallel()
	off, loss := []float64{-2, -1, 0, 1, 2}, []float64{9, 4, 3, 8, 20}
	c := Slope(off, loss, 3, check.Entry{Analytic: 1.5, Numeric: 7})
	equal(t, "the loss", [][]float64{c.Lines[0].X, c.Lines[0].Y}, [][]float64{off, loss})
	equal(t, "the tangent", c.Lines[1].Y, []float64{0, 1.5, 3, 4.5, 6})
	equal(t, "the chord", c.Lines[2].Y, []float64{2, 4, 6, 8, 10})
	equal(t, "the points", []float64{c.Dots[0].X, c.Dots[0].Y, c.Dots[1].X, c.Dots[1].Y}, []float64{-1, 4, 1, 8})
	equal(t, "the meanings", []plot.Role{c.Lines[0].Role, c.Lines[1].Role, c.Lines[2].Role}, []plot.Role{plot.Network, plot.Backward, plot.Measured})
}

// TestStepSizes: the line ∝ δ² is drawn only where the error is proportional to δ².
func TestStepSizes(t *testing.T) {
	t.Parallel()
	at := []float64{1e-1, 1e-2, 1e-3, 1e-4, 1e-5}
	rounding := []float64{1e-12, 1e-11, 1e-10, 1e-9, 1e-8}
	e := check.Entry{Name: "θ", Analytic: 1, Numeric: 1 + 1e-11, Bar: 1e-10}
	c := StepSizes(at, []float64{5e-3, 2e-4, 2e-6, 2e-8, 1e-8}, rounding, e)
	equal(t, "the line", fmt.Sprintf("%.2g", c.Lines[1].Y), fmt.Sprintf("%.2g", []float64{2e-10, 2e-8, 2e-6, 2e-4, 2e-2}))
	equal(t, "the rounding error", fmt.Sprint(c.Lines[2].Y, c.Lines[2].X), fmt.Sprint([]float64{1e-8, 1e-9, 1e-10, 1e-11, 1e-12}, []float64{1e-5, 1e-4, 1e-3, 1e-2, 1e-1}))
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

// The example maps a gradient whose second entry is wrong.
func Example() {
	theta := []float64{1, 2}
	loss := func() float64 { return theta[0]*theta[0] + theta[1]*theta[1] }
	results, err := check.Gradients(loss, []check.Param{{Name: "θ", Value: theta, Grad: []float64{2, 5}}}, check.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	figure, _ := Map("the gradient", check.Entry.Share, Matrix{Name: "θ", Entries: results[0].Entries, Cols: 2})
	fmt.Printf("the error is %.0e times the allowed one; the figure begins with %.8s\n", figure.Tiles[0].Share[0][1], plot.SVG("map", figure))
	// Output: the error is 2e+06 times the allowed one; the figure begins with <svg vie
}
