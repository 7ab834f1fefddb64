package plot

import (
	"fmt"
	"slices"
	"strings"
)

// A Chart draws lines and points over two axes.
type Chart struct {
	Title, About string // subject and content, for readers who do not see the figure
	X, Y         Axis   // X goes from left to right, and Y upwards
	Lines        []Line // each has its own style
	Rules        []Rule // behind the lines
	Square       bool   // as high as wide, and both axes cover the same span
}

// A Line joins points in order. With a Mark, it marks the points instead. A NaN interrupts the line.
type Line struct {
	Name string    // in the legend
	X, Y []float64 // of equal length
	Pale bool      // a background for the other lines; only the first line may be pale
	Mark string    // the shape of the points, for example Ring; "": a line joins the points
	Bar  []float64 // half the length of the error bar of each point, along x; nil: no bars

	Low, High []float64 // the ends of a band behind the lines, at each X; nil: no band; a NaN interrupts it
}

// The marks are paths that start at the point.
const (
	Ring  = "m-2.4 0a2.4 2.4 0 1 0 4.8 0a2.4 2.4 0 1 0 -4.8 0"
	Cross = "m-3 -3l6 6m0 -6l-6 6"
	Tick  = "m0 -5v10"
)

// A Rule is a straight line across the chart, horizontal by default.
type Rule struct {
	Name     string  // in the legend; a rule without a name has the style of the rule two before it
	At       float64 // y, or x for a vertical rule
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

func (c *Chart) draw(d *drawing) {
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
	switch {
	case c.Square:
		f.h = f.w
	case c.Y.Names != nil:
		f.h = max(60, 15*float64(len(c.Y.Names)))
	}
	c.grid(d, f, yTicks)
	c.rules(d, f)
	for _, l := range c.Lines {
		if path := c.band(f, l); path != "" {
			d.Elements = append(d.Elements, element{Class: "soft", Path: path, Opacity: "0.25"})
		}
	}
	for i, l := range c.Lines {
		if l.Mark != "" {
			c.points(d, f, c.style(i), l)
			continue
		}
		path := polyline(l.Y, func(k int) (x, y float64) { return f.px(c.X.at(l.X[k])), f.py(c.Y.at(l.Y[k])) })
		if i > 0 && c.Lines[0].Pale {
			d.path("halo", path)
		}
		d.path(c.style(i), path)
	}
	d.Height = f.top + f.h + 20
	if c.X.Label != "" {
		d.text("soft end", width-right, d.Height+10, clip(c.X.Label, width-20))
		d.Height += 16
	}
}

// style returns the class of line i.
func (c *Chart) style(i int) string {
	if c.Lines[0].Pale {
		i--
	}
	return style(i)
}

func (c *Chart) keys() (keys []key) {
	for i, l := range c.Lines {
		k := key{c.style(i), stroke, l.Name}
		if l.Mark != "" {
			k.class, k.path = k.class+" mark", "m9 0"+l.Mark
		}
		keys = append(keys, k)
	}
	for i, r := range c.Rules {
		if r.Name != "" {
			keys = append(keys, key{ruled(i), stroke, r.Name})
		}
	}
	return keys
}

// grid draws the axes, a line for each tick of y, and the labels of all ticks.
func (c *Chart) grid(d *drawing, f *frame, yTicks []tick) {
	var grid strings.Builder
	for _, t := range yTicks {
		y := f.py(t.at)
		fmt.Fprintf(&grid, "M%sh%s", pair(f.left, y), num(f.w))
		d.text("soft end", f.left-4, y+4, clip(t.text, 104))
	}
	n := 6
	if c.Square { // the x axis has as many ticks as the y axis
		n = 5
	}
	free := 0.0 // the end of the label before
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
		path := "M" + pair(f.left, f.py(c.Y.at(r.At))) + "h" + num(f.w)
		switch {
		case r.Diagonal:
			low, high := max(f.x.low, f.y.low), min(f.x.high, f.y.high)
			path = "M" + pair(f.px(low), f.py(low)) + "L" + pair(f.px(high), f.py(high))
		case r.Vertical:
			path = "M" + pair(f.px(c.X.at(r.At)), f.top) + "v" + num(f.h)
		}
		d.path(ruled(i), path)
	}
}

// band returns the outline of a line's band. It divides a long band into short parts, about 400 in all, and keeps
// the least and the greatest end of each.
func (c *Chart) band(f *frame, l Line) string {
	var path, back string // back returns along the low ends
	few := max(1, len(l.Low)/400)
	for from := 0; from < len(l.Low); from += few {
		to := min(from+few, len(l.Low))
		low, high := f.py(c.Y.at(slices.Min(l.Low[from:to]))), f.py(c.Y.at(slices.Max(l.High[from:to])))
		if !finite(low) || !finite(high) {
			path, back = path+back, ""
			continue
		}
		pen := "L"
		if back == "" {
			pen, back = "M", "Z"
		}
		left, right := f.px(c.X.at(l.X[from])), f.px(c.X.at(l.X[to-1]))
		path += pen + pair(left, high) + "L" + pair(right, high)
		back = "L" + pair(right, low) + "L" + pair(left, low) + back
	}
	return path + back
}

// points draws marks over their error bars.
func (c *Chart) points(d *drawing, f *frame, class string, l Line) {
	var marks, bars strings.Builder
	for k, v := range l.X {
		x, y := f.px(c.X.at(v)), f.py(c.Y.at(l.Y[k]))
		if !finite(x) || !finite(y) {
			continue
		}
		marks.WriteString("M" + pair(x, y) + l.Mark)
		if l.Bar == nil {
			continue
		}
		low, high := f.px(c.X.at(v-l.Bar[k])), min(f.px(c.X.at(v+l.Bar[k])), f.left+f.w)
		if !(low > f.left) { // or the bar reaches below 0 on a logarithmic axis
			low = f.left
		}
		if high-low > 0.3 {
			fmt.Fprintf(&bars, "M%sh%s", pair(low, y), num(high-low))
		}
	}
	d.path(class+" bar", bars.String())
	d.path(class+" mark", marks.String())
}

// spans returns the visible parts of the axes. They contain all numbers and a margin.
func (c *Chart) spans() (x, y span) {
	x, y = empty, empty
	margin := 0.0
	for _, l := range c.Lines {
		for i := range l.X {
			if px, py := c.X.at(l.X[i]), c.Y.at(l.Y[i]); finite(px) && finite(py) {
				x.take(px)
				y.take(py)
			}
		}
		for _, v := range slices.Concat(l.Low, l.High) {
			y.take(c.Y.at(v))
		}
		if l.Mark != "" {
			margin = 0.04
		}
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
	x.open(margin)
	y.open(0.04)
	if c.Y.Names != nil {
		y = span{-0.5, float64(len(c.Y.Names)) - 0.5}
	}
	if c.Square {
		x = span{min(x.low, y.low), max(x.high, y.high)}
		y = x
	}
	return x, y
}
