package table

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"lstm/train/table/dates"
)

// TestParts: dates in several columns, as weather services, buoys and power exchanges publish them.
func TestParts(t *testing.T) {
	t.Parallel()
	const n = 60
	value := func(i int) string { return fmt.Sprintf("%d.5", i*i%37) }
	hours := func(layout string) func(i int) string {
		return func(i int) string { return time.Date(2021, 10, 29, 5+i, 50, 0, 0, time.UTC).Format(layout) }
	}
	to := func(layout string, row string) func(i int) string { // hours from 1 to 24
		return func(i int) string {
			at := time.Date(2021, 10, 29, 4+i, 0, 0, 0, time.UTC)
			return fmt.Sprintf(row, at.Format(layout), at.Hour()+1)
		}
	}
	from := func(row string) func(i int) string {
		return func(i int) string {
			at := time.Date(2021, 10, 29, 5+i, 0, 0, 0, time.UTC)
			return fmt.Sprintf(row, at.Format("02-01-2006"), at.Hour(), (at.Hour()+1)%24)
		}
	}
	days := func(layout string) func(i int) string {
		return func(i int) string { return time.Date(2019, 12, 30+i, 0, 0, 0, 0, time.UTC).Format(layout) }
	}
	for what, c := range map[string]struct {
		head    string
		row     func(i int) string
		tail    string // behind the value
		column  string
		first   string
		refused string
	}{
		"buoy":               {"#YY  MM DD hh mm WSPD GST\n#yr  mo dy hr mn m/s m/s\n", hours("2006 01 02 15 04 "), " 2.5", "WSPD", "2021-10-29 05:50", ""},
		"old buoy":           {"YY MM DD hh WSPD GST\n", hours("06 01 02 15 "), " 2.5", "WSPD", "2021-10-29 05:00", ""},
		"De Bilt":            {"# KNMI\n# T = temperature\n\n# STN,YYYYMMDD,   HH,    T,   FH\n\n", to("20060102", "  260,%s,%5d,"), ",    3", "T", "2021-10-29 05:00", ""},
		"De Bilt, a title":   {"KNMI\nT  = temperature of the air\n# STN,YYYYMMDD,   HH,    T,   FH\n\n", to("20060102", "  260,%s,%5d,"), ",    3", "T", "2021-10-29 05:00", ""},
		"Oslo":               {"Prices in EUR/MWh;;\n;Hours;NO1\n", from("%s;%02d\u00a0-\u00a0%02d;"), "", "NO1", "2021-10-29 05:00", ""},
		"Oslo, tight":        {"Date,Hour,NO1\n", from("%s,%02d-%02d,"), "", "NO1", "2021-10-29 05:00", ""},
		"hour ending":        {"Date,Hour Ending,Load\n", to("01/02/2006", "%s,%d,"), "", "Load", "2021-10-29 05:00", ""},
		"HE":                 {"Date,HE,Load\n", to("2006-01-02", "%s,%d,"), "", "Load", "2021-10-29 05:00", ""},
		"hours and minutes":  {"Date,Hour (PST),v\n", to("1/2/2006", "%s,%d00,"), "", "v", "2021-10-29 05:00", ""},
		"day of the year":    {"YEAR DOY HR v\n", hours("2006 002 15 "), "", "v", "2021-10-29 05:00", ""},
		"seconds":            {"Year,Month,Day,Hour,Minute,Second,v\n", func(i int) string { return fmt.Sprintf("2021,10,29,5,%d,%d,", i/6, i%6*10) }, "", "v", "2021-10-29 05:00:00", ""},
		"a time":             {"date,time,v\n", hours("2006-01-02,1500,"), "", "v", "2021-10-29 05:00", ""},
		"half a day":         {"date,time,v\n", hours("2006-01-02,03 PM,"), "", "v", "2021-10-29 05:00", ""},
		"from and to":        {"date,hour,v\n", from("%s,%d:00-%d:00,"), "", "v", "29-10-2021 05:00", ""},
		"a dash":             {"hour,v\n", from("%s %02d:00-%02d:00,"), "", "v", "", "zone"},
		"spaces":             {"hour,v\n", from("%s %02d:00 - %02d:00,"), "", "v", "2021-10-29 05:00", ""},
		"bare hours":         {"", hours("2006 1 2 15 "), "", "5", "2021-10-29 05:00", ""},
		"bare, spaces":       {"", hours("2006 01 02 15   "), "   100 10130   350 -9999 -9999", "5", "2021-10-29 05:00", ""},
		"bare minutes":       {"", hours("2006,01,02,15,04,"), "", "6", "2021-10-29 05:50", ""},
		"bare days":          {"", days("2006 1 2 "), "", "4", "2019-12-30", ""},
		"bare, day first":    {"", days("2,1,2006,"), "", "4", "2019-12-30", ""},
		"bare, month first":  {"", days("1;2;2006;"), "", "4", "2019-12-30", ""},
		"bare, after a name": {"", days("Oslo 2006 1 2 "), "", "5", "2019-12-30", ""},
		"bare, two digits":   {"", days("06 01 02 "), "", "4", "2019-12-30", ""},
		"bare months":        {"", func(i int) string { return fmt.Sprintf("%d,%d,", 1990+i/12, 1+i%12) }, "", "3", "1990-01", ""},
		"bare date and hour": {"", to("20060102", "%s,%d,"), "", "3", "2021-10-29 05:00", ""},
		"other names":        {"a,b,c,v\n", days("2006,1,2,"), "", "v", "2019-12-30", ""},
		"some names":         {"Jahr,Monat,x,v\n", days("2006,1,2,"), "", "v", "2019-12-30", ""},
		"German names":       {"Jahr;Monat;Tag;v\n", days("2006;1;2;"), "", "v", "2019-12-30", ""},
		"no month":           {"", func(i int) string { return fmt.Sprintf("%d,%d,", 1990+i/5, 1+i%5) }, "", "3", "", "1990"},
		"plants":             {"year,plant,v\n", func(i int) string { return fmt.Sprintf("%d,%d,", 1990+i/12, 1+i%12) }, "", "v", "", "1990"},
		"out of order":       {"", func(i int) string { return days("2006 1 2 ")(2 + i*i*7%307) }, "", "4", "", "year, month, day"},
	} {
		rows := make([]string, n)
		for i := range rows {
			rows[i] = c.row(i) + value(i) + c.tail + "\n"
		}
		for _, order := range []dates.Order{dates.Ascending, dates.Descending} {
			text := c.head + strings.Join(rows, "") + "*\n" // the mark of the end
			if c.refused != "" {
				refused(t, what, text, Options{Column: c.column}, c.refused)
				slices.Reverse(rows)
				continue
			}
			got := reads(t, fmt.Sprintf("%s, %d", what, order), text, Options{Column: c.column}, n, 0.5, float64((n-1)*(n-1)%37)+0.5)
			if got != nil && (got.Order != order || got.Dates == nil || got.Dates.Label(0) != c.first || !got.Dates.Even() || len(got.Dates.Absent()) > 0) {
				t.Errorf("%s: %+v", what, got)
				if got.Dates != nil {
					t.Errorf("from %s", got.Dates.Label(0))
				}
			}
			slices.Reverse(rows)
		}
	}
}

// TestNoParts: small numbers that are no parts of a date.
func TestNoParts(t *testing.T) {
	t.Parallel()
	var yearly string
	for i := range 60 {
		yearly += fmt.Sprintf("%d,%d,%d,%d.5\n", 1950+i, 1+i*i%12, 1+i*i%28, i)
	}
	c := reads(t, "a year and two counts", yearly, Options{Column: "4"}, 60, 0.5, 59.5)
	if c != nil && (c.Dates == nil || c.Dates.Label(0) != "1950") {
		t.Errorf("a year and two counts: %+v", c.Dates)
	}
}

// TestNoHours: columns with the names of hours and minutes that are measurements, and names of hours in a table of several series.
func TestNoHours(t *testing.T) {
	t.Parallel()
	var work, least, shifts string
	for i := range 60 {
		day := time.Date(2021, 3, 1+i/2, 0, 0, 0, 0, time.UTC).Format("2006-01-02")
		work += fmt.Sprintf("%s,%s,%d,%d.5\n", day, []string{"Ann", "Bob"}[i%2], []int{8, 4, 6, 5, 7}[i%5], i)
		shifts += fmt.Sprintf("%s,%d,%d.5\n", day, 1+i%2, i)
		least += fmt.Sprintf("%s,%d,%d,%d,%d.5\n", time.Date(2021, 3, 1+i/24, 0, 0, 0, 0, time.UTC).Format("2006-01-02"), i%24, i*i%31, 31+i*i%28, i)
	}
	for name, head := range map[string]string{"hours": "date,name,hours,v\n", "hour": "date,name,hour,v\n"} {
		refused(t, name+" of work", head+work, Options{Column: "v"}, "comes more than once", "Ann")
	}
	refused(t, "shifts", shifts, Options{Column: "3"}, "comes more than once")
	c := reads(t, "min and max", "date,hour,min,max,v\n"+least, Options{Column: "v"}, 60, 0.5, 59.5)
	if c != nil && (c.Dates == nil || c.Dates.Label(59) != "2021-03-03 11:00") {
		t.Errorf("min and max: %+v", c.Dates)
	}
}

// TestYears: files of several years, one below the other, each with its own header.
func TestYears(t *testing.T) {
	t.Parallel()
	const head = "#YY  MM DD hh mm WSPD\n#yr  mo dy hr mn m/s\n"
	text := ""
	for i := range 60 {
		if i%30 == 0 {
			text += head
		}
		text += time.Date(2021, 12, 31, i, 50, 0, 0, time.UTC).Format("2006 01 02 15 04 ") + fmt.Sprintf("%d.5\n", i)
	}
	c := reads(t, "years", text, Options{Column: "WSPD"}, 60, 0.5, 59.5)
	if c != nil && (c.Dates == nil || len(c.Left) != 2 || len(c.Dates.Absent()) > 0) {
		t.Errorf("%+v", c)
	}
}

// TestZones: an hour written as 05:00-06:00 is no time in a zone.
func TestZones(t *testing.T) {
	t.Parallel()
	var hours, winter string
	for i := range 60 {
		hours += fmt.Sprintf("%s %02d:00-%02d:00,%d.5\n", time.Date(2021, 3, 1+i/4, 0, 0, 0, 0, time.UTC).Format("2006-01-02"), 8+i%4, 9+i%4, i)
		winter += time.Date(2021, 10, 30, i, 0, 0, 0, time.UTC).Format("2006-01-02 15:04") + fmt.Sprintf("%s,%d.5\n", []string{"+02:00", "+01:00"}[i/30], i+i/30)
	}
	refused(t, "four hours a day", "time,v\n"+hours, Options{Column: "v"}, "zone")
	reads(t, "winter", "time,v\n"+winter, Options{Column: "v"}, 60, 0.5, 60.5)
}
