package plain

import (
	"fmt"
	"math"

	"lstm/check"
	"lstm/check/cause/search"
	"lstm/check/chain"
	"lstm/check/mistake"
	"lstm/check/pass"
)

// Clipped returns the cause of a gradient in which dz is cut to ±c, at all gates or at one, and nothing else is wrong. The
// program gives dz, or dz follows from the sums. At least three numbers of dz have the size c, and none is larger.
func Clipped(p *pass.Point, arrays []chain.Array, numbers int, w *search.Work) (c check.Cause, ok bool) {
	dz, ok := chain.Read(p, arrays)
	if !ok {
		solved, ok := chain.Solve(p, arrays)
		if !ok {
			return c, false
		}
		if dz, ok = chain.Read(p, append(arrays[:len(arrays):len(arrays)], solved)); !ok {
			return c, false
		}
	}
	for a := -1; a < 4; a++ {
		gates, name := []int{pass.I, pass.F, pass.O, pass.G}, "dz"
		if a >= 0 {
			gates, name = []int{a}, "dz"+[4]string{pass.I: "i", pass.F: "f", pass.O: "o", pass.G: "g"}[a]
		}
		level, found := level(dz, gates)
		if !found {
			continue
		}
		e := &mistake.Exhibit{What: fmt.Sprintf("%s is clipped to ±%.4g, but the loss knows no clipping", name, level), Wraps: true,
			Wrong: fmt.Sprintf("%s = clip(%s, -%.4g, %.4g)", name, name, level, level), Right: "(no such line)",
			Edit: func(l *pass.Lines) {
				for _, a := range gates {
					own := l.DZ[a]
					l.DZ[a] = func(p *pass.Place) float64 { return max(-level, min(level, own(p))) }
				}
			}}
		w.DoPass(p)
		if search.New(p, arrays, []*mistake.Exhibit{e}, func(*pass.Lines) {}, w).Done() {
			return check.Cause{Kind: "clipped", Likely: e.What, Line: e.Wrong + "   →   " + e.Right,
				Observed: fmt.Sprintf("with this one line wrong, all %d numbers come out exactly as yours did", numbers)}, true
		}
	}
	return c, false
}

// level returns the largest size of dz at some gates, if three numbers have it.
func level(dz *chain.Chain, gates []int) (largest float64, found bool) {
	count := 0
	each := func(f func(x, slack float64)) {
		for s := range dz.N {
			for t := range dz.T {
				for _, a := range gates {
					for j := range dz.Net.H {
						i := dz.Z(t, a, j) + dz.Sequence(s)
						f(math.Abs(dz.B[i]), (1e-9+2*dz.Error(i))*math.Abs(dz.B[i]))
					}
				}
			}
		}
	}
	best := math.Inf(1) // the smallest error of those at the level: it is known best from them
	each(func(x, _ float64) { largest = max(largest, x) })
	top := largest
	each(func(x, slack float64) {
		if top-x <= slack+1e-6*top {
			if count++; slack < best {
				best, largest = slack, x
			}
		}
	})
	return largest, count >= 3 && largest > 0
}
