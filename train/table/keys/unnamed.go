package keys

import (
	"slices"

	"lstm/train/table/dates"
	"lstm/train/table/grid"
)

// A part is a column of a date, which holds whole numbers.
type part struct {
	at        int // the column, counted from the first of the date
	before    string
	digits    int
	low, high int
}

// layouts are the orders of the columns of a date.
var layouts = []struct {
	parts []part
	bare  bool // only in a table without a header: in others, names tell
}{
	{[]part{{0, "", 4, 1500, 2200}, {1, "-", 0, 1, 12}, {2, "-", 0, 1, 31}}, false},
	{[]part{{2, "", 4, 1500, 2200}, {1, "-", 0, 1, 12}, {0, "-", 0, 1, 31}}, false},
	{[]part{{2, "", 4, 1500, 2200}, {0, "-", 0, 1, 12}, {1, "-", 0, 1, 31}}, false},
	{[]part{{0, "", 4, 1500, 2200}, {1, "-", 3, 1, 366}}, false}, // the day of the year
	{[]part{{0, "", 4, 0, 99}, {1, "-", 0, 1, 12}, {2, "-", 0, 1, 31}}, true},
	{[]part{{0, "", 4, 1500, 2200}, {1, "-", 0, 1, 12}}, true},
	{[]part{{0, "", 8, 1500_01_01, 2200_12_31}}, true}, // and an hour
}

// unnamed returns the keys of neighbours that hold a year, a month, a day and so on, whatever their names are. sure asks that
// the dates follow each other as those of a series do. Without it, they need only be dates.
func (f *finder) unnamed(sure bool) (all []Key) {
	const least = 10 // rows
	if len(f.sample) < least {
		return nil
	}
	for c := range f.h.Sorts {
		for _, l := range layouts {
			if l.bare && (f.h.Fields != nil || !sure) {
				continue
			}
			k := Key{}
			for _, p := range l.parts {
				f.take(&k, c, p)
			}
			if len(k.Columns) == len(l.parts) && f.lengthen(&k, c+len(l.parts), sure) {
				k.named(f.h)
				all = append(all, k)
			}
		}
		if len(all) > 0 {
			break
		}
	}
	return all
}

// take adds a part of a date to a key, if its column fits.
func (f *finder) take(k *Key, first int, p part) {
	c := first + p.at
	if c >= len(f.h.Sorts) || c == f.skip {
		return
	}
	n := values(f.sample, c, p.low, p.high)
	two := p.high == 99 && !every(f.sample, c, func(s string) bool { return len(s) == 2 })
	if n != nil && !two && (p.high != 366 || slices.Max(n) > 31) || p.digits == 8 && f.h.Sorts[c] == grid.Date {
		k.Add(c, p.before, p.digits)
	}
}

// lengthen adds the columns of the time of day, from column next on, until all rows have a date of their own.
func (f *finder) lengthen(k *Key, next int, sure bool) bool {
	for _, p := range []part{{0, " ", 2, 0, 24}, {0, ":", 2, 0, 59}, {0, ":", 2, 0, 59}, {}} {
		if (len(k.Columns) > 1 || k.digits[0] == 4) && f.follow(k, sure) {
			if minute := (part{0, ":", 2, 0, 59}); p == minute && next < len(f.h.Sorts) && !slices.ContainsFunc(f.sample, func(s grid.Row) bool { return len(s.Fields[next]) != 2 }) {
				f.take(k, next, minute) // all rows are from the same minute
				return f.follow(k, sure)
			}
			return true
		}
		n := len(k.Columns)
		if p.high == 24 && next < len(f.h.Sorts) && f.joined(next) {
			p.digits, p.high = 4, 2400
		}
		if f.take(k, next, p); len(k.Columns) == n {
			return false
		}
		next++
	}
	return false
}

// follow reports whether all rows have a date of their own. If it must be sure, they have a step, or ascend or descend with
// many rows in a year.
func (f *finder) follow(k *Key, sure bool) bool {
	d := f.dates(k)
	if d == nil {
		return false
	}
	rows := len(f.sample)
	order := d.Arrange(make([]float64, rows))
	if twice, _ := d.Twice(); twice != "" {
		return false
	}
	years := make(map[string]bool)
	for i := range rows {
		years[d.Label(i)[:4]] = true
	}
	many := 3*len(years) <= rows
	switch {
	case !sure:
		return many && len(k.Columns) > 2
	case len(k.Columns) == 2: // a month and a number can be something else
		const few = 50 // of so many rows, one may be absent
		return d.Even() && order != dates.Shuffled && few*len(d.Absent()) <= rows
	}
	return d.Even() || many && order != dates.Shuffled
}
