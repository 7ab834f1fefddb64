package chainplot

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"lstm/check/chain"
	"lstm/check/pass"
	"lstm/check/scalar"
	"lstm/train/plot"
)

// broken returns a fair point, and the chain of a pass on it.
func broken(edit func(l *pass.Lines)) *chain.Chain {
	n, v, target := scalar.FairPoint(rand.New(rand.NewPCG(16, 2)))
	p, l := pass.New(pass.Standard(n), v, target), pass.Right()
	edit(l)
	c := chain.Whole(p, p.Backward(l))
	var sums []chain.Array
	for _, b := range n.Blocks() {
		a := chain.Array{Name: b.Name, Value: c.B[b.From:b.To], Bar: make([]float64, b.To-b.From)}
		for i := b.From; i < b.To; i++ {
			a.Of = append(a.Of, []chain.Term{{Index: i, Times: 1}})
		}
		sums = append(sums, a)
	}
	c.Judge(sums)
	return c
}

func marks(s plot.Strip, of [][]bool) (text string) {
	for k, row := range of {
		for i, x := range row {
			if x {
				text += fmt.Sprintf("%s %d ", s.Names[k], i)
			}
		}
	}
	return text
}

// twice doubles dz of a gate at one step.
func twice(l *pass.Lines, gate, step int) {
	dz := l.DZ[gate]
	l.DZ[gate] = func(p *pass.Place) float64 {
		if p.T == step {
			return 2 * dz(p)
		}
		return dz(p)
	}
}

// TestLines breaks one line at a time, at step 2 alone or from step 2 on, and looks at what is framed.
func TestLines(t *testing.T) {
	t.Parallel()
	last := broken(func(*pass.Lines) {}).T - 1
	for name, c := range map[string]struct {
		edit         func(l *pass.Lines)
		lines, first string
	}{
		"right":  {func(*pass.Lines) {}, "", ""},
		"one dz": {func(l *pass.Lines) { twice(l, pass.F, 2) }, "dz of f 2 ", "dz of f 2 "},
		"two dz": {func(l *pass.Lines) { twice(l, pass.O, 1); twice(l, pass.F, 3) }, "dz of o 1 dz of f 3 ", "dz of f 3 "},
		"cut":    {func(l *pass.Lines) { l.HandsBack = func(p *pass.Place) bool { return p.T != 3 } }, "dh′ 3 dc′ 3 ", "dh′ 3 "},
		"dy at the last step": {func(l *pass.Lines) {
			dy := l.DY
			l.DY = func(p *pass.Place) float64 {
				if p.T == last {
					return -dy(p)
				}
				return dy(p)
			}
		}, fmt.Sprintf("dy %d ", last), fmt.Sprintf("dy %d ", last)},
		"dh0": {func(l *pass.Lines) { l.End = func(p *pass.Point, grad []float64) { grad[p.H0(0)] *= 2 } }, "dh′ 0 ", "dh′ 0 "},
	} {
		k := broken(c.edit)
		s := Lines(k, 0, k.T).Strips[0]
		if lines, first := marks(s, s.Edge), marks(s, s.Slash); lines != c.lines || first != c.first {
			t.Errorf("%s: framed %q, want %q; first %q, want %q", name, lines, c.lines, first, c.first)
		}
		part := Lines(k, 1, 2).Strips[0]
		for row := range s.Rows {
			if got, want := fmt.Sprint(part.Rows[row], part.Edge[row]), fmt.Sprint(s.Rows[row][1:3], s.Edge[row][1:3]); got != want {
				t.Errorf("%s: steps 1 and 2 of %s are %s, want %s", name, s.Names[row], got, want)
			}
		}
	}
}

// TestNumbers: earlier steps inherit an error, and the norms show it.
func TestNumbers(t *testing.T) {
	t.Parallel()
	c := broken(func(l *pass.Lines) { l.HandsBack = func(p *pass.Place) bool { return p.T != 2 } })
	truth := c.Backward(pass.Right())
	s := Numbers(c, 0, c.T).Strips[0]
	for k, row := range s.Edge {
		for step, off := range row {
			if want := step < 2 && s.Names[k] != "dy"; off != want {
				t.Errorf("%s at step %d: framed %v, want %v", s.Names[k], step, off, want)
			}
		}
	}
	norms := Norms(c, 1, c.T)
	for k, b := range [][]float64{c.B, truth} {
		sum := 0.0
		for _, dz := range b[c.Z(1, 0, 0):c.Z(2, 0, 0)] {
			sum += dz * dz
		}
		if l := norms.Lines[k]; math.Abs(l.Y[0]-math.Sqrt(sum)) > 1e-12*l.Y[0] || l.X[0] != 1 || len(l.Y) != c.T-1 {
			t.Errorf("line %d begins at %v with %v, want 1 and %v", k, l.X[0], l.Y[0], math.Sqrt(sum))
		}
	}
}

// TestSums: a wrong sum is framed, its shade is the part that is wrong, and no line of a step is.
func TestSums(t *testing.T) {
	t.Parallel()
	c := broken(func(l *pass.Lines) { l.End = func(p *pass.Point, grad []float64) { grad[p.B(pass.O, 1)] *= 2 } })
	if f := First(c); f != nil {
		t.Errorf("it goes wrong first at %v", f)
	}
	s := Sums(c, []string{"Wo", "bo"}, []int{(c.X + c.Net.H) * c.Net.H, c.Net.H}).Strips[0]
	if got := marks(s, s.Edge); got != "bo 0 " {
		t.Errorf("framed: %s", got)
	}
	if got, want := s.Rows[1][0], -1.0; got != want || s.Rows[0][0] <= 0 {
		t.Errorf("the shades are %v, want %v for bo", s.Rows, want)
	}
}

// TestFrom: a long sequence is drawn around the first fault, or to its end.
func TestFrom(t *testing.T) {
	t.Parallel()
	for step := range 3 {
		c := broken(func(l *pass.Lines) { twice(l, pass.G, step) })
		if got := From(c, c.T); got != 0 {
			t.Errorf("with room for all, the first step is %d", got)
		}
		from := From(c, 2)
		if s := Lines(c, from, 2).Strips[0]; !slices.Contains(s.Slash[slices.Index(s.Names, "dz of g")], true) {
			t.Errorf("from step %d on, the fault at step %d does not show", from, step)
		}
	}
	if got, want := From(broken(func(*pass.Lines) {}), 2), broken(func(*pass.Lines) {}).T-2; got != want {
		t.Errorf("without a fault the first step is %d, want %d", got, want)
	}
}

// The example finds the step where a pass goes wrong that hands nothing back from step 3.
func Example() {
	c := broken(func(l *pass.Lines) { l.HandsBack = func(p *pass.Place) bool { return p.T != 3 } })
	from, to := c.Steps(First(c))
	fmt.Printf("%s does not hold from step %d to step %d\n", First(c).Says(), from, to)
	fmt.Println(Lines(c, 0, c.T).Strips[0].Names)
	// Output:
	// dh′ = Wh·dz does not hold from step 3 to step 2
	// [dy dh dz of o dc dz of i dz of f dz of g dh′ dc′]
}
