package scalar

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"lstm/check"
)

// TestFair: a fair point gets no warning. An unfair point gets a warning for each fault. The last
// warning names the blocks whose gradients show nothing.
func TestFair(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(9, 9))
	for range 20 {
		n, v, target := FairPoint(rng)
		if w := Fair(n, v, target); len(w) > 0 {
			t.Errorf("%v is fair, but: %v", n, w)
		}
	}
	n := Net{X: 2, H: 3, O: 2, T: 5}
	one := Net{X: 2, H: 3, O: 2, T: 1}
	zero := func(n Net, v []float64) { clear(v[n.H0(0):n.C0(n.H)]) }
	scaled := func(largest float64) func(n Net, v []float64) { // the largest weight; the biases in proportion
		return func(n Net, v []float64) {
			most := 0.0
			for _, x := range v[:n.B(0, 0)] {
				most = max(most, math.Abs(x))
			}
			for i := range n.Wy(0, 0) {
				v[i] *= largest / most
			}
		}
	}
	for name, c := range map[string]struct {
		n      Net
		edit   func(n Net, v []float64)
		faults int
		blocks string // the blocks that the last warning names
	}{
		"one step":  {one, func(n Net, v []float64) {}, 1, ""},
		"from zero": {one, zero, 3, "bf"}, // one step, and the gradients of Wf and bf are zero
		"tiny": {n, func(n Net, v []float64) {
			for i := range n.B(0, 0) {
				v[i] *= 1e-5
			}
		}, 1, ""},
		"saturated": {n, func(n Net, v []float64) {
			for j := range n.H {
				v[n.B(O, j)] = 30
			}
		}, 1, ""},
		"almost tiny":    {n, scaled(0.99e-3), 1, ""},
		"not tiny":       {n, scaled(1.01e-3), 0, ""},
		"biases of zero": {n, func(n Net, v []float64) { clear(v[n.B(0, 0):n.Wy(0, 0)]) }, 4, "bg"},
		"one output":     {Net{X: 2, H: 3, O: 1, T: 5}, func(n Net, v []float64) {}, 1, "mean"},
		"one symbol":     {Net{X: 2, H: 3, O: 1, T: 5, Softmax: true}, func(n Net, v []float64) {}, 0, ""},
		"zero state":     {n, zero, 0, ""},
		"g saturated": {n, func(n Net, v []float64) { // the slope of tanh at −4.5 is 0.49e-3
			clear(v[n.W(G, 0, 0):n.B(0, 0)])
			for j := range n.H {
				v[n.B(G, j)] = -4.5
			}
		}, 2, "Wg"},
		"just saturated": {n, func(n Net, v []float64) { // the slope of σ at 8.35 is 0.94e-3 of the largest
			clear(v[n.W(O, 0, 0):n.W(G, 0, 0)])
			for j := range n.H {
				v[n.B(O, j)] = 8.35
			}
		}, 2, "Wo"},
		"nearly saturated": {n, func(n Net, v []float64) { // the slope of σ at 8.2 is 1.1e-3 of the largest
			clear(v[n.W(O, 0, 0):n.W(G, 0, 0)])
			for j := range n.H {
				v[n.B(O, j)] = 8.2
			}
		}, 1, "Wo"},
		"just shut": {n, func(n Net, v []float64) { // the slope of σ at −8.35 is 0.94e-3 of the largest
			clear(v[n.W(F, 0, 0):n.W(O, 0, 0)])
			for j := range n.H {
				v[n.B(F, j)] = -8.35
			}
		}, 2, "Wf"},
		"alike": {one, func(n Net, v []float64) { // f = i and c′ = g
			copy(v[n.W(F, 0, 0):n.W(O, 0, 0)], v[n.W(I, 0, 0):n.W(F, 0, 0)])
			copy(v[n.B(F, 0):n.B(O, 0)], v[n.B(I, 0):n.B(F, 0)])
			tr := Forward(n, v, make([]float64, n.T*n.O))
			copy(v[n.C0(0):n.C0(n.H)], tr.Gate[0][G])
		}, 3, "bi bf"},
	} {
		v, target := Random(rng, c.n, 0.8), RandomTarget(rng, c.n)
		c.edit(c.n, v)
		w := Fair(c.n, v, target)
		if len(w) != c.faults {
			t.Errorf("%s: %d warnings, want %d: %q", name, len(w), c.faults, w)
			continue
		}
		for _, b := range strings.Fields(c.blocks) {
			if !strings.Contains(w[len(w)-1], b) {
				t.Errorf("%s: %q does not name %s", name, w[len(w)-1], b)
			}
		}
	}
}

// TestFairPoint: the sizes and the numbers of fair points.
func TestFairPoint(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(20, 1))
	sizes := make(map[Net]bool)
	sum, count := 0.0, 0
	for range 2000 {
		n, v, target := FairPoint(rng)
		sizes[n] = true
		for i, x := range v {
			if i < n.Z(0, 0, 0) {
				sum, count = sum+x*x, count+1
			} else if x != 0 {
				t.Fatalf("%v: %s is %v", n, n.Name(i), x)
			}
		}
		if len(target) != n.T*n.O {
			t.Fatalf("%v: %d targets", n, len(target))
		}
	}
	for n := range sizes {
		for _, size := range []int{n.X, n.H, n.O} {
			if size < 2 || size > 3 {
				t.Errorf("%+v", n)
			}
		}
		if n.T < 4 || n.T > 6 {
			t.Errorf("%+v", n)
		}
	}
	if deviation := math.Sqrt(sum / float64(count)); len(sizes) != 2*2*2*3 || math.Abs(deviation-0.8) > 0.01 {
		t.Errorf("%d sizes, a deviation of %v", len(sizes), deviation)
	}
}

// TestOneStep: at one step, the warning depends on whether any entry of the state is not zero.
func TestOneStep(t *testing.T) {
	t.Parallel()
	n := Net{X: 2, H: 3, O: 2, T: 1}
	rng := rand.New(rand.NewPCG(20, 2))
	v, target := Random(rng, n, 0.8), RandomTarget(rng, n)
	first := func(states ...int) string {
		clear(v[n.H0(0):n.C0(n.H)])
		for _, i := range states {
			v[i] = 0.5
		}
		return Fair(n, v, target)[0]
	}
	zero, some := first(), first(n.H0(1), n.C0(1))
	if zero == some || first(n.H0(0)) != some || first(n.C0(n.H-1)) != some {
		t.Errorf("%q from the zero state, %q from another, %q and %q with one entry", zero, some, first(n.H0(0)), first(n.C0(n.H-1)))
	}
}

// TestPoint: Entry and Results compare a gradient with the measured one, without z.
func TestPoint(t *testing.T) {
	t.Parallel()
	n := Net{X: 1, H: 2, O: 2, T: 2}
	p := &Point{Net: n, Measured: make([]check.Entry, n.Len())}
	grad := make([]float64, n.Len())
	for i := range grad {
		grad[i] = float64(i - n.Len())
		p.Measured[i] = check.Entry{Numeric: grad[i], Bar: 0.1, Verdict: check.Unresolved}
	}
	grad[1], grad[2], grad[3] = grad[1]-0.05, grad[2]-0.2, math.NaN()
	for i, want := range []check.Verdict{check.Right, check.Right, check.Wrong, check.Wrong, check.Right} {
		if e := p.Entry(grad, i); e.Verdict != want || p.Wrong(grad, i) != (want == check.Wrong) || e.Numeric != float64(i-n.Len()) || e.Bar != 0.1 {
			t.Errorf("entry %d: %+v, want verdict %v", i, e, want)
		}
	}
	results, blocks := p.Results(grad), n.Blocks()
	if len(results) != len(blocks)-1 {
		t.Fatalf("%d results of %d blocks", len(results), len(blocks))
	}
	for k, r := range results {
		b := blocks[k]
		if r.Name != b.Name || len(r.Entries) != b.To-b.From || r.Scale != float64(n.Len()-b.From) || r.Entries[0].Numeric != -r.Scale {
			t.Errorf("%s: %s with %d entries, scale %v", b.Name, r.Name, len(r.Entries), r.Scale)
		}
	}
	if wrong := results[0].With(check.Wrong); len(wrong) != 2 {
		t.Errorf("%d entries of Wi are wrong", len(wrong))
	}
}

// TestMeasure: Measure measures every entry of v, in order, and names it. It restores v.
func TestMeasure(t *testing.T) {
	t.Parallel()
	n := Net{X: 1, H: 2, O: 2, T: 2}
	rng := rand.New(rand.NewPCG(20, 3))
	v, target := Random(rng, n, 0.8), RandomTarget(rng, n)
	before := slices.Clone(v)
	want, grad := Backward(n, v, target)
	p, err := Measure(n, v, target, grad, func() float64 { return Forward(n, v, target).Loss })
	if err != nil || p.Loss != want || len(p.Measured) != n.Len() || !slices.Equal(v, before) {
		t.Fatalf("%v, %+v", err, p)
	}
	for i, e := range p.Measured {
		if e.Name != n.Name(i) || e.Analytic != grad[i] || e.Verdict != check.Right {
			t.Errorf("entry %d, %s: %+v", i, n.Name(i), e)
		}
	}
}
