package train

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"lstm/bptt"
	"lstm/cell"
	"lstm/train/rng"
)

// TestLook: what is drawn of a network is what it does.
func TestLook(t *testing.T) {
	r := makeRun(t, "sine", func(c *Config) { c.Window, c.Stride, c.Seed = 5, 2, 3 })
	if err := r.Train(100, func() {}); err != nil {
		t.Fatal(err)
	}
	before := slices.Clone(r.rand.State())
	const T = 12
	l := r.Look(T)
	if l.T != T || l.M != T || len(l.Y) != T || !slices.Equal(before, r.rand.State()) {
		t.Fatalf("%d steps, %d targets, or the run is not as it was", l.T, l.M)
	}
	H := r.Params.H

	// loss from step t on, as it follows from h_t and c_t, that of step t itself among them
	loss := func(step int, h, c []float64) float64 {
		y := make([]float64, 1)
		r.Params.Read(y, h, 1)
		sum := bptt.SquaredError{}.Measure(make([]float64, 1), y, l.Target[step:step+1], 1)
		if step < T-1 {
			sum += bptt.New(r.Params, T).Forward(l.X[step+1:], l.Target[step+1:], h, c)
		}
		return sum
	}
	for step, s := range l.Steps {
		h, c := slices.Clone(s.H), slices.Clone(s.C)
		var dh, dc []float64
		const d = 1e-5
		slope := func(f func(d float64) float64) float64 { return (f(d) - f(-d)) / (2 * d) }
		for j := range H {
			dh = append(dh, slope(func(d float64) float64 {
				h[j] += d
				defer func() { h[j] = s.H[j] }()
				return loss(step, h, c)
			}))
			dc = append(dc, slope(func(d float64) float64 { // c shows in h as well
				c[j] += d
				h[j] = s.Gates[2*H+j] * math.Tanh(c[j])
				defer func() { h[j], c[j] = s.H[j], s.C[j] }()
				return loss(step, h, c)
			}))
		}
		near(t, "‖dh‖", []float64{l.DH[step]}, []float64{math.Sqrt(square(dh))}, 1e-8)
		near(t, "‖dc‖", []float64{l.DC[step]}, []float64{math.Sqrt(square(dc))}, 1e-8)

		// What the loss of this step alone changes by way of each step before, and whether a stream
		// that begins here takes it in.
		w, g := r.newWindow(T), cell.New(1, H, 1)
		w.Forward(l.X[:step+1], l.Target[step:step+1], l.h0, l.c0)
		w.Backward(g)
		for tau := range T {
			want := 0.0
			if tau <= step {
				one := cell.New(1, H, 1)
				one.Accumulate(l.X[tau:tau+1], w.Steps()[tau].HPrev, w.Steps()[tau].Z, 1)
				want = math.Sqrt(square(one.All))
			}
			near(t, "‖C‖", l.Share[step][tau:tau+1], []float64{want}, 1e-12)
			end := min((step/2+1)*2, T)
			if through := tau <= step && tau >= end-5; l.Through[step][tau] != through {
				t.Errorf("the loss of step %d goes through step %d: %v", step, tau, !through)
			}
		}
	}

	raised := makeRun(t, "sine", func(c *Config) { c.Window, c.Stride, c.Seed, c.ForgetBias = 5, 2, 3, 1 }).Look(T)
	near(t, "with a forget bias of 1", l.Forget[1], raised.Forget[1], 1e-12)
	if slices.Equal(l.Forget[0], l.Forget[1]) || l.Biases[1] != 1 {
		t.Error("the forget bias makes no difference")
	}
	again := loaded(t, saved(t, r)).Look(T)
	if !reflect.DeepEqual(again.Forget, l.Forget) || !slices.Equal(again.DC, l.DC) {
		t.Error("what is loaded looks another way")
	}
}

// TestHistory: it is thinned where it grows long, and keeps its order.
func TestHistory(t *testing.T) {
	var h History
	for i := 1; i <= 100_000; i++ {
		h.add(i, float64(i), float64(2*i))
	}
	if n := len(h.Iter); n < 1000 || n > 4000 || h.Iter[0] != 1 || h.Iter[n-1] < 99_000 || !slices.IsSorted(h.Iter) {
		t.Errorf("%d entries, up to %d", n, h.Iter[n-1])
	}
	for k, i := range h.Iter {
		before := 0
		if k > 0 {
			before = h.Iter[k-1]
		}
		if h.Low[k] != float64(before+1) || h.High[k] != float64(i) || h.Average[k] != float64(2*i) {
			t.Fatalf("after iteration %d, the one before %d: %v to %v, %v", i, before, h.Low[k], h.High[k], h.Average[k])
		}
	}
}

// TestBaseline: the best that can be said without looking: of symbols, how often each comes; of
// numbers, their mean.
func TestBaseline(t *testing.T) {
	targets := func(r *Run) (all [][]float64) {
		random, s := rng.New(r.Config.Seed), newSequence(r.Task, r.Params.H)
		for i := range 100 {
			s.draw(random, r.Task.Draw, i)
			all = append(all, slices.Clone(s.Target))
		}
		return all
	}
	r := makeRun(t, "order", nil)
	var n [4]float64
	for _, target := range targets(r) {
		n[slices.Index(target, 1)]++
	}
	entropy := 0.0
	for _, n := range n {
		entropy -= n / 100 * math.Log(n/100)
	}
	near(t, "the entropy of 100 sequences", []float64{r.Baseline()}, []float64{entropy}, 1e-12)
	r = makeRun(t, "adding", nil)
	mean, square := 0.0, 0.0
	for _, target := range targets(r) {
		mean, square = mean+target[0]/100, square+target[0]*target[0]/100
	}
	near(t, "the variance of 100 sums", []float64{r.Baseline()}, []float64{square - mean*mean}, 1e-12)
	r = makeRun(t, "series", nil)
	if b := r.Baseline(); math.Abs(b-1) > 0.02 {
		t.Errorf("of the variance the mean leaves %v", b)
	}
}
