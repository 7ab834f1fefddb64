package museum

import (
	"flag"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"testing"

	"lstm/check"
	"lstm/check/cause"
	"lstm/check/mistake"
	"lstm/check/pass"
	"lstm/check/scalar"
)

var points = flag.Int("points", 10, "the number of random fair points at which TestMuseum tries each exhibit")

// A score counts the points of TestMuseum at which the check and the diagnosis of an exhibit are right.
type score struct{ wrong, place, first int }

// TestMuseum measures the gradient at random fair points, and compares it with the gradient of each
// visible mistake. The mistake is called wrong at every point. Diagnose finds the right place in 95 of 100
// cases, and names the cause first in 90 of 100. A right gradient is never called wrong.
func TestMuseum(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		*points = min(*points, 5)
	}
	scores := make([]score, len(mistake.Exhibits))
	rng := rand.New(rand.NewPCG(3, 4))
	var mutex sync.Mutex // guards rng and scores
	var group sync.WaitGroup
	left := *points
	for range runtime.GOMAXPROCS(0) {
		group.Add(1)
		go func() {
			defer group.Done()
			for {
				mutex.Lock()
				if left--; left < 0 {
					mutex.Unlock()
					return
				}
				n, v, target := scalar.FairPoint(rng)
				mutex.Unlock()
				at := tryAll(t, n, v, target)
				mutex.Lock()
				for k := range at {
					scores[k].wrong += at[k].wrong
					scores[k].place += at[k].place
					scores[k].first += at[k].first
				}
				mutex.Unlock()
			}
		}()
	}
	group.Wait()
	t.Logf("of %d points  wrong  place  cause", *points)
	for k, e := range mistake.Exhibits {
		if e.See != "" || e.Refuse != nil {
			continue
		}
		s := scores[k]
		t.Logf("%-15s %5d  %5d  %5d", e.Name, s.wrong, s.place, s.first)
		if s.wrong < *points || s.place*100 < *points*95 || s.first*100 < *points*90 {
			t.Errorf("%s is called wrong at %d of %d points, found at %d, named at %d", e.Name, s.wrong, *points, s.place, s.first)
		}
	}
}

// tryAll tries every visible exhibit at a point.
func tryAll(t *testing.T, n scalar.Net, v, target []float64) []score {
	scores := make([]score, len(mistake.Exhibits))
	p, err := Measure(&mistake.Exhibit{}, n, v, target)
	if err != nil {
		t.Error(err)
		return scores
	}
	for _, m := range p.Measured {
		if m.Verdict == check.Wrong {
			t.Errorf("%v: %s is right and called wrong: %v, measured %v ± %v", n, m.Name, m.Analytic, m.Numeric, m.Bar)
		}
	}
	for k, e := range mistake.Exhibits {
		if e.See != "" || e.Refuse != nil {
			continue
		}
		grad := e.Gradient(n, v, target)
		d := cause.Diagnose(n, v, target, grad, func(i int) bool { return p.Wrong(grad, i) })
		if len(d.Blocks) > 0 {
			scores[k].wrong = 1
		}
		if d.Short() == e.Where || e.Where == "anywhere" && len(d.Blocks) > 0 {
			scores[k].place = 1
		}
		if len(d.Causes) > 0 && d.Causes[0].Kind == e.Name {
			scores[k].first = 1
		}
	}
	return scores
}

// TestAll: every exhibit behaves as its label says, and there are thirty or more.
func TestAll(t *testing.T) {
	t.Parallel()
	behave, err := Show(io.Discard, "all")
	if err != nil {
		t.Fatal(err)
	}
	names := make(map[string]bool)
	for _, e := range mistake.Exhibits {
		names[e.Name] = true
		if !behave {
			var b strings.Builder
			if ok, err := Show(&b, e.Name); !ok || err != nil {
				t.Errorf("%v\n%s", err, &b)
			}
		}
		if !Known(e.Name) || e.What == "" || e.Wrong == "" || e.Right == "" {
			t.Errorf("%s is not known, or has no label", e.Name)
		}
	}
	if len(names) < 30 || len(names) != len(mistake.Exhibits) {
		t.Errorf("%d exhibits have %d names", len(mistake.Exhibits), len(names))
	}
	if Known("no such") {
		t.Error("an exhibit that does not exist is known")
	}
}

// TestShow: Show shows one exhibit of each kind.
func TestShow(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"no-forget", "other-bias", "stale", "carried", "echo"} {
		var b strings.Builder
		if behaves, err := Show(&b, name); !behaves || err != nil || !strings.Contains(b.String(), mistake.Find(name).What) {
			t.Errorf("%s: behaves %v, %v\n%s", name, behaves, err, &b)
		}
	}
}

// TestObjections: a wrong label gives one objection. The objection shows the label and the finding.
func TestObjections(t *testing.T) {
	t.Parallel()
	at, err := open()
	if err != nil {
		t.Fatal(err)
	}
	half := func(l *pass.Lines) { l.DCPrev = func(p *pass.Place) float64 { return p.DC * (1 + p.F) / 2 } }
	for _, c := range []struct {
		name         string
		label, found string // words in the objection
		change       func(e *mistake.Exhibit)
	}{
		{"no-forget", `"last i"`, `"2nd i"`, func(e *mistake.Exhibit) { e.Where = "last i" }},
		{"no-forget", `"1w"`, `"1"`, func(e *mistake.Exhibit) { e.Weak = "1w" }},
		{"no-forget", "false", "true", func(e *mistake.Exhibit) { e.Falls = false }},
		{"no-forget", "true", "false", func(e *mistake.Exhibit) { e.Name = "mine" }},
		{"no-forget", "true", "false", func(e *mistake.Exhibit) { e.Edit = half }},
		{"stale", `"last i"`, `"last o"`, func(e *mistake.Exhibit) { e.Where = "last i" }},
		{"dropout", "false", "true", func(e *mistake.Exhibit) { e.Falls = false }},
		{"carried", "true", "false", func(e *mistake.Exhibit) { e.Refuse = func(scalar.Net, []float64, []float64) error { return nil } }},
		{"h-linear", "true", "false", func(e *mistake.Exhibit) { e.Edit = nil }},
	} {
		e := *mistake.Find(c.name)
		c.change(&e)
		o := look(&e, at).objections()
		if len(o) != 1 || !strings.Contains(o[0], c.label) || !strings.Contains(o[0], c.found) {
			t.Errorf("%s: want one objection, with %s and %s, got %q", c.name, c.label, c.found, o)
		}
	}
}

// TestRefused: an impossible check says why, and names the state that the loss has changed.
func TestRefused(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"carried": "h[0]", "dropout": "", "nothing": ""} {
		c, err := Look(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Refused; err == nil || !strings.Contains(err.Error(), want) || c.Grad != nil {
			t.Errorf("%s: %v, want an error that names %s", name, err, want)
		}
	}
}
