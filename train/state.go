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
	Name string    // no two have the same
	Data []float64 // its numbers
}

// State returns all that a run consists of, besides its settings and the number of
// iterations. Restore takes a run back there.
func (r *Run) State() []Vector {
	var state []Vector
	for _, p := range r.parts() {
		state = append(state, Vector{p.name, p.get()})
	}
	return state
}

// Restore sets the state of a new run to what State returned after iter iterations. vector
// returns the numbers of a name, and whether they are there. With other data, the
// parameters stay, and so do what depends on the data.
//
// The rate goes on as it was, unless keepRate says that the new run's settings count. The
// error names the vector that does not fit.
func (r *Run) Restore(iter int, other, keepRate bool, vector func(name string) ([]float64, bool)) error {
	rate := r.opt.rate
	for _, p := range r.parts() {
		data, ok := vector(p.name)
		if err := p.restore(data, ok, other); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	if keepRate {
		r.opt.rate = rate
	}
	r.Iter, r.Other = iter, other
	r.start = slices.Clone(r.Model.Params.All)
	return nil
}

// Begin sets the parameters from which training starts.
func (r *Run) Begin(params []float64) {
	copy(r.Model.Params.All, params)
	r.start = slices.Clone(params)
}

// A part is a part of a run's state. set is given as many numbers as get returns, or any
// number of them if open is set.
type part struct {
	name string
	get  func() []float64
	set  func(x []float64) error
	open bool
	data bool // depends on the data that the run was trained on
}

func (p part) restore(data []float64, ok, other bool) error {
	switch {
	case !ok:
		return errors.New("it is missing")
	case !p.open && len(data) != len(p.get()):
		return fmt.Errorf("it has %d numbers and not %d", len(data), len(p.get()))
	case other && p.data:
		return nil
	}
	return p.set(data)
}

func (r *Run) parts() []part {
	parts := []part{
		slice("parameters", r.Model.Params.All, true),
		slice("optimizer.m", r.opt.m, false),
		{name: "optimizer.v", get: func() []float64 { return r.opt.v }, set: func(x []float64) error {
			if i := slices.IndexFunc(x, func(v float64) bool { return v < 0 }); i >= 0 {
				return fmt.Errorf("entry %d, a mean of squares, is %v", i, x[i])
			}
			copy(r.opt.v, x)
			return nil
		}},
		numbers("optimizer", false, &r.opt.mw, &r.opt.vw, &r.opt.rate),
		numbers("average", false, &r.EMA, &r.begun, &r.norms.last, &r.norms.usual),
		{name: "random", get: r.rand.State, set: r.rand.SetState},
		{name: "stream", get: r.stream.State, set: r.stream.SetState, open: true, data: true},
	}
	if r.Task.Validation != nil {
		parts = append(parts, slice("best", r.best.params, true), numbers("valid", true, &r.best.last, &r.best.error, &r.best.iter))
	}
	if r.Task.Criterion != nil {
		parts = append(parts, slice("offs", r.score.offs, false),
			numbers("score", false, &r.score.inARow, &r.score.n, &r.score.right, &r.score.learnt))
	}
	return parts
}

// slice is a part that is a slice of numbers.
func slice(name string, s []float64, data bool) part {
	return part{name: name, data: data,
		get: func() []float64 { return s },
		set: func(x []float64) error { copy(s, x); return nil },
	}
}

// numbers is a part made of single values: pointers to float64, int or bool.
func numbers(name string, data bool, to ...any) part {
	return part{name: name, data: data,
		get: func() []float64 {
			x := make([]float64, len(to))
			for i, p := range to {
				x[i] = number(p)
			}
			return x
		},
		set: func(x []float64) error {
			for i, p := range to {
				if err := setNumber(p, x[i]); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

func number(p any) float64 {
	switch p := p.(type) {
	case *float64:
		return *p
	case *int:
		return float64(*p)
	case *bool:
		if *p {
			return 1
		}
	}
	return 0
}

func setNumber(p any, x float64) error {
	switch p := p.(type) {
	case *float64:
		*p = x
	case *int:
		if x != math.Trunc(x) || x < 0 || x > settings.MaxSteps {
			return fmt.Errorf("%v is not a count from 0 to %d", x, settings.MaxSteps)
		}
		*p = int(x)
	case *bool:
		*p = x != 0
	}
	return nil
}
