package tensor

import "math"

// The kernels in plain Go: the specification of every faster one. Where a kernel
// takes four rows at a time, that saves loads and stores and leaves each element's
// order of summation as it was.

func vecMatGeneric(y, x, w []float64) {
	n := len(y)
	for len(x) >= 4 {
		axpy4(y, x[0], x[1], x[2], x[3], w[:n], w[n:2*n], w[2*n:3*n], w[3*n:4*n])
		x, w = x[4:], w[4*n:]
	}
	for k, a := range x {
		axpyGeneric(y, a, w[k*n:(k+1)*n])
	}
}

func matVecGeneric(y, w, x []float64) {
	n := len(x)
	for k := range y {
		row := w[k*n : (k+1)*n]
		var l0, l1, l2, l3 float64
		j := 0
		for ; j+4 <= len(row) && j+4 <= len(x); j += 4 {
			l0 = math.FMA(row[j], x[j], l0)
			l1 = math.FMA(row[j+1], x[j+1], l1)
			l2 = math.FMA(row[j+2], x[j+2], l2)
			l3 = math.FMA(row[j+3], x[j+3], l3)
		}
		switch n - j {
		case 3:
			l2 = math.FMA(row[j+2], x[j+2], l2)
			fallthrough
		case 2:
			l1 = math.FMA(row[j+1], x[j+1], l1)
			fallthrough
		case 1:
			l0 = math.FMA(row[j], x[j], l0)
		}
		y[k] += (l0 + l1) + (l2 + l3)
	}
}

func outerGeneric(w, x, y []float64) {
	n := len(y)
	for k, a := range x {
		axpyGeneric(w[k*n:(k+1)*n], a, y)
	}
}

func outersGeneric(w []float64, x, y [][]float64) {
	for len(x) >= 4 {
		n := len(y[0])
		for k := range x[0] {
			axpy4(w[k*n:(k+1)*n], x[0][k], x[1][k], x[2][k], x[3][k], y[0], y[1], y[2], y[3])
		}
		x, y = x[4:], y[4:]
	}
	for t := range x {
		outerGeneric(w, x[t], y[t])
	}
}

func sumOfGeneric(y []float64, x [][]float64) {
	for t := range x {
		Add(y, y, x[t])
	}
}

func dotGeneric(x, y []float64) float64 {
	var l [16]float64
	for len(x) >= 16 && len(y) >= 16 {
		for i := range l {
			l[i] = math.FMA(x[i], y[i], l[i])
		}
		x, y = x[16:], y[16:]
	}
	for i := range x {
		l[i] = math.FMA(x[i], y[i], l[i])
	}
	var s [4]float64
	for i := range s {
		s[i] = (l[i] + l[i+4]) + (l[i+8] + l[i+12])
	}
	return (s[0] + s[1]) + (s[2] + s[3])
}

func axpyGeneric(y []float64, a float64, x []float64) {
	x = x[:len(y)]
	for j := range y {
		y[j] = math.FMA(a, x[j], y[j])
	}
}

// axpy4 is four calls of axpyGeneric, one after the other, in one pass over y.
func axpy4(y []float64, a0, a1, a2, a3 float64, x0, x1, x2, x3 []float64) {
	x0, x1, x2, x3 = x0[:len(y)], x1[:len(y)], x2[:len(y)], x3[:len(y)]
	for j, v := range y {
		v = math.FMA(a0, x0[j], v)
		v = math.FMA(a1, x1[j], v)
		v = math.FMA(a2, x2[j], v)
		v = math.FMA(a3, x3[j], v)
		y[j] = v
	}
}
