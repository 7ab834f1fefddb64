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
	// every dz is right.
	Step, Gate, Unit int

	Blocks []Count // the blocks with wrong entries, z not among them
	Causes []Cause // the likeliest first; none if no mistake is known that gives these numbers

	net Net
}

// A Count is a block and how many of its entries are wrong.
type Count struct {
	Name         string
	Wrong, Total int
}

// A Cause is a likely mistake.
type Cause struct {
	Observed string // what was seen in the numbers
	Likely   string // what it comes from
	Line     string // the line to read: as it probably is, and as it should be
	Name     string // of the exhibit, if it is one
}

// Where puts the place in a few words: "step 4 of 5, gate f, unit 0" if a dz is wrong,
// else the blocks that are.
func (d *Diagnosis) Where() string {
	if d.Step >= 0 {
		return fmt.Sprintf("step %d of %d, gate %c, unit %d", d.Step+1, d.net.T, gates[d.Gate], d.Unit)
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
	for _, e := range suspects {
		if e.See != "" || e.refuse != nil || !e.explains(n, v, target, grad) {
			continue
		}
		d.Causes = append(d.Causes, Cause{
			Observed: fmt.Sprintf("all %d numbers are those that come out with this one line wrong", known),
			Likely:   e.What, Line: fmt.Sprintf("%s   →   %s", e.Wrong, e.Right), Name: e.Name,
		})
	}
	if len(d.Causes) > 0 {
		return d
	}
	for steps := 1; steps < n.T; steps++ {
		l := right()
		cut(l, steps)
		if _, g := backward(n, v, target, l); agree(n, grad, g) {
			d.Causes = append(d.Causes, Cause{
				Observed: fmt.Sprintf("all %d numbers are those of a backward pass that stops after %d of %d steps", known, steps, n.T),
				Likely:   "a truncated gradient is held against the full loss",
				Line:     "the loss must be that of the window, with the state at its start held fixed",
			})
		}
	}
	_, truth := Backward(n, v, target)
	if k, ok := factor(n, grad, truth); ok {
		d.Causes = append(d.Causes, Cause{
			Observed: fmt.Sprintf("every number is %.6g times what it should be", k),
			Likely:   "a constant factor in the loss that its derivative lacks, or the other way round",
			Line:     "dy = 2*(y - target) / O",
		})
	}
	return d
}

// explains reports whether the mistake gives the gradient seen.
func (e *Exhibit) explains(n Net, v, target, grad []float64) bool {
	if e.at == nil {
		return agree(n, grad, e.gradient(n, v, target))
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
