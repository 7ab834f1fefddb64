package check

import (
	"fmt"
	"math"
)

// A Cause is a mark that a mistake has left in a gradient.
type Cause struct {
	Param    string // whose gradient it is
	Observed string // what was seen
	Likely   string // what it comes from
	Line     string // what to read
}

// Explain looks at what Gradients found wrong, or could not resolve, for the marks of
// common mistakes. It knows nothing of the model: see package scalar for LSTMs.
func Explain(params []Param, results []Result) []Cause {
	var causes []Cause
	most := 0.0
	for _, r := range results {
		most = max(most, largest(r))
	}
	for n, r := range results {
		add := func(likely, line, observed string, args ...any) {
			causes = append(causes, Cause{r.Name, fmt.Sprintf(observed, args...), likely, line})
		}
		noisy := 0
		for _, e := range r.With(Unresolved) {
			if e.RelativeBar() > 1e-6 {
				noisy++
			}
		}
		switch share := largest(r) / most; {
		case 2*noisy <= len(r.Entries):
		case share < 1e-5:
			add("gates that are shut or saturated, or a long way back, have left next to nothing of it", "check a shorter sequence, or where gates are open",
				"it is %.0e of the largest gradient, and drowns in the rounding of the loss", share)
		default:
			add("a loss in float32, or one that subtracts large numbers", "compute the loss in float64, and what is large before what is small",
				"%d error bars are wider than a millionth: the loss has lost its last digits", noisy)
		}
		if len(r.With(Wrong)) == 0 {
			continue
		}
		a, m := analytic(r), numeric(r)
		if k, ok := multiple(a, m); ok {
			switch {
			case k == 0:
				add("it is never computed, or cleared after it was", "where it should be added up", "all of it is zero, and the loss moves")
			case near(k, -1):
				add("target and output have changed places, or it climbs", "the derivative of the loss", "all of it has the wrong sign")
			case near(k, 2):
				add("added up twice, or the ½ of the loss is not in its derivative", "where it is cleared, and the derivative of the loss", "all of it is twice too large")
			case near(k, 0.5):
				add("the 2 of a square is forgotten", "the derivative of the loss", "all of it is half of what it should be")
			case near(1/k, math.Round(1/k)):
				add("a mean over so many, where the loss is a sum", "the derivative of the loss", "all of it is 1/%.0f of what it should be", 1/k)
			case near(k, math.Round(k)):
				add("a sum over so many, where the loss is a mean", "the derivative of the loss", "all of it is %.0f times what it should be", k)
			default:
				add("a constant that the loss and its derivative do not share", "the derivative of the loss", "all of it is %.6g times what it should be", k)
			}
			continue
		}
		if c := params[n].Cols; c > 0 && len(a) == c*c {
			t := make([]float64, len(m))
			for i := range m {
				t[i] = m[i%c*c+i/c]
			}
			if equal(a, t) {
				add("the factors of an outer product have changed places", "dW += outer(x, dy), for y = x·W", "it is transposed")
				continue
			}
		}
		for k, other := range results {
			if k == n || !equal(a, numeric(other)) {
				continue
			}
			if equal(analytic(other), m) {
				add("the two have changed places", "where they are added up", "it is the gradient of %s, and that of %s is its own", other.Name, other.Name)
			} else {
				add("a line that was copied and not changed", "where it is added up", "it is the gradient of %s", other.Name)
			}
			break
		}
	}
	return causes
}

func largest(r Result) (size float64) {
	for _, e := range r.Entries {
		size = max(size, e.size())
	}
	return size
}

func analytic(r Result) []float64 {
	x := make([]float64, len(r.Entries))
	for i, e := range r.Entries {
		x[i] = e.Analytic
	}
	return x
}

func numeric(r Result) []float64 {
	x := make([]float64, len(r.Entries))
	for i, e := range r.Entries {
		x[i] = e.Numeric
	}
	return x
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-6*math.Abs(b) }

// equal reports whether two vectors agree to a millionth of the larger's largest entry.
func equal(a, b []float64) bool {
	if len(a) != len(b) {
		return false
	}
	largest, off := 0.0, 0.0
	for i := range a {
		largest = max(largest, math.Abs(a[i]), math.Abs(b[i]))
		off = max(off, math.Abs(a[i]-b[i]))
	}
	return off <= 1e-6*largest && largest > 0
}

// multiple returns k if a = k·b, of two entries at least.
func multiple(a, b []float64) (k float64, ok bool) {
	most := 0
	for i := range b {
		if math.Abs(b[i]) > math.Abs(b[most]) {
			most = i
		}
	}
	if len(a) < 2 || b[most] == 0 {
		return 0, false
	}
	k = a[most] / b[most]
	scaled := make([]float64, len(b))
	for i := range b {
		scaled[i] = k * b[i]
	}
	return k, equal(a, scaled) || k == 0 && !equal(a, b) && allZero(a)
}

func allZero(a []float64) bool {
	for _, v := range a {
		if v != 0 {
			return false
		}
	}
	return true
}
