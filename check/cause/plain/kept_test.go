package plain

import (
	"fmt"
	"testing"

	"lstm/check/pass"
	"lstm/check/scalar"
)

func point() *pass.Point {
	n := scalar.Net{X: 1, H: 2, O: 1, T: 3}
	v := make([]float64, n.Len())
	for i := range v[:n.Z(0, 0, 0)] {
		v[i] = 0.1 * float64(i%7-3)
	}
	return pass.New(pass.Standard(n), v, make([]float64, 3))
}

// In this example, tanh(c) of step 1 overwrites tanh(c) of step 0.
func ExampleKept() {
	p, now := point(), point().Traces[0]
	now.TanhC[0] = now.TanhC[1]
	_, where, ok := Kept(p, now)
	fmt.Println(ok, where)
	// Output: true what the forward pass keeps: tanh(c) of step t0, unit 0
}

// TestKept: a right forward pass has no such cause. A forward pass with another loss has none either.
func TestKept(t *testing.T) {
	p, now := point(), point().Traces[0]
	if c, _, ok := Kept(p, now); ok {
		t.Error(c)
	}
	now.TanhC[0] = now.TanhC[1]
	now.Loss *= 1.1
	if c, _, ok := Kept(p, now); ok {
		t.Error(c)
	}
}
