package pass

import (
	"math/rand/v2"
	"testing"

	"lstm/check"
	"lstm/check/scalar"
)

// TestScalar compares the standard kind with package scalar, to the last bit: at random points,
// with both losses, and with targets at all steps or at the last ones.
func TestScalar(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(2, 3))
	for k := range 200 {
		n := scalar.Net{X: 1 + rng.IntN(3), H: 1 + rng.IntN(4), O: 1 + rng.IntN(3), T: 1 + rng.IntN(6), Softmax: k%2 == 1}
		v, target := scalar.Random(rng, n, 0.8), scalar.RandomTarget(rng, n)
		for i := n.Z(0, 0, 0); i < n.Len(); i++ {
			v[i] = 0.1 * rng.NormFloat64()
		}
		if k%4 > 1 {
			target = target[rng.IntN(n.T+1)*n.O:]
		}
		wantLoss, want := scalar.Backward(n, v, target)
		p := New(Standard(n), v, target)
		loss, got := p.Loss, p.Backward(Right())[:n.Len()]
		if loss != wantLoss {
			t.Errorf("%v, %d targets: loss %v, want %v", n, len(target), loss, wantLoss)
		}
		for i := range got {
			if got[i] != want[i] {
				t.Fatalf("%v, %d targets: %s is %v, want %v", n, len(target), n.Name(i), got[i], want[i])
			}
		}
	}
}

// TestKinds checks the gradient of every kind with finite differences, for a batch of two sequences. A Param
// stands for all of V, so states, inputs, z and peepholes are checked, too.
func TestKinds(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(16, 1))
	for k := range 40 {
		n := Net{Net: scalar.Net{X: 2, H: 2, O: 3, T: 3}, N: 2, Kind: Kind{
			Linear: k&1 > 0, Peephole: k&2 > 0, Hard: []float64{0, 0.2}[k>>2&1], Loss: Loss(k >> 3), Per: 1.5}}
		v, target := make([]float64, n.Len()), make([]float64, n.N*2*n.O)
		for i := range v {
			v[i] = 0.8 * rng.NormFloat64()
		}
		for i := range target {
			target[i] = rng.Float64()
		}
		if n.Kind.Loss == CrossEntropy { // each row is a distribution
			for i := 0; i < len(target); i += n.O {
				target[i], target[i+1], target[i+2] = 0.5, 0.2, 0.3
			}
		}
		loss := func() float64 { return New(n, v, target).Loss }
		grad := New(n, v, target).Backward(Right())[:n.Len()]
		results, err := check.Gradients(loss, []check.Param{{Name: "v", Value: v, Grad: grad}}, check.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if wrong := results[0].With(check.Wrong); len(wrong) > 0 || len(results[0].With(check.Right)) < n.Len()/2 {
			t.Errorf("%+v: %d of %d wrong, %+v", n.Kind, len(wrong), n.Len(), wrong)
		}
	}
}
