package rival

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"lstm/train/series"
)

// TestForecasts: the standing has the errors of all methods, one step ahead or of free runs.
func TestForecasts(t *testing.T) {
	t.Parallel()
	c := &series.Comparison{
		Unit: "ppm", Steps: 2, Apart: 2, HeldOut: 4,
		Simpler: []series.Score{{Method: "a", OneStep: []float64{3, 3}, Free: []float64{5, 7}}, {Method: "b", Detail: ", lag 2", OneStep: []float64{4, 4}, Free: []float64{1, 3}}},
		LSTM:    series.Score{Method: "the LSTM", OneStep: []float64{2, 2}, Free: []float64{2, 4}},
	}
	for _, free := range []bool{false, true} {
		s := Forecasts(c, free)
		want, best := "[2 3 4]", "a"
		if free {
			want, best = "[3 6 2]", "b, lag 2"
		}
		if s.Wins != c.Winner() {
			t.Errorf("free %v: %d, want %d", free, s.Wins, c.Winner())
		}
		if got := fmt.Sprint([]float64{s.Network.Error, s.Rivals[0].Error, s.Rivals[1].Error}); got != want || s.Best().Name != best || s.Says == "" {
			t.Errorf("free %v: %s, the best is %s, want %s and %s: %s", free, got, s.Best().Name, want, best, s.Says)
		}
		if got := fmt.Sprintf("%.4g", s.Rivals[0].More); got != "[3 6 1.414 5 7]" {
			t.Errorf("the errors of a are %s", got)
		}
		if s.Where != "" {
			t.Errorf("%s alone decides, of two values", s.Where)
		}
		for _, m := range append(s.Rivals, s.Network) {
			if len(m.More) != len(s.Head) {
				t.Errorf("%s has %d numbers below %v", m.Name, len(m.More), s.Head)
			}
		}
	}
}

// TestDeciding: the forecasts that alone decide are the ones that are compared.
func TestDeciding(t *testing.T) {
	t.Parallel()
	better, same := slices.Repeat([]float64{1}, 40), slices.Repeat([]float64{3}, 40)
	for _, c := range []struct {
		oneStep, free []float64
		error         float64
		decided       bool
	}{{better, same, 1, true}, {same, better, 1, true}, {same, same, 3, false}, {better, better, 1, false}} {
		worse := series.Score{OneStep: slices.Repeat([]float64{2}, 40), Free: slices.Repeat([]float64{2}, 40)}
		half := func(x []float64) []float64 { // as good as the rival if it is the same
			if x[0] == 3 {
				x = slices.Concat(slices.Repeat([]float64{1}, 20), x[:20])
			}
			return x
		}
		lstm := series.Score{OneStep: half(c.oneStep), Free: half(c.free)}
		for _, free := range []bool{false, true} {
			s := Forecasts(&series.Comparison{Steps: 2, Apart: 40, HeldOut: 40, Simpler: []series.Score{worse}, LSTM: lstm}, free)
			if c.decided != (s.Where != "") || c.decided && math.Abs(s.Network.Error-c.error) > 1e-9 {
				t.Errorf("%v and %v: %+v", c.oneStep[0], c.free[0], s)
			}
		}
	}
}

func Example() {
	s := &Standing{Network: Method{Name: "the LSTM", Error: 2}, Rivals: []Method{{Name: "a", Error: 4}, {Name: "b", Error: 3}}}
	fmt.Println(s.Best().Name, s.Network.Error < s.Best().Error)
	// Output: b true
}
