// Package forward finds the lines of an LSTM's forward pass that do not hold. It knows no mistakes. What goes into a line is
// taken as the program has it, so one wrong line does not make the next one wrong.
package forward

import (
	"fmt"
	"math"

	"lstm/check"
	"lstm/check/pass"
	"lstm/check/scalar"
)

// A Line is a line of the forward pass.
type Line int

// The lines, in the order of the forward pass.
const (
	State Line = iota // the state before the first step
	Sum               // z
	Gate              // σ and tanh of z
	C
	TanhC
	H
	Y
	Loss
)

// Equations has the lines as equations.
var Equations = [...]string{State: "h, c = h0, c0 before the first step", Sum: "z = [x; h′]W + b", Gate: "i, f, o = σ(z), g = tanh(z)",
	C: "c = f∘c′ + i∘g", TanhC: "tanh(c)", H: "h = o∘tanh(c)", Y: "y = h·Wy + by", Loss: "L = Σ_t 1/O Σ_n (y_n − target_n)²"}

const crossEntropy = "L = −Σ_t Σ_n target_n ln p_n"

// sources are the numbers that go into each line.
var sources = [...]string{State: "h0 and c0", Sum: "x, h of the step before and the weights", Gate: "z", C: "the gates and c of the step before",
	TanhC: "c", H: "o and c", Y: "h and the weights", Loss: "y and the target"}

// A Fault is a line that does not hold, at the first place where it does not.
type Fault struct {
	Line       Line    // the line
	T          int     // the step; −1 before the first step, and for the loss
	Gate, Unit int     // the gate, for Sum and Gate; the unit or output
	Has, Right float64 // what the program has, and what the line gives
	equation   string
}

// Find returns the lines that do not hold, in the order in which the pass first computes a wrong number. p is the right pass
// of one sequence. tr has the numbers of the program. The sums Z may hold only the part of the inputs, if the gates are right.
func Find(p *pass.Point, tr *pass.Trace) []Fault {
	f := &finder{p: p, tr: tr}
	f.state()
	for t := range p.T {
		f.step(t)
	}
	y := 0.0
	for t := range p.T {
		y += p.Value(tr.Y[t], p.Targets(0, t)) / p.Per
	}
	if !(math.Abs(tr.Loss-y) <= 1e-11*max(math.Abs(y), 1e-3)) {
		f.add(Fault{Line: Loss, T: -1, Has: tr.Loss, Right: y})
	}
	return f.all
}

type finder struct {
	p   *pass.Point
	tr  *pass.Trace
	all []Fault
}

// close reports whether two numbers are equal, up to the rounding of a sum whose terms have the given size.
func close(a, b, size float64) bool {
	return math.Abs(a-b) <= 1e-12*size+1e-11*math.Max(math.Abs(a), math.Abs(b))
}

func (f *finder) add(x Fault) {
	for k := range f.all {
		if f.all[k].Line == x.Line {
			return
		}
	}
	x.equation = Equations[x.Line]
	if x.Line == Loss && f.p.Kind.Loss == pass.CrossEntropy {
		x.equation = crossEntropy
	}
	f.all = append(f.all, x)
}

func (f *finder) compare(l Line, t, unit int, has, right, size float64) {
	if !close(has, right, size) {
		f.add(Fault{Line: l, T: t, Unit: unit, Has: has, Right: right})
	}
}

func (f *finder) state() {
	n := f.p.Net
	for j := range n.H {
		f.compare(State, -1, j, f.tr.H[0][j], f.p.V[n.H0(j)], 0)
		f.compare(State, -1, j, f.tr.C[0][j], f.p.V[n.C0(j)], 0)
	}
}

func (f *finder) step(t int) {
	n, v, tr := f.p.Net, f.p.V, f.tr
	for a := range 4 {
		squash := scalar.Sigma[float64]
		if a == pass.G {
			squash = scalar.Tanh[float64]
		}
		for j := range n.H {
			z := v[n.B(a, j)]
			size := math.Abs(z)
			term := func(x, w float64) {
				z += float64(x * w)
				size += math.Abs(x * w)
			}
			for k := range n.X {
				term(v[n.In(t, k)], v[n.W(a, k, j)])
			}
			for k, h := range tr.H[t] {
				term(h, v[n.W(a, n.X+k, j)])
			}
			has, gate := tr.Z[t][a][j], tr.Gate[t][a][j]
			switch {
			case close(gate, squash(z), 1e-2*size): // a gate moves less than its sum
			case close(gate, squash(has), 1e-2) && !close(has, z, size):
				f.add(Fault{Line: Sum, T: t, Gate: a, Unit: j, Has: has, Right: z})
			default:
				f.add(Fault{Line: Gate, T: t, Gate: a, Unit: j, Has: gate, Right: squash(z)})
			}
		}
	}
	for j := range n.H {
		g := tr.Gate[t]
		i, forget, o, candidate := g[pass.I][j], g[pass.F][j], g[pass.O][j], g[pass.G][j]
		c, cPrev := tr.C[t+1][j], tr.C[t][j]
		f.compare(C, t, j, c, float64(forget*cPrev)+float64(i*candidate), math.Abs(forget*cPrev)+math.Abs(i*candidate))
		f.compare(TanhC, t, j, tr.TanhC[t][j], scalar.Tanh(c), 1e-2)
		f.compare(H, t, j, tr.H[t+1][j], o*tr.TanhC[t][j], 0)
	}
	if f.p.Targets(0, t) == nil {
		return
	}
	for m := range n.O {
		y := v[n.By(m)]
		size := math.Abs(y)
		for j, h := range tr.H[t+1] {
			y += float64(h * v[n.Wy(j, m)])
			size += math.Abs(h * v[n.Wy(j, m)])
		}
		f.compare(Y, t, m, tr.Y[t][m], y, size)
	}
}

// Where says in words where the line does not hold first.
func (f *Fault) Where() string {
	unit := fmt.Sprintf("unit %d", f.Unit)
	if f.Line == Y {
		unit = fmt.Sprintf("output %d", f.Unit)
	}
	switch f.Line {
	case State:
		return "the forward pass, before the first step, " + unit
	case Loss:
		return "the loss"
	case Sum, Gate:
		return fmt.Sprintf("the forward pass, step t%d, gate %c, %s", f.T, scalar.Gates[f.Gate], unit)
	}
	return fmt.Sprintf("the forward pass, step t%d, %s", f.T, unit)
}

// Cause says which line does not hold, and what the program has in its place. Its Kind is "forward".
func (f *Fault) Cause() check.Cause {
	what := "the forward pass is not that of an LSTM"
	if f.Line == Loss {
		what = "the loss is another one: it has another factor or term"
	}
	return check.Cause{Kind: "forward", Observed: fmt.Sprintf("%s does not hold, with %s as your program has them: yours is %.9g where it gives %.9g", f.equation, sources[f.Line], f.Has, f.Right),
		Likely: what, Line: f.equation}
}
