package answer

import (
	"math"
	"strings"
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

// TestParameters: parameters that are float32, all or some, leave a gradient with all digits as precise as it is: an error
// of 3e-7 is found.
func TestParameters(t *testing.T) {
	t.Parallel()
	for _, every := range []int{1, 3} {
		d := newDumper(scalar.Net{X: 2, H: 3, O: 2, T: 5}, 23)
		p := d.point
		for i := 0; i < p.Params(); i++ {
			if i/3%every == 0 {
				p.V[i] = float64(float32(p.V[i]))
			}
		}
		d.point = pass.New(p.Net, p.V, p.Target)
		dump := d.dump(pass.Right())
		a := judged(t, dump)
		for _, r := range a.Results {
			if e := r.Worst(); a.Verdict != Right || e.Bar > 1e-12*r.Scale {
				t.Errorf("every %d: verdict %d, %s: %v ± %v", every, a.Verdict, r.Name, e.Numeric, e.Bar)
			}
		}
		grads(dump)["Wf"].([][]float64)[0][0] *= 1 + 3e-7
		if a := judged(t, dump); a.Verdict != Wrong {
			t.Errorf("every %d: an error of 3e-7 has the verdict %d", every, a.Verdict)
		}
	}
}

// TestBeside: a wrong dh0 beside right gradients of the parameters is said.
func TestBeside(t *testing.T) {
	t.Parallel()
	d := newDumper(small, 24)
	n, back := d.point.Net, d.point.Backward(pass.Right())
	for _, off := range []float64{0, 1e-3} {
		dump := d.dump(pass.Right())
		dh0 := append([]float64{}, back[n.H0(0):n.C0(0)]...)
		dh0[1] += off
		dump["dh0"] = dh0
		if a := judged(t, dump); a.Verdict != Right || strings.Contains(text(a), "dh0[1]") != (off > 0) {
			t.Errorf("off by %v: %s", off, text(a))
		}
	}
}
