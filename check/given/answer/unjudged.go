package answer

import (
	"fmt"
	"slices"
	"strings"

	"lstm/check/given"
)

// unjudged says which parameters have no gradient. alone tells whether dx, dh0 and dc0 are of no use: the program was not
// read as an LSTM.
func unjudged(d *given.Dump, alone bool) (all []string) {
	var without []string
	for _, p := range d.Params {
		if g := d.Grad(p.Name); g == nil || g.Null != nil && !slices.Contains(g.Null, false) {
			without = append(without, p.Name)
		}
	}
	switch n := len(without); {
	case n == 1:
		all = append(all, fmt.Sprintf("not judged: %s has no gradient", without[0]))
	case n > 1:
		all = append(all, fmt.Sprintf("not judged: %s have no gradients", strings.Join(without, " ")))
	}
	for _, name := range []string{"dx", "dh0", "dc0"} {
		if alone && d.Known[name] != nil && !slices.Contains(without, name[1:]) {
			all = append(all, fmt.Sprintf("not judged: the gradient of %s, because there is no parameter %s", name[1:], name[1:]))
		}
	}
	return all
}
