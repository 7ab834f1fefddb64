// Package mark recognises the marks that common mistakes leave in a gradient, for any model. It compares the given
// gradient with the measured one, entry by entry, within error bars. check.Explain is its front door.
//
// A mark is a claim about all entries of a parameter: each is twice the measured one, or the measured one of the
// row above. It must hold for each entry within its error bar. That is not enough: wide bars, or few entries,
// let many claims hold. So each entry counts in bits how seldom it would fit by chance (see bits), and the sum
// must exceed need.
package mark

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// An Entry is one comparison.
type Entry struct {
	Name       string  // its name, as W[1,3]
	Given      float64 // the gradient to judge
	Measured   float64 // the measured derivative
	Bar        float64 // its error bar
	Slack      float64 // the error bar, and the tolerance
	Value      float64 // the value of the parameter, NaN if it is not known
	Wrong      bool    // Given and Measured differ by more than Slack
	Unresolved bool    // not Wrong, but the error bar is too wide to tell

	grain float64 // how far rounding may have moved Given
}

// A Block is one parameter, a vector or a matrix.
type Block struct {
	Name    string  // its name
	Entries []Entry // row by row
	Cols    int     // the columns of a matrix, 0 for a vector
}

// A Cause is a mark that a common mistake leaves in a gradient.
type Cause struct {
	Kind     string // the kind of mark, for programs: see check.Explain
	Param    string // the parameters whose gradient has the mark, with commas between, or "all parameters"
	Observed string // the observation
	Likely   string // the likely mistake
	Line     string // the line to read or to change
	ID       string // names the mistake for programs, if it is one of package mistake
}

// Explain searches the wrong entries for marks.
func Explain(blocks []Block) []Cause {
	setGrain(blocks)
	var wrong []int
	var all Block
	for n, b := range blocks {
		if len(b.wrong()) > 0 {
			wrong, all.Entries = append(wrong, n), append(all.Entries, b.Entries...)
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	var causes []Cause
	if c := first(all, group{blocks: blocks, in: wrong}, clipped, factor, penalty, unnamed); c != nil && len(wrong) > 1 {
		causes = append(causes, *c)
	} else {
		causes = append(causes, each(blocks, wrong)...)
	}
	return append(Merge(causes, len(blocks)), start(blocks, wrong)...)
}

// A mark returns a cause if the entries of b have the mark. b is a group of parameters, or a part of one.
type mark func(b Block, g group) *Cause

func first(b Block, g group, marks ...mark) *Cause {
	for _, m := range marks {
		if c := m(b, g); c != nil {
			c.Param = cmp.Or(c.Param, g.names())
			return c
		}
	}
	return nil
}

// each searches for the marks of each wrong parameter by itself. Parameters with the same mark share a cause.
func each(blocks []Block, wrong []int) (causes []Cause) {
	unknown := 0
	var without []int     // parameters without a mark
	var factors []float64 // of others
	for _, n := range wrong {
		c := first(blocks[n], group{blocks: blocks, in: []int{n}}, infinite, unread, clipped, single, factor, unnamed, ordered, another, same, penalty,
			scaled, averaged, part, lines)
		if c == nil {
			unknown++
			without = append(without, n)
			continue
		}
		if slices.Contains([]string{"sign", "twice", "half", "mean", "sum", "fraction"}, c.Kind) {
			factors = append(factors, exact(multiple(blocks[n].Entries)))
		}
		if causes = append(causes, *c); c.Kind == "factor" {
			unknown--
		}
	}
	slices.Sort(factors)
	factors = slices.Compact(factors)
	for _, n := range without {
		for _, k := range factors {
			if c := decayed(blocks[n], k, len(factors)); c != nil {
				causes = append(causes, *c)
				unknown--
				break
			}
		}
	}
	if unknown > 0 { // an error elsewhere causes the factor, which is no constant, the part and the entry
		causes = slices.DeleteFunc(causes, func(c Cause) bool { return c.Kind == "factor" || c.Kind == "part" || c.Kind == "entry" })
	}
	if !slices.ContainsFunc(causes, func(c Cause) bool { return c.Kind == "clipped" }) {
		causes = append(causes, norm(blocks, wrong)...)
	}
	return causes
}

// Merge joins causes that differ only in the parameter, of a number of parameters.
func Merge(causes []Cause, params int) (fewer []Cause) {
	for _, c := range causes {
		name := c.Param
		k := slices.IndexFunc(fewer, func(d Cause) bool {
			c.Param = d.Param
			return c == d
		})
		if c.Param = name; k < 0 {
			fewer = append(fewer, c)
		} else if fewer[k].Param != name {
			fewer[k].Param += ", " + name
		}
	}
	for k := range fewer {
		if n := strings.Count(fewer[k].Param, ", "); n > 0 && n == params-1 {
			fewer[k].Param = everything
		}
	}
	return fewer
}

// Rest returns a cause of the kind "rest" for the wrong parameters that no cause is about, or nil. It returns nil without causes.
func Rest(blocks []Block, causes []Cause) *Cause {
	var names, covered []string
	for _, c := range causes {
		covered = append(covered, strings.Split(c.Param, ", ")...)
	}
	for _, b := range blocks {
		if len(b.wrong()) > 0 && !slices.Contains(covered, b.Name) {
			names = append(names, b.Name)
		}
	}
	if len(names) == 0 || len(causes) == 0 || slices.Contains(covered, everything) {
		return nil
	}
	return &Cause{Kind: "rest", Param: strings.Join(names, ", "), Observed: "wrong, too, and without the mark of a common mistake",
		Likely: "the same mistake may be the cause, or another one", Line: "first what is named above; then check again"}
}

// A group is the parameters that a mark is about, among all.
type group struct {
	blocks []Block
	in     []int
	part   bool // only a part of the parameter
}

// everything stands for the names of all parameters.
const everything = "all parameters"

// names returns the names of the group.
func (g group) names() string {
	if len(g.in) == len(g.blocks) && len(g.in) > 1 {
		return everything
	}
	var names []string
	for _, n := range g.in {
		names = append(names, g.blocks[n].Name)
	}
	return strings.Join(names, ", ")
}

// without names the other parameters that contradict a claim about an entry.
func (g group) without(claim func(e Entry) bool) (names []string) {
	for n, b := range g.blocks {
		if !slices.Contains(g.in, n) && slices.ContainsFunc(b.Entries, func(e Entry) bool { return !claim(e) }) {
			names = append(names, b.Name)
		}
	}
	return names
}

// wrong returns the numbers of the wrong entries.
func (b Block) wrong() (wrong []int) {
	for i, e := range b.Entries {
		if e.Wrong {
			wrong = append(wrong, i)
		}
	}
	return wrong
}

// List joins words: "a, b and c". It shortens a long list.
func List(words []string) string {
	if n := len(words); n > 6 {
		words = append(slices.Clone(words[:4]), fmt.Sprintf("%d others", n-4))
	}
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
