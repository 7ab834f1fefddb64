package exhibitpage

import (
	"bytes"
	"fmt"
	"html"
	"math"
	"slices"
	"strings"
	"testing"

	"lstm/check/mistake"
	"lstm/check/museum"
	"lstm/check/pass"
	"lstm/check/scalar"
	"lstm/tensor"
	"lstm/train/page/pagetest"
	"lstm/train/page/panel"
	"lstm/train/plot"
)

// TestExhibit: the page of an exhibit does not exchange right and wrong numbers.
func TestExhibit(t *testing.T) {
	t.Parallel()
	page, err := Exhibit("no-forget")
	if err != nil {
		t.Fatal(err)
	}
	c, err := museum.Look("no-forget")
	if err != nil {
		t.Fatal(err)
	}
	good, bad := museum.Train(&mistake.Exhibit{}), museum.Train(c.Exhibit)
	losses := pagetest.Chart(t, learning(good, bad).Figures[0])
	pagetest.Equal(t, "the losses", []any{losses.Lines[0].Y, losses.Lines[1].Y}, []any{bad.Losses, good.Losses})
	for _, want := range []string{c.Exhibit.Wrong, c.Right, losses.About} {
		if !strings.Contains(html.UnescapeString(string(page)), want) {
			t.Errorf("the page does not say %s", want)
		}
	}
	if wrong, right, _ := strings.Cut(html.UnescapeString(string(page)), c.Right); !strings.Contains(wrong, c.Exhibit.Wrong) || right == "" {
		t.Error("the wrong line does not come first")
	}
	f := fitted(c.Exhibit, good, bad).Figures
	for i, tr := range []*pass.Trace{c.Pass(bad.Net, bad.V, bad.Target).Traces[0], (&mistake.Exhibit{}).Pass(good.Net, good.V, good.Target).Traces[0]} {
		line := pagetest.Chart(t, f[i]).Lines
		pagetest.Equal(t, "an output", line[0].Y, panel.Transpose(slices.Concat(tr.Y...), bad.O)[0])
		pagetest.Equal(t, "its target", line[1].Y, panel.Transpose(bad.Target, bad.O)[0])
	}
	back := wrongWay(c).Figures
	n := c.At.Net
	_, truth := scalar.Backward(n, c.At.V, c.At.Target)
	first := func(grad []float64) float64 {
		dz := grad[n.Z(0, 0, 0):n.Z(1, 0, 0)]
		return math.Sqrt(tensor.Dot(dz, dz))
	}
	dz := pagetest.Chart(t, back[0]).Lines
	if math.Abs(dz[0].Y[0]/first(c.Grad)-1) > 1e-12 || math.Abs(dz[1].Y[0]/first(truth)-1) > 1e-12 {
		t.Errorf("‖dz‖ at the first step: %v, want %v and %v", dz, first(c.Grad), first(truth))
	}
	tiles := back[1].Figure.(*plot.Tiles).Tiles
	pagetest.Equal(t, "gates", len(tiles), 4)
	for gate, tile := range tiles {
		for j, row := range tile.Share {
			for step, share := range row {
				pagetest.Equal(t, fmt.Sprint("wrong ", step, gate, j), share > 1, c.At.Wrong(c.Grad, n.Z(step, gate, j)))
			}
		}
	}
	shares := pagetest.Stack(t, back[2]).Strips // the loss of step 1 at step 0: larger with the mistake
	if with, without := shares[0].Rows[1][0], shares[1].Rows[1][0]; !(with > without+0.01) {
		t.Errorf("with %v, without %v", with, without)
	}
	if bytes.Contains(page, []byte("%!")) {
		t.Error("a format does not fit its arguments")
	}
}

// The page of an exhibit.
func Example() {
	html, err := Exhibit("no-forget")
	fmt.Println(bytes.Contains(html, []byte("</html>")), err)
	// Output: true <nil>
}
