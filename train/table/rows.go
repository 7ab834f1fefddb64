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
)

const (
	maxLine    = 1 << 20 // bytes
	maxColumns = 10_000
	maxValues  = 1 << 24 // 0.8 GB, with the dates
	maxFile    = 1 << 32 // bytes
)

// rows reads a table row by row.
type rows struct {
	csv       *csv.Reader
	lines     *lines
	separated bool // the table has a separator, so a line of one field is not a row
	fields    int  // the number of fields in each row; 0 before it is known
	line      int  // the first line of the last row
}

// A row is a row of a table. The next row overwrites the fields.
type row struct {
	fields []string
	line   int // the first line of the row
}

// newRows returns the rows of a text. It finds the separator in the first lines.
func newRows(r io.Reader) (*rows, error) {
	lines := &lines{r: r}
	in := bufio.NewReaderSize(lines, maxLine)
	if mark, _ := in.Peek(3); string(mark) == "\ufeff" {
		in.Discard(3)
	}
	head, err := in.Peek(maxLine)
	switch {
	case err != nil && err != io.EOF:
		return nil, err
	case len(head) == 0:
		return nil, errors.New("the table is empty")
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return nil, errors.New("the text is in UTF-16: convert it to UTF-8")
	case !bytes.Contains(head, []byte("\n")) && bytes.Contains(head, []byte("\r")):
		return nil, errors.New("the lines end in CR alone: convert the line ends to LF")
	}
	comma, separated := separator(string(head))
	t := csv.NewReader(in)
	t.Comma, t.Comment = comma, '#'
	t.ReuseRecord, t.FieldsPerRecord, t.TrimLeadingSpace = true, -1, comma != '\t'
	return &rows{csv: t, lines: lines, separated: separated}, nil
}

// separator returns the separator of a table that begins with head. It takes the first of semicolon, tab,
// comma and space that occurs equally often in two consecutive lines. Quoted text does not count. If no
// separator fits, it returns the comma and false.
func separator(head string) (comma rune, found bool) {
	const most = 100 // lines to look at
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
		if before = count; n > most {
			break
		}
		n++
	}
	return ',', false
}

// top returns the first two rows of the table, after comments and lines of one field. If the table has
// fewer rows, top returns io.EOF.
func (r *rows) top() (first, second row, err error) {
	for len(first.fields) == 0 || len(first.fields) == 1 && r.separated {
		next, err := r.next()
		if err != nil {
			return first, second, err
		}
		first = row{slices.Clone(next.fields), next.line}
		r.csv.Comment = 0 // below the first row, # may begin a value: #N/A
	}
	if r.fields = len(first.fields); r.fields > maxColumns {
		return first, second, fmt.Errorf("line %d: %d columns, but at most %d are allowed", first.line, r.fields, maxColumns)
	}
	second, err = r.next()
	return first, second, err
}

// next returns the next row, or io.EOF.
func (r *rows) next() (row, error) {
	for {
		r.lines.row = 0
		fields, err := r.csv.Read()
		var bad *csv.ParseError
		switch {
		case errors.As(err, &bad):
			return row{}, fmt.Errorf("line %d: %w", bad.StartLine, bad.Err)
		case errors.Is(err, errQuote):
			return row{}, fmt.Errorf("after line %d: %w", r.line, err)
		case err != nil:
			return row{}, err
		case r.fields > 1 && len(fields) == 1 && strings.HasPrefix(fields[0], "#"):
			continue // a comment inside the table
		}
		r.line, _ = r.csv.FieldPos(0)
		if r.fields > 0 && len(fields) != r.fields {
			return row{}, fmt.Errorf("line %d: %d fields, but the first row has %d", r.line, len(fields), r.fields)
		}
		return row{fields, r.line}, nil
	}
}

// number returns the number in a field, or NaN for a missing value.
func (r *rows) number(field string) (float64, error) {
	s := strings.TrimSpace(field)
	switch strings.ToLower(s) {
	case "", "na", "n/a", "#n/a", "nan", "null", "none", "-", "?", ".":
		return math.NaN(), nil
	}
	if strings.Trim(s, "*") == "" {
		return math.NaN(), nil
	}
	if r.csv.Comma != ',' && strings.Count(s, ",") == 1 && !strings.Contains(s, ".") {
		s = strings.Replace(s, ",", ".", 1)
	}
	v, err := strconv.ParseFloat(s, 64)
	if strings.ContainsAny(s, "xXpP_") { // Go reads such numbers, but tables do not have them
		err = strconv.ErrSyntax
	}
	switch {
	case err != nil && !math.IsInf(v, 0):
		return 0, fmt.Errorf("%.40q is not a number", field)
	case math.IsInf(v, 0):
		return 0, fmt.Errorf("%.40q is not finite", field)
	}
	return v, nil
}

// lines is a reader that fails if a line or a row is too long for a table. So a file without line ends,
// or with a quote that is never closed, does not fill the memory.
type lines struct {
	r    io.Reader
	line int // lines read
	n    int // bytes of the current line
	row  int // bytes read since the current row began, including bytes read ahead

	begun bool // the reader has seen a line that is neither empty nor a comment
}

var errQuote = errors.New("a quote is opened and never closed")

func (l *lines) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	l.row += n
	for rest := p[:n]; len(rest) > 0; {
		if l.n == 0 && !l.begun {
			first := rest
			if l.line == 0 {
				first = bytes.TrimPrefix(rest, []byte("\ufeff"))
			}
			l.begun = !bytes.HasPrefix(first, []byte("#")) && !bytes.HasPrefix(first, []byte("\n"))
		}
		i := bytes.IndexByte(rest, '\n')
		if i < 0 {
			i = len(rest)
		}
		if l.n += i; l.n > maxLine {
			return 0, fmt.Errorf("line %d: longer than %d bytes", l.line+1, maxLine)
		}
		if i == len(rest) {
			break
		}
		rest = rest[i+1:]
		if l.n == 0 || !l.begun {
			l.row = len(rest) // an empty line and the comments above the table are not part of a row
		}
		l.n = 0
		l.line++
	}
	if l.row > 4*maxLine {
		return 0, errQuote
	}
	return n, err
}
