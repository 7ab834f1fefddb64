// Package path writes the paths of SVG: lines, rectangles, and the cells of a heat map.
package path

import (
	"math"
	"strconv"
	"strings"
)

// Num formats a coordinate.
func Num(x float64) string { return strconv.FormatFloat(math.Round(x*10)/10, 'f', -1, 64) }

// Pair formats the coordinates of a point.
func Pair(x, y float64) string { return Num(x) + " " + Num(y) }

// Polyline returns the path of a line through the points at(i). ys are the heights of the points. It
// divides a long line into short parts and keeps the least and the greatest of each, about 800 in all.
func Polyline(ys []float64, at func(i int) (x, y float64)) string {
	var b strings.Builder
	pen := "M"
	draw := func(i int) {
		if x, y := at(i); Finite(x) && Finite(y) {
			b.WriteString(pen + Pair(x, y))
			pen = "L"
		} else {
			pen = "M"
		}
	}
	few := max(1, 2*len(ys)/800)
	for from := 0; from < len(ys); from += few {
		low, high := from, from
		for i := from; i < min(from+few, len(ys)); i++ {
			if ys[i] < ys[low] {
				low = i
			}
			if ys[i] > ys[high] {
				high = i
			}
		}
		if draw(min(low, high)); low != high {
			draw(max(low, high))
		}
	}
	path := b.String()
	if path != "" && !strings.Contains(path, "L") { // lonely points would not show
		const dash = "m-2 0h4"
		return "M" + strings.ReplaceAll(path[1:], "M", dash+"M") + dash
	}
	return path
}

// Rectangle returns the path of a rectangle with its top left corner at (x, y).
func Rectangle(x, y, w, h float64) string {
	return "M" + Pair(x, y) + "h" + Num(w) + "v" + Num(h) + "h" + Num(-w) + "z"
}

// A Box is the place of a heat map.
type Box struct {
	Left, Top  float64 // its top left corner
	W, H       float64 // the size of a cell
	Rows, Cols int     // how many cells there are
}

// Corner returns the top left corner of a cell.
func (b Box) Corner(r, c int) (x, y float64) {
	return b.Left + b.W*float64(c), b.Top + b.H*float64(r)
}

// Frame returns the path around all cells.
func (b Box) Frame() string {
	return Rectangle(b.Left, b.Top, b.W*float64(b.Cols), b.H*float64(b.Rows))
}

// Runs calls f with the path of each run of cells in a row that have the same tint.
func (b Box) Runs(tint func(r, c int) int, f func(tint int, path string)) {
	for r := range b.Rows {
		for c := 0; c < b.Cols; {
			first, k := c, tint(r, c)
			for c < b.Cols && tint(r, c) == k {
				c++
			}
			x, y := b.Corner(r, first)
			f(k, Rectangle(x, y, b.W*float64(c-first)+0.1, b.H+0.1))
		}
	}
}

// Finite reports whether a number has a place in a figure.
func Finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// Borders returns the lines between the true cells of edge and the false ones or, if apart is true, a border inside of each
// true cell; and a cross in each true cell of slash. Both may be nil.
func (b Box) Borders(edge [][]bool, apart bool, slash [][]bool) string {
	var trace strings.Builder
	at := func(r, c int) bool { return r >= 0 && c >= 0 && r < b.Rows && c < b.Cols && edge[r][c] }
	line := func(r, c int, way string) { trace.WriteString("M" + Pair(b.Corner(r, c)) + way) }
	for r := 0; edge != nil && !apart && r <= b.Rows; r++ {
		for c := 0; c <= b.Cols; c++ {
			if at(r, c) != at(r-1, c) {
				line(r, c, "h"+Num(b.W))
			}
			if at(r, c) != at(r, c-1) {
				line(r, c, "v"+Num(b.H))
			}
		}
	}
	for r := 0; edge != nil && apart && r < b.Rows; r++ {
		for c := range b.Cols {
			if x, y := b.Corner(r, c); at(r, c) {
				const in = 1
				trace.WriteString(Rectangle(x+in, y+in, b.W-2*in, b.H-2*in))
			}
		}
	}
	for r, row := range slash {
		for c, yes := range row {
			if yes {
				x, y := b.Corner(r, c)
				trace.WriteString("M" + Pair(x+b.W/2, y+b.H/2) + "m-4 -4l8 8m0 -8l-8 8")
			}
		}
	}
	return trace.String()
}
