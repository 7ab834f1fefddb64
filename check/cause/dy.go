package cause

import (
	"slices"

	"lstm/check/cause/search"
	"lstm/check/chain"
	"lstm/check/mistake"
	"lstm/check/pass"
)

// A hypothesis is a dy that a known mistake makes, for a program that does not give dy.
type hypothesis struct {
	base   []*mistake.Exhibit // the mistake
	arrays []chain.Array      // the program's numbers, with this dy
	faults int                // how many other lines do not hold then
}

// givesDY reports whether the program gives a dy.
func givesDY(p *pass.Point, arrays []chain.Array) bool {
	return slices.ContainsFunc(arrays, func(a chain.Array) bool {
		return len(a.Of) > 0 && len(a.Of[0]) > 0 && p.DY(0, 0, 0) <= a.Of[0][0].Index && a.Of[0][0].Index < p.DH(0, 0, 0)
	})
}

// likelyDY returns the hypotheses with which fewer lines do not hold than with the right dy, those with the fewest first.
func likelyDY(p *pass.Point, arrays []chain.Array, w *search.Work) (all []hypothesis) {
	right := p.Backward(pass.Right())
	least := faults(p, append(slices.Clip(arrays), dyOf(p, right)), w)
	tried := [][]float64{right[p.DY(0, 0, 0):p.DH(0, 0, 0)]}
	for _, e := range mistake.All(p.Net) {
		b := make([]float64, p.All())
		dy := b[p.DY(0, 0, 0):p.DH(0, 0, 0)]
		p.Outputs(mistake.Lines(e), b)
		if w.Left() <= 0 {
			break
		}
		if slices.ContainsFunc(tried, func(other []float64) bool { return !search.Differ(dy, other) }) {
			continue
		}
		tried = append(tried, dy)
		h := hypothesis{base: []*mistake.Exhibit{e}, arrays: append(slices.Clip(arrays), dyOf(p, b))}
		if h.faults = faults(p, h.arrays, w) - 1; h.faults < least { // dy itself does not hold
			all = append(all, h)
		}
	}
	slices.SortStableFunc(all, func(a, b hypothesis) int { return a.faults - b.faults })
	return all[:min(len(all), 3)]
}

// faults returns how many lines do not hold at least.
func faults(p *pass.Point, arrays []chain.Array, w *search.Work) int {
	least := 1 << 30
	for range 12 {
		w.DoPass(p)
	}
	for _, c := range chain.Find(p, arrays) {
		least = min(least, len(c.Faults))
	}
	return least
}
