package dates

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"lstm/train/table/words"
)

// A clock is the time of day of a date, and its zone.
type clock struct {
	at      time.Duration // since midnight
	offset  int           // of the zone, in quarters of an hour
	zoned   bool
	is      bool   // there is a time of day
	written string // its layout, to write it
}

var (
	colons = regexp.MustCompile(`(?i)^(.*?)[T_ ,:]+(\d{1,2})(?::|h)(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?:\s*Uhr|\s*h)?\s*([ap]\.?m\.?)?\s*(z|[a-z]{3,4}|(?:utc|gmt)?\s*[+\-−]\d{1,2}(?::?\d{2})?)?(?:\s*\(\w+\))?$`)
	digits = regexp.MustCompile(`(?i)^(.*\d)(?:T| +)(\d{2})(\d{2})?(\d{2})?(z|[+-]\d{2}:?\d{2})?$`)
	hours  = regexp.MustCompile(`(?i)^(.*\d)(?:T| +)(\d{1,2})(?: *h| *Uhr)?( *[ap]m)?$`)
	ctime  = regexp.MustCompile(`^(?:[A-Z][a-z]{2} )?([A-Z][a-z]{2} +\d{1,2}) (\d\d:\d\d:\d\d)((?: [A-Z]{3,4})?) (\d{4})$`)
	early  = regexp.MustCompile(`^(\d{1,2}:\d\d(?::\d\d)?(?: ?[AaPp]\.?[Mm]\.?)?),? +(.+)$`) // the time stands first
	// until is the end of an interval, whose begin counts.
	until = regexp.MustCompile(`^(.*\d[^-–/]*?)(?: +(?:-|–|—|to|bis|a|à|al|->|→) +|/(\d{4}-\d))`)
)

// split splits a field into its date and its time of day.
func split(field string) (date string, c clock) {
	s := strings.TrimSpace(field)
	if m := until.FindStringSubmatch(s); m != nil {
		s = m[1]
	}
	if m := ctime.FindStringSubmatch(s); m != nil {
		s = m[1] + " " + m[4] + " " + m[2] + m[3]
	} else if m := early.FindStringSubmatch(s); m != nil && day(m[2]) {
		s = m[2] + " " + m[1]
	}
	m := colons.FindStringSubmatch(s)
	if m == nil {
		if m = digits.FindStringSubmatch(s); m != nil {
			m = []string{m[0], m[1], m[2], m[3], m[4], "", "", m[5]}
		} else if m = hours.FindStringSubmatch(s); m != nil {
			m = []string{m[0], m[1], m[2], "", "", "", strings.TrimSpace(m[3]), ""}
		}
		if m == nil || !day(m[1]) {
			return s, c
		}
	}
	number := func(i int) time.Duration { n, _ := strconv.Atoi(m[i]); return time.Duration(n) }
	h, minute, second := number(2), number(3), number(4)
	if half := strings.ToLower(m[6]); half != "" {
		if h < 1 || h > 12 {
			return s, clock{}
		}
		if h %= 12; half[0] == 'p' {
			h += 12
		}
	}
	if h > 24 || minute > 59 || second > 60 || h == 24 && minute+second > 0 {
		return s, clock{}
	}
	c.at, c.is, c.written = h*time.Hour+minute*time.Minute+second*time.Second, true, "15:04"
	if m[4] != "" {
		c.written = "15:04:05"
	}
	if m[5] != "" {
		nano, _ := strconv.Atoi((m[5] + "000000000")[:9])
		c.at += time.Duration(nano)
		c.written = "15:04:05.000000"[:9+min(6, max(3, len(m[5])))]
	}
	if zone := strings.ToLower(strings.TrimSpace(m[7])); zone != "" {
		if c.offset, c.zoned = offset(zone); !c.zoned {
			return s, clock{}
		}
	}
	return strings.TrimRight(m[1], " ,_T"), c
}

// offset returns the offset of a zone such as cet or utc+01:00, in quarters of an hour.
func offset(zone string) (quarters int, ok bool) {
	if q, ok := words.Zone(zone); ok {
		return q, true
	}
	zone = strings.ReplaceAll(strings.TrimSpace(strings.TrimLeft(zone, "utcgm ")), "−", "-")
	if len(zone) < 2 || zone[0] != '+' && zone[0] != '-' {
		return 0, false
	}
	text := strings.ReplaceAll(zone[1:], ":", "")
	if len(text) <= 2 {
		text += "00"
	}
	n, err := strconv.Atoi(text)
	quarters = n/100*4 + n%100/15
	if zone[0] == '-' {
		quarters = -quarters
	}
	return quarters, err == nil && n <= 1400 && n%100%15 == 0
}

// day reports whether a text is a date of a day.
func day(s string) bool {
	for i := range formats {
		if f := &formats[i]; f.Unit == ByDay && f.layout != "" && f.order != yearless {
			if _, err := time.Parse(f.layout, words.Canonical(s)); err == nil {
				return true
			}
		}
	}
	return false
}

// A cut is a field, cut into its date and its time of day.
type cut struct {
	field, date string
	clock       clock
}

func cutUp(field string) cut {
	c := cut{field: words.Plain(strings.TrimSpace(field))}
	c.date, c.clock = split(c.field)
	return c
}

// Parse returns the date of a field, and its time of day.
func (f *format) Parse(field string) (t time.Time, c clock, ok bool) { return f.read(cutUp(field)) }

// read works like Parse, on a field that is cut.
func (f *format) read(x cut) (t time.Time, c clock, ok bool) {
	date := x.field
	if f.pattern == nil || f.Unit != ByTime {
		date, c = x.date, x.clock
	}
	if f.numeric && c.is && f.Unit != ByDay {
		return t, c, false
	}
	if t, ok = f.date(date); ok && c.is {
		t = t.Add(c.at)
	}
	return t, c, ok && (!c.is || f.Unit == ByDay)
}
