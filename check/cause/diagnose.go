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
	"lstm/check/cause/plain"
	"lstm/check/cause/search"
	"lstm/check/chain"
	"lstm/check/chain/seen"
	"lstm/check/mistake"
	"lstm/check/pass"
	"lstm/check/scalar"
)

// A Diagnosis says where a gradient is wrong, and why.
type Diagnosis struct {
	scalar.Place
	Forward string          // the place in the forward pass or the loss, if they are wrong
	Causes  []check.Cause   // the mistakes that together give these numbers; empty if no known mistakes do. Kind is the exhibit's name
	Others  [][]check.Cause // other mistakes, no more of them, that give the same numbers at this point
}

// Diagnose looks at a gradient of the loss of v and target, in the order of n.Blocks. grad and wrong are as in
// scalar.Locate, which finds the place. To find the cause, Diagnose computes the gradient with the mistakes of
// the museum and with their relatives. It returns the smallest set of mistakes that gives the same numbers.
func Diagnose(n scalar.Net, v, target, grad []float64, wrong func(i int) bool) *Diagnosis {
	return diagnose(n, v, target, grad, wrong, nil)
}

// diagnose is Diagnose. progress is as for Causes.
func diagnose(n scalar.Net, v, target, grad []float64, wrong func(i int) bool, progress func(done, total int)) *Diagnosis {
	d := &Diagnosis{Place: scalar.Locate(n, grad, wrong)}
	if d.Step < 0 && len(d.Blocks) == 0 {
		return d
	}
	for _, e := range mistake.Exhibits {
		if e.Entry != nil && measures(e, n, v, target, grad) {
			d.Causes = append(d.Causes, causeOf(e, known(grad), 1))
			return d
		}
		if (e.From != nil || e.See != "" && e.Task == nil) && scalar.Same(n, grad, e.Gradient(n, v, target)) {
			d.Causes = append(d.Causes, causeOf(e, known(grad), 1))
			return d
		}
	}
	p, arrays := pass.New(pass.Standard(n), v, target), Arrays(n, grad)
	d.Causes, d.Others = Causes(p, arrays, progress)
	if len(d.Causes) == 0 && Right(p, arrays) {
		d.Causes = []check.Cause{{Observed: fmt.Sprintf("all %d numbers are right for a correct LSTM", known(grad)),
			Likely: "the loss is another one: it has an extra factor or term, or its forward pass differs",
			Line:   "L = Σ_t 1/O Σ_n (y_n − target_n)², or −Σ_t Σ_n target_n ln p_n"}}
	}
	return d
}

// measures reports whether the difference quotients of a wrong check equal the numbers of grad. It computes
// the quotients one by one, and stops at the first difference.
func measures(e *mistake.Exhibit, n scalar.Net, v, target, grad []float64) bool {
	for i, g := range grad {
		if !math.IsNaN(g) {
			if d := e.Entry(n, v, target, i); !(math.Abs(g-d) <= 1e-9*math.Abs(d)) {
				return false
			}
		}
	}
	return true
}

// Right reports whether all numbers of a program are those of the right backward pass, to a billionth of the largest.
func Right(p *pass.Point, arrays []chain.Array) bool {
	return !slices.Contains(seen.See(p, arrays).Compare(p.Backward(pass.Right()), nil), true)
}

// Arrays returns the blocks of a gradient. All digits are right. NaN stands for a number that is not known.
func Arrays(n scalar.Net, grad []float64) (all []chain.Array) {
	for _, b := range n.Blocks() {
		a := chain.Array{Name: b.Name, Shape: []int{(b.To - b.From) / b.Cols, b.Cols}, Value: grad[b.From:b.To], Bar: make([]float64, b.To-b.From)}
		for i := b.From; i < b.To; i++ {
			a.Of = append(a.Of, []chain.Term{{Index: i, Times: 1}})
			if math.IsNaN(grad[i]) {
				a.Bar[i-b.From] = math.Inf(1)
			}
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

// The work of a diagnosis, and of its parts.
const (
	workOfAll     = 1e10 // about ten seconds
	workOfSingles = 6e9
	workOfPairs   = 7.5e8
	workOfTriples = 2.5e9
	workOfSums    = 2.5e8
	workOfLines   = 6e8
	workOfSolved  = 6e9
)

// Causes returns the mistakes that together give the numbers of a wrong backward pass, and other sets of
// mistakes that do. It returns nothing if no known mistakes do, or if all numbers are right. NaN and Inf are a cause of their
// own: the others are those of the finite numbers. progress is called now and then; it may be nil.
func Causes(p *pass.Point, arrays []chain.Array, progress func(done, total int)) (causes []check.Cause, others [][]check.Cause) {
	if rest, bad := finite(arrays); bad != nil {
		causes, others = Causes(p, rest, progress)
		for k := range others {
			others[k] = append([]check.Cause{*bad}, others[k]...)
		}
		return append([]check.Cause{*bad}, causes...), others
	}
	if Right(p, arrays) {
		return nil, nil
	}
	numbers := 0
	for _, a := range arrays {
		numbers += known(a.Value)
	}
	if c, ok := simple(p, arrays, numbers); ok {
		return []check.Cause{c}, nil
	}
	if c, ok := plain.Penalty(p, arrays, numbers); ok {
		return []check.Cause{c}, nil
	}
	all := search.NewWork(workOfAll, progress)
	if c, ok := plain.Clipped(p, arrays, numbers, all); ok {
		return []check.Cause{c}, nil
	}
	s := search.New(p, arrays, nil, func(*pass.Lines) {}, all.Part(workOfSingles))
	found, rest, causes, others := find(s, p, arrays, all)
	if len(found) == 0 {
		return causes, others
	}
	s.Work = all.Part(workOfSums)
	best := explanation{found[0]}
	if len(rest) == 0 {
		if best = exact(s, best); len(best.Mistakes) > 2 {
			best = explanation{s.Fewer(best.Explanation)}
		}
		if len(found) == 1 || best.Cost() < found[0].Cost() {
			found = append([]search.Explanation{best.Explanation}, s.Like(best.Explanation)...)
		}
	}
	for _, e := range s.Once(found)[1:] {
		others = append(others, exact(s, explanation{e}).causes(p, arrays, numbers))
	}
	return best.with(rest, p, arrays, numbers), others
}

// find returns the smallest sets of mistakes that explain the numbers, and the lines that they leave unexplained. If it
// finds none, it returns the line that is wrong in an unknown way, and other such lines, if one line alone is wrong.
func find(s *search.Search, p *pass.Point, arrays []chain.Array, all *search.Work) (found []search.Explanation, rest []chain.Fault, causes []check.Cause, others [][]check.Cause) {
	if s.Run(1); len(s.Found) > 0 {
		return s.Found, nil, nil, nil
	}
	if e, rest, ok := explain(p, arrays, nil, all); ok {
		return []search.Explanation{e.Explanation}, rest, nil, nil
	}
	s.Work = all.Part(workOfPairs)
	if causes, others = alone(p, arrays); len(causes) > 0 {
		s.Work = all.Part(workOfSums)
	}
	if s.Run(2); len(s.Found) > 0 || len(causes) > 0 {
		return s.Found, nil, causes, others
	}
	e, rest, ok := solved(s, arrays, all.Part(workOfSolved))
	if ok && len(rest) == 0 {
		return []search.Explanation{e.Explanation}, nil, nil, nil
	}
	s.Work = all.Part(workOfTriples)
	if s.Run(3); len(s.Found) == 0 && ok {
		return []search.Explanation{e.Explanation}, rest, nil, nil
	}
	return s.Found, nil, nil, nil
}

// Tries returns how many of the known mistakes Causes tries alone, and how many there are. It does not try all of them for a
// file that is very large.
func Tries(p *pass.Point) (tried, all int) {
	w := search.NewWork(workOfSingles, nil)
	for all = len(mistake.All(p.Net)); tried < all && w.DoPass(p); tried++ {
	}
	return tried, all
}

// alone returns the line that is wrong, if one line alone explains the numbers, and other such lines. If more than three do,
// the numbers do not tell.
func alone(p *pass.Point, arrays []chain.Array) (causes []check.Cause, others [][]check.Cause) {
	ways := chain.Alone(p, arrays)
	if len(ways) > 3 {
		return nil, nil
	}
	for k, way := range ways {
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

// An explanation is one that can say its causes.
type explanation struct{ search.Explanation }

// with returns the causes of an explanation, and of the lines that it leaves unexplained.
func (e explanation) with(rest []chain.Fault, p *pass.Point, arrays []chain.Array, numbers int) []check.Cause {
	causes := e.causes(p, arrays, numbers)
	for k := range causes {
		if len(rest) > 0 && k < len(e.Mistakes) {
			causes[k].Observed = "where this line is judged by itself, the numbers come out exactly as yours did"
		}
	}
	for _, f := range rest {
		causes = append(causes, f.Cause())
	}
	return causes
}

// explain names the mistakes in the lines that do not hold, if every dz is known. base has mistakes that are known
// already: they have made dy. rest has the lines for which it knows no mistake. If the program does not give dy, the dy of
// each known mistake is tried that makes more lines hold.
func explain(p *pass.Point, arrays []chain.Array, base []*mistake.Exhibit, w *search.Work) (best explanation, rest []chain.Fault, known bool) {
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
func explainDY(p *pass.Point, arrays []chain.Array, base []*mistake.Exhibit, w *search.Work) (best explanation, rest []chain.Fault, known bool) {
	better := func(e explanation, faults, lines []chain.Fault) {
		if len(faults) == 0 && !e.fits(p, arrays, w) { // another mistake makes the same dz, or none does
			like := search.New(p, arrays, nil, func(*pass.Lines) {}, w).Like(e.Explanation)
			switch {
			case len(like) > 0:
				e = explanation{like[0]}
			case len(lines) > 0:
				e, faults = explanation{search.Explanation{Mistakes: base}}, lines
			default:
				return
			}
		}
		if !known || len(faults) < len(rest) || len(faults) == len(rest) && e.Cost() < best.Cost() {
			best, rest, known = e, faults, true
		}
	}
	ways := named(p, arrays, base, w)
	for _, c := range ways[:min(len(ways), 3)] {
		e := explanation{}
		sums, scale, faults := c.sums(arrays, c.mistakes)
		e.Mistakes, e.Scale = append(slices.Clip(c.mistakes), sums...), scale
		better(e, append(c.rest, faults...), c.Faults)
	}
	defer func() { best = needed(p, arrays, best, len(rest), w) }()
	if len(ways) > 0 && ways[0].Broken() < 3 || len(rest) == 0 && best.Cost() <= 3 {
		return best, rest, known
	}
	if c, ok := chain.Read(p, arrays); ok {
		if mistakes, ok := follow(c, w.Part(w.Left()/4)); ok {
			mistakes = append(slices.Clip(base), mistakes...)
			e := explanation{search.Explanation{Mistakes: mistakes}}
			n := newNamer(c, w.Part(workOfSums))
			n.setStates(mistakes)
			n.Judge(arrays)
			sums, scale, faults := n.sums(arrays, mistakes)
			e.Mistakes, e.Scale = append(slices.Clip(mistakes), sums...), scale
			better(e, faults, nil)
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
func named(p *pass.Point, arrays []chain.Array, base []*mistake.Exhibit, w *search.Work) (all []way) {
	w = w.Part(workOfLines)
	for _, c := range chain.Find(p, arrays) {
		if len(all) > 0 && w.Left() <= 0 {
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
func needed(p *pass.Point, arrays []chain.Array, e explanation, unexplained int, w *search.Work) explanation {
	for k := len(e.Mistakes) - 1; k >= 0 && unexplained == 0; k-- {
		fewer := slices.Delete(slices.Clone(e.Mistakes), k, k+1)
		if (explanation{search.Explanation{Mistakes: fewer, Scale: e.Scale}}).fits(p, arrays, w) {
			e.Mistakes = fewer
		}
	}
	return e
}

// fits reports whether the explanation gives the numbers of the program.
func (e explanation) fits(p *pass.Point, arrays []chain.Array, w *search.Work) bool {
	s := search.New(p, arrays, e.Mistakes, func(*pass.Lines) {}, w)
	w.DoPass(p)
	return s.Fits(e.Scale.Apply(p, s.Truth))
}

// causes returns the causes of an explanation, one for each mistake.
func (e explanation) causes(p *pass.Point, arrays []chain.Array, numbers int) (all []check.Cause) {
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
	return check.Cause{Kind: e.Name, ID: e.ID(), Observed: fmt.Sprintf("with %s, all %d numbers come out exactly as yours did", these, numbers),
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
	if d.Forward != "" {
		line("where", d.Forward)
	} else {
		line("where", d.Where()+": "+d.Known())
	}
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
