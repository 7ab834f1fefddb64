package train

import (
	"flag"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"lstm/bptt"
	"lstm/cell"
	"lstm/check"
	"lstm/check/scalar"
)

var lstms = flag.Int("lstms", 30, "random LSTMs that TestCalibration checks")

// TestCalibration holds gradients and error bars to the complex-step derivative, for
// random networks, sequences and states, half of them after some training: gradients
// within 1e-12 of the largest entry of their block, error bars that cover the true error
// of 99.9% of the entries, nothing right called wrong, and half of the error bars within
// 1e-9 of their entry.
func TestCalibration(t *testing.T) {
	rng := rand.New(rand.NewPCG(20, 26))
	var entries, covered, unresolved int
	var bars []float64
	var worst, excess float64
	for k := range *lstms {
		p := cell.New(1+rng.IntN(3), 1+rng.IntN(9), 1+rng.IntN(3))
		T := 1 + rng.IntN(12)
		normal := func(x []float64, deviation float64) []float64 {
			for i := range x {
				x[i] = deviation * rng.NormFloat64()
			}
			return x
		}
		normal(p.All, math.Exp(2*rng.Float64()-1.5))
		s := &Sequence{
			X: normal(make([]float64, T*p.X), 1), Target: normal(make([]float64, T*p.O), 1),
			H0: normal(make([]float64, p.H), 0.5), C0: normal(make([]float64, p.H), 1),
		}
		if rng.IntN(4) == 0 {
			clear(s.H0)
			clear(s.C0)
		}
		r := &Run{Params: p, grad: cell.New(p.X, p.H, p.O), Task: &Task{X: p.X, O: p.O, Loss: bptt.SquaredError{}}}
		w := bptt.New(p, T)
		loss := func() float64 { return w.Forward(s.X, s.Target, s.H0, s.C0) }
		for range 20 * (k % 2) {
			loss()
			clear(r.grad.All)
			w.Backward(r.grad)
			norm := 0.0
			for _, g := range r.grad.All {
				norm += g * g
			}
			for i, g := range r.grad.All {
				p.All[i] -= 0.02 * g / max(1, math.Sqrt(norm))
			}
		}
		base := loss()
		clear(r.grad.All)
		w.Backward(r.grad)
		pt := r.point(w, s, T)
		results, err := check.Gradients(loss, r.params(w, s), check.Options{Loss: base})
		if err != nil {
			t.Fatal(err)
		}
		at := 0
		for _, b := range pt.Blocks() {
			truth, largest := make([]float64, b.To-b.From), 0.0
			for i := range truth {
				truth[i] = scalar.ComplexStep(pt.Net, pt.v, pt.target, b.From+i)
				largest = max(largest, math.Abs(truth[i]))
			}
			for i, d := range truth {
				if off := math.Abs(pt.grad[b.From+i] - d); off > 1e-12*largest {
					t.Errorf("%v: %s is off by %.1e of %.1e", pt.Net, pt.Name(b.From+i), off, largest)
				} else if largest > 0 {
					worst = max(worst, off/largest)
				}
			}
			if b.Name == "z" {
				continue
			}
			for i, e := range results[at].Entries {
				entries++
				off := math.Abs(e.Numeric - truth[i])
				if off <= e.Bar+2e-16*math.Abs(truth[i]) {
					covered++
				} else {
					excess = max(excess, off/e.Bar)
				}
				switch e.Verdict {
				case check.Wrong:
					t.Errorf("%v: %s is right and called wrong: %v, measured %v ± %v", pt.Net, e.Name, e.Analytic, e.Numeric, e.Bar)
				case check.Unresolved:
					unresolved++
				}
				if truth[i] != 0 {
					bars = append(bars, e.Bar/math.Abs(truth[i]))
				}
			}
			at++
		}
	}
	slices.Sort(bars)
	t.Logf("%d networks, %d entries: gradients within %.1e of the block's largest; error bars cover %.3f%% (one by a factor of %.3g at worst), median %.1e; %d unresolved",
		*lstms, entries, worst, 100*float64(covered)/float64(entries), excess, bars[len(bars)/2], unresolved)
	if float64(covered) < 0.999*float64(entries) || bars[len(bars)/2] > 1e-9 {
		t.Error("the error bars are too small, or too large")
	}
}

// TestTruncated: the gradient of two windows, the state carried from one to the other, is
// right for the loss in which the second starts from a frozen state, and wrong for the
// full one.
func TestTruncated(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 1))
	p, g := cell.New(2, 4, 2), cell.New(2, 4, 2)
	const T = 5
	x, target := make([]float64, 2*T*p.X), make([]float64, 2*T*p.O)
	for _, s := range [][]float64{p.All, x, target} {
		for i := range s {
			s[i] = rng.NormFloat64()
		}
	}
	zero := make([]float64, p.H)
	first, second, whole := bptt.New(p, T), bptt.New(p, T), bptt.New(p, 2*T)
	forward := func(h, c []float64) float64 {
		return first.Forward(x[:T*p.X], target[:T*p.O], zero, zero) + second.Forward(x[T*p.X:], target[T*p.O:], h, c)
	}
	first.Forward(x[:T*p.X], target[:T*p.O], zero, zero)
	h, c := slices.Clone(first.HT), slices.Clone(first.CT)
	frozen := func() float64 { return forward(h, c) }
	full := func() float64 { return whole.Forward(x, target, zero, zero) }
	base := frozen()
	first.Backward(g)
	second.Backward(g)
	for _, c := range []struct {
		name  string
		loss  func() float64
		wrong bool
	}{{"frozen", frozen, false}, {"full", full, true}} {
		results, err := check.Gradients(c.loss, []check.Param{{Name: "all", Value: p.All, Grad: g.All, Entry: p.Name}}, check.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if wrong := len(results[0].With(check.Wrong)); (wrong > 0) != c.wrong {
			t.Errorf("%s: %d of %d entries wrong", c.name, wrong, len(p.All))
		}
	}
	if l := full(); math.Abs(l-base) > 1e-13*l {
		t.Errorf("the loss is %v in two windows and %v in one", base, l)
	}
}

// TestFast checks a network of a million parameters along a random direction, with 60
// losses at most, also when it has to look for a culprit. A loss takes a third of the time
// of a forward and backward pass.
func TestFast(t *testing.T) {
	r, err := New(Config{Task: "sine", Seed: 7, Hidden: 500, Optimizer: "sgd", Rate: 0.01})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Params.All) < 1_000_000 {
		t.Fatalf("%d parameters", len(r.Params.All))
	}
	w, s, p, params := r.proof()
	loss := func() float64 { return w.Forward(s.X, s.Target, s.H0, s.C0) }
	best := func(f func()) time.Duration {
		d := time.Hour
		for range 3 {
			start := time.Now()
			f()
			d = min(d, time.Since(start))
		}
		return d
	}
	forward := best(func() { loss() })
	both := best(func() { loss(); w.Backward(r.grad) })
	clear(r.grad.All)
	loss()
	w.Backward(r.grad)
	for _, culprit := range []string{"", "Wf", "by"} {
		for i := range params {
			if params[i].Name == culprit {
				for _, k := range params[i].Index {
					r.grad.All[k] *= 1.001
				}
			}
		}
		q, err := check.Directions(loss, params, check.Options{Loss: p.Loss})
		if err != nil {
			t.Fatal(err)
		}
		passes := float64(q.Losses) * float64(forward) / float64(both)
		t.Logf("culprit %q: verdict %v, found %v, order %.2f, %d losses or %.1f passes", culprit, q.Verdict, q.Culprits, q.Order, q.Losses, passes)
		if culprit == "" && q.Verdict != check.Right || culprit != "" && !slices.Contains(q.Culprits, culprit) || q.Losses > 60 {
			t.Errorf("culprit %q: %+v, %.1f passes", culprit, q, passes)
		}
	}
}
