// Package safetensors reads and writes named tensors of numbers in the format of that name,
// which PyTorch and others read without running anything:
//
//	8 bytes   N, the length of the header, little-endian
//	N bytes   the header, a JSON object: for every tensor
//	              "name": {"dtype": "F64", "shape": [2, 3], "data_offsets": [0, 48]}
//	          and, of strings, "__metadata__": {"key": "value"}
//	the rest  the data: each tensor in row-major order, little-endian, at its offsets
//
// The tensors lie one after the other, in any order, without holes, and fill the rest. Here
// they are float64 in memory, and written so; of the types of the format float64 and float32
// are read.
//
// What is read is not trusted: no header makes Decode take more than a small multiple of the
// memory of the data that it was given.
package safetensors

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"

	"lstm/train/file"
)

// A Tensor is an array of numbers. An empty Shape is that of a single number.
type Tensor struct {
	Name  string    // no two of a file have the same
	Shape []int     // sizes, the first the slowest to vary in Data
	Data  []float64 // in row-major order, as many as the product of Shape
}

// A File is what a file holds.
type File struct {
	Meta    map[string]string // the header's __metadata__
	Tensors []Tensor          // in the order of the header
}

// Tensor returns the tensor of the given name, or nil.
func (f *File) Tensor(name string) *Tensor {
	for i := range f.Tensors {
		if f.Tensors[i].Name == name {
			return &f.Tensors[i]
		}
	}
	return nil
}

const (
	metaKey   = "__metadata__"
	maxHeader = 1 << 20 // that of a thousand tensors is a tenth of it
	maxSize   = 1 << 40 // of a tensor, in numbers
)

// info is a tensor's entry in the header.
type info struct {
	DType   string  `json:"dtype"`
	Shape   []int64 `json:"shape"`
	Offsets []int64 `json:"data_offsets"`
}

// Encode returns the file's bytes. The same tensors and metadata give the same bytes. A
// tensor whose Data does not fit its Shape, a name twice, or metadata's name for a tensor
// panics.
func (f *File) Encode() []byte {
	header := make(map[string]any)
	if len(f.Meta) > 0 {
		header[metaKey] = f.Meta
	}
	at := int64(0)
	for _, t := range f.Tensors {
		n, shape := int64(1), []int64{}
		for _, d := range t.Shape {
			n *= int64(d)
			shape = append(shape, int64(d))
		}
		if _, twice := header[t.Name]; twice || t.Name == metaKey || n != int64(len(t.Data)) {
			panic("safetensors: Encode: a tensor's data does not fit its shape, or its name is taken")
		}
		end := at + 8*n
		header[t.Name] = info{"F64", shape, []int64{at, end}}
		at = end
	}
	text, err := json.Marshal(header) // in the order of the keys
	if err != nil {
		panic("safetensors: Encode: " + err.Error()) // of strings and numbers: it cannot be
	}
	for len(text)%8 != 0 {
		text = append(text, ' ')
	}
	out := binary.LittleEndian.AppendUint64(make([]byte, 0, 8+int64(len(text))+at), uint64(len(text)))
	out = append(out, text...)
	for _, t := range f.Tensors {
		for _, v := range t.Data {
			out = binary.LittleEndian.AppendUint64(out, math.Float64bits(v))
		}
	}
	return out
}

// Decode reads a file's bytes. The error names the tensor, and what was expected.
func Decode(data []byte) (*File, error) {
	if len(data) < 8 {
		return nil, fmt.Errorf("%d bytes are no safetensors file: it begins with the 8 of its header's length", len(data))
	}
	n := binary.LittleEndian.Uint64(data)
	switch {
	case n > maxHeader:
		return nil, fmt.Errorf("the header is to be %d bytes long, of %d at most: not a safetensors file, or not one of an LSTM", n, maxHeader)
	case n > uint64(len(data)-8):
		return nil, fmt.Errorf("the header is to be %d bytes long, and %d follow: not a safetensors file, or cut off", n, len(data)-8)
	}
	f, infos, err := header(data[8 : 8+n])
	if err != nil {
		return nil, err
	}
	return f, f.fill(infos, data[8+n:])
}

// header reads the header: the tensors without their data, and their entries.
func header(text []byte) (*File, []info, error) {
	f := &File{Meta: make(map[string]string)}
	var infos []info
	d := json.NewDecoder(bytes.NewReader(text))
	err := object(d, "tensor", func(name string) error {
		if name == metaKey {
			return object(d, "key", func(key string) error {
				var value any
				if err := d.Decode(&value); err != nil {
					return err
				}
				text, ok := value.(string)
				if !ok {
					return errors.New("it takes strings")
				}
				f.Meta[key] = text
				return nil
			})
		}
		var in info
		fields := map[string]any{"dtype": &in.DType, "shape": &in.Shape, "data_offsets": &in.Offsets}
		err := object(d, "field", func(key string) error {
			field, ok := fields[key]
			if !ok {
				return errors.New("there is no such field")
			}
			delete(fields, key)
			return d.Decode(field)
		})
		if err == nil && (len(fields) > 0 || in.Shape == nil || len(in.Offsets) != 2) {
			err = errors.New("it takes a dtype, a shape, and two data_offsets")
		}
		infos = append(infos, in)
		f.Tensors = append(f.Tensors, Tensor{Name: name})
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("header: %w", err)
	}
	if rest := text[d.InputOffset():]; len(bytes.TrimSpace(rest)) > 0 {
		return nil, nil, errors.New("header: there is more after its }")
	}
	return f, infos, nil
}

// object reads a JSON object, of what is named: f reads the value of each key. No key may be
// there twice.
func object(d *json.Decoder, what string, f func(key string) error) error {
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return errors.New("it does not begin with {")
	}
	seen := make(map[string]bool)
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return err
		}
		key := token.(string)
		if seen[key] {
			return fmt.Errorf("%s %q is there twice", what, key)
		}
		seen[key] = true
		if err := f(key); err != nil {
			return fmt.Errorf("%s %q: %w", what, key, err)
		}
	}
	_, err := d.Token()
	return err
}

// fill reads the tensors from the data.
func (f *File) fill(infos []info, data []byte) error {
	order := make([]int, len(infos))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return slices.Compare(infos[a].Offsets, infos[b].Offsets)
	})
	at := int64(0)
	for _, i := range order {
		t, in := &f.Tensors[i], infos[i]
		from, to := in.Offsets[0], in.Offsets[1]
		size := int64(0)
		switch in.DType {
		case "F64":
			size = 8
		case "F32":
			size = 4
		default:
			return fmt.Errorf("tensor %q: its type is %q, and F64 and F32 are all that is read here", t.Name, in.DType)
		}
		n := int64(1)
		for _, d := range in.Shape {
			if d < 0 || d > maxSize || n > 0 && d > maxSize/n {
				return fmt.Errorf("tensor %q: no tensor has the shape %v", t.Name, in.Shape)
			}
			n *= d
			t.Shape = append(t.Shape, int(d))
		}
		switch {
		case from != at || to < from || to > int64(len(data)):
			return fmt.Errorf("tensor %q: its data is to be bytes %d to %d, and should begin at %d and end by %d", t.Name, from, to, at, len(data))
		case to-from != n*size:
			return fmt.Errorf("tensor %q: %d bytes of data, and its shape %v takes %d", t.Name, to-from, in.Shape, n*size)
		}
		t.Data = make([]float64, n)
		for k := range t.Data {
			if b := data[from+int64(k)*size:]; size == 8 {
				t.Data[k] = math.Float64frombits(binary.LittleEndian.Uint64(b))
			} else {
				t.Data[k] = float64(math.Float32frombits(binary.LittleEndian.Uint32(b)))
			}
		}
		at = to
	}
	if at != int64(len(data)) {
		return fmt.Errorf("%d bytes follow the last tensor: the file is not whole", int64(len(data))-at)
	}
	return nil
}

// ReadFile reads a file. The error names it.
func ReadFile(name string) (*File, error) {
	const most = 1 << 32
	data, err := file.Read(name, most)
	if err != nil {
		return nil, err
	}
	f, err := Decode(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return f, nil
}

// WriteFile writes a file whole, or leaves what is there under its name (file.Write).
func WriteFile(name string, f *File) error { return file.Write(name, f.Encode()) }
