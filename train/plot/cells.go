package plot

import (
	"strconv"
	"strings"

	"lstm/train/plot/path"
)

const gap = -tints - 1 // in place of a tint: there is no number

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

// borders draws the edges and slashes of a strip.
func (d *drawing) borders(b path.Box, strip Strip) {
	var trace strings.Builder
	at := func(r, c int) bool { return r >= 0 && c >= 0 && r < b.Rows && c < b.Cols && strip.Edge[r][c] }
	line := func(r, c int, way string) { trace.WriteString("M" + path.Pair(b.Corner(r, c)) + way) }
	for r := 0; strip.Edge != nil && !strip.Apart && r <= b.Rows; r++ {
		for c := 0; c <= b.Cols; c++ {
			if at(r, c) != at(r-1, c) {
				line(r, c, "h"+path.Num(b.W))
			}
			if at(r, c) != at(r, c-1) {
				line(r, c, "v"+path.Num(b.H))
			}
		}
	}
	for r := 0; strip.Apart && r < b.Rows; r++ {
		for c := range b.Cols {
			if x, y := b.Corner(r, c); at(r, c) {
				const in = 1
				trace.WriteString(path.Rectangle(x+in, y+in, b.W-2*in, b.H-2*in))
			}
		}
	}
	for r, row := range strip.Slash {
		for c, yes := range row {
			if yes {
				line(r+1, c, "l"+path.Pair(b.W, -b.H))
			}
		}
	}
	d.path("halo", trace.String())
	d.path("edge", trace.String())
}

// tinted draws a path in tint k of a scale's role. Tint 0 is white and needs no path.
func (d *drawing) tinted(role Role, k int, trace string) {
	if k == 0 || trace == "" {
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
	d.Elements = append(d.Elements, element{Class: class[i], Path: trace, Opacity: strconv.FormatFloat(float64(k)/tints, 'f', 2, 64)})
}
