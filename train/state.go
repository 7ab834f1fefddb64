package train

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"lstm/train/settings"
)

// A Vector is a part of a run's state, as numbers.
type Vector struct {
	Name string    // unique in the state
	Data []float64 // the numbers
}

// A part is a vector, with a function that sets it.
type part struct {
	Vector
	set    func(x []float64) error // sets this part of the run to x; nil: x is copied to Data
	open   bool                    // x may have another length than Data
	ofData bool                    // the part depends on the training data
}

// State returns the whole state of a run, except its settings and the number of iterations. Restore
// sets a run to such a state.
func (r *Run) State() []Vector {
	var state []Vector
	for _, p := range r.parts() {
		state = append(state, p.Vector)
	}
	return state
}

func (r *Run) parts() []part {
	parts := []part{
		{Vector: Vector{"parameters", r.Model.Params.All}, ofData: true},
		{Vector: Vector{"optimizer.m", r.opt.m}},
		{Vector: Vector{"optimizer.v", r.opt.v}, set: func(x []float64) error {
			if i := slices.IndexFunc(x, func(v float64) bool { return v < 0 }); i >= 0 {
				return fmt.Errorf("entry %d is %v: a mean of squares cannot be negative", i, x[i])
			}
			copy(r.opt.v, x)
			return nil
		}},
		numbers("optimizer", false, &r.opt.mw, &r.opt.vw, &r.opt.rate),
		numbers("average", false, &r.EMA, &r.begun, &r.norms.last, &r.norms.usual),
		{Vector: Vector{"random", r.Rand.State()}, set: r.Rand.SetState},
		{Vector: Vector{"stream", r.stream.State()}, set: r.stream.SetState, open: true, ofData: true},
	}
	if r.Task.Validation != nil {
		parts = append(parts, part{Vector: Vector{"best", r.best.params}, ofData: true},
			numbers("valid", true, &r.best.last, &r.best.error, &r.best.iter))
	}
	if r.Task.Criterion != nil {
		parts = append(parts, part{Vector: Vector{"offs", r.score.offs}},
			numbers("score", false, &r.score.inARow, &r.score.n, &r.score.right, &r.score.learnt))
	}
	return parts
}

// Restore sets a new run to the state that State returned after iter iterations. vector returns the numbers
// of the named vector, and whether it exists. With other data, the new run keeps its parameters and all parts
// that depend on the data. With keepRate, it keeps its own rate. The error names the wrong vector.
func (r *Run) Restore(iter int, other, keepRate bool, vector func(name string) ([]float64, bool)) error {
	rate := r.opt.rate
	for _, p := range r.parts() {
		x, ok := vector(p.Name)
		var err error
		switch {
		case !ok:
			err = errors.New("it is missing")
		case !p.open && len(x) != len(p.Data):
			err = fmt.Errorf("it has %d numbers and not %d", len(x), len(p.Data))
		case other && p.ofData:
		case p.set == nil:
			copy(p.Data, x)
		default:
			err = p.set(x)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
	}
	if keepRate {
		r.opt.rate = rate
	}
	fill(r.grad.moved, true) // m and v may be anything
	r.Iter, r.Other = iter, other
	r.start = slices.Clone(r.Model.Params.All)
	return nil
}

// Begin sets the parameters at which training starts.
func (r *Run) Begin(params []float64) {
	copy(r.Model.Params.All, params)
	r.start = slices.Clone(params)
}

// numbers is a part made of single values: pointers to float64, int or bool.
func numbers(name string, ofData bool, values ...any) part {
	data := make([]float64, len(values))
	for i, p := range values {
		switch p := p.(type) {
		case *float64:
			data[i] = *p
		case *int:
			data[i] = float64(*p)
		case *bool:
			if *p {
				data[i] = 1
			}
		}
	}
	set := func(x []float64) error {
		for i, p := range values {
			switch p := p.(type) {
			case *float64:
				*p = x[i]
			case *int:
				if x[i] != math.Trunc(x[i]) || x[i] < 0 || x[i] > settings.MaxSteps {
					return fmt.Errorf("%v is not a count from 0 to %d", x[i], settings.MaxSteps)
				}
				*p = int(x[i])
			case *bool:
				*p = x[i] != 0
			}
		}
		return nil
	}
	return part{Vector{name, data}, set, false, ofData}
}
