package train

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"lstm/bptt"
	"lstm/cell"
	"lstm/tensor/assert"
	"lstm/train/rng"
	"lstm/train/settings"
	"lstm/train/task"
)

// toy is a small task for the tests. The target of a step is the difference of its two inputs, plus
// the first input of the step before.
func toy() *task.Task {
	draw := func(r *rng.Rand, s *task.Sequence) {
		before := 0.0
		for range r.Int(5, 10) {
			a, b := r.Normal(), r.Normal()
			s.X, s.Target = append(s.X, a, b), append(s.Target, a-b+before)
			before = a
		}
		s.Target = s.Target[:copy(s.Target, s.Target[2:])] // the first two steps have no target
		for j := range s.H0 {
			s.H0[j], s.C0[j] = r.Normal(), r.Normal()
		}
	}
	return &task.Task{Unit: "sequence", X: 2, O: 1, MaxT: 9, Loss: bptt.SquaredError{}, Draw: draw, Fresh: draw}
}

// The variants of the toy use every feature of a task.
var variants = map[string]func(c *settings.Config, k *task.Task){
	"plain": func(*settings.Config, *task.Task) {},
	"in a row": func(_ *settings.Config, k *task.Task) {
		k.Criterion = &task.Criterion{Judge: judge, Last: 5, Below: 1, Fresh: 50}
	},
	"sets": func(_ *settings.Config, k *task.Task) {
		k.Criterion = &task.Criterion{Judge: judge, Every: 8, Fresh: 50}
		for range 3 {
			s := k.NewSequence(4)
			s.Fill(k.Draw, rng.New(7), 0)
			k.Criterion.Sets = append(k.Criterion.Sets, s)
		}
	},
	"validated": func(_ *settings.Config, k *task.Task) { k.Validation = &task.Metric{Every: 10, Error: wander} },
	"validated in a row": func(_ *settings.Config, k *task.Task) {
		k.Criterion = &task.Criterion{Judge: judge, Last: 5, Below: 1, Fresh: 50}
		k.Validation = &task.Metric{Every: 10, Error: wander}
	},
	"endless": func(c *settings.Config, k *task.Task) {
		c.Window, c.Stride = 7, 3
		k.Endless, k.MaxT = true, 3
		k.Shown = task.Shown{Per: 2}
		k.Draw = func(r *rng.Rand, s *task.Sequence) {
			s.Carry = s.N%4 > 0
			for range 3 {
				s.X, s.Target = append(s.X, r.Normal(), 1), append(s.Target, 0.5)
			}
		}
	},
}

const symbols = 24 // inputs of the variant "symbols"

func init() {
	variants["symbols"] = func(c *settings.Config, k *task.Task) {
		c.Window, c.Stride = 5, 3
		k.X = symbols
		k.Draw = func(r *rng.Rand, s *task.Sequence) {
			for range r.Int(5, 10) {
				one := r.Int(0, 5) * r.Int(0, 5)
				s.X, s.Target = append(s.X, make([]float64, symbols)...), append(s.Target, float64(one-5))
				s.X[len(s.X)-symbols+one] = 1
			}
		}
		k.Fresh = k.Draw
	}
}

func judge(s *task.Sequence, y []float64) (off float64, right bool) {
	off = math.Abs(y[0] - s.Target[0])
	return off, off < 2
}

// wander is a validation error that goes up and down.
func wander(m bptt.Model) float64 { return math.Abs(math.Sin(1000 * m.Params.By[0])) }

// newToy returns a run of a variant of the toy. change, which may be nil, changes it.
func newToy(t testing.TB, variant string, change func(c *settings.Config, k *task.Task)) *Run {
	t.Helper()
	c := settings.Config{Task: "toy", Seed: 1, Hidden: 4, Steps: 1000, Optimizer: "sgd", Rate: 0.01}
	k := toy()
	variants[variant](&c, k)
	if change != nil {
		change(&c, k)
	}
	r, err := newRun(c, k, rng.New(c.Seed))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// learn trains a run for the given number of iterations.
func learn(t testing.TB, r *Run, iterations int) {
	t.Helper()
	if err := r.Train(iterations, func() {}); err != nil {
		t.Fatal(err)
	}
}

// TestStep: an iteration draws a sequence, and does forward, backward, clip and update.
func TestStep(t *testing.T) {
	t.Parallel()
	for _, limit := range []float64{0, 0.5} {
		r := newToy(t, "plain", func(c *settings.Config, _ *task.Task) { c.Clip = limit })
		same := rng.New(0)
		if err := same.SetState(r.Rand.State()); err != nil {
			t.Fatal(err)
		}
		for i := range 20 {
			s, w, g := r.Task.NewSequence(4), r.Model.Window(9), cell.New(2, 4, 1)
			s.Fill(r.Task.Draw, same, i)
			want := w.Forward(s.X, s.Target, s.H0, s.C0)
			w.Backward(g)
			(&gradient{Params: g, live: []bool{true, true}}).clip(limit)
			theta := slices.Clone(r.Model.Params.All)
			for k := range theta {
				theta[k] = math.FMA(-0.01, g.All[k], theta[k])
			}
			loss, err := r.Step()
			if err != nil || loss != want || r.Iter != i+1 || !slices.Equal(r.Model.Params.All, theta) {
				t.Fatalf("%v: iteration %d has the loss %v, want %v, or moves the parameters elsewhere", err, i, loss, want)
			}
		}
	}
}

// TestEndless: iterations on a sequence without end are a stream. It begins again when the task says
// so.
func TestEndless(t *testing.T) {
	t.Parallel()
	r := newToy(t, "endless", nil)
	same := rng.New(0)
	if err := same.SetState(r.Rand.State()); err != nil {
		t.Fatal(err)
	}
	other := newToy(t, "endless", nil).Model // gets the same updates
	stream, s, g := bptt.NewStream(other.Params, 7, 3), r.Task.NewSequence(4), cell.New(2, 4, 1)
	for i := range 20 {
		s.Fill(r.Task.Draw, same, i)
		if i%4 == 0 {
			stream.Start(s.H0, s.C0)
		}
		want := stream.Forward(s.X, s.Target)
		clear(g.All)
		stream.Backward(g)
		for k := range g.All {
			other.Params.All[k] = math.FMA(-0.01, g.All[k], other.Params.All[k])
		}
		if loss, err := r.Step(); err != nil || loss != want || !slices.Equal(r.Model.Params.All, other.Params.All) {
			t.Fatalf("%v: iteration %d has the loss %v, want %v", err, i, loss, want)
		}
	}
}

func TestStepAllocations(t *testing.T) {
	for variant := range variants {
		r := newToy(t, variant, nil)
		if n := testing.AllocsPerRun(100, func() { r.Step() }); n != 0 {
			t.Errorf("%s: %v allocations an iteration", variant, n)
		}
	}
}

// TestTruncatedTraining: a window over the whole sequence gives the same parameters as full
// backpropagation, to the bit. A smaller window does not.
func TestTruncatedTraining(t *testing.T) {
	t.Parallel()
	trained := func(window, stride int) []float64 {
		r := newToy(t, "plain", func(c *settings.Config, _ *task.Task) { c.Window, c.Stride = window, stride })
		learn(t, r, 100)
		return r.Model.Params.All
	}
	want := trained(0, 0)
	if !slices.Equal(trained(1000, 0), want) {
		t.Error("a window above the length of the sequences is not full backpropagation")
	}
	if slices.Equal(trained(3, 3), want) {
		t.Error("a window of 3 steps is full backpropagation")
	}
	assert.Near(t, "stride 1, window over all", trained(1000, 1), want, 1e-10)
}

// TestTruncation tests the window and the stride that follow from the settings.
func TestTruncation(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		window, stride int
		endless        bool
		wantW, wantS   int
	}{{0, 0, false, 9, 9}, {5, 0, false, 5, 5}, {5, 2, false, 5, 2}, {20, 0, false, 9, 9}, {20, 12, false, 9, 9}, {20, 12, true, 20, 12}} {
		r := newToy(t, "plain", func(cfg *settings.Config, k *task.Task) {
			cfg.Window, cfg.Stride, k.Endless = c.window, c.stride, c.endless
		})
		if w, s := r.Truncation(); w != c.wantW || s != c.wantS {
			t.Errorf("%+v: window %d, stride %d", c, w, s)
		}
	}
}

// TestAverage: the moving average begins with the first loss, in the units of the display. A
// task may set another first value.
func TestAverage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		shown task.Shown
		want  func(loss, rows float64) (first float64)
	}{
		{task.Shown{}, func(loss, _ float64) float64 { return loss }},
		{task.Shown{Per: 2}, func(loss, rows float64) float64 { return loss / 2 / rows }},
		{task.Shown{From: 1}, func(loss, _ float64) float64 { return 0.99 + 0.01*loss }},
	} {
		r := newToy(t, "plain", func(_ *settings.Config, k *task.Task) { k.Shown = c.shown })
		average := 0.0
		for i := range 3 {
			loss, err := r.Step()
			if err != nil {
				t.Fatal(err)
			}
			if rows := float64(len(r.seq.Target)); i == 0 {
				average = c.want(loss, rows)
			} else {
				average = 0.99*average + 0.01*c.shown.Scale(loss, int(rows))
			}
			if math.Abs(r.EMA-average) > 1e-14*average {
				t.Errorf("%+v: after a loss of %v the average is %v, want %v", c.shown, loss, r.EMA, average)
			}
		}
	}
}

// TestRewind: Rewind restores the first parameters, and KeepBest does not undo it.
func TestRewind(t *testing.T) {
	t.Parallel()
	r := newToy(t, "validated", nil)
	before := slices.Clone(r.Model.Params.All)
	learn(t, r, 30)
	if slices.Equal(r.Model.Params.All, before) || !slices.Equal(r.Drawn, before) {
		t.Error("training moves no parameter, or changes Drawn")
	}
	if r.Rewind(); !slices.Equal(r.Model.Params.All, before) {
		t.Error("Rewind does not restore the first parameters")
	}
	if r.KeepBest(); !slices.Equal(r.Model.Params.All, before) {
		t.Error("KeepBest undoes Rewind")
	}
}

// TestKeepBest: KeepBest keeps the network with the least validation error.
func TestKeepBest(t *testing.T) {
	t.Parallel()
	errors, at := []float64{3, 1, 2, 1}, 0
	r := newToy(t, "validated", func(_ *settings.Config, k *task.Task) {
		k.Validation.Error = func(bptt.Model) float64 { at++; return errors[at-1] }
	})
	var best []float64
	for range 4 {
		learn(t, r, 10)
		if r.Iter == 20 {
			best = slices.Clone(r.Model.Params.All)
		}
	}
	if !slices.Equal(r.Past.ValidIter, []int{10, 20, 30, 40}) || !slices.Equal(r.Past.Valid, errors) {
		t.Errorf("validated %v after %v", r.Past.Valid, r.Past.ValidIter)
	}
	if iter := r.KeepBest(); iter != 20 || !slices.Equal(r.Model.Params.All, best) || !slices.Equal(r.best.params, best) {
		t.Errorf("kept the network after %d iterations, want 20", iter)
	}
	plain := newToy(t, "plain", nil)
	learn(t, plain, 5)
	last := slices.Clone(plain.Model.Params.All)
	if iter := plain.KeepBest(); iter != 5 || !slices.Equal(plain.Model.Params.All, last) {
		t.Errorf("without validation, kept the network after %d iterations", iter)
	}
}

// TestFresh: a test uses fresh sequences, not training sequences, and moves no parameter.
func TestFresh(t *testing.T) {
	t.Parallel()
	r := newToy(t, "in a row", nil)
	n, fresh, wrong, off := 0, r.Task.Fresh, 0, 0.0
	r.Task.Fresh = func(q *rng.Rand, s *task.Sequence) {
		n++
		fresh(q, s)
		clear(s.H0) // the test starts from the zero state
		clear(s.C0)
	}
	judge := r.Task.Criterion.Judge
	r.Task.Criterion.Judge = func(s *task.Sequence, y []float64) (float64, bool) {
		w := r.Model.Window(9)
		w.Forward(s.X, s.Target, s.H0, s.C0)
		if !slices.Equal(w.Y, y) {
			t.Error("the outputs are not from the network")
		}
		o, right := judge(s, y)
		off += o / 50
		if !right {
			wrong++
		}
		return o, right
	}
	r.Task.Draw = func(*rng.Rand, *task.Sequence) { t.Fatal("drawn from the training set") }
	before := slices.Clone(r.Model.Params.All)
	w, o := r.Test()
	if n != 50 || w != wrong || math.Abs(o-off) > 1e-14 || !slices.Equal(r.Model.Params.All, before) {
		t.Errorf("%d fresh sequences, %d wrong and a mean error of %v, want %d and %v", n, w, o, wrong, off)
	}

	same := rng.New(0)
	if err := same.SetState(r.Rand.State()); err != nil {
		t.Fatal(err)
	}
	mean := r.MeanLoss(10)
	s, want := r.Task.NewSequence(4), 0.0
	for range 10 {
		s.Fill(r.Task.Fresh, same, 0)
		want += r.Model.Window(9).Forward(s.X, s.Target, s.H0, s.C0) / 10
	}
	assert.Near(t, "the mean loss", []float64{mean}, []float64{want}, 1e-14)
}

// TestBadConfigs: an error names the setting, in one line.
func TestBadConfigs(t *testing.T) {
	t.Parallel()
	all := task.All()
	good := all[0].Defaults
	var names []string
	for _, k := range all {
		names = append(names, k.Name)
	}
	for what, c := range map[string]struct {
		change func(c *settings.Config)
		want   []string
	}{
		"task":      {func(c *settings.Config) { c.Task = "nonsense" }, append(names, "nonsense")},
		"optimizer": {func(c *settings.Config) { c.Optimizer = "magic" }, []string{"-optimizer", "magic"}},
		"stride":    {func(c *settings.Config) { c.Window, c.Stride = 4, 5 }, []string{"-stride 5", "-window 4"}},
		"rate":      {func(c *settings.Config) { c.Rate = -1 }, []string{"-rate", "-1"}},
	} {
		cfg := good
		c.change(&cfg)
		_, err := New(cfg)
		if err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", what, err)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v does not say %q", what, err, want)
			}
		}
	}
	for _, k := range all {
		c := k.Defaults
		if c.Temperature = 1; !slices.Contains(k.Uses, "temperature") {
			if _, err := New(c); err == nil || !strings.Contains(err.Error(), "-temperature") {
				t.Errorf("%s does not use -temperature: %v", k.Name, err)
			}
		}
	}
	c, huge := good, toy()
	c.Hidden, huge.MaxT = settings.MaxHidden, settings.MaxWindow
	if _, err := newRun(c, huge, rng.New(1)); err == nil || !strings.Contains(err.Error(), fmt.Sprint("-hidden ", c.Hidden)) {
		t.Errorf("a window of %d steps: %v", huge.MaxT, err)
	}
}

// TestInitialise tests the order of the draws, the deviation of each block, and the numbers that are added
// to the biases. The sizes all differ.
func TestInitialise(t *testing.T) {
	t.Parallel()
	p, biased := cell.New(2, 3, 4), cell.New(2, 3, 4)
	initialise(p, rng.New(5), 0, 0)
	initialise(biased, rng.New(5), 3, -2)
	block := make(map[string][]int)
	for _, b := range p.Blocks() {
		block[b.Name] = b.Index
	}
	r := rng.New(5)
	for _, b := range []struct {
		name      string
		n         int
		deviation float64
	}{
		{"Wf", 15, math.Sqrt(2. / 8)}, {"Wi", 15, math.Sqrt(2. / 8)}, {"Wg", 15, math.Sqrt(2. / 8)}, {"Wo", 15, math.Sqrt(2. / 8)},
		{"Wy", 12, math.Sqrt(2. / 7)}, {"bf", 3, 0.1}, {"bi", 3, 0.1}, {"bg", 3, 0.1}, {"bo", 3, 0.1}, {"by", 4, 0.1},
	} {
		if len(block[b.name]) != b.n {
			t.Errorf("%s has %d entries, want %d", b.name, len(block[b.name]), b.n)
		}
		for _, i := range block[b.name] {
			want := r.Normal() * b.deviation
			if p.All[i] != want {
				t.Errorf("%s = %v, want %v", p.Name(i), p.All[i], want)
			}
			if want += map[string]float64{"bf": 3, "bi": -2}[b.name]; biased.All[i] != want {
				t.Errorf("%s = %v with biases, want %v", p.Name(i), biased.All[i], want)
			}
		}
	}
}

// TestEntries: Entries is the number of entries in a check of the longest sequence.
func TestEntries(t *testing.T) {
	t.Parallel()
	if n, want := newToy(t, "plain", nil).Entries(), (2+4)*16+16+4+1+2*4+2*9; n != want {
		t.Errorf("%d entries, want %d", n, want)
	}
}
