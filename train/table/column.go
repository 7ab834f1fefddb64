// Package table reads one column of numbers from a text file, and the dates of its rows.
//
// It reads tables as people and programs write them: fields between commas, semicolons, tabs, bars or spaces; with a header
// or without; with a title above, units below the header, and notes below the table. It finds the separator, the header, the
// dates, and the way in which numbers are written. It brings the rows in the order of their dates.
//
// It reads nothing wrongly in silence. If a table can mean two things, or if a row is not like the others, the error names
// the line, the column and the value, and says what to do. What Read leaves out, the Column says.
package table

import (
	"fmt"
	"strings"

	"lstm/train/table/dates"
)

const (
	maxValues = 1 << 24 // 0.8 GB, with the dates
)

// Options say how to read a column. The zero value finds out everything.
type Options struct {
	Column  string // its name in the header, or its number from 1; "": the only column of numbers
	Date    string // the order in dates: dmy, mdy or ymd; none: do not read dates
	Decimal string // the decimal mark: point or comma
	Missing string // words and numbers for missing values, between commas
	Group   string // COLUMN=NAME: only rows with NAME in COLUMN, and more of these after a semicolon; none: there are no groups

	Progress func(read, size int64) // if it is not nil, Read calls it now and then; size is 0 if it is not known
}

// A Column is a column of numbers.
type Column struct {
	Name    string       // the name in the header, or "column N"
	Values  []float64    // NaN where a value is missing
	Missing []int        // the lines of the file that have no value, in ascending order
	Dates   *dates.Dates // one for each value, in ascending order; nil if the table has no dates
	Order   dates.Order  // how the rows came
	Read    []string     // how the table was read: the separator, the dates, the numbers
	Left    []string     // what was left out
	Doubt   []string     // what may be wrong, a sentence each
}

// lines writes the numbers of lines: "line 7", "lines 3, 7, 9 …", "lines 3 to 9".
func lines(n []int) string {
	const few = 4
	last := len(n) - 1
	switch {
	case last == 0:
		return fmt.Sprintf("line %d", n[0])
	case last > 1 && n[last]-n[0] == last:
		return fmt.Sprintf("lines %d to %d", n[0], n[last])
	}
	text := strings.Trim(strings.ReplaceAll(fmt.Sprint(n[:min(few, len(n))]), " ", ", "), "[]")
	if len(n) > few {
		text += " …"
	}
	return "lines " + text
}
