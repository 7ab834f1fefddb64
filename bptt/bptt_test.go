package bptt

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"lstm/cell"
	"lstm/check"
	"lstm/tensor/assert"
)

// golden is a file of testdata. It has the numbers of torch.nn.LSTM and torch.nn.Linear in float64,
// with PyTorch's names and layout.
type golden struct {
	X, H, O, T               int
	Loss                     float64
	Inputs, Targets, Outputs []float64
	H0, C0, HT, CT           []float64
	DInputs, DH0, DC0        []float64
	Weights, Grads           map[string][]float64
}

// fromTorch copies PyTorch's tensors into p: 4H rows in the gate order i f g o become 4H columns in the order i
// f o g. PyTorch has two biases, and p has their sum.
func fromTorch(p *cell.Params, m map[string][]float64, biases float64) {
	order := []int{0, 1, 3, 2} // our gate n is PyTorch's gate order[n]
	for n, theirs := range order {
		for j := range p.H {
			row, col := theirs*p.H+j, n*p.H+j
			for k := range p.X {
				p.Wx[k*4*p.H+col] = m["lstm.weight_ih_l0"][row*p.X+k]
			}
			for k := range p.H {
				p.Wh[k*4*p.H+col] = m["lstm.weight_hh_l0"][row*p.H+k]
			}
			p.B[col] = m["lstm.bias_ih_l0"][row] + biases*m["lstm.bias_hh_l0"][row]
		}
	}
	for o := range p.O {
		for j := range p.H {
			p.Wy[j*p.O+o] = m["linear.weight"][o*p.H+j]
		}
	}
	copy(p.By, m["linear.bias"])
}

// TestTorch: every output, loss and gradient equals PyTorch's, within 1e-11 of the largest entry of
// its tensor. The losses are the squared error at every step, and the cross-entropy of the last steps
// (testdata/softmax.py).
func TestTorch(t *testing.T) {
	for pattern, loss := range map[string]Loss{"torch": SquaredError{}, "softmax": CrossEntropy{}} {
		files, _ := filepath.Glob("testdata/" + pattern + "_x*.json")
		if len(files) < 3 {
			t.Fatalf("%d golden files for %s, want 3 and more", len(files), pattern)
		}
		for _, file := range files {
			t.Run(filepath.Base(file), func(t *testing.T) { torch(t, file, loss) })
		}
	}
}

func torch(t *testing.T, file string, loss Loss) {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var g golden
	if err := json.Unmarshal(data, &g); err != nil {
		t.Fatal(err)
	}
	p, grad, want := cell.New(g.X, g.H, g.O), cell.New(g.X, g.H, g.O), cell.New(g.X, g.H, g.O)
	fromTorch(p, g.Weights, 1)
	fromTorch(want, g.Grads, 0) // dL/db is the gradient of either bias

	const tol = 1e-11
	w := New(p, g.T+3)
	w.Loss = loss
	l := w.Forward(g.Inputs, g.Targets, g.H0, g.C0)
	w.Backward(grad)
	assert.Near(t, "loss", []float64{l}, []float64{g.Loss}, tol)
	assert.Near(t, "outputs", w.Y, g.Outputs, tol)
	assert.Near(t, "hT", w.HT, g.HT, tol)
	assert.Near(t, "cT", w.CT, g.CT, tol)
	assert.Near(t, "dinputs", w.DX(), g.DInputs, tol)
	assert.Near(t, "dh0", w.DH0, g.DH0, tol)
	assert.Near(t, "dc0", w.DC0, g.DC0, tol)
	assert.Near(t, "dWx", grad.Wx, want.Wx, tol)
	assert.Near(t, "dWh", grad.Wh, want.Wh, tol)
	assert.Near(t, "db", grad.B, want.B, tol)
	assert.Near(t, "dWy", grad.Wy, want.Wy, tol)
	assert.Near(t, "dby", grad.By, want.By, tol)
}

// wave returns a small network with made-up parameters, and T steps for it.
func wave(T int) (p *cell.Params, x, target, h0, c0 []float64) {
	p = cell.New(2, 6, 3)
	fill := func(v []float64, f float64) []float64 {
		for i := range v {
			v[i] = math.Sin(f * float64(i+1))
		}
		return v
	}
	fill(p.All, 1.3)
	return p, fill(make([]float64, 2*T), 0.7), fill(make([]float64, 3*T), 0.4),
		fill(make([]float64, 6), 2.1), fill(make([]float64, 6), 0.9)
}

// TestWindowReuse: a run of a window does not change a later run, whatever its length. Backward adds to
// the gradient.
func TestWindowReuse(t *testing.T) {
	p, x, target, h0, c0 := wave(9)
	run := func(w *Window, g *cell.Params, n int) (float64, []float64) {
		loss := w.Forward(x[:2*n], target[:3*n], h0, c0)
		w.Backward(g)
		return loss, append(append(append([]float64(nil), w.DX()...), w.DH0...), w.DC0...)
	}
	fresh := cell.New(2, 6, 3)
	wantLoss, want := run(New(p, 4), fresh, 4)

	w := New(p, 9)
	run(w, cell.New(2, 6, 3), 9)
	run(w, cell.New(2, 6, 3), 1)
	g := cell.New(2, 6, 3)
	loss, got := run(w, g, 4)
	if loss != wantLoss {
		t.Errorf("loss %v in a used window, %v in a new one", loss, wantLoss)
	}
	assert.Near(t, "dx, dh0, dc0", got, want, 0)
	assert.Near(t, "gradient", g.All, fresh.All, 0)

	run(w, g, 4)
	for i := range fresh.All {
		fresh.All[i] *= 2
	}
	assert.Near(t, "gradient added twice", g.All, fresh.All, 1e-15)
}

// TestSplit: two windows compute the same as one long window, to the bit, if the second starts from the
// final state of the first.
func TestSplit(t *testing.T) {
	p, x, target, h0, c0 := wave(9)
	long, first, second := New(p, 9), New(p, 4), New(p, 5)
	long.Forward(x, target, h0, c0)
	first.Forward(x[:8], target[:12], h0, c0)
	second.Forward(x[8:], target[12:], first.HT, first.CT)
	assert.Near(t, "outputs", append(append([]float64(nil), first.Y...), second.Y...), long.Y, 0)
	assert.Near(t, "hT", second.HT, long.HT, 0)
	assert.Near(t, "cT", second.CT, long.CT, 0)
}

// TestLoss compares the loss with its definition, summed in the same order, bit for bit.
func TestLoss(t *testing.T) {
	p, x, target, h0, c0 := wave(5)
	w := New(p, 5)
	got, want := w.Forward(x, target, h0, c0), 0.0
	mean := 1 / float64(p.O)
	for n := range 5 {
		sum := 0.0
		for o := range 3 {
			d := w.Y[3*n+o] - target[3*n+o]
			sum = math.FMA(d, d, sum)
			if dy := 2 * d * mean; w.dy[3*n+o] != dy {
				t.Errorf("dy[%d,%d] = %v, want %v", n, o, w.dy[3*n+o], dy)
			}
		}
		want += float64(sum * mean)
	}
	if got != want {
		t.Errorf("loss %v, want %v", got, want)
	}
}

// TestNudge: the derivative with respect to Nudge is DZ, at zero and elsewhere. Nudge may have more rows than x,
// and a window more steps.
func TestNudge(t *testing.T) {
	p, x, target, h0, c0 := wave(3)
	w, g := New(p, 5), cell.New(2, 6, 3)
	plain := w.Forward(x, target, h0, c0)
	w.Nudge = make([]float64, 4*24)
	if loss := w.Forward(x, target, h0, c0); loss != plain {
		t.Errorf("the loss is %v, and %v without a Nudge", loss, plain)
	}
	for _, size := range []float64{0, 0.1} {
		for i := range w.Nudge {
			w.Nudge[i] = size * math.Sin(float64(i))
		}
		loss := w.Forward(x, target, h0, c0)
		w.Backward(g)
		results, err := check.Gradients(func() float64 { return w.Forward(x, target, h0, c0) },
			[]check.Param{{Name: "z", Value: w.Nudge[:3*24], Grad: slices.Clone(w.DZ)}}, check.Options{Loss: loss})
		if err != nil {
			t.Fatal(err)
		}
		if n := len(results[0].With(check.Right)); n != 3*24 {
			t.Errorf("%v: %d of 72 entries of DZ are right", size, n)
		}
	}
}

// TestModel: a window of a model has its loss. Follow gives the outputs of a window.
func TestModel(t *testing.T) {
	p, x, target, _, _ := wave(4)
	for i := range 4 {
		Softmax(target[3*i:3*i+3], target[3*i:3*i+3])
	}
	zero := make([]float64, 6)
	for _, loss := range losses {
		m := Model{Params: p, Loss: loss}
		w, dy := m.Window(7), make([]float64, 12)
		if l := w.Forward(x, target, zero, zero); l != loss.Measure(dy, w.Y, target, 3) || w.Len() != 7 || len(w.Steps()) != 4 {
			t.Errorf("%T: loss %v, %d of %d steps", loss, l, len(w.Steps()), w.Len())
		}
		next := m.Follow()
		for n := range 4 {
			assert.Near(t, "outputs", next(x[2*n:2*n+2]), w.Y[3*n:3*n+3], 0)
		}
	}
}

// TestFewTargets: steps without a target have no loss and no dy. Without any target, the loss and the gradient
// are zero.
func TestFewTargets(t *testing.T) {
	p, x, target, h0, c0 := wave(4)
	all, few := New(p, 4), New(p, 6)
	want, got := cell.New(2, 6, 3), cell.New(2, 6, 3)
	for m := range 5 {
		all.Forward(x, target, h0, c0)
		copy(target[:3*(4-m)], all.Y) // no error at the steps before
		clear(want.All)
		clear(got.All)
		loss := all.Forward(x, target, h0, c0)
		all.Backward(want)
		if l := few.Forward(x, target[3*(4-m):], h0, c0); l != loss || len(few.Y) != 3*m || (l == 0) != (m == 0) {
			t.Errorf("%d targets: loss %v, want %v; %d outputs", m, l, loss, len(few.Y))
		}
		few.Backward(got)
		assert.Near(t, "gradient", got.All, want.All, 0)
		assert.Near(t, "dx", few.DX(), all.DX(), 0)
		_, _, target, _, _ = wave(4)
	}
}

// TestStateCopied: h0 and c0 may change after Forward, and they may be the window's own final state.
func TestStateCopied(t *testing.T) {
	p, x, target, h0, c0 := wave(5)
	w, g, want := New(p, 5), cell.New(2, 6, 3), cell.New(2, 6, 3)
	w.Forward(x, target, h0, c0)
	w.Backward(want)
	w.Forward(x, target, h0, c0)
	hT, cT := append([]float64(nil), w.HT...), append([]float64(nil), w.CT...)
	clear(h0)
	clear(c0)
	w.Backward(g)
	assert.Near(t, "gradient", g.All, want.All, 0)
	if again, fresh := w.Forward(x, target, w.HT, w.CT), New(p, 5).Forward(x, target, hT, cT); again != fresh {
		t.Errorf("loss from the window's own final state %v, from a copy %v", again, fresh)
	}
}

func TestAllocations(t *testing.T) {
	p, x, target, h0, c0 := wave(9)
	w, g := New(p, 9), cell.New(2, 6, 3)
	if n := testing.AllocsPerRun(10, func() {
		w.Forward(x, target, h0, c0)
		w.Backward(g)
	}); n != 0 {
		t.Errorf("%v allocations a pass", n)
	}
}

func TestShapes(t *testing.T) {
	p, x, target, h0, c0 := wave(4)
	w := New(p, 3)
	for name, f := range map[string]func(){
		"no steps":     func() { w.Forward(nil, nil, h0, c0) },
		"too many":     func() { w.Forward(x, target, h0, c0) },
		"ragged x":     func() { w.Forward(x[:3], target[:3], h0, c0) },
		"short target": func() { w.Forward(x[:4], target[:5], h0, c0) },
		"long h0":      func() { w.Forward(x[:4], target[:6], append(h0, 0), c0) },
		"long c0":      func() { w.Forward(x[:4], target[:6], h0, append(c0, 0)) },
		"short h0":     func() { w.Forward(x[:4], target[:6], h0[1:], c0) },
		"short c0":     func() { w.Forward(x[:4], target[:6], h0, c0[1:]) },
		"New":          func() { New(p, 0) },
		"more targets": func() { w.Forward(x[:2], target[:6], h0, c0) },
		"less than 1":  func() { w.Forward(x[:2], target[:1], h0, c0) },
		"Nudge":        func() { w := New(p, 3); w.Nudge = make([]float64, 24); w.Forward(x[:4], target[:6], h0, c0) },
		"no stride":    func() { NewStream(p, 3, 0) },
		"long stride":  func() { NewStream(p, 3, 4) },
		"old targets":  func() { s := NewStream(p, 3, 2); s.Start(h0, c0); s.Forward(x[:2], target[:6]) },
		"short start":  func() { NewStream(p, 3, 2).Start(h0[1:], c0) },
		"long start":   func() { NewStream(p, 3, 2).Start(h0, append(c0, 0)) },
		"long Forward": func() { NewStream(p, 3, 2).Forward(x[:6], target[:9]) },
		"Backward":     func() { New(p, 3).Backward(cell.New(2, 6, 3)) },
		"Softmax":      func() { Softmax(x[:2], x[:3]) },
		"no Softmax":   func() { Softmax(nil, nil) },
	} {
		func() {
			defer func() {
				if s, ok := recover().(string); !ok || len(s) < 6 || s[:6] != "bptt: " {
					t.Errorf("%s: no panic that names the package", name)
				}
			}()
			f()
		}()
	}
}

// TestMeasureShapes: Measure panics unless its slices are the same number of rows.
func TestMeasureShapes(t *testing.T) {
	v := make([]float64, 9)
	for _, loss := range losses {
		for _, c := range [][4]int{{6, 6, 9, 3}, {6, 9, 6, 3}, {9, 6, 6, 3}, {4, 4, 4, 3}, {3, 3, 3, 0}, {3, 3, 3, -1}} {
			func() {
				defer func() {
					if s, ok := recover().(string); !ok || !strings.HasPrefix(s, "bptt: ") {
						t.Errorf("%T, %v: no panic that names the package", loss, c)
					}
				}()
				loss.Measure(make([]float64, c[0]), v[:c[1]], v[:c[2]], c[3])
			}()
		}
	}
}

// The example computes the loss of two steps from two initial states, and the derivative with respect to c0.
func Example() {
	p := cell.New(1, 1, 1)
	copy(p.B, []float64{0, 2, 2, 0}) // forget and output gate mostly open
	p.Wy[0] = 1
	w := New(p, 2)
	x, target := []float64{0, 0}, []float64{0, 0}
	g := cell.New(1, 1, 1)

	fmt.Printf("loss from c0 = 0: %.4f\n", w.Forward(x, target, []float64{0}, []float64{0}))
	fmt.Printf("loss from c0 = 1: %.4f\n", w.Forward(x, target, []float64{0}, []float64{1}))
	w.Backward(g)
	fmt.Printf("dL/dc0 there: %.4f\n", w.DC0[0])
	// Output:
	// loss from c0 = 0: 0.0000
	// loss from c0 = 1: 0.7157
	// dL/dc0 there: 0.9351
}
