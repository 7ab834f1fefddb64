package task_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"lstm/bptt"
	"lstm/check"
	"lstm/tensor/assert"
	"lstm/train"
	"lstm/train/facts"
	"lstm/train/proof"
	"lstm/train/rng"
	"lstm/train/settings"
	"lstm/train/show"
	"lstm/train/task"
)

// This file tests what all tasks share, for every task. No test here knows a task
// by its name: a task can be deleted together with the test file of its name.

var long = flag.Bool("long", false, "also run the tests that measure the tables in train/README.md: minutes")

const readme = "../README.md"

// setup changes the default settings of a task for its tests. The test file of a task adds to it.
var setup = make(map[string]func(t testing.TB, c *settings.Config))

// config returns the defaults of a task, with data if the task needs data.
func config(t testing.TB, name string) settings.Config {
	t.Helper()
	kind, ok := task.Find(name)
	if !ok {
		t.Fatalf("no task %s", name)
	}
	c := kind.Defaults
	if f := setup[name]; f != nil {
		f(t, &c)
	} else if slices.Contains(kind.Uses, "data") {
		var table strings.Builder // a table of numbers that is also a text
		for i := range 300 {
			fmt.Fprintf(&table, "%.3f\n", math.Sin(0.3*float64(i)))
		}
		c.Data = written(t, table.String())
	}
	return c
}

// written writes a file and returns its name.
func written(t testing.TB, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "data")
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return name
}

// newRun returns a run of a task. change, which may be nil, changes its settings.
func newRun(t testing.TB, name string, change func(c *settings.Config)) *train.Run {
	t.Helper()
	c := config(t, name)
	if change != nil {
		change(&c)
	}
	r, err := train.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// learn trains a run for the given number of iterations.
func learn(t testing.TB, r *train.Run, iterations int) {
	t.Helper()
	if err := r.Train(iterations, func() {}); err != nil {
		t.Fatal(err)
	}
}

// each runs a test for every task.
func each(t *testing.T, test func(t *testing.T, name string)) {
	t.Parallel()
	for _, kind := range task.All() {
		t.Run(kind.Name, func(t *testing.T) {
			t.Parallel()
			test(t, kind.Name)
		})
	}
}

func TestAll(t *testing.T) {
	t.Parallel()
	all := task.All()
	if len(all) == 0 || !slices.IsSortedFunc(all, func(a, b settings.Task) int { return strings.Compare(a.Name, b.Name) }) {
		t.Fatalf("the tasks %v", all)
	}
	for _, s := range all {
		kind, ok := task.Find(s.Name)
		c := kind.Defaults
		if !ok || kind.Name != s.Name || c.Task != s.Name || s.About == "" {
			t.Errorf("%+v is found as %+v", s, kind)
		}
		if err := settings.Check(&c); err != nil {
			t.Errorf("the defaults of %s: %v", s.Name, err)
		}
		if err := settings.Unused(&settings.Options{Config: c}, kind.Uses); err != nil {
			t.Error(err)
		}
	}
	if _, ok := task.Find("nonsense"); ok {
		t.Error("Find finds a task \"nonsense\"")
	}
}

// TestSequences: sequences have the sizes that the task promises, and fit into the room for them.
func TestSequences(t *testing.T) {
	each(t, func(t *testing.T, name string) {
		r := newRun(t, name, nil)
		k, random := r.Task, rng.New(1)
		if k.Note == "" || k.Unit == "" || k.Loss == nil || k.X < 1 || k.O < 1 || k.MaxT < 1 {
			t.Fatalf("%+v", k)
		}
		if k.Inputs != nil && len(k.Inputs) != k.X || k.Outputs != nil && len(k.Outputs) != k.O {
			t.Errorf("%d names of %d inputs, and %d of %d outputs", len(k.Inputs), k.X, len(k.Outputs), k.O)
		}
		s := k.NewSequence(r.Model.Params.H)
		room := cap(s.X)
		for i := range 200 {
			s.Fill(k.Draw, random, i)
			T, M := len(s.X)/k.X, len(s.Target)/k.O
			if T < 1 || T > k.MaxT || M < 1 || M > T || T*k.X != len(s.X) || M*k.O != len(s.Target) || cap(s.X) != room || s.N != i || s.Carry && !k.Endless {
				t.Fatalf("sequence %d has %d steps, of %d at most, and %d targets; carried: %v", i, T, k.MaxT, M, s.Carry)
			}
			if !k.Loss.Symbols() {
				continue
			}
			for at := 0; at < len(s.Target); at += k.O {
				sum := 0.0
				for _, p := range s.Target[at : at+k.O] {
					sum += p
				}
				if sum != 1 {
					t.Fatalf("sequence %d has targets that are not probabilities: %v", i, s.Target[at:at+k.O])
				}
			}
		}
		if s = r.Fresh(); len(s.X) < k.X || len(s.Target) < k.O || len(s.X)%k.X+len(s.Target)%k.O > 0 || s.Carry {
			t.Errorf("a fresh sequence has %d numbers and %d targets", len(s.X), len(s.Target))
		}
	})
}

// TestPieces: the pieces together are the sequence, and targets stay with their steps.
func TestPieces(t *testing.T) {
	t.Parallel()
	k := &task.Task{X: 2, O: 1}
	s := &task.Sequence{X: []float64{0, 0, 1, 10, 2, 20, 3, 30, 4, 40}, Target: []float64{3, 4}}
	for stride, want := range map[int]string{
		1: "[0 0]→[] [1 10]→[] [2 20]→[] [3 30]→[3] [4 40]→[4] ",
		2: "[0 0 1 10]→[] [2 20 3 30]→[3] [4 40]→[4] ",
		4: "[0 0 1 10 2 20 3 30]→[3] [4 40]→[4] ",
		9: "[0 0 1 10 2 20 3 30 4 40]→[3 4] ",
	} {
		got := ""
		for x, target := range k.Pieces(s, stride) {
			got += fmt.Sprintf("%v→%v ", x, target)
		}
		if got != want {
			t.Errorf("stride %d: %s, want %s", stride, got, want)
		}
	}
}

const bitsFile = "testdata/bits.txt"

// TestBits: each task with each optimizer gives one bit pattern, on every architecture and build.
// bits.txt has the SHA-256 of the parameters of each after 100 iterations.
func TestBits(t *testing.T) {
	t.Parallel()
	golden := make(map[string]string)
	data, err := os.ReadFile(bitsFile)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		if f := strings.Fields(line); len(f) == 3 {
			golden[f[0]+" "+f[1]] = f[2]
		}
	}
	var file bytes.Buffer
	for _, kind := range task.All() {
		for _, optimizer := range settings.Optimizers {
			r := newRun(t, kind.Name, func(c *settings.Config) {
				c.Optimizer, c.Hidden, c.Window, c.Stride, c.Rate, c.Clip = optimizer, 6, 40, 30, 0.01, 1
				c.Halve, c.ForgetBias, c.InputBias = 60, 2, -1
			})
			learn(t, r, 100)
			h := sha256.New()
			binary.Write(h, binary.LittleEndian, r.Model.Params.All)
			name, got := kind.Name+" "+optimizer, fmt.Sprintf("%x", h.Sum(nil))
			fmt.Fprintf(&file, "%s %s\n", name, got)
			switch want := golden[name]; {
			case facts.Update():
			case want == "":
				t.Logf("%s has no hash in %s: -update writes it", name, bitsFile)
			case got != want:
				t.Errorf("%s: hash of the trained parameters on %s:\n  got  %s\n  want %s", name, runtime.GOARCH, got, want)
			}
		}
	}
	if facts.Update() {
		if err := os.WriteFile(bitsFile, file.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// TestGradients checks the gradient of each task's loss and targets, before training and after some
// iterations. So it covers every path of the gradient. The test files of the tasks have more.
func TestGradients(t *testing.T) {
	each(t, func(t *testing.T, name string) {
		gradients(t, name, func(c *settings.Config) { c.Hidden = min(c.Hidden, 8) })
	})
}

// gradients checks a sample of the gradient of a task, before training and after some iterations. It
// returns the run.
func gradients(t *testing.T, name string, change func(c *settings.Config)) *train.Run {
	t.Helper()
	r := newRun(t, name, func(c *settings.Config) {
		change(c)
		c.ForgetBias, c.InputBias = min(c.ForgetBias, 7), max(c.InputBias, -7) // saturated gates prove little
	})
	for range 2 {
		proven(t, r, 10)
		learn(t, r, 60)
	}
	return r
}

// proven checks up to limit entries of each block of a run's gradient, or all if limit is 0.
func proven(t *testing.T, r *train.Run, limit int) *proof.Proof {
	t.Helper()
	window, stride := r.Truncation()
	s := r.Fresh()
	cut := max(0, len(s.X)/r.Task.X-window)
	p := proof.New(r.Model, s, window, stride)
	if err := p.Check(false, limit, r.Config.Seed, nil); err != nil {
		t.Fatal(err)
	}
	if p.Cut != cut {
		t.Errorf("%d steps before the window, want %d", p.Cut, cut)
	}
	if p.Scalar && math.Abs(p.LossThere-p.Loss) > 1e-11*p.Loss {
		t.Errorf("the loss is %v, and %v number by number", p.Loss, p.LossThere)
	}
	for _, res := range p.Results {
		for _, e := range res.Entries {
			if e.Verdict != check.Right {
				t.Errorf("%s is %v by backpropagation and %v ± %v measured", e.Name, e.Analytic, e.Numeric, e.Bar)
			}
		}
	}
	return p
}

// targets returns the targets of the hundred sequences that Baseline draws with seed 0.
func targets(r *train.Run) (all [][]float64) {
	random, s := rng.New(0), r.Task.NewSequence(r.Model.Params.H)
	for i := range 100 {
		s.Fill(r.Task.Draw, random, i)
		all = append(all, slices.Clone(s.Target))
	}
	return all
}

// TestBaseline: a network whose output is always the best constant has the loss of the baseline.
func TestBaseline(t *testing.T) {
	t.Parallel()
	for _, loss := range []bptt.Loss{bptt.SquaredError{}, bptt.CrossEntropy{}} {
		k := &task.Task{X: 1, O: 2, MaxT: 4, Loss: loss, Shown: task.Shown{Per: 2}, Draw: func(_ *rng.Rand, s *task.Sequence) {
			s.X, s.Target = append(s.X, 0, 0, 0, 0), append(s.Target, 1, 0, 0, 1, 0, 1, 0, 1)
		}}
		want := 3. / 16 / 2 // the variance
		if loss.Symbols() {
			want = -(math.Log(1./4)/4 + math.Log(3./4)*3/4) / 2
		}
		assert.Near(t, fmt.Sprintf("%T", loss), []float64{k.Baseline(1, 3)}, []float64{want}, 1e-14)
	}
}

// learns trains a task with its default settings until it is learnt, on "most" sequences or fewer. Then it
// tests the network.
func learns(t *testing.T, name string, most int) {
	t.Helper()
	r := newRun(t, name, func(c *settings.Config) { c.Seed = 42 })
	learn(t, r, r.Config.Steps)
	if !r.Learnt() || r.Iter > most {
		t.Errorf("learnt: %v, after %d; want %d at most", r.Learnt(), r.Iter, most)
	}
	if every := r.Task.Criterion.Every; every > 0 && r.Iter%every != 0 {
		t.Errorf("learnt after %d, and tested every %d", r.Iter, every)
	}
	before := slices.Clone(r.Model.Params.All)
	if wrong, off := r.Test(); wrong > 20 || math.IsNaN(off) {
		t.Errorf("%d of %d fresh sequences wrong, off by %v", wrong, r.Task.Criterion.Tests(), off)
	}
	if !slices.Equal(before, r.Model.Params.All) {
		t.Error("the parameters changed")
	}
}

// A paperRow is an experiment of Hochreiter and Schmidhuber.
type paperRow struct {
	name   string
	change func(c *settings.Config) // changes the defaults; may be nil
	theirs int                      // mean number of sequences in the paper
	wrong  int                      // largest number of wrong sequences of a run
	off    float64                  // all mean errors of a test are below it
}

// paper trains 300 seeds of a task for each row. All learn the task, in fewer sequences than in the
// paper. The figures stand in the block of the task in the README.
func paper(t *testing.T, name string, rows ...paperRow) {
	if !*long {
		t.Skip("300 runs of each experiment: give -long")
	}
	table := "| task | learnt | sequences until learnt: mean, range | in the paper | wrong of 2,560 new ones: mean, range | mean error: mean, largest |\n| --- | --- | --- | --- | --- | --- |\n"
	for _, row := range rows {
		const first, seeds = 2000, 300
		c := config(t, name)
		c.Seed = first
		if row.change != nil {
			row.change(&c)
		}
		outcomes, err := train.Repeat(c, seeds, func(int, int) {}, func(x train.Outcome) { t.Logf("%s, seed %d: %v", row.name, x.Seed, x) })
		if err != nil {
			t.Fatal(err)
		}
		learnt, sequences, wrong, off := 0, 0, 0, 0.0
		low, high, least, most, worst := math.MaxInt, 0, math.MaxInt, 0, 0.0
		for _, x := range outcomes {
			if !x.Learnt || x.Wrong > row.wrong || !(x.Off < row.off) {
				t.Errorf("%s, seed %d: %v", row.name, x.Seed, x)
				continue
			}
			learnt++
			sequences, wrong, off = sequences+x.Iter, wrong+x.Wrong, off+x.Off
			low, high = min(low, x.Iter), max(high, x.Iter)
			least, most, worst = min(least, x.Wrong), max(most, x.Wrong), max(worst, x.Off)
		}
		mean := float64(sequences) / seeds
		if mean >= float64(row.theirs) {
			t.Errorf("%s: %.0f sequences in the mean, and %d in the paper", row.name, mean, row.theirs)
		}
		table += fmt.Sprintf("| %s | %d of %d | %s, %s to %s | %s | %.2f, %d to %d | %.4f, %.4f |\n", row.name, learnt, seeds,
			show.Thousands(int(math.Round(mean))), show.Thousands(low), show.Thousands(high), show.Thousands(row.theirs),
			float64(wrong)/seeds, least, most, off/seeds, worst)
	}
	facts.Block(t, readme, "table:"+name, table)
}

// Cut a sequence of three steps, with a target at the last one, into pieces of two.
func ExampleTask_Pieces() {
	k := &task.Task{X: 1, O: 1}
	s := &task.Sequence{X: []float64{0.1, 0.2, 0.3}, Target: []float64{1}}
	for x, target := range k.Pieces(s, 2) {
		fmt.Println(x, target)
	}
	// Output:
	// [0.1 0.2] []
	// [0.3] [1]
}
