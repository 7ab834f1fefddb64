// Package seen compares the known numbers of a program with a backward pass, block by block.
package seen

import (
	"math"

	"lstm/check/chain"
	"lstm/check/pass"
)

// Seen has the known numbers of a program, block by block.
type Seen struct {
	Blocks []Block // its blocks
	differ []bool
}

// The kinds of Blocks.
const (
	GateBlock    = iota // a gate's dW, for the inputs or for the hidden state, or its db
	ReadoutBlock        // dWy or dby
	OtherBlock          // dz, dh0, dx, …
)

// A Block is a part of an array whose entries come from the same line.
type Block struct {
	Kind, Gate int // the kind of the block, and the gate of a GateBlock
	entries    []entry
	largest    float64
}

type entry struct {
	value, bar float64
	of         []chain.Term
}

// See sorts the known numbers of the arrays into Blocks.
func See(p *pass.Point, arrays []chain.Array) *Seen {
	s := &Seen{}
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
				at[k] = len(s.Blocks)
				s.Blocks = append(s.Blocks, Block{Kind: kind, Gate: gate})
			}
			b := &s.Blocks[at[k]]
			b.entries = append(b.entries, entry{v, array.Bar[i], array.Of[i]})
			b.largest = max(b.largest, math.Abs(v))
		}
	}
	s.differ = make([]bool, len(s.Blocks))
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
		return GateBlock, gate, part
	case i < n.Wy(0, 0):
		gate = (i - n.B(0, 0)) / n.H
		return GateBlock, gate, 8 + gate
	case i < n.By(0):
		return ReadoutBlock, 0, 12
	case i < n.Params():
		return ReadoutBlock, 0, 13
	case i >= n.DC(0, 0, 0):
		return OtherBlock, 0, 14
	case i >= n.DH(0, 0, 0):
		return OtherBlock, 0, 15
	case i >= n.Len():
		return OtherBlock, 0, 16
	case n.Peephole && i >= n.Peep(0, 0):
		gate = (i - n.Peep(0, 0)) / n.H
		return GateBlock, gate, 17 + gate
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
	return OtherBlock, 0, part
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

// Compare returns for each block whether a backward pass differs from the known numbers or, if other is not nil,
// from another backward pass. The result is valid until the next call.
func (s *Seen) Compare(b, other []float64) []bool {
	for k := range s.Blocks {
		blk := &s.Blocks[k]
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

// sampled is how many numbers of a block are in a sample.
const sampled = 4

// Sample returns some of the known numbers as a backward pass has them.
func (s *Seen) Sample(b []float64) (all []float64) {
	s.samples(func(e *entry, _ float64) { all = append(all, e.in(b)) })
	return all
}

// Alike reports whether two samples agree.
func (s *Seen) Alike(a, b []float64) bool {
	k, alike := 0, true
	s.samples(func(e *entry, bar float64) {
		alike = alike && math.Abs(a[k]-b[k]) <= bar
		k++
	})
	return alike
}

func (s *Seen) samples(f func(e *entry, bar float64)) {
	for k := range s.Blocks {
		blk := &s.Blocks[k]
		for i := range min(sampled, len(blk.entries)) {
			e := &blk.entries[i*len(blk.entries)/sampled%len(blk.entries)]
			f(e, e.bar+precise*blk.largest)
		}
	}
}

// Ratio returns the factor that the largest known number of a kind of Blocks has, or NaN if none is known.
func (s *Seen) Ratio(b []float64, kind int) float64 {
	most, ratio := 0.0, math.NaN()
	for k := range s.Blocks {
		if s.Blocks[k].Kind != kind {
			continue
		}
		for i := range s.Blocks[k].entries {
			e := &s.Blocks[k].entries[i]
			if v := e.in(b); math.Abs(v) > most {
				most, ratio = math.Abs(v), e.value/v
			}
		}
	}
	return ratio
}
