// Package place finds what the arrays of a program can be in an LSTM: weights of the gates, biases, peepholes, a readout,
// an embedding, states. The shapes decide, the number of parameters, and what x, target and the states of the file allow.
// Several places can be left. Each has a cost: what is usual, and what the names tell of, costs nothing.
//
// # Shapes
//
// An array has axes, in any order: for the gates their number, what the rows belong to (inputs x, units h, a bias 1), and
// the units. Two axes next to each other may be one axis of the array, as in (K,4H). Axes of length 1 do not count.
// An array of sequences has the axes n (sequences), r (rows: the steps) and k (numbers of a row).
package place

import (
	"math"
	"slices"

	"lstm/check/given"
	"lstm/check/given/convention/names"
)

// A Form is what an array can be. Its columns lead to the gates 'g', to the outputs 'y', to the inputs 'e' (an
// embedding has a row for each symbol), or to the states 'h' and 'c'. Rows has what its rows belong to, in the possible
// orders: x inputs, h units, 1 a bias, p a peephole, v symbols.
type Form struct {
	To   byte     // what the columns lead to
	Rows []string // what the rows belong to
}

var forms = []Form{
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
	Sizes
	params []given.Array
	placed []Placed
	used   map[string]int // how many units have a form
	cost   int
	found  []*Place
}

// A Placed unit has its form, and the layouts that its shape allows.
type Placed struct {
	names.Unit
	Form
	Layouts []Layout // one is right
}

// A Layout is one way to find the rows and columns of a unit in its arrays. With one array for all gates, the axes
// are gate, row, column; else row, column.
type Layout struct {
	Rows  string // what the rows belong to, in their order
	Axes  []int  // outermost first
	Steps []int  // how far apart neighbours on each axis are
	Size  []int  // of each axis
	Cost  int    // 0 for usual layouts
}

// Slots returns how many gates are in one array.
func (l *Layout) Slots() int {
	if len(l.Size) > 2 {
		return l.Size[0]
	}
	return 1
}

// A Place is a role for each array.
type Place struct {
	Sizes
	Peephole bool     // an array has peepholes
	Units    []Placed // all arrays
	Cost     int      // 0 for the most usual place
}

// Height returns how many rows there are, for a text like xh1.
func (z *Sizes) Height(rows string) (n int) {
	for _, c := range rows {
		switch c {
		case 'x':
			n += z.X
		case 'h':
			n += z.H
		case 'v':
			n += z.Symbols
		default:
			n++
		}
	}
	return n
}

// Width returns how many columns lead to the gates, the outputs, ….
func (z *Sizes) Width(to byte) int {
	switch to {
	case 'y':
		return z.O
	case 'e':
		return z.X
	}
	return z.H
}

// layouts returns the ways in which a unit can have a form. All arrays of a unit have the same shape.
func (z *placer) layouts(u names.Unit, f Form) (all []Layout) {
	shape := z.params[u.Arrays[0]].Shape
	gates := z.Gates
	if f.Rows[0] == "p" {
		gates = 3
	}
	if len(u.Arrays) > 1 && (f.To != 'g' || len(u.Arrays) != gates) {
		return nil
	}
	least := math.MaxInt
	for _, rows := range f.Rows {
		size := []int{z.Height(rows), z.Width(f.To)}
		usual := func(outer, inner int) bool { return false }
		if len(u.Arrays) == 1 && f.To == 'g' {
			size = slices.Insert(size, 0, gates)
			usual = func(outer, inner int) bool { return outer == 0 && inner == 2 || rows == "11" && outer == 1 }
		}
		for _, o := range orders(shape, size, usual) {
			if rows == "11" && o.axes[0] != 1 {
				o.cost += 2
			}
			all = append(all, Layout{Rows: rows, Axes: o.axes, Steps: o.strides(size), Size: size, Cost: o.cost})
			least = min(least, o.cost)
		}
	}
	for k := range all {
		all[k].Cost -= least
	}
	return all
}

// fill places the units from number k on.
func (z *placer) fill(units []names.Unit, k int) {
	if k == len(units) {
		z.add()
		return
	}
	for _, f := range forms {
		key := string(f.To) + f.Rows[0]
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
		z.placed = append(z.placed, Placed{units[k], f, layouts})
		z.fill(units, k+1)
		z.placed = z.placed[:len(z.placed)-1]
		z.cost -= cost
		z.used[key]--
	}
}

// free reports whether a form is still to be given away.
func (z *placer) free(f Form) bool {
	u := z.used
	switch string(f.To) + f.Rows[0] {
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
		return u["gp"] == 0 && z.Gates == 4
	case "yh", "yh1":
		return !z.NoReadout && u["yh"]+u["yh1"] == 0
	case "y1":
		return !z.NoReadout && u["y1"]+u["yh1"] == 0
	case "ev":
		return z.Symbols > 0 && u["ev"] == 0
	}
	return u[string(f.To)+f.Rows[0]] == 0 // states
}

// wanted reports whether the names of a unit allow a form. Only states and peepholes must be called so.
func wanted(f Form, u names.Unit) bool {
	if f.To == 'h' || f.To == 'c' {
		return u.State() == f.To
	}
	return len(u.Gates) == 0 || f.To == 'g'
}

// add keeps what has been placed, if it is a whole LSTM.
func (z *placer) add() {
	u := z.used
	weights := u["gxh"]+u["gxh1"] == 1 || u["gx"]+u["gx1"] == 1 && u["gh"] == 1
	readout := z.NoReadout || u["yh"]+u["yh1"] == 1
	if !weights || !readout || u["ev"] == 0 && z.Symbols > 0 || u["y1"] > 0 && u["yh"] == 0 {
		return
	}
	z.found = append(z.found, &Place{z.Sizes, u["gp"] == 1, slices.Clone(z.placed), z.cost + z.Seq.cost})
}

// All returns the places for the parameters of a file, the cheapest ones first. The cheapest one costs nothing. The file must
// have x.
func All(d *given.Dump) (all []*Place) {
	lengths := dims(d.Params)
	for _, p := range names.Partitions(d.Params) {
		for _, seq := range sequences(d.Known["x"]) {
			for _, z := range seq.networks(d, lengths) {
				z := &placer{Sizes: z, params: d.Params, used: make(map[string]int), cost: p.Cost + z.strangers(d)}
				z.fill(p.Units, 0)
				all = append(all, z.found...)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b *Place) int { return a.Cost - b.Cost })
	for k := len(all) - 1; k >= 0; k-- {
		all[k].Cost -= all[0].Cost
	}
	return all
}
