package check

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestExplain: each common mistake is recognised.
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
		"other":      {scale(0.3), "W factor"},
		"transposed": {func(g []float64) { g[1], g[2], g[3], g[5], g[6], g[7] = g[3], g[6], g[1], g[7], g[2], g[5] }, "W transposed"},
		"copied":     {func(g []float64) { copy(g[9:11], g[11:13]) }, "a copied"},
		"swapped":    {func(g []float64) { g[9], g[10], g[11], g[12] = g[11], g[12], g[9], g[10] }, "a swapped b swapped"},
		"one entry":  {func(g []float64) { g[4] = 0 }, ""},
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

// TestExplainUnresolved: a loss in float32 leaves wide error bars. A gradient that has vanished does too,
// but that is not the fault of the loss.
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

// TestFair: a fair point gets no warning. An unfair one gets one for each fault, with the names.
func TestFair(t *testing.T) {
	_, params := layers()
	if w := Fair(params, measured(params)); len(w) > 0 {
		t.Errorf("a fair point: %v", w)
	}
	clear(params[4].Grad)
	copy(params[6].Grad, params[5].Grad[:2])
	params[5].Grad, params[5].Value = params[5].Grad[:2], params[5].Value[:2]
	if w := Fair(params, measured(params)); len(w) != 2 || !mentions(w[0], "E") || !mentions(w[1], "f g") {
		t.Errorf("E is zero, f and g are the same: %q", w)
	}
	for _, p := range params {
		for i := range p.Value {
			p.Value[i] *= 1e-6
		}
	}
	if w := Fair(params, measured(params)); len(w) != 3 {
		t.Errorf("small values besides: %q", w)
	}
}

// measured returns the results of a check that has measured exactly what Grad has.
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
