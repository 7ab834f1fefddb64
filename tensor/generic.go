package tensor

import "math"

// The kernels in plain Go specify every faster kernel. Some take four rows at a time. This saves loads and
// stores, and each element still sums in the same order.

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
		var l0, l1, l2, l3, l4, l5, l6, l7 float64
		j := 0
		for ; j+8 <= len(row) && j+8 <= len(x); j += 8 {
			l0 = math.FMA(row[j], x[j], l0)
			l1 = math.FMA(row[j+1], x[j+1], l1)
			l2 = math.FMA(row[j+2], x[j+2], l2)
			l3 = math.FMA(row[j+3], x[j+3], l3)
			l4 = math.FMA(row[j+4], x[j+4], l4)
			l5 = math.FMA(row[j+5], x[j+5], l5)
			l6 = math.FMA(row[j+6], x[j+6], l6)
			l7 = math.FMA(row[j+7], x[j+7], l7)
		}
		switch n - j {
		case 7:
			l6 = math.FMA(row[j+6], x[j+6], l6)
			fallthrough
		case 6:
			l5 = math.FMA(row[j+5], x[j+5], l5)
			fallthrough
		case 5:
			l4 = math.FMA(row[j+4], x[j+4], l4)
			fallthrough
		case 4:
			l3 = math.FMA(row[j+3], x[j+3], l3)
			fallthrough
		case 3:
			l2 = math.FMA(row[j+2], x[j+2], l2)
			fallthrough
		case 2:
			l1 = math.FMA(row[j+1], x[j+1], l1)
			fallthrough
		case 1:
			l0 = math.FMA(row[j], x[j], l0)
		}
		y[k] += ((l0 + l4) + (l1 + l5)) + ((l2 + l6) + (l3 + l7))
	}
}

func affineGeneric(y, b, x, w []float64, t, k, n int) {
	for s := range t {
		row := y[s*n : (s+1)*n]
		copy(row, b)
		vecMatGeneric(row, x[s*k:(s+1)*k], w)
	}
}

func matVecsGeneric(y, w, x []float64, t, k, n int) {
	for s := range t {
		matVecGeneric(y[s*k:(s+1)*k], w, x[s*n:(s+1)*n])
	}
}

func outersGeneric(w, x, y []float64, t, k, n int) {
	for ; t >= 4; t -= 4 {
		for i := range k {
			axpy4(w[i*n:(i+1)*n], x[i], x[k+i], x[2*k+i], x[3*k+i], y[:n], y[n:2*n], y[2*n:3*n], y[3*n:4*n])
		}
		x, y = x[4*k:], y[4*n:]
	}
	for s := range t {
		for i := range k {
			axpyGeneric(w[i*n:(i+1)*n], x[s*k+i], y[s*n:(s+1)*n])
		}
	}
}

func sumGeneric(y, x []float64) {
	for ; len(x) > 0; x = x[len(y):] {
		for j, v := range x[:len(y)] {
			y[j] += v
		}
	}
}

func dotGeneric(l *Lanes, x, y []float64) float64 {
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

// axpy4 computes four calls of axpyGeneric, in their order, in one pass over y.
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

func divGeneric(y []float64, a float64) {
	for j := range y {
		y[j] /= a
	}
}
