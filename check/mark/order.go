package mark

import (
	"fmt"

	"lstm/check/mark/line"
)

// ordered recognises entries that are right, but in another order. They may also have a factor.
func ordered(b Block, g group) *Cause {
	orders := line.All(len(b.Entries), b.Cols)
	for _, o := range orders {
		f := fitted(b.Entries, func(i int, e Entry) claim {
			c := claim{y: e.Given, e: e.grain, right: e.Measured, loose: e.Slack}
			if k := o.From(i); k >= 0 {
				c.u, c.s = b.Entries[k].Measured, b.Entries[k].Slack
			}
			return c
		})
		if f.exactly(1, len(orders)) {
			return &Cause{Kind: o.Kind, Observed: o.Observed, Likely: o.Likely, Line: o.Line}
		}
		if f.free(len(orders)) {
			return &Cause{Kind: o.Kind, Observed: fmt.Sprintf("%s; besides, every entry is %s times what it should be", o.Observed, f.name()),
				Likely: o.Likely, Line: o.Line}
		}
	}
	return nil
}
