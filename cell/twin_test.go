package cell

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestGates holds the gate arithmetic of a step to that in plain Go, bit for bit, for 1
// to 99 units and at odd places in memory, with sentinels around every result.
func TestGates(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	special := []float64{0, math.Copysign(0, -1), math.Inf(1), math.Inf(-1), math.NaN(), 1e300, -1e300, -745.1, 5e-324, 0x1p-1022}
	sentinel := math.Float64frombits(0x7ff8_dead_beef_0000)
	var blocks [][]float64 // every slice with a sentinel before and behind it
	slice := func(n int) []float64 {
		lead := 1 + rng.IntN(4)
		b := make([]float64, lead+n+1)
		for i := range b {
			b[i] = sentinel
		}
		blocks = append(blocks, b[lead-1:])
		v := b[lead : lead+n : lead+n]
		for i := range v {
			v[i] = 2 * rng.NormFloat64()
			if rng.IntN(10) == 0 {
				v[i] = special[rng.IntN(len(special))]
			}
		}
		return v
	}
	clone := func(x []float64) []float64 { return append([]float64(nil), x...) }
	for h := 1; h < 100; h++ {
		for range 16 {
			blocks = nil
			fast := &Step{Z: slice(4 * h), Gates: slice(4 * h), C: slice(h), TanhC: slice(h), H: slice(h)}
			slow := newStep(h)
			copy(slow.Z, fast.Z)
			c, dh, dc, dcPrev := slice(h), slice(h), slice(h), slice(h)
			inputs := [][]float64{clone(c), clone(dh), clone(dc), clone(fast.Z)}
			wantPrev := make([]float64, h)

			same := func(what string, got, want []float64) {
				t.Helper()
				for i, v := range want {
					if math.Float64bits(got[i]) != math.Float64bits(v) && !(math.IsNaN(got[i]) && math.IsNaN(v)) {
						t.Fatalf("H=%d: %s[%d] is %x, and %x in plain Go", h, what, i, got[i], v)
					}
				}
			}
			forward(fast, c)
			forwardGeneric(slow, c)
			same("gates", fast.Gates, slow.Gates)
			same("c", fast.C, slow.C)
			same("tanh c", fast.TanhC, slow.TanhC)
			same("h", fast.H, slow.H)
			same("z after forward", fast.Z, inputs[3])

			backward(fast, c, dh, dc, dcPrev)
			backwardGeneric(slow, c, dh, dc, wantPrev)
			same("dz", fast.Z, slow.Z)
			same("dc'", dcPrev, wantPrev)
			same("gates after backward", fast.Gates, slow.Gates)
			same("c before", c, inputs[0])
			same("dh", dh, inputs[1])
			same("dc", dc, inputs[2])
			for _, b := range blocks {
				for _, v := range []float64{b[0], b[len(b)-1]} {
					if math.Float64bits(v) != math.Float64bits(sentinel) {
						t.Fatalf("H=%d: wrote outside a slice", h)
					}
				}
			}
		}
	}
}

// FuzzGates does the same for numbers that the fuzzer makes up.
func FuzzGates(f *testing.F) {
	f.Add(uint8(5), 0.5, -1.0, 2.0, -745.2)
	f.Fuzz(func(t *testing.T, n uint8, a, b, c, d float64) {
		h := 1 + int(n)
		v := func(n int) []float64 {
			x := make([]float64, n)
			for i := range x {
				x[i] = [...]float64{a, b, c, d, a * b, c / d, b + float64(i)}[(i+n)%7]
			}
			return x
		}
		fast, slow := newStep(h), newStep(h)
		copy(fast.Z, v(4*h))
		copy(slow.Z, fast.Z)
		prev, dh, dc := v(h), v(h), v(h)
		got, want := make([]float64, h), make([]float64, h)
		forward(fast, prev)
		forwardGeneric(slow, prev)
		backward(fast, prev, dh, dc, got)
		backwardGeneric(slow, prev, dh, dc, want)
		for _, p := range [][2][]float64{{fast.Gates, slow.Gates}, {fast.C, slow.C}, {fast.TanhC, slow.TanhC}, {fast.H, slow.H}, {fast.Z, slow.Z}, {got, want}} {
			for i, w := range p[1] {
				if g := p[0][i]; math.Float64bits(g) != math.Float64bits(w) && !(math.IsNaN(g) && math.IsNaN(w)) {
					t.Fatalf("H=%d: %x, and %x in plain Go", h, g, w)
				}
			}
		}
	})
}
