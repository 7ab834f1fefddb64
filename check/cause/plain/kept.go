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
				c = check.Cause{Kind: "kept", Likely: "the forward pass is right, but what it keeps for the way back is overwritten: do two steps share their memory?",
					Line:     q.name + " of a step, where it is stored",
					Observed: fmt.Sprintf("the loss is that of a correct LSTM; %s of step t%d, unit %d, is %.9g when the way back begins, and was %.9g", q.name, t, j, q.has[t][j], x)}
				for t2, other := range q.right {
					if t2 != t && math.Abs(q.has[t][j]-other[j]) <= 1e-12 {
						c.Observed += fmt.Sprintf(": now it is that of step t%d", t2)
						break
					}
				}
				return c, fmt.Sprintf("what the forward pass keeps: %s of step t%d, unit %d", q.name, t, j), true
			}
		}
	}
	return c, "", false
}
