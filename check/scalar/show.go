package scalar

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"strings"

	"lstm/check"
)

// A Point is a network, everything it depends on, and the numerical derivative of its loss
// with respect to each of these.
type Point struct {
	Net
	V, Target []float64     // what the loss depends on, as Net has it, and the targets (M,O)
	Loss      float64       // at V
	Measured  []check.Entry // of V, with Analytic from Backward
}

// Measure checks Backward at v, and keeps what was measured.
func Measure(n Net, v, target []float64) (*Point, error) {
	p := &Point{Net: n, V: v, Target: target}
	loss, grad := Backward(n, v, target)
	p.Loss = loss
	var params []check.Param
	for _, b := range n.Blocks() {
		params = append(params, check.Param{
			Name: b.Name, Value: v[b.From:b.To], Grad: grad[b.From:b.To],
			Entry: func(i int) string { return n.Name(b.From + i) },
		})
	}
	results, err := check.Gradients(func() float64 { return Forward(n, v, target).Loss }, params, check.Options{Loss: loss})
	for _, r := range results {
		p.Measured = append(p.Measured, r.Entries...)
	}
	return p, err
}

// Wrong reports whether entry i of a gradient is further from the measured one than the
// tolerance, relative to the larger of the two, and its error bar allow.
func (p *Point) Wrong(grad []float64, i int, tolerance float64) bool {
	m := p.Measured[i]
	return math.Abs(grad[i]-m.Numeric) > tolerance*max(math.Abs(grad[i]), math.Abs(m.Numeric))+m.Bar
}

// FairPoint returns a point where every mistake shows: two of everything at least, four
// steps or more, a state that is not zero and weights that matter.
func FairPoint(rng *rand.Rand) (n Net, v, target []float64) {
	n = Net{X: 2 + rng.IntN(2), H: 2 + rng.IntN(2), O: 2 + rng.IntN(2), T: 4 + rng.IntN(3)}
	return n, draw(rng, n, 0.8), targets(rng, n)
}

func draw(rng *rand.Rand, n Net, deviation float64) []float64 {
	v := make([]float64, n.Len())
	for i := range n.Z(0, 0, 0) {
		v[i] = deviation * rng.NormFloat64()
	}
	return v
}

func targets(rng *rand.Rand, n Net) []float64 {
	target := make([]float64, n.T*n.O)
	for i := range target {
		target[i] = rng.NormFloat64()
	}
	return target
}

// Weak lists checks that people make and that see less, each a letter and what it is.
var Weak = []struct {
	Letter byte
	What   string
	point  func(rng *rand.Rand) (n Net, v, target []float64)
	tol    float64 // as check has it; above that, of the largest of the block; below 0, absolute
}{
	{'1', "of one step from the zero state", func(rng *rand.Rand) (Net, []float64, []float64) {
		n := Net{X: 2, H: 3, O: 2, T: 1}
		v := draw(rng, n, 0.8)
		clear(v[n.H0(0):n.C0(n.H)])
		return n, v, targets(rng, n)
	}, check.Tolerance},
	{'w', "with weights near 1e-4, the zero state, and errors below 1e-6 passed over", func(rng *rand.Rand) (Net, []float64, []float64) {
		n := Net{X: 2, H: 3, O: 2, T: 5}
		v := draw(rng, n, 1e-4)
		for i := n.In(0, 0); i < n.Z(0, 0, 0); i++ {
			v[i] = rng.NormFloat64()
		}
		clear(v[n.H0(0):n.C0(n.H)])
		return n, v, targets(rng, n)
	}, -1e-6},
	{'o', "with one output", func(rng *rand.Rand) (Net, []float64, []float64) {
		n := Net{X: 2, H: 3, O: 1, T: 5}
		return n, draw(rng, n, 0.8), targets(rng, n)
	}, check.Tolerance},
	{'t', "with a tolerance of 1e-2 of the largest entry of the block", func(rng *rand.Rand) (Net, []float64, []float64) {
		n := Net{X: 2, H: 3, O: 2, T: 5}
		return n, draw(rng, n, 0.8), targets(rng, n)
	}, 1e-2},
}

// A museum is the points at which the exhibits are shown.
type museum struct {
	fair *Point
	weak []*Point
}

func open() (*museum, error) {
	rng := rand.New(rand.NewPCG(1997, 8))
	m := &museum{}
	var err error
	if m.fair, err = Measure(FairPoint(rng)); err != nil {
		return nil, err
	}
	for _, w := range Weak {
		p, err := Measure(w.point(rng))
		if err != nil {
			return nil, err
		}
		m.weak = append(m.weak, p)
	}
	return m, nil
}

// A Finding is how an exhibit behaves.
type Finding struct {
	Wrong, Total int        // entries of the parameters, the state and the inputs
	Diagnosis    *Diagnosis // where Gradient goes wrong, and why
	Before       float64    // the loss of a sequence
	After        float64    // and after training on it with the mistake
	Weak         string     // the weaker checks that the mistake passes
	Refused      error      // why the check could not be made
	Sees         bool       // what is said to see an unseen mistake does
}

func (m *museum) look(e *Exhibit) *Finding {
	f := &Finding{}
	p := m.fair
	if e.refuse != nil {
		f.Refused = e.refuse(p)
		f.train(e)
		f.Diagnosis = &Diagnosis{Step: -1, net: p.Net}
		return f
	}
	target := p.Target
	grad := e.Gradient(p.Net, p.V, target)
	wrong := func(i int) bool { return p.Wrong(grad, i, check.Tolerance) }
	if e.See != "" { // its gradient is held against its own loss, and something else sees it
		own := e.own(p)
		f.Sees = e.sees(p)
		wrong = func(i int) bool { return own.Wrong(grad, i, check.Tolerance) }
		grad = e.Gradient(p.Net, p.V, own.Target)
	}
	f.Diagnosis = Diagnose(p.Net, p.V, target, grad, wrong)
	for _, b := range f.Diagnosis.Blocks {
		f.Wrong += b.Wrong
	}
	f.Total = p.Z(0, 0, 0)
	for k, w := range Weak {
		p := m.weak[k]
		grad := e.Gradient(p.Net, p.V, p.Target)
		passes := true
		for _, b := range p.Blocks() {
			largest := 0.0
			for i := b.From; i < b.To; i++ {
				largest = max(largest, math.Abs(p.Measured[i].Numeric))
			}
			for i := b.From; i < min(b.To, p.Params()); i++ {
				switch {
				case w.tol < 0:
					passes = passes && math.Abs(grad[i]-p.Measured[i].Numeric) <= -w.tol
				case w.tol > check.Tolerance:
					passes = passes && math.Abs(grad[i]-p.Measured[i].Numeric) <= w.tol*largest
				default:
					passes = passes && !p.Wrong(grad, i, w.tol)
				}
			}
		}
		if passes && e.See == "" {
			f.Weak += string(w.Letter)
		}
	}
	f.train(e)
	return f
}

// A Training is what became of a small network that was fitted to a sequence.
type Training struct {
	Net
	V, Target []float64 // in the end; (T,O)
	Losses    []float64 // before each step, and after the last
}

// Train fits a small network to a sequence by 60 steps down what somebody with the mistake
// takes for the gradient. The zero Exhibit makes none.
func (e *Exhibit) Train() *Training {
	rng := rand.New(rand.NewPCG(5, 22))
	n := Net{X: 1, H: 3, O: 2, T: 8}
	v, target := draw(rng, n, 0.5), make([]float64, n.T*n.O)
	for t := range n.T {
		v[n.In(t, 0)] = math.Sin(0.7 * float64(t))
		target[t*n.O], target[t*n.O+1] = math.Sin(0.7*float64(t+1)), math.Cos(0.7*float64(t+1))
	}
	if e.task != nil {
		target = e.task(n, v, target)
	}
	t := &Training{Net: n, V: v, Target: target}
	look := func() { t.Losses = append(t.Losses, e.Forward(n, v, target).Loss) }
	look()
	for range 60 {
		for i, d := range e.Gradient(n, v, target)[:n.Params()] {
			v[i] -= 0.03 * d
		}
		look()
	}
	return t
}

// Forward is what somebody with the mistake has for the forward pass, which most get right.
func (e *Exhibit) Forward(n Net, v, target []float64) *Trace[float64] {
	l := right()
	if e.edit != nil {
		e.edit(l)
	}
	return forward(n, v, target, l.form)
}

// own returns the point measured on the loss that somebody with the mistake computes.
func (e *Exhibit) own(p *Point) *Point {
	q := &Point{Net: p.Net, V: p.V, Target: p.Target}
	if e.task != nil {
		q.Target = e.task(p.Net, p.V, p.Target)
	}
	for i := range p.V {
		results, err := check.Gradients(func() float64 { return e.Forward(q.Net, q.V, q.Target).Loss },
			[]check.Param{{Name: p.Name(i), Value: p.V[i : i+1], Grad: []float64{0}}}, check.Options{})
		if err != nil {
			return p // whose entries will be found wrong
		}
		q.Measured = append(q.Measured, results[0].Entries...)
	}
	return q
}

// sees reports whether the mistake shows where it is said to: to repeat the input leaves no
// loss, or the loss is not that of the reference on the same weights.
func (e *Exhibit) sees(p *Point) bool {
	if e.task != nil {
		target := e.task(p.Net, p.V, p.Target)
		for t := range p.T {
			for o := range p.O {
				if target[t*p.O+o] != p.V[p.In(t, o%p.X)] {
					return false
				}
			}
		}
		return true
	}
	return math.Abs(e.Forward(p.Net, p.V, p.Target).Loss-p.Loss) > 1e-6*p.Loss
}

func (f *Finding) train(e *Exhibit) {
	l := e.Train().Losses
	f.Before, f.After = l[0], l[len(l)-1]
}

// falls reports whether the loss fell by a fifth.
func (f *Finding) falls() bool { return f.After < 0.8*f.Before }

// List writes the names of the exhibits, and what each is.
func List(w io.Writer) {
	for _, e := range Exhibits() {
		fmt.Fprintf(w, "%-15s %s\n", e.Name, e.What)
	}
}

// Known reports whether there is an exhibit of that name.
func Known(name string) bool { return exhibit(name) != nil }

func exhibit(name string) *Exhibit {
	for _, e := range Exhibits() {
		if e.Name == name {
			return e
		}
	}
	return nil
}

// Show writes what there is to know about one exhibit, which must be Known, and reports
// whether it behaves as its label says.
func Show(w io.Writer, name string) (behaves bool, err error) {
	m, err := open()
	if err != nil {
		return false, err
	}
	return m.show(w, exhibit(name)), nil
}

func (m *museum) show(w io.Writer, e *Exhibit) (behaves bool) {
	f := m.look(e)
	n := m.fair.Net
	fmt.Fprintf(w, "%s: %s.\n\n", e.Name, e.What)
	fmt.Fprintf(w, "  wrong  %s\n  right  %s\n\n", e.Wrong, e.Right)
	if e.See != "" {
		fmt.Fprintf(w, "The gradient is right: it is that of the loss that was written. No check of\n"+
			"gradients can see this. What does see it:\n%s.\n", e.See)
	} else if f.Refused != nil {
		fmt.Fprintf(w, "There is no verdict, and the check says why:\n%v\n", f.Refused)
	} else {
		fmt.Fprintf(w, "At a fair point (%d inputs, %d units, %d outputs, %d steps, everything random)\n"+
			"%d of %d entries are wrong", n.X, n.H, n.O, n.T, f.Wrong, f.Total)
		f.Diagnosis.Write(w)
	}
	if f.Refused == nil && !e.OfChecker() {
		fmt.Fprintf(w, "\nTraining down this gradient takes the loss from %.3g to %.3g", f.Before, f.After)
		if f.falls() {
			fmt.Fprintf(w, ": it falls all the same")
		}
		fmt.Fprintf(w, ".\n")
	}
	for _, k := range Weak {
		if strings.IndexByte(f.Weak, k.Letter) >= 0 {
			fmt.Fprintf(w, "It passes a check %s.\n", k.What)
		}
	}
	objections := e.objections(f)
	for _, o := range objections {
		fmt.Fprintf(w, "Not as labelled: %s.\n", o)
	}
	return len(objections) == 0
}

// A Case is an exhibit with all that there is to see of it. If no check of gradients can see it, At
// is measured on the loss of somebody with the mistake.
type Case struct {
	*Exhibit
	Finding *Finding  // how it behaves
	At      *Point    // the fair point, or the same with the mistaken loss
	Grad    []float64 // of At, as somebody with the mistake has it; nil if the check was refused
}

// Look returns an exhibit, which must be Known, as a case.
func Look(name string) (*Case, error) {
	m, err := open()
	if err != nil {
		return nil, err
	}
	e := exhibit(name)
	c := &Case{Exhibit: e, Finding: m.look(e), At: m.fair}
	if e.See != "" {
		c.At = e.own(m.fair)
	}
	if c.Finding.Refused == nil {
		c.Grad = e.Gradient(c.At.Net, c.At.V, c.At.Target)
	}
	return c, nil
}

// OfChecker reports whether the mistake is one of those who check: the gradient is right, and Grad
// is what they measure.
func (e *Exhibit) OfChecker() bool { return e.at != nil || e.from != nil }

// Results returns the verdicts on the parameters, the state and the inputs.
func (c *Case) Results() (results []check.Result) {
	for _, b := range c.At.Blocks() {
		if b.Name == "z" || c.Grad == nil {
			continue
		}
		r := check.Result{Name: b.Name}
		for i := b.From; i < b.To; i++ {
			e := c.At.Measured[i]
			if e.Analytic, e.Name, e.Verdict = c.Grad[i], c.At.Name(i), check.Right; c.At.Wrong(c.Grad, i, check.Tolerance) {
				e.Verdict = check.Wrong
			}
			r.Entries = append(r.Entries, e)
		}
		results = append(results, r)
	}
	return results
}

// Write writes the place and the causes, beginning in the middle of a line.
func (d *Diagnosis) Write(w io.Writer) {
	fmt.Fprintf(w, ":")
	for _, b := range d.Blocks {
		fmt.Fprintf(w, " %s %d/%d", b.Name, b.Wrong, b.Total)
	}
	fmt.Fprintf(w, "\n  where  %s", d.Where())
	if d.Step >= 0 {
		fmt.Fprintf(w, ": the first wrong dz on the way back")
	} else {
		fmt.Fprintf(w, ": no dz is wrong")
	}
	fmt.Fprintln(w)
	for _, c := range d.Causes {
		fmt.Fprintf(w, "  seen   %s\n  cause  %s\n  line   %s\n", c.Observed, c.Likely, c.Line)
	}
	if len(d.Causes) == 0 {
		fmt.Fprintf(w, "  cause  none that is known: no mistake of the museum gives these numbers\n")
	}
}

// objections returns in which way the exhibit is not as its label says.
func (e *Exhibit) objections(f *Finding) (all []string) {
	field := func(name string, label, found any) {
		if label != found {
			all = append(all, fmt.Sprintf("its label has %s: %#v, and what is found is %#v", name, label, found))
		}
	}
	if e.refuse != nil {
		if f.Refused == nil {
			all = append(all, "the check is not refused")
		}
		field("Falls", e.Falls, f.falls())
		return all
	}
	if e.Where != "anywhere" || f.Wrong == 0 {
		field("Where", e.Where, f.Diagnosis.as())
	}
	field("Falls", e.Falls, f.falls())
	field("Weak", e.Weak, f.Weak)
	switch causes := f.Diagnosis.Causes; {
	case e.See != "" && f.Sees && f.Wrong == 0:
	case e.See != "":
		all = append(all, "what is said to see it does not, or its gradient is not that of its loss")
	case len(causes) == 0:
		all = append(all, "its cause is not named")
	case causes[0].Name != e.Name:
		all = append(all, "its cause is taken for that of "+causes[0].Name)
	}
	return all
}

// as puts the place as Exhibit.Where does: "2nd f" is gate f at the last step but one.
func (d *Diagnosis) as() string {
	if d.Step < 0 {
		return strings.NewReplacer("the sums for ", "", "Wi Wf Wo Wg", "W", "bi bf bo bg", "b").Replace(d.Where())
	}
	nth := []string{"last", "2nd", "3rd"}
	if k := d.net.T - 1 - d.Step; k < len(nth) {
		return fmt.Sprintf("%s %c", nth[k], gates[d.Gate])
	}
	return d.Where()
}

// All writes a table of all exhibits, and reports whether each behaves as its label says.
func All(w io.Writer) (behave bool, err error) {
	m, err := open()
	if err != nil {
		return false, err
	}
	behave = true
	fmt.Fprintf(w, "%-15s %-8s  %-7s  %-9s  %-6s  %s\n", "mistake", "training", "wrong", "where", "cause", "passes")
	for _, e := range Exhibits() {
		f := m.look(e)
		verdict, cause, place := fmt.Sprintf("%d/%d", f.Wrong, f.Total), "named", f.Diagnosis.as()
		switch {
		case f.Refused != nil:
			verdict, place = "-", "refused"
		case e.See != "":
			verdict, cause = "unseen", "-"
		case len(f.Diagnosis.Causes) == 0 || f.Diagnosis.Causes[0].Name != e.Name:
			cause = "MISSED"
		}
		fmt.Fprintf(w, "%-15s %-8s  %-7s  %-9s  %-6s  %s", e.Name, map[bool]string{true: "falls", false: "-"}[f.falls()],
			verdict, place, cause, f.Weak)
		if len(e.objections(f)) > 0 {
			behave = false
			fmt.Fprintf(w, "  NOT AS LABELLED")
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintln(w)
	fmt.Fprintf(w, "training: whether the loss falls all the same, by a fifth\n"+
		"where: the first wrong dz on the way back (2nd: at the last step but one), or the sums that are wrong\n")
	for _, k := range Weak {
		fmt.Fprintf(w, "%c: passes a check %s\n", k.Letter, k.What)
	}
	return behave, nil
}
