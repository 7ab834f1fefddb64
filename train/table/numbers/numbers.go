// Package numbers reads a column of numbers as people write them: 1,234.5 or 1.234,5 or 1 234,5, with a currency or a
// unit, in parentheses for minus, with the mark of a footnote.
//
// One convention holds for the whole column. A field like 1.234 or 1,234 can have thousands or three decimals. Other
// fields of the column tell which. If none does, the column is ambiguous, and an error asks for the decimal mark.
package numbers

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A Column collects the numbers of a column. The zero value is an empty column that finds the convention itself.
type Column struct {
	Decimal   byte      // the decimal mark, '.' or ','; 0: not yet known, or no number has decimals
	Separator rune      // what separates the fields of the table: a comma there has thousands in a field in quotes
	Values    []float64 // NaN where a value is missing

	thousands string    // the mark of thousands; "": none so far
	unit      string    // before or behind all numbers
	united    bool      // unit is known
	noted     [3]string // marks of footnotes that occurred
	clear     string    // the first field that shows the convention
	open      byte      // the mark of fields like 1.234, which can mean two things; 0: no such field
	example   string    // the first of these fields
	marked    []bool    // for each value: it is such a field; nil if there is none
	opened    int       // how many they are
	long      bool      // there is a number of four digits or more without a mark
}

// Looks reports whether a field is a number, in any convention.
func Looks(field string) bool {
	c, err := take(field)
	if err != nil {
		return false
	}
	_, err = c.read()
	return err == nil
}

// Add appends the number of a field. The error says what is wrong with the field.
func (c *Column) Add(field string) error {
	v, err := c.number(field)
	if err != nil {
		return fmt.Errorf("%.40q %w", field, err)
	}
	if math.IsInf(v, 0) {
		return fmt.Errorf("%.40q is not finite", field)
	}
	c.append(v)
	return nil
}

// AddMissing appends NaN.
func (c *Column) AddMissing() { c.append(math.NaN()) }

func (c *Column) append(v float64) {
	if c.Values = append(c.Values, v); c.marked != nil && len(c.marked) < len(c.Values) {
		c.marked = append(c.marked, false)
	}
}

func (c *Column) number(field string) (float64, error) {
	if c.united && c.unit == "" && plain(field) && (c.Decimal == '.' || strings.IndexByte(field, '.') < 0) {
		c.long = c.long || len(strings.TrimPrefix(field, "-")) >= 4
		return strconv.ParseFloat(field, 64)
	}
	x, err := take(field)
	if err != nil {
		return 0, err
	}
	if err := c.agree(&x, field); err != nil {
		return 0, err
	}
	shape, err := x.read()
	if err == nil {
		err = c.settle(shape, field)
	}
	if err != nil {
		return 0, err
	}
	text := shape.text(c.Decimal, c.thousands)
	if x.minus {
		text = "-" + text
	}
	v, err := strconv.ParseFloat(text+x.exponent, 64)
	if math.IsInf(v, 0) {
		return v, nil
	}
	return v, err
}

// plain reports whether a field has only ASCII digits, a minus at first, and a point at most.
func plain(field string) bool {
	digits, points := 0, 0
	for i := range len(field) {
		switch b := field[i]; {
		case '0' <= b && b <= '9':
			digits++
		case b == '.':
			points++
		case b != '-' || i > 0:
			return false
		}
	}
	return digits > 0 && points <= 1
}

// agree returns an error if the unit of a field differs from the column's.
func (c *Column) agree(x *cell, field string) error {
	unit := strings.TrimSpace(x.before + " " + x.unit)
	if !c.united {
		c.unit, c.united = unit, true
	}
	if unit != c.unit {
		was, is := "no unit", "no unit"
		if c.unit != "" {
			was = fmt.Sprintf("the unit %q", c.unit)
		}
		if unit != "" {
			is = fmt.Sprintf("the unit %q", unit)
		}
		return fmt.Errorf("has %s, but the values above have %s", is, was)
	}
	for i, note := range c.noted {
		if x.note == "" || note == x.note {
			break
		}
		if note == "" {
			c.noted[i] = x.note
			break
		}
	}
	return nil
}

// settle notes what a field shows about the convention. The error says that it contradicts fields above.
func (c *Column) settle(s shape, field string) error {
	contradicts := func() error {
		if c.clear == "" {
			return errors.New("has another decimal mark than -decimal says")
		}
		return fmt.Errorf("has other marks than %q above: is the decimal mark a point or a comma? -decimal says which", c.clear)
	}
	if s.open != 0 && c.Decimal == 0 && c.thousands == string(s.open) {
		s.thousands, s.open = c.thousands, 0
	}
	switch {
	case s.decimal != 0 && c.Decimal != 0 && s.decimal != c.Decimal,
		s.decimal != 0 && c.thousands == string(s.decimal),
		s.thousands != "" && c.Decimal != 0 && s.thousands == string(c.Decimal),
		s.thousands != "" && c.thousands != "" && s.thousands != c.thousands && !(spaced(s.thousands) && spaced(c.thousands)),
		s.open != 0 && c.Decimal != 0 && s.open != c.Decimal && c.thousands != "" && c.thousands != string(s.open),
		s.open != 0 && c.open != 0 && s.open != c.open:
		return contradicts()
	}
	c.long = c.long || s.long
	if s.thousands != "" || s.decimal != 0 {
		if c.clear == "" {
			c.clear = field
		}
		if s.thousands != "" {
			c.thousands = s.thousands
		}
		if s.decimal != 0 {
			c.Decimal = s.decimal
		}
	}
	if c.open != 0 && (c.Decimal != 0 || c.thousands != "") {
		return c.close(c.Decimal == c.open, field)
	}
	switch {
	case s.open == 0:
	case c.Decimal == 0 && c.thousands != "": // another mark has thousands
		c.Decimal, c.clear = s.open, field
	case c.Decimal == 0:
		if c.marked == nil {
			c.marked, c.open, c.example = make([]bool, len(c.Values), cap(c.Values)), s.open, field
		}
		c.marked = append(c.marked, true)
		c.opened++
	case s.open != c.Decimal:
		c.thousands = string(s.open)
	}
	return nil
}

func spaced(mark string) bool { return mark != "." && mark != "," }

// close settles the open fields: their mark is the decimal mark, or it separates thousands.
func (c *Column) close(decimal bool, field string) error {
	switch {
	case decimal:
		c.Decimal = c.open
	case c.thousands != "" && c.thousands != string(c.open) && c.Decimal != 0:
		return fmt.Errorf("has other marks than %q above: is the decimal mark a point or a comma? -decimal says which", c.example)
	case c.thousands != "" && c.thousands != string(c.open):
		c.Decimal = c.open // 1 234 567 and 1,234
	default:
		c.thousands = string(c.open)
		for i, m := range c.marked {
			if m {
				c.Values[i] = math.Round(c.Values[i] * 1000)
			}
		}
	}
	c.marked, c.open = nil, 0
	return nil
}

// End settles the convention after the last field. It returns an error if the column can mean two things. The
// table asks for the decimal mark of such a column. decimals tells whether thousands or decimals are meant.
func (c *Column) End() error {
	if c.open == 0 {
		return nil
	}
	numbers := 0
	for _, v := range c.Values {
		if !math.IsNaN(v) {
			numbers++
		}
	}
	all := c.opened == numbers
	dollars := strings.ContainsAny(c.unit, "$£¥￥₹")
	switch {
	case c.open == ',' && !c.long && (c.Separator == ',' || dollars):
		return c.close(false, "")
	case c.open == ',' && c.long && c.Separator != ',' && !dollars,
		c.open == '.' && (dollars || c.long || all && c.Separator != ';'):
		return c.close(true, "")
	}
	thousand := strings.Replace(c.example, string(c.open), "", 1)
	mark := map[byte]string{'.': "-decimal point", ',': "-decimal comma"}[c.open]
	other := map[byte]string{'.': "-decimal comma", ',': "-decimal point"}[c.open]
	return fmt.Errorf("%.40q can be %.40s or have three decimals, and no other value tells which: %s means decimals, %s thousands", c.example, thousand, mark, other)
}

// Says tells how the numbers were read: the marks, the unit, the footnotes.
func (c *Column) Says() (all []string) {
	names := map[string]string{".": "point", ",": "comma", "'": "apostrophe", "’": "apostrophe", "": ""}
	if c.Decimal != 0 {
		all = append(all, "decimal "+names[string(c.Decimal)])
	}
	if c.thousands != "" {
		name := names[c.thousands]
		if name == "" {
			name = "space"
		}
		all = append(all, "thousands "+name)
	}
	if c.unit != "" {
		all = append(all, "unit "+c.unit)
	}
	for _, note := range c.noted {
		if note != "" {
			all = append(all, "mark "+note+" left out")
		}
	}
	return all
}
