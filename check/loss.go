package check

import (
	"errors"
	"fmt"
	"slices"
)

// ErrImpure is returned, wrapped, for a loss that is not a function of its parameters.
var ErrImpure = errors.New("the loss is not a function of the parameters alone: " +
	"a second call on unchanged parameters returned another value " +
	"(does it keep state between calls, or draw random numbers?)")

// ErrOther is returned, wrapped, for a loss that differs from Options.Loss.
var ErrOther = errors.New("the loss is not the one that the gradient was computed from: " +
	"on the same parameters it has another value " +
	"(does it start from another state, or read other data?)")

// A Buffer is memory that a loss might change.
type Buffer struct {
	Name string    // for the error message
	Data []float64 // the check only reads it
}

// A LossPanic is the value of a panic in Gradients or Directions after the loss has panicked. The
// parameters are restored.
type LossPanic struct {
	Entry string // the entry that was moved
	Value any    // the loss panicked with this
}

// Error names the entry that was moved, and the value that the loss panicked with.
func (p *LossPanic) Error() string {
	return fmt.Sprintf("check: %s: the loss panics: %v", p.Entry, p.Value)
}

// Unwrap returns the value that the loss panicked with, if it is an error.
func (p *LossPanic) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}

// blame is deferred around losses. It turns a panic into one with a *LossPanic that names what was moved.
func blame(moved string) {
	switch value := recover().(type) {
	case nil:
	case *LossPanic:
		panic(value)
	default:
		panic(&LossPanic{moved, value})
	}
}

// A baseline is the loss on the parameters as they are, and a copy of what it must not change.
type baseline struct {
	loss   func() float64
	value  float64
	watch  []Buffer
	before [][]float64
}

// steady returns the loss on the parameters as they are. It returns an error if the loss is not
// finite, changes by itself, or is not the given one (0 for unknown).
func steady(loss func() float64, params []Param, watch []Buffer, given float64) (*baseline, error) {
	defer blame("nothing was moved yet")
	b := &baseline{loss: loss, watch: slices.Clone(watch)}
	seen := make(map[*float64]bool)
	for _, p := range params {
		if !seen[&p.Value[0]] {
			seen[&p.Value[0]] = true
			b.watch = append(b.watch, Buffer{p.Name, p.Value})
		}
	}
	for _, w := range b.watch {
		b.before = append(b.before, slices.Clone(w.Data))
	}
	b.value = loss()
	if !finite(b.value) {
		return nil, fmt.Errorf("check: the loss is %v before any parameter was changed", b.value)
	}
	if err := b.again(); err != nil {
		return nil, err
	}
	if given != 0 && given != b.value {
		return nil, fmt.Errorf("check: %w: it is %v, but %v came with the gradient", ErrOther, b.value, given)
	}
	return b, nil
}

// again computes the loss again. If it is another, the error names each buffer that has changed.
func (b *baseline) again() error {
	again := b.loss()
	if again == b.value {
		return nil
	}
	err := fmt.Errorf("check: %w: first %v, then %v", ErrImpure, b.value, again)
	for n, w := range b.watch {
		for i, v := range w.Data {
			if v != b.before[n][i] {
				err = fmt.Errorf("%w; meanwhile %s[%d] changed from %v to %v", err, w.Name, i, b.before[n][i], v)
				break
			}
		}
	}
	return err
}
