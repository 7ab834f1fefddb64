package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"lstm/bptt"
	"lstm/cell"
	"lstm/tensor"
	"lstm/tensor/peak"
	"lstm/train"
	"lstm/train/proof"
	"lstm/train/rng"
	"lstm/train/settings"
	"lstm/train/task"
)

// wave fills v with numbers between −1 and 1, and returns it.
func wave(v []float64) []float64 {
	for i := range v {
		v[i] = math.Sin(float64(7*i + 1))
	}
	return v
}

// BenchmarkKernel times each kernel. It reports the speed and %peak, which is the least possible
// time over the time taken. Package peak measures the limits of this machine in the same run. The
// least time is the longer of two: the time of the multiply-adds at full rate, and the time to
// read (and write) the slices at the bandwidth for their size.
func BenchmarkKernel(b *testing.B) {
	var m machine
	measure := func(b *testing.B, fmas, bytes int, f func()) {
		m.measure()
		least := max(float64(fmas)/m.fma, m.reading(bytes))
		b.ReportAllocs()
		for b.Loop() {
			f()
		}
		took := b.Elapsed().Seconds() / float64(b.N)
		b.ReportMetric(100*least/took, "%peak")
		if fmas > 0 {
			b.ReportMetric(2*float64(fmas)/took/1e9, "GFLOP/s")
		}
	}
	for _, s := range [][2]int{{5, 20}, {32, 128}, {128, 512}, {512, 2048}} {
		k, n := s[0], s[1]
		const t = 32
		x, y, w, y0 := make([]float64, t*k), make([]float64, t*n), make([]float64, k*n), make([]float64, n)
		for _, op := range []struct {
			name string
			rows int // of x and y
			w    int // how often w is moved
			f    func()
		}{
			{"VecMat", 1, 1, func() { tensor.VecMat(y[:n], x[:k], w) }},
			{"MatVec", 1, 1, func() { tensor.MatVec(x[:k], w, y[:n]) }},
			{"Outer", 1, 2, func() { tensor.Outer(w, x[:k], y[:n]) }},
			{"Affine32", t, 1, func() { tensor.Affine(y, y0, x, w, t) }},
			{"MatVecs32", t, 1, func() { tensor.MatVecs(x, w, y, t) }},
			{"Outers32", t, 2, func() { tensor.Outers(w, x, y, t) }},
		} {
			b.Run(fmt.Sprintf("op=%s/rows=%d/cols=%d", op.name, k, n), func(b *testing.B) {
				wave(x) // the runs before have added to the numbers
				wave(y)
				wave(w)
				measure(b, op.rows*k*n, 8*(op.w*k*n+op.rows*(k+n)), op.f)
			})
		}
	}
	for _, n := range []int{20, 512, 65536} {
		x, y, z := wave(make([]float64, n)), wave(make([]float64, n)), make([]float64, n)
		m, v, adam := make([]float64, n), make([]float64, n), tensor.AdamStep{NewM: 0.1, OldV: 0.999, NewV: 0.001, Rate: 1e-3, Root: 1, Epsilon: 1e-8}
		for _, op := range []struct {
			name  string
			fmas  int // per element: multiply-adds
			words int // per element: numbers moved
			f     func()
		}{
			{"Dot", 1, 2, func() { tensor.Dot(x, y) }},
			{"Axpy", 1, 3, func() { tensor.Axpy(z, 1e-9, x) }},
			{"Div", 0, 2, func() { tensor.Div(z, 1) }},
			{"Adam", 4, 7, func() { tensor.Adam(z, m, v, x, &adam) }},
			{"Add", 0, 3, func() { tensor.Add(z, x, y) }},
			{"Mul", 1, 3, func() { tensor.Mul(z, x, y) }},
			{"Exp", 18, 2, func() { tensor.Exp(z, x) }},
			{"Sigmoid", 19, 2, func() { tensor.Sigmoid(z, x) }},
			{"Tanh", 25, 2, func() { tensor.Tanh(z, x) }},
		} {
			b.Run(fmt.Sprintf("op=%s/n=%d", op.name, n), func(b *testing.B) {
				measure(b, op.fmas*n, 8*op.words*n, op.f)
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/element")
			})
		}
	}
}

// step returns a function that runs the forward pass, the full backward pass and every gradient of a window.
func step(x, h, o, t int) func() {
	p, g := cell.New(x, h, o), cell.New(x, h, o)
	for i := range wave(p.All) {
		p.All[i] /= math.Sqrt(float64(x + h))
	}
	w := bptt.New(p, t)
	in, target := wave(make([]float64, t*x)), wave(make([]float64, t*o))
	h0, c0 := make([]float64, h), make([]float64, h)
	return func() {
		clear(g.All)
		w.Forward(in, target, h0, c0)
		w.Backward(g)
		w.DX()
	}
}

// A machine holds the limits of this machine that have been measured.
type machine struct {
	fma     float64 // multiply-adds a second
	latency peak.Latency
	read    map[int]float64 // bytes a second, by the size of the block
}

func (m *machine) measure() {
	if m.fma == 0 {
		m.fma, m.latency, m.read = peak.FMA(), peak.Latencies(), make(map[int]float64)
	}
}

// reading returns the time to read n bytes again that were read before.
func (m *machine) reading(n int) float64 {
	if m.read[n] == 0 {
		m.read[n] = peak.Read(n)
	}
	return float64(n) / m.read[n]
}

// window returns the least possible time of a window in seconds, for a program that goes step by step. Three times bound
// each step from below: its multiply-adds at full rate, the reading of Wh forward and back, and its longest chain
// of operations, in which each operation waits for the one before. The largest of the three counts. The
// other products are computed for all steps at once, at full rate: the sums of the gradient begin with the first
// step, so they cannot begin before the way back has ended.
func (m *machine) window(x, h, o, t int) float64 {
	m.measure()
	const sigmoid, tanh, backward = 19, 25, 16 // multiply-adds and products of a unit
	wh := 4 * h * h
	adds := float64(2*wh+h*(3*sigmoid+2*tanh+backward)) / m.fma

	// Forward: a sum over h', tanh, c, tanh c and h. Backward: dc, dz, a sum over dz in 8 lanes, and dh'.
	l := m.latency
	tanhs := 9*l.FMA + l.Add + l.Div
	waits := float64(h)*l.FMA + tanhs + l.FMA + tanhs + l.Mul
	waits += l.FMA + l.Mul + float64((4*h+7)/8)*l.FMA + 4*l.Add

	rest := float64(3*x*4*h+wh+3*h*o) / m.fma
	return float64(t) * (max(adds, 2*m.reading(8*wh), waits) + rest)
}

// BenchmarkStep times the forward pass, the full backward pass and every gradient of a window,
// without an update, at four sizes and in sweeps of T and of H. It reports the median of single steps, p50-ns, beside
// the mean, and %peak, which is the least possible time over the median.
func BenchmarkStep(b *testing.B) {
	sizes := [][4]int{{1, 5, 1, 22}, {1, 32, 1, 64}, {16, 128, 16, 64}, {64, 512, 64, 32}}
	for t := 32; t <= 2048; t *= 4 {
		sizes = append(sizes, [4]int{4, 64, 4, t})
	}
	for h := 4; h <= 1024; h *= 2 {
		sizes = append(sizes, [4]int{4, h, 4, 16})
	}
	var m machine
	for _, s := range sizes {
		b.Run(fmt.Sprintf("x=%d/h=%d/o=%d/t=%d", s[0], s[1], s[2], s[3]), func(b *testing.B) {
			f := step(s[0], s[1], s[2], s[3])
			least := m.window(s[0], s[1], s[2], s[3])
			times, n := make([]time.Duration, 1<<16), 0 // of the last steps
			b.ReportAllocs()
			for b.Loop() {
				start := time.Now()
				f()
				times[n%len(times)] = time.Since(start)
				n++
			}
			times = times[:min(n, len(times))]
			slices.Sort(times)
			p50 := times[len(times)/2].Seconds()
			b.ReportMetric(1e9*p50, "p50-ns")
			b.ReportMetric(100*least/p50, "%peak")
		})
	}
}

// BenchmarkStream times a chunk of an endless sequence, as BenchmarkStep times a single window.
// It does so with a window of one, two and four times the stride.
func BenchmarkStream(b *testing.B) {
	for _, s := range [][4]int{{1, 5, 1, 22}, {1, 32, 1, 64}, {16, 128, 16, 64}} {
		x, h, o, stride := s[0], s[1], s[2], s[3]
		for _, windows := range []int{1, 2, 4} {
			b.Run(fmt.Sprintf("x=%d/h=%d/o=%d/stride=%d/window=%d", x, h, o, stride, windows*stride), func(b *testing.B) {
				p, g := cell.New(x, h, o), cell.New(x, h, o)
				for i := range wave(p.All) {
					p.All[i] /= math.Sqrt(float64(x + h))
				}
				in, target := wave(make([]float64, stride*x)), wave(make([]float64, stride*o))
				stream := bptt.NewStream(p, windows*stride, stride)
				b.ReportAllocs()
				for b.Loop() {
					clear(g.All)
					stream.Forward(in, target)
					stream.Backward(g)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(stride), "ns/step")
			})
		}
	}
}

// defaultRun returns a run of the default task.
func defaultRun(b *testing.B) *train.Run {
	r, err := train.New(settings.Config{Task: defaultTask, Seed: 42, Hidden: 5, Optimizer: "sgd", Rate: 0.01})
	if err != nil {
		b.Fatal(err)
	}
	return r
}

// BenchmarkTrain times an iteration of the default task.
func BenchmarkTrain(b *testing.B) {
	r := defaultRun(b)
	b.ReportAllocs()
	for b.Loop() {
		r.Step()
	}
}

// BenchmarkText times an iteration of the task text, with its share of the validation, for texts of few and of many symbols. The
// texts are random. The k-th symbol is about k times as rare as the first, and each symbol occurs.
func BenchmarkText(b *testing.B) {
	for _, symbols := range []int{60, 4500} {
		b.Run(fmt.Sprintf("symbols=%d", symbols), func(b *testing.B) {
			random, text := rng.New(1), make([]rune, 300_000)
			for i := range text {
				k := i
				if i >= symbols {
					k = int(math.Pow(float64(symbols), random.Float64())) - 1
				}
				text[i] = '一' + rune(k)
			}
			name := filepath.Join(b.TempDir(), "text")
			if err := os.WriteFile(name, []byte(string(text)), 0o666); err != nil {
				b.Fatal(err)
			}
			kind, _ := task.Find("text")
			c := kind.Defaults
			c.Seed, c.Data = 42, name
			r, err := train.New(c)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				r.Step()
			}
			b.ReportMetric(r.EMA, "bits/char")
		})
	}
}

// BenchmarkCheck times the whole check of the default model after training: every entry of the
// parameters, h0, c0 and the inputs.
func BenchmarkCheck(b *testing.B) {
	r := defaultRun(b)
	if err := r.Train(5000, func() {}); err != nil {
		b.Fatal(err)
	}
	window, stride := r.Truncation()
	for b.Loop() {
		if err := proof.New(r.Model, r.Fresh(), window, stride).Check(false, 0, 0, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRun times the whole command `go run . -seed 42`, without its compilation.
func BenchmarkRun(b *testing.B) {
	for b.Loop() {
		if code := run([]string{"-seed", "42"}, io.Discard, io.Discard); code != 0 {
			b.Fatalf("exit status %d", code)
		}
	}
}

// FuzzFlags: any flags either start a run, or give one line that says what is wrong. No file
// is written.
func FuzzFlags(f *testing.F) {
	for _, args := range []string{
		"", "-h", "-seed 42", "-task order -hidden 9 -steps 0 -rate 1e-3", "-window 5 -stride 2 -clip 1 -halve 10", "-runs 3 -seed 4294967295",
		"-task series -data x.csv -column 2 -fill linear -diff -horizon 3 -forecast y.csv", "-load x -eval -check fast", "-save x -save-every 7",
		"museum", "museum no-forget -report", "-check 12", "-task text -temperature 0.5 -data go.mod", "-forget-bias -1 -input-bias NaN", "-seed", "--", "- x", "-steps=\x1b[2J",
	} {
		f.Add(strings.ReplaceAll(args, " ", "\x00"))
	}
	noFile := func(string) (settings.Config, bool, error) {
		return settings.Config{}, false, errors.New("not loaded here")
	}
	f.Fuzz(func(t *testing.T, args string) {
		list := strings.Split(args, "\x00")
		if list[0] == "museum" {
			return
		}
		o, err := settings.Parse(list, task.All(), defaultTask, noFile)
		switch {
		case errors.Is(err, flag.ErrHelp):
			return
		case err == nil && o.Hidden <= 16 && o.Window <= 100 && o.Length <= 100:
			_, err = train.New(o.Config)
		}
		if err == nil {
			return
		}
		var out, errs bytes.Buffer
		if code := run(list, &out, &errs); code != 2 || out.Len() > 0 {
			t.Errorf("exit status %d, and %q", code, &out)
		}
		line := strings.TrimSuffix(errs.String(), "\n")
		if !strings.HasPrefix(line, "lstm: ") || strings.ContainsFunc(line, unicode.IsControl) {
			t.Errorf("%q is not one line", line)
		}
	})
}
