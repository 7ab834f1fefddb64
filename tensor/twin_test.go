package tensor

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"
	"unsafe"
)

// A twin is a kernel and its twin in plain Go, as functions of the same slices. The first slice is the
// destination. The other slices must not change.
type twin struct {
	name    string
	sizes   func(k, n, t int) []int // lengths of the slices
	fast    func(v [][]float64, t int)
	slow    func(v [][]float64, t int)
	inPlace bool // the second slice may be the first
	vector  bool // k does not matter
}

var twins = []twin{
	{"VecMat", func(k, n, t int) []int { return []int{n, k, k * n} },
		func(v [][]float64, t int) { VecMat(v[0], v[1], v[2]) },
		func(v [][]float64, t int) { vecMatGeneric(v[0], v[1], v[2]) }, false, false},
	{"MatVec", func(k, n, t int) []int { return []int{k, k * n, n} },
		func(v [][]float64, t int) { MatVec(v[0], v[1], v[2]) },
		func(v [][]float64, t int) { matVecGeneric(v[0], v[1], v[2]) }, false, false},
	{"Outer", func(k, n, t int) []int { return []int{k * n, k, n} },
		func(v [][]float64, t int) { Outer(v[0], v[1], v[2]) },
		func(v [][]float64, t int) { outersGeneric(v[0], v[1], v[2], 1, len(v[1]), len(v[2])) }, false, false},
	{"Affine", func(k, n, t int) []int { return []int{t * n, t * k, k * n, n} },
		func(v [][]float64, t int) { Affine(v[0], v[3], v[1], v[2], t) },
		func(v [][]float64, t int) {
			affineGeneric(v[0], v[3], v[1], v[2], t, len(v[1])/t, len(v[0])/t)
		}, false, false},
	{"MatVecs", func(k, n, t int) []int { return []int{t * k, k * n, t * n} },
		func(v [][]float64, t int) { MatVecs(v[0], v[1], v[2], t) },
		func(v [][]float64, t int) { matVecsGeneric(v[0], v[1], v[2], t, len(v[0])/t, len(v[2])/t) }, false, false},
	{"Outers", func(k, n, t int) []int { return []int{k * n, t * k, t * n} },
		func(v [][]float64, t int) { Outers(v[0], v[1], v[2], t) },
		func(v [][]float64, t int) { outersGeneric(v[0], v[1], v[2], t, len(v[1])/t, len(v[2])/t) }, false, false},
	{"Sum", func(k, n, t int) []int { return []int{n + 1, t * (n + 1)} },
		func(v [][]float64, t int) { Sum(v[0], v[1]) },
		func(v [][]float64, t int) { sumGeneric(v[0], v[1]) }, false, true},
	{"Dot", func(k, n, t int) []int { return []int{1, n, n} },
		func(v [][]float64, t int) { v[0][0] = Dot(v[1], v[2]) },
		func(v [][]float64, t int) { v[0][0] = dotGeneric(new(Lanes), v[1], v[2]) }, false, true},
	{"Axpy", func(k, n, t int) []int { return []int{n, n, 1} },
		func(v [][]float64, t int) { Axpy(v[0], v[2][0], v[1]) },
		func(v [][]float64, t int) { axpyGeneric(v[0], v[2][0], v[1]) }, true, true},
	{"Adam", func(k, n, t int) []int { return []int{3 * n, n} }, // p, m and v are one slice
		func(v [][]float64, t int) { adamTwin(Adam, v, t) },
		func(v [][]float64, t int) { adamTwin(adamGeneric, v, t) }, false, true},
	{"Div", func(k, n, t int) []int { return []int{n, 1} },
		func(v [][]float64, t int) { Div(v[0], v[1][0]) },
		func(v [][]float64, t int) { divGeneric(v[0], v[1][0]) }, false, true},
	{"Exp", func(k, n, t int) []int { return []int{n, n} },
		func(v [][]float64, t int) { Exp(v[0], v[1]) },
		func(v [][]float64, t int) { apply(v[0], v[1], exp) }, true, true},
	{"Sigmoid", func(k, n, t int) []int { return []int{n, n} },
		func(v [][]float64, t int) { Sigmoid(v[0], v[1]) },
		func(v [][]float64, t int) { apply(v[0], v[1], sigmoid) }, true, true},
	{"Tanh", func(k, n, t int) []int { return []int{n, n} },
		func(v [][]float64, t int) { Tanh(v[0], v[1]) },
		func(v [][]float64, t int) { apply(v[0], v[1], tanh) }, true, true},
}

// adamTwin runs t steps of Adam. The rate makes many m too small to move p, and others not.
func adamTwin(f func(p, m, v, g []float64, s *AdamStep), v [][]float64, t int) {
	n := len(v[1])
	for range t {
		f(v[0][:n], v[0][n:2*n], v[0][2*n:], v[1], &AdamStep{0.1, 0.999, 0.001, 1e-24, 0.3, 1e-8})
	}
}

// apply is the plain Go version of Exp, Sigmoid and Tanh.
func apply(z, x []float64, f func(float64) float64) {
	for j := range z {
		z[j] = f(x[j])
	}
}

// sentinel is a NaN that no arithmetic operation returns.
const sentinel = 0x7ff8_dead_beef_0000

const guard = 8 // sentinels before and behind every slice

// guarded returns a copy of x that begins 8·offset bytes after a 32-byte boundary, with sentinels around it.
// intact reports whether the sentinels are unchanged.
func guarded(x []float64, offset int) (y []float64, intact func() bool) {
	block := make([]float64, len(x)+2*guard+4)
	for uintptr(unsafe.Pointer(&block[guard]))%32 != uintptr(offset*8) {
		block = block[1:]
	}
	block = block[:len(x)+2*guard]
	for i := range block {
		block[i] = math.Float64frombits(sentinel)
	}
	y = block[guard : guard+len(x)]
	copy(y, x)
	return y, func() bool {
		for i, v := range block {
			if (i < guard || i >= guard+len(x)) && math.Float64bits(v) != sentinel {
				return false
			}
		}
		return true
	}
}

// try runs a kernel and its twin on the same numbers, each slice at its own offset. The
// error names the difference.
func (w twin) try(in [][]float64, t int, offset int, inPlace bool) error {
	return w.tryAt(in, t, inPlace, func(i int, x []float64) ([]float64, func() bool) {
		return guarded(x, (offset>>(2*i))&3)
	})
}

// tryAt does the same as try, and calls place to copy each slice.
func (w twin) tryAt(in [][]float64, t int, inPlace bool, place func(i int, x []float64) ([]float64, func() bool)) error {
	fast, slow := make([][]float64, len(in)), make([][]float64, len(in))
	var intact []func() bool
	for i, x := range in {
		y, ok := place(i, x)
		fast[i], slow[i] = y, clone(x)
		intact = append(intact, ok)
	}
	if inPlace {
		copy(fast[0], fast[1])
		copy(slow[0], slow[1])
		fast[1], slow[1] = fast[0], slow[0]
	}
	w.fast(fast, t)
	w.slow(slow, t)
	for i := range in {
		for j, want := range slow[i] {
			got := fast[i][j]
			if i > 0 && !inPlace {
				want = in[i][j] // an input, which must not change, not even a NaN
				if math.Float64bits(got) != math.Float64bits(want) {
					return fmt.Errorf("input %d was overwritten at %d: %v, was %v", i, j, got, want)
				}
			} else if math.Float64bits(got) != math.Float64bits(want) && !(math.IsNaN(got) && math.IsNaN(want)) {
				return fmt.Errorf("element %d of slice %d is %x, and %x in plain Go", j, i, got, want)
			}
		}
		if !intact[i]() {
			return fmt.Errorf("wrote outside slice %d", i)
		}
	}
	return nil
}

var special = []float64{
	0, math.Copysign(0, -1), 1, -1, math.Inf(1), math.Inf(-1), math.NaN(), math.MaxFloat64, -math.MaxFloat64,
	math.SmallestNonzeroFloat64, -math.SmallestNonzeroFloat64, 0x1p-1022, -0x1p-1022, 1e-200, -1e200,
	709.78, 709.79, -708.39, -708.4, -745.13, -745.14, tanhSmall, -tanhSmall, 19.07, 0x1p-28,
}

// TestTwins compares every kernel with its twin, bit for bit. It takes matrices up to 20×20 and some larger,
// and vectors of 0 to 99 numbers and some longer. It tries all offsets from a 32-byte boundary, the in-place
// form if the kernel allows it, and numbers with and without special values. With -short it tries only every
// fourth offset of the destination.
func TestTwins(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	for _, w := range twins {
		t.Run(w.name, func(t *testing.T) {
			paths(t, func(t *testing.T) {
				check := func(k, n, steps, offset int, specials bool) {
					sizes := w.sizes(k, n, steps)
					in := make([][]float64, len(sizes))
					for i, size := range sizes {
						in[i] = random(rng, size)
						for j := range in[i] {
							if specials && rng.IntN(4) == 0 {
								in[i][j] = special[rng.IntN(len(special))]
							}
						}
					}
					for _, inPlace := range []bool{false, w.inPlace} {
						if err := w.try(in, steps, offset, inPlace); err != nil {
							t.Fatalf("k=%d n=%d t=%d offsets %b in place %v: %v", k, n, steps, offset, inPlace, err)
						}
					}
				}
				both := func(k, n, steps int) {
					for destination := range 4 {
						if testing.Short() && destination != n%4 {
							continue
						}
						check(k, n, steps, destination+4*rng.IntN(16), false)
						check(k, n, steps, destination+4*rng.IntN(16), true)
					}
				}
				if w.vector {
					for n := range 100 {
						for offset := range 64 {
							if testing.Short() && offset%4 != n%4 {
								continue
							}
							check(0, n, 1+rng.IntN(9), offset, offset%2 == 0)
						}
					}
					both(0, 1000, 3)
					both(0, 4099, 3)
					return
				}
				for k := 0; k <= 20; k++ {
					for n := 0; n <= 20; n++ {
						both(k, n, 1+rng.IntN(9))
					}
				}
				for n := range 100 {
					both(1, n, 2)
					both(n, 3, 5)
					both(8, n, 1)
					both(n, 1, 5)
				}
				for _, s := range [][3]int{{33, 128, 5}, {37, 61, 64}, {67, 515, 1}, {128, 130, 3}, {70, 515, 33}, {15, 512, 3}, {9, 1024, 9}, {300, 517, 2}, {261, 525, 1}, {258, 520, 1}, {16400, 9, 1}, {12, 40, 300}, {8, 129, 65}} {
					both(s[0], s[1], s[2])
				}
			})
		})
	}
}

// TestTurns checks that MatVec gives the same result in both directions through a large matrix.
func TestTurns(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 9))
	const n = 265
	for _, k := range []int{51, 201, 500} { // for each number of rows that are read at a time; 500 rows are larger than a cache
		w, x, want := random(rng, k*n), random(rng, n), make([]float64, k)
		matVecGeneric(want, w, x)
		rows := make([]float64, 4*k)
		for s := range 4 {
			MatVec(rows[s*k:(s+1)*k], w, x)
			same(t, fmt.Sprintf("%d rows, result %d", k, s), rows[s*k:(s+1)*k], want)
		}
	}
}

// TestNegativeZero checks that a kernel does not change the lanes beyond the end of a row. Products that
// underflow from below leave −0 there, and −0 + 0 would be 0.
func TestNegativeZero(t *testing.T) { paths(t, negativeZero) }

func negativeZero(t *testing.T) {
	for n := 1; n < 140; n++ {
		w, x := make([]float64, 9*n), make([]float64, n)
		for i := range w {
			w[i] = -1e-200
		}
		for i := range x {
			x[i] = 1e-200
		}
		got, want := make([]float64, 9), make([]float64, 9)
		for i := range got {
			got[i] = math.Copysign(0, -1)
			want[i] = got[i]
		}
		MatVec(got, w, x)
		matVecGeneric(want, w, x)
		for i := range got {
			if math.Float64bits(got[i]) != math.Float64bits(want[i]) {
				t.Errorf("%d columns: y[%d] is %v, and %v in plain Go", n, i, got[i], want[i])
			}
		}
	}
}

// TestFaster checks that the assembly runs: each kernel is faster than plain Go by at least a half. Times are
// the best of many.
func TestFaster(t *testing.T) {
	if !AVX2() || testing.Short() {
		t.Skip("no assembly, or -short")
	}
	rng := rand.New(rand.NewPCG(6, 6))
	for _, w := range twins {
		for _, s := range [][3]int{{32, 128, 16}, {1, 128, 16}, {64, 1, 16}} { // one input or one output: separate kernels
			if w.vector && s != [3]int{32, 128, 16} || s[0]*s[1] <= 128 && w.name != "Affine" && w.name != "MatVecs" || w.name == "MatVecs" && s[0] == 1 {
				continue
			}
			sizes := w.sizes(s[0], s[1], s[2])
			v := make([][]float64, len(sizes))
			for i, size := range sizes {
				v[i] = random(rng, size)
			}
			best := func(f func(v [][]float64, t int)) time.Duration {
				d := time.Hour
				for range 200 {
					start := time.Now()
					for range 4 {
						f(v, s[2])
					}
					d = min(d, time.Since(start))
				}
				return d
			}
			if fast, slow := best(w.fast), best(w.slow); 2*slow < 3*fast {
				t.Errorf("%s %v: %v, but plain Go takes %v: did the assembly run?", w.name, s, fast, slow)
			}
		}
	}
}

var purego, noAVX512 bool // whether the build tags purego and noavx512 are set

// TestAssembly compares AVX2 and AVX512 with the processor flags in /proc/cpuinfo.
func TestAssembly(t *testing.T) {
	info, err := os.ReadFile("/proc/cpuinfo")
	if runtime.GOARCH != "amd64" || err != nil {
		t.Skip("no /proc/cpuinfo of an amd64 processor to compare with")
	}
	flags := string(regexp.MustCompile(`(?m)^flags\s*:.*$`).Find(info)) + " "
	want := strings.Contains(flags, " avx2 ") && strings.Contains(flags, " fma ") && !purego
	if AVX2() != want {
		t.Errorf("AVX2 is %v, want %v: purego %v, processor %s", AVX2(), want, purego, flags)
	}
	if want = want && strings.Contains(flags, " avx512f ") && !noAVX512; AVX512() != want {
		t.Errorf("AVX512 is %v, want %v: purego %v, processor %s", AVX512(), want, purego, flags)
	}
}

// fuzz compares one kernel with its twin on numbers with any bit pattern.
func fuzz(f *testing.F, name string) {
	for _, w := range twins {
		if w.name != name {
			continue
		}
		f.Add(uint8(3), uint8(5), uint8(2), uint8(27), []byte("any eight bytes are a number, a NaN among them"))
		f.Add(uint8(0), uint8(0), uint8(0), uint8(0), []byte{})
		f.Fuzz(func(t *testing.T, k, n, steps, offset uint8, data []byte) {
			sizes := w.sizes(int(k%40), int(n), 1+int(steps%16))
			in := make([][]float64, len(sizes))
			at := 0
			for i, size := range sizes {
				in[i] = make([]float64, size)
				for j := range in[i] {
					if at+8 > len(data) {
						at = 0
					}
					if at+8 <= len(data) {
						in[i][j] = math.Float64frombits(binary.LittleEndian.Uint64(data[at:]) + uint64(j)<<40)
						at += 8
					}
				}
			}
			paths(t, func(t *testing.T) {
				for _, inPlace := range []bool{false, w.inPlace} {
					if err := w.try(in, 1+int(steps%16), int(offset), inPlace); err != nil {
						t.Fatal(err)
					}
				}
			})
		})
		return
	}
	f.Fatal("no such kernel")
}

func FuzzVecMat(f *testing.F)  { fuzz(f, "VecMat") }
func FuzzMatVec(f *testing.F)  { fuzz(f, "MatVec") }
func FuzzOuter(f *testing.F)   { fuzz(f, "Outer") }
func FuzzAffine(f *testing.F)  { fuzz(f, "Affine") }
func FuzzMatVecs(f *testing.F) { fuzz(f, "MatVecs") }
func FuzzOuters(f *testing.F)  { fuzz(f, "Outers") }
func FuzzSum(f *testing.F)     { fuzz(f, "Sum") }
func FuzzDot(f *testing.F)     { fuzz(f, "Dot") }
func FuzzAxpy(f *testing.F)    { fuzz(f, "Axpy") }
func FuzzAdam(f *testing.F)    { fuzz(f, "Adam") }
func FuzzDiv(f *testing.F)     { fuzz(f, "Div") }
func FuzzExp(f *testing.F)     { fuzz(f, "Exp") }
func FuzzSigmoid(f *testing.F) { fuzz(f, "Sigmoid") }
func FuzzTanh(f *testing.F)    { fuzz(f, "Tanh") }
