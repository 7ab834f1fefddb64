package scalar

import (
	"fmt"
	"math"
	"strings"
)

// A Diagnosis says where a gradient is wrong, and why.
type Diagnosis struct {
	// The first wrong dz in the order of the backward pass: last step first, and within a
	// step the gates in the order o, i, f, g, since dz_o needs the least. Step is −1 if
	// none is wrong.
	Step, Gate, Unit int

	Blocks []Count // the blocks with wrong entries, z not among them
	Causes []Cause // the likeliest first; none if no mistake is known that gives these numbers

	net Net
}

// A Count is a block and how many of its entries are wrong.
type Count struct {
	Name         string // of the block
	Wrong, Total int    // entries
}

// A Cause is a likely mistake.
type Cause struct {
	Observed string // what was seen in the numbers
	Likely   string // what it comes from
	Line     string // the line to read: as it probably is, and as it should be
	Name     string // of the exhibit, if it is one
}

// Where puts the place in a few words: "step t3 of t0 to t4, gate f, unit 0" if a dz is wrong,
// else the blocks that are.
func (d *Diagnosis) Where() string {
	if d.Step >= 0 {
		return fmt.Sprintf("step t%d of t0 to t%d, gate %c, unit %d", d.Step, d.net.T-1, gates[d.Gate], d.Unit)
	}
	if len(d.Blocks) == 0 {
		return "nowhere"
	}
	var names []string
	for _, b := range d.Blocks {
		names = append(names, b.Name)
	}
	return "the sums for " + strings.Join(names, " ")
}

// Diagnose looks at a gradient of the loss of v and target, in the order of n.Blocks. An
// entry that is not known is NaN. wrong says whether an entry was measured to be wrong; it
// is asked step by step from the last, and no further than needed.
//
// For the cause it computes the gradient with every mistake of the museum, and some that
// have a number in them, at the same point, and takes those that give the numbers seen.
func Diagnose(n Net, v, target, grad []float64, wrong func(i int) bool) *Diagnosis {
	return diagnose(n, v, target, grad, wrong, Exhibits())
}

func diagnose(n Net, v, target, grad []float64, wrong func(i int) bool, suspects []*Exhibit) *Diagnosis {
	d := &Diagnosis{Step: -1, net: n}
	for _, b := range n.Blocks() {
		c := Count{Name: b.Name, Total: b.To - b.From}
		for i := b.From; i < b.To && b.Name != "z"; i++ {
			if !math.IsNaN(grad[i]) && wrong(i) {
				c.Wrong++
			}
		}
		if c.Wrong > 0 {
			d.Blocks = append(d.Blocks, c)
		}
	}
	d.place(grad, wrong)
	if d.Step < 0 && len(d.Blocks) == 0 {
		return d
	}
	known := 0
	for _, g := range grad {
		if !math.IsNaN(g) {
			known++
		}
	}
	blame := func(observed, likely, line, name string) {
		d.Causes = append(d.Causes, Cause{fmt.Sprintf(observed, known), likely, line, name})
	}
	_, truth := Backward(n, v, target)
	if agree(n, grad, truth) {
		blame("all %d numbers, entries and dz, are those of an LSTM as it should be", "it is the loss that is another one: a factor, a term, or the forward pass",
			"L = Σ_t 1/O Σ_n (y_n − target_n)², or −Σ_t Σ_n target_n ln p_n", "")
		return d
	}
	for _, e := range suspects {
		if e.See != "" || e.refuse != nil || !e.explains(n, v, target, grad) {
			continue
		}
		blame("all %d numbers, entries and dz, are those that come out with this one line wrong", e.What, e.Wrong+"   →   "+e.Right, e.Name)
	}
	if len(d.Causes) > 0 {
		return d
	}
	for _, k := range kin(n) {
		l := right()
		k.edit(l)
		if _, g := backward(n, v, target, l); agree(n, grad, g) {
			blame("all %d numbers, entries and dz, are those that come out with this one line wrong", k.what, k.line, "")
			return d
		}
	}
	if k, ok := factor(n, grad, truth); ok {
		d.Causes = append(d.Causes, Cause{
			Observed: fmt.Sprintf("every number is %.6g times what it should be", k),
			Likely:   "a constant factor in the loss that its derivative lacks, or the other way round",
			Line:     "dy = 2*(y - target) / O",
		})
	}
	return d
}

// A relative is a mistake of the kind of an exhibit: at another gate, step or shift.
type relative struct {
	what, line string
	edit       func(l *lines)
}

// kin returns the relatives of the exhibits.
func kin(n Net) []relative {
	var all []relative
	add := func(edit func(l *lines), line, what string, args ...any) {
		all = append(all, relative{fmt.Sprintf(what, args...), line, edit})
	}
	for a, gate := range gates {
		slope := func(p *place) float64 { // σ′ or tanh′ of the gate
			x := [...]float64{p.i, p.f, p.o, p.g}[a]
			if a == G {
				return 1 - x*x
			}
			return x * (1 - x)
		}
		dz := right().dz[a]
		line := fmt.Sprintf("dz%c", gate)
		add(func(l *lines) { l.dz[a] = func(p *place) float64 { return dz(p) / slope(p) } }, line, "the derivative of gate %c is left out", gate)
		add(func(l *lines) { l.dz[a] = func(p *place) float64 { return dz(p) * slope(p) } }, line, "the derivative of gate %c is applied twice", gate)
		add(func(l *lines) { l.dz[a] = func(p *place) float64 { return -dz(p) } }, line, "gate %c has the wrong sign", gate)
		add(func(l *lines) { l.end = func(n Net, g []float64) { clear(g[n.B(a, 0):n.B(a, n.H)]) } }, "db", "the bias of gate %c is forgotten", gate)
		add(func(l *lines) { l.end = func(n Net, g []float64) { clear(g[n.W(a, 0, 0):n.W(a+1, 0, 0)]) } }, "dW", "the weights of gate %c are forgotten", gate)
		for b, other := range gates {
			if a == b {
				continue
			}
			add(func(l *lines) { l.dbGate[a] = b }, "db", "the bias of gate %c gets the gradient of gate %c", gate, other)
			add(func(l *lines) { l.dwGate[a] = b }, "dW", "the weights of gate %c get the gradient of gate %c", gate, other)
			if a < b {
				add(func(l *lines) { l.dwGate[a], l.dwGate[b] = b, a }, "dW", "gates %c and %c have changed places in dW", gate, other)
				add(func(l *lines) { l.dwGate[a], l.dwGate[b], l.dbGate[a], l.dbGate[b] = b, a, b, a }, "dW, db", "gates %c and %c have changed places in dW and db", gate, other)
			}
		}
	}
	for _, shift := range []int{-1, 1} {
		for _, clamp := range []bool{false, true} {
			in := right().in
			add(func(l *lines) {
				l.in = func(p *place, k int) float64 {
					if k >= p.net.X {
						return in(p, k)
					}
					t := p.t + shift
					if t >= 0 && t < p.net.T {
						return p.v[p.net.In(t, k)]
					}
					if clamp {
						return p.v[p.net.In(p.t, k)]
					}
					return 0
				}
			}, "dW += outer([x[t], h[t-1]], dz)", "dW takes x of another step: %+d", shift)
		}
	}
	for steps := 1; steps < n.T; steps++ {
		add(func(l *lines) { cut(l, steps) }, "the loss must be that of the window, the state at its start held fixed",
			"a gradient truncated after %d of %d steps is held against the full loss", steps, n.T)
		for _, readout := range []bool{false, true} {
			add(func(l *lines) {
				cut(l, steps)
				if readout {
					l.countsRead = l.counts
				}
				l.dh = func(p *place) float64 {
					if p.t < p.net.T-steps {
						return 0
					}
					return p.read + p.hand.dh
				}
			}, "for t = T-1; t >= 0; t--", "the loop over the steps ends after %d of %d", steps, n.T)
		}
		add(func(l *lines) { l.counts = func(n Net, t int) bool { return t >= n.T-steps } }, "dW += outer([x, h], dz)",
			"only the last %d of %d steps are counted", steps, n.T)
	}
	return all
}

// explains reports whether the mistake gives the gradient seen.
func (e *Exhibit) explains(n Net, v, target, grad []float64) bool {
	if e.at == nil {
		return agree(n, grad, e.Gradient(n, v, target))
	}
	for i, g := range grad {
		if math.IsNaN(g) {
			continue
		}
		if d := e.at(n, v, target, i); math.Abs(g-d) > 1e-9*math.Abs(d) {
			return false
		}
	}
	return true
}

func (d *Diagnosis) place(grad []float64, wrong func(i int) bool) {
	n := d.net
	for t := n.T - 1; t >= 0; t-- {
		for _, gate := range []int{O, I, F, G} {
			for j := range n.H {
				if i := n.Z(t, gate, j); !math.IsNaN(grad[i]) && wrong(i) {
					d.Step, d.Gate, d.Unit = t, gate, j
					return
				}
			}
		}
	}
}

// agree reports whether two gradients are the same, up to rounding, in every block.
func agree(n Net, a, b []float64) bool {
	for _, block := range n.Blocks() {
		largest := 0.0
		for i := block.From; i < block.To; i++ {
			largest = max(largest, math.Abs(b[i]))
		}
		for i := block.From; i < block.To; i++ {
			if !math.IsNaN(a[i]) && !(math.Abs(a[i]-b[i]) <= 1e-9*largest) {
				return false
			}
		}
	}
	return true
}

// factor returns k if a = k·b in every block, up to rounding.
func factor(n Net, a, b []float64) (k float64, ok bool) {
	most := 0
	for i := range b {
		if !math.IsNaN(a[i]) && math.Abs(b[i]) > math.Abs(b[most]) {
			most = i
		}
	}
	if b[most] == 0 || math.IsNaN(a[most]) {
		return 0, false
	}
	k = a[most] / b[most]
	scaled := make([]float64, len(b))
	for i, x := range b {
		scaled[i] = k * x
	}
	return k, k != 0 && agree(n, a, scaled)
}
