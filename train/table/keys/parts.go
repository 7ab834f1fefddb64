package keys

import (
	"regexp"
	"slices"

	"lstm/train/table/grid"
	"lstm/train/table/words"
)

var (
	clock   = regexp.MustCompile(`(?i)^\d{1,2}(:\d{2}){1,2}([.,]\d+)?( ?[ap]\.?m\.?)?( *(-|–|to) *\d{1,2}(:\d{2}){1,2})?$|^\d{1,2} ?[ap]m$`)
	period  = regexp.MustCompile(`^[Mm]?\d{1,2}$|^[SQA]0\d$`)
	quarter = regexp.MustCompile(`^[QqTtKk]0?[1-5]$`)
)

// timed reports whether a field is a time of day.
func timed(field string) bool { return clock.MatchString(field) || hourly(field) }

// clocked adds the columns of the time of day, if they have names or a form that tells.
func (f *finder) clocked(k Key) (with Key, ok bool) {
	for c, s := range f.h.Sorts {
		if (s == grid.Date || s == grid.Number) && c != f.skip && every(f.sample, c, timed) {
			k.Add(c, " ", 2)
			return k, true
		}
	}
	hour := f.column(words.Hour, 0, 0, 24, nil)
	if hour < 0 {
		for _, role := range []words.Role{words.Hour, words.Clock} {
			if c := f.column(role, 0, 0, 2400, nil); c >= 0 && f.joined(c) {
				k.Add(c, " ", 4)
				return k, true
			}
		}
		return k, false
	}
	if slices.Contains(k.Columns, hour) {
		return k, false
	}
	k.Add(hour, " ", 2)
	if minute := f.column(words.Minute, hour+1, 0, 59, nil); minute >= 0 {
		k.Add(minute, ":", 2)
		if second := f.column(words.Second, minute+1, 0, 59, nil); second >= 0 {
			k.Add(second, ":", 2)
		}
	}
	return k, true
}

// pairs returns keys of several columns: of a date and a time; of a year, a month and so on.
func (f *finder) pairs() (all []Key) {
	year := f.column(words.Year, 0, 1500, 2200, nil)
	if year < 0 && f.column(words.Month, 0, 1, 12, nil) >= 0 && f.column(words.Day, 0, 1, 31, nil) >= 0 {
		year = f.column(words.Year, 0, 0, 99, nil)
	}
	if year >= 0 {
		all = f.parts(year)
	}
	if k, ok := f.clocked(Key{}); ok {
		for c, s := range f.h.Sorts {
			if c == f.skip || slices.Contains(k.Columns, c) || s != grid.Date && !words.Date.Is(f.h.Names[c]) && !f.whole(c) || len(f.sample) == 0 || clock.MatchString(f.sample[0].Fields[c]) {
				continue
			}
			if f.repeats(c) { // a date has several times
				k := Key{}
				k.Add(c, "", 8)
				if k, _ = f.clocked(k); f.ordered(&k) {
					all = append(all, k)
				}
			}
			break
		}
	}
	for i := range all {
		all[i].named(f.h)
	}
	return all
}

// parts returns a key of a year and of what has the name of a part of it.
func (f *finder) parts(year int) (all []Key) {
	for _, part := range []struct {
		role   words.Role
		high   int
		before string
		other  func(string) bool
	}{
		{words.Month, 12, "-", func(s string) bool { return words.Calendar(s) || period.MatchString(s) }},
		{words.Quarter, 4, "-Q", nil}, {words.Quarter, 4, "-", quarter.MatchString}, {words.Week, 53, "-W", nil},
	} {
		c := f.column(part.role, 0, 1, part.high, part.other)
		if c < 0 || c == year {
			continue
		}
		k := Key{}
		k.Add(year, "", 4)
		k.Add(c, part.before, 0)
		if day := f.column(words.Day, 0, 1, 31, nil); day >= 0 && part.role == words.Month && day != c {
			k.Add(day, "-", 0)
		}
		if len(k.Columns) == 3 || part.role != words.Month {
			k, _ = f.clocked(k)
		}
		return []Key{k}
	}
	if day := f.column(words.Day, 0, 1, 366, nil); day >= 0 && slices.Max(values(f.sample, day, 1, 366)) > 31 {
		k := Key{}
		k.Add(year, "", 4)
		k.Add(day, "-", 3)
		k, _ = f.clocked(k)
		return []Key{k}
	}
	return nil
}
