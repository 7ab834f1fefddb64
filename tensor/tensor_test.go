package tensor

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// The definitions of the kernels, one element at a time. They are slow, and as close to the doc comments as
// possible.

func vecMatDef(y, x, w []float64) {
	n := len(y)
	for k := range x {
		for j := range y {
			y[j] = math.FMA(x[k], w[k*n+j], y[j])
		}
	}
}

func dotDef(x, y []float64, lanes int) []float64 {
	l := make([]float64, lanes)
	for j := range x {
		l[j%lanes] = math.FMA(x[j], y[j], l[j%lanes])
	}
	return l
}

func matVecDef(y, w, x []float64) {
	for k := range y {
		l := dotDef(w[k*len(x):(k+1)*len(x)], x, 8)
		y[k] += ((l[0] + l[4]) + (l[1] + l[5])) + ((l[2] + l[6]) + (l[3] + l[7]))
	}
}

func outersDef(w, x, y []float64, t int) {
	k, n := len(x)/t, len(y)/t
	for s := range t {
		for i := range k {
			for j := range n {
				w[i*n+j] = math.FMA(x[s*k+i], y[s*n+j], w[i*n+j])
			}
		}
	}
}

// random returns n numbers of very different sizes, so that another order of summation gives
// another result. Some are zero, of either sign.
func random(rng *rand.Rand, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = math.Ldexp(rng.NormFloat64(), rng.IntN(20)-10)
		if rng.IntN(20) == 0 {
			x[i] = math.Copysign(0, x[i])
		}
	}
	return x
}

func clone(x []float64) []float64 { return append([]float64(nil), x...) }

func same(t *testing.T, what string, got, want []float64) {
	t.Helper()
	for i := range want {
		if math.Float64bits(got[i]) != math.Float64bits(want[i]) && !(math.IsNaN(got[i]) && math.IsNaN(want[i])) {
			t.Fatalf("%s: element %d is %v (%x), want %v (%x)", what, i, got[i], got[i], want[i], want[i])
		}
	}
}

// TestKernels compares every kernel with its definition, to the bit.
func TestKernels(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for k := 0; k <= 20; k++ {
		for n := 0; n <= 20; n++ {
			x, y, w := random(rng, k), random(rng, n), random(rng, k*n)
			got, want := clone(y), clone(y)
			VecMat(got, x, w)
			vecMatDef(want, x, w)
			same(t, fmt.Sprintf("VecMat %d×%d", k, n), got, want)

			got, want = clone(x), clone(x)
			MatVec(got, w, y)
			matVecDef(want, w, y)
			same(t, fmt.Sprintf("MatVec %d×%d", k, n), got, want)

			got, want = clone(w), clone(w)
			Outer(got, x, y)
			outersDef(want, x, y, 1)
			same(t, fmt.Sprintf("Outer %d×%d", k, n), got, want)

			for _, steps := range []int{1, 3, 4, 11} {
				xs, ys := random(rng, steps*k), random(rng, steps*n)
				got, want = clone(w), clone(w)
				Outers(got, xs, ys, steps)
				outersDef(want, xs, ys, steps)
				same(t, fmt.Sprintf("Outers %d×%d, T=%d", k, n, steps), got, want)

				got, want = clone(ys), clone(ys)
				Affine(got, y, xs, w, steps)
				for s := range steps {
					copy(want[s*n:(s+1)*n], y)
					vecMatDef(want[s*n:(s+1)*n], xs[s*k:(s+1)*k], w)
				}
				same(t, fmt.Sprintf("Affine %d×%d, T=%d", k, n, steps), got, want)

				got, want = clone(xs), clone(xs)
				MatVecs(got, w, ys, steps)
				for s := range steps {
					matVecDef(want[s*k:(s+1)*k], w, ys[s*n:(s+1)*n])
				}
				same(t, fmt.Sprintf("MatVecs %d×%d, T=%d", k, n, steps), got, want)

				if n > 0 {
					got, want = clone(y), clone(y)
					Sum(got, ys)
					for s := range steps {
						Add(want, want, ys[s*n:(s+1)*n])
					}
					same(t, fmt.Sprintf("Sum %d, T=%d", n, steps), got, want)
				}
			}
		}
	}
	for n := range 100 {
		x, y := random(rng, n), random(rng, n)
		l := dotDef(x, y, 16)
		s := make([]float64, 4)
		for i := range s {
			s[i] = (l[i] + l[i+4]) + (l[i+8] + l[i+12])
		}
		same(t, fmt.Sprintf("Dot %d", n), []float64{Dot(x, y)}, []float64{(s[0] + s[1]) + (s[2] + s[3])})

		a := rng.NormFloat64()
		sum, mul, axpy := make([]float64, n), make([]float64, n), make([]float64, n)
		for j := range x {
			sum[j], mul[j], axpy[j] = x[j]+y[j], x[j]*y[j], math.FMA(a, x[j], y[j])
		}
		for _, c := range []struct {
			name string
			fn   func(z []float64)
			in   []float64 // z before the call
			want []float64
		}{
			{"Add", func(z []float64) { Add(z, x, y) }, make([]float64, n), sum},
			{"Add in place of x", func(z []float64) { Add(z, z, y) }, x, sum},
			{"Add in place of y", func(z []float64) { Add(z, x, z) }, y, sum},
			{"Mul", func(z []float64) { Mul(z, x, y) }, make([]float64, n), mul},
			{"Mul in place of x", func(z []float64) { Mul(z, z, y) }, x, mul},
			{"Mul in place of y", func(z []float64) { Mul(z, x, z) }, y, mul},
			{"Axpy", func(z []float64) { Axpy(z, a, x) }, y, axpy},
		} {
			z := clone(c.in)
			c.fn(z)
			same(t, fmt.Sprintf("%s %d", c.name, n), z, c.want)
		}
		for name, f := range map[string]func(z, x []float64){"Exp": Exp, "Sigmoid": Sigmoid, "Tanh": Tanh} {
			z, inPlace := make([]float64, n), clone(x)
			f(z, x)
			f(inPlace, inPlace)
			same(t, name+" in place", inPlace, z)
		}
	}
}

// TestShapes calls every function with lengths that fit no shape. It makes each slice one too short, and also
// tries other wrong lengths.
func TestShapes(t *testing.T) {
	v := func(n int) []float64 { return make([]float64, n) }
	calls := map[string]func(){
		"VecMat, W too long": func() { VecMat(v(3), v(2), v(12)) },
		"MatVec, W too long": func() { MatVec(v(3), v(7), v(2)) },
		"Outers, no rows":    func() { Outers(v(6), v(0), v(0), 0) },
		"Affine, t":          func() { Affine(v(12), v(12), v(4), v(12), 1) },
		"MatVecs, t":         func() { MatVecs(v(4), v(6), v(6), -2) },
		"Sum, no y":          func() { Sum(v(0), v(7)) },
		"Axpy, x too long":   func() { Axpy(v(1), 1, v(3)) },
		"Add, z":             func() { Add(v(1), v(2), v(2)) },
		"Add, x":             func() { Add(v(2), v(1), v(2)) },
		"Add, y":             func() { Add(v(2), v(2), v(1)) },
		"Mul, z":             func() { Mul(v(1), v(2), v(2)) },
		"Mul, x":             func() { Mul(v(2), v(1), v(2)) },
		"Mul, y":             func() { Mul(v(2), v(2), v(1)) },
	}
	for _, w := range twins {
		sizes := w.sizes(5, 7, 3)
		for i := range sizes {
			if sizes[i] == 1 || w.name == "Div" {
				continue // a number, not a slice, or a slice of any length
			}
			calls[fmt.Sprintf("%s, slice %d", w.name, i)] = func() {
				var in [][]float64
				for j, size := range sizes {
					if j == i {
						size--
					}
					in = append(in, v(size))
				}
				w.fast(in, 3)
			}
		}
	}
	for name, call := range calls {
		func() {
			defer func() {
				if s, ok := recover().(string); !ok || !strings.HasPrefix(s, "tensor: ") {
					t.Errorf("%s: no panic that names the package", name)
				}
			}()
			call()
		}()
	}
}

// The example computes the three products of a dense layer y = x·W: forward, and backward to x and W.
func Example() {
	x := []float64{1, 2}    // K = 2
	w := []float64{1, 2, 3, // W is 2×3
		4, 5, 6}
	y := make([]float64, 3) // N = 3
	VecMat(y, x, w)
	fmt.Println("y  =", y)

	dy := []float64{1, 0, -1} // dL/dy, from the next layer
	dx := make([]float64, 2)
	dw := make([]float64, 6)
	MatVec(dx, w, dy)
	Outer(dw, x, dy)
	fmt.Println("dx =", dx)
	fmt.Println("dW =", dw)
	// Output:
	// y  = [9 12 15]
	// dx = [-2 -2]
	// dW = [1 0 -1 2 0 -2]
}

// TestOneHot: only a 1 among +0 is a symbol.
func TestOneHot(t *testing.T) {
	for _, n := range []int{1, 2, 3, 40, 1000} {
		x := make([]float64, n)
		expect := func(want int) {
			t.Helper()
			if got := OneHot(x); got != want {
				t.Errorf("%d numbers: %d, want %d", n, got, want)
			}
		}
		expect(-1)
		for k := range x {
			x[k] = 1
			expect(k)
			for _, other := range []float64{math.Copysign(0, -1), 1, -1, math.SmallestNonzeroFloat64, math.NaN(), 0x1p-200} {
				if at := (k*7 + 3) % n; at != k {
					x[at] = other
					expect(-1)
					x[at] = 0
				}
			}
			for _, wrong := range []float64{-1, 0.5, math.Nextafter(1, 2), math.Nextafter(1, 0), 2, math.Inf(1), math.NaN(), 0x1.3fp0} {
				x[k] = wrong
				expect(-1)
			}
			x[k] = 0
		}
	}
	if OneHot(nil) != -1 {
		t.Error("no numbers are a symbol")
	}
}

// TestLanes: a dot product in pieces of 16 numbers, without the pieces of zeros, has the bits of the whole.
func TestLanes(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	for n := range 200 {
		x := random(rng, n)
		var l Lanes
		sum := 0.0
		for at := 0; at < n; at += 16 {
			piece := x[at:min(at+16, n)]
			if rng.IntN(2) == 0 {
				clear(piece)
				continue
			}
			sum = l.Dot(piece, piece)
		}
		same(t, "Dot", []float64{sum}, []float64{Dot(x, x)})
	}
}
