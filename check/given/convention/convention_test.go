package convention

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"lstm/check/given"
	"lstm/check/given/convention/trial"
	"lstm/check/pass"
)

// read reads a file of testdata.
func read(t *testing.T, name string) *given.Dump {
	d, err := given.Read(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// wrong returns the names of the arrays that do not have the derivatives of the network.
func wrong(r *Reading, tolerance float64) (names []string) {
	back := r.Point.Backward(pass.Right())
	for _, a := range r.Seen {
		size := 0.0
		value := trial.Right(&a, back)
		for _, v := range value {
			size = max(size, math.Abs(v))
		}
		for i, v := range value {
			if math.Abs(v-a.Value[i]) > a.Bar[i]+tolerance*size {
				names = append(names, a.Name)
				break
			}
		}
	}
	return names
}

// TestField reads nine files of programs in Python, C and JavaScript. The arrays that have another gradient than the
// network are those in which the programs are known to be wrong.
func TestField(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"s01_charnotebook": "W_f W_i W_g W_o W_v b_f b_i b_g b_o b_v",
		"s02_cellbox":      "Wfh Wfx bf Wih Wix bi Woh Wox bo Wch Wcx bc di df do dg",
		"s03_columns":      "Wf bf Wi bi Wc bc Wo bo",
		"s04_cfloat":       "Wi Wf Wo Wg Ui Uf Uo Ug bi bf bo bg",
		"s05_statedict":    "lstm.weight_ih_l0 lstm.weight_hh_l0 lstm.bias_ih_l0 lstm.bias_hh_l0",
		"s06_sinewave":     "",
		"s07_seqcheck":     "",
		"s08_toynodes":     "",
		"s14_keraslike":    "lstm/kernel lstm/recurrent_kernel lstm/bias di df do dg",
	} {
		d := read(t, name+".json")
		r, err := Read(d)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(r.Others) > 0 {
			t.Errorf("%s: others: %q", name, r.Others)
		}
		if math.Abs(r.Point.Loss-d.Loss.Data[0]) > d.Loss.Bar[0]+1e-6*r.Point.Loss {
			t.Errorf("%s: loss %v, want %v", name, r.Point.Loss, d.Loss.Data[0])
		}
		if got := strings.Join(wrong(r, 1e-5), " "); got != want {
			t.Errorf("%s: wrong are %s, want %s", name, got, want)
		}
	}
}

// TestTorch reads what PyTorch's LSTM and autograd say.
func TestTorch(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"torch_x1_h5_o1_t22", "torch_x2_h16_o3_t11", "torch_x3_h4_o2_t7", "torch_x7_h33_o5_t13"} {
		data, err := os.ReadFile(filepath.Join("..", "..", "..", "bptt", "testdata", name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var g struct {
			X, H, O, T                                              int
			Loss                                                    float64
			Inputs, Targets, H0, C0, Outputs, HT, Dinputs, Dh0, Dc0 []float64
			Weights, Grads                                          map[string][]float64
		}
		if err := json.Unmarshal(data, &g); err != nil {
			t.Fatal(err)
		}
		w := &writer{digits: 17}
		w.write("loss", []float64{g.Loss}, nil)
		w.write("x", g.Inputs, []int{g.T, 1, g.X}) // time first, as PyTorch has it
		w.write("target", g.Targets, []int{g.T, 1, g.O})
		w.write("y", g.Outputs, []int{g.T, 1, g.O})
		w.write("dx", g.Dinputs, []int{g.T, 1, g.X})
		for name, s := range map[string][]float64{"h0": g.H0, "c0": g.C0, "h": g.HT, "dh0": g.Dh0, "dc0": g.Dc0} {
			w.write(name, s, []int{1, 1, g.H})
		}
		shapes := map[string][]int{"lstm.weight_ih_l0": {4 * g.H, g.X}, "lstm.weight_hh_l0": {4 * g.H, g.H}, "lstm.bias_ih_l0": {4 * g.H},
			"lstm.bias_hh_l0": {4 * g.H}, "linear.weight": {g.O, g.H}, "linear.bias": {g.O}}
		var params, grads []string
		for name, shape := range shapes {
			params = append(params, fmt.Sprintf("%q: %s", name, w.nest(g.Weights[name], shape)))
			grads = append(grads, fmt.Sprintf("%q: %s", name, w.nest(g.Grads[name], shape)))
		}
		w.texts = append(w.texts, `"params": {`+strings.Join(params, ", ")+"}", `"grads": {`+strings.Join(grads, ", ")+"}")
		d, err := given.ParseJSON(strings.NewReader("{"+strings.Join(w.texts, ",")+"}"), 1<<30)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Read(d)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if bad := wrong(r, 1e-9); len(bad) > 0 || len(r.Seen) != 9 || len(r.Others) > 0 {
			t.Errorf("%s: %d arrays seen, wrong %v, others %q", name, len(r.Seen), bad, r.Others)
		}
	}
}

// TestTyped reads a program whose parameters and inputs were typed with 2 decimals: they are exact, and the loss has all
// its digits. With bars of half a hundredth, far more readings would give the loss.
func TestTyped(t *testing.T) {
	t.Parallel()
	p := newProgram(3)
	p.round(&writer{digits: 2})
	f := &file{program: p, writer: writer{digits: 17}, truth: make(map[string][]float64)}
	text := f.text()
	if what := outcome(t, text, f.truth, 1e-8); what != "" {
		t.Error(what)
	}
	d, err := given.ParseJSON(strings.NewReader(text), 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := Read(d); err != nil || len(r.Others) > 0 || r.Dump.Params[0].Bar[0] > 1e-12 {
		t.Errorf("%v, %+v", err, r)
	}
}

// TestNoFit changes files so that no reading gives their loss.
func TestNoFit(t *testing.T) {
	t.Parallel()
	refused := func(what string, d *given.Dump) *NoFit {
		r, err := Read(d)
		var no *NoFit
		if !errors.As(err, &no) {
			t.Errorf("%s: %v, %v", what, r, err)
			return &NoFit{}
		}
		if len(no.Error()) > 1200 || strings.Contains(no.Error(), "\n") {
			t.Errorf("%s: %q", what, no.Error())
		}
		return no
	}
	d := read(t, "s06_sinewave.json")
	d.Loss.Data[0] *= 1.01
	if no := refused("another loss", d); math.Abs(1.01*no.Loss/no.File-1) > 1e-6 || len(no.Words) == 0 || !no.Own || len(no.Hints) > 0 {
		t.Errorf("%+v", no)
	}
	for k := range d.Grads { // then the plainest reading is the closest
		for i := range d.Grads[k].Data {
			d.Grads[k].Data[i] = -1
		}
	}
	if no := refused("another loss and gradient", d); math.Abs(1.01*no.Loss/no.File-1) > 1e-6 || no.Own {
		t.Errorf("%+v", no)
	}
	d = read(t, "s06_sinewave.json")
	h0 := d.Param("bf")
	d.Known["h0"] = &given.Array{Name: "h0", Shape: h0.Shape, Data: slices.Repeat([]float64{1}, len(h0.Data)), Bar: h0.Bar}
	if no := refused("a state that was not used", d); len(no.Hints) != 1 || !strings.Contains(no.Hints[0], "zeros") {
		t.Errorf("%+v", no)
	}
	d = read(t, "s08_toynodes.json") // the file of a network that squashes h once more
	for i, v := range d.Known["h"].Data {
		d.Known["h"].Data[i] = math.Tanh(v)
	}
	d.Loss.Data[0] += 0.01
	if no := refused("another h", d); !strings.HasPrefix(no.Differs, "h at step 0, unit 0") || !strings.Contains(no.Differs, "c is the same") {
		t.Errorf("%q", no.Differs)
	}
	d = read(t, "s05_statedict.json")
	for _, p := range slices.Clone(d.Params[:4]) {
		p.Name = strings.Replace(p.Name, "_l0", "_l1", 1)
		if strings.Contains(p.Name, "weight_ih") {
			p.Shape, p.Data = []int{12, 3}, append(slices.Clone(p.Data), p.Data[:12]...)
			p.Bar = make([]float64, 36)
		}
		d.Params = append(d.Params, p)
	}
	if no := refused("two layers", d); len(no.Unplaced) != 4 || !strings.HasSuffix(no.Unplaced[0], "_l1") {
		t.Errorf("%+v", no)
	}
	d = read(t, "s06_sinewave.json")
	d.Params = slices.DeleteFunc(d.Params, func(a given.Array) bool { return strings.HasPrefix(a.Name, "W") })
	if no := refused("no weights", d); len(no.Unplaced) > 0 {
		t.Errorf("%+v", no)
	}
	d = read(t, "s06_sinewave.json")
	d.Known["target"].Shape, d.Known["target"].Data, d.Known["target"].Bar = []int{13, 1}, make([]float64, 13), make([]float64, 13)
	if no := refused("another target", d); !strings.Contains(no.Why, "[13 1]") {
		t.Errorf("%+v", no)
	}
	for _, name := range []string{"x", "loss", "params", "null"} {
		d = read(t, "s06_sinewave.json")
		switch name {
		case "x":
			delete(d.Known, "x")
		case "loss":
			d.Loss = nil
		case "params":
			d.Params = nil
		case "null":
			d.Params[0].Null = make([]bool, len(d.Params[0].Data))
			d.Params[0].Null[1], d.Params[0].Data[1] = true, math.NaN()
		}
		refused("no "+name, d)
	}
}

// BenchmarkRead reads a network with X = H = 16 and T = 20 whose names tell nothing: which of the square matrices belong to
// which gate, to x or to h, and whether they are transposed, is all in the loss.
func BenchmarkRead(b *testing.B) {
	for _, fit := range []bool{true, false} {
		b.Run(fmt.Sprintf("fit=%v", fit), func(b *testing.B) {
			p := &program{rng: rand.New(rand.NewPCG(5, 5)), gates: []int{0, 1, 2, 3}, family: "full", axes: "nrk",
				X: 16, H: 16, O: 3, T: 20, N: 1, M: 20, kind: "squared", factor: 0.5, readout: true}
			p.x = &array{name: "x", data: make([]complex128, p.T*p.X)}
			for i := range p.x.data {
				p.x.data[i] = complex(p.rng.NormFloat64(), 0)
			}
			p.target = make([]float64, p.T*p.O)
			for _, rows := range []string{"x", "h", "1"} {
				for k, gate := range []int{3, 1, 0, 2} {
					p.single(fmt.Sprint("t", rows, k), gate, rows, true)
				}
			}
			p.dense()
			for _, a := range p.arrays {
				for i := range a.data {
					a.data[i] *= 0.3
				}
			}
			w := &writer{digits: 17}
			loss := real(p.loss())
			if !fit {
				loss *= 1.01
			}
			w.write("loss", []float64{loss}, nil)
			w.write("x", real64(p.x.data), []int{p.T, p.X})
			w.write("target", p.target, []int{p.T, p.O})
			var params []string
			for _, a := range p.arrays {
				params = append(params, fmt.Sprintf("%q: %s", a.name, w.nest(real64(a.data), a.shape)))
			}
			w.texts = append(w.texts, `"params": {`+strings.Join(params, ", ")+"}", `"grads": {}`)
			d, err := given.ParseJSON(strings.NewReader("{"+strings.Join(w.texts, ",")+"}"), 1<<30)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := Read(d); (err == nil) != fit {
					b.Fatal(err)
				}
			}
		})
	}
}
