package check

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// one checks d as the derivative of f at x.
func one(t *testing.T, f func(x float64) float64, x, d float64) Entry {
	t.Helper()
	v := []float64{x}
	results, err := Gradients(func() float64 { return f(v[0]) }, []Param{{Name: "x", Value: v, Grad: []float64{d}}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if v[0] != x {
		t.Errorf("x was %v and is left at %v", x, v[0])
	}
	return results[0].Entries[0]
}

// TestDerivatives: the measured derivative of known functions is right within its error bar, and the error
// bar is small.
func TestDerivatives(t *testing.T) {
	for _, c := range []struct {
		name string
		f    func(x float64) float64
		d    func(x float64) float64
		x    []float64
	}{
		{"constant", func(x float64) float64 { return 3 }, func(x float64) float64 { return 0 }, []float64{0, 1, -7}},
		{"linear", func(x float64) float64 { return 5 * x }, func(x float64) float64 { return 5 }, []float64{0, 1, -7, 1e6}},
		{"x³", func(x float64) float64 { return x * x * x }, func(x float64) float64 { return 3 * x * x }, []float64{1, -7, 300}},
		{"exp", math.Exp, math.Exp, []float64{0, 1, -5, 20}},
		{"sin 20x", func(x float64) float64 { return math.Sin(20 * x) }, func(x float64) float64 { return 20 * math.Cos(20*x) }, []float64{0, 0.3, 2}},
		{"tanh", math.Tanh, func(x float64) float64 { return 1 / math.Pow(math.Cosh(x), 2) }, []float64{0, 0.5, -2, 4}},
		{"1/x", func(x float64) float64 { return 1 / x }, func(x float64) float64 { return -1 / x / x }, []float64{0.3, -2, 100}},
	} {
		for _, x := range c.x {
			e := one(t, c.f, x, c.d(x))
			if e.Verdict == Wrong || e.Verdict == Unresolved && c.name != "constant" {
				t.Errorf("%s at %v: %v not called right, measured %v ± %v", c.name, x, e.Analytic, e.Numeric, e.Bar)
			}
			if d := math.Abs(e.Analytic - e.Numeric); d > e.Bar+4e-16*math.Abs(e.Analytic) {
				t.Errorf("%s at %v: error %.2g, error bar %.2g", c.name, x, d, e.Bar)
			}
			if want := c.d(x); want != 0 && e.RelativeBar() > 1e-9 {
				t.Errorf("%s at %v: relative error bar %.2g", c.name, x, e.RelativeBar())
			}
		}
	}
}

// TestWrong: Gradients calls each wrong entry wrong, and no other entry.
func TestWrong(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	v, right := make([]float64, 6), make([]float64, 6)
	for i := range v {
		v[i] = rng.NormFloat64()
	}
	loss := func() (l float64) { // Σ_i (i+1) sin v_i
		for i, x := range v {
			l += float64(i+1) * math.Sin(x)
		}
		return l
	}
	for i, x := range v {
		right[i] = float64(i+1) * math.Cos(x)
	}
	for name, mistake := range map[string]func(g []float64){
		"none":        func(g []float64) {},
		"twice":       func(g []float64) { g[2] *= 2 },
		"sign":        func(g []float64) { g[0] = -g[0] },
		"missing":     func(g []float64) { g[5] = 0 },
		"a millionth": func(g []float64) { g[3] *= 1 + 1e-6 },
		"swapped":     func(g []float64) { g[1], g[4] = g[4], g[1] },
	} {
		g := append([]float64(nil), right...)
		mistake(g)
		results, err := Gradients(loss, []Param{{Name: "v", Value: v, Grad: g}}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for i, e := range results[0].Entries {
			if e.Verdict == Wrong != (g[i] != right[i]) {
				t.Errorf("%s: entry %d is %v, should be %v, called wrong: %v", name, i, g[i], right[i], e.Verdict == Wrong)
			}
		}
		if n, want := len(results[0].With(Wrong)), map[string]int{"none": 0, "swapped": 2}[name]; n != max(want, 1) && n != want {
			t.Errorf("%s: %d entries wrong", name, n)
		}
	}
}

// TestErrors: if a check is impossible, its error names the parameter or the entry, and the parameters are
// unchanged.
func TestErrors(t *testing.T) {
	nan := math.NaN()
	calls := 0
	v := []float64{1, 2, 3}
	g := []float64{2, 4, 6}
	square := func() float64 { return v[0]*v[0] + v[1]*v[1] + v[2]*v[2] }
	good := Param{Name: "v", Value: v, Grad: g}
	memory := []float64{1, 2, 3, 4}
	for _, c := range []struct {
		name   string
		loss   func() float64
		params []Param
		names  string // words that the error must have
	}{
		{"no parameters", square, nil, ""},
		{"empty", square, []Param{good, {Name: "empty"}}, "empty"},
		{"empty index", square, []Param{{Name: "v", Value: v, Grad: g, Index: []int{}}}, "v"},
		{"lengths", square, []Param{{Name: "v", Value: v, Grad: g[:2]}}, "v 3 2"},
		{"index", square, []Param{{Name: "v", Value: v, Grad: g, Index: []int{3}}}, "v 3"},
		{"NaN value", square, []Param{{Name: "w", Value: []float64{1, nan}, Grad: g[:2]}}, "w[1] NaN"},
		{"NaN outside the index", square, []Param{{Name: "v", Value: v, Grad: []float64{2, nan, 6}, Index: []int{0}}}, "v[1] NaN"},
		{"NaN loss", func() float64 { return nan }, []Param{good}, "NaN"},
		{"no room", func() float64 {
			if v[1] != 2 {
				return nan
			}
			return 1
		}, []Param{good}, "v[1] NaN"},
		{"no name", square, []Param{{Value: v, Grad: g}}, "0"},
		{"one name", square, []Param{good, {Name: "v", Value: []float64{1}, Grad: []float64{1}}}, "v"},
		{"shared", square, []Param{good, {Name: "w", Value: v[1:2], Grad: g[:1]}}, "v[1] w[0]"},
		{"shared, in the other order", square, []Param{{Name: "w", Value: v[1:2], Grad: g[:1]}, good}, "v[1] w[0]"},
		{"columns below 0", square, []Param{{Name: "v", Value: v, Grad: g, Cols: -1}}, "v 3 -1"},
		{"twice", square, []Param{{Name: "v", Value: v, Grad: g, Index: []int{0, 2, 0}}}, "v[0]"},
		{"Grad is Value", square, []Param{{Name: "v", Value: v, Grad: v}}, "v"},
		{"Grad is a Value", square, []Param{good, {Name: "w", Value: []float64{1, 2}, Grad: v[1:]}}, "v w"},
		{"Value begins in its Grad", square, []Param{{Name: "v", Value: memory[1:3], Grad: memory[:2]}}, "v"},
		{"Value begins in a Grad", square, []Param{good, {Name: "w", Value: memory[3:], Grad: g[:1]}, {Name: "u", Value: memory[:1], Grad: memory[1:2]}, {Name: "x", Value: memory[2:3], Grad: memory[2:3]}}, "x"},
		{"the last of a Grad", square, []Param{{Name: "v", Value: memory[2:4], Grad: memory[1:3]}}, "v"},
		{"Index of nothing", square, []Param{{Name: "v", Index: []int{0}}}, "v 0"},
		{"columns", square, []Param{{Name: "v", Value: v, Grad: g, Cols: 2}}, "v 3 2"},
		{"too large", func() float64 { return 1.6e308 * math.Sin(30*v[0]) }, []Param{good}, "v[0]"},
		{"impure", func() float64 { calls++; return float64(calls) }, []Param{good}, ""},
		{"impure later", func() float64 { // drifts after a parameter was moved
			if v[0] != 1 {
				calls++
			}
			return square() + float64(calls)
		}, []Param{good}, ""},
	} {
		_, err := Gradients(c.loss, c.params, Options{})
		if err == nil || !strings.HasPrefix(err.Error(), "check: ") || !mentions(err.Error(), c.names) {
			t.Errorf("%s: error %v, want one with %q", c.name, err, c.names)
		}
		if strings.HasPrefix(c.name, "impure") != errors.Is(err, ErrImpure) {
			t.Errorf("%s: errors.Is(err, ErrImpure) is %v", c.name, errors.Is(err, ErrImpure))
		}
		_, err = Directions(c.loss, c.params, Options{})
		if err == nil || !strings.HasPrefix(err.Error(), "check: ") || strings.HasPrefix(c.name, "impure") != errors.Is(err, ErrImpure) {
			t.Errorf("%s, along a direction: error %v", c.name, err)
		}
		if v[0] != 1 || v[1] != 2 || v[2] != 3 {
			t.Fatalf("%s: parameters left at %v", c.name, v)
		}
	}
}

// TestMemory: Value and Grad may lie side by side in one slice, and parameters may be entries of one slice. A slope is
// too large only beyond 1e100 times the loss, and 1e100.
func TestMemory(t *testing.T) {
	for _, value := range []int{0, 2, 4} {
		memory := make([]float64, 6)
		v, g := memory[value:value+2], memory[(value+2)%6:][:2]
		v[0], v[1], g[0], g[1] = 1, 2, 2, 4
		other := memory[(value+4)%6:][:2]
		params := []Param{{Name: "v", Value: v, Grad: g}, {Name: "w", Value: other, Grad: make([]float64, 2)}}
		results, err := Gradients(func() float64 { return v[0]*v[0] + v[1]*v[1] + 1e3 }, params, Options{})
		if err != nil || len(results[0].With(Right)) != 2 {
			t.Errorf("Value at %d: %v, %v", value, results, err)
		}
	}
	v := []float64{1, 2}
	for _, c := range []struct {
		slope, loss float64
		large       bool
	}{{0.9e100, 0.5, false}, {-1.1e100, 0.5, true}, {1.1e100, -3, false}, {-3.1e100, -3, true}, {math.Inf(1), 1, false}} {
		_, err := Gradients(func() float64 { return c.loss }, []Param{{Name: "v", Value: v, Grad: []float64{0, c.slope}}}, Options{})
		if (err != nil) != c.large || err != nil && !mentions(err.Error(), "v[1]") {
			t.Errorf("a slope of %v beside a loss of %v: %v", c.slope, c.loss, err)
		}
	}
}

// TestLosses counts the losses of a check. It takes three at the parameters, one at a distance, 65 for the noise, and
// about 16 for each entry. If the loss grows fast, it measures the noise at the distance, too. Along a direction it
// takes about 35.
func TestLosses(t *testing.T) {
	for _, c := range []struct {
		entries        int
		add            float64
		all, allAtOnce int
		margin         int
	}{{1, 0, 83, 35, 2}, {3, 0, 117, 35, 6}, {3, -9, 117, 35, 6}, {3, -2, 182, 44, 6}} {
		v, g := make([]float64, c.entries), make([]float64, c.entries)
		for i := range v {
			v[i] = float64(i) + 0.3
			g[i] = math.Cos(v[i])
		}
		losses := 0
		loss := func() float64 {
			losses++
			l := c.add
			for _, x := range v {
				l += math.Sin(x)
			}
			return l
		}
		params := []Param{{Name: "v", Value: v, Grad: g}}
		results, err := Gradients(loss, params, Options{})
		if off := losses - c.all; err != nil || len(results[0].With(Right)) != c.entries || max(off, -off) > c.margin {
			t.Errorf("%+v: %d losses, %v", c, losses, err)
		}
		losses = 0
		q, err := Directions(loss, params, Options{})
		if off := losses - c.allAtOnce; err != nil || q.Verdict != Right || q.Losses != losses || max(off, -off) > 2 {
			t.Errorf("%+v: %d losses for a direction, and it says %d; %v", c, losses, q.Losses, err)
		}
	}
}

// mentions reports whether text has each of the names as a separate word.
func mentions(text, names string) bool {
	words := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" :;,()", r) })
	for _, name := range strings.Fields(names) {
		if !slices.Contains(words, name) {
			return false
		}
	}
	return true
}

// TestVerdicts: the tolerance and the error bar together separate wrong from right. An entry whose error bar
// could hide anything is unresolved.
func TestVerdicts(t *testing.T) {
	for _, c := range []struct {
		analytic, numeric, bar, largest float64
		want                            Verdict
	}{
		{1, 1, 0, 1, Right},
		{1, 1 + 0.9e-7, 0, 1, Right},
		{1, 1 + 1.2e-7, 0, 1, Wrong},
		{1, 1 + 1.2e-7, 0.5e-7, 1, Right},
		{1, 1 + 2e-7, 0.5e-7, 1, Wrong},
		{1, 1 + 2e-7, 1.5e-7, 1, Unresolved},
		{1e-9, 2e-9, 2e-9, 1, Right},
		{1e-9, 2e-9, 0.1e-9, 1, Wrong},
		{1e-9, 2e-9, 2e-9, 1e-3, Unresolved},
		{0, 0, 0, 0, Right},
		{0, 0, 1e-16, 0, Unresolved},
	} {
		e := Entry{Analytic: c.analytic, Numeric: c.numeric, Bar: c.bar}
		if e.judge(c.largest); e.Verdict != c.want {
			t.Errorf("%v against %v ± %v, largest %v: verdict %v, want %v", c.analytic, c.numeric, c.bar, c.largest, e.Verdict, c.want)
		}
	}
	if e := (Entry{}); e.Error() != 0 || e.RelativeBar() != 0 || e.Share() != 0 {
		t.Errorf("two zeros: error %v, bar %v", e.Error(), e.RelativeBar())
	}
	// A large gradient elsewhere does not make a small one's error bar narrow.
	w, u := []float64{0.5}, []float64{0.1, 0.2}
	results, err := Gradients(func() float64 { return 1 + 1000*w[0]*w[0] + 1e-12*(u[0]+u[1]) },
		[]Param{{Name: "w", Value: w, Grad: []float64{1000}}, {Name: "u", Value: u, Grad: []float64{-1e-12, 1e-12}}}, Options{})
	if err != nil || len(results[0].With(Right)) != 1 || len(results[1].With(Unresolved)) != 2 {
		t.Errorf("large and small gradients: %+v, %v", results, err)
	}
	// An entry that is only noise does not make it narrow either.
	of := []Result{{Entries: []Entry{{Analytic: 1, Numeric: 1e13, Bar: 3e14}, {Analytic: 1, Numeric: 1.2, Bar: 0.4}}}}
	if judge(of, false); len(of[0].With(Unresolved)) != 2 {
		t.Errorf("beside noise: %+v", of)
	}
	// The rounding error of these losses is larger than the slope.
	for name, f := range map[string]func(x float64) float64{
		"1e16 + x":        func(x float64) float64 { return 1e16 + x },
		"1 + 1e-16 sin x": func(x float64) float64 { return 1 + 1e-16*math.Sin(x) },
	} {
		if e := one(t, f, 0.3, 0); e.Verdict == Right {
			t.Errorf("%s: gradient 0 called right, measured %v ± %v", name, e.Numeric, e.Bar)
		}
	}
}

// TestCoarse: a right entry whose bar is above Tolerance of itself is coarse. A strict check does not resolve it, and
// accepts an entry of exactly zero.
func TestCoarse(t *testing.T) {
	for _, strict := range []bool{false, true} {
		r := []Result{{Entries: []Entry{
			{Analytic: 1, Numeric: 1, Bar: 0.9e-7}, {Analytic: 1e-6, Numeric: 1.005e-6, Bar: 1e-8}, {Analytic: 0, Numeric: 0, Bar: 1e-12},
			{Analytic: 1e-6, Numeric: 2e-6, Bar: 1e-8}, {Analytic: 0, Numeric: 1e-9, Bar: 1e-8},
		}}}
		judge(r, strict)
		coarse := map[bool]Verdict{false: Right, true: Unresolved}[strict]
		want := [...]Verdict{Right, coarse, Right, Wrong, coarse}
		for i, e := range r[0].Entries {
			if e.Verdict != want[i] {
				t.Errorf("strict: %v, entry %d: verdict %v, want %v", strict, i, e.Verdict, want[i])
			}
		}
		if got := len(r[0].Coarse()); got != map[bool]int{false: 3, true: 1}[strict] {
			t.Errorf("strict: %v: %d entries are coarse", strict, got)
		}
	}
	// The second slope is tiny beside the first. Its gradient is wrong by a half, and the bar hides that.
	v := []float64{0.5, 0.5}
	params := []Param{{Name: "v", Value: v, Grad: []float64{1, 1.0e-16}}}
	for _, strict := range []bool{false, true} {
		results, err := Gradients(func() float64 { return v[0] + 2e-16*v[1] }, params, Options{Strict: strict})
		if e := results[0].Entries[1]; err != nil || (e.Verdict == Right) == strict {
			t.Errorf("strict: %v: %v, %+v", strict, err, e)
		}
	}
}

// TestWorst: the worst entry has the largest error ÷ Allowed, and not the largest relative error. Scale is the
// largest entry of the block; if the block's gradient is zero, it is the largest entry of all blocks.
func TestWorst(t *testing.T) {
	r := []Result{
		{Entries: []Entry{{Index: 0, Analytic: 4, Numeric: 4 + 2e-7, Bar: 1e-9}, {Index: 1, Analytic: 1e-9, Numeric: 2e-9, Bar: 3e-9}}},
		{Entries: []Entry{{Analytic: 0, Numeric: 1e-9, Bar: 2e-9}}},
	}
	judge(r, false)
	if e := r[0].Worst(); e.Index != 0 || math.Abs(e.Allowed()-4.01e-7) > 1e-13 || r[0].Entries[1].Error() < e.Error() {
		t.Errorf("the worst entry is %+v", e)
	}
	if math.Abs(r[0].Scale-(4+2e-7-1e-9)) > 1e-14 || r[1].Scale != r[0].Scale {
		t.Errorf("the scales are %v and %v", r[0].Scale, r[1].Scale)
	}
}

// TestOther: Gradients refuses a loss whose value is not Options.Loss. A loss may compute the gradient anew
// at each call.
func TestOther(t *testing.T) {
	v, g := []float64{3}, []float64{6}
	loss := func() float64 { g[0] += 2 * v[0]; return v[0] * v[0] }
	params := []Param{{Name: "v", Value: v, Grad: g}}
	results, err := Gradients(loss, params, Options{Loss: 9})
	if err != nil || len(results[0].With(Right)) != 1 {
		t.Errorf("loss with a gradient of its own: %v, %v", results, err)
	}
	g[0] = 6
	if _, err := Gradients(loss, params, Options{Loss: 10}); !errors.Is(err, ErrOther) {
		t.Errorf("another loss: %v, want ErrOther", err)
	}
}

var errFar = errors.New("too far")

// TestPanic: when the loss panics, Gradients restores the entry, and panics with the entry's name.
func TestPanic(t *testing.T) {
	if PanicAt() == "" {
		t.Error("PanicAt returns nothing without a panic")
	}
	v := []float64{0.1, 0.2}
	defer func() {
		if p, ok := recover().(*LossPanic); !ok || p.Entry != "v[1]" || !errors.Is(p, errFar) {
			t.Errorf("recovered %v", p)
		}
		if v[0] != 0.1 || v[1] != 0.2 {
			t.Errorf("parameters left at %v", v)
		}
	}()
	Gradients(func() float64 {
		if v[0] == 0.1 && v[1] > 0.2 {
			panic(errFar)
		}
		return v[0] + v[1]
	}, []Param{{Name: "v", Value: v, Grad: []float64{1, 1}}}, Options{})
	t.Error("the panic did not go through")
}

// TestPanicTogether: the loss may also panic while all entries move.
func TestPanicTogether(t *testing.T) {
	v := []float64{0.1, 0.2}
	defer func() {
		if p, ok := recover().(*LossPanic); !ok || p.Entry == "" || !errors.Is(p, errFar) || v[0] != 0.1 || v[1] != 0.2 {
			t.Errorf("recovered %v, parameters left at %v", p, v)
		}
	}()
	Gradients(func() float64 {
		if v[0] != 0.1 && v[1] != 0.2 {
			panic(errFar)
		}
		return v[0] + v[1]
	}, []Param{{Name: "v", Value: v, Grad: []float64{1, 1}}}, Options{})
	t.Error("the panic did not go through")
}

// TestHard: the error bar covers the error for difficult functions too. These functions bend within a
// thousandth, end nearby, or have lost their last digits.
func TestHard(t *testing.T) {
	for _, c := range []struct {
		name string
		f, d func(x float64) float64
		x    []float64
		bar  float64 // relative, at most
	}{
		{"sin 1000x", func(x float64) float64 { return math.Sin(1000 * x) }, func(x float64) float64 { return 1000 * math.Cos(1000*x) }, []float64{0, 0.1, 1.234, 3}, 1e-8},
		{"tanh 1e4 x", func(x float64) float64 { return math.Tanh(1e4 * x) }, func(x float64) float64 { return 1e4 / math.Pow(math.Cosh(1e4*x), 2) }, []float64{0, 1e-4, -5e-5}, 1e-6},
		{"log x", math.Log, func(x float64) float64 { return 1 / x }, []float64{1e-3, 1e-6, 5}, 1e-8},
		{"√x", math.Sqrt, func(x float64) float64 { return 0.5 / math.Sqrt(x) }, []float64{1e-4, 0.01, 9}, 1e-8},
		{"(1e8 + sin x) − 1e8", func(x float64) float64 { return float64(1e8+math.Sin(x)) - 1e8 }, math.Cos, []float64{0, 0.7, 1.5, 3}, 1},
		{"float32", func(x float64) float64 { return float64(float32(math.Exp(x))) }, math.Exp, []float64{0, 0.7, -3, 2}, 1e-4},
		{"sin x, far out", math.Sin, math.Cos, []float64{1e6, -3e5}, 1e-4},
		{"x + sin 2¹⁸πx", func(x float64) float64 { return x + math.Sin(0x1p18*math.Pi*x) }, func(x float64) float64 { return 1 + 0x1p18*math.Pi*math.Cos(0x1p18*math.Pi*x) }, []float64{0, 0.5}, 1e-4},
		{"exp −50x²", func(x float64) float64 { return math.Exp(-50 * x * x) }, func(x float64) float64 { return -100 * x * math.Exp(-50*x*x) }, []float64{0.05, 0.2, -0.6}, 1e-7},
	} {
		for _, x := range c.x {
			e := one(t, c.f, x, c.d(x))
			if off := math.Abs(e.Analytic - e.Numeric); off > e.Bar+4e-16*math.Abs(e.Analytic) || e.Verdict == Wrong {
				t.Errorf("%s at %v: %v, measured %v ± %v, off by %.2g", c.name, x, e.Analytic, e.Numeric, e.Bar, off)
			}
			if e.RelativeBar() > c.bar {
				t.Errorf("%s at %v: relative error bar %.2g, want %.2g", c.name, x, e.RelativeBar(), c.bar)
			}
			if noisy := c.name == "float32" || c.name[0] == '('; (e.Verdict == Unresolved) != noisy && c.bar < 1e-6 {
				t.Errorf("%s at %v: verdict %v", c.name, x, e.Verdict)
			}
		}
	}
}

// TestCorner: at a corner, a gradient between the two slopes is unresolved. On one side of the corner, the
// slope of that side is right and the slope of the other side is wrong.
func TestCorner(t *testing.T) {
	relu := func(x float64) float64 { return max(0, x) }
	for _, c := range []struct {
		x, d float64
		want Verdict
	}{{0, 0, Unresolved}, {0, 1, Unresolved}, {0, 0.5, Unresolved}, {1e-3, 1, Right}, {1e-3, 0, Wrong}, {-1e-3, 0, Right}, {-1e-3, 1, Wrong}, {0, 5, Wrong}} {
		// the second entry sets the scale if the first is flat
		v := []float64{c.x, 0.3}
		results, err := Gradients(func() float64 { return relu(v[0]) + math.Sin(v[1]) },
			[]Param{{Name: "v", Value: v, Grad: []float64{c.d, math.Cos(0.3)}}}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if e := results[0].Entries[0]; e.Verdict != c.want {
			t.Errorf("max(0, x) at %v, gradient %v: verdict %v, want %v; measured %v ± %v", c.x, c.d, e.Verdict, c.want, e.Numeric, e.Bar)
		}
	}
}

// TestCurvedCorner: TestCorner's rule also holds if both slopes bend, if the corner is small beside the loss,
// or if the corner is nearer than any step can tell.
func TestCurvedCorner(t *testing.T) {
	at := func(corner float64, f func(x float64) float64, add, x0 float64) func(x float64) float64 {
		return func(x float64) float64 { return corner*math.Abs(x-x0) + f(x) + add }
	}
	bent := func(x float64) float64 { return math.Sin(x) + (x-0.3)*math.Abs(x-0.3) }
	for name, c := range map[string]struct {
		f            func(x float64) float64
		x, corner, d float64 // d is the mean of the slopes
	}{
		"sine":         {at(1, math.Sin, 0, 0.3), 0.3, 1, math.Cos(0.3)},
		"sine, down":   {at(-0.02, math.Sin, 0, 0.3), 0.3, -0.02, math.Cos(0.3)},
		"beside":       {at(1, math.Sin, 0, 0.3+1e-12), 0.3, 1, math.Cos(0.3)},
		"bent":         {at(1, bent, 0, 0.3), 0.3, 1, math.Cos(0.3)},
		"bent and far": {at(0.5, bent, 1000, 0.3), 0.3, 0.5, math.Cos(0.3)},
		"small":        {at(0.001, huber(1), 6, 1), 1, 0.001, 1},
	} {
		for _, side := range []float64{-1, 0, 1, 3} {
			want := Unresolved
			if side == 3 {
				want = Wrong
			}
			if e := one(t, c.f, c.x, c.d+side*c.corner); e.Verdict != want {
				t.Errorf("%s, gradient %v: verdict %v, want %v; measured %v ± %v", name, e.Analytic, e.Verdict, want, e.Numeric, e.Bar)
			}
		}
	}
}

// huber returns Huber's loss of y. Its second derivative jumps at ±delta.
func huber(delta float64) func(y float64) float64 {
	return func(y float64) float64 {
		if a := math.Abs(y); a > delta {
			return delta * (a - delta/2)
		}
		return y * y / 2
	}
}

// TestSecondCorner: if only a higher derivative jumps, the error bar covers the error. For a jump of 1 or 2 in
// the second derivative the bar is not much wider than √(ε|L|), the best that rounding allows. A right gradient
// is never called wrong. A gradient that is wrong by more than the bar is called wrong.
func TestSecondCorner(t *testing.T) {
	square := func(x float64) float64 { return max(0, x) * max(0, x) }
	for name, c := range map[string]struct {
		f     func(x float64) float64
		x, d  float64
		third bool // the third derivative jumps
	}{
		"huber 1":          {huber(1), 1, 1, false},
		"huber 1, left":    {huber(1), -1, -1, false},
		"huber 0.3":        {huber(0.3), 0.3, 0.3, false},
		"huber 0.3, left":  {huber(0.3), -0.3, -0.3, false},
		"moved to 0":       {func(y float64) float64 { return huber(1)(y - 1) }, 0, -1, false},
		"x|x|":             {func(x float64) float64 { return x * math.Abs(x) }, 0, 0, false},
		"max(0, x)²":       {square, 0, 0, false},
		"max(0, x)²+sin x": {func(x float64) float64 { return square(x) + math.Sin(x) }, 0, 1, false},
		"1e-6 beside":      {func(x float64) float64 { return square(x-1e-6) + x }, 0, 1, false},
		"1e-9 beside":      {func(x float64) float64 { return square(x+1e-9) + x }, 0, 1 + 2e-9, false},
		"cubic spline":     {func(x float64) float64 { return x*x + x - 2*math.Pow(max(0, x-0.5), 3) }, 0.5, 2, true},
	} {
		for _, add := range []float64{0, 6, 1000, 1e6} {
			f := func(x float64) float64 { return c.f(x) + add }
			e := one(t, f, c.x, c.d)
			limit := 6 * math.Sqrt(0x1p-52*(1+add))
			if c.third {
				limit = 200 * 0x1p-52 * (1 + add)
			}
			if off := math.Abs(e.Numeric - c.d); off > e.Bar || e.Bar > limit || e.Verdict == Wrong {
				t.Errorf("%s + %v: %v, measured %v ± %.2g, off by %.2g, want a bar below %.2g", name, add, c.d, e.Numeric, e.Bar, off, limit)
			}
			if e := one(t, f, c.x, c.d+3*limit+1e-6); e.Verdict != Wrong {
				t.Errorf("%s + %v: gradient %v not called wrong, measured %v ± %.2g", name, add, e.Analytic, e.Numeric, e.Bar)
			}
		}
	}
}

// TestJump: no gradient is called right where the loss itself jumps. The measurement stays finite there, and
// the check still judges the other entries by their own size.
func TestJump(t *testing.T) {
	for _, jump := range []float64{0.5, -0.5, 1e-6} {
		for _, delta := range []float64{1, 0.3} {
			for _, side := range []float64{1, -1} {
				for _, add := range []float64{0, 1000} {
					// Several outputs, the first at the corner of a Huber loss whose halves do not meet.
					y, dy := []float64{side * delta, 0.1, -0.2}, []float64{side * delta, 0.1, -0.2}
					results, err := Gradients(func() float64 {
						l := add
						for _, v := range y {
							if l += huber(delta)(v); math.Abs(v) > delta {
								l += jump
							}
						}
						return l
					}, []Param{{Name: "y", Value: y, Grad: dy}}, Options{})
					if err != nil {
						t.Fatal(err)
					}
					at := fmt.Sprintf("jump of %v at %v, loss + %v", jump, y[0], add)
					if e := results[0].Entries[0]; e.Verdict != Unresolved || math.Abs(e.Numeric) > 10 || e.Bar < math.Abs(jump) {
						t.Errorf("%s: verdict %v, measured %v ± %v", at, e.Verdict, e.Numeric, e.Bar)
					}
					for _, e := range results[0].Entries[1:] {
						if e.Verdict == Wrong || e.Verdict == Right && e.Bar > Tolerance {
							t.Errorf("%s: %s is %v: verdict %v, measured %v ± %v", at, e.Name, e.Analytic, e.Verdict, e.Numeric, e.Bar)
						}
					}
				}
			}
		}
	}
}

// TestWatch: the error of an impure loss names the buffer that the loss changed, and no other buffer.
func TestWatch(t *testing.T) {
	v, h, c := []float64{0.3}, []float64{0, 0}, []float64{0}
	loss := func() float64 { // keeps h between calls, as the forum script did
		h[1] = math.Tanh(v[0] + h[1])
		return h[1]
	}
	_, err := Gradients(loss, []Param{{Name: "v", Value: v, Grad: []float64{1}}}, Options{Watch: []Buffer{{"c", c}, {"h", h}}})
	if !errors.Is(err, ErrImpure) || !mentions(err.Error(), "h[1]") || strings.Contains(err.Error(), " c[") {
		t.Errorf("%v, want h[1] named", err)
	}
	v = []float64{0.3, 0.4}
	own := func() float64 { v[0] /= 2; v[1] /= 2; return v[0] }
	_, err = Gradients(own, []Param{{Name: "v", Value: v, Grad: []float64{1, 0}}}, Options{})
	if !errors.Is(err, ErrImpure) || !mentions(err.Error(), "v[0]") || mentions(err.Error(), "v[1]") {
		t.Errorf("%v, want v[0] named, and one entry only", err)
	}
	_, err = Gradients(own, []Param{{Name: "v", Value: v, Grad: []float64{1, 0}}}, Options{Loss: 7})
	if !errors.Is(err, ErrImpure) || errors.Is(err, ErrOther) {
		t.Errorf("impure, and not the loss of the gradient: %v", err)
	}
}

// TestWorkers: several goroutines give the same results as one, to the bit, in the same order. If Worker
// returns too few slices, Gradients returns an error.
func TestWorkers(t *testing.T) {
	make32 := func() (v []float64, loss func() float64) {
		v = make([]float64, 32)
		for i := range v {
			v[i] = float64(i) / 7
		}
		return v, func() (l float64) {
			for i, x := range v {
				l += float64(i) * math.Sin(x)
			}
			return l
		}
	}
	v, loss := make32()
	g := make([]float64, 32)
	for i, x := range v {
		g[i] = float64(i) * math.Cos(x)
	}
	params := []Param{{Name: "a", Value: v[:9], Grad: g[:9]}, {Name: "b", Value: v[9:], Grad: g[9:]}}
	want, err := Gradients(loss, params, Options{})
	if err != nil {
		t.Fatal(err)
	}
	calls := 0
	got, err := Gradients(loss, params, Options{
		Progress: func(done, total int) { calls++ },
		Worker: func() (func() float64, [][]float64) {
			v, loss := make32()
			return loss, [][]float64{v[:9], v[9:]}
		},
	})
	if err != nil || fmt.Sprint(got) != fmt.Sprint(want) || calls != 32 {
		t.Errorf("%v, %d calls of progress; got %v, want %v", err, calls, got, want)
	}
	_, err = Gradients(loss, params, Options{Worker: func() (func() float64, [][]float64) { return loss, [][]float64{v} }})
	if runtime.GOMAXPROCS(0) > 1 && err == nil {
		t.Errorf("a worker with too few slices: %v", err)
	}
}

// slow returns parameters with n entries in one slice, and a Worker whose losses take a while. begun is closed when
// a worker has computed a loss.
func slow(n int) (params []Param, loss func() float64, o Options, begun chan bool) {
	sum := func(v []float64) (l float64) {
		for _, x := range v {
			l += x * x
		}
		return l
	}
	v, g := make([]float64, n), make([]float64, n)
	for i := range v {
		v[i], g[i] = 1, 2
	}
	begun = make(chan bool)
	var once sync.Once
	o.Worker = func() (func() float64, [][]float64) {
		own := slices.Clone(v)
		return func() float64 {
			once.Do(func() { close(begun) })
			time.Sleep(100 * time.Microsecond)
			return sum(own)
		}, [][]float64{own}
	}
	return []Param{{Name: "v", Value: v, Grad: g}}, func() float64 { return sum(v) }, o, begun
}

// TestLateWorker: Gradients waits for workers that end late. There is one worker less than there are cores.
func TestLateWorker(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(3))
	params, loss, o, begun := slow(3)
	workers, worker := 0, o.Worker
	o.Worker = func() (func() float64, [][]float64) { workers++; return worker() }
	results, err := Gradients(func() float64 {
		if workers > 0 { // here this goroutine has an entry, and the others are left for the workers
			<-begun
		}
		return loss()
	}, params, o)
	if err != nil || len(results[0].With(Right)) != 3 || workers != 2 || runtime.GOMAXPROCS(0) != 3 {
		t.Errorf("%d workers: %+v, %v", workers, results, err)
	}
}

// TestStop: after an error, no goroutine takes another entry, and none works on.
func TestStop(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(3))
	const entries = 200
	for name, spoil := range map[string]func(worker func() (func() float64, [][]float64), loss func() float64, begun chan bool) (func() (func() float64, [][]float64), func() float64){
		"too few slices": func(worker func() (func() float64, [][]float64), loss func() float64, begun chan bool) (func() (func() float64, [][]float64), func() float64) {
			workers := 0
			return func() (func() float64, [][]float64) {
				if workers++; workers == 1 {
					return worker()
				}
				<-begun
				return loss, nil
			}, loss
		},
		"no number": func(worker func() (func() float64, [][]float64), loss func() float64, begun chan bool) (func() (func() float64, [][]float64), func() float64) {
			called := false
			return func() (func() float64, [][]float64) { called = true; return worker() }, func() float64 {
				if called {
					<-begun
					return math.NaN()
				}
				return loss()
			}
		},
	} {
		params, loss, o, begun := slow(entries)
		var done atomic.Int64
		o.Progress = func(int, int) { done.Add(1) }
		o.Worker, loss = spoil(o.Worker, loss, begun)
		_, err := Gradients(loss, params, o)
		n := done.Load()
		time.Sleep(10 * time.Millisecond)
		if err == nil || n > entries/2 || done.Load() != n {
			t.Errorf("%s: %d entries measured, then %d more; %v", name, n, done.Load()-n, err)
		}
	}
}

// TestIndex: Gradients compares only the entries in Index, gives each its index, and calls Progress for each.
func TestIndex(t *testing.T) {
	v, g := []float64{1, 2, 3, 4}, []float64{9, 4, 9, 8}
	var seen []string
	results, err := Gradients(func() float64 { return v[0]*v[0] + v[1]*v[1] + v[2]*v[2] + v[3]*v[3] },
		[]Param{{Name: "v", Value: v, Grad: g, Index: []int{1, 3}, Entry: func(i int) string { return fmt.Sprint("v", i) }}},
		Options{Progress: func(done, total int) { seen = append(seen, fmt.Sprint(done, "/", total)) }})
	if err != nil {
		t.Fatal(err)
	}
	if e := results[0].Entries; len(e) != 2 || e[0].Name != "v1" || e[1].Name != "v3" || e[0].Index != 1 || e[1].Index != 3 || len(results[0].With(Wrong)) != 0 {
		t.Errorf("compared %v", e)
	}
	if got := strings.Join(seen, " "); got != "1/2 2/2" {
		t.Errorf("progress %q", got)
	}
}

// TestNoise: the measured noise of a loss is right within a factor of two.
func TestNoise(t *testing.T) {
	for trial := range 200 {
		sigma := math.Pow(10, -14+float64(trial%6))
		v := []float64{0.3 + 0.1*float64(trial), -1}
		loss := func() float64 { // sin·exp, plus a uniform random number that is a function of v
			n := math.Float64bits(v[0])*0x9e3779b97f4a7c15 ^ math.Float64bits(v[1])*0xbf58476d1ce4e5b9
			n ^= n >> 29
			n *= 0x94d049bb133111eb
			n ^= n >> 32
			uniform := float64(n)/(1<<63) - 1 // in [−1, 1]: a standard deviation of 1/√3
			return math.Sin(v[0])*math.Exp(v[1]) + sigma*math.Sqrt(3)*uniform
		}
		params := []Param{{Name: "v", Value: v, Grad: []float64{0, 0}}}
		if got := measureNoise(loss, params, loss(), 13, 5).Noise; !(got > sigma/2 && got < 2*sigma) {
			t.Errorf("noise of %.0e is measured as %.2e", sigma, got)
		}
	}
}

// TestNoiseFar: the noise is also measured at a distance, where every entry has moved by an eighth of itself, or by an
// eighth, up and down in turn. If the loss is not finite there, the distance is halved, down to 2⁻¹⁹.
func TestNoiseFar(t *testing.T) {
	for _, c := range []struct {
		end     float64 // beyond this distance the loss is not finite
		at      float64 // the distance at which the noise is measured; 0 for none
		growths bool
	}{{1, 0.125, true}, {0.01, 0x1p-7, true}, {0x1.8p-19, 0x1p-19, true}, {0x1.8p-20, 0, false}} {
		v := []float64{-300, 0.5}
		farthest := 0.0
		loss := func() float64 {
			h := (v[0] + 300) / -300
			if math.Abs(h) > c.end {
				return math.NaN()
			}
			if math.Abs((v[1]-0.5)-h) > 1e-9 {
				t.Fatalf("moved to %v", v)
			}
			farthest = max(farthest, math.Abs(h))
			n := math.Float64bits(v[1]) * 0x9e3779b97f4a7c15
			n ^= n >> 29
			n *= 0x94d049bb133111eb
			n ^= n >> 32
			return h * h * (1 + 1e-4*math.Sqrt(3)*(float64(n)/(1<<63)-1)) // noise of 1e-4·h² at a loss of h²
		}
		params := []Param{{Name: "v", Value: v, Grad: []float64{0, 0}}}
		l := measureNoise(loss, params, 0, 13, 5)
		if math.Abs(farthest-c.at) > 1e-3*c.at+1e-6 || (l.Growth > 0) != c.growths {
			t.Errorf("%+v: measured at %v, %+v", c, farthest, l)
		}
		if want := 1e-4 * c.at; c.growths && !(l.Growth > want/3 && l.Growth < 3*want) {
			t.Errorf("%+v: it grows with %v, want %v", c, l.Growth, want)
		}
		if v[0] != -300 || v[1] != 0.5 {
			t.Errorf("left at %v", v)
		}
	}
}

// TestNearZero: no right entry is called wrong if the outputs are equal to their targets, or near them. The
// rounding error of the outputs is then larger in the losses nearby than in the loss itself.
func TestNearZero(t *testing.T) {
	t.Parallel()
	for _, off := range []float64{0, 1e-13, 1e-11, 1e-10, 1e-9, 1e-8, 3e-8, 1e-7, 1e-6, 1e-4, 1e-3} {
		wrong, unresolved, n := 0, 0, 0
		for k := range 100 {
			v := make([]float64, 8)
			for i := range v {
				v[i] = math.Sin(1.3*float64(i+1) + float64(k))
			}
			x := []float64{0.7, -0.4, 1.1}
			target, dy, dh := make([]float64, 3), make([]float64, 3), 0.0
			hidden := func(t int) float64 { return math.Tanh(v[0]*x[t] + v[1]*x[(t+1)%3] + v[2]) }
			output := func(t int) float64 { return v[3]*hidden(t) + v[4]*math.Sin(v[5]*x[t]) + v[6]*x[t]*x[t] + v[7] }
			loss := func() (l float64) {
				for t := range x {
					l += (output(t) - target[t]) * (output(t) - target[t])
				}
				return l
			}
			g := make([]float64, len(v))
			for t := range x {
				target[t] = output(t) + off*math.Sin(float64(t+1+k))
				dy[t] = 2 * (output(t) - target[t])
				h := hidden(t)
				dh = dy[t] * v[3] * (1 - h*h)
				for i, d := range []float64{dh * x[t], dh * x[(t+1)%3], dh, dy[t] * h, dy[t] * math.Sin(v[5]*x[t]),
					dy[t] * v[4] * math.Cos(v[5]*x[t]) * x[t], dy[t] * x[t] * x[t], dy[t]} {
					g[i] += d
				}
			}
			results, err := Gradients(loss, []Param{{Name: "v", Value: v, Grad: g}}, Options{})
			if err != nil {
				t.Fatal(err)
			}
			n += len(v)
			wrong += len(results[0].With(Wrong))
			unresolved += len(results[0].With(Unresolved))
		}
		if wrong > 0 || off >= 1e-6 && unresolved > 0 {
			t.Errorf("outputs off by %v: of %d right entries %d are called wrong, %d are unresolved", off, n, wrong, unresolved)
		}
	}
}

// TestChance: no right derivative of a wave is called wrong, although some steps agree by chance. The
// wavelengths go from far above the first step of the triangle to far below it.
func TestChance(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(15, 2))
	unresolved := 0
	const trials = 20_000
	for range trials {
		var size, rate, phase [4]float64
		x, d := rng.NormFloat64(), 0.0
		for k := range size {
			size[k], rate[k], phase[k] = rng.NormFloat64(), math.Pow(10, 7*rng.Float64()-1), 7*rng.Float64()
			d += size[k] * rate[k] * math.Cos(rate[k]*(x-1)+phase[k])
		}
		e := one(t, func(x float64) (sum float64) {
			for k := range size {
				sum += size[k] * math.Sin(rate[k]*(x-1)+phase[k])
			}
			return sum
		}, x, d)
		switch e.Verdict {
		case Wrong:
			t.Errorf("rates %.3g: %v, measured %v ± %.2g", rate, d, e.Numeric, e.Bar)
		case Unresolved:
			unresolved++
		}
	}
	t.Logf("%d of %d are unresolved", unresolved, trials)
}
