package answer

import (
	"math"
	"math/rand/v2"
	"testing"

	"lstm/check"
	"lstm/check/cause"
	"lstm/check/chain"
	"lstm/check/given/convention"
	"lstm/check/mistake"
	"lstm/check/pass"
	"lstm/check/scalar"
)

// reading returns a reading of a pass whose parameters' gradients are multiplied by a factor. With dz it has dz, too.
func reading(l *pass.Lines, times float64, dz bool) *convention.Reading {
	n, v, target := scalar.FairPoint(rand.New(rand.NewPCG(16, 3)))
	r := &convention.Reading{Point: pass.New(pass.Standard(n), v, target)}
	b := r.Point.Backward(l)
	for _, blk := range n.Blocks() {
		if blk.From >= n.Params() && !(dz && blk.Name == "z") {
			continue
		}
		a := chain.Array{Name: blk.Name, Shape: []int{(blk.To - blk.From) / blk.Cols, blk.Cols}, Bar: make([]float64, blk.To-blk.From)}
		for i := blk.From; i < blk.To; i++ {
			value := b[i]
			if i < n.Params() {
				value *= times
			}
			a.Value, a.Of = append(a.Value, value), append(a.Of, []chain.Term{{Index: i, Times: 1}})
		}
		r.Seen = append(r.Seen, a)
	}
	return r
}

// TestWay: with the named mistakes, with a factor besides, and with dz alone, the way back has the program's numbers.
func TestWay(t *testing.T) {
	t.Parallel()
	named := mistake.Find("no-forget").Lines()
	unknown := pass.Right()
	unknown.DZ[pass.G] = func(p *pass.Place) float64 { return p.DC * (1.5 + p.I*p.G) }
	for name, c := range map[string]struct {
		lines *pass.Lines
		times float64
		dz    bool
		line  chain.Line
	}{
		"named": {named, 1, false, chain.DCP}, "named and a factor": {named, 0.37, false, chain.DCP}, "unknown, with dz": {unknown, 1, true, chain.DZG},
		"a factor": {pass.Right(), 0.37, false, chain.Sums},
	} {
		r := reading(c.lines, c.times, c.dz)
		causes, _ := cause.Causes(r.Point, r.Seen, nil)
		w := way(r, causes)
		if w == nil {
			t.Errorf("%s: the way back is not known", name)
			continue
		}
		if n := map[bool]int{true: len(r.Seen), false: 1}[c.line == chain.Sums]; len(w.Faults) != n || w.Faults[0].Line != c.line {
			t.Errorf("%s: %d lines do not hold: %v", name, len(w.Faults), w.Faults)
		}
		want := r.Point.Backward(c.lines)
		for i := w.Z(0, 0, 0); i < w.Z(w.T, 0, 0); i++ {
			if math.Abs(w.B[i]-want[i]) > 1e-9*math.Abs(want[i]) {
				t.Errorf("%s: dz %d is %v, want %v", name, i, w.B[i], want[i])
			}
		}
	}
	r := reading(named, 1, false) // the mistake is not named
	if _, _, ok := replay(r, nil); ok {
		t.Error("the right pass stands for a wrong one")
	}
}

// TestShare: error ÷ allowed is above 1 at wrong entries alone.
func TestShare(t *testing.T) {
	t.Parallel()
	a := &Answer{accept: 1, Results: []check.Result{{Name: "w"}}}
	var bars []float64
	for _, off := range []float64{0, 1e-9, 0.9e-7, 1.1e-7, 1e-3, math.NaN(), math.Inf(1)} {
		a.Results[0].Entries = append(a.Results[0].Entries, check.Entry{Analytic: 1 + off, Numeric: 1})
		bars = append(bars, 0)
	}
	a.judge([][]float64{bars})
	share, wrong := a.Share(), 0
	for _, e := range a.Results[0].Entries {
		if (share(e) > 1) != (e.Verdict == check.Wrong) {
			t.Errorf("%v is %v, but its error is %v times the allowed one", e.Analytic, e.Verdict, share(e))
		}
		if e.Verdict == check.Wrong {
			wrong++
		}
	}
	if wrong != 4 {
		t.Errorf("%d wrong entries, want 4", wrong)
	}
}
