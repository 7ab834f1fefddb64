// Package table reads one column of numbers from a table in a text file, as people have them:
// comma, semicolon or tab between the fields, a header or none, quoted fields, CRLF or LF, a
// byte order mark, columns of dates or words beside the numbers.
//
// Between semicolons, tabs and spaces a number may have a decimal comma. A value is missing where
// its field is empty, or says so: NA, N/A, #N/A, NaN, null, none, -, ?, a point, or asterisks; in a
// table of one column, also where a line is empty. Lines that begin with # and have no fields are
// passed over, and so are lines before the table that have but one.
//
// Where another column has dates they are kept, and tell which rows are not there at all, and
// what comes next.
package table

import (
	"bufio"
	"bytes"
	"encoding/csv"
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
	count := &lines{r: r}
	in := bufio.NewReaderSize(count, maxLine)
	if mark, _ := in.Peek(3); string(mark) == "\ufeff" {
		in.Discard(3)
	}
	head, err := in.Peek(maxLine)
	switch {
	case err != nil && err != io.EOF:
		return nil, err
	case len(head) == 0:
		return nil, errors.New("it is empty")
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return nil, errors.New("it is in UTF-16, and should be in UTF-8")
	case !bytes.Contains(head, []byte("\n")) && bytes.Contains(head, []byte("\r")):
		return nil, errors.New("its lines end in CR alone, and should end in LF")
	}
	t := csv.NewReader(in)
	comma, several := separator(string(head))
	t.Comma, t.Comment = comma, '#'
	t.ReuseRecord, t.FieldsPerRecord, t.TrimLeadingSpace = true, -1, t.Comma != '\t'
	rows := &reader{Reader: t, lines: count, comma: t.Comma != ','}
	one, err := rows.next()
	if err == io.EOF {
		return nil, errors.New("there is nothing but comments")
	}
	if err != nil {
		return nil, err
	}
	t.Comment = 0 // from here on
	var two []string
	var oneLine int
	for len(two) == 0 {
		one, oneLine = slices.Clone(one), rows.line
		two, err = rows.next()
		if err == io.EOF {
			return nil, errors.New("there is but one row, and nothing to learn from it")
		}
		if err != nil {
			return nil, err
		}
		if len(one) == 1 && several { // a line before the table
			one, two = two, nil
		}
	}
	rows.fields = len(one)
	if err := rows.fit(two); err != nil {
		return nil, err
	}
	if len(one) > maxColumns {
		return nil, fmt.Errorf("line %d: %d columns are more than %d", oneLine, len(one), maxColumns)
	}
	// A header has words where the row below has numbers or dates, or the name that is asked for.
	header := false
	for i := range one {
		_, err1 := rows.number(one[i])
		v, err2 := rows.number(two[i])
		header = header || err1 != nil && (strings.TrimSpace(one[i]) == column || err2 == nil && !math.IsNaN(v) ||
			layout(one[i], layouts) == "" && layout(two[i], layouts) != "")
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
	last := 0 // line
	add := func(line int, row []string) error {
		v, err := rows.number(row[at])
		if err != nil {
			return fmt.Errorf("line %d: %s: %w", line, c.Name, err)
		}
		for ; len(row) == 1 && last > 0 && line > last+1; last++ { // a line that is empty
			c.Values, c.Missing = append(c.Values, missing), append(c.Missing, last+1)
		}
		last = line
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

// separator returns what stands between the fields of a table that begins with head: of the
// semicolon, the tab, the comma and the space the first that is as often in two lines on end,
// outside of quotes; or else the comma, of which there are none.
func separator(head string) (comma rune, several bool) {
	var before map[rune]int
	n := 0
	for line := range strings.Lines(head) {
		count, quoted := make(map[rune]int), false
		for _, c := range strings.TrimSpace(line) {
			switch {
			case c == '"':
				quoted = !quoted
			case !quoted:
				count[c]++
			}
		}
		for _, c := range ";\t, " {
			if n > 0 && count[c] > 0 && count[c] == before[c] && !strings.HasPrefix(line, "#") {
				return c, true
			}
		}
		if before = count; n > 100 {
			break
		}
		n++
	}
	return ',', false
}

// pick returns which column it is to be.
func pick(rows *reader, column string, names, row []string) (at int, err error) {
	all := []rune("there are " + strings.Join(names, ", "))
	const most = 500
	if len(all) > most {
		all = append(all[:most], []rune(fmt.Sprintf("… , %d in all", len(names)))...)
	}
	if column != "" {
		if at := slices.Index(names, column); at >= 0 {
			if again := slices.Index(names[at+1:], column); again >= 0 {
				return 0, fmt.Errorf("columns %d and %d are both %q: a number says which", at+1, at+again+2, column)
			}
			return at, nil
		}
		if n, err := strconv.Atoi(column); err == nil && n >= 1 && n <= len(names) {
			return n - 1, nil
		}
		return 0, fmt.Errorf("no column %q; %s", column, string(all))
	}
	at = -1
	for _, empty := range []bool{false, true} { // a field that is empty may be a number that is missing
		for i := range row {
			if v, err := rows.number(row[i]); err == nil && math.IsNaN(v) == empty {
				if at >= 0 {
					return 0, fmt.Errorf("more than one column has numbers, and -column must say which; %s", string(all))
				}
				at = i
			}
		}
		if at >= 0 {
			break
		}
	}
	if at < 0 {
		return 0, fmt.Errorf("no column has numbers; %s", string(all))
	}
	return at, nil
}

// A reader reads the rows of a table.
type reader struct {
	*csv.Reader
	lines  *lines
	comma  bool // whether a number may have a decimal comma
	line   int  // of the last row
	fields int  // of a row; 0: not known yet
}

// next returns the next row.
func (r *reader) next() ([]string, error) {
	r.lines.row = 0
	row, err := r.Read()
	var bad *csv.ParseError
	switch {
	case errors.As(err, &bad):
		return nil, fmt.Errorf("line %d: %w", bad.StartLine, bad.Err)
	case errors.Is(err, errQuote):
		return nil, fmt.Errorf("a row that begins after line %d: %w", r.line, err)
	case err != nil:
		return nil, err
	}
	if r.fields > 1 && len(row) == 1 && strings.HasPrefix(row[0], "#") {
		return r.next() // a comment inside the table
	}
	r.line, _ = r.FieldPos(0)
	return row, r.fit(row)
}

// fit returns an error if a row has not as many fields as the first has.
func (r *reader) fit(row []string) error {
	if r.fields > 0 && len(row) != r.fields {
		return fmt.Errorf("line %d: %d fields, and the first line has %d", r.line, len(row), r.fields)
	}
	return nil
}

// number returns a field's number, or NaN if it is missing.
func (r *reader) number(field string) (float64, error) {
	s := strings.TrimSpace(field)
	switch strings.ToLower(s) {
	case "", "na", "n/a", "#n/a", "nan", "null", "none", "-", "?", ".":
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

// lines passes on what it reads, and fails where a line or a row is too long to be of a table.
type lines struct {
	r    io.Reader
	n    int // bytes of the line
	line int
	row  int // bytes read since a row began, and those that were read ahead
}

var errQuote = errors.New("a quote is opened and not closed")

func (l *lines) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	l.row += n
	for rest := p[:n]; len(rest) > 0; {
		i := bytes.IndexByte(rest, '\n')
		if i < 0 {
			i = len(rest)
		}
		if l.n += i; l.n > maxLine {
			return 0, fmt.Errorf("line %d: it is longer than %d bytes, and no row of numbers", l.line+1, maxLine)
		}
		if i == len(rest) {
			break
		}
		rest = rest[i+1:]
		if l.n == 0 {
			l.row = len(rest) // an empty line is no part of a row
		}
		l.n = 0
		l.line++
	}
	if l.row > 4*maxLine {
		return 0, errQuote
	}
	return n, err
}
