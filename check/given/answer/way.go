package answer

import (
	"math"
	"slices"
	"strings"

	"lstm/check"
	"lstm/check/chain"
	"lstm/check/chain/seen"
	"lstm/check/given"
	"lstm/check/given/convention"
	"lstm/check/mistake"
)

const arrow = "   →   " // between a wrong line and the right one

// A Way is the gradient's way back in an LSTM: every number of the program's backward pass.
type Way struct {
	*chain.Chain
	Known string // how the numbers are known
}

// Way returns the way back. It returns nil if the numbers of the program do not determine it, or if the program was not
// read as an LSTM.
func (a *Answer) Way() *Way {
	if a.lstm == nil {
		return nil
	}
	return way(a.lstm, a.Causes)
}

func way(r *convention.Reading, causes []check.Cause) *Way {
	if b, scaled, ok := replay(r, causes); ok {
		w := &Way{chain.Whole(r.Point, b), "a pass with the named mistakes gives exactly your numbers, so its steps stand for yours"}
		switch {
		case scaled:
			w.Known = "a pass with the named mistakes gives your numbers but for a factor, so its steps stand for yours before the factor, and a line that only scales all of them counts as right"
		case len(causes) == 0:
			w.Known = "the right pass gives exactly your numbers, so its steps stand for yours"
		}
		if w.Judge(replayed(r.Seen, b)); scaled && len(w.Faults) == 0 {
			w.Judge(r.Seen) // only the factor is wrong: then the sums do not hold
		}
		return w
	}
	for _, c := range chain.Find(r.Point, r.Seen) {
		return &Way{c, "your file has every dz"}
	}
	if dz, ok := chain.Solve(r.Point, r.Seen); ok {
		for _, c := range chain.Find(r.Point, append(r.Seen[:len(r.Seen):len(r.Seen)], dz)) {
			return &Way{c, "your gradients of the weights determine every dz"}
		}
	}
	return nil
}

// replay returns the backward pass with the named mistakes. ok reports whether the pass gives the numbers of the program;
// if one of the causes is a factor, they may be scaled. Without causes it is the right pass.
func replay(r *convention.Reading, causes []check.Cause) (b []float64, scaled, ok bool) {
	var mistakes []*mistake.Exhibit
	for _, c := range causes {
		all := mistake.All(r.Point.Net)
		if k := slices.IndexFunc(all, func(e *mistake.Exhibit) bool { return e.ID() == c.ID }); k >= 0 {
			mistakes = append(mistakes, all[k])
		}
	}
	known := seen.See(r.Point, r.Seen)
	b = r.Point.Backward(mistake.Lines(mistakes...))
	if !slices.Contains(known.Compare(b, nil), true) {
		return b, false, true
	}
	if len(mistakes) == len(causes) {
		return nil, false, false
	}
	multiple, n := slices.Clone(b), r.Point.Net
	ends := [...]int{seen.GateBlock: n.Wy(0, 0), seen.ReadoutBlock: n.Params(), seen.OtherBlock: len(b)}
	for i, kind := 0, 0; kind < len(ends); kind++ {
		times := known.Ratio(b, kind)
		for ; i < ends[kind]; i++ {
			multiple[i] *= times
		}
	}
	return b, true, !slices.Contains(known.Compare(multiple, nil), true)
}

// replayed returns the arrays with the numbers of a backward pass.
func replayed(arrays []chain.Array, b []float64) (all []chain.Array) {
	for _, a := range arrays {
		value := make([]float64, len(a.Value))
		for i, of := range a.Of {
			for _, t := range of {
				value[i] += t.Times * b[t.Index]
			}
		}
		a.Value, a.Bar = value, make([]float64, len(value))
		all = append(all, a)
	}
	return all
}

// shapes sets the shape of each parameter in Results.
func (a *Answer) shapes(d *given.Dump) {
	for _, r := range a.Results {
		var shape []int
		if p := d.Param(r.Name); p != nil {
			shape = p.Shape
		}
		a.Shapes = append(a.Shapes, shape)
	}
}

// Share returns a function that divides the error of an entry by what is allowed. It is above 1 for a wrong entry.
func (a *Answer) Share() func(e check.Entry) float64 {
	whole := a.whole()
	return func(e check.Entry) float64 {
		switch off := math.Abs(e.Analytic - e.Numeric); {
		case !finite(e.Analytic):
			return math.Inf(1)
		case off == 0:
			return 0
		default:
			return off / allowed(e, whole)
		}
	}
}

// whole returns the largest entry of all parameters.
func (a *Answer) whole() (whole float64) {
	for _, r := range a.Results {
		whole = math.Max(whole, r.Scale)
	}
	return whole
}

// allowed returns how much an entry may be off. An entry is never better known than the largest one allows.
func allowed(e check.Entry, whole float64) float64 { return e.Allowed() + 1e-11*whole }

var verdicts = map[Verdict]string{Right: "right", Wrong: "wrong", NotProven: "not proven"}

// Headline returns the verdict in a line.
func (a *Answer) Headline() string {
	if a.Verdict == None {
		return "no verdict: " + a.Why
	}
	return "gradient: " + verdicts[a.Verdict]
}

// Mistakes returns the mistakes as Write writes them, or "". Without places it leaves out where the lines do not hold.
func (a *Answer) Mistakes(places bool) string {
	var b strings.Builder
	shown := *a
	if !places {
		shown.Places = nil
	}
	shown.writeCauses(&b)
	return strings.Trim(b.String(), "\n")
}
