package plot

import (
	"math"
	"strconv"
	"strings"

	"lstm/train/plot/label"
	"lstm/train/plot/path"
)

// A Stack draws strips one above the other. All strips begin and end at the same place.
type Stack struct {
	Title, About string   // as in a Chart
	Strips       []Strip  // from top to bottom
	Columns      []string // a letter above each column
	Cursors      []Cursor // through all strips
	XLabel       string   // the meaning of the columns; the last strip must then be a heat map
	First        int      // the number of the first column
	Scale        Scale    // of the heat maps
	Wide         bool     // it is as wide as the page, so texts are small; a narrow page leaves out every second row name
}

// A Strip is a heat map of a matrix or, if Lines is set, lines over the same columns.
type Strip struct {
	Label string      // at the left
	Range string      // at the right: the scale in words; "": none
	Names []string    // of the rows or lines
	Rows  [][]float64 // the matrix; the place of a number that is not finite is blank
	Dots  bool        // the place of a number that is not finite is dotted
	Lines [][]float64 // one row for each line
	Role  Role        // of the lines
	Zero  bool        // the lines have a scale that includes 0
	Edge  [][]bool    // a border separates true cells from false ones; nil: no border
	Apart bool        // each true cell has a border of its own
	Slash [][]bool    // true cells have a cross; nil: none
	Tall  float64     // height of a row in units; 0: chosen to fit
	Scale Scale       // replaces the scale of the stack and draws no key; zero: the scale of the stack
}

// A Cursor marks a column with a line through all strips.
type Cursor struct {
	Name string // above the strips
	At   int    // the column
}

// A Scale maps numbers to tints. If Low is −High, negative numbers have another pattern and 0 is white. Otherwise
// Low is white.
type Scale struct {
	Low, High float64   // the numbers with the first and the last tint
	Names     [2]string // texts for Low and High in the key; "": the key shows the numbers
	Role      Role      // Network, Backward, or Within with Above for negative numbers; "" means Network
}

const nameRoom = 60 // the greatest width of a row's name

func (s Scale) striped() bool { return s.Low < 0 && s.High > 0 }

// zero reports whether the scale is not set.
func (s Scale) zero() bool { return s.Low == s.High }

// tint returns the tint of a number, from −tints to tints.
func (s Scale) tint(v float64) int {
	low, part := 0.0, (v-s.Low)/(s.High-s.Low)
	if s.striped() {
		low, part = -1, v/s.High
	}
	return int(math.Round(tints * min(1, max(low, part))))
}

func (s *Stack) draw(d *drawing) {
	left, right, used := 8.0, 6.0, false // used: whether a heat map has the scale of the stack
	var keys []key
	for _, strip := range s.Strips {
		left, right = max(left, min(100, 10+label.Wide(strip.Label))+strip.inner(s.room())), max(right, 8+label.Wide(strip.Range))
		if strip.Lines == nil {
			used = used || strip.Scale.zero()
			continue
		}
		for i, name := range strip.Names {
			keys = append(keys, key{strip.Role.class(i), stroke, name})
		}
	}
	d.legend(keys)
	w := width - left - right
	end := 0.0 // where the last letter ends; a letter without room is left out
	for i, letter := range s.Columns {
		if x, half := left+w*(float64(i)+0.5)/float64(len(s.Columns)), label.Wide(letter)/2; x-half >= end {
			d.text("mid", x, d.Height+13, letter)
			end = x + half
		}
	}
	if s.Columns != nil {
		d.Height += 14
	}
	cursors := s.cursors(d, left, w)
	top := d.Height
	for _, strip := range s.Strips {
		s.strip(d, strip, left, w)
	}
	for _, x := range cursors {
		d.path("cursor", "M"+path.Pair(x, top)+"V"+path.Num(d.Height))
	}
	if s.XLabel != "" {
		s.steps(d, left, w)
	}
	if used {
		s.Scale.key(d)
	}
	d.Height += 4
}

// columns returns the number of columns.
func (s *Stack) columns() int {
	last := s.Strips[len(s.Strips)-1]
	if last.Lines != nil {
		return len(last.Lines[0])
	}
	return len(last.Rows[0])
}

// cursors writes the names of the cursors, and returns their places. It joins names that would lie over each other.
func (s *Stack) cursors(d *drawing, left, w float64) (all []float64) {
	type name struct {
		text string
		x    float64
	}
	var names []name
	ends := func(n name) (from, to float64) {
		half := label.Wide(n.text) / 2
		at := min(max(n.x, 2+half), width-2-half)
		return at - half, at + half
	}
	for _, c := range s.Cursors {
		n := name{c.Name, left + w*(float64(c.At)+0.5)/float64(s.columns())}
		all = append(all, n.x)
		for len(names) > 0 {
			before := names[len(names)-1]
			from, _ := ends(n)
			if _, to := ends(before); to+6 < from {
				break
			}
			if !strings.HasPrefix(n.text, before.text) { // not "written, written"
				n.text = before.text + ", " + n.text
			}
			n.x = (before.x + n.x) / 2
			names = names[:len(names)-1]
		}
		names = append(names, n)
	}
	for _, n := range names {
		from, to := ends(n)
		d.text("mid soft", (from+to)/2, d.Height+12, n.text)
	}
	if len(names) > 0 {
		d.Height += nameRow
	}
	return all
}

// steps writes the numbers of the columns below the last strip.
func (s *Stack) steps(d *drawing, left, w float64) {
	n := s.columns()
	place := func(c float64) float64 { return left + w*(c-float64(s.First)+0.5)/float64(n) }
	free := 0.0
	a := Axis{Whole: true}
	for _, t := range a.ticks(path.Span{Low: float64(s.First), High: float64(s.First+n-1) + 1e-9}, 8) {
		x, half := place(t.At), label.Wide(t.Text)/2
		if x-half > free && x+half < width {
			d.text("soft mid", x, d.Height+13, t.Text)
			free = x + half + 4
		}
	}
	d.Height += 18
	d.below(left+w, s.XLabel)
}

// strip draws a strip below the others.
func (s *Stack) strip(d *drawing, strip Strip, left, w float64) {
	top := d.Height + 4
	if strip.Lines != nil {
		d.Height = top + strip.lines(d, left, top, w)
	} else {
		if strip.Scale.zero() {
			strip.Scale = s.Scale
		}
		b := path.Box{Left: left, Top: top, W: w / float64(len(strip.Rows[0])), H: strip.Tall, Rows: len(strip.Rows), Cols: len(strip.Rows[0])}
		if b.H == 0 {
			b.H = min(7, max(1.2, 24/float64(b.Rows)))
		}
		if strip.Names != nil {
			b.H = max(b.H, 13)
			if s.Wide {
				b.H = 8
			}
		}
		if s.XLabel == "" { // a few cells need not fill the width
			b.W = min(b.W, 40)
		}
		d.cells(b, strip)
		edges := b.Borders(strip.Edge, strip.Apart, strip.Slash)
		d.path("halo", edges)
		d.path("edge", edges)
		d.Height = top + b.H*float64(b.Rows)
		for i, name := range strip.Names {
			class := "row end"
			if i%2 == 1 && s.Wide {
				class = "row end odd"
			}
			d.text(class, left-4, top+(d.Height-top)*(float64(i)+0.5)/float64(len(strip.Names)), label.Clip(name, s.room()))
		}
	}
	d.text("row end", left-4-strip.inner(s.room()), (top+d.Height)/2, label.Clip(strip.Label, 94))
	if strip.Range != "" {
		d.text("row soft", left+w+4, (top+d.Height)/2, strip.Range)
	}
}

// room returns the greatest width of a row's name. A few cells leave more of it.
func (s *Stack) room() float64 {
	if s.XLabel == "" {
		return width - 100
	}
	return nameRoom
}

// inner returns the width of the row names, if one has so much room.
func (s *Strip) inner(room float64) (w float64) {
	for _, name := range s.Names {
		if s.Lines == nil {
			w = max(w, 4+label.Wide(label.Clip(name, room)))
		}
	}
	return w
}

// lines draws lines on a common scale and returns their height.
func (s *Strip) lines(d *drawing, left, top, w float64) float64 {
	h := s.Tall
	if h == 0 {
		h = 22
	}
	y := path.Empty()
	if s.Zero {
		y.Take(0)
	}
	for _, l := range s.Lines {
		for _, v := range l {
			y.Take(v)
		}
	}
	y.Open(0)
	at := func(v float64) float64 { return top + h - 2 - y.Part(h-4, v) }
	d.path("grid", path.Rectangle(left, top, w, h))
	if y.Low < 0 && y.High > 0 {
		d.path("axis", "M"+path.Pair(left, at(0))+"h"+path.Num(w))
	}
	for i, l := range s.Lines {
		d.path(s.Role.class(i), path.Polyline(l, func(k int) (float64, float64) {
			return left + w*(float64(k)+0.5)/float64(len(l)), at(l[k])
		}))
	}
	return h
}

// cells draws a heat map, with one path for all cells of a tint.
func (d *drawing) cells(b path.Box, strip Strip) {
	var paths [2*tints + 1]strings.Builder
	var gaps strings.Builder
	b.Runs(func(r, c int) int {
		if v := strip.Rows[r][c]; path.Finite(v) {
			return strip.Scale.tint(v)
		}
		return gap
	}, func(k int, trace string) {
		if k == gap {
			gaps.WriteString(trace)
		} else {
			paths[tints+k].WriteString(trace)
		}
	})
	if strip.Dots {
		d.path("gap", gaps.String())
	}
	for i := range paths {
		d.tinted(strip.Scale.Role, i-tints, paths[i].String())
	}
	d.path("axis", b.Frame())
}

// key draws the tints with the numbers at both ends. A verdict has two.
func (s Scale) key(d *drawing) {
	n, box := 9, 10.0
	if s.Role == Within {
		n = 2
	}
	for i, v := range []float64{s.Low, s.High} {
		if s.Names[i] == "" {
			s.Names[i] = strconv.FormatFloat(v, 'g', 3, 64)
		}
	}
	x, y := 6+label.Wide(s.Names[0]), d.Height+5
	d.text("soft end", x-4, y+9, strings.Replace(s.Names[0], "-", "−", 1))
	for i := range n {
		k := i * tints / (n - 1)
		if s.striped() {
			k = 2*k - tints
		}
		d.tinted(s.Role, k, "M"+path.Pair(x+box*float64(i), y)+"h10v10h-10z")
	}
	wide := box * float64(n)
	d.path("axis", path.Rectangle(x, y, wide, box))
	d.text("soft", x+wide+4, y+9, s.Names[1])
	d.Height += 18
}
