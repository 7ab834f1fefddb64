package museumpage

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"html"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"lstm/check/mistake"
	"lstm/check/museum"
	"lstm/train/page/pagetest"
	"lstm/train/page/panel"
	"lstm/train/plot/label"
	"lstm/train/walk"
	"lstm/train/walkplot"
)

// once makes the page once.
var once = sync.OnceValues(HTML)

// looked looks at all exhibits once.
var looked = sync.OnceValues(func() (all []*museum.Case, err error) {
	for _, e := range mistake.Exhibits {
		c, err := museum.Look(e.Name)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
})

func made(t *testing.T) []byte {
	t.Helper()
	page, err := once()
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// ExampleWrite writes the page to a file.
func ExampleWrite() {
	name := filepath.Join(os.TempDir(), "museum.html")
	if err := Write(name); err != nil {
		fmt.Println(err)
		return
	}
	defer os.Remove(name)
	info, err := os.Stat(name)
	fmt.Println(err == nil && info.Size() < 5_000_000)
	// Output: true
}

// TestPage: the page is well-formed, loads nothing, and has a card and a row for each exhibit, with its facts.
func TestPage(t *testing.T) {
	t.Parallel()
	page := made(t)
	ids, d := make(map[string]bool), xml.NewDecoder(bytes.NewReader(page))
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		e, _ := token.(xml.StartElement)
		for _, a := range e.Attr {
			if a.Name.Local == "id" && ids[a.Value] && !strings.HasPrefix(a.Value, "training-"+first) { // its card stands twice
				t.Errorf("the id %s twice", a.Value)
			}
			if a.Name.Local == "id" {
				ids[a.Value] = true
			}
			if a.Name.Local == "src" || a.Name.Local == "href" && !strings.HasPrefix(a.Value, "#") && a.Value != "data:," {
				t.Errorf("it loads %s", a.Value)
			}
		}
	}
	if bad := regexp.MustCompile(`.{0,60}(https?:|NaN|Inf|%!|\(EXTRA|@import).{0,60}`).Find(page); bad != nil {
		t.Errorf("the page has %q", bad)
	}
	text := html.UnescapeString(string(page))
	cases, err := looked()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		e := c.Exhibit
		_, card, _ := strings.Cut(text, `<template id="card-`+e.Name+`">`)
		card, _, _ = strings.Cut(card, "</template>")
		want := []string{e.What, e.Wrong, e.Right, panel.Readable(c.Verdict())}
		if !c.OfChecker() && c.Refused == nil && finite(c.After) {
			want = append(want, label.Digits(c.Before, 3)+" to "+label.Digits(c.After, 3))
		}
		for _, want := range want {
			if !strings.Contains(card, want) {
				t.Errorf("%s: the card does not say %s", e.Name, want)
			}
		}
		if got := strings.Count(card, `class="misses"`); got != len(c.Missed) {
			t.Errorf("%s: %d checks miss it, want %s", e.Name, got, c.Missed)
		}
		wrong := 0
		for _, n := range regexp.MustCompile(`> (\d+) of \d+<`).FindAllStringSubmatch(card, -1) {
			k, _ := strconv.Atoi(n[1])
			wrong += k
		}
		if wrong != c.Bad {
			t.Errorf("%s: %d wrong entries in the blocks, want %d", e.Name, wrong, c.Bad)
		}
		if !ids[e.Name] {
			t.Errorf("%s: no row", e.Name)
		}
	}
}

// driver chooses each exhibit, and writes down what the page shows.
const driver = `<script>addEventListener("load", () => {
  const all = [];
  for (const a of document.querySelectorAll("#museum-list a")) {
    const begun = performance.now();
    a.click();
    document.body.getBoundingClientRect();
    const seen = {Name: a.textContent, Time: performance.now() - begun, Card: document.getElementById("museum-card").textContent,
      Current: document.querySelectorAll("#museum-list [aria-current]").length,
      Stops: [...document.querySelectorAll("#museum-list a")].filter(a => a.tabIndex === 0).map(a => a.textContent).join(), Begins: !document.querySelector("[data-go=begin]").hidden, Values: {}, Says: document.getElementById("walk-spread").textContent};
    for (const e of document.querySelectorAll("#walk [data-v]")) seen.Values[e.dataset.v] = e.textContent;
    for (const e of document.querySelectorAll("#walk [data-b]")) seen.Values["b " + e.dataset.b] = e.textContent;
    all.push(seen);
  }
  const pre = document.createElement("pre");
  pre.textContent = JSON.stringify(all);
  pre.id = "seen";
  document.body.replaceChildren(pre);
})</script>`

type sight struct {
	Name, Card, Says string
	Stops            string // the exhibits at which the tab key stops
	Begins           bool   // whether a button goes to where it goes wrong
	Time             float64
	Current          int
	Values           map[string]string
}

// TestBrowser chooses each exhibit in a browser. The page shows its card, and the walk goes to the step where the gradient
// goes wrong first, with the numbers of the program.
func TestBrowser(t *testing.T) {
	t.Parallel()
	browser := pagetest.Chromium(t)
	cases, err := looked()
	if err != nil {
		t.Fatal(err)
	}
	w := walk.Museum(cases...)
	all := choose(t, browser)
	if len(all) != len(cases) {
		t.Fatalf("%d exhibits", len(all))
	}
	var times []float64
	for k, seen := range all {
		c, own := cases[k], &w.Cases[k]
		if seen.Name != c.Name || !strings.Contains(seen.Card, c.What) || !strings.Contains(seen.Card, c.Exhibit.Wrong) || seen.Current != 1 {
			t.Errorf("%s: the page shows %+v", c.Name, seen)
		}
		if seen.Stops != c.Name || seen.Begins != (own.Begin != nil) {
			t.Errorf("%s: the tab key stops at %q; a button goes to where it goes wrong: %v", c.Name, seen.Stops, seen.Begins)
		}
		times = append(times, seen.Time)
		unit, step := 0, -1
		if b := own.Begin; b != nil {
			if step = b.Step; b.Name != "dy" {
				unit = b.Row
			}
		}
		if step >= 0 && seen.Values["step"] != fmt.Sprint(step) || seen.Values["unit"] != fmt.Sprint(w.Units[unit]) {
			t.Errorf("%s: step %s of unit %s, want %d of %d", c.Name, seen.Values["step"], seen.Values["unit"], step, w.Units[unit])
		}
		if step, err = strconv.Atoi(seen.Values["step"]); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"dzi", "dzf", "dzo", "dzg", "dh", "dc", "c", "f", "dcp", "dhp"} {
			for prefix, of := range map[string]*walk.Case{"": own, "b ": nil} {
				got, ok := seen.Values[prefix+name]
				if want := walkplot.Text(w.At(of, name, unit, step)); ok && got != want {
					t.Errorf("%s: %s%s is %s, want %s", c.Name, prefix, name, got, want)
				}
			}
		}
		if own.Note != "" && seen.Says != own.Note {
			t.Errorf("%s: %q, want %q", c.Name, seen.Says, own.Note)
		}
	}
	slices.Sort(times)
	if median := times[len(times)/2]; median > 100 {
		t.Errorf("an exhibit takes %.0f ms", median)
	}
	t.Logf("an exhibit takes %.1f ms, at most %.0f", times[len(times)/2], times[len(times)-1])
}

func choose(t *testing.T, browser string) (all []sight) {
	t.Helper()
	pagetest.Browse(t, browser, bytes.Replace(made(t), []byte("</body>"), []byte(driver+"</body>"), 1), false, &all)
	return all
}
