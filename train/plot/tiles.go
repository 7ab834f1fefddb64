package plot

import (
	"math"
	"slices"
	"strings"

	"lstm/train/plot/label"
	"lstm/train/plot/path"
)

// Tiles are matrices of error ÷ allowed side by side, all on one scale: blue for an error within what is allowed,
// orange above it, dotted where it is not known.
type Tiles struct {
	Title, About string // as in a Chart
	Tiles        []Tile // from left to right, in rows
}

// A Tile is a matrix of error ÷ allowed.
type Tile struct {
	Name       string      // above the matrix
	Rows, Cols []string    // names of rows and columns; nil: none
	Share      [][]float64 // error ÷ allowed; NaN: not measured
	Open       [][]bool    // true: measured, but not judged
	Break      bool        // the tile begins a new row
	Tips       []string    // what a script tells of each cell, row by row; nil: nothing
}

const cellMost = 14.0 // the greatest size of a cell

func (t *Tiles) draw(d *drawing) {
	size := t.size()
	x, tall, margin := 0.0, 0.0, 0.0
	for _, tile := range t.Tiles {
		margin = max(margin, tile.left())
	}
	var open, missing bool
	for i, tile := range t.Tiles {
		left, w := tile.left(), tile.wide(size, tile.left())
		if i > 0 && (tile.Break || x+left+max(w, label.Wide(tile.Name)) > width) {
			d.Height += tall + 10
			x, tall = 0, 0
		}
		if x == 0 { // the first tiles of all rows begin at the same place
			left, w = margin, tile.wide(size, margin)
		}
		b := path.Box{Left: x + left, Top: d.Height + 17, W: w / float64(len(tile.Share[0])), H: size, Rows: len(tile.Share), Cols: len(tile.Share[0])}
		o, m := tile.draw(d, b)
		open, missing = open || o, missing || m
		h := 17 + size*float64(len(tile.Share))
		if tile.Cols != nil {
			h += 13
		}
		x, tall = x+left+max(w, label.Wide(tile.Name))+14, max(tall, h)
	}
	d.Height += tall + 6
	shareKey(d, open, missing)
}

// size returns the size of a cell, so that the tiles of the first row fit. If no row is broken, each tile fits.
func (t *Tiles) size() float64 {
	size, cols, rest, cells := cellMost, 0, 0.0, 0
	broken := slices.ContainsFunc(t.Tiles, func(t Tile) bool { return t.Break })
	for i, tile := range t.Tiles {
		if i > 0 && tile.Break {
			break
		}
		if !broken {
			cols, rest = 0, 0
		}
		cols, rest = cols+len(tile.Share[0]), rest+tile.left()+14
		cells += len(tile.Share) * len(tile.Share[0])
		size = min(size, (width-rest)/float64(cols))
	}
	return max(1, math.Floor(10*min(size, math.Sqrt(60_000/float64(cells))))/10)
}

// left returns the width of the names of the rows.
func (t *Tile) left() (w float64) {
	for _, name := range t.Rows {
		w = max(w, 5+label.Wide(label.Clip(name, nameRoom)))
	}
	return w
}

func (t *Tile) wide(size, left float64) float64 {
	return min(size*float64(len(t.Share[0])), width-left-4)
}

// draw draws a tile. It reports whether an entry is not judged, and whether one is not measured.
func (t *Tile) draw(d *drawing, b path.Box) (open, missing bool) {
	d.text("", b.Left, b.Top-5, label.Clip(t.Name, width-b.Left))
	var paths [2*tints + 1]strings.Builder
	var unknown, wrong, struck strings.Builder
	b.Runs(func(r, c int) int {
		if v := t.Share[r][c]; !math.IsNaN(v) && !t.Open[r][c] {
			return shade(v)
		}
		return gap
	}, func(k int, trace string) {
		if k == gap {
			unknown.WriteString(trace)
		} else {
			paths[tints+k].WriteString(trace)
		}
	})
	for r, row := range t.Share {
		for c, v := range row {
			x, y := b.Corner(r, c)
			switch {
			case t.Open[r][c]:
				open = true
				struck.WriteString("M" + path.Pair(x, y+b.H) + "l" + path.Pair(b.W, -b.H))
			case math.IsNaN(v):
				missing = true
			case v > 1 && b.W > 4:
				wrong.WriteString("M" + path.Pair(x+0.6, y+0.6) + "h" + path.Num(b.W-1.2) + "v" + path.Num(b.H-1.2) + "h" + path.Num(1.2-b.W) + "z")
			}
		}
	}
	d.path("gap", unknown.String())
	for i := range paths {
		d.tinted(Within, i-tints, paths[i].String())
	}
	d.path("axis", b.Frame())
	d.path("frame", wrong.String())
	d.path("edge", struck.String())
	names(t.Rows, 11/b.H, func(i int, name string) {
		d.text("row soft end", b.Left-4, b.Top+b.H*(float64(i)+0.5), label.Clip(name, nameRoom))
	})
	most := 0.0
	for _, name := range t.Cols {
		most = max(most, label.Wide(name))
	}
	names(t.Cols, (most+2)/b.W, func(i int, name string) {
		if x := max(b.Left+b.W*(float64(i)+0.5), label.Wide(name)/2); x+label.Wide(name)/2 < width {
			d.text("soft mid", x, b.Top+b.H*float64(b.Rows)+12, name)
		}
	})
	if t.Tips != nil {
		d.Elements = append(d.Elements, element{Class: t.Name, Tips: strings.Join(t.Tips, "\n"), Cols: b.Cols, X: path.Num(b.Left), Y: path.Num(b.Top), W: path.Num(b.W * float64(b.Cols)), H: path.Num(b.H * float64(b.Rows))})
	}
	return open, missing
}

// names calls f with the names that have room: every name, every second, every fifth, and so on. room is the number
// of cells that a name takes.
func names(all []string, room float64, f func(i int, name string)) {
	every := 1
	for _, n := range []int{1, 2, 5, 10, 20, 50, 100, 200, 500, 1000} {
		if every = n; float64(n) >= room {
			break
		}
	}
	for i := 0; i < len(all); i += every {
		if name := all[i]; name != "" {
			f(i, name)
		}
	}
}

// shade returns the tint of error ÷ allowed: positive up to 1, negative above. The tint jumps at 1, as the verdict does.
func shade(v float64) int {
	p := min(6, max(-6, math.Log10(v)))
	if v <= 1 {
		return 2 + int(math.Round((p+6)/6*7))
	}
	return -9 - int(math.Round(p/6*7))
}

// shareKey draws the key of error ÷ allowed.
func shareKey(d *drawing, open, missing bool) {
	const box = 8.0
	x, y := 2.0, d.Height+4
	word := func(side, text string) { // beside the tints, at the end of its place, in the middle or at the beginning
		w := label.Wide(text)
		d.text("soft "+side, x+map[string]float64{"end": w, "mid": w / 2}[side], y+9, text)
		x += w + 5
	}
	ramp := func(from, to float64) {
		first := x
		for p := from; p <= to; p++ {
			d.tinted(Within, shade(math.Pow(10, p)), "M"+path.Pair(x, y)+"h8v8h-8z")
			x += box
		}
		d.path("axis", path.Rectangle(first, y, x-first, box))
		x += 5
	}
	word("end", "error ÷ allowed: 10⁻⁶")
	ramp(-6, 0)
	word("mid", "1")
	ramp(1, 6)
	word("", "10⁶, wrong")
	if open || missing {
		x, y = 2, y+16
		d.Height += 16
	}
	blank := func(yes bool, strike, text string) {
		if yes {
			d.path("gap", path.Rectangle(x, y, box, box))
			d.path("axis", path.Rectangle(x, y, box, box))
			d.path("edge", strike)
			x += box + 5
			word("", text)
			x += 8
		}
	}
	blank(open, "M"+path.Pair(x, y+box)+"l8 -8", "not proven")
	blank(missing, "", "not measured")
	d.Height += 20
}
