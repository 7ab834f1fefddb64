package proof

import (
	"slices"
	"testing"
	"time"

	"lstm/bptt"
)

// TestUntil: a check that is told to stop is left at once, and the network is as it was.
func TestUntil(t *testing.T) {
	t.Parallel()
	m, s := problem{3, 40, 2, 400, 400}.draw(source(1), bptt.SquaredError{})
	before := slices.Clone(m.Params.All)
	stop, begun := make(chan struct{}), time.Now()
	done, err := New(m, s, 400, 400).CheckUntil(stop, false, 0, 1, func(done, total int) {
		if done == 3 {
			close(stop)
		}
	})
	if done || err != nil || time.Since(begun) > time.Minute || !slices.Equal(m.Params.All, before) {
		t.Errorf("%v, %v after %v, or the network has changed", done, err, time.Since(begun))
	}
	m, s = problem{1, 2, 1, 3, 3}.draw(source(1), bptt.SquaredError{})
	calls := 0
	p := New(m, s, 3, 3)
	if done, err := p.CheckUntil(make(chan struct{}), false, 0, 1, func(int, int) { calls++ }); !done || err != nil || calls != p.Total || !p.Right() {
		t.Errorf("%v, %v, %d calls of %d", done, err, calls, p.Total)
	}
}
