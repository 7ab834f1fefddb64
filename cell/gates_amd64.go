//go:build !purego

package cell

import (
	"unsafe"

	"lstm/tensor"
)

var use512 = tensor.AVX512() // a variable, so that the tests can clear it

// Up to near units, Wh stays in a near cache. The kernel itself reads Wh, 8 units at a time, and computes the gates of
// 8 other units meanwhile. Above near, VecMat reads Wh faster, in longer pieces of a row. Up to far units, Wh stays in the second cache,
// and the kernel has time to read the last 32 rows while it computes the gates.
const (
	near = 64
	far  = 181
)

// forwardAsm works like forwardGeneric, to the bit, and reports whether there is a kernel
// for it. Without AVX-512 there is no kernel: the functions that forwardGeneric calls are fast.
func forwardAsm(s *Step, wh []float64) bool {
	if !use512 {
		return false
	}
	n := len(s.H)
	if n <= 5 {
		forward5AVX512(s, &wh[0], n, &tensor.Constants, &order[n])
		return true
	}
	rows := n // of Wh, for the kernel
	switch {
	case n > far:
		rows = 0
	case n > near && n%128 == 0:
		rows = 16 // more fall on the same sets of the first cache and evict each other
	case n > near:
		rows = 32
	}
	first := n - rows
	if first > 0 {
		tensor.VecMat(s.Z, s.HPrev[:first], wh[:first*4*n])
	}
	forwardAVX512(s, unsafe.SliceData(wh[first*4*n:]), n, rows, &tensor.Constants)
	return true
}

// backwardAsm works like backwardGeneric, to the bit, and reports whether there is a kernel for it. There is
// one for 4 units or more.
func backwardAsm(s *Step, wh []float64) bool {
	if !tensor.AVX2() || len(s.H) < 4 {
		return false
	}
	if n := len(s.H); use512 && n <= 5 {
		backward5AVX512(s, &wh[0], n, &pack[n-4])
		return true
	}
	backwardAVX2(s, len(s.H))
	tensor.MatVec(s.DHPrev, wh, s.Z)
	return true
}

// pack[n-4] packs the four gates of n = 4 or 5 units into three registers. Number 8r+lane of dz lies in a lane of
// register r. Each entry tells from which lane it comes: 0 to 7 of the first source, or 8 to 15 of the second.
var pack = func() (pack [2][5][8]int64) {
	for p := range pack {
		h := p + 4
		for lane := range 8 {
			from := func(r, second int) int64 {
				gate, unit := (8*r+lane)/h, (8*r+lane)%h
				if gate == second {
					unit += 8
				}
				return int64(unit)
			}
			pack[p][0][lane] = from(0, 1)  // register 0 from i and f,
			pack[p][1][lane] = from(1, 2)  // register 1 from f and o
			pack[p][2][lane] = int64(lane) // and then from itself
			pack[p][3][lane] = from(2, -1) // register 2 from g
			pack[p][4][lane] = from(0, -1)
			if (8+lane)/h == 3 {
				pack[p][2][lane] = from(1, 3) // and g,
			}
		}
	}
	return pack
}()

//go:noescape
func backward5AVX512(s *Step, wh *float64, n int, pack *[5][8]int64)

// order[n] says where forward5AVX512 has the gates i of n ≤ 5 units: lanes 0 to 7 of A, or 8 to 15 of M.
var order = func() (order [6][8]int64) {
	for n := range order {
		for unit := range n {
			if n+unit < 8 {
				order[n][unit] = int64(n + unit)
			} else {
				order[n][unit] = int64(8 + n + unit - (8 - n))
			}
		}
	}
	return order
}()

//go:noescape
func forward5AVX512(s *Step, wh *float64, n int, c *[28][4]float64, order *[8]int64)

//go:noescape
func forwardAVX512(s *Step, wh *float64, n, k int, c *[28][4]float64)

//go:noescape
func backwardAVX2(s *Step, n int)
