package train

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"

	"lstm/cell"
	"lstm/train/settings"
)

// plain returns a gradient without inputs.
func plain(g ...float64) *gradient { return &gradient{Params: &cell.Params{All: g}} }

// TestOptimizers: the optimizers equal PyTorch's, gradient by gradient, to 1e-13 of the largest parameter.
func TestOptimizers(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/torch_optim.json")
	if err != nil {
		t.Fatal(err)
	}
	var golden struct {
		Start     []float64
		Gradients [][]float64
		Runs      []struct {
			Name    string
			Options struct {
				LR, Momentum, Eps float64
				Nesterov          bool
				Decay             float64 `json:"weight_decay"`
				Betas             []float64
			}
			Clip       float64 `json:"clip_norm"`
			Trajectory [][]float64
		}
	}
	if err := json.Unmarshal(data, &golden); err != nil {
		t.Fatal(err)
	}
	var done []string
	for _, run := range golden.Runs {
		name := run.Name
		if run.Clip > 0 {
			name = name[:len(name)-len(", clipped")]
		}
		if !slices.Contains(settings.Optimizers, name) {
			t.Fatalf("%s: there is no such optimizer", name)
		}
		done = append(done, name)
		o := run.Options
		if o.Momentum != 0 && o.Momentum != beta || o.Nesterov != (name == "nesterov") || o.Decay != 0 && o.Decay != lambda ||
			o.Betas != nil && (o.Betas[0] != beta || o.Betas[1] != gamma || o.Eps != epsilon) {
			t.Fatalf("%s: the golden figures are for other settings, %+v", name, o)
		}
		p := slices.Clone(golden.Start)
		opt := newOptimizer(settings.Config{Optimizer: name, Rate: o.LR}, len(p))
		if len(run.Trajectory) != len(golden.Gradients) || len(run.Trajectory) != 25 {
			t.Fatalf("%s: %d points for %d gradients", run.Name, len(run.Trajectory), len(golden.Gradients))
		}
		for n, g := range golden.Gradients {
			g := plain(slices.Clone(g)...)
			g.clip(run.Clip)
			opt.update(p, g)
			for i, want := range run.Trajectory[n] {
				if !(math.Abs(p[i]-want) <= 1e-13*math.Abs(want)) {
					t.Errorf("%s: parameter %d after step %d is %v, want %v: off by %.1g", run.Name, i, n+1, p[i], want, math.Abs(p[i]/want-1))
				}
			}
		}
	}
	for _, name := range settings.Optimizers {
		if !slices.Contains(done, name) {
			t.Logf("%s: there are no golden figures of PyTorch", name)
		}
	}
}

// TestHalve: the rate halves in the given number of steps.
func TestHalve(t *testing.T) {
	t.Parallel()
	o := newOptimizer(settings.Config{Optimizer: "sgd", Rate: 0.3, Halve: 700}, 1)
	p := []float64{0}
	for range 700 {
		o.update(p, plain(0))
	}
	if math.Abs(o.rate-0.15) > 1e-14 {
		t.Errorf("the rate went from 0.3 to %v", o.rate)
	}
	o.update(p, plain(1))
	if p[0] != -o.rate/o.decay {
		t.Errorf("a step of %v at rate %v", p[0], o.rate/o.decay)
	}
}

// TestClip: a norm above the limit is scaled down to it. A norm below the limit does not change.
func TestClip(t *testing.T) {
	t.Parallel()
	all := plain(3, 0, -4)
	g := all.All
	if norm := all.clip(5.1); norm != 5 || g[0] != 3 || g[2] != -4 {
		t.Errorf("norm %v, %v", norm, g)
	}
	if norm := all.clip(0); norm != 5 || g[0] != 3 {
		t.Errorf("no limit: norm %v, %v", norm, g)
	}
	if norm := all.clip(1); norm != 5 || math.Abs(g[0]-0.6) > 1e-6 || math.Abs(g[2]+0.8) > 1e-6 || g[0] > 0.6 {
		t.Errorf("norm %v, %v", norm, g)
	}
}
