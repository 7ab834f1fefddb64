package convention

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"lstm/check/chain"
	"lstm/check/given"
	"lstm/check/given/convention/trial"
	"lstm/check/pass"
)

// backwards are the arrays that a program may append to a list on the way back.
var backwards = []string{"dx", "dy", "dh", "dc", "di", "df", "do", "dg", "y", "h", "c"}

// TestLastFirst: the arrays of the backward pass may have the last step first, all of them or some. They are read as what
// they are, and the reading says so; also if the gradient is wrong.
func TestLastFirst(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(5, 5))
	for n := 0; n < 2*(*programs); n++ {
		digits, l := []int{17, 8, 9, 4}[n%4], pass.Right()
		f := &file{program: newProgram(uint64(n)), writer: writer{digits: digits}, truth: make(map[string][]float64)}
		text := f.text()
		d, err := given.ParseJSON(strings.NewReader(text), 1<<30)
		if err != nil || d.Known["dh"] == nil || f.T < 3 {
			continue
		}
		r, err := Read(d)
		if err != nil || len(r.Others) > 0 {
			continue // TestRandom has it
		}
		if n%3 > 0 { // a wrong line, in all arrays of the file
			l = wrongLines(n / 3)
			spoil(d, r, r.Point.Backward(l), &f.writer)
		}
		var flipped []string
		for _, name := range backwards {
			if a := d.Known[name]; a != nil && (n%2 == 0 || rng.IntN(2) == 0) {
				if flip(a, f.program) {
					flipped = append(flipped, name)
				}
			}
		}
		again, err := Read(d)
		if err != nil {
			t.Errorf("program %d: %v", n, err)
			continue
		}
		if len(again.Others) > 0 {
			continue // another network gives this loss
		}
		for _, name := range flipped {
			if words := strings.Join(again.Words, "\n"); !strings.Contains(words, name) {
				t.Errorf("program %d: nothing is said of %s: %q", n, name, words)
			}
		}
		for _, a := range again.Seen {
			if slices.Contains(backwards, a.Name) {
				if bad := differ(&a, trial.Right(&a, r.Point.Backward(l)), digits); bad > 0 {
					t.Errorf("program %d, %d digits, wrong line %d: flipped %v, %s has %d wrong entries of %d: %q", n, digits, n%3*(n/3%5+1), flipped, a.Name, bad, len(a.Value), again.Words)
				}
			}
		}
	}
}

// wrongLines returns a pass with a wrong line.
func wrongLines(n int) *pass.Lines {
	l := pass.Right()
	switch n % 5 {
	case 0:
		l.DCPrev = func(p *pass.Place) float64 { return p.DC }
	case 1:
		l.HandsBack = func(*pass.Place) bool { return false }
	case 2:
		l.DZ[pass.F] = func(p *pass.Place) float64 { return p.DC * p.CPrev }
	case 3:
		dy := l.DY
		l.DY = func(p *pass.Place) float64 { return -dy(p) }
	case 4:
		l.DH = func(p *pass.Place) float64 { return p.Read }
	}
	return l
}

// spoil gives the file the numbers of a backward pass.
func spoil(d *given.Dump, r *Reading, back []float64, w *writer) {
	known := maps.Collect(func(yield func(string, *given.Array) bool) {
		for i := range d.Grads {
			yield(d.Grads[i].Name, &d.Grads[i])
		}
		for _, name := range append(slices.Clone(backwards), "dh0", "dc0") {
			if d.Known[name] != nil {
				yield(name, d.Known[name])
			}
		}
	})
	for _, s := range r.Seen {
		for i, v := range trial.Right(&s, back) {
			known[s.Name].Data[i] = w.rounded(v)
		}
	}
}

// flip turns the steps of an array round. It reports whether that changes it.
func flip(a *given.Array, p *program) bool {
	shape := a.Shape
	axis := strings.IndexByte(p.axes, 'r')
	if p.N == 1 {
		axis = strings.IndexByte(strings.ReplaceAll(p.axes, "n", ""), 'r')
	}
	after := 1
	for _, n := range shape[axis+1:] {
		after *= n
	}
	old, n := slices.Clone(a.Data), shape[axis]
	for i := range old {
		outer, step, inner := i/(n*after), i/after%n, i%after
		a.Data[outer*n*after+(n-1-step)*after+inner] = old[i]
	}
	return !slices.Equal(old, a.Data)
}

// differ counts the entries of an array that are not those of a pass.
func differ(a *chain.Array, want []float64, digits int) (bad int) {
	size := 1e-9
	for _, v := range want {
		size = max(size, math.Abs(v))
	}
	for i, v := range want {
		if !(math.Abs(a.Value[i]-v) <= a.Bar[i]+math.Pow(10, float64(1-digits))*size+1e-6*size*float64(digits%2*(digits-17)*(digits-17))/64) {
			bad++
		}
	}
	return bad
}
