package train

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"lstm/train/history"
	"lstm/train/settings"
	"lstm/train/task"
)

// stateOf returns a copy of a run's state.
func stateOf(r *Run) map[string][]float64 {
	state := make(map[string][]float64)
	for _, v := range r.State() {
		state[v.Name] = slices.Clone(v.Data)
	}
	return state
}

func lookUp(state map[string][]float64) func(string) ([]float64, bool) {
	return func(name string) ([]float64, bool) { v, ok := state[name]; return v, ok }
}

// restored returns a new run with the given state.
func restored(t testing.TB, variant, optimizer string, iter int, state map[string][]float64) *Run {
	t.Helper()
	r := withOptimizer(t, variant, optimizer)
	if err := r.Restore(iter, false, false, lookUp(state)); err != nil {
		t.Fatal(err)
	}
	return r
}

func withOptimizer(t testing.TB, variant, optimizer string) *Run {
	return newToy(t, variant, func(c *settings.Config, _ *task.Task) { c.Optimizer, c.Halve, c.Clip = optimizer, 50, 1 })
}

// TestRestore: a restored run that goes on equals a run that never stopped, to the last bit. This holds
// for each optimizer, for all features of a task, and after two stops.
func TestRestore(t *testing.T) {
	t.Parallel()
	for variant := range variants {
		for _, optimizer := range settings.Optimizers {
			whole := withOptimizer(t, variant, optimizer)
			steps := func(r *Run, n int) {
				for range n {
					if _, err := r.Step(); err != nil { // Step goes on after a task is learnt
						t.Fatal(err)
					}
				}
			}
			steps(whole, 150)
			r := withOptimizer(t, variant, optimizer)
			steps(r, 61)
			for _, n := range []int{1, 88} {
				again := restored(t, variant, optimizer, r.Iter, stateOf(r))
				same(t, variant+" by "+optimizer+", restored", again, r)
				r = again
				steps(r, n)
			}
			same(t, variant+" by "+optimizer+", restored twice", r, whole)
		}
	}
}

// same fails unless two runs are equal. It compares their states. State may lack a part of a run, so same
// also compares the runs themselves, except the buffers, the first parameters and the history.
func same(t testing.TB, what string, r, want *Run) {
	t.Helper()
	if !reflect.DeepEqual(stateOf(r), stateOf(want)) {
		t.Errorf("%s: the state differs from the run that never stopped", what)
	}
	a, b := *r, *want
	for _, x := range []*Run{&a, &b} {
		x.Task, x.grad, x.stream, x.seq, x.y, x.tester, x.zero, x.start, x.Past = nil, nil, nil, nil, nil, nil, nil, nil, history.History{}
	}
	if !reflect.DeepEqual(a, b) {
		t.Errorf("%s: %+v\ndiffers from the run that never stopped, %+v", what, a, b)
	}
}

// TestRestoreElsewhere: with other data, the new run keeps the parameters and all that depends on the
// data. With keepRate, it keeps its rate. Rewind goes back to the point where the run was restored.
func TestRestoreElsewhere(t *testing.T) {
	t.Parallel()
	r := withOptimizer(t, "validated", "momentum")
	learn(t, r, 35)
	state := stateOf(r)
	for _, other := range []bool{false, true} {
		for _, keepRate := range []bool{false, true} {
			again := withOptimizer(t, "validated", "momentum")
			begin := slices.Clone(again.Drawn)
			begin[0]++
			again.Begin(begin)
			if err := again.Restore(35, other, keepRate, lookUp(state)); err != nil {
				t.Fatal(err)
			}
			want, best := state["parameters"], r.best.iter
			if other {
				want, best = begin, 0
			}
			if !slices.Equal(again.Model.Params.All, want) || again.best.iter != best || again.Other != other || again.Iter != 35 || again.EMA != r.EMA ||
				!slices.Equal(again.opt.m, r.opt.m) || slices.Equal(again.stream.State(), r.stream.State()) == other {
				t.Errorf("other data %v: %+v", other, again)
			}
			if (again.opt.rate == r.opt.rate) == keepRate || keepRate && again.opt.rate != r.Config.Rate {
				t.Errorf("rate kept %v: it is %v", keepRate, again.opt.rate)
			}
			learn(t, again, 3)
			if again.Rewind(); !slices.Equal(again.Model.Params.All, want) {
				t.Error("Rewind does not go back to the point where the run was restored")
			}
		}
	}
}

// TestBadState: an error names the vector that does not fit, and nothing panics.
func TestBadState(t *testing.T) {
	t.Parallel()
	for variant := range variants {
		r := withOptimizer(t, variant, "adam")
		learn(t, r, 3)
		for _, v := range r.State() {
			for what, data := range map[string][]float64{"missing": nil, "empty": {}, "longer": append(slices.Clone(v.Data), 1)} {
				if what == "empty" && len(v.Data) == 0 {
					continue // this variant is right
				}
				state := stateOf(r)
				if state[v.Name] = data; data == nil {
					delete(state, v.Name)
				}
				err := withOptimizer(t, variant, "adam").Restore(3, false, false, lookUp(state))
				if err == nil || !strings.HasPrefix(err.Error(), v.Name+":") || strings.Contains(err.Error(), "\n") {
					t.Errorf("%s, %s of a run %s: %v", what, v.Name, variant, err)
				}
			}
			for _, x := range []float64{-3, 0.5, 1e300, math.NaN()} { // an error, or a run
				state := stateOf(r)
				for i := range state[v.Name] {
					state[v.Name][i] = x
				}
				again := withOptimizer(t, variant, "adam")
				if err := again.Restore(3, false, false, lookUp(state)); err == nil {
					again.Train(2, func() {})
				}
			}
		}
	}
	for name, change := range map[string]func(x []float64){
		"score":       func(x []float64) { x[0] = 1.5 },
		"optimizer.v": func(x []float64) { x[1] = -1 },
		"random":      func(x []float64) { x[3] = 0.5 },
	} {
		state := stateOf(withOptimizer(t, "in a row", "adam"))
		change(state[name])
		if err := withOptimizer(t, "in a row", "adam").Restore(0, false, false, lookUp(state)); err == nil || !strings.HasPrefix(err.Error(), name+":") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestLearntIsKept: a run that has learnt its task is still learnt after Restore, and does not go on.
func TestLearntIsKept(t *testing.T) {
	t.Parallel()
	for _, variant := range []string{"in a row", "sets"} {
		r := newToy(t, variant, nil)
		r.score.right, r.score.inARow, r.score.learnt = 3, 9, true
		again := newToy(t, variant, nil)
		if err := again.Restore(0, false, false, lookUp(stateOf(r))); err != nil {
			t.Fatal(err)
		}
		if err := again.Train(10, func() {}); err != nil || !again.Learnt() || again.Iter != 0 || again.score.right != 3 || again.score.inARow != 9 {
			t.Errorf("%v: %+v after %d", err, again.score, again.Iter)
		}
	}
}
