package derivative_test

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"lstm/check/mistake/derivative"
	"lstm/check/pass"
	"lstm/check/scalar"
)

// coefficient returns what a line multiplies the derivative of the plain term by: y − target, or p − target.
func coefficient(t *testing.T, n pass.Net, line string) float64 {
	t.Helper()
	parts := strings.Split(strings.TrimPrefix(line, "dy = "), " / ")
	k, factor := 1.0, ""
	if before, _, ok := strings.Cut(parts[0], "*("); ok {
		factor = before
	}
	if factor != "" {
		k, _ = strconv.ParseFloat(factor, 64)
	}
	if strings.Count(parts[0], "(") != strings.Count(parts[0], ")") || !strings.Contains(parts[0], " - target") {
		t.Fatalf("%q", line)
	}
	if len(parts) > 1 && !strings.Contains(parts[0], "(") {
		t.Errorf("%q divides the target alone", line)
	}
	for _, by := range parts[1:] {
		size, known := map[string]float64{"O": float64(n.O), "T": float64(n.T), "N": float64(n.N)}[by]
		if !known {
			size, _ = strconv.ParseFloat(by, 64)
		}
		k /= size
	}
	return k
}

// TestFactors: the right line of a mistake gives the right derivative, and the wrong line the wrong one, whatever the loss is
// divided by.
func TestFactors(t *testing.T) {
	for _, sizes := range [][3]int{{1, 6, 1}, {2, 5, 1}, {3, 6, 2}, {4, 2, 3}, {2, 2, 2}} {
		for _, of := range []pass.Loss{pass.Squared, pass.CrossEntropy, pass.Logistic} {
			n := pass.Standard(scalar.Net{X: 1, H: 1, O: sizes[0], T: sizes[1]})
			n.N, n.Kind.Loss = sizes[2], of
			for mask := range 16 {
				n.Per = 1
				for k, size := range []int{2, n.O, n.T, n.N} {
					if mask>>k&1 > 0 {
						n.Per *= float64(size)
					}
				}
				whole := map[bool]float64{true: 2, false: 1}[of == pass.Squared] / n.Per
				if got := coefficient(t, n, derivative.Right(n)); math.Abs(got-whole) > 1e-12*whole {
					t.Errorf("%+v: %s", n, derivative.Right(n))
				}
				for _, m := range derivative.Factors(n) {
					times := m.DY(nil, 1)
					if got := coefficient(t, n, m.Wrong); m.Right != derivative.Right(n) || math.Abs(got-times*whole) > 1e-12*got {
						t.Errorf("%+v: %s is %g times %s", n, m.Wrong, times, m.Right)
					}
				}
			}
		}
	}
}
