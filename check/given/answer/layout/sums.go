package layout

import (
	"fmt"
	"slices"
	"strings"

	"lstm/check"
	"lstm/check/mark"
)

// JoinSums makes one cause of three sums or more that do not hold at the same entries: one line adds to all of them.
func JoinSums(causes []check.Cause, results []check.Result) []check.Cause {
	const sum = "the sum over the steps for "
	sums := make(map[string][]string) // the arrays, by the numbers of their wrong entries
	for _, r := range results {
		var wrong []int
		for _, e := range r.With(check.Wrong) {
			wrong = append(wrong, e.Index)
		}
		if slices.ContainsFunc(causes, func(c check.Cause) bool { return c.Kind == "line" && c.Line == sum+r.Name }) {
			sums[fmt.Sprint(wrong)] = append(sums[fmt.Sprint(wrong)], r.Name)
		}
	}
	for _, names := range sums {
		if len(names) < 3 {
			continue
		}
		causes = slices.DeleteFunc(causes, func(c check.Cause) bool { return slices.Contains(names[1:], strings.TrimPrefix(c.Line, sum)) })
		c := &causes[slices.IndexFunc(causes, func(c check.Cause) bool { return c.Line == sum+names[0] })]
		c.Line = "the sums over the steps for " + mark.List(names)
		c.Observed = strings.Replace(c.Observed, sum+names[0]+" does not hold", c.Line+" do not hold", 1)
		c.Observed = strings.Replace(c.Observed, ": yours", ": in "+names[0]+", yours", 1)
		c.Likely += "; all are wrong at the same entries, so one line for all of them is likely"
	}
	return causes
}
