package grid

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"lstm/train/table/text"
)

func rows(t testing.TB, table string) *Rows {
	l, err := text.New(strings.NewReader(table), "x.csv")
	if err != nil {
		t.Fatal(err)
	}
	r, err := New(l, false)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestHead: the header, the width and the first row of data, whatever stands around them.
func TestHead(t *testing.T) {
	t.Parallel()
	for table, want := range map[string]string{
		"d,v\n2021-01-01,1\n2021-01-02,2\n":                              "d v,1",
		"2021-01-01,1\n2021-01-02,2\n":                                   "column 1 column 2,0",
		"A title\nd,v\n2021-01-01,1\n2021-01-02,2\n":                     "d v,2",
		"Station,4711\nd,v\n2021-01-01,1\n2021-01-02,2\n2021-01-03,2\n":  "d v,2",
		"d,v\n,kWh\n2021-01-01,1\n2021-01-02,2\n":                        "d v,2",
		"d,v\nYYYY-MM-DD,kWh\n2021-01-01,1\n2021-01-02,2\n":              "d v,2",
		"region,2019,2020\na,1.5,2.5\nb,2.5,3.5\nc,2.5,3.5\n":            "region 2019 2020,1",
		"d;v;\n2021-01-01;1;\n2021-01-02;2;\n":                           "d v column 3,1",
		"d,v\n2021-01-01,1,\n2021-01-02,2,\n":                            "d v column 3,1",
		"\"v\",\"w\"\n\"1\",5,6\n\"2\",6,7\n\"3\",6,7\n":                 "column 1 v w,1",
		"| d | v |\n|---|---|\n| 2021-01-01 | 1 |\n| 2021-01-02 | 2 |\n": "d v,2",
		"sep=;\nd;v\n2021-01-01;1,5\n2021-01-02;2,5\n":                   "d v,1",
		"# a\n# d v\n2021-01-01 1\n2021-01-02 2\n":                       "d v,0",
	} {
		r := rows(t, table)
		h, err := r.Head("")
		if err != nil {
			t.Errorf("%q: %v", table, err)
			continue
		}
		if got := fmt.Sprintf("%s,%d", strings.Join(h.Names, " "), h.Begin); got != want {
			t.Errorf("%q: %q, want %q", table, got, want)
		}
	}
}

// TestSeparator: each separator, with numbers and dates that have other separators in them.
func TestSeparator(t *testing.T) {
	t.Parallel()
	for line, want := range map[string][]string{
		"01.02.2021;1,5":             {"01.02.2021", "1,5"},
		"2021-02-01\t1,5":            {"2021-02-01", "1,5"},
		"2021-02-01|1,5":             {"2021-02-01", "1,5"},
		"2021-02-01 00:00,1.5":       {"2021-02-01 00:00", "1.5"},
		"2021-02-01   1.5":           {"2021-02-01", "1.5"},
		"2021-02-01 1.5":             {"2021-02-01", "1.5"},
		`"Feb 1, 2021","1,234.5"`:    {"Feb 1, 2021", "1,234.5"},
		`2021-02-01,1.5,a 5" pipe`:   {"2021-02-01", "1.5", `a 5" pipe`},
		`2021-02-01,"a ""b"", c",1`:  {"2021-02-01", `a "b", c`, "1"},
		"2021-02-01 , 1.5 , 'text' ": {"2021-02-01", "1.5", "text"},
	} {
		r := rows(t, strings.Repeat(line+"\n", 3))
		if s, err := r.Next(); err != nil || !slices.Equal(s.Fields, want) {
			t.Errorf("%s: %q, %v", line, s.Fields, err)
		}
	}
}

func Example() {
	l, err := text.New(strings.NewReader("A report\nday;level\n;m\n1.5.2021;3,5\n2.5.2021;4,25\n"), "x.csv")
	if err != nil {
		fmt.Println(err)
	}
	r, err := New(l, false)
	if err != nil {
		fmt.Println(err)
	}
	h, err := r.Head("level")
	fmt.Println(h.Names, r.Sample[h.Begin].Fields, "title:", h.Title, "units:", h.Units, err)
	// Output: [day level] [1.5.2021 3,5] title: [1] units: [3] <nil>
}

// TestUnits: units as programs and offices write them, and names of columns that are none.
func TestUnits(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"€/MWh", "EUR/MWh", "°C", "degC", "µg/m³", "μg m-3", "ug/m3", "$/bbl", "US$/t", "£/therm", "p/kWh", "W·m⁻²", "W/m²", "W m-2", "W/m^2", "m s**-1",
		"MJ m⁻² d⁻¹", "mg·L⁻¹", "J/cm²", "m³/s", "m3 s-1", "kWh/m²·a", "GWh/d", "µS/cm", "10^3 t", "hm³", "1/cm", "‰", "%", "% of GDP", "°", "[°C]", "(m)", "hPa", "nmi", "knots", "m per s"} {
		if !measured(s) {
			t.Errorf("%s is no unit", s)
		}
	}
	for _, s := range []string{"", "price", "WSPD", "T2m", "value", "PM10", "Oslo", "SE1", "station", "wind speed", "co2", "kWhx", "A/B test", "2021", "1.5"} {
		if measured(s) {
			t.Errorf("%s is a unit", s)
		}
	}
	for what, c := range map[string]struct{ text, name string }{
		"euro":            {"date;price\nUTC;€/MWh\n2021-01-01;1.5\n2021-01-02;2.5\n", "price"},
		"dollar":          {"date;oil\nday;$/bbl\n2021-01-01;1.5\n2021-01-02;2.5\n", "oil"},
		"exponents":       {"date;sun\nUTC;W·m⁻²\n2021-01-01;1.5\n2021-01-02;2.5\n", "sun"},
		"three":           {"date;sun;air\ndate;MJ m⁻² d⁻¹;µg/m³\n2021-01-01;1.5;2\n2021-01-02;2.5;3\n", "sun"},
		"comments":        {"#YY  MM DD hh mm WDIR\n#yr  mo dy hr mn degT\n2021 10 30 05 50 1.5\n2021 10 30 06 50 2.5\n", "WDIR"},
		"a comment below": {"An office\nT = temperature\n# date,T\n2021-01-01,1.5\n2021-01-02,2.5\n2021-01-03,2.5\n", "T"},
		"tabs":            {"day\thour\tb\n" + strings.Repeat("20210101\t11 - 12\t5.5\n", 60) + "Source: the office\nSource: the weather\n", "b"},
		"prose":           {"One title of four words\nThe next title has four\nAnd one of four\n# a,   b,   c,   d,   e\n" + strings.Repeat("1,   2,   5,   7,   9\n", 60), "b"},
	} {
		h, err := rows(t, c.text).Head("")
		if err != nil || !slices.Contains(h.Names, c.name) {
			t.Errorf("%s: %+v, %v", what, h, err)
		}
	}
}
