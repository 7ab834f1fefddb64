// Package grid cuts a text into rows and fields, and finds the header above the data.
//
// The separator, the width and the sorts of the columns come from a sample: the first thousand rows. Lines above the header,
// and lines of units below it, are no data. In a row of data there are numbers and dates where most rows have them.
package grid

import (
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"

	"lstm/train/table/numbers"
	"lstm/train/table/text"
	"lstm/train/table/words"
)

// A Row is a row of a table.
type Row struct {
	Fields []string // without spaces around them
	Line   int      // the first line of the row
	Text   string   // the whole row
}

// Blank reports whether the row has nothing in it.
func (r *Row) Blank() bool {
	return !slices.ContainsFunc(r.Fields, func(f string) bool { return f != "" })
}

// Comment reports whether the row is a line of comment.
func (r *Row) Comment() bool { return strings.HasPrefix(strings.TrimSpace(r.Text), "#") }

var ruler = regexp.MustCompile(`^[-=_+|:;,\s]*(--|==|__)[-=_+|:;,\s]*$`)

// Rule reports whether the row is a line across the table.
func (r *Row) Rule() bool {
	first := strings.TrimLeft(r.Text[:min(len(r.Text), 64)], " \t|+")
	return first != "" && strings.IndexByte("-=_:", first[0]) >= 0 && len(r.Text) < 4096 && ruler.MatchString(r.Text)
}

// Only returns the first text of the row, and whether it is the only one.
func (r *Row) Only() (first string, alone bool) {
	for i, f := range r.Fields {
		if f != "" {
			rest := Row{Fields: r.Fields[i+1:]}
			return f, rest.Blank()
		}
	}
	return "", false
}

// separators are in the order of preference, if some of them fit equally well. Two spaces stand for two or more, one for
// one or more.
var separators = []string{";", "\t", "|", "~", ",", "  ", " "}

// Rows reads a table row by row.
type Rows struct {
	lines     *text.Lines
	Separator string   // "" for a table of one column
	Comments  []string // the last lines of comment above the table
	Above     []int    // the numbers of the lines of comment above the table, but for that of a header
	Sample    []Row    // the next rows, which Next returns first
	fields    []string
}

// Limits.
const (
	Sampled    = 1000    // rows of the sample
	few        = 1 << 20 // bytes of these rows
	maxColumns = 10_000
)

// New skips the comments above the table, finds the separator, and reads the sample. comma tells that it is the decimal mark.
func New(l *text.Lines, comma bool) (*Rows, error) {
	r := &Rows{lines: l}
	var first []string
	for len(first) < 200 {
		line, err := l.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		if len(first) == 0 {
			bare := strings.TrimSpace(line)
			if sep, ok := strings.CutPrefix(strings.ToLower(strings.Trim(bare, `"`)), "sep="); ok && len(sep) <= 1 {
				r.Separator = sep
				if sep == "" {
					r.Separator = "\t"
				}
				continue
			}
			if bare == "" || bare[0] == '#' {
				if bare != "" {
					r.Above = append(r.Above, l.Line)
				}
				r.Comments = append(r.Comments, bare)
				if len(r.Comments) > 100 {
					r.Comments = r.Comments[1:]
				}
				continue
			}
		}
		first = append(first, line)
	}
	if len(first) == 0 {
		return nil, fmt.Errorf("the table is empty")
	}
	if r.Separator == "" {
		r.Separator = separator(first, comma)
	}
	l.Back(first)
	size := 0
	for len(r.Sample) < Sampled && size < few {
		next, err := r.read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		next.Fields = slices.Clone(next.Fields)
		r.Sample, size = append(r.Sample, next), size+len(next.Text)
	}
	return r, nil
}

// separator returns the separator of a table that begins with these lines: the one that cuts most of them into equally
// many fields. If several cut nearly as many, the fields are dates and numbers, as far as they can: the words of a title can
// be as many as the columns.
func separator(lines []string, comma bool) string {
	best, score := "", math.Inf(-1)
	for _, sep := range separators {
		r := Rows{Separator: sep}
		count := make(map[int]int)
		good, all, n := 0.0, 0, 0
		for i := 0; i < len(lines); i++ {
			line := lines[i]
			if strings.TrimSpace(line) == "" || line[0] == '#' {
				continue
			}
			var open bool
			r.fields, open = r.split(line, r.fields[:0])
			for k := i + 1; open && k < len(lines) && k < i+20; k++ { // a field in quotes has several lines
				line += "\n" + lines[k]
				if r.fields, open = r.split(line, r.fields[:0]); !open {
					i = k
				}
			}
			n++
			count[len(r.fields)]++
			for _, f := range r.fields[:min(50, len(r.fields))] {
				all++
				switch {
				case strings.IndexByte(f, '\t') >= 0: // a tab is no part of a date
				case sep == "  " && several(f):
					good += 0.5 // 2021 05 29 can be a date, or three columns
				case numbers.Looks(f) || words.Looks(f) || numbers.Missing(f):
					good++
				}
			}
		}
		usual := 0
		for fields, times := range count {
			if fields > 1 {
				usual = max(usual, times)
			}
		}
		if n == 0 || usual == 0 || n > 2 && usual < 2 {
			continue
		}
		weight := max(0.9, float64(n)/20)
		step := 0.02 * weight // a smaller difference does not count
		s := float64(usual-n) + weight*good/float64(all)
		if s > score+step {
			best, score = sep, s
		}
	}
	if best == "," && (comma || !strings.Contains(lines[0], ",")) && !slices.ContainsFunc(lines[1:], func(s string) bool { return s != "" && !decimals.MatchString(s) }) {
		return "" // one column of numbers with a decimal comma
	}
	return best
}

// several reports whether a field is several numbers with a space between them, and no number with such spaces.
func several(field string) bool {
	parts := strings.Fields(field)
	return len(parts) > 1 && !numbers.Looks(field) && !slices.ContainsFunc(parts, func(s string) bool { return !numbers.Looks(s) })
}

var decimals = regexp.MustCompile(`^\s*[-+]?\d+,\d+\s*$`)

// read returns the next row after the sample, or io.EOF. The row after it overwrites its fields.
func (r *Rows) read() (Row, error) {
	line, err := r.lines.Next()
	if err != nil {
		return Row{}, err
	}
	at := r.lines.Line
	fields, open := r.split(line, r.fields[:0])
	if open {
		if line, fields, err = r.more(line, at); err != nil {
			return Row{}, err
		}
	}
	r.fields = fields
	if len(fields) > maxColumns {
		return Row{}, fmt.Errorf("line %d: %d columns, but at most %d are allowed", at, len(fields), maxColumns)
	}
	return Row{fields, at, line}, nil
}

// more reads the lines in which a quoted field of a line goes on.
func (r *Rows) more(line string, at int) (whole string, fields []string, err error) {
	var b strings.Builder
	b.WriteString(line)
	for open := true; open; {
		next, err := r.lines.Next()
		if err != nil && err != io.EOF {
			return "", nil, err
		}
		if err == io.EOF || b.Len() > few {
			return "", nil, fmt.Errorf("line %d: a quote is opened and never closed", at)
		}
		b.WriteString("\n" + next)
		if strings.Contains(next, `"`) {
			fields, open = r.split(b.String(), r.fields[:0])
		}
	}
	for _, f := range fields {
		if r.swallows(f) {
			return "", nil, fmt.Errorf("line %d: a quote opens, closes on line %d, and takes in the rows between: is it a stray quote?", at, r.lines.Line)
		}
	}
	return b.String(), fields, nil
}

// swallows reports whether a field of several lines takes in rows: text follows its closing quote, or one of its lines
// begins like a row.
func (r *Rows) swallows(field string) bool {
	lines := strings.Split(field, "\n")
	if len(lines) > 1 && field[0] == '"' {
		return true
	}
	for _, line := range lines[1:] {
		if first, _, ok := strings.Cut(line, r.Separator); ok && r.Separator != "" && (numbers.Looks(first) || words.Looks(first)) {
			return true
		}
	}
	return false
}

// split appends the fields of a line. open tells that a quote is not closed.
func (r *Rows) split(line string, fields []string) (all []string, open bool) {
	sep := r.Separator
	if (sep == "," || sep == ";" || sep == "\t") && strings.IndexByte(line, '"') < 0 && strings.IndexByte(line, '\'') < 0 {
		for { // most lines have no quotes
			next := strings.IndexByte(line, sep[0])
			if next < 0 {
				return append(fields, trim(line)), false
			}
			fields = append(fields, trim(line[:next]))
			line = line[next+1:]
		}
	}
	switch sep {
	case "":
		field, open := unquote(strings.TrimSpace(line))
		return append(fields, field), open
	case "|":
		if bare := strings.TrimSpace(line); strings.HasPrefix(bare, "|") && strings.HasSuffix(bare, "|") && len(bare) > 1 {
			line = bare[1 : len(bare)-1]
		}
	case " ", "  ":
		line = strings.TrimSpace(line)
	}
	for {
		line = trimLeft(line, sep)
		end, field := 0, ""
		if strings.HasPrefix(line, `"`) {
			if end = closing(line); end < 0 {
				return append(fields, line), true
			}
			end++
		}
		next := strings.Index(line[end:], sep)
		if next < 0 {
			field, _ = unquote(trim(line))
			return append(fields, field), false
		}
		field, _ = unquote(trim(line[:end+next]))
		fields = append(fields, field)
		line = line[end+next+len(sep):]
		if sep == " " || sep == "  " {
			line = strings.TrimLeft(line, " ")
		}
	}
}

func trimLeft(s, sep string) string {
	if sep == "\t" {
		return strings.TrimLeft(s, " ")
	}
	return strings.TrimLeft(s, " \t")
}

func trim(s string) string {
	if s == "" || s[0] > ' ' && s[0] < 0x80 && s[len(s)-1] > ' ' && s[len(s)-1] < 0x80 {
		return s
	}
	return strings.TrimSpace(s)
}

// closing returns the index of the quote that closes the quote at the start of s, or −1.
func closing(s string) int {
	for i := 1; i < len(s); i++ {
		if s[i] != '"' {
			continue
		}
		if i+1 < len(s) && s[i+1] == '"' {
			i++
			continue
		}
		return i
	}
	return -1
}

// unquote removes the quotes around a field.
func unquote(s string) (field string, open bool) {
	if s == "" {
		return s, false
	}
	switch {
	case s[0] == '"':
		end := closing(s)
		if end < 0 {
			return s, true
		}
		if end == len(s)-1 {
			return strings.TrimSpace(strings.ReplaceAll(s[1:end], `""`, `"`)), false
		}
	case s[0] == '\'' && len(s) > 1 && s[len(s)-1] == '\'':
		return strings.TrimSpace(s[1 : len(s)-1]), false
	}
	return s, false
}

// Ahead reads on. It adds rows to the sample that keep wants, until they are n or the table ends.
func (r *Rows) Ahead(n int, keep func(*Row) bool) error {
	for n > 0 {
		next, err := r.read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if keep(&next) {
			next.Fields = slices.Clone(next.Fields)
			r.Sample = append(r.Sample, next)
			n--
		}
	}
	return nil
}

// Next returns the next row, of the sample first.
func (r *Rows) Next() (Row, error) {
	if len(r.Sample) > 0 {
		first := r.Sample[0]
		r.Sample = r.Sample[1:]
		return first, nil
	}
	return r.read()
}
