package plot

import (
	"strconv"
	"strings"
)

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

// frame returns the path around all cells.
func (b box) frame() string {
	return rectangle(b.left, b.top, b.w*float64(b.cols), b.h*float64(b.rows))
}

const gap = -tints - 1 // in place of a tint: there is no number

// runs calls f with the path of each run of cells in a row that have the same tint.
func (b box) runs(tint func(r, c int) int, f func(tint int, path string)) {
	for r := range b.rows {
		for c := 0; c < b.cols; {
			first, k := c, tint(r, c)
			for c < b.cols && tint(r, c) == k {
				c++
			}
			x, y := b.corner(r, first)
			f(k, rectangle(x, y, b.w*float64(c-first)+0.1, b.h+0.1))
		}
	}
}

// cells draws a heat map, with one path for all cells of a tint.
func (b box) cells(d *drawing, strip Strip) {
	var paths [2*tints + 1]strings.Builder
	var gaps strings.Builder
	b.runs(func(r, c int) int {
		if v := strip.Rows[r][c]; finite(v) {
			return strip.Scale.tint(v)
		}
		return gap
	}, func(k int, path string) {
		if k == gap {
			gaps.WriteString(path)
		} else {
			paths[tints+k].WriteString(path)
		}
	})
	if strip.Dots {
		d.path("gap", gaps.String())
	}
	for i := range paths {
		d.tinted(strip.Scale.Role, i-tints, paths[i].String())
	}
	d.path("axis", b.frame())
}

// borders draws the edges and slashes of a strip.
func (b box) borders(d *drawing, strip Strip) {
	var path strings.Builder
	at := func(r, c int) bool { return r >= 0 && c >= 0 && r < b.rows && c < b.cols && strip.Edge[r][c] }
	line := func(r, c int, way string) { path.WriteString("M" + pair(b.corner(r, c)) + way) }
	for r := 0; strip.Edge != nil && !strip.Apart && r <= b.rows; r++ {
		for c := 0; c <= b.cols; c++ {
			if at(r, c) != at(r-1, c) {
				line(r, c, "h"+num(b.w))
			}
			if at(r, c) != at(r, c-1) {
				line(r, c, "v"+num(b.h))
			}
		}
	}
	for r := 0; strip.Apart && r < b.rows; r++ {
		for c := range b.cols {
			if x, y := b.corner(r, c); at(r, c) {
				const in = 1
				path.WriteString(rectangle(x+in, y+in, b.w-2*in, b.h-2*in))
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

// tinted draws a path in tint k of a scale's role. Tint 0 is white and needs no path.
func (d *drawing) tinted(role Role, k int, path string) {
	if k == 0 || path == "" {
		return
	}
	class := map[Role][2]string{Backward: {"back", "back"}, Within: {"in", "out"}}[role]
	if class[0] == "" {
		class = [2]string{"plus", "minus"}
	}
	i := 0
	if k < 0 {
		i, k = 1, -k
	}
	d.Elements = append(d.Elements, element{Class: class[i], Path: path, Opacity: strconv.FormatFloat(float64(k)/tints, 'f', 2, 64)})
}
