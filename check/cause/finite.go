package cause

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"lstm/check"
	"lstm/check/chain"
)

// finite returns the arrays without the numbers that a program has as NaN or Inf, and the cause of these, or nil. A number
// that is not known is NaN, too, with an infinite bar.
func finite(arrays []chain.Array) (rest []chain.Array, bad *check.Cause) {
	count, all := 0, 0
	var names []string
	for _, a := range arrays {
		value, bar := slices.Clone(a.Value), slices.Clone(a.Bar)
		here := 0
		for i, v := range value {
			if !(bar[i] < math.Inf(1)) {
				continue
			}
			if all++; math.IsNaN(v) || math.IsInf(v, 0) {
				value[i], bar[i] = math.NaN(), math.Inf(1)
				here++
			}
		}
		if count += here; here > 0 {
			names = append(names, a.Name)
			a.Value, a.Bar = value, bar
		}
		rest = append(rest, a)
	}
	if count == 0 {
		return arrays, nil
	}
	return rest, &check.Cause{Kind: "infinite", Param: strings.Join(names, " "), Observed: fmt.Sprintf("%d of %d numbers are NaN or Inf", count, all),
		Likely: "a division by zero, the logarithm of zero, or a number that is too large", Line: "the first line on the way back whose result is not finite"}
}
