// Package table reads one column of numbers from a table in a text file, as people have them:
// comma, semicolon or tab between the fields, a header or none, quoted fields, CRLF or LF, a
// byte order mark, columns of dates or words beside the numbers.
//
// Between semicolons and tabs a number may have a decimal comma. A value is missing where its
// field is empty, or says so in a word: NA, N/A, NaN, null, none, -, ?, or a point.
package table

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"lstm/train/file"
)

// A Column is a column of numbers.
type Column struct {
	Name   string    // from the header, or "column N"
	Values []float64 // NaN where a value is missing
	Lines  []int     // of the file, where each value stands
}

// Missing returns the lines on which a value is missing.
func (c *Column) Missing() (lines []int) {
	for i, v := range c.Values {
		if math.IsNaN(v) {
			lines = append(lines, c.Lines[i])
		}
	}
	return lines
}

const (
	maxLine    = 1 << 20 // bytes of a line
	maxColumns = 10_000
)

// ReadFile reads a column of a file: the one with the given name in the header, or number,
// counted from 1; or, if that is empty, the only one of numbers. The error names the file, the
// line, and what was expected.
func ReadFile(name, column string) (*Column, error) {
	f, err := file.Open(name, math.MaxInt64)
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

// Read is ReadFile for what is not a file. It takes memory for the column alone, and for a
// line.
func Read(r io.Reader, column string) (*Column, error) {
	in := bufio.NewReaderSize(&lines{r: r}, maxLine)
	if mark, _ := in.Peek(3); string(mark) == "\ufeff" {
		in.Discard(3)
	}
	head, err := in.Peek(maxLine)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if len(head) == 0 {
		return nil, errors.New("it is empty")
	}
	first, _, _ := strings.Cut(string(head), "\n")
	t := csv.NewReader(in)
	t.Comma = separator(first)
	t.ReuseRecord, t.TrimLeadingSpace = true, true
	rows := &reader{Reader: t, comma: t.Comma != ','}
	one, err := rows.next()
	if err != nil {
		return nil, err
	}
	one = slices.Clone(one)
	two, err := rows.next()
	if err == io.EOF {
		return nil, errors.New("there is but one row, and nothing to learn from it")
	}
	if err != nil {
		return nil, err
	}
	two = slices.Clone(two)
	if len(one) > maxColumns {
		return nil, fmt.Errorf("line 1: %d columns are more than %d", len(one), maxColumns)
	}
	// A header has words where the row below has numbers.
	header := false
	for i := range one {
		_, err1 := rows.number(one[i])
		v, err2 := rows.number(two[i])
		header = header || err1 != nil && err2 == nil && !math.IsNaN(v)
	}
	at, name, err := pick(rows, column, one, two, header)
	if err != nil {
		return nil, err
	}
	c := &Column{Name: name}
	add := func(line int, field string) error {
		v, err := rows.number(field)
		if err != nil {
			return fmt.Errorf("line %d: %s: %w", line, name, err)
		}
		c.Values, c.Lines = append(c.Values, v), append(c.Lines, line)
		return nil
	}
	if !header {
		if err := add(rows.lines[0], one[at]); err != nil {
			return nil, err
		}
	}
	if err := add(rows.lines[1], two[at]); err != nil {
		return nil, err
	}
	for {
		row, err := rows.next()
		if err == io.EOF {
			return c, nil
		}
		if err == nil {
			err = add(rows.line, row[at])
		}
		if err != nil {
			return nil, err
		}
	}
}

// separator returns what stands between the fields of a line: the semicolon or tab that it
// has outside of quotes, or else the comma.
func separator(line string) rune {
	quoted := false
	for _, c := range line {
		switch {
		case c == '"':
			quoted = !quoted
		case !quoted && (c == ';' || c == '\t'):
			return c
		}
	}
	return ','
}

// pick returns which column it is to be, and its name.
func pick(rows *reader, column string, one, two []string, header bool) (at int, name string, err error) {
	names := make([]string, len(one))
	for i := range names {
		names[i] = fmt.Sprintf("column %d", i+1)
		if header && strings.TrimSpace(one[i]) != "" {
			names[i] = strings.TrimSpace(one[i])
		}
	}
	all := "there are " + strings.Join(names, ", ")
	if utf8.RuneCountInString(all) > 500 {
		all = fmt.Sprintf("there are %d", len(names))
	}
	if column != "" {
		if at := slices.Index(names, column); at >= 0 {
			return at, column, nil
		}
		if n, err := strconv.Atoi(column); err == nil && n >= 1 && n <= len(names) {
			return n - 1, names[n-1], nil
		}
		return 0, "", fmt.Errorf("no column %q; %s", column, all)
	}
	at = -1
	for i := range two {
		if v, err := rows.number(two[i]); err == nil && !math.IsNaN(v) {
			if at >= 0 {
				return 0, "", fmt.Errorf("more than one column has numbers, and -column must say which; %s", all)
			}
			at = i
		}
	}
	if at < 0 {
		return 0, "", fmt.Errorf("no column has numbers; %s", all)
	}
	return at, names[at], nil
}

// A reader reads the rows of a table.
type reader struct {
	*csv.Reader
	comma bool // whether a number may have a decimal comma
	line  int  // of the last row
	lines []int
}

// next returns the next row.
func (r *reader) next() ([]string, error) {
	row, err := r.Read()
	var bad *csv.ParseError
	switch {
	case errors.As(err, &bad) && errors.Is(bad.Err, csv.ErrFieldCount):
		return nil, fmt.Errorf("line %d: %d fields, and the first line has %d", bad.Line, len(row), r.FieldsPerRecord)
	case errors.As(err, &bad):
		return nil, fmt.Errorf("line %d: %w", bad.Line, bad.Err)
	case err != nil:
		return nil, err
	}
	r.line, _ = r.FieldPos(0)
	if len(r.lines) < 2 {
		r.lines = append(r.lines, r.line)
	}
	return row, nil
}

// number returns a field's number, or NaN if it is missing.
func (r *reader) number(field string) (float64, error) {
	s := strings.TrimSpace(field)
	switch strings.ToLower(s) {
	case "", "na", "n/a", "nan", "null", "none", "-", "?", ".":
		return math.NaN(), nil
	}
	if r.comma && strings.Count(s, ",") == 1 && !strings.Contains(s, ".") {
		s = strings.Replace(s, ",", ".", 1)
	}
	v, err := strconv.ParseFloat(s, 64)
	if strings.ContainsAny(s, "xXpP_") {
		err = strconv.ErrSyntax
	}
	switch {
	case err != nil && !math.IsInf(v, 0):
		return 0, fmt.Errorf("%.40q is no number", field)
	case math.IsInf(v, 0):
		return 0, fmt.Errorf("%.40q is not finite", field)
	}
	return v, nil
}

// lines passes on what it reads, and fails where a line is too long to be of a table.
type lines struct {
	r    io.Reader
	n    int // bytes of the line
	line int
}

func (l *lines) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	for _, b := range p[:n] {
		if l.n++; b == '\n' {
			l.n = 0
			l.line++
		}
		if l.n > maxLine {
			return 0, fmt.Errorf("line %d: it is longer than %d bytes, and no row of numbers", l.line+1, maxLine)
		}
	}
	return n, err
}
