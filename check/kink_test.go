package check_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"lstm/check"
)

// TestNoisyKink: at a corner with a noisy loss, the entry is unresolved and the cause is a corner, whichever of the two slopes, or
// their mean, the program gives.
func TestNoisyKink(t *testing.T) {
	for _, noise := range []float64{0, 1e-12, 1e-9, 1e-7, 1e-6, 1e-5} {
		for _, given := range []float64{-1, -0.3, 0, 1} {
			v := []float64{0, 0, 0.4}
			rng := rand.New(rand.NewPCG(3, 3))
			table := map[[3]float64]float64{} // the noise is a function of the parameters
			loss := func() float64 {
				key := [3]float64(v)
				if _, ok := table[key]; !ok {
					table[key] = noise * rng.NormFloat64()
				}
				return 1 + math.Abs(v[0]) + math.Abs(v[1]) + math.Sin(v[2]) + table[key]
			}
			params := []check.Param{{Name: "b", Value: v, Grad: []float64{given, given, math.Cos(0.4)}, Index: []int{0, 1}},
				{Name: "w", Value: v, Grad: []float64{given, given, math.Cos(0.4)}, Index: []int{2}}}
			results, err := check.Gradients(loss, params, check.Options{})
			if err != nil {
				t.Fatal(err)
			}
			causes := check.Explain(params, results)
			if r := results[0]; r.Entries[0].Verdict != check.Unresolved || len(causes) == 0 || causes[0].Kind != "corner" || causes[0].Param != "b" {
				t.Errorf("noise %v, gradient %v: %+v, %+v", noise, given, r.Entries[0], causes)
			}
		}
	}
}
