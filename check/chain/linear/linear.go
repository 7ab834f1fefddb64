// Package linear solves systems of linear equations whose numbers have error bars.
package linear

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Independent is Factor for columns that may depend on each other. It returns the indices of those that it keeps.
func Independent(columns [][]float64) (f QR, kept []int) {
	for k, c := range columns {
		if next, ok := f.With(c); ok {
			f, kept = next, append(kept, k)
		}
	}
	return f, kept
}

// A QR is the factorisation of a matrix by modified Gram-Schmidt, twice: A = QR.
type QR struct {
	q [][]float64 // orthonormal columns
	r [][]float64 // r[k][i], for i ≤ k
}

// Factor returns false if the columns are almost dependent.
func Factor(columns [][]float64) (f QR, ok bool) {
	for _, column := range columns {
		if f, ok = f.With(column); !ok {
			return f, false
		}
	}
	return f, true
}

// With returns the factorisation with one more column, or false if the column almost depends on the others.
func (f QR) With(column []float64) (QR, bool) {
	v, r := append([]float64(nil), column...), make([]float64, len(f.q)+1)
	for range 2 {
		for i, q := range f.q {
			d := dot(q, v)
			r[i] += d
			for k := range v {
				v[k] -= d * q[k]
			}
		}
	}
	size := Norm(v)
	if size <= 1e-6*Norm(column) {
		return f, false
	}
	r[len(f.q)] = size
	for k := range v {
		v[k] /= size
	}
	return QR{append(f.q, v), append(f.r, r)}, true
}

// Solve returns the x with A·x = y, with its errors, and whether it fits y.
func (f QR) Solve(y, bars []float64) (x, err []float64, fits bool) {
	n := len(f.q)
	x, err = make([]float64, n), make([]float64, n)
	rest, size := append([]float64(nil), y...), Norm(y)
	for k := n - 1; k >= 0; k-- {
		x[k] = dot(f.q[k], y)
		for i := range rest {
			err[k] += math.Abs(f.q[k][i]) * (bars[i] + 1e-14*size)
		}
		for i := range rest {
			rest[i] -= f.q[k][i] * x[k]
		}
	}
	slack := 1e-9 * size
	for i := range bars {
		slack += 2 * bars[i]
	}
	fits = Norm(rest) <= slack
	for k := n - 1; k >= 0; k-- {
		for m := k + 1; m < n; m++ {
			x[k] -= f.r[m][k] * x[m]
			err[k] += math.Abs(f.r[m][k]) * err[m]
		}
		x[k], err[k] = x[k]/f.r[k][k], err[k]/f.r[k][k]
	}
	return x, err, fits
}

// Spans reports whether y is a sum of multiples of the columns, to the bars. It does not tell, and returns false, if the
// numbers that y is made of are hardly more than the independent columns. It overwrites the columns. (Householder's reflections; a column
// that depends on those before it is left out.)
func Spans(columns [][]float64, y, bars []float64, numbers int) bool {
	size, slack, rank := Norm(y), 0.0, 0
	for k, c := range columns {
		c = slices.Clone(c)
		whole := Norm(c)
		for i, v := range columns[:rank] {
			reflect(v[i:], c[i:])
		}
		rest := Norm(c[rank:])
		if k == 0 {
			y = slices.Clone(y)
		}
		if rest <= 1e-6*whole {
			continue
		}
		clear(c[:rank])
		c[rank] += math.Copysign(rest, c[rank])
		for i, n := rank, math.Sqrt(dot(c, c)/2); i < len(c); i++ {
			c[i] /= n
		}
		reflect(c[rank:], y[rank:])
		columns[rank] = c
		if rank++; min(len(y), numbers)-rank < 4 {
			return false
		}
	}
	for _, b := range bars {
		slack += 2 * b
	}
	return Norm(y[rank:]) <= slack+1e-9*size
}

// reflect subtracts (v·x)v from x, for a v of length √2.
func reflect(v, x []float64) {
	d := dot(v, x)
	x = x[:len(v)]
	for k, a := range v {
		x[k] -= d * a
	}
}

// dot runs in four sums, which is faster than one.
func dot(a, b []float64) float64 {
	var s0, s1, s2, s3 float64
	for ; len(a) >= 4 && len(b) >= 4; a, b = a[4:], b[4:] {
		s0 += a[0] * b[0]
		s1 += a[1] * b[1]
		s2 += a[2] * b[2]
		s3 += a[3] * b[3]
	}
	for i, x := range a {
		s0 += x * b[i]
	}
	return s0 + s1 + s2 + s3
}

// Norm returns the length of a vector.
func Norm(x []float64) float64 { return math.Sqrt(dot(x, x)) }

// A Mix makes fewer numbers of many: each of them is added to one of the new ones, with a random sign. Each of the new ones
// gets about as many.
type Mix struct {
	to   []int // for each number
	sign []float64
	rows int
}

// NewMix returns a mix of some numbers. If they are not more than rows, it keeps them.
func NewMix(numbers, rows int) *Mix {
	rng := rand.New(rand.NewPCG(16, 6))
	m := &Mix{to: rng.Perm(numbers), rows: min(rows, numbers)}
	for k := range m.to {
		m.to[k] %= m.rows
		m.sign = append(m.sign, float64(2*rng.IntN(2)-1))
	}
	return m
}

// Of mixes numbers.
func (m *Mix) Of(numbers []float64) []float64 {
	all := make([]float64, m.rows)
	for k, x := range numbers {
		all[m.to[k]] += m.sign[k] * x
	}
	return all
}

// Bars adds the error bars.
func (m *Mix) Bars(bars []float64) []float64 {
	all := make([]float64, m.rows)
	for k, x := range bars {
		all[m.to[k]] += x
	}
	return all
}
