package plot

import (
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"lstm/train/plot/label"
	"lstm/train/plot/path"
)

// texts returns the texts of a figure. The test fails if the figure is not well-formed or contains
// NaN, Inf or an exponent.
func texts(t *testing.T, svg string) (all []string) {
	t.Helper()
	if regexp.MustCompile(`NaN|Inf|e[+-]\d\d`).MatchString(svg) {
		t.Errorf("%s", svg)
	}
	d := xml.NewDecoder(strings.NewReader(svg))
	in := ""
	for {
		switch token, err := d.Token(); token := token.(type) {
		case xml.StartElement:
			in = token.Name.Local
		case xml.EndElement:
			in = ""
		case xml.CharData:
			if in == "text" {
				all = append(all, string(token))
			}
		default:
			if err == io.EOF {
				return all
			}
			if err != nil {
				t.Fatalf("%v\n%s", err, svg)
			}
		}
	}
}

func TestTicks(t *testing.T) {
	t.Parallel()
	var powers []string
	for k := -12; k <= 3; k++ {
		powers = append(powers, label.Power(k))
	}
	for _, c := range []struct {
		axis      Axis
		low, high float64
		want      string
	}{
		{Axis{}, 0, 10, "0 2 4 6 8 10"},
		{Axis{}, -1, 1, "−1 −0.5 0 0.5 1"},
		{Axis{}, 385.07, 391.2, "386 388 390"},
		{Axis{}, 0, 0.004, "0 0.001 0.002 0.003 0.004"},
		{Axis{Log: true}, -14, -1, "10⁻¹² 10⁻⁹ 10⁻⁶ 10⁻³"},
		{Axis{Log: true}, -1.2, 2.3, "10⁻¹ 1 10 100"},
		{Axis{Log: true}, 0.1, 0.5, "1.5 2 2.5 3"},
		{Axis{Log: true}, -0.99, 0.01, "0.2 0.5 1"},
		{Axis{Log: true}, -5.2, -4.1, "10⁻⁵ 2·10⁻⁵ 5·10⁻⁵"},
		{Axis{Log: true}, 0.3, 0.98, "2 4 6 8"},
		{Axis{Log: true}, 0.6, 1.28, "5 10 15"}, // 20 lies beyond
		{Axis{Sign: 1e-3}, -3.01, 3.01, "−1 −10⁻¹ −10⁻² 0 10⁻² 10⁻¹ 1"},
		{Axis{Sign: 1e-12}, -1.2, 12.1, "0 10⁻¹⁰ 10⁻⁸ 10⁻⁶ 10⁻⁴ 10⁻² 1"},
		{Axis{Whole: true}, 0, 3, "0 1 2 3"},
		{Axis{Whole: true}, 0, 8, "0 2 4 6 8"},
		{Axis{Names: []string{"a", "b"}}, 0, 1, "a b"},
	} {
		n := 5
		if c.axis.Sign > 0 {
			n = 7
		}
		var got []string
		for _, tick := range c.axis.ticks(path.Span{Low: c.low, High: c.high}, n) {
			got = append(got, tick.Text)
			if k := slices.Index(powers, tick.Text); c.axis.Sign > 0 && k >= 0 && math.Abs(tick.At-c.axis.at(math.Pow(10, float64(k-12)))) > 1e-12 {
				t.Errorf("%+v: %s stands at %v", c.axis, tick.Text, tick.At)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%+v from %v to %v: %q, want %q", c.axis, c.low, c.high, got, c.want)
		}
	}
}

// TestChart: a line ends at the right edge, and y grows upwards.
func TestChart(t *testing.T) {
	t.Parallel()
	svg := string(SVG("f", &Chart{
		Title: "T & <b>", About: "about", X: Axis{Label: "x"}, Y: Axis{Label: "y"},
		Lines: []Line{{Name: "line", X: []float64{0, 5, 10}, Y: []float64{0, math.NaN(), 1}}, {Name: "two", X: []float64{0, 10}, Y: []float64{1, 0}}},
		Rules: []Rule{{Name: "rule", At: 0.5}},
	}))
	all := strings.Join(texts(t, svg), "|")
	for _, want := range []string{"line", "two", "rule", "x", "y", "0.5", "10"} {
		if !strings.Contains("|"+all+"|", "|"+want+"|") {
			t.Errorf("no text %q: %s", want, all)
		}
	}
	if strings.Contains(svg, "<b>") || !strings.Contains(svg, `<title id="f-t">T &amp; &lt;b&gt;</title><desc id="f-d">about</desc>`) {
		t.Errorf("%s", svg)
	}
	m := regexp.MustCompile(`class="v1 network" d="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)"`).FindAllStringSubmatch(svg, -1)
	if len(m) != 1 {
		t.Fatalf("%s", svg)
	}
	var x0, y0, x1, y1 float64
	fmt.Sscan(strings.Join(m[0][1:], " "), &x0, &y0, &x1, &y1)
	if x1 > width-20 || x1 < width-80 || x0 > 40 || y1 <= y0 { // SVG's y goes down
		t.Errorf("from %v %v to %v %v", x0, y0, x1, y1)
	}
}

// TestBars: an error bar has two equal halves, in the units of the axis.
func TestBars(t *testing.T) {
	t.Parallel()
	svg := string(SVG("f", &Chart{Lines: []Line{{X: []float64{0, 10}, Y: []float64{0, 1}, Mark: Ring, Bar: []float64{2, 0}}}}))
	place := regexp.MustCompile(`class="network mark" d="M([\d.]+) [\d.]+[^M]*M([\d.]+) `).FindAllStringSubmatch(svg, -1)
	bar := regexp.MustCompile(`class="network bar" d="M([\d.]+) [\d.]+h([\d.]+)"`).FindStringSubmatch(svg)
	if place == nil || bar == nil {
		t.Fatalf("%s", svg)
	}
	var x0, x10, from, long float64
	fmt.Sscan(strings.Join(place[len(place)-1][1:], " ")+" "+strings.Join(bar[1:], " "), &x0, &x10, &from, &long)
	left := min(x0-from, (x10-x0)/5) // the frame may cut the left half
	if math.Abs(long-left-(x10-x0)/5) > 0.3 || left < 1 {
		t.Errorf("from %v, %v long, for points at %v and %v", from, long, x0, x10)
	}
}

// TestBand: a band goes along its high ends and back along its low ends, inside the frame. A NaN interrupts it. A long
// band keeps its least and its greatest end.
func TestBand(t *testing.T) {
	t.Parallel()
	band := func(low, high []float64) [][]float64 { // the points of each part, as parts of the frame
		x := make([]float64, len(low))
		for i := range x {
			x[i] = float64(i)
		}
		l := Line{X: x, Y: make([]float64, len(x)), Low: low, High: high}
		f := &frame{x: path.Span{High: 10}, y: path.Span{High: 100}, w: 10, h: 100}
		var parts [][]float64
		for _, part := range strings.Split((&Chart{}).band(f, l), "M")[1:] {
			points, closed := strings.CutSuffix(part, "Z")
			if !closed {
				t.Errorf("%q is open", part)
			}
			var numbers []float64
			for _, field := range strings.Fields(strings.ReplaceAll(points, "L", " ")) {
				var v float64
				fmt.Sscan(field, &v)
				numbers = append(numbers, v)
			}
			parts = append(parts, numbers)
		}
		return parts
	}
	nan, inf := math.NaN(), math.Inf(1)
	got := band([]float64{10, 20, nan, 5, 7, -inf, 1}, []float64{30, 40, nan, 6, 8, inf, nan})
	want := [][]float64{{0, 70, 0, 70, 1, 60, 1, 60, 1, 80, 1, 80, 0, 90, 0, 90}, {3, 94, 3, 94, 4, 92, 4, 92, 4, 93, 4, 93, 3, 95, 3, 95}}
	if !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("%v, want %v", got, want)
	}
	low, high := slices.Repeat([]float64{50}, 4000), slices.Repeat([]float64{60}, 4000)
	low[1234], high[2345] = 1, 99
	long := band(low, high)[0]
	if len(long) > 4000 || slices.Min(long[:8]) != 0 || !slices.Contains(long, 99) || slices.Contains(long, 98) {
		t.Errorf("%d numbers", len(long))
	}
	svg := string(SVG("f", &Chart{Lines: []Line{{X: []float64{0, 1}, Y: []float64{5, 5}, Low: []float64{-20, 4}, High: []float64{5, 40}}}}))
	if m := regexp.MustCompile(`class="network band" d="M[^"]*"`).FindAllString(svg, -1); len(m) != 1 {
		t.Errorf("%d bands", len(m))
	}
	if all := texts(t, svg); !slices.Contains(all, "−20") || !slices.Contains(all, "40") {
		t.Errorf("the axis has %v", all)
	}
}

// TestNothing: figures of no data, a single number, NaN, or infinities are well-formed.
func TestNothing(t *testing.T) {
	t.Parallel()
	nan, inf := math.NaN(), math.Inf(1)
	for _, y := range [][]float64{nil, {1}, {0, 0}, {nan, inf, -inf}, {1e300, -1e300}, {5e-324, 0}} {
		x := make([]float64, len(y))
		for i := range x {
			x[i] = float64(i)
		}
		for _, a := range []Axis{{}, {Log: true}, {Sign: 1e-3}} {
			for _, square := range []bool{false, true} {
				texts(t, string(SVG("f", &Chart{Y: a, Lines: []Line{{X: x, Y: y, Low: y, High: y}}, Square: square})))
				texts(t, string(SVG("f", &Chart{X: a, Lines: []Line{{X: y, Y: x, Mark: Ring, Bar: y}}, Square: square})))
			}
		}
		if len(y) > 0 {
			texts(t, string(SVG("f", &Stack{Strips: []Strip{{Rows: [][]float64{y}}, {Lines: [][]float64{y}}}, Scale: Scale{Low: -1, High: 1}})))
		}
	}
}

// TestStack: one path draws all cells of a tint. Negative cells are striped, and a NaN has no cell. A
// border surrounds the marked cells.
func TestStack(t *testing.T) {
	t.Parallel()
	svg := string(SVG("f", &Stack{
		Title: "T", Scale: Scale{Low: -1, High: 1},
		Strips: []Strip{{Label: "W", Rows: [][]float64{{1, -1, 0}, {0.5, 1, math.NaN()}}, Edge: [][]bool{{true, false, false}, {false, false, false}}}},
	}))
	texts(t, svg)
	body, _, _ := strings.Cut(svg, `class="edge"`) // without the key
	for class, want := range map[string]int{`class="plus" d="M[^"]*M[^"]*" fill-opacity="1.00"`: 1, `class="plus" d="M[^"M]*" fill-opacity="0.50"`: 1, `class="minus" d="M[^"M]*" fill-opacity="1.00"`: 1, `class="(plus|minus)"`: 3} {
		if n := len(regexp.MustCompile(class).FindAllString(body, -1)); n != want {
			t.Errorf("%d of %s, want %d:\n%s", n, class, want, body)
		}
	}
	edge := regexp.MustCompile(`class="edge" d="([^"]*)"`).FindStringSubmatch(svg)
	if edge == nil || strings.Count(edge[1], "M") != 4 {
		t.Errorf("the edge of one cell is %v", edge)
	}
}

// TestDots: with Dots, a NaN looks different from a 0.
func TestDots(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		dots bool
		v    float64
		want bool
	}{{true, math.NaN(), true}, {false, math.NaN(), false}, {true, 0, false}} {
		svg := string(SVG("f", &Stack{Scale: Scale{Low: 0, High: 1}, Strips: []Strip{{Rows: [][]float64{{0, 1, c.v}}, Dots: c.dots}}}))
		texts(t, svg)
		if got := strings.Contains(svg, `class="gap"`); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

// TestTiles: an entry within what is allowed is blue, an entry above is orange and framed, and the others are dotted. An
// entry that was measured but not judged is struck through.
func TestTiles(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	tile := Tile{Name: "W", Share: [][]float64{{0.5, 2, nan, 0.1}}, Open: [][]bool{{false, false, false, true}}, Rows: []string{"r"}, Cols: []string{"a", "b", "c", "d"}}
	svg := string(SVG("f", &Tiles{Tiles: []Tile{tile}}))
	all := strings.Join(texts(t, svg), " ")
	for _, want := range []string{"W", "r", "a b c d", "not proven", "not measured"} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q: %s", want, all)
		}
	}
	body, _, _ := strings.Cut(svg, "10⁻⁶")
	for class, want := range map[string]int{"in": 1, "out": 1, "gap": 1, "frame": 1, "edge": 1} {
		if n := len(regexp.MustCompile(`class="`+class+`" d="[^"]*z?"`).FindAllString(body, -1)); n != want {
			t.Errorf("%d of %s, want %d: %s", n, class, want, body)
		}
	}
	texts(t, string(SVG("f", &Tiles{Tiles: []Tile{{Share: [][]float64{{0}}, Open: [][]bool{{false}}}, tile, tile}})))
	for _, c := range [][2]float64{{0, 1e-6}, {1e-6, 1e-3}, {1e-3, 1}, {2, 1}, {1e7, 100}, {math.Inf(1), 100}} { // the first has the deeper tint, or at least another
		a, b := shade(c[0]), shade(c[1])
		if c[0] > 1 != (a < 0) || c[0] <= 1 && a > b || c[0] > 1 && b < 0 && a > b {
			t.Errorf("%v has tint %d, %v has %d", c[0], a, c[1], b)
		}
	}
}

// TestNames: row names stand beside the rows, letters above the columns, and line names in the legend.
func TestNames(t *testing.T) {
	t.Parallel()
	rows := [][]float64{{1, 0}, {0, 1}, {1, 1}}
	svg := string(SVG("f", &Stack{
		Columns: []string{"p", "q"}, XLabel: "step", Scale: Scale{Low: 0, High: 1},
		Strips: []Strip{{Names: []string{"one", "two"}, Lines: rows[:2]}, {Label: "W", Names: []string{"a", "b", "a name that is long"}, Rows: rows}},
	}))
	at := make(map[string][2]float64)
	for _, m := range regexp.MustCompile(`<text class="[^"]*" x="([\d.]+)" y="([\d.]+)">([^<]*)`).FindAllStringSubmatch(svg, -1) {
		var x, y float64
		fmt.Sscan(m[1], &x)
		fmt.Sscan(m[2], &y)
		at[m[3]] = [2]float64{x, y}
	}
	a, b, p, q := at["a"], at["b"], at["p"], at["q"]
	if a[0] != b[0] || b[1]-a[1] < 12 || a[0] > p[0] || q[0]-p[0] < 100 || p[1] != q[1] || p[1] > a[1] {
		t.Errorf("a %v, b %v, p %v, q %v", a, b, p, q)
	}
	if _, ok := at["a name…"]; !ok || at["W"][0] > a[0]-40 || at["one"][1] != at["two"][1] || at["one"][1] > p[1] {
		t.Errorf("%v", at)
	}
}

// TestEarly: names at the left stand in the order in which the lines begin, left of them, and each has its sample.
func TestEarly(t *testing.T) {
	t.Parallel()
	x := []float64{0, 1}
	svg := string(SVG("f", &Chart{Early: true, Lines: []Line{
		{Name: "low", X: x, Y: []float64{0, 1}}, {Name: "high", X: x, Y: []float64{9, 1}}, {Name: "late", X: x, Y: []float64{math.NaN(), 5}},
	}}))
	height := func(name string) (y float64) {
		m := regexp.MustCompile(`<text class="end [^"]*" x="([\d.]+)" y="([\d.]+)">` + name).FindStringSubmatch(svg)
		if m == nil {
			t.Fatalf("%s: %s", name, svg)
		}
		var at float64
		fmt.Sscan(m[1]+" "+m[2], &at, &y)
		if at > 60 || !strings.Contains(svg, fmt.Sprintf("M%s %sh18", path.Num(at+4), path.Num(y-4))) {
			t.Errorf("%s ends at %v, or has no sample: %s", name, at, svg)
		}
		return y
	}
	if low, late, high := height("low"), height("late"), height("high"); low < late+nameRow || late < high+nameRow {
		t.Errorf("heights %v, %v, %v", low, late, high)
	}
}

// TestThinned: the path of a line with many points keeps the peaks.
func TestThinned(t *testing.T) {
	t.Parallel()
	x, y := make([]float64, 100_000), make([]float64, 100_000)
	for i := range x {
		x[i] = float64(i)
	}
	y[51234] = 1
	trace := path.Polyline(y, func(i int) (float64, float64) { return x[i], 100 * y[i] })
	if !strings.Contains(trace, " 100") || len(trace) > 20_000 {
		t.Errorf("%d bytes, with the peak: %v", len(trace), strings.Contains(trace, " 100"))
	}
}

// The example draws a chart with one line.
func Example() {
	svg := SVG("figure-1", &Chart{
		Title: "A loss", About: "It falls from 1 to 0.01.",
		X: Axis{Label: "iteration"}, Y: Axis{Label: "loss", Log: true},
		Lines: []Line{{Name: "training", X: []float64{0, 1, 2}, Y: []float64{1, 0.1, 0.01}}},
	})
	_, title, _ := strings.Cut(string(svg), "<title")
	fmt.Println(strings.TrimSpace(title[:strings.Index(title, "</title")]))
	// Output: id="figure-1-t">A loss
}

// TestDashes: lines and rules with one meaning have different dashes, and a sample before their names.
func TestDashes(t *testing.T) {
	t.Parallel()
	x := []float64{1, 2}
	c := &Chart{Title: "t", About: "a", Lines: []Line{{Name: "a", Role: Baseline, X: x, Y: x}, {Name: "b", Role: Network, X: x, Y: x}}, Rules: []Rule{{Name: "c", At: 1.5}}}
	d := &drawing{Figure: c}
	c.draw(d)
	seen := make(map[string]int)
	for _, e := range d.Elements {
		if strings.HasSuffix(e.Path, stroke) {
			seen[e.Class]++
		}
	}
	if len(seen) != 2 || seen["baseline"] != 1 || seen["v1 baseline"] != 1 {
		t.Errorf("samples: %v", seen)
	}
}
