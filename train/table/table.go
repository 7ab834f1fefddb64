// Package table reads one column of numbers from a table in a text file, as people have them:
// comma, semicolon or tab between the fields, a header or none, quoted fields, CRLF or LF, a
// byte order mark, columns of dates or words beside the numbers.
//
// Between semicolons and tabs a number may have a decimal comma. A value is missing where its
// field is empty, or says so: NA, N/A, NaN, null, none, -, ?, a point, or asterisks. Lines that
// begin with # are comments.
//
// Where another column has dates they are kept, and tell which rows are not there at all, and
// what comes next.
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
	Name    string    // from the header, or "column N"
	Values  []float64 // NaN where a value is missing
	Missing []int     // the lines of the file on which one is
	Dates   *Dates    // nil if no column of the table has dates
}

var missing = math.NaN()

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

// Read is ReadFile for what is not a file. It takes memory for a line, and for the column and
// its dates, 8 bytes each.
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
	first := ""
	for line := range strings.Lines(string(head)) {
		if first = line; !strings.HasPrefix(line, "#") {
			break
		}
	}
	t := csv.NewReader(in)
	t.Comma, t.Comment = separator(first), '#'
	t.ReuseRecord, t.TrimLeadingSpace = true, true
	rows := &reader{Reader: t, comma: t.Comma != ','}
	one, err := rows.next()
	if err == io.EOF {
		return nil, errors.New("there is nothing but comments")
	}
	if err != nil {
		return nil, err
	}
	one, oneLine := slices.Clone(one), rows.line
	two, err := rows.next()
	if err == io.EOF {
		return nil, errors.New("there is but one row, and nothing to learn from it")
	}
	if err != nil {
		return nil, err
	}
	if len(one) > maxColumns {
		return nil, fmt.Errorf("line %d: %d columns are more than %d", oneLine, len(one), maxColumns)
	}
	// A header has words where the row below has numbers, or the name that is asked for.
	header := false
	for i := range one {
		_, err1 := rows.number(one[i])
		v, err2 := rows.number(two[i])
		header = header || err1 != nil && (strings.TrimSpace(one[i]) == column || err2 == nil && !math.IsNaN(v))
	}
	names := make([]string, len(one))
	for i := range names {
		names[i] = fmt.Sprintf("column %d", i+1)
		if header && strings.TrimSpace(one[i]) != "" {
			names[i] = strings.TrimSpace(one[i])
		}
	}
	at, err := pick(rows, column, names, two)
	if err != nil {
		return nil, err
	}
	c := &Column{Name: names[at]}
	dates, when := newDates(two, names, at)
	add := func(line int, row []string) error {
		v, err := rows.number(row[at])
		if err != nil {
			return fmt.Errorf("line %d: %s: %w", line, c.Name, err)
		}
		if c.Values = append(c.Values, v); math.IsNaN(v) {
			c.Missing = append(c.Missing, line)
		}
		if dates != nil && !dates.add(row[when]) {
			dates = nil
		}
		return nil
	}
	if !header {
		if err := add(oneLine, one); err != nil {
			return nil, err
		}
	}
	for row := two; ; {
		if err := add(rows.line, row); err != nil {
			return nil, err
		}
		if row, err = rows.next(); err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	if dates != nil && !strings.ContainsAny(dates.Layout, "-/.M") { // or are they numbers?
		if _, ok := dates.Step(); !ok {
			dates = nil
		}
	}
	c.Dates = dates
	return c, nil
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

// pick returns which column it is to be.
func pick(rows *reader, column string, names, row []string) (at int, err error) {
	all := "there are " + strings.Join(names, ", ")
	if utf8.RuneCountInString(all) > 500 {
		all = fmt.Sprintf("there are %d", len(names))
	}
	if column != "" {
		if at := slices.Index(names, column); at >= 0 {
			return at, nil
		}
		if n, err := strconv.Atoi(column); err == nil && n >= 1 && n <= len(names) {
			return n - 1, nil
		}
		return 0, fmt.Errorf("no column %q; %s", column, all)
	}
	at = -1
	for i := range row {
		if v, err := rows.number(row[i]); err == nil && !math.IsNaN(v) {
			if at >= 0 {
				return 0, fmt.Errorf("more than one column has numbers, and -column must say which; %s", all)
			}
			at = i
		}
	}
	if at < 0 {
		return 0, fmt.Errorf("no column has numbers; %s", all)
	}
	return at, nil
}

// A reader reads the rows of a table.
type reader struct {
	*csv.Reader
	comma bool // whether a number may have a decimal comma
	line  int  // of the last row
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
	return row, nil
}

// number returns a field's number, or NaN if it is missing.
func (r *reader) number(field string) (float64, error) {
	s := strings.TrimSpace(field)
	switch strings.ToLower(s) {
	case "", "na", "n/a", "nan", "null", "none", "-", "?", ".":
		return missing, nil
	}
	if strings.Trim(s, "*") == "" {
		return missing, nil
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
