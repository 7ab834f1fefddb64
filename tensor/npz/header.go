package npz

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// A header says what a .npy file holds.
type header struct {
	kind    string // in safetensors' words
	big     bool   // big-endian
	fortran bool   // column by column
	shape   []int
}

const maxAxes = 32

var (
	descr   = regexp.MustCompile(`'descr'\s*:\s*('[^']*'|\[)`)
	fortran = regexp.MustCompile(`'fortran_order'\s*:\s*(True|False)`)
	shape   = regexp.MustCompile(`'shape'\s*:\s*\(([0-9, L]*)\)`) // Python 2 wrote 3L

	kinds = map[string]string{
		"f8": "F64", "f4": "F32", "f2": "F16", "b1": "BOOL",
		"i8": "I64", "i4": "I32", "i2": "I16", "i1": "I8", "u8": "U64", "u4": "U32", "u2": "U16", "u1": "U8",
	}
)

// parse reads the dictionary of a header.
func parse(text string) (*header, error) {
	one := func(re *regexp.Regexp) string {
		if all := re.FindAllStringSubmatch(text, 2); len(all) == 1 {
			return all[0][1]
		}
		return ""
	}
	h := &header{fortran: one(fortran) == "True"}
	kind := strings.Trim(one(descr), "'")
	if kind == "" || one(fortran) == "" || len(shape.FindAllString(text, 2)) != 1 {
		return nil, errors.New("its header is not the one of a .npy file")
	}
	if err := h.setKind(kind); err != nil {
		return nil, err
	}
	words := strings.Split(one(shape), ",")
	if len(words) > maxAxes+1 {
		return nil, fmt.Errorf("it has more than %d axes", maxAxes)
	}
	for _, word := range words {
		if word = strings.TrimSuffix(strings.TrimSpace(word), "L"); word == "" {
			continue // (3,) and ()
		}
		n, err := strconv.Atoi(word)
		if err != nil {
			return nil, fmt.Errorf("its shape (%.60s) is impossible", one(shape))
		}
		h.shape = append(h.shape, n)
	}
	return h, nil
}

// setKind reads NumPy's name of a type: a byte order, a letter, a number of bytes.
func (h *header) setKind(name string) error {
	order, kind := name[:1], name[1:]
	h.kind, h.big = kinds[kind], order == ">"
	switch {
	case name == "[":
		return errors.New("its entries have fields: save each field as an array of its own")
	case kind == "O":
		return errors.New("it holds Python objects (a pickle), which are not read: save numbers, as in np.savez(file, W=np.asarray(W, dtype=float)), and each item of a list or a dict under a name of its own")
	case h.kind == "" && strings.HasPrefix(kind, "f"):
		return fmt.Errorf("its type %q is not supported: save it with astype(float)", name)
	case strings.HasPrefix(kind, "U"):
		return fmt.Errorf("its type %.20q is text: save numbers only, as [ord(c) for c in text]", name)
	case h.kind == "" || !strings.Contains("<>|=", order):
		return fmt.Errorf("its type %.20q is not a real number: save numbers only", name)
	}
	return nil
}

// numbers returns how many numbers the array has.
func (h *header) numbers() (int64, error) {
	const most = 1 << 40
	n := int64(1)
	for _, d := range h.shape {
		if int64(d) > most || n > 0 && int64(d) > most/n {
			return 0, fmt.Errorf("its shape %v is impossible", h.shape)
		}
		n *= int64(d)
	}
	return n, nil
}
