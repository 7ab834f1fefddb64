package table

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"lstm/train/table/codes"
	"lstm/train/table/dates"
	"lstm/train/table/grid"
	"lstm/train/table/keys"
	"lstm/train/table/numbers"
	"lstm/train/table/words"
)

// A builder collects a column row by row.
type builder struct {
	o          Options
	h          *grid.Head
	at         int       // the index of the column
	key        *keys.Key // of the dates; nil if there are none
	dates      *dates.Dates
	counter    bool // the dates are numbers of rows
	numbers    numbers.Column
	codes      []float64 // of missing values
	words      []string  // for missing values, in lower case
	conditions []condition
	tallies    []*tally
	missing    []int // lines

	left  leftovers
	other int     // rows of other groups
	empty int     // empty lines since the last row
	sums  []sum   // rows that may be sums
	odd   []oddly // rows since the last row of data that are not like it
}

// A sum is a row with a field such as Total.
type sum struct {
	line, rows int // rows is the number of rows up to it
	word       string
}

// total leaves out the last row if it is the only one with a field such as Total, and has the sum or the mean of the others.
func (b *builder) total() error {
	n := len(b.numbers.Values)
	if len(b.sums) != 1 || b.sums[0].rows != n || n < 3 {
		return nil
	}
	sum, rows := 0.0, 0.0
	for _, v := range b.numbers.Values[:n-1] {
		if !math.IsNaN(v) {
			sum, rows = sum+v, rows+1
		}
	}
	last, line := b.numbers.Values[n-1], b.sums[0].line
	const about = 1e-3
	if math.Abs(last-sum) > about*math.Abs(sum) && math.Abs(last-sum/rows) > about*math.Abs(sum/rows) {
		return fmt.Errorf("line %d: the last row is named %q: take it out if it sums up the rows above, or take out the name", line, b.sums[0].word)
	}
	b.numbers.Values = b.numbers.Values[:n-1]
	if b.dates != nil {
		b.dates.Drop()
	}
	b.left.add("sums", line)
	return nil
}

// An oddly is a row that is not like the others.
type oddly struct {
	line   int
	err    error
	footer bool // it can be a note below the table
}

var errNoDate = errors.New("there is a value, but no date")

// add takes a row.
func (b *builder) add(r *grid.Row) error {
	width := len(b.h.Sorts)
	switch {
	case r.Blank() && width > 1:
		return nil
	case r.Blank():
		b.empty++
		return nil
	case width > 1 && r.Rule():
		b.left.add("rules", r.Line)
		return nil
	case b.headAgain(r):
		b.left.add("the header again", r.Line)
		return nil
	case r.Comment() && (width > 1 && (len(r.Fields) != width || grid.SortOf(r.Fields[b.at]) == grid.Words) || width == 1 && !numbers.Missing(r.Fields[0])):
		b.left.add("comments", r.Line)
		return nil
	case len(r.Fields) != width && !(len(r.Fields) > width && grid.Over(r.Fields, width)):
		first, alone := r.Only()
		few := fmt.Errorf("line %d: %d fields, but the other rows have %d: %.40q", r.Line, len(r.Fields), width, r.Text)
		mark := alone && !strings.ContainsFunc(first, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
		note := mark || alone && (b.key != nil || strings.ContainsAny(first, " :") || ending(r.Fields)) && !words.Looks(first) && strings.ContainsFunc(first, unicode.IsLetter) ||
			!numbers.Looks(first) && (!words.Looks(first) || len(r.Fields) > width) && (prose(r.Text) || grid.Total(r.Fields, true) != "")
		b.odd = append(b.odd, oddly{r.Line, few, note})
		return nil
	}
	for i := range b.conditions {
		if !b.conditions[i].fits(r.Fields) {
			b.other++
			return nil
		}
	}
	return b.data(r)
}

// headAgain reports whether a row repeats the header.
func (b *builder) headAgain(r *grid.Row) bool {
	h := b.h.Fields
	return len(h) > 0 && len(r.Fields) >= len(h) && strings.HasSuffix(r.Fields[0], h[0]) && strings.TrimLeft(r.Fields[0], "# ") == h[0] && slices.Equal(r.Fields[1:len(h)], h[1:]) && grid.Over(r.Fields, len(h)) && !numbers.Looks(r.Fields[b.at])
}

// prose reports whether a line is a text, and not a row of a table.
func prose(line string) bool {
	letters, digits := 0, 0
	for _, r := range line {
		if unicode.IsLetter(r) {
			letters++
		} else if unicode.IsDigit(r) {
			digits++
		}
	}
	return letters > 2 && letters > digits
}

// data takes a row that has the right number of fields.
func (b *builder) data(r *grid.Row) error {
	field := r.Fields[b.at]
	missing := numbers.Missing(field) || b.isWord(field)
	if b.key != nil {
		switch none := b.key.Empty(r.Fields); {
		case none && missing:
			b.note(r, nil)
			return nil
		case none && grid.Total(r.Fields, true) != "":
			b.left.add("sums", r.Line)
			return nil
		case none && numbers.Looks(field):
			b.note(r, errNoDate)
			return nil
		}
	}
	if b.key == nil && missing && field != r.Fields[0] && ending(r.Fields) {
		b.note(r, nil)
		return nil
	}
	if b.key == nil && grid.Total(r.Fields, false) != "" && (b.h.Sorts[b.at] != grid.Number || !numbers.Looks(r.Fields[0]) || len(r.Fields) == 1) {
		b.left.add("sums", r.Line)
		return nil
	}
	if b.key != nil {
		if err := b.dates.Add(b.key.Of(r.Fields)); err != nil {
			if grid.Total(r.Fields, true) != "" {
				b.left.add("sums", r.Line)
				return nil
			}
			b.note(r, fmt.Errorf("%s: %.40q is no date like those above", b.key.Name, b.key.Of(r.Fields)))
			return nil
		}
	}
	if missing {
		b.numbers.AddMissing()
	} else if err := b.numbers.Add(field); err != nil {
		if b.key != nil {
			b.dates.Drop()
		}
		hint := ""
		if len(field) <= 20 && grid.SortOf(field) == grid.Words && !strings.Contains(err.Error(), "finite") {
			hint = fmt.Sprintf(": if it stands for a missing value, -missing %s says so", strings.ReplaceAll(strconv.Quote(field), `\\`, `\`))
		}
		b.note(r, fmt.Errorf("%s: %w%s", b.h.Names[b.at], err, hint))
		return nil
	}
	return b.keep(r)
}

// note notes a row that is not like the others. err is nil if nothing in it is wrong.
func (b *builder) note(r *grid.Row, err error) {
	footer := err == nil
	if err != nil {
		footer = !numbers.Looks(r.Fields[b.at]) && !errors.Is(err, errNoDate)
		if b.key == nil {
			footer = footer && prose(r.Text) && ending(r.Fields)
		} else {
			footer = footer && !words.Looks(b.key.Of(r.Fields)) && strings.ContainsFunc(r.Text, unicode.IsLetter)
		}
		err = fmt.Errorf("line %d: %w", r.Line, err)
	}
	b.odd = append(b.odd, oddly{r.Line, err, footer})
}

// ending reports whether a row begins like a note below a table, or marks its end.
func ending(fields []string) bool {
	word, _, _ := strings.Cut(strings.ToLower(strings.TrimLeft(fields[0], "-=*. ")), " ")
	return strings.HasPrefix(fields[0], "*") || slices.Contains([]string{"end", "eof", "ende", "fin", "fine", "source", "sources", "quelle", "quellen", "fuente", "fonte",
		"note", "notes", "hinweis", "anmerkung", "remark", "remarks", "legend", "nota", "notas", "stand", "copyright"}, strings.Trim(word, ":-=.,"))
}

func (b *builder) isWord(field string) bool {
	return len(b.words) > 0 && slices.Contains(b.words, strings.ToLower(field))
}

// keep completes a row whose date and number were added.
func (b *builder) keep(r *grid.Row) error {
	for _, odd := range b.odd {
		if odd.err != nil {
			return odd.err // it stands between rows of data
		}
		b.left.add("notes inside", odd.line)
	}
	b.odd = b.odd[:0]
	v := &b.numbers.Values
	last := len(*v) - 1
	if slices.Contains(b.codes, (*v)[last]) {
		(*v)[last] = math.NaN()
	}
	if b.empty > 0 && len(b.h.Sorts) == 1 && last > 0 { // empty lines in a column are missing values
		x := (*v)[last]
		*v = (*v)[:last]
		for line := r.Line - b.empty; line < r.Line; line++ {
			b.numbers.AddMissing()
			b.missing = append(b.missing, line)
		}
		*v = append(*v, x)
	}
	b.empty = 0
	if math.IsNaN((*v)[len(*v)-1]) {
		b.missing = append(b.missing, r.Line)
	}
	for _, t := range b.tallies {
		t.add(r.Fields)
	}
	if word := grid.Summary(r.Fields); word != "" && len(b.sums) < 2 {
		b.sums = append(b.sums, sum{r.Line, len(*v), word})
	}
	if len(*v) > maxValues {
		return fmt.Errorf("line %d: more than %d values", r.Line, maxValues)
	}
	return nil
}

// finish settles what only the whole table shows.
func (b *builder) finish(separator string, comments []string) (*Column, error) {
	for _, odd := range b.odd {
		if !odd.footer {
			return nil, odd.err
		}
		b.left.add("notes below", odd.line)
	}
	name := b.h.Names[b.at]
	if err := b.numbers.End(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if err := b.total(); err != nil {
		return nil, err
	}
	c := &Column{Name: name, Values: b.numbers.Values, Missing: b.missing}
	if len(c.Values) == 0 {
		return nil, errors.New("no row has a value")
	}
	var several error
	var doubt string
	if b.o.Group == "" {
		doubt, several = stacked(b.tallies, b.dates != nil, b.numbers.Values)
	}
	if b.dates != nil {
		if err := b.arrange(c); err != nil {
			return nil, err
		}
	}
	if several != nil {
		return nil, several
	}
	if b.o.Missing != "none" {
		doubts, err := codes.Find(c.Values, codes.Said(comments))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		c.Doubt = append(c.Doubt, doubts...)
	}
	if doubt != "" {
		c.Doubt = append(c.Doubt, doubt)
	}
	c.Read = b.says(separator)
	if b.other > 0 {
		c.Left = append(c.Left, fmt.Sprintf("%d rows of other groups", b.other))
	}
	c.Left = append(c.Left, b.left.says()...)
	return c, nil
}

// arrange brings the rows in the order of their dates. Two rows of one date are an error.
func (b *builder) arrange(c *Column) error {
	if err := b.dates.End(); err != nil {
		return fmt.Errorf("%s: %w", b.key.Name, err)
	}
	b.dates.Name = b.key.Name
	if err := zones(b.dates.Zone); err != nil {
		return fmt.Errorf("%s: %w", b.key.Name, err)
	}
	numeric := b.dates.Numeric()
	before := slices.Clone(b.dates.Micros[:min(len(b.dates.Micros), 1<<20)])
	values := c.Values
	var kept []float64
	if b.o.Group == "none" {
		kept = slices.Clone(values)
	}
	c.Order = b.dates.Arrange(values)
	if other := b.otherDates(); other != "" && c.Order == dates.Shuffled {
		return fmt.Errorf("the rows are out of order by %s, and %s has dates, too: delete the column that does not say when a value "+
			"was measured, or read the rows in their order with -date none", b.key.Name, other)
	}
	if twice, times := b.dates.Twice(); twice != "" {
		if b.o.Group == "none" {
			c.Values, c.Order = kept, dates.Ascending
			if slices.IsSortedFunc(before, func(x, y int64) int { return cmp.Compare(y, x) }) {
				slices.Reverse(c.Values)
				c.Order = dates.Descending
				return nil
			}
			c.Doubt = append(c.Doubt, "Some dates come twice: the rows keep their order.")
			return nil
		}
		return groups(b.tallies, times, len(values), fmt.Sprintf("date %s comes more than once", twice))
	}
	if c.Order == dates.Shuffled && (!b.dates.Even() || len(b.dates.Absent()) > 0) {
		if i := strays(before); i > 0 {
			return fmt.Errorf("the dates are in order, but for %s after %s: is this date right? Sort the rows, or read them in their order with -date none",
				b.dates.String(before[i], 0), b.dates.String(before[i-1], 0))
		}
	}
	if b.counter || numeric && !b.dates.Even() && c.Order != dates.Shuffled && !words.Date.Is(b.key.Name) {
		return nil
	}
	c.Dates = b.dates
	return nil
}

// otherDates returns the name of a column of dates that the rows are not sorted by, or "".
func (b *builder) otherDates() string {
	for c, s := range b.h.Sorts {
		if s == grid.Date && !slices.Contains(b.key.Columns, c) {
			return b.h.Names[c]
		}
	}
	return ""
}

// says tells how the table was read.
func (b *builder) says(separator string) (all []string) {
	names := map[string]string{";": "semicolons", "\t": "tabs", "|": "bars", "~": "tildes", ",": "commas", " ": "spaces", "  ": "spaces"}
	if len(b.h.Sorts) > 1 && separator != "" {
		name := names[separator]
		if name == "" {
			name = separator
		}
		all = append(all, name+" between columns")
	}
	if b.h.Fields == nil {
		all = append(all, "no header")
	}
	if b.dates != nil && !b.counter {
		all = append(all, fmt.Sprintf("dates from %s as %s", b.key.Name, b.dates.Format()))
	}
	return append(all, b.numbers.Says()...)
}
