package rival

import (
	"fmt"
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
		for _, m := range append(s.Rivals, s.Network) {
			if len(m.More) != len(s.Head) {
				t.Errorf("%s has %d numbers below %v", m.Name, len(m.More), s.Head)
			}
		}
	}
}

func Example() {
	s := &Standing{Network: Method{Name: "the LSTM", Error: 2}, Rivals: []Method{{Name: "a", Error: 4}, {Name: "b", Error: 3}}}
	fmt.Println(s.Best().Name, s.Network.Error < s.Best().Error)
	// Output: b true
}
