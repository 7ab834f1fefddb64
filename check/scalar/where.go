package scalar

import (
	"fmt"
	"math"
	"strings"
)

// A Place says where a gradient is wrong.
type Place struct {
	// The first wrong dz on the way back: last step first, and in each step the gates in the order o,
	// i, f, g, because dz_o needs the fewest other numbers. Step is −1 if no dz is wrong.
	Step, Gate, Unit int

	Unknown int     // the number of unknown dz on this way, up to the first wrong dz
	Steps   int     // the steps of the sequence
	Blocks  []Count // the blocks with wrong entries, except z
}

// A Count is a block, with the number of its wrong entries.
type Count struct {
	Name         string // the name of the block
	Wrong, Total int    // its wrong entries, and all entries
}

// Locate finds where a gradient, n.Len() numbers, is wrong. NaN marks an unknown entry. A known entry that is
// not finite must be Inf. wrong reports whether the measurement shows an entry to be wrong. Locate calls it for
// every known entry of the parameters, the state and the inputs. For dz it starts at the last step, and stops
// at the first wrong dz.
func Locate(n Net, grad []float64, wrong func(i int) bool) Place {
	p := Place{Step: -1, Steps: n.T}
	for _, b := range n.Blocks() {
		c := Count{Name: b.Name, Total: b.To - b.From}
		for i := b.From; i < b.To && b.Name != "z"; i++ {
			if !math.IsNaN(grad[i]) && wrong(i) {
				c.Wrong++
			}
		}
		if c.Wrong > 0 {
			p.Blocks = append(p.Blocks, c)
		}
	}
	for t := n.T - 1; t >= 0; t-- {
		for _, gate := range []int{O, I, F, G} {
			for j := range n.H {
				if i := n.Z(t, gate, j); math.IsNaN(grad[i]) {
					p.Unknown++
				} else if wrong(i) {
					p.Step, p.Gate, p.Unit = t, gate, j
					return p
				}
			}
		}
	}
	return p
}

// Where returns the place in words: the first wrong dz, or, if no dz is wrong, the wrong blocks.
func (p Place) Where() string {
	switch {
	case p.Step >= 0:
		return fmt.Sprintf("step t%d of t0 to t%d, gate %c, unit %d", p.Step, p.Steps-1, Gates[p.Gate], p.Unit)
	case len(p.Blocks) > 0 && p.Unknown > 0:
		return p.names()
	case len(p.Blocks) > 0:
		return "the sums for " + p.names()
	}
	return "nowhere"
}

// Known says in words how much of dz is known.
func (p Place) Known() string {
	switch {
	case p.Step >= 0 && p.Unknown > 0:
		return fmt.Sprintf("the first known dz that is wrong; on the way back to it, %d dz are not known", p.Unknown)
	case p.Step >= 0:
		return "the first wrong dz on the way back"
	case p.Unknown > 0:
		return fmt.Sprintf("%d dz are not known, so the step and the gate are unknown", p.Unknown)
	}
	return "no dz is wrong"
}

// Short returns the place in two words. "2nd f" is the forget gate at the last step but one. "W by"
// stands for the blocks Wi Wf Wo Wg by.
func (p Place) Short() string {
	nth := []string{"last", "2nd", "3rd"}
	switch k := p.Steps - 1 - p.Step; {
	case p.Step >= 0 && k < len(nth):
		return fmt.Sprintf("%s %c", nth[k], Gates[p.Gate])
	case p.Step >= 0:
		return fmt.Sprintf("t%d %c", p.Step, Gates[p.Gate])
	case len(p.Blocks) > 0:
		return strings.NewReplacer("Wi Wf Wo Wg", "W", "bi bf bo bg", "b").Replace(p.names())
	}
	return "nowhere"
}

func (p Place) names() string {
	var names []string
	for _, b := range p.Blocks {
		names = append(names, b.Name)
	}
	return strings.Join(names, " ")
}

// Same reports whether two gradients are the same: no two entries differ by more than a billionth of the
// largest entry of their block. Same ignores an entry of a that is NaN. An entry of a that is Inf is never the
// same.
func Same(n Net, a, b []float64) bool {
	for _, block := range n.Blocks() {
		largest, off := 0.0, 0.0
		for i := block.From; i < block.To; i++ {
			if !math.IsNaN(a[i]) {
				largest = max(largest, math.Abs(a[i]))
				off = max(off, math.Abs(a[i]-b[i]))
			}
		}
		if !(off <= 1e-9*largest) || math.IsInf(off, 0) {
			return false
		}
	}
	return true
}
