package digits

import (
	"math"
	"slices"
)

// A Group holds arrays of one kind. A program prints them alike.
type Group struct {
	Arrays []*Numbers // in any order
	Given  bool       // parameters and inputs: the program may have begun with exactly these few digits
	Inputs bool       // arrays of whole numbers are symbols, and exact
	Unused bool       // these arrays do not count for the others
	Judged bool       // gradients: if they have nearly all digits of a float64, so has the arithmetic of the program
}

// Decide finds the precision of all arrays of the groups, and of the loss, which may be nil. It returns the coarsest
// precision of the groups, and the one of a number that was typed into the program: float64 or float32. A gradient with
// nearly all digits of a float64 was not computed in float32, even if the parameters are float32: then the coarsest
// precision is that of the gradient.
func Decide(groups []*Group, loss *Numbers) (coarsest, exact Precision) {
	var open []*Numbers
	for _, g := range groups {
		for _, bits := range []int{53, 24, 11, 8} {
			open = append(open, g.decide(bits)...)
		}
	}
	finest, coarsest := extremes(groups)
	if coarsest.Bits == 0 { // no array says anything
		coarsest = binary(53)
		if loss != nil {
			if p, ok := read([]*Numbers{loss}, true); ok {
				coarsest = p
			}
		}
		finest = coarsest
	}
	exact = binary(finest.Bits)
	spreadSingle(groups)
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
		if g.Given {
			g.markTyped(finest, exact, loss)
		}
	}
	if _, last := extremes(groups); last.Bits > 0 {
		coarsest = last
	}
	judged := slices.DeleteFunc(slices.Clone(groups), func(g *Group) bool { return !g.Judged })
	if _, p := extremes(judged); coarsest.Float32 && p.Bits == 53 && max(p.Digits, p.Decimals) >= 12 {
		coarsest = p
	}
	for _, g := range groups {
		for _, f := range g.Arrays {
			f.snap()
		}
	}
	if loss != nil {
		loss.snap()
	}
	return coarsest, exact
}

// decide finds the precision of the group's arrays with so many bits. It returns those that say nothing.
func (g *Group) decide(bits int) (open []*Numbers) {
	var pool []*Numbers
	for _, f := range g.Arrays {
		if f.bits == bits {
			pool = append(pool, f)
		}
	}
	common, ok := read(pool, g.Inputs)
	for _, f := range pool {
		own, says := read([]*Numbers{f}, g.Inputs)
		switch {
		case f.whole() && g.Inputs:
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

// spreadSingle finds more float32 numbers in the texts of a file that has some. These were too few to tell.
func spreadSingle(groups []*Group) {
	if !some(groups, func(p Precision) bool { return p.Float32 }) {
		return
	}
	for _, g := range groups {
		for _, f := range g.Arrays {
			p := f.Precision
			if !f.text || p.Bits != 53 || p.Digits < 7 || p.Digits > 9 || !all([]*Numbers{f}, p, isShortest) {
				continue
			}
			p.Bits = 24
			f.Precision = p.named()
		}
	}
}

// some tells whether something holds for the precision of an array that counts.
func some(groups []*Group, holds func(Precision) bool) bool {
	for _, g := range groups {
		for _, f := range g.Arrays {
			if !g.Unused && holds(f.Precision) {
				return true
			}
		}
	}
	return false
}

// extremes returns the finest and the coarsest precision of arrays that are not whole.
func extremes(groups []*Group) (finest, coarsest Precision) {
	low, high := math.Inf(1), 0.0
	for _, g := range groups {
		for _, f := range g.Arrays {
			c := f.coarse()
			if f.whole() || c == 0 || g.Unused {
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

// decideLoss finds the precision of the loss from its own digits. The other arrays decide only between float64 and
// a text that is one digit short of it, and between float32 and such a text.
func (f *Numbers) decideLoss(groups []*Group, coarsest Precision) {
	own, ok := read([]*Numbers{f}, true)
	single := some(groups, func(p Precision) bool { return p.Float32 })
	double := some(groups, func(p Precision) bool { return p.Bits == 53 && p.Digits >= 16 })
	switch {
	case !f.text && (!ok || own.Digits >= 7):
		own = binary(f.bits)
	case !ok && f.Data[0] == 0:
		own = coarsest
	case !ok: // a loss is hardly ever a whole number: it was rounded to one
		own = Precision{Decimals: max(0, f.tally.last), Bits: 53}
	case double && own.Digits >= 16:
		own = binary(53)
	case single && own.Digits >= 7 && own.Bits == 53 && (isShortest(f.Data[0], own) || isSingle(f.Data[0], own)):
		own.Digits, own.Bits = min(own.Digits, 9), 24
	}
	f.Precision = own.named()
}

// markTyped finds arrays with far fewer digits than others in the file. Arrays with one or two digits, as in
// x = [0.1, 0.25], were typed into the program: they are as exact as the rest. With more digits they may be typed or
// rounded.
func (g *Group) markTyped(finest, exact Precision, loss *Numbers) {
	for _, f := range g.Arrays {
		p, c := f.Precision, f.coarse()
		few := p.Decimals >= 0 && p.Decimals <= 2 || p.Decimals < 0 && p.Digits <= 2
		switch {
		case f.whole() || c == 0:
		case few && c > 30*finest.coarse(f.Data):
			f.Precision = exact
			if !f.text {
				f.Precision = binary(f.bits)
			}
		case c > 30*finest.coarse(f.Data) || loss != nil && c > 30*loss.coarse():
			f.Typed = true
		}
	}
}
