// Package cause finds the mistakes in a wrong gradient of an LSTM. Diagnose says where the gradient goes wrong first, and
// why. Causes finds the smallest set of mistakes that gives exactly the numbers of a program, also from the gradients of
// the parameters alone. Where no known mistake does, it names the lines that do not hold.
package cause

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"lstm/check"
	"lstm/check/chain"
	"lstm/check/mistake"
	"lstm/check/pass"
	"lstm/check/scalar"
)

// A Diagnosis says where a gradient is wrong, and why.
type Diagnosis struct {
	scalar.Place
	Causes []check.Cause   // the mistakes that together give these numbers; empty if no known mistakes do. Kind is the exhibit's name
	Others [][]check.Cause // other mistakes, no more of them, that give the same numbers at this point
}

// Diagnose looks at a gradient of the loss of v and target, in the order of n.Blocks. grad and wrong are as in
// scalar.Locate, which finds the place. To find the cause, Diagnose computes the gradient with the mistakes of
// the museum and with their relatives. It returns the smallest set of mistakes that gives the same numbers.
func Diagnose(n scalar.Net, v, target, grad []float64, wrong func(i int) bool) *Diagnosis {
	d := &Diagnosis{Place: scalar.Locate(n, grad, wrong)}
	if d.Step < 0 && len(d.Blocks) == 0 {
		return d
	}
	for _, e := range mistake.Exhibits {
		if e.Entry != nil && e.Measures(n, v, target, grad) {
			d.Causes = append(d.Causes, causeOf(e, known(grad), 1))
			return d
		}
		if (e.From != nil || e.See != "" && e.Task == nil) && scalar.Same(n, grad, e.Gradient(n, v, target)) {
			d.Causes = append(d.Causes, causeOf(e, known(grad), 1))
			return d
		}
	}
	d.Causes, d.Others = Causes(pass.New(pass.Standard(n), v, target), Arrays(n, grad))
	return d
}

// Arrays returns the blocks of a gradient. All digits are right.
func Arrays(n scalar.Net, grad []float64) (all []chain.Array) {
	for _, b := range n.Blocks() {
		a := chain.Array{Name: b.Name, Shape: []int{(b.To - b.From) / b.Cols, b.Cols}, Value: grad[b.From:b.To], Bar: make([]float64, b.To-b.From)}
		for i := b.From; i < b.To; i++ {
			a.Of = append(a.Of, []chain.Term{{Index: i, Times: 1}})
		}
		all = append(all, a)
	}
	return all
}

// known returns how many numbers are known.
func known(grad []float64) (n int) {
	for _, g := range grad {
		if !math.IsNaN(g) {
			n++
		}
	}
	return n
}

// The work of a diagnosis, and of its parts. All of it takes about three seconds.
const (
	workOfAll    = 2e8
	workOfPairs  = 6e7
	workOfSums   = 2e7
	workOfLines  = 5e7
	workOfSolved = 2e9 // besides, if the parameters determine dz
)

// Causes returns the mistakes that together give the numbers of a wrong backward pass, and other sets of
// mistakes that do. It returns nothing if no known mistakes do.
func Causes(p *pass.Point, arrays []chain.Array) (causes []check.Cause, others [][]check.Cause) {
	numbers, infinite, zeros := 0, 0, 0
	for _, a := range arrays {
		numbers += known(a.Value)
		for _, v := range a.Value {
			switch {
			case math.IsInf(v, 0):
				infinite++
			case v == 0:
				zeros++
			}
		}
	}
	if infinite > 0 {
		return []check.Cause{{Observed: fmt.Sprintf("%d of %d numbers are NaN or Inf", infinite, numbers),
			Likely: "a division by zero, or a number that is too large", Line: "the first line on the way back whose result is not finite"}}, nil
	}
	if zeros == numbers {
		return []check.Cause{{Observed: fmt.Sprintf("all %d numbers are zero", numbers), Likely: "the gradient is never computed, or is cleared after it was computed"}}, nil
	}
	all := &work{left: workOfAll}
	s := newSearch(p, arrays, nil, func(*pass.Lines) {}, all.part(workOfPairs))
	if s.done() {
		return []check.Cause{{Observed: fmt.Sprintf("all %d numbers are right for a correct LSTM", numbers),
			Likely: "the loss is another one: it has an extra factor or term, or its forward pass differs",
			Line:   "L = Σ_t 1/O Σ_n (y_n − target_n)², or −Σ_t Σ_n target_n ln p_n"}}, nil
	}
	if s.run(1); len(s.found) == 0 {
		if e, rest, ok := explain(p, arrays, nil, all); ok {
			return e.with(rest, p, arrays, numbers), nil
		}
		if causes, others = alone(p, arrays); len(causes) > 0 {
			s.work = all.part(workOfSums)
		}
		if s.run(2); len(s.found) == 0 && len(causes) > 0 {
			return causes, others
		}
	}
	if len(s.found) == 0 {
		e, rest, ok := s.solved(arrays)
		if !ok || len(rest) > 0 {
			s.work = all
			s.run(3)
		}
		if ok && len(s.found) == 0 {
			return s.exact(e, rest).with(rest, p, arrays, numbers), nil
		}
	}
	causes, others = nil, nil
	for k, e := range s.found {
		set := s.exact(e, nil).causes(p, arrays, numbers)
		if k == 0 {
			causes = set
		} else {
			others = append(others, set)
		}
	}
	return causes, others
}

// alone returns the line that is wrong, if one line alone explains the numbers, and other such lines.
func alone(p *pass.Point, arrays []chain.Array) (causes []check.Cause, others [][]check.Cause) {
	for k, way := range chain.Alone(p, arrays) {
		var set []check.Cause
		for _, f := range way {
			set = append(set, f.Cause())
		}
		if k == 0 {
			causes = set
		} else {
			others = append(others, set)
		}
	}
	return causes, others
}

// with returns the causes of an explanation, and of the lines that it leaves unexplained.
func (e Explanation) with(rest []chain.Fault, p *pass.Point, arrays []chain.Array, numbers int) []check.Cause {
	causes := e.causes(p, arrays, numbers)
	for _, f := range rest {
		causes = append(causes, f.Cause())
	}
	return causes
}

// explain names the mistakes in the lines that do not hold, if every dz is known. base has mistakes that are known
// already: they have made dy. rest has the lines for which it knows no mistake. If the program does not give dy, the dy of
// each known mistake is tried that makes more lines hold.
func explain(p *pass.Point, arrays []chain.Array, base []*mistake.Exhibit, w *work) (best Explanation, rest []chain.Fault, known bool) {
	best, rest, known = explainDY(p, arrays, base, w)
	if !known || len(base) > 0 || givesDY(p, arrays) || len(rest) == 0 && best.Cost() < 2 {
		return best, rest, known
	}
	for _, h := range likelyDY(p, arrays, w) {
		e, faults, ok := explainDY(p, h.arrays, h.base, w)
		if ok && (len(faults) < len(rest) || len(faults) == len(rest) && e.Cost() < best.Cost()) {
			best, rest = e, faults
		}
	}
	return best, rest, known
}

// explainDY is explain for the dy that is right or given.
func explainDY(p *pass.Point, arrays []chain.Array, base []*mistake.Exhibit, w *work) (best Explanation, rest []chain.Fault, known bool) {
	better := func(e Explanation, faults []chain.Fault) {
		if !known || len(faults) < len(rest) || len(faults) == len(rest) && e.Cost() < best.Cost() {
			best, rest, known = e, faults, true
		}
	}
	ways := named(p, arrays, base, w)
	for _, c := range ways[:min(len(ways), 3)] {
		e := Explanation{}
		sums, scale, faults := c.sums(arrays, c.mistakes)
		e.Mistakes, e.Scale = append(slices.Clip(c.mistakes), sums...), scale
		better(e, append(c.rest, faults...))
	}
	defer func() { best = needed(p, arrays, best, len(rest), w) }()
	if len(ways) > 0 && ways[0].Broken() < 3 || len(rest) == 0 && best.Cost() <= 3 {
		return best, rest, known
	}
	if c, ok := chain.Read(p, arrays); ok {
		if mistakes, ok := follow(c, w.part(w.left/4)); ok {
			mistakes = append(slices.Clip(base), mistakes...)
			e := Explanation{Mistakes: mistakes}
			n := newNamer(c, w.part(workOfSums))
			n.setStates(mistakes)
			n.Judge(arrays)
			sums, scale, faults := n.sums(arrays, mistakes)
			e.Mistakes, e.Scale = append(slices.Clip(mistakes), sums...), scale
			better(e, faults)
		}
	}
	return best, rest, known
}

// A way is a chain whose lines are named.
type way struct {
	*namer
	mistakes []*mistake.Exhibit
	rest     []chain.Fault // the lines that no mistake explains, but for the sums
}

// named returns the chains with the fewest lines that do not hold, those that known mistakes explain best first.
func named(p *pass.Point, arrays []chain.Array, base []*mistake.Exhibit, w *work) (all []way) {
	w = w.part(workOfLines)
	for _, c := range chain.Find(p, arrays) {
		if len(all) > 0 && w.left <= 0 {
			break
		}
		n := newNamer(c, w)
		mistakes, rest := n.name(base)
		all = append(all, way{n, mistakes, rest})
	}
	slices.SortStableFunc(all, func(a, b way) int {
		return cmp.Or(cmp.Compare(len(a.rest), len(b.rest)), cmp.Compare(len(a.mistakes), len(b.mistakes)))
	})
	return all
}

// needed drops mistakes without which the others explain as much.
func needed(p *pass.Point, arrays []chain.Array, e Explanation, unexplained int, w *work) Explanation {
	for k := len(e.Mistakes) - 1; k >= 0 && unexplained == 0; k-- {
		fewer := slices.Delete(slices.Clone(e.Mistakes), k, k+1)
		s := newSearch(p, arrays, fewer, func(*pass.Lines) {}, w)
		if s.fits(s.Compare(e.Scale.Apply(p, s.truth), nil)) {
			e.Mistakes = fewer
		}
	}
	return e
}

// causes returns the causes of an explanation, one for each mistake.
func (e Explanation) causes(p *pass.Point, arrays []chain.Array, numbers int) (all []check.Cause) {
	var scale []check.Cause
	if e.Scale != nil {
		scale = e.Scale.Causes(p, arrays, len(e.Mistakes) == 0)
	}
	for _, m := range e.Mistakes {
		all = append(all, causeOf(m, numbers, len(e.Mistakes)+len(scale)))
	}
	return append(all, scale...)
}

func causeOf(e *mistake.Exhibit, numbers, mistakes int) check.Cause {
	these := "this one line wrong"
	if mistakes > 1 {
		these = fmt.Sprintf("these %d mistakes", mistakes)
	}
	return check.Cause{Kind: e.Name, Observed: fmt.Sprintf("with %s, all %d numbers come out exactly as yours did", these, numbers),
		Likely: e.What, Line: e.Wrong + "   →   " + e.Right}
}

// Write writes the wrong blocks, the place and the causes, each on one line.
func (d *Diagnosis) Write(w io.Writer) {
	line := func(name, text string) { fmt.Fprintf(w, "  %-6s %s\n", name, text) }
	var blocks []string
	for _, b := range d.Blocks {
		blocks = append(blocks, fmt.Sprintf("%s %d/%d", b.Name, b.Wrong, b.Total))
	}
	if len(blocks) > 0 {
		line("blocks", strings.Join(blocks, " "))
	}
	line("where", d.Where()+": "+d.Known())
	for k, c := range d.Causes {
		if k == 0 || c.Observed != d.Causes[k-1].Observed {
			line("seen", c.Observed)
		}
		line("cause", c.Likely)
		line("line", c.Line)
	}
	for _, set := range d.Others {
		for k, c := range set {
			line([]string{"or", "and"}[min(k, 1)], c.Likely+": "+c.Line)
		}
	}
	if len(d.Causes) == 0 {
		line("cause", "not known: no mistake of the museum gives these numbers")
	}
}
