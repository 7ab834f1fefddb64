package page_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"lstm/check"
	"lstm/check/given/answer"
	"lstm/check/mistake"
	"lstm/train"
	"lstm/train/page"
	"lstm/train/page/exhibitpage"
	"lstm/train/page/givenpage"
	"lstm/train/page/pagetest"
	"lstm/train/page/panel"
	"lstm/train/page/runpage"
	"lstm/train/plot/label"
	"lstm/train/proof"
	"lstm/train/seriesplot"
	"lstm/train/settings"
	"lstm/train/task"
)

// A made is a page. For the page of a run, it also has the run and its proof.
type made struct {
	html  []byte
	run   *train.Run
	proof *proof.Proof
}

// pages returns a map with a page of every kind, by name.
var pages = sync.OnceValues(func() (map[string]made, error) {
	all := make(map[string]made)
	for _, kind := range task.All() {
		task := kind.Name
		r, proof, err := pagetest.Prepare("..", task, func(c *settings.Config) {
			if task != "delay" {
				c.Steps = min(c.Steps, 300)
			}
			if task == "sine" {
				c.Window, c.Stride = 10, 4
			}
		})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", task, err)
		}
		page := runpage.Run(r, train.Answer{}, "a sample", proof)
		all[task] = made{page, r, proof}
	}
	names := []string{"no-forget", "wy-last", "mean", "echo", "stale"}
	for _, e := range mistake.Exhibits {
		if e.Where == "refused" {
			names = append(names, e.Name)
			break
		}
	}
	for _, name := range names {
		page, err := exhibitpage.Exhibit(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all["exhibit "+name] = made{html: page}
	}
	for name, file := range map[string]string{"given right": "s07_seqcheck", "given wrong": "s02_cellbox"} {
		a, err := answer.File("../../check/given/answer/testdata/" + file + ".json")
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all[name] = made{html: givenpage.Given("mine.json", a)}
	}
	return all, nil
})

func allPages(t *testing.T) map[string]made {
	t.Helper()
	all, err := pages()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestPages: every page is well-formed, loads nothing, and has no scripts but those of a walk and of maps. Each figure has its own
// title and description.
func TestPages(t *testing.T) {
	t.Parallel()
	for name, page := range allPages(t) {
		html := page.html
		if len(html) > 2_000_000 {
			t.Errorf("%s: %d bytes", name, len(html))
		}
		panels, figures, described, scripts := 0, 0, 0, 0
		ids := make(map[string]bool)
		pagetest.Elements(t, name, html, func(e xml.StartElement) {
			for _, a := range e.Attr {
				switch a.Name.Local {
				case "id":
					if ids[a.Value] {
						t.Errorf("%s: the id %s twice", name, a.Value)
					}
					ids[a.Value] = true
				case "aria-labelledby":
					for _, id := range strings.Fields(a.Value) {
						if e.Name.Local == "svg" && !strings.Contains(string(html), `id="`+id+`">`) {
							t.Errorf("%s: no element has the id %s", name, id)
						}
					}
					if e.Name.Local == "svg" {
						described++
					}
				case "src", "style", "onclick", "onload":
					if a.Value != "position:absolute" {
						t.Errorf("%s: <%s %s=%q>", name, e.Name.Local, a.Name.Local, a.Value)
					}
				case "href":
					if !strings.HasPrefix(a.Value, "#") && a.Value != "data:," {
						t.Errorf("%s: a link to %s", name, a.Value)
					}
				}
			}
			switch e.Name.Local {
			case "section":
				panels++
			case "figure":
				figures++
			case "script":
				scripts++
			case "img", "iframe", "object":
				t.Errorf("%s: <%s>", name, e.Name.Local)
			}
		})
		if regexp.MustCompile(`https?:|NaN|Inf|%!|\(EXTRA|@import`).Match(html) {
			t.Errorf("%s: has %q", name, regexp.MustCompile(`.{0,60}(https?:|NaN|Inf|%!|\(EXTRA|@import).{0,60}`).Find(html))
		}
		if walks, maps := strings.Count(string(html), `id="walk-data"`), min(1, strings.Count(string(html), " data-tips=")); walks > 1 || scripts != 2*walks+maps+strings.Count(string(html), `id="delta-data"`) {
			t.Errorf("%s: %d walks and %d scripts", name, walks, scripts)
		}
		if panels < 3 || figures < 3 || described != figures {
			t.Errorf("%s: %d panels, %d figures, %d of them described", name, panels, figures, described)
		}
	}
}

// TestSaid: the page of a run has the run's facts, data, names and panels.
func TestSaid(t *testing.T) {
	t.Parallel()
	for name, p := range allPages(t) {
		if p.run == nil {
			continue
		}
		t1 := p.run.Task
		kind, _ := task.Find(name)
		want := append(strings.Split(t1.Note, "\n"), kind.About, `id="loss"`, `id="output"`, `id="cell"`, `id="check"`, `id="steps"`, `id="back"`)
		for _, fact := range p.run.Facts() {
			want = append(want, "<dt>"+fact[0]+"</dt><dd>"+label.Pretty(fact[1])+"</dd>")
		}
		if t1.Compare != nil {
			s := t1.Compare(p.run.Model)
			want = append(want, "a sample", ">"+label.Digits(s.Network.Error, 3)+"<", ">"+label.Digits(s.Best().Error, 3)+"<", s.Says)
			for _, m := range append(s.Rivals, s.Network) {
				for _, v := range m.More {
					want = append(want, "<td>"+label.Fixed(v, 4)+"</td>")
				}
			}
		}
		for _, block := range p.proof.Results {
			if !p.proof.Right() {
				break // the table has some of the blocks
			}
			e := panel.Worst([]check.Result{block}, check.Entry.Share)
			want = append(want, fmt.Sprintf("<td>%s</td><td>%s</td><td>%s</td><td>%s</td>", e.Name, label.Fixed(e.Analytic, 3), label.Fixed(e.Numeric, 3), label.Rough(e.Share())))
		}
		if data := p.run.Config.Data; data != "" {
			want = append(want, "<dd>"+data)
		}
		for _, want := range want {
			if !pagetest.Says(p.html, want) {
				t.Errorf("%s: the page does not say %s", name, want)
			}
		}
		if has := pagetest.Says(p.html, `id="forecast"`); has != (t1.FreeRun != nil) {
			t.Errorf("%s: a panel with a forecast: %v", name, has)
		}
		if t1.Future != nil && !pagetest.Says(p.html, seriesplot.Next(t1.Future(p.run.Model)).Title) {
			t.Errorf("%s: no figure of the next values", name)
		}
		if n := strings.Count(string(p.html), "<figure"); n < 8 {
			t.Errorf("%s: %d figures", name, n)
		}
	}
	all := allPages(t)
	for name, texts := range map[string][]string{
		"adding": {"value", "mark"}, "order": {"XY", "d"}, "reber": {"B"}, "series": {"CO2"}, "text": {"␣", "{", "step"},
	} {
		for _, text := range texts {
			if _, ok := all[name]; !ok {
				continue
			}
			if !bytes.Contains(all[name].html, []byte(">"+text+"</text>")) {
				t.Errorf("%s: no figure has the text %s", name, text)
			}
		}
	}
}

// TestHostile: the names of files, columns and symbols appear as text. A replacement mark stands for
// each character that XML forbids or that reverses the text. No name leaves its figure.
func TestHostile(t *testing.T) {
	t.Parallel()
	const evil = `</title><script>alert(1)</script><marquee onclick="x">&'"]]>`
	dir := t.TempDir()
	seen := make(map[string][]byte)
	look := func(file, text, want string, change func(c *settings.Config)) {
		file = filepath.Join(dir, file)
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		r, proof := pagetest.Trained(t, "..", "series", func(c *settings.Config) {
			change(c)
			c.Data, c.Steps = file, 5
		})
		html := runpage.Run(r, train.Answer{}, "", proof)
		seen[fmt.Sprint(len(seen))] = html
		pagetest.Elements(t, want, html, func(e xml.StartElement) {
			if slices.Contains([]string{"marquee", "i"}, e.Name.Local) {
				t.Errorf("%s: <%s>", want, e.Name.Local)
			}
		})
		if n, of := bytes.Count(html, []byte("<script")), bytes.Count(allPages(t)["delay"].html, []byte("<script")); n != of {
			t.Errorf("%s: %d scripts, and %d on another page", want, n, of)
		}
		var all strings.Builder
		d := xml.NewDecoder(bytes.NewReader(html))
		for token, err := d.Token(); err == nil; token, err = d.Token() {
			if text, ok := token.(xml.CharData); ok {
				all.Write(text)
			}
		}
		if !strings.Contains(all.String(), filepath.Base(file)) || !strings.Contains(all.String(), want) {
			t.Errorf("%q or %q is not in the text", filepath.Base(file), want)
		}
	}
	for column, want := range map[string]string{
		evil:                                     evil,
		"a\x01\x1b[31m\u202e\u2066\ufffe":        "a\ufffd\ufffd[31m\ufffd\ufffd\ufffd",
		strings.Repeat("W", 300):                 "W",
		strings.Repeat("漢", 300):                 "漢",
		"z" + strings.Repeat("\u0301\u0323", 50): "z",
	} {
		text := fmt.Sprintf("d,\"%s\"\n", strings.ReplaceAll(column, `"`, `""`))
		for i := range 100 {
			text += fmt.Sprintf("x,%d\n", i*i%17)
		}
		look("a&b<i>.csv", text, want, func(c *settings.Config) { c.Column, c.Diff = column, false })
	}
	if kind, ok := task.Find("text"); ok {
		look("<script>.txt", strings.Repeat(evil+"\x01\n", 30), "", func(c *settings.Config) { *c = kind.Defaults; c.Task = "text" })
		for _, symbol := range []string{"&lt;", "&gt;", "&amp;", "&#39;", "&#34;"} {
			if text := seen[fmt.Sprint(len(seen)-1)]; !bytes.Contains(text, []byte(">"+symbol+"</text>")) {
				t.Errorf("the symbol %s is not in a figure", symbol)
			}
		}
	}
	if browser := pagetest.Browser(); browser != "" && !testing.Short() {
		for _, s := range browse(t, browser, seen, false, 1280, 400) {
			for _, bad := range s.Bad {
				t.Errorf("page %s, %d wide: %s", s.Name, s.Width, bad)
			}
		}
	}
}

// A page with one panel.
func Example() {
	p := &page.Page{Title: "A title", Panels: []page.Panel{{ID: "first", Title: "The first panel", Says: "It says something."}}}
	html := p.HTML()
	fmt.Println(bytes.Contains(html, []byte("<h1>A title</h1>")), bytes.Contains(html, []byte(`id="first"`)))
	// Output: true true
}
