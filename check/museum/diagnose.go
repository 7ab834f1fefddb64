package museum

import (
	"fmt"
	"io"
	"math"
	"strings"

	"lstm/check"
	"lstm/check/scalar"
)

// A Diagnosis says where a gradient is wrong, and why.
type Diagnosis struct {
	scalar.Place
	Causes []check.Cause // the likeliest first; none if no known mistake gives these numbers. Kind is the exhibit's name
}

// Diagnose looks at a gradient of the loss of v and target, in the order of n.Blocks. grad and wrong are
// those of scalar.Locate, which finds the place. For the cause, Diagnose computes the gradient with
// every mistake of the museum and its relatives, and returns those that give the same numbers.
func Diagnose(n scalar.Net, v, target, grad []float64, wrong func(i int) bool) *Diagnosis {
	d := &Diagnosis{Place: scalar.Locate(n, grad, wrong)}
	if d.Step >= 0 || len(d.Blocks) > 0 {
		d.Causes = causes(n, v, target, grad)
	}
	return d
}

// causes returns the mistakes that give the numbers of grad.
func causes(n scalar.Net, v, target, grad []float64) (causes []check.Cause) {
	numbers := 0
	for _, g := range grad {
		if !math.IsNaN(g) {
			numbers++
		}
	}
	_, truth := scalar.Backward(n, v, target)
	if scalar.Same(n, grad, truth) {
		return []check.Cause{{Observed: fmt.Sprintf("all %d numbers are those of a correct LSTM", numbers),
			Likely: "the loss is another one: it has a factor or a term more, or its forward pass differs",
			Line:   "L = Σ_t 1/O Σ_n (y_n − target_n)², or −Σ_t Σ_n target_n ln p_n"}}
	}
	exactly := fmt.Sprintf("with this one line wrong, all %d numbers come out exactly as these did", numbers)
	for _, e := range Exhibits {
		switch {
		case e.See != "" || e.refuse != nil:
		case e.at != nil && e.measures(n, v, target, grad), e.at == nil && scalar.Same(n, grad, e.Gradient(n, v, target)):
			causes = append(causes, check.Cause{Kind: e.Name, Observed: exactly, Likely: e.What, Line: e.Wrong + "   →   " + e.Right})
		}
	}
	for _, e := range kin(n) {
		if causes == nil && scalar.Same(n, grad, e.Gradient(n, v, target)) {
			causes = []check.Cause{{Observed: exactly, Likely: e.What, Line: e.Right}}
		}
	}
	if k, ok := check.Multiple(grad, truth, 1e-9); ok && k != 0 && causes == nil {
		for i := range truth {
			truth[i] *= k
		}
		if scalar.Same(n, grad, truth) {
			causes = []check.Cause{{Observed: fmt.Sprintf("every number is %.6g times what it should be", k),
				Likely: "the loss has a constant factor that its derivative lacks, or the other way round", Line: "dy = 2*(y - target) / O"}}
		}
	}
	return causes
}

// measures reports whether the difference quotients of a wrong check are the numbers of grad. It computes
// them one by one, up to the first that differs.
func (e *Exhibit) measures(n scalar.Net, v, target, grad []float64) bool {
	for i, g := range grad {
		if !math.IsNaN(g) {
			if d := e.at(n, v, target, i); math.Abs(g-d) > 1e-9*math.Abs(d) {
				return false
			}
		}
	}
	return true
}

// Write writes the blocks that are wrong, the place and the causes, one to a line.
func (d *Diagnosis) Write(w io.Writer) {
	line := func(name, text string) { fmt.Fprintf(w, "  %-6s %s\n", name, text) }
	var blocks []string
	for _, b := range d.Blocks {
		blocks = append(blocks, fmt.Sprintf("%s %d/%d", b.Name, b.Wrong, b.Total))
	}
	line("blocks", strings.Join(blocks, " "))
	which := ": no dz is wrong"
	if d.Step >= 0 {
		which = ": the first wrong dz on the way back"
	}
	line("where", d.Where()+which)
	for _, c := range d.Causes {
		line("seen", c.Observed)
		line("cause", c.Likely)
		line("line", c.Line)
	}
	if len(d.Causes) == 0 {
		line("cause", "not known: no mistake of the museum gives these numbers")
	}
}
