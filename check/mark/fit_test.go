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

// TestCredible: a fit counts its bits, less those that the choice of a candidate takes.
func TestCredible(t *testing.T) {
	known := func(k, bits, confirm float64) fit { return fit{low: k, high: k, bits: bits, confirm: confirm} }
	for name, c := range map[string]struct{ got, want bool }{
		"exactly":                {known(1, need+0.1, 0).exactly(1, 1), true},
		"exactly, few bits":      {known(1, need-0.1, 0).exactly(1, 1), false},
		"one of four":            {known(1, need+2.1, 0).exactly(1, 4), true},
		"one of four, few bits":  {known(1, need+1.9, 0).exactly(1, 4), false},
		"another k":              {known(1.1, 99, 99).exactly(1, 1), false},
		"free":                   {known(1, 0, need+0.1).free(1), true},
		"free, few bits":         {known(1, 99, need-0.1).free(1), false},
		"free, four":             {known(1, 0, need+2.1).free(4), true},
		"free, four, few bits":   {known(1, 99, need+1.9).free(4), false},
		"no fit":                 {fit{low: 1, high: 0, bits: 99, confirm: 99}.free(1), false},
		"twice":                  {known(2, need+4.1, 0).credible(ratio{2, 1}), true}, // 16 candidates
		"twice, few bits":        {known(2, need+3.9, 0).credible(ratio{2, 1}), false},
		"3/2":                    {known(1.5, need+5.3, 0).credible(ratio{3, 2}), true}, // 36 candidates
		"3/2, few bits":          {known(1.5, need+5.1, 0).credible(ratio{3, 2}), false},
		"3/2, confirmed":         {known(1.5, need+1, need+0.1).credible(ratio{3, 2}), true},
		"a bit for each halving": {bits(1, 1.0/1024) == 9, true},
		"no bits":                {bits(1, 0.9) == 0 && bits(-1, 1e-9) == 0 && bits(1, 0) == 30, true},
		"the length of (3, 4)": {length([]Entry{{Given: 3, grain: 0.01}, {Given: -4, grain: 0.01}}).v == 5 &&
			math.Abs(length([]Entry{{Given: 3, grain: 0.01}, {Given: -4, grain: 0.01}}).e-0.03) < 1e-9, true},
	} {
		if c.got != c.want {
			t.Errorf("%s: %v", name, c.got)
		}
	}
}
