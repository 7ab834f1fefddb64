package museum

import (
	"math"

	"lstm/check/chain"
	"lstm/check/pass"
)

// seen has the known numbers of a program, block by block.
type seen struct {
	blocks []block
	differ []bool
}

// The kinds of blocks.
const (
	gateBlock    = iota // a gate's dW, for the inputs or for the hidden state, or its db
	readoutBlock        // dWy or dby
	otherBlock          // dz, dh0, dx, …
)

// A block is a part of an array whose entries come from the same line.
type block struct {
	kind, gate int
	entries    []entry
	largest    float64
}

type entry struct {
	value, bar float64
	of         []chain.Term
}

// see sorts the known numbers of the arrays into blocks.
func see(p *pass.Point, arrays []chain.Array) *seen {
	s := &seen{}
	type key struct{ array, part int }
	at := make(map[key]int)
	for a, array := range arrays {
		for i, v := range array.Value {
			if math.IsNaN(v) || len(array.Of[i]) == 0 {
				continue
			}
			kind, gate, part := partOf(p.Net, array.Of[i][0].Index)
			k := key{a, part}
			if _, ok := at[k]; !ok {
				at[k] = len(s.blocks)
				s.blocks = append(s.blocks, block{kind: kind, gate: gate})
			}
			b := &s.blocks[at[k]]
			b.entries = append(b.entries, entry{v, array.Bar[i], array.Of[i]})
			b.largest = max(b.largest, math.Abs(v))
		}
	}
	s.differ = make([]bool, len(s.blocks))
	return s
}

// partOf returns the kind of block that an entry of the backward pass belongs to, and a number for each block.
func partOf(n pass.Net, i int) (kind, gate, part int) {
	switch {
	case i < n.B(0, 0):
		gate = i / (n.W(1, 0, 0))
		part = 2 * gate
		if i >= n.W(gate, n.X, 0) {
			part++
		}
		return gateBlock, gate, part
	case i < n.Wy(0, 0):
		gate = (i - n.B(0, 0)) / n.H
		return gateBlock, gate, 8 + gate
	case i < n.By(0):
		return readoutBlock, 0, 12
	case i < n.Params():
		return readoutBlock, 0, 13
	case i >= n.DC(0, 0, 0):
		return otherBlock, 0, 14
	case i >= n.DH(0, 0, 0):
		return otherBlock, 0, 15
	case i >= n.Len():
		return otherBlock, 0, 16
	case n.Peephole && i >= n.Peep(0, 0):
		gate = (i - n.Peep(0, 0)) / n.H
		return gateBlock, gate, 17 + gate
	}
	switch k := (i-n.Params())%n.Sequence(1) + n.Params(); {
	case k < n.C0(0):
		part = 21
	case k < n.In(0, 0):
		part = 22
	case k < n.Z(0, 0, 0):
		part = 23
	default:
		part = 24 + (k-n.Z(0, 0, 0))/n.H%4
	}
	return otherBlock, 0, part
}

// of returns what an entry would be in a backward pass.
func (e *entry) in(b []float64) (sum float64) {
	for _, t := range e.of {
		sum += t.Times * b[t.Index]
	}
	return sum
}

// precise is the least relative error of a block that counts. Rounding in a program stays below it.
const precise = 1e-9

// compare returns for each block whether a backward pass differs from the known numbers or, if other is not nil,
// from another backward pass. The result is valid until the next call.
func (s *seen) compare(b, other []float64) []bool {
	for k := range s.blocks {
		blk := &s.blocks[k]
		s.differ[k] = false
		for i := range blk.entries {
			e := &blk.entries[i]
			v := e.value
			if other != nil {
				v = e.in(other)
			}
			if !(math.Abs(v-e.in(b)) <= e.bar+precise*blk.largest) {
				s.differ[k] = true
				break
			}
		}
	}
	return s.differ
}

// ratio returns the factor that the largest known number of a kind of blocks has, or NaN if none is known.
func (s *seen) ratio(b []float64, kind int) float64 {
	most, ratio := 0.0, math.NaN()
	for k := range s.blocks {
		if s.blocks[k].kind != kind {
			continue
		}
		for i := range s.blocks[k].entries {
			e := &s.blocks[k].entries[i]
			if v := e.in(b); math.Abs(v) > most {
				most, ratio = math.Abs(v), e.value/v
			}
		}
	}
	return ratio
}
