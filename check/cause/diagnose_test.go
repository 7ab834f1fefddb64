package cause

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"lstm/check"
	"lstm/check/mistake"
	"lstm/check/pass"
	"lstm/check/scalar"
)

const I, F, O, G = pass.I, pass.F, pass.O, pass.G // the gates

func dz(gate int, f func(p *pass.Place) float64) func(l *pass.Lines) {
	return func(l *pass.Lines) { l.DZ[gate] = f }
}

func cut(steps int) func(l *pass.Lines) {
	return func(l *pass.Lines) {
		l.HandsBack = func(p *pass.Place) bool { return p.T > p.Net.T-steps }
		l.Counts = func(p *pass.Place) bool { return p.T >= p.Net.T-steps }
	}
}

func relatives(n pass.Net) []*mistake.Exhibit {
	return slices.DeleteFunc(mistake.All(n), func(e *mistake.Exhibit) bool { return e.Name != "" })
}

// kinMistakes has a wrong gradient for each relative of the exhibits. The key has the words that the cause must
// have. The gradients are computed without the relatives.
func kinMistakes(n scalar.Net, v, target []float64) map[string][]float64 {
	all := make(map[string][]float64)
	_, truth := scalar.Backward(n, v, target)
	change := func(name string, f func(g []float64)) {
		all[name] = slices.Clone(truth)
		f(all[name])
	}
	with := func(name string, edit func(l *pass.Lines)) {
		all[name] = (&mistake.Exhibit{Edit: edit}).Gradient(n, v, target)
	}
	slopes := [4]func(p *pass.Place) float64{
		I: func(p *pass.Place) float64 { return p.I * (1 - p.I) }, F: func(p *pass.Place) float64 { return p.F * (1 - p.F) },
		O: func(p *pass.Place) float64 { return p.O * (1 - p.O) }, G: func(p *pass.Place) float64 { return 1 - p.G*p.G },
	}
	through := [4]func(p *pass.Place) float64{
		I: func(p *pass.Place) float64 { return p.DC * p.G }, F: func(p *pass.Place) float64 { return p.DC * p.CPrev },
		O: func(p *pass.Place) float64 { return p.DH * p.TanhC }, G: func(p *pass.Place) float64 { return p.DC * p.I },
	}
	w := func(g []float64, a int) []float64 { return g[n.W(a, 0, 0):n.W(a+1, 0, 0)] }
	b := func(g []float64, a int) []float64 { return g[n.B(a, 0):n.B(a+1, 0)] }
	for a, gate := range scalar.Gates {
		with(fmt.Sprintf("%c twice", gate), dz(a, func(p *pass.Place) float64 { return through[a](p) * slopes[a](p) * slopes[a](p) }))
		with(fmt.Sprintf("%c sign", gate), dz(a, func(p *pass.Place) float64 { return -through[a](p) * slopes[a](p) }))
		change(fmt.Sprintf("%c bias no", gate), func(g []float64) { clear(b(g, a)) })
		change(fmt.Sprintf("%c weights no", gate), func(g []float64) { clear(w(g, a)) })
		for c, other := range scalar.Gates {
			if a == c {
				continue
			}
			change(fmt.Sprintf("%c %c bias gets", gate, other), func(g []float64) { copy(b(g, a), b(truth, c)) })
			change(fmt.Sprintf("%c %c weights get", gate, other), func(g []float64) { copy(w(g, a), w(truth, c)) })
			if a < c {
				swap := func(g []float64) {
					copy(w(g, a), w(truth, c))
					copy(w(g, c), w(truth, a))
				}
				change(fmt.Sprintf("%c %c swapped dW", gate, other), swap)
				change(fmt.Sprintf("%c %c swapped db", gate, other), func(g []float64) {
					swap(g)
					copy(b(g, a), b(truth, c))
					copy(b(g, c), b(truth, a))
				})
			}
		}
	}
	kinSteps(n, v, target, all)
	return all
}

// kinSteps adds the mistakes that leave out steps, or take x of another step.
func kinSteps(n scalar.Net, v, target []float64, all map[string][]float64) {
	tr := scalar.Forward(n, v, target)
	late := func(steps int) []float64 { // v of the last steps, with the state before them
		t := n.T - steps
		w := slices.Concat(v[:n.H0(0)], tr.H[t], tr.C[t], v[n.In(t, 0):n.In(n.T, 0)], v[n.Z(t, 0, 0):])
		return w
	}
	_, truth := scalar.Backward(n, v, target)
	for _, shift := range []int{-1, 1} {
		for _, clamp := range []bool{false, true} {
			g := slices.Clone(truth)
			for a := range 4 {
				for k := range n.X {
					for j := range n.H {
						g[n.W(a, k, j)] = 0
						for t := range n.T {
							from := t + shift
							if from < 0 || from >= n.T {
								if !clamp {
									continue
								}
								from = t
							}
							g[n.W(a, k, j)] += v[n.In(from, k)] * truth[n.Z(t, a, j)]
						}
					}
				}
			}
			all[fmt.Sprintf("x %+d%.*s", shift, map[bool]int{true: 1}[clamp], "c")] = g
		}
	}
	for steps := 1; steps < n.T; steps++ {
		m := n
		m.T = steps
		_, short := scalar.Backward(m, late(steps), target[(n.T-steps)*n.O:]) // the loop ends, also for the readout
		g := make([]float64, n.Len())
		copy(g[:n.H0(0)], short[:m.H0(0)])
		copy(g[n.In(n.T-steps, 0):n.In(n.T, 0)], short[m.In(0, 0):m.In(steps, 0)])
		copy(g[n.Z(n.T-steps, 0, 0):], short[m.Z(0, 0, 0):])
		name := fmt.Sprintf("%d %d", steps, n.T)
		all[name+" ends"] = g
		g = slices.Clone(g)
		copy(g[n.Wy(0, 0):n.H0(0)], truth[n.Wy(0, 0):n.H0(0)]) // the readout has a loop of its own
		all[name+" ends."] = g
		all[name+" truncated"] = (&mistake.Exhibit{Edit: cut(steps)}).Gradient(n, v, target)
		g = slices.Clone(truth)
		clear(g[:n.Wy(0, 0)])
		for a := range 4 {
			for j := range n.H {
				for t := n.T - steps; t < n.T; t++ {
					d := truth[n.Z(t, a, j)]
					g[n.B(a, j)] += d
					for k := range n.X {
						g[n.W(a, k, j)] += v[n.In(t, k)] * d
					}
					for k := range n.H {
						g[n.W(a, n.X+k, j)] += tr.H[t][k] * d
					}
				}
			}
		}
		all[name+" added"] = g
	}
}

// TestKin: Diagnose names each relative of the exhibits for its own mistake, and for no other mistake.
func TestKin(t *testing.T) {
	t.Parallel()
	n := scalar.Net{X: 2, H: 3, O: 2, T: 5}
	rng := rand.New(rand.NewPCG(15, 6))
	v, target := scalar.Random(rng, n, 0.8), scalar.RandomTarget(rng, n)
	_, truth := scalar.Backward(n, v, target)
	named := make(map[string]string) // what was said, by the mistake
	for mistake, grad := range kinMistakes(n, v, target) {
		d := Diagnose(n, v, target, grad, func(i int) bool { return math.Abs(grad[i]-truth[i]) > 1e-9 })
		if len(d.Causes) != 1 {
			t.Errorf("%s: %d causes: %v", mistake, len(d.Causes), d.Causes)
			continue
		}
		c := d.Causes[0]
		if c.Kind != "" { // an exhibit
			continue
		}
		said := c.Likely + " | " + c.Line
		for _, word := range strings.Fields(mistake) {
			if !strings.Contains(said, strings.Trim(word, ".")) && word != "+1c" && word != "-1c" {
				t.Errorf("%s: it says %q", mistake, said)
			}
		}
		one := strings.NewReplacer(".", "", "c", "").Replace(mistake) // two mistakes with one name
		if was, ok := named[said]; ok && was != one {
			t.Errorf("%s and %s: it says %q of both", was, mistake, said)
		}
		named[said] = one
	}
}

// TestRelatives: at a fair point, each relative is named by its own words, or by those of another mistake that
// gives the same numbers.
func TestRelatives(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(15, 6))
	for _, softmax := range []bool{false, true} {
		n := scalar.Net{X: 2, H: 2, O: 2, T: 5, Softmax: softmax}
		v, target := scalar.Random(rng, n, 0.8), scalar.RandomTarget(rng, n)
		_, truth := scalar.Backward(n, v, target)
		for k, e := range relatives(pass.Standard(n)) {
			if k%4 > 0 && (softmax || testing.Short()) {
				continue
			}
			grad := e.Gradient(n, v, target)
			if scalar.Same(n, grad, truth) {
				continue
			}
			d := Diagnose(n, v, target, grad, func(i int) bool { return math.Abs(grad[i]-truth[i]) > 1e-9 })
			if len(d.Causes) != 1 || d.Causes[0].Kind == "" && !same(n, v, target, grad, d.Causes[0].Likely) && !slices.ContainsFunc(d.Others, func(o []check.Cause) bool { return o[0].Likely == e.What }) {
				t.Errorf("%s: %+v, or %+v", e.What, d.Causes, d.Others)
			}
		}
	}
}

// same reports whether a relative with these words gives the numbers of grad.
func same(n scalar.Net, v, target, grad []float64, what string) bool {
	return slices.ContainsFunc(mistake.All(pass.Standard(n)), func(e *mistake.Exhibit) bool {
		return e.What == what && scalar.Same(n, grad, e.Gradient(n, v, target))
	})
}

// TestFactor: if every number has the same factor, Diagnose names the factor, even if some numbers are unknown, and if
// others are zero.
func TestFactor(t *testing.T) {
	t.Parallel()
	n, v, target := scalar.FairPoint(rand.New(rand.NewPCG(15, 7)))
	for t := range n.T {
		v[n.In(t, 0)] = 0 // so the first numbers are zero
	}
	clear(v[n.Wy(n.H-1, 0):n.Wy(n.H, 0)]) // so the last number is zero
	_, truth := scalar.Backward(n, v, target)
	largest := 0
	for i, d := range truth {
		if math.Abs(d) > math.Abs(truth[largest]) {
			largest = i
		}
	}
	for _, k := range []float64{0.3, -2, 1 + 3e-7} {
		grad := slices.Clone(truth)
		for i := range grad {
			grad[i] *= k
		}
		grad[0], grad[n.Z(1, pass.F, 0)], grad[largest] = math.NaN(), math.NaN(), math.NaN()
		d := Diagnose(n, v, target, grad, func(i int) bool { return true })
		if len(d.Causes) != 1 || d.Causes[0].Kind != "" || !strings.Contains(d.Causes[0].Observed, fmt.Sprint(k)) {
			t.Errorf("%v times: %+v", k, d.Causes)
		}
	}
	if truth[0] != 0 || truth[len(truth)-1] != 0 {
		t.Errorf("the first number is %v, and the last one %v", truth[0], truth[len(truth)-1])
	}
}

// TestNoCause: Diagnose gives no cause for a right gradient. If the check calls the right gradient of a correct LSTM
// wrong, the loss is another one. One number that is not finite is enough for a cause.
func TestNoCause(t *testing.T) {
	t.Parallel()
	n, v, target := scalar.FairPoint(rand.New(rand.NewPCG(15, 9)))
	_, grad := scalar.Backward(n, v, target)
	if d := Diagnose(n, v, target, grad, func(i int) bool { return false }); d.Step >= 0 || len(d.Blocks) > 0 || len(d.Causes) > 0 {
		t.Errorf("a right gradient: %+v", d)
	}
	if d := Diagnose(n, v, target, make([]float64, n.Len()), func(i int) bool { return true }); len(d.Causes) != 1 || d.Causes[0].Kind != "" {
		t.Errorf("a gradient of zeros: %+v", d.Causes)
	}
	for _, name := range []string{"h-linear", "i-plus-g"} { // right for another network
		other := mistake.Find(name).Gradient(n, v, target)
		if d := Diagnose(n, v, target, other, func(i int) bool { return true }); len(d.Causes) != 1 || d.Causes[0].Kind != name {
			t.Errorf("%s: %+v", name, d)
		}
	}
	grad[1] = math.NaN()
	d := Diagnose(n, v, target, grad, func(i int) bool { return i == 0 })
	if len(d.Causes) != 1 || d.Causes[0].Kind != "" || !strings.Contains(d.Causes[0].Observed, fmt.Sprint(n.Len()-1)) {
		t.Errorf("right for another loss: %+v", d)
	}
	grad[2] = math.Inf(-1)
	d = Diagnose(n, v, target, grad, func(i int) bool { return i == 2 })
	if len(d.Causes) != 1 || !strings.Contains(d.Causes[0].Observed, fmt.Sprintf("1 of %d", n.Len()-1)) {
		t.Errorf("one is Inf: %+v", d)
	}
}

// TestWrite: Write writes the wrong blocks, if there are any, the place, and each cause on three lines.
func TestWrite(t *testing.T) {
	t.Parallel()
	blocks := []scalar.Count{{Name: "Wf", Wrong: 3, Total: 8}, {Name: "by", Wrong: 1, Total: 2}}
	causes := []check.Cause{{Observed: "o1", Likely: "l1", Line: "x1"}, {Observed: "o2", Likely: "l2", Line: "x2"}}
	for _, c := range []struct {
		blocks []scalar.Count
		causes []check.Cause
		lines  int
		has    string
	}{
		{blocks, causes, 8, "Wf 3/8 by 1/2 o1 l1 x1 o2 l2 x2"}, {nil, causes[:1], 4, "o1 l1 x1"}, {blocks[:1], nil, 3, "Wf 3/8"}, {nil, nil, 2, ""},
	} {
		d := Diagnosis{Place: scalar.Place{Step: 1, Gate: pass.F, Steps: 3, Blocks: c.blocks}, Causes: c.causes}
		var b strings.Builder
		d.Write(&b)
		words := strings.Fields(b.String())
		for _, want := range strings.Fields(c.has) {
			if !slices.Contains(words, want) {
				t.Errorf("%q is not in\n%s", want, &b)
			}
		}
		if strings.Count(b.String(), "\n") != c.lines || !strings.Contains(b.String(), d.Where()) || !strings.Contains(b.String(), d.Known()) {
			t.Errorf("%d causes, %d blocks: want %d lines, with the place:\n%s", len(c.causes), len(c.blocks), c.lines, &b)
		}
	}
}

// TestUnknownDZ: if dz is unknown, Diagnose invents no place. It finds a number that is not finite.
func TestUnknownDZ(t *testing.T) {
	t.Parallel()
	n, v, target := scalar.FairPoint(rand.New(rand.NewPCG(15, 8)))
	_, truth := scalar.Backward(n, v, target)
	first := n.Z(0, 0, 0)
	diagnose := func(edit func(g []float64)) *Diagnosis {
		grad := mistake.Find("no-sigma-f").Gradient(n, v, target)
		edit(grad)
		return Diagnose(n, v, target, grad, func(i int) bool { return !(math.Abs(grad[i]-truth[i]) <= 1e-9) })
	}
	written := func(d *Diagnosis) string {
		var b strings.Builder
		d.Write(&b)
		return b.String()
	}
	known := diagnose(func([]float64) {})
	none := diagnose(func(g []float64) {
		for i := first; i < len(g); i++ {
			g[i] = math.NaN()
		}
	})
	last := diagnose(func(g []float64) {
		for i := n.Z(n.T-1, 0, 0); i < len(g); i++ {
			g[i] = math.NaN()
		}
	})
	if known.Unknown != 0 || known.Step != n.T-1 || known.Gate != F || known.Known() == none.Known() {
		t.Errorf("dz known: %+v", known)
	}
	right := scalar.Place{Step: -1}
	if none.Step >= 0 || none.Unknown != len(truth)-first || none.Known() == right.Known() || strings.Contains(written(none), right.Known()) || strings.Contains(none.Where(), "sums") {
		t.Errorf("no dz known: %+v\n%s", none, written(none))
	}
	if last.Step != n.T-2 || last.Gate != O || last.Unknown != 4*n.H || last.Known() == known.Known() {
		t.Errorf("the last dz not known: %+v", last)
	}
	for _, d := range []*Diagnosis{known, none, last} {
		if len(d.Causes) != 1 || d.Causes[0].Kind != "no-sigma-f" {
			t.Errorf("causes %+v", d.Causes)
		}
	}
	at := n.Z(n.T-2, pass.G, 1)
	inf := diagnose(func(g []float64) {
		copy(g, truth)
		for i := range at + 1 {
			g[i] = math.Inf(1)
		}
		copy(g[n.Z(n.T-2, 0, 0):at], truth[n.Z(n.T-2, 0, 0):at])
	})
	if inf.Step != n.T-2 || inf.Gate != G || inf.Unit != 1 || len(inf.Causes) != 1 || !strings.Contains(inf.Causes[0].Observed, "Inf") {
		t.Errorf("a number that is not finite: %+v", inf)
	}
}

// TestUnknown: Diagnose finds the place of a mistake that is not in the museum, says which line does not hold, and
// invents no cause.
func TestUnknown(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(7, 8))
	for name, c := range map[string]struct {
		edit        func(l *pass.Lines)
		where, line string // line is a part of the line that does not hold
	}{
		"f to 1":     {func(l *pass.Lines) { l.DCPrev = func(p *pass.Place) float64 { return p.DC * (1 + p.F) / 2 } }, "2nd i", "dc′ ="},
		"o for g":    {dz(O, func(p *pass.Place) float64 { return p.DH * p.TanhC * p.O * p.G }), "last o", "dz_o ="},
		"half of db": {func(l *pass.Lines) { l.End = func(p *pass.Point, grad []float64) { grad[p.B(G, 0)] /= 2 } }, "bg", "bg"},
		"first input": {func(l *pass.Lines) {
			x := l.X
			l.X = func(p *pass.Place, k int) float64 { return x(p, max(k, 1)) }
		}, "W", "Wi"},
	} {
		for k := range 5 {
			if k > 0 && testing.Short() {
				break
			}
			n, v, target := scalar.FairPoint(rng)
			_, right := scalar.Backward(n, v, target)
			p, err := scalar.Measure(n, v, target, right, func() float64 { return scalar.Forward(n, v, target).Loss })
			if err != nil {
				t.Fatal(err)
			}
			grad := (&mistake.Exhibit{Edit: c.edit}).Gradient(p.Net, p.V, p.Target)
			d := Diagnose(p.Net, p.V, p.Target, grad, func(i int) bool { return p.Wrong(grad, i) })
			if d.Short() != c.where || len(d.Causes) == 0 || !strings.Contains(d.Causes[0].Line, c.line) {
				t.Errorf("%s: found at %s, want %s, causes %v", name, d.Short(), c.where, d.Causes)
			}
		}
	}
}

// In the example, a bias gets the gradient of another gate. Diagnose finds the block and the cause.
func ExampleDiagnose() {
	n, v, target := scalar.FairPoint(rand.New(rand.NewPCG(1, 2)))
	_, grad := scalar.Backward(n, v, target)
	right := append([]float64(nil), grad...)
	copy(grad[n.B(F, 0):n.B(F, n.H)], grad[n.B(I, 0):n.B(I, n.H)])

	d := Diagnose(n, v, target, grad, func(i int) bool { return grad[i] != right[i] })
	fmt.Println(d.Blocks, d.Causes[0].Kind)
	// Output: [{bf 2 2}] other-bias
}
