package convention

import (
	"slices"

	"lstm/check/given"
)

// A form is what an array can be. Its columns lead to the gates 'g', to the outputs 'y', to the inputs 'e' (an
// embedding has a row for each symbol), or to the states 'h' and 'c'. rows has what its rows belong to, in the possible
// orders: x inputs, h units, 1 a bias, p a peephole, v symbols.
type form struct {
	to   byte
	rows []string
}

var forms = []form{
	{'g', []string{"xh", "hx"}},
	{'g', []string{"xh1", "1xh", "hx1", "1hx"}},
	{'g', []string{"x"}},
	{'g', []string{"h"}},
	{'g', []string{"1"}},
	{'g', []string{"x1", "1x"}},
	{'g', []string{"11"}},
	{'g', []string{"p"}},
	{'y', []string{"h"}},
	{'y', []string{"h1", "1h"}},
	{'y', []string{"1"}},
	{'e', []string{"v"}},
	{'h', []string{"1"}},
	{'c', []string{"1"}},
}

// A placer gives each array a role, in all ways.
type placer struct {
	sizes
	params []given.Array
	placed []placed
	used   map[string]int // how many units have a form
	cost   int
	found  []*place
}

// A placed unit has its form, and the layouts that its shape allows.
type placed struct {
	unit
	form
	layouts []layout
}

// A layout is one way to find the rows and columns of a unit in its arrays. With one array for all gates, the axes
// are gate, row, column; else row, column.
type layout struct {
	rows  string
	order order
	steps []int // how far apart neighbours on each axis are
	size  []int // of each axis
}

// A place is a role for each array.
type place struct {
	sizes
	peephole bool
	units    []placed
	cost     int
}

// height returns the number of rows.
func (z *sizes) height(rows string) (n int) {
	for _, c := range rows {
		switch c {
		case 'x':
			n += z.X
		case 'h':
			n += z.H
		case 'v':
			n += z.symbols
		default:
			n++
		}
	}
	return n
}

func (z *sizes) width(to byte) int {
	switch to {
	case 'y':
		return z.O
	case 'e':
		return z.X
	}
	return z.H
}

// layouts returns the ways in which a unit can have a form. All arrays of a unit have the same shape.
func (z *placer) layouts(u unit, f form) (all []layout) {
	shape := z.params[u.arrays[0]].Shape
	gates := z.gates
	if f.rows[0] == "p" {
		gates = 3
	}
	if len(u.arrays) > 1 && (f.to != 'g' || len(u.arrays) != gates) {
		return nil
	}
	for _, rows := range f.rows {
		size := []int{z.height(rows), z.width(f.to)}
		usual := func(outer, inner int) bool { return false }
		if len(u.arrays) == 1 && f.to == 'g' {
			size = slices.Insert(size, 0, gates)
			usual = func(outer, inner int) bool { return outer == 0 && inner == 2 || rows == "11" && outer == 1 }
		}
		for _, o := range orders(shape, size, usual) {
			if rows == "11" && o.axes[0] != 1 {
				o.cost += 2
			}
			all = append(all, layout{rows: rows, order: o, steps: o.strides(size), size: size})
		}
	}
	return all
}

// fill places the units from number k on.
func (z *placer) fill(units []unit, k int) {
	if k == len(units) {
		z.add()
		return
	}
	for _, f := range forms {
		key := string(f.to) + f.rows[0]
		if !z.free(f) || !wanted(f, units[k]) {
			continue
		}
		layouts := z.layouts(units[k], f)
		if layouts == nil {
			continue
		}
		cost := hint(units[k], f) + later(z.placed, units[k], f)
		z.used[key]++
		z.cost += cost
		z.placed = append(z.placed, placed{units[k], f, layouts})
		z.fill(units, k+1)
		z.placed = z.placed[:len(z.placed)-1]
		z.cost -= cost
		z.used[key]--
	}
}

// free reports whether a form is still to be given away.
func (z *placer) free(f form) bool {
	u := z.used
	switch string(f.to) + f.rows[0] {
	case "gxh":
		return u["gxh"]+u["gxh1"]+u["gx"]+u["gh"]+u["gx1"] == 0
	case "gxh1":
		return u["gxh"]+u["gxh1"]+u["gx"]+u["gh"]+u["gx1"]+u["g1"]+u["g11"] == 0
	case "gx":
		return u["gxh"]+u["gxh1"]+u["gx"]+u["gx1"] == 0
	case "gx1":
		return u["gxh"]+u["gxh1"]+u["gx"]+u["gx1"]+u["g1"]+u["g11"] == 0
	case "gh":
		return u["gxh"]+u["gxh1"]+u["gh"] == 0
	case "g1":
		return u["gxh1"]+u["gx1"]+u["g11"] == 0 && u["g1"] < 2
	case "g11":
		return u["gxh1"]+u["gx1"]+u["g11"]+u["g1"] == 0
	case "gp":
		return u["gp"] == 0 && z.gates == 4
	case "yh", "yh1":
		return !z.noReadout && u["yh"]+u["yh1"] == 0
	case "y1":
		return !z.noReadout && u["y1"]+u["yh1"] == 0
	case "ev":
		return z.symbols > 0 && u["ev"] == 0
	}
	return u[string(f.to)+f.rows[0]] == 0 // states
}

// wanted reports whether the names of a unit allow a form. Only states and peepholes must be called so.
func wanted(f form, u unit) bool {
	if f.to == 'h' || f.to == 'c' {
		return stateName(u) == f.to
	}
	return len(u.gates) == 0 || f.to == 'g'
}

// add keeps what has been placed, if it is a whole LSTM.
func (z *placer) add() {
	u := z.used
	weights := u["gxh"]+u["gxh1"] == 1 || u["gx"]+u["gx1"] == 1 && u["gh"] == 1
	readout := z.noReadout || u["yh"]+u["yh1"] == 1
	if !weights || !readout || u["ev"] == 0 && z.symbols > 0 || u["y1"] > 0 && u["yh"] == 0 {
		return
	}
	z.found = append(z.found, &place{z.sizes, u["gp"] == 1, slices.Clone(z.placed), z.cost + z.seq.cost})
}
