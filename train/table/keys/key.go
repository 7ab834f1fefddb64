package keys

import (
	"regexp"
	"strconv"
	"strings"

	"lstm/train/table/grid"
	"lstm/train/table/numbers"
)

// A Key says which columns make up the date of a row.
type Key struct {
	Columns []int    // the columns, in the order of the parts of the date
	before  []string // what stands before each of them in the date
	digits  []int    // the least digits of each of them
	Name    string   // the names of the columns
}

// Of returns the date of a row, as a text.
func (k *Key) Of(fields []string) string {
	if len(k.Columns) == 1 {
		return fields[k.Columns[0]]
	}
	text := ""
	for i, c := range k.Columns {
		f := strings.TrimSuffix(fields[c], ".0")
		if m := fromTo.FindStringSubmatch(f); m != nil && k.before[i] == " " {
			f = m[1] + m[2]
		}
		switch n := len(f); {
		case i == 0 && k.digits[0] == 4 && n == 2: // a year, from 1950 to 2049 as in package dates
			f = map[bool]string{true: "19", false: "20"}[f >= "50"] + f
		case n == 8 && k.digits[i] == 8:
			f = f[:4] + "-" + f[4:6] + "-" + f[6:]
		case n < k.digits[i]:
			f = strings.Repeat("0", k.digits[i]-n) + f
		}
		text += k.before[i] + f
	}
	return text
}

// Empty reports whether the row has no date.
func (k *Key) Empty(fields []string) bool {
	for _, c := range k.Columns {
		if f := fields[c]; f != "" && !numbers.Missing(f) {
			return false
		}
	}
	return true
}

// Add appends a column. before stands before it in the date, and digits are its least digits.
func (k *Key) Add(column int, before string, digits int) {
	k.Columns, k.before, k.digits = append(k.Columns, column), append(k.before, before), append(k.digits, digits)
}

// values returns some numbers of a column, if all of its fields are whole numbers from low to high.
func values(sample []grid.Row, c, low, high int) (all []int) {
	for _, s := range sample {
		n, err := strconv.Atoi(strings.TrimSuffix(s.Fields[c], ".0"))
		if err != nil || n < low || n > high {
			return nil
		}
		all = append(all, n)
	}
	return all
}

// named sets the name.
func (k *Key) named(h *grid.Head) {
	k.Name = ""
	for i, c := range k.Columns {
		if i > 0 {
			k.Name += " "
		}
		k.Name += h.Names[c]
	}
}

// fromTo is an interval, by its hours or its times: 00 - 01, 5:00-6:00.
var fromTo = regexp.MustCompile(`^(\d{1,2})(:\d{2})?[ \x{a0}]*[-–][ \x{a0}]*(\d{1,2})(:\d{2})?$`)

// hourly reports whether a field is an interval of an hour.
func hourly(field string) bool {
	m := fromTo.FindStringSubmatch(field)
	if m == nil {
		return false
	}
	from, _ := strconv.Atoi(m[1])
	to, _ := strconv.Atoi(m[3])
	return from <= 23 && m[2] == m[4] && (to == from+1 || from == 23 && to == 0)
}

// every reports whether the fields of a column fit. A few may not.
func every(sample []grid.Row, c int, fits func(string) bool) bool {
	n := 0
	for _, s := range sample {
		if fits(s.Fields[c]) {
			n++
		}
	}
	return n > 0 && n*10 >= len(sample)*9
}
