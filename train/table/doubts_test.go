package table

import (
	"fmt"
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
