package checkpoint

import (
	"bytes"
	"cmp"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"lstm/bptt"
	"lstm/cell"
	"lstm/tensor/assert"
	"lstm/tensor/safetensors"
	"lstm/train"
)

// An expectation is for one file of make.py: the outputs of PyTorch, or words of the error. A file with both has an
// error with a line of Python, and the file that this line makes has the outputs.
type expectation struct {
	Outputs []float64
	Says    []string
}

func expected(t *testing.T, dir string) map[string]expectation {
	t.Helper()
	var all map[string]expectation
	data, err := os.ReadFile(filepath.Join(dir, "expect.json"))
	if err == nil {
		err = json.Unmarshal(data, &all)
	}
	if err != nil || len(all) == 0 {
		t.Fatalf("%d files, %v", len(all), err)
	}
	return all
}

// compareOutputs compares the outputs of the weights in a file with PyTorch's.
func compareOutputs(t *testing.T, name string, want []float64) {
	t.Helper()
	k, err := Read(name)
	if err != nil || !k.Weights {
		t.Errorf("%s: %v", name, err)
		return
	}
	const T = 6 // as in make.py
	o := k.o
	if o == 0 {
		o = k.h
	}
	p := cell.New(k.x, k.h, o)
	for i := range min(k.h, o) { // without a linear layer, the outputs are the hidden states
		p.Wy[i*o+i] = 1
	}
	k.params(p)
	x := make([]float64, T*k.x)
	for i := range x {
		x[i] = math.Sin(float64(i))
	}
	zero := make([]float64, k.h)
	w := bptt.New(p, T)
	w.Forward(x, make([]float64, T*o), zero, zero)
	assert.Near(t, "outputs of "+filepath.Base(name), w.Y, want, 1e-12)
}

// TestWeights: weights under the names and in the types that people have give PyTorch's outputs. For other files the error
// is one line that says what they are.
func TestWeights(t *testing.T) {
	t.Parallel()
	for file, want := range expected(t, "testdata") {
		name := filepath.Join("testdata", file)
		if want.Says == nil {
			compareOutputs(t, name, want.Outputs)
			continue
		}
		_, err := Read(name)
		if err == nil || strings.Contains(err.Error(), "\n") || !strings.HasPrefix(err.Error(), name+": ") {
			t.Errorf("%s: %v", file, err)
			continue
		}
		for _, word := range want.Says {
			if !strings.Contains(err.Error(), word) {
				t.Errorf("%s: %q is not in the error: %v", file, word, err)
			}
		}
	}
}

// TestEveryVariant: the same for all combinations of names, absent biases and types.
func TestEveryVariant(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("a thousand files")
	}
	exe, dir := python(t), t.TempDir()
	if out, err := exec.Command(exe, "testdata/make.py", dir, "all").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	all := expected(t, dir)
	for file, want := range all {
		compareOutputs(t, filepath.Join(dir, file), want.Outputs)
	}
	if len(all) < 1000 {
		t.Errorf("%d files", len(all))
	}
}

// pythonIn returns the line of Python in an error.
func pythonIn(err error) string {
	_, line, _ := strings.Cut(err.Error(), `python3 -c "`)
	line, _, _ = strings.Cut(line, `"`)
	return line
}

// TestPythonInErrors: the line of Python in an error makes a file with the same weights.
func TestPythonInErrors(t *testing.T) {
	t.Parallel()
	if testing.Short() || runtime.GOOS == "windows" {
		t.Skip("starts Python, in lines that cannot have names with a backslash")
	}
	exe, dir := python(t), t.TempDir()
	onnx := exec.Command(exe, "-c", "import onnx").Run() == nil
	var lines []string
	wants := make(map[string][]float64)
	for file, want := range expected(t, "testdata") {
		if want.Says == nil || want.Outputs == nil || filepath.Ext(file) == ".onnx" && !onnx {
			continue
		}
		data, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			t.Fatal(err)
		}
		folder := filepath.Join(dir, file)
		name := filepath.Join(folder, file)
		if err := cmp.Or(os.Mkdir(folder, 0o777), os.WriteFile(name, data, 0o666)); err != nil {
			t.Fatal(err)
		}
		_, err = Read(name)
		lines = append(lines, pythonIn(err))
		wants[folder] = want.Outputs
	}
	if out, err := exec.Command(exe, "-c", strings.Join(lines, "\n")).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for folder, want := range wants {
		made, _ := filepath.Glob(filepath.Join(folder, "*.npz"))
		made = slices.DeleteFunc(made, func(name string) bool { return filepath.Base(name) == filepath.Base(folder) })
		if len(made) != 1 {
			t.Errorf("%s: %d files were made", folder, len(made))
			continue
		}
		compareOutputs(t, made[0], want)
	}
}

// weightsFile writes a file of weights with the names and shapes, and metadata.
func weightsFile(t *testing.T, meta map[string]string, shapes map[string][]int) string {
	t.Helper()
	f := &safetensors.File{Meta: meta}
	for name, shape := range shapes {
		f.Tensors = append(f.Tensors, safetensors.Tensor{Name: name, Shape: shape, Data: make([]float64, size(shape))})
	}
	name := filepath.Join(t.TempDir(), "w.safetensors")
	if err := safetensors.WriteFile(name, f); err != nil {
		t.Fatal(err)
	}
	return name
}

// with returns the shapes of an LSTM (2 inputs, 3 hidden units) and a Linear (1 output), with changes. A nil shape removes a tensor.
func with(changes map[string][]int) map[string][]int {
	shapes := map[string][]int{"rnn.weight_ih_l0": {12, 2}, "rnn.weight_hh_l0": {12, 3}, "rnn.bias_ih_l0": {12}, "rnn.bias_hh_l0": {12}, "fc.weight": {1, 3}, "fc.bias": {1}}
	for name, shape := range changes {
		if shapes[name] = shape; shape == nil {
			delete(shapes, name)
		}
	}
	return shapes
}

// TestOtherNetworks: a file with another network is refused in one line, which names at most eight tensors.
func TestOtherNetworks(t *testing.T) {
	t.Parallel()
	if _, err := Read(weightsFile(t, nil, with(nil))); err != nil {
		t.Fatal(err)
	}
	many := map[string][]int{}
	for i := range 30 {
		many[strings.Repeat("x", i)+"layers.weight"] = []int{2, 2}
	}
	for what, c := range map[string]struct {
		shapes map[string][]int
		says   []string
	}{
		"two LSTMs":      {with(map[string][]int{"encoder.weight_ih_l0": {12, 2}}), []string{`"rnn."`, `"encoder."`, "python3"}},
		"two Linears":    {with(map[string][]int{"fc2.weight": {3, 3}, "fc2.bias": {3}}), []string{`fc`, "python3"}},
		"a norm":         {with(map[string][]int{"norm.weight": {3}, "norm.bias": {3}}), []string{`"norm.weight"`, `"norm.bias"`, "'rnn.', 'fc.'", "python3"}},
		"an embedding":   {with(map[string][]int{"emb.weight": {7, 2}}), []string{`"emb.weight"`, "one-hot", "python3"}},
		"the Linear?":    {with(map[string][]int{"rnn.weight_ih_l0": {12, 3}, "fc.weight": nil, "fc.bias": nil, "emb.weight": {7, 3}}), []string{`"emb.weight"`, "one-hot"}},
		"a huge layer":   {with(map[string][]int{"rnn.weight_ih_l99999999999999999999": {12, 3}}), []string{"l99999999999999999999"}},
		"a flat hr":      {with(map[string][]int{"rnn.weight_hr_l0": {12}}), []string{`"rnn.weight_hr_l0"`, "proj_size"}},
		"a second _l0":   {with(map[string][]int{"rnn.weight_ih": {12, 2}}), []string{`"rnn.weight_ih`}},
		"no weight_hh":   {with(map[string][]int{"rnn.weight_hh_l0": nil}), []string{`"rnn.weight_hh_l0"`, "rnn.weight_ih_l0"}},
		"a bias alone":   {with(map[string][]int{"fc.weight": nil}), []string{`"fc.bias"`}},
		"a wide Linear":  {with(map[string][]int{"fc.weight": {1, 4}}), []string{`"fc.weight"`, "[1 4]", "[1 3]"}},
		"odd rows":       {with(map[string][]int{"rnn.weight_hh_l0": {13, 3}}), []string{`"rnn.weight_hh_l0"`, "[13 3]", "[12 3]"}},
		"other names":    {map[string][]int{"Wx": {2, 12}, "Wh": {3, 12}}, []string{`"Wx"`, `"Wh"`, "weight_ih_l0", "python3"}},
		"many":           {many, []string{" 22 more"}},
		"an empty file":  {map[string][]int{}, []string{"no tensors"}},
		"quotes":         {map[string][]int{"a'b\"$(x)": {2, 2}, "a\nb": {1}}, []string{"NAME"}},
		"a second layer": {with(map[string][]int{"rnn.weight_ih_l1": {12, 3}, "rnn.weight_hh_l1": {12, 3}}), []string{"2 layers", "l1"}},
	} {
		_, err := Read(weightsFile(t, nil, c.shapes))
		if err == nil || strings.Contains(err.Error(), "\n") || len(err.Error()) > 1500 {
			t.Errorf("%s: %v", what, err)
			continue
		}
		for _, word := range c.says {
			if !strings.Contains(err.Error(), word) {
				t.Errorf("%s: %q is not in the error: %v", what, word, err)
			}
		}
	}
}

// TestSymbols: weights of a text need its symbols, as metadata or as a tensor of code points, and the run keeps their order.
func TestSymbols(t *testing.T) {
	t.Parallel()
	c := first(t, func(r *train.Run) bool { return r.Task.Data.Symbols != "" })
	c.Hidden = 3
	c.Data = filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(c.Data, []byte(strings.Repeat("ab€\n", 50)), 0o666); err != nil {
		t.Fatal(err)
	}
	shapes := map[string][]int{"weight_ih_l0": {12, 4}, "weight_hh_l0": {12, 3}, "fc.weight": {4, 3}}
	resume := func(name string) (*train.Run, error) {
		k, err := Read(name)
		if err != nil {
			t.Fatal(err)
		}
		return k.Resume(c)
	}
	const order = "b€\na"
	_, err := resume(weightsFile(t, nil, shapes))
	if err == nil || !strings.Contains(err.Error(), "python3") || !strings.Contains(err.Error(), `"symbols"`) || strings.Contains(err.Error(), "\n") {
		t.Errorf("without symbols: %v", err)
	}
	for _, key := range []string{"symbols", "lstm.symbols"} {
		if r, err := resume(weightsFile(t, map[string]string{key: order}, shapes)); err != nil || r.Task.Data.Symbols != order {
			t.Errorf("metadata %s: %v", key, err)
		}
	}
	tensor := func(numbers ...float64) error {
		name := weightsFile(t, nil, shapes)
		f, err := safetensors.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		f.Tensors = append(f.Tensors, safetensors.Tensor{Name: "symbols", Shape: []int{len(numbers)}, Data: numbers})
		if err := safetensors.WriteFile(name, f); err != nil {
			t.Fatal(err)
		}
		r, err := resume(name)
		if err == nil && r.Task.Data.Symbols != order {
			t.Errorf("%v: symbols %q", numbers, r.Task.Data.Symbols)
		}
		return err
	}
	if err := tensor('b', '€', '\n', 'a'); err != nil {
		t.Error(err)
	}
	for what, numbers := range map[string][]float64{
		"too few": {'b', 'a'}, "twice": {'b', '€', 'b', 'a'}, "a fraction": {1.5, '€', '\n', 'a'}, "no character": {0xd800, '€', '\n', 'a'},
		"negative": {-1, '€', '\n', 'a'}, "huge": {1e300, '€', '\n', 'a'},
	} {
		if err := tensor(numbers...); err == nil || !strings.Contains(err.Error(), "symbol") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", what, err)
		}
	}
	c = first(t, func(r *train.Run) bool { return r.Task.Data.Symbols == "" && r.Task.X == 1 && r.Task.O == 1 })
	c.Hidden = 3
	one := map[string][]int{"weight_ih_l0": {12, 1}, "weight_hh_l0": {12, 3}, "fc.weight": {1, 3}}
	if _, err := resume(weightsFile(t, map[string]string{"symbols": "a"}, one)); err == nil || !strings.Contains(err.Error(), c.Task) {
		t.Errorf("symbols for task %s: %v", c.Task, err)
	}
}

// TestScaling: weights of a series can have the scaling of their data. Without it, the run says that the new data set it.
func TestScaling(t *testing.T) {
	t.Parallel()
	c := first(t, func(r *train.Run) bool { return r.Task.Data.Scaling != nil })
	c.Hidden = 3
	own := newRun(t, c).Task.Data.Scaling
	for _, x := range []struct {
		scaling, want []float64
	}{{nil, own}, {[]float64{300, 20}, []float64{300, 20}}, {[]float64{300, 0}, nil}, {[]float64{300}, nil}} {
		f := &safetensors.File{}
		for name, shape := range map[string][]int{"weight_ih_l0": {12, 1}, "weight_hh_l0": {12, 3}, "fc.weight": {1, 3}, "scaling": {len(x.scaling)}} {
			if name != "scaling" {
				f.Tensors = append(f.Tensors, safetensors.Tensor{Name: name, Shape: shape, Data: make([]float64, size(shape))})
			} else if x.scaling != nil {
				f.Tensors = append(f.Tensors, safetensors.Tensor{Name: name, Shape: shape, Data: x.scaling})
			}
		}
		name := filepath.Join(t.TempDir(), "w")
		if err := safetensors.WriteFile(name, f); err != nil {
			t.Fatal(err)
		}
		k, err := Read(name)
		if err != nil {
			t.Fatal(err)
		}
		r, err := k.Resume(c)
		switch {
		case x.want == nil:
			if err == nil || !strings.Contains(err.Error(), `"scaling"`) {
				t.Errorf("%v: %v", x.scaling, err)
			}
		case err != nil || !slices.Equal(r.Task.Data.Scaling, x.want) || strings.Contains(r.From, "scaling") != (x.scaling == nil):
			t.Errorf("%v: %v", x.scaling, err)
		}
	}
}

// TestNoLinear: without a linear layer, a run draws one, and says so. Such weights cannot be tested.
func TestNoLinear(t *testing.T) {
	t.Parallel()
	c := first(t, func(r *train.Run) bool { return r.Task.X == 1 && r.Task.O == 1 && r.Task.Data.Scaling == nil })
	c.Hidden = 3
	name := weightsFile(t, nil, map[string][]int{"weight_ih_l0": {12, 1}, "weight_hh_l0": {12, 3}})
	k, err := Read(name)
	if err != nil {
		t.Fatal(err)
	}
	r, err := k.Resume(c)
	if err != nil {
		t.Fatal(err)
	}
	p, drawn := r.Model.Params, newRun(t, c).Model.Params
	if !slices.Equal(p.Wy, drawn.Wy) || !slices.Equal(p.By, drawn.By) {
		t.Error("the linear layer is not the one that was drawn")
	}
	if slices.ContainsFunc(slices.Concat(p.Wx, p.Wh, p.B), func(v float64) bool { return v != 0 }) {
		t.Error("the LSTM is not the one of the file, which are 0")
	}
	if !strings.Contains(r.From, "linear") || !strings.Contains(r.From, name) {
		t.Errorf("the run says: %s", r.From)
	}
	args := []string{"-task", c.Task, "-load", name, "-eval"}
	if _, _, err := Start(args, ""); err == nil || !strings.Contains(err.Error(), "-eval") || !strings.Contains(err.Error(), name) {
		t.Errorf("-eval: %v", err)
	}
	if _, _, err := Start(args[:4], ""); err != nil {
		t.Error(err)
	}
}

// FuzzRead: for any file, Read returns weights or an error of one line.
func FuzzRead(f *testing.F) {
	names, _ := filepath.Glob("testdata/*")
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		if len(data) < 10_000 && filepath.Ext(name) != ".py" && filepath.Ext(name) != ".json" {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s := source{name: "x"}
		file, err := s.read(bytes.NewReader(data), int64(len(data)))
		var k *Checkpoint
		if err == nil {
			k, err = newCheckpoint(s, file)
		}
		if err != nil {
			if strings.Contains(err.Error(), "\n") || len(err.Error()) > 3000 {
				t.Errorf("%v", err)
			}
			return
		}
		if k.x*k.h*max(1, k.o) < 1000 {
			k.params(cell.New(k.x, k.h, max(1, k.o)))
		}
		if _, err := k.known(); err != nil && strings.Contains(err.Error(), "\n") {
			t.Error(err)
		}
	})
}
