package train

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"lstm/train/rng"
	"lstm/train/settings"
	"lstm/train/task"
)

// TestSymbolTraining: symbols train the network that the same rows train as numbers, to the bit: with each optimizer,
// with and without clipping, and after a restart.
func TestSymbolTraining(t *testing.T) {
	t.Parallel()
	for _, optimizer := range settings.Optimizers {
		for _, hidden := range []int{1, 4, 5, 6} { // a row of dWx has 4 to 24 numbers; a lane of its norm has every 16th
			for _, limit := range []float64{0, 0.5} {
				start := func(numbers bool) *Run {
					return newToy(t, "symbols", func(c *settings.Config, k *task.Task) {
						c.Optimizer, c.Hidden, c.Clip = optimizer, hidden, limit
						draw := k.Draw
						k.Draw = func(r *rng.Rand, s *task.Sequence) {
							draw(r, s)
							for i, v := range s.X {
								if v == 0 && numbers { // a row with −0 is no symbol
									s.X[i] = math.Copysign(0, -1)
								}
							}
						}
					})
				}
				what := fmt.Sprintf("%s, H %d, limit %v", optimizer, hidden, limit)
				want, got := start(true), start(false)
				dead := false
				for i := range 60 {
					if i == 30 {
						again := start(false)
						if err := again.Restore(got.Iter, false, false, lookUp(stateOf(got))); err != nil {
							t.Fatal(err)
						}
						got = again
					}
					learn(t, want, 1)
					learn(t, got, 1)
					for k, live := range got.grad.live {
						dead = dead || got.Iter < 30 && got.grad.moved[k] && !live
					}
					if slices.Contains(want.grad.live, false) || got.norms.last != want.norms.last || got.EMA != want.EMA ||
						!slices.Equal(got.Model.Params.All, want.Model.Params.All) || !slices.Equal(got.grad.All, want.grad.All) ||
						!slices.Equal(got.opt.m, want.opt.m) || !slices.Equal(got.opt.v, want.opt.v) {
						t.Fatalf("%s: iteration %d differs", what, i)
					}
				}
				if !dead {
					t.Errorf("%s: a symbol that has occurred stays in the gradient", what)
				}
			}
		}
	}
}
