package convention

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"lstm/check/given"
	"lstm/check/pass"
	"lstm/check/scalar"
)

// batch returns the file of three sequences, with di df do dg in the order of steps and sequences, as a loop makes them, or
// in that of x.
func batch(t *testing.T, steps int, stacked bool) (*given.Dump, *pass.Point) {
	n := pass.Standard(scalar.Net{X: 2, H: 2, O: 2, T: steps})
	n.N = 3
	rng := rand.New(rand.NewPCG(7, uint64(steps)))
	v, target := make([]float64, n.Len()), make([]float64, n.N*steps*n.O)
	for i := range v {
		v[i] = rng.NormFloat64()
	}
	for i := range target {
		target[i] = rng.NormFloat64()
	}
	for s := range n.N { // the states are zero, and z has nothing added to it
		clear(v[n.H0(0)+n.Sequence(s) : n.In(0, 0)+n.Sequence(s)])
		clear(v[n.Z(0, 0, 0)+n.Sequence(s) : n.Z(steps, 0, 0)+n.Sequence(s)])
	}
	p := pass.New(n, v, target)
	back := p.Backward(pass.Right())
	file := map[string]any{"loss": p.Loss}
	rows := func(data []float64, cols int) (all [][]float64) {
		for i := 0; i < len(data); i += cols {
			all = append(all, data[i:i+cols])
		}
		return all
	}
	params := func(name string, from, to, cols int) {
		file[name], file["d"+name] = rows(v[from:to], cols), rows(back[from:to], cols)
	}
	letters := []string{pass.I: "i", pass.F: "f", pass.O: "o", pass.G: "g"}
	for a, l := range letters {
		params("W"+l, n.W(a, 0, 0), n.W(a, n.X+n.H-1, n.H-1)+1, n.H)
		params("b"+l, n.B(a, 0), n.B(a, n.H-1)+1, n.H)
		first, second := n.N, steps
		if stacked {
			first, second = steps, n.N
		}
		var all [][][]float64
		for i := range first {
			var row [][]float64
			for k := range second {
				s, step := i, k
				if stacked {
					s, step = k, i
				}
				z := n.Z(step, a, 0) + n.Sequence(s)
				row = append(row, back[z:z+n.H])
			}
			all = append(all, row)
		}
		file["d"+l] = all
	}
	params("Wy", n.Wy(0, 0), n.By(0), n.O)
	params("by", n.By(0), n.Params(), n.O)
	var x, y [][][]float64
	for s := range n.N {
		var row [][]float64
		for step := range steps {
			at := n.In(step, 0) + n.Sequence(s)
			row = append(row, v[at:at+n.X])
		}
		x, y = append(x, row), append(y, rows(target[s*steps*n.O:(s+1)*steps*n.O], n.O))
	}
	file["x"], file["target"] = x, y
	text, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	d, err := given.ParseJSON(strings.NewReader(string(text)), 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	return d, p
}

// TestStacked: the backward pass of sequences may stand in the order of x, or steps first; with as many steps as sequences,
// too. Another shape is named with the one that fits.
func TestStacked(t *testing.T) {
	t.Parallel()
	for _, steps := range []int{4, 3} {
		for _, stacked := range []bool{false, true} {
			d, _ := batch(t, steps, stacked)
			r, err := Read(d)
			if err != nil {
				t.Fatal(err)
			}
			if bad := wrong(r, 1e-9); len(bad) > 0 || len(r.Seen) != 14 {
				t.Errorf("%d steps, steps first %v: %d arrays, wrong %v: %q", steps, stacked, len(r.Seen), bad, r.Words)
			}
		}
	}
	d, _ := batch(t, 4, false)
	d.Known["di"].Shape = []int{4, 6}
	r, err := Read(d)
	if err != nil {
		t.Fatal(err)
	}
	if words := strings.Join(r.Words, "\n"); !strings.Contains(words, "di is not read") || !strings.Contains(words, "[3 4 2]") {
		t.Error(words)
	}
}
