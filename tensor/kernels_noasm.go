//go:build !amd64 || purego

package tensor

// AVX2 reports whether the assembly is in use, here and in package cell.
func AVX2() bool { return false }

// AVX512 reports whether the AVX-512F kernels are in use too.
func AVX512() bool { return false }

func vecMat(y, x, w []float64)                 { vecMatGeneric(y, x, w) }
func matVec(y, w, x []float64)                 { matVecGeneric(y, w, x) }
func affine(y, b, x, w []float64, t, k, n int) { affineGeneric(y, b, x, w, t, k, n) }
func matVecs(y, w, x []float64, t, k, n int)   { matVecsGeneric(y, w, x, t, k, n) }
func outers(w, x, y []float64, t, k, n int)    { outersGeneric(w, x, y, t, k, n) }
func sum(y, x []float64)                       { sumGeneric(y, x) }
func dot(x, y []float64) float64               { return dotGeneric(x, y) }
func axpy(y []float64, a float64, x []float64) { axpyGeneric(y, a, x) }
func expV(z, x []float64)                      { expGeneric(z, x) }
func sigmoidV(z, x []float64)                  { sigmoidGeneric(z, x) }
func tanhV(z, x []float64)                     { tanhGeneric(z, x) }
