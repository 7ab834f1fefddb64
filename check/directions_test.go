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

// TestDirections: a right gradient is called right. A wrong one is called wrong, with the name of each culprit,
// in few losses and with the right order of the remainder.
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
		t.Log(c.name, q.Losses, q.Order)
		if q.Losses > 60 {
			t.Errorf("%s: %d losses", c.name, q.Losses)
		}
		if !slices.Equal(params[0].Value, before) {
			t.Errorf("%s: the parameters were not restored", c.name)
		}
	}
}

// TestDirectionPanic: if the loss panics while all entries are moved, all are restored.
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
