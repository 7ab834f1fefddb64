package plain

import (
	"fmt"
	"math"

	"lstm/check"
	"lstm/check/pass"
)

// Kept returns the cause of a forward pass that has the right loss, but keeps another number for the way back: something
// has overwritten it. where says the first place.
func Kept(p *pass.Point, tr *pass.Trace) (c check.Cause, where string, ok bool) {
	right := p.Traces[0]
	if !(math.Abs(tr.Loss-right.Loss) <= 1e-11*max(math.Abs(right.Loss), 1e-3)) {
		return c, "", false
	}
	gates := func(of *pass.Trace, a int) (rows [][]float64) {
		for t := range p.T {
			rows = append(rows, of.Gate[t][a])
		}
		return rows
	}
	for _, q := range []struct {
		name       string
		has, right [][]float64
	}{
		{"i", gates(tr, pass.I), gates(right, pass.I)}, {"f", gates(tr, pass.F), gates(right, pass.F)}, {"o", gates(tr, pass.O), gates(right, pass.O)},
		{"g", gates(tr, pass.G), gates(right, pass.G)}, {"c", tr.C[1:], right.C[1:]}, {"tanh(c)", tr.TanhC, right.TanhC}, {"h", tr.H[1:], right.H[1:]},
	} {
		for t, row := range q.right {
			for j, x := range row {
				if math.Abs(q.has[t][j]-x) <= 1e-9*math.Abs(x)+1e-12 {
					continue
				}
				of := "" // the step that has overwritten it
				for t2, other := range q.right {
					if t2 != t && math.Abs(q.has[t][j]-other[j]) <= 1e-12 {
						of = fmt.Sprintf(", as at step t%d", t2)
						break
					}
				}
				c = check.Cause{Kind: "kept", Likely: "the forward pass is right, but what it keeps for the way back is overwritten: do two steps share their memory?",
					Line: q.name + " of a step, where it is stored",
					Observed: fmt.Sprintf("%s of step t%d, unit %d, was %.9g. When the way back begins, it is %.9g%s. The loss is that of a correct LSTM",
						q.name, t, j, x, q.has[t][j], of)}
				return c, fmt.Sprintf("what the forward pass keeps: %s of step t%d, unit %d", q.name, t, j), true
			}
		}
	}
	return c, "", false
}
