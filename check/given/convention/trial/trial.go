// Package trial makes the choices that shapes and names leave open, and computes with them. A Trial is one network: the
// numbers of the file in the vector of package pass. Its map from the file to the vector is linear: an entry is
// a term of one number of the vector, or of several. The transpose of the map takes the gradient of the vector to the
// gradient of the file.
package trial

import (
	"math/rand/v2"

	"lstm/check/chain"
	"lstm/check/given"
	"lstm/check/given/convention/place"
	"lstm/check/pass"
	"lstm/check/scalar"
)

// A family tells what becomes of a gate that has no arrays.
type family int

const (
	full     family = iota // all four gates have arrays
	coupledF               // i = 1 − f
	coupledI               // f = 1 − i
	noForget               // f = 1
	noOutput               // o = 1
)

// missing is the gate without arrays.
var missing = [...]int{full: -1, coupledF: pass.I, coupledI: pass.F, noForget: pass.F, noOutput: pass.O}

// tied says which gate is 1 minus another.
var tied = [...]pass.Tied{coupledF: pass.TiedI, coupledI: pass.TiedF, noOutput: pass.Untied}

// letters has the letters of the gates.
var letters = [4]string{pass.I: "i", pass.F: "f", pass.O: "o", pass.G: "g"}

// makes reports whether the arrays of a gate make the missing gate, too.
func (f family) makes(gate int) bool {
	return f == coupledF && gate == pass.F || f == coupledI && gate == pass.I
}

// open is a z at which σ is 1, to the last bit.
const open = 40

// A cell has what neither shapes nor names tell of the cell.
type cell struct {
	linear bool    // h = o·c
	hard   float64 // as in pass.Kind
	forget float64 // is added to the z of the forget gate
}

// A Trial is a place with all choices made: one network with the numbers of the file.
type Trial struct {
	*place.Place
	Cost   int // what all choices cost together
	cell   cell
	family family
	order  []int // of the gates, where the names do not tell
	pick   []int // the layout of each unit
}

// Net returns the network, for a loss.
func (t *Trial) Net(loss pass.Loss, per float64) pass.Net {
	return pass.Net{Net: scalar.Net{X: t.X, H: t.H, O: t.O, T: t.Seq.T}, N: t.Seq.N,
		Kind: pass.Kind{Linear: t.cell.linear, Tied: tied[t.family], Hard: t.cell.hard, Peephole: t.Peephole, Loss: loss, Per: per}}
}

// each calls visit for each entry of each parameter and each number of V that it is a term of.
func (t *Trial) each(visit func(array, entry int, term chain.Term)) {
	n := t.Net(pass.Sum, 1)
	var terms []chain.Term
	for k := range t.Units {
		u := &t.Units[k]
		l := &u.Layouts[t.pick[k]]
		for slot := range max(len(u.Arrays), l.Slots()) {
			array, from, steps := u.Arrays[0], 0, l.Steps
			if len(u.Arrays) > 1 {
				array = u.Arrays[slot]
			} else if len(steps) > 2 {
				from, steps = slot*steps[0], steps[1:]
			}
			for r, row := range rowsOf(&t.Sizes, l.Rows) {
				for col := range t.Width(u.To) {
					terms = t.terms(terms[:0], &n, u, slot, row, col)
					for _, term := range terms {
						visit(array, from+r*steps[0]+col*steps[1], term)
					}
				}
			}
		}
	}
}

// A row of a matrix belongs to input k, unit k, symbol k, a bias or a peephole.
type row struct {
	of byte
	k  int
}

func rowsOf(z *place.Sizes, rows string) (all []row) {
	for i := range len(rows) {
		for k := range z.Height(rows[i : i+1]) {
			all = append(all, row{rows[i], k})
		}
	}
	return all
}

// terms appends the numbers of V that an entry is a term of.
func (t *Trial) terms(all []chain.Term, n *pass.Net, u *place.Placed, slot int, row row, col int) []chain.Term {
	add := func(index int, times float64) { all = append(all, chain.Term{Index: index, Times: times}) }
	switch {
	case u.To == 'g':
		gate := t.gate(u, slot)
		add(gateIndex(n, gate, row, col), 1)
		if t.family.makes(gate) {
			add(gateIndex(n, missing[t.family], row, col), -1) // 1 − σ(z) is σ(−z)
		}
	case u.To == 'y' && row.of == 'h':
		add(n.Wy(row.k, col), 1)
	case u.To == 'y':
		add(n.By(col), 1)
	default:
		for s := range t.Seq.N {
			own := n.Sequence(s)
			switch u.To {
			case 'h':
				add(n.H0(col)+own, 1)
			case 'c':
				add(n.C0(col)+own, 1)
			case 'e':
				for step := range t.Seq.T {
					if t.Seq.Symbol(s, step) == row.k {
						add(n.In(step, col)+own, 1)
					}
				}
			}
		}
	}
	return all
}

// gate returns the gate of an array, or of a part of an array.
func (t *Trial) gate(u *place.Placed, slot int) int {
	if len(u.Gates) > 0 {
		return u.Gates[slot]
	}
	for k, gate := range t.order {
		if u.Rows[0] == "p" && gate == pass.G {
			continue
		}
		if slot--; slot < 0 {
			return t.order[k]
		}
	}
	panic("trial: no such gate")
}

func gateIndex(n *pass.Net, gate int, row row, col int) int {
	switch row.of {
	case 'x':
		return n.W(gate, row.k, col)
	case 'h':
		return n.W(gate, n.X+row.k, col)
	case 'p':
		return n.Peep(gate, col)
	}
	return n.B(gate, col)
}

// Vector returns V. With a random stream, each number of the file is moved within its bar.
func (t *Trial) Vector(d *given.Dump, rng *rand.Rand) []float64 {
	n := t.Net(pass.Sum, 1)
	v := make([]float64, n.Len())
	read := func(x *given.Array, i int) float64 {
		if rng == nil || x.Bar == nil {
			return x.Data[i]
		}
		return x.Data[i] + x.Bar[i]*(2*rng.Float64()-1)
	}
	moved := make([][]float64, len(d.Params)) // an entry may be a term of several numbers
	for k := range d.Params {
		moved[k] = make([]float64, len(d.Params[k].Data))
		for i := range moved[k] {
			moved[k][i] = read(&d.Params[k], i)
		}
	}
	t.each(func(array, entry int, term chain.Term) { v[term.Index] += term.Times * moved[array][entry] })
	t.constants(&n, v)
	h0, c0 := t.Seq.State(d.Known["h0"], t.H), t.Seq.State(d.Known["c0"], t.H)
	for s := range n.N {
		own := n.Sequence(s)
		for j := range t.H {
			if h0 != nil {
				v[n.H0(j)+own] += read(h0.Array, h0.At(s, 0, j))
			}
			if c0 != nil {
				v[n.C0(j)+own] += read(c0.Array, c0.At(s, 0, j))
			}
		}
		for step := range n.T {
			if t.Seq.Symbols && t.Symbols == 0 {
				v[n.In(step, t.Seq.Symbol(s, step))+own] = 1
			}
			for k := range n.X {
				if !t.Seq.Symbols {
					v[n.In(step, k)+own] = read(d.Known["x"], t.Seq.Input.At(s, step, k))
				}
			}
		}
	}
	return v
}

// constants adds the numbers of V that no array has.
func (t *Trial) constants(n *pass.Net, v []float64) {
	for j := range t.H {
		if missing[t.family] >= 0 && t.family != coupledF && t.family != coupledI {
			v[n.B(missing[t.family], j)] = open
		}
		if t.family == noForget {
			continue
		}
		v[n.B(pass.F, j)] += t.cell.forget
		if t.family == coupledF || t.family == coupledI {
			v[n.B(pass.I, j)] -= t.cell.forget
		}
	}
	for m := range t.O {
		if t.NoReadout {
			v[n.Wy(m, m)] = 1
		}
	}
}
