package numbers

import (
	"errors"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A cell is a field, taken apart.
type cell struct {
	minus        bool
	whole        string // the digits and their marks
	exponent     string
	before, unit string // the texts before and behind
	note         string // the mark of a footnote
}

// power fits m2, m3, m-2, s**-1.
var power = regexp.MustCompile(`m[23]\b|\b([ck]?m|s|h|d|day|a|yr|[lL]|K|kg)((\^|\*\*)-?|-)[1-4]\b`)

var errNumber = errors.New("is not a number")

// take takes a field apart.
func take(field string) (c cell, err error) {
	const long = 400
	s := strings.TrimSpace(field)
	if len(s) > long {
		return c, errNumber
	}
	if strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") {
		c.minus, s = true, strings.TrimSpace(s[1:len(s)-1])
	}
	first := strings.IndexFunc(s, func(r rune) bool { return '0' <= r && r <= '9' })
	if first < 0 {
		return c, errNumber
	}
	if first > 0 && (s[first-1] == '.' || s[first-1] == ',') {
		first--
	}
	head := s[:first]
	for _, sign := range signs {
		if strings.Contains(head, sign) {
			if c.minus {
				return c, errNumber
			}
			c.minus, head = true, strings.Replace(head, sign, "", 1)
			break
		}
	}
	c.before = strings.TrimSpace(strings.Replace(head, "+", "", 1))
	if c.before != "" && !currencies[strings.ToLower(c.before)] {
		return c, errNumber
	}
	rest := s[first:]
	for n := 1; rest != "" && n > 0; {
		n = 0
		if b := rest[0]; '0' <= b && b <= '9' || b == '.' || b == ',' {
			n = 1
		} else if mark := prefix(rest, thousands); mark != "" && len(rest) > len(mark) && '0' <= rest[len(mark)] && rest[len(mark)] <= '9' {
			n = len(mark)
		}
		rest = rest[n:]
	}
	c.whole = s[first : len(s)-len(rest)]
	if k := exponent(rest); k > 0 {
		c.exponent, rest = "e"+rest[1:k], rest[k:]
	}
	if err := c.behind(strings.TrimSpace(rest)); err != nil || c.unit != "" && c.unit != "%" && !currencies[strings.ToLower(c.unit)] && strings.HasPrefix(field, "(") {
		return c, errNumber // (1000 t) is a unit
	}
	return c, nil
}

// exponent returns the length of the exponent at the start of s. Fortran writes D for e.
func exponent(s string) int {
	if s == "" || !strings.ContainsRune("eEdD", rune(s[0])) {
		return 0
	}
	k := 1
	if k < len(s) && (s[k] == '+' || s[k] == '-') {
		k++
	}
	digits := k
	for k < len(s) && '0' <= s[k] && s[k] <= '9' {
		k++
	}
	if k == digits {
		return 0
	}
	return k
}

func prefix(s string, all []string) string {
	for _, p := range all {
		if strings.HasPrefix(s, p) {
			return p
		}
	}
	return ""
}

// behind takes the text behind a number: a minus, a unit, the mark of a footnote.
func (c *cell) behind(s string) error {
	if sign := prefix(s, signs); sign != "" && len(sign) == len(s) && !c.minus {
		c.minus = true // as SAP writes
		return nil
	}
	if notes[s] {
		c.note = s
		return nil
	}
	for _, note := range []string{"*", "†", "‡", " p", " r", " e"} { // a footnote behind a unit
		if unit := strings.TrimSuffix(s, note); len(unit) < len(s) && strings.TrimSpace(unit) != "" {
			c.note, s = strings.TrimSpace(note), strings.TrimSpace(unit)
			break
		}
	}
	if s == "" {
		return nil
	}
	const most = 24
	r, _ := utf8.DecodeRuneInString(s)
	body := power.ReplaceAllString(s, "m")
	per, _, _ := strings.Cut(s, "/") // €/MWh
	switch {
	case len(s) > most, strings.ContainsAny(body, "0123456789,;:<>=+"), c.whole == "0" && (r == 'x' || r == 'X'):
		return errNumber
	case !unicode.IsLetter(r) && !strings.ContainsRune("%‰°µμ\"'", r) && !currencies[strings.ToLower(per)]:
		return errNumber
	}
	c.unit = s
	return nil
}
