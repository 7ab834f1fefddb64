package cause

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"lstm/check"
	"lstm/check/chain"
	"lstm/check/mistake"
	"lstm/check/pass"
	"lstm/check/scalar"
)

// ofCell returns a point of a cell with random numbers, and the gradients of its parameters with some lines.
func ofCell(k pass.Kind, sequences int, seed uint64, edit func(l *pass.Lines)) (*pass.Point, []chain.Array) {
	return ofSize(k, sequences, 4, seed, edit)
}

func ofSize(k pass.Kind, sequences, steps int, seed uint64, edit func(l *pass.Lines)) (*pass.Point, []chain.Array) {
	k.Per = 1
	n := pass.Net{Net: scalar.Net{X: 2, H: 3, O: 2, T: steps}, N: sequences, Kind: k}
	rng := rand.New(rand.NewPCG(seed, 16))
	v, target := make([]float64, n.Len()), make([]float64, n.N*n.T*n.O)
	for i := range v {
		if i < n.Params() || i >= n.Peep(0, 0) || (i-n.Params())%n.Sequence(1)+n.Params() < n.Z(0, 0, 0) {
			v[i] = rng.NormFloat64()
		}
	}
	for i := range target {
		target[i] = rng.NormFloat64()
	}
	p, l := pass.New(n, v, target), pass.Right()
	edit(l)
	b := p.Backward(l)
	array := func(name string, from, to int) (a chain.Array) {
		a.Name, a.Shape, a.Value, a.Bar = name, []int{to - from}, b[from:to], make([]float64, to-from)
		for i := from; i < to; i++ {
			a.Of = append(a.Of, []chain.Term{{Index: i, Times: 1}})
		}
		return a
	}
	arrays := []chain.Array{array("W", 0, n.B(0, 0)), array("b", n.B(0, 0), n.Wy(0, 0)), array("Wy", n.Wy(0, 0), n.By(0)), array("by", n.By(0), n.Params())}
	if k.Peephole {
		for a, name := range []string{"pi", "pf", "po"} {
			arrays = append(arrays, array(name, n.Peep(a, 0), n.Peep(a, 0)+n.H))
		}
	}
	return p, arrays
}

// TestCellOfPeepholes names each mistake at the peepholes, and says the terms of the peepholes in the right line.
func TestCellOfPeepholes(t *testing.T) {
	k := pass.Kind{Peephole: true}
	n := pass.Net{Net: scalar.Net{X: 2, H: 3, O: 2, T: 4}, N: 1, Kind: k}
	tried := 0
	for _, e := range mistake.All(n) {
		if !strings.Contains(e.What, "peephole") {
			continue
		}
		tried++
		p, arrays := ofCell(k, 1, 1, e.Edit)
		causes, _ := Causes(p, arrays, nil)
		if len(causes) != 1 || causes[0].Likely != e.What || !strings.Contains(e.Right, "p") {
			t.Errorf("%s: %+v", e.What, causes)
		}
	}
	if tried != 7 {
		t.Errorf("%d mistakes", tried)
	}
}

// TestCellOfLine says an unknown line as the cell has it: no term is left out, and none is invented.
func TestCellOfLine(t *testing.T) {
	odd := func(l *pass.Lines) {
		dc := l.DC
		l.DC = func(p *pass.Place) float64 { return dc(p) + 0.37*p.C }
	}
	for _, c := range []struct {
		kind pass.Kind
		want string
	}{
		{pass.Kind{}, "dc = dh∘o∘(1−tanh²c) + dc′"},
		{pass.Kind{Linear: true}, "dc = dh∘o + dc′"},
		{pass.Kind{Peephole: true}, "dc = dh∘o∘(1−tanh²c) + dc′ + po∘dz_o"},
	} {
		p, arrays := ofCell(c.kind, 1, 2, odd)
		causes, _ := Causes(p, arrays, nil)
		if len(causes) != 1 || causes[0].Kind != "line" || causes[0].Line != c.want {
			t.Errorf("%+v: %+v", c.kind, causes)
		}
	}
	p, arrays := ofCell(pass.Kind{Peephole: true}, 1, 3, func(*pass.Lines) {})
	for i := range arrays[6].Value {
		arrays[6].Value[i] += 0.1 * float64(i*i+1)
	}
	if causes, _ := Causes(p, arrays, nil); len(causes) != 1 || causes[0].Line != "the sum over the steps for po" {
		t.Errorf("po: %+v", causes)
	}
}

// TestKept names dh and dc that are not reset between the sequences, for batches with and without redundant sums.
func TestKept(t *testing.T) {
	for _, keeps := range [][2]bool{{true, true}, {true, false}, {false, true}} {
		for _, sequences := range []int{2, 3} {
			p, arrays := ofCell(pass.Kind{}, sequences, 4, func(l *pass.Lines) { l.Keeps = keeps })
			causes, others := Causes(p, arrays, nil)
			if len(causes) != 1 || !strings.Contains(causes[0].Likely, "not reset between the sequences") || len(others) > 0 ||
				keeps[0] != strings.Contains(causes[0].Line, "dh") || keeps[1] != strings.Contains(causes[0].Line, "dc") {
				t.Errorf("%v, %d sequences: %+v, %+v", keeps, sequences, causes, others)
			}
		}
	}
}

// TestPenalty finds a penalty before it lists lines: on all parameters and on the weights alone, with as many steps as the
// sums determine and with more. X+H+1 is 6.
func TestPenalty(t *testing.T) {
	for _, c := range []struct{ sequences, arrays int }{{1, 4}, {1, 1}, {3, 4}, {3, 2}} {
		p, arrays := ofCell(pass.Kind{}, c.sequences, 5, func(*pass.Lines) {})
		for _, a := range arrays[:c.arrays] {
			for i := range a.Value {
				a.Value[i] += 0.01 * p.V[a.Of[i][0].Index]
			}
		}
		if causes, _ := Causes(p, arrays, nil); len(causes) != 1 || causes[0].Kind != "penalty" || !strings.Contains(causes[0].Line, "0.01 ") {
			t.Errorf("%+v: %+v", c, causes)
		}
		if arrays[0].Value[3] += 0.5; c.arrays > 1 {
			continue
		}
		if causes, _ := Causes(p, arrays, nil); slices.ContainsFunc(causes, func(c check.Cause) bool { return c.Kind == "penalty" }) {
			t.Errorf("%+v: an entry is off by more: %+v", c, causes)
		}
	}
}

// TestNothingRedundant invents no lines where the sums determine every dz and nothing is left to tell: with X+H+1 steps, any
// numbers come from some dz. A single wrong line is found all the same.
func TestNothingRedundant(t *testing.T) {
	for seed := range uint64(1) {
		p, arrays := ofSize(pass.Kind{}, 2, 3, 10+seed, func(*pass.Lines) {})
		rng := rand.New(rand.NewPCG(seed, 17))
		for _, a := range arrays {
			for i := range a.Value {
				a.Value[i] += 0.1 * rng.NormFloat64()
			}
		}
		if causes, others := Causes(p, arrays, nil); len(causes) > 0 || len(others) > 0 {
			t.Errorf("noise: %+v", causes)
		}
		p, arrays = ofSize(pass.Kind{}, 2, 3, 10+seed, func(l *pass.Lines) {
			l.DZ[pass.F] = func(p *pass.Place) float64 { return p.DC * p.CPrev * (p.F + 0.31*p.C) }
		})
		if causes, _ := Causes(p, arrays, nil); len(causes) != 1 || causes[0].Line != "dz_f = dc∘c′∘f(1−f)" {
			t.Errorf("one line: %+v", causes)
		}
	}
}

// TestClipped names dz that is cut, at all gates and at one, from parameters alone.
func TestClipped(t *testing.T) {
	for _, gates := range [][]int{{pass.I, pass.F, pass.O, pass.G}, {pass.G}} {
		p, arrays := ofCell(pass.Kind{}, 1, 6, func(l *pass.Lines) {
			for _, a := range gates {
				own := l.DZ[a]
				l.DZ[a] = func(p *pass.Place) float64 { return max(-0.03, min(0.03, own(p))) }
			}
		})
		causes, _ := Causes(p, arrays, nil)
		if len(causes) != 1 || causes[0].Kind != "clipped" || !strings.Contains(causes[0].Likely, "±0.03,") || strings.Contains(causes[0].Line, "dzg") != (len(gates) == 1) {
			t.Errorf("%v: %+v", gates, causes)
		}
	}
}

// TestHandedMore names the mistakes in what is handed back, one by one, with the gradient of the initial state and with few digits.
func TestHandedMore(t *testing.T) {
	n := pass.Net{Net: scalar.Net{X: 2, H: 3, O: 2, T: 4}, N: 1}
	tried := 0
	for _, e := range mistake.All(n) {
		if !strings.Contains(e.What, "handed back is added up") && !strings.Contains(e.What, "to the dh that is handed") && !strings.Contains(e.What, "to the dc that is handed") &&
			!strings.Contains(e.What, "change places in the dh") && !strings.Contains(e.What, "1 − h²") {
			continue
		}
		tried++
		p, arrays := ofCell(pass.Kind{}, 3, 7, e.Edit)
		for _, a := range arrays {
			for i, v := range a.Value {
				a.Value[i], a.Bar[i] = float64(float32(v)), 1e-6*max(v, -v)
			}
		}
		if causes, _ := Causes(p, arrays, nil); len(causes) != 1 || causes[0].Likely != e.What {
			t.Errorf("%s: %+v", e.What, causes)
		}
	}
	if tried != 11 {
		t.Errorf("%d mistakes", tried)
	}
}
