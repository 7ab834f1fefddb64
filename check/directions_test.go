package check

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// layers is a model of several parameters of very different size: a loss, its gradient.
func layers() (loss func() float64, params []Param) {
	rng := rand.New(rand.NewPCG(8, 1))
	for n, name := range []string{"A", "b", "C", "d", "E", "f", "g"} {
		size := []int{4000, 3, 900, 1, 64, 7, 2}[n]
		p := Param{Name: name, Value: make([]float64, size), Grad: make([]float64, size)}
		for i := range p.Value {
			p.Value[i] = rng.NormFloat64()
		}
		params = append(params, p)
	}
	at := func(n, i int) float64 { return 1 / float64(1+n*n*n) * (1 + float64(i%5)) }
	loss = func() (l float64) {
		for n, p := range params {
			for i, x := range p.Value {
				l += at(n, i) * math.Sin(x)
			}
		}
		return l
	}
	for n, p := range params {
		for i, x := range p.Value {
			p.Grad[i] = at(n, i) * math.Cos(x)
		}
	}
	return loss, params
}

// TestDirections: a right gradient is called right, and a wrong one wrong with the name of
// each culprit, in few losses and with the remainder's order.
func TestDirections(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(params []Param)
		want  []string
	}{
		{"right", func([]Param) {}, nil},
		{"d doubled", func(p []Param) { p[3].Grad[0] *= 2 }, []string{"d"}},
		{"one of A", func(p []Param) { p[0].Grad[17] += 0.5 }, []string{"A"}},
		{"sign of C", func(p []Param) {
			for i := range p[2].Grad {
				p[2].Grad[i] = -p[2].Grad[i]
			}
		}, []string{"C"}},
		{"g forgotten", func(p []Param) { clear(p[6].Grad) }, []string{"g"}},
		{"b and E", func(p []Param) { p[1].Grad[2] *= 1.01; p[4].Grad[5] *= 3 }, []string{"E", "b"}},
	} {
		loss, params := layers()
		c.spoil(params)
		before := slices.Clone(params[0].Value)
		q, err := Directions(loss, params, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if (q.Verdict == Wrong) != (c.want != nil) || q.Verdict == Unresolved || !slices.Equal(q.Culprits, c.want) {
			t.Errorf("%s: verdict %v, culprits %v, want %v; %+v", c.name, q.Verdict, q.Culprits, c.want, q)
		}
		if order := map[bool]float64{true: 1, false: 2}[c.want != nil]; math.Abs(q.Order-order) > 0.3 {
			t.Errorf("%s: the remainder's order is %.2f, want %v", c.name, q.Order, order)
		}
		if q.Losses > 60 {
			t.Errorf("%s: %d losses", c.name, q.Losses)
		}
		if !slices.Equal(params[0].Value, before) {
			t.Errorf("%s: the parameters were not restored", c.name)
		}
	}
}

// TestDirectionPanic: a loss that panics when everything moves leaves everything restored.
func TestDirectionPanic(t *testing.T) {
	_, params := layers()
	before := slices.Clone(params[0].Value)
	calls := 0
	defer func() {
		if _, ok := recover().(*LossPanic); !ok || !slices.Equal(params[0].Value, before) {
			t.Error("no LossPanic, or the parameters were not restored")
		}
	}()
	Directions(func() float64 {
		if calls++; calls == 20 {
			panic("far")
		}
		return params[0].Value[0]
	}, params, Options{})
	t.Error("no panic")
}

// TestExplain: each common mistake leaves the mark that names it.
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
		"zero":       {scale(0), "W: all of it is zero, and the loss moves"},
		"sign":       {scale(-1), "W: all of it has the wrong sign"},
		"twice":      {scale(2), "W: all of it is twice too large"},
		"half":       {scale(0.5), "W: all of it is half"},
		"mean":       {scale(1.0 / 7), "W: all of it is 1/7 of"},
		"sum":        {scale(5), "W: all of it is 5 times"},
		"other":      {scale(0.3), "W: all of it is 0.3 times"},
		"transposed": {func(g []float64) { g[1], g[2], g[3], g[5], g[6], g[7] = g[3], g[6], g[1], g[7], g[2], g[5] }, "W: it is transposed"},
		"copied":     {func(g []float64) { copy(g[9:11], g[11:13]) }, "a: it is the gradient of b;"},
		"swapped":    {func(g []float64) { g[9], g[10], g[11], g[12] = g[11], g[12], g[9], g[10] }, "a: it is the gradient of b, and that of b is its own"},
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
		said := ""
		for _, cause := range Explain(params, results) {
			said += cause.Param + ": " + cause.Observed + "; "
		}
		if !strings.HasPrefix(said, c.want) || (c.want == "") != (said == "") {
			t.Errorf("%s: %q, want %q", name, said, c.want)
		}
	}
	x := []float64{0.7, 0.2}
	params := []Param{{Name: "x", Value: x, Grad: []float64{math.Exp(0.7), math.Exp(0.2)}}}
	results, err := Gradients(func() float64 { return float64(float32(math.Exp(x[0]) + math.Exp(x[1]))) }, params, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if c := Explain(params, results); len(c) != 1 || !strings.Contains(c[0].Likely, "float32") {
		t.Errorf("a loss in float32: %v", c)

		// A gradient that has vanished is not the loss's fault.
		a, b := []float64{0.7}, []float64{0.4}
		params = []Param{{Name: "a", Value: a, Grad: []float64{1.4}}, {Name: "b", Value: b, Grad: []float64{1e-12 * math.Exp(0.4)}}}
		results, err = Gradients(func() float64 { return float64(a[0]*a[0]) + float64(1e-12*math.Exp(b[0])) }, params, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if c := Explain(params, results); len(c) != 1 || c[0].Param != "b" || !strings.Contains(c[0].Observed, "e-12 of the largest gradient") {
			t.Errorf("a gradient of 1e-12: causes %+v of %+v", c, results)
		}
	}
}

// TestFair: a fair point gets no warning, an unfair one the one that names it.
func TestFair(t *testing.T) {
	_, params := layers()
	if w := Fair(params); len(w) > 0 {
		t.Errorf("a fair point: %v", w)
	}
	clear(params[4].Grad)
	copy(params[6].Grad, params[5].Grad[:2])
	params[5].Grad, params[5].Value = params[5].Grad[:2], params[5].Value[:2]
	w := strings.Join(Fair(params), "\n")
	if !strings.Contains(w, "gradient of E is zero") || !strings.Contains(w, "gradients of f and g cannot be told apart") {
		t.Errorf("got %q", w)
	}
	for _, p := range params {
		for i := range p.Value {
			p.Value[i] *= 1e-6
		}
	}
	if w := strings.Join(Fair(params), "\n"); !strings.Contains(w, "no value is above") {
		t.Errorf("got %q", w)
	}
}
