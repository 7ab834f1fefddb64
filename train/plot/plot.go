// Package plot draws figures as SVG for a page of HTML. A Chart has two axes. A Stack has strips one above the
// other over the same steps. Tiles are matrices of verdicts side by side.
//
// A figure is 400 units wide, and the page scales it. On a phone a unit is a pixel, and a letter 12 units high; on a wide
// page letters have fewer units. Every figure has a title and a description for readers who
// cannot see it. A Role gives a line its colour and its dash, and each role has one meaning on all pages. No meaning
// depends on colour alone: lines differ in their dashes, points in their shapes, and cells in their patterns.
// Package html/template escapes all text.
package plot

import (
	_ "embed"
	"html/template"
	"slices"
	"strings"

	"lstm/train/plot/label"
	"lstm/train/plot/path"
)

// CSS is the style sheet that figures need. Its colours have names for their meanings.
var CSS = colours + figures

//go:embed colours.css
var colours template.CSS

//go:embed figures.css
var figures template.CSS

//go:embed tips.js
var tips template.HTML

// Script lets the pointer and the keys go through the cells of maps. A page with a cell that has a tip ends with it.
var Script = "<script>/*<![CDATA[*/\n" + tips + "/*]]>*/</script>\n"

// Defs holds the patterns of the figures. A page contains it once, before its first figure.
const Defs template.HTML = `<svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs><pattern id="stripes" width="3" height="3" ` +
	`patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="stripes-bed" width="3" height="3"/><path class="stripes" d="M0 0V3"/></pattern>` +
	`<pattern id="hatch" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><rect class="hatched-bed" width="4" height="4"/><path class="hatched" d="M0 0V4"/></pattern>` +
	`<pattern id="dots" width="5" height="5" patternUnits="userSpaceOnUse"><path class="dot" d="M2 2h1v1h-1z"/></pattern></defs></svg>`

// A Figure is a Chart, a Stack or Tiles.
type Figure interface{ draw(d *drawing) }

// A Role is the meaning of a line or of a text. Its name is that of its colour.
type Role string

// The roles.
const (
	Network  Role = "network"  // what a network computes on its way forward
	Backward Role = "backward" // a gradient
	Measured Role = "measured" // a slope that was measured
	Within   Role = "within"   // right
	Above    Role = "above"    // wrong
	Unknown  Role = "unknown"  // not known
	Target   Role = "target"   // what should come out
	Baseline Role = "baseline" // a rival, or a limit
)

// class returns the class of a line with this role. n counts the lines before it with the same role.
func (r Role) class(n int) string {
	if r == "" {
		r = Network
	}
	return [...]string{"", "v1 ", "v2 ", "v3 "}[n%4] + string(r)
}

// SVG returns a figure as an element of HTML. The id must be unique in the page.
func SVG(id string, f Figure) template.HTML {
	d := &drawing{ID: id, Figure: f}
	f.draw(d)
	var b strings.Builder
	if err := svg.Execute(&b, d); err != nil {
		panic("plot: SVG: " + err.Error()) // cannot happen: the fields are strings and numbers
	}
	return template.HTML(b.String())
}

var svg = template.Must(template.New("svg").Parse(
	`<svg viewBox="0 0 400 {{.Height}}"{{if .Frame}} data-frame="{{.Frame}}"{{end}} role="{{if .Tips}}group{{else}}img{{end}}" aria-labelledby="{{.ID}}-t" aria-describedby="{{.ID}}-d"><title id="{{.ID}}-t">{{.Figure.Title}}</title><desc id="{{.ID}}-d">{{.Figure.About}}</desc>
{{- range .Elements}}{{if .Path}}<path class="{{.Class}}" d="{{.Path}}"{{if .Opacity}} fill-opacity="{{.Opacity}}"{{end}}/>
{{- else if .Tips}}<rect data-tips="{{.Tips}}" data-cols="{{.Cols}}" x="{{.X}}" y="{{.Y}}" width="{{.W}}" height="{{.H}}" role="img" aria-label="{{.Class}}"/>
{{- else}}<text class="{{.Class}}" x="{{.X}}" y="{{.Y}}">{{.Text}}</text>{{end}}{{end}}</svg>`))

const width = 400.0

// Tips reports whether a script can tell the cells of the figure.
func (d *drawing) Tips() bool {
	return slices.ContainsFunc(d.Elements, func(e element) bool { return e.Tips != "" })
}

// A drawing collects the elements of a figure from top to bottom.
type drawing struct {
	ID       string
	Figure   Figure
	Height   float64 // the height used so far
	Frame    string  // of a Framed chart
	Elements []element
}

// An element is a path, a rectangle with tips or, if Path and Tips are empty, a text at (X, Y).
type element struct {
	Class, Path, Opacity, Text, X, Y string

	Tips, W, H string
	Cols       int
}

func (d *drawing) path(class, path string) {
	if path != "" {
		d.Elements = append(d.Elements, element{Class: class, Path: path})
	}
}

func (d *drawing) text(class string, x, y float64, text string) {
	d.Elements = append(d.Elements, element{Class: class, Text: text, X: path.Num(x), Y: path.Num(y)})
}

// below writes the title of an x axis below its numbers, where the axis ends.
func (d *drawing) below(end float64, title string) {
	if title != "" {
		title = label.Clip(title, width-20)
		d.text("soft end", max(end, 2+label.Wide(title)), d.Height+10, title)
		d.Height += 16
	}
}

// A key is an entry of the legend: a name, and the class and the path of a sample.
type key struct{ class, path, name string }

const sample, stroke = 18.0, "h18" // a sample of a line: its length and its path

// legend draws the keys in rows.
func (d *drawing) legend(keys []key) {
	const gap, row = 12.0, 15.0
	x := 2.0
	for _, k := range keys {
		name := label.Clip(k.name, width-sample-10)
		w := sample + 4 + label.Wide(name)
		if x > 2 && x+w > width {
			x = 2
			d.Height += row
		}
		d.path(k.class, "M"+path.Pair(x, d.Height+9)+k.path)
		d.text("", x+sample+4, d.Height+13, name)
		x += w + gap
	}
	if len(keys) > 0 {
		d.Height += row
	}
}
