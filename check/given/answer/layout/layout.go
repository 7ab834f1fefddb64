// Package layout writes the parts of an answer that have more than a line: a section with a head, and a table whose
// columns stand below each other.
package layout

import (
	"fmt"
	"io"
	"strings"
)

// Section writes lines below a head, after an empty line. It writes nothing if there are no lines.
func Section(w io.Writer, head string, lines []string) {
	if len(lines) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s\n", head)
	for _, l := range lines {
		fmt.Fprintf(w, "  %s\n", l)
	}
}

// Table writes rows in columns. If they are wider than 80 characters, the first cell has a line of its own.
func Table(w io.Writer, rows [][]string) {
	wide, total := make([]int, len(rows[0])), -2
	for k := range wide {
		for _, row := range rows {
			wide[k] = max(wide[k], len([]rune(row[k])))
		}
		total += wide[k] + 2
	}
	for _, row := range rows {
		line := fmt.Sprintf("%-*s", wide[0], row[0])
		if total > 80 {
			line = row[0] + "\n"
		}
		for k, cell := range row[1:] {
			line += fmt.Sprintf("  %-*s", wide[k+1], cell)
		}
		fmt.Fprintln(w, strings.TrimRight(line, " "))
	}
}
