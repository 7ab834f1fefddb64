package codes

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

func wave(low, high float64, more ...float64) []float64 {
	var v []float64
	for i := range 60 {
		v = append(v, low+(high-low)*(0.5+0.5*math.Sin(float64(i))))
	}
	return append(v, more...)
}

// TestFind: codes are an error, outliers are a doubt, and usual values are neither.
func TestFind(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		values []float64
		want   string // refused, doubt, or fine
	}{
		{wave(100, 2400, -999, -999), "refused"}, {wave(100, 2400, -999), "refused"}, {wave(0, 40, -99.9, -99.9), "refused"}, {wave(-20, 40, -9999), "refused"},
		{wave(0, 40, 9999, 9999), "refused"}, {wave(0, 400, 1e20), "refused"}, {wave(0, 400, -200, -200), "refused"}, {wave(-3, 3, 999.9), "refused"},
		{wave(900, 1100, 999, 999), "fine"}, {wave(0, 10000, 9999), "fine"}, {wave(-150, 0, -99, -99), "fine"}, {wave(0, 100, 250), "doubt"}, {wave(0, 100, -250), "doubt"},
		{wave(0, 100, -1, -1), "doubt"}, {wave(0, 100), "fine"}, {[]float64{0, 1, 0, 1, 1, 0, 1}, "fine"}, {[]float64{0, 0, 0, 99, 0, 99}, "doubt"}, {nil, "fine"},
		{[]float64{math.NaN(), math.NaN()}, "fine"}, {wave(0, 100, math.NaN()), "fine"},
	} {
		doubt, err := Find(c.values, nil)
		got := "fine"
		if len(doubt) > 0 {
			got = "doubt"
		}
		if err != nil {
			got = "refused"
		}
		if got != c.want {
			t.Errorf("%v: %s, want %s: %v %q", c.values[max(0, len(c.values)-3):], got, c.want, err, doubt)
		}
	}
}

// TestSaid: lines above the table name codes.
func TestSaid(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"# missing = -99.9": "[-99.9]", "NODATA_value -9999": "[-9999]", "# -77 = missing": "[-77]", "Fehlwert: -5": "[-5]", "# river level, 2021": "[]", "# NA": "[]",
	} {
		if got := fmt.Sprint(Said([]string{line})); got != want {
			t.Errorf("%s: %s, want %s", line, got, want)
		}
	}
	if _, err := Find(wave(-20, 40, -7.7), []float64{-7.7}); err == nil || !strings.Contains(err.Error(), "-missing -7.7") {
		t.Errorf("a code that is named: %v", err)
	}
}

func Example() {
	_, err := Find([]float64{3, 4, 5, -999, 6, 7, 8, -999, 9, 10}, nil)
	fmt.Println(err)
	doubt, err := Find([]float64{3, 4, 5, 6, 7, 8, 9, 10, 40}, nil)
	fmt.Println(doubt, err)
	// Output:
	// -999 occurs twice, and lies apart from the other values: is it a code for a missing value? -missing -999 says so; -missing none reads it as a number
	// [40 is an outlier: is it a code for a missing value? -missing takes it out.] <nil>
}
