// Package plot draws figures as SVG, to stand in a page of HTML: charts, which have two axes,
// and stacks, which are strips of heat map or line one above the other.
//
// A figure is 360 units wide, so that on the narrowest of screens its letters are as large as
// the text around it, and grows with the place that it is given. It has a title and a
// description for those who cannot see it. Nothing is said by colour alone: lines differ in
// their dashes, points in their shape, and negative numbers are striped.
//
// Colours are those of the page (CSS), light or dark. All text passes through html/template:
// whatever it is, it appears as text.
package plot

import (
	"bytes"
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"
	"unicode"
)

// CSS is what the figures of a page need to be seen.
const CSS template.CSS = `
:root { color-scheme: light dark; --paper: #fff; --ink: #1b1f24; --soft: #5a6270; --line: #c9ced6; --pale: #8a919e;
  --a: #0067a5; --b: #b34700; --c: #00734f; --d: #8d3c8b; }
@media (prefers-color-scheme: dark) { :root { --paper: #14171c; --ink: #e6e9ee; --soft: #a3abb8; --line: #3c434e; --pale: #6b7480;
  --a: #63b8f0; --b: #f2a35e; --c: #4fd0a5; --d: #dd9adb; } }
svg { display: block; width: 100%; height: auto; font: 11px system-ui, sans-serif; fill: var(--ink); }
svg .axis { stroke: var(--line); fill: none; }
svg .pale { stroke: var(--pale); stroke-width: .6; fill: none; }
svg .dotted { fill: url(#dots); } svg .dot { fill: var(--soft); } svg .paper { fill: var(--paper); }
svg .soft { fill: var(--soft); }
svg .end { text-anchor: end; } svg .mid { text-anchor: middle; }
svg .s0, svg .s1, svg .s2, svg .s3, svg .s4, svg .s5 { fill: none; stroke-width: 1.6; stroke-linejoin: round; }
svg .s0 { stroke: var(--a); }
svg .s1 { stroke: var(--b); stroke-dasharray: 5 3; }
svg .s2 { stroke: var(--c); stroke-dasharray: 1.5 2.5; stroke-width: 2.2; }
svg .s3 { stroke: var(--d); stroke-dasharray: 8 3 1.5 3; }
svg .s4 { stroke: var(--soft); stroke-dasharray: 3 3; stroke-width: 1; }
svg .s5 { stroke: var(--soft); stroke-dasharray: 9 2 1.5 2 1.5 2; stroke-width: 1.3; }
svg .mark { stroke-dasharray: none; stroke-width: 1.3; }
svg .bar { stroke-dasharray: none; stroke-width: 1; }
svg .plus { fill: var(--a); } svg .minus { fill: url(#stripes); }
svg .stripes { stroke: var(--b); stroke-width: 2; } svg .stripes-bed { fill: var(--b); opacity: .35; }
svg .halo { fill: none; stroke: var(--paper); stroke-width: 3.4; stroke-linecap: square; }
svg .edge { fill: none; stroke: var(--ink); stroke-width: 1.4; stroke-linecap: square; }
`

// Defs must stand once in a page, before its figures.
const Defs template.HTML = `<svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs><pattern id="stripes" width="3" height="3" ` +
	`patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="stripes-bed" width="3" height="3"/><path class="stripes" d="M0 0V3"/></pattern>` +
	`<pattern id="dots" width="5" height="5" patternUnits="userSpaceOnUse"><path class="dot" d="M2 2h1v1h-1z"/></pattern></defs></svg>`

// A Figure is a Chart or a Stack.
type Figure interface {
	// draw draws it, and returns its title and description.
	draw(d *drawing) (title, about string)
}

// SVG draws a figure. The id must be unique in the page.
func SVG(id string, f Figure) template.HTML {
	d := &drawing{ID: id}
	d.Title, d.About = f.draw(d)
	var b bytes.Buffer
	if err := svg.Execute(&b, d); err != nil {
		panic("plot: SVG: " + err.Error()) // of strings and numbers: it cannot be
	}
	return template.HTML(b.String())
}

// File draws a figure as a file of its own.
func File(f Figure) []byte {
	text := strings.Replace(string(SVG("figure", f)), "<svg", `<svg xmlns="http://www.w3.org/2000/svg"`, 1)
	at := strings.Index(text, "</desc>") + len("</desc>")
	defs := string(Defs)
	defs = defs[strings.Index(defs, "<defs>"):strings.Index(defs, "</svg>")]
	return []byte(text[:at] + "<style>" + string(CSS) + "svg { background: var(--paper); }</style>" + defs + text[at:] + "\n")
}

var svg = template.Must(template.New("svg").Parse(
	`<svg viewBox="0 0 360 {{.Height}}" role="img" aria-labelledby="{{.ID}}-t" aria-describedby="{{.ID}}-d"><title id="{{.ID}}-t">{{.Title}}</title><desc id="{{.ID}}-d">{{.About}}</desc>
{{- range .Elements}}{{if .Path}}<path class="{{.Class}}" d="{{.Path}}"{{if .Opacity}} fill-opacity="{{.Opacity}}"{{end}}/>
{{- else}}<text class="{{.Class}}" x="{{.X}}" y="{{.Y}}">{{.Text}}</text>{{end}}{{end}}</svg>`))

const width = 360.0

// styles are those of lines, and of points, in their order.
var styles = []string{"s0", "s1", "s2", "s3"}

// A drawing is what a figure is made of, from the top down.
type drawing struct {
	ID, Title, About string
	Height           float64
	Elements         []element
}

// An element is a path, or a text.
type element struct {
	Class, Path, Opacity string
	Text                 string
	X, Y                 string
}

func (d *drawing) path(class, path string) {
	if path != "" {
		d.Elements = append(d.Elements, element{Class: class, Path: path})
	}
}

func (d *drawing) text(class string, x, y float64, text string) {
	d.Elements = append(d.Elements, element{Class: class, Text: text, X: num(x), Y: num(y)})
}

// num writes a coordinate.
func num(x float64) string { return strconv.FormatFloat(math.Round(x*10)/10, 'f', -1, 64) }

func pair(x, y float64) string { return num(x) + " " + num(y) }

// wide returns how wide a text is, or a little less than that.
func wide(text string) (w float64) {
	for _, c := range text {
		w += letter(c)
	}
	return w
}

func letter(c rune) float64 {
	switch {
	case unicode.Is(unicode.M, c): // goes with the letter before
		return 0
	case c >= 0x1100: // Chinese, and the like
		return 12
	case strings.ContainsRune("mwMW%@", c):
		return 11
	case unicode.IsUpper(c):
		return 8.5
	}
	return 7
}

// clip shortens a text to so many units, and a letter to three marks above and below it.
func clip(text string, room float64) string {
	var b strings.Builder
	w, marks, short := 0.0, 0, wide(text) > room
	for _, c := range text {
		marks++
		if !unicode.Is(unicode.M, c) {
			marks = 0
		}
		if w += letter(c); short && w > room-letter('…') {
			return b.String() + "…"
		}
		if marks <= 3 {
			b.WriteRune(c)
		}
	}
	return b.String()
}

// A key is a line of the legend: a sample, and what it is.
type key struct{ class, path, text string }

// legend draws keys side by side and in rows, from the top down.
func (d *drawing) legend(keys []key) {
	const sample, gap, row = 18.0, 12.0, 15.0
	x := 2.0
	for _, k := range keys {
		text := clip(k.text, width-sample-10)
		w := sample + 4 + wide(text)
		if x > 2 && x+w > width {
			x = 2
			d.Height += row
		}
		path := k.path
		if path == "" {
			path = "M0 0h18"
		}
		d.Elements = append(d.Elements, element{Class: k.class, Path: shift(path, x, d.Height+9)})
		d.text("", x+sample+4, d.Height+13, text)
		x += w + gap
	}
	if len(keys) > 0 {
		d.Height += row
	}
}

// shift moves a path that begins at the origin and is relative from there on.
func shift(path string, x, y float64) string {
	return "M" + pair(x, y) + strings.ReplaceAll(strings.TrimPrefix(path, "M0 0"), "M", "m")
}

// A Chart is lines and points over two axes.
type Chart struct {
	Title, About string   // for those who do not see it: what it is, and what there is to see
	X, Y         Axis     // from left to right, and from below upwards
	Lines        []Line   // each in a style of its own
	Points       []Points // which go on with the styles
	Rules        []Rule   // behind the lines
	Square       bool     // as high as wide, for axes that cover the same
}

// An Axis runs from the least to the largest of what is drawn.
type Axis struct {
	Label string    // what it measures, and in which unit
	Log   bool      // logarithmic: what is not above 0 is left out
	Sign  float64   // a power of ten: logarithmic to both sides of 0, below this linear; 0: it is not
	Names []string  // what stands at 0, 1, …, for an axis of names
	Whole bool      // marks at whole numbers only
	Ends  []float64 // numbers that it reaches at least
}

// A Line joins points in order. A NaN interrupts it.
type Line struct {
	Name string    // in the legend
	X, Y []float64 // as many of the one as of the other
	Pale bool      // what stands behind the others: the first line only
}

// Points are marks, with error bars along x if Bar is not nil.
type Points struct {
	Name      string    // in the legend
	X, Y, Bar []float64 // as many of each; a bar reaches so far to both sides
	Mark      Mark      // their shape
}

// A Mark is the shape of a point.
type Mark int

// The marks.
const (
	Ring Mark = iota
	Cross
	Tick
)

// A Rule is a straight line across the chart: at a y, or else at an x, or the diagonal.
type Rule struct {
	Name     string  // in the legend; "" for one that goes with the one before the last
	At       float64 // which number, in the units of the axis
	Vertical bool    // at an x
	Diagonal bool    // where x and y are equal
}

// at returns where a number lies on the axis, in no unit.
func (a *Axis) at(v float64) float64 {
	switch {
	case a.Log && v <= 0:
		return math.NaN()
	case a.Log:
		return math.Log10(v)
	case a.Sign > 0:
		return math.Copysign(math.Log10(1+math.Abs(v)/a.Sign), v)
	}
	return v
}

// A span is what an axis covers.
type span struct{ low, high float64 }

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

func (s *span) take(v float64) {
	if finite(v) {
		s.low, s.high = min(s.low, v), max(s.high, v)
	}
}

// A tick is a mark at an axis, where its at is.
type tick struct {
	at   float64
	text string
}

// ticks returns up to about n marks for an axis.
func (a *Axis) ticks(s span, n int) (ticks []tick) {
	if a.Names != nil {
		for i, name := range a.Names {
			ticks = append(ticks, tick{float64(i), name})
		}
		return ticks
	}
	if a.Sign > 0 {
		// The powers of ten from that of Sign on, of which each place is about one further.
		least := int(math.Round(math.Log10(a.Sign)))
		every := 1
		for int(s.high-s.low)/every+1 > n {
			every++
		}
		for k := -int(max(-s.low, s.high)); k <= int(s.high); k++ {
			at := math.Copysign(a.at(math.Pow(10, math.Abs(float64(k))+float64(least))), float64(k))
			switch {
			case k == 0:
				ticks = append(ticks, tick{0, "0"})
			case k%every != 0 || at < s.low || at > s.high:
			case k < 0:
				ticks = append(ticks, tick{at, "−" + power(least-k)})
			default:
				ticks = append(ticks, tick{at, power(least + k)})
			}
		}
		return ticks
	}
	if a.Log {
		low, high := int(math.Ceil(s.low-1e-9)), int(math.Floor(s.high+1e-9))
		every := 1
		for (high-low)/every+1 > n {
			every++
		}
		for k := low; k <= high; k++ {
			if k%every == 0 {
				ticks = append(ticks, tick{float64(k), power(k)})
			}
		}
		if len(ticks) > 2 {
			return ticks
		}
		// Two decades or less: 1, 2 and 5 of each, or if that is little too, the marks of a linear axis.
		ticks = nil
		for k := math.Floor(s.low); k <= s.high; k++ {
			for _, f := range []float64{1, 2, 5} {
				if at := k + math.Log10(f); at >= s.low-1e-9 && at <= s.high+1e-9 {
					text := number(f * math.Pow(10, k))
					if math.Abs(k) > 3 {
						text = strings.TrimPrefix(number(f)+"·", "1·") + power(int(k))
					}
					ticks = append(ticks, tick{at, text})
				}
			}
		}
		if len(ticks) > 2 {
			return ticks
		}
		ticks = nil
		for _, t := range new(Axis).ticks(span{math.Pow(10, s.low), math.Pow(10, s.high)}, n) {
			at := math.Log10(t.at)
			if t.at > 0 && (len(ticks) == 0 || at-ticks[len(ticks)-1].at > (s.high-s.low)/10) {
				ticks = append(ticks, tick{at, t.text})
			}
		}
		return ticks
	}
	step := math.Pow(10, math.Floor(math.Log10((s.high-s.low)/float64(n))))
	for _, f := range []float64{2, 2.5, 2} {
		if (s.high-s.low)/step > float64(n) {
			step *= f
		}
	}
	if a.Whole {
		step = max(1, step)
	}
	for k := math.Ceil(s.low/step - 1e-9); k*step <= s.high+1e-9*step; k++ {
		at := k*step + 0 // not −0
		ticks = append(ticks, tick{at, number(at)})
	}
	return ticks
}

// number writes a number at an axis.
func number(v float64) string {
	return strings.ReplaceAll(strconv.FormatFloat(v, 'g', 6, 64), "-", "−")
}

// power writes a power of ten.
func power(k int) string {
	switch k {
	case 0:
		return "1"
	case 1:
		return "10"
	case 2:
		return "100"
	}
	digits := []rune("⁰¹²³⁴⁵⁶⁷⁸⁹")
	text := "10"
	for _, c := range strconv.Itoa(k) {
		if c == '-' {
			text += "⁻"
		} else {
			text += string(digits[c-'0'])
		}
	}
	return text
}

const (
	ring  = "M0 0m-2.4 0a2.4 2.4 0 1 0 4.8 0a2.4 2.4 0 1 0 -4.8 0"
	cross = "M0 0m-3 -3l6 6m0 -6l-6 6"
	stick = "M0 0m0 -5v10"
)

func (c *Chart) draw(d *drawing) (title, about string) {
	x, y := c.spans()
	ruled := []string{"s4", "s5"}
	var keys []key
	var line []string // the style of each
	n := 0
	for _, l := range c.Lines {
		style := "pale"
		if !l.Pale {
			style = styles[n%len(styles)]
			n++
		}
		line = append(line, style)
		keys = append(keys, key{style, "", l.Name})
	}
	for i, p := range c.Points {
		keys = append(keys, key{styles[(n+i)%len(styles)] + " mark", "M0 0m9 0" + strings.TrimPrefix(p.shape(), "M0 0"), p.Name})
	}
	for i, r := range c.Rules {
		if r.Name != "" { // or it goes with another of its style
			keys = append(keys, key{ruled[i%2], "", r.Name})
		}
	}
	d.legend(keys)

	few := 6
	if c.Square { // both axes alike
		few = 5
	}
	yTicks := c.Y.ticks(y, 5)
	left := 10.0
	for _, t := range yTicks {
		left = max(left, min(110, 8+wide(t.text)))
	}
	if c.Y.Label != "" {
		d.text("soft", 2, d.Height+13, clip(c.Y.Label, width-4))
		d.Height += 16
	}
	const right = 12.0
	top := d.Height + 6
	w := width - left - right
	h := 150.0
	if c.Square {
		h = w
	}
	if c.Y.Names != nil {
		h = max(60, 15*float64(len(c.Y.Names)))
	}
	atX := func(v float64) float64 { return left + w*(c.X.at(v)-x.low)/(x.high-x.low) }
	atY := func(v float64) float64 { return top + h - h*(c.Y.at(v)-y.low)/(y.high-y.low) }

	var grid strings.Builder
	for _, t := range yTicks {
		v := top + h - h*(t.at-y.low)/(y.high-y.low)
		fmt.Fprintf(&grid, "M%sh%s", pair(left, v), num(w))
		d.text("soft end", left-4, v+4, clip(t.text, 104))
	}
	room := 0.0 // where the last of x's labels ended
	for _, t := range c.X.ticks(x, few) {
		v := left + w*(t.at-x.low)/(x.high-x.low)
		fmt.Fprintf(&grid, "M%sv4", pair(v, top+h))
		half := wide(t.text) / 2
		if v = min(v, width-1-half); v-half > room+4 {
			d.text("soft mid", v, top+h+15, t.text)
			room = v + half
		}
	}
	fmt.Fprintf(&grid, "M%sv%sh%s", pair(left, top), num(h), num(w))
	d.path("axis", grid.String())
	for i, r := range c.Rules {
		class := ruled[i%2]
		switch {
		case r.Diagonal:
			low, high := max(x.low, y.low), min(x.high, y.high)
			place := func(v float64) string {
				return pair(left+w*(v-x.low)/(x.high-x.low), top+h-h*(v-y.low)/(y.high-y.low))
			}
			d.path(class, "M"+place(low)+"L"+place(high))
		case r.Vertical:
			d.path(class, "M"+pair(atX(r.At), top)+"v"+num(h))
		default:
			d.path(class, "M"+pair(left, atY(r.At))+"h"+num(w))
		}
	}
	for i, l := range c.Lines {
		path := polyline(l.X, l.Y, atX, atY)
		if i > 0 && c.Lines[0].Pale {
			d.path("halo", path)
		}
		d.path(line[i], path)
	}
	for i, p := range c.Points {
		var marks, bars strings.Builder
		for k := range p.X {
			px, py := atX(p.X[k]), atY(p.Y[k])
			if !finite(px) || !finite(py) {
				continue
			}
			marks.WriteString(shift(p.shape(), px, py))
			if p.Bar != nil {
				low, high := atX(p.X[k]-p.Bar[k]), atX(p.X[k]+p.Bar[k])
				if math.IsNaN(low) {
					low = left
				}
				low, high = max(left, low), min(left+w, high)
				if high-low > 0.3 {
					fmt.Fprintf(&bars, "M%sh%s", pair(low, py), num(high-low))
				}
			}
		}
		d.path(styles[(n+i)%len(styles)]+" bar", bars.String())
		d.path(styles[(n+i)%len(styles)]+" mark", marks.String())
	}
	d.Height = top + h + 20
	if c.X.Label != "" {
		d.text("soft end", width-right, d.Height+10, clip(c.X.Label, width-20))
		d.Height += 16
	}
	return c.Title, c.About
}

func (p *Points) shape() string { return [...]string{ring, cross, stick}[p.Mark] }

// spans returns what the axes cover, with a little room around it.
func (c *Chart) spans() (x, y span) {
	x, y = span{math.Inf(1), math.Inf(-1)}, span{math.Inf(1), math.Inf(-1)}
	take := func(xs, ys []float64) {
		for i := range xs {
			if px, py := c.X.at(xs[i]), c.Y.at(ys[i]); finite(px) && finite(py) {
				x.take(px)
				y.take(py)
			}
		}
	}
	for _, l := range c.Lines {
		take(l.X, l.Y)
	}
	for _, p := range c.Points {
		take(p.X, p.Y)
	}
	for _, v := range c.X.Ends {
		x.take(c.X.at(v))
	}
	for _, r := range c.Rules {
		if r.Vertical {
			x.take(c.X.at(r.At))
		} else if !r.Diagonal {
			y.take(c.Y.at(r.At))
		}
	}
	if c.Y.Names != nil {
		y = span{0, float64(len(c.Y.Names) - 1)}
	}
	for _, s := range []*span{&x, &y} {
		if s.low > s.high {
			*s = span{0, 1} // nothing to draw
		}
		if s.high-s.low < 1e-9*max(1, math.Abs(s.low)) {
			half := max(0.5, math.Abs(s.low)/2)
			s.low, s.high = s.low-half, s.high+half
		}
	}
	rim := 0.04 * (y.high - y.low)
	if c.Y.Names != nil {
		rim = 0.5
	}
	y.low, y.high = y.low-rim, y.high+rim
	if len(c.Points) > 0 {
		rim := 0.04 * (x.high - x.low)
		x.low, x.high = x.low-rim, x.high+rim
	}
	if c.Square {
		x.low, y.low = min(x.low, y.low), min(x.low, y.low)
		x.high, y.high = max(x.high, y.high), max(x.high, y.high)
	}
	return x, y
}

// polyline draws a line through points; where there are many, through the least and the
// largest of each few.
func polyline(xs, ys []float64, atX, atY func(v float64) float64) string {
	const most = 800
	keep := make([]int, 0, len(xs))
	if bucket := 2 * len(xs) / most; bucket < 2 {
		for i := range xs {
			keep = append(keep, i)
		}
	} else {
		for from := 0; from < len(xs); from += bucket {
			low, high := from, from
			for i := from; i < min(from+bucket, len(xs)); i++ {
				if ys[i] < ys[low] {
					low = i
				}
				if ys[i] > ys[high] {
					high = i
				}
			}
			keep = append(keep, min(low, high))
			if low != high {
				keep = append(keep, max(low, high))
			}
		}
	}
	var b strings.Builder
	pen := "M"
	for _, i := range keep {
		x, y := atX(xs[i]), atY(ys[i])
		if !finite(x) || !finite(y) {
			pen = "M"
			continue
		}
		b.WriteString(pen + pair(x, y))
		pen = "L"
	}
	return b.String()
}
