package task_test

import (
	"math"
	"regexp"
	"slices"
	"testing"

	"lstm/tensor/assert"
	"lstm/train/rng"
	"lstm/train/settings"
	"lstm/train/task"
)

func TestOrder(t *testing.T) {
	t.Parallel()
	r := rng.New(1)
	kind, _ := task.Find("order")
	k, err := kind.Make(settings.Config{}, task.Data{}, r)
	if err != nil {
		t.Fatal(err)
	}
	s := new(task.Sequence)
	form := regexp.MustCompile(`^E[abcd]{9,19}([XY])[abcd]{29,49}([XY])[abcd]*B$`)
	classes := make(map[string]int)
	ends := make(map[int]int)
	for i := range 5000 {
		s.Fill(k.Draw, r, i)
		text := ""
		for at := 0; at < len(s.X); at += 8 {
			text += k.Inputs[slices.Index(s.X[at:at+8], 1)]
		}
		m := form.FindStringSubmatchIndex(text)
		if m == nil || m[2] < 10 || m[2] > 20 || m[4] < 50 || m[4] > 60 || len(text) < 100 || len(text) > 110 {
			t.Fatalf("%s", text)
		}
		class := text[m[2]:m[3]] + text[m[4]:m[5]]
		if got := []string{"XX", "XY", "YX", "YY"}[slices.Index(s.Target, 1)]; got != class || len(s.Target) != 4 {
			t.Fatalf("%s: target %v", text, s.Target)
		}
		classes[class]++
		for _, at := range []int{m[2], m[4], len(text)} {
			ends[at]++
		}
	}
	for _, n := range classes {
		if n < 1100 || n > 1400 {
			t.Errorf("classes %v", classes)
		}
	}
	for _, at := range []int{10, 20, 50, 60, 100, 110} {
		if ends[at] == 0 {
			t.Errorf("never %d", at)
		}
	}
	c := k.Criterion
	if c.Last != 2000 || c.Below != 0.1 || c.Tests() != 2560 || len(c.Sets) > 0 || !slices.Equal(k.Outputs, []string{"XX", "XY", "YX", "YY"}) {
		t.Errorf("%+v", c)
	}
	s.Target = []float64{0, 1, 0, 0}
	share := func(p float64) []float64 { // the second class gets p, the others equal shares
		return []float64{0, math.Log(3 * p / (1 - p)), 0, 0}
	}
	for _, x := range []struct {
		y     []float64
		right bool
	}{{share(0.701), true}, {share(0.699), false}, {[]float64{0, 9, 0, 0}, true}, {[]float64{9, 0, 0, 0}, false}, {[]float64{0, 1, 0, 0}, false}, {[]float64{1, 3, 1, 1}, true}} {
		if _, right := c.Judge(s, x.y); right != x.right {
			t.Errorf("outputs %v: %v", x.y, right)
		}
	}
}

func TestOrderLearns(t *testing.T) {
	t.Parallel()
	learns(t, "order", 31390)
}

func TestOrderGradients(t *testing.T) {
	t.Parallel()
	gradients(t, "order", func(c *settings.Config) { c.Window, c.Stride = 9, 1 })
}

// TestOrderBaseline: the baseline is the entropy of the classes.
func TestOrderBaseline(t *testing.T) {
	t.Parallel()
	r := newRun(t, "order", nil)
	var n [4]float64
	for _, target := range targets(r) {
		n[slices.Index(target, 1)]++
	}
	entropy := 0.0
	for _, n := range n {
		entropy -= n / 100 * math.Log(n/100)
	}
	assert.Near(t, "the entropy of 100 sequences", []float64{r.Task.Baseline(0, 8)}, []float64{entropy}, 1e-12)
}

// TestOrderTable trains 300 seeds.
func TestOrderTable(t *testing.T) {
	paper(t, "order", paperRow{"temporal order, 6a", nil, 31_390, 20, 0.01})
}
