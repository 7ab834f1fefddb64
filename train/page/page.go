// Package page is the frame of all pages: the document, its style, the banners of its first screen, and panels with
// figures (package plot). A page is one HTML file. It loads nothing, and is well-formed XML.
//
// The pages themselves are in packages below: runpage for a run, exhibitpage for an exhibit of the museum, and
// givenpage for the gradient of another program. Package panel has panels that several of them show.
package page

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"unicode"
	"unicode/utf8"

	"lstm/check"
	"lstm/train/plot"
)

// A Page is the content of a page.
type Page struct {
	Title, Lead    string      // the heading, and a sentence below it
	Facts          [][2]string // a name and a text each
	Verdict, Class string      // Class: right, wrong or open
	Wrong, Line    string      // for an exhibit: the wrong line and the right line
	Panels         []Panel     // in order
	Style          template.CSS
}

// A Panel has a heading, one or two sentences, and figures.
type Panel struct {
	ID, Title string        // the place in the page, and the heading
	Says      string        // below the heading
	Text      string        // preformatted, or ""
	Figures   []Figure      // beside it, in order
	Body      template.HTML // below them
}

// A Figure is a figure with a caption above it.
type Figure struct {
	// The caption is plain text.
	Caption string
	Figure  plot.Figure
}

// Captioned returns a figure with a caption.
func Captioned(caption string, f plot.Figure) Figure { return Figure{caption, f} }

// Class returns the class of a verdict: right, wrong or open.
func Class(v check.Verdict) string {
	return [...]string{check.Right: "right", check.Wrong: "wrong", check.Unresolved: "open"}[v]
}

// HTML returns the page as a file.
func (p *Page) HTML() []byte {
	var b bytes.Buffer
	if err := frame.Execute(&b, p); err != nil {
		panic("page: " + err.Error()) // cannot happen: the fields are strings and numbers
	}
	return bytes.Map(harmless, b.Bytes())
}

// harmless replaces characters that XML forbids, and characters that change the direction of text.
func harmless(c rune) rune {
	switch {
	case c == '\n' || c == '\t':
		return c
	case unicode.IsControl(c), unicode.Is(unicode.Bidi_Control, c), c == 0xfffe, c == 0xffff:
		return utf8.RuneError
	}
	return c
}

//go:embed page.html
var source string

var frame = template.Must(template.New("page").Funcs(template.FuncMap{
	"css":  func() template.CSS { return plot.CSS },
	"defs": func() template.HTML { return plot.Defs },
	"svg":  func(panel string, i int, f plot.Figure) template.HTML { return plot.SVG(fmt.Sprint(panel, "-", i), f) },
}).Parse(source))
