// Package safetensors reads and writes named tensors of numbers in the safetensors format,
// which PyTorch and other programs read too:
//
//	8 bytes   N, the length of the header, little-endian
//	N bytes   the header, a JSON object with one entry for each tensor,
//	              "name": {"dtype": "F64", "shape": [2, 3], "data_offsets": [0, 48]}
//	          and one for metadata, whose values are strings,
//	              "__metadata__": {"key": "value"}
//	the rest  the data: each tensor in row-major order, little-endian, at its offsets
//
// The tensors fill the data without gaps, in any order. In memory they are float64. The package reads the types
// F64 F32 F16 BF16 I64 I32 I16 I8 U64 U32 U16 U8 BOOL, and writes F64. An integer beyond 2⁵³ is rounded.
//
// Read, Decode and ReadFile do not trust a file. They never allocate more than a small multiple of its length. Until
// they have compared the header with the file's length, they allocate at most a small multiple of the
// header's length. The format: https://github.com/huggingface/safetensors
package safetensors

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"lstm/train/file"
)

// A Tensor is an array of numbers.
type Tensor struct {
	Name  string    // unique within a file
	Shape []int     // the sizes; empty for a single number
	Data  []float64 // in row-major order; its length is the product of Shape
	Type  string    // the type in the file that was read, as "F32"; Encode writes F64 whatever it says
}

// A File is the content of a file.
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
	metaKey = "__metadata__"
	maxSize = 1 << 40 // numbers in a tensor

	// MaxFile is the size of the largest file that ReadFile reads and WriteFile writes, in bytes.
	MaxFile = int64(1) << 32

	// MaxHeader is the size of the largest header, in bytes. A text of all Unicode symbols takes half.
	MaxHeader = 1 << 23
)

// info is the entry of a tensor in the header.
type info struct {
	DType   string  `json:"dtype"`
	Shape   []int   `json:"shape"`
	Offsets []int64 `json:"data_offsets"`
	tensor  int     // its index in File.Tensors
}

// Encode returns the bytes of the file. The same tensors and metadata give the same bytes.
// Encode panics if a tensor's Data does not fit its Shape, if its name is not unique, or if the file is too large.
func (f *File) Encode() []byte {
	var b bytes.Buffer
	if err := f.write(&b); err != nil {
		panic("safetensors: Encode: " + err.Error())
	}
	return b.Bytes()
}

// write writes the bytes of the file, without a copy of them in memory.
func (f *File) write(w io.Writer) error {
	header := make(map[string]any)
	if len(f.Meta) > 0 {
		header[metaKey] = f.Meta
	}
	at := int64(0)
	for _, t := range f.Tensors {
		n := 1
		for _, d := range t.Shape {
			n *= d
		}
		if _, twice := header[t.Name]; twice || t.Name == metaKey || n != len(t.Data) {
			panic("safetensors: Encode: a tensor's data does not fit its shape, or its name is not unique")
		}
		end := at + 8*int64(n)
		header[t.Name] = info{DType: "F64", Shape: append([]int{}, t.Shape...), Offsets: []int64{at, end}} // no shape is [], not null
		at = end
	}
	text, err := json.Marshal(header) // sorts the keys
	if err != nil {
		panic("safetensors: Encode: " + err.Error()) // impossible: strings and numbers only
	}
	for len(text)%8 != 0 {
		text = append(text, ' ')
	}
	if size := int64(len(text)) + 8 + at; len(text) > MaxHeader || size > MaxFile {
		return fmt.Errorf("the file has %d bytes, and its header has %d: ReadFile reads at most %d and %d", size, len(text), MaxFile, MaxHeader)
	}
	out := binary.LittleEndian.AppendUint64(nil, uint64(len(text)))
	if _, err := w.Write(append(out, text...)); err != nil {
		return err
	}
	for _, t := range f.Tensors {
		for some := range slices.Chunk(t.Data, chunk) {
			out = out[:0]
			for _, v := range some {
				out = binary.LittleEndian.AppendUint64(out, math.Float64bits(v))
			}
			if _, err := w.Write(out); err != nil {
				return err
			}
		}
	}
	return nil
}

const chunk = 4096 // the most numbers that are read or written at once

// Decode reads the bytes of a file. The error is one line. It names the tensor and says what Decode expected.
func Decode(data []byte) (*File, error) {
	return Read(bytes.NewReader(data), int64(len(data)), maxSize)
}

// Read reads a file of size bytes, with at most the given count of numbers in all tensors together.
func Read(r io.Reader, size, numbers int64) (*File, error) {
	f, infos, err := start(r, size, numbers)
	if err != nil {
		return nil, err
	}
	return f, f.fill(infos, r)
}

// ReadHeader works like Read, but reads only the header: the tensors have no Data.
func ReadHeader(r io.Reader, size, numbers int64) (*File, error) {
	f, _, err := start(r, size, numbers)
	return f, err
}

// start reads the header, and checks that it fits the file. It returns the entries of the tensors, too.
func start(r io.Reader, size, numbers int64) (*File, []info, error) {
	var length [8]byte
	if size < 8 {
		return nil, nil, fmt.Errorf("not a safetensors file: it has %d bytes, and the length of the header alone takes 8", size)
	}
	if _, err := io.ReadFull(r, length[:]); err != nil {
		return nil, nil, err
	}
	n := binary.LittleEndian.Uint64(length[:])
	switch {
	case n > MaxHeader:
		return nil, nil, fmt.Errorf("not a safetensors file, or it has too many tensors: the header has %d bytes, and at most %d are allowed", n, MaxHeader)
	case n > uint64(size-8):
		return nil, nil, fmt.Errorf("not a safetensors file, or it is cut off: the header has %d bytes, but only %d bytes are left", n, size-8)
	}
	text := make([]byte, n)
	if _, err := io.ReadFull(r, text); err != nil {
		return nil, nil, err
	}
	f, infos, err := header(text)
	if err != nil {
		return nil, nil, err
	}
	if err := f.fits(infos, size-8-int64(n), numbers); err != nil {
		return nil, nil, err
	}
	return f, infos, nil
}

// header reads the header. It returns the tensors without their data, and their entries.
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
					return errors.New("not a string")
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
				return errors.New("unknown field")
			}
			delete(fields, key)
			return d.Decode(field)
		})
		if err == nil && (len(fields) > 0 || in.Shape == nil || len(in.Offsets) != 2) {
			err = errors.New("it needs a dtype, a shape and two data_offsets")
		}
		in.tensor = len(f.Tensors)
		infos = append(infos, in)
		f.Tensors = append(f.Tensors, Tensor{Name: name})
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("header: %w", err)
	}
	if rest := text[d.InputOffset():]; len(bytes.TrimSpace(rest)) > 0 {
		return nil, nil, errors.New("header: text follows the closing }")
	}
	return f, infos, nil
}

// object reads a JSON object. f reads the value of each key. what names the keys in errors. A key that
// appears twice is an error.
func object(d *json.Decoder, what string, f func(key string) error) error {
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return errors.New("it does not start with {")
	}
	seen := make(map[string]bool)
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return err
		}
		key := token.(string)
		if seen[key] {
			return fmt.Errorf("%s %q appears twice", what, key)
		}
		seen[key] = true
		if err := f(key); err != nil {
			return fmt.Errorf("%s %q: %w", what, key, err)
		}
	}
	_, err := d.Token()
	return err
}

// fits sorts the entries by their offsets, and returns an error unless the tensors fill exactly data bytes and
// have at most the given count of numbers.
func (f *File) fits(infos []info, data, numbers int64) error {
	slices.SortStableFunc(infos, func(a, b info) int { return slices.Compare(a.Offsets, b.Offsets) })
	at := int64(0)
	for _, in := range infos {
		t := &f.Tensors[in.tensor]
		from, to := in.Offsets[0], in.Offsets[1]
		size := types[in.DType].size
		if size == 0 {
			return fmt.Errorf("tensor %q has the type %q: only F64, F32, F16, BF16, integers and BOOL are supported", t.Name, in.DType)
		}
		n := int64(1)
		for _, d := range in.Shape {
			if d := int64(d); d < 0 || d > maxSize || n > 0 && d > maxSize/n {
				return fmt.Errorf("tensor %q has the impossible shape %v", t.Name, in.Shape)
			}
			n *= int64(d)
		}
		switch {
		case from != at || to < from || to > data:
			return fmt.Errorf("tensor %q: data_offsets are %d and %d: the data must start at %d and end at or before %d", t.Name, from, to, at, data)
		case to-from != n*size:
			return fmt.Errorf("tensor %q has %d bytes of data: its shape %v needs %d", t.Name, to-from, in.Shape, n*size)
		}
		if numbers -= n; numbers < 0 {
			return fmt.Errorf("tensor %q: with its %d numbers the file has too many", t.Name, n)
		}
		t.Shape, t.Type = in.Shape, in.DType
		at = to
	}
	if at != data {
		return fmt.Errorf("%d bytes follow the last tensor", data-at)
	}
	return nil
}

// fill reads the data of the tensors, in the order of their offsets.
func (f *File) fill(infos []info, r io.Reader) error {
	buffer := make([]byte, 8*chunk)
	for _, in := range infos {
		t, size, value := &f.Tensors[in.tensor], types[in.DType].size, types[in.DType].value
		t.Data = make([]float64, (in.Offsets[1]-in.Offsets[0])/size)
		for some := range slices.Chunk(t.Data, chunk) {
			b := buffer[:int64(len(some))*size]
			if _, err := io.ReadFull(r, b); err != nil {
				return fmt.Errorf("tensor %q: %w", t.Name, err)
			}
			for k := range some {
				some[k] = value(b[int64(k)*size:])
			}
		}
	}
	return nil
}

// ReadFile reads a file of at most MaxFile bytes. The error names the file.
func ReadFile(name string) (*File, error) {
	in, err := file.Open(name, MaxFile)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return nil, err
	}
	f, err := Read(bufio.NewReaderSize(in, 1<<16), info.Size(), maxSize)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return f, nil
}

// WriteFile writes a file that ReadFile can read. On an error, an old file with that name is unchanged
// (file.Create).
func WriteFile(name string, f *File) error { return file.Create(name, f.write) }
