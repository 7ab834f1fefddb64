package train

import (
	"math"
	"testing"
)

// TestNorms: the usual norm goes a hundredth of the way to each norm. It starts from the first norm. A norm counts as
// at most twice the usual one, so a gradient that explodes, or is not finite, hardly changes the usual norm.
func TestNorms(t *testing.T) {
	t.Parallel()
	var n norms
	want, last := 3.0, 0.0
	for _, norm := range []float64{3, 3, 1, 5.8, 6.2, 1e300, 0, math.Inf(1), math.Inf(-1), math.NaN()} {
		if n.add(norm); norm-norm == 0 {
			want, last = want+0.01*(min(norm, 2*want)-want), norm
		}
		if !(math.Abs(n.usual-want) <= 1e-14) || n.last != last {
			t.Errorf("after a norm of %v: norm %v, usually %v, want %v and %v", norm, n.last, n.usual, last, want)
		}
	}
}
