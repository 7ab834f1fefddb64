package cause

import (
	"math/rand/v2"
	"strings"
	"testing"

	"lstm/check"
	"lstm/check/mistake"
	"lstm/check/pass"
	"lstm/check/scalar"
)

// TestOnce: no two explanations are the same line in other words. Other lines with the same numbers are said.
func TestOnce(t *testing.T) {
	t.Parallel()
	n, v, target := scalar.FairPoint(rand.New(rand.NewPCG(3, 1)))
	p := pass.New(pass.Standard(n), v, target)
	for name, others := range map[string]int{"truncated": 1, "only-last": 1, "no-forget": 0} {
		grad := mistake.Find(name).Gradient(n, v, target)
		causes, all := Causes(p, Arrays(n, grad)[:10], nil)
		lines := map[string]bool{}
		for _, set := range append([][]check.Cause{causes}, all...) {
			wrong, _, _ := strings.Cut(set[0].Line, "   →")
			if lines[wrong] {
				t.Errorf("%s: %+v is said twice", name, set)
			}
			lines[wrong] = true
		}
		if len(causes) != 1 || causes[0].ID != name || len(all) != others {
			t.Errorf("%s: %+v, or %+v", name, causes, all)
		}
	}
}
