package train

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"lstm/train/rng"
)

// TestInside: Inside draws nothing from the run's random stream, and a loaded run returns the same.
func TestInside(t *testing.T) {
	t.Parallel()
	r := makeRun(t, "sine", func(c *Config) { c.Window, c.Stride, c.Seed, c.ForgetBias = 5, 2, 3, 1 })
	if err := r.Train(100, func() {}); err != nil {
		t.Fatal(err)
	}
	before := slices.Clone(r.rand.State())
	in := r.Inside()
	if !slices.Equal(before, r.rand.State()) {
		t.Error("the random stream has moved")
	}
	if in.Window != 5 || in.Stride != 2 || in.ForgetBias != 1 || slices.Equal(in.Drawn, r.Params.All) {
		t.Errorf("window %d, stride %d, forget bias %v", in.Window, in.Stride, in.ForgetBias)
	}
	if !reflect.DeepEqual(loaded(t, saved(t, r)).Inside(), in) {
		t.Error("a loaded run has another network or sequence")
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
