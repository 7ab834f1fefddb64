package table

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"lstm/train/table/dates"
	"lstm/train/table/grid"
)

func TestRead(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	for name, c := range map[string]struct {
		text, column string
		values       []float64
		missing      []int
		name         string
	}{
		"header":             {"date,co2\n2001-01-01,1.5\n2001-02-01,-2e3\n", "co2", []float64{1.5, -2000}, nil, "co2"},
		"the only numbers":   {"date,co2\n2001-01-01,1.5\n2001-02-01,2\n", "", []float64{1.5, 2}, nil, "co2"},
		"by number":          {"a,b\n1,2\n3,4\n", "2", []float64{2, 4}, nil, "b"},
		"no header":          {"1958-03,7\n1958-04,8\n", "", []float64{7, 8}, nil, "column 2"},
		"one column":         {"1\n2\n3", "", []float64{1, 2, 3}, nil, "column 1"},
		"one, with a name":   {"t\n1\n2\n", "t", []float64{1, 2}, nil, "t"},
		"semicolons":         {"Datum;Temperatur °C\n1.1.2001;1,5\n2.1.2001;-0,25\n", "Temperatur °C", []float64{1.5, -0.25}, nil, "Temperatur °C"},
		"tabs, mark, CRLF":   {"\ufeffx\ty\r\nA\t1\r\nB\t2\r\n", "y", []float64{1, 2}, nil, "y"},
		"quotes":             {"\"a, b\",\"v\"\n\"x \"\"y\"\"\", \"1\"\n\"two\nlines\",2\nz,3\n", "v", []float64{1, 2, 3}, nil, "v"},
		"missing":            {"d,v\na,1\nb,\nc,NA\nd,NaN\ne,null\nf,5\n", "v", []float64{1, nan, nan, nan, nan, 5}, []int{3, 4, 5, 6}, "v"},
		"missing at first":   {"v,w\n,1\n2,1\n", "v", []float64{nan, 2}, []int{2}, "v"},
		"blank lines":        {"v\n1\n\n\n2\n\n", "v", []float64{1, nan, nan, 2}, []int{3, 4}, "v"},
		"missing, no number": {"d,v\na,\nb,2\n", "v", []float64{nan, 2}, []int{2}, "v"},
		"number as name":     {"a,2\nb,3\n", "2", []float64{2, 3}, nil, "column 2"},
		"index column":       {",v\n0,5\n1,6\n", "v", []float64{5, 6}, nil, "v"},
		"comment inside":     {"d,v\na,1\n# of b\nb,2\n", "v", []float64{1, 2}, nil, "v"},
		"point, comma":       {"a;b\n1;2\n2;1.234,5\n", "b", []float64{2, 1234.5}, nil, "b"},
		"decimal comma":      {"a,b\n1,\"2,5\"\n2,3\n", "b", []float64{2.5, 3}, nil, "b"},
		"bare quote":         {"a,n,b\n1,5\" pipe,4\n2,,5\n", "b", []float64{4, 5}, nil, "b"},
		"CR alone":           {"v\r1\r2\r", "", []float64{1, 2}, nil, "v"},
		"blank, two columns": {"d,v\na,1\n\nb,2\n", "v", []float64{1, 2}, nil, "v"},
		"#N/A":               {"v\n1\n#N/A\n2\n", "v", []float64{1, nan, 2}, []int{3}, "v"},
		"a line before":      {"Temperatures\nall made up\nd,e,v\na,b,1\na,b,2\n", "v", []float64{1, 2}, nil, "v"},
		"semicolon in name":  {"d,T (°C; daily)\na,1\nb,2\n", "2", []float64{1, 2}, nil, "T (°C; daily)"},
		"spaces between":     {"d     v\na     1\nb    -2,5\n", "v", []float64{1, -2.5}, nil, "v"},
		"empty between tabs": {"d\te\tv\na\t\t1\nb\t\t2\n", "v", []float64{1, 2}, nil, "v"},
		"the first missing":  {"date,v\n2001-01-01,\n2001-01-02,3\n", "", []float64{nan, 3}, []int{2}, "v"},
		"comments":           {"# by; \"somebody\n# 7\nd;v\na;1\n#b;2\nc;3,5\n", "v", []float64{1, 2, 3.5}, nil, "v"},
		"asterisks":          {"d,v\na,1\nb,*****\n", "v", []float64{1, nan}, []int{3}, "v"},
		"comments inside":    {"d,v\na,1\n" + strings.Repeat("# of b\n", 1000) + "b,2\n", "v", []float64{1, 2}, nil, "v"},
		"spaces":             {"a, v\nx, 1 \ny, 2\n", "v", []float64{1, 2}, nil, "v"},
	} {
		got, err := Read(strings.NewReader(c.text), Options{Column: c.column})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if fmt.Sprint(got.Values) != fmt.Sprint(c.values) || fmt.Sprint(got.Missing) != fmt.Sprint(c.missing) || got.Name != c.name {
			t.Errorf("%s: %+v, want %+v", name, got, c)
		}
	}
}

// TestDates tests which columns have dates, which dates are absent, and which dates follow.
func TestDates(t *testing.T) {
	t.Parallel()
	rows := func(dates string) string {
		text := "when,v\n"
		for i, d := range strings.Fields(dates) {
			text += fmt.Sprintf("%s,%d\n", strings.ReplaceAll(d, "_", " "), i)
		}
		return text
	}
	for name, c := range map[string]struct {
		text, absent, after string
	}{
		"months":               {rows("1958-03-01 1958-04-01 1958-05-01 1958-06-01 1958-07-01 1958-08-01 1958-09-01 1958-10-01 1958-11-01 1959-01-01"), "1958-12-01", "1959-02-01 1959-03-01"},
		"without days":         {rows("1999-11 1999-12 2000-01"), "", "2000-02 2000-03"},
		"days of work at ends": {rows("2001-01-31 2001-02-28 2001-03-30 2001-04-30 2001-05-31"), "", "2001-06-30 2001-07-31"},
		"ends of months":       {rows("2023-11-30 2023-12-31 2024-01-31"), "", "2024-02-29 2024-03-31"},
		"quarters":             {rows("2023-01-15 2023-04-15 2023-07-15"), "", "2023-10-15 2024-01-15"},
		"days":                 {rows("28.02.2023 01.03.2023 02.03.2023"), "", "03.03.2023 04.03.2023"},
		"hours":                {rows("2023-02-28_22:00 2023-02-28_23:00 2023-03-01_00:00"), "", "2023-03-01 01:00 2023-03-01 02:00"},
		"weeks, zone":          {rows("2023-01-01T00:00:00Z 2023-01-08T00:00:00Z 2023-01-15T00:00:00Z"), "", "2023-01-22T00:00:00Z 2023-01-29T00:00:00Z"},
		"years":                {rows("1700 1701 1702 1703 1704 1705 1706 1707 1708 1710"), "1709", "1711 1712"},
		"months, in a go":      {rows("185011 185012 185101"), "", "185102 185103"},
		"28 days":              {rows("2023-01-01 2023-01-29 2023-02-26 2023-03-26"), "", "2023-04-23 2023-05-21"},
		"an index beside":      {"id,d,v\n1001,2023-01-01,1\n1002,2023-01-02,2\n1003,2023-01-03,3\n", "", "2023-01-04 2023-01-05"},
		"without header":       {"1958-03,7\n1958-04,8\n1958-05,9\n", "", "1958-06 1958-07"},
		"days of work":         {rows("2023-01-05 2023-01-06 2023-01-09 2023-01-10"), "", "2023-01-11 2023-01-12"},
	} {
		number := "2"
		if name == "an index beside" {
			number = "3"
		}
		col, err := Read(strings.NewReader(c.text), Options{Column: number})
		if err != nil || col.Dates == nil {
			t.Errorf("%s: %+v, %v", name, col, err)
			continue
		}
		if got := strings.Join(col.Dates.Absent(), " "); got != c.absent {
			t.Errorf("%s: %q are absent, want %q", name, got, c.absent)
		}
		if got := strings.Join(col.Dates.After(2), " "); got != c.after {
			t.Errorf("%s: %q follow, want %q", name, got, c.after)
		}
		n, absent := len(col.Values), len(col.Dates.Absent())
		last := col.Dates.Label(n - 1)
		if col.Dates.Holidays() {
			continue
		}
		values := col.Dates.Insert(col.Values, math.NaN())
		if len(values) != n+absent || len(col.Dates.Micros) != n+absent || len(col.Dates.Absent()) > 0 ||
			values[n+absent-1] != float64(n-1+int(values[0])) || col.Dates.Label(n+absent-1) != last {
			t.Errorf("%s: with the absent dates, %v", name, values)
		}
		if absent == 1 && !math.IsNaN(values[n-1]) {
			t.Errorf("%s: the inserted row is %v", name, values[n-1])
		}
	}
	for _, d := range []string{"1 2 3", "1013 1015 1013", "x y z", "1958 1958 1958"} {
		if col, err := Read(strings.NewReader(rows(d)), Options{Column: "v"}); err != nil || col.Dates != nil {
			t.Errorf("%s: %+v, %v", d, col, err)
		}
	}
	for _, d := range []string{"2023-01-01 2023-01-02 soon 2023-01-04", "03/04/2005 03/05/2005", "2023-01-05 2023-01-05 2023-01-06 2023-01-06"} {
		if col, err := Read(strings.NewReader(rows(d)), Options{Column: "v"}); err == nil {
			t.Errorf("%s: %+v, and no error", d, col)
		}
	}
	col, err := Read(strings.NewReader(rows("2023-03 2023-02 2023-01")), Options{Column: "v"})
	if err != nil || col.Order != dates.Descending || fmt.Sprint(col.Values) != "[2 1 0]" || col.Dates.After(1)[0] != "2023-04" {
		t.Errorf("backwards: %+v, %v", col, err)
	}
}

// TestBad: each error is one line, which names the wrong line, column or value.
func TestBad(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, column, want string }{
		"empty":          {"", "", ""},
		"comments":       {"# a\n# 1\n", "", ""},
		"one row":        {"a,b\n", "", ""},
		"ragged":         {"a,b\n1,2\n3\n", "b", "line 3: .*1.*2"},
		"ragged at once": {"a,b\n1,2,3\n", "b", "line 2: .*3.*2"},
		"word":           {"a,b\n1,2\n3,four\n", "b", `line 3: b: "four"`},
		"Inf":            {"a,b\n1,2\n3,Inf\n", "b", `line 3: b: "Inf"`},
		"-infinity":      {"v\n1\n-Infinity\n", "v", `line 3: v: "-Infinity"`},
		"too large":      {"v\n1\n1e999\n", "v", `line 3: v: "1e999"`},
		"hexadecimal":    {"v\n1\n0x10\n", "v", `line 3: v: "0x10"`},
		"both marks":     {"d;v\na;1,5\nb;1.5\n", "v", `line 3: v: "1.5"`},
		"underscore":     {"a,b\n1,2\n2,1_000\n", "b", `line 3: b: "1_000"`},
		"unknown column": {"a,b\n1,2\n", "c", `"c".* a, b`},
		"column 0":       {"a,b\n1,2\n", "0", `"0".* a, b`},
		"two of numbers": {"a,b\n1,2\n", "", "-column.* a, b"},
		"no numbers":     {"a,b\nx,y\n", "", ""},
		"open quote":     {"a\n\"1\n2\n", "", "line 2"},
		"bare quote":     {"a,b\n1,2\n3,4\"5\n", "b", "line 3"},
		"long line":      {"v\n1\n" + strings.Repeat("7", 2<<20) + "\n", "v", "line 3: .*1048576"},
		"two of a name":  {"d,v,v\na,1,2\nb,1,2\n", "v", `2 and 3.*"v"`},
		"never closed":   {"d,v\na,1\nb,\"2\n" + strings.Repeat("c,3\n", 3<<20), "v", "line 3"},
		"wide":           {strings.Repeat("name,", 200) + "v\n" + strings.Repeat("1,", 200) + "2\n", "w", "name, name.*201 "},
		"long first":     {strings.Repeat("x", 2<<20), "", "line 1: .*1048576"},
		"many columns":   {strings.Repeat("1,", 20000) + "1\n" + strings.Repeat("1,", 20000) + "1\n", "1", "line 1: 20001 .*10000"},
	} {
		_, err := Read(strings.NewReader(c.text), Options{Column: c.column})
		if err == nil || !regexp.MustCompile(c.want).MatchString(err.Error()) || strings.Contains(err.Error(), "\n") || len(err.Error()) > 1000 {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	dir := t.TempDir()
	if _, err := ReadFile(dir, Options{}); err == nil || !strings.Contains(err.Error(), dir) {
		t.Errorf("a directory: %v", err)
	}
	if _, err := ReadFile(filepath.Join(dir, "none"), Options{}); err == nil {
		t.Error("no file: no error")
	}
	name := filepath.Join(dir, "x.csv")
	if err := os.WriteFile(name, []byte("a\n1\nx\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadFile(name, Options{Column: "a"}); err == nil || !strings.HasPrefix(err.Error(), name+`: line 3: a: "x"`) {
		t.Errorf("%v, want file, line and column", err)
	}
}

// An endless is a reader of a line without end.
type endless struct{ n int }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '1'
	}
	e.n += len(p)
	return len(p), nil
}

// TestEndless: Read stops soon after a megabyte of one line.
func TestEndless(t *testing.T) {
	t.Parallel()
	e := new(endless)
	if _, err := Read(io.MultiReader(strings.NewReader("v\n1\n"), e), Options{Column: "v"}); err == nil || e.n > 8<<20 {
		t.Errorf("%v, after %d bytes", err, e.n)
	}
}

var many = flag.Int("rows", 100_000, "rows of the file that TestLarge reads, 100 bytes each")

// TestLarge: reading a large file takes memory for the column and its dates, not for the file.
// With -rows 10000000 the file has a gigabyte. The test measures the memory of the whole process,
// so it does not run in parallel.
func TestLarge(t *testing.T) {
	name := filepath.Join(t.TempDir(), "large.csv")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(f)
	rest := strings.Repeat("x", 100-len("2006-01-02 15:04,123.456,\n"))
	at := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	fmt.Fprintf(w, "when,v,rest\n")
	for i := range *many {
		fmt.Fprintf(w, "%s,%07.3f,%s\n", at.Add(time.Duration(i)*time.Minute).Format("2006-01-02 15:04"), float64(i%1000), rest)
	}
	if err := errors.Join(w.Flush(), f.Close()); err != nil {
		t.Fatal(err)
	}
	debug.FreeOSMemory()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	begun := time.Now()
	c, err := ReadFile(name, Options{Column: "v"})
	took := time.Since(begun)
	runtime.ReadMemStats(&after)
	if err != nil || len(c.Values) != *many || c.Values[*many-1] != float64((*many-1)%1000) || len(c.Dates.Absent()) > 0 {
		t.Fatalf("%v, or the column differs from the file", err)
	}
	memory := float64(after.Sys-before.Sys) / float64(*many)
	t.Logf("%d rows of 100 bytes: %.2f s, %.0f ns a row; %.0f MB, %.0f bytes a row",
		*many, took.Seconds(), float64(took.Nanoseconds())/float64(*many), float64(after.Sys-before.Sys)/1e6, memory)
	if most := 100 + 16e6/float64(*many); memory > most {
		t.Errorf("%.0f bytes a row, want %.0f at most", memory, most)
	}
}

// TestComments: comments above and inside the table may have any length. A quote may not.
func TestComments(t *testing.T) {
	t.Parallel()
	comments := strings.Repeat("# a line of comment\n", 400_000)
	for _, text := range []string{comments + "v\n1\n2\n", "\ufeff" + comments + "v\n1\n2\n", "d,v\nx,1\n" + comments + "x,2\n"} {
		c, err := Read(strings.NewReader(text), Options{Column: "v"})
		if err != nil || !slices.Equal(c.Values, []float64{1, 2}) {
			t.Errorf("%.20q…: %+v, %v", text, c, err)
		}
	}
	for _, text := range []string{"v\n\"1\n" + comments, "\"v\n" + comments, "\ufeff\"v\n" + comments} {
		if _, err := Read(strings.NewReader(text), Options{Column: "v"}); err == nil || !strings.Contains(err.Error(), "quote") {
			t.Errorf("%.20q…: %v", text, err)
		}
	}
}

// TestMany: too many values cause an error, and do not fill the memory.
func TestMany(t *testing.T) {
	b := builder{h: &grid.Head{Sorts: []grid.Sort{grid.Number}}}
	b.numbers.Values = make([]float64, maxValues-1)
	for n, want := range []bool{true, false} {
		if err := b.add(&grid.Row{Fields: []string{"1"}, Line: 7, Text: "1"}); (err == nil) != want {
			t.Errorf("value %d: %v", maxValues+n, err)
		}
	}
}

// TestEmptyLines: empty lines at the end are not rows, even if there are many.
func TestEmptyLines(t *testing.T) {
	t.Parallel()
	text := "d,v\na,1\nb,2\n" + strings.Repeat("\n", 6<<20)
	if c, err := Read(strings.NewReader(text), Options{Column: "v"}); err != nil || len(c.Values) != 2 {
		t.Errorf("%+v, %v", c, err)
	}
}

// FuzzRead: Read ends on any text, with rows or with an error. Each value is finite or NaN and, if there are
// dates, has a date.
func FuzzRead(f *testing.F) {
	f.Add("date,v\n2001,1.5\n2002,\n", "v")
	f.Add("\ufeffa;b\r\n1,5;\"x\"\r\n", "")
	f.Add("1\t2\n3\t4\n", "2")
	f.Add("d,v\n1958-03-01,1\n1958-04-01,2\n1958-05-01,3\n1958-07-01,3\n", "v")
	f.Add("2024-01-31_00:00;1\n2024-01-30_00:00;*\n", "2")
	f.Fuzz(func(t *testing.T, text, column string) {
		c, err := Read(strings.NewReader(text), Options{Column: column})
		if err != nil {
			return
		}
		if len(c.Values) == 0 || c.Dates != nil && len(c.Dates.Micros) != len(c.Values) {
			t.Fatalf("%+v", c)
		}
		n := 0
		for i, v := range c.Values {
			if math.IsInf(v, 0) {
				t.Fatalf("value %d is %v", i, v)
			}
			if math.IsNaN(v) {
				n++
			}
		}
		if len(c.Missing) > n || !slices.IsSorted(c.Missing) {
			t.Fatalf("%d values are missing, on lines %v", n, c.Missing)
		}
		if d := c.Dates; d != nil {
			if !slices.IsSorted(d.Micros) {
				t.Fatalf("dates are out of order: %v", d.Micros)
			}
			n, absent := len(c.Values), len(d.Absent())
			if !d.Holidays() {
				values := d.Insert(c.Values, math.NaN())
				if len(values) != n+absent || len(d.Absent()) > 0 || absent > n/10 {
					t.Fatalf("%d rows, %d absent: %+v", n, absent, c)
				}
			}
			d.After(3)
		}
	})
}

// FuzzSame: what is read is the same with a title or a footer, with CRLF, a byte order mark or quotes, and with the rows turned.
func FuzzSame(f *testing.F) {
	for i := range uint16(64) {
		f.Add(uint64(i)*7, i, uint8(i))
	}
	f.Add(uint64(283), uint16(102), byte('\x19'))
	f.Add(uint64(18), uint16(68), byte('\x04')) // a title of two words, and spaces in the dates
	f.Fuzz(func(t *testing.T, seed uint64, change uint16, form uint8) {
		r := rand.New(rand.NewPCG(seed, 1))
		layouts := []string{"2006-01-02", "02.01.2006", "1/2/2006", "Jan 2, 2006", "2006-01-02 15:04", "02.01.2006 15:04:05", "2006-01-02T15:04:05Z", "20060102", "Monday, 2 January 2006", "02-Jan-06"}
		layout, separator := layouts[int(form)%len(layouts)], []string{",", ";", "\t", "|"}[int(form)/len(layouts)%4]
		step := 24 * time.Hour
		if strings.Contains(layout, ":") {
			step = time.Duration(1+r.IntN(50)) * time.Minute
		}
		at := time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(r.IntN(3000)) * 24 * time.Hour)
		var rows [][2]string
		for range 30 + r.IntN(50) {
			rows = append(rows, [2]string{at.Format(layout), fmt.Sprintf("%.1f", 100*r.NormFloat64())})
			at = at.Add(step)
		}
		write := func(change uint16) string {
			quote := func(s string) string {
				if change&1 != 0 || strings.Contains(s, separator) {
					return `"` + s + `"`
				}
				return s
			}
			lines := []string{quote("when") + separator + quote("value")}
			for _, row := range rows {
				lines = append(lines, quote(row[0])+separator+quote(row[1]))
			}
			if change&2 != 0 {
				slices.Reverse(lines[1:])
			}
			if change&4 != 0 {
				lines = slices.Insert(lines, 0, []string{"A title", "Station 4711", "# by a logger", "Report\n"}[change>>6&3])
			}
			if change&8 != 0 {
				lines = append(lines, []string{"Total" + separator + "5", "Source: the office", "\n1) revised", "End of data"}[change>>8&3])
			}
			text := strings.Join(lines, "\n") + "\n"
			if change&16 != 0 {
				text = strings.ReplaceAll(text, "\n", "\r\n")
			}
			if change&32 != 0 {
				text = "\ufeff" + text
			}
			return text
		}
		a, err := Read(strings.NewReader(write(0)), Options{Column: "value"})
		if err != nil {
			if strings.Contains(err.Error(), "-date") {
				return // no day is above 12
			}
			t.Fatalf("%v\n%s", err, write(0))
		}
		b, err := Read(strings.NewReader(write(change)), Options{Column: "value"})
		if err != nil || !slices.Equal(a.Values, b.Values) || !slices.Equal(a.Dates.Micros, b.Dates.Micros) || len(a.Values) != len(rows) {
			t.Fatalf("%v\n%s", err, write(change))
		}
	})
}

func Example() {
	c, err := Read(strings.NewReader("month;level\n2001-01;3,5\n2001-02;\n2001-03;4,25\n"), Options{Column: "level"})
	fmt.Println(c.Name, c.Values, "missing on lines", c.Missing, c.Dates.After(2), err)
	// Output: level [3.5 NaN 4.25] missing on lines [3] [2001-04 2001-05] <nil>
}
