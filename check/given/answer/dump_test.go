package answer

import (
	"encoding/json"

	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"lstm/check/pass"
	"lstm/check/scalar"
)

// A dumper makes files of numbers as a program would write them: x, target, loss, a matrix and biases for each gate.
type dumper struct {
	point  *pass.Point
	digits int  // significant digits of all numbers; 0 for all digits, 32 for float32
	dz     bool // with the backward pass, dy dh dc di df do dg
}

// newDumper returns a dumper at a random point.
func newDumper(n scalar.Net, seed uint64) *dumper {
	rng := rand.New(rand.NewPCG(seed, 4))
	v := scalar.Random(rng, n, 0.8/math.Sqrt(1+float64(n.H)/8))
	for k := n.In(0, 0); k < n.Z(0, 0, 0); k++ {
		v[k] = rng.NormFloat64()
	}
	return &dumper{point: pass.New(pass.Standard(n), v, scalar.RandomTarget(rng, n))}
}

func (d *dumper) number(v float64) float64 {
	switch d.digits {
	case 0:
		return v
	case 32:
		return float64(float32(v))
	}
	v, _ = strconv.ParseFloat(strconv.FormatFloat(v, 'g', d.digits, 64), 64)
	return v
}

func (d *dumper) rows(v []float64, cols int) (all [][]float64) {
	for i := 0; i < len(v); i += cols {
		var row []float64
		for _, x := range v[i : i+cols] {
			row = append(row, d.number(x))
		}
		all = append(all, row)
	}
	return all
}

// dump returns what the program says if its backward pass has these lines.
func (d *dumper) dump(l *pass.Lines) map[string]any {
	p := d.point
	n, back := p.Net, p.Backward(l)
	params, grads := make(map[string]any), make(map[string]any)
	add := func(name string, from, to, cols int) {
		params[name], grads[name] = d.rows(p.V[from:to], cols), d.rows(back[from:to], cols)
	}
	for a, name := range []string{"i", "f", "o", "g"} {
		add("W"+name, n.W(a, 0, 0), n.W(a+1, 0, 0), n.H)
		add("b"+name, n.B(a, 0), n.B(a+1, 0), n.H)
	}
	add("Wy", n.Wy(0, 0), n.By(0), n.O)
	add("by", n.By(0), n.Params(), n.O)
	all := map[string]any{"loss": d.number(p.Loss), "params": params, "grads": grads,
		"x": d.rows(p.V[n.In(0, 0):n.Z(0, 0, 0)], n.X), "target": d.rows(p.Target, n.O),
		"h0": d.rows(p.V[n.H0(0):n.C0(0)], n.H)[0], "c0": d.rows(p.V[n.C0(0):n.In(0, 0)], n.H)[0]}
	if d.dz {
		all["dy"], all["dh"], all["dc"] = d.rows(back[n.DY(0, 0, 0):n.DH(0, 0, 0)], n.O), d.rows(back[n.DH(0, 0, 0):n.DC(0, 0, 0)], n.H), d.rows(back[n.DC(0, 0, 0):], n.H)
		for a, name := range []string{"di", "df", "do", "dg"} {
			var z []float64
			for t := range n.T {
				z = append(z, back[n.Z(t, a, 0):n.Z(t, a+1, 0)]...)
			}
			all[name] = d.rows(z, n.H)
		}
	}
	return all
}

// write writes a dump into a file, and returns its name.
func write(t testing.TB, dump map[string]any) string {
	text, err := json.Marshal(dump)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "dump.json")
	if err := os.WriteFile(name, text, 0o666); err != nil {
		t.Fatal(err)
	}
	return name
}

// judged judges a dump.
func judged(t testing.TB, dump map[string]any) *Answer {
	t.Helper()
	a, err := File(write(t, dump))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// text returns an answer as it is written.
func text(a *Answer) string {
	var b strings.Builder
	a.Write(&b)
	return b.String()
}

// odd multiplies the dz of a gate by a factor that no mistake has, at each place another.
func odd(l *pass.Lines, gate int) {
	own := l.DZ[gate]
	l.DZ[gate] = func(p *pass.Place) float64 { return own(p) * (1.3 + 0.7*math.Sin(float64(3*p.J+5*p.T))) }
}

// notCarried leaves out dc of the next step.
func notCarried(l *pass.Lines) {
	l.DC = func(p *pass.Place) float64 { return p.FromH() }
}

// oddSums multiplies the gradient of the weights of gate o.
func oddSums(l *pass.Lines) {
	l.End = func(p *pass.Point, b []float64) {
		for i := p.W(2, 0, 0); i < p.W(3, 0, 0); i++ {
			b[i] *= 1 + 0.2*math.Cos(float64(i))
		}
	}
}
