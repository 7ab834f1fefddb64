package check

import (
	"errors"
	"fmt"
	"math"
	"path"
	"runtime"
	"slices"
	"strings"
)

// ErrImpure says that the loss is not a function of its parameters. The check returns it wrapped.
var ErrImpure = errors.New("the loss is not a function of the parameters alone: " +
	"a second call on unchanged parameters returned another value " +
	"(does it keep state between calls, or draw random numbers?)")

// ErrOther says that the loss differs from Options.Loss. The check returns it wrapped.
var ErrOther = errors.New("the gradient is the derivative of another loss: " +
	"this loss has another value on the same parameters " +
	"(does it start from another state, or read other data?)")

// A Buffer is memory that a loss might change.
type Buffer struct {
	Name string    // for the error message
	Data []float64 // the check only reads it
}

// Gradients and Directions panic with a *LossPanic if the loss panics. They restore the parameters first.
type LossPanic struct {
	Entry string // the entry that was moved
	Value any    // the loss panicked with this
	At    string // the file and the line: see PanicAt
}

// Error names the entry that was moved, the value that the loss panicked with, and the line.
func (p *LossPanic) Error() string {
	return fmt.Sprintf("check: %s: the loss panics: %v (%s)", p.Entry, p.Value, p.At)
}

// PanicAt returns the file and the line that panicked, as in "cell.go:115". Only a deferred function may call it.
func PanicAt() string {
	for k, inside := 1, false; ; k++ {
		pc, file, line, ok := runtime.Caller(k)
		if !ok {
			return "an unknown line"
		}
		if strings.HasPrefix(runtime.FuncForPC(pc).Name(), "runtime.") {
			inside = true // the runtime functions that a panic calls
		} else if inside {
			return fmt.Sprintf("%s:%d", path.Base(file), line)
		}
	}
}

// Unwrap returns the value that the loss panicked with, if it is an error.
func (p *LossPanic) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}

// blame is deferred around losses. If the loss panics, blame panics with a *LossPanic that names the moved
// entry.
func blame(moved string) {
	switch value := recover().(type) {
	case nil:
	case *LossPanic:
		panic(value)
	default:
		panic(&LossPanic{moved, value, PanicAt()})
	}
}

// steady returns the loss on the unchanged parameters, and a function that computes the loss again and returns
// an error if the value is different. steady returns an error if the loss is not finite, changes by itself, or
// is not equal to given (0 for unknown).
func steady(loss func() float64, params []Param, watch []Buffer, given float64) (base float64, again func() error, err error) {
	defer blame("nothing was moved yet")
	watch = slices.Clone(watch)
	seen := make(map[*float64]bool)
	for _, p := range params {
		if !seen[&p.Value[0]] {
			seen[&p.Value[0]] = true
			watch = append(watch, Buffer{p.Name, p.Value})
		}
	}
	var before [][]float64
	for _, w := range watch {
		before = append(before, slices.Clone(w.Data))
	}
	base = loss()
	if !finite(base) {
		return base, nil, fmt.Errorf("check: the loss is %v before any parameter was changed", base)
	}
	again = func() error {
		now := loss()
		if now == base {
			return nil
		}
		err := fmt.Errorf("check: %w: first %v, then %v", ErrImpure, base, now)
		for n, w := range watch {
			for i, v := range w.Data {
				if v != before[n][i] {
					err = fmt.Errorf("%w; meanwhile %s[%d] changed from %v to %v", err, w.Name, i, before[n][i], v)
					break
				}
			}
		}
		return err
	}
	if err = again(); err == nil && given != 0 && given != base {
		err = fmt.Errorf("check: %w: it is %v, but %v came with the gradient", ErrOther, base, given)
	}
	return base, again, err
}

// measurable returns an error if a slope is finite, but too large for any step.
func measurable(name string, slope, base float64) error {
	if !finite(slope) || math.Abs(slope) <= 1e100*max(1, math.Abs(base)) {
		return nil
	}
	return fmt.Errorf("check: %s: a gradient of %.3g is too large to measure, with a loss of %.3g", name, slope, base)
}
