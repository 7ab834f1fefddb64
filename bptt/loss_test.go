package bptt

import (
	"fmt"
	"math"
	"testing"

	"lstm/check"
	"lstm/tensor/assert"
)

// losses has the losses of the package.
var losses = []Loss{SquaredError{}, CrossEntropy{}}

// TestLosses: dy is the derivative of the loss with respect to y, for one output and several.
func TestLosses(t *testing.T) {
	for _, l := range losses {
		for _, o := range []int{1, 2, 4} {
			y, target, dy := make([]float64, 12), make([]float64, 12), make([]float64, 12)
			for i := range y {
				y[i], target[i], dy[i] = 2*math.Sin(float64(i)), math.Cos(float64(i)), math.NaN()
			}
			for row := 0; row < 12; row += o {
				Softmax(target[row:row+o], target[row:row+o]) // the targets of a row must sum to 1
			}
			loss := l.Measure(dy, y, target, o)
			scratch := make([]float64, 12)
			results, err := check.Gradients(func() float64 { return l.Measure(scratch, y, target, o) },
				[]check.Param{{Name: fmt.Sprintf("%T, %d outputs: y", l, o), Value: y, Grad: dy}}, check.Options{Loss: loss})
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range append(results[0].With(check.Wrong), results[0].With(check.Unresolved)...) {
				t.Errorf("%s is %v, and %v ± %.0e as measured", e.Name, e.Analytic, e.Numeric, e.Bar)
			}
		}
	}
}

// TestCrossEntropy compares CrossEntropy with its definition for moderate outputs. For outputs whose
// exponentials overflow, it compares with known results.
func TestCrossEntropy(t *testing.T) {
	y := []float64{0.3, -1.2, 2, 0.7, 0.7, 0.7}
	target := []float64{0, 1, 0, 0.25, 0.25, 0.5}
	dy := make([]float64, 6)
	loss, want := CrossEntropy{}.Measure(dy, y, target, 3), 0.0
	for row := 0; row < 6; row += 3 {
		sum := 0.0
		for _, v := range y[row : row+3] {
			sum += math.Exp(v)
		}
		for o := row; o < row+3; o++ {
			p := math.Exp(y[o]) / sum
			want -= target[o] * math.Log(p)
			assert.Near(t, "dy", dy[o:o+1], []float64{p - target[o]}, 1e-14)
		}
	}
	assert.Near(t, "loss", []float64{loss}, []float64{want}, 1e-14)

	for _, c := range []struct {
		y, target, dy []float64
		loss          float64
	}{
		{[]float64{1e300, 0}, []float64{1, 0}, []float64{0, 0}, 0},
		{[]float64{1e300, 0}, []float64{0, 1}, []float64{1, -1}, 1e300},
		{[]float64{-1e300, -1e300}, []float64{0, 1}, []float64{0.5, -0.5}, math.Ln2},
		{[]float64{1000, 1000}, []float64{1, 0}, []float64{-0.5, 0.5}, math.Ln2},
		{[]float64{1000, 0}, []float64{0, 1}, []float64{1, -1}, 1000},
		{[]float64{0, 60}, []float64{0, 1}, []float64{8.7565107626965e-27, -8.7565107626965e-27}, 8.7565107626965e-27},
	} {
		dy := make([]float64, 2)
		if loss := (CrossEntropy{}).Measure(dy, c.y, c.target, 2); !(math.Abs(loss-c.loss) <= 1e-13*c.loss && math.Abs(dy[0]-c.dy[0]) <= 1e-13*math.Abs(c.dy[0]) && math.Abs(dy[1]-c.dy[1]) <= 1e-13*math.Abs(c.dy[1])) {
			t.Errorf("y %v, target %v: loss %v and dy %v, want %v and %v", c.y, c.target, loss, dy, c.loss, c.dy)
		}
	}
	for _, bad := range []float64{math.NaN(), math.Inf(1)} {
		for _, y := range [][]float64{{0, bad}, {bad, 0}} {
			if loss := (CrossEntropy{}).Measure(make([]float64, 2), y, []float64{1, 0}, 2); !math.IsNaN(loss) {
				t.Errorf("the loss for outputs %v is %v, want NaN", y, loss)
			}
		}
	}
	many, first, r := make([]float64, 1000), make([]float64, 1000), 0.0
	for i := range many[1:] {
		many[i+1] = -0.1 - 1e-3*float64(i)
		r += math.Exp(many[i+1])
	}
	first[0] = 1
	loss = CrossEntropy{}.Measure(make([]float64, 1000), many, first, 1000)
	assert.Near(t, "loss of many outputs", []float64{loss}, []float64{math.Log1p(r)}, 1e-15)
	Softmax(y, y)
	assert.Near(t, "softmax", []float64{y[0] + y[1] + y[2] + y[3] + y[4] + y[5], y[5] / y[3]}, []float64{1, 1}, 1e-15)
}
