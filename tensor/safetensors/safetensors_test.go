package safetensors

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// raw returns a file with the given header, and zeros as data.
func raw(header string, data int) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(b, header...), make([]byte, data)...)
}

func TestRoundTrip(t *testing.T) {
	f := &File{
		Meta: map[string]string{"task": "sine", "": "empty", "ümläut\n": "\"quoted\""},
		Tensors: []Tensor{
			{"b", []int{2, 3}, []float64{1, math.Copysign(0, -1), math.Pi, math.Inf(1), 5e-324, -1e308}, "F64"},
			{"a", []int{}, []float64{7}, "F64"},
			{"none", []int{0, 4}, []float64{}, "F64"},
		},
	}
	data := f.Encode()
	if !bytes.Equal(data, f.Encode()) {
		t.Error("two calls of Encode return different bytes")
	}
	if n := binary.LittleEndian.Uint64(data); n%8 != 0 {
		t.Errorf("the header has %d bytes", n)
	}
	g, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(g.Meta) != fmt.Sprint(f.Meta) || len(g.Tensors) != 3 {
		t.Errorf("%+v, want %+v", g, f)
	}
	for _, want := range f.Tensors {
		got := g.Tensor(want.Name)
		if got == nil || fmt.Sprint(got.Shape) != fmt.Sprint(want.Shape) || fmt.Sprint(got.Data) != fmt.Sprint(want.Data) {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	if !bytes.Equal(g.Encode()[8:16], data[8:16]) || g.Tensor("c") != nil {
		t.Error("Encode returns other bytes after Decode, or there is a tensor c")
	}
}

// TestFloat32 reads a file as another program may write it: with float32, metadata at the end, no padding, and
// tensors in another order than their data.
func TestFloat32(t *testing.T) {
	file := raw(`{"x":{"dtype":"F64","shape":[1],"data_offsets":[8,16]},"y":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"__metadata__":{"format":"pt"}}  `, 16)
	data := file[len(file)-16:]
	binary.LittleEndian.PutUint32(data, math.Float32bits(0.1))
	binary.LittleEndian.PutUint32(data[4:], math.Float32bits(-3))
	binary.LittleEndian.PutUint64(data[8:], math.Float64bits(0.1))
	f, err := Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	if x, y := f.Tensor("x"), f.Tensor("y"); x.Data[0] != 0.1 || y.Data[0] != float64(float32(0.1)) || y.Data[1] != -3 || f.Meta["format"] != "pt" {
		t.Errorf("%+v", f)
	}
}

// TestTypes reads three numbers of each type.
func TestTypes(t *testing.T) {
	little := func(bytes int, patterns ...uint64) (data []byte) {
		for _, p := range patterns {
			data = append(data, binary.LittleEndian.AppendUint64(nil, p)[:bytes]...)
		}
		return data
	}
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"F16":  {little(2, 0x3555, 0xc000, 0x0001), "[0.333251953125 -2 5.960464477539063e-08]"},
		"BF16": {little(2, 0x3eab, 0xc000, 0x7f80), "[0.333984375 -2 +Inf]"},
		"I64":  {little(8, 5, 1<<64-3, 1<<53+1), "[5 -3 9.007199254740992e+15]"},
		"I32":  {little(4, 5, 1<<32-3, 1<<31), "[5 -3 -2.147483648e+09]"},
		"I16":  {little(2, 5, 1<<16-3, 1<<15), "[5 -3 -32768]"},
		"I8":   {little(1, 5, 1<<8-3, 1<<7), "[5 -3 -128]"},
		"U64":  {little(8, 5, 1<<63, 0), "[5 9.223372036854776e+18 0]"},
		"U32":  {little(4, 5, 1<<32-3, 1<<31), "[5 4.294967293e+09 2.147483648e+09]"},
		"U16":  {little(2, 5, 1<<16-3, 1<<15), "[5 65533 32768]"},
		"U8":   {little(1, 5, 1<<8-3, 1<<7), "[5 253 128]"},
		"BOOL": {little(1, 0, 1, 1), "[0 1 1]"},
	} {
		file := raw(fmt.Sprintf(`{"t":{"dtype":"%s","shape":[3],"data_offsets":[0,%d]}}`, name, len(c.data)), 0)
		f, err := Decode(append(file, c.data...))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if got := f.Tensors[0]; fmt.Sprint(got.Data) != c.want || got.Type != name {
			t.Errorf("%s: %+v, want %s", name, got, c.want)
		}
	}
	for bits, want := range map[uint16]string{0x7c00: "+Inf", 0xfc00: "-Inf", 0x7e00: "NaN", 0x8000: "-0", 0x7bff: "65504", 0x03ff: "6.097555160522461e-05"} {
		if got := fmt.Sprint(half(bits)); got != want {
			t.Errorf("half(%#x) is %s, want %s", bits, got, want)
		}
	}
	nine := raw(`{"t":{"dtype":"U8","shape":[9],"data_offsets":[0,9]}}`, 9)
	for most, ok := range map[int64]bool{8: false, 9: true} {
		if _, err := Read(bytes.NewReader(nine), int64(len(nine)), most); (err == nil) != ok {
			t.Errorf("9 numbers where %d are allowed: %v", most, err)
		}
	}
}

// TestBad checks that a bad file gives an error of one line, and that the error names the fault.
func TestBad(t *testing.T) {
	tensor := func(dtype, shape, offsets string) string {
		return fmt.Sprintf(`"t":{"dtype":"%s","shape":%s,"data_offsets":%s}`, dtype, shape, offsets)
	}
	long := binary.LittleEndian.AppendUint64(nil, 100<<20)
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"empty":                 {nil, "0 bytes"},
		"header beyond":         {binary.LittleEndian.AppendUint64(nil, 400), "400"},
		"header of 100 MB":      {append(long, make([]byte, 100<<20)...), "104857600"},
		"header of 2^64-1":      {bytes.Repeat([]byte{255}, 99), "18446744073709551615"},
		"no JSON":               {raw("hello", 0), "{"},
		"a list":                {raw("[]", 0), "{"},
		"JSON cut off":          {raw(`{"t":`, 0), `"t"`},
		"unclosed":              {raw(`{`+tensor("F64", "[1]", "[0,8]"), 8), "header: "},
		"more after":            {raw(`{} {}`, 0), "}"},
		"more, far after":       {raw("{}"+strings.Repeat(" ", 9000)+"x", 0), "}"},
		"deep":                  {raw(strings.Repeat(`{"a":`, 100000), 0), `"a"`},
		"deep metadata":         {raw(`{"__metadata__":`+strings.Repeat("[", 100000)+"}", 0), "__metadata__"},
		"metadata of numbers":   {raw(`{"__metadata__":{"a":1}}`, 0), `"a"`},
		"twice":                 {raw(`{`+tensor("F64", "[1]", "[0,8]")+`,`+tensor("F64", "[1]", "[8,16]")+`}`, 16), `"t"`},
		"complex type":          {raw(`{`+tensor("C64", "[1]", "[0,8]")+`}`, 8), `"C64"`},
		"shape and size":        {raw(`{`+tensor("F64", "[3]", "[0,16]")+`}`, 16), "24"},
		"negative shape":        {raw(`{`+tensor("F64", "[-1,-2]", "[0,16]")+`}`, 16), "[-1 -2]"},
		"overflowing shape":     {raw(`{`+tensor("F64", "[4294967296,4294967296]", "[0,0]")+`}`, 0), `"t"`},
		"zero and overflow":     {raw(`{`+tensor("F64", "[0,4611686018427387904]", "[0,0]")+`}`, 0), `"t"`},
		"fraction":              {raw(`{`+tensor("F64", "[1.5]", "[0,8]")+`}`, 8), `"t"`},
		"shape of words":        {raw(`{`+tensor("F64", `"x"`, "[0,8]")+`}`, 8), `"t"`},
		"past the end":          {raw(`{`+tensor("F64", "[2]", "[0,16]")+`}`, 8), "16"},
		"backwards":             {raw(`{`+tensor("F64", "[0]", "[8,0]")+`}`, 8), `"t"`},
		"negative":              {raw(`{`+tensor("F64", "[1]", "[-8,0]")+`}`, 8), "-8"},
		"a hole":                {raw(`{`+tensor("F64", "[1]", "[8,16]")+`}`, 16), `"t"`},
		"overlap":               {raw(`{`+tensor("F64", "[2]", "[0,16]")+`,"u":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}}`, 16), `"u"`},
		"data left":             {raw(`{`+tensor("F64", "[1]", "[0,8]")+`}`, 9), "1 bytes"},
		"unknown field":         {raw(`{"t":{"dtype":"F64","shape":[1],"data_offsets":[0,8],"extra":1}}`, 8), `"extra"`},
		"a field twice":         {raw(`{"t":{"dtype":"F64","shape":[1],"data_offsets":[0,8],"dtype":"F64"}}`, 8), `"dtype"`},
		"a field short":         {raw(`{"t":{"dtype":"F64","data_offsets":[0,8]}}`, 8), `"t"`},
		"no shape":              {raw(`{"t":{"dtype":"F64","shape":null,"data_offsets":[0,8]}}`, 8), `"t"`},
		"three offsets":         {raw(`{"t":{"dtype":"F64","shape":[1],"data_offsets":[0,8,16]}}`, 8), `"t"`},
		"a key twice":           {raw(`{"__metadata__":{"a":"1","a":"2"}}`, 0), `"a"`},
		"no tensor, but bytes":  {raw(`{}`, 3), "3 bytes"},
		"bytes that are no key": {raw(`{1:2}`, 0), "header: "},
	} {
		_, err := Decode(c.data)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	good := (&File{Tensors: []Tensor{{"x", []int{3}, []float64{1, 2, 3}, ""}}}).Encode()
	for n := range good {
		if _, err := Decode(good[:n]); err == nil {
			t.Errorf("cut off after %d of %d bytes: no error", n, len(good))
		}
	}
}

func TestFiles(t *testing.T) {
	name := filepath.Join(t.TempDir(), "x.safetensors")
	if err := WriteFile(name, &File{Tensors: []Tensor{{"x", []int{1}, []float64{7}, ""}}}); err != nil {
		t.Fatal(err)
	}
	if f, err := ReadFile(name); err != nil || f.Tensor("x").Data[0] != 7 {
		t.Fatalf("%v, %v", f, err)
	}
	if err := os.WriteFile(name, []byte("hello, world"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadFile(name); err == nil || !strings.HasPrefix(err.Error(), name+": ") {
		t.Errorf("%v, want an error that names the file", err)
	}
}

// FuzzDecode checks that Decode returns for every input. If Decode accepts a file, Encode and Decode must give
// the same file again.
func FuzzDecode(f *testing.F) {
	f.Add((&File{Meta: map[string]string{"a": "b"}, Tensors: []Tensor{{"x", []int{2}, []float64{1, math.NaN()}, ""}}}).Encode())
	f.Add(raw(`{"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, 4))
	f.Add(raw(`{"t":{"dtype":"F64","shape":[0,9],"data_offsets":[0,0]},"u":{"dtype":"F64","shape":[],"data_offsets":[0,8]}}`, 8))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Decode(data)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("an error of several lines: %v", err)
			}
			return
		}
		again, err := Decode(file.Encode())
		if err != nil {
			t.Fatalf("Decode accepts the file, but not after Encode: %v", err)
		}
		if len(again.Tensors) != len(file.Tensors) {
			t.Fatalf("%d tensors, then %d", len(file.Tensors), len(again.Tensors))
		}
		for _, x := range file.Tensors {
			y := again.Tensor(x.Name)
			if y == nil || len(y.Data) != len(x.Data) {
				t.Fatalf("%+v, then %+v", x, y)
			}
			for i, v := range x.Data {
				if math.Float64bits(v) != math.Float64bits(y.Data[i]) {
					t.Fatalf("%s[%d]: %v, then %v", x.Name, i, v, y.Data[i])
				}
			}
		}
	})
}

// The example encodes a file with one tensor, and decodes it.
func Example() {
	data := (&File{
		Meta:    map[string]string{"made": "by hand"},
		Tensors: []Tensor{{Name: "weight", Shape: []int{1, 2}, Data: []float64{0.5, 0.25}}},
	}).Encode()
	fmt.Printf("%s\n", bytes.TrimSpace(data[8:len(data)-16]))
	f, err := Decode(data)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(f.Tensor("weight").Data)
	// Output:
	// {"__metadata__":{"made":"by hand"},"weight":{"dtype":"F64","shape":[1,2],"data_offsets":[0,16]}}
	// [0.5 0.25]
}
