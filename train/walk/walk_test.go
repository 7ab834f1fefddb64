package walk

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"lstm/bptt"
	"lstm/cell"
	"lstm/check/cause"
	"lstm/check/chain"
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
	two.own = []float64{0, 0.1, 0, 0, 0, 0, 3, 0, 0} // what other sequences write there is not written here
	if s := two.spot(); s.Written != 6 || s.Also != -1 {
		t.Errorf("%+v", s)
	}
	nothing := track{ig: []float64{math.NaN(), 0}, f: []float64{1, 1}, dc: []float64{math.NaN(), 0}, dch: []float64{math.NaN(), math.NaN()}}
	if s := nothing.spot(); s.Written != 0 || s.Read != 0 {
		t.Errorf("%+v", s)
	}
}

// TestInitial: a dc that is wrong only where step 0 hands it to the initial state is a broken dc′ of step 0.
func TestInitial(t *testing.T) {
	t.Parallel()
	n, v, target := scalar.FairPoint(rand.New(rand.NewPCG(1, 1)))
	p := pass.New(pass.Standard(n), v, target)
	b := p.Backward(right)
	want := 2 * b[n.C0(1)]
	b[n.C0(1)] = want
	c := chain.Whole(p, b)
	c.Judge(cause.Arrays(n, b[:n.Len()]))
	w := Wrong(c, "yours")
	k := &w.Cases[0]
	if k.Begin == nil || k.Begin.Name != "dcp" || k.Begin.Step != 0 || w.Units[k.Begin.Row] != 1 || k.Note != "" {
		t.Fatalf("it begins at %+v: %s", k.Begin, k.Note)
	}
	if got := w.At(k, "dcp", k.Begin.Row, 0); got != want || k.States["dcp"][k.Begin.Row][0] != Broken {
		t.Errorf("%v is handed back, want %v; its state is %c", got, want, k.States["dcp"][k.Begin.Row][0])
	}
}

// TestFurthest: of all answers, the one that depends on the oldest memory is chosen, and what every sequence writes is no
// memory. The network adds its first input to c. The second one clears c.
func TestFurthest(t *testing.T) {
	t.Parallel()
	m := bptt.Model{Params: cell.New(2, 1, 2), Loss: bptt.CrossEntropy{}}
	weights := map[string][]float64{"bi": {20}, "bf": {20}, "bo": {20}, "Wg": {1}, "Wf": {0, -40}, "Wy": {1}}
	for _, b := range m.Params.Blocks() {
		for k, v := range weights[b.Name] {
			m.Params.All[b.Index[k]] = v
		}
	}
	sequence := func(x ...float64) Sequence {
		return Sequence{X: x, Target: slices.Repeat([]float64{1, 0}, len(x)/2), H0: []float64{0}, C0: []float64{0}}
	}
	for what, c := range map[string]struct {
		s                     Sequence
		answer, written, read int
	}{
		"kept to the end": {sequence(0, 0, 0.9, 0, 0, 0, 0, 0, 0, 0, 0, 0), 5, 1, 5},
		"cleared at last": {sequence(0, 0, 0.9, 0, 0, 0, 0, 0, 0, 0, 0.1, 1), 4, 1, 4},
	} {
		w := Run(m, c.s)
		if s := w.Spots[0]; w.Answer != c.answer || s.Written != c.written || s.Read != c.read || w.Compared != 6 || (w.Answers() == "the last answer") != (c.answer == 5) {
			t.Errorf("%s: %+v, answer %d of %d", what, s, w.Answer, w.Compared)
		}
	}
	s := sequence(0, 0, 0.9, 0, 0.5, 0, 0, 0, 0, 0)
	s.Others = []Sequence{sequence(0, 0, 0.9, 0), sequence(0, 0, 0.9, 0, 0.1, 0)}
	if s := Run(m, s).Spots[0]; s.Written != 2 || math.Abs(s.Usual-math.Tanh(0.1)) > 1e-6 {
		t.Errorf("what every sequence writes is a memory: %+v", s)
	}
	for marked, want := range map[int]int{5: 1, 2: 2} { // 0.9 does not come: in every second sequence it comes, or in two of ten
		s := sequence(0, 0, 0, 0, 0.2, 0, 0, 0, 0, 0)
		for k := range 10 {
			x := 0.0
			if k < marked {
				x = 0.9
			}
			s.Others = append(s.Others, sequence(0, 0, x, 0, 0, 0))
		}
		if s := Run(m, s).Spots[0]; s.Written != want {
			t.Errorf("%d of 10 others write at step 1: %+v", marked, s)
		}
	}
}

// TestFirst: with two broken lines at a step, the walk begins at the one that the chain names first.
func TestFirst(t *testing.T) {
	t.Parallel()
	n, v, target := scalar.FairPoint(rand.New(rand.NewPCG(1, 1)))
	p := pass.New(pass.Standard(n), v, target)
	for what, two := range map[string][2]int{
		"dz_o and dc": {n.Z(n.T-1, pass.O, 1), p.DC(0, n.T-1, 1)}, "dc and dz_i": {p.DC(0, n.T-1, 0), n.Z(n.T-1, pass.I, 0)}, "dh and dz_g": {p.DH(0, n.T-1, 2), n.Z(n.T-1, pass.G, 2)},
	} {
		b := p.Backward(right)
		b[two[0]] *= 2
		b[two[1]] *= 3
		c := chain.Whole(p, b)
		c.Judge(cause.Arrays(n, b[:n.Len()]))
		if begin, first := Wrong(c, "yours").Cases[0].Begin, c.Ordered()[0]; begin == nil || begin.Name != nameOf[first.Line] {
			t.Errorf("%s: it begins at %+v, and the first fault is %s", what, begin, first.Says())
		}
	}
}

// TestAnother: of another loss, too, the parts add up: dc of what comes from h and from the next step, and c of what is kept
// and what is added.
func TestAnother(t *testing.T) {
	t.Parallel()
	for name, kind := range map[string][2]bool{"h-linear": {true, false}, "i-plus-g": {false, true}, "echo": {}} {
		e, err := museum.Look(name)
		if err != nil {
			t.Fatal(err)
		}
		w := Museum(e)
		c := &w.Cases[0]
		if !c.Another || c.Linear != kind[0] || c.Sum != kind[1] {
			t.Errorf("%s: another %v, linear %v, sum %v", name, c.Another, c.Linear, c.Sum)
		}
		for k := range w.Units {
			for step := range w.T {
				is := func(name string) float64 { return w.At(c, name, k, step) }
				for what, off := range map[string]float64{
					"dc": is("dc") - is("dch") - is("dcn"), "c": is("c") - is("f")*is("cp") - is("ig"), "h": is("h") - is("o")*is("tc"),
					"dz_o": is("dzo") - is("dh")*is("tc")*is("o")*(1-is("o")),
				} {
					if !(math.Abs(off) < 1e-12) {
						t.Errorf("%s, unit %d, step %d: %s is off by %v", name, k, step, what, off)
					}
				}
			}
		}
	}
}
