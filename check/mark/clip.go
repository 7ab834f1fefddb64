package mark

import (
	"fmt"
	"math"
	"slices"
)

// clipped recognises a gradient that is cut to a norm, or entry by entry to a range.
func clipped(b Block, g group) *Cause {
	const line = "where the gradient is clipped: compare it before, or with no limit"
	if f := multiple(b.Entries); f.free(1) && f.low > 0 && f.high < 1 {
		if _, named := f.ratio(); named && f.width() < 1e-5*f.high {
			return nil // a norm is round by chance more often
		} else if c, ok := length(b.Entries).round(0.2); ok {
			return &Cause{Kind: "clipped", Likely: "the gradient is clipped to this norm before it is returned", Line: line,
				Observed: fmt.Sprintf("every entry is %s times what it should be, and the norm is %s, a round number", f.number(), c)}
		}
		return nil
	}
	f := limit(b.Entries)
	if !f.free(1) {
		return nil
	}
	c, ok := amount{f.middle(), f.width() / 2}.round(1)
	if !ok {
		c = f.number()
	}
	return &Cause{Kind: "clipped", Likely: "each entry is clipped to this range before the gradient is returned", Line: line,
		Observed: fmt.Sprintf("all %d wrong entries are %s or −%s, and the measured ones are beyond", len(b.wrong()), c, c)}
}

// limit returns the sizes c for which all wrong entries are ±c and belong beyond, and no other entry belongs
// beyond.
func limit(entries []Entry) fit {
	wrong := slices.DeleteFunc(slices.Clone(entries), func(e Entry) bool { return !e.Wrong })
	f := fitted(wrong, func(_ int, e Entry) claim {
		return claim{y: math.Abs(e.Given), e: e.grain, u: 1, right: math.Abs(e.Measured), loose: e.Slack}
	})
	for _, e := range entries {
		beyond := math.Abs(e.Measured)-e.Slack > f.high
		if beyond != e.Wrong || e.Wrong && e.Given*e.Measured <= 0 {
			return noFit
		}
	}
	return f
}

// norm recognises a round norm of a gradient that has other mistakes, too. Then no entry tells of the clipping.
func norm(blocks []Block, wrong []int) []Cause {
	var all, some []Entry
	for _, b := range blocks {
		all = append(all, b.Entries...)
	}
	for _, n := range wrong {
		some = append(some, blocks[n].Entries...)
	}
	for k, entries := range [][]Entry{all, some} {
		c, ok := length(entries).round(2)
		if !ok {
			continue
		}
		names := []string{everything, group{blocks: blocks, in: wrong}.names()}[k]
		return []Cause{{Kind: "norm", Param: names, Observed: fmt.Sprintf("the norm of the given gradient is %s, a round number", c),
			Likely: "the gradient is clipped to this norm, and the clipping hides another mistake",
			Line:   "where the gradient is clipped: take the clipping out, and check again"}}
	}
	return nil
}

// An amount is a number and its error.
type amount struct{ v, e float64 }

// length returns the norm of the given gradient.
func length(entries []Entry) amount {
	squares, errors, largest := 0.0, 0.0, 0.0
	for _, e := range entries {
		largest = max(largest, math.Abs(e.Given))
		squares += e.Given * e.Given
		errors += e.Given * e.Given * e.grain * e.grain
	}
	v := math.Sqrt(squares)
	if largest > 0.99*v {
		return amount{} // one entry is round, and not the norm
	}
	return amount{v, 3*math.Sqrt(errors)/v + 1e-12*v}
}

// round returns the round number that a equals within its error, or that a program clipped it to. Programs divide
// by the norm plus 1e-6, or not. A chance hit must be rarer than one in 2,000, in this
// many attempts.
func (a amount) round(attempts float64) (string, bool) {
	if a.v == 0 {
		return "", false
	}
	unit := math.Pow(10, math.Floor(math.Log10(a.v*(1+1e-9))))
	for _, below := range []float64{0, 1.01e-6} { // c − c·n/(n+1e-6) is below 1e-6, because n is above c
		for _, m := range []float64{1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 7.5, 8, 9, 10} {
			c := m * unit
			chance := attempts * 12 / math.Ln10 * (2*a.e + below) / c
			if c-below-a.e <= a.v && a.v <= c+a.e && chance < 5e-4 {
				if a.v < c-a.e {
					return fmt.Sprintf("%.8g ≈ %.4g", a.v, c), true
				}
				return fmt.Sprintf("%.4g", c), true
			}
		}
	}
	return "", false
}
