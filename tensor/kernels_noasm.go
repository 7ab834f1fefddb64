//go:build !amd64 || purego

package tensor

func kernel() string                           { return "plain Go" }
func vecMat(y, x, w []float64)                 { vecMatGeneric(y, x, w) }
func matVec(y, w, x []float64)                 { matVecGeneric(y, w, x) }
func outer(w, x, y []float64)                  { outerGeneric(w, x, y) }
func outers(w []float64, x, y [][]float64)     { outersGeneric(w, x, y) }
func sumOf(y []float64, x [][]float64)         { sumOfGeneric(y, x) }
func axpy(y []float64, a float64, x []float64) { axpyGeneric(y, a, x) }
func expV(z, x []float64)                      { expGeneric(z, x) }
func sigmoidV(z, x []float64)                  { sigmoidGeneric(z, x) }
func tanhV(z, x []float64)                     { tanhGeneric(z, x) }
