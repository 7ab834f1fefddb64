// Package checkpoint saves a run in a file. A loaded run goes on as if it had never stopped, to the last
// bit. PyTorch can read the weights in the file.
//
// The file is a safetensors file. The weights have PyTorch's names and layout. For a task that validates,
// they are the weights with the least validation error. The file also has all other data of the run: the
// settings as metadata, and tensors with names that start with "train.".
package checkpoint

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"lstm/cell"
	"lstm/tensor/safetensors"
	"lstm/train"
	"lstm/train/settings"
	"lstm/train/task"
)

// Names in the file: metadata, and tensors that training needs.
const (
	metaConfig, metaIter, metaData, metaSymbols = "lstm.config", "lstm.iteration", "lstm.data", "lstm.symbols"

	prefix  = "train."
	scaling = prefix + "scaling" // the mean and the deviation for the scaling of a series
	valid   = prefix + "valid"   // infinite before the first validation
)

// Save writes a run to the named file, whole or not at all. If a number of the run is not finite, Save
// returns an error, and the file stays as it was.
func Save(r *train.Run, name string) error {
	f := contents(r)
	if err := allFinite(f); err != nil {
		return fmt.Errorf("%s is not written: %w", name, err)
	}
	return safetensors.WriteFile(name, f)
}

// Keep saves a run at its end, and returns the name of the file. A run that diverged does not replace an older
// file: it goes to NAME.diverged. If Keep cannot write the file, it writes a new one in the temporary directory
// of the system, and also returns an error. The name is "" if Keep could not save the run.
func Keep(r *train.Run, name string, diverged bool) (saved string, err error) {
	if _, err := os.Stat(name); diverged && err == nil {
		name += ".diverged"
	}
	f := contents(r)
	if err := allFinite(f); err != nil {
		return "", fmt.Errorf("%s is not written: %w", name, err)
	}
	if err = safetensors.WriteFile(name, f); err == nil {
		return name, nil
	}
	if other, e := os.CreateTemp("", filepath.Base(name)+".*"); e == nil {
		other.Close()
		if safetensors.WriteFile(other.Name(), f) == nil {
			return other.Name(), fmt.Errorf("%w; the run is in %s", err, other.Name())
		}
		os.Remove(other.Name())
	}
	return "", fmt.Errorf("%w; the run is lost", err)
}

// contents returns the contents of a run's file.
func contents(r *train.Run) *safetensors.File {
	config, err := json.Marshal(r.Config)
	if err != nil {
		panic("checkpoint: " + err.Error()) // cannot happen: its numbers are finite
	}
	p, data := r.Model.Params, r.Task.Data
	f := &safetensors.File{Meta: map[string]string{
		"format": "pt", metaConfig: string(config), metaIter: strconv.Itoa(r.Iter), metaData: data.ID, metaSymbols: data.Symbols,
	}}
	add := func(name string, data []float64, shape ...int) {
		f.Tensors = append(f.Tensors, safetensors.Tensor{Name: name, Shape: shape, Data: data})
	}
	for k, shape := range torchShapes(p.X, p.H, p.O) {
		add(torchNames[k], make([]float64, size(shape)), shape...)
	}
	weights, _ := r.Best()
	torchPlaces(p, func(i, tensor, entry int) { f.Tensors[tensor].Data[entry] = weights[i] })
	for _, v := range r.State() {
		add(prefix+v.Name, v.Data, len(v.Data))
	}
	if data.Scaling != nil {
		add(scaling, data.Scaling, len(data.Scaling))
	}
	return f
}

// allFinite returns an error if a number is not finite. The error names the tensor.
func allFinite(f *safetensors.File) error {
	for _, t := range f.Tensors {
		for i, v := range t.Data {
			if (math.IsNaN(v) || math.IsInf(v, 0)) && t.Name != valid {
				return fmt.Errorf("tensor %q: entry %d is %v, and numbers must be finite", t.Name, i, v)
			}
		}
	}
	return nil
}

func size(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// A Checkpoint is a run that was read from a file, or weights that another program wrote.
type Checkpoint struct {
	Config  settings.Config // the run's settings
	Iter    int             // iterations done
	Weights bool            // the file has only weights; in Config, only Hidden is set

	name    string
	file    *safetensors.File
	x, h, o int
}

// Read reads a file. The error names the file and the wrong tensor.
func Read(name string) (*Checkpoint, error) {
	file, err := safetensors.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return newCheckpoint(name, file)
}

// newCheckpoint returns the checkpoint in the named file.
func newCheckpoint(name string, file *safetensors.File) (*Checkpoint, error) {
	k := &Checkpoint{name: name, file: file}
	for _, read := range []func() error{k.readSizes, k.readTensors, k.readConfig} {
		if err := read(); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return k, nil
}

// readSizes finds the sizes of the network.
func (k *Checkpoint) readSizes() error {
	for i, name := range torchNames {
		t := k.file.Tensor(name)
		if t == nil {
			return fmt.Errorf("no tensor %q: a file needs the tensors of torch.nn.LSTM and Linear", name)
		}
		switch {
		case i == 0 && len(t.Shape) == 2:
			k.x = t.Shape[1]
		case i == 1 && len(t.Shape) == 2:
			k.h = t.Shape[1]
		case i == 5 && len(t.Shape) == 1:
			k.o = t.Shape[0]
		}
	}
	const most = 1 << 20
	if min(k.x, k.h, k.o) < 1 || max(k.x, k.h, k.o) > most {
		return fmt.Errorf("the shapes do not fit an LSTM with a Linear: %d inputs, %d hidden units, %d outputs", k.x, k.h, k.o)
	}
	return nil
}

// readTensors checks that all tensors are known, finite, and of the right shape.
func (k *Checkpoint) readTensors() error {
	for i, shape := range torchShapes(k.x, k.h, k.o) {
		if t := k.file.Tensor(torchNames[i]); !slices.Equal(t.Shape, shape) {
			return fmt.Errorf("tensor %q has the shape %v: with %d inputs, %d hidden units and %d outputs it must be %v",
				t.Name, t.Shape, k.x, k.h, k.o, shape)
		}
	}
	for _, t := range k.file.Tensors {
		if !strings.HasPrefix(t.Name, prefix) && !slices.Contains(torchNames, t.Name) {
			return fmt.Errorf("tensor %q is not part of one LSTM layer with a Linear: the network has no place for it", t.Name)
		}
	}
	return allFinite(k.file)
}

// readConfig reads the settings, if there are any.
func (k *Checkpoint) readConfig() error {
	text, ours := k.file.Meta[metaConfig]
	if k.Weights = !ours; k.Weights {
		k.Config.Hidden = k.h
		return nil
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&k.Config); err != nil {
		return fmt.Errorf("metadata %s: %w", metaConfig, err)
	}
	var err error
	if k.Iter, err = strconv.Atoi(k.file.Meta[metaIter]); err != nil || k.Iter < 0 || k.Iter > settings.MaxSteps {
		return fmt.Errorf("metadata %s is %q: it must be a count from 0 to %d", metaIter, k.file.Meta[metaIter], settings.MaxSteps)
	}
	if k.Config.Hidden != k.h {
		return fmt.Errorf("metadata %s has %d hidden units, and the tensors have %d", metaConfig, k.Config.Hidden, k.h)
	}
	return nil
}

// params returns the weights as a network.
func (k *Checkpoint) params() *cell.Params {
	var tensors [][]float64
	for _, name := range torchNames {
		tensors = append(tensors, k.file.Tensor(name).Data)
	}
	p := cell.New(k.x, k.h, k.o)
	torchPlaces(p, func(i, tensor, entry int) {
		if p.All[i] = tensors[tensor][entry]; tensor == 2 {
			p.All[i] += tensors[3][entry]
		}
	})
	return p
}

// Resume returns a run that goes on from the checkpoint, with the settings c. Steps, rate, halve, clip, and the
// settings about the data and the end of the run may differ from the checkpoint. If the file has only weights,
// Resume returns a new run that starts with them. With other data, the run goes on from the network with the
// least validation error. It presents the new data with the old symbols or scaling.
func (k *Checkpoint) Resume(c settings.Config) (*train.Run, error) {
	var known task.Data // from the file: about the training data of the run
	if !k.Weights {
		known = task.Data{ID: k.file.Meta[metaData], Symbols: k.file.Meta[metaSymbols]}
		if t := k.file.Tensor(scaling); t != nil {
			if known.Scaling = t.Data; len(t.Data) != 2 || !(t.Data[1] > 0) {
				return nil, fmt.Errorf("%s: tensor %q is %v: it must be a mean and a deviation above 0", k.name, scaling, t.Data)
			}
		}
	}
	r, err := train.NewOn(c, known)
	if err != nil {
		return nil, err
	}
	if err := k.restore(r, known); err != nil {
		return nil, fmt.Errorf("%s: %w", k.name, err)
	}
	return r, nil
}

// restore sets a new run to the state in the checkpoint.
func (k *Checkpoint) restore(r *train.Run, known task.Data) error {
	c := r.Config
	if p := r.Model.Params; p.X != k.x || p.H != k.h || p.O != k.o {
		return fmt.Errorf("the network has %d inputs, %d hidden units and %d outputs, and task %s takes %d, %d and %d",
			k.x, k.h, k.o, c.Task, p.X, p.H, p.O)
	}
	r.Begin(k.params().All)
	if k.Weights {
		return nil
	}
	data := r.Task.Data
	if data.Symbols != known.Symbols || len(data.Scaling) != len(known.Scaling) {
		return fmt.Errorf("the symbols or the scaling in the file do not fit task %s", c.Task)
	}
	newRate := c.Rate != k.Config.Rate || c.Halve != k.Config.Halve
	err := r.Restore(k.Iter, data.ID != known.ID, newRate, func(name string) ([]float64, bool) {
		if t := k.file.Tensor(prefix + name); t != nil {
			return t.Data, true
		}
		return nil, false
	})
	if err != nil {
		return fmt.Errorf("tensor %s%w", prefix, err)
	}
	return nil
}

// PyTorch's names and layout of an LSTM and a Linear. The gates i f g o have 4H rows. There are two
// biases, and the network uses their sum.
//
//	lstm.weight_ih_l0 (4H,X)   lstm.weight_hh_l0 (4H,H)
//	lstm.bias_ih_l0   (4H)     lstm.bias_hh_l0   (4H)
//	linear.weight     (O,H)    linear.bias       (O)
var (
	torchNames = []string{"lstm.weight_ih_l0", "lstm.weight_hh_l0", "lstm.bias_ih_l0", "lstm.bias_hh_l0", "linear.weight", "linear.bias"}
	torchGate  = [4]int{0, 1, 3, 2} // gate n of i f o g is gate torchGate[n] of PyTorch
)

// torchPlaces calls f for each parameter: with its place in p.All, and its place in PyTorch's tensors, which
// is the number of the tensor and the entry.
func torchPlaces(p *cell.Params, f func(i, tensor, entry int)) {
	H, O, wh := p.H, p.O, len(p.Wx)
	b := wh + len(p.Wh)
	wy := b + len(p.B)
	for n, gate := range torchGate {
		for j := range H {
			row, col := gate*H+j, n*H+j
			for k := range p.X {
				f(k*4*H+col, 0, row*p.X+k)
			}
			for k := range H {
				f(wh+k*4*H+col, 1, row*H+k)
			}
			f(b+col, 2, row)
		}
	}
	for o := range O {
		for j := range H {
			f(wy+j*O+o, 4, o*H+j)
		}
		f(wy+H*O+o, 5, o)
	}
}

// torchShapes returns the shapes of PyTorch's tensors.
func torchShapes(x, h, o int) [][]int {
	return [][]int{{4 * h, x}, {4 * h, h}, {4 * h}, {4 * h}, {o, h}, {o}}
}
