package checkpoint

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"lstm/bptt"
	"lstm/tensor/safetensors"
	"lstm/train"
	"lstm/train/settings"
	"lstm/train/task"
)

// The tests do not name any task: they run with all tasks, or with the first task that
// has what they need.

// small returns the defaults of a task, with few units, and with data if the task needs data.
func small(k settings.Task) settings.Config {
	c := k.Defaults
	c.Hidden = 3
	for _, use := range k.Uses {
		switch use {
		case "data":
			c.Data, c.Window = "../testdata/co2.csv", 16 // a table, and a text
		case "column":
			c.Column = "CO2"
		case "diff":
			c.Diff = true
		case "length":
			c.Length = settings.MinLength
		}
	}
	return c
}

func newRun(t testing.TB, c settings.Config) *train.Run {
	t.Helper()
	r, err := train.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// first returns the first task that meets the condition, or skips the test.
func first(t testing.TB, is func(r *train.Run) bool) settings.Config {
	t.Helper()
	for _, k := range task.All() {
		if c := small(k); is(newRun(t, c)) {
			return c
		}
	}
	t.Skip("no such task")
	panic("skipped")
}

func learn(t testing.TB, r *train.Run, steps int) {
	t.Helper()
	if err := r.Train(steps, func() {}); err != nil {
		t.Fatal(err)
	}
}

// saved returns the bytes that Save writes.
func saved(t testing.TB, r *train.Run) []byte {
	t.Helper()
	name := filepath.Join(t.TempDir(), "run.safetensors")
	if err := Save(r, name); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// read returns the checkpoint in the bytes of a file.
func read(t testing.TB, data []byte) *Checkpoint {
	t.Helper()
	name := filepath.Join(t.TempDir(), "run.safetensors")
	if err := os.WriteFile(name, data, 0o666); err != nil {
		t.Fatal(err)
	}
	k, err := Read(name)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// resumed returns the run in the bytes of a file.
func resumed(t testing.TB, data []byte) *train.Run {
	t.Helper()
	k := read(t, data)
	r, err := k.Resume(k.Config)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// vector returns a copy of a part of a run's state.
func vector(t testing.TB, r *train.Run, name string) []float64 {
	t.Helper()
	for _, v := range r.State() {
		if v.Name == name {
			return slices.Clone(v.Data)
		}
	}
	t.Fatalf("no %s in the state", name)
	return nil
}

// TestResume: a run that is saved, loaded and continued equals a run that never stopped, to the
// last bit of its state. This holds for every task and optimizer, with overlapping windows, and
// after two stops.
func TestResume(t *testing.T) {
	t.Parallel()
	optimizers := settings.Optimizers
	if testing.Short() {
		optimizers = optimizers[len(optimizers)-2:]
	}
	for _, k := range task.All() {
		t.Run(k.Name, func(t *testing.T) {
			t.Parallel()
			for _, optimizer := range optimizers {
				start := func() *train.Run {
					c := small(k)
					c.Optimizer, c.Hidden, c.Window, c.Stride, c.Rate, c.Halve, c.Clip = optimizer, 6, 40, 13, 0.01, 50, 1
					return newRun(t, c)
				}
				whole := start()
				learn(t, whole, 150)
				r := start()
				learn(t, r, 61)
				r = resumed(t, saved(t, r))
				learn(t, r, 1)
				r = resumed(t, saved(t, r))
				learn(t, r, 88)
				if !bytes.Equal(saved(t, r), saved(t, whole)) || !reflect.DeepEqual(r.State(), whole.State()) ||
					r.Iter != whole.Iter || r.EMA != whole.EMA || r.Config != whole.Config || r.Other || !reflect.DeepEqual(r.Task.Data, whole.Task.Data) {
					t.Errorf("by %s: differs from the run that never stopped", optimizer)
				}
				a, erra := r.Step() // also tests state that is not saved
				b, errb := whole.Step()
				if a != b || erra != nil || errb != nil || !slices.Equal(r.Model.Params.All, whole.Model.Params.All) {
					t.Errorf("by %s: the next loss is %v, want %v", optimizer, a, b)
				}
			}
		})
	}
}

// TestLearntIsKept: a run that has learnt its task is still learnt after loading, and does not go on.
func TestLearntIsKept(t *testing.T) {
	t.Parallel()
	c := first(t, func(r *train.Run) bool { return r.Task.Criterion != nil })
	r := newRun(t, c)
	state := make(map[string][]float64)
	for _, v := range r.State() {
		state[v.Name] = slices.Clone(v.Data)
	}
	score := state["score"]
	score[len(score)-1] = 1 // learnt
	if err := r.Restore(5, false, false, func(name string) ([]float64, bool) { return state[name], true }); err != nil || !r.Learnt() {
		t.Fatalf("%v: learnt %v", err, r.Learnt())
	}
	again := resumed(t, saved(t, r))
	if err := again.Train(10, func() {}); err != nil || !again.Learnt() || again.Iter != 5 {
		t.Errorf("%v: learnt %v, after %d", err, again.Learnt(), again.Iter)
	}
}

// TestRateOnLoad: a loaded run takes a new rate if there is one. Otherwise it keeps the rate after
// halving. Rewind takes it back to the point of loading.
func TestRateOnLoad(t *testing.T) {
	t.Parallel()
	c := first(t, func(*train.Run) bool { return true })
	c.Rate, c.Halve, c.Optimizer = 0.01, 10, "sgd"
	r := newRun(t, c)
	learn(t, r, 20)
	rate := func(r *train.Run) float64 { return vector(t, r, "optimizer")[2] }
	at := slices.Clone(r.Model.Params.All)
	k := read(t, saved(t, r))
	if math.Abs(rate(r)-0.0025) > 1e-15 {
		t.Fatalf("halved twice, the rate is %v", rate(r))
	}
	for _, x := range []struct {
		rate  float64
		halve int
		want  float64
	}{{0.01, 10, rate(r)}, {0.3, 10, 0.3}, {0.01, 0, 0.01}} {
		c := k.Config
		c.Rate, c.Halve = x.rate, x.halve
		again, err := k.Resume(c)
		if err != nil {
			t.Fatal(err)
		}
		if rate(again) != x.want {
			t.Errorf("with -rate %v -halve %d it goes on with %v, want %v", x.rate, x.halve, rate(again), x.want)
		}
		learn(t, again, 3)
		if again.Rewind(); !slices.Equal(again.Model.Params.All, at) {
			t.Error("Rewind does not go back to the point of loading")
		}
	}
}

// TestBestIsSaved: for a task that validates, the file has the weights with the least validation error,
// but a loaded run goes on from the last weights.
func TestBestIsSaved(t *testing.T) {
	t.Parallel()
	r := newRun(t, first(t, func(r *train.Run) bool { return r.Task.Validation != nil }))
	values := []float64{3, 1, 2}
	r.Task.Validation = &task.Metric{Every: 1, Error: func(bptt.Model) float64 { v := values[0]; values = values[1:]; return v }}
	learn(t, r, 3)
	data := saved(t, r)
	f, err := safetensors.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	p := r.Model.Params
	last := p.By[0]
	if again := resumed(t, data); again.Model.Params.By[0] != last || best(again)[len(p.All)-p.O] == last {
		t.Error("a loaded run does not go on from the last parameters, or has lost the best ones")
	}
	if r.KeepBest() != 2 || p.By[0] == last {
		t.Fatal("KeepBest does not go back to the second iteration")
	}
	if by := f.Tensor("linear.bias").Data[0]; by != p.By[0] {
		t.Errorf("by[0] is saved as %v, and the best network has %v", by, p.By[0])
	}
	if by := f.Tensor("train.parameters").Data[len(p.All)-p.O]; by != last {
		t.Errorf("the run goes on with by[0] = %v, want %v", by, last)
	}
}

// TestOtherData: with other data, a run goes on from the network with the least validation error. It
// presents the new data with the scaling and the symbols of the first data.
func TestOtherData(t *testing.T) {
	t.Parallel()
	table, err := os.ReadFile("../testdata/co2.csv")
	if err != nil {
		t.Fatal(err)
	}
	half := filepath.Join(t.TempDir(), "half.csv")
	if err := os.WriteFile(half, table[:bytes.LastIndexByte(table[:len(table)/2], '\n')+1], 0o666); err != nil {
		t.Fatal(err)
	}
	for _, kind := range task.All() {
		if !slices.Contains(kind.Uses, "data") {
			continue
		}
		t.Run(kind.Name, func(t *testing.T) {
			t.Parallel()
			r := newRun(t, small(kind))
			learn(t, r, 250)
			k := read(t, saved(t, r))
			same, err := k.Resume(k.Config)
			if err != nil || same.Other || !slices.Equal(same.Model.Params.All, r.Model.Params.All) {
				t.Fatalf("%v, or the same data are called other", err)
			}
			c := k.Config
			c.Data = half
			other, err := k.Resume(c)
			if err != nil {
				t.Fatal(err)
			}
			before, now := r.Task.Data, other.Task.Data
			if !other.Other || other.Iter != 250 || now.ID == before.ID || now.Symbols != before.Symbols || !slices.Equal(now.Scaling, before.Scaling) ||
				!slices.Equal(other.Model.Params.All, best(r)) || other.KeepBest() != 250 || len(vector(t, other, "stream")) != 2*3 {
				t.Errorf("%+v, and before it was %+v", now, before)
			}
			learn(t, other, 250)
			if best := other.KeepBest(); best <= 250 || len(other.Past.Valid) == 0 {
				t.Errorf("validated best after %d", best)
			}
		})
	}
}

// TestNotFinite: Save refuses a run with a number that is not finite, and does not change the file.
func TestNotFinite(t *testing.T) {
	t.Parallel()
	c := first(t, func(*train.Run) bool { return true })
	name := filepath.Join(t.TempDir(), "run")
	if err := Save(newRun(t, c), name); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(name)
	r := newRun(t, c)
	r.Model.Params.By[0] = math.Inf(1)
	if err := Save(r, name); err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), `"linear.bias"`) {
		t.Errorf("%v, want an error that names the file and the tensor", err)
	}
	if after, _ := os.ReadFile(name); !bytes.Equal(before, after) {
		t.Error("the file has changed")
	}
}

// A change makes a good file bad. The error must name the file, and contain says.
type change struct {
	change func(f *safetensors.File)
	says   []string
}

// badFiles returns changes to a file with the settings c.
func badFiles(t *testing.T, c settings.Config, x, o int) map[string]change {
	drop := func(name string) func(f *safetensors.File) {
		return func(f *safetensors.File) { f.Tensor(name).Name += "x" }
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
	add := func(name string, data ...float64) func(f *safetensors.File) {
		return func(f *safetensors.File) {
			f.Tensors = append(f.Tensors, safetensors.Tensor{Name: name, Shape: []int{len(data)}, Data: data})
		}
	}
	meta := func(key, value string) func(f *safetensors.File) {
		return func(f *safetensors.File) { f.Meta[key] = value }
	}
	config := func(field string, value any) func(f *safetensors.File) {
		return func(f *safetensors.File) {
			var c map[string]any
			if err := json.Unmarshal([]byte(f.Meta["lstm.config"]), &c); err != nil {
				t.Fatal(err)
			}
			c[field] = value
			text, err := json.Marshal(c)
			if err != nil {
				t.Fatal(err)
			}
			f.Meta["lstm.config"] = string(text)
		}
	}
	bad := map[string]change{
		"no weights":     {drop("lstm.weight_hh_l0"), []string{`"lstm.weight_hh_l0"`}},
		"NaN":            {set("linear.weight", 2, math.NaN()), []string{`"linear.weight"`, "entry 2", "NaN"}},
		"Inf":            {set("train.optimizer.m", 0, math.Inf(1)), []string{`"train.optimizer.m"`, "entry 0", "+Inf"}},
		"shape":          {resize("lstm.bias_ih_l0", 11), []string{`"lstm.bias_ih_l0"`, "[11]", "[12]"}},
		"flat":           {resize("lstm.weight_ih_l0", 12*x), []string{`"lstm.weight_ih_l0"`, fmt.Sprintf("[%d]", 12*x)}},
		"no outputs":     {resize("linear.bias", 0), []string{`"linear.bias"`, "[0]"}},
		"no state":       {drop("train.random"), []string{"train.random"}},
		"short state":    {resize("train.optimizer.v", 5), []string{"train.optimizer.v", "5"}},
		"random word":    {set("train.random", 3, 0.5), []string{"train.random", "entry 3", "0.5"}},
		"random place":   {set("train.random", 624, 625), []string{"train.random", "entry 624", "625"}},
		"stream":         {resize("train.stream", 7), []string{"train.stream", "7"}},
		"score":          {set("train.score", 0, 1.5), []string{"train.score", "1.5"}},
		"negative score": {set("train.score", 1, -3), []string{"train.score", "-3"}},
		"negative mean":  {set("train.optimizer.v", 1, -3), []string{"train.optimizer.v", "entry 1", "-3"}},
		"scaling":        {add("train.scaling", 1, 0), []string{`"train.scaling"`, "[1 0]"}},
		"not its own":    {add("train.scaling", 1, 2), []string{"scaling", c.Task}},
		"a second layer": {add("lstm.bias_ih_l1", 1), []string{`"lstm.bias_ih_l1"`, "2 layers"}},
		"no outputs at all": {func(f *safetensors.File) {
			resize("linear.weight", 0, 3)(f)
			resize("linear.bias", 0)(f)
		}, []string{"0 outputs"}},
		"other symbols":  {meta("lstm.symbols", "abc"), []string{"symbols", c.Task}},
		"config":         {meta("lstm.config", "{"), []string{"lstm.config"}},
		"iteration":      {meta("lstm.iteration", "-1"), []string{"lstm.iteration", `"-1"`}},
		"huge iteration": {meta("lstm.iteration", "99999999999999999999"), []string{"lstm.iteration"}},
		"endless":        {meta("lstm.iteration", "9223372036854775807"), []string{"lstm.iteration", fmt.Sprint(settings.MaxSteps)}},
		"unknown field":  {config("Depth", 2), []string{"lstm.config", `"Depth"`}},
		"fill":           {config("Fill", "spline"), []string{"-fill", "spline"}},
		"task":           {config("Task", "golf"), []string{"golf"}},
		"hidden":         {config("Hidden", 4), []string{"lstm.config", "4", "3"}},
		"window":         {config("Window", -7), []string{"-window", "-7"}},
		"rate":           {config("Rate", -1), []string{"-rate", "-1"}},
		"optimizer":      {config("Optimizer", "magic"), []string{"-optimizer", "magic"}},
	}
	for _, k := range task.All() {
		other := small(k)
		if p := newRun(t, other).Model.Params; p.X != x || p.O != o {
			text, err := json.Marshal(other)
			if err != nil {
				t.Fatal(err)
			}
			bad["of "+k.Name] = change{meta("lstm.config", string(text)), []string{k.Name, fmt.Sprintf("%d, 3 and %d", p.X, p.O)}}
		}
	}
	return bad
}

// TestBadCheckpoints: a file that cannot be loaded gives an error in one line. It names the file,
// and the tensor, the metadata or the setting.
func TestBadCheckpoints(t *testing.T) {
	t.Parallel()
	c := first(t, func(r *train.Run) bool { return r.Task.Criterion != nil })
	r := newRun(t, c)
	good, dir := saved(t, r), t.TempDir()
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
		k, err := Read(name)
		if err == nil {
			_, err = k.Resume(k.Config)
		}
		return err
	}
	if err := load("good", func(*safetensors.File) {}); err != nil {
		t.Fatal(err)
	}
	for name, c := range badFiles(t, c, r.Task.X, r.Task.O) {
		err := load(name, c.change)
		if err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
			continue
		}
		setting := slices.Contains([]string{"fill", "task", "window", "rate", "optimizer"}, name) // of train.New
		if says := err.Error(); !setting && !strings.Contains(says, filepath.Join(dir, name)) {
			t.Errorf("%s: %s does not name the file", name, says)
		}
		for _, want := range c.says {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v does not say %q", name, err, want)
			}
		}
	}
	if _, err := Read(filepath.Join(dir, "none")); err == nil || !strings.Contains(err.Error(), "none") {
		t.Errorf("a file that is not there: %v", err)
	}
}

// FuzzCheckpoint: no file makes loading panic. Networks, windows and lengths are small, so an input takes
// a millisecond.
//
// An input changes a good file: it replaces some bytes of the header, and sets a number. Inputs are short, so the
// fuzzer does not spend its time on making them shorter.
func FuzzCheckpoint(f *testing.F) {
	const data = "../testdata/co2.csv"
	var good [][]byte
	for _, k := range task.All() {
		c := small(k)
		c.Hidden = 1
		if c.Window > 0 {
			c.Window = 3
		}
		good = append(good, saved(f, newRun(f, c)))
		f.Add(uint8(len(good)), uint16(0), uint8(0), "", uint16(0), 0.0)
	}
	f.Add(uint8(0), uint16(100), uint8(3), "[1]", uint16(9), math.NaN())
	f.Fuzz(func(t *testing.T, which uint8, at uint16, cut uint8, put string, entry uint16, value float64) {
		whole := good[int(which)%len(good)]
		n := binary.LittleEndian.Uint64(whole)
		header, numbers := whole[8:8+n], bytes.Clone(whole[8+n:])
		from := int(at) % len(header)
		header = slices.Concat(header[:from], []byte(put), header[min(from+int(cut), len(header)):])
		if e := int(entry) % (len(numbers) / 8); value != 0 {
			binary.LittleEndian.PutUint64(numbers[8*e:], math.Float64bits(value))
		}
		file, err := safetensors.Decode(slices.Concat(binary.LittleEndian.AppendUint64(nil, uint64(len(header))), header, numbers))
		if err != nil {
			return
		}
		k, err := newCheckpoint(source{name: "x"}, file)
		if err != nil || k.Config.Hidden > 4 || k.Config.Window > 40 || k.Config.Length > 40 || k.Config.Data != "" && k.Config.Data != data {
			return
		}
		if r, err := k.Resume(k.Config); err == nil {
			r.Train(2, func() {})
		}
	})
}

// Save a run, load it, and go on.
func Example() {
	name := filepath.Join(os.TempDir(), "example.safetensors")
	defer os.Remove(name)
	c := task.All()[0].Defaults
	c.Seed = 42
	r, err := train.New(c)
	if err != nil {
		fmt.Println(err)
		return
	}
	r.Train(100, func() {})
	if err := Save(r, name); err != nil {
		fmt.Println(err)
		return
	}
	k, err := Read(name)
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

func best(r *train.Run) []float64 { w, _ := r.Best(); return w }
