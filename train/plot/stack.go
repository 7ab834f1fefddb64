package plot

import (
	"math"
	"strconv"
	"strings"
)

// A Stack draws strips one above the other. Each strip is as wide as the figure.
type Stack struct {
	Title, About string   // as in a Chart
	Strips       []Strip  // from top to bottom
	Columns      []string // a letter above each column
	XLabel       string   // the meaning of the columns; the last strip must then be a heat map
	First        int      // the number of the first column
	Scale        Scale    // of the heat maps
}

// A Strip is a heat map of a matrix or, if Lines is set, lines over the same columns.
type Strip struct {
	Label string      // at the left
	Names []string    // of the rows or lines
	Rows  [][]float64 // the matrix; the place of a number that is not finite is blank
	Dots  bool        // the place of a number that is not finite is dotted
	Lines [][]float64 // one row for each line
	Edge  [][]bool    // a border separates true cells from false ones; nil: no border
	Slash [][]bool    // true cells are struck through; nil: none
	Tall  float64     // height of a row in units; 0: chosen to fit
	Scale Scale       // replaces the scale of the stack and draws no key; zero: the scale of the stack
}

// A Scale maps numbers to tints. If Low is −High, negative numbers are striped and 0 is white. Otherwise
// Low is white.
type Scale struct {
	Low, High float64   // the numbers with the first and the last tint
	Names     [2]string // texts for Low and High in the key; "": the key shows the numbers
}

const (
	tints    = 16
	nameRoom = 60 // the greatest width of a row's name
)

func (s Scale) striped() bool { return s.Low < 0 && s.High > 0 }

// tint returns the tint of a number, from −tints to tints.
func (s Scale) tint(v float64) int {
	low, part := 0.0, (v-s.Low)/(s.High-s.Low)
	if s.striped() {
		low, part = -1, v/s.High
	}
	return int(math.Round(tints * min(1, max(low, part))))
}

func (s *Stack) draw(d *drawing) {
	const right = 6.0
	left, used := 8.0, false // used: whether a heat map has the scale of the stack
	var keys []key
	for _, strip := range s.Strips {
		left = max(left, min(100, 10+wide(strip.Label))+strip.inner())
		if strip.Lines == nil {
			used = used || strip.Scale == Scale{}
			continue
		}
		for i, name := range strip.Names {
			keys = append(keys, key{style(i), stroke, name})
		}
	}
	d.legend(keys)
	w := width - left - right
	for i, letter := range s.Columns {
		d.text("mid", left+w*(float64(i)+0.5)/float64(len(s.Columns)), d.Height+13, letter)
	}
	if s.Columns != nil {
		d.Height += 14
	}
	for _, strip := range s.Strips {
		s.strip(d, strip, left, w)
	}
	if s.XLabel != "" {
		last := s.Strips[len(s.Strips)-1].Rows
		d.text("soft", left, d.Height+13, strconv.Itoa(s.First))
		d.text("soft end", width-right, d.Height+13, clip(s.XLabel, width-80)+" "+strconv.Itoa(s.First+len(last[0])-1))
		d.Height += 16
	}
	if used {
		s.Scale.key(d)
	}
	d.Height += 4
}

// strip draws a strip below the others.
func (s *Stack) strip(d *drawing, strip Strip, left, w float64) {
	top := d.Height + 4
	if strip.Lines != nil {
		d.Height = top + lines(d, strip.Lines, left, top, w)
	} else {
		if strip.Scale == (Scale{}) {
			strip.Scale = s.Scale
		}
		b := box{left, top, w / float64(len(strip.Rows[0])), strip.Tall, len(strip.Rows), len(strip.Rows[0])}
		if b.h == 0 {
			b.h = min(16, max(2, 80/float64(b.rows)))
		}
		if strip.Names != nil {
			b.h = max(b.h, 12)
		}
		if s.XLabel == "" { // a few cells need not fill the width
			b.w = min(b.w, 40)
		}
		b.cells(d, strip)
		b.borders(d, strip)
		d.Height = top + b.h*float64(b.rows)
		for i, name := range strip.Names {
			d.text("end", left-4, top+(d.Height-top)*(float64(i)+0.5)/float64(len(strip.Names))+4, clip(name, nameRoom))
		}
	}
	d.text("end", left-4-strip.inner(), (top+d.Height)/2+4, clip(strip.Label, 94))
}

// inner returns the width of the row names.
func (s *Strip) inner() (w float64) {
	for _, name := range s.Names {
		if s.Lines == nil {
			w = max(w, 4+wide(clip(name, nameRoom)))
		}
	}
	return w
}

// lines draws lines on a common scale and returns their height.
func lines(d *drawing, all [][]float64, left, top, w float64) float64 {
	const h = 40
	s := empty
	for _, l := range all {
		for _, v := range l {
			s.take(v)
		}
	}
	s.open(0)
	for i, l := range all {
		d.path(style(i), polyline(l, func(k int) (x, y float64) {
			return left + w*(float64(k)+0.5)/float64(len(l)), top + h - 2 - s.part(h-4, l[k])
		}))
	}
	d.path("axis", rectangle(left, top, w, h))
	return h
}

// rectangle returns the path of a rectangle with its top left corner at (x, y).
func rectangle(x, y, w, h float64) string {
	return "M" + pair(x, y) + "h" + num(w) + "v" + num(h) + "h" + num(-w) + "z"
}

// A box is the place of a heat map: its top left corner, and the size of a cell.
type box struct {
	left, top, w, h float64
	rows, cols      int
}

// corner returns the top left corner of a cell.
func (b box) corner(r, c int) (x, y float64) {
	return b.left + b.w*float64(c), b.top + b.h*float64(r)
}

// cells draws a heat map, with one path for all cells of a tint.
func (b box) cells(d *drawing, strip Strip) {
	var paths [2*tints + 1]strings.Builder
	var there strings.Builder // all cells but the gaps
	gaps := false
	for r, row := range strip.Rows {
		for c, v := range row {
			if !finite(v) {
				gaps = true
				continue
			}
			x, y := b.corner(r, c)
			cell := rectangle(x, y, b.w+0.1, b.h+0.1)
			paths[tints+strip.Scale.tint(v)].WriteString(cell)
			there.WriteString(cell)
		}
	}
	frame := rectangle(b.left, b.top, b.w*float64(b.cols), b.h*float64(b.rows))
	if strip.Dots && gaps {
		d.path("dotted", frame)
		d.path("paper", there.String())
	}
	for i := range paths {
		d.tinted(i-tints, paths[i].String())
	}
	d.path("axis", frame)
}

// borders draws the edges and slashes of a strip.
func (b box) borders(d *drawing, strip Strip) {
	var path strings.Builder
	at := func(r, c int) bool { return r >= 0 && c >= 0 && r < b.rows && c < b.cols && strip.Edge[r][c] }
	line := func(r, c int, way string) { path.WriteString("M" + pair(b.corner(r, c)) + way) }
	for r := 0; strip.Edge != nil && r <= b.rows; r++ {
		for c := 0; c <= b.cols; c++ {
			if at(r, c) != at(r-1, c) {
				line(r, c, "h"+num(b.w))
			}
			if at(r, c) != at(r, c-1) {
				line(r, c, "v"+num(b.h))
			}
		}
	}
	for r, row := range strip.Slash {
		for c, yes := range row {
			if yes {
				line(r+1, c, "l"+pair(b.w, -b.h))
			}
		}
	}
	d.path("halo", path.String())
	d.path("edge", path.String())
}

// tinted draws a path in tint k. Tint 0 is white and needs no path.
func (d *drawing) tinted(k int, path string) {
	if k == 0 || path == "" {
		return
	}
	class := "plus"
	if k < 0 {
		class, k = "minus", -k
	}
	d.Elements = append(d.Elements, element{Class: class, Path: path, Opacity: strconv.FormatFloat(float64(k)/tints, 'f', 2, 64)})
}

// key draws the tints with the numbers at both ends.
func (s Scale) key(d *drawing) {
	const n, box = 9, 10.0
	for i, v := range []float64{s.Low, s.High} {
		if s.Names[i] == "" {
			s.Names[i] = strconv.FormatFloat(v, 'g', 3, 64)
		}
	}
	x, y := 6+wide(s.Names[0]), d.Height+5
	d.text("soft", 2, y+9, strings.Replace(s.Names[0], "-", "−", 1))
	for i := range n {
		k := i * tints / (n - 1)
		if s.striped() {
			k = 2*k - tints
		}
		d.tinted(k, "M"+pair(x+box*float64(i), y)+"h10v10h-10z")
	}
	d.path("axis", rectangle(x, y, n*box, box))
	d.text("soft", x+n*box+4, y+9, s.Names[1])
	d.Height += 18
}
