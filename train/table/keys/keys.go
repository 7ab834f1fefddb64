// Package keys finds the columns of a table that make up the dates of its rows.
//
// A date can be in one column, or in several: a year and a month, a date and a time. If a column seems to have dates and no
// format fits, the package returns an error that says so: rows whose newest comes first must not be taken in their order.
package keys

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"

	"lstm/train/table/dates"
	"lstm/train/table/grid"
	"lstm/train/table/numbers"
	"lstm/train/table/words"
)

// A Candidate is a way to read the dates.
type Candidate struct {
	Key      Key          // the columns
	Dates    *dates.Dates // the formats that fit
	distinct int
	named    bool
}

// Find finds the columns of the dates. It leaves out column skip, and uses only rows of the sample. order is the
// order in dates that is asked for.
func Find(h *grid.Head, sample []grid.Row, skip int, order string) *Candidate {
	var best *Candidate
	try := func(k Key, named bool) {
		if slices.Contains(k.Columns, skip) {
			return
		}
		var texts []string
		seen := make(map[string]bool)
		for i := range sample {
			if t := k.Of(sample[i].Fields); !k.Empty(sample[i].Fields) {
				texts = append(texts, t)
				seen[t] = true
			}
		}
		d := dates.New(texts, named, order)
		if d == nil {
			return
		}
		c := &Candidate{k, d, len(seen), named}
		if best == nil || better(c, best) {
			best = c
		}
	}
	f := &finder{h, sample, skip, order}
	all := f.pairs()
	if !slices.ContainsFunc(all, f.distinct) { // names tell nothing, or not all: if there are several ways, a day can be a month
		if more := f.unnamed(true); len(more) == 1 {
			all = more
		}
	}
	for _, k := range all {
		try(k, true)
	}
	for c, s := range h.Sorts {
		if s == grid.Date || s == grid.Number && (c < 5 || words.Date.Is(h.Names[c])) || s == grid.Words && (words.Date.Is(h.Names[c]) || every(sample, c, digits.MatchString)) {
			k := Key{Name: h.Names[c]}
			k.Add(c, "", 0)
			try(k, words.Date.Is(h.Names[c]))
		}
	}
	return best
}

// better reports whether a is better than b, which stands before it: b has one date in all rows, or only numbers, or far
// fewer dates, or no name of a date.
func better(a, b *Candidate) bool {
	switch {
	case a.distinct == 1:
		return false
	case b.distinct == 1:
		return true
	case a.Dates.Numeric() != b.Dates.Numeric():
		return b.Dates.Numeric()
	case a.named != b.named:
		return a.named
	}
	return false
}

// Unread returns the error about a column that seems to have dates or numbers of rows, although no format fits. sample are
// rows of data, and all are all rows.
func Unread(h *grid.Head, sample, all []grid.Row, skip int) error {
	f := &finder{h: h, sample: sample, skip: skip}
	if like := f.unnamed(false); len(like) > 0 && len(f.pairs()) == 0 {
		return fmt.Errorf("%s look like the parts of a date, such as %s: name them year, month, day, hour in a header, or read the rows in their order with -date none", like[0].Name, like[0].Of(sample[0].Fields))
	}
	for c, s := range h.Sorts {
		if s == grid.Number && c != skip {
			if f := unlike(h, all, c); f != "" {
				return fmt.Errorf("column %s has dates of several kinds, such as %.40q and %.40q: keep the rows of one kind, or read the rows in their order with -date none", h.Names[c], sample[0].Fields[c], f)
			}
		}
		if c == skip || len(sample) == 0 || s == grid.Nothing || s == grid.Number && (c > 0 || Consecutive(sample, c) != 0) {
			continue
		}
		name, first := h.Names[c], sample[0].Fields[c]
		if falls(sample, c) {
			return fmt.Errorf("column %s falls from row to row, such as %.40q before %.40q: does the newest row come first? Turn the rows, or read them in their order with -date none", name, first, sample[1].Fields[c])
		}
		if s == grid.Number || every(sample, c, func(f string) bool { return clock.MatchString(f) || short.MatchString(f) }) {
			continue
		}
		if s == grid.Date || every(sample, c, digits.MatchString) && (words.Date.Is(name) || varied(sample, c) && every(sample, c, dating.MatchString)) {
			return fmt.Errorf("column %s: dates such as %.40q are in no format that is known: write them as 2006-01-31, or read the rows in their order with -date none", name, first)
		}
	}
	return nil
}

// Above returns an error if several rows above the data have a value, but a year where the data have other dates.
func Above(h *grid.Head, k *Key, at int, r *grid.Rows) error {
	var years []string
	for _, s := range r.Sample[:h.Begin] {
		if len(s.Fields) == len(h.Sorts) && slices.Contains(h.Title, s.Line) && numbers.Looks(s.Fields[at]) && !s.Comment() {
			if y := k.Of(s.Fields); len(y) == 4 && dating.MatchString(y) {
				years = append(years, y)
			}
		}
	}
	if len(years) < 2 {
		return nil
	}
	return fmt.Errorf("column %s has dates of several kinds, such as %q and %.40q: keep the rows of one kind, or read the rows in their order with -date none", k.Name, years[0], k.Of(r.Sample[h.Begin].Fields))
}

// Quarterly returns an error if the dates are years with .1 to .4 only, which can be quarters.
func Quarterly(k *Key, sample []grid.Row) error {
	for _, s := range sample {
		if !tenths.MatchString(k.Of(s.Fields)) {
			return nil
		}
	}
	return fmt.Errorf("column %s: dates such as %q can be quarters: write them as 1996Q1, or read the rows in their order with -date none", k.Name, k.Of(sample[0].Fields))
}

var tenths = regexp.MustCompile(`^\d{4}\.[1-4]$`)

// unlike returns a date that is no number, if some rows have one in a column of numbers.
func unlike(h *grid.Head, rows []grid.Row, c int) (field string) {
	n := 0
	for _, s := range rows {
		if len(s.Fields) == len(h.Sorts) && !s.Comment() && words.Looks(s.Fields[c]) && !numbers.Looks(s.Fields[c]) {
			n++
			field = s.Fields[c]
		}
	}
	if 10*n < len(rows) {
		return ""
	}
	return field
}

var (
	// short fits the names of things that have a number, such as Q1 or week 5.
	short  = regexp.MustCompile(`^[A-Za-z]+ ?\d{1,3}$|^\d{1,2} ?[A-Za-z]{1,2}$`)
	digits = regexp.MustCompile(`\d`)
	others = regexp.MustCompile(`\D+`)
	// dating fits texts that have a year, or two numbers.
	dating = regexp.MustCompile(`(^|\D)(1[5-9]|20|21)\d\d(\D|$)|\d\D+\d`)
)

// varied reports whether most rows have a text of their own.
func varied(sample []grid.Row, c int) bool {
	seen := make(map[string]bool)
	for _, s := range sample {
		seen[s.Fields[c]] = true
	}
	return 2*len(seen) > len(sample)
}

// falls reports whether the numbers in the fields of a column fall from row to row. They may begin again.
func falls(sample []grid.Row, c int) bool {
	const least = 10
	last, down := math.NaN(), 0
	for _, s := range sample {
		v, err := strconv.ParseFloat(s.Fields[c], 64)
		if err != nil { // 15:45 is 1545
			v, err = strconv.ParseFloat(others.ReplaceAllString(s.Fields[c], ""), 64)
		}
		if err != nil {
			return false
		}
		if v < last {
			down++
		}
		last = v
	}
	return len(sample) > least && down*10 >= (len(sample)-1)*9
}

// Consecutive returns 1 if the numbers of a column rise by equal steps, −1 if they fall so, or 0. They may begin again.
func Consecutive(sample []grid.Row, c int) int {
	var all []float64
	for _, s := range sample {
		v, err := strconv.ParseFloat(s.Fields[c], 64)
		if err != nil || math.Abs(v) > 1e11 {
			return 0
		}
		all = append(all, v)
	}
	if len(all) < 3 {
		return 0
	}
	step, equal := all[1]-all[0], 0
	for i := 1; i < len(all); i++ {
		if math.Abs(all[i]-all[i-1]-step) <= 1e-3*math.Abs(step) {
			equal++
		}
	}
	switch {
	case equal*10 < (len(all)-1)*9 || step == 0:
		return 0
	case step < 0:
		return -1
	}
	return 1
}
