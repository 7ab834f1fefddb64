// Package page writes what happened in a run, or what a mistake of the museum does, as one page
// of HTML: figures (package plot) in panels, each with two sentences on what to see. It is
// self-contained, loads nothing, runs nothing, and is well-formed XML.
//
// The page of a run has, in this order: the loss while training, beside that of the best constant
// output; the outputs of a sequence beside its targets; for forecasts, the free run; the gates and
// states of the cell over time; the check, entry by entry, by block and by matrix; the error of
// a plain difference over its step; and the gradient's way back: its norm at each step, the shares
// C[t, τ] of the loss of step t that go through step τ, framed by what truncation keeps, and what
// the bias of the forget gates does to it. Where something is wrong, the first panel says what.
//
// The page of a mistake has the same panels, of a small network: training, outputs and the way back
// with the mistake and without. Where a check is refused, or the mistake is one of those who check,
// there are fewer.
package page

import (
	"bytes"
	"fmt"
	"html/template"
	"unicode"
	"unicode/utf8"

	"lstm/train/plot"
)

// A panel is a figure, or several under one heading, and what there is to see in them.
type panel struct {
	ID, Title string
	Says      string
	Text      string // as a terminal would show it
	Figures   []figure
}

type figure struct {
	Caption string
	Figure  plot.Figure
}

// A content is what the template takes.
type content struct {
	Title, Lead string
	Facts       [][2]string
	Verdict     string
	Class       string // of the verdict: right, wrong or open
	Wrong, Line string // of an exhibit: its line, and as it should be
	Panels      []panel
	CSS         template.CSS
	Defs        template.HTML
}

func (c *content) html() []byte {
	c.CSS, c.Defs = plot.CSS, plot.Defs
	var b bytes.Buffer
	if err := page.Execute(&b, c); err != nil {
		panic("page: " + err.Error()) // of strings and numbers: it cannot be
	}
	return bytes.Map(harmless, b.Bytes())
}

// harmless replaces what may not stand in XML, or turns the direction of the text that follows.
func harmless(c rune) rune {
	switch {
	case c == '\n' || c == '\t':
		return c
	case unicode.IsControl(c), unicode.Is(unicode.Bidi_Control, c), c == 0xfffe, c == 0xffff:
		return utf8.RuneError
	}
	return c
}

var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"svg": func(panel string, i int, f plot.Figure) template.HTML {
		return plot.SVG(fmt.Sprintf("%s-%d", panel, i), f)
	},
}).Parse(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<link rel="icon" href="data:,"/>
<title>{{.Title}}</title>
<style>{{.CSS}}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1rem; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: .5rem 0; } h2 { font-size: 1.15rem; margin: 0 0 .25rem; }
p { margin: .25rem 0 .75rem; max-width: 44rem; }
section { border-top: 1px solid var(--line); padding: 1.25rem 0 .75rem; }
@media (min-width: 60rem) { section { display: grid; grid-template-columns: 17rem 1fr; gap: 0 2.5rem; } }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; padding: 0; margin: .5rem 0 1rem; }
a { color: var(--a); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: .5rem 0 1rem; } dt { color: var(--soft); } dd { margin: 0; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 1.25rem 2rem; align-items: start; }
figure { margin: 0; max-width: 30rem; } figure:only-child { max-width: 32rem; } figcaption { font-size: .9rem; color: var(--soft); margin: 0 0 .35rem; }
.verdict { font-weight: 600; padding: .25rem .75rem; } .right { border-left: .3rem solid var(--c); } .wrong { border-left: .3rem double var(--b); } .open { border-left: .3rem dotted var(--soft); }
pre { white-space: pre-wrap; border: 1px solid var(--line); padding: .5rem .75rem; margin: .25rem 0; align-self: start; }
@media print { :root { --paper: #fff; --ink: #000; --soft: #444; --line: #bbb; --pale: #8a919e; --a: #0067a5; --b: #b34700; --c: #00734f; --d: #8d3c8b; }
  body { max-width: none; font-size: 10pt; } nav { display: none; } section { break-inside: avoid; } section.long { break-inside: auto; break-before: page; } .figures { grid-template-columns: 1fr 1fr; } figure { break-inside: avoid; } }
</style>
</head>
<body>
{{.Defs}}
<main>
<h1>{{.Title}}</h1>
<p>{{.Lead}}</p>
{{if .Wrong}}<p>As somebody writes it, and as it should be:</p>
<pre>wrong  {{.Wrong}}
right  {{.Line}}</pre>
{{end}}{{if .Facts}}<dl>{{range .Facts}}<dt>{{index . 0}}</dt><dd>{{index . 1}}</dd>{{end}}</dl>
{{end}}{{if .Verdict}}<p class="verdict {{.Class}}">{{.Verdict}}</p>
{{end}}<nav aria-label="panels"><ul>{{range .Panels}}<li><a href="#{{.ID}}">{{.Title}}</a></li>{{end}}</ul></nav>
{{range $p := .Panels}}<section{{if gt (len .Figures) 4}} class="long"{{end}} id="{{.ID}}" aria-labelledby="{{.ID}}-h">
<div><h2 id="{{.ID}}-h">{{.Title}}</h2>
<p>{{.Says}}</p></div>
{{if .Text}}<pre>{{.Text}}</pre>{{end}}{{if .Figures}}<div class="figures">{{range $i, $f := .Figures}}
<figure>{{if $f.Caption}}<figcaption>{{$f.Caption}}</figcaption>{{end}}{{svg $p.ID $i $f.Figure}}</figure>{{end}}
</div>{{end}}
</section>
{{end}}</main>
</body>
</html>
`))
