package chain

import (
	"math/rand/v2"
	"testing"

	"lstm/check/pass"
	"lstm/check/scalar"
)

// TestAlone exchanges a line for a random multiple that changes from place to place. Alone names the line from the
// gradients of the parameters, and names none if two lines are wrong.
func TestAlone(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(16, 5))
	lines := []Line{DH, DHP, DC, DCP, DZO, DZI, DZF, DZG}
	named, invented := 0, 0
	const count = 30
	for range count {
		n, _, _ := scalar.FairPoint(rng)
		n.H = 3 // enough parameters to tell
		v, target := scalar.Random(rng, n, 0.8), scalar.RandomTarget(rng, n)
		p := pass.New(pass.Standard(n), v, target)
		k := rng.IntN(len(lines))
		l := pass.Right()
		breakLine(l, lines[k], rng)
		params := func() []Array { return whole(p, p.Backward(l))[:10] }
		for _, way := range Alone(p, params()) {
			if way[0].Line == lines[k] {
				named++
			}
		}
		breakLine(l, lines[(k+4)%8], rng)
		invented += len(Alone(p, params()))
	}
	if named < count*95/100 || invented > 0 {
		t.Errorf("%d of %d lines named, %d invented", named, count, invented)
	}
}
