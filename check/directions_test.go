package check

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// layers returns a loss with several parameters of very different sizes, and its gradient.
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

// TestDirections: Directions calls a right gradient right, and a wrong gradient wrong. It names each culprit,
// takes few losses, and returns the right order of the remainder.
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

// TestDirectionPanic: if the loss panics while all entries are moved, Directions restores them all.
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

// TestOffsets: a gradient that is off by a constant at 1 to 64 of its entries is called wrong, wherever these entries are.
func TestOffsets(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(15, 3))
	for trial := range 1000 {
		var params []Param
		loss := func() (l float64) {
			for _, p := range params {
				for _, x := range p.Value {
					l += math.Sin(x)
				}
			}
			return l
		}
		for k := range 1 + rng.IntN(4) {
			p := Param{Name: string(rune('a' + k))}
			for range 1 + rng.IntN(64) {
				x := rng.NormFloat64()
				p.Value, p.Grad = append(p.Value, x), append(p.Grad, math.Cos(x))
			}
			params = append(params, p)
		}
		wrong := params[rng.IntN(len(params))]
		offset, entries := math.Pow(10, -3*rng.Float64()), 1+rng.IntN(len(wrong.Grad))
		for _, i := range rng.Perm(len(wrong.Grad))[:entries] {
			wrong.Grad[i] += offset
		}
		q, err := Directions(loss, params, Options{})
		if err != nil || q.Verdict != Wrong || !slices.Contains(q.Culprits, wrong.Name) {
			t.Errorf("trial %d: %s is off by %.3g at %d of %d entries: %v, %+v", trial, wrong.Name, offset, entries, len(wrong.Grad), err, q)
		}
	}
}

// TestReLU: Directions calls none of 1,000 right gradients of networks with 300 corners wrong. It still calls a
// wrong gradient wrong.
func TestReLU(t *testing.T) {
	t.Parallel()
	called := make(map[Verdict]int)
	for seed := range uint64(1000) {
		rng := rand.New(rand.NewPCG(seed, 1))
		normal := func(n int) []float64 {
			v := make([]float64, n)
			for i := range v {
				v[i] = rng.NormFloat64()
			}
			return v
		}
		const inputs, units = 10, 300
		w, a, c, g := normal(inputs), normal(inputs*units), normal(units), make([]float64, inputs)
		z := func(u int) (sum float64) {
			for i := range w {
				sum += w[i] * a[u*inputs+i]
			}
			return sum
		}
		for u := range units {
			if z(u) > 0 {
				for i := range g {
					g[i] += c[u] * a[u*inputs+i]
				}
			}
		}
		loss := func() (l float64) {
			for u := range units {
				l += c[u] * max(0, z(u))
			}
			return l
		}
		for _, spoilt := range []bool{false, true} {
			if spoilt {
				g[rng.IntN(inputs)] += 0.1
			}
			q, err := Directions(loss, []Param{{Name: "w", Value: w, Grad: g}}, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if spoilt && q.Verdict == Right || !spoilt && q.Verdict == Wrong {
				t.Errorf("seed %d, spoilt: %v: %+v", seed, spoilt, q)
			}
			if !spoilt {
				called[q.Verdict]++
			}
		}
	}
	t.Logf("%d right, %d unresolved", called[Right], called[Unresolved])
}

// TestHuge: Directions returns a verdict or an error for gradients of any size.
func TestHuge(t *testing.T) {
	for _, scale := range []float64{1e-300, 1e-200, 1, 1e100, 1e160, 1e300, 1e307} {
		v := []float64{0.3, -0.4}
		g := []float64{scale * math.Cos(0.3), scale * math.Cos(0.4)}
		q, err := Directions(func() float64 { return scale * (math.Sin(v[0]) + math.Sin(v[1])) }, []Param{{Name: "v", Value: v, Grad: g}}, Options{})
		if err == nil && q.Verdict != Right {
			t.Errorf("scale %v: %+v", scale, q)
		}
		_, err = Directions(func() float64 { return math.Tanh(v[0]) + v[1] }, []Param{{Name: "v", Value: v, Grad: g}}, Options{})
		if scale >= 1e160 && err == nil {
			t.Errorf("scale %v: a gradient that is too large is accepted", scale)
		}
	}
}
