package grid

import (
	"fmt"
	"slices"
	"strings"
)

// List joins names with commas. If there are too many names, it cuts the list.
func List(names []string) string {
	const most, long = 8, 40
	var few []string
	for _, name := range names[:min(most, len(names))] {
		if r := []rune(name); len(r) > long {
			name = string(r[:long]) + "…"
		}
		few = append(few, name)
	}
	text := strings.Join(few, ", ")
	if len(names) > most {
		text += fmt.Sprintf("… (%d in all)", len(names))
	}
	return text
}

// Near returns the names that are like a name: those that differ in case or in a letter or two, or contain it.
func Near(name string, names []string) (all []string) {
	low := strings.ToLower(strings.TrimSpace(name))
	for _, n := range names {
		l := strings.ToLower(n)
		if !slices.Contains(all, n) && (l == low || len(low) > 2 && (strings.Contains(l, low) || strings.Contains(low, l) && len(l) > 2) || distance(low, l) <= min(2, len(low)/3)) {
			all = append(all, n)
		}
	}
	return all
}

// distance returns how many letters must change to make b of a.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x) > 100 || len(y) > 100 {
		return 100
	}
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		before := row[0]
		row[0] = i + 1
		for j := range y {
			d := before
			if x[i] != y[j] {
				d = 1 + min(before, row[j], row[j+1])
			}
			before, row[j+1] = row[j+1], d
		}
	}
	return row[len(y)]
}

// Quoted returns the first names in quotes, with or between them.
func Quoted(names []string) string {
	var all []string
	for _, n := range names[:min(3, len(names))] {
		all = append(all, fmt.Sprintf("%q", n))
	}
	return strings.Join(all, " or ")
}
