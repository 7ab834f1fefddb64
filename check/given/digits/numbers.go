package digits

import (
	"math"
	"strconv"
)

// Numbers are the numbers of one array, with what Decide finds about them.
type Numbers struct {
	Data      []float64 // Decide replaces texts of float32 numbers by these numbers
	Precision Precision // the result of Decide
	Typed     bool      // Decide found far fewer digits than in other arrays, in a group that is Given

	bits  int // of the mantissa: 53, 24, 11 or 8; numbers in a text have 53
	text  bool
	tally tally
}

// NewText returns an array without numbers. Add adds them.
func NewText() *Numbers { return &Numbers{text: true, bits: 53} }

// Add adds the number v, which a text has as s.
func (f *Numbers) Add(s []byte, v float64) {
	f.Data = append(f.Data, v)
	f.tally.text(s, v)
}

// NewBinary returns an array from a binary file. bits is the length of its mantissas: 53 for float64 and integers, 24
// for float32, 11 for float16, 8 for bfloat16. Its numbers may have been rounded to a few decimals before they were
// written: the shortest decimal texts show it. Some thousand numbers are enough for this.
func NewBinary(data []float64, bits int) *Numbers {
	f := &Numbers{Data: data, bits: bits}
	if bits < 24 {
		return f
	}
	size, step := 64, 1+len(data)/4096
	if bits == 24 {
		size = 32
	}
	var text []byte
	for i := 0; i < len(data); i += step {
		text = strconv.AppendFloat(text[:0], data[i], 'g', -1, size)
		f.tally.text(text, data[i])
	}
	return f
}

// whole tells whether all numbers are whole.
func (f *Numbers) whole() bool {
	for _, v := range f.Data {
		if v != math.Trunc(v) {
			return false
		}
	}
	return true
}

// coarse returns the largest bar, relative to the largest number; 0 if the precision is not known yet.
func (f *Numbers) coarse() float64 { return f.Precision.coarse(f.Data) }

// snap replaces numbers of a text by the nearest float32, if the text has all digits of float32 numbers.
func (f *Numbers) snap() {
	if p := f.Precision; f.text && p.Float32 && p.Decimals < 0 && p.Digits >= full[24] {
		for i, v := range f.Data {
			f.Data[i] = float64(float32(v))
		}
	}
}

// read finds the precision of arrays that were printed alike. It returns false if no number has a digit that says
// something.
func read(pool []*Numbers, input bool) (Precision, bool) {
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
	if bits == 53 {
		p = t.narrow(p, pool, input)
	}
	return p.named(), true
}

// narrow finds numbers that were float32, float16 or bfloat16 before they were printed as p says.
func (t *tally) narrow(p Precision, pool []*Numbers, input bool) Precision {
	switch {
	case t.bits <= 11 && t.maxDigits >= 9 && len(t.distinct) == enough && !input:
		if t.bits <= 8 {
			return binary(8)
		}
		return binary(11)
	case t.bits >= 20 && t.maxDigits >= 8 && t.maxDigits <= 9 && all(pool, p, isShortest):
		if odds := t.shortest(p); odds >= 4 || odds >= 0 && t.long.n >= enough {
			p.Bits = 24
			if odds >= 4 {
				p.Decimals = -1
			}
		}
	case t.bits >= 20 && t.chance >= 3 && all(pool, p, isSingle):
		p.Digits, p.Bits = min(p.Digits, 9), 24
	}
	return p
}

// all tells whether something holds for all numbers, which were printed as p says.
func all(pool []*Numbers, p Precision, holds func(float64, Precision) bool) bool {
	for _, f := range pool {
		for _, v := range f.Data {
			if !holds(v, p) {
				return false
			}
		}
	}
	return true
}
