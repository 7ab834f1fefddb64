package checkpoint

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"testing"

	"lstm/bptt"
	"lstm/cell"
	"lstm/tensor/assert"
	"lstm/tensor/safetensors"
	"lstm/train"
)

// TestLoadTorch: a file with only PyTorch's weights gives PyTorch's outputs.
func TestLoadTorch(t *testing.T) {
	t.Parallel()
	files, _ := filepath.Glob("../../bptt/testdata/torch_x*.json")
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
		k, err := Read(name)
		if err != nil || !k.Weights || k.Config.Hidden != g.H {
			t.Fatalf("%+v, %v", k, err)
		}
		p := cell.New(g.X, g.H, g.O)
		k.params(p)
		w := bptt.New(p, g.T)
		w.Forward(g.Inputs, g.Outputs, g.H0, g.C0)
		assert.Near(t, "outputs of "+filepath.Base(file), w.Y, g.Outputs, 1e-12)
	}
}

// TestSavedWeights: the tensors with PyTorch's names have the weights of the network. Gates and rows
// are in PyTorch's order, and the bias is the sum of both biases.
func TestSavedWeights(t *testing.T) {
	t.Parallel()
	r := newRun(t, first(t, func(r *train.Run) bool { return r.Task.O > 1 }))
	f, err := safetensors.Decode(saved(t, r))
	if err != nil {
		t.Fatal(err)
	}
	at := func(name string, i int) float64 { return f.Tensor(name).Data[i] }
	p := r.Model.Params
	X, H, O := p.X, p.H, p.O
	for n, gate := range []int{0, 1, 3, 2} {
		for j := range H {
			row := gate*H + j
			for k := range X {
				if at("lstm.weight_ih_l0", row*X+k) != p.Wx[k*4*H+n*H+j] {
					t.Fatalf("W_ih of gate %d", n)
				}
			}
			for k := range H {
				if at("lstm.weight_hh_l0", row*H+k) != p.Wh[k*4*H+n*H+j] {
					t.Fatalf("W_hh of gate %d", n)
				}
			}
			if at("lstm.bias_ih_l0", row)+at("lstm.bias_hh_l0", row) != p.B[n*H+j] {
				t.Fatalf("b of gate %d", n)
			}
		}
	}
	for o := range O {
		for j := range H {
			if at("linear.weight", o*H+j) != p.Wy[j*O+o] {
				t.Fatal("Wy")
			}
		}
		if at("linear.bias", o) != p.By[o] {
			t.Fatal("by")
		}
	}
}

var pythonWithTorch = sync.OnceValue(func() string {
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(name, "-c", "import torch, numpy").Run() == nil {
			return name
		}
	}
	return ""
})

// python returns a Python command that has torch, or skips the test.
func python(t *testing.T) string {
	name := pythonWithTorch()
	if name == "" {
		t.Skip("no python3 with torch")
	}
	return name
}

// shownPython returns the lines of Python that the README shows.
func shownPython(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"../README.md", "../../README.md"} {
		if readme, err := os.ReadFile(name); err == nil {
			if lines := regexp.MustCompile("(?s)```python\r?\n(import json.*?)```").FindSubmatch(readme); lines != nil {
				return string(lines[1])
			}
		}
	}
	t.Fatal("no README has the lines of Python")
	return ""
}

// TestPyTorch: the README's lines of Python load a saved run, and PyTorch's outputs equal ours
// to 1e-12. A file of PyTorch's weights gives PyTorch's outputs here.
func TestPyTorch(t *testing.T) {
	t.Parallel()
	lines, exe := shownPython(t), python(t)
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
	for _, symbols := range []bool{false, true} {
		c := first(t, func(r *train.Run) bool { return r.Task.Loss.Symbols() == symbols })
		dir := t.TempDir()
		r := newRun(t, c)
		learn(t, r, 200)
		if err := Save(r, filepath.Join(dir, "sine.safetensors")); err != nil { // the name in the README
			t.Fatal(err)
		}
		cmd := exec.Command(exe, "-c", lines+more)
		cmd.Dir = dir
		out, err := cmd.Output()
		if exit := new(exec.ExitError); errors.As(err, &exit) {
			t.Fatalf("%v: %s", err, exit.Stderr)
		} else if err != nil {
			t.Fatal(err)
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
			assert.Near(t, c.Task+what, w.Y, want, 1e-12)
		}
		r.KeepBest() // the file has its weights
		compare(", loaded by PyTorch", r.Model.Params)
		k, err := Read(filepath.Join(dir, "torch.safetensors"))
		if err != nil || !k.Weights {
			t.Fatalf("%+v, %v", k, err)
		}
		c.Hidden = k.Config.Hidden
		from, err := k.Resume(c)
		if err != nil {
			t.Fatal(err)
		}
		compare(", written by PyTorch", from.Model.Params)
		learn(t, from, 10)
	}
}
