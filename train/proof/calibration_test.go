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
	numpy "lstm/train/rng"
	"lstm/train/task"
)

var lstms = flag.Int("lstms", 112, "random LSTMs that TestCalibration checks, over all regimes")

// A regime is one kind of random networks and sequences.
type regime struct {
	name string

	weights, to float64 // the parameters are normal, with a deviation between these two
	x, target   float64 // the deviations of inputs and targets are up to these; 0 means 1
	c0          float64 // the deviation of c0; 0 means 1
	bias        float64 // is added to or subtracted from the biases of the gates, at random
	steps       int     // the largest number of steps; 0 means 12
	trained     bool    // half the networks train for 20 iterations

	loss  bptt.Loss // nil means the squared error
	sure  float64   // added to the output bias of the first symbol: always the target, or never if sure < 0
	soft  bool      // every symbol has a share of the target
	least float64   // targets are outputs plus normal numbers with a deviation between least and most
	most  float64
}

var entropy = bptt.CrossEntropy{}

var regimes = []regime{
	{name: "ordinary", weights: 0.2, to: 1.6, trained: true},
	{name: "tiny weights", weights: 1e-6, to: 1e-2},
	{name: "weights 3 to 30", weights: 3, to: 30},
	{name: "saturated gates", weights: 0.2, to: 1, bias: 25},
	{name: "T to 200", weights: 1, to: 5, steps: 200},
	{name: "huge targets", weights: 0.2, to: 1.6, target: 1e6},
	{name: "huge inputs", weights: 0.2, to: 1.6, x: 1e4},
	{name: "large c0", weights: 0.2, to: 1.6, c0: 100},
	{name: "entropy, ordinary", weights: 0.2, to: 1.6, loss: entropy},
	{name: "entropy, soft", weights: 0.2, to: 1.6, loss: entropy, soft: true},
	{name: "entropy, sure", weights: 0.2, to: 1.6, loss: entropy, sure: 30},
	{name: "entropy, surely wrong", weights: 0.2, to: 1.6, loss: entropy, sure: -30},
	{name: "residuals 1e-13 to 1e-3", weights: 0.2, to: 1.6, least: 1e-13, most: 1e-3},
	{name: "loss exactly 0", weights: 0.2, to: 1.6, least: math.SmallestNonzeroFloat64, most: math.SmallestNonzeroFloat64},
}

// between returns a random number between a and b. Its logarithm is uniform.
func between(rng *rand.Rand, a, b float64) float64 { return a * math.Pow(b/a, rng.Float64()) }

func normal(rng *rand.Rand, n int, deviation float64) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = deviation * rng.NormFloat64()
	}
	return x
}

// draw returns a network, a sequence and a state at random.
func (r *regime) draw(rng *rand.Rand) (bptt.Model, *task.Sequence) {
	m := bptt.Model{Params: cell.New(1+rng.IntN(3), 1+rng.IntN(9), 1+rng.IntN(3)), Loss: bptt.SquaredError{}}
	if r.loss != nil {
		m.Loss = r.loss
		m.Params = cell.New(m.Params.X, m.Params.H, 1+m.Params.O)
	}
	p, T := m.Params, 1+rng.IntN(max(r.steps, 12))
	copy(p.All, normal(rng, len(p.All), between(rng, r.weights, r.to)))
	up := func(most float64) float64 { return between(rng, 1, max(1, most)) }
	s := &task.Sequence{
		X: normal(rng, T*p.X, up(r.x)), Target: normal(rng, T*p.O, up(r.target)),
		H0: normal(rng, p.H, 0.5), C0: normal(rng, p.H, up(r.c0)),
	}
	if rng.IntN(4) == 0 && r.c0 == 0 {
		clear(s.H0)
		clear(s.C0)
	}
	for j := range p.B {
		p.B[j] += r.bias * (2*rng.Float64() - 1)
	}
	if r.loss != nil {
		r.symbols(rng, p, s.Target)
	}
	if r.trained && rng.IntN(2) == 0 {
		train(m, s)
	}
	if r.most > 0 {
		w, off := m.Window(T), between(rng, r.least, r.most)
		w.Forward(s.X, s.Target, s.H0, s.C0)
		for i, y := range w.Y {
			s.Target[i] = y + off*rng.NormFloat64()
		}
	}
	return m, s
}

// symbols fills the targets with symbols.
func (r *regime) symbols(rng *rand.Rand, p *cell.Params, target []float64) {
	p.By[0] += math.Abs(r.sure) * rng.Float64()
	for row := range slices.Chunk(target, p.O) {
		clear(row)
		switch {
		case r.sure > 0:
			row[0] = 1
		case r.sure < 0:
			row[1+rng.IntN(p.O-1)] = 1
		default:
			row[rng.IntN(p.O)] = 1
		}
		for i := range row {
			if r.soft {
				row[i] = float64(0.9*row[i]) + 0.1/float64(p.O)
			}
		}
	}
}

// train trains a network for 20 iterations.
func train(m bptt.Model, s *task.Sequence) {
	p := m.Params
	w, grad := m.Window(len(s.X)/p.X), cell.New(p.X, p.H, p.O)
	for range 20 {
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
}

// A calibration has the results of all comparisons.
type calibration struct {
	networks, entries, covered, wrong, unresolved, losses int

	worst  float64   // error of a gradient, relative to the largest entry of its block and to the digits that it can have
	excess float64   // error of a measurement, in bars, if the bar does not cover the error
	bars   []float64 // relative to the true derivative
}

// TestCalibration compares gradients and error bars with the complex-step derivative, for random networks,
// sequences and states in fourteen regimes. The check calls no right entry wrong. The error bars cover the true
// error of 99.99% of the entries. In easy regimes, gradients are within 1e-12 of the largest entry of their
// block, no entry is unresolved, and half of the error bars are within 1e-9 of their entry.
func TestCalibration(t *testing.T) {
	t.Parallel()
	for k, r := range regimes {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(uint64(k), 26))
			n := *lstms / len(regimes)
			if testing.Short() {
				n = min(n, 2)
			}
			var c calibration
			for range n {
				m, s := r.draw(rng)
				c.network(t, m, s)
			}
			slices.Sort(c.bars)
			median := c.bars[len(c.bars)/2]
			t.Logf("%-23s %5d networks %8d entries, bars cover %.4f%% (off by %.3g bars at worst), half are below %.1e, %d called wrong, %.3f%% unresolved, %.1f losses an entry",
				r.name, c.networks, c.entries, 100*float64(c.covered)/float64(c.entries), c.excess, median, c.wrong,
				100*float64(c.unresolved)/float64(c.entries), float64(c.losses)/float64(c.entries))
			if float64(c.covered) < 0.9999*float64(c.entries) {
				t.Error("the error bars are too small")
			}
			if r.trained && (c.worst > 1e-12 || c.unresolved > 0 || median > 1e-9) {
				t.Errorf("gradients are off by %.1e of the block's largest, or the error bars are too large", c.worst)
			}
		})
	}
}

// network checks the gradient of a network. For a long sequence, it checks the largest entries and a few others.
func (c *calibration) network(t *testing.T, m bptt.Model, s *task.Sequence) {
	T, target := len(s.X)/m.Params.X, slices.Clone(s.Target)
	p := New(m, s, T, T)
	if p.Soft { // here also where the network is sure
		copy(s.Target, target)
		p.Loss = p.loss()
		grad := m.Params.Clone()
		clear(grad.All)
		p.backward(grad)
		copy(p.params[0].Grad, grad.All) // one slice has the gradients of all blocks
	}
	if T > 12 {
		sample(p.params, 5, numpy.New(1))
	}
	pt := pointOf(p)
	results, err := check.Gradients(func() float64 { c.losses++; return p.loss() }, p.params, check.Options{Loss: p.Loss})
	if err != nil {
		t.Fatal(err)
	}
	c.networks++
	// If the outputs are a thousand times as large as what they miss the targets by, the difference has three digits less.
	w, largest, missed := m.Window(T), 0.0, 0.0
	w.Forward(s.X, s.Target, s.H0, s.C0)
	for i, y := range w.Y {
		largest, missed = max(largest, math.Abs(y)), max(missed, math.Abs(y-s.Target[i]))
	}
	lost := max(1, largest/missed/1000)
	_, backward := scalar.Backward(pt.Net, pt.v, pt.target)
	for n, r := range results {
		for _, e := range r.Entries {
			i := pt.places[n][e.Index]
			truth := scalar.ComplexStep(pt.Net, pt.v, pt.target, i)
			if math.IsNaN(truth) { // the complex exponential overflows
				truth = backward[i]
			}
			c.entry(t, e, truth)
			if r.Scale > 0 {
				c.worst = max(c.worst, math.Abs(e.Analytic-truth)/r.Scale/lost)
			}
		}
	}
}

// entry compares a measurement and its error bar with the true derivative.
func (c *calibration) entry(t *testing.T, e check.Entry, truth float64) {
	c.entries++
	off := math.Abs(e.Numeric - truth)
	if off <= e.Bar+2e-16*math.Abs(truth) {
		c.covered++
	} else {
		c.excess = max(c.excess, off/e.Bar)
	}
	switch e.Verdict {
	case check.Wrong:
		c.wrong++
		t.Errorf("%s is right and called wrong: %v, measured %v ± %v, true %v", e.Name, e.Analytic, e.Numeric, e.Bar, truth)
	case check.Unresolved:
		c.unresolved++
	}
	if truth != 0 {
		c.bars = append(c.bars, e.Bar/math.Abs(truth))
	}
}
