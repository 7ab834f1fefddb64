package proof

import (
	"flag"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"lstm/bptt"
	"lstm/cell"
	"lstm/check"
	"lstm/check/scalar"
	"lstm/train/task"
)

var lstms = flag.Int("lstms", 30, "random LSTMs that TestCalibration checks")

// randomLSTM returns a network, a sequence and a state at random; the network trained if trained.
func randomLSTM(rng *rand.Rand, trained bool) (bptt.Model, *task.Sequence) {
	p := cell.New(1+rng.IntN(3), 1+rng.IntN(9), 1+rng.IntN(3))
	T := 1 + rng.IntN(12)
	normal := func(x []float64, deviation float64) []float64 {
		for i := range x {
			x[i] = deviation * rng.NormFloat64()
		}
		return x
	}
	normal(p.All, math.Exp(2*rng.Float64()-1.5))
	s := &task.Sequence{
		X: normal(make([]float64, T*p.X), 1), Target: normal(make([]float64, T*p.O), 1),
		H0: normal(make([]float64, p.H), 0.5), C0: normal(make([]float64, p.H), 1),
	}
	if rng.IntN(4) == 0 {
		clear(s.H0)
		clear(s.C0)
	}
	m := bptt.Model{Params: p, Loss: bptt.SquaredError{}}
	w, grad := m.Window(T), cell.New(p.X, p.H, p.O)
	for k := 0; trained && k < 20; k++ {
		w.Forward(s.X, s.Target, s.H0, s.C0)
		clear(grad.All)
		w.Backward(grad)
		norm := 0.0
		for _, g := range grad.All {
			norm += g * g
		}
		for i, g := range grad.All {
			p.All[i] -= 0.02 * g / max(1, math.Sqrt(norm))
		}
	}
	return m, s
}

// A calibration is what came of all comparisons.
type calibration struct {
	entries, covered, unresolved int
	worst, excess                float64
	bars                         []float64
}

// TestCalibration compares gradients and error bars with the complex-step derivative,
// for random networks, sequences and states. Half of the networks are trained a little.
// Gradients must be within 1e-12 of the largest entry of their block. Error bars must
// cover the true error of 99.9% of the entries. No right entry may be called wrong. Half
// of the error bars must be within 1e-9 of their entry.
func TestCalibration(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(20, 26))
	var c calibration
	n := *lstms
	if testing.Short() {
		n = min(n, 10)
	}
	for k := range n {
		m, s := randomLSTM(rng, k%2 > 0)
		T := len(s.X) / m.Params.X
		p := New(m, s, T, T)
		pt := pointOf(p)
		if err := p.Check(false, 0, 1, nil); err != nil {
			t.Fatal(err)
		}
		truth := c.gradient(t, pt)
		for n, r := range p.Results {
			for _, e := range r.Entries {
				c.bar(t, e, truth[pt.places[n][e.Index]])
			}
		}
	}
	slices.Sort(c.bars)
	t.Logf("%d networks, %d entries: gradients within %.1e of the block's largest; error bars cover %.3f%% (one by a factor of %.3g at worst), median %.1e; %d unresolved",
		n, c.entries, c.worst, 100*float64(c.covered)/float64(c.entries), c.excess, c.bars[len(c.bars)/2], c.unresolved)
	if float64(c.covered) < 0.999*float64(c.entries) || c.bars[len(c.bars)/2] > 1e-9 {
		t.Error("the error bars are too small, or too large")
	}
}

// gradient returns the complex-step derivatives, and compares the gradient with them.
func (c *calibration) gradient(t *testing.T, pt *point) []float64 {
	t.Helper()
	truth := make([]float64, pt.Len())
	for _, b := range pt.Blocks() {
		largest := 0.0
		for i := b.From; i < b.To; i++ {
			truth[i] = scalar.ComplexStep(pt.Net, pt.v, pt.target, i)
			largest = max(largest, math.Abs(truth[i]))
		}
		for i := b.From; i < b.To; i++ {
			if off := math.Abs(pt.grad[i] - truth[i]); off > 1e-12*largest {
				t.Errorf("%v: %s is off by %.1e of %.1e", pt.Net, pt.Name(i), off, largest)
			} else if largest > 0 {
				c.worst = max(c.worst, off/largest)
			}
		}
	}
	return truth
}

// bar holds an entry's error bar to the true derivative.
func (c *calibration) bar(t *testing.T, e check.Entry, truth float64) {
	t.Helper()
	c.entries++
	off := math.Abs(e.Numeric - truth)
	if off <= e.Bar+2e-16*math.Abs(truth) {
		c.covered++
	} else {
		c.excess = max(c.excess, off/e.Bar)
	}
	switch e.Verdict {
	case check.Wrong:
		t.Errorf("%s is right and called wrong: %v, measured %v ± %v", e.Name, e.Analytic, e.Numeric, e.Bar)
	case check.Unresolved:
		c.unresolved++
	}
	if truth != 0 {
		c.bars = append(c.bars, e.Bar/math.Abs(truth))
	}
}
