//go:build !purego

package cell

import "lstm/tensor"

var use512 = tensor.AVX512() // a variable, so that the tests can clear it

// near is the largest H for which Wh stays in a near cache. Up to this H, the kernel itself reads Wh, 8
// units at a time, and computes the gates meanwhile. Above it, VecMat reads Wh faster, row by row.
const near = 64

// forwardAsm works like forwardGeneric, to the bit, and reports whether there is a kernel
// for it. Without AVX-512 there is no kernel: the functions that forwardGeneric calls are fast.
func forwardAsm(s *Step, wh []float64) bool {
	if !use512 {
		return false
	}
	n := len(s.H)
	rows := n
	if n > near {
		tensor.VecMat(s.Z, s.HPrev, wh)
		rows = 0
	}
	forwardAVX512(s, &wh[0], n, rows, &tensor.Constants)
	return true
}

// backwardAsm works like backwardGeneric, to the bit, and reports whether there is a kernel for it. There is
// one for 4 units or more.
func backwardAsm(s *Step, wh []float64) bool {
	if !tensor.AVX2() || len(s.H) < 4 {
		return false
	}
	backwardAVX2(s, len(s.H))
	tensor.MatVec(s.DHPrev, wh, s.Z)
	return true
}

//go:noescape
func forwardAVX512(s *Step, wh *float64, n, k int, c *[28][4]float64)

//go:noescape
func backwardAVX2(s *Step, n int)
