package chain

import (
	"math/rand/v2"
	"testing"

	"lstm/check/pass"
	"lstm/check/scalar"
)

// whole returns arrays that give the parameters' gradients and dz of a backward pass.
func whole(p *pass.Point, b []float64) (all []Array) {
	for _, blk := range p.Net.Net.Blocks() {
		a := Array{Name: blk.Name, Value: b[blk.From:blk.To], Bar: make([]float64, blk.To-blk.From)}
		for i := blk.From; i < blk.To; i++ {
			a.Of = append(a.Of, []Term{{i, 1}})
		}
		all = append(all, a)
	}
	return all
}

// TestLines exchanges each line of the backward pass, and each pair of lines, for a random multiple that changes
// from place to place. Find names exactly these lines.
func TestLines(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(16, 4))
	lines := []Line{DH, DHP, DC, DCP, DZO, DZI, DZF, DZG}
	missed := 0
	for k := range 400 {
		n, v, target := scalar.FairPoint(rng)
		p := pass.New(pass.Standard(n), v, target)
		x, y := lines[rng.IntN(len(lines))], lines[rng.IntN(len(lines))]
		if k%2 == 0 {
			y = x
		}
		l := pass.Right()
		breakLine(l, x, rng)
		if y != x {
			breakLine(l, y, rng)
		}
		chains := Find(p, whole(p, p.Backward(l)))
		found := false
		for _, c := range chains {
			has := make(map[Line]bool)
			for _, f := range c.Faults {
				has[f.Line] = true
			}
			found = found || has[x] && has[y] && len(has) == map[bool]int{true: 1, false: 2}[x == y]
		}
		if !found {
			missed++
			if missed < 10 {
				t.Errorf("%d: lines %v and %v: %d chains", k, equations[x], equations[y], len(chains))
				for _, c := range chains {
					for _, f := range c.Faults {
						t.Logf("   %v %v %v", equations[f.Line], f.Array, f.Ratios(3))
					}
				}
			}
		}
	}
	t.Log(missed, "missed")
}

func breakLine(l *pass.Lines, line Line, rng *rand.Rand) {
	seed := rng.Uint64()
	k := func(p *pass.Place) float64 { return rand.New(rand.NewPCG(seed, uint64(p.T*100+p.J))).NormFloat64() }
	switch line {
	case DH:
		l.DH = func(p *pass.Place) float64 { return k(p)*p.Read + p.Back.DH[p.J] }
	case DHP:
		l.Wh = func(p *pass.Place, gate, i, j int) float64 { q := *p; q.J = i; return k(&q) * p.Wh(gate, i, j) }
	case DC:
		dc := l.DC
		l.DC = func(p *pass.Place) float64 { return k(p)*p.FromH() + dc(p) }
	case DCP:
		dcp := l.DCPrev
		l.DCPrev = func(p *pass.Place) float64 { return k(p) * dcp(p) }
	default:
		a := map[Line]int{DZO: pass.O, DZI: pass.I, DZF: pass.F, DZG: pass.G}[line]
		dz := l.DZ[a]
		l.DZ[a] = func(p *pass.Place) float64 { return k(p) * dz(p) }
	}
}
