// Package dates reads the dates of a table's rows. It finds one format for all of them, and the step from row to row.
//
// Package time parses the dates. A table of its layouts, and patterns where it has no layout, are in formats.go. Names of
// months may be in many languages. A date like 01/02/2021 has two meanings: other rows of the table tell which.
package dates

import (
	"fmt"
	"strings"
	"time"
)

// Dates are the dates of rows.
type Dates struct {
	Name   string  // the name of their column
	Micros []int64 // microseconds since 1970, UTC; for local times, as if they were in UTC

	// Zone has the offset of each date from UTC, in quarters of an hour. It is nil if all offsets are zero. Local times
	// have an offset while clocks are forward.
	Zone []int8

	formats []*format // those that fit all fields; the first is in use
	fast    string    // the layout of whole fields; "": there is none
	fine    string    // the layout of the time of day, the finest that occurred; "": there is none
	zoned   bool      // fields have a zone
	as      bool      // dates are written as they came, and not as in ISO 8601
	changes []string  // when clocks changed
	step    *step     // of Step, once it is known
}

// A step is the distance between two consecutive dates.
type step struct {
	n      int64 // microseconds, months, or days of work
	months bool  // n counts months
	work   bool  // the step is a day of work: Saturday and Sunday do not count
	zoned  bool  // a day may have 23 or 25 hours
	ok     bool  // all dates fit the step
}

// Numeric reports whether the dates could be plain numbers.
func (d *Dates) Numeric() bool { return d.formats[0].numeric }

// Unit returns the unit in which the dates are written.
func (d *Dates) Unit() Unit {
	switch {
	case d.fine != "":
		return ByTime
	case len(d.formats) == 0: // only the numbers are known
		return ByDay
	}
	return d.formats[0].Unit
}

// padded returns a layout that writes two digits.
func padded(layout string) string {
	layout = strings.ReplaceAll(layout, "2006", "Y")
	for _, p := range [][2]string{{"06", "y"}, {"002", "j"}, {"01", "m"}, {"02", "d"}, {"15", "H"}, {"1", "01"}, {"2", "02"}, {"m", "01"}, {"d", "02"}, {"j", "002"}, {"H", "15"}, {"y", "06"}, {"Y", "2006"}} {
		layout = strings.ReplaceAll(layout, p[0], p[1])
	}
	return layout
}

// layout returns the layout in which the dates are written.
func (d *Dates) layout() string {
	f := d.formats[0]
	at := ""
	if d.fine != "" {
		at = " " + d.fine
	}
	if d.zoned {
		at += "Z07:00"
	}
	switch {
	case d.as && f.layout != "":
		if strings.Contains(d.fast, "T1") && f.Unit == ByDay {
			at = strings.Replace(at, " ", "T", 1)
		}
		if f.Unit == ByTime {
			return "2006-01-02 " + d.fine
		}
		return padded(f.layout) + at
	case f.Unit == ByYear:
		return "2006"
	case f.Unit == ByMonth:
		return "2006-01"
	}
	return "2006-01-02" + at
}

// String returns the date of some microseconds, at an offset of some quarters of an hour.
func (d *Dates) String(micros int64, zone int) string {
	t := time.UnixMicro(micros).In(time.FixedZone("", zone*15*60))
	year, week := t.ISOWeek()
	switch d.formats[0].Unit {
	case ByHalf:
		return fmt.Sprintf("%04d-H%d", t.Year(), (t.Month()+5)/6)
	case ByQuarter:
		return fmt.Sprintf("%04d-Q%d", t.Year(), (t.Month()+2)/3)
	case ByRow:
		return fmt.Sprint(float64(micros) / 1e6)
	case ByWeek:
		return fmt.Sprintf("%04d-W%02d", year, week)
	}
	return t.Format(d.layout())
}

// Label returns the date of row i.
func (d *Dates) Label(i int) string { return d.String(d.Micros[i], d.zoneAt(i)) }

func (d *Dates) zoneAt(i int) int {
	if d.Zone == nil {
		return 0
	}
	return int(d.Zone[i])
}

// Format says how the dates are written, such as "day.month.year and time".
func (d *Dates) Format() string {
	says := d.formats[0].says
	if d.fine != "" && d.formats[0].Unit != ByTime {
		says += " and time"
	}
	return says
}
