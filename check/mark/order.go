package mark

import (
	"fmt"
	"math"
	"strings"
)

// An order says which measured entry stands in the place of each entry: a negative number is zero.
type order struct {
	kind, observed, likely, line string
	from                         func(i int) int
}

// ordered recognises entries that are right, but in another order. They may also have a factor.
func ordered(b Block, g group) *Cause {
	orders := b.orders()
	for _, o := range orders {
		f := fitted(b.Entries, func(i int, e Entry) claim {
			c := claim{y: e.Given, e: e.grain, right: e.Measured, loose: e.Slack}
			if k := o.from(i); k >= 0 {
				c.u, c.s = b.Entries[k].Measured, b.Entries[k].Slack
			}
			return c
		})
		if f.exactly(1, len(orders)) {
			return &Cause{Kind: o.kind, Observed: o.observed, Likely: o.likely, Line: o.line}
		}
		if f.free(len(orders)) {
			return &Cause{Kind: o.kind, Observed: fmt.Sprintf("%s; besides, every entry is %s times what it should be", o.observed, f.name()),
				Likely: o.likely, Line: o.line}
		}
	}
	return nil
}

// orders lists the orders of a parameter, the likeliest first.
func (b Block) orders() (all []order) {
	n, cols := len(b.Entries), max(1, b.Cols)
	rows := n / cols
	const outer = "dW += outer(x, dy), for y = x·W"
	matrix := rows > 1 && cols > 1
	switch {
	case matrix && rows == cols:
		all = append(all, order{"transposed", "the gradient is transposed", "the factors of an outer product are swapped", outer,
			func(i int) int { return i%cols*cols + i/cols }})
	case matrix:
		for _, c := range []int{rows, cols} {
			all = append(all, order{"column-major", "the entries are right, but they stand column by column, and are read row by row",
				"this is the gradient of the transposed matrix, or its memory has the other order (Fortran's, MATLAB's)", outer + "; and every reshape",
				func(i int) int { return i%c*(n/c) + i/c }})
		}
	}
	for _, o := range lineOrders(rows, b.noun()) {
		all = append(all, order{o.kind, o.observed, o.likely, o.line, func(i int) int {
			return o.from(i/cols)*cols + i%cols // negative for a line of zeros
		}})
	}
	if !matrix {
		return all
	}
	for _, o := range lineOrders(cols, "column") {
		all = append(all, order{o.kind, o.observed, o.likely, o.line, func(i int) int {
			if c := o.from(i % cols); c >= 0 {
				return i/cols*cols + c
			}
			return -1
		}})
	}
	return append(all, order{"reversed", "rows and columns are both in reverse order", "a convolution takes a correlation's kernel, or the other way round",
		"where this gradient is added up: flip the kernel", func(i int) int { return n - 1 - i }})
}

// lastFirst says that the last lines of n stand before the others.
func lastFirst(last, n int, noun string) string {
	if last == 1 {
		return "the last " + noun + " comes first"
	}
	return fmt.Sprintf("the last %d of %d %s come first", last, n, plural(noun))
}

// lineOrders lists the orders of n rows, columns or entries of a vector.
func lineOrders(n int, noun string) (all []order) {
	lines, stored := plural(noun), "where this gradient is stored: the index of the "+noun
	if n < 2 {
		return nil
	}
	all = append(all, order{"reversed", "the " + lines + " are in reverse order: the first has what belongs to the last",
		fmt.Sprintf("the %s are counted from the other end; if they are steps, the gradient is stored at the other end of the sequence", lines),
		stored, func(i int) int { return n - 1 - i }})
	for s := 1; s < n; s++ {
		all = append(all,
			order{"shifted", fmt.Sprintf("%s %d has what belongs to %s 0, and so on to the end; there are zeros in front", noun, s, noun),
				fmt.Sprintf("an index is too large by %d", s), stored, func(i int) int { return max(-1, i-s) }},
			order{"shifted", fmt.Sprintf("%s 0 has what belongs to %s %d, and so on to the end; there are zeros after that", noun, noun, s),
				fmt.Sprintf("an index is too small by %d", s), stored, func(i int) int {
					if i+s >= n {
						return -1
					}
					return i + s
				}},
			order{"rotated", lastFirst(n-s, n, noun),
				"two parts are joined in the other order ([h; x] for [x; h]), or an index is off, round the end",
				"where the parts are joined, and where the gradient is cut apart", func(i int) int { return (i + s) % n }})
	}
	for parts := 2; parts <= 4; parts++ {
		for _, p := range arrangements(parts) {
			if n%parts == 0 {
				all = append(all, arranged(n, p, lines))
			}
		}
	}
	return all
}

// arranged is the order in which equal parts are exchanged or copied, as gates in a stacked matrix.
func arranged(n int, p []int, lines string) order {
	size := n / len(p)
	o := order{"exchanged", "", "the parts are gates or heads, and their order is not that of the forward pass", "where the parts are joined, and where the gradient is cut apart",
		func(i int) int { return p[i/size]*size + i%size }}
	var has []string
	sum := 0
	for k, from := range p {
		if sum += from - k; k != from {
			has = append(has, fmt.Sprintf("part %d has what belongs to part %d", k, from))
		}
	}
	if sum != 0 {
		o.kind, o.likely = "copied", "the parts are gates or heads, and a line was copied and not changed"
	}
	o.observed = fmt.Sprintf("of the %d parts of %d %s, ", len(p), size, lines) + strings.Join(has, ", ")
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

// noun names a row.
func (b Block) noun() string {
	if b.Cols > 1 {
		return "row"
	}
	return "entry"
}

func plural(noun string) string {
	if noun == "entry" {
		return "entries"
	}
	return noun + "s"
}
