package dates

import (
	"math"
	"regexp"
	"strconv"
	"time"

	"lstm/train/table/words"
)

// A Unit is the unit in which dates are written.
type Unit int

// The units. A date with a time of day has ByTime.
const (
	ByYear Unit = iota
	ByHalf
	ByQuarter
	ByMonth
	ByWeek
	ByDay
	ByTime
	ByRow // not a date, but a number
)

// A format is a way to write dates. It has a layout of package time, or a pattern and a function.
type format struct {
	layout  string // of the date without its time of day
	Unit    Unit
	order   string // dmy, mdy or ymd, if others have the same form
	numeric bool   // a date is a number, too
	short   bool   // the year has two digits
	says    string // how a note names the format

	pattern *regexp.Regexp
	parse   func(m []string) (time.Time, bool) // of the match of the pattern
}

// formats are the formats of dates, in the order of preference.
var formats = []format{
	{layout: "2006-1-2", Unit: ByDay, says: "year-month-day"},
	{layout: "2006/1/2", Unit: ByDay, says: "year/month/day"},
	{layout: "2006.1.2", Unit: ByDay, says: "year.month.day"},
	{layout: "2.1.2006", Unit: ByDay, says: "day.month.year"},
	{layout: "2/1/2006", Unit: ByDay, order: "dmy", says: "day/month/year"},
	{layout: "1/2/2006", Unit: ByDay, order: "mdy", says: "month/day/year"},
	{layout: "2-1-2006", Unit: ByDay, order: "dmy", says: "day-month-year"},
	{layout: "1-2-2006", Unit: ByDay, order: "mdy", says: "month-day-year"},
	{layout: "2.1.06", Unit: ByDay, short: true, says: "day.month.year"},
	{layout: "2/1/06", Unit: ByDay, short: true, order: "dmy", says: "day/month/year"},
	{layout: "1/2/06", Unit: ByDay, short: true, order: "mdy", says: "month/day/year"},
	{layout: "06/1/2", Unit: ByDay, short: true, order: "ymd", says: "year/month/day"},
	{layout: "2-1-06", Unit: ByDay, short: true, order: "dmy", says: "day-month-year"},
	{layout: "1-2-06", Unit: ByDay, short: true, order: "mdy", says: "month-day-year"},
	{layout: "06-1-2", Unit: ByDay, short: true, order: "ymd", says: "year-month-day"},
	{layout: "2 Jan 2006", Unit: ByDay, says: "day month year"},
	{layout: "Jan 2 2006", Unit: ByDay, says: "month day year"},
	{layout: "2006 Jan 2", Unit: ByDay, says: "year month day"},
	{layout: "2 Jan 06", Unit: ByDay, short: true, order: "dmy", says: "day month year"},
	{layout: "Jan 2 06", Unit: ByDay, short: true, order: "mdy", says: "month day year"},
	{layout: "06 Jan 2", Unit: ByDay, short: true, order: "ymd", says: "year month day"},
	{layout: "2006-002", Unit: ByDay, says: "year-day of the year"},
	{layout: "2006-1", Unit: ByMonth, says: "year-month"},
	{layout: "2006/1", Unit: ByMonth, says: "year/month"},
	{layout: "1/2006", Unit: ByMonth, says: "month/year"},
	{layout: "1-2006", Unit: ByMonth, says: "month-year"},
	{layout: "Jan 2006", Unit: ByMonth, says: "month year"},
	{layout: "2006 Jan", Unit: ByMonth, says: "year month"},
	{layout: "Jan 06", Unit: ByMonth, short: true, order: "my", says: "month year"},
	{layout: "06 Jan", Unit: ByMonth, short: true, order: "ym", says: "year month"},
	{layout: "Jan 2", Unit: ByDay, order: yearless, says: "month day"},
	{layout: "2 Jan", Unit: ByDay, order: yearless, says: "day month"},
	special(ByMonth, "year and month", `^(\d{4})[-:/ ]?[Mm]0?(\d{1,2})$`, ymd(1, 2, 1)),
	special(ByMonth, "year and month", `^[Mm]0?(\d{1,2})[-:/ ]?(\d{4})$`, ymd(2, 1, 1)),
	special(ByHalf, "year and half", `^(\d{4})[-:/ ]*[HhSs]0?([12])$`, ymd(1, 2, 6)),
	special(ByHalf, "half and year", `^[HhSs]0?([12])[-:/ ]*(\d{4})$`, ymd(2, 1, 6)),
	special(ByQuarter, "year and quarter", `^(\d{4})[-:/., ]*(?:`+quarter+`)\.?[- ]*0?([1-4])$`, ymd(1, 2, 3)),
	special(ByQuarter, "quarter and year", `^(?:`+quarter+`)\.?[- ]*0?([1-4])[-:/,.' ]*(\d{4}|\d\d)$`, ymd(2, 1, 3)),
	special(ByQuarter, "quarter and year", `^0?([1-4])\.? ?(?:`+quarter+`)\.?[-:/,.' ]*(\d{4}|\d\d)$`, ymd(2, 1, 3)),
	special(ByQuarter, "year and quarter", `^(\d{4})[-/. ]+(I|II|III|IV)$`, ymd(1, 2, 3)),
	special(ByQuarter, "quarter and year", `^(I|II|III|IV)[-/. ]+(\d{4})$`, ymd(2, 1, 3)),
	special(ByWeek, "year and week", `^(\d{4})[-:/., ]*(?:`+weekly+`)\.?[- ]*(\d{1,2})(?:-?[1])?$`, week(1, 2)),
	special(ByWeek, "week and year", `^(?:`+weekly+`)\.?[- ]*(\d{1,2})[-:/, ]+(\d{4})$`, week(2, 1)),
	special(ByDay, "year, week and weekday", `^(\d{4})-?W(\d\d)-?([1-7])$`, weekday),
	special(ByYear, "year", `^(?:FY|CY|fy)[ -]?'?(\d{4})$`, ymd(1, 0, 0)),
	special(ByYear, "the first of two years", `^(?:FY|fy)? ?(\d{4}) ?[-/–] ?(\d{4}|\d\d)$`, twoYears),
	special(ByTime, "year, month, day and time", `^(\d{4})(\d\d)(\d\d)[T ]?(\d\d)(\d\d)(\d\d)?Z?$`, stamp),

	{layout: "20060102", Unit: ByDay, numeric: true, says: "year, month and day"},
	{layout: "200601", Unit: ByMonth, numeric: true, says: "year and month"},
	number(special(ByWeek, "year and week", `^((?:19|20)\d\d)(\d\d)$`, week(1, 2))),
	{layout: "2006.01", Unit: ByMonth, numeric: true, says: "year.month"},
	{layout: "01.2006", Unit: ByMonth, numeric: true, says: "month.year"},
	{layout: "2006", Unit: ByYear, numeric: true, says: "year"},
	{layout: "2006002", Unit: ByDay, numeric: true, says: "year and day of the year"},
	{layout: "2006010215", Unit: ByTime, numeric: true, says: "year, month, day and hour"},
	number(special(ByTime, "year, month, day and time", `^((?:19|20)\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?$`, stamp)),
	number(special(ByTime, "seconds since 1970", `^(\d{9,10})(\.\d+)?$`, since(1e6))),
	number(special(ByTime, "milliseconds since 1970", `^(\d{12,13})(\.\d+)?$`, since(1e3))),
	number(special(ByTime, "microseconds since 1970", `^(\d{15,16})$`, since(1))),
	number(special(ByTime, "nanoseconds since 1970", `^(\d{15,16})\d{3}$`, since(1))),
	number(special(ByMonth, "a year with decimals", `^(1[5-9]\d\d|20\d\d|2100)(\.\d+)?$`, decimalMonth)),
	number(special(ByDay, "a year with decimals", `^(1[5-9]\d\d|20\d\d|2100)(\.\d+)?$`, decimalDay)),
	number(special(ByDay, spreadsheet, `^((?:2[5-9]|[345]\d)\d{3})(?:\.0*)?$`, serial)),
}

// counter is the format of numbers of rows.
var counter = special(ByRow, "number of the row", `^(-?\d{1,12}(?:\.\d*)?)$`, func(m []string) (time.Time, bool) {
	x, err := strconv.ParseFloat(m[1], 64)
	return time.UnixMicro(int64(math.Round(x * 1e6))).UTC(), err == nil
})

const (
	yearless    = "no year"
	spreadsheet = "the days of a spreadsheet"
	quarter     = `[QqTtKk]|[Qq]tr|Quarter|Quartal|[Tt]rim|[Tt]rimestre|Kvartal`
	weekly      = `W|w|KW|kw|CW|Week|week|wk|S|sem|V|v|U`
)

func special(unit Unit, says, pattern string, parse func(m []string) (time.Time, bool)) format {
	return format{Unit: unit, says: says, pattern: regexp.MustCompile(pattern), parse: parse}
}

func number(f format) format {
	f.numeric = true
	return f
}

// date returns the date of a field without a time of day.
func (f *format) date(s string) (t time.Time, ok bool) {
	if f.pattern != nil {
		m := f.pattern.FindStringSubmatch(s)
		if m == nil || f.parse == nil {
			return t, false
		}
		return f.parse(m)
	}
	t, err := time.Parse(f.layout, s)
	if err != nil {
		if t, err = time.Parse(f.layout, words.Canonical(s)); err != nil {
			return t, false
		}
	}
	if f.short && t.Year() >= 2050 {
		t = t.AddDate(-100, 0, 0)
	}
	if f.numeric && f.Unit != ByTime && (t.Year() < 1500 || t.Year() > 2200) {
		return t, false
	}
	return t, true
}

var roman = map[string]int{"I": 1, "II": 2, "III": 3, "IV": 4}

func atoi(s string) int {
	if n := roman[s]; n > 0 {
		return n
	}
	n, _ := strconv.Atoi(s)
	return n
}

// ymd takes the year from group y of a match, and the part of the year from group p: months is its length.
func ymd(y, p, months int) func(m []string) (time.Time, bool) {
	return func(m []string) (time.Time, bool) {
		year, part := atoi(m[y]), 1
		if len(m[y]) == 2 {
			if year += 1900; year < 1950 {
				year += 100
			}
		}
		if p > 0 {
			part = atoi(m[p])
		}
		t := time.Date(year, time.Month(1+(part-1)*months), 1, 0, 0, 0, 0, time.UTC)
		return t, year >= 1500 && year <= 2200 && part >= 1 && t.Year() == year
	}
}

// week takes the Monday of a week as in ISO 8601.
func week(y, w int) func(m []string) (time.Time, bool) {
	return func(m []string) (time.Time, bool) {
		year, n := atoi(m[y]), atoi(m[w])
		t := time.Date(year, 1, 4, 0, 0, 0, 0, time.UTC)
		t = t.AddDate(0, 0, -(int(t.Weekday())+6)%7+7*(n-1))
		back, k := t.AddDate(0, 0, 3).ISOWeek()
		return t, year >= 1500 && back == year && k == n
	}
}

func weekday(m []string) (time.Time, bool) {
	t, ok := week(1, 2)(m)
	return t.AddDate(0, 0, atoi(m[3])-1), ok
}

func twoYears(m []string) (time.Time, bool) {
	t, ok := ymd(1, 0, 0)(m)
	return t, ok && atoi(m[2])%100 == (atoi(m[1])+1)%100
}

func stamp(m []string) (time.Time, bool) {
	t := time.Date(atoi(m[1]), time.Month(atoi(m[2])), atoi(m[3]), atoi(m[4]), atoi(m[5]), atoi(m[6]), 0, time.UTC)
	return t, t.Format("20060102150405") == m[1]+m[2]+m[3]+m[4]+m[5]+(m[6] + "00")[:2]
}

func since(micros int64) func(m []string) (time.Time, bool) {
	return func(m []string) (time.Time, bool) {
		n, err := strconv.ParseInt(m[1], 10, 64)
		part := 0.0
		if len(m) > 2 {
			part, _ = strconv.ParseFloat("0"+m[2], 64)
		}
		t := time.UnixMicro(n*micros + int64(math.Round(part*float64(micros)))).UTC()
		return t, err == nil && t.Year() < 2200
	}
}

// decimalMonth returns the month of a year with decimals. 2000.08 and 2000.083 are February.
func decimalMonth(m []string) (time.Time, bool) {
	part, err := strconv.ParseFloat("0"+m[2], 64)
	return time.Date(atoi(m[1]), time.Month(1+int(part*12+0.06)), 1, 0, 0, 0, 0, time.UTC), err == nil
}

func decimalDay(m []string) (time.Time, bool) {
	part, err := strconv.ParseFloat("0"+m[2], 64)
	t := time.Date(atoi(m[1]), 1, 1, 0, 0, 0, 0, time.UTC)
	days := t.AddDate(1, 0, 0).Sub(t).Hours() / 24
	return t.AddDate(0, 0, int(part*days+0.25)), err == nil
}

// serial returns the date of a number of days since 1899-12-30, as spreadsheets count.
func serial(m []string) (time.Time, bool) {
	return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, atoi(m[1])), true
}
