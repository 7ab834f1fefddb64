package walkplot

import (
	"fmt"
	"testing"

	"lstm/check/museum"
	"lstm/train/page/pagetest"
	"lstm/train/plot"
	"lstm/train/walk"
)

// driver walks in a browser as a reader does, with keys, and writes down what the page shows. It begins with what the page
// shows before the script has run.
const driver = `<script>addEventListener("load", () => {
  const all = [], root = document.getElementById("walk-way");
  const look = (what) => {
    const shown = {};
    for (const e of root.querySelectorAll("[data-v]")) shown[e.dataset.v] = e.textContent;
    for (const e of root.querySelectorAll("[data-name]")) shown["name " + e.dataset.name] = e.textContent;
    for (const e of root.querySelectorAll("[data-b]")) shown["b " + e.dataset.b] = e.textContent;
    for (const e of root.querySelectorAll("[data-when]")) shown["when " + e.dataset.when] = String(!e.hidden);
    for (const e of root.querySelectorAll("tr[data-line]")) shown["mark " + e.dataset.line] = e.className + "|" + [".walk-mark", ".walk-is", ".walk-be"].map(c => e.querySelector(c).textContent).join("|");
    for (const e of root.querySelectorAll("svg[data-row], svg[data-share]"))
      shown["row " + (e.dataset.row || "share " + e.dataset.share) + (e.dataset.index || "")] = e.nextElementSibling.textContent + "|" + e.nextElementSibling.nextElementSibling.textContent +
        "|" + [...e.querySelectorAll("path")].map(p => p.getAttribute("d").split("M").length).join(" ");
    for (const id of ["walk-spot", "walk-spread", "walk-w", "walk-r", "walk-k"]) if (document.getElementById(id)) shown[id] = document.getElementById(id).textContent;
    all.push({What: what, Shown: shown});
  };
  const key = name => root.querySelector("button").dispatchEvent(new KeyboardEvent("keydown", {key: name, bubbles: true}));
  const tools = root.querySelector(".walk-tools"), step = document.getElementById("walk-step"), unit = document.getElementById("walk-unit");
  if (tools.hidden) all.push({What: "the tools are hidden"});
  look("first");
  unit.dispatchEvent(new Event("change")); // draws everything again
  look("again");
  const times = [];
  for (const option of [...unit.options]) {
    unit.value = option.value;
    unit.dispatchEvent(new Event("change"));
    key("Home");
    for (let t = 0; t <= Number(step.max); t++) {
      look(option.value + " " + t);
      const begun = performance.now();
      key("ArrowRight");
      times.push(performance.now() - begun);
    }
  }
  const median = times.sort((a, b) => a - b)[times.length >> 1];
  if (median > 100) all.push({What: median + " ms for a step"});
  key("ArrowRight");
  if (step.value !== step.max) all.push({What: "a key leaves the sequence"});
  key("ArrowLeft");
  if (Number(step.value) !== Math.max(0, step.max - 1)) all.push({What: "ArrowLeft does not go back"});
  const size = document.getElementById("delta-size");
  for (let k = 0; size && k <= size.max; k++) {
    size.value = k;
    size.dispatchEvent(new Event("input"));
    const shown = {};
    for (const e of document.querySelectorAll("[data-d]")) shown[e.dataset.d] = e.textContent;
    const box = document.querySelector(".dotted").getBoundingClientRect();
    shown.x = box.left.toFixed(2);
    shown.y = box.top.toFixed(2);
    all.push({What: "delta " + (size.max - k), Shown: shown});
  }
  const map = document.querySelector("rect[data-tips]");
  if (map) {
    const told = [], tell = () => told.push(document.querySelector(".tip") ? document.querySelector(".tip").textContent : "");
    map.focus();
    tell();
    for (const name of ["ArrowRight", "ArrowDown", "ArrowDown", "Home", "Escape"]) { map.dispatchEvent(new KeyboardEvent("keydown", {key: name})); tell(); }
    const box = map.getBoundingClientRect();
    map.dispatchEvent(new PointerEvent("pointermove", {clientX: box.left + 0.2 * box.width, clientY: box.top + 0.9 * box.height}));
    tell();
    map.dispatchEvent(new PointerEvent("pointerleave"));
    tell();
    all.push({What: "tips", Shown: {told: told.join(" ")}});
  }
  document.body.textContent = "";
  const pre = document.createElement("pre");
  pre.id = "seen";
  pre.textContent = JSON.stringify(all);
  document.body.append(pre);
})</script>`

// A sight is what the page shows.
type sight struct {
	What  string
	Shown map[string]string
}

// browse walks through a page in a browser.
func browse(t *testing.T, body string) (all []sight) {
	t.Helper()
	text := "<!DOCTYPE html><html><head><meta charset=utf-8></head><body><section id=walk>" + body + "</section>" + driver + "</body></html>"
	pagetest.Browse(t, pagetest.Chromium(t), []byte(text), false, &all)
	return all
}

// TestBrowser walks through pages with the keys of a browser. At each step of each unit the page shows the numbers of the
// program, and the script shows at the first step what stands there without it.
func TestBrowser(t *testing.T) {
	t.Parallel()
	m, s := network(2, 3, 2, 6, 3)
	run := walk.Run(m, s)
	for k := range run.Spots { // so that each phase comes
		run.Spots[k].Written, run.Spots[k].Read, run.Spots[k].Also = 999, 1002+k%2, []int{-1, 1000, 1001}[k]
	}
	run.First, run.Whole = 998, 998+run.T
	v := 0.5
	d := walk.Measure("v", func() float64 { return v * v * v }, &v, 0.75)
	errors := &plot.Chart{X: plot.Axis{Log: true}, Y: plot.Axis{Log: true}, Lines: []plot.Line{{X: d.At, Y: d.Off}}}
	tiles := &plot.Tiles{Tiles: []plot.Tile{{Name: "w", Share: [][]float64{{1, 2}, {3, 4}}, Open: [][]bool{{false, false}, {false, false}}, Tips: []string{"a", "b", "c", "d"}}}}
	measured := string(Measured(d, errors) + plot.SVG("tiles", tiles) + plot.Script)
	c, err := museum.Look("h-for-cprev")
	if err != nil {
		t.Fatal(err)
	}
	another, err := museum.Look("i-plus-g")
	if err != nil {
		t.Fatal(err)
	}
	for what, w := range map[string]*walk.Walk{"run": run, "exhibit": walk.Museum(c), "another loss": walk.Museum(another)} {
		steps := 0
		var places []string
		tips := false
		var first, again map[string]string
		for _, seen := range browse(t, string(HTML(w))+map[string]string{"run": measured}[what]) {
			var row, step int
			switch {
			case seen.What == "first":
				first = seen.Shown
			case seen.What == "again":
				again = seen.Shown
			case seen.What == "tips":
				if told := seen.Shown["told"]; told != "a b d d a  c " {
					t.Errorf("the cells tell %q", told)
				}
				tips = true
			case seen.Shown == nil:
				t.Errorf("%s: %s", what, seen.What)
			case len(seen.What) > 6 && seen.What[:6] == "delta ":
				fmt.Sscan(seen.What[6:], &step)
				for name, want := range map[string]float64{"at": d.At[step], "up": d.Up[step], "down": d.Down[step], "slope": d.Slope[step], "off": d.Off[step]} {
					if seen.Shown[name] != bare(want) {
						t.Errorf("%s: %s: %s is %s, want %s", what, seen.What, name, seen.Shown[name], bare(want))
					}
				}
				places = append(places, seen.Shown["x"]+" "+seen.Shown["y"])
			default:
				fmt.Sscan(seen.What, &row, &step)
				w.Unit, w.Step = row, step
				compare(t, w, seen)
				steps++
			}
		}
		if tips != (what == "run") {
			t.Errorf("%s: tips: %v", what, tips)
		}
		if n := len(d.At); what == "run" && (len(places) != n || places[0] == places[n-1]) {
			t.Errorf("%d places of the point: %v", len(places), places)
		}
		if want := len(w.Units) * w.T; steps != want {
			t.Errorf("%s: %d steps, want %d", what, steps, want)
		}
		for name, text := range first {
			if again[name] != text {
				t.Errorf("%s: %s is %q without the script, and %q with it", what, name, text, again[name])
			}
		}
		if len(first) < 40 {
			t.Errorf("%s: %d texts", what, len(first))
		}
	}
}

// compare compares what the page shows with the numbers of the Walk.
func compare(t *testing.T, of *walk.Walk, seen sight) {
	t.Helper()
	w := walked{of}
	numbers := 0
	for _, name := range append([]string{"ri", "rf", "ro", "rg", "cp", "dcp", "dhp", "y", "dy", "step", "unit", "next", "before", "after", "later", "target"}, walk.OfUnits...) {
		for prefix, c := range map[string]*walk.Case{"": w.Shown(), "b ": nil} {
			if got, ok := seen.Shown[prefix+name]; ok {
				if want := w.text(c, name); got != want {
					t.Errorf("unit and step %s: %s%s is %q, want %q", seen.What, prefix, name, got, want)
				}
				numbers++
			}
		}
	}
	if numbers < 20 {
		t.Errorf("unit and step %s: %d numbers", seen.What, numbers)
	}
	for name, shown := range seen.Shown {
		if text := w.names(w.Shown()); len(name) > 5 && name[:5] == "name " && text[name[5:]] != shown {
			t.Errorf("unit and step %s: %s is %q, want %q", seen.What, name, shown, text[name[5:]])
		}
		if len(name) > 5 && name[:5] == "when " && (w.hidden(name[5:]) == "") != (shown == "true") {
			t.Errorf("unit and step %s: %s is %s", seen.What, name, shown)
		}
	}
	if c := w.Shown(); c != nil {
		if got, want := seen.Shown["walk-spread"], w.spread(c); got != want {
			t.Errorf("unit and step %s: %q, want %q", seen.What, got, want)
		}
		for _, name := range walk.Way {
			class, mark := w.mark(c, name)
			both := w.pair(c, name)
			if got, want := seen.Shown["mark "+name], class+"|"+mark+"|"+both[0]+"|"+both[1]; got != want {
				t.Errorf("unit and step %s: %s is %q, want %q", seen.What, name, got, want)
			}
		}
	}
}

// crowd writes the widest numbers into the cell, in the letters of a phone, and lists the texts that then lie over each
// other, over a box, or outside of the figure.
const crowd = `<script>addEventListener("load", () => {
  const cell = document.querySelector(".walk-cell svg"), bad = [];
  cell.style.fontSize = "13px";
  const wide = {y: "−0.1234, 0.567", dy: "−0.1234, 0.567", target: "target −0.1234, 0.567", after: "to step 9,999", later: "from step 9,999", from: "from step 9,997", back: "to step 9,997", i: "8.888·10⁻¹⁰", f: "8.888·10⁻¹⁰", o: "8.888·10⁻¹⁰"};
  for (const e of cell.querySelectorAll("[data-v]")) {
    e.textContent = wide[e.dataset.v] || "−8.888·10⁻¹⁰";
    if (!wide[e.dataset.v]) e.classList.add("off");
  }
  const texts = [...cell.querySelectorAll("g:not(.sign) > text")], boxes = [...cell.querySelectorAll("rect, circle")];
  // A text has room above and below its letters, so two rows may share 3.5 units.
  const over = (p, q) => Math.min(p.x + p.width, q.x + q.width) - Math.max(p.x, q.x) > 1 && Math.min(p.y + p.height, q.y + q.height) - Math.max(p.y, q.y) > 3.5;
  texts.forEach((e, k) => {
    const b = e.getBBox();
    if (b.x < -0.5 || b.x + b.width > cell.viewBox.baseVal.width + 0.5) bad.push(e.textContent + " is cut");
    for (const other of [...texts.slice(k + 1), ...boxes]) if (over(b, other.getBBox())) bad.push(e.textContent + " lies over " + (other.textContent || "a box"));
  });
  document.body.textContent = "";
  const pre = document.createElement("pre");
  pre.id = "seen";
  pre.textContent = JSON.stringify({Texts: texts.length, Bad: bad});
  document.body.append(pre);
})</script>`

// TestRoom: every number of the cell has room, whatever its digits are.
func TestRoom(t *testing.T) {
	t.Parallel()
	m, s := network(2, 3, 2, 6, 3)
	text := "<!DOCTYPE html><html><head><meta charset=utf-8><style>" + string(plot.CSS+CSS) + "</style></head><body>" + string(HTML(walk.Run(m, s))) + crowd + "</body></html>"
	var seen struct {
		Texts int
		Bad   []string
	}
	pagetest.Browse(t, pagetest.Chromium(t), []byte(text), false, &seen)
	if seen.Texts < 30 || len(seen.Bad) > 0 {
		t.Errorf("%d texts; %q", seen.Texts, seen.Bad)
	}
}
