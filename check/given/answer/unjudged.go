package answer

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"lstm/check/given"
	"lstm/check/given/convention"
)

// leaveOut says which parameters are not judged. A right verdict does not count if a parameter has no gradient at all; null says
// that it is not to be judged. alone tells whether dx, dh0 and dc0 are of no use: the program was not read as an LSTM.
func (a *Answer) leaveOut(d *given.Dump, alone bool) {
	without, unknown := d.Unjudged()
	if a.Verdict == Right && (len(without) > 0 || len(a.Results) == 0) {
		a.Verdict = NotProven
	}
	if all := append(without, unknown...); len(all) > 0 {
		has := map[bool]string{true: "has", false: "have"}[len(all) == 1]
		hint := map[bool]string{true: "; write null for one that needs none"}[len(without) > 0]
		a.Without = append(a.Without, fmt.Sprintf("not judged: %s %s no gradient%s", strings.Join(all, " "), has, hint))
	}
	for _, name := range []string{"dx", "dh0", "dc0"} {
		if alone && d.Known[name] != nil && d.Param(name[1:]) == nil {
			a.Without = append(a.Without, fmt.Sprintf("not judged: the gradient of %s, because there is no parameter %s", name[1:], name[1:]))
		}
	}
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
