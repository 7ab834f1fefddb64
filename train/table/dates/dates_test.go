package dates

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// read reads fields that _ separates from each other.
func read(fields, order string) (*Dates, error) {
	all := strings.Split(fields, "|")
	d := New(all, true, order)
	if d == nil {
		return nil, fmt.Errorf("no format")
	}
	for _, f := range all {
		if err := d.Add(f); err != nil {
			return nil, err
		}
	}
	return d, d.End()
}

// TestFormats: the first and the last date, in each format.
func TestFormats(t *testing.T) {
	t.Parallel()
	for fields, want := range map[string]string{
		"2021-03-01|2021-03-02|2021-03-03":                                        "2021-03-01 2021-03-03",
		"2021/3/1|2021/3/2|2021/3/13":                                             "2021/03/01 2021/03/13",
		"1.3.2021|2.3.2021|3.3.2021":                                              "01.03.2021 03.03.2021",
		"12/31/2021|01/01/2022|1/2/2022":                                          "12/31/2021 01/02/2022",
		"31/12/2021|01/01/2022|02/01/2022":                                        "31/12/2021 02/01/2022",
		"19-11-30|19-12-01|19-12-02":                                              "19-11-30 19-12-02",
		"18.11.19|30.11.19|1.12.19":                                               "18.11.19 01.12.19",
		"20210301|20210302|20210303":                                              "20210301 20210303",
		"202103|202104|202105":                                                    "202103 202105",
		"2021M3|2021M04|2021M12":                                                  "2021-03 2021-12",
		"2021Q1|2021Q2|2021Q4":                                                    "2021-Q1 2021-Q4",
		"Q4 2011|Q3 2011|Q1 2011":                                                 "2011-Q4 2011-Q1",
		"1T2019|2T2019|4T2019":                                                    "2019-Q1 2019-Q4",
		"4. Quartal 2019|1. Quartal 2020|2. Quartal 2020":                         "2019-Q4 2020-Q2",
		"2020-W53|2021-W01|2021-W02":                                              "2020-W53 2021-W02",
		"KW 5/2021|KW 6/2021|KW 7/2021":                                           "2021-W05 2021-W07",
		"1990H1|1990H2|1991H1":                                                    "1990-H1 1991-H1",
		"2018/19|2019/20|2020/21":                                                 "2018 2020",
		"Nov-20|Dec-20|Jan-21|Feb-21":                                             "2020-11 2021-02",
		"Mar 2021|Apr 2021|May 2021":                                              "2021-03 2021-05",
		"märz 2021|April 2021|Mai 2021":                                           "2021-03 2021-05",
		"18. Januar 2020|1. Februar 2020|2. März 2020":                            "2020-01-18 2020-03-02",
		"18 janvier 2020|1er février 2020|2 août 2020":                            "2020-01-18 2020-08-02",
		"18 de enero de 2020|1 de febrero de 2020|2 de agosto de 2020":            "2020-01-18 2020-08-02",
		"mar 18 mar 2020|gio 19 mar 2020|ven 20 mar 2020":                         "2020-03-18 2020-03-20",
		"Nov 18, 2019|Nov 19, 2019|January 1, 2020":                               "2019-11-18 2020-01-01",
		"Monday, 18 November 2019|Tuesday, 19 November 2019|Sun, 1 December 2019": "2019-11-18 2019-12-01",
		"18NOV2019|19NOV2019|01DEC2019":                                           "2019-11-18 2019-12-01",
		"2021-03-01 05:00|2021-03-01 06:00|2021-03-01 07:00":                      "2021-03-01 05:00 2021-03-01 07:00",
		"2021-03-01|2021-03-01 01:00:00|2021-03-01 02:00:00":                      "2021-03-01 00:00:00 2021-03-01 02:00:00",
		"2021-03-01T05:00:00Z|2021-03-01T06:00:00Z|2021-03-01T07:00:00Z":          "2021-03-01T05:00:00Z 2021-03-01T07:00:00Z",
		"2021-03-28T01:00:00+01:00|2021-03-28T03:00:00+02:00":                     "2021-03-28T01:00:00+01:00 2021-03-28T03:00:00+02:00",
		"2021-03-28 01:00 CET|2021-03-28 03:00 CEST":                              "2021-03-28 01:00+01:00 2021-03-28 03:00+02:00",
		"03/13/2021 11:00 PM|03/14/2021 12:00 AM|03/14/2021 1:00 AM":              "03/13/2021 23:00 03/14/2021 01:00",
		"20100101T000000Z|20100101T010000Z|20100101T020000Z":                      "2010-01-01 00:00:00 2010-01-01 02:00:00",
		"01.01.2019 00:00 - 01.01.2019 01:00|01.01.2019 01:00 - 01.01.2019 02:00": "2019-01-01 00:00 2019-01-01 01:00",
		"2021-03-01 24:00|2021-03-02 01:00|2021-03-02 02:00":                      "2021-03-02 00:00 2021-03-02 02:00",
		"1574035200|1574121600|1574208000":                                        "2019-11-18 00:00:00 2019-11-20 00:00:00",
		"1616803200000|1616806800000|1616810400000":                               "2021-03-27 00:00:00 2021-03-27 02:00:00",
		"1958.2027|1958.2877|1958.3699|1958.4548":                                 "1958-03 1958-06",
		"2000.0|2000.083|2000.167|2000.25":                                        "2000-01 2000-04",
		"2021-001|2021-002|2021-003":                                              "2021-001 2021-003",
		"2021-03-01 00:00:00.250|2021-03-01 00:00:00.500":                         "2021-03-01 00:00:00.250 2021-03-01 00:00:00.500",
	} {
		d, err := read(fields, "")
		if err != nil {
			t.Errorf("%s: %v", fields, err)
			continue
		}
		if got := d.Label(0) + " " + d.Label(len(d.Micros)-1); got != want {
			t.Errorf("%s: %q, want %q", fields, got, want)
		}
	}
}

// TestAmbiguous: dates that can mean two things are an error, unless an order is given.
func TestAmbiguous(t *testing.T) {
	t.Parallel()
	for _, fields := range []string{"01/02/2021|01/03/2021|01/04/2021", "01-06-2021|02-06-2021", "01/02/03|01/03/03", "Jan 5|Jan 6|Jan 7"} {
		if d, err := read(fields, ""); err == nil {
			t.Errorf("%s: %s", fields, d.Label(0))
		}
	}
	for order, want := range map[string]string{"dmy": "1 February", "mdy": "2 January"} {
		d, err := read("01/02/2021|01/03/2021|01/04/2021", order)
		if err != nil || at(d.Micros[0]).Format("2 January") != want {
			t.Errorf("%s: %v, %v", order, d, err)
		}
	}
	for _, fields := range []string{"2021-02-28|2021-02-29|2021-02-30|2021-03-01|2021-03-02", "x|y", "13/13/2021|14/13/2021", "2021-01-01T00:00Z|2021-01-01T01:00"} {
		if d, err := read(fields, ""); err == nil {
			t.Errorf("%s: %s", fields, d.Label(0))
		}
	}
}

// TestArrange: dates are turned and sorted with their values, and the hours of local time are told apart.
func TestArrange(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fields string
		order  Order
		want   []float64
		step   string
	}{
		{"2021-01-01|2021-01-02|2021-01-03", Ascending, []float64{0, 1, 2}, "one a day"},
		{"2021-01-03|2021-01-02|2021-01-01", Descending, []float64{2, 1, 0}, "one a day"},
		{"2021-01-03|2021-01-01|2021-01-02", Shuffled, []float64{1, 2, 0}, "one a day"},
		{"2021-10-31 01:00|2021-10-31 02:00|2021-10-31 02:00|2021-10-31 03:00", Ascending, []float64{0, 1, 2, 3}, "one an hour"},
		{"2021-10-31 03:00|2021-10-31 02:00|2021-10-31 02:00|2021-10-31 01:00", Descending, []float64{3, 2, 1, 0}, "one an hour"},
		{"2021-10-31 02:00|2021-10-31 02:30|2021-10-31 02:00|2021-10-31 02:30|2021-10-31 03:00|2021-10-31 03:30|2021-10-31 04:00", Ascending, []float64{0, 1, 2, 3, 4, 5, 6}, "one in 30 minutes"},
		{"2021-03-28 00:00|2021-03-28 01:00|2021-03-28 03:00|2021-03-28 04:00", Ascending, []float64{0, 1, 2, 3}, "one an hour"},
		{"2021-03-28T01:00+01:00|2021-03-28T03:00+02:00|2021-03-28T04:00+02:00", Ascending, []float64{0, 1, 2}, "one an hour"},
	} {
		d, err := read(c.fields, "")
		if err != nil {
			t.Errorf("%s: %v", c.fields, err)
			continue
		}
		var v []float64
		for i := range d.Micros {
			v = append(v, float64(i))
		}
		if order := d.Arrange(v); order != c.order || !slices.Equal(v, c.want) || d.Step() != c.step {
			t.Errorf("%s: order %d, %v, %s", c.fields, order, v, d.Step())
		}
	}
}

// TestGap: the largest distance, if there is one larger than the others. Nights between days of work are none.
func TestGap(t *testing.T) {
	t.Parallel()
	for fields, want := range map[string]string{
		"2021-01-01|2021-01-02|2021-01-03":                                                                                                   "",
		"2021-01-07|2021-01-08|2021-01-11|2021-01-12|2021-01-13|2021-01-14":                                                                  "",
		"2021-01-07|2021-01-08|2021-01-11|2021-01-13|2021-01-14|2021-01-15":                                                                  "2 days 2021-01-11 2021-01-13",
		"2021-01|2021-02|2021-03|2021-04|2021-05|2021-06|2021-08|2021-09|2021-10|2021-11":                                                    "61 days 2021-06 2021-08",
		"2021-01-01|2021-01-02|2021-01-05|2021-01-20":                                                                                        "15 days 2021-01-05 2021-01-20",
		"2021-03-01 05:00|2021-03-01 06:00|2021-03-01 08:30":                                                                                 "about 3 hours 2021-03-01 06:00 2021-03-01 08:30",
		"2021-03-28 00:00|2021-03-28 01:00|2021-03-28 03:00|2021-03-28 04:00":                                                                "",
		"2021-03-01 00:00:00|2021-03-01 00:00:10|2021-03-01 00:00:20|2021-03-01 00:00:30|2021-03-01 00:00:40|2021-03-01 00:01:00":            "20 seconds 2021-03-01 00:00:40 2021-03-01 00:01:00",
		"2021-03-01 00:00:00|2021-03-01 00:00:10|2021-03-01 00:00:20|2021-03-01 00:00:30|2021-03-01 00:00:40|2021-03-01 01:00:00|2021-03-02": "23 hours 2021-03-01 01:00:00 2021-03-02 00:00:00",
	} {
		d, err := read(fields, "")
		if err != nil {
			t.Errorf("%s: %v", fields, err)
			continue
		}
		d.Arrange(make([]float64, len(d.Micros)))
		length, from, to := d.Gap()
		if got := strings.TrimSpace(length + " " + from + " " + to); got != want {
			t.Errorf("%s: %q, want %q", fields, got, want)
		}
	}
}

func Example() {
	fields := []string{"31. Januar 2021", "28. Februar 2021", "31. März 2021"}
	d := New(fields, true, "")
	for _, f := range fields {
		if err := d.Add(f); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println(d.End(), d.Label(0), d.Step(), d.After(2))
	// Output: <nil> 2021-01-31 one a month [2021-04-30 2021-05-31]
}
