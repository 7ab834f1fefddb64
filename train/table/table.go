// Package table reads one column of numbers from a text file.
//
// It reads tables of many kinds: fields between commas, semicolons, tabs or spaces; with a header or without;
// quoted fields; lines that end in LF or CRLF; a byte order mark; columns of dates or words beside the
// numbers. It skips lines of comment, which begin with #, and lines of one field before the table.
//
// A number may have a decimal comma unless commas separate the fields. A value is missing if the
// field is empty or is one of NA, N/A, #N/A, NaN, null, none, -, ?, a point, or asterisks. In a
// table of one column, an empty line is also a missing value.
//
// If another column holds dates, the package reads the dates as well. They show which rows are absent,
// and which dates follow the last date.
package table

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"lstm/train/file"
)

// A Column is a column of numbers.
type Column struct {
	Name    string    // the name in the header, or "column N"
	Values  []float64 // NaN where a value is missing
	Missing []int     // the lines of the file that have no value, in ascending order
	Dates   *Dates    // one for each value; nil if the table has no dates
}

// ReadFile reads a column of a file. column is a name in the header or a number, counted from 1; if
// it is empty, the table must have exactly one column of numbers. The error names the file and,
// where it can, the line and the column.
func ReadFile(name, column string) (*Column, error) {
	f, err := file.Open(name, maxFile)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	c, err := Read(f, column)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return c, nil
}

// Read works like ReadFile, but on any reader. It needs memory for the longest line, and 8 bytes for
// each value and each date.
func Read(r io.Reader, column string) (*Column, error) {
	rows, err := newRows(r)
	if err != nil {
		return nil, err
	}
	first, second, err := rows.top()
	if err == io.EOF {
		return nil, errors.New("the table has fewer than two rows")
	}
	if err != nil {
		return nil, err
	}
	header := rows.isHeader(first, second, column)
	names := make([]string, len(first.fields))
	for i, field := range first.fields {
		names[i] = fmt.Sprintf("column %d", i+1)
		if field = strings.TrimSpace(field); header && field != "" {
			names[i] = field
		}
	}
	at, err := rows.pick(column, names, second)
	if err != nil {
		return nil, err
	}
	b := builder{rows: rows, at: at, column: Column{Name: names[at]}}
	b.column.Dates, b.when = findDates(second.fields, names, at)
	if !header {
		if err := b.add(first); err != nil {
			return nil, err
		}
	}
	for row := second; err != io.EOF; row, err = rows.next() {
		if err == nil {
			err = b.add(row)
		}
		if err != nil {
			return nil, err
		}
	}
	if d := b.column.Dates; d != nil && d.numeric() && !d.Even() {
		b.column.Dates = nil // plain numbers
	}
	return &b.column, nil
}

// isHeader reports whether the first row is a header. In a header, one field is not a number. This field is
// the name of the requested column, or it is above a number or a date.
func (r *rows) isHeader(first, second row, column string) bool {
	for i, name := range first.fields {
		if _, err := r.number(name); err == nil {
			continue
		}
		v, err := r.number(second.fields[i])
		if strings.TrimSpace(name) == column || err == nil && !math.IsNaN(v) ||
			layout(name, layouts) == "" && layout(second.fields[i], layouts) != "" {
			return true
		}
	}
	return false
}

// pick returns the index of the requested column.
func (r *rows) pick(column string, names []string, sample row) (int, error) {
	if column == "" {
		return r.pickNumbers(names, sample)
	}
	if at := slices.Index(names, column); at >= 0 {
		if again := slices.Index(names[at+1:], column); again >= 0 {
			return 0, fmt.Errorf("columns %d and %d are both named %q: choose one by its number", at+1, at+again+2, column)
		}
		return at, nil
	}
	if n, err := strconv.Atoi(column); err == nil && n >= 1 && n <= len(names) {
		return n - 1, nil
	}
	return 0, fmt.Errorf("no column %q; the columns are %s", column, list(names))
}

// pickNumbers returns the index of the only column that has a number in a row. If no column has a number,
// it returns the index of the only column that has a missing value in this row.
func (r *rows) pickNumbers(names []string, sample row) (int, error) {
	for _, missing := range []bool{false, true} {
		at := -1
		for i, field := range sample.fields {
			if v, err := r.number(field); err != nil || math.IsNaN(v) != missing {
				continue
			}
			if at >= 0 {
				return 0, fmt.Errorf("several columns hold numbers: choose one with -column; the columns are %s", list(names))
			}
			at = i
		}
		if at >= 0 {
			return at, nil
		}
	}
	return 0, fmt.Errorf("no column holds numbers; the columns are %s", list(names))
}

// list joins names with commas. If there are too many names to print, it cuts the list.
func list(names []string) string {
	const most = 500
	text := []rune(strings.Join(names, ", "))
	if len(text) > most {
		return fmt.Sprintf("%s… (%d in all)", string(text[:most]), len(names))
	}
	return string(text)
}

// A builder collects a column row by row.
type builder struct {
	rows   *rows
	at     int // the index of the column
	when   int // the index of the column of dates
	last   int // the line of the last row; 0 before the first
	column Column
}

func (b *builder) add(next row) error {
	c := &b.column
	v, err := b.rows.number(next.fields[b.at])
	if err != nil {
		return fmt.Errorf("line %d: %s: %w", next.line, c.Name, err)
	}
	if len(next.fields) == 1 && b.last > 0 { // empty lines, which the CSV reader skips
		for line := b.last + 1; line < min(next.line, maxValues); line++ {
			c.Values, c.Missing = append(c.Values, math.NaN()), append(c.Missing, line)
		}
	}
	b.last = next.line
	if len(c.Values) >= maxValues {
		return fmt.Errorf("line %d: more than %d values", next.line, maxValues)
	}
	if c.Values = append(c.Values, v); math.IsNaN(v) {
		c.Missing = append(c.Missing, next.line)
	}
	if c.Dates != nil && !c.Dates.add(next.fields[b.when]) {
		c.Dates = nil
	}
	return nil
}

// Insert adds a row for each absent date. The value of the row is missing. The column must have dates.
func (c *Column) Insert() {
	var values []float64
	var dates []int64
	done := 0 // rows
	c.Dates.gaps(func(before int, unix int64) {
		values = append(append(values, c.Values[done:before]...), math.NaN())
		dates = append(append(dates, c.Dates.Unix[done:before]...), unix)
		done = before
	})
	c.Values, c.Dates.Unix = append(values, c.Values[done:]...), append(dates, c.Dates.Unix[done:]...)
}

// Forward reverses the rows if their dates descend, and reports whether it did. The column must have dates.
func (c *Column) Forward() bool {
	t := c.Dates.Unix
	if t[0] == t[len(t)-1] || !slices.IsSortedFunc(t, func(a, b int64) int { return cmp.Compare(b, a) }) {
		return false
	}
	slices.Reverse(t)
	slices.Reverse(c.Values)
	return true
}
