package grid

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"lstm/train/table/numbers"
	"lstm/train/table/words"
)

// A Head is what comes before the data.
type Head struct {
	Names  []string // of the columns; "column N" for one without a name
	Fields []string // of the header; nil if there is none
	Sorts  []Sort   // of the columns
	Begin  int      // the index in the sample of the first row of data
	Title  []int    // the lines above the header
	Units  []int    // the lines below it
	Sums   []int    // the lines of sums above the data
}

// Head finds the header and the first row of data. column is the name that is asked for.
func (r *Rows) Head(column string) (*Head, error) {
	h := &Head{}
	width, tables := r.width()
	if tables < 2 {
		return nil, r.few()
	}
	h.Sorts = r.sorts(width)
	h.Begin = h.first(r, 0, func(s *Row) bool { return h.Fits(s) })
	at := h.named(r, column)
	if at < 0 {
		at = h.guess(r)
	}
	h.Begin = h.first(r, at+1, func(s *Row) bool { // a row with a number is data, even if its date is bad
		return h.Fits(s) || len(s.Fields) == width && h.filled(s) && !widths(s) && Total(s.Fields, false) == ""
	})
	if h.Begin == len(r.Sample) {
		for i := range r.Sample {
			if c := slices.Index(r.Sample[i].Fields, column); c >= 0 && c < width && h.Sorts[c] == Nothing {
				return nil, fmt.Errorf("%s: all values are missing", column)
			}
		}
		return nil, errors.New("no row has a number: is this a table?")
	}
	for i := range h.Begin {
		switch s := &r.Sample[i]; {
		case i == at || s.Blank() || s.Rule():
		case i < at || at < 0:
			h.Title = append(h.Title, s.Line)
		case Total(s.Fields, false) != "":
			h.Sums = append(h.Sums, s.Line)
		default:
			h.Units = append(h.Units, s.Line)
		}
	}
	if at < 0 {
		h.Fields = r.commented(h, column)
	} else {
		h.Fields = slices.Clone(r.Sample[at].Fields)
		h.Fields[0] = strings.TrimLeft(h.Fields[0], "# ")
	}
	if err := h.widen(r, width); err != nil {
		return nil, err
	}
	for i := range width {
		name := fmt.Sprintf("column %d", i+1)
		if i < len(h.Fields) && h.Fields[i] != "" {
			name = h.Fields[i]
		}
		h.Names = append(h.Names, name)
	}
	return h, nil
}

var wide = regexp.MustCompile(`^\d+[sdn]$`)

// widths reports whether a row has the width and the kind of each column, as in 5s 15s 20d.
func widths(r *Row) bool {
	return len(r.Fields) > 1 && !slices.ContainsFunc(r.Fields, func(f string) bool { return !wide.MatchString(f) })
}

// first returns the index in the sample of the first row from an index on that is as asked, or the length of the sample.
func (h *Head) first(r *Rows, from int, is func(*Row) bool) int {
	for i := from; i < len(r.Sample); i++ {
		if is(&r.Sample[i]) {
			return i
		}
	}
	return len(r.Sample)
}

// width returns the usual number of fields in a row of the sample, and how many rows of fields there are.
func (r *Rows) width() (width, rows int) {
	count := make(map[int]int)
	for i := range r.Sample {
		if s := &r.Sample[i]; !s.Blank() && !s.Rule() && !s.Comment() {
			rows++
			count[len(s.Fields)]++
		}
	}
	for n, times := range count {
		if times > count[width] || times == count[width] && n > width {
			width = n
		}
	}
	return width, rows
}

// few returns the error about a table without rows.
func (r *Rows) few() error {
	for _, s := range r.Sample {
		if len(s.Fields) > 20 {
			return errors.New("the table has fewer than two rows, but many columns: does it lie on its side? In Python, pandas.read_csv(FILE, header=None).T.to_csv('table.csv', header=False, index=False) turns it")
		}
	}
	return errors.New("the table has fewer than two rows")
}

// sorts returns what most fields of each column are.
func (r *Rows) sorts(width int) []Sort {
	all := make([]Sort, width)
	count := make([][4]int, width)
	for i := range r.Sample {
		s := &r.Sample[i]
		if len(s.Fields) != width || s.Blank() {
			continue
		}
		row, n := make([]Sort, width), 0
		for c, f := range s.Fields {
			if row[c] = SortOf(f); row[c] != Words {
				n++
			}
		}
		for c := range row {
			if n > 0 { // and not a header
				count[c][row[c]]++
			}
		}
	}
	for c, n := range count {
		filled := n[Words] + n[Number] + n[Date]
		for s := Number; s <= Date; s++ {
			if n[s] > 0 && 2*n[s] >= filled {
				all[c] = s
			}
		}
		if filled == 0 {
			all[c] = Nothing
		}
	}
	return all
}

// Fits reports whether a row is like the rows of data: it has numbers and dates where most rows have them.
func (h *Head) Fits(r *Row) bool {
	if len(r.Fields) < len(h.Sorts) || r.Comment() || r.Rule() || r.Blank() || widths(r) {
		return false
	}
	for c, want := range h.Sorts {
		if !fit(r.Fields[c], want) {
			return false
		}
	}
	return slices.Contains(h.Sorts, Number)
}

// fit reports whether a field is of a sort, or missing. A field like 2014m3 can be a date or a number with a unit.
func fit(field string, want Sort) bool {
	switch want {
	case Number:
		return numbers.Missing(field) || numbers.Looks(field)
	case Date:
		return numbers.Missing(field) || words.Looks(field)
	}
	return true
}

// filled reports whether a row has a number where the data have numbers.
func (h *Head) filled(r *Row) bool {
	for c, want := range h.Sorts {
		if want == Number && c < len(r.Fields) && numbers.Looks(r.Fields[c]) {
			return true
		}
	}
	return false
}

// named returns the index in the sample of the row that has the name of the column above numbers, or −1.
func (h *Head) named(r *Rows, column string) int {
	found := -1
	for i := range min(len(r.Sample), h.Begin+3) {
		s := &r.Sample[i]
		for c, f := range s.Fields {
			if f == column && column != "" && c < len(h.Sorts) && !h.Fits(s) && (i < h.Begin || found < 0) {
				found = i
			}
		}
	}
	return found
}

// guess returns the index in the sample of the header, or −1: the last row before the data that is not one of units. A line
// of comment can be the header, if there is no other.
func (h *Head) guess(r *Rows) int {
	var all, comments []int
	for i := range h.Begin {
		s := &r.Sample[i]
		if _, alone := s.Only(); s.Blank() || s.Rule() || alone && len(h.Sorts) > 1 || len(s.Fields) > len(h.Sorts) && !Over(s.Fields, len(h.Sorts)) ||
			len(s.Fields) < len(h.Sorts)-1 || Total(s.Fields, false) != "" && i > 0 {
			continue
		}
		if !s.Comment() {
			all = append(all, i)
		} else if len(s.Fields) == len(h.Sorts) && len(h.Sorts) > 1 {
			comments = append(comments, i)
		}
	}
	if len(all) == 0 {
		all = comments
	}
	last := len(all) - 1
	if last > 0 && (r.Sample[all[last]].Fields[0] == "" || units(r.Sample[all[last]].Fields)) {
		last--
	}
	if last >= 0 {
		return all[last]
	}
	if h.Begin < len(r.Sample) && (h.years(r) || h.indices(r)) {
		return h.Begin
	}
	return -1
}

// Over reports whether the fields from index n on are empty.
func Over(fields []string, n int) bool { return (&Row{Fields: fields[min(n, len(fields)):]}).Blank() }

// years reports whether the first row is a header of years or numbers: region, 2019, 2020. They count up, and the numbers
// below are not like them.
func (h *Head) years(r *Rows) bool {
	first := r.Sample[h.Begin].Fields
	before, year, rest := 0, true, 0
	for c, s := range h.Sorts {
		switch s {
		case Date:
			return false
		case Number:
			n, err := strconv.Atoi(first[c])
			if err != nil || before != 0 && n != before+1 {
				return false
			}
			before, year = n, year && n >= 1800 && n <= 2100
			for _, s := range r.Sample[h.Begin+1:] {
				if len(s.Fields) == len(h.Sorts) {
					if m, err := strconv.Atoi(s.Fields[c]); err == nil && m >= 1800 && m <= 2100 {
						rest++
					}
				}
			}
		}
	}
	return before != 0 && year && rest < 2
}

// indices reports whether the first row is a header of pandas: nothing above the dates, and 0, 1, 2 above the columns.
func (h *Head) indices(r *Rows) bool {
	for c, f := range r.Sample[h.Begin].Fields {
		if c == 0 && f != "" || c > 0 && f != strconv.Itoa(c-1) {
			return false
		}
	}
	return h.Sorts[0] == Date
}

// commented returns the fields of the last comment above the data, if it is a header: # date value. If it is one of units, it
// returns those of the comment before.
func (r *Rows) commented(h *Head, column string) []string {
	var all [][]string
	var at []int // in Above
	for i, above := len(r.Comments)-1, len(r.Above); i >= 0 && len(all) < 2; i-- {
		if r.Comments[i] != "" {
			above--
		}
		text := strings.TrimLeft(r.Comments[i], "# ")
		if text == "" {
			continue
		}
		fields, _ := r.split(text, nil)
		if (len(fields) != len(h.Sorts) || len(fields) < 2) && !slices.Contains(fields, column) {
			break
		}
		all, at = append(all, fields), append(at, above)
	}
	if len(all) == 0 {
		return nil
	}
	k := 0
	if len(all) == 2 && !slices.Contains(all[0], column) && (units(all[0]) || slices.Contains(all[1], column)) {
		k = 1
	}
	r.Above = slices.Delete(r.Above, at[k], at[k]+1)
	return all[k]
}

// widen makes the header as wide as the data. A header can lack the name of the first column, if this has the numbers
// of the rows.
func (h *Head) widen(r *Rows, width int) error {
	for len(h.Fields) > width && h.Fields[len(h.Fields)-1] == "" {
		h.Fields = h.Fields[:len(h.Fields)-1]
	}
	first := &r.Sample[h.Begin]
	switch n := len(h.Fields); {
	case n == 0 || n == width:
	case n > width:
		return fmt.Errorf("line %d: %d fields, but the header has %d", first.Line, len(first.Fields), n)
	case Over(first.Fields, n):
	case n == width-1 && (r.counted(h.Begin) || r.Separator == " " && h.Sorts[0] == Date && !slices.ContainsFunc(h.Fields, words.Date.Is)):
		h.Fields = append([]string{""}, h.Fields...)
	default:
		hint := ""
		if r.Separator == "," {
			hint = ": does a comma stand in a number? Put numbers with a decimal comma in quotes, or separate fields by semicolons"
		}
		return fmt.Errorf("line %d: %d fields, but the header has %d%s", first.Line, len(first.Fields), n, hint)
	}
	return nil
}

// counted reports whether the first fields of the rows count up.
func (r *Rows) counted(from int) bool {
	before, rows := 0, 0
	for _, s := range r.Sample[from:] {
		n, err := strconv.Atoi(strings.Trim(s.Fields[0], `"`))
		if s.Blank() {
			continue
		}
		if err != nil || rows > 0 && n != before+1 {
			return false
		}
		before = n
		rows++
	}
	return rows > 1
}

// Data returns the rows of the sample that are data.
func (h *Head) Data(r *Rows) (all []Row) {
	for _, s := range r.Sample[h.Begin:] {
		if h.Fits(&s) {
			all = append(all, s)
		}
	}
	return all
}
