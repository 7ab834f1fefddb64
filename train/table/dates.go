package table

import (
	"slices"
	"strings"
	"time"
)

// Dates holds the dates of a column's values. They come from another column of the table.
type Dates struct {
	Name   string  // the name of the column of dates
	Layout string  // the layout of the dates, as in package time
	Unix   []int64 // seconds since 1970, UTC, one for each value
}

// layouts are the layouts of dates that the package reads. The layout of 03/04/2005 is not among them,
// because the date can be in March or in April.
var layouts = []string{
	"2006-01-02", "2006-01", "2006/01/02", "2006/01", "02.01.2006", "2006M01",
	"2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02T15:04:05", "2006-01-02T15:04", time.RFC3339,
	"2006/01/02 15:04:05", "2006/01/02 15:04", "02.01.2006 15:04:05", "02.01.2006 15:04",
	"2006", "200601", "20060102", // numeric
}

// numeric is the number of layouts, at the end of the list, that could be plain numbers.
const numeric = 3

// layout returns the first of some layouts that fits a field, or "".
func layout(field string, some []string) string {
	for _, layout := range some {
		if _, err := time.Parse(layout, strings.TrimSpace(field)); err == nil {
			return layout
		}
	}
	return ""
}

// findDates looks for a date in a row of the table. It returns empty Dates for the column of the date,
// and the column's index. It prefers layouts that are not numeric, and skips the column at index numbers.
// If there is no date, it returns nil.
func findDates(row, names []string, numbers int) (d *Dates, at int) {
	sure := len(layouts) - numeric
	for _, some := range [][]string{layouts[:sure], layouts[sure:]} {
		for i, field := range row {
			if l := layout(field, some); l != "" && i != numbers {
				return &Dates{Name: names[i], Layout: l}, i
			}
		}
	}
	return nil, 0
}

// numeric reports whether the dates could be plain numbers.
func (d *Dates) numeric() bool { return slices.Contains(layouts[len(layouts)-numeric:], d.Layout) }

// add appends the date of a field, and reports whether the field has a date.
func (d *Dates) add(field string) bool {
	t, err := time.Parse(d.Layout, strings.TrimSpace(field))
	d.Unix = append(d.Unix, t.Unix())
	return err == nil
}

// String returns a date in the table's layout.
func (d *Dates) String(unix int64) string { return time.Unix(unix, 0).UTC().Format(d.Layout) }

// Repeated reports whether two consecutive dates are equal, as in a column that holds several series.
func (d *Dates) Repeated() bool {
	return len(slices.Compact(slices.Clone(d.Unix))) < len(d.Unix)
}

// Even reports whether the dates have a step: they ascend, each distance is a whole number of
// steps, and at most a tenth of the dates are absent. So working days have no step.
func (d *Dates) Even() bool {
	_, ok := d.step()
	return ok
}

// step returns the usual distance from date to date, and whether all dates fit it.
func (d *Dates) step() (s step, ok bool) {
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
	s.n = median(func(a, b int64) int64 { return b - a })
	if s.n > 27*day && (d.monthly() || !d.fit(s)) {
		s = step{median(monthsBetween), true}
	}
	return s, d.fit(s)
}

// monthly reports whether all dates are on the same day of the month, or all on the last day.
func (d *Dates) monthly() bool {
	same, last := true, true
	for _, unix := range d.Unix {
		t := time.Unix(unix, 0).UTC()
		same = same && t.Day() == time.Unix(d.Unix[0], 0).UTC().Day()
		last = last && t.AddDate(0, 0, 1).Day() == 1
	}
	return same || last
}

// fit reports whether each date is a whole number of steps after the date before, and at most a
// tenth of the dates are absent.
func (d *Dates) fit(s step) bool {
	absent := int64(0)
	for i := 1; i < len(d.Unix) && s.n > 0; i++ {
		n, whole := s.between(d.Unix[i-1], d.Unix[i])
		if absent += n - 1; n < 1 || !whole || absent > int64(len(d.Unix)/10) {
			return false
		}
	}
	return s.n > 0
}

// After returns the next n dates in the table's layout. It returns nil if the dates have no step.
func (d *Dates) After(n int) (dates []string) {
	s, ok := d.step()
	for k := 1; ok && k <= n; k++ {
		dates = append(dates, d.String(s.after(d.Unix[len(d.Unix)-1], int64(k))))
	}
	return dates
}

// Absent returns the dates that are missing between two dates of the table. It returns nil if the dates
// have no step.
func (d *Dates) Absent() (dates []string) {
	d.gaps(func(_ int, unix int64) { dates = append(dates, d.String(unix)) })
	return dates
}

// gaps calls f for each absent date, in order. before is the index of the next date of the table.
func (d *Dates) gaps(f func(before int, unix int64)) {
	s, ok := d.step()
	for i := 1; ok && i < len(d.Unix); i++ {
		n, _ := s.between(d.Unix[i-1], d.Unix[i])
		for k := int64(1); k < n; k++ {
			f(i, s.after(d.Unix[i-1], k))
		}
	}
}

// A step is the distance between two consecutive dates.
type step struct {
	n      int64 // months or seconds
	months bool  // whether n counts months
}

func monthsBetween(a, b int64) int64 {
	x, y := time.Unix(a, 0).UTC(), time.Unix(b, 0).UTC()
	return int64(12*(y.Year()-x.Year()) + int(y.Month()) - int(x.Month()))
}

// between returns the number of steps from a to b, rounded toward zero, and whether it is whole.
func (s step) between(a, b int64) (n int64, whole bool) {
	d := b - a
	if s.months {
		d = monthsBetween(a, b)
	}
	return d / s.n, d%s.n == 0
}

// after returns the date n steps after another date. From the last day of a month, it steps to last days.
func (s step) after(unix, n int64) int64 {
	if !s.months {
		return unix + n*s.n
	}
	t := time.Unix(unix, 0).UTC()
	first := t.AddDate(0, 0, 1-t.Day()).AddDate(0, int(n*s.n), 0)
	last := first.AddDate(0, 1, -1)
	if t.AddDate(0, 0, 1).Day() == 1 || t.Day() > last.Day() {
		return last.Unix()
	}
	return first.AddDate(0, 0, t.Day()-1).Unix()
}
