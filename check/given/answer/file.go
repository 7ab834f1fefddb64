package answer

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"slices"
	"strings"

	"lstm/check"
	"lstm/check/cause"
	"lstm/check/chain"
	"lstm/check/given"
	"lstm/check/given/answer/layout"
	"lstm/check/given/answer/own"
	"lstm/check/given/convention"
	"lstm/check/given/process"
	"lstm/check/pass"
	"lstm/check/scalar"
)

// File judges a file of numbers. The error says why the file cannot be used.
func File(name string) (*Answer, error) { return file(name, Options{}) }

func file(name string, o Options) (*Answer, error) {
	d, err := given.Read(name)
	if err != nil {
		return nil, unreadable(name, err)
	}
	if len(d.Grads) == 0 {
		return nil, fmt.Errorf("%s: there is no gradient: an array W has its gradient in dW, or in grads", name)
	}
	r, err := read(d)
	var none *convention.NoFit
	if errors.As(err, &none) && !none.Useless {
		a := &Answer{Verdict: None, Why: "no known forward pass gives this loss", Notes: none.Lines()}
		a.Notes = append(a.Notes, "go run . check -- COMMAND judges a loss of any model")
		return a, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	a := &Answer{Notes: notes(d, r), accept: math.Max(1e-4, 100*precision(d))}
	a.judgeFile(d, r, o)
	a.leaveOut(d, false)
	return a, nil
}

// unreadable says why a file cannot be read, and what to do.
func unreadable(name string, err error) error {
	info, missing := os.Stat(name)
	runs := process.Interpreter(name)
	switch {
	case errors.Is(missing, fs.ErrNotExist) && strings.HasPrefix(name, "-"):
		return fmt.Errorf("%s: flags have one dash; check -h lists them", name)
	case errors.Is(missing, fs.ErrNotExist):
		return fmt.Errorf("%s: there is no such file; give the file that your program has written", name)
	case missing == nil && info.IsDir():
		return fmt.Errorf("%s is a directory; give the file in it that your program has written", name)
	case runs != "":
		return fmt.Errorf("%s is a program: to run it, go run . check -- %s %s", name, runs, name)
	}
	return err
}

// read reads a dump as an LSTM, first as one whose numbers are exactly those that the file has.
func read(d *given.Dump) (*convention.Reading, error) {
	if exact := d.Exact(); exact != nil {
		if r, err := convention.Read(exact); err == nil {
			return r, nil
		}
	}
	r, err := convention.Read(d)
	if err != nil {
		if other := d.Renamed(); other != nil { // a parameter may be called c
			if r, err := convention.Read(other); err == nil {
				*d = *other
				return r, nil
			}
		}
	}
	return r, err
}

func notes(d *given.Dump, r *convention.Reading) (all []string) {
	all = append(all, r.Words...)
	all = append(all, r.Dump.Digits())
	for _, o := range r.Others {
		all = append(all, "it could also be "+o)
	}
	var unused []string
	for _, o := range d.Other {
		unused = append(unused, o.Name)
	}
	if len(unused) > 0 {
		all = append(all, "not used: "+strings.Join(unused, " "))
	}
	return all
}

// precision returns the relative precision of a dump's numbers.
func precision(d *given.Dump) float64 {
	p := 0.0
	for _, a := range d.Grads {
		largest, bar := 0.0, 0.0
		for i, v := range a.Data {
			if a.Bar != nil && finite(v) && a.Bar[i] < math.Inf(1) {
				largest, bar = math.Max(largest, math.Abs(v)), math.Max(bar, a.Bar[i])
			}
		}
		if largest > 0 {
			p = math.Max(p, bar/largest)
		}
	}
	return p
}

// judgeFile compares what the file says with the backward pass of its LSTM.
func (a *Answer) judgeFile(d *given.Dump, r *convention.Reading, o Options) {
	truth, bars := r.Point.Backward(pass.Right()), [][]float64{}
	for _, s := range r.Seen {
		if d.Grad(s.Name) == nil {
			continue
		}
		if result, bar := compare(s, truth); len(bar) > 0 { // if not, all entries are null
			a.Results, bars = append(a.Results, result), append(bars, bar)
		}
	}
	a.judge(bars)
	a.toTheDigit(d)
	a.lstm = r
	if a.Verdict == Wrong {
		a.Causes, a.Others = cause.Causes(r.Point, r.Seen, o.progress("percent"))
		known := len(a.Causes) > 0 && !slices.ContainsFunc(a.Causes, func(c check.Cause) bool { return c.Kind == "line" })
		if found := chain.Find(r.Point, r.Seen); len(found) > 0 {
			a.Places = places(found[0])
		} else if w := way(r, a.Causes); w != nil && !known {
			a.Places = places(w.Chain)
		}
		switch marks := check.Explain(params(d, a.Results), a.Results); {
		case len(a.Causes) == 0 && cause.Right(r.Point, r.Seen):
			a.Causes = []check.Cause{{Kind: "rounding", Observed: "the wrong entries are off by less than a billionth of the largest entry of their parameter",
				Likely: "a part of the program computes with fewer digits than the file has"}}
		case len(a.Causes) == 0 || !known && a.marked(marks):
			a.Causes, a.Others = marks, nil
		}
		a.Causes = layout.JoinSums(a.Causes, a.Results)
		a.doubt(known)
	}
	a.shapes(d)
	if own := own.Judge(r.Point, r.Numeric, verdicts[a.Verdict]); own != "" {
		a.Checker = []string{own}
	}
	a.Without = append(a.Without, a.beside(r, truth)...)
	a.Unfair = unfair(r.Point)
	if p := precision(d); p > 1e-5 {
		a.Unfair = append(a.Unfair, fmt.Sprintf("the gradient has few digits (%s), so an error below %.0e of the largest entry does not show; write all digits", d.Precision.Words, p))
	}
}

// toTheDigit takes NotProven back if all entries agree to their own last digit. Then the bars are too wide: they allow for
// parameters that were rounded after the gradient was computed.
func (a *Answer) toTheDigit(d *given.Dump) {
	b, bars := &Answer{accept: a.accept}, [][]float64{}
	for _, r := range a.Results {
		r.Entries, r.Scale = slices.Clone(r.Entries), 0
		var own []float64
		for i := range r.Entries {
			r.Entries[i].Bar = 0
			own = append(own, d.Grad(r.Name).Bar[r.Entries[i].Index])
		}
		b.Results, bars = append(b.Results, r), append(bars, own)
	}
	if b.judge(bars); b.Verdict == Right && a.Verdict == NotProven {
		a.Results, a.Verdict = b.Results, Right
	}
}

// marked reports whether each wrong parameter has a mark that names a mistake: a penalty, a clipped entry, a factor of its own.
func (a *Answer) marked(marks []check.Cause) bool {
	for _, r := range a.Results {
		if len(r.With(check.Wrong)) > 0 && !slices.ContainsFunc(marks, func(c check.Cause) bool {
			return slices.Contains(strings.Split(c.Param, ", "), r.Name) && slices.Contains([]string{"penalty", "constant", "clipped", "entry", "mean", "sum", "sign", "twice", "half"}, c.Kind)
		}) {
			return false
		}
	}
	return true
}

// compare compares an array with the right numbers. Entries that are not known are left out.
func compare(s chain.Array, truth []float64) (r check.Result, bars []float64) {
	r.Name = s.Name
	for i, v := range s.Value {
		if math.IsInf(s.Bar[i], 1) {
			continue
		}
		right := 0.0
		for _, t := range s.Of[i] {
			right += t.Times * truth[t.Index]
		}
		r.Entries = append(r.Entries, check.Entry{Index: i, Name: given.EntryName(s.Name, s.Shape, i), Analytic: v, Numeric: right})
		bars = append(bars, s.Bar[i])
	}
	return r, bars
}

// params returns the parameters of a dump in the order of the results.
func params(d *given.Dump, results []check.Result) (all []check.Param) {
	for _, r := range results {
		p := check.Param{Name: r.Name}
		if a := d.Param(r.Name); a != nil {
			p.Value, p.Grad = a.Data, d.Grad(r.Name).Data
			if len(a.Shape) == 2 && len(r.Entries) == len(a.Data) { // with null, there are no rows
				p.Cols = a.Shape[1]
			}
		}
		all = append(all, p)
	}
	return all
}

// places says where each line does not hold first.
func places(c *chain.Chain) (all []string) {
	for _, f := range c.Ordered() {
		if f.T < 0 {
			continue
		}
		text := f.Says() + " does not hold; several values give your numbers, so yours are not known"
		if len(f.Has) > 0 {
			text = fmt.Sprintf("%s does not hold %s: yours %.9g, should be %.9g", f.Says(), c.Where(f), f.Has[0], f.Right[0])
		}
		all = append(all, text)
	}
	return all
}

// unfair lists what a check at the point cannot show, for an LSTM of the standard kind.
func unfair(p *pass.Point) []string {
	if p.N > 1 || p.Kind != pass.Standard(p.Net.Net).Kind {
		return nil
	}
	return scalar.Fair(p.Net.Net, p.V, p.Target)
}
