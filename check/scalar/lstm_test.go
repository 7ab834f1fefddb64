package scalar

import (
	"math"
	"math/rand/v2"
	"testing"
)

// random returns a network with everything drawn at random, and targets.
func random(rng *rand.Rand, n Net) (v, target []float64) {
	v, target = make([]float64, n.Len()), make([]float64, n.T*n.O)
	for i := range n.Z(0, 0, 0) {
		v[i] = 0.8 * rng.NormFloat64()
	}
	for i := range target {
		target[i] = rng.NormFloat64()
	}
	return v, target
}

// TestComplexStep holds Backward to the complex-step derivative, entry by entry.
func TestComplexStep(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		n := Net{X: 1 + rng.IntN(3), H: 1 + rng.IntN(4), O: 1 + rng.IntN(3), T: 1 + rng.IntN(6)}
		v, target := random(rng, n)
		_, grad := Backward(n, v, target)
		for _, b := range n.Blocks() {
			largest, worst := 0.0, 0.0
			for i := b.From; i < b.To; i++ {
				d := ComplexStep(n, v, target, i)
				largest = max(largest, math.Abs(d))
				worst = max(worst, math.Abs(d-grad[i]))
			}
			if worst > 1e-12*largest {
				t.Errorf("%v: %s is off by %.1e of %.1e", n, b.Name, worst, largest)
			}
		}
	}
}

// TestFunctions holds exp and tanh to package math, within two in the last place.
func TestFunctions(t *testing.T) {
	for x := -40.0; x < 40; x += 0.001 {
		for name, p := range map[string][2]float64{"exp": {realExp(x), math.Exp(x)}, "tanh": {realTanh(x), math.Tanh(x)}} {
			if math.Abs(p[0]-p[1]) > 4.5e-16*math.Abs(p[1]) {
				t.Fatalf("%s %v = %v, want %v", name, x, p[0], p[1])
			}
		}
	}
}
