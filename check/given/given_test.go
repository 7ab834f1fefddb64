package given

import (
	"bufio"
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func parse(t *testing.T, text string) *Dump {
	t.Helper()
	d, err := ParseJSON(strings.NewReader(text), 1<<20)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return d
}

// listed returns the names of arrays.
func listed(arrays []Array) string {
	var names []string
	for _, a := range arrays {
		names = append(names, a.Name)
	}
	return strings.Join(names, " ")
}

// roles says what a dump has: parameters, gradients, numerical gradients, known arrays, others.
func roles(d *Dump) string {
	var known []string
	for name := range d.Known {
		known = append(known, name)
	}
	slices.Sort(known)
	return strings.Join([]string{listed(d.Params), listed(d.Grads), listed(d.Numeric), strings.Join(known, " "), listed(d.Other)}, " | ")
}

// TestField reads dumps of nine programs.
func TestField(t *testing.T) {
	for name, want := range map[string]struct{ words, loss, roles string }{
		"s01_charnotebook": {"float64", "float64", "W_f W_i W_g W_o W_v b_f b_i b_g b_o b_v | W_f W_i W_g W_o W_v b_f b_i b_g b_o b_v |  | target x | "},
		"s02_cellbox":      {"float64", "float64", "Wfh Wfx bf Wih Wix bi Woh Wox bo Wch Wcx bc | Wfh Wfx bf Wih Wix bi Woh Wox bo Wch Wcx bc |  | df dg di do x | "},
		"s03_columns":      {"8 digits", "8 digits", "Wf bf Wi bi Wc bc Wo bo Wy by | Wf bf Wi bi Wc bc Wo bo Wy by |  | target x | "},
		"s04_cfloat":       {"float32", "float32", "Wi Wf Wo Wg Ui Uf Uo Ug bi bf bo bg V d | Wi Wf Wo Wg Ui Uf Uo Ug bi bf bo bg V d |  | target x | "},
		"s05_statedict":    {"float64", "float64", "lstm.weight_ih_l0 lstm.weight_hh_l0 lstm.bias_ih_l0 lstm.bias_hh_l0 linear.weight linear.bias | lstm.weight_ih_l0 lstm.weight_hh_l0 lstm.bias_ih_l0 lstm.bias_hh_l0 linear.weight linear.bias |  | target x y | "},
		"s06_sinewave":     {"float64", "float64", "Wf bf Wi bi Wo bo Wc bc Wy by | Wf bf Wi bi Wo bo Wc bc Wy by |  | target x | "},
		"s07_seqcheck":     {"float64", "float64", "Wx Wh b | Wx Wh b |  | c0 h0 target x | "},
		"s08_toynodes":     {"float64", "float64", "wg bg wi bi wf bf wo bo | wg bg wi bi wf bf wo bo |  | c h target x | "},
		"s14_keraslike":    {"float64", "float64", "lstm/kernel lstm/recurrent_kernel lstm/bias dense/kernel dense/bias | lstm/kernel lstm/recurrent_kernel lstm/bias dense/kernel dense/bias |  | df dg di do h target x y | "},
	} {
		d, err := Read(filepath.Join("testdata", name+".json"))
		if err != nil {
			t.Error(err)
			continue
		}
		if roles(d) != want.roles || d.Precision.Words != want.words || d.Loss.Precision.Words != want.loss {
			t.Errorf("%s: %s, %s, %s", name, d.Precision.Words, d.Loss.Precision.Words, roles(d))
		}
		if d.Exact() != nil {
			t.Errorf("%s: an array is typed", name)
		}
	}
}

// TestBinary reads what testdata/make.py wrote with NumPy.
func TestBinary(t *testing.T) {
	want, err := Read("testdata/s01_charnotebook.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, words := range map[string]map[string]string{
		"one.npz":         {"": "float64", "W_f": "float64", "b_f": "float64", "x": "float64", "loss": "float64"},
		"packed.npz":      {"": "5 decimals", "W_f": "float32", "dW_f": "5 decimals", "db_f": "float32", "loss": "float64"},
		"one.safetensors": {"": "float16", "W_f": "float64", "b_f": "float16", "db_f": "float64", "loss": "float64"},
	} {
		d, err := Read(filepath.Join("testdata", name))
		if err != nil {
			t.Error(err)
			continue
		}
		if roles(d) != roles(want) || d.Precision.Words != words[""] {
			t.Errorf("%s: %s, %s", name, d.Precision.Words, roles(d))
		}
		array := func(d *Dump, key string) *Array {
			if strings.HasPrefix(key, "d") {
				return d.Grad(key[1:])
			}
			return d.array(key)
		}
		for key, w := range words {
			if key == "" {
				continue
			}
			got, want := array(d, key), array(want, key)
			if got.Precision.Words != w || !slices.Equal(got.Shape, want.Shape) {
				t.Errorf("%s: %s is %s, want %s; shape %v", name, key, got.Precision.Words, w, got.Shape)
			}
			for i, v := range want.Data {
				if math.Abs(v-got.Data[i]) > got.Bar[i]*1.0001 {
					t.Errorf("%s: %s[%d] is %v ± %v, want %v", name, key, i, got.Data[i], got.Bar[i], v)
				}
			}
		}
	}
}

// TestTyped: few digits of a parameter or an input, in a file that has more elsewhere.
func TestTyped(t *testing.T) {
	d := parse(t, `{"loss": 1.2345678901234567, "x": [0.1, 0.25, 0.5], "target": [0.1234, 0.5678, 0.9111, 0.2222], "W": [0.4812, 0.3333, 0.1279],
		"dW": [0.12345678901234567, 0.98765432109876543, 0.1111111111111112], "b": [1, 0, 0], "db": [0.5123, 0.6123, 0.7123]}`)
	for name, typed := range map[string]bool{"x": false, "target": true, "W": true, "b": false} {
		a := d.array(name)
		if a.Typed != typed {
			t.Errorf("%s: typed %t, %s", name, a.Typed, a.Precision.Words)
		}
	}
	e := d.Exact()
	if bar := e.Param("W").Bar[0]; bar > 1e-16 {
		t.Errorf("Exact gives W a bar of %g", bar)
	}
	if bar := d.Param("W").Bar[0]; bar < 5e-5 {
		t.Errorf("W has a bar of %g", bar)
	}
	d = parse(t, `{"loss": 1.2345678901234567, "W": [0.4812, 0.3333, 0.1279], "dW": [0.5123, 0.6123, 0.7123]}`)
	if e := d.Exact(); e == nil || e.Param("W").Bar[0] > 1e-16 || e.Grad("W").Bar[0] < 5e-5 {
		t.Error("with a long loss, Exact does not give W a narrow bar")
	}
	d = parse(t, `{"loss": 1.2345678901234567, "x": [0.1, 0.25, 0.5, 0.75], "W": [0.5, 0.25, 0.1], "dW": [0.12345678901234567, 0.98765432109876543, 0.1111111111111112]}`)
	if a := d.Known["x"]; a.Typed || a.Bar[0] > 1e-16 || d.Param("W").Bar[0] > 1e-16 {
		t.Errorf("x has a bar of %g, W of %g", a.Bar[0], d.Param("W").Bar[0])
	}
}

// TestNames sorts arrays by their names.
func TestNames(t *testing.T) {
	for text, want := range map[string]string{
		`{"W":[1],"dW":[1],"nW":[1],"b":[1],"db":[2],"V":[1],"d":[1],"dV":[1],"dd":[1],"nd":[3]}`:   "W b V d | W b V d | W d |  | ",
		`{"W":[1],"norm":[1],"dnorm":[1],"orm":[2],"nW":[1,2],"h":[3],"dh":[4],"c":[1],"dc":[1]}`:   "W norm orm nW | norm |  | c dc dh h | ",
		`{"W":[1],"nW":[1],"dW":[1],"dnW":[1],"nnW":[2]}`:                                           "W nW | W nW | nW |  | ",
		`{"params":{"h":[1],"c":[1],"f":[1]},"dh":[1],"df":[1],"dg":[1],"x":[1]}`:                   "h c f | h f |  | dg x | ",
		`{"params":{"h":[1],"f":[1]},"grads":{"h":[1],"f":[2]},"dh":[1],"df":[1]}`:                  "h f | h f |  | df dh | ",
		`{"params":{"h":[1],"W":[1]},"grads":{"W":[2]},"dh":[1]}`:                                   "h W | W |  | dh | ",
		`{"params":{"W":[1]},"grads":{"dW":[1],"x":[1],"dh0":[2]},"numeric":{"W":[1]},"q":[1]}`:     "W | W | W | dh0 dx | q",
		`{"W":[1],"grads":{"W":[1],"c0":[1]},"numeric":{"nW":[3]},"dW":[5]}`:                        "W | W | W | dc0 | dW",
		`{"params":{"lstm":{"W":[1]},"out":{"W":[2]}},"grads":{"lstm":{"W":[1]}}}`:                  "lstm/W out/W | lstm/W |  |  | ",
		`{"params.W":[1],"grads.W":[1],"numeric.W":[1]}`:                                            "W | W | W |  | ",
		`{"lr":0.1,"dropout":0.5,"data":[1,2],"W":[1],"dW":[1],"f":[1],"T":5,"note":"x","ok":true}`: "data W | W |  |  | lr dropout f T ok",
		`{"loss":[[2.5]],"x":null,"y":[null,1],"grads":{"W":[null,2]},"params":{"W":[1,2]}}`:        "W | W |  | y | ",
		`{"W":[[1],[2]],"dW":[1,2]}`: "W | W |  |  | ",
		`{}`:                         " |  |  |  | ",
	} {
		if got := roles(parse(t, text)); got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
}

// TestJSON reads what programs write that is hardly JSON.
func TestJSON(t *testing.T) {
	d := parse(t, "\xef\xbb\xbf{\"loss\": \"2.5\", \"W\": [1, 2.5, -.5], \"dW\": [NaN, -Infinity, inf], \"y\": [null, \"0.25\", \"NA\"], \"\\u0068\": [[true], [false]]}\r\n")
	if got := fmt.Sprint(d.Loss.Data, d.Grads[0].Data, d.Known["y"].Data, d.Known["y"].Null, d.Known["h"].Data, d.Known["h"].Shape); got != "[2.5] [NaN -Inf +Inf] [NaN 0.25 NaN] [true false false] [1 0] [2 1]" {
		t.Error(got)
	}
	if bar := d.Known["y"].Bar; !math.IsInf(bar[0], 1) || bar[1] > 0.1 || bar[2] != 0 {
		t.Errorf("bars %v", bar)
	}
}

// TestBad checks that a file that cannot be used gives an error of one line, and that it names the place.
func TestBad(t *testing.T) {
	deep := strings.Repeat("[", 100000)
	for text, want := range map[string]string{
		"":                              "empty",
		"hello":                         "'h'",
		"[1,2]":                         "'['",
		"{":                             "cut off",
		`{"W":[1,2`:                     "W: the text",
		`{"W":[1,2],`:                   "cut off",
		`{"W":[1,2]} x`:                 "'x'",
		`{"W":[1,2]}{}`:                 "'{'",
		`{"W":[1,]}`:                    "W[1]: ",
		`{"W":[1 2]}`:                   "W",
		`{"W":[[1,2],[3]]}`:             "W[1]: ",
		`{"W":[[1,2],3]}`:               "W[1]: ",
		`{"W":[1,[2]]}`:                 "W[1]: ",
		`{"W":[[],[1]]}`:                "W[1]: ",
		`{"W":[[[1],[2]],[[3],[4,5]]]}`: "W[1][1]: ",
		`{"W":[null,[2]]}`:              "W[1]: ",
		`{"W":[0x10]}`:                  "W[0]: ",
		`{"W":[1_0]}`:                   "W[0]: ",
		`{"W":["one"]}`:                 "W[0]: ",
		`{"W":[{"a":1}]}`:               "W[0]: ",
		`{"W":[1],"W":[2]}`:             "W: ",
		`{"params":{"W":[1],"W":[1]}}`:  "params/W: ",
		`{"params":{"W":[1]},"params":{"W":[1]}}`:            "params: ",
		`{"params":{"W":[1]},"params.W":[1]}`:                "params.W: ",
		`{"params":{"W":[1]},"grads":{"W":[1],"dW":[1]}}`:    "grads/dW: ",
		`{"W":` + deep + `}`:                                 "W[0][0]",
		strings.Repeat(`{"a":`, 100000):                      "objects",
		`{"` + strings.Repeat("W", 70000):                    "bytes",
		`{"W":` + strings.Repeat("1", 5000) + `}`:            "W: ",
		"{\"W\xff\":[1]}":                                    "UTF-8",
		`{"W\q":[1]}`:                                        "JSON",
		`{"W":[],"dW":[]}`:                                   "W: ",
		`{"loss":[1,2]}`:                                     "loss: ",
		`{"loss":NaN}`:                                       "loss",
		`{"params":{"W":[[1,2],[3,NaN]]}}`:                   "params/W[1][1]",
		`{"W":[1,1e999]}`:                                    "W[1]",
		`{"x":[[1],[null]]}`:                                 "x[1][0]",
		`{"Wf":[1,2],"dWf":[1,2,3]}`:                         "dWf: ",
		`{"Wf":[[1,2],[3,4],[5,6]],"dWf":[[1,2,3],[1,2,3]]}`: "dWf: ",
		`{"Wf":[1],"dWg":[1]}`:                               "Wf",
		`{"W_f":[1],"dwf":[1]}`:                              "W_f",
		`{"params":{"W_f":[1]},"grads":{"Wf":[1]}}`:          "W_f",
		`{"params":{"W":[1]},"numeric":{"Q":[1]}}`:           "numeric/Q: ",
		"{\"W\\n\\u0007\":[1,[2]]}":                          `"W\n\a"[1]: `,
	} {
		name := filepath.Join(t.TempDir(), "dump.json")
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		_, err := Read(name)
		if err == nil || !strings.HasPrefix(err.Error(), name+": ") || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") || len(err.Error()) > len(name)+300 {
			t.Errorf("%.80s: %v, want %q", text, err, want)
		}
	}
	good := `{"loss":2.5,"params":{"W":[[1,2],[3,4]]},"grads":{"W":[[1,2],[3,4]]}}`
	for n := range good {
		if _, err := ParseJSON(strings.NewReader(good[:n]), 1<<20); err == nil {
			t.Errorf("%s: no error", good[:n])
		}
	}
	for name, data := range map[string]string{
		"one.npy": "\x93NUMPY\x01\x00v\x00{'descr'", "utf16.json": "\xff\xfe{\x00", "cut.npz": "PK\x03\x04 hello", "cut.safetensors": "\x90\x00\x00\x00\x00\x00\x00\x00{\"W\":",
	} {
		path := filepath.Join(t.TempDir(), name)
		os.WriteFile(path, []byte(data), 0o666)
		if _, err := Read(path); err == nil || strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), "begins with") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Read(t.TempDir()); err == nil {
		t.Error("a folder: no error")
	}
}

// zeros is an endless JSON list.
type zeros struct{ begun bool }

func (z *zeros) Read(b []byte) (int, error) {
	n := 0
	if !z.begun {
		z.begun = true
		n = copy(b, `{"W":[0`)
	}
	for ; n+2 <= len(b); n += 2 {
		b[n], b[n+1] = ',', '0'
	}
	return n, nil
}

// TestLimits: a text without an end, and a file of a gigabyte, are refused in little memory.
func TestLimits(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := ParseJSON(&zeros{}, 1<<20)
	if err == nil || !strings.Contains(err.Error(), "W[524") {
		t.Error(err)
	}
	for most, ok := range map[int]bool{4: true, 3: false} {
		p := &parser{r: bufio.NewReader(strings.NewReader(`{"W":[1,2],"dW":[1,2]}`)), limit: 100, numbers: most, names: map[string]bool{}}
		if err := p.document(); (err == nil) != ok {
			t.Errorf("4 numbers where %d are allowed: %v", most, err)
		}
	}
	var many bytes.Buffer
	many.WriteString("{")
	for i := range 20000 {
		fmt.Fprintf(&many, `"a%d":1,`, i)
	}
	if _, err := ParseJSON(&many, 1<<20); err == nil {
		t.Error("20,000 arrays: no error")
	}
	name := filepath.Join(t.TempDir(), "large.json")
	f, err := os.Create(name)
	if err == nil {
		err = f.Truncate(1 << 30)
	}
	if err != nil {
		t.Skip(err)
	}
	f.Close()
	if _, err := Read(name); err == nil || !strings.Contains(err.Error(), "too large") {
		t.Error(err)
	}
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 50<<20 {
		t.Errorf("%d bytes allocated", n)
	}
}

// FuzzJSON checks that ParseJSON returns for every input, and that a dump is consistent.
func FuzzJSON(f *testing.F) {
	f.Add([]byte(`{"loss":2.5,"W":[[1,null],[NaN,1e-5]],"dW":[[1,2],[3,4]],"nW":[[1,2],[3,4]],"dh0":["1"],"params":{"a":{"b":[1]}}}`))
	f.Add([]byte(`{"":[1],"d00":[1]}`))
	f.Add([]byte(`{"loss":1.25,"W":[0.100000001,0.30015078],"dW":[1e-5,0.1234],"x":[0.30015078186988831]}`))
	f.Add([]byte(`{"norm":[1],"dnorm":[1],"orm":[2],"lr":1,"nlr":2,"dd":[1],"d":[1],"":[1],"n":[1],"grads":{"x":1}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := ParseJSON(bytes.NewReader(data), 1<<16)
		consistent(t, d, err)
	})
}

// FuzzNPZ does the same for .npz and .safetensors files.
func FuzzNPZ(f *testing.F) {
	data, err := os.ReadFile("testdata/tiny.npz")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte("\x40\x00\x00\x00\x00\x00\x00\x00" + `{"W":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}         ` + "\x01\x40\x20\x50"))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := readFrom(bytes.NewReader(data), int64(len(data)), 1<<14)
		consistent(t, d, err)
	})
}

// consistent checks what holds for every dump.
func consistent(t *testing.T, d *Dump, err error) {
	t.Helper()
	if err != nil {
		if strings.Contains(err.Error(), "\n") || len(err.Error()) > 1000 {
			t.Fatalf("an error that is no short line: %v", err)
		}
		return
	}
	all := slices.Concat(d.Params, d.Grads, d.Numeric)
	for _, a := range d.Known {
		all = append(all, *a)
	}
	if d.Loss != nil {
		all = append(all, *d.Loss)
	}
	for _, a := range all {
		n := 1
		for _, k := range a.Shape {
			n *= k
		}
		if n != len(a.Data) || n != len(a.Bar) || n == 0 || a.Null != nil && n != len(a.Null) || a.Precision.Words == "" {
			t.Fatalf("%+v", a)
		}
		for i, bar := range a.Bar {
			if !(bar >= 0) || math.IsInf(bar, 1) && (a.Null == nil || !a.Null[i]) && math.Abs(a.Data[i]) < 1e290 {
				t.Fatalf("%s: %v has the bar %v", a.Name, a.Data[i], bar)
			}
		}
	}
	for _, a := range slices.Concat(d.Grads, d.Numeric) {
		if p := d.Param(a.Name); p == nil || len(p.Data) != len(a.Data) {
			t.Fatalf("%s has no parameter", a.Name)
		}
	}
	d.Exact()
}
