package table

import (
	"slices"
	"strings"
	"time"
)

// Dates are those of a column's values, from another column of the table.
type Dates struct {
	Name   string  // of that column
	Layout string  // how they are written, as package time has it
	Unix   []int64 // seconds since 1970, UTC, one for each value
}

// layouts are those that are known. 03/04/2005 is not among them: it is a day in March, or in
// April.
var layouts = []string{
	"2006-01-02", "2006-01", "2006/01/02", "2006/01", "02.01.2006", "2006M01",
	"2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02T15:04:05", "2006-01-02T15:04", time.RFC3339,
	"2006/01/02 15:04:05", "2006/01/02 15:04", "02.01.2006 15:04:05", "02.01.2006 15:04",
	"2006", "200601", "20060102", // these could be numbers
}

// plain are the layouts of layouts that could be numbers.
const plain = 3

// layout returns the first layout of some that a field is in, or "".
func layout(field string, some []string) string {
	for _, layout := range some {
		if _, err := time.Parse(layout, strings.TrimSpace(field)); err == nil {
			return layout
		}
	}
	return ""
}

// newDates returns the dates of which the first stands in a row, without any yet, and in which
// column that is; nil if there are none. They are not looked for in the column numbers, and
// years and the like only if there are no others.
func newDates(row, names []string, numbers int) (d *Dates, at int) {
	sure := len(layouts) - plain
	for _, some := range [][]string{layouts[:sure], layouts[sure:]} {
		for i, field := range row {
			if l := layout(field, some); l != "" && i != numbers {
				return &Dates{Name: names[i], Layout: l}, i
			}
		}
	}
	return nil, 0
}

// add adds a date, and returns whether it is one.
func (d *Dates) add(field string) bool {
	t, err := time.Parse(d.Layout, strings.TrimSpace(field))
	d.Unix = append(d.Unix, t.Unix())
	return err == nil
}

// String returns a date as it is written.
func (d *Dates) String(unix int64) string { return time.Unix(unix, 0).UTC().Format(d.Layout) }

// A Step is what lies between one date and the next: so many months, or seconds.
type Step struct {
	N      int64 // months or seconds
	Months bool  // which of the two
}

// Step returns what lies between most dates and the next. It is false if they are not in
// order, or at other distances than whole steps, or if more than a tenth of them are not
// there: days of work have no step.
func (d *Dates) Step() (s Step, ok bool) {
	median := func(f func(a, b int64) int64) int64 {
		n := min(len(d.Unix), 1000)
		var steps []int64
		for i := 1; i < n; i++ {
			steps = append(steps, f(d.Unix[i-1], d.Unix[i]))
		}
		slices.Sort(steps)
		return steps[len(steps)/2]
	}
	if len(d.Unix) < 3 {
		return s, false
	}
	const day = 24 * 60 * 60
	s.N = median(func(a, b int64) int64 { return b - a })
	if s.N > 27*day && (d.monthly() || !d.even(s)) {
		s = Step{median(monthsBetween), true}
	}
	return s, d.even(s)
}

// monthly reports whether all dates are on one day of the month, or on the last.
func (d *Dates) monthly() bool {
	same, last := true, true
	for _, unix := range d.Unix {
		t := time.Unix(unix, 0).UTC()
		same = same && t.Day() == time.Unix(d.Unix[0], 0).UTC().Day()
		last = last && t.AddDate(0, 0, 1).Day() == 1
	}
	return same || last
}

// even reports whether each date is a whole number of steps after the one before, and few
// are not there.
func (d *Dates) even(s Step) bool {
	absent := int64(0)
	for i := 1; i < len(d.Unix) && s.N > 0; i++ {
		n, whole := s.between(d.Unix[i-1], d.Unix[i])
		if absent += n - 1; n < 1 || !whole || absent > int64(len(d.Unix)/10) {
			return false
		}
	}
	return s.N > 0
}

func monthsBetween(a, b int64) int64 {
	x, y := time.Unix(a, 0).UTC(), time.Unix(b, 0).UTC()
	return int64(12*(y.Year()-x.Year()) + int(y.Month()) - int(x.Month()))
}

// between returns how many steps there are from a to b, and whether they are whole.
func (s Step) between(a, b int64) (n int64, whole bool) {
	d := b - a
	if s.Months {
		d = monthsBetween(a, b)
	}
	return d / s.N, d%s.N == 0
}

// after returns the date n steps after another. A month's last day stays one.
func (s Step) after(unix, n int64) int64 {
	if !s.Months {
		return unix + n*s.N
	}
	t := time.Unix(unix, 0).UTC()
	first := t.AddDate(0, 0, 1-t.Day()).AddDate(0, int(n*s.N), 0)
	last := first.AddDate(0, 1, -1)
	if t.AddDate(0, 0, 1).Day() == 1 || t.Day() > last.Day() {
		return last.Unix()
	}
	return first.AddDate(0, 0, t.Day()-1).Unix()
}

// After returns n dates that follow the last, as they are written, or nothing if the dates have
// no step.
func (d *Dates) After(n int) (dates []string) {
	s, ok := d.Step()
	for k := 1; ok && k <= n; k++ {
		dates = append(dates, d.String(s.after(d.Unix[len(d.Unix)-1], int64(k))))
	}
	return dates
}

// Absent returns the dates of rows that are not there, as their step has it.
func (d *Dates) Absent() (dates []string) {
	s, ok := d.Step()
	for i := 1; ok && i < len(d.Unix); i++ {
		n, _ := s.between(d.Unix[i-1], d.Unix[i])
		for k := int64(1); k < n; k++ {
			dates = append(dates, d.String(s.after(d.Unix[i-1], k)))
		}
	}
	return dates
}

// Insert adds the rows that are not there, with values that are missing.
func (c *Column) Insert() {
	s, ok := c.Dates.Step()
	if !ok {
		return
	}
	values, dates := c.Values[:1:1], c.Dates.Unix[:1:1]
	for i := 1; i < len(c.Values); i++ {
		before := c.Dates.Unix[i-1]
		n, _ := s.between(before, c.Dates.Unix[i])
		for k := int64(1); k < n; k++ {
			values, dates = append(values, missing), append(dates, s.after(before, k))
		}
		values, dates = append(values, c.Values[i]), append(dates, c.Dates.Unix[i])
	}
	c.Values, c.Dates.Unix = values, dates
}

// Forward turns the rows round if their dates run backwards, and returns whether it did.
func (c *Column) Forward() bool {
	t := c.Dates.Unix
	for i := 1; i < len(t); i++ {
		if t[i] > t[i-1] {
			return false
		}
	}
	if t[0] == t[len(t)-1] {
		return false
	}
	slices.Reverse(t)
	slices.Reverse(c.Values)
	return true
}

// Again reports whether a date comes twice on end, as where a column has several series.
func (d *Dates) Again() bool {
	for i := 1; i < len(d.Unix); i++ {
		if d.Unix[i] == d.Unix[i-1] {
			return true
		}
	}
	return false
}
