package keys

import (
	"slices"
	"strings"

	"lstm/train/table/dates"
	"lstm/train/table/grid"
	"lstm/train/table/words"
)

// A finder finds columns by what they hold.
type finder struct {
	h      *grid.Head
	sample []grid.Row
	skip   int    // this column is not looked at
	order  string // of dates, if it is asked for
}

// column returns the index of the first column, from index from on, that has a role and numbers from low to high, or fields
// of another kind. It returns −1 if there is none.
func (f *finder) column(role words.Role, from, low, high int, other func(string) bool) int {
	for c := from; c < len(f.h.Names); c++ {
		if name := strings.ToLower(f.h.Names[c]); name == "min" && slices.ContainsFunc(f.h.Names, func(n string) bool { return strings.EqualFold(n, "max") }) {
			continue // the least value, and no minute
		}
		if c != f.skip && role.Is(f.h.Names[c]) && (values(f.sample, c, low, high) != nil || other != nil && every(f.sample, c, other)) {
			return c
		}
	}
	return -1
}

// joined reports whether a column has hours and minutes as one number: 30, 100, 2330.
func (f *finder) joined(c int) bool {
	all := values(f.sample, c, 0, 2400)
	return len(all) > 0 && slices.Max(all) > 24 && !slices.ContainsFunc(all, func(n int) bool { return n%100 > 59 })
}

// whole reports whether a column has dates such as 20211030.
func (f *finder) whole(c int) bool { return values(f.sample, c, 1500_01_01, 2200_12_31) != nil }

// repeats reports whether some rows have the same field in a column.
func (f *finder) repeats(c int) bool {
	seen := make(map[string]bool)
	for _, s := range f.sample {
		seen[s.Fields[c]] = true
	}
	return len(seen) < len(f.sample)
}

// distinct reports whether all rows have a date of their own.
func (f *finder) distinct(k Key) bool {
	d := f.dates(&k)
	if d == nil {
		return false
	}
	d.Arrange(make([]float64, len(d.Micros)))
	twice, _ := d.Twice()
	return twice == ""
}

// ordered reports whether the rows of a date are in order by an hour: a number of hours of work is not.
func (f *finder) ordered(k *Key) bool {
	d := f.dates(k)
	if d == nil {
		return true // Find finds out
	}
	order := d.Arrange(make([]float64, len(d.Micros)))
	twice, _ := d.Twice()
	return twice != "" || order != dates.Shuffled || d.Even()
}

// dates returns the dates of the sample, or nil if a row has none.
func (f *finder) dates(k *Key) *dates.Dates {
	texts := make([]string, len(f.sample))
	for i, s := range f.sample {
		texts[i] = k.Of(s.Fields)
	}
	d := dates.New(texts, true, f.order)
	if d == nil || slices.ContainsFunc(texts, func(t string) bool { return d.Add(t) != nil }) || d.End() != nil {
		return nil
	}
	return d
}
