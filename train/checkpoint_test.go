package train

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"lstm/bptt"
	"lstm/cell"
	"lstm/tensor/safetensors"
)

// saved returns the bytes that Save writes.
func saved(t testing.TB, r *Run) []byte {
	t.Helper()
	name := filepath.Join(t.TempDir(), "run.safetensors")
	if err := r.Save(name); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// loaded returns the run that is in a file's bytes.
func loaded(t testing.TB, data []byte) *Run {
	t.Helper()
	name := filepath.Join(t.TempDir(), "run.safetensors")
	if err := os.WriteFile(name, data, 0o666); err != nil {
		t.Fatal(err)
	}
	k, err := ReadCheckpoint(name)
	if err != nil {
		t.Fatal(err)
	}
	r, err := k.Resume(k.Config)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// kept returns a run as it is in a file.
func kept(t *testing.T, r *Run) *Checkpoint {
	t.Helper()
	name := filepath.Join(t.TempDir(), "run")
	if err := r.Save(name); err != nil {
		t.Fatal(err)
	}
	k, err := ReadCheckpoint(name)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// TestResume: a run that is saved, loaded, and goes on is the run that never stopped, to the
// last bit of all that it consists of; for every task and optimizer, with windows that
// overlap, and for each again where it stopped twice.
func TestResume(t *testing.T) {
	text := prose(t)
	for _, task := range Tasks() {
		for _, optimizer := range Optimizers {
			start := func() *Run {
				return makeRun(t, task, func(c *Config) {
					c.Optimizer, c.Hidden, c.Window, c.Stride, c.Rate, c.Halve, c.Clip = optimizer, 6, 40, 13, 0.01, 50, 1
					if task == "text" {
						c.Data = text
					}
				})
			}
			train := func(r *Run, steps int) {
				if err := r.Train(steps, func() {}); err != nil {
					t.Fatal(err)
				}
			}
			whole := start()
			train(whole, 150)
			r := start()
			train(r, 61)
			r = loaded(t, saved(t, r))
			train(r, 1)
			r = loaded(t, saved(t, r))
			train(r, 88)
			if !bytes.Equal(saved(t, r), saved(t, whole)) {
				t.Errorf("%s by %s: not the run that never stopped", task, optimizer)
			}
			// What is left out of a file is left out of both. So all is compared that a run has,
			// but for buffers, what it began with, and how it went.
			a, b := *r, *whole
			for _, x := range []*Run{&a, &b} {
				x.Task, x.grad, x.stream, x.seq, x.y, x.tester, x.zero, x.first, x.Past, x.Config.known = nil, nil, nil, nil, nil, nil, nil, nil, History{}, nil
			}
			if !reflect.DeepEqual(a, b) || !slices.Equal(r.stream.State(), whole.stream.State()) {
				t.Errorf("%s by %s: %+v\nis not the run that never stopped, %+v", task, optimizer, a, b)
			}
		}
	}
}

// TestLearntIsKept: a run that had learnt its task has, when it is loaded, and does not go on.
func TestLearntIsKept(t *testing.T) {
	r := makeRun(t, "reber", nil)
	r.score.right, r.score.learnt = 512, true
	again := loaded(t, saved(t, r))
	if err := again.Train(10, func() {}); err != nil || !again.Learnt() || again.Iter != 0 || again.score.right != 512 {
		t.Errorf("%v: %+v after %d", err, again.score, again.Iter)
	}
}

// TestRateOnLoad: a run that goes on with another rate has it, and one with the same goes on with
// what halving has made of it; and to rewind it is to go back to where it was loaded.
func TestRateOnLoad(t *testing.T) {
	r := makeRun(t, "sine", func(c *Config) { c.Rate, c.Halve = 0.01, 10 })
	if err := r.Train(20, func() {}); err != nil {
		t.Fatal(err)
	}
	at := slices.Clone(r.Params.All)
	k := kept(t, r)
	for _, rate := range []float64{0.01, 0.3} {
		c := k.Config
		c.Rate = rate
		again, err := k.Resume(c)
		if err != nil {
			t.Fatal(err)
		}
		if want := map[float64]float64{0.01: r.opt.rate, 0.3: 0.3}[rate]; again.opt.rate != want || r.opt.rate == 0.01 {
			t.Errorf("with -rate %v it goes on with %v, want %v", rate, again.opt.rate, want)
		}
		if err := again.Train(3, func() {}); err != nil {
			t.Fatal(err)
		}
		if again.Rewind(); !slices.Equal(again.Params.All, at) {
			t.Error("not taken back to where it was loaded")
		}
	}
}

// TestLoadTorch: a file with nothing but PyTorch's weights gives PyTorch's outputs.
func TestLoadTorch(t *testing.T) {
	files, _ := filepath.Glob("../bptt/testdata/torch_x*.json")
	if len(files) != 4 {
		t.Fatalf("%d golden files", len(files))
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var g struct {
			X, H, O, T              int
			Inputs, Outputs, H0, C0 []float64
			Weights                 map[string][]float64
		}
		if err := json.Unmarshal(data, &g); err != nil {
			t.Fatal(err)
		}
		f := &safetensors.File{}
		for k, shape := range torchShapes(g.X, g.H, g.O) {
			f.Tensors = append(f.Tensors, safetensors.Tensor{Name: torchNames[k], Shape: shape, Data: g.Weights[torchNames[k]]})
		}
		name := filepath.Join(t.TempDir(), "torch.safetensors")
		if err := safetensors.WriteFile(name, f); err != nil {
			t.Fatal(err)
		}
		k, err := ReadCheckpoint(name)
		if err != nil || !k.Weights || k.Config.Hidden != g.H {
			t.Fatalf("%+v, %v", k, err)
		}
		p := k.params()
		w := bptt.New(p, g.T)
		w.Forward(g.Inputs, g.Outputs, g.H0, g.C0)
		near(t, "outputs of "+filepath.Base(file), w.Y, g.Outputs, 1e-12)
	}
}

// TestSavedWeights: what is saved under PyTorch's names is the network, gates and rows in
// PyTorch's order, and both biases count.
func TestSavedWeights(t *testing.T) {
	r := makeRun(t, "reber", func(c *Config) { c.Hidden = 3 })
	f, err := safetensors.Decode(saved(t, r))
	if err != nil {
		t.Fatal(err)
	}
	at := func(name string, i int) float64 { return f.Tensor(name).Data[i] }
	p := r.Params
	for n, gate := range []int{0, 1, 3, 2} {
		for j := range 3 {
			row := gate*3 + j
			for k := range 7 {
				if at("lstm.weight_ih_l0", row*7+k) != p.Wx[k*12+n*3+j] {
					t.Fatalf("W_ih of gate %d", n)
				}
			}
			for k := range 3 {
				if at("lstm.weight_hh_l0", row*3+k) != p.Wh[k*12+n*3+j] {
					t.Fatalf("W_hh of gate %d", n)
				}
			}
			if at("lstm.bias_ih_l0", row)+at("lstm.bias_hh_l0", row) != p.B[n*3+j] {
				t.Fatalf("b of gate %d", n)
			}
		}
	}
	for o := range 7 {
		for j := range 3 {
			if at("linear.weight", o*3+j) != p.Wy[j*7+o] {
				t.Fatal("Wy")
			}
		}
		if at("linear.bias", o) != p.By[o] {
			t.Fatal("by")
		}
	}
}

// TestBestIsSaved: of a task that is validated, the weights in the file are those that did
// best, and going on goes on from the last.
func TestBestIsSaved(t *testing.T) {
	r := makeRun(t, "text", func(c *Config) { c.Hidden, c.Rate = 8, 0.05 })
	values := []float64{3, 1, 2}
	r.Task.Every = 1
	r.Task.Validate = func(*Run) float64 { v := values[0]; values = values[1:]; return v }
	if err := r.Train(3, func() {}); err != nil {
		t.Fatal(err)
	}
	f, err := safetensors.Decode(saved(t, r))
	if err != nil {
		t.Fatal(err)
	}
	last := r.Params.By[0]
	if r.KeepBest() != 2 || r.Params.By[0] == last {
		t.Fatal("not taken back to the second iteration")
	}
	if by := f.Tensor("linear.bias").Data[0]; by != r.Params.By[0] {
		t.Errorf("by[0] is saved as %v, and was %v where it did best", by, r.Params.By[0])
	}
	if by := f.Tensor("train.parameters").Data[len(r.Params.All)-r.Params.O]; by != last {
		t.Errorf("by[0] to go on with is %v, and was %v", by, last)
	}
}

// TestBadCheckpoints: what cannot be loaded is an error in one line that names file and
// tensor; and nothing panics, whatever part of a file is changed.
func TestBadCheckpoints(t *testing.T) {
	good := saved(t, makeRun(t, "reber", func(c *Config) { c.Hidden = 3 }))
	dir := t.TempDir()
	load := func(name string, change func(f *safetensors.File)) error {
		f, err := safetensors.Decode(good)
		if err != nil {
			t.Fatal(err)
		}
		change(f)
		name = filepath.Join(dir, name)
		if err := safetensors.WriteFile(name, f); err != nil {
			t.Fatal(err)
		}
		k, err := ReadCheckpoint(name)
		if err == nil {
			_, err = k.Resume(k.Config)
		}
		return err
	}
	if err := load("good", func(*safetensors.File) {}); err != nil {
		t.Fatal(err)
	}
	drop := func(name string) func(f *safetensors.File) {
		return func(f *safetensors.File) { f.Tensor(name).Name += "x" }
	}
	config := func(old, new string) func(f *safetensors.File) {
		return func(f *safetensors.File) {
			if !strings.Contains(f.Meta["lstm.config"], old) {
				t.Fatalf("%s has no %s", f.Meta["lstm.config"], old)
			}
			f.Meta["lstm.config"] = strings.Replace(f.Meta["lstm.config"], old, new, 1)
		}
	}
	set := func(name string, i int, v float64) func(f *safetensors.File) {
		return func(f *safetensors.File) { f.Tensor(name).Data[i] = v }
	}
	resize := func(name string, shape ...int) func(f *safetensors.File) {
		return func(f *safetensors.File) {
			x := f.Tensor(name)
			x.Shape, x.Data = shape, make([]float64, size(shape))
		}
	}
	for name, c := range map[string]struct {
		change func(f *safetensors.File)
		want   string
	}{
		"no weights":     {drop("lstm.weight_hh_l0"), `no tensor "lstm.weight_hh_l0"`},
		"NaN":            {set("linear.weight", 4, math.NaN()), `tensor "linear.weight" is NaN at entry 4`},
		"Inf":            {set("train.optimizer.m", 0, math.Inf(1)), `tensor "train.optimizer.m" is +Inf at entry 0`},
		"shape":          {resize("lstm.bias_ih_l0", 11), `tensor "lstm.bias_ih_l0" has the shape [11], and with 7 inputs, 3 hidden units and 7 outputs that should be [12]`},
		"flat":           {resize("lstm.weight_ih_l0", 84), "no LSTM with a Linear: 0 inputs"},
		"no outputs":     {resize("linear.bias", 0), "0 outputs"},
		"no state":       {drop("train.random"), `tensor "train.random": it is not there`},
		"short state":    {resize("train.optimizer.v", 5), `tensor "train.optimizer.v": 5 numbers, and there should be`},
		"random word":    {set("train.random", 3, 0.5), "entry 3 is 0.5"},
		"random place":   {set("train.random", 624, 625), "entry 624 is 625"},
		"stream":         {resize("train.stream", 7), "7 numbers are no state of a stream"},
		"score":          {set("train.score", 0, 1.5), "1.5 is no count"},
		"negative score": {set("train.score", 1, -3), `tensor "train.score": -3 is no count`},
		"negative mean":  {set("train.optimizer.v", 1, -3), `tensor "train.optimizer.v": a mean of squares is -3 at entry 1`},
		"endless":        {func(f *safetensors.File) { f.Meta["lstm.iteration"] = "9223372036854775807" }, "no count of 1000000000 at most"},
		"unknown field":  {config(`"Hidden":3`, `"Hidden":3,"Depth":2`), `unknown field "Depth"`},
		"fill":           {config(`"Fill":""`, `"Fill":"spline"`), `-fill "spline" is not linear or previous`},
		"no scaling": {func(f *safetensors.File) {
			f.Tensors = append(f.Tensors, safetensors.Tensor{Name: "train.scaling", Shape: []int{2}, Data: []float64{1, 0}})
		}, `tensor "train.scaling": [1 0], and it should be a mean and a deviation`},
		"a second layer": {func(f *safetensors.File) {
			f.Tensors = append(f.Tensors, safetensors.Tensor{Name: "lstm.bias_ih_l1", Shape: []int{1}, Data: []float64{1}})
		}, `tensor "lstm.bias_ih_l1": it is not of one layer`},
		"config":         {func(f *safetensors.File) { f.Meta["lstm.config"] = "{" }, "metadata lstm.config"},
		"iteration":      {func(f *safetensors.File) { f.Meta["lstm.iteration"] = "-1" }, `metadata lstm.iteration is "-1"`},
		"task":           {config(`"reber"`, `"golf"`), `no task "golf"`},
		"other task":     {config(`"reber"`, `"order"`), "task order takes 8, 3 and 4"},
		"hidden":         {config(`"Hidden":3`, `"Hidden":4`), "speaks of 4 hidden units, and its tensors have 3"},
		"window":         {config(`"Window":0`, `"Window":-7`), "-window -7 is not 0 to"},
		"rate":           {config(`"Rate":0.03`, `"Rate":-1`), "-rate -1"},
		"optimizer":      {config(`"adam"`, `"magic"`), `no optimizer "magic"`},
		"other symbols":  {func(f *safetensors.File) { f.Meta["lstm.symbols"] = "abc" }, "what it says of data is not what task reber needs"},
		"huge iteration": {func(f *safetensors.File) { f.Meta["lstm.iteration"] = "99999999999999999999" }, "lstm.iteration"},
	} {
		if err := load(name, c.change); err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// FuzzCheckpoint: no file makes loading panic.
func FuzzCheckpoint(f *testing.F) {
	f.Add(saved(f, makeRun(f, "reber", func(c *Config) { c.Hidden = 2 })))
	f.Add(saved(f, makeRun(f, "delay", func(c *Config) { c.Hidden = 1 })))
	f.Add(saved(f, makeRun(f, "adding", func(c *Config) { c.Hidden, c.Length = 1, 20 })))
	f.Add(saved(f, makeRun(f, "series", func(c *Config) { c.Hidden, c.Window = 1, 5 })))
	name := filepath.Join(f.TempDir(), "x")
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := os.WriteFile(name, data, 0o666); err != nil {
			t.Fatal(err)
		}
		k, err := ReadCheckpoint(name)
		if err != nil || k.Config.Hidden > 64 || k.Config.Window > 1000 || k.Config.Length > 1000 {
			return
		}
		if r, err := k.Resume(k.Config); err == nil {
			r.Train(2, func() {})
		}
	})
}

// Save a run, load it, and go on.
func ExampleRun_Save() {
	name := filepath.Join(os.TempDir(), "example.safetensors")
	defer os.Remove(name)
	c := Defaults("delay")
	c.Seed = 42
	r, _ := New(c)
	r.Train(100, func() {})
	if err := r.Save(name); err != nil {
		fmt.Println(err)
		return
	}
	k, err := ReadCheckpoint(name)
	if err != nil {
		fmt.Println(err)
		return
	}
	again, err := k.Resume(k.Config)
	if err != nil {
		fmt.Println(err)
		return
	}
	r.Train(100, func() {})
	again.Train(100, func() {})
	fmt.Println(again.Iter, again.EMA == r.EMA)
	// Output: 200 true
}

// python returns a Python that has torch, and skips the test if there is none.
func python(t *testing.T) string {
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(name, "-c", "import torch, numpy").Run() == nil {
			return name
		}
	}
	t.Skip("no python3 with torch")
	return ""
}

// TestPyTorch: the README's lines of Python load what was saved here, and PyTorch's outputs are
// ours to 1e-12; and a file that PyTorch's weights were written to gives its outputs here.
func TestPyTorch(t *testing.T) {
	exe := python(t)
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	lines := regexp.MustCompile("(?s)```python\n(import json.*?)```").FindSubmatch(readme)
	if lines == nil {
		t.Fatal("the README has no Python")
	}
	const more = `
T = 20
x = torch.arange(T * X, dtype=torch.float64).reshape(T, X).sin()
print(json.dumps(net["linear"](net["lstm"](x)[0]).flatten().tolist()))

torch.manual_seed(1)
net = torch.nn.ModuleDict({"lstm": torch.nn.LSTM(X, 9), "linear": torch.nn.Linear(9, O)})
header, data = {}, b""
for k, v in net.state_dict().items():
    b = v.numpy().tobytes()
    header[k] = {"dtype": "F32", "shape": list(v.shape), "data_offsets": [len(data), len(data) + len(b)]}
    data += b
text = json.dumps(header).encode()
open("torch.safetensors", "wb").write(len(text).to_bytes(8, "little") + text + data)
net.double()
print(json.dumps(net["linear"](net["lstm"](x)[0]).flatten().tolist()))
`
	for _, task := range []string{"sine", "reber"} {
		dir := t.TempDir()
		r := makeRun(t, task, nil)
		if err := r.Train(200, func() {}); err != nil {
			t.Fatal(err)
		}
		if err := r.Save(filepath.Join(dir, "sine.safetensors")); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(exe, "-c", string(lines[1])+more)
		cmd.Dir = dir
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%v: %s", err, err.(*exec.ExitError).Stderr)
		}
		d := json.NewDecoder(bytes.NewReader(out))
		compare := func(what string, p *cell.Params) {
			var want []float64
			if err := d.Decode(&want); err != nil {
				t.Fatal(err)
			}
			const T = 20
			x := make([]float64, T*p.X)
			for i := range x {
				x[i] = math.Sin(float64(i))
			}
			zero := make([]float64, p.H)
			w := bptt.New(p, T)
			w.Forward(x, make([]float64, T*p.O), zero, zero)
			near(t, task+what, w.Y, want, 1e-12)
		}
		compare(", loaded by PyTorch", r.Params)
		k, err := ReadCheckpoint(filepath.Join(dir, "torch.safetensors"))
		if err != nil || !k.Weights {
			t.Fatalf("%+v, %v", k, err)
		}
		c := Defaults(task)
		c.Hidden = k.Config.Hidden
		from, err := k.Resume(c)
		if err != nil {
			t.Fatal(err)
		}
		compare(", written by PyTorch", from.Params)
		if err := from.Train(10, func() {}); err != nil {
			t.Fatal(err)
		}
	}
}
