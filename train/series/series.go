// Package series holds a series of numbers that a network learns to forecast. It compares the network's
// forecasts with simpler methods.
//
// A series has three parts, in order of time: the training part; the validating part, a tenth of the
// series or 10,000 entries; and the held-out part, a fifth. The training part alone sets the scaling, the
// season, and the coefficients of the autoregression. The validating part chooses the number of lags.
//
// The package gets the network as a function, Follow.
package series

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"lstm/train/table"
	"lstm/train/table/dates"
)

// Options select a series, and the way in which the network sees it.
type Options struct {
	Column  string        // the name or number of the column; "": the only column of numbers
	Table   table.Options // how to read the table, besides the column
	Fill    string        // how to fill missing values: linear, previous; "": missing values are an error
	Diff    bool          // the network sees differences between consecutive values
	Scaling []float64     // mean and standard deviation for the scaling; nil: taken from the training part
}

// A Series is a series of N numbers.
type Series struct {
	Name  string   // the name of the column
	ID    string   // the SHA-256 of the values, after missing values are filled
	Notes []string // what was read: how much, how, and what not; then doubts

	// Z (N) holds the network's inputs: (value − mean) / standard deviation. With Options.Diff, Z (N−1)
	// holds differences between consecutive values, scaled in the same way.
	Z           []float64
	Valid, Tail int // the entries of Z where the validating and the held-out part begin

	values    []float64 // (N) in their own units
	filled    []bool    // (N) the value was missing
	dates     *dates.Dates
	diff      bool
	mean, dev float64
}

// Read reads a series from a table in a file, as package table does. It returns an error if values
// are missing and o.Fill is empty, if there are too few values, or if it cannot scale the values. The
// error names the file and the column.
func Read(file string, o Options) (*Series, error) {
	how := o.Table
	how.Column = o.Column
	column, err := table.ReadFile(file, how)
	if err != nil {
		return nil, err
	}
	s, err := newSeries(column, o)
	if err != nil {
		return nil, fmt.Errorf("%s: %s: %w", file, column.Name, err)
	}
	return s, nil
}

func newSeries(c *table.Column, o Options) (*Series, error) {
	if n := len(c.Missing); n > 0 && o.Fill == "" {
		return nil, fmt.Errorf("missing values: %d (lines %s): fill them with -fill linear or -fill previous", n, some(c.Missing))
	}
	gaps := insert(c, o.Fill != "")
	n := len(c.Values)
	const least = 50
	if n < least {
		return nil, fmt.Errorf("%d values are too few to learn from: a series needs at least %d", n, least)
	}
	s := &Series{Name: c.Name, values: c.Values, filled: make([]bool, n), dates: c.Dates, diff: o.Diff}
	for i, v := range s.values {
		s.filled[i] = math.IsNaN(v)
	}
	entries := n - s.at(0)
	s.Tail = entries - n/5 // with Diff as without it
	s.Valid = s.Tail - min(n/10, 10_000)
	// In the validating and the held-out part, a forecast uses only earlier values.
	if err := fill(s.values, o.Fill, s.at(s.Valid)); err != nil {
		return nil, err
	}
	s.ID = fingerprint(s.values)
	s.Notes = append([]string{
		fmt.Sprintf("%s has %d values%s; the last %d are held out, and the %d before them validate.", s.Name, n, span(c), entries-s.Tail, s.Tail-s.Valid),
		sentence("Read", manner(c)),
		sentence("Left out", c.Left) + " " + missing(c.Missing),
	}, append(gaps, c.Doubt...)...)
	return s, s.scale(o.Scaling)
}

// insert inserts the absent rows if fill is true. It returns notes on the dates.
func insert(c *table.Column, fill bool) (notes []string) {
	d := c.Dates
	if d == nil {
		return nil
	}
	if changes := d.Changes(); len(changes) > 0 {
		notes = append(notes, fmt.Sprintf("The times are local. Clocks change on %s.", some(changes)))
	}
	absent, gap := d.Absent(), ""
	if length, from, to := d.Gap(); length != "" {
		gap = fmt.Sprintf(" The largest distance between two rows is %s, from %s to %s.", length, from, to)
	}
	switch {
	case !d.Even():
		return append(notes, "The dates are unevenly spaced, so no row is inserted: the rows count as evenly spaced."+gap)
	case len(absent) == 0:
		return notes
	case d.Holidays():
		return append(notes, fmt.Sprintf("Absent working days: %d (%s). They count as holidays, and are no gaps.%s", len(absent), some(absent), gap))
	case fill:
		c.Values = d.Insert(c.Values, math.NaN())
		return append(notes, fmt.Sprintf("The dates have gaps. Absent rows are inserted and filled: %d (%s).%s", len(absent), some(absent), gap))
	}
	return append(notes, fmt.Sprintf("The dates have gaps. Absent rows: %d (%s). The rows around a gap count as neighbours; "+
		"-fill inserts the absent rows.%s", len(absent), some(absent), gap))
}

// span returns the first and the last date, and the step.
func span(c *table.Column) string {
	if c.Dates == nil {
		return ""
	}
	text := fmt.Sprintf(", %s to %s", c.Dates.Label(0), c.Dates.Label(len(c.Values)-1))
	if step := c.Dates.Step(); step != "" {
		text += ", " + step
	}
	return text
}

// manner tells how the table was read, and in which order.
func manner(c *table.Column) []string {
	all := slices.Clone(c.Read)
	switch {
	case c.Order == dates.Descending:
		return append(all, "newest first, so the rows are turned")
	case c.Order == dates.Shuffled:
		return append(all, "rows out of order, so they are sorted by date")
	case c.Dates == nil:
		return append(all, "no dates, so the rows keep their order")
	}
	return append(all, "oldest first")
}

func sentence(what string, parts []string) string {
	if len(parts) == 0 {
		return what + ": nothing."
	}
	return what + ": " + strings.Join(parts, "; ") + "."
}

func missing(lines []int) string {
	if len(lines) == 0 {
		return "No value is missing."
	}
	return fmt.Sprintf("Missing values are filled: %d (lines %s).", len(lines), some(lines))
}

// scale sets Z. scaling holds a mean and a standard deviation. If it is nil, scale measures both on the
// training part.
func (s *Series) scale(scaling []float64) error {
	s.Z = slices.Clone(s.values[s.at(0):])
	if s.diff {
		for i := range s.Z {
			s.Z[i] -= s.values[i]
		}
	}
	if len(scaling) == 2 {
		s.mean, s.dev = scaling[0], scaling[1]
	} else {
		s.mean, s.dev = moments(s.Z[:s.Valid])
	}
	const most = 1e100 // its square is a float64
	large := slices.IndexFunc(s.values, func(v float64) bool { return math.Abs(v) > most })
	switch {
	case large >= 0:
		return fmt.Errorf("value %d is %v: values above %g cannot be forecast", large+1, s.values[large], most)
	case !(s.dev <= 2*most && math.Abs(s.mean) <= 2*most): // of a loaded run, too
		return errors.New("the training part varies by more than a float64 can hold")
	case s.dev <= 1e-13*math.Abs(s.mean):
		return errors.New("the training part does not vary: there is nothing to learn")
	}
	for i := range s.Z {
		if s.Z[i] = (s.Z[i] - s.mean) / s.dev; !(math.Abs(s.Z[i]) <= most) {
			k := s.at(i)
			return fmt.Errorf("value %d, %v, is more than %g standard deviations from the mean of the training part", k+1, s.values[k], most)
		}
	}
	return nil
}

// Scaling returns the mean and the standard deviation of the scaling of the network's input.
func (s *Series) Scaling() []float64 { return []float64{s.mean, s.dev} }

// at returns the index of the value that belongs to entry i of Z.
func (s *Series) at(i int) int {
	if s.diff {
		return i + 1
	}
	return i
}

// value returns an entry z of Z in the units of the data. last is the value before it.
func (s *Series) value(z, last float64) float64 {
	x := math.FMA(z, s.dev, s.mean)
	if s.diff {
		x += last
	}
	return x
}

// truth returns the values of the entries from..to−1 of Z, NaN where the value was missing.
func (s *Series) truth(from, to int) []float64 {
	v := slices.Clone(s.values[s.at(from):s.at(to)])
	for i := range v {
		if s.filled[s.at(from+i)] {
			v[i] = math.NaN()
		}
	}
	return v
}

// some returns the first few entries of a list, as text.
func some[T any](list []T) string {
	const few = 6
	text := strings.Trim(fmt.Sprint(list[:min(few, len(list))]), "[]")
	if len(list) > few {
		text += " …"
	}
	return text
}

// RMS returns the root mean square of x − y. Entries where y is NaN do not count. If no entry counts, RMS
// returns NaN. It scales by a power of two, so squares do not overflow. Sums run in index order.
func RMS(x, y []float64) float64 {
	most := 0.0
	for i := range y {
		if !math.IsNaN(y[i]) {
			most = max(most, math.Abs(x[i]-y[i]))
		}
	}
	_, exp := math.Frexp(most)
	sum, n := 0.0, 0
	for i := range y {
		if !math.IsNaN(y[i]) {
			d := math.Ldexp(x[i]-y[i], -exp)
			sum = math.FMA(d, d, sum)
			n++
		}
	}
	return math.Ldexp(math.Sqrt(sum/float64(n)), exp)
}

// moments returns the mean and the standard deviation. It scales like RMS.
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
	for _, x := range z {
		x = math.Ldexp(x-mean, -exp)
		deviation = math.FMA(x/n, x, deviation)
	}
	return mean, math.Ldexp(math.Sqrt(deviation), exp)
}

// fill replaces missing values: how is linear, for a straight line between the neighbours, or
// previous, for the value before. A line uses a later value. If that value is entry known or beyond, fill
// takes the value before instead. At the ends of the series it takes the nearest value.
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

// fingerprint returns the SHA-256 of the values, as little-endian float64s, in hexadecimal digits.
func fingerprint(v []float64) string {
	h := sha256.New()
	for part := range slices.Chunk(v, 4096) {
		binary.Write(h, binary.LittleEndian, part)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}
