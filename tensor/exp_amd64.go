//go:build !purego

package tensor

// constants are what exp, σ and tanh are made of, each in 4 lanes, in the order of
// exp_amd64.h.
var constants = func() (lanes [29][4]float64) {
	for i, v := range [29]float64{
		expMin, expMax, -350, log2e, 2 * log2e, roundBits, roundBits + 64, ln2Hi, ln2Lo,
		e0, e1, e2, e3, e4, e5, e6, e7, e8, e9, 1, tanhSmall, -2, 0x1p-64, p0, p1, p2, q0, q1, q2,
	} {
		lanes[i] = [4]float64{v, v, v, v}
	}
	return lanes
}()

// Constants returns the numbers that exp, σ and tanh are made of, for assembly that
// includes exp_amd64.h, which says in what order they lie. Nobody may change them.
func Constants() *[29][4]float64 { return &constants }

func expV(z, x []float64) {
	if hasAVX2 && len(z) >= 4 {
		expAVX2(&z[0], &x[0], len(z), &constants)
	} else {
		expGeneric(z, x)
	}
}

func sigmoidV(z, x []float64) {
	if hasAVX2 && len(z) >= 4 {
		sigmoidAVX2(&z[0], &x[0], len(z), &constants)
	} else {
		sigmoidGeneric(z, x)
	}
}

func tanhV(z, x []float64) {
	if hasAVX2 && len(z) >= 4 {
		tanhAVX2(&z[0], &x[0], len(z), &constants)
	} else {
		tanhGeneric(z, x)
	}
}

// The kernels work like expGeneric, sigmoidGeneric and tanhGeneric, for 4 numbers or more.

//go:noescape
func expAVX2(z, x *float64, n int, c *[29][4]float64)

//go:noescape
func sigmoidAVX2(z, x *float64, n int, c *[29][4]float64)

//go:noescape
func tanhAVX2(z, x *float64, n int, c *[29][4]float64)
