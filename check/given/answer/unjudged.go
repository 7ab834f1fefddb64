package answer

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"lstm/check/given"
	"lstm/check/given/convention"
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
	if has := map[bool]string{true: "has", false: "have"}[len(without) == 1]; len(without) > 0 {
		all = append(all, fmt.Sprintf("not judged: %s %s no gradient", strings.Join(without, " "), has))
	}
	for _, name := range []string{"dx", "dh0", "dc0"} {
		if alone && d.Known[name] != nil && !slices.Contains(without, name[1:]) {
			all = append(all, fmt.Sprintf("not judged: the gradient of %s, because there is no parameter %s", name[1:], name[1:]))
		}
	}
	return all
}

// beside says which of dx, dh0 and dc0 are wrong beside a right gradient of the parameters. They do not count for the verdict.
func (a *Answer) beside(r *convention.Reading, truth []float64) (all []string) {
	for _, s := range r.Seen {
		if a.Verdict != Right || !slices.Contains([]string{"dx", "dh0", "dc0"}, s.Name) {
			continue
		}
		result, bars := compare(s, truth)
		for i, e := range result.Entries {
			e.Bar += bars[i]
			if !(math.Abs(e.Analytic-e.Numeric) <= allowed(e, a.whole())) {
				all = append(all, fmt.Sprintf("but %s is wrong: %s is %.9g, and should be %.9g", s.Name, e.Name, e.Analytic, e.Numeric))
				break
			}
		}
	}
	return all
}
