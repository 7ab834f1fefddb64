package npz

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"lstm/tensor/safetensors"
)

const most = 1 << 20

func read(data []byte) ([]safetensors.Tensor, error) {
	return Read(bytes.NewReader(data), int64(len(data)), most)
}

func load(t testing.TB, name string) []byte {
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// npy returns a .npy file of version 1.0.
func npy(kind, order, shape string, data int) []byte {
	header := fmt.Sprintf("{'descr': %s, 'fortran_order': %s, 'shape': %s, }\n", kind, order, shape)
	b := binary.LittleEndian.AppendUint16([]byte("\x93NUMPY\x01\x00"), uint16(len(header)))
	return append(append(b, header...), make([]byte, data)...)
}

// archive returns a zip archive of names and contents in turn.
func archive(pairs ...any) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		f, err := w.Create(pairs[i].(string))
		if err == nil {
			_, err = f.Write(pairs[i+1].([]byte))
		}
		if err != nil {
			panic(err)
		}
	}
	w.Close()
	return b.Bytes()
}

// TestNumPy reads what testdata/make.py wrote with NumPy.
func TestNumPy(t *testing.T) {
	for _, name := range []string{"types.npz", "packed.npz"} {
		all, err := read(load(t, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range all {
			got := fmt.Sprint(x.Shape, x.Data)
			want := "[2 3] [0 1 2 3 100 0]"
			if kind := strings.ToLower(x.Type[:1]) + fmt.Sprint(size(x.Type)); x.Name[1] < 'a' && x.Name[:2] != kind {
				t.Errorf("%s has the type %s", x.Name, x.Type)
			}
			switch {
			case x.Name[0] == 'f' && x.Name[1] < 'a', x.Name == "params/W.x":
				want = "[2 3] [0 1 2 3 100 0.5]"
			case x.Name == "b1":
				want = "[2 3] [0 1 1 1 1 1]"
			case strings.HasPrefix(x.Name, "fortran"):
				want = "[2 3 4] [0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23]"
			case x.Name == "scalar":
				want = "[] [7.5]"
			case x.Name == "none":
				want = "[0 3] []"
			}
			if got != want {
				t.Errorf("%s: %s is %s, want %s", name, x.Name, got, want)
			}
		}
		if len(all) != 22+6 {
			t.Errorf("%s: %d arrays", name, len(all))
		}
	}
	all, err := read(load(t, "versions.npz"))
	if err != nil || len(all) != 3 {
		t.Fatal(all, err)
	}
	for _, x := range all {
		if got := fmt.Sprint(x.Name, x.Shape, x.Data); !strings.HasSuffix(got, "[2 3] [0 1 2 3 100 0.5]") {
			t.Error(got)
		}
	}
}

func size(kind string) int64 { n, _ := safetensors.Type(kind); return n }

// TestBad checks that a bad file gives an error of one line, and that the error names the fault.
func TestBad(t *testing.T) {
	one := func(data []byte) []byte { return archive("good.npy", npy("'<f8'", "False", "(2,)", 16), "W.npy", data) }
	whole := one(npy("'<f8'", "False", "(3,)", 24))
	damaged := bytes.Clone(load(t, "types.npz"))
	damaged[200] ^= 1
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"empty":             {nil, "not an .npz"},
		"text":              {[]byte("hello, world, this is a text of some length"), "not an .npz"},
		"cut off":           {whole[:len(whole)-30], "cut off"},
		"damaged":           {damaged, "checksum"},
		"pickle":            {load(t, "pickle.npz"), "np.asarray"},
		"fields":            {load(t, "fields.npz"), "fields"},
		"strings":           {load(t, "text.npz"), `"<U3"`},
		"complex":           {load(t, "complex.npz"), `"<c16"`},
		"long double":       {one(npy("'<f16'", "False", "(3,)", 48)), "astype"},
		"PyTorch's":         {archive("archive/data.pkl", []byte("x")), "torch.save"},
		"twice":             {archive("W.npy", npy("'<f8'", "False", "()", 8), "W.npy", npy("'<f8'", "False", "()", 8)), `"W"`},
		"no .npy":           {one([]byte("hello, world, this is a text of some length")), `"W"`},
		"header cut":        {one([]byte("\x93NUMPY\x01\x00\xff\x00hello")), "cut off"},
		"magic cut":         {one([]byte("\x93NUM")), "cut off"},
		"version 9":         {one([]byte("\x93NUMPY\x09\x00\x01\x00 ")), "9"},
		"long header":       {one([]byte("\x93NUMPY\x02\x00\xff\xff\xff\xffhello")), "4294967295"},
		"two shapes":        {one(npy("'<f8'", "False", "(1,), 'shape': (2,)", 8)), "header"},
		"a hidden key":      {one(npy("'<f8', 'descr': '|O'", "False", "(1,)", 8)), "header"},
		"no order":          {one(npy("'<f8'", "None", "(1,)", 8)), "header"},
		"negative":          {one(npy("'<f8'", "False", "(-1,)", 8)), "header"},
		"short data":        {one(npy("'<f8'", "False", "(3,)", 16)), "(3"[1:]},
		"long data":         {one(npy("'<f8'", "False", "(3,)", 25)), "needs"},
		"overflow":          {one(npy("'<f8'", "False", "(4294967296, 4294967296)", 0)), "impossible"},
		"zero and overflow": {one(npy("'<f8'", "False", "(0, 4611686018427387904)", 0)), "impossible"},
		"past an int":       {one(npy("'<f8'", "False", "(99999999999999999999,)", 0)), "impossible"},
		"many axes":         {one(npy("'<f8'", "False", "("+strings.Repeat("1,", 40)+")", 8)), "axes"},
		"too many numbers":  {one(npy("'|u1'", "False", "(1048575,)", 1048575)), "too many"},
	} {
		_, err := read(c.data)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	if _, err := read(whole); err != nil {
		t.Error(err)
	}
	for n := range whole {
		if _, err := read(whole[:n]); err == nil {
			t.Errorf("cut off after %d of %d bytes: no error", n, len(whole))
		}
	}
}

// TestBomb: files that claim, or hold, far more than their size are refused, and memory stays small.
func TestBomb(t *testing.T) {
	large := archive("W.npy", npy("'<f8'", "False", "(1200000,)", 9_600_000)) // 10 KB
	lies := func(declared, packed uint32) []byte {
		data := archive("W.npy", npy("'<f8'", "False", "(1000000,)", 100))
		at := bytes.Index(data, []byte("PK\x01\x02"))
		binary.LittleEndian.PutUint32(data[at+20:], packed)
		binary.LittleEndian.PutUint32(data[at+24:], declared)
		return data
	}
	head := uint32(len(npy("'<f8'", "False", "(1000000,)", 0)))
	var many []any
	for i := range 30000 {
		many = append(many, fmt.Sprintf("%060d.npy", i), []byte{})
	}
	for name, data := range map[string][]byte{
		"10 MB of zeros":      large,
		"declared size":       lies(head+8_000_000, 150),
		"both sizes declared": lies(head+8_000_000, 7_000_000),
		"many files":          archive(many...),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := read(data)
		runtime.ReadMemStats(&after)
		grown := after.TotalAlloc - before.TotalAlloc
		if err == nil || strings.Contains(err.Error(), "\n") || grown > 5<<20 {
			t.Errorf("%s: %v, and %d bytes allocated", name, err, grown)
		}
	}
}

// FuzzRead checks that Read returns for every input, with arrays that fit their shapes.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"packed.npz", "versions.npz", "pickle.npz"} {
		f.Add(load(f, name))
	}
	f.Add(archive("W.npy", npy("'>i2'", "True", "(2, 3)", 12)))
	f.Add(archive("W.npy", npy("'<f8'", "False", "(4294967296, 4294967296)", 0)))
	f.Fuzz(func(t *testing.T, data []byte) {
		all, err := Read(bytes.NewReader(data), int64(len(data)), 1<<14)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("an error of several lines: %v", err)
			}
			return
		}
		total := 0
		for _, x := range all {
			n := 1
			for _, d := range x.Shape {
				n *= d
			}
			if total += n; n != len(x.Data) || total > 1<<14 {
				t.Fatalf("%s: %d numbers of shape %v, %d in all", x.Name, len(x.Data), x.Shape, total)
			}
		}
	})
}

// The example reads a file that NumPy wrote. Its array is stored column by column.
func ExampleRead() {
	f, err := os.Open("testdata/types.npz")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer f.Close()
	size, _ := f.Seek(0, io.SeekEnd)
	arrays, err := Read(f, size, 1000)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, a := range arrays {
		if a.Name == "fortranbig" {
			fmt.Println(a.Type, a.Shape, a.Data[:5])
		}
	}
	// Output: I16 [2 3 4] [0 1 2 3 4]
}
