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
	"regexp"
	"slices"
	"unicode"
	"unicode/utf8"

	"lstm/check"
	"lstm/train/plot"
)

// A Page is the content of a page. Its first screen is the answer: the banners and, if something is wrong, the mend.
type Page struct {
	Title, Lead string       // the heading, and a sentence below it
	Banners     []Banner     // the answers, side by side
	Mend        *Mend        // nil: there is nothing to mend, or it is not known how
	Panels      []Panel      // in order
	Facts       [][2]string  // the settings, folded away: a name and a text each
	Style       template.CSS // more of it, for this page
}

// A Banner is an answer for the first sight: a question, a word, and the number behind it.
type Banner struct {
	Asks, Says string   // the question and the answer, each in one to three words
	Class      string   // right, wrong or open
	Scores     []Score  // the result, then what else belongs to it
	Notes      []string // what else there is to know, a sentence or two each
}

// A Score is a number and its meaning.
type Score struct {
	Number, Of string // the number, and what it is
	Rival      bool   // it is the number of a rival
}

// A Mend says which lines to change, and where the mistake shows.
type Mend struct {
	Title string // the heading; "": it says to change the lines, or to look at them
	Lines []Line // the lines to change
	Says  string // where it goes wrong first
	Table *Table // the entries that are wrong
	Text  string // preformatted, folded away
}

// A Line is a line to change.
type Line struct {
	Wrong, Right string // the line, and what should stand there. Without Right, Wrong is a line that does not hold
	Says         string // what is wrong with it
}

// Known reports whether it is known what should stand in the lines.
func (m *Mend) Known() bool {
	return !slices.ContainsFunc(m.Lines, func(l Line) bool { return l.Right == "" })
}

// Rival returns the score of a rival.
func Rival(number, of string) Score { return Score{number, of, true} }

// A Table has aligned columns. The first column has names, and the others have numbers.
type Table struct {
	Head []string   // of the columns
	Rows [][]string // as long as Head
}

// A Panel has a heading, one or two sentences, and figures.
type Panel struct {
	ID, Title string        // the place in the page, and the heading
	Says      string        // below the heading
	Half      bool          // two such panels share a row
	Text      string        // preformatted, or ""
	Table     *Table        // nil: none
	Figures   []Figure      // in order
	Body      template.HTML // below the figures
	More      *Panel        // folded away below the figures; nil: none
}

// A Figure is a figure with a caption above it.
type Figure struct {
	Caption string      // "": none
	Figure  plot.Figure // the figure
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
	html := b.Bytes()
	if bytes.Contains(html, []byte(" data-tips=")) {
		html = bytes.Replace(html, []byte("</main>\n"), []byte("</main>\n"+plot.Script), 1)
	}
	return bytes.Map(harmless, html)
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

//go:embed page.css
var style template.CSS

var frame = template.Must(template.New("page").Funcs(template.FuncMap{
	"css":  func() template.CSS { return plot.CSS + style },
	"defs": func() template.HTML { return plot.Defs },
	"svg":  func(panel string, i int, f plot.Figure) template.HTML { return plot.SVG(fmt.Sprint(panel, "-", i), f) },
	"wide": func(f plot.Figure) bool {
		s, ok := f.(*plot.Stack)
		return ok && s.Wide
	},
	"ordinal": func(i int) int { return i + 1 },
	"lowered": lowered,
	"mark":    func(class string) string { return map[string]string{"right": "✓", "wrong": "✗"}[class] },
}).Parse(source))

// lowered writes the gate of a dz as a subscript.
func lowered(text string) template.HTML {
	return template.HTML(subscript.ReplaceAllString(template.HTMLEscapeString(text), "dz<sub>$1</sub>"))
}

var subscript = regexp.MustCompile(`\bdz_([iofg])\b`)
