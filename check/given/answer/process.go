package answer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"lstm/check"
	"lstm/check/chain"
	"lstm/check/given"
	"lstm/check/given/convention"
	"lstm/check/given/process"
)

// Options are settings of Process.
type Options struct {
	Patience time.Duration                      // the time for an answer of the program; 0 means process.Patience
	Progress func(unit string, done, total int) // called after each entry, and in a long search; may be nil
}

// progress returns Progress for a unit.
func (o Options) progress(unit string) func(done, total int) {
	if o.Progress == nil {
		return nil
	}
	return func(done, total int) { o.Progress(unit, done, total) }
}

// Process judges the gradient of a program that answers with losses. The error says why the program cannot be used.
func Process(ctx context.Context, command []string, o Options) (a *Answer, err error) {
	p, first, err := process.Start(ctx, command, o.Patience)
	if err != nil {
		return nil, err
	}
	defer func() {
		if closed := p.Close(); err == nil {
			err = closed
		}
	}()
	d, err := given.ParseJSON(bytes.NewReader(first), int64(len(first)))
	if err != nil {
		return nil, fmt.Errorf("%s: its line of JSON: %w", command[0], err)
	}
	if d.Loss == nil || len(d.Grads) == 0 {
		return nil, fmt.Errorf("%s: its line of JSON needs loss, params and grads, and has no %s", command[0], map[bool]string{true: "loss", false: "grads"}[d.Loss == nil])
	}
	m := &model{Process: p, name: command[0], dump: d}
	a = &Answer{}
	if p.Chatter > 0 {
		a.Notes = append(a.Notes, fmt.Sprintf("%d lines before the line of JSON were skipped", p.Chatter))
	}
	return a, m.judge(a, o)
}

// A model is a program with its parameters as they are now.
type model struct {
	*process.Process
	name    string // of the program
	dump    *given.Dump
	params  []check.Param
	now     [][]float64 // what the program has
	float32 bool        // it returns its loss as a float32, but the loss that came with the gradient has more digits
	failed  error
}

// judge measures the gradient.
func (m *model) judge(a *Answer, o Options) error {
	var bars [][]float64
	for _, v := range m.dump.Params {
		m.now = append(m.now, make([]float64, len(v.Data)))
		for i, x := range v.Data {
			m.Set(v.Name, i, x)
			m.now[len(m.now)-1][i] = x
		}
		p := check.Param{Name: v.Name, Value: v.Data, Grad: make([]float64, len(v.Data)), Index: []int{}, Entry: func(i int) string { return given.EntryName(v.Name, v.Shape, i) }}
		if g := m.dump.Grad(v.Name); g != nil {
			p.Grad = g.Data
			var bar []float64
			for i := range g.Data {
				if g.Null == nil || !g.Null[i] {
					p.Index, bar = append(p.Index, i), append(bar, bound(g.Bar, i))
				} else {
					p.Grad[i] = 0
				}
			}
			bars = append(bars, bar)
			if len(v.Shape) == 2 && len(p.Index) == len(v.Data) {
				p.Cols = v.Shape[1]
			}
		}
		m.params = append(m.params, p)
	}
	judged := m.judged()
	if done, err := m.refuse(a); done || err != nil {
		return err
	}
	results, err := check.Gradients(m.loss, judged, check.Options{Progress: o.progress("entry")})
	if m.failed != nil {
		return m.failed
	}
	if errors.Is(err, check.ErrImpure) {
		a.Verdict, a.Why = None, "impure loss"
		a.Notes = append(a.Notes, err.Error())
		return nil
	}
	if err != nil {
		return err
	}
	a.Results, a.accept = results, m.accept()
	a.judge(bars)
	a.shapes(m.dump)
	m.explain(a, judged, o)
	a.leaveOut(m.dump, a.lstm == nil)
	mistakesFirst(a.Causes)
	a.Unfair = m.unfair(a, judged)
	return nil
}

func bound(bar []float64, i int) float64 {
	if bar == nil {
		return 0
	}
	return bar[i]
}

// judged returns the parameters with a gradient.
func (m *model) judged() (all []check.Param) {
	for _, p := range m.params {
		if len(p.Index) > 0 {
			all = append(all, p)
		}
	}
	return all
}

// loss tells the program which entries have changed, and asks for the loss.
func (m *model) loss() float64 {
	if m.failed != nil {
		return math.NaN()
	}
	for k, p := range m.params {
		for i, v := range p.Value {
			if v != m.now[k][i] {
				m.Set(p.Name, i, v)
				m.now[k][i] = v
			}
		}
	}
	l, err := m.Loss()
	m.failed = err
	return l
}

// refuse asks for the loss twice. It refuses an impure loss, and a loss that did not come with the gradient.
func (m *model) refuse(a *Answer) (done bool, err error) {
	first, second := m.loss(), m.loss()
	if m.failed != nil {
		return true, m.failed
	}
	given := m.dump.Loss.Data[0]
	switch {
	case !finite(first) && !finite(second):
		return true, fmt.Errorf("%s: the loss is %v, before any parameter was changed; %.12g came with the gradient", m.name, first, given)
	case first != second:
		a.Verdict, a.Why = None, "impure loss"
		a.Notes = append(a.Notes,
			fmt.Sprintf("two calls with the same parameters returned %.12g and %.12g; %.12g came with the gradient", first, second, given),
			"the loss keeps something between calls: a state, a buffer that is added to, a random stream")
		return true, nil
	}
	if m.float32 = isSingle(first) && !isSingle(given); m.float32 {
		a.Notes = append(a.Notes, "the program returns its loss as a float32, so each slope has a few digits only: return the loss with all its digits")
	}
	slack := bound(m.dump.Loss.Bar, 0) + 1e-9*math.Abs(given)
	if m.single() {
		slack += 1e-5 * math.Abs(given)
	}
	for _, v := range m.dump.Params {
		if g := m.dump.Grad(v.Name); g != nil {
			for i, d := range g.Data {
				if finite(d) {
					slack += 2 * math.Abs(d) * bound(v.Bar, i)
				}
			}
		}
	}
	if math.Abs(first-given) > slack {
		a.Verdict, a.Why = None, "another loss"
		a.Notes = append(a.Notes, fmt.Sprintf("%.12g came with the gradient, but the program computes %.12g with the same parameters", given, first),
			whyAnother(given, first))
		return true, nil
	}
	return false, nil
}

// whyAnother says why a program may compute another loss than the one that came with its gradient.
func whyAnother(given, now float64) string {
	if off := math.Abs(now-given) / math.Abs(given); off < 1e-5 {
		return fmt.Sprintf("the two agree to %.0f digits: perhaps one of them is rounded, or in float32", math.Floor(-math.Log10(off)))
	}
	return "the losses are of another function: they start from another state, or read other data"
}

// isSingle reports whether a number is a float32, and uses its digits.
func isSingle(v float64) bool {
	return float64(float32(v)) == v && math.Float64bits(v)&(1<<39-1) != 0
}

// single reports whether the program computes in float32, or returns such a loss.
func (m *model) single() bool {
	return m.Digits > 0 && m.Digits <= 9 || m.float32 || m.dump.Precision.Float32
}

// accept returns how wide an error bar may be, as a part of the largest entry.
func (m *model) accept() float64 {
	if m.single() {
		return 1e-2
	}
	return math.Max(check.Tolerance, 100*precision(m.dump))
}

// unfair lists what a check at the point cannot show. In an LSTM, two arrays that are added have the same gradient, as
// PyTorch's two biases: nothing hides behind that.
func (m *model) unfair(a *Answer, judged []check.Param) []string {
	results := slices.Clone(a.Results)
	for n := len(judged) - 1; n >= 0; n-- {
		if a.lstm != nil && twin(a.lstm.Seen, judged[n].Name) {
			judged, results = slices.Delete(slices.Clone(judged), n, n+1), slices.Delete(results, n, n+1)
		}
	}
	return check.Fair(judged, results...)
}

// twin reports whether an array stands for the same numbers as one before it.
func twin(seen []chain.Array, name string) bool {
	at := slices.IndexFunc(seen, func(s chain.Array) bool { return s.Name == name })
	return at >= 0 && slices.ContainsFunc(seen[:at], func(s chain.Array) bool {
		return slices.EqualFunc(s.Of, seen[at].Of, slices.Equal[[]chain.Term])
	})
}

// explain looks for the mistakes: those of an LSTM, if the line of JSON has what a file has, or else the marks that any
// model shows.
func (m *model) explain(a *Answer, judged []check.Param, o Options) {
	if m.dump.Known["x"] != nil {
		if r, err := read(m.dump); err == nil {
			file := &Answer{accept: a.accept}
			file.judgeFile(m.dump, r, o)
			a.Notes = append(a.Notes, notes(m.dump, r)...)
			a.Checker, a.lstm = file.Checker, r
			if file.Verdict == Wrong {
				a.Causes, a.Others, a.Places = file.Causes, file.Others, file.Places
			}
		} else if none := (*convention.NoFit)(nil); errors.As(err, &none) {
			a.Notes = append(append(a.Notes, notRead), none.Lines()...)
		}
	}
	if a.Verdict != Right && len(a.Causes) == 0 {
		a.Causes = check.Explain(judged, a.Results)
	}
}
