package scalar

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// TestComplexStep compares Backward with the complex-step derivative, entry by entry, for both
// losses, with targets at all steps or at the last ones.
func TestComplexStep(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	for k := range 100 {
		n := Net{X: 1 + rng.IntN(3), H: 1 + rng.IntN(4), O: 1 + rng.IntN(3), T: 1 + rng.IntN(6), Softmax: k%2 == 1}
		v, target := Random(rng, n, 0.8), RandomTarget(rng, n)
		if k%4 > 1 {
			target = target[rng.IntN(n.T)*n.O:]
		}
		if n.Softmax {
			for row := target; len(row) > 0; row = row[n.O:] {
				p, _ := Softmax(row[:n.O])
				copy(row, p)
			}
		}
		_, grad := Backward(n, v, target)
		for _, b := range n.Blocks() {
			largest, worst := 0.0, 0.0
			for i := b.From; i < b.To; i++ {
				d := ComplexStep(n, v, target, i)
				largest = max(largest, math.Abs(d))
				worst = max(worst, math.Abs(d-grad[i]))
			}
			if worst > 1e-12*largest {
				t.Errorf("%v: %s is off by %.1e of %.1e", n, b.Name, worst, largest)
			}
		}
	}
}

// TestFunctions compares exp, tanh and log with package math. They differ by at most two units in the last
// place of the result, or of 1 if 1 is larger.
func TestFunctions(t *testing.T) {
	t.Parallel()
	for x := 1.0; x < 5000; x *= 1.0003 {
		if y := realLog(x); math.Abs(y-math.Log(x)) > 4.5e-16*max(1, math.Log(x)) {
			t.Fatalf("log %v = %v, want %v", x, y, math.Log(x))
		}
	}
	for x := -40.0; x < 40; x += 0.001 {
		for name, p := range map[string][2]float64{"exp": {realExp(x), math.Exp(x)}, "tanh": {realTanh(x), math.Tanh(x)}} {
			if math.Abs(p[0]-p[1]) > 4.5e-16*math.Abs(p[1]) {
				t.Fatalf("%s %v = %v, want %v", name, x, p[0], p[1])
			}
		}
	}
}

// TestFarOut: exp and tanh at the ends of their ranges.
func TestFarOut(t *testing.T) {
	t.Parallel()
	for _, x := range []float64{-700, -300, 300, 700, 709.7} {
		if got, want := realExp(x), math.Exp(x); math.Abs(got-want) > 1e-15*want {
			t.Errorf("exp %v = %v, want %v", x, got, want)
		}
	}
	for _, x := range []float64{750, 1e4, 1e300, math.Inf(1)} {
		if up, down := realExp(x), realExp(-x); !math.IsInf(up, 1) || down != 0 {
			t.Errorf("exp %v = %v, and %v below 0", x, up, down)
		}
		if realTanh(x) != 1 || realTanh(-x) != -1 {
			t.Errorf("tanh %v = %v, and %v below 0", x, realTanh(x), realTanh(-x))
		}
	}
	if !math.IsNaN(realExp(math.NaN())) || !math.IsNaN(realTanh(math.NaN())) {
		t.Errorf("exp NaN = %v, tanh NaN = %v", realExp(math.NaN()), realTanh(math.NaN()))
	}
}

// TestNames: the order of the vector, and the name of each entry.
func TestNames(t *testing.T) {
	t.Parallel()
	n := Net{X: 2, H: 3, O: 4, T: 2}
	var names []string
	next := func(index int, format string, args ...any) {
		if index != len(names) {
			t.Errorf("%s has index %d, want %d", fmt.Sprintf(format, args...), index, len(names))
		}
		names = append(names, fmt.Sprintf(format, args...))
	}
	for a, gate := range "ifog" {
		for k := range 5 {
			for j := range 3 {
				if k < 2 {
					next(n.W(a, k, j), "W%c[x%d→%d]", gate, k, j)
				} else {
					next(n.W(a, k, j), "W%c[h%d→%d]", gate, k-2, j)
				}
			}
		}
	}
	for a, gate := range "ifog" {
		for j := range 3 {
			next(n.B(a, j), "b%c[%d]", gate, j)
		}
	}
	for j := range 3 {
		for m := range 4 {
			next(n.Wy(j, m), "Wy[%d→%d]", j, m)
		}
	}
	for m := range 4 {
		next(n.By(m), "by[%d]", m)
	}
	if n.Params() != len(names) {
		t.Errorf("%d parameters, want %d", n.Params(), len(names))
	}
	for j := range 3 {
		next(n.H0(j), "h0[%d]", j)
	}
	for j := range 3 {
		next(n.C0(j), "c0[%d]", j)
	}
	for step := range 2 {
		for k := range 2 {
			next(n.In(step, k), "x[t%d,%d]", step, k)
		}
	}
	for step := range 2 {
		for a, gate := range "ifog" {
			for j := range 3 {
				next(n.Z(step, a, j), "z%c[t%d,%d]", gate, step, j)
			}
		}
	}
	if n.Len() != len(names) {
		t.Fatalf("%d entries, want %d", n.Len(), len(names))
	}
	for i, want := range names {
		if got := n.Name(i); got != want {
			t.Errorf("entry %d is %s, want %s", i, got, want)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("the entry after the last one has a name")
		}
	}()
	n.Name(n.Len())
}

// TestLengths: a vector or targets of the wrong length panic.
func TestLengths(t *testing.T) {
	n := Net{X: 1, H: 2, O: 2, T: 3}
	for _, c := range []struct {
		v, target int
		panics    bool
	}{
		{n.Len(), 6, false}, {n.Len(), 2, false}, {n.Len(), 0, false},
		{n.Len() - 1, 6, true}, {n.Len() + 1, 6, true}, {0, 0, true}, {n.Len(), 5, true}, {n.Len(), 8, true},
	} {
		v, target := make([]float64, c.v), make([]float64, c.target)
		for name, f := range map[string]func(){
			"Forward":     func() { Forward(n, v, target) },
			"Backward":    func() { Backward(n, v, target) },
			"ComplexStep": func() { ComplexStep(n, v, target, 0) },
			"Fair":        func() { Fair(n, v, target) },
		} {
			func() {
				defer func() {
					if got := recover() != nil; got != c.panics {
						t.Errorf("%s, %d of %d entries, %d targets: panics %v, want %v", name, c.v, n.Len(), c.target, got, c.panics)
					}
				}()
				f()
			}()
		}
	}
}

// The network has one unit, one input and one output, and runs two steps. The example computes the derivative
// of the loss with respect to the weight from the input to the forget gate, by backpropagation and by a complex
// step.
func ExampleBackward() {
	n := Net{X: 1, H: 1, O: 1, T: 2}
	v := make([]float64, n.Len())
	for i := range n.Params() {
		v[i] = 0.5
	}
	v[n.In(0, 0)], v[n.In(1, 0)] = 1, -2
	target := []float64{0, 1}
	loss, grad := Backward(n, v, target)
	i := n.W(F, 0, 0)
	fmt.Printf("loss %.4f\n", loss)
	fmt.Printf("%s %.12f %.12f\n", n.Name(i), grad[i], ComplexStep(n, v, target, i))
	// Output:
	// loss 0.6971
	// Wf[x0→0] 0.054116042562 0.054116042562
}
