package walk

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"lstm/check/pass"
	"lstm/check/scalar"
)

func ExamplePass() {
	n, v, target := scalar.FairPoint(rand.New(rand.NewPCG(1, 1)))
	w := Pass(pass.New(pass.Standard(n), v, target), 0, nil)
	s := w.Spots[0]
	fmt.Printf("unit %d is written at step %d and read at step %d of %d\n", w.Units[0], s.Written, s.Read, w.T)
	fmt.Printf("dc = %.4f = %.4f + %.4f\n", w.At(nil, "dc", 0, w.Step), w.At(nil, "dch", 0, w.Step), w.At(nil, "dcn", 0, w.Step))
	// Output: unit 0 is written at step 0 and read at step 0 of 6
	// dc = 2.3127 = 1.5027 + 0.8100
}

// TestSpot: a unit that is written once and kept is written there, and read at the end.
func TestSpot(t *testing.T) {
	t.Parallel()
	k := track{ig: []float64{0, 0.1, 2, 0, 0, 5}, f: []float64{9, 9, 9, 0.9, 0.5, 1}, dc: []float64{1, 1, 1, 1, 1, 1}, dch: []float64{0, 0, 0.1, 0.2, 0, 1}}
	s := k.spot()
	if s.Written != 2 || s.Read != 5 || s.Kept != 0.45 || s.Least != 0.5 || s.Half != 0.125 || s.Weight != 2 {
		t.Errorf("%+v", s)
	}
	nothing := track{ig: []float64{math.NaN(), 0}, f: []float64{1, 1}, dc: []float64{math.NaN(), 0}, dch: []float64{math.NaN(), math.NaN()}}
	if s := nothing.spot(); s.Written != 0 || s.Read != 0 {
		t.Errorf("%+v", s)
	}
}
