// Package line lists the orders in which programs confuse the rows, the columns or the entries of a gradient.
package line

import (
	"fmt"
	"math"
	"strings"
)

// An Order says which measured entry stands in the place of each entry.
type Order struct {
	Kind     string          // the kind of the mark
	Observed string          // the observation
	Likely   string          // the likely mistake
	Line     string          // the line to read or to change
	From     func(i int) int // the entry in the place of entry i; a negative number is zero
}

// All lists the orders of a vector of n entries, or of a matrix with columns, the likeliest first.
func All(n, cols int) (all []Order) {
	noun := "entry"
	if cols > 1 {
		noun = "row"
	}
	cols = max(1, cols)
	rows := n / cols
	const outer = "dW += outer(x, dy), for y = x·W"
	matrix := rows > 1 && cols > 1
	switch {
	case matrix && rows == cols:
		all = append(all, Order{"transposed", "the gradient is transposed", "the factors of an outer product are swapped", outer,
			func(i int) int { return i%cols*cols + i/cols }})
	case matrix:
		for _, c := range []int{rows, cols} {
			all = append(all, Order{"column-major", "the entries are right, but they stand column by column, and are read row by row",
				"this is the gradient of the transposed matrix, or its memory has the other order (Fortran's, MATLAB's)", outer + "; and every reshape",
				func(i int) int { return i%c*(n/c) + i/c }})
		}
	}
	for _, o := range lines(rows, noun) {
		all = append(all, Order{o.Kind, o.Observed, o.Likely, o.Line, func(i int) int {
			return o.From(i/cols)*cols + i%cols // negative for a line of zeros
		}})
	}
	if !matrix {
		return all
	}
	for _, o := range lines(cols, "column") {
		all = append(all, Order{o.Kind, o.Observed, o.Likely, o.Line, func(i int) int {
			if c := o.From(i % cols); c >= 0 {
				return i/cols*cols + c
			}
			return -1
		}})
	}
	return append(all, Order{"reversed", "rows and columns are both in reverse order", "a convolution takes a correlation's kernel, or the other way round",
		"where this gradient is added up: flip the kernel", func(i int) int { return n - 1 - i }})
}

// lastFirst says that the last lines of n stand before the others.
func lastFirst(last, n int, noun string) string {
	if last == 1 {
		return "the last " + noun + " comes first"
	}
	return fmt.Sprintf("the last %d of %d %s come first", last, n, Plural(noun))
}

// lines lists the orders of n rows, columns or entries of a vector.
func lines(n int, noun string) (all []Order) {
	many, stored := Plural(noun), "where this gradient is stored: the index of the "+noun
	if n < 2 {
		return nil
	}
	all = append(all, Order{"reversed", "the " + many + " are in reverse order: the first has what belongs to the last",
		fmt.Sprintf("the %s are counted from the other end; if they are steps, the gradient is stored at the other end of the sequence", many),
		stored, func(i int) int { return n - 1 - i }})
	for s := 1; s < n; s++ {
		all = append(all,
			Order{"shifted", fmt.Sprintf("%s %d has what belongs to %s 0, and so on to the end; there are zeros in front", noun, s, noun),
				fmt.Sprintf("an index is too large by %d", s), stored, func(i int) int { return max(-1, i-s) }},
			Order{"shifted", fmt.Sprintf("%s 0 has what belongs to %s %d, and so on to the end; there are zeros after that", noun, noun, s),
				fmt.Sprintf("an index is too small by %d", s), stored, func(i int) int {
					if i+s >= n {
						return -1
					}
					return i + s
				}},
			Order{"rotated", lastFirst(n-s, n, noun),
				"two parts are joined in the other order ([h; x] for [x; h]), or an index is off, round the end",
				"where the parts are joined, and where the gradient is cut apart", func(i int) int { return (i + s) % n }})
	}
	for parts := 2; parts <= 4; parts++ {
		for _, p := range arrangements(parts) {
			if n%parts == 0 {
				all = append(all, arranged(n, p, many))
			}
		}
	}
	return all
}

// arranged is the order in which equal parts are exchanged or copied, as gates in a stacked matrix.
func arranged(n int, p []int, lines string) Order {
	size := n / len(p)
	o := Order{"exchanged", "", "the parts are gates or heads, and their order is not that of the forward pass", "where the parts are joined, and where the gradient is cut apart",
		func(i int) int { return p[i/size]*size + i%size }}
	var has []string
	sum := 0
	for k, from := range p {
		if sum += from - k; k != from {
			has = append(has, fmt.Sprintf("part %d has what belongs to part %d", k, from))
		}
	}
	if sum != 0 {
		o.Kind, o.Likely = "copied", "the parts are gates or heads, and a line was copied and not changed"
	}
	o.Observed = fmt.Sprintf("of the %d parts of %d %s, ", len(p), size, lines) + strings.Join(has, ", ")
	return o
}

// arrangements lists the arrangements of n parts: all permutations, and copies of one part over another.
func arrangements(n int) (all [][]int) {
	for code := range int(math.Pow(float64(n), float64(n))) {
		p, moved, used := make([]int, n), 0, 0
		for k := range p {
			if p[k], code = code%n, code/n; p[k] != k {
				moved++
			}
			used |= 1 << p[k]
		}
		if moved == 1 || moved > 0 && used == 1<<n-1 {
			all = append(all, p)
		}
	}
	return all
}

// Plural returns the noun for several lines.
func Plural(noun string) string {
	if noun == "entry" {
		return "entries"
	}
	return noun + "s"
}
