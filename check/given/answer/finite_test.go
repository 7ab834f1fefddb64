package answer

import (
	"math"
	"testing"

	"lstm/check/pass"
	"lstm/check/scalar"
)

// TestInfinite: NaN and Inf are named, also beside another mistake. They are never taken for numbers that are not known.
func TestInfinite(t *testing.T) {
	t.Parallel()
	for _, v := range []string{"NaN", "Infinity", "-Infinity"} {
		for _, also := range []bool{false, true} {
			l := pass.Right()
			if also {
				notCarried(l)
			}
			dump := newDumper(small, 21).dump(l)
			var rows [][]any
			for _, row := range grads(dump)["Wf"].([][]float64) {
				rows = append(rows, []any{row[0], v, row[2]})
			}
			grads(dump)["Wf"] = rows
			a := judged(t, dump)
			want := map[bool]int{false: 1, true: 2}[also]
			if a.Verdict != Wrong || len(a.Causes) != want || a.Causes[0].Kind != "infinite" || also && !says(a, "dc is not handed back") {
				t.Errorf("%s, also %v: %+v", v, also, a.Causes)
			}
		}
	}
}

// TestTiny: a small entry that is off by less than a billionth of the largest one is not taken for another loss.
func TestTiny(t *testing.T) {
	t.Parallel()
	dump := newDumper(scalar.Net{X: 2, H: 8, O: 2, T: 5}, 22).dump(pass.Right())
	small, most := []float64{1}, 0.0
	for _, name := range []string{"Wf", "Wi", "Wo", "Wg"} {
		rows := grads(dump)[name].([][]float64)
		for _, row := range rows {
			for k, v := range row {
				if most = max(most, math.Abs(v)); math.Abs(v) < math.Abs(small[0]) {
					small = row[k:]
				}
			}
		}
	}
	small[0] += 1e-10 * most
	if a := judged(t, dump); a.Verdict != Wrong || len(a.Causes) != 1 || a.Causes[0].Kind != "rounding" {
		t.Errorf("%v of %v: verdict %d: %+v", small[0], most, a.Verdict, a.Causes)
	}
}
