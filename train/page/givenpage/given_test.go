package givenpage

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"lstm/check"
	"lstm/check/chain"
	"lstm/check/given/answer"
	"lstm/check/pass"
	"lstm/check/scalar"
	"lstm/train/page"
	"lstm/train/page/pagetest"
	"lstm/train/plot"
	"lstm/train/plot/label"
)

// handedIn writes a backward pass as a program would hand it in, and returns the answer. The entries of lost are null.
func handedIn(l *pass.Lines, lost ...int) (*answer.Answer, *pass.Point, error) {
	n, v, target := scalar.FairPoint(rand.New(rand.NewPCG(16, 1)))
	p := pass.New(pass.Standard(n), v, target)
	b := p.Backward(l)
	rows := func(x []float64, cols int) (all [][]any) {
		for i := range x {
			if i%cols == 0 {
				all = append(all, nil)
			}
			all[len(all)-1] = append(all[len(all)-1], x[i])
		}
		return all
	}
	params, grads := make(map[string]any), make(map[string]any)
	dump := map[string]any{"loss": p.Loss, "target": rows(target, n.O), "params": params, "grads": grads}
	for _, blk := range n.Blocks() {
		switch value := rows(v[blk.From:blk.To], blk.Cols); blk.Name {
		case "x":
			dump["x"] = value
		case "h0", "c0":
			dump[blk.Name] = value[0]
		case "z":
		default:
			g := rows(b[blk.From:blk.To], blk.Cols)
			for _, i := range lost {
				if i >= blk.From && i < blk.To {
					g[(i-blk.From)/blk.Cols][(i-blk.From)%blk.Cols] = nil
				}
			}
			params[blk.Name], grads[blk.Name] = any(value), any(g)
			if len(value) == 1 {
				params[blk.Name], grads[blk.Name] = value[0], g[0]
			}
		}
	}
	text, err := json.Marshal(dump)
	if err != nil {
		return nil, nil, err
	}
	dir, err := os.MkdirTemp("", "lstm")
	if err != nil {
		return nil, nil, err
	}
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "mine.json")
	if err := os.WriteFile(name, text, 0o666); err != nil {
		return nil, nil, err
	}
	a, err := answer.File(name)
	return a, p, err
}

// forgetful returns a pass that hands no dc back, and takes dz_f for the bias of gate i.
func forgetful() *pass.Lines {
	l := pass.Right()
	l.DC = func(p *pass.Place) float64 { return p.FromH() }
	l.BGate[pass.I] = pass.F
	return l
}

func given(t *testing.T, l *pass.Lines, lost ...int) (*answer.Answer, *pass.Point) {
	t.Helper()
	a, p, err := handedIn(l, lost...)
	if err != nil {
		t.Fatal(err)
	}
	return a, p
}

// framed returns the names of the rows with framed cells, and the columns of the frames.
func framed(s plot.Strip, mark [][]bool) (text string) {
	for k, row := range mark {
		for i, x := range row {
			if x {
				text += fmt.Sprintf(" %s %d", s.Names[k], i)
			}
		}
	}
	return text
}

// TestGivenLines: the page of a pass with two mistakes frames their lines alone, and strikes out the first place.
func TestGivenLines(t *testing.T) {
	t.Parallel()
	a, p := given(t, forgetful())
	way := a.Way()
	if way == nil {
		t.Fatal("the way back is not known")
	}
	figures, want := lineByLine(way, a.Results).Figures, ""
	for step := 1; step < p.T; step++ {
		want += fmt.Sprintf(" dc′ %d", step)
	}
	lines, sums := pagetest.Stack(t, figures[0]).Strips[0], pagetest.Stack(t, figures[1]).Strips[0]
	pagetest.Equal(t, "the framed lines", framed(lines, lines.Edge), want)
	pagetest.Equal(t, "the first place", framed(lines, lines.Slash), fmt.Sprintf(" dc′ %d", p.T-1))
	pagetest.Equal(t, "the framed sums", framed(sums, sums.Edge), " bi 0")
	wrong := way.Backward(forgetful())
	right := p.Backward(pass.Right())
	at := p.DC(0, p.T-2, 0)
	for _, v := range []float64{0, right[at] - wrong[at]} { // what the last step hands back, and should hand back
		if all := banners(a, way); !slices.ContainsFunc(all[1].Scores, func(s page.Score) bool { return s.Number == label.Digits(v, 6) }) {
			t.Errorf("the banners do not have %v: %v", v, all)
		}
		row := faults(way).Rows[0]
		if !slices.ContainsFunc(row[1:], func(text string) bool {
			got, err := strconv.ParseFloat(text, 64)
			return err == nil && math.Abs(got-v) < 1e-6
		}) {
			t.Errorf("the first line does not have %v: %s", v, row)
		}
	}
	pagetest.Equal(t, "the lines with both values", len(slices.DeleteFunc(faults(way).Rows, func(row []string) bool { return !strings.Contains(row[0], "off for") })), 2)
	page := Given("<u>mine</u>.json", a)
	for _, want := range []string{`class="banner wrong"`, "<u>mine</u>.json", a.Mistakes(false), faults(way).Rows[1][1]} {
		if !pagetest.Says(page, want) {
			t.Errorf("the page does not say %s", want)
		}
	}
	for _, note := range a.Notes {
		if !pagetest.Says(page, note) {
			t.Errorf("the page does not say %s", note)
		}
	}
	pagetest.Elements(t, "given", page, func(e xml.StartElement) {
		if e.Name.Local == "u" {
			t.Error("a name is an element")
		}
	})

	a, _ = given(t, pass.Right())
	way = a.Way()
	for k, f := range lineByLine(way, a.Results).Figures[:3] {
		strip := pagetest.Stack(t, f).Strips[0]
		pagetest.Equal(t, fmt.Sprint("frames of a right gradient: ", k), framed(strip, strip.Edge)+framed(strip, strip.Slash), "")
	}
	pagetest.Equal(t, "the lines of a right gradient", len(faults(way).Rows), 0)
	if page := Given("mine", a); !pagetest.Says(page, `class="banner right"`) {
		t.Error("the verdict is not right")
	}
}

// TestGivenEntries: the heat maps have error ÷ allowed of every entry in its place. Entries that are not known are dotted.
func TestGivenEntries(t *testing.T) {
	t.Parallel()
	_, p := given(t, pass.Right())
	lost := p.W(pass.F, 1, 1)
	a, _ := given(t, forgetful(), lost)
	share, p2 := a.Share(), entryByEntry(a)
	tiles := p2.Figures[0].Figure.(*plot.Tiles).Tiles
	pagetest.Equal(t, "the tiles", len(tiles), len(a.Results))
	seen := 0
	for k, r := range a.Results {
		tile, cols := tiles[k], a.Shapes[k][len(a.Shapes[k])-1]
		for _, e := range r.Entries {
			v, want := tile.Share[e.Index/cols][e.Index%cols], share(e)
			if v != want || (want > 1) != (e.Verdict == check.Wrong) {
				t.Errorf("%s is drawn as %v, want %v: %v", e.Name, v, want, e.Verdict)
			}
			seen++
		}
		if r.Name == "Wf" && !math.IsNaN(tile.Share[1][1]) {
			t.Error("the entry that is not known is drawn")
		}
	}
	pagetest.Equal(t, "the entries", seen, p.Params()-1)
}

// TestGivenOthers: the page of a program that is no LSTM has its entries, and the page without a verdict says why.
func TestGivenOthers(t *testing.T) {
	t.Parallel()
	e := check.Entry{Name: "w[0]", Analytic: 2, Numeric: 1, Bar: 1e-12, Verdict: check.Wrong}
	infinite := check.Entry{Index: 1, Name: "w[1]", Analytic: math.Inf(1), Numeric: 1, Bar: 1e-12, Verdict: check.Wrong}
	unsure := check.Entry{Index: 3, Name: "w[3]", Analytic: 1, Numeric: 1, Bar: 0.5, Verdict: check.Unresolved}
	a := &answer.Answer{Verdict: answer.Wrong, Results: []check.Result{{Name: "w", Entries: []check.Entry{e, infinite, unsure}, Scale: 2}}, Shapes: [][]int{{4}}}
	tile, share := entryByEntry(a).Figures[0].Figure.(*plot.Tiles).Tiles[0], a.Share()
	pagetest.Equal(t, "the entries", fmt.Sprint(tile.Share, tile.Open), fmt.Sprint([][]float64{{share(e), math.Inf(1), math.NaN(), share(unsure)}}, [][]bool{{false, false, false, true}}))
	page := Given("run", a)
	if pagetest.Says(page, `id="lines"`) || !pagetest.Says(page, `id="check"`) || !pagetest.Says(page, `id="mend"`) {
		t.Error("a page of a program that is no LSTM has other panels")
	}
	pagetest.Elements(t, "process", page, func(xml.StartElement) {})
	page = Given("mine", &answer.Answer{Verdict: answer.None, Why: "<why>", Notes: []string{"a note"}})
	if !pagetest.Says(page, "<why>") || !pagetest.Says(page, "a note") || !pagetest.Says(page, `class="banner open"`) {
		t.Error("the page does not say why there is no verdict")
	}
	pagetest.Elements(t, "none", page, func(xml.StartElement) {})
}

// The page about a gradient that was not judged.
func Example() {
	html := Given("mine.json", &answer.Answer{Verdict: answer.None, Why: "there are no parameters"})
	fmt.Println(bytes.Contains(html, []byte("there are no parameters")))
	// Output: true
}

// TestHandedBack: the walk through a program that hands dc back without f shows the number that the program hands back.
func TestHandedBack(t *testing.T) {
	t.Parallel()
	l := pass.Right()
	handed := make(map[[2]int]float64) // by step and unit
	l.DCPrev = func(p *pass.Place) float64 {
		handed[[2]int{p.T, p.J}] = p.DC
		return p.DC
	}
	a, p := given(t, l)
	var walk struct {
		Units []int
		Cases []struct {
			Values map[string][][]float64
			States map[string][]string
			Begin  struct {
				Name string
				Step int
			}
		}
	}
	found := regexp.MustCompile(`(?s)id="walk-data">(.*?)</script>`).FindSubmatch(Given("mine.json", a))
	if err := json.Unmarshal(found[1], &walk); err != nil {
		t.Fatal(err)
	}
	c := walk.Cases[0]
	if c.Begin.Name != "dcp" || c.Begin.Step != p.T-1 {
		t.Errorf("it begins at %+v", c.Begin)
	}
	for row, unit := range walk.Units {
		for step := range p.T {
			if got, want := c.Values["dcn"][row][step], handed[[2]int{step, unit}]; math.Abs(got-want) > 1e-3*math.Abs(want) || c.States["dcp"][row][step] != '2' {
				t.Errorf("unit %d, step %d: %v is handed back, want %v; its line is %c", unit, step, got, want, c.States["dcp"][row][step])
			}
		}
	}
}

// TestWithoutValues: where several values fit, the page says the line without them.
func TestWithoutValues(t *testing.T) {
	t.Parallel()
	w := &answer.Way{Chain: &chain.Chain{Point: new(pass.Point), Faults: []chain.Fault{{Line: chain.DY, T: 2}}}}
	b, table := first(w), faults(w)
	if b.Says == "" || len(b.Notes) == 0 || b.Class == "" || len(b.Scores) != 0 {
		t.Errorf("%+v", b)
	}
	if len(table.Rows) != 1 || len(table.Rows[0]) != len(table.Head) {
		t.Errorf("%q", table.Rows)
	}
}
