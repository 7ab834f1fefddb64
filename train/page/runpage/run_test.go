package runpage

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"lstm/check"
	"lstm/train"
	"lstm/train/facts"
	"lstm/train/page/panel"
	"lstm/train/plot"
	"lstm/train/proof"
	"lstm/train/settings"
	"lstm/train/task"
)

// prepare trains a run of a task, and checks it.
func prepare(name string, change func(c *settings.Config)) (*train.Run, *proof.Proof, error) {
	kind, ok := task.Find(name)
	if !ok {
		return nil, nil, errAbsent
	}
	c := kind.Defaults
	c.Task, c.Seed = name, 42
	switch name {
	case "series":
		c.Data, c.Column, c.Diff = "../../testdata/co2.csv", "CO2", true
	case "text":
		c.Data = "../page.html"
	}
	if change != nil {
		change(&c)
	}
	r, err := train.New(c)
	if err != nil {
		return nil, nil, err
	}
	if err := r.Train(c.Steps, func() {}); err != nil {
		return nil, nil, err
	}
	r.KeepBest()
	limit := 0
	if r.Entries() > 3000 {
		limit = 20
	}
	window, stride := r.Truncation()
	p := proof.New(r.Model, r.Fresh(), window, stride)
	return r, p, p.Check(false, limit, 42, nil)
}

// errAbsent says that a task is not in the tree. Tests that need the task are skipped.
var errAbsent = errors.New("no such task")

// trained returns a run of a task and its proof.
func trained(t testing.TB, task string, change func(c *settings.Config)) (*train.Run, *proof.Proof) {
	t.Helper()
	r, proof, err := prepare(task, change)
	if errors.Is(err, errAbsent) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatalf("%s: %v", task, err)
	}
	return r, proof
}

// elements reads a page as XML, and calls f with every element.
func elements(t *testing.T, name string, html []byte, f func(e xml.StartElement)) {
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

// says reports whether a page contains a text.
func says(page []byte, text string) bool {
	return strings.Contains(html.UnescapeString(string(page)), text)
}

// TestObserve: the page has the numbers of a run and leaves the run as it is.
func TestObserve(t *testing.T) {
	t.Parallel()
	r, _ := trained(t, "series", func(c *settings.Config) { c.Steps = 100 })
	before := slices.Clone(r.Model.Params.All)
	page := Run(r, "came", nil)
	s := observe(r)
	if !slices.Equal(before, r.Model.Params.All) {
		t.Error("the parameters have changed")
	}
	window, stride := r.Truncation()
	equal(t, "the truncation", []int{s.Window, s.Stride}, []int{window, stride})
	base := r.Task.Baseline(r.Config.Seed, r.Model.Params.H)
	for _, f := range training(r.Past, r.Task, base).Figures {
		if about := f.Figure.(*plot.Chart).About; !says(page, about) {
			t.Errorf("the page does not say %s", about)
		}
	}
	equal(t, "the scaled quantity", s.scaled, "difference from the value before")
	equal(t, "its task", s.task, r.Task)
	facts := told(r, "came")
	equal(t, "the result", facts[len(facts)-1], [2]string{"result", "came"})

	r, _ = trained(t, "text", func(c *settings.Config) { c.Steps = 5 })
	equal(t, "the scaled quantity of a text", observe(r).scaled, "")
}

// TestDefault: the page of the default run takes less than 0.2 s.
func TestDefault(t *testing.T) {
	r, proof := trained(t, "delay", nil)
	least := time.Hour
	for range 5 {
		begun := time.Now()
		page := Run(r, "it <came> to this", proof)
		if least = min(least, time.Since(begun)); !bytes.Contains(page, []byte("<dd>it &lt;came&gt; to this</dd>")) {
			t.Error("the page does not have the answer as text")
		}
	}
	if least > 200*time.Millisecond {
		t.Errorf("%v for a page", least)
	}
}

// TestVerdict: the page has the verdict of a proof or of a quick check, or says that there was no check.
func TestVerdict(t *testing.T) {
	t.Parallel()
	r, right := trained(t, "sine", func(c *settings.Config) { c.Steps = 20 })
	change := func(v check.Verdict) *proof.Proof {
		p := *right
		p.Results = slices.Clone(right.Results)
		p.Results[0].Entries = slices.Clone(right.Results[0].Entries)
		p.Results[0].Entries[0].Verdict = v
		return &p
	}
	other, unproven, wrong := *right, change(check.Unresolved), change(check.Wrong)
	other.LossThere *= 1.01
	wrong.Causes = []check.Cause{{Param: "Wi", Observed: "<seen>", Likely: "likely", Line: "a & b"}}
	quick := func(v check.Verdict, culprits ...string) *proof.Proof {
		return &proof.Proof{Quick: &check.Quick{Entry: check.Entry{Verdict: v}, Losses: 25, Culprits: culprits}}
	}
	for _, c := range []struct {
		proof *proof.Proof
		class string
		where bool // whether a panel says where the gradient is wrong
	}{
		{right, "right", false}, {&other, "wrong", false}, {unproven, "open", true}, {wrong, "wrong", true},
		{quick(check.Right), "right", false}, {quick(check.Wrong, "Wf", "bf"), "wrong", false},
		{quick(check.Wrong), "wrong", false}, {quick(check.Unresolved), "open", false}, {nil, "open", false},
	} {
		page := Run(r, "", c.proof)
		verdict := ""
		var text strings.Builder
		switch {
		case c.proof == nil:
		case c.proof.Quick != nil:
			_, verdict = c.proof.Verdict()
			c.proof.Report(&text)
		default:
			_, verdict = c.proof.Verdict()
			c.proof.Where(&text)
		}
		_, rest, found := strings.Cut(html.UnescapeString(string(page)), `<p class="verdict `+c.class+`">`)
		if says, _, _ := strings.Cut(rest, "</p>"); !found || says == "" || !strings.HasSuffix(says, verdict) {
			t.Errorf("the verdict is %q, want %q as %s", says, verdict, c.class)
		}
		if !says(page, text.String()) {
			t.Errorf("the page does not say\n%s", &text)
		}
		if has := says(page, `id="where"`); has != c.where {
			t.Errorf("%s: a panel that says where: %v", verdict, has)
		}
		if has := says(page, `id="check"`); has != (c.proof != nil) {
			t.Errorf("%s: a panel with the check: %v", verdict, has)
		}
	}
}

// TestFigure compares the figures of the chapters with the runs that the chapters name.
func TestFigure(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("on other machines math.Pow, and so the rounding errors, differ in the last bit")
	}
	r, _ := trained(t, "delay", nil)
	l := observe(r).Look
	loss, theta, e, err := l.Faint()
	if err != nil {
		t.Fatal(err)
	}
	_, steps := panel.Steps(loss, theta, e)
	off := steps.Lines[0].Y[slices.Index(steps.Lines[0].X, 1e-5)]
	facts.Block(t, "../../../check/README.md", "step", fmt.Sprintf("At the script's step of 1e-5 the error is %.1fe-7.\n", 1e7*off))
	other, _ := trained(t, "reber", nil)
	for name, f := range map[string]plot.Figure{
		"steps.svg":  steps,
		"forget.svg": forgetting(l),
		"reber.svg":  outputs(observe(other)).Figures[0].Figure,
	} {
		figure := svg(f)
		if facts.Update() {
			if err := os.WriteFile(name, figure, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile(name); err != nil || !bytes.Equal(figure, want) {
			t.Errorf("%s differs from the figure of the run (%v): go test ./train/page/runpage -run Figure -update", name, err)
		}
		elements(t, name, figure, func(xml.StartElement) {})
	}
}

// svg returns a figure as the content of an SVG file.
func svg(f plot.Figure) []byte {
	head, body, _ := strings.Cut(string(plot.SVG("figure", f)), "</desc>")
	head = strings.Replace(head, "<svg", `<svg xmlns="http://www.w3.org/2000/svg"`, 1)
	_, patterns, _ := strings.Cut(strings.TrimSuffix(string(plot.Defs), "</svg>"), ">")
	return []byte(head + "</desc><style>\n" + string(plot.CSS) + "svg { background: var(--paper); }</style>" + patterns + body + "\n")
}

// The page of a run.
func Example() {
	kind := task.All()[0] // any task
	c := kind.Defaults
	c.Task, c.Steps = kind.Name, 10
	r, err := train.New(c)
	if err != nil {
		fmt.Println(err)
		return
	}
	r.Train(c.Steps, func() {})
	html := Run(r, "", nil)
	fmt.Println(bytes.Contains(html, []byte("</html>")), err)
	// Output: true <nil>
}
