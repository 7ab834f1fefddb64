// Package checkpoint saves a run in a file. A loaded run goes on as if it had never stopped, to the last
// bit. PyTorch can read the weights in the file.
//
// The file is a safetensors file. The weights have PyTorch's names and layout. For a task that validates,
// they are the weights with the least validation error. The file also has all other data of the run: the
// settings as metadata, and tensors with names that start with "train.".
//
// A run can also start from weights of another program: Read takes .safetensors and .npz, with PyTorch's tensors under any
// prefix. An error about another network, or a file in another format, has a line of Python that helps.
package checkpoint

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"lstm/cell"
	"lstm/tensor/safetensors"
	"lstm/train"
	"lstm/train/file"
	"lstm/train/settings"
	"lstm/train/task"
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

	source
	file    *safetensors.File
	tensors weights
	x, h, o int // o is 0 if there is no linear layer
}

// Read reads a file. The error names the file and the wrong tensor.
func Read(name string) (*Checkpoint, error) {
	file, source, err := readFile(name)
	if err != nil {
		return nil, err
	}
	return newCheckpoint(source, file)
}

// newCheckpoint returns the checkpoint in a file.
func newCheckpoint(s source, file *safetensors.File) (*Checkpoint, error) {
	k := &Checkpoint{source: s, file: file}
	for _, read := range []func() error{k.readTensors, k.readShapes, k.readConfig} {
		if err := read(); err != nil {
			return nil, fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return k, nil
}

// readTensors finds the weights among the tensors, and checks that all numbers are finite.
func (k *Checkpoint) readTensors() (err error) {
	if k.tensors, err = find(k.source, k.file); err != nil {
		return err
	}
	return allFinite(k.file)
}

// readShapes finds the sizes of the network, and checks the shapes and the types of the weights.
func (k *Checkpoint) readShapes() error {
	w := k.tensors
	k.x, k.h = w[0].Shape[1], w[1].Shape[1]
	if w[4] != nil {
		k.o = w[4].Shape[0]
	}
	const most = 1 << 20
	if least := min(k.x, k.h); least < 1 || max(k.x, k.h, k.o) > most || w[4] != nil && k.o < 1 {
		return fmt.Errorf("the shapes do not fit an LSTM with a Linear: %d inputs, %d hidden units, %d outputs", k.x, k.h, k.o)
	}
	for i, shape := range torchShapes(k.x, k.h, k.o) {
		t := w[i]
		if t == nil {
			continue
		}
		if !slices.Equal(t.Shape, shape) {
			return fmt.Errorf("tensor %q has the shape %v: with %d inputs, %d hidden units and %d outputs it must be %v",
				t.Name, t.Shape, k.x, k.h, k.o, shape)
		}
		if !strings.Contains(t.Type, "F") {
			return fmt.Errorf("tensor %q has the type %s: weights are F64, F32, F16 or BF16; weights that were quantised to integers do not fit", t.Name, t.Type)
		}
	}
	return nil
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

// params sets the weights of a network. A bias that is not in the file is zero. A linear layer that is not there stays as it is.
func (k *Checkpoint) params(p *cell.Params) {
	w := k.tensors
	torchPlaces(p, func(i, tensor, entry int) {
		switch t := w[tensor]; {
		case t != nil:
			p.All[i] = t.Data[entry]
		case tensor < 4 || k.o > 0:
			p.All[i] = 0
		}
		if tensor == 2 && w[3] != nil {
			p.All[i] += w[3].Data[entry]
		}
	})
}

// Resume returns a run that goes on from the checkpoint, with the settings c. Steps, rate, halve, clip, and the
// settings about the data and the end of the run may differ from the checkpoint. If the file has only weights,
// Resume returns a new run that starts with them. With other data, the run goes on from the network with the
// least validation error. It presents the new data with the old symbols or scaling.
func (k *Checkpoint) Resume(c settings.Config) (*train.Run, error) {
	known, err := k.known()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", k.name, err)
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

// known returns what the file says about the training data of the run.
func (k *Checkpoint) known() (d task.Data, err error) {
	name := scaling
	if k.Weights {
		name = weightsScaling
		d.Symbols, err = k.symbols()
	} else {
		d.ID, d.Symbols = k.file.Meta[metaData], k.file.Meta[metaSymbols]
	}
	if t := k.file.Tensor(name); err == nil && t != nil {
		if d.Scaling = t.Data; len(t.Data) != 2 || !(t.Data[1] > 0) {
			err = fmt.Errorf("tensor %q is %v: it must be a mean and a deviation above 0", name, t.Data)
		}
	}
	return d, err
}

// symbols returns the symbols of a text that the file of weights names, in the order of the inputs, or "". They are metadata, or
// a tensor of their code points.
func (k *Checkpoint) symbols() (string, error) {
	all := []rune(cmp.Or(k.file.Meta[symbols], k.file.Meta[metaSymbols]))
	if t := k.file.Tensor(symbols); t != nil {
		all = nil
		for i, v := range t.Data {
			if v != math.Trunc(v) || v < 0 || v > unicode.MaxRune || !utf8.ValidRune(rune(v)) {
				return "", fmt.Errorf("tensor %q: entry %d is %v: it must be the number of a character, as from Python's ord", symbols, i, v)
			}
			all = append(all, rune(v))
		}
	}
	if len(all) > 0 && len(all) != k.x {
		return "", fmt.Errorf("it has %d symbols, and its network has %d inputs", len(all), k.x)
	}
	seen := make(map[rune]bool)
	for _, c := range all {
		if seen[c] {
			return "", fmt.Errorf("the symbol %q appears twice", c)
		}
		seen[c] = true
	}
	return string(all), nil
}

// restore sets a new run to the state in the checkpoint.
func (k *Checkpoint) restore(r *train.Run, known task.Data) error {
	c, data := r.Config, r.Task.Data
	if k.Weights && data.Symbols != "" && known.Symbols == "" {
		return k.askSymbols(c.Data)
	}
	if p := r.Model.Params; p.X != k.x || p.H != k.h || p.O != k.o && k.o > 0 {
		return fmt.Errorf("the network has %d inputs, %d hidden units and %d outputs, and task %s takes %d, %d and %d; choose another with -task, -data or -column",
			k.x, k.h, k.o, c.Task, p.X, p.H, p.O)
	}
	if data.Symbols != known.Symbols || known.Scaling != nil && data.Scaling == nil || !k.Weights && len(data.Scaling) != len(known.Scaling) {
		return fmt.Errorf("the symbols or the scaling in the file do not fit task %s", c.Task)
	}
	p := r.Model.Params
	k.params(p)
	r.Begin(slices.Clone(p.All))
	if k.Weights {
		r.From = k.from(data.Scaling != nil && known.Scaling == nil)
		return nil
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

// askSymbols is the error for weights of a text without its symbols.
func (k *Checkpoint) askSymbols(text string) error {
	line := k.edit(fmt.Sprintf("w['%s'] = %s; ", symbols, k.numbers("[ord(c) for c in sorted(set(open("+file.Quoted(text)+").read()))]")), "w")
	return fmt.Errorf("it does not say which characters its %d inputs are, in order: add them as %q; if they are the sorted characters of the text, %s", k.x, symbols, line)
}

// from says where a run gets its weights from.
func (k *Checkpoint) from(newScaling bool) string {
	var names, none []string
	for i, t := range k.tensors {
		switch {
		case t != nil:
			names = append(names, t.Name)
		case i < 4 || i == 5 && k.o > 0:
			none = append(none, strings.TrimPrefix(torchNames[i], "lstm."))
		}
	}
	text := fmt.Sprintf("The network starts with the weights in %s: %s.", k.name, strings.Join(names, ", "))
	if len(none) > 0 {
		text += fmt.Sprintf(" The file has no %s, so these biases are 0.", strings.Join(none, " and no "))
	}
	if k.o == 0 {
		text += " The file has no linear layer: a new one is drawn."
	}
	if newScaling {
		text += " It has no scaling of the values, so the data alone set it."
	}
	return text
}
