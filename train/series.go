package train

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"lstm/bptt"
	"lstm/tensor"
	"lstm/train/rng"
	"lstm/train/table"
)

func init() {
	register("forecast a series of your own", Config{
		Task: "series", Hidden: 16, Steps: 5000, Optimizer: "adam", Rate: 0.003, Clip: 1, ForgetBias: 1,
		Window: 48, Horizon: 24,
	}, series)
}

// A data is a series of numbers: the values v in their own units, and z, which the network
// sees: v, or its differences, less the mean and over the standard deviation of the part that
// is trained on. The last fifth of z is held out, and the tenth before that validates.
type data struct {
	name      string
	v, z      []float64
	diff      bool
	mean, dev float64

	valid, tail int // where in z they begin
}

// series is to forecast the next value of a column of numbers. The series is one sequence,
// through which the state is carried; where the part that is trained on ends, it begins again.
func series(c Config, _ *rng.Rand) (*Task, error) {
	if c.Data == "" {
		return nil, errors.New("task series takes a -data FILE, of numbers in a column")
	}
	if c.Window < 1 {
		return nil, errors.New("a series is learnt through a window of 1 step or more")
	}
	d, err := readData(c)
	if err != nil {
		return nil, fmt.Errorf("-data: %s: %w", c.Data, err)
	}
	steps := d.valid - 1
	stride := min(c.Stride, steps)
	return &Task{
		Note: fmt.Sprintf("%s has %d values; the last %d are held out, and %d before these validate.",
			d.name, len(d.v), len(d.z)-d.tail, d.tail-d.valid),
		Over: "the next values",
		Unit: "chunk",
		X:    1, O: 1, MaxT: stride,
		Loss:    bptt.SquaredError{},
		Shown:   "squared error, of the variance",
		Per:     1,
		Endless: true,
		Draw: func(_ *rng.Rand, s *Sequence) {
			var from, to int
			from, to, s.Carry = chunk(s.N, steps, stride)
			s.X, s.Target = append(s.X, d.z[from:to]...), append(s.Target, d.z[from+1:to+1]...)
		},
		Fresh: func(r *rng.Rand, s *Sequence) {
			m := min(2*c.Window, len(d.z)-d.tail-1) // longer than a window, so that one with a carried state is verified
			from := d.tail + r.Int(0, len(d.z)-d.tail-m)
			s.X, s.Target = append(s.X, d.z[from:from+m]...), append(s.Target, d.z[from+1:from+m+1]...)
		},
		Validate: func(r *Run) float64 { return rms(d.oneStep(r)[d.valid:d.tail], d.truth(d.valid, d.tail)) },
		Every:    50,
		Result:   func(r *Run) float64 { return rms(d.oneStep(r)[d.tail:], d.truth(d.tail, len(d.z))) },
		Says:     "error one step ahead",
		Tell:     d.tell,
	}, nil
}

// chunk returns which steps of an endless sequence the n-th iteration takes, and whether the
// state is carried to it.
func chunk(n, steps, stride int) (from, to int, carry bool) {
	from = n % ((steps + stride - 1) / stride) * stride
	return from, min(from+stride, steps), from > 0
}

// readData reads the column that is asked for.
func readData(c Config) (*data, error) {
	column, err := table.ReadFile(c.Data, c.Column)
	if err != nil {
		return nil, errors.New(strings.TrimPrefix(err.Error(), c.Data+": "))
	}
	v := column.Values
	if lines := column.Missing(); len(lines) > 0 {
		if c.Fill == "" {
			some := fmt.Sprint(lines[:min(5, len(lines))])
			return nil, fmt.Errorf("%s: %d values are missing, on lines %s and so on: -fill linear or -fill previous fills them",
				column.Name, len(lines), strings.Trim(some, "[]"))
		}
		if err := fill(v, c.Fill); err != nil {
			return nil, err
		}
	}
	const least = 50
	if len(v) < least {
		return nil, fmt.Errorf("%s: %d values are too few to learn from: it takes %d", column.Name, len(v), least)
	}
	d := &data{name: column.Name, v: v, z: append([]float64(nil), v...), diff: c.Diff}
	if c.Diff {
		d.z = d.z[1:]
		for i := range d.z {
			d.z[i] = v[i+1] - v[i]
		}
	}
	d.tail = len(d.z) - len(d.z)/5
	d.valid = d.tail - len(d.z)/10
	for _, x := range d.z[:d.valid] {
		d.mean += x / float64(d.valid)
	}
	for _, x := range d.z[:d.valid] {
		d.dev = math.FMA((x-d.mean)/float64(d.valid), x-d.mean, d.dev)
	}
	d.dev = math.Sqrt(d.dev)
	if !(d.dev > 1e-13*math.Abs(d.mean)) || !finite(d.dev) {
		return nil, fmt.Errorf("%s: the part to train on does not vary, or by more than a number can say", column.Name)
	}
	for i := range d.z {
		d.z[i] = (d.z[i] - d.mean) / d.dev
	}
	return d, nil
}

// fill replaces values that are missing: by a straight line between their neighbours, or by
// the value before; at the ends, by the nearest.
func fill(v []float64, how string) error {
	before := -1
	for i := range v {
		if math.IsNaN(v[i]) {
			continue
		}
		for k := before + 1; k < i; k++ {
			switch {
			case before < 0:
				v[k] = v[i]
			case how == "previous":
				v[k] = v[before]
			default:
				v[k] = v[before] + float64((v[i]-v[before])*(float64(k-before)/float64(i-before)))
			}
		}
		before = i
	}
	if before < 0 {
		return errors.New("all values are missing")
	}
	for k := before + 1; k < len(v); k++ {
		v[k] = v[before]
	}
	return nil
}

// value returns what a z of index i is in the units of v, if the value before it was last.
func (d *data) value(z, last float64) float64 {
	x := math.FMA(z, d.dev, d.mean)
	if d.diff {
		x += last
	}
	return x
}

// at returns the place in v of z's entry i.
func (d *data) at(i int) int { return i + len(d.v) - len(d.z) }

// truth returns the values that belong to entries from to to of z.
func (d *data) truth(from, to int) []float64 { return d.v[d.at(from):d.at(to)] }

// oneStep returns a forecast of every entry of z but the first, each from those before it, in
// the units of v.
func (d *data) oneStep(r *Run) []float64 {
	next := r.follow()
	y := make([]float64, len(d.z))
	for i := 1; i < len(y); i++ {
		y[i] = d.value(next(d.z[i-1 : i])[0], d.v[max(0, d.at(i)-1)])
	}
	return y
}

// free returns n forecasts from entry from of z on, each from the forecasts before it, and
// the values before those.
func (d *data) free(from, n int, next func(z []float64) float64) []float64 {
	z := append([]float64(nil), d.z[:from]...)
	last := d.v[d.at(from)-1]
	var y []float64
	for range n {
		f := next(z)
		last = d.value(f, last)
		z, y = append(z, f), append(y, last)
	}
	return y
}

// lag returns after how many steps, 2 or more, the part that is trained on repeats itself
// best.
func (d *data) lag() int {
	v := d.v[:d.at(d.valid)]
	best, least := 2, math.Inf(1)
	for lag := 2; lag <= min(len(v)/3, 400); lag++ {
		if e := rms(v[lag:], v[:len(v)-lag]); e < least {
			best, least = lag, e
		}
	}
	return best
}

// An autoregression forecasts z from so many values before it, and a constant: least squares
// on the part that is trained on.
type autoregression []float64 // the constant, then the last value's coefficient, and on

func (a autoregression) next(z []float64) float64 {
	y := a[0]
	for k, c := range a[1:] {
		y = math.FMA(c, z[len(z)-1-k], y)
	}
	return y
}

// regress returns the autoregression that validates best.
func (d *data) regress() autoregression {
	var best autoregression
	least := math.Inf(1)
	for p := 1; p <= min(36, d.valid/6); p++ {
		a := d.leastSquares(p)
		sum := 0.0
		for i := d.valid; i < d.tail; i++ {
			e := a.next(d.z[:i]) - d.z[i]
			sum = math.FMA(e, e, sum)
		}
		if sum < least {
			best, least = a, sum
		}
	}
	return best
}

// leastSquares solves the normal equations of p lags by Cholesky's decomposition, with a
// little added to the diagonal so that lags that depend on each other do no harm.
func (d *data) leastSquares(p int) autoregression {
	n := p + 1
	A, b, row := make([]float64, n*n), make([]float64, n), make([]float64, n)
	for i := p; i < d.valid; i++ {
		row[0] = 1
		for k := range p {
			row[1+k] = d.z[i-1-k]
		}
		tensor.Outer(A, row, row)
		tensor.Axpy(b, d.z[i], row)
	}
	for j := range n { // A = L Lᵀ, L in A's lower half; b ← L⁻¹ b
		A[j*n+j] = math.Sqrt(float64(A[j*n+j]*(1+1e-9)) - tensor.Dot(A[j*n:j*n+j], A[j*n:j*n+j]))
		b[j] = (b[j] - tensor.Dot(A[j*n:j*n+j], b[:j])) / A[j*n+j]
		for i := j + 1; i < n; i++ {
			A[i*n+j] = (A[i*n+j] - tensor.Dot(A[i*n:i*n+j], A[j*n:j*n+j])) / A[j*n+j]
		}
	}
	for j := n - 1; j >= 0; j-- { // b ← L⁻ᵀ b
		for i := j + 1; i < n; i++ {
			b[j] = math.FMA(-A[i*n+j], b[i], b[j])
		}
		b[j] /= A[j*n+j]
	}
	return b
}

// tell writes how well the tail is forecast, and how well by simpler means.
func (d *data) tell(w io.Writer, r *Run) {
	from, n := d.tail, min(r.Config.Horizon, len(d.z)-d.tail)
	truth, run := d.truth(from, len(d.z)), d.truth(from, from+n)
	var before, constant, season, seasons, ar []float64
	lag, a := d.lag(), d.regress()
	for i := from; i < len(d.z); i++ {
		k := d.at(i)
		before = append(before, d.v[k-1])
		season = append(season, d.v[k-lag])
		ar = append(ar, d.value(a.next(d.z[:i]), d.v[k-1]))
	}
	for i := range n {
		constant = append(constant, d.v[d.at(from)-1])
		seasons = append(seasons, d.v[d.at(from)-lag+i%lag])
	}
	next := r.follow()
	fed := 0
	lstm := d.free(from, n, func(z []float64) (y float64) {
		for ; fed < len(z); fed++ {
			y = next(z[fed : fed+1])[0]
		}
		return y
	})
	free := d.free(from, n, a.next)
	fmt.Fprintf(w, "\nErrors over the part that is held out, root mean squares, in the units of %s:\n\n", d.name)
	fmt.Fprintf(w, "%30s  one step ahead  %d running free\n", "", n)
	best, ours := math.Inf(1), rms(d.oneStep(r)[from:], truth)
	for _, f := range []struct {
		name      string
		one, free []float64
	}{
		{"persistence", before, constant},
		{fmt.Sprintf("seasonal persistence, lag %d", lag), season, seasons},
		{fmt.Sprintf("autoregression, %d lags", len(a)-1), ar, free},
	} {
		e := rms(f.one, truth)
		best = min(best, e)
		fmt.Fprintf(w, "%30s  %14.4g  %14.4g\n", f.name, e, rms(f.free, run))
	}
	fmt.Fprintf(w, "%30s  %14.4g  %14.4g\n", "the LSTM", ours, rms(lstm, run))
	if !(ours < best) {
		fmt.Fprintf(w, "\nOne step ahead, the LSTM does not do better than the best of these.\n")
	}
}
