package cause

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"lstm/check/mistake"
	"lstm/check/pass"
	"lstm/check/scalar"
)

// TestForward diagnoses programs whose forward pass is wrong: each known one is named, and so is the line of another.
func TestForward(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(16, 91))
	diagnose := func(e *mistake.Exhibit) *Diagnosis {
		n, v, target := scalar.FairPoint(rng)
		n.Softmax = rng.IntN(2) == 0
		if n.Softmax {
			target = scalar.RandomTarget(rng, n)
		}
		return DiagnoseForward(n, v, target, e.Gradient(n, v, target), e.Pass(n, v, target).Traces[0], func(int) bool { return true }, nil)
	}
	for _, e := range mistake.Forward() {
		if d := diagnose(e); d.Forward == "" || len(d.Causes) != 1 || d.Causes[0].Likely != e.What {
			t.Errorf("%s: %q, %v", e.What, d.Forward, d.Causes)
		}
	}
	odd := &mistake.Exhibit{Edit: func(l *pass.Lines) {
		l.Cell = func(gate [4]float64, cPrev float64) (c, tanhC, h float64) {
			c, tanhC, h = pass.LSTM(gate, cPrev)
			return c, tanhC, h * gate[I]
		}
	}}
	if d := diagnose(odd); len(d.Causes) != 1 || !strings.HasPrefix(d.Causes[0].Line, "h = ") {
		t.Errorf("the line of h: %q, %v", d.Forward, d.Causes)
	}
	if d := diagnose(mistake.Find("no-forget")); d.Forward != "" || len(d.Causes) != 1 || d.Causes[0].Kind != "no-forget" {
		t.Errorf("a right forward pass: %q, %v", d.Forward, d.Causes)
	}
}

// TestUnvisited: a program that stores dz over z leaves out steps. They are named, and nothing else is.
func TestUnvisited(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(16, 92))
	for _, c := range []struct {
		left  []int
		units bool
	}{{left: []int{0}}, {left: []int{1, 2}}, {}, {[]int{0}, true}, {[]int{0, 1}, true}} {
		left := c.left
		n, v, target := scalar.FairPoint(rng)
		p := pass.New(pass.Standard(n), v, target)
		l := pass.Right()
		if left == nil {
			for step := range n.T {
				left = append(left, step)
			}
		}
		for a := range 4 {
			own := l.DZ[a]
			l.DZ[a] = func(p *pass.Place) float64 {
				if k := map[bool]int{false: p.T, true: p.J}[c.units]; slices.Contains(left, k) {
					return p.Z[a]
				}
				return own(p)
			}
		}
		arrays := Arrays(n, p.Backward(l)[:n.Len()])
		steps := unvisited(p, arrays)
		if causes, _ := Causes(p, arrays, nil); len(steps) != len(left) || len(causes) != 1 {
			t.Errorf("%v are left out: %v, %v", left, steps, causes)
		}
		if steps := unvisited(p, Arrays(n, p.Backward(pass.Right())[:n.Len()])); len(steps) > 0 {
			t.Errorf("%v are left out of a right pass", steps)
		}
	}
}

// TestBegin: the derivatives by the initial state tell dh from dh′, and dc from dc′. Of mistakes that make the same dz, the
// one is named that makes these too; for one that nobody knows the line is.
func TestBegin(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(16, 93))
	for _, c := range []struct {
		edit func(l *pass.Lines)
		want string
	}{
		{func(l *pass.Lines) { l.DC = func(p *pass.Place) float64 { return p.FromH() } }, "dc"},
		{func(l *pass.Lines) { l.DCPrev = func(p *pass.Place) float64 { return 0 } }, "dc"},
		{func(l *pass.Lines) { l.DH = func(p *pass.Place) float64 { return p.Read } }, "dh"},
		{func(l *pass.Lines) { l.DC = func(p *pass.Place) float64 { return p.FromH() + p.Back.DC[p.J]/3 } }, "dc"},
		{func(l *pass.Lines) { l.DH = func(p *pass.Place) float64 { return p.Read + p.Back.DH[p.J]/3 } }, "dh"},
		{func(l *pass.Lines) { l.DCPrev = func(p *pass.Place) float64 { return p.DC * p.F / 3 } }, "dc′"},
		{func(l *pass.Lines) {
			l.DC = func(p *pass.Place) float64 { return p.FromH() + p.Back.DC[p.Net.H-1-p.J] }
		}, "dc"},
	} {
		n, _, _ := scalar.FairPoint(rng)
		n.T = max(n.T, 4)
		v, target := scalar.Random(rng, n, 0.8), scalar.RandomTarget(rng, n)
		p := pass.New(pass.Standard(n), v, target)
		l := pass.Right()
		c.edit(l)
		b := p.Backward(l)
		causes, _ := Causes(p, Arrays(n, b[:n.Len()]), nil)
		if linesOf(causes) != c.want {
			t.Errorf("%q, want %s: %v", linesOf(causes), c.want, causes)
		}
		exactly(t, p, Arrays(n, b[:n.Len()]), causes)
	}
}
