package check

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"lstm/check/slope"
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
		params[0].Value[0], params[0].Grad[0] = math.Copysign(0, -1), 1
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
		if !slices.Equal(params[0].Value, before) || !math.Signbit(params[0].Value[0]) {
			t.Errorf("%s: the parameters were not restored", c.name)
		}
	}
}

// linear returns parameters of the given gradients, a loss with these slopes, and how often it was computed.
func linear(grads ...[]float64) (params []Param, loss func() float64, losses *int) {
	slopes := make([][]float64, len(grads))
	for n, g := range grads {
		slopes[n] = slices.Clone(g)
		params = append(params, Param{Name: string(rune('a' + n)), Value: make([]float64, len(g)), Grad: g})
	}
	losses = new(int)
	return params, func() (l float64) {
		*losses++
		for n, p := range params {
			for i, x := range p.Value {
				l += slopes[n][i] * x
			}
		}
		return l
	}, losses
}

// TestMoves: an entry of a parameter moves by ½ to 1½ of 0.4 times the smallest size, divided by the norm of the
// parameter's gradient. The norm counts as at least a thousandth of the largest, for the same number of entries.
func TestMoves(t *testing.T) {
	of := func(n int, size float64) []float64 { return slices.Repeat([]float64{1.4 * size, -0.2 * size}, n/2) } // its root mean square is size
	for _, c := range []struct {
		sizes []float64 // of the gradients
		count []float64 // what they count as
		unit  float64
	}{
		{[]float64{1, 2e-3}, []float64{1, 2e-3}, 2e-3}, {[]float64{0.5e-3, 1}, []float64{1e-3, 1}, 1e-3},
		{[]float64{7, 0, 5}, []float64{7, 7e-3, 5}, 7e-3}, {[]float64{0, 0}, []float64{1e-3, 1e-3}, 1e-3},
	} {
		var grads [][]float64
		for n, size := range c.sizes {
			grads = append(grads, of(900+100*n, size))
		}
		params, loss, _ := linear(grads...)
		d := newDirection(params, loss, slope.Loss{})
		if math.Abs(d.unit/(0.4*c.unit)-1) > 1e-12 {
			t.Errorf("%v: unit %v", c.sizes, d.unit)
		}
		for n, steps := range d.step {
			whole, share, up := d.unit/c.count[n]/math.Sqrt(float64(len(steps))), 0.0, 0
			low, high := math.Inf(1), 0.0
			for i, step := range steps {
				low, high, share = min(low, math.Abs(step)/whole), max(high, math.Abs(step)/whole), share+step*grads[n][i]
				if step > 0 {
					up++
				}
			}
			if low < 0.5 || low > 0.51 || high > 1.5 || high < 1.49 || up < len(steps)*2/5 || up > len(steps)*3/5 || math.Abs(share-d.share[n]) > 1e-12*d.unit {
				t.Errorf("%v: parameter %d moves by %v to %v, %d of %d up, with a share of %v, want %v", c.sizes, n, low, high, up, len(steps), d.share[n], share)
			}
		}
	}
}

// TestTwoDirections: an error that is orthogonal to one direction shows along the other one.
func TestTwoDirections(t *testing.T) {
	params, loss, _ := linear([]float64{3, 4})
	for range 2 { // orthogonal to the first direction, and then to the other one
		d := newDirection(params, loss, slope.Loss{})
		step := d.step[0]
		size := math.Hypot(step[0], step[1])
		copy(params[0].Grad, []float64{3 - step[1]/size, 4 + step[0]/size})
		if d = newDirection(params, loss, slope.Loss{}); d.off(d.all) < 0.05*size {
			t.Errorf("orthogonal to %v, the error is off by %v along %v", step, d.off(d.all), d.step[0])
		}
	}
}

// TestCulpritLimits: a set of parameters is searched if its slope is off by more than 1e-5 of its size, beyond the
// rounding error.
func TestCulpritLimits(t *testing.T) {
	for _, c := range []struct {
		params int
		off    float64 // in units of a share
		noise  float64
		want   []string
	}{
		{1, 1.1e-5, 0, []string{"a"}}, {1, 0.9e-5, 0, nil}, {4, 4.1e-5, 0, []string{"a"}}, {4, 3.9e-5, 0, nil}, {4, -4.1e-5, 0, []string{"a"}},
		{1, 3e-5, 1e-5, []string{"a"}}, {1, 3e-5, 3e-5, nil},
	} {
		var grads [][]float64
		for range c.params {
			grads = append(grads, []float64{0.75})
		}
		params, loss, _ := linear(grads...)
		d := newDirection(params, loss, slope.Loss{})
		d.share[0] += c.off * d.unit
		d.known.Noise = c.noise * d.unit * slope.FirstStep / 64 / 4 // a difference divides 4 times the noise by the width 2δ
		d.known.Noise *= 2
		if got := d.culprits(d.all); !slices.Equal(got, c.want) {
			t.Errorf("%+v: %v", c, got)
		}
	}
	for n, x := range map[string]float64{"b": 2, "c": 0.7} { // every culprit is found
		params, loss, losses := linear([]float64{1}, []float64{2}, []float64{0.7}, []float64{5}, []float64{-1})
		d := newDirection(params, loss, slope.Loss{})
		*losses = 0
		for k := range params {
			if params[k].Name == n || k == 4 {
				d.share[k] += 0.01 * x * d.unit
			}
		}
		if got := d.culprits(d.all); !slices.Equal(got, []string{n, "e"}) || *losses > 2*9 {
			t.Errorf("culprits %v after %d losses, want %s and e", got, *losses, n)
		}
	}
}

// TestDirectionBar: the derivative along a direction is unresolved if its bar is above Tolerance of the sum of the
// parameters' sizes.
func TestDirectionBar(t *testing.T) {
	for _, c := range []struct {
		noise float64 // the size of steps in the loss, in units of a share
		want  Verdict
	}{{1e-10, Right}, {1e-6, Unresolved}} {
		grads := [][]float64{{1, 2}, {-1, 1}, {0.5, 0.7}}
		params, loss, _ := linear(grads...)
		q, err := Directions(func() float64 { l := loss(); return math.Round(l/c.noise) * c.noise }, params, Options{})
		if err != nil || q.Verdict != c.want {
			t.Errorf("rounded to %v: %+v, %v", c.noise, q, err)
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
