package task_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"lstm/cell"
	"lstm/tensor/assert"
	"lstm/train"
	"lstm/train/rng"
	"lstm/train/settings"
	"lstm/train/task"
)

func TestAdding(t *testing.T) {
	t.Parallel()
	r := rng.New(1)
	kind, _ := task.Find("adding")
	k, err := kind.Make(settings.Config{Length: 100}, task.Data{}, r)
	if err != nil {
		t.Fatal(err)
	}
	s := new(task.Sequence)
	var lengths [120]int
	var first, second [120]int
	for i := range 20000 {
		s.Fill(k.Draw, r, i)
		n := len(s.X) / 2
		lengths[n]++
		var at []int
		sum := 0.0
		for k := range n {
			value, mark := s.X[2*k], s.X[2*k+1]
			if value < -1 || value >= 1 {
				t.Fatalf("a value of %v", value)
			}
			if mark == 1 {
				at = append(at, k)
				sum += value
			} else if want := map[bool]float64{true: -1}[k == 0 || k == n-1]; mark != want {
				t.Fatalf("step %d of %d has the mark %v, want %v", k, n, mark, want)
			}
		}
		if len(at) == 1 { // the first marked step is step 1, which keeps its −1
			at = []int{0, at[0]}
		}
		if len(at) != 2 || at[0] > 9 || at[1] > 49 || len(s.Target) != 1 || math.Abs(s.Target[0]-(0.5+sum/4)) > 1e-15 {
			t.Fatalf("marks at %v, sum %v, target %v", at, sum, s.Target)
		}
		first[at[0]]++
		second[at[1]]++
	}
	for n, k := range lengths {
		if (k > 0) != (n >= 100 && n <= 110) {
			t.Errorf("%d sequences of %d steps", k, n)
		}
	}
	if second[49] < 300 || second[49] > 500 || first[0] < 2000 || first[0] > 2800 {
		t.Errorf("step 50 is marked %d times, and the first %d times, of 20,000", second[49], first[0])
	}
	c := k.Criterion
	if c.Last != 2000 || c.Below != 0.01 || c.Tests() != 2560 || len(c.Sets) > 0 {
		t.Errorf("%+v", c)
	}
	off, right := c.Judge(s, []float64{s.Target[0] + 0.0399})
	if !right || math.Abs(off-0.0399) > 1e-15 {
		t.Errorf("off by 0.0399: %v, %v", off, right)
	}
	if _, right := c.Judge(s, []float64{s.Target[0] - 0.0401}); right {
		t.Error("off by 0.0401 is right")
	}
	if _, err := kind.Make(settings.Config{Length: settings.MinLength - 1}, task.Data{}, r); err == nil {
		t.Error("a length below the minimum gives no error")
	}
}

func TestAddingLearns(t *testing.T) {
	t.Parallel()
	learns(t, "adding", 74000)
}

func TestAddingGradients(t *testing.T) {
	for name, change := range map[string]func(c *settings.Config){
		"1000 steps": func(c *settings.Config) { c.Length = 1000 },
		"a window":   func(c *settings.Config) { c.Window = 30 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gradients(t, "adding", change)
		})
	}
}

// TestVanished: if the forget gates are not quite open, the gradient at the beginning of a long sequence
// is almost zero before training.
func TestVanished(t *testing.T) {
	t.Parallel()
	r := newRun(t, "adding", func(c *settings.Config) { c.Seed, c.Length, c.ForgetBias = 42, 1000, 2 })
	s, w := r.Fresh(), r.Model.Window(r.Task.MaxT)
	grad := cell.New(r.Task.X, r.Config.Hidden, r.Task.O)
	w.Forward(s.X, s.Target, s.H0, s.C0)
	w.Backward(grad)
	largest := func(x []float64) (largest float64) {
		for _, v := range x {
			largest = max(largest, math.Abs(v))
		}
		return largest
	}
	h0 := largest(w.DH0)
	share := fmt.Sprintf("%.0e", h0/max(h0, largest(grad.All), largest(w.DC0), largest(w.DX())))
	if share != "2e-55" {
		t.Errorf("the gradient with respect to h0 is %s of the largest, want 2e-55", share)
	}
}

// TestAddingBaseline: the baseline is the variance of the sums.
func TestAddingBaseline(t *testing.T) {
	t.Parallel()
	r := newRun(t, "adding", nil)
	mean, square := 0.0, 0.0
	for _, target := range targets(r) {
		mean, square = mean+target[0]/100, square+target[0]*target[0]/100
	}
	assert.Near(t, "the variance of 100 sums", []float64{r.Task.Baseline(0, 8)}, []float64{square - mean*mean}, 1e-12)
}

// TestAddingValidates: the validation error of constant outputs b is the root of v + (m−b)², with the variance v
// and the mean m of the sums. A validation draws the same sums each time, and nothing from the run's stream.
func TestAddingValidates(t *testing.T) {
	t.Parallel()
	square := func(r *train.Run, b float64) float64 {
		clear(r.Model.Params.Wy)
		r.Model.Params.By[0] = b
		return math.Pow(r.Task.Validation.Error(r.Model), 2)
	}
	r := newRun(t, "adding", nil)
	before := r.Rand.State()
	variance := square(r, 0.5) // about: the mean is 0.5
	assert.Near(t, "the second difference", []float64{square(r, 0) + square(r, 1) - 2*variance}, []float64{0.5}, 1e-12)
	if want := 1. / 24; math.Abs(variance-want) > 0.01 {
		t.Errorf("200 sums have a variance of %v, want about %v", variance, want)
	}
	if again := square(r, 0.5); again != variance || !slices.Equal(r.Rand.State(), before) {
		t.Errorf("the second validation gives %v and not %v, or draws from the run's stream", again, variance)
	}
	if other := newRun(t, "adding", func(c *settings.Config) { c.Seed++ }); square(other, 0.5) == variance {
		t.Error("another seed has the same sums")
	}
}

// TestAddingTable trains 300 seeds for each length in the paper. They hold the paper's two bounds.
func TestAddingTable(t *testing.T) {
	var rows []paperRow
	for _, x := range []struct{ length, theirs int }{{100, 74_000}, {500, 209_000}, {1000, 853_000}} {
		rows = append(rows, paperRow{fmt.Sprintf("adding, T = %d", x.length), func(c *settings.Config) { c.Length = x.length }, x.theirs, 3, 0.01})
	}
	paper(t, "adding", rows...)
}
