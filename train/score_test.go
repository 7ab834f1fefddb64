package train

import (
	"math"
	"strings"
	"testing"

	"lstm/train/settings"
	"lstm/train/task"
)

// TestScore tests the numbers that the criterion uses.
func TestScore(t *testing.T) {
	t.Parallel()
	k := &task.Criterion{Last: 3, Below: 0.5}
	r := &Run{Task: &task.Task{Criterion: k}, score: score{offs: make([]float64, 3)}}
	for i, c := range []struct {
		off    float64
		right  bool
		inARow int
		mean   float64
		learnt bool
	}{
		{0.1, true, 1, 0.1, false}, {0.2, true, 2, 0.15, false}, {0.9, false, 0, 0.4, false},
		{0.6, true, 1, 1.7 / 3, false}, {0.6, true, 2, 0.7, false}, {0.6, true, 3, 0.6, false},
		{0, true, 4, 0.4, true}, {0, false, 0, 0.2, false},
	} {
		r.score.add(c.off, c.right)
		r.look(k)
		if r.score.inARow != c.inARow || math.Abs(r.score.off()-c.mean) > 1e-15 || r.Learnt() != c.learnt {
			t.Errorf("after %d: %d in a row, off by %v, learnt %v; want %d, %v, %v",
				i+1, r.score.inARow, r.score.off(), r.Learnt(), c.inARow, c.mean, c.learnt)
		}
	}
}

// TestScoreLimits: the mean error must be below the limit. Without a limit, only the number in a row counts.
func TestScoreLimits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		below, off float64
		last, n    int
		learnt     bool
	}{
		{0.5, 0.5, 3, 4, false}, {0.5, 0.499, 3, 4, true}, {0.5, 0.499, 3, 3, true}, {0.5, 0.499, 3, 2, false},
		{0, 7, 3, 3, true}, {0, 7, 3, 2, false}, {0.5, 0.4, 1, 1, true}, {0.5, 0.6, 1, 1, false},
	} {
		k := &task.Criterion{Last: c.last, Below: c.below}
		r := &Run{Task: &task.Task{Criterion: k}, score: score{offs: make([]float64, c.last)}}
		for range c.n {
			r.score.add(c.off, true)
		}
		if r.look(k); r.Learnt() != c.learnt {
			t.Errorf("%+v: learnt %v", c, r.Learnt())
		}
	}
}

// TestSomeSets: the run is learnt only if every sequence of the fixed set is right.
func TestSomeSets(t *testing.T) {
	t.Parallel()
	for right := range 4 {
		seen := 0
		r := newToy(t, "sets", func(_ *settings.Config, k *task.Task) {
			k.Criterion.Judge = func(*task.Sequence, []float64) (float64, bool) { seen++; return 0, seen <= right }
		})
		r.Iter = r.Task.Criterion.Every
		if r.look(r.Task.Criterion); seen != 3 || r.score.right != right || r.Learnt() != (right == 3) {
			t.Errorf("%d of %d right: it counts %d, learnt %v", right, seen, r.score.right, r.Learnt())
		}
	}
}

// TestSets: a run tests the fixed set after every 64 sequences. Its row shows the result of the last
// test.
func TestSets(t *testing.T) {
	t.Parallel()
	looks := 0
	r := newToy(t, "sets", func(_ *settings.Config, k *task.Task) {
		c := k.Criterion
		c.Sets, c.Every = c.Sets[:1], 64
		c.Judge = func(s *task.Sequence, _ []float64) (float64, bool) {
			if s == c.Sets[0] {
				looks++
				return 0, looks == 3
			}
			return 0, true
		}
	})
	if err := r.Train(64*2+10, func() {}); err != nil || looks != 2 || r.Learnt() || !strings.HasSuffix(r.Row(), " 0") {
		t.Errorf("%v: %d looks in 138 sequences, learnt %v; want 2, at 64 and 128", err, looks, r.Learnt())
	}
	if err := r.Train(1000, func() {}); err != nil || r.Iter != 192 || !r.Learnt() || !strings.HasSuffix(r.Row(), " 1") {
		t.Errorf("%v: learnt %v after %d, want 192; %s", err, r.Learnt(), r.Iter, r.Row())
	}
}
