// Package given reads what another program says of its gradient: its loss, its inputs, its parameters and their
// gradients, as named arrays in a file. The file is JSON, NumPy's .npz (savez and savez_compressed) or .safetensors.
//
// # Names
//
// Parameters have the program's own names. The gradient of W is dW, the numerical gradient is nW. Or three objects hold
// them: {"params": {"W": …}, "grads": {"W": …}, "numeric": {"W": …}}. In .npz and .safetensors, a prefix does the same:
// params/W or params.W. The objects win over other names. So a parameter may be called h there; elsewhere these
// names belong to an LSTM: x target h0 c0 y h c, and their derivatives dy dh dc di df do dg dx dh0 dc0. "loss" is the loss.
// Objects within objects are read as well: the array W in an object lstm in params is the parameter lstm/W.
//
// # Precision
//
// Numbers in a file are rounded. A Bar says for each entry how far the program's own number can be from the one in the
// file: half a unit of the last digit. The package finds how many digits a program has printed from the texts of its
// numbers. It knows k significant digits (%.8g), m digits after the point (%.4f), float64 with all its digits,
// and float32 with all its digits, whether printed as float32 or as the float64 of the same value. One
// number tells little: 0.5 may have 1 digit or 17. So the arrays of one kind (parameters, gradients, inputs, …) share
// a precision, unless one of them clearly has fewer digits. Numbers in binary files are treated like
// the shortest text that gives them. So an array that was rounded to 4 decimals before it was saved has 4 decimals.
//
// Few digits can have two reasons. The program may have rounded what it wrote, or it may have begun with
// exactly these numbers. In the second case the bars are far too wide. See Exact.
//
// # Limits
//
// A file has at most MaxFile bytes and MaxNumbers numbers. The memory for it is at most 50 bytes a number, whatever
// the file claims. An error is one line that names the file and the array.
package given

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"lstm/check/given/digits"
	"lstm/tensor/npz"
	"lstm/tensor/safetensors"
	"lstm/train/file"
)

const (
	MaxFile    = 1 << 29 // bytes of a file
	MaxNumbers = 1 << 24 // numbers in a file, all arrays together
)

// Precision says how many digits of its numbers an array has.
type Precision = digits.Precision

// An Array has numbers with a name and a shape.
type Array struct {
	Name      string    // of a gradient: the parameter's
	Shape     []int     // empty for a single number; axes of length 1 are kept
	Data      []float64 // in row-major order
	Null      []bool    // the entries that are not known: their Data is NaN; nil if all are known
	Bar       []float64 // how far each entry can be from the program's own number; +Inf if it is not known
	Precision Precision // what Bar comes from
	Typed     bool      // the array has far fewer digits than others: rounded, or typed so into the program; see Exact
}

// A Dump has what a program says of its gradient at one point.
type Dump struct {
	Loss      *Array            // nil if the file has none
	Params    []Array           // in the order of the file, as are Grads, Numeric and Other
	Grads     []Array           // of the parameters of the same names; a parameter may be without
	Numeric   []Array           // what the program's own check measured, under the same names
	Known     map[string]*Array // those of x target h0 c0 y h c dy dh dc di df do dg dx dh0 dc0 that the file has
	Other     []Array           // arrays that are none of these
	Precision Precision         // the coarsest of all but the loss
	exact     Precision         // of a number that was typed into the program
}

// Param returns the parameter of a name, or nil.
func (d *Dump) Param(name string) *Array { return find(d.Params, name) }

// Renamed returns the dump with h, c or y as a parameter, if the file has its gradient, in the same shape. It returns nil if
// the file has none.
func (d *Dump) Renamed() *Dump {
	r := *d
	r.Known = maps.Clone(d.Known)
	for _, name := range []string{"h", "c", "y"} {
		v, g := d.Known[name], d.Known["d"+name]
		if v == nil || g == nil || !slices.Equal(v.Shape, g.Shape) {
			continue
		}
		grad := *g
		grad.Name = name
		r.Params, r.Grads = append(slices.Clip(r.Params), *v), append(slices.Clip(r.Grads), grad)
		delete(r.Known, name)
		delete(r.Known, "d"+name)
	}
	if len(r.Params) == len(d.Params) {
		return nil
	}
	return &r
}

// Unjudged returns the names of the parameters without a gradient, and of those whose gradient has no known entry.
func (d *Dump) Unjudged() (without, unknown []string) {
	for _, p := range d.Params {
		switch g := d.Grad(p.Name); {
		case g == nil:
			without = append(without, p.Name)
		case g.Null != nil && !slices.Contains(g.Null, false):
			unknown = append(unknown, p.Name)
		}
	}
	return without, unknown
}

// Grad returns the gradient of a parameter, or nil.
func (d *Dump) Grad(name string) *Array { return find(d.Grads, name) }

func find(arrays []Array, name string) *Array {
	for i := range arrays {
		if arrays[i].Name == name {
			return &arrays[i]
		}
	}
	return nil
}

// Exact returns the dump of a program that began with exactly the numbers that the file has: parameters and inputs that
// are Typed get the narrow bars of float64, or of float32 in a program that computes with it. If the loss then comes out
// to its own precision, this reading is right. Exact returns nil if no array is Typed.
func (d *Dump) Exact() *Dump {
	e, some := *d, false
	exact := func(a Array) Array {
		if a.Typed {
			some = true
			a.Typed, a.Precision = false, d.exact
			a.setBar()
		}
		return a
	}
	e.Params, e.Known = nil, make(map[string]*Array)
	for _, a := range d.Params {
		e.Params = append(e.Params, exact(a))
	}
	for name, a := range d.Known {
		b := exact(*a)
		e.Known[name] = &b
	}
	if !some {
		return nil
	}
	return &e
}

// Digits says how many digits the gradients of a file have, and the parameters if they have fewer.
func (d *Dump) Digits() string {
	say := func(p Precision) string {
		if strings.HasPrefix(p.Words, "float") {
			return "are " + p.Words
		}
		return "have " + p.Words
	}
	grads, params := least(d.Grads), least(d.Params)
	switch fine := func(p Precision) bool { return p.Bits == 53 && max(p.Digits, p.Decimals) >= 12 }; {
	case !fine(grads):
		return "the numbers " + say(d.Precision)
	case params.Bits == 0 || fine(params):
		return "the numbers " + say(grads)
	}
	return "the gradients " + say(grads) + ", the parameters " + say(params)
}

// least returns the precision of the number that is known least; zero without a number.
func least(arrays []Array) (p Precision) {
	most := 0.0
	for _, a := range arrays {
		for i, v := range a.Data {
			if r := a.Bar[i] / math.Abs(v); v != math.Trunc(v) && r > most && r < math.Inf(1) {
				most, p = r, a.Precision
			}
		}
	}
	return p
}

// setBar computes the bars from the precision.
func (a *Array) setBar() {
	a.Bar = make([]float64, len(a.Data))
	for i, v := range a.Data {
		a.Bar[i] = a.Precision.Bar(v)
		if a.Null != nil && a.Null[i] {
			a.Bar[i] = math.Inf(1)
		}
	}
}

// Read reads a file. Its first bytes tell the format.
func Read(name string) (*Dump, error) {
	in, err := file.Open(name, MaxFile)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return nil, err
	}
	d, err := readFrom(in, info.Size(), MaxNumbers)
	if kind := strings.ToLower(filepath.Ext(name)); errors.Is(err, errNoObject) && saved[kind] != "" {
		err = fmt.Errorf("it is no %s file: write it with %s", kind, saved[kind])
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return d, nil
}

// saved says what writes a binary file with this ending.
var saved = map[string]string{".npz": "np.savez(file, loss=loss, x=x, W=W, dW=dW)", ".safetensors": "safetensors' save_file"}

// readFrom reads a file of size bytes, with at most the given count of numbers if it is binary.
func readFrom(in io.ReaderAt, size, numbers int64) (*Dump, error) {
	r := bufio.NewReaderSize(io.NewSectionReader(in, 0, size), 1<<16)
	first, _ := r.Peek(64)
	start := strings.TrimLeft(strings.TrimPrefix(string(first), "\xef\xbb\xbf"), " \t\r\n")
	begins := func(s string) bool { return strings.HasPrefix(start, s) }
	switch {
	case size == 0:
		return nil, errors.New("the file is empty")
	case begins("PK"):
		tensors, err := npz.Read(in, size, numbers)
		if err != nil {
			return nil, err
		}
		return tensorDump(tensors)
	case begins("\x93NUMPY"):
		return nil, errors.New("it has one array (.npy): save all arrays in one file, np.savez(file, loss=loss, x=x, W=W, dW=dW)")
	case begins("\xff\xfe"), begins("\xfe\xff"):
		return nil, errors.New("the text is UTF-16: save it as UTF-8 (in PowerShell with Out-File -Encoding utf8)")
	case len(first) > 8 && first[7] == 0 && first[8] == '{':
		f, err := safetensors.Read(r, size, numbers)
		if err != nil {
			return nil, err
		}
		return tensorDump(f.Tensors)
	}
	return ParseJSON(r, MaxFile)
}

// ParseJSON reads a JSON object of at most the given number of bytes, with only blanks behind it.
func ParseJSON(r io.Reader, limit int64) (*Dump, error) {
	p := &parser{r: bufio.NewReader(r), limit: limit, numbers: MaxNumbers, names: make(map[string]bool)}
	if err := p.document(); err != nil {
		return nil, err
	}
	return newDump(append(p.arrays, p.unknown()...))
}

// tensorDump returns the dump of a binary file.
func tensorDump(tensors []safetensors.Tensor) (*Dump, error) {
	mantissa := map[string]int{"F32": 24, "F16": 11, "BF16": 8}
	if len(tensors) > maxArrays {
		return nil, fmt.Errorf("it has %d arrays, and at most %d are read", len(tensors), maxArrays)
	}
	var all []*found
	for _, t := range tensors {
		bits := mantissa[t.Type]
		if bits == 0 {
			bits = 53 // integers, too
		}
		all = append(all, &found{Name: t.Name, Shape: t.Shape, Numbers: digits.NewBinary(t.Data, bits)})
	}
	return newDump(all)
}
