package own_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"lstm/check/chain"
	"lstm/check/given/answer/own"
	"lstm/check/pass"
	"lstm/check/scalar"
)

// TestJudge measures gradients with checks that have a mistake. Each is named.
func TestJudge(t *testing.T) {
	n, v, target := scalar.FairPoint(rand.New(rand.NewPCG(1, 3)))
	p := pass.New(pass.Standard(n), v, target)
	last := func(v []float64) float64 {
		tr := pass.New(p.Net, v, target).Traces[0]
		return p.Value(tr.Y[n.T-1], target[len(target)-n.O:]) / p.Per
	}
	whole := func(v []float64) float64 { return pass.New(p.Net, v, target).Loss }
	for name, c := range map[string]struct {
		loss func(v []float64) float64
		step float64
		left float64 // what the check leaves a parameter moved by
		say  string
	}{
		"right":        {whole, 1e-5, 0, "your own check is right"},
		"tiny step":    {whole, 1e-12, 0, "a step of 1e-12, which is too small"},
		"tinier step":  {whole, 1e-13, 0, "a step of 1e-13, which is too small"},
		"float32":      {func(v []float64) float64 { return float64(float32(whole(v))) }, 1e-4, 0, "float32, which have too few digits for a step of 1e-04"},
		"mean":         {func(v []float64) float64 { return whole(v) / 5 }, 1e-5, 0, "0.2 times the right one"},
		"last step":    {last, 1e-5, 0, "the last step only"},
		"not restored": {whole, 1e-3, -1e-3, "does not restore"},
		"other":        {func(v []float64) float64 { return whole(v) + 0.1*v[0]*v[1] }, 1e-5, 0, "no known mistake"},
	} {
		w := slices.Clone(v)
		numeric := chain.Array{Name: "all", Bar: make([]float64, n.Params())}
		for i := range n.Params() {
			saved := w[i]
			w[i] = saved + c.step
			up := c.loss(w)
			w[i] = saved - c.step
			numeric.Value = append(numeric.Value, (up-c.loss(w))/(2*c.step))
			numeric.Of = append(numeric.Of, []chain.Term{{Index: i, Times: 1}})
			w[i] = saved + c.left
		}
		if said := own.Judge(p, []chain.Array{numeric}, "right"); !strings.Contains(said, c.say) {
			t.Errorf("%s: %s", name, said)
		}
	}
}
