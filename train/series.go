package train

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
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
// is trained on. The last fifth of z is held out, and the tenth before that, or 10,000,
// validates.
type data struct {
	name, note string
	id         string // what it is known by
	v, z       []float64
	filled     []bool       // of v: it was missing
	dates      *table.Dates // of v; nil if there are none
	diff       bool
	mean, dev  float64

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
		Note:    d.note,
		Data:    d.id,
		Scaling: []float64{d.mean, d.dev},
		Over:    "the next values",
		Unit:    "chunk",
		X:       1, O: 1, MaxT: stride,
		Loss:    bptt.SquaredError{},
		Shown:   "squared error / variance",
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
		Validate: func(r *Run) float64 {
			const before = 1000 // that the state may come from
			return d.off(d.oneStep(r, max(0, d.valid-before), d.tail)[min(before, d.valid):], d.valid)
		},
		Every:    seldom(d.tail - d.valid),
		Result:   func(r *Run) float64 { return d.off(d.oneStep(r, 0, len(d.z))[d.tail:], d.tail) },
		Measure:  "error one step ahead, " + d.name,
		Says:     "error one step ahead",
		Tell:     d.tell,
		Forecast: d.forecast,
		FreeRun: func(r *Run) *FreeRun {
			n := min(c.Horizon, len(d.z)-d.tail)
			return &FreeRun{
				Seen: d.measured(max(0, d.tail-2*n), d.tail), Truth: d.measured(d.tail, d.tail+n), Unit: d.name,
				OneStep: d.oneStep(r, 0, d.tail+n)[d.tail:], Free: d.free(d.tail, n, network(r)),
			}
		},
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
	if lines := column.Missing; len(lines) > 0 && c.Fill == "" {
		return nil, fmt.Errorf("%s: %d values are missing, on lines %s: -fill linear or -fill previous fills them",
			column.Name, len(lines), some(lines))
	}
	var notes []string
	if d := column.Dates; d != nil {
		if column.Forward() {
			notes = append(notes, "Its dates run backwards, and are turned round.")
		}
		absent := d.Absent()
		switch even := d.Even(); {
		case d.Repeated():
			notes = append(notes, "Dates come more than once, as if there were several series in it: the rows are taken as they come.")
		case !even:
			notes = append(notes, "Its dates are not in order, or not at equal distances: the rows are taken as they come.")
		case len(absent) > 0 && c.Fill == "":
			notes = append(notes, fmt.Sprintf("No row has the dates %s, %d in all: those around them are taken for neighbours (-fill puts rows in).", some(absent), len(absent)))
		case len(absent) > 0:
			column.Insert()
			notes = append(notes, fmt.Sprintf("No row had the dates %s, %d in all: they are put in.", some(absent), len(absent)))
		}
	}
	v := column.Values
	if lines := column.Missing; len(lines) > 0 {
		notes = append(notes, fmt.Sprintf("Values that were missing are filled, on lines %s, %d in all.", some(lines), len(lines)))
	}
	if v, ok := outlier(v); ok {
		notes = append(notes, fmt.Sprintf("Is %v a number, or does it say that one is missing? It lies further from the others than these from each other.", v))
	}
	const least = 50
	if len(v) < least {
		return nil, fmt.Errorf("%s: %d values are too few to learn from: it takes %d", column.Name, len(v), least)
	}
	d := &data{name: column.Name, filled: make([]bool, len(v)), dates: column.Dates, diff: c.Diff}
	n := len(v)
	if c.Diff {
		n--
	}
	d.tail = n - n/5
	d.valid = d.tail - min(n/10, 10_000)
	for i, x := range v {
		d.filled[i] = math.IsNaN(x)
	}
	// What is not trained on is forecast from what was known then: there the value before fills.
	if err := fill(v, c.Fill, len(v)-n+d.valid); err != nil {
		return nil, fmt.Errorf("%s: %w", column.Name, err)
	}
	d.v, d.z, d.id = v, slices.Clone(v), fingerprint(v)
	if c.Diff {
		d.z = d.z[1:]
		for i := range d.z {
			d.z[i] = v[i+1] - v[i]
		}
	}
	if c.known != nil && len(c.known.Scaling) == 2 {
		d.mean, d.dev = c.known.Scaling[0], c.known.Scaling[1]
	} else {
		d.mean, d.dev = moments(d.z[:d.valid])
	}
	if !(d.dev > 1e-13*math.Abs(d.mean)) || !finite(d.dev) {
		return nil, fmt.Errorf("%s: the part to train on does not vary, or by more than a number can say", column.Name)
	}
	const most = 1e100 // of which the square is a number
	for i := range d.z {
		if d.z[i] = (d.z[i] - d.mean) / d.dev; !(math.Abs(d.z[i]) <= most) {
			return nil, fmt.Errorf("%s: next to what is trained on value %d, %v, is too large", column.Name, d.at(i)+1, d.v[d.at(i)])
		}
	}
	d.note = strings.Join(append([]string{fmt.Sprintf("%s has %d values; the last %d are held out, and %d before these validate.",
		d.name, len(d.v), len(d.z)-d.tail, d.tail-d.valid)}, notes...), " ")
	return d, nil
}

// some returns the first few of a list.
func some[T any](list []T) string {
	const few = 6
	text := strings.Trim(fmt.Sprint(list[:min(few, len(list))]), "[]")
	if len(list) > few {
		text += " and so on"
	}
	return text
}

// fingerprint returns what a series is known by.
func fingerprint(v []float64) string {
	h := sha256.New()
	var b [8]byte
	for _, x := range v {
		binary.LittleEndian.PutUint64(b[:], math.Float64bits(x))
		h.Write(b[:])
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// moments returns the mean and the standard deviation.
func moments(z []float64) (mean, deviation float64) {
	n := float64(len(z))
	for _, x := range z {
		mean += x / n
	}
	most := 0.0
	for _, x := range z {
		most = max(most, math.Abs(x-mean))
	}
	_, exp := math.Frexp(most)
	for _, x := range z { // in units of a power of two, of which squares are numbers
		x = math.Ldexp(x-mean, -exp)
		deviation = math.FMA(x/n, x, deviation)
	}
	return mean, math.Ldexp(math.Sqrt(deviation), exp)
}

// outlier returns the least or the largest value if it lies further from the others than
// these from each other.
func outlier(v []float64) (float64, bool) {
	for _, sign := range []float64{1, -1} {
		first, second, last := math.Inf(1), math.Inf(1), math.Inf(-1)
		for _, x := range v {
			switch x *= sign; {
			case math.IsNaN(x):
				continue
			case x < first:
				first, second = x, first
			case x > first:
				second = min(second, x)
			}
			last = max(last, x)
		}
		if second-first > last-second && last > second {
			return sign * first, true
		}
	}
	return 0, false
}

// fill replaces values that are missing: by a straight line between their neighbours, or by
// the value before, and always by this where the next value is entry known or a later one; at
// the ends, by the nearest.
func fill(v []float64, how string, known int) error {
	before := -1
	for i := range v {
		if math.IsNaN(v[i]) {
			continue
		}
		for k := before + 1; k < i; k++ {
			switch {
			case before < 0:
				v[k] = v[i]
			case how == "previous" || i >= known:
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

// measured returns the same, NaN for those that were filled.
func (d *data) measured(from, to int) []float64 {
	v := slices.Clone(d.truth(from, to))
	for i := range v {
		if d.filled[d.at(from+i)] {
			v[i] = math.NaN()
		}
	}
	return v
}

// off returns the root mean square of what forecasts of z's entries from one on are off, where
// there was a value to forecast; NaN if there was none.
func (d *data) off(y []float64, from int) float64 {
	var a, b []float64
	for i, y := range y {
		if k := d.at(from + i); !d.filled[k] {
			a, b = append(a, y), append(b, d.v[k])
		}
	}
	return rms(a, b)
}

// oneStep returns forecasts of the entries of z from one to another, each from those before it,
// in the units of v. The first of all has none before it, and is what it is.
func (d *data) oneStep(r *Run, from, to int) []float64 {
	next := r.follow()
	y := make([]float64, 0, to-from)
	for i := from; i < to; i++ {
		if k := d.at(i); i == 0 {
			y = append(y, d.v[k])
		} else {
			y = append(y, d.value(next(d.z[i-1 : i])[0], d.v[k-1]))
		}
	}
	return y
}

// network returns what forecasts with the network, from all that was before.
func network(r *Run) func(z []float64) float64 {
	next, fed := r.follow(), 0
	return func(z []float64) (y float64) {
		for ; fed < len(z); fed++ {
			y = next(z[fed : fed+1])[0]
		}
		return y
	}
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

// lag returns after how many steps, 2 or more, the part that is trained on, or the last 100,000
// of it, repeats itself best: where values that far apart differ least, next to those that are
// nearer but differ most. Where that is no less, or as far as is looked, there is no season, and
// it is where they differ least by themselves.
func (d *data) lag() int {
	v := d.v[:d.at(d.valid)]
	v = v[max(0, len(v)-100_000):]
	season, near := 2, 2
	dip, least := math.Inf(1), math.Inf(1)
	most := rms(v[1:], v[:len(v)-1])
	last := min(len(v)/3, 400)
	for lag := 2; lag <= last; lag++ {
		e := rms(v[lag:], v[:len(v)-lag])
		if e/most < dip {
			season, dip = lag, e/most
		}
		if e < least {
			near, least = lag, e
		}
		most = max(most, e)
	}
	if dip > 0.9 || season == last {
		return near
	}
	return season
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
	most := min(36, d.valid/6)
	A, b := d.normal(most)
	for p := 1; p <= most; p++ {
		a := solve(A, b, p)
		sum := 0.0
		for i := d.valid; i < d.tail; i++ {
			e := a.next(d.z[:i]) - d.z[i]
			sum = math.FMA(e, e, sum)
		}
		if best == nil || sum < least {
			best, least = a, sum
		}
	}
	return best
}

// normal returns the normal equations A a = b (n,n) (n) of p lags and a constant, n = p+1, on
// the part that is trained on. Those of fewer lags are their first rows and columns.
func (d *data) normal(p int) (A, b []float64) {
	n := p + 1
	A, b = make([]float64, n*n), make([]float64, n)
	row := make([]float64, n)
	for i := p; i < d.valid; i++ {
		row[0] = 1
		for k := range p {
			row[1+k] = d.z[i-1-k]
		}
		tensor.Outer(A, row, row)
		tensor.Axpy(b, d.z[i], row)
	}
	return A, b
}

// solve solves the normal equations for p lags by Cholesky's decomposition, with a little
// added to the diagonal so that lags that depend on each other do no harm.
func solve(normal, right []float64, p int) autoregression {
	n := p + 1
	A, b := make([]float64, n*n), slices.Clone(right[:n])
	for i := range n {
		copy(A[i*n:i*n+n], normal[i*len(right):])
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
	fmt.Fprintf(w, "\nErrors over the part that is held out, root mean squares, in the units of %s:\n\n", d.name)
	fmt.Fprintf(w, "%30s  one step ahead  %d running free\n", "", n)
	number := func(e float64) string {
		if math.IsNaN(e) {
			return "-" // there was no value to forecast
		}
		return fmt.Sprintf("%.4g", e)
	}
	one, free := d.off(d.oneStep(r, 0, len(d.z))[from:], from), d.off(d.free(from, n, network(r)), from)
	var better, freer []string
	for _, f := range []struct {
		name, more string
		one, free  []float64
	}{
		{"persistence", "", before, constant},
		{"seasonal persistence", fmt.Sprintf(", lag %d", lag), season, seasons},
		{"autoregression", fmt.Sprintf(", %d lags", len(a)-1), ar, d.free(from, n, a.next)},
	} {
		e, g := d.off(f.one, from), d.off(f.free, from)
		fmt.Fprintf(w, "%30s  %14s  %14s\n", f.name+f.more, number(e), number(g))
		if one >= e {
			better = append(better, f.name)
		}
		if free >= g {
			freer = append(freer, f.name)
		}
	}
	fmt.Fprintf(w, "%30s  %14s  %14s\n\n", "the LSTM", number(one), number(free))
	says := func(names []string, where string) string {
		if len(names) == 0 {
			return "The LSTM does best " + where + "."
		}
		last := len(names) - 1
		if last > 0 {
			names = []string{strings.Join(names[:last], ", ") + " or " + names[last]}
		}
		return "The LSTM does not do better than " + names[0] + " " + where + "."
	}
	text := "The LSTM does best."
	if len(better)+len(freer) > 0 {
		text = says(better, "one step ahead")
		if !math.IsNaN(free) {
			text += " " + says(freer, "running free")
		}
	}
	least, most, beyond := slices.Min(d.z[:d.valid]), slices.Max(d.z[:d.valid]), 0
	for _, z := range d.z[from:] {
		if z < least || z > most {
			beyond++
		}
	}
	if 10*beyond > len(d.z)-from && !d.diff {
		text += fmt.Sprintf(" Of the values that are held out %d lie outside of all that it was trained on: -diff learns differences, "+
			"which may not.", beyond)
	}
	Wrap(w, text)
}

// forecast returns a table: for each value that is held out the forecast one step ahead, and for
// the first of them that running free; then what runs free from the end on.
func (d *data) forecast(r *Run) [][]string {
	from, horizon := d.tail, r.Config.Horizon
	one := d.oneStep(r, 0, len(d.z))[from:]
	free := d.free(from, min(horizon, len(one)), network(r))
	future := d.free(len(d.z), horizon, network(r))
	when := "row"
	var next []string
	if d.dates != nil {
		when, next = d.dates.Name, d.dates.After(horizon)
	}
	number := func(x []float64, i int) string {
		if i >= len(x) {
			return ""
		}
		return fmt.Sprintf("%.12g", x[i])
	}
	rows := [][]string{{when, d.name, "one step ahead", "running free"}}
	for i := range one {
		k := d.at(from + i)
		label := fmt.Sprint(k + 1)
		if d.dates != nil {
			label = d.dates.String(d.dates.Unix[k])
		}
		value := fmt.Sprint(d.v[k])
		if d.filled[k] {
			value = ""
		}
		rows = append(rows, []string{label, value, number(one, i), number(free, i)})
	}
	for i := range future {
		label := fmt.Sprint(len(d.v) + 1 + i)
		switch {
		case i < len(next):
			label = next[i]
		case d.dates != nil:
			label = fmt.Sprintf("+%d", i+1)
		}
		rows = append(rows, []string{label, "", number(future[:1], i), number(future, i)})
	}
	return rows
}
