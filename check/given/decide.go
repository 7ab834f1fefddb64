package given

import (
	"math"
	"strconv"
)

// A found array is one that a file has, with what its numbers look like.
type found struct {
	Array
	bits  int // of the mantissa: 53, 24, 11 or 8; numbers in a text have 53
	text  bool
	whole bool // all numbers are whole
	tally tally
}

// newFound returns an array from a binary file. Its numbers may have been rounded to a few decimals before they were
// written: the shortest decimal texts show it. Some thousand numbers are enough for this.
func newFound(a Array, bits int) *found {
	f := &found{Array: a, bits: bits}
	if bits < 24 {
		return f
	}
	size, step := 64, 1+len(a.Data)/4096
	if bits == 24 {
		size = 32
	}
	var text []byte
	for i := 0; i < len(a.Data); i += step {
		text = strconv.AppendFloat(text[:0], a.Data[i], 'g', -1, size)
		f.tally.text(text, a.Data[i])
	}
	return f
}

// setWhole notes whether all numbers are whole.
func (f *found) setWhole() {
	f.whole = true
	for _, v := range f.Data {
		f.whole = f.whole && (v == math.Trunc(v) || math.IsNaN(v))
	}
}

// A group holds arrays of one kind: a program prints them alike.
type group struct {
	arrays []*found
	given  bool // parameters, x, target, h0, c0: the program may have begun with exactly these few digits
	input  bool // x, target, h0, c0: whole numbers are symbols, and exact
	other  bool // arrays that are not used: they do not count
}

// decide finds the precision of all arrays of the groups, and of the loss, which may be nil. It returns the finest and
// the coarsest.
func decide(groups []*group, loss *found) (finest, coarsest Precision) {
	var open []*found
	for _, g := range groups {
		for _, bits := range []int{53, 24, 11, 8} {
			open = append(open, g.decide(bits)...)
		}
	}
	finest, coarsest = extremes(groups)
	if coarsest.Bits == 0 { // no array says anything
		finest, coarsest = binary(53), binary(53)
		if loss != nil {
			if p, ok := read([]*found{loss}, true); ok {
				finest, coarsest = p, p
			}
		}
	}
	for _, f := range open {
		f.Precision = coarsest
		if !f.text && coarsest.Decimals < 0 {
			f.Precision = binary(f.bits)
		}
	}
	if loss != nil {
		loss.decideLoss(groups, coarsest)
	}
	for _, g := range groups {
		if g.given {
			g.markTyped(groups, loss)
		}
	}
	if _, last := extremes(groups); last.Bits > 0 {
		coarsest = last
	}
	return finest, coarsest
}

// decide finds the precision of the group's arrays with so many bits. It returns those that say nothing.
func (g *group) decide(bits int) (open []*found) {
	var pool []*found
	for _, f := range g.arrays {
		if f.bits == bits {
			pool = append(pool, f)
		}
	}
	common, ok := read(pool, g.input)
	for _, f := range pool {
		own, says := read([]*found{f}, g.input)
		switch {
		case f.whole && g.input:
			f.Precision = binary(bits)
		case !ok:
			open = append(open, f)
		case says && (f.tally.departs(common) || own.Bits < common.Bits):
			f.Precision = own
		default:
			f.Precision = common
		}
	}
	return open
}

// read finds the precision of arrays that were printed alike. It returns false if no number has a digit that says
// something.
func read(pool []*found, input bool) (Precision, bool) {
	if len(pool) == 0 {
		return Precision{}, false
	}
	var t tally
	for _, f := range pool {
		t.join(&f.tally)
	}
	bits, text := pool[0].bits, pool[0].text
	p, ok := t.printed()
	if bits < 24 {
		return binary(bits), true
	}
	if !ok {
		return p, false
	}
	p.Digits, p.Bits = min(p.Digits, full[bits]), bits
	if !text && p.Digits > full[bits]-3-bits/53 { // 6 and 13 digits: few numbers have so few by chance
		p = binary(bits)
	}
	switch {
	case bits == 53 && t.bits <= 11 && t.maxDigits >= 9 && len(t.distinct) == enough && !input:
		p = binary(11)
		if t.bits <= 8 {
			p = binary(8)
		}
	case bits == 53 && t.bits >= 20 && t.chance >= 3 && allSingle(pool, p):
		p.Digits, p.Bits = min(p.Digits, 9), 24
	}
	return p.named(), true
}

// allSingle tells whether all numbers, printed as p says, are float32.
func allSingle(pool []*found, p Precision) bool {
	for _, f := range pool {
		for _, v := range f.Data {
			if !isSingle(v, p) {
				return false
			}
		}
	}
	return true
}

// extremes returns the finest and the coarsest precision of arrays that are not whole.
func extremes(groups []*group) (finest, coarsest Precision) {
	low, high := math.Inf(1), 0.0
	for _, g := range groups {
		for _, f := range g.arrays {
			c := f.coarse()
			if f.whole || c == 0 || g.other {
				continue
			}
			if c < low {
				low, finest = c, f.Precision
			}
			if c > high {
				high, coarsest = c, f.Precision
			}
		}
	}
	return finest, coarsest
}

// coarse returns the largest bar, relative to the largest number; 0 if the precision is not known yet.
func (f *found) coarse() float64 { return f.Precision.coarse(f.Data) }

// decideLoss finds the precision of the loss from its own digits. The other arrays decide only between float64 and
// a text that is one or two digits short of it, and between float32 and such a text.
func (f *found) decideLoss(groups []*group, coarsest Precision) {
	own, ok := read([]*found{f}, true)
	single, double := false, false
	for _, g := range groups {
		for _, a := range g.arrays {
			single = single || a.Precision.Float32
			double = double || a.Precision.Bits == 53 && a.Precision.Digits >= 16
		}
	}
	switch {
	case !f.text && (!ok || own.Digits >= 7):
		own = binary(f.bits)
	case !ok:
		own = coarsest
	case double && own.Digits >= 15:
		own = binary(53)
	case single && own.Digits >= 7 && own.Bits == 53 && isSingle(f.Data[0], own):
		own.Digits, own.Bits = min(own.Digits, 9), 24
	}
	f.Precision = own.named()
}

// markTyped finds arrays with far fewer digits than others in the file. Arrays with one or two digits, as in
// x = [0.1, 0.25], were typed into the program: they are as exact as the rest. With more digits they may be typed or
// rounded.
func (g *group) markTyped(groups []*group, loss *found) {
	finest, _ := extremes(groups)
	for _, f := range g.arrays {
		p, c := f.Precision, f.coarse()
		few := p.Decimals >= 0 && p.Decimals <= 2 || p.Decimals < 0 && p.Digits <= 2
		switch {
		case f.whole || c == 0:
		case few && c > 30*finest.coarse(f.Data):
			f.Precision = finest
			if !f.text {
				f.Precision = binary(f.bits)
			}
		case c > 30*finest.coarse(f.Data) || loss != nil && c > 30*loss.coarse():
			f.Typed = true
		}
	}
}
