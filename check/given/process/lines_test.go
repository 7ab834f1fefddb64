package process

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
)

// TestNumber reads numbers as programs write them, and nothing else.
func TestNumber(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for text, want := range map[string]float64{
		"4.5": 4.5, "-4.5e-3": -0.0045, "+4.5E+03": 4500, ".5": 0.5, "5.": 5, "7": 7, "0x1.2p+2": 4.5,
		"4.5D-03": 0.0045, "-4.5d2": -450, "4.5f0": 4.5, "1e400": inf, "-1e400": -inf, "1e-400": 0,
		"nan": nan, "NaN": nan, "-nan": nan, "+nan": nan, "-nan(ind)": nan, "nan(0x8000)": nan, "1.#QNAN": nan, "-1.#IND": nan, "NA": nan,
		"inf": inf, "-Infinity": -inf, "+Inf": inf, "1.#INF": inf, "-1.#INF": -inf, "-Inf32": -inf, "NaN32": nan,
		"np.float64(4.5)": 4.5, "np.float32(nan)": nan, "tensor(4.5, requires_grad=True)": 4.5,
		"tensor(-4.5000, dtype=torch.float64, grad_fn=<MulBackward0>)": -4.5, "Array(4.5, dtype=float32)": 4.5,
		"tf.Tensor(-inf, shape=(), dtype=float32)": -inf,
	} {
		if v, ok := number([]byte(text)); !ok || v != want && !(math.IsNaN(v) && math.IsNaN(want)) {
			t.Errorf("%s: %v, %v", text, v, ok)
		}
	}
	for _, text := range []string{"", "-", "e", "[4.5]", "[1] 4.5", "4,5", "4.5 4.5", "loss 4.5", "1_000", "0x_1p2", "--4d5", "+-1.5", "4.5f",
		"4.5d", "d5", "f", "print(4.5)", "tensor([4.5])", "tensor(4.5) 1", "np.float64(4.5", "np.float64()", "in", "none", "x4d5",
		strings.Repeat("1", 1000)} {
		if v, ok := number([]byte(text)); ok {
			t.Errorf("%q is read as %v", text, v)
		}
	}
	for text, want := range map[string]int{"4.5": 2, "-0.0045": 2, "4.500000": 7, "1.2345678901234567e+100": 17, "tensor(7.6512)": 5,
		"4.5D-03": 2, "0": 0, "nan": 0, "0x1.2p+2": 17, "12": 2} {
		if got := significant([]byte(text)); got != want {
			t.Errorf("%s: %d significant digits", text, got)
		}
	}
}

// TestObject: only an object with params is the line of JSON.
func TestObject(t *testing.T) {
	for _, line := range []string{`{"params": {}}`, `{"loss": NaN, "params":{"a": [-Infinity, null]}}`, `{"x": {"params": 1}, "params" : [1]}`,
		`{"a\"}{": "\\", "params": {"]": ["["]}}`, `{"p\u0061rams": {}}`, `{"params": 1, "params": {}}`} {
		if ok, near := object([]byte(line)); !ok {
			t.Errorf("%s is no object: %s", line, near)
		}
	}
	for _, line := range []string{``, `{`, `{}`, `[{"params": {}}]`, `{"params": 3}`, `{"params": null}`, `{"x": "params"}`, `{"x": {"params": {}}}`,
		`{"params": {}} {}`, `{"params": {}`, `{"params": {}]`, `{"params": [}`, `{"params": {}, "x`, `{"params`, `{'params': {}}`, `{ loss: 1, params: { a: [Array] } }`,
		`{"params": ` + strings.Repeat("[", 1e5)} {
		if ok, _ := object([]byte(line)); ok {
			t.Errorf("%.80s is an object", line)
		}
	}
	for _, line := range []string{`{'params': {}}`, `{`, `{ loss: 1, params: { a: [Array] } }`} {
		if _, near := object([]byte(line)); near == "" {
			t.Errorf("%s: nothing is said", line)
		}
	}
}

// TestLimits: memory and patience with chatter have bounds.
func TestLimits(t *testing.T) {
	begin := `{"params": {"a": [`
	for _, c := range []struct {
		text string
		want error
	}{
		{strings.Repeat("x\n", 1e5), errFlood},
		{strings.Repeat("x", 2e5), errFlood},
		{strings.Repeat("{x}", 1e5), errLong},
		{begin + strings.Repeat("1, ", 8e4), errLong},
		{begin + strings.Repeat("1, ", 6e4) + "1]}}\n", nil}, // above most, below longest
		{begin + strings.Repeat("1, ", 6e4) + "1]]}\n", errFlood},
		{"x\n" + begin + strings.Repeat("1, ", 6e4) + "1]}}", nil},
		{"{x\n\n", io.EOF},
	} {
		l := newLines(strings.NewReader(c.text))
		l.most, l.longest = 1e5, 2e5
		if line, err := l.first(); err != c.want || (err == nil) != (line != nil) {
			t.Errorf("%.40q: %d bytes, %v instead of %v", c.text, len(line), err, c.want)
		}
	}
	l := newLines(strings.NewReader(strings.Repeat("x\n", 4e4) + "1\n" + strings.Repeat("x\n", 4e4) + "2\n" + strings.Repeat("x\n", 6e4) + "3\n"))
	l.most = 1e5
	for _, want := range []error{nil, nil, errFlood} {
		if _, _, err := l.number(); err != want {
			t.Errorf("%v instead of %v", err, want)
		}
	}
	l = newLines(strings.NewReader("4.5"))
	if _, _, err := l.number(); err != io.EOF {
		t.Error("a number without an end of line may be half of one")
	}
}

// TestEarly: a number counts as early when its line is whole.
func TestEarly(t *testing.T) {
	for text, want := range map[string]bool{"1\n": false, "1\n2\n": true, "1\n2": false, "1\nx\n": false, "1\nx\n nan\r\ny": true} {
		l := newLines(strings.NewReader(text))
		l.number()
		if l.early() != want {
			t.Errorf("%q: early is %v", text, !want)
		}
	}
}

// FuzzProtocol reads what a program may print: its line of JSON and a few losses. How it comes in pieces makes no
// difference, and simple readers of whole lines find the same.
func FuzzProtocol(f *testing.F) {
	for _, s := range []string{"chatter\n{\"params\": {\"a\": [1]}}\n1.5\nx\n nan \n2", "\ufeff{\"loss\": NaN, \"params\": {}}\r\n1.5\r\n-inf\r\n",
		" 5%\r 9%\r{\"params\":[]}\n\r4\r3\n", "{\n\"params\": {}\n}", "{\"params\": {}}", "np.float64(1)\n{'params': 3}\n", "{\"p\\u0061rams\": {}}\n0x1p3\n1_0\n"} {
		f.Add([]byte(s))
	}
	f.Add([]byte("{\"params\": {\"a\": [" + strings.Repeat("1, ", 30000) + "1]}}\n" + strings.Repeat("x", 70000) + "\n5\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		whole := read(bytes.NewReader(text))
		if pieces := read(iotest.OneByteReader(bytes.NewReader(text))); !reflect.DeepEqual(whole, pieces) {
			t.Errorf("in pieces: %v, at once: %v", pieces, whole)
		}
		rest := text
		if whole.first == nil {
			for _, line := range bytes.Split(text, []byte("\n")) {
				if isJSON(tidy(line)) {
					t.Errorf("not found: %q", line)
				}
			}
			return
		}
		for line := []byte(nil); !bytes.Equal(tidy(line), whole.first); {
			if isJSON(tidy(line)) {
				t.Fatalf("%q comes before %q", line, whole.first)
			}
			line, rest, _ = bytes.Cut(rest, []byte("\n"))
		}
		if json.Valid(whole.first) != isJSON(whole.first) {
			t.Errorf("it is no object with params: %q", whole.first)
		}
		var want []string
		for line, more := []byte(nil), true; more; {
			if line, rest, more = bytes.Cut(rest, []byte("\n")); !more {
				break
			}
			if v, err := strconv.ParseFloat(string(tidy(line)), 64); err == nil && !bytes.Contains(line, []byte("_")) {
				want = append(want, strconv.FormatFloat(v, 'g', -1, 64))
			}
		}
		for _, v := range whole.losses { // in the same order, with others in between
			if len(want) > 0 && v == want[0] {
				want = want[1:]
			}
		}
		if len(want) > 0 {
			t.Errorf("not read: %v, of %v", want, whole.losses)
		}
	})
}

// A transcript is what lines finds. NaN is equal to itself in it.
type transcript struct {
	first   []byte
	losses  []string
	chatter int
	last    string
	err     error
}

func read(r io.Reader) (all transcript) {
	l := newLines(r)
	if all.first, all.err = l.first(); all.err == nil {
		for {
			v, _, err := l.number()
			if err != nil {
				all.err = err
				break
			}
			all.losses = append(all.losses, strconv.FormatFloat(v, 'g', -1, 64))
		}
	}
	all.chatter, all.last = l.chatter, string(l.last)
	return all
}

// isJSON reports whether a line is valid JSON, an object with params.
func isJSON(line []byte) bool {
	if !json.Valid(line) || line[0] != '{' || depth(line) > deepest {
		return false
	}
	d := json.NewDecoder(bytes.NewReader(line))
	d.Token()
	for d.More() {
		key, _ := d.Token()
		var value json.RawMessage
		if d.Decode(&value) != nil {
			return false
		}
		if key == "params" && (value[0] == '{' || value[0] == '[') {
			return true
		}
	}
	return false
}

func depth(line []byte) int { return bytes.Count(line, []byte("[")) + bytes.Count(line, []byte("{")) }
