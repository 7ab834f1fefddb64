package train

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"lstm/bptt"
	"lstm/check"
	"lstm/train/rng"
)

// makeRun returns a run of a task, with its defaults but for what change changes.
func makeRun(t testing.TB, task string, change func(c *Config)) *Run {
	t.Helper()
	c := Defaults(task)
	if task == "text" {
		c.Data = prose(t)
	}
	if task == "series" {
		c.Data, c.Column, c.Diff = "testdata/co2.csv", "CO2", true
	}
	if change != nil {
		change(&c)
	}
	r, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// prose writes a text to a file, and returns its name.
func prose(t testing.TB) string {
	r := rng.New(3)
	var text strings.Builder
	for text.Len() < 6000 {
		text.WriteString([]string{"the gate forgets", "the state remembers", "grüße an alle", "dh comes back"}[r.Int(0, 4)])
		text.WriteString([]string{". ", ", and ", "\n"}[r.Int(0, 3)])
	}
	name := filepath.Join(t.TempDir(), "prose.txt")
	if err := os.WriteFile(name, []byte(text.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestGradients sends every way that a gradient can take through the verifier: each task's
// loss and targets, truncated windows, long sequences; before training and after some.
func TestGradients(t *testing.T) {
	type test struct {
		task   string
		change func(c *Config)
		cut    bool
	}
	tests := map[string]test{
		"adding, 1000 steps": {"adding", func(c *Config) { c.Length = 1000 }, false},
		"adding, a window":   {"adding", func(c *Config) { c.Window = 30 }, true},
		"delay, a window":    {"delay", func(c *Config) { c.Window, c.Stride = 7, 2 }, true},
		"order, stride 1":    {"order", func(c *Config) { c.Window, c.Stride = 9, 1 }, true},
		"reber, chunks":      {"reber", func(c *Config) { c.Window = 3 }, true},
		"series":             {"series", nil, true},
		"text":               {"text", func(c *Config) { c.Hidden, c.Window = 7, 20 }, true},
		"text, overlapping":  {"text", func(c *Config) { c.Hidden, c.Window, c.Stride = 7, 20, 5 }, true},
	}
	for _, task := range Tasks() {
		if _, ok := tests[task]; !ok {
			tests[task] = test{task, nil, false}
		}
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			r := makeRun(t, c.task, func(cfg *Config) {
				cfg.ForgetBias, cfg.InputBias = min(cfg.ForgetBias, 7), max(cfg.InputBias, -7) // saturated gates prove little
				if c.change != nil {
					c.change(cfg)
				}
			})
			for range 2 {
				p, err := r.Check(10, nil)
				if err != nil {
					t.Fatal(err)
				}
				if p.Cut > 0 != c.cut {
					t.Errorf("%d steps before the window", p.Cut)
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
				if err := r.Train(60, func() {}); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// TestTruncatedTraining: with a window over all of a sequence the parameters are those of
// full backpropagation, to the bit; with a smaller one they are not.
func TestTruncatedTraining(t *testing.T) {
	trained := func(window, stride int) []float64 {
		r := makeRun(t, "delay", func(c *Config) { c.Window, c.Stride = window, stride })
		if err := r.Train(100, func() {}); err != nil {
			t.Fatal(err)
		}
		return r.Params.All
	}
	want := trained(0, 0)
	if !slices.Equal(trained(1000, 0), want) {
		t.Error("a window above the length of the sequences is not full backpropagation")
	}
	if slices.Equal(trained(5, 5), want) {
		t.Error("a window of 5 steps is full backpropagation")
	}
	near(t, "stride 1, window over all", trained(1000, 1), want, 1e-10)
}

func TestAdding(t *testing.T) {
	r := rng.New(1)
	s := new(Sequence)
	task, err := adding(Config{Length: 100}, r)
	if err != nil {
		t.Fatal(err)
	}
	var lengths [120]int
	var first, second [120]int
	for range 20000 {
		s.draw(r, task.Draw, 0)
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
		if len(at) == 1 { // the first step was to be marked
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
	if c := task.Criterion; c.Last != 2000 || c.Below != 0.01 || c.Fresh != 2560 || len(c.Sets) > 0 {
		t.Errorf("%+v", c)
	}
	off, right := task.Criterion.Judge(s, []float64{s.Target[0] + 0.0399})
	if !right || math.Abs(off-0.0399) > 1e-15 {
		t.Errorf("off by 0.0399: %v, %v", off, right)
	}
	if _, right := task.Criterion.Judge(s, []float64{s.Target[0] - 0.0401}); right {
		t.Error("off by 0.0401 is right")
	}
}

func TestOrder(t *testing.T) {
	r := rng.New(1)
	s := new(Sequence)
	task, err := order(Config{}, r)
	if err != nil {
		t.Fatal(err)
	}
	form := regexp.MustCompile(`^E[abcd]{9,19}([XY])[abcd]{29,49}([XY])[abcd]*B$`)
	classes := make(map[string]int)
	ends := make(map[int]int)
	for range 5000 {
		s.draw(r, task.Draw, 0)
		text := ""
		for k := 0; k < len(s.X); k += 8 {
			text += string("EBabcdXY"[slices.Index(s.X[k:k+8], 1)])
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
	if c := task.Criterion; c.Last != 2000 || c.Below < 1 || c.Fresh != 2560 || len(c.Sets) > 0 {
		t.Errorf("%+v", c)
	}
	s.Target = []float64{0, 1, 0, 0}
	share := func(p float64) []float64 { // outputs of which the second gets p, and the others alike
		return []float64{0, math.Log(3 * p / (1 - p)), 0, 0}
	}
	for _, c := range []struct {
		y     []float64
		right bool
	}{{share(0.701), true}, {share(0.699), false}, {[]float64{0, 9, 0, 0}, true}, {[]float64{9, 0, 0, 0}, false}, {[]float64{0, 1, 0, 0}, false}, {[]float64{1, 3, 1, 1}, true}} {
		if _, right := task.Criterion.Judge(s, c.y); right != c.right {
			t.Errorf("outputs %v: %v", c.y, right)
		}
	}
}

// TestReber holds the strings to the grammar written as a regular expression, and what may
// come next to what does, over many strings.
func TestReber(t *testing.T) {
	const tail = `(T*VPX)*T*V(V|PS)`
	const inner = `B(TS*X(S|X` + tail + `)|P` + tail + `)E`
	form := regexp.MustCompile(`^B(T` + inner + `T|P` + inner + `P)E$`)
	r := rng.New(1)
	follows := make(map[string]map[byte]bool)
	for range 20000 {
		text := reberString(r)
		if !form.MatchString(text) {
			t.Fatalf("%s is no string of the grammar", text)
		}
		for k := range min(len(text), 8) {
			if follows[text[:k]] == nil {
				follows[text[:k]] = make(map[byte]bool)
			}
			follows[text[:k]][text[k]] = true
		}
		for k := range text {
			if may, _ := reberNext(text[:k]); strings.IndexByte(may, text[k]) < 0 || form.MatchString(text[:k]) {
				t.Fatalf("%s: after %s may come %s", text, text[:k], may)
			}
		}
	}
	for text, symbols := range follows {
		if may, _ := reberNext(text); len(may) != len(symbols) {
			t.Errorf("after %s may come %s, and %d different ones did", text, may, len(symbols))
		}
	}

	task, err := reber(Config{}, r)
	if err != nil {
		t.Fatal(err)
	}
	sets := task.Criterion.Sets
	if c := task.Criterion; len(sets) != 512 || c.Every != 64 || c.Fresh != 2560 {
		t.Fatalf("%d strings, %+v", len(sets), c)
	}
	for _, test := range sets[256:] {
		for _, train := range sets[:256] {
			if slices.Equal(test.X, train.X) {
				t.Error("a string for testing is one for training")
			}
		}
	}
	s := sets[300]
	y := make([]float64, len(s.X))
	text := ""
	for k := 0; k < len(y); k += 7 {
		text += string(reberSymbols[slices.Index(s.X[k:k+7], 1)])
		may, _ := reberNext(text)
		for i := range may {
			y[k+strings.IndexByte(reberSymbols, may[i])] = 0.1
		}
		if next := reberSymbols[slices.Index(s.Target[k:k+7], 1)]; strings.IndexByte(may, next) < 0 {
			t.Errorf("after %s the target is %c", text, next)
		}
	}
	if off, right := reberJudge(s, y); !right || off != 0 {
		t.Errorf("outputs as they should be: off by %v", off)
	}
	if text[len(text)-1] != text[1] {
		t.Errorf("%s does not end as it began", text)
	}
	last := y[len(y)-14 : len(y)-7] // where the second symbol has to be remembered
	for k, symbol := range reberSymbols {
		last[k] = 0
		if symbol == 'T' || symbol == 'P' {
			last[k] = 0.1
		}
	}
	if off, right := reberJudge(s, y); right || off != 1 {
		t.Errorf("T and P alike at the end: off by %v", off)
	}
}

// TestBits: what a text takes is what its characters take, each from all before it; what validates
// is not what is held out.
func TestBits(t *testing.T) {
	r := makeRun(t, "text", func(c *Config) { c.Hidden = 8 })
	c, err := readCorpus(r.Config.Data, "")
	if err != nil {
		t.Fatal(err)
	}
	next, p, sum := r.follow(), make([]float64, len(c.symbols)), 0.0
	for i, k := range c.tail[:len(c.tail)-1] {
		bptt.Softmax(p, next(oneHot(nil, len(c.symbols), int(k))))
		sum -= math.Log2(p[c.tail[i+1]])
	}
	near(t, "bits a character", []float64{r.bits(c, c.tail)}, []float64{sum / float64(len(c.tail)-1)}, 1e-12)
	near(t, "the result", []float64{r.Task.Result(r)}, []float64{r.bits(c, c.tail)}, 0)
	near(t, "what validates", []float64{r.Task.Validate(r)}, []float64{r.bits(c, c.valid)}, 0)
}

// TestScore: what the criterion looks at.
func TestScore(t *testing.T) {
	r := &Run{Task: &Task{Criterion: &Criterion{Last: 3, Below: 0.5}}, score: score{offs: make([]float64, 3)}}
	for k, c := range []struct {
		off    float64
		right  bool
		inARow int
		mean   float64
		learnt bool
	}{
		{0.1, true, 1, 0.1, false}, {0.2, true, 2, 0.15, false}, {0.9, false, 0, 0.4, false},
		{0.6, true, 1, 1.7 / 3, false}, {0.6, true, 2, 0.7, false}, {0.6, true, 3, 0.6, false},
		{0, true, 4, 0.4, true}, {0, false, 0, 0.2, false},
	} {
		r.score.add(c.off, c.right)
		r.look()
		if r.score.inARow != c.inARow || math.Abs(r.score.off()-c.mean) > 1e-15 || r.Learnt() != c.learnt {
			t.Errorf("after %d: %d in a row, off by %v, learnt %v; want %d, %v, %v",
				k+1, r.score.inARow, r.score.off(), r.Learnt(), c.inARow, c.mean, c.learnt)
		}
	}
}

// TestSets: sets are looked at after every so many sequences; what is shown is what was seen
// then.
func TestSets(t *testing.T) {
	r := makeRun(t, "reber", nil)
	looks := 0
	c := r.Task.Criterion
	judge := c.Judge
	c.Sets = c.Sets[:1]
	c.Judge = func(s *Sequence, y []float64) (float64, bool) {
		if s == c.Sets[0] {
			looks++
			return 0, looks == 3
		}
		return judge(s, y)
	}
	if err := r.Train(64*2+10, func() {}); err != nil || looks != 2 || r.Learnt() || !strings.HasSuffix(r.Row(), " 0") {
		t.Errorf("%v: %d looks in 138 strings, learnt %v; want 2, at 64 and 128", err, looks, r.Learnt())
	}
	if err := r.Train(1000, func() {}); err != nil || r.Iter != 192 || !r.Learnt() || !strings.HasSuffix(r.Row(), " 1") {
		t.Errorf("%v: learnt %v after %d, want 192; %s", err, r.Learnt(), r.Iter, r.Row())
	}
}

// TestFreshOnes: a test is made on fresh sequences, not on those to train on.
func TestFreshOnes(t *testing.T) {
	r := makeRun(t, "reber", nil)
	n, fresh := 0, r.Task.Fresh
	r.Task.Fresh = func(q *rng.Rand, s *Sequence) { n++; fresh(q, s) }
	r.Task.Draw = func(*rng.Rand, *Sequence) { t.Fatal("drawn from the training set") }
	if r.Test(); n != r.Task.Criterion.Fresh || n != 2560 {
		t.Errorf("%d fresh sequences", n)
	}
}

// TestProofWindow: where training truncates, what is verified is the last window of a longer
// sequence, from the state that all before it leads to, with the losses of the last stride.
func TestProofWindow(t *testing.T) {
	r := makeRun(t, "sine", func(c *Config) { c.Window, c.Stride = 9, 4 })
	var whole Sequence
	fresh := r.Task.Fresh
	r.Task.Fresh = func(q *rng.Rand, s *Sequence) {
		fresh(q, s)
		whole = Sequence{X: slices.Clone(s.X), Target: slices.Clone(s.Target)}
	}
	_, s, p, _ := r.proof()
	n := len(whole.X)
	if p.T != 9 || p.Cut != n-9 || !slices.Equal(s.X, whole.X[n-9:]) || !slices.Equal(s.Target, whole.Target[n-4:]) {
		t.Errorf("%d steps after %d, of %d; %d targets", p.T, p.Cut, n, len(s.Target))
	}
	w := r.newWindow(n)
	zero := make([]float64, r.Params.H)
	w.Forward(whole.X[:n-9], nil, zero, zero)
	near(t, "h0", s.H0, w.HT, 0)
	near(t, "c0", s.C0, w.CT, 0)
	if loss := w.Forward(whole.X, whole.Target[n-4:], zero, zero); math.Abs(loss-p.Loss) > 1e-14 {
		t.Errorf("loss %v, and %v over the whole sequence", p.Loss, loss)
	}
}

// TestAverage: the moving average begins with the first loss, in the units in which it is
// shown, or with what the task says; and what is a million times that has diverged.
func TestAverage(t *testing.T) {
	for _, stride := range []int{25, 50_000} { // and longer than the text
		r := makeRun(t, "text", func(c *Config) { c.Window = stride })
		if r.Step(); math.Abs(r.EMA-math.Log2(float64(r.Task.O))) > 0.5 {
			t.Errorf("the first chunk of %d takes %.3f bits a character, of %d different ones", stride, r.EMA, r.Task.O)
		}
	}
	r := makeRun(t, "delay", nil)
	if loss := r.Step(); math.Abs(r.EMA-(0.99+0.01*loss)) > 1e-15 {
		t.Errorf("after a loss of %v the average is %v", loss, r.EMA)
	}
	r = makeRun(t, "order", nil)
	if loss := r.Step(); math.Abs(r.EMA-loss) > 1e-15*loss {
		t.Errorf("after a loss of %v the average is %v", loss, r.EMA)
	}
	r.EMA *= 1e10
	var d *Diverged
	if err := r.Train(1, func() {}); !errors.As(err, &d) || d.What != "the average loss" {
		t.Errorf("an average of 1e10 times the first loss: %v", err)
	}
}

// TestUsual: what a gradient's norm usually is is not moved by one that explodes.
func TestUsual(t *testing.T) {
	r := new(Run)
	for range 100 {
		r.note(3)
	}
	for range 10 {
		r.note(1e300)
	}
	if r.norm != 1e300 || r.usual < 3 || r.usual > 3.5 {
		t.Errorf("norm %v, usually %v", r.norm, r.usual)
	}
}

// TestRewind: back to where training began, also for one that was best elsewhere.
func TestRewind(t *testing.T) {
	r := makeRun(t, "delay", nil)
	r.Task.Every = 5
	r.Task.Validate = func(*Run) float64 { return 1 }
	r.bestValid, r.best = math.Inf(1), make([]float64, len(r.Params.All))
	before := slices.Clone(r.Params.All)
	if err := r.Train(10, func() {}); err != nil {
		t.Fatal(err)
	}
	if slices.Equal(r.Params.All, before) {
		t.Error("training moves nothing")
	}
	if r.Rewind(); !slices.Equal(r.Params.All, before) {
		t.Error("the parameters are not what they were")
	}
	if r.KeepBest(); !slices.Equal(r.Params.All, before) {
		t.Error("and are taken to where it did best")
	}
}

// TestSummary: of outcomes of all kinds.
func TestSummary(t *testing.T) {
	order := &Task{Criterion: &Criterion{Fresh: 50}}
	text := &Task{Result: func(*Run) float64 { return 0 }, Says: "bits"}
	learnt := Outcome{Task: order, Iter: 100, Learnt: true, Wrong: 2}
	for _, c := range []struct {
		outcomes []Outcome
		fine     bool
		want     string
	}{
		{[]Outcome{learnt, learnt}, true, "2 of 2 learnt\n  iterations   mean 100, 100 to 100\n  wrong        mean 2.00, 2.00 to 2.00 of 50"},
		{[]Outcome{learnt, {Task: order, Iter: 900}}, false, "1 of 2 learnt\n  iterations   mean 100, 100 to 100"},
		{[]Outcome{{Task: order, Err: &Diverged{}}, {Task: order, Iter: 20}}, false, "0 of 2 learnt\n"},
		{[]Outcome{{Task: order, Err: &Diverged{}}, learnt}, false, "1 of 2 learnt"},
		{[]Outcome{{Task: text, EMA: 1, Value: 5}, {Task: text, EMA: 2, Value: 7}}, true,
			"2 of 2 done\n  average      mean 1.5000, 1.0000 to 2.0000\n  in the end   mean 6.0000, 5.0000 to 7.0000 bits"},
		{[]Outcome{{Task: text, EMA: 1}, {Task: text, Err: &Diverged{}}}, false, "1 of 2 done"},
	} {
		var b strings.Builder
		if fine := Summary(&b, c.outcomes); fine != c.fine || !strings.HasPrefix(b.String(), c.want) {
			t.Errorf("%v\n%swant %v\n%s", fine, &b, c.fine, c.want)
		}
	}
}

// TestTemperature: a low one leaves only what is most likely, a high one makes all alike.
func TestTemperature(t *testing.T) {
	r := makeRun(t, "text", nil)
	corpus, err := readCorpus(r.Config.Data, "")
	if err != nil {
		t.Fatal(err)
	}
	copy(r.Params.By, []float64{0, 0, 3}) // one symbol is likelier than the others
	for temperature, want := range map[float64][2]int{1e-9: {400, 400}, 0.7: {60, 399}, 1e9: {1, 60}} {
		r.Config.Temperature = temperature
		count := make(map[rune]int)
		for _, c := range corpus.sample(r, 400) {
			count[c]++
		}
		if n := count[corpus.symbols[2]]; n < want[0] || n > want[1] {
			t.Errorf("temperature %v: the likeliest comes %d times of 400, want %v", temperature, n, want)
		}
	}
}

// TestLearns: the network learns what the tasks ask for, stops there, and does well on fresh
// sequences; the parameters do not change while it is tested.
func TestLearns(t *testing.T) {
	for task, most := range map[string]int{"adding": 74000, "order": 31390, "reber": 8440} {
		t.Run(task, func(t *testing.T) {
			t.Parallel()
			r := makeRun(t, task, func(c *Config) { c.Seed = 42 })
			if err := r.Train(r.Config.Steps, func() {}); err != nil {
				t.Fatal(err)
			}
			if !r.Learnt() || r.Iter > most {
				t.Errorf("learnt: %v, after %d; want %d at most", r.Learnt(), r.Iter, most)
			}
			if every := r.Task.Criterion.Every; every > 0 && r.Iter%every != 0 {
				t.Errorf("learnt after %d, and looked at every %d", r.Iter, every)
			}
			before := slices.Clone(r.Params.All)
			if wrong, off := r.Test(); wrong > 20 || math.IsNaN(off) {
				t.Errorf("%d of %d fresh ones wrong, off by %v", wrong, r.Task.Criterion.Fresh, off)
			}
			if !slices.Equal(before, r.Params.All) {
				t.Error("the parameters changed")
			}
		})
	}
}

// TestTable is the README's table: thirty seeds of each task, all learnt, in fewer sequences
// than in the paper, and the figures that stand there.
func TestTable(t *testing.T) {
	if testing.Short() {
		t.Skip("a hundred and fifty runs")
	}
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name, task string
		length     int
		theirs     float64
		wrong      int // at most, of a run
	}{
		{"embedded Reber grammar", "reber", 0, 8440, 10},
		{"adding, T = 100", "adding", 100, 74000, 3},
		{"adding, T = 500", "adding", 500, 209000, 3},
		{"adding, T = 1000", "adding", 1000, 853000, 3},
		{"temporal order, 6a", "order", 0, 31390, 10},
	} {
		c := Defaults(row.task)
		c.Seed, c.Length = 0, row.length
		outcomes, err := Repeat(c, 30, func(int, int) {}, func(Outcome) {})
		if err != nil {
			t.Fatal(err)
		}
		mean, low, high, wrong, most := 0.0, math.MaxInt, 0, 0.0, 0
		least := math.MaxInt
		for _, x := range outcomes {
			if !x.Learnt || x.Wrong > row.wrong || x.Took > time.Minute {
				t.Errorf("%s, seed %d: %v", row.name, x.Seed, x)
			}
			mean += float64(x.Iter) / 30
			wrong += float64(x.Wrong) / 30
			low, high = min(low, x.Iter), max(high, x.Iter)
			least, most = min(least, x.Wrong), max(most, x.Wrong)
		}
		if mean >= row.theirs {
			t.Errorf("%s: %.0f sequences in the mean, and theirs took %.0f", row.name, mean, row.theirs)
		}
		want := fmt.Sprintf("| %s | 30 of 30 | %s, %s to %s | %s | %.2f, %d to %d |", row.name,
			thousands(math.Round(mean)), thousands(float64(low)), thousands(float64(high)), thousands(row.theirs), wrong, least, most)
		if !strings.Contains(string(readme), want) {
			t.Errorf("the README does not have the row\n%s", want)
		}
	}
}

// thousands writes an integer with commas.
func thousands(v float64) string {
	s := fmt.Sprintf("%.0f", v)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// TestRepeat: several runs are the same runs one by one, in the order of their seeds.
func TestRepeat(t *testing.T) {
	c := Defaults("reber")
	c.Seed, c.Steps = 5, 100
	var told []uint32
	most := 0
	outcomes, err := Repeat(c, 7, func(runs, iterations int) { most = max(most, iterations) }, func(x Outcome) { told = append(told, x.Seed) })
	if err != nil || !slices.Equal(told, []uint32{5, 6, 7, 8, 9, 10, 11}) || most != 700 {
		t.Fatalf("%v: seeds %v, %d iterations", err, told, most)
	}
	for k, x := range outcomes {
		r := makeRun(t, "reber", func(c *Config) { c.Seed = uint32(5 + k) })
		if err := r.Train(100, func() {}); err != nil {
			t.Fatal(err)
		}
		wrong, off := r.Test()
		if x.Iter != 100 || x.EMA != r.EMA || x.Wrong != wrong || x.Off != off || x.Learnt || x.Err != nil {
			t.Errorf("seed %d: %+v, want loss %v and %d wrong", 5+k, x, r.EMA, wrong)
		}
	}
	var b strings.Builder
	if Summary(&b, outcomes) || !strings.Contains(b.String(), "0 of 7 learnt") {
		t.Errorf("summary of runs that did not learn: %s", &b)
	}
	c.Seed = math.MaxUint32 - 3
	if _, err := Repeat(c, 5, nil, nil); err == nil {
		t.Error("seeds above the largest: no error")
	}
}

// TestText: the network tells a text better than the character before does.
func TestText(t *testing.T) {
	r := makeRun(t, "text", func(c *Config) { c.Hidden, c.Window, c.Rate = 32, 32, 0.01 })
	if err := r.Train(1000, func() {}); err != nil {
		t.Fatal(err)
	}
	corpus, err := readCorpus(r.Config.Data, "")
	if err != nil {
		t.Fatal(err)
	}
	unigram, bigram := corpus.entropy()
	if lstm := r.bits(corpus, corpus.tail); !(lstm < bigram/2 && bigram < unigram) {
		t.Errorf("bits a character: unigram %.3f, bigram %.3f, LSTM %.3f", unigram, bigram, lstm)
	}
	var b strings.Builder
	r.Task.Tell(&b, r)
	if !regexp.MustCompile(`(?s)unigram entropy\n.*bigram entropy\n.*LSTM .*temperature 0.7:\n\n  \| .*(forgets|remembers|alle|back)`).MatchString(b.String()) {
		t.Errorf("%s", &b)
	}
}

// TestTextFile: so it is with a real text, and with what it is trained with by default; and
// where the network has seen a small one too often, it goes back to before.
func TestTextFile(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of chunks")
	}
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"README.md": string(readme), "its first 5,000 bytes": string(readme[:5000])} {
		file := filepath.Join(t.TempDir(), "x")
		if err := os.WriteFile(file, []byte(strings.ToValidUTF8(text, "")), 0o666); err != nil {
			t.Fatal(err)
		}
		r := makeRun(t, "text", func(c *Config) { c.Data = file })
		if err := r.Train(2500, func() {}); err != nil {
			t.Fatal(err)
		}
		best := r.KeepBest()
		corpus, err := readCorpus(file, "")
		if err != nil {
			t.Fatal(err)
		}
		unigram, bigram := corpus.entropy()
		lstm := r.Task.Result(r)
		if !(lstm < bigram && bigram < unigram) {
			t.Errorf("%s: bits a character: unigram %.3f, bigram %.3f, LSTM %.3f", name, unigram, bigram, lstm)
		}
		if valid := r.Task.Validate(r); valid != r.bestValid || valid > r.valid || best == 2500 && valid != r.valid {
			t.Errorf("%s: validated %v after %d, and %v in the end", name, valid, best, r.valid)
		}
	}
}

// TestTextStream: chunks go through the text in order, the state carried, and begin again at
// its end.
func TestTextStream(t *testing.T) {
	name := filepath.Join(t.TempDir(), "x")
	text := strings.Repeat("abcdefghij", 12) // the last 12 are held out
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	r := makeRun(t, "text", func(c *Config) { c.Data, c.Window, c.Stride = name, 25, 25 })
	s := newSequence(r.Task, 64)
	symbols := func(x []float64) (text string) {
		for k := 0; k < len(x); k += 10 {
			text += string("abcdefghij"[slices.Index(x[k:k+10], 1)])
		}
		return text
	}
	for n := range 12 {
		s.draw(r.rand, r.Task.Draw, n)
		at := n % 4 * 25
		end := min(at+25, 95)
		if in, out := symbols(s.X), symbols(s.Target); in != text[at:end] || out != text[at+1:end+1] || s.Carry != (at > 0) {
			t.Errorf("chunk %d: %s → %s, carried: %v", n, in, out, s.Carry)
		}
	}
	begins := make(map[byte]bool)
	for range 100 { // what is verified is of the tail, and longer than a window if that is
		s.draw(r.rand, r.Task.Fresh, 0)
		if in := symbols(s.X); !strings.Contains(text[108:], in) || len(in) != 11 {
			t.Fatalf("%s is not of the tail", in)
		} else {
			begins[in[0]] = true
		}
	}
}

// TestTextSplit: how much of a text is held out, and how much validates.
func TestTextSplit(t *testing.T) {
	const short, long, most = 1_000, 200_000, 10_000
	for n, valid := range map[int]int{short: short / 10, long: most} {
		name := filepath.Join(t.TempDir(), "x")
		if err := os.WriteFile(name, []byte(strings.Repeat("é.", n/2)), 0o666); err != nil {
			t.Fatal(err)
		}
		c, err := readCorpus(name, "")
		if err != nil {
			t.Fatal(err)
		}
		if len(c.tail) != n/10 || len(c.valid) != valid || len(c.train) != n-n/10-valid {
			t.Errorf("of %d characters %d are to train on, %d validate, and %d are held out", n, len(c.train), len(c.valid), len(c.tail))
		}
	}
	says(t, fmt.Sprintf("The last tenth of it is held out, and the tenth before that, or %s characters,", thousands(most)))
}

// TestEntropy: unigram and bigram cross-entropy by hand.
func TestEntropy(t *testing.T) {
	c := &corpus{symbols: []rune("abc"), train: []int32{0, 1, 0, 0, 1}, tail: []int32{0, 1, 2}}
	unigram, bigram := c.entropy()
	pb, pc := 3.0/8, 1.0/8                       // of b and c
	want := -(math.Log2(pb) + math.Log2(pc)) / 2 // a b twice, a a once: a is followed thrice, by 2 different ones
	ab, bc := (2+2*pb)/(3+2), (0+1*pc)/(1+1)     // and b once, by one
	want2 := -(math.Log2(ab) + math.Log2(bc)) / 2
	if math.Abs(unigram-want) > 1e-14 || math.Abs(bigram-want2) > 1e-14 {
		t.Errorf("unigram %v, bigram %v, want %v and %v", unigram, bigram, want, want2)
	}
}

// TestBadConfigs: what cannot be is an error that names it.
func TestBadConfigs(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return name
	}
	for _, c := range []struct {
		task   string
		change func(c *Config)
		want   string
	}{
		{"delay", func(c *Config) { c.Window, c.Stride = 4, 5 }, "-stride 5 is above -window 4"},
		{"delay", func(c *Config) { c.Optimizer = "magic" }, `no optimizer "magic"; there are sgd, momentum`},
		{"delay", func(c *Config) { c.Data = "x" }, "task delay has no use for -data"},
		{"order", func(c *Config) { c.Length = 50 }, "task order has no use for -length"},
		{"sine", func(c *Config) { c.Temperature = 1 }, "task sine has no use for -temperature"},
		{"text", func(c *Config) { c.Data = file("empty", "") }, "empty: 0 characters are too few"},
		{"text", func(c *Config) { c.Data = file("one", strings.Repeat("z", 500)) }, `there is nothing but 'z'`},
		{"text", func(c *Config) { c.Data = file("bytes", strings.Repeat("line\n", 50)+"\xff\xfe") }, "not a text in UTF-8: byte 0xff in line 51"},
		{"text", func(c *Config) { c.Data = file("nul", strings.Repeat("line\n", 50)+"\x00") }, "byte 0x00 in line 51"},
		{"text", func(c *Config) { c.Data = filepath.Join(dir, "none") }, "none: "},
		{"text", func(c *Config) { c.Data = dir }, dir},
	} {
		cfg := Defaults(c.task)
		c.change(&cfg)
		if _, err := New(cfg); err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
	for _, text := range []string{"\ufeff" + strings.Repeat("Mit Umlauten: äöü\r\n", 9), strings.Repeat("人工知能、", 30)} {
		c, err := readCorpus(file("good", text), "")
		if err != nil {
			t.Fatal(err)
		}
		if got := len(c.train) + len(c.valid) + len(c.tail); got != len([]rune(strings.TrimPrefix(text, "\ufeff"))) {
			t.Errorf("%d characters", got)
		}
	}
}

// TestHints: what a diverging run is told to try depends on its gradients.
func TestHints(t *testing.T) {
	for _, c := range []struct {
		d    Diverged
		want string
	}{
		{Diverged{Usual: 2, Norm: 3e5, Config: Config{Optimizer: "sgd", Rate: 0.01}}, "had gone from some 2.0e+00 to 3.0e+05: try -clip 2"},
		{Diverged{Usual: 2, Norm: 3, Config: Config{Optimizer: "sgd", Rate: 0.01}}, "near 2.0e+00 before: try a -rate below 0.01"},
		{Diverged{Usual: 2, Norm: 3e5, Config: Config{Optimizer: "sgd", Rate: 5}}, "its steps were 1.0e+01 long: try a -rate below 5"},
		{Diverged{Usual: 2, Norm: 3e5, Config: Config{Optimizer: "sgd", Rate: 0.01, Clip: 1}}, "clipped to 1 as it is: try a -rate below 0.01"},
		{Diverged{Usual: 2, Norm: 3e5, Config: Config{Optimizer: "adam", Rate: 5}}, "+Inf; try a -rate below 5"},
	} {
		c.d.Iter, c.d.What, c.d.Value = 7, "the loss", math.Inf(1)
		if got := c.d.Error(); !strings.Contains(got, c.want) || !strings.Contains(got, "at iteration 7 the loss became +Inf") {
			t.Errorf("%s, want %q", got, c.want)
		}
	}
}

// Every task, and what it is to learn.
func ExampleTasks() {
	for _, task := range Tasks() {
		fmt.Printf("%-7s %s\n", task, About(task))
	}
	// Output:
	// adding  add two numbers that were marked long ago
	// delay   repeat a sine wave one sample late
	// order   tell in which order two symbols came long ago
	// reber   tell what may come next in a string of the embedded Reber grammar
	// series  forecast a series of your own
	// sine    forecast the next sample of a sine wave
	// text    tell the next character of a text
}

// TestVisible: every character can be seen alone, and be told from others.
func TestVisible(t *testing.T) {
	seen := make(map[string]rune)
	for _, c := range "aé<漢 \n\t\x01\u0301\u200b\ufeff" {
		s := visible(c)
		if other, ok := seen[s]; ok || strings.TrimSpace(s) == "" {
			t.Errorf("%U is %q, as is %U", c, s, other)
		}
		seen[s] = c
	}
	if seen["a"] != 'a' || seen["␣"] != ' ' || seen["U+0301"] != 0x301 || seen["U+0001"] != 1 {
		t.Errorf("%q", seen)
	}
}
