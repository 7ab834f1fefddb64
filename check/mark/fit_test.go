package mark

import (
	"math"
	"testing"
)

// TestRatio: a range of factors has a name if it holds one simple ratio, and others are far away.
func TestRatio(t *testing.T) {
	for _, c := range []struct {
		k, width float64
		want     ratio // zero: no name
	}{
		{1.5, 1e-9, ratio{3, 2}},
		{1.5, 0.0028, ratio{3, 2}}, // 10/7 and 11/7 are 0.0714 away
		{1.5, 0.0030, ratio{}},
		{-1, 0.02, ratio{-1, 1}}, // 11/12 and 12/11 are 0.083 away
		{-1, 0.022, ratio{}},
		{2, 0.041, ratio{2, 1}}, // 11/6 is 0.1667 away
		{2, 0.043, ratio{}},
		{0.5, 0.011, ratio{1, 2}}, // 5/11 is 0.0455 away
		{0.5, 0.012, ratio{}},
		{-0.5, 0.011, ratio{}},
		{-0.5, 1e-4, ratio{-1, 2}},
		{12.0 / 11, 1e-4, ratio{12, 11}},
		{13.0 / 11, 1e-4, ratio{}},
		{0.31, 1e-9, ratio{}},
		{40, 0.039, ratio{40, 1}},
		{40, 0.041, ratio{}},
		{1.0 / 40, 0.039 / 1600, ratio{1, 40}},
		{1.0 / 40, 0.041 / 1600, ratio{}},
		{-13, 1e-9, ratio{-13, 1}},
		{-1.0 / 13, 1e-9, ratio{-1, 13}},
		{40.3, 1e-9, ratio{}},
		{2e6, 1e-9, ratio{}},
		{0, 1e-9, ratio{}},
		{2, 1, ratio{}},
	} {
		for _, off := range []float64{0, 0.4} { // the middle need not be the ratio
			middle := c.k + off*c.width*1e-2
			r, ok := fit{low: middle - c.width/2, high: middle + c.width/2}.ratio()
			if ok != (c.want != ratio{}) || ok && r != c.want {
				t.Errorf("%v, known to %v: %v %v, want %v", middle, c.width, r, ok, c.want)
			}
		}
	}
}

// TestRound: a norm is round if it hits a round number, or is below by what a program adds to it, and seldom would.
func TestRound(t *testing.T) {
	for _, c := range []struct {
		v, e, attempts float64
		want           bool
	}{
		{0.25, 1e-12, 1, true},
		{0.25 + 2e-12, 1e-12, 1, false},
		{0.25 - 0.9e-6, 1e-12, 1, true},
		{0.25 - 1.1e-6, 1e-12, 1, false},
		{1, 1e-15, 1, true},
		{1 - 1e-16, 1e-15, 1, true},
		{7.5, 1e-9, 1, true},
		{3.5, 1e-9, 1, false},
		{1e-3, 1e-9, 1, true},
		{1e-3 - 5e-7, 1e-9, 1, false}, // one in 200 is as near
		{5, 2.2e-4, 1, true},
		{5, 2.6e-4, 1, false},
		{5, 2.2e-4, 2, false},
		{0, 0, 1, false},
	} {
		if says, got := (amount{c.v, c.e}).round(c.attempts); got != c.want {
			t.Errorf("%v ± %v: %v %s", c.v, c.e, got, says)
		}
	}
}

// TestGrain: the grain is half a unit of the last digit that a program printed, at most the error bar.
func TestGrain(t *testing.T) {
	for _, c := range []struct {
		name string
		v    []float64
		want []float64
	}{
		{"4 digits", []float64{1.234, 0.05678, 120, 0.0009876}, []float64{5e-4, 5e-6, 5e-2, 5e-8}},
		{"4 decimals", []float64{12.3456, 0.0012, 0}, []float64{5e-5, 5e-5, 5e-5}},
		{"float32", []float64{float64(float32(0.1)), -2}, []float64{0.1 * 0x1p-24, 2 * 0x1p-24}},
		{"float64", []float64{0.1234567890123456, 0}, []float64{5e-17, 5e-17}},
		{"whole numbers", []float64{3, -2}, []float64{0.5, 0.5}},
	} {
		b := Block{}
		for _, v := range c.v {
			b.Entries = append(b.Entries, Entry{Given: v, Bar: 1})
		}
		setGrain([]Block{b})
		for i, e := range b.Entries {
			if math.Abs(e.grain-c.want[i]) > 1e-6*c.want[i] {
				t.Errorf("%s: the grain of %v is %v, want %v", c.name, e.Given, e.grain, c.want[i])
			}
		}
		b.Entries[0].Bar = 1e-20
		if setGrain([]Block{b}); b.Entries[0].grain != 1e-20 {
			t.Errorf("%s: the grain is %v, above the bar", c.name, b.Entries[0].grain)
		}
	}
}
