package plot

import (
	"math"
	"strconv"
	"strings"
)

// A Stack is strips one above the other, each as wide as the figure.
type Stack struct {
	Title, About string   // as of a Chart
	Strips       []Strip  // from above down
	Columns      []string // a letter over each column
	XLabel       string   // what the columns are, if the last strip is a heat map
	First        int      // from where these are counted
	Scale        Scale    // of the heat maps
}

// A Strip is a matrix as a heat map, or, if it has Lines, these over the same columns.
type Strip struct {
	Label string      // to the left of it
	Names []string    // of the rows, or of the lines
	Rows  [][]float64 // a NaN is left out,
	Dots  bool        // or dotted
	Lines [][]float64 // one for each line
	Edge  [][]bool    // where this changes from cell to cell a line is drawn; nil: nowhere
	Slash [][]bool    // which cells have a line through them; nil: none
	Tall  float64     // units of a row; 0: as fits
	Scale Scale       // of its own, without a key; the zero Scale is that of the stack
}

// A Scale says how numbers become tints. With a Low below 0, numbers below 0 are striped;
// else Low is white.
type Scale struct {
	Low, High float64   // which numbers have the first tint and the last
	Names     [2]string // of the ends, where numbers do not say it; "" for the numbers
}

const (
	tints    = 16
	named    = 12.0 // units of a row that has a name, at least
	nameRoom = 60   // units of the name
)

// tint returns a number's tint, from −tints to tints.
func (s Scale) tint(v float64) int {
	if s.Low < 0 && s.High > 0 {
		return int(math.Round(tints * min(1, max(-1, v/max(-s.Low, s.High)))))
	}
	return int(math.Round(tints * min(1, max(0, (v-s.Low)/(s.High-s.Low)))))
}

func (s *Stack) draw(d *drawing) (title, about string) {
	left := 8.0
	var keys []key
	for _, strip := range s.Strips {
		if strip.Lines != nil {
			for i, name := range strip.Names {
				keys = append(keys, key{styles[i%len(styles)], "", name})
			}
		}
		left = max(left, min(100, 10+wide(strip.Label))+strip.inner())
	}
	d.legend(keys)
	const right = 6.0
	w := width - left - right
	for i, letter := range s.Columns {
		d.text("mid", left+w*(float64(i)+0.5)/float64(len(s.Columns)), d.Height+13, letter)
	}
	if s.Columns != nil {
		d.Height += 14
	}
	used := false
	for _, strip := range s.Strips {
		top := d.Height + 4
		if strip.Lines != nil {
			d.Height = top + lines(d, strip.Lines, left, top, w)
		} else {
			scale := s.Scale
			if strip.Scale != (Scale{}) {
				scale = strip.Scale
			} else {
				used = true
			}
			d.Height = top + scale.cells(d, strip, left, top, w, s.XLabel == "")
		}
		for i, name := range strip.Names {
			if strip.Lines == nil {
				d.text("end", left-4, top+(d.Height-top)*(float64(i)+0.5)/float64(len(strip.Names))+4, clip(name, nameRoom))
			}
		}
		d.text("end", left-4-strip.inner(), (top+d.Height)/2+4, clip(strip.Label, 94))
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
	return s.Title, s.About
}

// inner returns how wide the names of the rows are.
func (s *Strip) inner() (w float64) {
	for _, name := range s.Names {
		if s.Lines == nil {
			w = max(w, 4+wide(clip(name, nameRoom)))
		}
	}
	return w
}

// lines draws lines, each in its own style, and returns their height.
func lines(d *drawing, all [][]float64, left, top, w float64) (h float64) {
	h = 40
	s := span{math.Inf(1), math.Inf(-1)}
	for _, l := range all {
		for _, v := range l {
			s.take(v)
		}
	}
	if !(s.high > s.low) {
		s = span{s.low - 1, s.low + 1}
	}
	for i, l := range all {
		x := make([]float64, len(l))
		for k := range x {
			x[k] = float64(k)
		}
		d.path(styles[i%len(styles)], polyline(x, l,
			func(v float64) float64 { return left + w*(v+0.5)/float64(len(l)) },
			func(v float64) float64 { return top + h - 2 - (h-4)*(v-s.low)/(s.high-s.low) }))
	}
	d.path("axis", "M"+pair(left, top)+"h"+num(w)+"v"+num(h)+"h"+num(-w)+"z")
	return h
}

// cells draws a heat map, the cells of one tint as one path, and returns its height. If it is
// narrow, few cells need not fill it.
func (s Scale) cells(d *drawing, strip Strip, left, top, w float64, narrow bool) (h float64) {
	rows, cols := len(strip.Rows), len(strip.Rows[0])
	tall := strip.Tall
	if tall == 0 {
		tall = min(16, max(2, 80/float64(rows)))
	}
	if strip.Names != nil {
		tall = max(tall, named)
	}
	cw := w / float64(cols)
	if narrow {
		cw = min(cw, 40)
	}
	h = tall * float64(rows)
	var paths [2*tints + 1]strings.Builder
	var there strings.Builder
	gaps := false
	box := "h" + num(cw+0.1) + "v" + num(tall+0.1) + "h" + num(-cw-0.1) + "z"
	for r, row := range strip.Rows {
		for c, v := range row {
			if !math.IsNaN(v) {
				cell := "M" + pair(left+cw*float64(c), top+tall*float64(r)) + box
				paths[tints+s.tint(v)].WriteString(cell)
				there.WriteString(cell)
			} else {
				gaps = true
			}
		}
	}
	frame := "M" + pair(left, top) + "h" + num(cw*float64(cols)) + "v" + num(h) + "h" + num(-cw*float64(cols)) + "z"
	if strip.Dots && gaps {
		d.path("dotted", frame)
		d.path("paper", there.String())
	}
	for i := range paths {
		if k := i - tints; k != 0 && paths[i].Len() > 0 {
			d.tinted(k, paths[i].String())
		}
	}
	d.path("axis", frame)
	var edge strings.Builder
	at := func(r, c int) bool { return r >= 0 && c >= 0 && r < rows && c < cols && strip.Edge[r][c] }
	for r := 0; strip.Edge != nil && r <= rows; r++ {
		for c := 0; c <= cols; c++ {
			x, y := left+cw*float64(c), top+tall*float64(r)
			if at(r, c) != at(r-1, c) {
				edge.WriteString("M" + pair(x, y) + "h" + num(cw))
			}
			if at(r, c) != at(r, c-1) {
				edge.WriteString("M" + pair(x, y) + "v" + num(tall))
			}
		}
	}
	for r, row := range strip.Slash {
		for c, yes := range row {
			if yes {
				edge.WriteString("M" + pair(left+cw*float64(c), top+tall*float64(r+1)) + "l" + pair(cw, -tall))
			}
		}
	}
	d.path("halo", edge.String())
	d.path("edge", edge.String())
	return h
}

func (d *drawing) tinted(k int, path string) {
	class := "plus"
	if k < 0 {
		class, k = "minus", -k
	}
	d.Elements = append(d.Elements, element{Class: class, Path: path, Opacity: strconv.FormatFloat(float64(k)/tints, 'f', 2, 64)})
}

// key draws what the tints mean.
func (s Scale) key(d *drawing) {
	low, high := s.Low, s.High
	striped := low < 0 && high > 0
	if striped {
		high = max(-low, high)
		low = -high
	}
	names := [2]string{strconv.FormatFloat(low, 'g', 3, 64), strconv.FormatFloat(high, 'g', 3, 64)}
	for i, name := range s.Names {
		if name != "" {
			names[i] = name
		}
	}
	const n, box = 9, 10.0
	x, y := 6+wide(names[0]), d.Height+5
	d.text("soft", 2, y+9, strings.Replace(names[0], "-", "−", 1))
	for i := range n {
		k := int(math.Round(tints * float64(i) / (n - 1)))
		if striped {
			k = 2*k - tints
		}
		if k != 0 {
			d.tinted(k, "M"+pair(x+box*float64(i), y)+"h10v10h-10z")
		}
	}
	d.path("axis", "M"+pair(x, y)+"h"+num(n*box)+"v10h"+num(-n*box)+"z")
	d.text("soft", x+n*box+4, y+9, strings.Replace(names[1], "-", "−", 1))
	d.Height += 18
}
