package walk

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"lstm/check/museum"
	"lstm/check/pass"
	"lstm/check/scalar"
)

func ExamplePass() {
	n, v, target := scalar.FairPoint(rand.New(rand.NewPCG(1, 1)))
	w := Pass(pass.New(pass.Standard(n), v, target), 0, nil)
	s := w.Spots[0]
	fmt.Printf("unit %d is written at step %d and read at step %d of %d\n", w.Units[0], s.Written, s.Read, w.T)
	fmt.Printf("dc = %.4f = %.4f + %.4f\n", w.At(nil, "dc", 0, w.Step), w.At(nil, "dch", 0, w.Step), w.At(nil, "dcn", 0, w.Step))
	// Output: unit 0 is written at step 0 and read at step 0 of 6
	// dc = 2.3127 = 1.5027 + 0.8100
}

// TestHandedBack: a Case has what a wrong line hands back, and what should be there. The line breaks at the step that
// hands back, and nowhere else.
func TestHandedBack(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		of  string
		has func(v func(name string) float64) float64
	}{
		"no-forget":   {"dcp", func(v func(name string) float64) float64 { return v("dc") }},
		"no-dh":       {"dhp", func(v func(name string) float64) float64 { return 0 }},
		"input-carry": {"dcp", func(v func(name string) float64) float64 { return v("dc") * v("i") }},
		"no-dc":       {"dcp", func(v func(name string) float64) float64 { return 0 }},
	} {
		e, err := museum.Look(name)
		if err != nil {
			t.Fatal(err)
		}
		w := Museum(e)
		c, begin := &w.Cases[0], w.Cases[0].Begin
		if begin == nil || begin.Name != x.of || begin.Step != w.T-1 {
			t.Errorf("%s begins at %+v", name, begin)
		}
		for row := range w.Units {
			for step := range w.T {
				is := func(name string) float64 { return w.At(c, name, row, step) }
				be := func(name string) float64 { return w.At(nil, name, row, step) }
				near := func(what string, got, want float64) {
					t.Helper()
					if !(math.Abs(got-want) <= 1e-12*(1+math.Abs(want))) {
						t.Errorf("%s, unit %d, step %d: %s is %v, want %v", name, row, step, what, got, want)
					}
				}
				near(x.of, is(x.of), x.has(is))
				near("dc = from h + from the next step", is("dc"), is("dch")+is("dcn"))
				near("dh = from y + from the next step", is("dh"), is("dhy")+is("dhn"))
				near("dc′ as it should be", be("dcp"), be("dc")*be("f"))
				for _, name := range Way {
					if states := c.States[name]; row < len(states) && (states[row][step] == Broken) != (name == x.of) {
						t.Errorf("%s at unit %d, step %d is %c", name, row, step, states[row][step])
					}
				}
			}
		}
	}
}

// TestSpot: a unit that is written once and kept is written there, and read at the end.
func TestSpot(t *testing.T) {
	t.Parallel()
	k := track{ig: []float64{0, 0.1, 2, 0, 0, 5}, f: []float64{9, 9, 9, 0.9, 0.5, 1}, dc: []float64{1, 1, 1, 1, 1, 1}, dch: []float64{0, 0, 0.1, 0.2, 0, 1}}
	s := k.spot()
	if s.Written != 2 || s.Read != 5 || s.Kept != 0.45 || s.Least != 0.5 || s.Half != 0.125 || s.Weight != 2 || s.Also != -1 {
		t.Errorf("%+v", s)
	}
	k.ig[2], k.ig[0], k.dc[0] = 2, -2, 0.5 // a third of the largest, but no more than 3 steps away
	if s := k.spot(); s.Also != -1 {
		t.Errorf("%+v", s)
	}
	two := track{ig: []float64{0, 1, 0, 0, 0, 0, 3, 0, 0}, f: slices.Repeat([]float64{1}, 9), dc: slices.Repeat([]float64{1}, 9), dch: []float64{8: 1}}
	if s := two.spot(); s.Written != 6 || s.Also != 1 || s.Read != 8 {
		t.Errorf("%+v", s)
	}
	nothing := track{ig: []float64{math.NaN(), 0}, f: []float64{1, 1}, dc: []float64{math.NaN(), 0}, dch: []float64{math.NaN(), math.NaN()}}
	if s := nothing.spot(); s.Written != 0 || s.Read != 0 {
		t.Errorf("%+v", s)
	}
}
