// Package npz reads the arrays that NumPy's savez and savez_compressed write. Such a file is a zip archive. It has one
// file NAME.npy for each array:
//
//	6 bytes       "\x93NUMPY"
//	2 bytes       the version: 1.0, 2.0 or 3.0
//	2 or 4 bytes  N, the length of the header, little-endian (2 bytes in version 1.0)
//	N bytes       the header, a dictionary as Python writes it,
//	                  {'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }
//	the rest      the numbers, row by row, or column by column in Fortran's order
//
// The package reads float16, float32, float64, all integers and bool, in both byte orders. In memory the numbers are
// float64, row by row. An integer beyond 2⁵³ is rounded. An array of Python objects is a pickle, which is a program
// that runs when it is read: such an array is an error.
//
// Read does not trust a file: the caller says how many numbers it may have, and Read allocates only what
// this many numbers take. The format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
package npz

import (
	"archive/zip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"lstm/tensor/safetensors"
)

const (
	maxDirectory = 1 << 20 // bytes of a zip archive's directory
	maxHeader    = 1 << 16 // bytes of an array's header
	inflation    = 1100    // deflate makes a byte of at most 1032
)

// Open reads the directory of a zip archive of size bytes. The directory may have up to 1 MB.
func Open(r io.ReaderAt, size int64) (*zip.Reader, error) {
	limited := &reader{r: r, left: maxDirectory}
	archive, err := zip.NewReader(limited, size)
	switch {
	case limited.left < 0:
		return nil, errors.New("the zip archive has too many files")
	case errors.Is(err, zip.ErrFormat):
		return nil, errors.New("not an .npz file, or it is cut off: it is no complete zip archive")
	case err != nil:
		return nil, fmt.Errorf("not an .npz file: %w", err)
	}
	limited.left = 1 << 62
	return archive, nil
}

// Read reads a file of size bytes, with at most the given count of numbers in all arrays together. The arrays are in
// the file's order, and their Type has the words of safetensors (F64, F32, …). The error is one line that names the
// array.
func Read(r io.ReaderAt, size, numbers int64) ([]safetensors.Tensor, error) {
	archive, err := Open(r, size)
	if err != nil {
		return nil, err
	}
	var all []safetensors.Tensor
	seen := make(map[string]bool)
	for _, f := range archive.File {
		name, ok := strings.CutSuffix(f.Name, ".npy")
		switch {
		case strings.HasSuffix(f.Name, "/"):
			continue // a folder
		case !ok:
			return nil, fmt.Errorf("%q is not an array (.npy) of NumPy's savez; a file of torch.save must be written anew with safetensors or numpy.savez", f.Name)
		case seen[name]:
			return nil, fmt.Errorf("array %q appears twice", name)
		}
		seen[name] = true
		t, err := array(f, size, numbers)
		if err != nil {
			return nil, fmt.Errorf("array %q: %w", name, err)
		}
		t.Name = name
		numbers -= int64(len(t.Data))
		all = append(all, *t)
	}
	return all, nil
}

// A reader passes on at most left bytes.
type reader struct {
	r    io.ReaderAt
	left int64
}

func (r *reader) ReadAt(b []byte, at int64) (int, error) {
	if r.left -= int64(len(b)); r.left < 0 {
		return 0, errors.New("limit")
	}
	return r.r.ReadAt(b, at)
}

// array reads a .npy file of at most the given count of numbers, from an archive of archived bytes.
func array(f *zip.File, archived, numbers int64) (*safetensors.Tensor, error) {
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	h, length, err := readHeader(in)
	if err != nil {
		return nil, cut(err)
	}
	size, value := safetensors.Type(h.kind)
	n, err := h.numbers()
	switch {
	case err != nil:
		return nil, err
	case n > numbers:
		return nil, fmt.Errorf("its shape %v has %d numbers: the file has too many", h.shape, n)
	case f.UncompressedSize64 != uint64(length+n*size):
		return nil, fmt.Errorf("it has %d bytes, but its shape %v needs %d: the file is damaged", f.UncompressedSize64, h.shape, length+n*size)
	case f.CompressedSize64 > uint64(archived) || f.CompressedSize64 < f.UncompressedSize64/inflation:
		return nil, errors.New("its sizes contradict each other: the file is damaged")
	}
	t := &safetensors.Tensor{Shape: h.shape, Type: h.kind, Data: make([]float64, n)}
	if err := fill(t.Data, in, int(size), h.big, value); err != nil {
		return nil, cut(err)
	}
	if _, err := in.Read(make([]byte, 1)); err != io.EOF { // the archive's checksum is compared at the end
		return nil, fmt.Errorf("the file is damaged (%v)", err)
	}
	if h.fortran && len(h.shape) > 1 {
		t.Data = rows(t.Data, h.shape)
	}
	return t, nil
}

// cut says in words that a file ends too early.
func cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("it is cut off")
	}
	return err
}

// fill reads numbers of size bytes each.
func fill(data []float64, r io.Reader, size int, big bool, value func([]byte) float64) error {
	buffer := make([]byte, 4096*size)
	for some := range slices.Chunk(data, 4096) {
		b := buffer[:len(some)*size]
		if _, err := io.ReadFull(r, b); err != nil {
			return err
		}
		for k := range some {
			number := b[k*size : (k+1)*size]
			if big {
				slices.Reverse(number)
			}
			some[k] = value(number)
		}
	}
	return nil
}

// rows returns the numbers of an array row by row. data has them column by column: the first index runs fastest.
func rows(data []float64, shape []int) []float64 {
	out := make([]float64, len(data))
	index := make([]int, len(shape))
	for _, v := range data {
		at := 0
		for axis, i := range index {
			at = at*shape[axis] + i
		}
		out[at] = v
		for axis := range index {
			if index[axis]++; index[axis] < shape[axis] {
				break
			}
			index[axis] = 0
		}
	}
	return out
}

// readHeader reads the beginning of a .npy file. It returns the number of bytes that were read.
func readHeader(r io.Reader) (*header, int64, error) {
	var b [12]byte
	if _, err := io.ReadFull(r, b[:10]); err != nil {
		return nil, 0, err
	}
	if string(b[:6]) != "\x93NUMPY" {
		return nil, 0, errors.New("it is not a .npy file")
	}
	length, start := int64(binary.LittleEndian.Uint16(b[8:])), int64(10)
	switch version := b[6]; version {
	case 1:
	case 2, 3:
		if _, err := io.ReadFull(r, b[10:]); err != nil {
			return nil, 0, err
		}
		length, start = int64(binary.LittleEndian.Uint32(b[8:])), 12
	default:
		return nil, 0, fmt.Errorf("its format has the version %d: 1, 2 and 3 are supported", version)
	}
	if length > maxHeader {
		return nil, 0, fmt.Errorf("its header has %d bytes, and at most %d are allowed", length, maxHeader)
	}
	text := make([]byte, length)
	if _, err := io.ReadFull(r, text); err != nil {
		return nil, 0, err
	}
	h, err := parse(string(text))
	return h, start + length, err
}
