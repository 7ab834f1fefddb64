package scalar

import (
	"math"
	"math/cmplx"
)

// A Number is a type of number that Forward computes with: float64; complex128 for ComplexStep; float32 to show
// that only a few digits of a difference are right.
type Number interface{ float32 | float64 | complex128 }

// Sigma returns the sigmoid 1/(1 + e^−x).
func Sigma[N Number](x N) N { return 1 / (1 + exp(-x)) }

// Tanh returns the hyperbolic tangent.
func Tanh[N Number](x N) N { return apply(x, realTanh, cmplx.Tanh) }

func exp[N Number](x N) N { return apply(x, realExp, cmplx.Exp) }

// log returns the natural logarithm of a real x from 1 to e^12, or of a complex x.
func log[N Number](x N) N { return apply(x, realLog, cmplx.Log) }

// apply returns f(x) for a real x, and g(x) for a complex x.
func apply[N Number](x N, f func(float64) float64, g func(complex128) complex128) N {
	if z, ok := any(x).(complex128); ok {
		return any(g(z)).(N)
	}
	return number[N](f(re(x)))
}

func number[N Number](x float64) N {
	switch any(*new(N)).(type) {
	case float32:
		return any(float32(x)).(N)
	case float64:
		return any(x).(N)
	}
	return any(complex(x, 0)).(N)
}

func re[N Number](x N) float64 {
	switch x := any(x).(type) {
	case float32:
		return float64(x)
	case float64:
		return x
	}
	return real(any(x).(complex128))
}

// The package has its own real functions. The functions of package math differ between machines in their last
// bit, and this package checks the functions of package tensor.

// realExp returns e^x = 2^k·e^r, with r = x − k·ln 2 and the Taylor series of e^r.
func realExp(x float64) float64 {
	const hi, lo = 0x1.62e42feep-1, 0x1.a39ef35793c76p-33 // ln 2 in two parts; k·hi is exact
	x = max(-750, min(750, x))
	k := math.RoundToEven(x / math.Ln2)
	r := (x - float64(k*hi)) - float64(k*lo)
	sum := 1.0
	for n := 16.0; n > 0; n-- {
		sum = 1 + float64(r*sum)/n
	}
	return math.Ldexp(sum, int(k))
}

// realLog returns the y with e^y = x, for 1 ≤ x < e^12, by Halley's method. At first each iteration adds almost
// 2 to y; near the end it triples the number of right digits.
func realLog(x float64) float64 {
	y := 0.0
	for range 10 {
		e := realExp(y)
		y += 2 * (x - e) / (x + e)
	}
	return y
}

// realTanh returns tanh x: near 0 by Lambert's continued fraction x/(1 + x²/(3 + x²/(5 + …))), else
// as 1 − 2/(e^2x + 1).
func realTanh(x float64) float64 {
	if math.Abs(x) > 1 {
		return math.Copysign(1-2/(realExp(2*math.Abs(x))+1), x)
	}
	f := 27.0
	for n := 25.0; n > 0; n -= 2 {
		f = n + float64(x*x)/f
	}
	return x / f
}
