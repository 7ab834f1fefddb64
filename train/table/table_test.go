package table

import (
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	nan := math.NaN()
	for name, c := range map[string]struct {
		text, column string
		values       []float64
		lines        []int
		name         string
	}{
		"header":           {"date,co2\n2001-01-01,1.5\n2001-02-01,-2e3\n", "co2", []float64{1.5, -2000}, []int{2, 3}, "co2"},
		"the only numbers": {"date,co2\n2001-01-01,1.5\n2001-02-01,2\n", "", []float64{1.5, 2}, []int{2, 3}, "co2"},
		"by number":        {"a,b\n1,2\n3,4\n", "2", []float64{2, 4}, []int{2, 3}, "b"},
		"no header":        {"1958-03,7\n1958-04,8\n", "", []float64{7, 8}, []int{1, 2}, "column 2"},
		"one column":       {"1\n2\n3", "", []float64{1, 2, 3}, []int{1, 2, 3}, "column 1"},
		"one, with a name": {"t\n1\n2\n", "t", []float64{1, 2}, []int{2, 3}, "t"},
		"semicolons":       {"Datum;Temperatur °C\n1.1.2001;1,5\n2.1.2001;-0,25\n", "Temperatur °C", []float64{1.5, -0.25}, []int{2, 3}, "Temperatur °C"},
		"tabs, mark, CRLF": {"\ufeffx\ty\r\nA\t1\r\nB\t2\r\n", "y", []float64{1, 2}, []int{2, 3}, "y"},
		"quotes":           {"\"a, b\",\"v\"\n\"x \"\"y\"\"\", \"1\"\n\"two\nlines\",2\nz,3\n", "v", []float64{1, 2, 3}, []int{2, 3, 5}, "v"},
		"missing":          {"d,v\na,1\nb,\nc,NA\nd,NaN\ne,null\nf,5\n", "v", []float64{1, nan, nan, nan, nan, 5}, []int{2, 3, 4, 5, 6, 7}, "v"},
		"missing at first": {"v,w\n,1\n2,1\n", "v", []float64{nan, 2}, []int{2, 3}, "v"},
		"blank lines":      {"v\n1\n\n2\n\n", "v", []float64{1, 2}, []int{2, 4}, "v"},
		"index column":     {",v\n0,5\n1,6\n", "v", []float64{5, 6}, []int{2, 3}, "v"},
		"spaces":           {"a, v\nx, 1 \ny, 2\n", "v", []float64{1, 2}, []int{2, 3}, "v"},
	} {
		got, err := Read(strings.NewReader(c.text), c.column)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if fmt.Sprint(got.Values) != fmt.Sprint(c.values) || fmt.Sprint(got.Lines) != fmt.Sprint(c.lines) || got.Name != c.name {
			t.Errorf("%s: %+v, want %+v", name, got, c)
		}
	}
	c, err := Read(strings.NewReader("d,v\na,1\nb,\nc,3\nd,?\n"), "v")
	if err != nil || fmt.Sprint(c.Missing()) != "[3 5]" {
		t.Errorf("missing on lines %v, %v", c.Missing(), err)
	}
}

// TestBad: each error is one line that names the line, and says what was expected.
func TestBad(t *testing.T) {
	for name, c := range map[string]struct{ text, column, want string }{
		"empty":          {"", "", "it is empty"},
		"one row":        {"a,b\n", "", "there is but one row"},
		"ragged":         {"a,b\n1,2\n3\n", "b", "line 3: 1 fields, and the first line has 2"},
		"ragged at once": {"a,b\n1,2,3\n", "b", "line 2: 3 fields, and the first line has 2"},
		"word":           {"a,b\n1,2\n3,four\n", "b", `line 3: b: "four" is no number`},
		"Inf":            {"a,b\n1,2\n3,Inf\n", "b", `line 3: b: "Inf" is not finite`},
		"-infinity":      {"v\n1\n-Infinity\n", "v", `line 3: v: "-Infinity" is not finite`},
		"too large":      {"v\n1\n1e999\n", "v", `"1e999" is not finite`},
		"hexadecimal":    {"v\n1\n0x10\n", "v", `"0x10" is no number`},
		"decimal comma":  {"a,b\n1,\"2,5\"\n", "b", `"2,5" is no number`},
		"unknown column": {"a,b\n1,2\n", "c", `no column "c"; there are a, b`},
		"column 0":       {"a,b\n1,2\n", "0", `no column "0"; there are a, b`},
		"two of numbers": {"a,b\n1,2\n", "", "more than one column has numbers, and -column must say which; there are a, b"},
		"no numbers":     {"a,b\nx,y\n", "", "no column has numbers; there are column 1, column 2"},
		"open quote":     {"a\n\"1\n2\n", "", "line"},
		"bare quote":     {"a,b\n1,2\n3,4\"5\n", "b", "line 3"},
		"long line":      {"v\n1\n" + strings.Repeat("7", 2<<20) + "\n", "v", "line 3: it is longer than 1048576 bytes"},
		"long first":     {strings.Repeat("x", 2<<20), "", "line 1: it is longer than"},
		"many columns":   {strings.Repeat("1,", 20000) + "1\n" + strings.Repeat("1,", 20000) + "1\n", "1", "columns are more than"},
	} {
		_, err := Read(strings.NewReader(c.text), c.column)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") || len(err.Error()) > 1000 {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	dir := t.TempDir()
	if _, err := ReadFile(dir, ""); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("a directory: %v", err)
	}
	if _, err := ReadFile(filepath.Join(dir, "none"), ""); err == nil {
		t.Error("no file: no error")
	}
	name := filepath.Join(dir, "x.csv")
	if err := os.WriteFile(name, []byte("a\n1\nx\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadFile(name, "a"); err == nil || err.Error() != name+`: line 3: a: "x" is no number` {
		t.Errorf("%v, want file and line", err)
	}
}

// endless is a line without end.
type endless struct{ n int }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '1'
	}
	e.n += len(p)
	return len(p), nil
}

// TestEndless: a line of a gigabyte is given up after a megabyte.
func TestEndless(t *testing.T) {
	e := new(endless)
	if _, err := Read(io.MultiReader(strings.NewReader("v\n1\n"), e), "v"); err == nil || e.n > 8<<20 {
		t.Errorf("%v, after %d bytes", err, e.n)
	}
}

// FuzzRead: whatever is read, Read returns, and what it returns is numbers.
func FuzzRead(f *testing.F) {
	f.Add("date,v\n2001,1.5\n2002,\n", "v")
	f.Add("\ufeffa;b\r\n1,5;\"x\"\r\n", "")
	f.Add("1\t2\n3\t4\n", "2")
	f.Fuzz(func(t *testing.T, text, column string) {
		c, err := Read(strings.NewReader(text), column)
		if err != nil {
			return
		}
		if len(c.Values) == 0 || len(c.Values) != len(c.Lines) {
			t.Fatalf("%d values on %d lines", len(c.Values), len(c.Lines))
		}
		for i, v := range c.Values {
			if math.IsInf(v, 0) || i > 0 && c.Lines[i] <= c.Lines[i-1] || c.Lines[i] < 1 {
				t.Fatalf("%v on line %d, after line %d", v, c.Lines[i], c.Lines[max(0, i-1)])
			}
		}
	})
}

func Example() {
	c, err := Read(strings.NewReader("month;level\n2001-01;3,5\n2001-02;\n2001-03;4,25\n"), "level")
	fmt.Println(c.Name, c.Values, "missing on lines", c.Missing(), err)
	// Output: level [3.5 NaN 4.25] missing on lines [3] <nil>
}
