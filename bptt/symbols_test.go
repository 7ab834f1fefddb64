package bptt

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"lstm/cell"
	"lstm/check"
	"lstm/tensor/assert"
)

const symbolsX = 24 // inputs of the networks below: enough for Forward to look for symbols

// someSymbols returns a network at a random point, T symbols as rows of x, and targets.
func someSymbols(seed uint64, T, H, O int) (p *cell.Params, x, target, h0, c0 []float64) {
	rng := rand.New(rand.NewPCG(seed, 1))
	random := func(n int) []float64 {
		v := make([]float64, n)
		for i := range v {
			v[i] = 0.5 * rng.NormFloat64()
		}
		return v
	}
	p = cell.New(symbolsX, H, O)
	copy(p.All, random(len(p.All)))
	x, target = make([]float64, T*symbolsX), random(T*O)
	for t := range T {
		x[t*symbolsX+rng.IntN(5)*rng.IntN(5)] = 1
		Softmax(row(target, t, O), row(target, t, O))
	}
	return p, x, target, random(H), random(H)
}

// dense returns x with −0 in place of 0. These rows are no symbols, and all products with them are the same.
func dense(x []float64) []float64 {
	x = slices.Clone(x)
	for i, v := range x {
		if v == 0 {
			x[i] = math.Copysign(0, -1)
		}
	}
	return x
}

// TestSymbols: rows that are symbols give the bits of the same rows as numbers: outputs, loss, state and all
// gradients, in windows and in streams, also if only some rows are symbols.
func TestSymbols(t *testing.T) {
	const T = 20
	for _, n := range [][2]int{{1, 1}, {5, 3}, {8, 24}, {17, 2}} { // H, O
		H, O := n[0], n[1]
		p, x, target, h0, c0 := someSymbols(uint64(H), T, H, O)
		numbers := dense(x)
		some := slices.Clone(x)
		for _, t := range []int{0, 3, 4, 5, 11, T - 1} {
			copy(row(some, t, symbolsX), row(numbers, t, symbolsX))
		}
		for _, loss := range losses {
			for _, cut := range [][2]int{{T, T}, {7, 3}, {6, 6}, {5, 1}} {
				run := func(x []float64, symbols bool) (all []float64) {
					s, g := NewStream(p, cut[0], cut[1]), cell.New(symbolsX, H, O)
					s.Loss = loss
					through(s, g, x, target, h0, c0, func(_ int, l float64) {
						all = slices.Concat(all, []float64{l}, s.Y, s.HT, s.CT, s.DX(), s.DH0, s.DC0)
						if (s.Symbols() != nil) != symbols {
							t.Errorf("%v: symbols %v, want symbols %v", n, s.Symbols(), symbols)
						}
					})
					return append(all, g.All...)
				}
				want := run(numbers, false)
				if got := run(x, true); !slices.Equal(got, want) {
					t.Errorf("H and O %v, %T, window and stride %v: other bits", n, loss, cut)
				}
				if cut[0] == T {
					if got := run(some, false); !slices.Equal(got, want) {
						t.Errorf("H and O %v, %T: other bits if some rows are symbols", n, loss)
					}
				}
			}
		}
	}
}

// TestSymbolGradient: every entry of the gradient of a sequence of symbols is right.
func TestSymbolGradient(t *testing.T) {
	p, x, target, h0, c0 := someSymbols(3, 7, 3, 4)
	w, g := Model{Params: p, Loss: CrossEntropy{}}.Window(7), cell.New(symbolsX, 3, 4)
	base := w.Forward(x, target, h0, c0)
	w.Backward(g)
	if w.Symbols() == nil {
		t.Error("the inputs are symbols")
	}
	results, err := check.Gradients(func() float64 { return w.Forward(x, target, h0, c0) }, []check.Param{
		{Name: "all", Value: p.All, Grad: g.All, Entry: p.Name}, {Name: "x", Value: x, Grad: slices.Clone(w.DX())},
		{Name: "h0", Value: h0, Grad: slices.Clone(w.DH0)}, {Name: "c0", Value: c0, Grad: slices.Clone(w.DC0)},
	}, check.Options{Loss: base})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		if n := len(r.With(check.Wrong)) + len(r.With(check.Unresolved)); n > 0 {
			t.Errorf("%d entries of %s are wrong or unresolved", n, r.Name)
		}
	}
}

// TestSymbolState: a stream of symbols goes on from its state, to the bit.
func TestSymbolState(t *testing.T) {
	p, x, target, h0, c0 := someSymbols(4, 9, 4, 2)
	s, again := NewStream(p, 5, 3), NewStream(p, 5, 3)
	s.Start(h0, c0)
	for at := 0; at < 9; at += 3 {
		if err := again.SetState(s.State()); err != nil {
			t.Fatal(err)
		}
		X, Y := x[at*symbolsX:(at+3)*symbolsX], target[at*2:(at+3)*2]
		if a, b := s.Forward(X, Y), again.Forward(X, Y); a != b {
			t.Errorf("from step %d: loss %v, and %v from the state", at, a, b)
		}
		assert.Near(t, fmt.Sprint("y from step ", at), again.Y, s.Y, 0)
	}
}

// TestSymbolAllocations: a window of symbols allocates nothing after its first DX.
func TestSymbolAllocations(t *testing.T) {
	p, x, target, h0, c0 := someSymbols(5, 9, 4, 2)
	w, g := New(p, 9), cell.New(symbolsX, 4, 2)
	if n := testing.AllocsPerRun(10, func() {
		w.Forward(x, target, h0, c0)
		w.Backward(g)
		w.DX()
	}); n != 0 {
		t.Errorf("%v allocations a pass", n)
	}
}
