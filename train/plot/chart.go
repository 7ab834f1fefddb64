package plot

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"lstm/train/plot/label"
	"lstm/train/plot/path"
)

// A Chart draws lines and points over two axes. The names of lines and rules stand where these end.
type Chart struct {
	Title, About string  // subject and content, for readers who do not see the figure
	X, Y         Axis    // X goes from left to right, and Y upwards
	Lines        []Line  // in front of the rules
	Rules        []Rule  // behind the lines
	Dots         []Dot   // in front of the lines
	Square       bool    // as high as wide, and both axes cover the same span
	Framed       bool    // for a script, the figure says where its axes are: left, top, width, height, and the ends of both
	Tall         float64 // the height of the area between the axes; 0: the usual one
	Early        bool    // names stand where lines begin, and the numbers of Y at the right
}

// A Line joins points in order. With a Mark, it marks the points instead. A NaN interrupts the line.
type Line struct {
	Name string    // where the line ends; "": none
	Role Role      // the meaning; lines with the same role differ in their dashes
	X, Y []float64 // of equal length
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
	Name     string  // where the rule ends; "": none
	Role     Role    // "" means Baseline
	At       float64 // y, or x for a vertical rule
	Vertical bool    // at x = At
	Diagonal bool    // where x = y
}

// A Dot is a point with a name beside it.
type Dot struct {
	Name string  // "": none
	Role Role    // as of a Line
	X, Y float64 // the place
}

func (c *Chart) draw(d *drawing) {
	classes, ruled := c.classes()
	d.legend(c.keys(classes))
	if c.Y.Label != "" {
		d.text("soft", 2, d.Height+14, label.Clip(c.Y.Label, width-4))
		d.Height += 17
	}
	x, y := c.spans()
	f := &frame{x: x, y: y, left: 10, h: 140}
	yTicks := c.Y.ticks(y, 5)
	for _, t := range yTicks {
		f.left = max(f.left, min(110, 8+label.Wide(t.Text)))
	}
	names := c.names(classes, ruled)
	right := room(names)
	if c.Early {
		f.left, right = right+sample, f.left
	}
	f.w = width - f.left - right
	f.top = d.Height + c.above(d, f, ruled)
	switch {
	case c.Square:
		f.w = min(f.w, 180)
		f.h = f.w
	case c.Y.Names != nil:
		f.h = max(60, 15*float64(len(c.Y.Names)))
	case c.Tall > 0:
		f.h = c.Tall
	}
	if c.Framed {
		for _, v := range []float64{f.left, f.top, f.w, f.h, f.x.Low, f.x.High, f.y.Low, f.y.High} {
			d.Frame += fmt.Sprintf(" %.5g", v)
		}
		d.Frame = d.Frame[1:]
	}
	c.grid(d, f, yTicks)
	for _, l := range c.Lines {
		d.path(l.Role.class(0)+" band", c.band(f, l))
	}
	c.rules(d, f, ruled)
	for i, l := range c.Lines {
		if l.Mark != "" {
			c.points(d, f, classes[i], l)
			continue
		}
		trace := path.Polyline(l.Y, func(k int) (x, y float64) { return f.px(c.X.at(l.X[k])), f.py(c.Y.at(l.Y[k])) })
		if l.Low != nil {
			d.path("halo", trace)
		}
		d.path(classes[i], trace)
	}
	c.dots(d, f)
	place(d, f, names, c.Early)
	d.Height = f.top + f.h + 20
	d.below(f.left+f.w, c.X.Label)
}

// classes returns the class of each line and of each rule.
func (c *Chart) classes() (lines, rules []string) {
	seen := make(map[Role]int)
	next := func(r Role) string {
		seen[r]++
		return r.class(seen[r] - 1)
	}
	for _, l := range c.Lines {
		lines = append(lines, next(l.Role))
	}
	for _, r := range c.Rules {
		rules = append(rules, next(cmp.Or(r.Role, Baseline)))
	}
	return lines, rules
}

// keys returns the legend: the points.
func (c *Chart) keys(classes []string) (keys []key) {
	for i, l := range c.Lines {
		if l.Mark != "" && l.Name != "" {
			keys = append(keys, key{classes[i] + " mark", "m9 0" + l.Mark, l.Name})
		}
	}
	return keys
}

// grid draws the axes, a line for each tick of y, and the labels of all ticks.
func (c *Chart) grid(d *drawing, f *frame, yTicks []label.Tick) {
	var grid strings.Builder
	for _, t := range yTicks {
		y := f.py(t.At)
		fmt.Fprintf(&grid, "M%sh%s", path.Pair(f.left, y), path.Num(f.w))
		class, x := "row soft end", f.left-4
		if c.Early {
			class, x = "row soft", f.left+f.w+4
		}
		d.text(class, x, y, label.Clip(t.Text, 104))
	}
	d.path("grid", grid.String())
	n := 6
	if c.Square { // the x axis has as many ticks as the y axis
		n = 5
	}
	var axis strings.Builder
	free := 0.0 // where the last label ends
	for _, t := range c.X.ticks(f.x, n) {
		at, half := f.px(t.At), label.Wide(t.Text)/2
		if x := min(at, width-1-half); x-half > free+4 {
			fmt.Fprintf(&axis, "M%sv4", path.Pair(at, f.top+f.h))
			d.text("soft mid", x, f.top+f.h+15, t.Text)
			free = x + half
		}
	}
	fmt.Fprintf(&axis, "M%sh%s", path.Pair(f.left, f.top+f.h), path.Num(f.w))
	d.path("axis", axis.String())
}

func (c *Chart) rules(d *drawing, f *frame, classes []string) {
	for i, r := range c.Rules {
		trace := "M" + path.Pair(f.left, f.py(c.Y.at(r.At))) + "h" + path.Num(f.w)
		switch {
		case r.Diagonal:
			low, high := max(f.x.Low, f.y.Low), min(f.x.High, f.y.High)
			trace = "M" + path.Pair(f.px(low), f.py(low)) + "L" + path.Pair(f.px(high), f.py(high))
		case r.Vertical:
			trace = "M" + path.Pair(f.px(c.X.at(r.At)), f.top) + "v" + path.Num(f.h)
		}
		d.path("rule "+classes[i], trace)
	}
}

// dots draws the points with names. A name stands above its point, or below it at the top of the chart.
func (c *Chart) dots(d *drawing, f *frame) {
	for _, p := range c.Dots {
		x, y := f.px(c.X.at(p.X)), f.py(c.Y.at(p.Y))
		if !path.Finite(x) || !path.Finite(y) {
			continue
		}
		d.path("dotted "+p.Role.class(0), "M"+path.Pair(x, y)+Ring)
		half := label.Wide(p.Name) / 2
		at := y - 8
		if at < f.top+10 {
			at = y + 17
		}
		d.text("on mid "+p.Role.class(0), min(max(x, f.left+half), f.left+f.w-half), at, p.Name)
	}
}

// band returns the outline of a line's band. It divides a long band into short parts, about 400 in all, and keeps
// the least and the greatest end of each.
func (c *Chart) band(f *frame, l Line) string {
	var trace, back string // back returns along the low ends
	few := max(1, len(l.Low)/400)
	for from := 0; from < len(l.Low); from += few {
		to := min(from+few, len(l.Low))
		low, high := f.py(c.Y.at(slices.Min(l.Low[from:to]))), f.py(c.Y.at(slices.Max(l.High[from:to])))
		if !path.Finite(low) || !path.Finite(high) {
			trace, back = trace+back, ""
			continue
		}
		pen := "L"
		if back == "" {
			pen, back = "M", "Z"
		}
		left, right := f.px(c.X.at(l.X[from])), f.px(c.X.at(l.X[to-1]))
		trace += pen + path.Pair(left, high) + "L" + path.Pair(right, high)
		back = "L" + path.Pair(right, low) + "L" + path.Pair(left, low) + back
	}
	return trace + back
}

// points draws marks over their error bars.
func (c *Chart) points(d *drawing, f *frame, class string, l Line) {
	var marks, bars strings.Builder
	for k, v := range l.X {
		x, y := f.px(c.X.at(v)), f.py(c.Y.at(l.Y[k]))
		if !path.Finite(x) || !path.Finite(y) {
			continue
		}
		marks.WriteString("M" + path.Pair(x, y) + l.Mark)
		if l.Bar == nil {
			continue
		}
		low, high := f.px(c.X.at(v-l.Bar[k])), min(f.px(c.X.at(v+l.Bar[k])), f.left+f.w)
		if !(low > f.left) { // or the bar reaches below 0 on a logarithmic axis
			low = f.left
		}
		if high-low > 0.3 {
			fmt.Fprintf(&bars, "M%sh%s", path.Pair(low, y), path.Num(high-low))
		}
	}
	d.path(class+" bar", bars.String())
	d.path(class+" mark", marks.String())
}

// spans returns the visible parts of the axes. They contain all numbers and a margin.
func (c *Chart) spans() (x, y path.Span) {
	x, y = path.Empty(), path.Empty()
	margin := 0.0
	take := func(px, py float64) {
		if px, py = c.X.at(px), c.Y.at(py); path.Finite(px) && path.Finite(py) {
			x.Take(px)
			y.Take(py)
		}
	}
	for _, l := range c.Lines {
		for i := range l.X {
			take(l.X[i], l.Y[i])
		}
		for _, v := range slices.Concat(l.Low, l.High) {
			y.Take(c.Y.at(v))
		}
		if l.Mark != "" {
			margin = 0.04
		}
	}
	for _, p := range c.Dots {
		take(p.X, p.Y)
	}
	for _, v := range c.X.Ends {
		x.Take(c.X.at(v))
	}
	for _, v := range c.Y.Ends {
		y.Take(c.Y.at(v))
	}
	for _, r := range c.Rules {
		if r.Vertical {
			x.Take(c.X.at(r.At))
		} else if !r.Diagonal {
			y.Take(c.Y.at(r.At))
		}
	}
	x.Open(margin)
	y.Open(0.04)
	if c.Y.Names != nil {
		y = path.Span{Low: -0.5, High: float64(len(c.Y.Names)) - 0.5}
	}
	if c.Square {
		x = path.Span{Low: min(x.Low, y.Low), High: max(x.High, y.High)}
		y = x
	}
	return x, y
}

// names returns the names that stand right of the chart.
func (c *Chart) names(classes, ruled []string) (all []name) {
	for i, l := range c.Lines {
		if l.Mark != "" || l.Name == "" {
			continue
		}
		end := -1
		for k, y := range l.Y {
			if (end < 0 || !c.Early) && path.Finite(c.Y.at(y)) && path.Finite(c.X.at(l.X[k])) {
				end = k
			}
		}
		if end >= 0 {
			all = append(all, name{class: classes[i], text: label.Clip(l.Name, nameMost), at: c.Y.at(l.Y[end])})
		}
	}
	for i, r := range c.Rules {
		if at := c.Y.at(r.At); r.Name != "" && !r.Vertical && !r.Diagonal && path.Finite(at) {
			all = append(all, name{class: ruled[i], text: label.Clip(r.Name, nameMost), at: at})
		}
	}
	sampled(all)
	return all
}

// above writes the names of vertical rules above the chart. It returns the height that they take.
func (c *Chart) above(d *drawing, f *frame, classes []string) float64 {
	type taken struct{ from, to float64 }
	var rows [][]taken
	for i, r := range c.Rules {
		if r.Name == "" || !r.Vertical {
			continue
		}
		text := label.Clip(r.Name, f.w)
		half, x := label.Wide(text)/2, f.px(c.X.at(r.At))
		x = min(max(x, f.left+half), f.left+f.w-half)
		row := 0
		for row < len(rows) && slices.ContainsFunc(rows[row], func(t taken) bool { return x-half < t.to && t.from < x+half }) {
			row++
		}
		if row == len(rows) {
			rows = append(rows, nil)
		}
		rows[row] = append(rows[row], taken{x - half, x + half})
		d.text("mid "+classes[i], x, d.Height+11+nameRow*float64(row), text)
	}
	return 6 + nameRow*float64(len(rows))
}
