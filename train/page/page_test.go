package page

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"flag"
	"fmt"
	"html"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"lstm/check"
	"lstm/check/museum"
	"lstm/train"
	"lstm/train/plot"
)

// trained returns a run of a task, and its proof.
func trained(t testing.TB, task string, change func(c *train.Config)) (*train.Run, *train.Proof) {
	t.Helper()
	c := train.Defaults(task)
	c.Seed = 42
	switch task {
	case "series":
		c.Data, c.Column, c.Diff = "../testdata/co2.csv", "CO2", true
	case "text":
		c.Data = "page.go"
	}
	if change != nil {
		change(&c)
	}
	r, err := train.New(c)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Train(c.Steps, func() {}); err != nil {
		t.Fatal(err)
	}
	r.KeepBest()
	limit := 0
	if r.Entries() > 3000 {
		limit = 20
	}
	proof, err := r.Check(limit, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r, proof
}

// made are the pages that pages has made.
var made map[string][]byte

// pages returns a page of every kind, by name.
func pages(t *testing.T) map[string][]byte {
	if made != nil {
		return made
	}
	all := make(map[string][]byte)
	for _, task := range train.Tasks() {
		r, proof := trained(t, task, func(c *train.Config) {
			if c.Steps = min(c.Steps, 300); task == "delay" {
				c.Steps = 5000
			}
			if task == "sine" {
				c.Window, c.Stride = 10, 4
			}
		})
		var err error
		if all[task], err = Run(r, "", proof, nil); err != nil {
			t.Fatalf("%s: %v", task, err)
		}
	}
	names := []string{"no-forget", "wy-last", "mean", "echo", "stale"}
	for _, e := range museum.Exhibits() {
		if e.Where == "refused" {
			names = append(names, e.Name)
			break
		}
	}
	for _, name := range names {
		var err error
		if all["bug "+name], err = Bug(name); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	made = all
	return all
}

// TestPages: every page is well-formed, loads and runs nothing, and each figure has a title and
// a description of its own.
func TestPages(t *testing.T) {
	for name, html := range pages(t) {
		if len(html) > 2_000_000 {
			t.Errorf("%s: %d bytes", name, len(html))
		}
		panels, figures, described := 0, 0, 0
		ids := make(map[string]bool)
		walk(t, name, html, func(e xml.StartElement) {
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
							t.Errorf("%s: nothing has the id %s", name, id)
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
			case "script", "img", "iframe", "object":
				t.Errorf("%s: <%s>", name, e.Name.Local)
			}
		})
		if regexp.MustCompile(`https?:|NaN|Inf|%!|\(EXTRA|@import`).Match(html) {
			t.Errorf("%s: has %q", name, regexp.MustCompile(`.{0,60}(https?:|NaN|Inf|%!|\(EXTRA|@import).{0,60}`).Find(html))
		}
		if panels < 3 || figures < panels || described != figures {
			t.Errorf("%s: %d panels, %d figures, %d of them described", name, panels, figures, described)
		}
	}
}

// walk reads a page as XML, and calls f with every element.
func walk(t *testing.T, name string, html []byte, f func(e xml.StartElement)) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(html))
	for {
		token, err := d.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatalf("%s: not well-formed: %v", name, err)
		}
		if e, ok := token.(xml.StartElement); ok {
			f(e)
		}
	}
}

// TestSaid: what a page must say, of its own task.
func TestSaid(t *testing.T) {
	all := pages(t)
	for name, want := range map[string][]string{
		"adding": {">value</text>", ">mark</text>", "gradient clipped to 0.1", "halved every 8000"},
		"order":  {">XY</text>", ">d</text>", "Only the output of the last step has a target", "-4 on the biases of the input gates"},
		"reber":  {">B</text>", "Above stands what it has just read", "the targets framed"},
		"series": {"scaled difference to the one before", "The error on the part that validates", ">CO2</text>", "a series of your own: CO2", "error one step ahead: "},
		"text":   {"<dd>a sample, 260 of ", ">␣</text>", ">{</text>", " symbols these are the 20", "a text: page.go", "The last 32 of 128 steps of a sequence drawn afresh", ">step 127</text>", "bits a character of the tail that is held out: "},
		"sine":   {"truncation would stop it on the way", "every 4 steps, back through 10"},
		"delay":  {"kernel", "on axes that are logarithmic"},
	} {
		for _, want := range want {
			if !strings.Contains(string(all[name]), want) {
				t.Errorf("%s: the page does not say %s", name, want)
			}
		}
	}
	for _, task := range []string{"delay", "sine", "adding", "order", "reber"} {
		if strings.Contains(string(all[task]), "part that validates") {
			t.Errorf("%s: nothing validates", task)
		}
	}
	r, _ := trained(t, "sine", nil)
	html, err := Run(r, "", nil, nil)
	if want := fmt.Sprintf("<dd>error of a free-running forecast: %.4g</dd>", r.Task.Result(r)); err != nil || !strings.Contains(string(html), want) {
		t.Errorf("%v, or the page does not say %s", err, want)
	}
	if n := strings.Count(string(all["text"]), "goes from"); n < 6 {
		t.Errorf("of %d maps of gates and states it is said what they show", n)
	}
}

// TestDefault: the page of the default run, in time.
func TestDefault(t *testing.T) {
	r, proof := trained(t, "delay", nil)
	least := time.Hour
	for range 3 {
		begun := time.Now()
		html, err := Run(r, "it <came> to this", proof, nil)
		if err != nil {
			t.Fatal(err)
		}
		least = min(least, time.Since(begun))
		for _, want := range []string{"Grads are ok: 211 entries", "5000 iterations of gradient descent, rate 0.01, seed 42", "relative error of every entry of Wf", "forget bias 3", "it &lt;came&gt; to this"} {
			if !bytes.Contains(html, []byte(want)) {
				t.Errorf("the page does not say %q", want)
			}
		}
		if least < 200*time.Millisecond {
			t.Logf("%d bytes in %v", len(html), least)
			return
		}
	}
	t.Errorf("%v for a page", least)
}

// TestVerdict: the page says what the command says, however the run was checked.
func TestVerdict(t *testing.T) {
	r, proof := trained(t, "sine", func(c *train.Config) { c.Steps = 20 })
	other, unproven, wrong := *proof, *proof, *proof
	other.LossThere *= 1.01
	unproven.Results = slices.Clone(proof.Results)
	unproven.Results[0].Entries = slices.Clone(proof.Results[0].Entries)
	unproven.Results[0].Entries[0].Verdict = check.Unresolved
	wrong.Results = slices.Clone(unproven.Results)
	wrong.Results[0].Entries = slices.Clone(proof.Results[0].Entries)
	wrong.Results[0].Entries[0].Verdict = check.Wrong
	wrong.Causes = []check.Cause{{Param: "Wi", Observed: "what <was> seen", Likely: "what did it", Line: "a & b"}}
	for _, c := range []struct {
		proof *train.Proof
		quick *check.Quick
		class string
		want  string
		where []string // it shows in a panel of its own
	}{
		{proof, nil, "right", "Grads are ok: ", nil},
		{&other, nil, "wrong", "The network is not an LSTM as it should be", nil},
		{&unproven, nil, "open", "Grads are not proven: 1 of ", []string{"What is left open", "Wi: 1 of 30; Wi[x0→0] is "}},
		{&wrong, nil, "wrong", "Grads are wrong: 1 of ", []string{"Where the gradient is wrong", "Wi: 1 of 30; Wi[x0→0] is ", "Wi: what &lt;was&gt; seen\n    cause  what did it\n    line   a &amp; b"}},
		{nil, &check.Quick{Entry: check.Entry{Verdict: check.Right}, Losses: 25}, "right", "Grads are ok along a random direction, by 25 losses.", nil},
		{nil, &check.Quick{Entry: check.Entry{Verdict: check.Wrong}, Culprits: []string{"Wf", "bf"}}, "wrong", "Grads are wrong: Wf bf.", nil},
		{nil, &check.Quick{Entry: check.Entry{Verdict: check.Wrong}}, "wrong", "Grads are wrong, by too little to say where", nil},
		{nil, &check.Quick{Entry: check.Entry{Verdict: check.Unresolved}}, "open", "Grads are not proven", nil},
		{nil, nil, "open", "The gradient was not checked.", nil},
	} {
		html, err := Run(r, "", c.proof, c.quick)
		if err != nil {
			t.Fatal(err)
		}
		if class := `<p class="verdict ` + c.class + `">`; !bytes.Contains(html, []byte(class+c.want)) {
			t.Errorf("the page does not say %s%s", class, c.want)
		}
		if bytes.Contains(html, []byte(`id="where"`)) != (c.where != nil) {
			t.Errorf("%s: a panel of what is wrong, %v", c.want, c.where == nil)
		}
		for _, where := range c.where {
			if !bytes.Contains(html, []byte(where)) {
				t.Errorf("%s: the page does not say %s", c.want, where)
			}
		}
		if v, says := proof.Verdict(); c.proof == proof && (v != check.Right || !strings.HasPrefix(says, c.want)) {
			t.Errorf("%v, %s", v, says)
		}
	}
}

var update = flag.Bool("update", false, "write the README's figures anew")

// TestFigure: the README's pictures are those of the runs that it names.
func TestFigure(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("powers of ten differ in the last bit, and rounding errors with them")
	}
	r, _ := trained(t, "delay", nil)
	l := r.Look(maxSteps)
	s, err := r.StepSize(l)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("../../README.md")
	if want := fmt.Sprintf("the error here is %.1fe-7", 1e7*s.Off[slices.Index(s.At, 1e-5)]); err != nil || !bytes.Contains(text, []byte(want)) {
		t.Errorf("%v, or the README does not say %q", err, want)
	}
	other, _ := trained(t, "reber", nil)
	for name, f := range map[string]plot.Figure{
		"steps.svg":  stepSizes(s.At, s.Off, s.Rounding, s.Entry),
		"forget.svg": forgetting(l),
		"reber.svg":  likely(other.Task, other.Look(maxSteps)).Figures[0].Figure,
	} {
		figure := plot.File(f)
		if *update {
			if err := os.WriteFile(name, figure, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile(name); err != nil || !bytes.Equal(figure, want) {
			t.Errorf("%s is another picture (%v): go test ./train/page -run Figure -update", name, err)
		}
		walk(t, name, figure, func(xml.StartElement) {})
	}
}

// TestHostile: whatever a file, a column and its symbols are called, it appears as text, and what
// XML has no place for, or turns the text around it, as a mark in its place. Nor does it hang out of
// its figure.
func TestHostile(t *testing.T) {
	const evil = `</title><script>alert(1)</script><b onclick="x">&'"]]>`
	dir := t.TempDir()
	seen := make(map[string][]byte)
	look := func(file, text, want string, change func(c *train.Config)) {
		file = filepath.Join(dir, file)
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		r, proof := trained(t, "series", func(c *train.Config) {
			change(c)
			c.Data, c.Steps = file, 5
		})
		html, err := Run(r, "", proof, nil)
		if err != nil {
			t.Fatal(err)
		}
		seen[fmt.Sprint(len(seen))] = html
		walk(t, want, html, func(e xml.StartElement) {
			if slices.Contains([]string{"script", "b", "i"}, e.Name.Local) {
				t.Errorf("%s: <%s>", want, e.Name.Local)
			}
		})
		var all strings.Builder
		d := xml.NewDecoder(bytes.NewReader(html))
		for token, err := d.Token(); err == nil; token, err = d.Token() {
			if text, ok := token.(xml.CharData); ok {
				all.Write(text)
			}
		}
		if !strings.Contains(all.String(), filepath.Base(file)) || !strings.Contains(all.String(), want) {
			t.Errorf("%q and %q are not there as they are", filepath.Base(file), want)
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
		look("a&b<i>.csv", text, want, func(c *train.Config) { c.Column, c.Diff = column, false })
	}
	look("<script>.txt", strings.Repeat(evil+"\x01\n", 30), "", func(c *train.Config) { *c = train.Defaults("text") })
	for _, symbol := range []string{"&lt;", "&gt;", "&amp;", "&#39;", "&#34;"} {
		if text := seen[fmt.Sprint(len(seen)-1)]; !bytes.Contains(text, []byte(">"+symbol+"</text>")) {
			t.Errorf("the symbol %s is not in a figure", symbol)
		}
	}
	if browser := chromium(); browser != "" && !testing.Short() {
		for _, s := range browse(t, browser, seen, false, 1280, 400) {
			for _, bad := range s.Bad {
				t.Errorf("page %s, %d wide: %s", s.Name, s.Width, bad)
			}
		}
	}
}

// audit is run by a browser in a page with frames that hold pages: what of them is wider than the
// frame, what was loaded, and what text lies over other text of its figure or beyond its edge.
const audit = `<script>addEventListener("load", () => {
  const all = [];
  for (const frame of document.querySelectorAll("iframe")) {
    const doc = frame.contentDocument, view = frame.contentWindow, width = view.innerWidth, bad = [];
    const wide = doc.documentElement.scrollWidth;
    if (wide > width) bad.push("it scrolls sideways: " + wide + " of " + width);
    for (const e of view.performance.getEntriesByType("resource")) bad.push("it loads " + e.name);
    let figures = 0, texts = 0;
    for (const svg of doc.querySelectorAll("figure svg")) {
      figures++;
      const title = svg.querySelector("title").textContent, edge = svg.getBoundingClientRect(), boxes = [];
      for (const text of svg.querySelectorAll("text")) {
        texts++;
        const b = text.getBoundingClientRect(), slack = 1;
        if (b.left < edge.left - slack || b.right > edge.right + slack || b.top < edge.top - slack || b.bottom > edge.bottom + slack)
          bad.push(title + ": cut off: " + text.textContent);
        for (const [other, c] of boxes)
          if (b.left < c.right - slack && c.left < b.right - slack && b.top < c.bottom - 3 && c.top < b.bottom - 3)
            bad.push(title + ": " + text.textContent + " lies over " + other);
        boxes.push([text.textContent, b]);
      }
    }
    for (const e of doc.querySelectorAll("h1, h2, p, dd, dt, pre, a, figcaption"))
      if (e.getBoundingClientRect().right > width + 1) bad.push("beyond the edge: " + e.textContent);
    all.push({Name: frame.title, Width: width, Bad: bad, Figures: figures, Texts: texts,
      Dark: view.matchMedia("(prefers-color-scheme: dark)").matches, Paper: view.getComputedStyle(doc.body).backgroundColor});
  }
  document.body.textContent = "";
  const pre = document.createElement("pre");
  pre.id = "audit";
  pre.textContent = JSON.stringify(all);
  document.body.append(pre);
})</script>`

// A said is what the audit says of a page.
type said struct {
	Name                  string
	Width, Figures, Texts int
	Bad                   []string
	Dark                  bool
	Paper                 string
}

// browse has a browser audit pages in frames of the given widths.
func browse(t *testing.T, browser string, all map[string][]byte, dark bool, widths ...int) (found []said) {
	dir := t.TempDir()
	var host strings.Builder
	host.WriteString("<!DOCTYPE html><html><head><meta charset=utf-8>" + audit + "</head><body>")
	for name, page := range all {
		for _, width := range widths {
			fmt.Fprintf(&host, "<iframe title=\"%s\" style=\"border:0;width:%dpx;height:900px\" srcdoc=\"%s\"></iframe>", name, width, html.EscapeString(string(page)))
		}
	}
	file := filepath.Join(dir, "host.html")
	if err := os.WriteFile(file, []byte(host.String()+"</body></html>"), 0o666); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(browser, append(switches(dir, dark), "--window-size=1400,1000", "--dump-dom", "file://"+file)...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	if bytes.Contains(stderr.Bytes(), []byte("CONSOLE")) {
		t.Errorf("the console has something to say: %s", &stderr)
	}
	pre := regexp.MustCompile(`<pre id="audit">(.*)</pre>`).FindSubmatch(stdout.Bytes())
	if pre == nil {
		t.Fatalf("the browser says nothing\n%s", &stderr)
	}
	if err := json.Unmarshal([]byte(html.UnescapeString(string(pre[1]))), &found); err != nil {
		t.Fatal(err)
	}
	return found
}

// switches returns what a browser is started with.
func switches(dir string, dark bool) []string {
	return []string{"--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--enable-logging=stderr",
		"--user-data-dir=" + filepath.Join(dir, "profile"), fmt.Sprintf("--blink-settings=preferredColorScheme=%d", map[bool]int{true: 0, false: 1}[dark])}
}

// chromium returns where the browser is, "" if there is none.
func chromium() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// TestBrowser: in a browser, wide and narrow, light and dark, nothing scrolls sideways, nothing is
// loaded or complained about, and no text lies over another or is cut off. With
// LSTM_SCREENSHOTS=DIR it leaves pictures there.
func TestBrowser(t *testing.T) {
	browser := chromium()
	if browser == "" || testing.Short() {
		t.Skip("no Chromium here, or in a hurry")
	}
	all := pages(t)
	widths := []int{1280, 400}
	for _, dark := range []bool{false, true} {
		found := browse(t, browser, all, dark, widths...)
		if len(found) != len(widths)*len(all) {
			t.Errorf("%d pages looked at, want %d", len(found), len(widths)*len(all))
		}
		for _, s := range found {
			what := fmt.Sprintf("%s, %d wide, dark %v", s.Name, s.Width, s.Dark)
			for _, bad := range s.Bad {
				t.Errorf("%s: %s", what, bad)
			}
			if !slices.Contains(widths, s.Width) || s.Dark != dark || s.Figures < 3 || s.Texts < 20 || dark == (s.Paper == "rgb(255, 255, 255)") {
				t.Errorf("%s: %+v", what, s)
			}
		}
	}
	// An audit that finds nothing where there is something would be none.
	broken := strings.Replace(string(all["delay"]), "<text class=\"\" x=\"24\"", "<text class=\"\" x=\"330\"", 1)
	broken = strings.Replace(broken, "<main>", "<main><p style=\"min-width:2000px\">wide</p><img src=\"data:image/png;base64,\"/>", 1)
	for _, s := range browse(t, browser, map[string][]byte{"broken": []byte(broken)}, false, 1280) {
		if text := strings.Join(s.Bad, "\n"); !strings.Contains(text, "sideways") || !strings.Contains(text, "cut off") || !strings.Contains(text, "beyond the edge") {
			t.Errorf("of a page that is broken it says\n%s", text)
		}
	}
	if to := os.Getenv("LSTM_SCREENSHOTS"); to != "" {
		dir := t.TempDir()
		for name, html := range all {
			file := filepath.Join(dir, "page.html")
			if err := os.WriteFile(file, html, 0o666); err != nil {
				t.Fatal(err)
			}
			for _, width := range widths {
				for _, dark := range []bool{false, true} {
					shot := fmt.Sprintf("%s/%s-%d-dark-%v.png", to, strings.ReplaceAll(name, " ", "-"), width, dark)
					tall := map[int]int{1280: 5600, 400: 9000}[width]
					exec.Command(browser, append(switches(dir, dark), fmt.Sprintf("--window-size=%d,%d", width, tall), "--screenshot="+shot, "file://"+file)...).Run()
				}
			}
		}
	}
}

// The page of a run.
func Example() {
	c := train.Defaults("delay")
	c.Seed, c.Steps = 42, 100
	r, err := train.New(c)
	if err != nil {
		fmt.Println(err)
		return
	}
	r.Train(c.Steps, func() {})
	proof, err := r.Check(0, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	html, err := Run(r, "", proof, nil)
	fmt.Println(bytes.Count(html, []byte("<section")), "panels,", bytes.Count(html, []byte("<figure>")), "figures,", err)
	// Output: 6 panels, 16 figures, <nil>
}
