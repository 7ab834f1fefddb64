package answer

import (
	"math"
	"strings"
	"testing"

	"lstm/check"
	"lstm/check/chain"
	"lstm/check/pass"
	"lstm/check/scalar"
)

// TestWithoutValues: where several values fit, a line that does not hold is said without them. So it is with more outputs
// than units, if each dy has a factor of its own.
func TestWithoutValues(t *testing.T) {
	t.Parallel()
	got := places(&chain.Chain{Point: newDumper(small, 1).point, Faults: []chain.Fault{{Line: chain.DY, T: 2}, {Line: chain.DZO, T: 1, Has: []float64{3}, Right: []float64{4}}, {Line: chain.Sums, T: -1}}})
	if len(got) != 2 || strings.Contains(got[0], ": yours") || !strings.Contains(got[1], ": yours 3") {
		t.Errorf("%q", got)
	}
	without := 0
	for seed := range uint64(4) {
		d := newDumper(scalar.Net{X: 3, H: 4, O: 7, T: 6}, seed)
		d.digits = 6
		l := pass.Right()
		dy := l.DY
		l.DY = func(p *pass.Place) float64 { return (2 + math.Sin(float64(3*p.J+p.T))) * dy(p) }
		a := judged(t, d.dump(l))
		if a.Verdict == Right {
			t.Errorf("seed %d: %s", seed, a.Headline())
		}
		for _, line := range a.Places {
			if !strings.Contains(line, ": yours") {
				without++
			}
		}
	}
	if without == 0 {
		t.Error("no line was said without values")
	}
}

// TestUnknown: entries that cannot be judged come with what helps, unless a cause says it.
func TestUnknown(t *testing.T) {
	a := &Answer{Verdict: NotProven, Results: []check.Result{{Name: "w", Entries: []check.Entry{{Analytic: 1, Numeric: 1, Bar: 1, Verdict: check.Unresolved}}}}}
	if got := text(a); !strings.Contains(got, "digits") {
		t.Error(got)
	}
	a.Causes = []check.Cause{{Kind: "small", Likely: "zero"}}
	if got := text(a); strings.Contains(got, "digits") {
		t.Error(got)
	}
}

// TestOneSum: sums that do not hold at the same entries are one mistake, and others are not.
func TestOneSum(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ gates, want int }{{4, 1}, {2, 2}} {
		d := newDumper(small, 3)
		d.dz = true
		l, n := pass.Right(), d.point.Net
		l.End = func(p *pass.Point, g []float64) {
			for a := range c.gates {
				for j := range n.H {
					g[n.W(a, 0, j)] += 0.1 * float64(1+j*j) // the first input's row
				}
			}
		}
		a := judged(t, d.dump(l))
		if len(a.Causes) != c.want || a.Causes[0].Kind != "line" || c.want == 1 && (!says(a, "Wi|Wf|Wo|Wg") || strings.Contains(text(a), "mistake 2")) {
			t.Errorf("%d gates: %s", c.gates, text(a))
		}
	}
}
