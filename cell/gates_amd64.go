//go:build !purego

package cell

import "lstm/tensor"

func forward(s *Step, c []float64) {
	if h := len(c); tensor.AVX2() && h >= 4 {
		forwardAVX2(&s.Z[0], &s.Gates[0], &s.C[0], &s.TanhC[0], &s.H[0], &c[0], h)
	} else {
		forwardGeneric(s, c)
	}
}

func backward(s *Step, c, dh, dc, dcPrev []float64) {
	if h := len(c); tensor.AVX2() && h >= 4 {
		backwardAVX2(&s.Gates[0], &s.TanhC[0], &c[0], &dh[0], &dc[0], &s.Z[0], &dcPrev[0], h)
	} else {
		backwardGeneric(s, c, dh, dc, dcPrev)
	}
}

//go:noescape
func forwardAVX2(z, gates, c, tanhC, h, cPrev *float64, n int)

//go:noescape
func backwardAVX2(gates, tanhC, c, dh, dc, dz, dcPrev *float64, n int)
