package mark

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"lstm/check/mark/line"
)

// An axis divides the entries of a parameter into lines.
type axis struct {
	noun        string
	count, size int // the lines, and the entries of a line
	line        func(i int) int
}

// axes lists the rows and the columns of a matrix.
func (b Block) axes() []axis {
	n := len(b.Entries)
	if b.Cols < 2 || n <= b.Cols {
		return nil
	}
	return []axis{
		{"row", n / b.Cols, b.Cols, func(i int) int { return i / b.Cols }},
		{"column", b.Cols, n / b.Cols, func(i int) int { return i % b.Cols }},
	}
}

// whole is the axis whose one line is all entries.
func (b Block) whole() axis {
	return axis{"", 1, len(b.Entries), func(int) int { return 0 }}
}

// points is the axis whose lines are the entries.
func (b Block) points() axis {
	return axis{"entry", len(b.Entries), 1, func(i int) int { return i }}
}

// part recognises a part of a parameter, some of its rows, columns or entries, that is wrong, while the rest is
// right.
func part(b Block, g group) *Cause {
	g.part = true
	axes := append(b.axes(), b.points())
	for _, a := range axes {
		lines, sub := b.along(a)
		if lines == nil {
			continue
		}
		marks := []mark{unread, factor, ordered, unnamed}
		if a.noun == "entry" && b.Cols > 1 {
			marks = slices.Delete(marks, 2, 3)
		} else if !sub.mostly() {
			marks = marks[2:3] // a transposed part has right entries on its diagonal
		}
		if c := first(sub, g, marks...); c != nil {
			if c.Kind == "sign" {
				alternate(c, lines, a)
			}
			c.Observed = fmt.Sprintf("only %s of %d %s wrong: there, %s", where(lines, a), a.count, be(lines), c.Observed)
			return c
		}
	}
	for _, a := range axes {
		if lines, sub := b.along(a); lines != nil && sub.mostly() && b.pattern(lines, a) >= 8 {
			return a.blame(lines)
		}
	}
	return nil
}

// single recognises one wrong entry, while the rest of the parameter is right. The bars of the rest must be so narrow that
// an error of the same share would show there.
func single(b Block, g group) *Cause {
	wrong := b.wrong()
	if len(wrong) != 1 {
		return nil
	}
	e, most, sum := b.Entries[wrong[0]], 0.0, 0.0
	share := min(1, math.Abs(e.Given-e.Measured)/math.Abs(e.Measured))
	for i, o := range b.Entries {
		if o.Unresolved {
			return nil
		}
		if i != wrong[0] {
			bits := bits(share*math.Abs(o.Measured), o.Slack)
			sum, most = sum+bits, max(most, bits)
		}
	}
	if sum-most < need { // one right entry beside a wrong one is not enough
		return nil
	}
	return &Cause{Kind: "entry", Observed: fmt.Sprintf("%s is %.9g, and should be %.9g; the other %d entries of %s are right", e.Name, e.Given, e.Measured, len(b.Entries)-1, b.Name),
		Likely: "this number alone differs: it was overwritten or never set, typed by hand, or left from an earlier run", Line: "whatever writes to this entry after the gradient is computed"}
}

// blame returns the cause of wrong lines without another mark.
func (a axis) blame(lines []int) *Cause {
	c := &Cause{Kind: "part", Observed: fmt.Sprintf("only %s of %d %s wrong, and the others are right", where(lines, a), a.count, be(lines)),
		Likely: fmt.Sprintf("the mistake is in the code for these %s: one gate, some units, or one word", line.Plural(a.noun)),
		Line:   "where this part of the gradient comes from"}
	if last := lines[len(lines)-1]; last == len(lines)-1 {
		c.Likely += fmt.Sprintf("; if they are steps, it is on the way back from step %d to step %d", last+1, last)
	}
	return c
}

// loud returns how many entries say something of where a mistake is, and how many lines have such an entry. Where both
// gradients are zero, as those of a word that does not occur, entries say nothing.
func (b Block) loud(a axis) (entries, count int) {
	seen := make(map[int]bool)
	for i, e := range b.Entries {
		if e.Given != 0 || e.Wrong || math.Abs(e.Measured) > e.Slack {
			entries++
			seen[a.line(i)] = true
		}
	}
	return entries, len(seen)
}

// along returns the lines with wrong entries, and their entries. It returns nil if all lines that are loud have wrong
// entries, or if an entry of another line may be wrong, too.
func (b Block) along(a axis) (lines []int, sub Block) {
	for _, i := range b.wrong() {
		lines = append(lines, a.line(i))
	}
	slices.Sort(lines)
	lines = slices.Compact(lines)
	if _, count := b.loud(a); len(lines) == count {
		return nil, sub
	}
	for i, e := range b.Entries {
		if slices.Contains(lines, a.line(i)) {
			sub.Entries = append(sub.Entries, e)
		} else if e.Unresolved {
			return nil, sub
		}
	}
	switch sub.Name = b.Name; a.noun {
	case "row":
		sub.Cols = b.Cols
	case "column":
		sub.Cols = len(lines)
	}
	return lines, sub
}

// mostly reports whether three quarters of the entries are wrong.
func (b Block) mostly() bool { return 4*len(b.wrong()) >= 3*len(b.Entries) }

// pattern returns the information, in bits, in the fact that whole lines are wrong, and the others right.
func (b Block) pattern(lines []int, a axis) float64 {
	entries, count := b.loud(a)
	free := float64(count) // which lines are wrong
	if lines[len(lines)-1]-lines[0] == len(lines)-1 || second(lines, a.count) {
		free = 2 * math.Log2(float64(a.count))
	}
	return float64(entries) - free
}

// second reports whether the lines are every second one.
func second(lines []int, count int) bool {
	for k, l := range lines {
		if l != lines[0]+2*k {
			return false
		}
	}
	return count > 2 && lines[0] < 2 && len(lines) == (count-lines[0]+1)/2
}

// alternate changes the cause of a wrong sign in every second line, or in the second half of them.
func alternate(c *Cause, lines []int, a axis) {
	half := 2*len(lines) == a.count && lines[0] == len(lines)
	switch {
	case second(lines, a.count):
		c.Kind = "alternate"
		c.Likely = "a sign that alternates, (−1)^k, is missing or off by one; or these are imaginary parts, and the gradient is the complex conjugate"
	case half:
		c.Kind = "conjugate"
		c.Likely = "if these are imaginary parts, the gradient is the complex conjugate; else a minus is missing in this part, or there is one too many"
	}
}

// where names lines.
func where(lines []int, a axis) string {
	if second(lines, a.count) && len(lines) > 1 {
		return fmt.Sprintf("every second %s, from %d on,", a.noun, lines[0])
	}
	var runs []string
	for from := 0; from < len(lines); {
		to := from
		for to+1 < len(lines) && lines[to+1] == lines[to]+1 {
			to++
		}
		if runs = append(runs, fmt.Sprint(lines[from])); to > from {
			runs[len(runs)-1] = fmt.Sprintf("%d–%d", lines[from], lines[to])
		}
		from = to + 1
	}
	noun := a.noun
	if len(lines) > 1 {
		noun = line.Plural(noun)
	}
	return noun + " " + List(runs)
}

func be(lines []int) string {
	if len(lines) > 1 {
		return "are"
	}
	return "is"
}

// lines recognises rows or columns that have a factor each.
func lines(b Block, g group) *Cause {
	for _, a := range b.axes() {
		entries := make([][]Entry, a.count)
		for i, e := range b.Entries {
			entries[a.line(i)] = append(entries[a.line(i)], e)
		}
		bits, factors, fits := 0.0, []string{}, true
		for _, line := range entries {
			f := multiple(line)
			fits = fits && f.low <= f.high
			bits += f.confirm
			factors = append(factors, f.number())
		}
		if fits && bits >= need+1 {
			return &Cause{Kind: "lines", Observed: fmt.Sprintf("every %s has a factor of its own: %s", a.noun, List(factors)),
				Likely: "a factor that belongs to the " + a.noun + " (a unit, a gate's derivative) is wrong or left out; the sum over the other axis is right",
				Line:   "where the gradient of this " + a.noun + "'s unit is computed"}
		}
	}
	return nil
}

// scaled recognises a factor that is a power of a value: of the entry itself, or of another parameter with one
// value for each row or column.
func scaled(b Block, g group) *Cause {
	axes := append(b.axes(), b.points())
	powers := []float64{-1, 1, -2, 2, -0.5, 0.5}
	candidates := len(g.blocks) * len(axes) * len(powers)
	for _, a := range axes {
		for k, v := range g.blocks {
			if len(v.Entries) != a.count {
				continue
			}
			for _, power := range powers {
				f := fitted(b.Entries, func(i int, e Entry) claim {
					u := math.Pow(v.Entries[a.line(i)].Value, power)
					return claim{y: e.Given, e: e.grain, u: u * e.Measured, s: math.Abs(u) * e.Slack, right: e.Measured, loose: e.Slack}
				})
				if !f.exactly(1, candidates) {
					continue
				}
				index := map[string]string{"row": "[i]", "column": "[j]", "entry": "[i]"}[a.noun]
				of := strings.Replace(powerName(power), "v", v.Name+index, 1)
				c := &Cause{Kind: "scaled", Observed: fmt.Sprintf("the factor of every %s is %s", a.noun, of), Line: "where " + v.Name + " is multiplied in on the way back"}
				c.Likely = v.Name + " is left out on the way back, or its power is wrong"
				if power > 0 {
					c.Likely = v.Name + " is multiplied in once too often, or its power is wrong"
				}
				if k == g.in[0] {
					c.Likely = "this is the derivative with respect to another function of the value, such as its logarithm"
				}
				return c
			}
		}
	}
	return nil
}

// powerName writes a power of v.
func powerName(power float64) string {
	return map[float64]string{-1: "1/v", 1: "v", -2: "1/v²", 2: "v²", -0.5: "1/√v", 0.5: "√v"}[power]
}
