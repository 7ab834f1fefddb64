package cell

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
)

// forward and backward do the work of Forward and Backward, without the checks of shapes.
func forward(s *Step, wh []float64) {
	if !forwardAsm(s, wh) {
		forwardGeneric(s, wh)
	}
}

func backward(s *Step, wh []float64) {
	if !backwardAsm(s, wh) {
		backwardGeneric(s, wh)
	}
}

// fields calls f for each slice of a step.
func fields(s *Step, f func(name string, v *[]float64)) {
	r := reflect.ValueOf(s).Elem()
	for i := range r.NumField() {
		f(r.Type().Field(i).Name, r.Field(i).Addr().Interface().(*[]float64))
	}
}

// TestGates compares a forward and a backward step with the same steps in plain Go, bit for bit. It takes 1 to
// 99 units and some more, and unaligned slices, with sentinels around every slice.
func TestGates(t *testing.T) {
	tries := 16
	if testing.Short() {
		tries = 4
	}
	paths(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(11, 12))
		special := []float64{0, math.Copysign(0, -1), math.Inf(1), math.Inf(-1), math.NaN(), 1e300, -1e300, -745.1, 5e-324, 0x1p-1022}
		sentinel := math.Float64frombits(0x7ff8_dead_beef_0000)
		var blocks [][]float64                // every slice with a sentinel before and behind it
		slice := func(n, odd int) []float64 { // one number in odd is special
			lead := 1 + rng.IntN(8)
			b := make([]float64, lead+n+1)
			for i := range b {
				b[i] = sentinel
			}
			blocks = append(blocks, b[lead-1:])
			v := b[lead : lead+n : lead+n]
			for i := range v {
				v[i] = 2 * rng.NormFloat64()
				if rng.IntN(odd) == 0 {
					v[i] = special[rng.IntN(len(special))]
				}
			}
			return v
		}
		clone := func(x []float64) []float64 { return append([]float64(nil), x...) }
		for h := 1; h < 194; h++ {
			tries := tries
			switch {
			case 100 <= h && h%64 != 0 && h < 180: // from 182 units on, VecMat reads all of Wh
				continue
			case 100 <= h:
				tries = 2
			}
			for range tries {
				blocks = nil
				fast, slow := newStep(h), newStep(h)
				fields(fast, func(name string, v *[]float64) {
					odd := 10
					if name == "HPrev" {
						odd = 100 * h // otherwise every sum would be special
					}
					*v = slice(len(*v), odd)
				})
				fields(slow, func(name string, v *[]float64) {
					*v = clone(reflect.ValueOf(*fast).FieldByName(name).Interface().([]float64))
				})
				wh := slice(4*h*h, 100*h)
				before := clone(wh)
				compare := func(when string) {
					t.Helper()
					fields(slow, func(name string, want *[]float64) {
						if when == "forward" && name == "Z" {
							copy(reflect.ValueOf(*fast).FieldByName(name).Interface().([]float64), *want)
							return
						}
						got := reflect.ValueOf(*fast).FieldByName(name).Interface().([]float64)
						for i, v := range *want {
							if math.Float64bits(got[i]) != math.Float64bits(v) && !(math.IsNaN(got[i]) && math.IsNaN(v)) {
								t.Fatalf("H=%d, %s: %s[%d] is %x, and %x in plain Go", h, when, name, i, got[i], v)
							}
						}
					})
					for i, v := range before {
						if math.Float64bits(wh[i]) != math.Float64bits(v) {
							t.Fatalf("H=%d, %s: Wh[%d] was overwritten", h, when, i)
						}
					}
					for _, b := range blocks {
						for _, v := range []float64{b[0], b[len(b)-1]} {
							if math.Float64bits(v) != math.Float64bits(sentinel) {
								t.Fatalf("H=%d, %s: wrote outside a slice", h, when)
							}
						}
					}
				}
				forward(fast, wh)
				forwardGeneric(slow, wh)
				compare("forward")
				backward(fast, wh)
				backwardGeneric(slow, wh)
				compare("backward")
			}
		}
	})
}

// FuzzGates does the same as TestGates, with the fuzzer's numbers.
func FuzzGates(f *testing.F) {
	f.Add(uint8(5), 0.5, -1.0, 2.0, -745.2)
	f.Fuzz(func(t *testing.T, n uint8, a, b, c, d float64) {
		paths(t, func(t *testing.T) {
			h := 1 + int(n)
			fill := func(x []float64) {
				for i := range x {
					x[i] = [...]float64{a, b, c, d, a * b, c / d, b + float64(i)}[(i+len(x))%7]
				}
			}
			fast, slow, wh := newStep(h), newStep(h), make([]float64, 4*h*h)
			fill(wh)
			for _, s := range []*Step{fast, slow} {
				fields(s, func(_ string, v *[]float64) { fill(*v) })
			}
			forward(fast, wh)
			forwardGeneric(slow, wh)
			backward(fast, wh)
			backwardGeneric(slow, wh)
			fields(slow, func(name string, want *[]float64) {
				got := reflect.ValueOf(*fast).FieldByName(name).Interface().([]float64)
				for i, v := range *want {
					if math.Float64bits(got[i]) != math.Float64bits(v) && !(math.IsNaN(got[i]) && math.IsNaN(v)) {
						t.Fatalf("H=%d: %s[%d] is %x, and %x in plain Go", h, name, i, got[i], v)
					}
				}
			})
		})
	})
}

// TestEdges compares the two steps at the points where σ and tanh switch from one formula to another. z reaches
// σ and tanh unchanged, because h' is 1 and Wh is −0. Every point reaches every gate and c, in every unit or,
// with -short, in one unit.
func TestEdges(t *testing.T) {
	var points []float64
	for _, c := range []float64{
		0, 5e-324, 0x1p-1022, 0x1p-537, 0x1p-30, 0x1p-27, 0.625, 1, 19.06, 36.74, 37.43, 350, 354, 664.8, 690, 700,
		708.4, 708.743, 709, 709.79, 745.14, 746, 1e300, math.MaxFloat64, math.Inf(1), math.NaN(),
	} {
		up, down := c, c
		for range 8 {
			points = append(points, up, down, -up, -down)
			up, down = math.Nextafter(up, math.Inf(1)), math.Nextafter(down, math.Inf(-1))
		}
	}
	for k := -1080; k <= 1030; k++ { // the points where n of 2^n changes, and where r is 0
		for _, x := range []float64{float64(k) * math.Ln2 / 2, float64(k) * math.Ln2 / 4} {
			for range 8 {
				points = append(points, x, -x)
				x = math.Nextafter(x, 0)
			}
		}
	}
	paths(t, func(t *testing.T) {
		for _, h := range []int{1, 4, 5, 8, 64} {
			fast, slow, wh := newStep(h), newStep(h), make([]float64, 4*h*h)
			for i := range wh {
				wh[i] = math.Copysign(0, -1)
			}
			stride := 1
			if testing.Short() {
				stride = h
			}
			for first := 0; first < len(points); first += stride {
				for _, s := range []*Step{fast, slow} {
					for j := range s.HPrev {
						s.HPrev[j] = 1
						s.CPrev[j] = points[(first+7*j)%len(points)]
					}
					for j := range s.Z {
						s.Z[j] = points[(first+j)%len(points)]
					}
				}
				forward(fast, wh)
				forwardGeneric(slow, wh)
				for _, p := range [][2][]float64{{fast.Gates, slow.Gates}, {fast.C, slow.C}, {fast.TanhC, slow.TanhC}, {fast.H, slow.H}} {
					for j, want := range p[1] {
						if got := p[0][j]; math.Float64bits(got) != math.Float64bits(want) && !(math.IsNaN(got) && math.IsNaN(want)) {
							t.Fatalf("H=%d, from %x: %x, and %x in plain Go", h, points[first], got, want)
						}
					}
				}
			}
		}
	})
}
