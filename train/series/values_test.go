package series

import (
	"fmt"
	"math"
	"testing"
)

func TestFill(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	for how, want := range map[string]string{"linear": "[2 2 3 4 5 6 6]", "previous": "[2 2 2 2 5 6 6]"} {
		v := []float64{nan, 2, nan, nan, 5, 6, nan}
		if err := fill(v, how, 9); err != nil || fmt.Sprint(v) != want {
			t.Errorf("%s: %v, %v, want %s", how, v, err, want)
		}
	}
	v := []float64{1, nan, 3, nan, 5, nan, 7}
	if err := fill(v, "linear", 4); err != nil || fmt.Sprint(v) != "[1 2 3 3 5 5 7]" {
		t.Errorf("%v, %v: the future is known", v, err)
	}
	if err := fill([]float64{nan, nan}, "linear", 9); err == nil {
		t.Error("nothing to fill with: no error")
	}
}

func TestRMS(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	for _, c := range []struct {
		x, y []float64
		want float64
	}{
		{[]float64{1, 2, 3}, []float64{2, nan, 2}, 1},
		{[]float64{3e200, 0}, []float64{0, 4e200}, 2.5e200 * math.Sqrt2},
		{[]float64{3e-200, 0}, []float64{0, 4e-200}, 2.5e-200 * math.Sqrt2},
		{[]float64{5, 5}, []float64{5, 5}, 0},
		{[]float64{nan, 1}, []float64{1, 1}, nan},
		{[]float64{1}, []float64{nan}, nan},
		{nil, nil, nan},
	} {
		if got := RMS(c.x, c.y); !(math.Abs(got-c.want) <= 1e-15*c.want) && !(math.IsNaN(got) && math.IsNaN(c.want)) {
			t.Errorf("RMS(%v, %v) = %v, want %v", c.x, c.y, got, c.want)
		}
	}
}
