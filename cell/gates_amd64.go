//go:build !purego

package cell

import "lstm/tensor"

// lane holds the lanes of fewForwardAVX512: f begins at n, o at 2n, and 8 of each are taken.
//
//lint:ignore U1000 assembly reads it
var lane = [...]int64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17}

var use512 = tensor.AVX512() // set by the tests as well

// Up to 64 units wh is read from a near cache, and the arithmetic of the gates is done
// while it is; beyond that it is better read row by row, as VecMat does.
const near = 64

func forward(s *Step, wh []float64) {
	switch n := len(s.H); {
	case use512 && n <= 5:
		fewForwardAVX512(s, &wh[0], n)
	case use512 && n <= near:
		forwardAVX512(s, &wh[0], n, n)
	case use512:
		tensor.VecMat(s.Z, s.HPrev, wh)
		forwardAVX512(s, &wh[0], n, 0)
	default:
		forwardGeneric(s, wh) // whose functions are vectors too
	}
}

func backward(s *Step, wh []float64) {
	switch n := len(s.H); {
	case tensor.AVX2() && n >= 4 && n < 8:
		fewBackwardAVX2(s, &wh[0], n)
	case tensor.AVX2() && n >= 4:
		backwardAVX2(s, n)
		tensor.MatVec(s.DHPrev, wh, s.Z)
	default:
		backwardGeneric(s, wh)
	}
}

//go:noescape
func forwardAVX512(s *Step, wh *float64, n, k int)

//go:noescape
func fewForwardAVX512(s *Step, wh *float64, n int)

//go:noescape
func backwardAVX2(s *Step, n int)

//go:noescape
func fewBackwardAVX2(s *Step, wh *float64, n int)
