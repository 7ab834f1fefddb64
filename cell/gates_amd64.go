//go:build !purego

package cell

import "lstm/tensor"

var use512 = tensor.AVX512() // set by the tests as well

// near is how many units may have a Wh that is read from a near cache. Up to it, the kernel
// does the arithmetic of the gates while it reads Wh, 8 units at a time. Beyond it, Wh is
// better read row by row, as VecMat does.
const near = 64

func forward(s *Step, wh []float64) {
	switch n := len(s.H); {
	case use512 && n <= near:
		forwardAVX512(s, &wh[0], n, n, tensor.Constants())
	case use512:
		tensor.VecMat(s.Z, s.HPrev, wh)
		forwardAVX512(s, &wh[0], n, 0, tensor.Constants())
	default:
		forwardGeneric(s, wh) // whose functions are vectors too
	}
}

func backward(s *Step, wh []float64) {
	switch n := len(s.H); {
	case tensor.AVX2() && n >= 4:
		backwardAVX2(s, n)
		tensor.MatVec(s.DHPrev, wh, s.Z)
	default:
		backwardGeneric(s, wh)
	}
}

//go:noescape
func forwardAVX512(s *Step, wh *float64, n, k int, c *[29][4]float64)

//go:noescape
func backwardAVX2(s *Step, n int)
