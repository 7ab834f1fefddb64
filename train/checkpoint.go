package train

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"lstm/cell"
	"lstm/tensor/safetensors"
)

// A run is kept in a file of package safetensors. What PyTorch calls the weights of its LSTM
// and Linear stands under its names and in its layout: 4H rows for the gates i f g o, and two
// biases, of which the sum counts.
//
//	lstm.weight_ih_l0 (4H,X)   lstm.weight_hh_l0 (4H,H)
//	lstm.bias_ih_l0   (4H)     lstm.bias_hh_l0   (4H)
//	linear.weight     (O,H)    linear.bias       (O)
//
// Of a task that is validated, they are those that did best. The rest is for going on: the
// configuration, as metadata, and tensors whose names begin with "train.".
var (
	torchNames = []string{"lstm.weight_ih_l0", "lstm.weight_hh_l0", "lstm.bias_ih_l0", "lstm.bias_hh_l0", "linear.weight", "linear.bias"}
	scaling    = "train.scaling"    // mean and deviation of a series, which the network sees scaled
	torchGate  = [4]int{0, 1, 3, 2} // our gate n is PyTorch's gate torchGate[n]
)

// torchPlaces calls f with the place of each parameter in p.All, and where PyTorch has it: in
// which tensor, and at which entry.
func torchPlaces(p *cell.Params, f func(i, tensor, entry int)) {
	H, O := p.H, p.O
	wh := len(p.Wx)
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

// Save writes the run to a file of the given name, or leaves what is there. A run with
// a number that is not finite is not written.
func (r *Run) Save(name string) error {
	config, err := json.Marshal(r.Config)
	if err != nil {
		return err
	}
	f := &safetensors.File{Meta: map[string]string{
		"format": "pt", "lstm.config": string(config), "lstm.iteration": strconv.Itoa(r.Iter), "lstm.data": r.Task.Data, "lstm.symbols": r.Task.Symbols,
	}}
	weights := r.Params.All
	if r.bestIter > 0 {
		weights = r.best
	}
	for k, shape := range torchShapes(r.Params.X, r.Params.H, r.Params.O) {
		f.Tensors = append(f.Tensors, safetensors.Tensor{Name: torchNames[k], Shape: shape, Data: make([]float64, size(shape))})
	}
	torchPlaces(r.Params, func(i, tensor, entry int) { f.Tensors[tensor].Data[entry] = weights[i] })
	for _, s := range r.state() {
		f.Tensors = append(f.Tensors, safetensors.Tensor{Name: "train." + s.name, Shape: []int{len(s.get())}, Data: s.get()})
	}
	if s := r.Task.Scaling; s != nil {
		f.Tensors = append(f.Tensors, safetensors.Tensor{Name: scaling, Shape: []int{len(s)}, Data: s})
	}
	if err := allFinite(f); err != nil {
		return fmt.Errorf("%s is not written: %w", name, err)
	}
	return safetensors.WriteFile(name, f)
}

// allFinite returns an error that names a tensor with a number that is not finite. How well a run
// validated best is infinite until it has validated.
func allFinite(f *safetensors.File) error {
	for _, t := range f.Tensors {
		for i, v := range t.Data {
			if !finite(v) && t.Name != "train.valid" {
				return fmt.Errorf("tensor %q is %v at entry %d: numbers must be finite", t.Name, v, i)
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

// A part is something that a run consists of, as numbers. set is given as many as get
// returns, or any number of them if open is set.
type part struct {
	name string
	get  func() []float64
	set  func(x []float64) error
	open bool
}

// dataParts are those that do not go on with other data.
var dataParts = []string{"parameters", "stream", "best", "valid"}

// state returns all that a run consists of, besides its configuration.
func (r *Run) state() []part {
	slice := func(name string, s []float64) part {
		return part{name, func() []float64 { return s }, func(x []float64) error { copy(s, x); return nil }, false}
	}
	numbers := func(name string, to ...any) part {
		return part{name, func() []float64 {
			var x []float64
			for _, p := range to {
				switch p := p.(type) {
				case *float64:
					x = append(x, *p)
				case *int:
					x = append(x, float64(*p))
				case *bool:
					x = append(x, 0)
					if *p {
						x[len(x)-1] = 1
					}
				}
			}
			return x
		}, func(x []float64) error {
			for i, p := range to {
				switch p := p.(type) {
				case *float64:
					*p = x[i]
				case *int:
					if x[i] != math.Trunc(x[i]) || x[i] < 0 || x[i] > MaxSteps {
						return fmt.Errorf("%v is no count, of %d at most", x[i], MaxSteps)
					}
					*p = int(x[i])
				case *bool:
					*p = x[i] != 0
				}
			}
			return nil
		}, false}
	}
	parts := []part{
		slice("parameters", r.Params.All),
		slice("optimizer.m", r.opt.m), {"optimizer.v", func() []float64 { return r.opt.v }, func(x []float64) error {
			if i := slices.IndexFunc(x, func(v float64) bool { return v < 0 }); i >= 0 {
				return fmt.Errorf("a mean of squares is %v at entry %d", x[i], i)
			}
			copy(r.opt.v, x)
			return nil
		}, false},
		numbers("optimizer", &r.opt.mw, &r.opt.vw, &r.opt.rate),
		numbers("average", &r.EMA, &r.begun, &r.norm, &r.usual),
		{"random", r.rand.State, r.rand.SetState, false},
		{"stream", r.stream.State, r.stream.SetState, true},
	}
	if r.Task.Validate != nil {
		parts = append(parts, slice("best", r.best), numbers("valid", &r.valid, &r.bestValid, &r.bestIter))
	}
	if r.Task.Criterion != nil {
		parts = append(parts, slice("offs", r.score.offs), numbers("score", &r.score.inARow, &r.score.n, &r.score.right, &r.score.learnt))
	}
	return parts
}

// A Checkpoint is a run as it was read from a file, or weights alone that another program
// wrote.
type Checkpoint struct {
	Config  Config // of the run
	Iter    int    // iterations done
	Weights bool   // there is nothing but weights, and no more of Config than Hidden

	name    string
	file    *safetensors.File
	x, h, o int
}

// ReadCheckpoint reads a file. The error names it, and the tensor.
func ReadCheckpoint(name string) (*Checkpoint, error) {
	file, err := safetensors.ReadFile(name)
	if err != nil {
		return nil, err
	}
	k := &Checkpoint{name: name, file: file}
	if err := k.read(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return k, nil
}

func (k *Checkpoint) read() error {
	for i, name := range torchNames {
		t := k.file.Tensor(name)
		if t == nil {
			return fmt.Errorf("no tensor %q, as torch.nn.LSTM and Linear have it", name)
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
		return fmt.Errorf("the shapes of its tensors are those of no LSTM with a Linear: %d inputs, %d hidden units, %d outputs", k.x, k.h, k.o)
	}
	for i, shape := range torchShapes(k.x, k.h, k.o) {
		if t := k.file.Tensor(torchNames[i]); !slices.Equal(t.Shape, shape) {
			return fmt.Errorf("tensor %q has the shape %v, and with %d inputs, %d hidden units and %d outputs that should be %v",
				t.Name, t.Shape, k.x, k.h, k.o, shape)
		}
	}
	for _, t := range k.file.Tensors {
		if !strings.HasPrefix(t.Name, "train.") && !slices.Contains(torchNames, t.Name) {
			return fmt.Errorf("tensor %q: it is not of one layer of torch.nn.LSTM with a Linear, and what it does would be left out", t.Name)
		}
	}
	if err := allFinite(k.file); err != nil {
		return err
	}
	text, ours := k.file.Meta["lstm.config"]
	if !ours {
		k.Weights, k.Config.Hidden = true, k.h
		return nil
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&k.Config); err != nil {
		return fmt.Errorf("metadata lstm.config: %w", err)
	}
	var err error
	if k.Iter, err = strconv.Atoi(k.file.Meta["lstm.iteration"]); err != nil || k.Iter < 0 || k.Iter > MaxSteps {
		return fmt.Errorf("metadata lstm.iteration is %q, and no count of %d at most", k.file.Meta["lstm.iteration"], MaxSteps)
	}
	if k.Config.Hidden != k.h {
		return fmt.Errorf("metadata lstm.config speaks of %d hidden units, and its tensors have %d", k.Config.Hidden, k.h)
	}
	return nil
}

// params returns the weights as a network.
func (k *Checkpoint) params() *cell.Params {
	tensors := make([][]float64, len(torchNames))
	for i, name := range torchNames {
		tensors[i] = k.file.Tensor(name).Data
	}
	p := cell.New(k.x, k.h, k.o)
	torchPlaces(p, func(i, tensor, entry int) {
		p.All[i] = tensors[tensor][entry]
		if tensor == 2 {
			p.All[i] += tensors[3][entry]
		}
	})
	return p
}

// Resume returns the run with the configuration c: that of the checkpoint, but for steps,
// rate, halving, clipping, what tells of the data, and what is done in the end, which may change.
// Where there are weights alone, it is a new run that begins with them. With other data than it
// was trained on before, it goes on with the network that validated best on those, and the data
// are told to it as those were: in its symbols, by its scaling.
func (k *Checkpoint) Resume(c Config) (*Run, error) {
	if !k.Weights {
		c.known = &Task{Data: k.file.Meta["lstm.data"], Symbols: k.file.Meta["lstm.symbols"]}
		if t := k.file.Tensor(scaling); t != nil {
			if c.known.Scaling = t.Data; len(t.Data) != 2 || !(t.Data[1] > 0) {
				return nil, fmt.Errorf("%s: tensor %q: %v, and it should be a mean and a deviation", k.name, scaling, t.Data)
			}
		}
	}
	r, err := New(c)
	if err != nil {
		return nil, err
	}
	if p := r.Params; p.X != k.x || p.H != k.h || p.O != k.o {
		return nil, fmt.Errorf("%s: its network has %d inputs, %d hidden units and %d outputs, and task %s takes %d, %d and %d",
			k.name, k.x, k.h, k.o, c.Task, p.X, p.H, p.O)
	}
	copy(r.Params.All, k.params().All)
	if k.Weights {
		r.first = slices.Clone(r.Params.All)
		return r, nil
	}
	if r.Task.Symbols != c.known.Symbols || len(r.Task.Scaling) != len(c.known.Scaling) {
		return nil, fmt.Errorf("%s: what it says of data is not what task %s needs", k.name, c.Task)
	}
	r.Other = r.Task.Data != c.known.Data
	rate := r.opt.rate
	for _, s := range r.state() {
		t := k.file.Tensor("train." + s.name)
		err := errors.New("it is not there")
		if t != nil {
			err = nil
			if !s.open && len(t.Data) != len(s.get()) {
				err = fmt.Errorf("%d numbers, and there should be %d", len(t.Data), len(s.get()))
			} else if !r.Other || !slices.Contains(dataParts, s.name) {
				err = s.set(t.Data)
			}
		}
		if err != nil {
			return nil, fmt.Errorf("%s: tensor %q: %w", k.name, "train."+s.name, err)
		}
	}
	if c.Rate != k.Config.Rate || c.Halve != k.Config.Halve {
		r.opt.rate = rate
	}
	r.Iter = k.Iter
	r.first = slices.Clone(r.Params.All)
	return r, nil
}
