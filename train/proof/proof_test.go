package proof

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"lstm/bptt"
	"lstm/cell"
	"lstm/check"
	"lstm/check/scalar"
	"lstm/train/task"
)

// A problem is a random network and a random sequence of T steps, with targets for the last M steps.
type problem struct{ X, H, O, T, M int }

func (p problem) draw(rng *rand.Rand, loss bptt.Loss) (bptt.Model, *task.Sequence) {
	normal := func(n int, deviation float64) []float64 {
		x := make([]float64, n)
		for i := range x {
			x[i] = deviation * rng.NormFloat64()
		}
		return x
	}
	net := cell.New(p.X, p.H, p.O)
	copy(net.All, normal(len(net.All), 0.6))
	s := &task.Sequence{X: normal(p.T*p.X, 1), Target: normal(p.M*p.O, 1), H0: normal(p.H, 0.5), C0: normal(p.H, 1)}
	if loss.Symbols() {
		for t := range p.M {
			row := s.Target[t*p.O : (t+1)*p.O]
			clear(row)
			row[rng.IntN(p.O)] = 1
		}
	}
	return bptt.Model{Params: net, Loss: loss}, s
}

func source(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

// proven returns an unchecked proof of a random problem.
func proven(seed uint64, p problem) *Proof {
	m, s := p.draw(source(seed), bptt.SquaredError{})
	return New(m, s, p.T, p.T)
}

// pointOf returns the point of an unchecked proof, for package scalar.
func pointOf(p *Proof) *point {
	return newPoint(p.model, p.T, p.params, p.window.DZ, p.seq.Target)
}

func checked(t testing.TB, p *Proof, limit int) *Proof {
	t.Helper()
	if err := p.Check(false, limit, 1, nil); err != nil {
		t.Fatal(err)
	}
	return p
}

func allRight(t testing.TB, what string, p *Proof) {
	t.Helper()
	if n := p.Count(check.Right); n != p.Checked() || n == 0 || !p.Right() || p.Diagnosis != nil || len(p.Causes) > 0 {
		t.Errorf("%s: %d of %d entries are right, %v, %v", what, n, p.Checked(), p.Diagnosis, p.Causes)
	}
	if !p.Scalar || math.Abs(p.LossThere-p.Loss) > 1e-11*p.Loss {
		t.Errorf("%s: the loss is %v, and %v number by number", what, p.Loss, p.LossThere)
	}
}

// TestRight: every entry is right, and progress reaches the number of entries. The test uses both losses,
// fewer targets than steps, and sizes that all differ.
func TestRight(t *testing.T) {
	t.Parallel()
	for _, loss := range []bptt.Loss{bptt.SquaredError{}, bptt.CrossEntropy{}} {
		m, s := problem{2, 4, 3, 6, 5}.draw(source(1), loss)
		p := New(m, s, 6, 6)
		total := (2+4)*16 + 16 + 4*3 + 3 + 4 + 4 + 6*2
		calls, last := 0, 0
		if err := p.Check(false, 0, 1, func(done, of int) {
			if calls++; of != total {
				t.Errorf("%d entries, want %d", of, total)
			}
			last = max(last, done)
		}); err != nil {
			t.Fatal(err)
		}
		if p.Total != total || p.Checked() != total || calls != total || last != total || p.T != 6 || p.Cut != 0 || p.Soft {
			t.Errorf("%d of %d entries were checked, want %d; %d calls up to %d", p.Checked(), p.Total, total, calls, last)
		}
		allRight(t, fmt.Sprintf("%T", loss), p)
	}
}

// TestPlaces: places returns the right place of every parameter in package scalar. Both packages name
// the same matrix, row and column there.
func TestPlaces(t *testing.T) {
	t.Parallel()
	entry := regexp.MustCompile(`^([WbB]\w)\W*([xh]?\d+)\D*(\d*)\W*$`)
	net := cell.New(2, 3, 4)
	n := scalar.Net{X: 2, H: 3, O: 4, T: 5}
	at := places(n, net)
	if len(at) != len(net.All) || len(at) != n.Params() {
		t.Fatalf("%d places, for %d parameters here and %d there", len(at), len(net.All), n.Params())
	}
	seen := make(map[int]bool)
	for i, k := range at {
		here, there := entry.FindStringSubmatch(net.Name(i)), entry.FindStringSubmatch(n.Name(k))
		if seen[k] || here == nil || !slices.Equal(here[1:], there[1:]) {
			t.Errorf("entry %d is %s here, and %s in package scalar", i, net.Name(i), n.Name(k))
		}
		seen[k] = true
	}
}

// TestPoint: at the point for package scalar, the loss, the gradient and dz equal the numbers of the
// network.
func TestPoint(t *testing.T) {
	t.Parallel()
	p := proven(3, problem{2, 3, 2, 4, 3})
	pt := pointOf(p)
	if loss := scalar.Forward(pt.Net, pt.v, pt.target).Loss; math.Abs(loss-p.Loss) > 1e-12*loss {
		t.Errorf("the loss is %v, and %v in package scalar", p.Loss, loss)
	}
	for i, g := range pt.grad {
		if want := scalar.ComplexStep(pt.Net, pt.v, pt.target, i); math.Abs(g-want) > 1e-12*max(1, math.Abs(want)) {
			t.Errorf("%s is %v, want %v", pt.Name(i), g, want)
		}
	}
}

// TestTooLarge: if package scalar would take too long, the check does not use it.
func TestTooLarge(t *testing.T) {
	t.Parallel()
	m, s := problem{1, 40, 1, 300, 1}.draw(source(2), bptt.SquaredError{})
	if p := checked(t, New(m, s, 300, 300), 1); p.Scalar || p.Diagnosis != nil || !p.Right() {
		t.Errorf("%+v", p)
	}
}

// TestCheckLimit: a sample has the given number of different entries of each block, with the largest
// entry among them. Another seed draws other entries.
func TestCheckLimit(t *testing.T) {
	t.Parallel()
	samples := make(map[string]bool)
	for seed := range uint32(2) {
		p := proven(3, problem{1, 5, 1, 20, 20})
		largest := make([]float64, len(p.params))
		for k, q := range p.params {
			for _, i := range q.Index {
				largest[k] = max(largest[k], math.Abs(q.Grad[i]))
			}
		}
		if err := p.Check(false, 7, seed, nil); err != nil {
			t.Fatal(err)
		}
		for k, res := range p.Results {
			seen, found := make(map[int]bool), false
			for _, e := range res.Entries {
				seen[e.Index] = true
				found = found || math.Abs(e.Analytic) == largest[k]
			}
			samples[fmt.Sprint(res.Name, seen)] = true
			want := map[string]int{"Wi": 7, "Wf": 7, "Wo": 7, "Wg": 7, "x": 7, "by": 1}[res.Name]
			if want == 0 {
				want = 5
			}
			if len(seen) != want || len(res.Entries) != want || !found {
				t.Errorf("%s: %d entries, %d of them different, want %d; the largest is among them: %v", res.Name, len(res.Entries), len(seen), want, found)
			}
		}
		if p.Total != (1+5)*20+20+5+1+5+5+20 || p.Checked() != 5*7+8*5+1-5 {
			t.Errorf("%d of %d entries", p.Checked(), p.Total)
		}
	}
	if want := 13 + 5; len(samples) != want { // five blocks have more than seven entries
		t.Errorf("two seeds have %d different samples of the blocks, want %d", len(samples), want)
	}
}

// TestProofWindow: if training truncates, the check is of the last window of a longer sequence, with
// the losses of the last stride. The window starts from the state after all steps before it.
func TestProofWindow(t *testing.T) {
	t.Parallel()
	const n, X, O = 30, 2, 3
	m, s := problem{X, 5, O, n, n}.draw(source(4), bptt.SquaredError{})
	whole := task.Sequence{X: slices.Clone(s.X), Target: slices.Clone(s.Target), H0: slices.Clone(s.H0), C0: slices.Clone(s.C0)}
	p := New(m, s, 9, 4)
	if p.T != 9 || p.Cut != n-9 || !slices.Equal(s.X, whole.X[(n-9)*X:]) || !slices.Equal(s.Target, whole.Target[(n-4)*O:]) {
		t.Errorf("%d steps after %d, of %d; %d targets", p.T, p.Cut, n, len(s.Target))
	}
	w := m.Window(n)
	w.Forward(whole.X[:(n-9)*X], nil, whole.H0, whole.C0)
	if !slices.Equal(s.H0, w.HT) || !slices.Equal(s.C0, w.CT) {
		t.Error("the window does not start from the state after the steps before")
	}
	if loss := w.Forward(whole.X, whole.Target[(n-4)*O:], whole.H0, whole.C0); math.Abs(loss-p.Loss) > 1e-14*loss {
		t.Errorf("loss %v, and %v over the whole sequence", p.Loss, loss)
	}
	few := task.Sequence{X: whole.X, Target: whole.Target[(n-2)*O:], H0: make([]float64, 5), C0: make([]float64, 5)}
	if New(m, &few, 9, 4); !slices.Equal(few.Target, whole.Target[(n-2)*O:]) {
		t.Errorf("%d targets of two", len(few.Target))
	}
	w.Forward(s.X, s.Target, s.H0, s.C0)
	if again := w.Forward(s.X, s.Target, w.HT, w.CT); again != p.LossAgain {
		t.Errorf("from the final state the loss is %v, want %v", p.LossAgain, again)
	}
	allRight(t, "a window", checked(t, p, 0))
}

// TestSoft: the check uses softer targets for a network that is sure and right. For another network, it
// uses the original targets.
func TestSoft(t *testing.T) {
	t.Parallel()
	for _, sure := range []bool{false, true} {
		m, s := problem{2, 3, 4, 5, 3}.draw(source(5), bptt.CrossEntropy{})
		for i := range s.Target {
			s.Target[i] = map[bool]float64{true: 1}[i%4 == 2]
		}
		if sure {
			m.Params.By[2] = 20
		}
		before := slices.Clone(s.Target)
		p := New(m, s, 5, 5)
		if p.Soft != sure {
			t.Fatalf("sure: %v, soft: %v", sure, p.Soft)
		}
		for i, v := range before {
			want := v
			if sure {
				want = 0.9*v + 0.1/4
			}
			if math.Abs(s.Target[i]-want) > 1e-15 {
				t.Errorf("sure: %v, target %d is %v, want %v", sure, i, s.Target[i], want)
			}
		}
		if p.Loss < 0.1 {
			t.Errorf("sure: %v, a loss of %v", sure, p.Loss)
		}
		allRight(t, fmt.Sprintf("sure: %v", sure), checked(t, p, 0))
	}
}

// TestSoftLimit: a network is sure if its loss is below 0.1 for each target. The squared error has no targets to soften.
func TestSoftLimit(t *testing.T) {
	t.Parallel()
	for _, each := range []float64{0.099, 0.101} {
		m, s := problem{2, 3, 4, 5, 3}.draw(source(5), bptt.CrossEntropy{})
		for i := range s.Target {
			s.Target[i] = map[bool]float64{true: 1}[i%4 == 2]
		}
		clear(m.Params.Wy) // the outputs are by
		copy(m.Params.By, []float64{0, 0, -math.Log((math.Exp(each) - 1) / 3), 0})
		if loss := m.Window(5).Forward(s.X, s.Target, s.H0, s.C0); math.Abs(loss-3*each) > 1e-12 {
			t.Fatalf("a loss of %v", loss)
		}
		if p := New(m, s, 5, 5); p.Soft != (each < 0.1) {
			t.Errorf("%v for each target: soft: %v", each, p.Soft)
		}
	}
	m, s := problem{2, 3, 4, 5, 3}.draw(source(5), bptt.SquaredError{})
	clear(m.Params.Wy)
	clear(m.Params.By)
	clear(s.Target)
	if p := New(m, s, 5, 5); p.Soft || p.Loss != 0 {
		t.Errorf("outputs equal to the targets: soft: %v, loss %v", p.Soft, p.Loss)
	}
}

// TestDiagnosis: if one group of entries is wrong, the proof names the block and counts the entries. If
// dz is wrong too, it names the step, the gate and the unit.
func TestDiagnosis(t *testing.T) {
	t.Parallel()
	size := problem{2, 3, 2, 4, 4}
	for _, name := range []string{"Wi", "bf", "Wy", "by", "h0", "x"} {
		p := proven(6, size)
		entries := 0
		for _, q := range p.params {
			if q.Name == name {
				entries = len(q.Index)
				for _, i := range q.Index {
					q.Grad[i] *= 1.01
				}
			}
		}
		checked(t, p, 0)
		if v, says := p.Verdict(); v != check.Wrong || says == "" || p.Right() || p.Count(check.Wrong) != entries || p.Count(check.Right) != p.Total-entries {
			t.Errorf("%s is wrong: verdict %v, %d entries wrong and %d right, want %d and %d", name, v, p.Count(check.Wrong), p.Count(check.Right), entries, p.Total-entries)
		}
		if d := p.Diagnosis; d == nil || d.Step >= 0 || len(d.Blocks) != 1 || d.Blocks[0].Name != name || d.Blocks[0].Wrong != entries || d.Blocks[0].Total != entries {
			t.Errorf("%s is wrong: %+v", name, d)
		}
	}

	// A wrong dz: gate f of unit 1, at step 2.
	p := proven(6, size)
	p.window.DZ[(2*4+1)*3+1] *= 2
	for _, q := range p.params {
		if q.Name == "Wf" {
			q.Grad[q.Index[0]] *= 2 // else the entries that come first are all right
		}
	}
	checked(t, p, 0)
	if d := p.Diagnosis; d == nil || d.Step != 2 || d.Gate != 1 || d.Unit != 1 {
		t.Errorf("dz is wrong at step 2, gate f, unit 1: %+v", d)
	}
}

// TestNotFinite: a gradient with NaN is wrong, also in a sample, and the place is the first NaN on the way back.
func TestNotFinite(t *testing.T) {
	t.Parallel()
	for _, limit := range []int{0, 2} {
		p := proven(6, problem{2, 3, 2, 4, 4})
		for k := range 5 {
			p.window.DZ[(2*4+1)*3+1-k] = math.NaN() // the last is gate f of unit 1, at step 2
		}
		for _, q := range p.params {
			if q.Name == "Wf" {
				for _, i := range q.Index[1:] {
					q.Grad[i] = math.NaN()
				}
			}
		}
		checked(t, p, limit)
		d := p.Diagnosis
		if v, _ := p.Verdict(); v != check.Wrong || d == nil || d.Step != 2 || d.Gate != 0 || d.Unit != 0 || len(d.Causes) != 1 || len(d.Blocks) != 1 {
			t.Errorf("%v, %+v", v, d)
		}
	}
}

// TestPanic: a backward pass that panics is wrong. The place is the first missing dz, if there is one.
func TestPanic(t *testing.T) {
	t.Parallel()
	p := proven(6, problem{2, 3, 2, 4, 4})
	w := p.window
	p.loss()
	w.Steps()[2].DC = nil
	p.backward(cell.New(2, 3, 2))
	if d := p.Diagnosis; p.Panic == "" || d == nil || d.Step != 2 || d.Gate != 0 || d.Unit != 0 || d.Steps != 4 {
		t.Errorf("at step 2: %q, %+v", p.Panic, d)
	}
	var b bytes.Buffer
	if err := p.Check(false, 0, 1, nil); err != nil || p.Right() || len(p.Results) > 0 {
		t.Errorf("%v, right: %v", err, p.Right())
	}
	if p.Report(&b); !regexp.MustCompile(`\w+\.go:\d+`).MatchString(b.String()) || !strings.Contains(b.String(), p.Diagnosis.Where()) {
		t.Errorf("the report has no line, or no place:\n%s", &b)
	}
	p = proven(6, problem{2, 3, 2, 4, 4})
	p.loss()
	if p.backward(cell.New(2, 4, 2)); p.Panic == "" { // too small for the readout's gradient
		t.Error("no panic in the readout")
	}
}

// TestVerdict tests the verdict and the numbers of the report, for a gradient that is right, wrong or not
// proven, and for a network that is not an LSTM.
func TestVerdict(t *testing.T) {
	t.Parallel()
	p := checked(t, proven(7, problem{1, 5, 1, 8, 8}), 2)
	n := p.Checked()
	e := &p.Results[1].Entries[1]
	for _, c := range []struct {
		verdict check.Verdict
		there   float64 // the loss according to package scalar
		want    check.Verdict
		says    []string
	}{
		{check.Right, p.Loss, check.Right, []string{fmt.Sprint(n)}},
		{check.Unresolved, p.Loss, check.Unresolved, []string{"1", fmt.Sprint(n), e.Name, fmt.Sprintf("%.9g", e.Analytic)}},
		{check.Wrong, p.Loss, check.Wrong, []string{"1", fmt.Sprint(n), e.Name, fmt.Sprintf("%.9g", e.Numeric)}},
		{check.Right, p.Loss + 1e-9, check.Wrong, []string{fmt.Sprintf("%.9g", p.Loss)}},
		{check.Right, p.Loss * (1 + 1e-12), check.Right, []string{fmt.Sprint(n)}},
	} {
		e.Verdict, p.LossThere = c.verdict, c.there
		v, says := p.Verdict()
		if v != c.want || p.Right() != (v == check.Right) || says == "" {
			t.Errorf("an entry that is %v, and a loss of %v there: %v, %s", c.verdict, c.there, v, says)
		}
		var b bytes.Buffer
		p.Report(&b)
		for _, want := range append(c.says, "Wf", "by", "h0", "c0", e.Name[:2], fmt.Sprintf("%.4f", p.Loss)) {
			if !strings.Contains(b.String(), want) {
				t.Errorf("%v: the report does not have %q:\n%s", c.want, want, &b)
			}
		}
	}
}

// TestCoarse: the report counts the right entries with a wide error bar. A strict check leaves them
// unresolved.
func TestCoarse(t *testing.T) {
	t.Parallel()
	m, s := problem{1, 3, 1, 12, 1}.draw(source(9), bptt.SquaredError{})
	for j := range m.Params.H {
		m.Params.B[m.Params.H+j] -= 3 // a forget gate that is almost shut: almost nothing arrives at the first steps
	}
	p := checked(t, New(m, s, 12, 12), 0)
	n := 0
	for _, r := range p.Results {
		n += len(r.Coarse())
	}
	var b bytes.Buffer
	if p.Report(&b); p.Count(check.Wrong) > 0 || n == 0 || p.coarse() == "" || !strings.Contains(b.String(), "strict") {
		t.Errorf("%d entries are coarse: %q\n%s", n, p.coarse(), &b)
	}
	before := p.Count(check.Unresolved)
	p.Strict = true
	checked(t, p, 0)
	if v, _ := p.Verdict(); v != check.Unresolved || p.Count(check.Unresolved) != before+n || p.coarse() != "" {
		t.Errorf("strict: verdict %v, %d unresolved, want %d; %q", v, p.Count(check.Unresolved), before+n, p.coarse())
	}
}

// TestFast checks a network of a million parameters along a random direction. The check takes at most 60
// losses, even if it has to look for a wrong block.
func TestFast(t *testing.T) {
	if testing.Short() {
		t.Skip("a million parameters")
	}
	t.Parallel()
	m, s := problem{1, 500, 1, 3, 3}.draw(source(8), bptt.SquaredError{})
	for i := range m.Params.All {
		m.Params.All[i] *= 0.1
	}
	if len(m.Params.All) < 1_000_000 {
		t.Fatalf("%d parameters", len(m.Params.All))
	}
	p := New(m, s, 3, 3)
	for _, culprit := range []string{"", "Wf", "by"} {
		scale := func(by float64) {
			for _, q := range p.params {
				for _, i := range q.Index {
					if q.Name == culprit {
						q.Grad[i] *= by
					}
				}
			}
		}
		scale(1.001)
		if err := p.Check(true, 0, 1, nil); err != nil {
			t.Fatal(err)
		}
		scale(1 / 1.001)
		q := p.Quick
		t.Logf("culprit %q: verdict %v, found %v, order %.2f, %d losses", culprit, q.Verdict, q.Culprits, q.Order, q.Losses)
		if culprit == "" && q.Verdict != check.Right || culprit != "" && !slices.Contains(q.Culprits, culprit) || q.Losses > 60 {
			t.Errorf("culprit %q: %+v", culprit, q)
		}
		v, says := p.Verdict()
		var b bytes.Buffer
		if p.Report(&b); v != q.Verdict || p.Right() != (culprit == "") || !strings.Contains(says, culprit) ||
			!strings.Contains(b.String(), fmt.Sprintf("%.10g", q.Numeric)) || !strings.Contains(b.String(), fmt.Sprintf("%.2f", q.Order)) {
			t.Errorf("culprit %q: %v, %s\n%s", culprit, v, says, &b)
		}
	}
}

// TestTruncated: two windows carry the state from the first to the second. Their gradient is right for
// the loss in which the second window starts from a constant state. It is wrong for the full loss.
func TestTruncated(t *testing.T) {
	t.Parallel()
	rng := source(3)
	p, g := cell.New(2, 4, 2), cell.New(2, 4, 2)
	const T = 5
	x, target := make([]float64, 2*T*p.X), make([]float64, 2*T*p.O)
	for _, s := range [][]float64{p.All, x, target} {
		for i := range s {
			s[i] = rng.NormFloat64()
		}
	}
	zero := make([]float64, p.H)
	first, second, whole := bptt.New(p, T), bptt.New(p, T), bptt.New(p, 2*T)
	forward := func(h, c []float64) float64 {
		return first.Forward(x[:T*p.X], target[:T*p.O], zero, zero) + second.Forward(x[T*p.X:], target[T*p.O:], h, c)
	}
	first.Forward(x[:T*p.X], target[:T*p.O], zero, zero)
	h, c := slices.Clone(first.HT), slices.Clone(first.CT)
	frozen := func() float64 { return forward(h, c) }
	full := func() float64 { return whole.Forward(x, target, zero, zero) }
	base := frozen()
	first.Backward(g)
	second.Backward(g)
	for _, c := range []struct {
		name  string
		loss  func() float64
		wrong bool
	}{{"frozen", frozen, false}, {"full", full, true}} {
		results, err := check.Gradients(c.loss, []check.Param{{Name: "all", Value: p.All, Grad: g.All, Entry: p.Name}}, check.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if wrong := len(results[0].With(check.Wrong)); (wrong > 0) != c.wrong {
			t.Errorf("%s: %d of %d entries wrong", c.name, wrong, len(p.All))
		}
	}
	if l := full(); math.Abs(l-base) > 1e-13*l {
		t.Errorf("the loss is %v in two windows and %v in one", base, l)
	}
}

// Check the gradient of a network of two units on a sequence of three steps.
func Example() {
	net := cell.New(1, 2, 1)
	for i := range net.All {
		net.All[i] = 0.3 * float64(i%7-3)
	}
	s := &task.Sequence{X: []float64{1, -1, 0.5}, Target: []float64{0, 1, -1}, H0: make([]float64, 2), C0: make([]float64, 2)}
	p := New(bptt.Model{Params: net, Loss: bptt.SquaredError{}}, s, 3, 3)
	if err := p.Check(false, 0, 42, nil); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.Checked(), "entries,", p.Count(check.Wrong), "wrong,", p.Count(check.Unresolved), "not resolved")
	// Output: 42 entries, 0 wrong, 0 not resolved
}
