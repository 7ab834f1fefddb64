package walkplot

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"lstm/bptt"
	"lstm/cell"
	"lstm/check/mistake"
	"lstm/check/museum"
	"lstm/check/pass"
	"lstm/check/scalar"
	"lstm/train/plot"
	"lstm/train/walk"
)

func ExampleText() {
	fmt.Println(Text(-0.0123456), Text(1.5e-7), Text(12345.6))
	// Output: −0.01235 1.500·10⁻⁷ 12,350
}

func TestPair(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		is, be float64
		want   [2]string
	}{
		{0.001151, -8.12e-4, [2]string{"1.151·10⁻³", "−0.812·10⁻³"}}, {-3.2e-5, 0.0011, [2]string{"−0.032·10⁻³", "1.1·10⁻³"}},
		{0.5, 0.25, [2]string{"0.5000", "0.2500"}}, {0.5, 1.5e-7, [2]string{"0.5000", "1.500·10⁻⁷"}}, {0, 1.5e-7, [2]string{"0", "1.500·10⁻⁷"}}, {2e-5, 3e-7, [2]string{"2.000·10⁻⁵", "3.000·10⁻⁷"}},
	} {
		if is, be := pair(c.is, c.be); is != c.want[0] || be != c.want[1] {
			t.Errorf("%v and %v: %q, %q", c.is, c.be, is, be)
		}
	}
}

// network returns a random network and a random sequence with targets for the last m steps.
func network(x, h, o, T, m int) (bptt.Model, walk.Sequence) {
	rng := rand.New(rand.NewPCG(7, 7))
	random := func(n int) []float64 {
		v := make([]float64, n)
		for i := range v {
			v[i] = rng.NormFloat64()
		}
		return v
	}
	p := cell.New(x, h, o)
	copy(p.All, random(len(p.All)))
	return bptt.Model{Params: p, Loss: bptt.SquaredError{}}, walk.Sequence{X: random(T * x), Target: random(m * o), H0: random(h), C0: random(h)}
}

// read returns what the script reads from the page.
func read(t *testing.T, w *walk.Walk) (p page) {
	t.Helper()
	html := []byte(HTML(w))
	found := regexp.MustCompile(`(?s)id="walk-data">(.*?)</script>`).FindSubmatch(html)
	if found == nil {
		t.Fatal("the page has no numbers")
	}
	d := json.NewDecoder(bytes.NewReader(found[1]))
	if err := d.Decode(&p); err != nil {
		t.Fatal(err)
	}
	return p
}

// written returns a number with the digits that the page has.
func written(v float64) number {
	x, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', Digits, 64), 64)
	return number(x)
}

// TestRun: each number in the page is that of a fresh pass of the network that trains, to the digits shown. A second LSTM
// computes the same numbers.
func TestRun(t *testing.T) {
	t.Parallel()
	m, s := network(2, 3, 2, 9, 4)
	w := walk.Run(m, s)
	p := read(t, w)
	win := m.Window(9)
	win.Forward(s.X, s.Target, s.H0, s.C0)
	win.Backward(cell.New(2, 3, 2))
	if p.T != 9 || p.Whole != 9 || len(p.Units) != 3 || p.Units[p.Unit] != w.Units[w.Unit] {
		t.Fatalf("%d of %d steps, units %v", p.T, p.Whole, p.Units)
	}
	compared := 0
	for k, j := range p.Units {
		for step, at := range win.Steps() {
			for name, want := range map[string]float64{
				"i": at.Gates[j], "f": at.Gates[3+j], "o": at.Gates[6+j], "g": at.Gates[9+j], "tc": at.TanhC[j], "h": at.H[j],
				"dh": at.DH[j], "dzi": at.Z[j], "dzf": at.Z[3+j], "dzo": at.Z[6+j], "dzg": at.Z[9+j],
			} {
				if got := p.Values[name][k][step]; got != written(want) {
					t.Errorf("%s of unit %d at step %d: %v, want %v", name, j, step, got, want)
				}
				compared++
			}
			for name, want := range map[string][2]float64{"c": {at.CPrev[j], at.C[j]}, "dcn": {at.DCPrev[j], at.DC[j]}} {
				if p.Values[name][k][step] != written(want[0]) || p.Values[name][k][step+1] != written(want[1]) {
					t.Errorf("%s of unit %d at step %d: %v, want %v", name, j, step, p.Values[name][k][step:step+2], want)
				}
			}
		}
	}
	if compared != 9*3*11 {
		t.Errorf("%d numbers", compared)
	}
	for step := range 9 {
		if has := step >= 5; p.Has[step] != has || has != (p.Values["dy"][0][step] != 0) {
			t.Errorf("step %d: a target %v, dy %v", step, p.Has[step], p.Values["dy"][0][step])
		}
	}
	same(t, w, walk.Pass(second(m, s, 9), 0, nil))
}

// second returns the same network in package pass.
func second(m bptt.Model, s walk.Sequence, T int) *pass.Point {
	p := m.Params
	n := scalar.Net{X: p.X, H: p.H, O: p.O, T: T}
	v, blocks := make([]float64, n.Len()), n.Blocks()
	for k, b := range p.Blocks() {
		for i, at := range b.Index {
			v[blocks[k].From+i] = p.All[at]
		}
	}
	copy(v[n.H0(0):], s.H0)
	copy(v[n.C0(0):], s.C0)
	copy(v[n.In(0, 0):], s.X)
	return pass.New(pass.Standard(n), v, s.Target)
}

// same compares the numbers of two Walks.
func same(t *testing.T, a, b *walk.Walk) {
	t.Helper()
	if !slices.Equal(a.Units, b.Units) || a.Step != b.Step || a.Unit != b.Unit || len(a.Numbers) != len(b.Numbers) {
		t.Errorf("units %v at %d, and %v at %d", a.Units, a.Step, b.Units, b.Step)
	}
	for name, rows := range a.Numbers {
		for k, row := range rows {
			for step, x := range row {
				if y := b.Numbers[name][k][step]; !(math.Abs(x-y) <= 1e-11*(1+math.Abs(x))) && !(math.IsNaN(x) && math.IsNaN(y)) {
					t.Errorf("%s of row %d at %d: %v and %v", name, k, step, x, y)
				}
			}
		}
	}
	for k, s := range a.Spots {
		if r := b.Spots[k]; s.Written != r.Written || s.Read != r.Read || math.Abs(s.Kept-r.Kept) > 1e-11 {
			t.Errorf("unit %d: %+v and %+v", a.Units[k], s, r)
		}
	}
}

// TestSums: the parts that the page names add up, at each step of each unit.
func TestSums(t *testing.T) {
	t.Parallel()
	m, s := network(2, 4, 3, 7, 7)
	w := walk.Run(m, s)
	near := func(what string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-12*(1+math.Abs(want)) {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	for k := range w.Units {
		for step := range w.T {
			v := func(name string) float64 { return w.At(nil, name, k, step) }
			near("c", v("f")*v("cp")+v("ig"), v("c"))
			near("h", v("o")*v("tc"), v("h"))
			near("dh", v("dhy")+v("dhn"), v("dh"))
			near("dc", v("dch")+v("dcn"), v("dc"))
			near("dz_o", v("dh")*v("tc")*v("o")*(1-v("o")), v("dzo"))
			near("dz_i", v("dc")*v("g")*v("i")*(1-v("i")), v("dzi"))
			near("dz_f", v("dc")*v("cp")*v("f")*(1-v("f")), v("dzf"))
			near("dz_g", v("dc")*v("i")*(1-v("g")*v("g")), v("dzg"))
			near("dc′", v("dc")*v("f"), v("dcp"))
			if step > 0 {
				near("dh of the step before", w.At(nil, "dhn", k, step-1), v("dhp"))
			}
		}
	}
}

var gates = map[string]int{"dzi": pass.I, "dzf": pass.F, "dzo": pass.O, "dzg": pass.G}

// TestMuseum: for each exhibit, the numbers that the page marks as wrong are those that a measurement finds wrong.
func TestMuseum(t *testing.T) {
	t.Parallel()
	var cases []*museum.Case
	for _, e := range mistake.Exhibits {
		c, err := museum.Look(e.Name)
		if err != nil {
			t.Fatal(err)
		}
		cases = append(cases, c)
	}
	w := walk.Museum(cases...)
	p := read(t, w)
	if len(p.Cases) != len(cases) {
		t.Fatalf("%d cases", len(p.Cases))
	}
	n, broken := cases[0].At.Net, 0
	for k, c := range cases {
		got := p.Cases[k]
		if c.Edit == nil || c.See != "" {
			if got.Begin != nil || got.Note == "" {
				t.Errorf("%s: %+v", c.Name, got)
			}
			continue
		}
		first := -1
		for _, name := range []string{"dzi", "dzf", "dzo", "dzg"} {
			for row, unit := range p.Units {
				for step, state := range got.States[name][row] {
					i := n.Z(step, gates[name], unit)
					if want := c.At.Wrong(c.Grad, i); want != (walk.State(state) != walk.Right) {
						t.Errorf("%s: %s of unit %d at step %d is marked %c; measured wrong: %v", c.Name, name, unit, step, state, want)
					} else if want {
						first = max(first, step)
					}
					if number := got.Values[name][row][step]; number != written(c.Grad[i]) {
						t.Errorf("%s: %s of unit %d at step %d: %v, want %v", c.Name, name, unit, step, number, c.Grad[i])
					}
				}
			}
		}
		if (got.Note != "") != (first < 0) {
			t.Errorf("%s: the note %q, and a wrong dz at step %d", c.Name, got.Note, first)
		}
		if b := got.Begin; (b == nil) != (first < 0) || b != nil && b.Step < first {
			t.Errorf("%s: it begins at %+v; the first wrong dz is at step %d", c.Name, b, first)
		} else if b != nil && got.States[b.Name][b.Row][b.Step] == byte(walk.Broken) {
			broken++
		}
	}
	for name, want := range map[string]string{"no-forget": "dcp", "wh-transposed": "dhp", "h-for-cprev": "dzf", "mean": "dy"} {
		k := slices.IndexFunc(p.Cases, func(c caseOf) bool { return c.Name == name })
		if b := p.Cases[k].Begin; b == nil || b.Name != want {
			t.Errorf("%s begins at %+v", name, b)
		}
	}
	if broken < 25 {
		t.Errorf("the line breaks where it begins to be wrong in %d cases", broken)
	}
}

// TestLarge: a page has a part of a large network and of a long sequence, with the place of interest.
func TestLarge(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ h, T, m, units, steps int }{
		{1, 1, 1, 1, 1}, {1, 1, 0, 1, 1}, {80, 5, 5, 64, 5}, {3, 5000, 1, 3, 200}, {40, 300, 300, 15, 200}, {2, 2, 1, 2, 2},
	} {
		m, s := network(1, c.h, 1, c.T, c.m)
		w := walk.Run(m, s)
		p := read(t, w)
		if len(p.Units) != c.units || p.T != c.steps || len(p.Values["dh"]) != c.units || len(p.Values["c"][0]) != c.steps+1 || len(p.Has) != c.steps {
			t.Errorf("%+v: %d units, %d steps, %d steps in a row", c, len(p.Units), p.T, len(p.Values["c"][0]))
		}
		if at := p.Spots[p.Unit].Written - p.First; at != p.Step || at < 0 || at >= p.T {
			t.Errorf("%+v: it begins at step %d of %d, and is written at %d", c, p.Step, p.T, at)
		}
		html := string(HTML(w))
		if len(html) > 700_000 {
			t.Errorf("%+v: %d bytes", c, len(html))
		}
		if cut := (walked{w}).cut(); (cut != "") != (c.units < c.h || c.steps < c.T) || !strings.Contains(html, cut) {
			t.Errorf("%+v: %q", c, cut)
		}
	}
}

// TestNoNumbers: a network that has diverged has a page without numbers.
func TestNoNumbers(t *testing.T) {
	t.Parallel()
	for _, v := range []float64{math.NaN(), math.Inf(1), 1e300} {
		m, s := network(1, 2, 2, 3, 1)
		for i := range m.Params.All {
			m.Params.All[i] = v
		}
		if found := regexp.MustCompile(`.*(NaN|Inf|%!).*`).FindString(string(HTML(walk.Run(m, s)))); found != "" {
			t.Errorf("%v: %s", v, found)
		}
	}
}

// TestDelta: the slope and the changes of the loss are those of the loss itself, which Measure leaves as it was.
func TestDelta(t *testing.T) {
	t.Parallel()
	v := 0.5
	d := walk.Measure("v", func() float64 { return v * v * v }, &v, 0.75)
	if v != 0.5 || len(d.At) != 53 || d.Loss != 0.125 {
		t.Errorf("v is %v after %d steps; the loss is %v", v, len(d.At), d.Loss)
	}
	for k, step := range d.At {
		up, down := math.Pow(0.5+step, 3)-0.125, math.Pow(0.5-step, 3)-0.125
		if math.Abs(d.Up[k]-up) > 1e-15 || math.Abs(d.Down[k]-down) > 1e-15 || step > 1e-6 && math.Abs(d.Slope[k]-0.75-step*step) > 1e-8 {
			t.Errorf("δ = %g: %v %v, slope %v", step, d.Up[k], d.Down[k], d.Slope[k])
		}
	}
	found := regexp.MustCompile(`id="delta-data">(.*?)</script>`).FindStringSubmatch(string(Measured(d, &plot.Chart{Lines: []plot.Line{{X: d.At, Y: d.Off}}})))
	var p deltaOf
	if err := json.Unmarshal([]byte(found[1]), &p); err != nil {
		t.Fatal(err)
	}
	for k := range d.At {
		if p.Up[k] != written(d.Up[k]) || p.Down[k] != written(d.Down[k]) || p.Slope[k] != written(d.Slope[k]) || p.Off[k] != written(d.Off[k]) {
			t.Errorf("δ = %g: %v %v %v %v", d.At[k], p.Up[k], p.Down[k], p.Slope[k], p.Off[k])
		}
	}
	if !slices.IsSorted(d.X) || len(d.X) <= 2*len(d.At) || len(p.X) != len(d.X) || len(p.Y) != len(d.X) || d.X[0] != -d.At[0] {
		t.Errorf("a curve of %d and %d points", len(d.X), len(p.X))
	}
	for k, x := range d.X {
		if y := math.Pow(0.5+x, 3) - 0.125; math.Abs(d.Y[k]-y) > 1e-15 {
			t.Errorf("the curve at %g: %v, want %v", x, d.Y[k], y)
		}
	}
}
