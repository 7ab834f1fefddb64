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

// TestSquared: dy squares the error and keeps the 2. That is one mistake.
func TestSquared(t *testing.T) {
	for _, outputs := range []int{1, 3} {
		n := scalar.Net{X: 2, H: 3, O: outputs, T: 5}
		rng := rand.New(rand.NewPCG(16, 26))
		v, target := scalar.Random(rng, n, 0.8), scalar.RandomTarget(rng, n)
		p, l := pass.New(pass.Standard(n), v, target), pass.Right()
		l.DY = func(p *pass.Place) float64 { return 2 * (p.Y - p.Target) * (p.Y - p.Target) / float64(outputs) }
		if causes, _ := Causes(p, Arrays(n, p.Backward(l)[:n.Len()]), nil); len(causes) != 1 || causes[0].ID == "" {
			t.Errorf("%d outputs: %v", outputs, causes)
		}
	}
}
