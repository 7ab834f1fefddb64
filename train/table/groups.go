package table

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"lstm/train/table/grid"
	"lstm/train/table/keys"
	"lstm/train/table/words"
)

// A condition chooses the rows that have a text in a column.
type condition struct {
	column int
	text   string
}

// conditions reads the option Group.
func conditions(h *grid.Head, group string) (all []condition, err error) {
	if group == "" || group == "none" {
		return nil, nil
	}
	for _, part := range strings.Split(group, ";") {
		name, text, ok := strings.Cut(part, "=")
		name, text = strings.TrimSpace(name), strings.TrimSpace(text)
		if !ok {
			return nil, fmt.Errorf("-group %q must be COLUMN=NAME", part)
		}
		at := slices.Index(h.Names, name)
		if at < 0 {
			hint := "."
			if like := grid.Near(name, h.Names); len(like) > 0 {
				hint = ": is it " + grid.Quoted(like) + "?"
			}
			return nil, fmt.Errorf("-group: no column %q%s The columns are %s", name, hint, grid.List(h.Names))
		}
		all = append(all, condition{at, text})
	}
	return all, nil
}

func (c *condition) fits(fields []string) bool { return fields[c.column] == c.text }

// chosen reports whether a row is of the group.
func chosen(conditions []condition, fields []string) bool {
	return !slices.ContainsFunc(conditions, func(c condition) bool { return !c.fits(fields) })
}

// sampled returns the rows of the sample that are data of the group. If there are few, it reads on, past rows of other groups.
func sampled(h *grid.Head, conditions []condition, group string, r *grid.Rows) (rows []grid.Row, others int, err error) {
	if len(conditions) == 0 {
		return h.Data(r), 0, nil
	}
	names := make([]tally, len(conditions))
	for i, c := range conditions {
		names[i] = tally{column: c.column, name: h.Names[c.column], count: make(map[string]*int)}
	}
	width, some := len(h.Sorts), 0
	look := func(s *grid.Row) (other bool) {
		if len(s.Fields) != width || s.Blank() || s.Comment() || s.Rule() || s.Fields[0] == h.Names[0] {
			return false
		}
		for i := range names {
			names[i].add(s.Fields)
		}
		if chosen(conditions, s.Fields) {
			some++
			return false
		}
		return true
	}
	for i := range r.Sample[h.Begin:] {
		look(&r.Sample[h.Begin+i])
	}
	if some < grid.Sampled {
		err = r.Ahead(grid.Sampled-some, func(s *grid.Row) bool {
			other := look(s)
			if other {
				others++
			}
			return !other
		})
	}
	if err == nil && some == 0 {
		err = noGroup(conditions, group, names)
	}
	rows = slices.DeleteFunc(h.Data(r), func(s grid.Row) bool { return !chosen(conditions, s.Fields) })
	if err == nil && len(rows) == 0 {
		err = fmt.Errorf("-group %q: no row of the group has a number", group)
	}
	return rows, others, err
}

// noGroup returns the error about a group that has no rows. names has the names of each column.
func noGroup(conditions []condition, group string, names []tally) error {
	for i, c := range conditions {
		t := &names[i]
		if t.count[c.text] != nil {
			continue
		}
		hint := "."
		if like := grid.Near(c.text, t.names); len(like) > 0 {
			hint = ": is it " + grid.Quoted(like) + "?"
		}
		return fmt.Errorf("-group: no row has %q in column %s%s The column has %s", c.text, t.name, hint, grid.List(t.names))
	}
	return fmt.Errorf("-group %q: no row has all of these names", group)
}

// A tally counts the texts of a column that may name groups.
type tally struct {
	column int
	name   string
	count  map[string]*int
	names  []string // in the order of the file
	last   string
	at     *int  // the count of last
	starts []int // the first rows of the first runs
	runs   int   // rows that are unlike the row before
	rows   int
}

const mostNames = 1000

// tallies returns a tally of each column that may name groups: of texts, or of few numbers.
func tallies(h *grid.Head, sample []grid.Row, value int, k *keys.Key) (all []*tally) {
	for c, s := range h.Sorts {
		if c == value || k != nil && slices.Contains(k.Columns, c) || len(all) >= 6 {
			continue
		}
		seen := make(map[string]bool)
		for _, s := range sample {
			seen[s.Fields[c]] = true
		}
		if s == grid.Words || s == grid.Date || len(seen) <= max(3, len(sample)/10) {
			all = append(all, &tally{column: c, name: h.Names[c], count: make(map[string]*int)})
		}
	}
	return all
}

func (t *tally) add(fields []string) {
	f := fields[t.column]
	if t.rows++; f == t.last && t.at != nil {
		*t.at++
		return
	}
	t.last = strings.Clone(f)
	if t.runs++; len(t.starts) < mostNames {
		t.starts = append(t.starts, t.rows-1)
	}
	if t.at = t.count[t.last]; t.at == nil {
		if len(t.names) >= mostNames {
			return
		}
		t.names = append(t.names, t.last)
		t.at = new(int)
		t.count[t.last] = t.at
	}
	*t.at++
}

// groups returns the error about a table of several series. what says how it shows. times is how many of them there
// must be: no column with fewer names can tell them apart. rows is the number of rows.
func groups(all []*tally, times, rows int, what string) error {
	var best []*tally
	for _, t := range all {
		if n := len(t.names); n >= times && n < max(rows, 3) && n < mostNames && n > 1 && (len(best) == 0 || most(t) > most(best[0]) && n < 4*len(best[0].names)) {
			best = []*tally{t}
		}
	}
	if best == nil { // two columns together
		for i, t := range all {
			for _, u := range all[i+1:] {
				if n := len(t.names) * len(u.names); best == nil && len(t.names) > 1 && len(u.names) > 1 && n >= times && n < rows {
					best = []*tally{t, u}
				}
			}
		}
	}
	if best == nil {
		return fmt.Errorf("%s: does the table hold several series, or some rows twice? Keep one row for each date, or read all rows in their order with -group none", what)
	}
	var flags, names []string
	for _, t := range best {
		flags = append(flags, fmt.Sprintf("%s=%s", t.name, t.names[0]))
		names = append(names, fmt.Sprintf("%s has %s", t.name, grid.List(t.names)))
	}
	return fmt.Errorf("%s, as the table holds several series: choose one with -group %q; %s", what, strings.Join(flags, ";"), strings.Join(names, "; "))
}

// most returns how many rows the most frequent name has.
func most(t *tally) (n int) {
	for _, c := range t.count {
		n = max(n, *c)
	}
	return n
}

// stacked returns the error about a table whose names show several series: each name has rows of its own that follow each
// other, or the names take turns. In a table with dates, the values must show it, too: they jump where the name changes. If
// they do not, one series can go on under another name, so there is a doubt, and no error.
func stacked(tallies []*tally, dated bool, values []float64) (doubt string, err error) {
	for _, t := range tallies {
		n := len(t.names)
		if n < 2 || n > t.rows/5 || slices.ContainsFunc(t.names, words.Calendar) || dated && slices.ContainsFunc(timed, func(r words.Role) bool { return r.Is(t.name) }) {
			continue
		}
		least := t.rows
		for _, c := range t.count {
			least = min(least, *c)
		}
		blocks := t.runs == n && 2*least >= t.rows/n
		turns := t.runs == t.rows && 2*least >= most(t)
		switch {
		case !blocks && !turns:
		case !dated || blocks && steps(values, t.starts) || turns && apart(values, n):
			return "", groups([]*tally{t}, 2, t.rows, fmt.Sprintf("the names of column %s repeat", t.name))
		default:
			how := map[bool]string{true: "one after the other", false: "in turn"}[blocks]
			doubt = fmt.Sprintf("Column %s has %s, %s: are these several series? -group %q reads one of them.", t.name, grid.List(t.names), how, t.name+"="+t.names[0])
		}
	}
	return doubt, nil
}

// timed are roles of columns whose names repeat with the date.
var timed = []words.Role{words.Year, words.Quarter, words.Month, words.Week, words.Day, words.Hour, words.Minute}

// steps reports whether the values jump at each of the starts but the first, further than anywhere else.
func steps(values []float64, starts []int) bool {
	inside, jump := 0.0, math.Inf(1)
	for i, k := 1, 1; i < len(values); i++ {
		by := math.Abs(values[i] - values[i-1])
		switch {
		case k < len(starts) && starts[k] == i:
			jump = math.Min(jump, by)
			k++
		case by > inside:
			inside = by
		}
	}
	return jump > 3*inside
}

// apart reports whether neighbours differ far more than every n-th value.
func apart(values []float64, n int) bool {
	middle := func(by int) float64 {
		var all []float64
		for i := by; i < len(values); i++ {
			if d := math.Abs(values[i] - values[i-by]); !math.IsNaN(d) {
				all = append(all, d)
			}
		}
		slices.Sort(all)
		return all[len(all)/2]
	}
	return len(values) > n && middle(1) > 3*middle(n)
}
