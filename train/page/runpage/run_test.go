package runpage

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"html"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"lstm/check"
	"lstm/train"
	"lstm/train/facts"
	"lstm/train/page"
	"lstm/train/page/pagetest"
	"lstm/train/page/panel"
	"lstm/train/plot"
	"lstm/train/plot/label"
	"lstm/train/proof"
	"lstm/train/rival"
	"lstm/train/settings"
	"lstm/train/show"
	"lstm/train/task"
)

// TestObserve: the page has the numbers of a run and leaves the run as it is.
func TestObserve(t *testing.T) {
	t.Parallel()
	r, _ := pagetest.Trained(t, "../..", "series", func(c *settings.Config) { c.Steps = 100 })
	before := slices.Clone(r.Model.Params.All)
	page := Run(r, train.Answer{Says: "came"}, "", nil)
	s := observe(r, nil)
	if !slices.Equal(before, r.Model.Params.All) {
		t.Error("the parameters have changed")
	}
	window, stride := r.Truncation()
	pagetest.Equal(t, "the truncation", []int{s.Window, s.Stride}, []int{window, stride})
	base := r.Task.Baseline(r.Config.Seed, r.Model.Params.H)
	for _, f := range training(r.Past, r.Task, base, false).Figures {
		if about := f.Figure.(*plot.Chart).About; !pagetest.Says(page, about) {
			t.Errorf("the page does not say %s", about)
		}
	}
	pagetest.Equal(t, "the scaled quantity", s.scaled, "difference from the value before")
	pagetest.Equal(t, "its task", s.task, r.Task)
	facts := told(r, train.Answer{Says: "came"})
	pagetest.Equal(t, "the result", facts[len(facts)-1], [2]string{"result", "came"})

	r, _ = pagetest.Trained(t, "../..", "text", func(c *settings.Config) { c.Steps = 5 })
	pagetest.Equal(t, "the scaled quantity of a text", observe(r, nil).scaled, "")
}

// TestDefault: the page of the default run takes less than 0.1 s, and has less than 1 MB.
func TestDefault(t *testing.T) {
	r, proof := pagetest.Trained(t, "../..", "delay", nil)
	const limit = 100 * time.Millisecond
	least := time.Hour
	for k := 0; k < 50 && least > limit; k++ { // the machine may be busy
		begun := time.Now()
		page := Run(r, train.Answer{Says: "it <came> to this"}, "", proof)
		if least = min(least, time.Since(begun)); !bytes.Contains(page, []byte("<dd>it &lt;came&gt; to this</dd>")) {
			t.Error("the page does not have the answer as text")
		}
	}
	if n := len(Run(r, train.Answer{}, "", proof)); least > limit || n > 1_000_000 {
		t.Errorf("%v for a page of %d bytes", least, n)
	}
}

// TestBanners: the banners say whether the task is learnt and whether the gradient is right, and have the numbers of the
// run and of the check. If the gradient is wrong, the page has the line to change, or says where it is wrong.
func TestBanners(t *testing.T) {
	t.Parallel()
	r, right := pagetest.Trained(t, "../..", "sine", func(c *settings.Config) { c.Steps = 20 })
	change := func(v check.Verdict) *proof.Proof {
		p := *right
		p.Results = slices.Clone(right.Results)
		p.Results[0].Entries = slices.Clone(right.Results[0].Entries)
		e := &p.Results[0].Entries[0]
		if e.Verdict = v; v == check.Wrong {
			e.Analytic = 1 + 2*e.Numeric
		}
		return &p
	}
	other, unproven, wrong, named := *right, change(check.Unresolved), change(check.Wrong), change(check.Wrong)
	other.LossThere *= 1.01
	named.Causes = []check.Cause{{Param: "Wi", Observed: "<seen>", Likely: "likely", Line: "a & b → a && b"}}
	quick := func(v check.Verdict, culprits ...string) *proof.Proof {
		return &proof.Proof{Quick: &check.Quick{Entry: check.Entry{Analytic: 2, Numeric: 1, Bar: 1, Verdict: v}, Losses: 25, Culprits: culprits}}
	}
	n, off := show.Thousands(right.Checked()), wrong.Results[0].Entries[0]
	for _, c := range []struct {
		proof *proof.Proof
		class string
		says  []string // of the banner
		mend  []string // of the mend; nil: there is none
	}{
		{right, "right", []string{n, "of " + n, label.Digits(panel.Worst(right.Results, check.Entry.Share).Share(), 2)}, nil},
		{&other, "wrong", []string{"second LSTM"}, nil},
		{unproven, "open", []string{">1<", "of " + n}, []string{unproven.Results[0].Entries[0].Name}},
		{wrong, "wrong", []string{">1<", "of " + n}, []string{fmt.Sprintf("<td>%s</td><td>%s</td><td>%s</td>", off.Name, label.Number(off.Analytic), label.Number(off.Numeric))}},
		{named, "wrong", []string{">1<"}, []string{"a & b</del>", "a && b</ins>", "likely", "<seen>"}},
		{quick(check.Right), "right", []string{label.Digits(quick(0).Quick.Share(), 2), "25"}, nil},
		{quick(check.Wrong, "Wf", "bf"), "wrong", []string{"Wf bf"}, nil}, {quick(check.Wrong), "wrong", nil, nil},
		{quick(check.Unresolved), "open", nil, nil}, {nil, "open", nil, nil},
	} {
		page := html.UnescapeString(string(Run(r, train.Answer{}, "", c.proof)))
		_, rest, found := strings.Cut(page, `<div class="banner `)
		_, rest, found2 := strings.Cut(rest, `<div class="banner `+c.class+`">`)
		banner, _, _ := strings.Cut(rest, "</div>")
		if !found || !found2 {
			t.Errorf("no banner of class %s", c.class)
		}
		_, rest, has := strings.Cut(page, `id="mend"`)
		mend, _, _ := strings.Cut(rest, "</section>")
		if has != (c.mend != nil) {
			t.Errorf("%s: a mend: %v", banner, has)
		}
		for text, all := range map[string][]string{banner: c.says, mend: c.mend} {
			for _, want := range all {
				if !strings.Contains(text, want) {
					t.Errorf("%q does not say %s", text, want)
				}
			}
		}
		if has := strings.Contains(page, `id="check"`); has != (c.proof != nil) {
			t.Errorf("%s: a panel with the check: %v", banner, has)
		}
	}
}

// TestLearnt: the banner says whether the task is learnt, with the numbers of the run.
func TestLearnt(t *testing.T) {
	t.Parallel()
	r, _ := pagetest.Trained(t, "../..", "delay", func(c *settings.Config) { c.Steps = 300 })
	base := r.Task.Baseline(r.Config.Seed, r.Model.Params.H)
	b := learnt(r, train.Answer{}, nil)
	pagetest.Equal(t, "a task without a criterion", b, page.Banner{Asks: b.Asks, Says: "Yes", Class: "right", Scores: []page.Score{
		{Number: label.Digits(panel.Last(r.Past.Median), 3), Of: b.Scores[0].Of}, {Number: label.Digits(base, 3), Of: b.Scores[1].Of, Rival: true},
	}})
	for what, c := range map[string]struct {
		median, high float64
		iter         int
		class        string
	}{
		"better than a constant": {base / 2, base * 0.9, 300, "right"}, "better at times": {base / 2, base, 300, "open"},
		"worse": {base, 2 * base, 300, "wrong"}, "too early": {base / 2, base * 0.9, 99, "open"},
	} {
		r.Past.Median, r.Past.High, r.Past.Iter = []float64{9, c.median}, []float64{9, c.high}, []int{1, c.iter}
		pagetest.Equal(t, what, learnt(r, train.Answer{}, nil).Class, c.class)
	}
	for what, c := range map[string]struct {
		a     train.Answer
		class string
	}{"interrupted": {train.Answer{Interrupted: true}, "open"}, "diverged": {train.Answer{Diverged: true, Says: "Why."}, "wrong"}} {
		if b := learnt(r, c.a, nil); b.Class != c.class || c.a.Says != "" && !slices.Contains(b.Notes, c.a.Says) {
			t.Errorf("%s: %+v", what, b)
		}
	}
	s := &rival.Standing{Wins: 1, Of: "bits", Network: rival.Method{Error: 2}, Rivals: []rival.Method{{Name: "a", Error: 4}, {Name: "b", Error: 3}}, Says: "in words"}
	b = learnt(r, train.Answer{}, s)
	pagetest.Equal(t, "beside rivals", []any{b.Class, b.Scores, b.Notes}, []any{"right", []page.Score{{Number: "2", Of: "bits"}, {Number: "3", Of: rivalOf(s), Rival: true}}, []string{"in words"}})
	if of := rivalOf(s); !strings.Contains(of, "of b,") {
		t.Error(of)
	}
	s.Wins = 0
	pagetest.Equal(t, "no better than a rival", learnt(r, train.Answer{}, s).Class, "open")
	s.Wins = -1
	pagetest.Equal(t, "worse than a rival", learnt(r, train.Answer{}, s).Class, "wrong")

	r, _ = pagetest.Trained(t, "../..", "order", func(c *settings.Config) { c.Steps = 3 })
	pagetest.Equal(t, "a criterion that is not met", learnt(r, train.Answer{Says: "Not learnt."}, nil).Class, "wrong")
	b = learnt(r, train.Answer{Tests: 2560, Wrong: 7, Off: 0.0125}, nil)
	pagetest.Equal(t, "tested", []any{b.Scores[0].Number, b.Scores[1].Number, b.Class}, []any{"7", "0.0125", "open"})
	if n := constantWrong(r, 100); n != 100 || !b.Scores[2].Rival { // its probabilities are near 1/4
		t.Errorf("a constant answer gets %d of 100 wrong: %+v", n, b.Scores[2])
	}
}

// TestFigure compares the figures of the chapters with the runs that the chapters name.
func TestFigure(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("on other machines math.Pow, and so the rounding errors, differ in the last bit")
	}
	r, _ := pagetest.Trained(t, "../..", "delay", nil)
	l := observe(r, nil).Look
	index, err := l.Faint()
	if err != nil {
		t.Fatal(err)
	}
	loss, theta, e, err := l.Measure(index)
	if err != nil {
		t.Fatal(err)
	}
	_, steps := panel.Steps(loss, theta, e)
	off := steps.Lines[0].Y[slices.Index(steps.Lines[0].X, 1e-5)]
	facts.Block(t, "../../../check/README.md", "step", fmt.Sprintf("At the script's step of 1e-5 the error is %.1fe-7.\n", 1e7*off))
	other, _ := pagetest.Trained(t, "../..", "reber", nil)
	for name, f := range map[string]plot.Figure{
		"steps.svg":  steps,
		"forget.svg": forgetting(l),
		"reber.svg":  outputs(observe(other, nil)).Figures[0].Figure,
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
		pagetest.Elements(t, name, figure, func(xml.StartElement) {})
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
	html := Run(r, train.Answer{}, "", nil)
	fmt.Println(bytes.Contains(html, []byte("</html>")), err)
	// Output: true <nil>
}

// TestMemory: the strip of the cell and the walk name the same unit and the same steps, with a check and without one, of
// the default run and of a text, of which the strip shows the last steps.
func TestMemory(t *testing.T) {
	t.Parallel()
	for name, steps := range map[string]int{"delay": 60, "text": 20} {
		r, checked := pagetest.Trained(t, "../..", name, func(c *settings.Config) { c.Steps = steps })
		for _, p := range []*proof.Proof{checked, nil} {
			s := observe(r, p)
			w := walkOf(s, p)
			strips := pagetest.Stack(t, insideRun(s, w).Figures[0])
			k := slices.IndexFunc(strips.Strips, func(s plot.Strip) bool { return strings.HasPrefix(s.Label, "c") })
			var c []float64
			for _, step := range s.Steps[s.cropped():] {
				c = append(c, step.C[w.Units[0]])
			}
			pagetest.Equal(t, name+": the line", strips.Strips[k].Lines, [][]float64{c})
			spot, about := w.Spots[0], ""
			for _, t := range []int{min(spot.Written, spot.Also), max(spot.Written, spot.Also)} {
				if t >= 0 {
					about += fmt.Sprintf("Unit %d is written at step %d. ", w.Units[0], t)
				}
			}
			about += fmt.Sprintf("It is read at step %d.", spot.Read)
			if !strings.Contains(strips.About, about) {
				t.Errorf("%s: %q does not say %q", name, strips.About, about)
			}
			for _, mark := range strips.Cursors {
				if at := strips.First + mark.At; at != spot.Written && at != spot.Also && at != max(strips.First, spot.Read) {
					t.Errorf("%s: %s at step %d, but the walk has %+v", name, mark.Name, at, spot)
				}
			}
		}
	}
}
