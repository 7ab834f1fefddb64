package series

import (
	"math"
	"slices"

	"lstm/tensor"
)

// lag returns the season: the lag, 2 or more, after which the training part repeats itself best. It uses
// at most the last 100,000 values of that part.
//
// Let e(k) = RMS(v_t, v_{t−k}). A season is a dip of e: the k with the least ratio of e(k) to the
// largest e of a shorter lag. There is no season if this ratio is above 0.9, or if k is the largest lag
// tried. Then lag returns the k with the least e(k).
func (s *Series) lag() int {
	v := s.values[:s.at(s.Valid)]
	v = v[max(0, len(v)-100_000):]
	season, near := 2, 2
	dip, least := math.Inf(1), math.Inf(1)
	most := RMS(v[1:], v[:len(v)-1])
	last := min(len(v)/3, 400)
	for lag := 2; lag <= last; lag++ {
		e := RMS(v[lag:], v[:len(v)-lag])
		if e/most < dip {
			season, dip = lag, e/most
		}
		if e < least {
			near, least = lag, e
		}
		most = max(most, e)
	}
	if dip > 0.9 || season == last {
		return near
	}
	return season
}

// An autoregression holds the coefficients of z_t = a_0 + Σ_k a_k z_{t−k}.
type autoregression []float64

func (a autoregression) next(z []float64) float64 {
	y := a[0]
	for k, c := range a[1:] {
		y = math.FMA(c, z[len(z)-1-k], y)
	}
	return y
}

// regress fits autoregressions to the training part by least squares. It returns the autoregression with
// the least error over the validating part.
func (s *Series) regress() autoregression {
	var best autoregression
	least := math.Inf(1)
	most := min(36, s.Valid/6)
	A, b := s.normal(most)
	for p := 1; p <= most; p++ {
		a := solve(A, b, p)
		sum := 0.0
		for i := s.Valid; i < s.Tail; i++ {
			e := a.next(s.Z[:i]) - s.Z[i]
			sum = math.FMA(e, e, sum)
		}
		if best == nil || sum < least {
			best, least = a, sum
		}
	}
	return best
}

// normal returns the normal equations A a = b of p lags and a constant, on the training part. A is (n,n)
// and b is (n), with n = p+1. The first rows and columns are the equations for fewer lags.
func (s *Series) normal(p int) (A, b []float64) {
	n := p + 1
	A, b = make([]float64, n*n), make([]float64, n)
	row := make([]float64, n)
	for i := p; i < s.Valid; i++ {
		row[0] = 1
		for k := range p {
			row[1+k] = s.Z[i-1-k]
		}
		tensor.Outer(A, row, row)
		tensor.Axpy(b, s.Z[i], row)
	}
	return A, b
}

// solve solves the normal equations for p lags by Cholesky decomposition. It makes the diagonal
// larger by 1e-9 of itself, so that linearly dependent lags also have a solution.
func solve(normal, right []float64, p int) autoregression {
	n := p + 1
	A, b := make([]float64, n*n), slices.Clone(right[:n])
	for i := range n {
		copy(A[i*n:i*n+n], normal[i*len(right):])
	}
	for j := range n { // A = L Lᵀ, L in the lower half of A; b ← L⁻¹ b
		A[j*n+j] = math.Sqrt(float64(A[j*n+j]*(1+1e-9)) - tensor.Dot(A[j*n:j*n+j], A[j*n:j*n+j]))
		b[j] = (b[j] - tensor.Dot(A[j*n:j*n+j], b[:j])) / A[j*n+j]
		for i := j + 1; i < n; i++ {
			A[i*n+j] = (A[i*n+j] - tensor.Dot(A[i*n:i*n+j], A[j*n:j*n+j])) / A[j*n+j]
		}
	}
	for j := n - 1; j >= 0; j-- { // b ← L⁻ᵀ b
		for i := j + 1; i < n; i++ {
			b[j] = math.FMA(-A[i*n+j], b[i], b[j])
		}
		b[j] /= A[j*n+j]
	}
	return b
}
