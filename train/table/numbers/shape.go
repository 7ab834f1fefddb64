package numbers

import "strings"

// A shape says what the marks of a number can mean.
type shape struct {
	whole     string
	thousands string // the mark that must separate thousands, or ""
	decimal   byte   // the mark that must be the decimal mark, or 0
	open      byte   // the mark that can be either, or 0
	long      bool   // four digits or more without a mark
}

// read finds the marks in the digits of a cell.
func (c *cell) read() (s shape, err error) {
	s.whole = c.whole
	var kinds []string // the marks, without those that repeat
	counts := make(map[string]int, 2)
	for i, r := range c.whole {
		if r < '0' || r > '9' {
			mark := c.whole[i : i+len(string(r))]
			if counts[mark]++; counts[mark] == 1 {
				kinds = append(kinds, mark)
			}
		}
	}
	switch len(kinds) {
	case 0:
		s.long = len(c.whole) >= 4
		return s, nil
	case 1:
		mark := kinds[0]
		before, after, _ := strings.Cut(c.whole, mark)
		switch {
		case mark != "." && mark != "," || counts[mark] > 1:
			s.thousands = mark
		case mark == "," && after == "":
			return s, errNumber
		case len(after) != 3 || before == "" || len(before) > 3 || before[0] == '0' || c.exponent != "":
			s.decimal = mark[0]
		default:
			s.open = mark[0]
		}
	case 2:
		last := kinds[1]
		if counts[last] > 1 || last != "." && last != "," {
			return s, errNumber
		}
		s.thousands, s.decimal = kinds[0], last[0]
	default:
		return s, errNumber
	}
	if s.thousands != "" && !grouped(c.whole, s.thousands, s.decimal) {
		return s, errNumber
	}
	return s, nil
}

// grouped reports whether the mark separates groups of three digits, or two digits as in India: 12,34,567.
func grouped(whole, mark string, decimal byte) bool {
	if decimal != 0 {
		whole = whole[:strings.LastIndexByte(whole, decimal)]
	}
	groups := strings.Split(whole, mark)
	last := len(groups) - 1
	three, two := true, true
	for _, g := range groups[1:last] {
		three, two = three && len(g) == 3, two && len(g) == 2
	}
	first := len(groups[0])
	return last > 0 && len(groups[last]) == 3 && (three && 1 <= first && first <= 3 || two && last > 1 && 1 <= first && first <= 2) && groups[0][0] != '0'
}

// text returns the number for strconv. A mark that can be either counts as decimal, if the column does not know better.
func (s *shape) text(decimal byte, thousands string) string {
	text := s.whole
	if s.thousands != "" {
		text = strings.ReplaceAll(text, s.thousands, "")
	}
	if s.open != 0 && (decimal != 0 && decimal != s.open || thousands == string(s.open)) {
		return strings.ReplaceAll(text, string(s.open), "")
	}
	return strings.Replace(text, ",", ".", 1)
}
