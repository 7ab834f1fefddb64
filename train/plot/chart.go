package plot

import (
	"fmt"
	"math"
	"strings"
)

// A Chart draws lines and points over two axes.
type Chart struct {
	Title, About string   // for readers who do not see the figure: its subject and its content
	X, Y         Axis     // from left to right, and upwards
	Lines        []Line   // each has its own style
	Points       []Points // their styles follow those of the lines
	Rules        []Rule   // drawn behind the lines
	Square       bool     // as high as wide, and both axes cover the same span
}

// A Line joins points in order. A NaN interrupts the line.
type Line struct {
	Name string    // in the legend
	X, Y []float64 // of equal length
	Pale bool      // a background for the other lines; only the first line may be pale
}

// Points are marks with optional error bars along x.
type Points struct {
	Name string    // in the legend
	X, Y []float64 // of equal length
	Bar  []float64 // half the length of each error bar; nil: no bars
	Mark Mark      // their shape
}

// A Mark is the shape of a point.
type Mark int

// The marks.
const (
	Ring Mark = iota
	Cross
	Tick
)

var shapes = [...]string{
	Ring:  "M0 0m-2.4 0a2.4 2.4 0 1 0 4.8 0a2.4 2.4 0 1 0 -4.8 0",
	Cross: "M0 0m-3 -3l6 6m0 -6l-6 6",
	Tick:  "M0 0m0 -5v10",
}

// A Rule is a straight line across the chart, horizontal by default.
type Rule struct {
	Name     string  // in the legend; a rule without a name shares the style of the rule two before
	At       float64 // its y, or its x if it is vertical
	Vertical bool    // at x = At
	Diagonal bool    // where x = y
}

func ruled(i int) string { return [...]string{"s4", "s5"}[i%2] }

// A frame is the area between the axes.
type frame struct {
	x, y            span
	left, top, w, h float64
}

// px and py map results of Axis.at to coordinates.
func (f *frame) px(at float64) float64 { return f.left + f.x.part(f.w, at) }
func (f *frame) py(at float64) float64 { return f.top + f.h - f.y.part(f.h, at) }

func (c *Chart) draw(d *drawing) (title, about string) {
	const right = 12.0
	d.legend(c.keys())
	if c.Y.Label != "" {
		d.text("soft", 2, d.Height+13, clip(c.Y.Label, width-4))
		d.Height += 16
	}
	x, y := c.spans()
	f := &frame{x: x, y: y, left: 10, top: d.Height + 6, h: 150}
	yTicks := c.Y.ticks(y, 5)
	for _, t := range yTicks {
		f.left = max(f.left, min(110, 8+wide(t.text)))
	}
	f.w = width - f.left - right
	if c.Square {
		f.h = f.w
	}
	if c.Y.Names != nil {
		f.h = max(60, 15*float64(len(c.Y.Names)))
	}
	c.grid(d, f, yTicks)
	c.rules(d, f)
	for i, l := range c.Lines {
		path := polyline(l.X, l.Y, func(v float64) float64 { return f.px(c.X.at(v)) }, func(v float64) float64 { return f.py(c.Y.at(v)) })
		if i > 0 && c.Lines[0].Pale {
			d.path("halo", path)
		}
		d.path(style(c.first()+i), path)
	}
	for i, p := range c.Points {
		class := style(c.first() + len(c.Lines) + i)
		marks, bars := c.points(f, p)
		d.path(class+" bar", bars)
		d.path(class+" mark", marks)
	}
	d.Height = f.top + f.h + 20
	if c.X.Label != "" {
		d.text("soft end", width-right, d.Height+10, clip(c.X.Label, width-20))
		d.Height += 16
	}
	return c.Title, c.About
}

// first returns the style of the first line.
func (c *Chart) first() int {
	if len(c.Lines) > 0 && c.Lines[0].Pale {
		return -1
	}
	return 0
}

func (c *Chart) keys() (keys []key) {
	for i, l := range c.Lines {
		keys = append(keys, key{style(c.first() + i), stroke, l.Name})
	}
	for i, p := range c.Points {
		keys = append(keys, key{style(c.first()+len(c.Lines)+i) + " mark", strings.Replace(shapes[p.Mark], "M0 0", "M0 0m9 0", 1), p.Name})
	}
	for i, r := range c.Rules {
		if r.Name != "" {
			keys = append(keys, key{ruled(i), stroke, r.Name})
		}
	}
	return keys
}

// grid draws the axes, a line for each tick of y, and the labels of the ticks.
func (c *Chart) grid(d *drawing, f *frame, yTicks []tick) {
	var grid strings.Builder
	for _, t := range yTicks {
		y := f.py(t.at)
		fmt.Fprintf(&grid, "M%sh%s", pair(f.left, y), num(f.w))
		d.text("soft end", f.left-4, y+4, clip(t.text, 104))
	}
	n := 6
	if c.Square { // as many as on the y axis
		n = 5
	}
	free := 0.0 // where the label before ends
	for _, t := range c.X.ticks(f.x, n) {
		x := f.px(t.at)
		fmt.Fprintf(&grid, "M%sv4", pair(x, f.top+f.h))
		half := wide(t.text) / 2
		if x = min(x, width-1-half); x-half > free+4 {
			d.text("soft mid", x, f.top+f.h+15, t.text)
			free = x + half
		}
	}
	fmt.Fprintf(&grid, "M%sv%sh%s", pair(f.left, f.top), num(f.h), num(f.w))
	d.path("axis", grid.String())
}

func (c *Chart) rules(d *drawing, f *frame) {
	for i, r := range c.Rules {
		switch {
		case r.Diagonal:
			low, high := max(f.x.low, f.y.low), min(f.x.high, f.y.high)
			d.path(ruled(i), "M"+pair(f.px(low), f.py(low))+"L"+pair(f.px(high), f.py(high)))
		case r.Vertical:
			d.path(ruled(i), "M"+pair(f.px(c.X.at(r.At)), f.top)+"v"+num(f.h))
		default:
			d.path(ruled(i), "M"+pair(f.left, f.py(c.Y.at(r.At)))+"h"+num(f.w))
		}
	}
}

// points returns the path of the marks and the path of their error bars.
func (c *Chart) points(f *frame, p Points) (string, string) {
	var marks, bars strings.Builder
	for k := range p.X {
		x, y := f.px(c.X.at(p.X[k])), f.py(c.Y.at(p.Y[k]))
		if !finite(x) || !finite(y) {
			continue
		}
		marks.WriteString(shift(shapes[p.Mark], x, y))
		if p.Bar == nil {
			continue
		}
		low, high := f.px(c.X.at(p.X[k]-p.Bar[k])), f.px(c.X.at(p.X[k]+p.Bar[k]))
		if math.IsNaN(low) { // the bar reaches below 0 on a logarithmic axis
			low = f.left
		}
		low, high = max(f.left, low), min(f.left+f.w, high)
		if high-low > 0.3 {
			fmt.Fprintf(&bars, "M%sh%s", pair(low, y), num(high-low))
		}
	}
	return marks.String(), bars.String()
}

// spans returns the parts of the axes that are drawn: all numbers and a margin.
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
	x.open()
	y.open()
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
		x = span{min(x.low, y.low), max(x.high, y.high)}
		y = x
	}
	return x, y
}

// open makes a span that has a length out of one that is empty or a single number.
func (s *span) open() {
	if s.low > s.high {
		*s = span{0, 1}
	}
	if s.high-s.low < 1e-9*max(1, math.Abs(s.low)) {
		half := max(0.5, math.Abs(s.low)/2)
		s.low, s.high = s.low-half, s.high+half
	}
}
