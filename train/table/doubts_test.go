package table

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// dated returns a table of n rows, one a day. row returns what follows the date.
func dated(head string, n int, row func(i int) string) string {
	var b strings.Builder
	b.WriteString(head + "\n")
	for i := range n {
		fmt.Fprintf(&b, "%s,%s\n", time.Date(2019, 11, 18+i, 0, 0, 0, 0, time.UTC).Format("2006-01-02"), row(i))
	}
	return b.String()
}

// counted returns a table without dates: n labels, and the numbers from 1.
func counted(head string, n int, label func(i int) string) string {
	var b strings.Builder
	b.WriteString(head + "\n")
	for i := range n {
		fmt.Fprintf(&b, "%s,%d.5\n", label(i), i*i%37)
	}
	return b.String()
}

// refused checks that a table is an error of one line that names some things.
func refused(t *testing.T, what, text string, o Options, names ...string) {
	t.Helper()
	c, err := Read(strings.NewReader(text), o)
	if err == nil {
		t.Errorf("%s: read %.5v, and no error", what, c.Values)
		return
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("%s: %v", what, err)
	}
	for _, name := range names {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v: does not name %s", what, err, name)
		}
	}
}

// reads checks the first and the last value of a table, and their number.
func reads(t *testing.T, what, text string, o Options, n int, first, last float64) *Column {
	t.Helper()
	c, err := Read(strings.NewReader(text), o)
	if err != nil {
		t.Errorf("%s: %v", what, err)
		return nil
	}
	if len(c.Values) != n || c.Values[0] != first || c.Values[n-1] != last {
		t.Errorf("%s: %d values, %v to %v; want %d, %v to %v", what, len(c.Values), c.Values[0], c.Values[len(c.Values)-1], n, first, last)
	}
	return c
}

func TestChosenGroup(t *testing.T) {
	t.Parallel()
	of := func(n int) string {
		return dated("date,city,v", n, func(i int) string { return fmt.Sprintf("Oslo,%d.5", i) }) +
			strings.TrimPrefix(dated("", 60, func(i int) string { return fmt.Sprintf("Rome,%d.5", 1000+i) }), "\n")
	}
	for _, n := range []int{60, 1500} {
		text := of(n)
		c := reads(t, "late group", text, Options{Column: "v", Group: "city=Rome"}, 60, 1000.5, 1059.5)
		if c != nil && (c.Dates == nil || len(c.Left) != 1 || !strings.Contains(c.Left[0], fmt.Sprint(n))) {
			t.Errorf("%d rows of another group: left out %q, dates %v", n, c.Left, c.Dates != nil)
		}
		refused(t, "no such name", text, Options{Column: "v", Group: "city=Bonn"}, "Oslo", "Rome")
		refused(t, "other case", text, Options{Column: "v", Group: "city=rome"}, `"Rome"`)
		refused(t, "no name", text, Options{Column: "v", Group: "city="}, "Oslo", "Rome")
	}
	text := of(60)
	reads(t, "no groups", text, Options{Column: "v", Group: "none"}, 120, 0.5, 1059.5)
}

// TestNewestFirst: rows with dates that no format reads do not train backwards.
func TestNewestFirst(t *testing.T) {
	t.Parallel()
	day := func(i int) time.Time { return time.Date(2020, 1, 20-i, 0, 0, 0, 0, time.UTC) }
	month := func(i int) time.Time { return time.Date(2019, time.Month(12-i), 1, 0, 0, 0, 0, time.UTC) }
	week := func(i int) time.Time { return time.Date(2021, 2, 1-7*i, 0, 0, 0, 0, time.UTC) }
	greek := strings.Fields("Ιαν Φεβ Μαρ Απρ Μαΐ Ιουν Ιουλ Αυγ Σεπ Οκτ Νοε Δεκ")
	for first, label := range map[string]func(i int) string{
		"2020-01-20": func(i int) string { return day(i).Format("2006年1月2日") },
		"2020/1/20": func(i int) string {
			return day(i).Format("2006/1/2") + "(" + string([]rune("日月火水木金土")[day(i).Weekday()]) + ")"
		},
		"2019年12月":   func(i int) string { return month(i).Format("2006年1月") },
		"MM":         func(i int) string { return month(i).Format("2006MM01") },
		"Korean":     func(i int) string { return month(i).Format("2006년 1월") },
		"Vietnamese": func(i int) string { return month(i).Format("Tháng 1/2006") },
		"2019-12月":   func(i int) string { return month(i).Format("2006-1月") },
		"Greek":      func(i int) string { return greek[month(i).Month()-1] + month(i).Format(" 2006") },
		"week to":    func(i int) string { return week(i).Format("w/e 02/01/2006") },
		"week until": func(i int) string { return week(i).Format("Week ending 2 Jan 2006") },
		"quarters":   func(i int) string { return fmt.Sprintf("%d年第%d四半期", 2020-(i+3)/4, 4-(i+3)%4) },
	} {
		const n = 60
		c := reads(t, first, counted("x,v", n, label), Options{}, n, float64((n-1)*(n-1)%37)+0.5, 0.5)
		if c != nil && c.Dates == nil {
			t.Errorf("%s: no dates", first)
		}
	}
	for what, label := range map[string]func(i int) string{
		"Week 64":  func(i int) string { return fmt.Sprintf("Week %d", 64-i) },
		"Day 64":   func(i int) string { return fmt.Sprintf("Day %d", 64-i) },
		"15:45:00": func(i int) string { return time.Date(2000, 1, 1, 23, -15*i, 0, 0, time.UTC).Format("15:04:05") },
		"travanj":  func(i int) string { return []string{"travanj", "ožujak", "veljača"}[i%3] + fmt.Sprint(" ", 2019-i/3) },
	} {
		text := counted("x,v", 64, label)
		refused(t, what, text, Options{}, "-date none", "column x")
		reads(t, what, text, Options{Date: "none"}, 64, 0.5, float64(63*63%37)+0.5)
	}
	reads(t, "oldest first", counted("x,v", 64, func(i int) string { return fmt.Sprintf("Week %d", i) }), Options{}, 64, 0.5, float64(63*63%37)+0.5)
	serials := counted("when (local),v", 64, func(i int) string { return fmt.Sprintf("%.5f", 44199.625-float64(i)/24) })
	reads(t, "hours of a spreadsheet", serials, Options{Column: "v"}, 64, float64(63*63%37)+0.5, 0.5)
}

// TestSeveralSteps: a column of years, then quarters, then months is not one series.
func TestSeveralSteps(t *testing.T) {
	t.Parallel()
	var years, quarters []string
	for i := range 12 {
		years = append(years, fmt.Sprintf(`"%d","%d.5"`, 1996+i, i))
		quarters = append(quarters, fmt.Sprintf(`"%d Q%d","%d"`, 1996+i/4, 1+i%4, 100+i))
	}
	text := "\"Title\",\"GDP\"\n\"Unit\",\"m\"\n" + strings.Join(quarters, "\n")
	if c := reads(t, "quarters", text, Options{Column: "2"}, 12, 100, 111); c != nil && c.Dates == nil {
		t.Error("no quarters")
	}
	refused(t, "years and quarters", "\"Title\",\"GDP\"\n"+strings.Join(append(years, quarters...), "\n"), Options{Column: "2"}, "1996")
}

// TestClocks: in Helsinki clocks go from 4:00 to 3:00, in Cairo from 0:00 to 23:00, and in Brazil they did so in February. In
// Tehran they changed on a day of its calendar. On Lord Howe Island they change by half an hour.
func TestClocks(t *testing.T) {
	t.Parallel()
	utc := func(year int, month time.Month, day, hour, minute int) time.Time {
		return time.Date(year, month, day, hour, minute, 0, 0, time.UTC)
	}
	for _, zone := range []struct {
		back  time.Time // the clock goes back
		first time.Time // the first time after clocks went forward
		by    time.Duration
	}{
		{utc(2021, 10, 31, 4, 0), utc(2021, 3, 28, 4, 0), time.Hour},
		{utc(2023, 10, 27, 0, 0), utc(2023, 4, 28, 1, 0), time.Hour},
		{utc(2018, 2, 18, 0, 0), utc(2018, 11, 4, 1, 0), time.Hour},
		{utc(2021, 9, 22, 0, 0), utc(2021, 3, 22, 1, 0), time.Hour},
		{utc(2021, 4, 4, 2, 0), utc(2021, 10, 3, 2, 30), time.Hour / 2},
	} {
		for _, step := range []time.Duration{time.Hour, time.Hour / 2} {
			for _, forward := range []bool{true, false} {
				change := zone.first
				if !forward {
					change = zone.back
				}
				c := reads(t, "clocks", counted("time,v", 60, func(i int) string {
					at := change.Add(time.Duration(i-20) * step)
					if (i < 20) == forward {
						at = at.Add(-zone.by)
					}
					return at.Format("2006-01-02 15:04")
				}), Options{}, 60, 0.5, float64(59*59%37)+0.5)
				if c != nil && (c.Dates == nil || !c.Dates.Even() || len(c.Dates.Absent()) > 0 || len(c.Dates.Changes()) != 1) {
					t.Errorf("%v, %v: absent %v, changes %v", zone, forward, c.Dates.Absent(), c.Dates.Changes())
				}
			}
		}
	}
}

func TestCutInHalf(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("\xff\xfe")
	for _, r := range dated("date,v", 60, func(i int) string { return fmt.Sprintf("%d.25", i) }) {
		b.WriteByte(byte(r))
		b.WriteByte(0)
	}
	reads(t, "UTF-16", b.String(), Options{Column: "v"}, 60, 0.25, 59.25)
	refused(t, "half a character", b.String()[:b.Len()-3], Options{Column: "v"}, "UTF-16")
}

func TestBillions(t *testing.T) {
	t.Parallel()
	refused(t, "billions", dated("date,v", 60, func(i int) string {
		if i > 1 && i < 6 {
			return fmt.Sprintf("1.0%d0b", i)
		}
		return fmt.Sprint(932000000 + i)
	}), Options{Column: "v"}, "1.020b")
}

// TestSwallow: a stray quote takes in no rows.
func TestSwallow(t *testing.T) {
	t.Parallel()
	for what, put := range map[string][2]string{
		"two stray quotes": {`"open,30.5`, `"open,40.5`},
		"a quote later":    {`"open,30.5`, `open",40.5`},
	} {
		text := dated("date,note,v", 60, func(i int) string {
			switch i {
			case 30:
				return put[0]
			case 40:
				return put[1]
			}
			return fmt.Sprintf("x,%d.5", i)
		})
		refused(t, what, text, Options{Column: "v"}, "line 32", "line 42")
	}
	for _, note := range []string{"\"two,\nlines\"", "\"a \"\"quote\"\"\""} {
		reads(t, "a note", dated("date,note,v", 60, func(i int) string { return fmt.Sprintf("%s,%d.5", note, i) }), Options{Column: "v"}, 60, 0.5, 59.5)
	}
}

// TestFlag: a column of letters does not make a space the separator.
func TestFlag(t *testing.T) {
	t.Parallel()
	for _, flag := range []string{"A", "P", "Q"} {
		text := counted("time,v", 80, func(i int) string { return time.Date(2021, 2, 1, i, 0, 0, 0, time.UTC).Format("2006-01-02 15:04") })
		text = strings.ReplaceAll(text, ".5\n", ".5,"+flag+"\n")
		reads(t, flag, strings.Replace(text, "v\n", "v,flag\n", 1), Options{Column: "v"}, 80, 0.5, float64(79*79%37)+0.5)
	}
}

// TestTurns: several series whose dates do not repeat.
func TestTurns(t *testing.T) {
	t.Parallel()
	wave := func(i int) float64 { return float64(i*i%37) / 2 }
	for what, c := range map[string]struct {
		head string
		row  func(i int) string
		ok   bool // it is read
	}{
		"cities in turn": {"date,city,v", func(i int) string {
			return fmt.Sprintf("%s,%v", []string{"Oslo", "Rome"}[i%2], wave(i/2)+float64(i%2*1000))
		}, false},
		"numbers in turn": {"date,id,v", func(i int) string { return fmt.Sprintf("%d,%v", i%3, wave(i/3)+float64(i%3*1000)) }, false},
		"blocks": {"date,city,v", func(i int) string {
			return fmt.Sprintf("%s,%v", []string{"Oslo", "Rome"}[i/30], wave(i)+float64(i/30*1000))
		}, false},
		"a change of method": {"date,method,v", func(i int) string { return fmt.Sprintf("%s,%v", []string{"old", "new"}[i/30], wave(i)) }, true},
		"cities that go on":  {"date,city,v", func(i int) string { return fmt.Sprintf("%s,%v", []string{"Oslo", "Rome", "Bonn"}[i/20], wave(i)) }, true},
		"a flag in turn":     {"date,flag,v", func(i int) string { return fmt.Sprintf("%s,%v", []string{"a", "b"}[i%2], wave(i)) }, true},
		"weekdays":           {"date,day,v", func(i int) string { return fmt.Sprintf("%d,%v", i%7, float64(100*(i%7))+wave(i/7)/9) }, true},
	} {
		text := dated(c.head, 60, c.row)
		if c.ok { // weekdays are names of days, and not of series
			got, err := Read(strings.NewReader(text), Options{Column: "v"})
			if err != nil || (len(got.Doubt) == 1 && strings.Contains(got.Doubt[0], "-group")) != (what != "weekdays") {
				t.Errorf("%s: %+v, %v", what, got, err)
			}
			continue
		}
		refused(t, what, text, Options{Column: "v"}, "-group")
		if _, err := Read(strings.NewReader(text), Options{Column: "v", Group: "none"}); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestCommas: a comma is the decimal mark and stands between columns.
func TestCommas(t *testing.T) {
	t.Parallel()
	tenths := func(i int) string { return fmt.Sprintf("%d,%d", 440+i, i%10) }
	refused(t, "no header", strings.TrimPrefix(dated("", 60, tenths), "\n"), Options{Column: "2"}, "440,0")
	refused(t, "no third name", dated("date,value,", 60, tenths), Options{Column: "value"}, "440,0")
	refused(t, "two names", dated("date,value", 60, tenths), Options{Column: "value"})
	refused(t, "a note", dated("date,value,note", 60, func(i int) string { return fmt.Sprintf("2,%d", 120+i*i%800) }), Options{Column: "value"}, "2,120")
	var lines []string
	for i := range 60 {
		lines = append(lines, tenths(i))
	}
	text := strings.Join(lines, "\n")
	refused(t, "one column", text, Options{Column: "1"}, "-decimal comma", "-decimal point")
	reads(t, "one column", text, Options{Column: "1", Decimal: "comma"}, 60, 440, 499.9)
	reads(t, "two columns", text, Options{Column: "1", Decimal: "point"}, 60, 440, 499)
	reads(t, "two names for two", dated("date,value,count", 60, tenths), Options{Column: "value"}, 60, 440, 499)
}

// TestHeads: heads of USGS, of pandas and of R, and a sum in the last row.
func TestHeads(t *testing.T) {
	t.Parallel()
	plain := func(i int) string { return fmt.Sprintf("%d.5", i) }
	usgs := "# site\nagency\tsite\ttime\tflow\tflow_cd\n5s\t15s\t20d\t14n\t10s\n" + strings.NewReplacer("\n", "\tA\n", ",", "\t").Replace(dated("", 60, plain)[1:])
	usgs = strings.ReplaceAll(usgs, "\n20", "\nUSGS\t01646500\t20")
	if c := reads(t, "USGS", strings.Replace(usgs, "\nUSGS\t01646500\t20d", "\n20d", 1), Options{Column: "flow"}, 60, 0.5, 59.5); c != nil && c.Dates == nil {
		t.Error("USGS: no dates")
	}
	reads(t, "pandas", dated(",0", 60, plain), Options{Column: "0"}, 60, 0.5, 59.5)
	r := strings.NewReplacer(",", "\" ", "\n20", "\n\"20").Replace(dated("\"value\"", 60, plain))
	reads(t, "R", r, Options{Column: "value"}, 60, 0.5, 59.5)
	last := func(v string) string {
		var b strings.Builder
		b.WriteString("n,v,note\n")
		for i := range 60 {
			fmt.Fprintf(&b, "%d,%d.5,\n", i, i)
		}
		return b.String() + "60," + v + ",Total\n"
	}
	reads(t, "a sum", last("1800"), Options{Column: "v"}, 60, 0.5, 59.5)
	refused(t, "a sum?", last("99"), Options{Column: "v"}, "line 62", "Total")
}

func TestTwoCodes(t *testing.T) {
	t.Parallel()
	text := dated("date,v", 60, func(i int) string {
		if i%20 < 2 {
			return []string{"-9999", "-8888"}[i%20]
		}
		return fmt.Sprintf("%d.5", i*i%37)
	})
	refused(t, "two codes", text, Options{Column: "v"}, "-9999", "-8888")
	reads(t, "two codes", text, Options{Column: "v", Missing: "none"}, 60, -9999, float64(59*59%37)+0.5)
}

func TestTenths(t *testing.T) {
	t.Parallel()
	text := counted("date,v", 60, func(i int) string { return fmt.Sprintf("%d.%d", 1996+i/4, 1+i%4) })
	refused(t, "quarters", text, Options{Column: "v"}, "1996.1")
}

// TestCommentsLeftOut: comments above the table and rules inside it are said to be left out. A header in a comment is not.
func TestCommentsLeftOut(t *testing.T) {
	t.Parallel()
	rows := "2021-01-01 1.5\n2021-01-02 2.5\n------- ---\n2021-01-03 3.5\n"
	for head, want := range map[string][]string{
		"# a logger\n\n# of 2021\ndate value\n": {"comments (lines 1, 3)", "rules (line 7)"},
		"# a logger\n# date value\n":            {"comments (line 1)", "rules (line 5)"},
	} {
		c, err := Read(strings.NewReader(head+rows), Options{Column: "value"})
		if err != nil || !slices.Equal(c.Left, want) {
			t.Errorf("%q: left out %q, want %q; %v", head, c.Left, want, err)
		}
	}
}

// TestOtherDates: rows that are out of order by a column of dates are not sorted if another column has dates.
func TestOtherDates(t *testing.T) {
	t.Parallel()
	table := "timestamp,date,value\n"
	for i := range 40 {
		day := time.Date(2019, 11, 18+i, 0, 0, 0, 0, time.UTC)
		table += fmt.Sprintf("%s,%s,%d.5\n", time.Date(2020, 3, 1, 0, i*7%40, 0, 0, time.UTC).Format(time.DateTime), day.Format(time.DateOnly), i)
	}
	if c, err := Read(strings.NewReader(table), Options{Column: "value"}); err == nil || !strings.Contains(err.Error(), "timestamp") {
		t.Errorf("%+v, %v", c, err)
	}
}
