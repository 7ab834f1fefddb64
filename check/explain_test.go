package check

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestExplain: Explain recognises each common mistake.
func TestExplain(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	value, right := make([]float64, 16), make([]float64, 16)
	for i := range value {
		value[i] = rng.NormFloat64()
		right[i] = float64(1+i) * math.Cos(value[i])
	}
	loss := func() (l float64) {
		for i, x := range value {
			l += float64(1+i) * math.Sin(x)
		}
		return l
	}
	scale := func(k float64) func(g []float64) {
		return func(g []float64) {
			for i := range g[:9] {
				g[i] *= k
			}
		}
	}
	for name, c := range map[string]struct {
		spoil func(g []float64)
		want  string
	}{
		"right":      {func(g []float64) {}, ""},
		"zero":       {scale(0), "W zero"},
		"sign":       {scale(-1), "W sign"},
		"twice":      {scale(2), "W twice"},
		"half":       {scale(0.5), "W half"},
		"mean":       {scale(1.0 / 7), "W mean"},
		"sum":        {scale(5), "W sum"},
		"other":      {scale(0.3), "W fraction"},
		"no ratio":   {scale(0.31), "W factor"},
		"transposed": {func(g []float64) { g[1], g[2], g[3], g[5], g[6], g[7] = g[3], g[6], g[1], g[7], g[2], g[5] }, "W transposed"},
		"copied":     {func(g []float64) { copy(g[9:11], g[11:13]) }, "a copied"},
		"swapped":    {func(g []float64) { g[9], g[10], g[11], g[12] = g[11], g[12], g[9], g[10] }, "a, b swapped"},
		"one entry":  {func(g []float64) { g[4] = 0 }, "W entry"},
		"no mark":    {func(g []float64) { g[4] += 0.1; g[2] *= 0.7 }, ""},
	} {
		g := slices.Clone(right)
		c.spoil(g)
		params := []Param{
			{Name: "W", Value: value[:9], Grad: g[:9], Cols: 3}, {Name: "a", Value: value[9:11], Grad: g[9:11]},
			{Name: "b", Value: value[11:13], Grad: g[11:13]}, {Name: "c", Value: value[13:], Grad: g[13:]},
		}
		results, err := Gradients(loss, params, Options{})
		if err != nil {
			t.Fatal(err)
		}
		var said []string
		for _, cause := range Explain(params, results) {
			said = append(said, cause.Param, cause.Kind)
			if cause.Observed == "" || cause.Likely == "" || cause.Line == "" {
				t.Errorf("%s: an empty field in %+v", name, cause)
			}
		}
		if got := strings.Join(said, " "); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestExplainUnresolved: a loss in float32 leaves wide error bars. A gradient that has vanished also leaves
// wide error bars, but the loss is not the cause.
func TestExplainUnresolved(t *testing.T) {
	x := []float64{0.7, 0.2}
	params := []Param{{Name: "x", Value: x, Grad: []float64{math.Exp(0.7), math.Exp(0.2)}}}
	results, err := Gradients(func() float64 { return float64(float32(math.Exp(x[0]) + math.Exp(x[1]))) }, params, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if c := Explain(params, results); len(c) != 1 || c[0].Kind != "noisy" {
		t.Errorf("a loss in float32: %v", c)
	}
	a, b := []float64{0.7}, []float64{0.4}
	params = []Param{{Name: "a", Value: a, Grad: []float64{1.4}}, {Name: "b", Value: b, Grad: []float64{1e-12 * math.Exp(0.4)}}}
	results, err = Gradients(func() float64 { return float64(a[0]*a[0]) + float64(1e-12*math.Exp(b[0])) }, params, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if c := Explain(params, results); len(c) != 1 || c[0].Param != "b" || c[0].Kind != "small" {
		t.Errorf("a gradient of 1e-12: causes %+v of %+v", c, results)
	}
}

// TestFair: a fair point gets no warning. An unfair point gets one warning for each fault, with the names.
func TestFair(t *testing.T) {
	_, params := layers()
	if w := Fair(params, measured(params)...); len(w) > 0 {
		t.Errorf("a fair point: %v", w)
	}
	clear(params[4].Grad)
	copy(params[6].Grad, params[5].Grad[:2])
	params[5].Grad, params[5].Value = params[5].Grad[:2], params[5].Value[:2]
	if w := Fair(params, measured(params)...); len(w) != 2 || !mentions(w[0], "E") || !mentions(w[1], "f g") {
		t.Errorf("E is zero, f and g are the same: %q", w)
	}
	for _, p := range params {
		for i := range p.Value {
			p.Value[i] *= 1e-6
		}
	}
	if w := Fair(params, measured(params)...); len(w) != 3 {
		t.Errorf("small values besides: %q", w)
	}
}

// measured returns the results of a check whose measurements are equal to Grad.
func measured(params []Param) (results []Result) {
	for _, p := range params {
		r := Result{Name: p.Name}
		for _, g := range p.gradient() {
			r.Entries = append(r.Entries, Entry{Analytic: g, Numeric: g})
		}
		results = append(results, r)
	}
	return results
}

// marks returns the causes that Explain finds in blocks of entries, each as "name kind".
func marks(results ...Result) string {
	var said []string
	for _, c := range Explain(make([]Param, len(results)), results) {
		said = append(said, c.Param, c.Kind)
	}
	return strings.Join(said, " ")
}

// judged returns the entries of a parameter. Each takes three numbers: the given gradient, the measured
// gradient and the bar. The verdicts are as in a check in which the largest entry of all is 1.
func judged(name string, numbers ...float64) Result {
	r := Result{Name: name, Scale: 1}
	for row := range slices.Chunk(numbers, 3) {
		e := Entry{Analytic: row[0], Numeric: row[1], Bar: row[2]}
		e.judge(1)
		r.Entries = append(r.Entries, e)
	}
	return r
}

// cornered returns a result whose bars come from corners.
func cornered(name string, numbers ...float64) Result {
	r := judged(name, numbers...)
	for i := range r.Entries {
		r.Entries[i].Corner = 0.6 * r.Entries[i].Bar
	}
	return r
}

// mixed returns the entries of two results in one.
func mixed(a, b Result) Result {
	a.Entries = append(a.Entries, b.Entries...)
	return a
}

// TestExplainBars: a mark must fit every entry within its error bar, and the error bars must be narrow enough.
func TestExplainBars(t *testing.T) {
	for _, c := range []struct {
		name string
		r    Result
		want string
	}{
		{"twice, in wide bars", judged("a", 2, 1.0003, 4e-4, -4, -1.999, 2e-3), "a twice"},
		{"not twice: one bar is too narrow", judged("a", 2, 1.0003, 2e-4, -4, -1.999, 5e-4), ""},
		{"a zero entry agrees", judged("a", 2, 1, 1e-9, 2e-9, 0, 2e-9), "a twice"},
		{"a zero entry does not", judged("a", 2, 1, 1e-9, 6e-9, 0, 2e-9), ""},
		{"a zero entry is below", judged("a", 2, 1, 1e-9, -6e-9, 0, 2e-9), ""},
		{"twice to the tolerance", judged("a", 2+1.8e-7, 1, 1e-10, 4, 2, 1e-10), "a twice"},
		{"not to the tolerance", judged("a", 2+3.2e-7, 1, 1e-10, 4+6.4e-7, 2, 1e-10), "a factor"},
		{"no entry is known", judged("a", 2, 0.5, 0.4, 2, 0.5, 0.4), ""},
		{"known to a hundredth", judged("a", 2.0000001, 1, 0.009, 4, 2, 0.018, -3, -1.5, 0.013), "a twice"},
		{"known to a hundredth, of one entry", judged("a", 2, 1, 0.009), ""},
		{"sign of one entry", judged("a", -1, 1, 1e-9), "a sign"},
		{"half of one entry", judged("a", 1, 2, 1e-9), "a half"},
		{"a third of one entry", judged("a", 1, 3, 1e-9), "a mean"},
		{"three times one entry", judged("a", 3, 1, 1e-9), "a sum"},
		{"40 times, known to a quarter", judged("a", 40, 1, 3e-3, 80, 2, 6e-3, -40, -1, 3e-3), "a factor"},
		{"40 times, known to a 30th", judged("a", 40, 1, 4e-4, 80, 2, 8e-4, -40, -1, 4e-4), "a sum"},
		{"a 40th, known to a quarter", judged("a", 1.0000001, 40, 0.12, 2, 80, 0.24, -1, -40, 0.12), "a factor"},
		{"a 40th, known to a 30th", judged("a", 1.0000001, 40, 0.015, 2, 80, 0.03, -1, -40, 0.015), "a mean"},
		{"a factor of two entries", judged("a", 0.31, 1, 1e-9, 0.62, 2, 1e-9), "a factor"},
		{"one entry has no factor", judged("a", 0.31, 1, 1e-9), ""},
		{"one entry has a fraction", judged("a", 0.3, 1, 1e-9), "a fraction"},
		{"two and a half, the other sign", judged("a", -2.5, 1, 1e-9, 5, -2, 1e-9), "a fraction"},
		{"minus three", judged("a", -3, 1, 1e-9, 6, -2, 1e-9), "a fraction"},
		{"off by 3e-7", judged("a", 1+3e-7, 1, 1e-9, 2+6e-7, 2, 1e-9), ""},
		{"off by 1.5e-5, in two entries", judged("a", 1+1.5e-5, 1, 1e-9, 2+3e-5, 2, 1e-9), ""},
		{"off by 1.5e-5", judged("a", 1+1.5e-5, 1, 1e-9, 2+3e-5, 2, 1e-9, 3+4.5e-5, 3, 1e-9, -1-1.5e-5, -1, 1e-9), "a factor"},
		{"zero", judged("a", 0, 1, 1e-9, 0, 2, 1e-9), "a zero"},
		{"NaN", judged("a", math.NaN(), 1, 1e-9, 2, 2, 1e-9), "a infinite"},
		{"Inf", judged("a", 2, 2, 1e-9, math.Inf(-1), 1, 1e-9), "a infinite"},
		{"wide bars", judged("a", 1, 1, 1.1e-6, 1, 1, 1.1e-6, 1, 1, 1e-9), "a noisy"},
		{"half of them wide", judged("a", 1, 1, 1.1e-6, 1, 1, 1e-9), ""},
		{"not so wide", judged("a", 1, 1, 0.9e-6, 1, 1, 0.9e-6), ""},
		{"a corner, one slope", cornered("a", 0, 0.5, 0.51, 1, 0.5, 0.51), "a corner"},
		{"a corner, the mean of the slopes", cornered("a", 0, 0, 1, 0, 1e-9, 1), "a corner"},
		{"noise as wide as the entry", judged("a", 0, 0.5, 0.55, 1, 0.5, 0.55), "a noisy"},
		{"zero, and the loss never changes", judged("a", 0, 0, 4e-5, 0, 0, 4e-5), "a small"},
		{"zero, and the loss changes a little", judged("a", 0, 1e-5, 4e-5), "a noisy"},
		{"two corners of four", mixed(cornered("a", 0, 0.5, 0.5, 1, 0.5, 0.5), judged("a", 1, 1.1, 0.5, 1, 1.1, 0.5)), "a noisy"},
	} {
		if got := marks(c.r); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// TestExplainTogether: the marks of one parameter depend on the other parameters.
func TestExplainTogether(t *testing.T) {
	right, large := judged("b", 1, 1, 1e-9, 3, 3, 1e-9), judged("b", 1e3, 1e3, 1e-5)
	thrice := func(name string) Result { return judged(name, 3.1, 1, 1e-9, 6.2, 2, 1e-9) }
	for _, c := range []struct {
		name string
		r    []Result
		want string
	}{
		{"a factor in one", []Result{thrice("a"), right}, "a factor"},
		{"a factor in both", []Result{thrice("a"), thrice("b")}, "all parameters factor"},
		{"a factor beside an error without a mark", []Result{thrice("a"), judged("b", 1.51, 1, 1e-9, 3, 3, 1e-9), judged("c", 2.23, 3, 1e-9, 1, 1, 1e-9)}, ""},
		{"a factor beside one error without a mark", []Result{thrice("a"), judged("b", 1.51, 1, 1e-9, 3, 3, 1e-9)}, "a factor b rest"},
		{"two factors beside one", []Result{thrice("a"), judged("b", 1.51, 1, 1e-9, 3, 3, 1e-9), thrice("c")}, "a, c factor b rest"},
		{"two alike among others", []Result{judged("a", 1, 2, 1e-9, 3, 5, 1e-9), judged("b", 1, 4, 1e-9, 3, 1, 1e-9), judged("c", 2.2, 3, 1e-9, 1, 1.7, 1e-9)}, "a, b copied c rest"},
		{"swapped in wide bars", []Result{judged("a", 1, 2, 1e-3, 3, 5, 1e-3), judged("b", 2.0005, 1, 1e-3, 5, 3, 1e-3)}, "all parameters swapped"},
		{"copied", []Result{judged("a", 1, 2, 1e-3, 3, 5, 1e-3), judged("b", 1, 1, 1e-9, 3, 3, 1e-9)}, "a copied"},
		{"less than 1e-5 of the others", []Result{judged("a", 9e-3, 9e-3, 9e-7), large}, "a small"},
		{"more than 1e-5 of the others", []Result{judged("a", 1.5e-2, 1.5e-2, 1.5e-6), large}, "a noisy"},
		{"less than 1e-5, but not rounding", []Result{judged("a", 2e-11, 2e-11, 1e-6), large}, "a small"},
		{"rounding", []Result{judged("a", 5e-12, 5e-12, 1e-6), large}, "a cancels"},
		{"zero, and less than 1e-5", []Result{judged("a", 0, 0, 9e-3), large}, "a small"},
		{"zero in all", []Result{judged("a", 0, 0, 4e-5), judged("b", 0, 0, 1e-2)}, "all parameters small"},
		{"zero, and more than 1e-5", []Result{judged("a", 0, 0, 1.5e-2), large}, "a noisy"},
	} {
		if got := marks(c.r...); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// TestExplainBlame: Explain blames the derivative of the loss for a factor in all parameters, and not for a
// factor in one. It does not blame the gates for a gradient that is exactly zero.
func TestExplainBlame(t *testing.T) {
	right := judged("b", 1, 1, 1e-9, 3, 3, 1e-9)
	for _, k := range []float64{-1, 2, 0.5, 0.3, 0.31} {
		wrong := func(name string) Result { return judged(name, k, 1, 1e-9, 2*k, 2, 1e-9) }
		alone := Explain(make([]Param, 2), []Result{wrong("a"), right})
		all := Explain(make([]Param, 2), []Result{wrong("a"), wrong("b")})
		if len(alone) != 1 || len(all) != 1 || alone[0].Likely == all[0].Likely || alone[0].Line == all[0].Line {
			t.Errorf("%v times: %+v alone, %+v in all", k, alone, all)
		}
	}
	zero := Explain(make([]Param, 2), []Result{judged("a", 0, 0, 1e-6), judged("b", 1e3, 1e3, 1e-5)})
	tiny := Explain(make([]Param, 2), []Result{judged("a", 1e-9, 1e-9, 1e-6), judged("b", 1e3, 1e3, 1e-5)})
	if len(zero) != 1 || len(tiny) != 1 || zero[0].Likely == tiny[0].Likely || !strings.Contains(tiny[0].Observed, "e-") {
		t.Errorf("%+v for a zero gradient, %+v for a tiny one", zero, tiny)
	}
}

// TestFairLimits: a point is unfair only if no entry of a gradient, or of the values, can show the mistake.
func TestFairLimits(t *testing.T) {
	fair := func(value []float64, rs ...Result) int {
		var params []Param
		for n, r := range rs {
			params = append(params, Param{Name: r.Name, Value: value[2*n:][:len(r.Entries)]})
		}
		return len(Fair(params, rs...))
	}
	a, b := judged("a", 9, 1, 1e-9, 9, 3, 1e-9), judged("b", 9, 2, 1e-9, 9, 5, 1e-9) // any given gradient
	near := func(off float64) Result { return judged("b", 9, 1+off, 1e-9, 9, 3+off, 1e-9) }
	for name, c := range map[string]struct{ got, want int }{
		"fair":                   {fair([]float64{1, 2, 3, 4}, a, b), 0},
		"no change":              {fair([]float64{1, 2, 3, 4}, a, judged("b", 9, 1e-9, 2e-9, 9, -1e-9, 2e-9)), 1},
		"a change":               {fair([]float64{1, 2, 3, 4}, a, judged("b", 9, 1e-9, 2e-9, 9, 5e-9, 2e-9)), 0},
		"perhaps a change":       {fair([]float64{1, 2, 3, 4}, a, judged("b", 9, 0, 4e-7)), 0},
		"alike":                  {fair([]float64{1, 2, 3, 4}, a, near(2e-6)), 1},
		"not quite":              {fair([]float64{1, 2, 3, 4}, a, near(4e-6)), 0},
		"alike, within the bars": {fair([]float64{1, 2, 3, 4}, a, judged("b", 9, 1.1, 0.09, 9, 3.1, 0.11)), 0},
		"single entries":         {fair([]float64{5, 2, 3, 4}, judged("a", 9, 1, 0), judged("b", 9, 1, 0)), 0},
		"zeros":                  {fair([]float64{1, 2, 0, 0.9e-7}, a, b), 1},
		"hardly zeros":           {fair([]float64{1, 2, 0, 1.1e-7}, a, b), 0},
		"ones":                   {fair([]float64{3, 2, 1, 1}, a, b), 1},
		"hardly ones":            {fair([]float64{3, 2, 1, 1 + 1.5e-7}, a, b), 0},
		"one of two":             {fair([]float64{3, 2, 1, 1.1}, a, b), 0},
		"small":                  {fair([]float64{1e-4, 9e-4, 1e-4, 2e-4}, a, b), 1},
		"not so small":           {fair([]float64{1e-4, 1.1e-3, 1e-4, 2e-4}, a, b), 0},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d warnings, want %d", name, c.got, c.want)
		}
	}
}

// TestNotFinite: an entry that is NaN or Inf after a division by zero is wrong, and the check judges the other
// entries. If the loss panics, the error names the line.
func TestNotFinite(t *testing.T) {
	v := []float64{0, 2, 3}
	loss := func() float64 { return v[0]*v[0] + v[1]*v[1]*v[2] }
	zero := 0.0
	results, err := Gradients(loss, []Param{{Name: "v", Value: v, Grad: []float64{zero / zero, 1 / zero, 4}}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := results[0]
	if w := r.With(Wrong); len(w) != 2 || w[0].Index != 0 || w[1].Index != 1 || w[1].Numeric < 11.9 || len(r.With(Right)) != 1 || math.Abs(r.Scale-12) > 1e-9 || !math.IsInf(r.Worst().Error(), 1) {
		t.Errorf("%+v", r)
	}
	if got := marks(r); got != "v infinite" {
		t.Errorf("%q", got)
	}
	if _, err := Directions(loss, []Param{{Name: "v", Value: v, Grad: []float64{0, 1 / zero, 4}}}, Options{}); err == nil || !mentions(err.Error(), "v") {
		t.Errorf("Directions: %v", err)
	}
	n := 0
	defer func() {
		if p, ok := recover().(*LossPanic); !ok || !strings.HasPrefix(p.At, "explain_test.go:") {
			t.Errorf("%+v", p)
		}
	}()
	Gradients(func() float64 { return float64(1 / n) }, []Param{{Name: "v", Value: v, Grad: []float64{0, 12, 4}}}, Options{})
}

// TestStill: a loss that is constant is not called float32, with one parameter or two.
func TestStill(t *testing.T) {
	for n := 1; n <= 2; n++ {
		params := []Param{{Name: "w", Value: []float64{1}, Grad: []float64{0}}, {Name: "v", Value: []float64{2}, Grad: []float64{0}}}[:n]
		results, err := Gradients(func() float64 { return 4 }, params, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if c := Explain(params, results); len(c) != 1 || c[0].Kind != "small" {
			t.Errorf("%d parameters: %+v", n, c)
		}
	}
}
