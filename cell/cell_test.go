package cell

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func random(rng *rand.Rand, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = rng.NormFloat64()
	}
	return x
}

func newStep(h int) *Step {
	v := func(n int) []float64 { return make([]float64, n) }
	return &Step{
		HPrev: v(h), CPrev: v(h), Z: v(4 * h), Gates: v(4 * h), C: v(h), TanhC: v(h), H: v(h),
		DH: v(h), DC: v(h), DHPrev: v(h), DCPrev: v(h),
	}
}

// TestForward compares one step and its readout with the equations. The test computes them for one unit at
// a time, with package math.
func TestForward(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	sigma := func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
	for _, n := range [][3]int{{1, 1, 1}, {1, 5, 1}, {3, 4, 2}, {7, 33, 5}} {
		p := New(n[0], n[1], n[2])
		copy(p.All, random(rng, len(p.All)))
		x, h, c := random(rng, p.X), random(rng, p.H), random(rng, p.H)
		s := newStep(p.H)
		s.HPrev, s.CPrev = h, c
		p.Input(s.Z, x, 1)
		p.Forward(s)
		y := make([]float64, p.O)
		p.Read(y, s.H, 1)

		near := func(what string, got, want float64) {
			t.Helper()
			if math.Abs(got-want) > 1e-14*float64(p.X+p.H) {
				t.Errorf("%v: %s = %v, want %v", n, what, got, want)
			}
		}
		for j := range p.H {
			z := func(gate int) float64 { // 0 to 3: i, f, o, g
				col := gate*p.H + j
				sum := p.B[col]
				for k, v := range x {
					sum += v * p.Wx[k*4*p.H+col]
				}
				for k, v := range h {
					sum += v * p.Wh[k*4*p.H+col]
				}
				return sum
			}
			cj := sigma(z(1))*c[j] + sigma(z(0))*math.Tanh(z(3))
			near(fmt.Sprintf("c[%d]", j), s.C[j], cj)
			near(fmt.Sprintf("h[%d]", j), s.H[j], sigma(z(2))*math.Tanh(cj))
		}
		for o := range y {
			sum := p.By[o]
			for j, v := range s.H {
				sum += v * p.Wy[j*p.O+o]
			}
			near(fmt.Sprintf("y[%d]", o), y[o], sum)
		}
	}
}

// TestBlocks checks that each entry is in one block, that only matrices have columns, and that the views
// cover All without a gap.
func TestBlocks(t *testing.T) {
	p := New(2, 3, 4)
	seen := make([]int, len(p.All))
	var names []string
	for _, b := range p.Blocks() {
		names = append(names, b.Name)
		for _, i := range b.Index {
			seen[i]++
			if name := p.Name(i); !strings.HasPrefix(name, b.Name) {
				t.Errorf("entry %d is %s and in block %s", i, name, b.Name)
			}
		}
		if want := map[byte]int{'W': 3, 'b': 0}[b.Name[0]]; b.Cols != want && b.Name != "Wy" || b.Name == "Wy" && b.Cols != 4 {
			t.Errorf("%s has %d columns", b.Name, b.Cols)
		}
	}
	for i, n := range seen {
		if n != 1 {
			t.Errorf("entry %d, %s, is in %d blocks", i, p.Name(i), n)
		}
	}
	if got, want := strings.Join(names, " "), "Wi Wf Wo Wg bi bf bo bg Wy by"; got != want {
		t.Errorf("blocks %s, want %s", got, want)
	}
	n := 0
	for _, v := range [][]float64{p.Wx, p.Wh, p.B, p.Wy, p.By} {
		for i := range v {
			if &v[i] != &p.All[n] {
				t.Fatalf("views and All part at entry %d", n)
			}
			n++
		}
	}
	if n != len(p.All) {
		t.Errorf("views have %d entries, All %d", n, len(p.All))
	}
}

// TestShapes calls every function with slices that do not fit.
func TestShapes(t *testing.T) {
	p := New(2, 5, 1)
	v := func(n int) []float64 { return make([]float64, n) }
	short := func(field func(s *Step) *[]float64) *Step {
		s := newStep(5)
		*field(s) = v(4)
		return s
	}
	for name, f := range map[string]func(){
		"New":               func() { New(1, 0, 1) },
		"Input, z":          func() { p.Input(v(39), v(4), 2) },
		"Input, x":          func() { p.Input(v(40), v(5), 2) },
		"Forward, HPrev":    func() { p.Forward(short(func(s *Step) *[]float64 { return &s.HPrev })) },
		"Forward, CPrev":    func() { p.Forward(short(func(s *Step) *[]float64 { return &s.CPrev })) },
		"Forward, Z":        func() { p.Forward(short(func(s *Step) *[]float64 { return &s.Z })) },
		"Forward, Gates":    func() { p.Forward(short(func(s *Step) *[]float64 { return &s.Gates })) },
		"Forward, C":        func() { p.Forward(short(func(s *Step) *[]float64 { return &s.C })) },
		"Forward, TanhC":    func() { p.Forward(short(func(s *Step) *[]float64 { return &s.TanhC })) },
		"Forward, H":        func() { p.Forward(short(func(s *Step) *[]float64 { return &s.H })) },
		"Backward, TanhC":   func() { p.Backward(short(func(s *Step) *[]float64 { return &s.TanhC })) },
		"Backward, DH":      func() { p.Backward(short(func(s *Step) *[]float64 { return &s.DH })) },
		"Backward, DC":      func() { p.Backward(short(func(s *Step) *[]float64 { return &s.DC })) },
		"Backward, DHPrev":  func() { p.Backward(short(func(s *Step) *[]float64 { return &s.DHPrev })) },
		"Backward, DCPrev":  func() { p.Backward(short(func(s *Step) *[]float64 { return &s.DCPrev })) },
		"symbol":            func() { p.InputSymbol(v(20), 2) },
		"negative symbol":   func() { p.InputSymbol(v(20), -1) },
		"no symbols":        func() { p.AccumulateSymbols(nil, nil, nil) },
		"a symbol's dz":     func() { p.AccumulateSymbols([]int{0, 2}, v(10), v(40)) },
		"InputBackward":     func() { p.InputBackward(v(4), v(39), 2) },
		"Accumulate":        func() { p.Accumulate(v(4), v(9), v(40), 2) },
		"Read":              func() { p.Read(v(2), v(9), 2) },
		"ReadBackward":      func() { p.ReadBackward(v(10), v(3), 2) },
		"AccumulateRead, h": func() { p.AccumulateRead(v(9), v(2), 2) },
		"Input, swapped":    func() { p.Input(v(2), v(20), 1) },
		"Input, more":       func() { p.Input(v(40), v(1), 1) },
		"Input, no steps":   func() { p.Input(v(0), v(0), 0) },
		"Read, swapped":     func() { p.Read(v(5), v(1), 1) },
		"ReadBackward, dy":  func() { p.ReadBackward(v(1), v(5), 1) },
	} {
		func() {
			defer func() {
				if _, ok := recover().(string); !ok {
					t.Errorf("%s: no panic with a message", name)
				}
			}()
			f()
		}()
	}
}

// The example lists the blocks of the smallest network: 1 input, 5 hidden units, 1 output.
func ExampleParams_Blocks() {
	p := New(1, 5, 1)
	for _, b := range p.Blocks() {
		fmt.Printf("%s %d entries, %d columns\n", b.Name, len(b.Index), b.Cols)
	}
	fmt.Println(len(p.All), "parameters")
	// Output:
	// Wi 30 entries, 5 columns
	// Wf 30 entries, 5 columns
	// Wo 30 entries, 5 columns
	// Wg 30 entries, 5 columns
	// bi 5 entries, 0 columns
	// bf 5 entries, 0 columns
	// bo 5 entries, 0 columns
	// bg 5 entries, 0 columns
	// Wy 5 entries, 1 columns
	// by 1 entries, 0 columns
	// 146 parameters
}

// A cell keeps its state and hands the gradient back unchanged if its forget gate is open and its input
// gate is shut.
func Example() {
	p := New(1, 1, 1)
	p.B[0], p.B[1], p.B[2] = -50, 50, 50 // i ≈ 0, f ≈ 1, o ≈ 1
	s := newStep(1)
	p.Input(s.Z, []float64{3}, 1)
	s.CPrev[0] = 0.5
	p.Forward(s)
	fmt.Printf("c: 0.5 → %.4f, h = tanh(c) = %.4f\n", s.C[0], s.H[0])

	s.DH[0], s.DC[0] = 0, 1 // the loss depends on c, not on h
	p.Backward(s)
	fmt.Printf("dL/dc: 1 → %.4f\n", s.DCPrev[0])
	// Output:
	// c: 0.5 → 0.5000, h = tanh(c) = 0.4621
	// dL/dc: 1 → 1.0000
}

// TestSymbols: a symbol gives the bits of its row of numbers, forward and backward. Other rows of Wx are not read.
func TestSymbols(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for _, n := range [][3]int{{1, 1, 1}, {2, 3, 9}, {20, 5, 30}, {300, 17, 4}} { // X, H, T
		X, H, T := n[0], n[1], n[2]
		p, want, got := New(X, H, 1), New(X, H, 1), New(X, H, 1)
		copy(p.All, random(rng, len(p.All)))
		copy(want.All, random(rng, len(want.All)))
		copy(got.All, want.All)
		k, x, h, dz := make([]int, T), make([]float64, T*X), random(rng, T*H), random(rng, T*4*H)
		for t := range k {
			k[t] = rng.IntN(X)
			x[t*X+k[t]] = 1
		}
		z, one := make([]float64, T*4*H), make([]float64, 4*H)
		p.Input(z, x, T)
		for s, k := range k {
			if p.InputSymbol(one, k); !slices.Equal(one, z[s*4*H:(s+1)*4*H]) {
				t.Errorf("%v, step %d: %v, want %v", n, s, one, z[s*4*H:(s+1)*4*H])
			}
		}
		want.Accumulate(x, h, dz, T)
		if got.AccumulateSymbols(k, h, dz); !slices.Equal(got.All, want.All) {
			t.Errorf("%v: another gradient", n)
		}
		wz := slices.Clone(p.Wx[k[0]*4*H : (k[0]+1)*4*H])
		for i := range p.Wx {
			p.Wx[i] = math.NaN()
		}
		copy(p.Wx[k[0]*4*H:], wz)
		if p.InputSymbol(one, k[0]); !slices.Equal(one, z[:4*H]) {
			t.Errorf("%v: reads other rows", n)
		}
	}
}
