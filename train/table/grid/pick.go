package grid

import (
	"fmt"
	"slices"
	"strconv"

	"lstm/train/table/words"
)

// Pick returns the index of the column that is asked for.
func (h *Head) Pick(column string, skip []int) (int, error) {
	if column == "" {
		return h.pickNumbers(skip)
	}
	if at := slices.Index(h.Names, column); at >= 0 {
		if again := slices.Index(h.Names[at+1:], column); again >= 0 {
			return 0, fmt.Errorf("columns %d and %d are both named %q: choose one by its number", at+1, at+again+2, column)
		}
		return at, nil
	}
	if n, err := strconv.Atoi(column); err == nil && n >= 1 && n <= len(h.Names) {
		return n - 1, nil
	}
	if like := Near(column, h.Names); len(like) > 0 {
		return 0, fmt.Errorf("no column %q: is it %s? The columns are %s", column, Quoted(like), List(h.Names))
	}
	return 0, fmt.Errorf("no column %q; the columns are %s", column, List(h.Names))
}

// pickNumbers returns the index of the only column of numbers, apart from those of dates.
func (h *Head) pickNumbers(skip []int) (int, error) {
	var all []int
	for c, s := range h.Sorts {
		if s == Number && !slices.Contains(skip, c) {
			all = append(all, c)
		}
	}
	if len(all) == 0 {
		for c, s := range h.Sorts {
			if s == Nothing && !slices.Contains(skip, c) {
				all = append(all, c)
			}
		}
	}
	switch len(all) {
	case 0:
		return 0, fmt.Errorf("no column holds numbers; the columns are %s", List(h.Names))
	case 1:
		return all[0], nil
	}
	var names []string
	for _, c := range all {
		names = append(names, h.Names[c])
	}
	hint := ""
	if months := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return !words.Calendar(n) }); len(months) >= 12 {
		hint = ". The columns are months: to read all of them as one series, make one column of them first, as with pandas.melt"
	}
	return 0, fmt.Errorf("several columns hold numbers: choose one with -column; the columns are %s%s", List(names), hint)
}
