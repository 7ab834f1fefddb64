package page_test

import (
	"bytes"
	"fmt"
	"html"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"lstm/train"
	"lstm/train/facts"
	"lstm/train/page/pagetest"
	"lstm/train/page/runpage"
	"lstm/train/settings"
)

// audit runs in a browser, in a page whose frames hold other pages. It lists elements that are wider than
// their frame, loaded resources, what a screen reader cannot use, and texts that are small, leave their figure or lie over another text.
const audit = `<script>addEventListener("load", () => {
  const all = [];
  for (const frame of document.querySelectorAll("iframe")) {
    const doc = frame.contentDocument, view = frame.contentWindow, width = view.innerWidth, bad = [];
    const wide = doc.documentElement.scrollWidth;
    if (wide > width) bad.push("it scrolls sideways: " + wide + " of " + width);
    for (const e of view.performance.getEntriesByType("resource")) bad.push("it loads " + e.name);
    let figures = 0, texts = 0;
    for (const svg of doc.querySelectorAll("figure svg[role]")) {
      figures++;
      const title = svg.querySelector("title").textContent, edge = svg.getBoundingClientRect(), boxes = [];
      for (const text of svg.querySelectorAll("text")) {
        texts++;
        const b = text.getBoundingClientRect(), slack = 1;
        if (b.width === 0) continue; // a narrow page leaves it out
        const m = text.getScreenCTM(), letters = parseFloat(view.getComputedStyle(text).fontSize) * Math.hypot(m.a, m.b);
        if (letters < 10.9) bad.push(title + ": letters of " + letters + " pixels: " + text.textContent);
        if (b.left < edge.left - slack || b.right > edge.right + slack || b.top < edge.top - slack || b.bottom > edge.bottom + slack)
          bad.push(title + ": cut off: " + text.textContent);
        for (const [other, c] of boxes)
          if (b.left < c.right - slack && c.left < b.right - slack && b.top < c.bottom - 3 && c.top < b.bottom - 3)
            bad.push(title + ": " + text.textContent + " lies over " + other);
        boxes.push([text.textContent, b]);
      }
    }
    let level = 1; // of the heading before
    for (const e of doc.querySelectorAll("h1, h2, h3, h4")) {
      if (Number(e.tagName[1]) > level + 1) bad.push("a heading of level " + e.tagName[1] + " below one of level " + level + ": " + e.textContent);
      level = Number(e.tagName[1]);
    }
    for (const e of doc.querySelectorAll("tr")) if (!e.querySelector("th")) bad.push("a row without a header: " + e.textContent);
    for (const e of doc.querySelectorAll("th, button")) if (!e.textContent.trim()) bad.push("an empty " + e.outerHTML);
    for (const e of doc.querySelectorAll("input, select")) if (!e.labels.length && !e.ariaLabel) bad.push("no name: " + e.outerHTML);
    for (const e of doc.querySelectorAll("[tabindex]")) if (!e.ariaLabel && !e.textContent || e.closest("[role=img]") !== null && e.closest("[role=img]") !== e) bad.push("a screen reader does not find " + e.outerHTML.slice(0, 80));
    for (const e of doc.querySelectorAll(".walk-tools[hidden], rect[data-tips]:not([tabindex])")) bad.push("the script does not reach " + e.outerHTML.slice(0, 80));
    for (const e of doc.querySelectorAll("h1, h2, p, dd, dt, pre, a, figcaption"))
      if (e.getBoundingClientRect().right > width + 1) bad.push("beyond the edge: " + e.textContent);
    all.push({Name: frame.title, Width: width, Bad: bad, Figures: figures, Texts: texts,
      Dark: view.matchMedia("(prefers-color-scheme: dark)").matches, Paper: view.getComputedStyle(doc.body).backgroundColor});
  }
  document.body.textContent = "";
  const pre = document.createElement("pre");
  pre.id = "seen";
  pre.textContent = JSON.stringify(all);
  document.body.append(pre);
})</script>`

// A said is the result of the audit for a page.
type said struct {
	Name                  string
	Width, Figures, Texts int
	Bad                   []string
	Dark                  bool
	Paper                 string
}

// browse audits pages in a browser, in frames of the given widths.
func browse(t *testing.T, browser string, all map[string][]byte, dark bool, widths ...int) (found []said) {
	var host strings.Builder
	host.WriteString("<!DOCTYPE html><html><head><meta charset=utf-8>" + audit + "</head><body>")
	for name, page := range all {
		for _, width := range widths {
			fmt.Fprintf(&host, "<iframe title=\"%s\" style=\"border:0;width:%dpx;height:900px\" srcdoc=\"%s\"></iframe>", name, width, html.EscapeString(string(page)))
		}
	}
	pagetest.Browse(t, browser, []byte(host.String()+"</body></html>"), dark, &found)
	return found
}

// TestBrowser opens the pages in a browser, wide and narrow, light and dark. No page scrolls sideways,
// loads anything or writes to the console. No text is cut off or lies over another text. The audit must
// find the faults of a broken page. With LSTM_SCREENSHOTS=DIR the test writes pictures to DIR.
func TestBrowser(t *testing.T) {
	t.Parallel()
	browser := pagetest.Browser()
	if browser == "" || testing.Short() {
		t.Skip("no Chromium, or -short")
	}
	all := make(map[string][]byte)
	for name, page := range allPages(t) {
		all[name] = page.html
	}
	tick := regexp.MustCompile(`<text class="soft mid" x="[\d.]+"`).FindString(string(all["delay"]))
	text := strings.Replace(string(all["delay"]), tick, `<text class="soft mid" x="479"`, 1)
	text = strings.Replace(text, "<main>", "<main><p style=\"min-width:2000px\">wide</p><img src=\"data:image/png;base64,\"/>", 1)
	const broken = "broken"
	all[broken] = []byte(text)
	widths := []int{1280, 400}
	for _, dark := range []bool{false, true} {
		found := browse(t, browser, all, dark, widths...)
		if len(found) != len(widths)*len(all) {
			t.Errorf("%d pages, want %d", len(found), len(widths)*len(all))
		}
		for _, s := range found {
			what := fmt.Sprintf("%s, %d wide, dark %v", s.Name, s.Width, s.Dark)
			if !slices.Contains(widths, s.Width) || s.Dark != dark || s.Figures < 3 || s.Texts < 20 || dark == (s.Paper == "rgb(255, 255, 255)") {
				t.Errorf("%s: %+v", what, s)
			}
			if s.Name == broken {
				if text := strings.Join(s.Bad, "\n"); !strings.Contains(text, "sideways") || !strings.Contains(text, "cut off") || !strings.Contains(text, "beyond the edge") {
					t.Errorf("%s: the audit finds only\n%s", what, text)
				}
				continue
			}
			for _, bad := range s.Bad {
				t.Errorf("%s: %s", what, bad)
			}
		}
	}
	if to := os.Getenv("LSTM_SCREENSHOTS"); to != "" {
		photograph(t, browser, all, to, widths)
	}
}

// photograph writes a picture of each page to a folder.
func photograph(t *testing.T, browser string, all map[string][]byte, to string, widths []int) {
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
				exec.Command(browser, append(pagetest.Switches(dir, dark), fmt.Sprintf("--window-size=%d,%d", width, tall), "--screenshot="+shot, "file://"+file)...).Run()
			}
		}
	}
}

// TestFigures: the front page has pictures of the first screen of the default run, and of a walk. With -update, a browser
// takes them.
func TestFigures(t *testing.T) {
	t.Parallel()
	front, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, of := range map[string]struct {
		high int
		html func() []byte
	}{
		"runpage/report.png": {660, func() []byte { return allPages(t)["delay"].html }},
		"runpage/walk.png": {920, func() []byte {
			r, _ := pagetest.Trained(t, "..", "adding", func(c *settings.Config) { c.Steps = 2000 })
			return only(runpage.Run(r, train.Answer{}, "", nil), "walk")
		}},
	} {
		const width = 1280
		if browser := pagetest.Browser(); facts.Update() && browser != "" {
			take(t, browser, of.html(), name, width, of.high)
		}
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		picture, err := png.DecodeConfig(f)
		if err != nil || picture.Width != width || picture.Height != of.high {
			t.Errorf("%s: %d×%d, %v: go test ./train/page -run Figures -update takes it", name, picture.Width, picture.Height, err)
		}
		if !bytes.Contains(front, []byte("train/page/"+name)) {
			t.Errorf("the front page does not show %s", name)
		}
	}
}

// take takes a picture of the top of a page.
func take(t *testing.T, browser string, html []byte, name string, width, height int) {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "page.html")
	if err := os.WriteFile(file, html, 0o666); err != nil {
		t.Fatal(err)
	}
	to, err := filepath.Abs(name)
	if err != nil {
		t.Fatal(err)
	}
	args := append(pagetest.Switches(dir, false), fmt.Sprintf("--window-size=%d,%d", width, height), "--screenshot="+to, "file://"+file)
	if out, err := exec.Command(browser, args...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// only returns a page with one of its panels.
func only(html []byte, panel string) []byte {
	head, rest, _ := bytes.Cut(html, []byte("<main>"))
	for part := range bytes.SplitSeq(rest, []byte("<section")) {
		if bytes.Contains(part, []byte(` id="`+panel+`"`)) {
			body, _, _ := bytes.Cut(part, []byte("</section>"))
			return slices.Concat(head, []byte("<main><section"), body, []byte("</section></main></body></html>"))
		}
	}
	return html
}
