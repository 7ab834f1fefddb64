package convention

import (
	"math/rand/v2"

	"lstm/check/chain"
	"lstm/check/given"
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

// open is a z at which σ is 1, to the last bit.
const open = 40

// A cell has what neither shapes nor names tell of the cell.
type cell struct {
	linear bool    // h = o·c
	hard   float64 // as in pass.Kind
	forget float64 // is added to the z of the forget gate
}

// An attempt is a place with all choices made: one network with the numbers of the file.
type attempt struct {
	*place
	cell
	family family
	gates  []int // the order of the gates where the names do not tell
	pick   []int // the layout of each unit
	cost   int
}

// net returns the network, for a loss.
func (a *attempt) net(loss pass.Loss, per float64) pass.Net {
	return pass.Net{Net: scalar.Net{X: a.X, H: a.H, O: a.O, T: a.seq.T}, N: a.seq.N,
		Kind: pass.Kind{Linear: a.linear, Hard: a.hard, Peephole: a.peephole, Loss: loss, Per: per}}
}

// each calls visit for each entry of each parameter and each number of V that it is a term of.
func (a *attempt) each(visit func(array, entry int, t chain.Term)) {
	n := a.net(pass.Sum, 1)
	var terms []chain.Term
	for k := range a.units {
		u := &a.units[k]
		l := &u.layouts[a.pick[k]]
		for slot := range max(len(u.arrays), l.slots()) {
			array, from, steps := u.arrays[0], 0, l.steps
			if len(u.arrays) > 1 {
				array = u.arrays[slot]
			} else if len(steps) > 2 {
				from, steps = slot*steps[0], steps[1:]
			}
			for r, row := range a.rows(l.rows) {
				for col := range a.width(u.to) {
					terms = a.terms(terms[:0], &n, u, slot, row, col)
					for _, t := range terms {
						visit(array, from+r*steps[0]+col*steps[1], t)
					}
				}
			}
		}
	}
}

// slots returns the number of gates in one array.
func (l *layout) slots() int {
	if len(l.size) > 2 {
		return l.size[0]
	}
	return 1
}

// A row of a matrix belongs to input k, unit k, symbol k, a bias or a peephole.
type row struct {
	of byte
	k  int
}

func (z *sizes) rows(rows string) (all []row) {
	for i := range len(rows) {
		for k := range z.height(rows[i : i+1]) {
			all = append(all, row{rows[i], k})
		}
	}
	return all
}

// terms appends the numbers of V that an entry is a term of.
func (a *attempt) terms(all []chain.Term, n *pass.Net, u *placed, slot int, row row, col int) []chain.Term {
	add := func(index int, times float64) { all = append(all, chain.Term{Index: index, Times: times}) }
	switch {
	case u.to == 'g':
		gate := a.gate(u, slot)
		add(gateIndex(n, gate, row, col), 1)
		if a.family == coupledF && gate == pass.F || a.family == coupledI && gate == pass.I {
			add(gateIndex(n, missing[a.family], row, col), -1) // 1 − σ(z) is σ(−z)
		}
	case u.to == 'y' && row.of == 'h':
		add(n.Wy(row.k, col), 1)
	case u.to == 'y':
		add(n.By(col), 1)
	default:
		for s := range a.seq.N {
			own := n.Sequence(s)
			switch u.to {
			case 'h':
				add(n.H0(col)+own, 1)
			case 'c':
				add(n.C0(col)+own, 1)
			case 'e':
				for t := range a.seq.T {
					if a.seq.symbol(s, t) == row.k {
						add(n.In(t, col)+own, 1)
					}
				}
			}
		}
	}
	return all
}

// gate returns the gate of an array, or of a part of an array.
func (a *attempt) gate(u *placed, slot int) int {
	if len(u.gates) > 0 {
		return u.gates[slot]
	}
	for k, gate := range a.gates {
		if u.rows[0] == "p" && gate == pass.G {
			continue
		}
		if slot--; slot < 0 {
			return a.gates[k]
		}
	}
	panic("convention: no such gate")
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

// vector returns V. With a random stream, each number of the file is moved within its bar.
func (a *attempt) vector(d *given.Dump, rng *rand.Rand) []float64 {
	n := a.net(pass.Sum, 1)
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
	a.each(func(array, entry int, t chain.Term) { v[t.Index] += t.Times * moved[array][entry] })
	a.constants(&n, v)
	h0, c0 := a.seq.state(d.Known["h0"], a.H), a.seq.state(d.Known["c0"], a.H)
	for s := range n.N {
		own := n.Sequence(s)
		for j := range a.H {
			if h0 != nil {
				v[n.H0(j)+own] += read(h0.Array, h0.at(s, 0, j))
			}
			if c0 != nil {
				v[n.C0(j)+own] += read(c0.Array, c0.at(s, 0, j))
			}
		}
		for t := range n.T {
			if a.seq.symbols && a.symbols == 0 {
				v[n.In(t, a.seq.symbol(s, t))+own] = 1
			}
			for k := range n.X {
				if !a.seq.symbols {
					v[n.In(t, k)+own] = read(d.Known["x"], a.seq.x.at(s, t, k))
				}
			}
		}
	}
	return v
}

// constants adds the numbers of V that no array has.
func (a *attempt) constants(n *pass.Net, v []float64) {
	for j := range a.H {
		if missing[a.family] >= 0 && a.family != coupledF && a.family != coupledI {
			v[n.B(missing[a.family], j)] = open
		}
		if a.family == noForget {
			continue
		}
		v[n.B(pass.F, j)] += a.forget
		if a.family == coupledF || a.family == coupledI {
			v[n.B(pass.I, j)] -= a.forget
		}
	}
	for m := range a.O {
		if a.noReadout {
			v[n.Wy(m, m)] = 1
		}
	}
}
