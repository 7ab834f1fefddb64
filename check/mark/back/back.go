// Package back says where to look in the gradient of a recurrent network whose mistake has no mark: before the sums over
// the steps or in them, in a step or between the steps. It knows the network by the names of its parameters only.
package back

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"lstm/check/mark"
)

// recurrent matches the names of weights from the state to itself, initial those of the state before the first step, inner
// those of other parameters of a step, and readout those of what reads the state.
var (
	inner     = regexp.MustCompile(`(?i)xh|ih|x2h|i2h|^b_?h$|bias_hh`)
	readout   = regexp.MustCompile(`(?i)y$|out|dense|^fc|decoder|head|proj`)
	recurrent = regexp.MustCompile(`(?i)hh|h2h|recur|^u[a-z]?$|[._]u[a-z]?$`)
	initial   = regexp.MustCompile(`(?i)^(h|c|s|hidden|cell|state)[._-]?(0|init|initial|prev|start)$|^(init|initial|prev|start)[._-]?(h|c|s|hidden|cell|state)$`)
)

// Look returns a cause of the kind "back", or nil if no weights from the state to itself are wrong.
func Look(blocks []mark.Block) *mark.Cause {
	var right, wrong, weights, states []string
	for _, b := range blocks {
		switch n := count(b, func(e mark.Entry) bool { return e.Wrong }); {
		case n > 0 && initial.MatchString(b.Name):
			states = append(states, b.Name)
			wrong = append(wrong, b.Name)
		case n > 0:
			if recurrent.MatchString(b.Name) && b.Cols > 1 {
				weights = append(weights, b.Name)
			}
			wrong = append(wrong, b.Name)
		case count(b, sure) > 0:
			right = append(right, b.Name)
		}
	}
	if len(weights) == 0 {
		return nil
	}
	var seen []string
	if len(right) > 0 {
		seen = append(seen, mark.List(right)+" "+be(right)+" right, so what goes into "+it(right)+" is right")
	}
	seen = append(seen, agreements(blocks)...)
	seen = append(seen, rightRows(blocks)...)
	if len(states) > 0 {
		seen = append(seen, mark.List(states)+" "+be(states)+" wrong: the gradient there is what the first step hands back")
	}
	c := &mark.Cause{Kind: "back", Param: strings.Join(wrong, ", "), Observed: strings.Join(seen, "; "), Likely: unknown}
	if shown := matching(right, inner); len(shown) > 0 && len(wrong) == len(weights) {
		c.Likely += fmt.Sprintf(", but what goes back from step to step is right, as %s %s", mark.List(shown), [2]string{"shows", "show"}[min(len(shown)-1, 1)])
		c.Line = fmt.Sprintf("where the gradient of %s is added up: a step adds its own dz, the derivative by the sum, times the state of the step before", mark.List(weights))
		return c
	}
	but := ""
	if len(states) > 0 {
		but = ", but for " + mark.List(states)
	}
	c.Line = fmt.Sprintf("check with one step, then with two. If one is right%s, and two are wrong, it is the line that hands the gradient to the step before. "+
		"If one is wrong, it is a line of the step itself", but)
	if reads := matching(wrong, readout); len(reads) > 0 {
		c.Likely += fmt.Sprintf("; %s, the readout, depends on no other step, so it has a mistake of its own, or dy is wrong", mark.List(reads))
		c.Line = fmt.Sprintf("first where the gradient of %s is added up. Then, for the rest, %s", mark.List(reads), c.Line)
	} else {
		c.Likely += "; all that leads to the state depends on what goes back from step to step through " + mark.List(weights)
	}
	return c
}

const unknown = "no common mistake gives these numbers"

// matching returns the names that match.
func matching(names []string, pattern *regexp.Regexp) []string {
	return slices.DeleteFunc(slices.Clone(names), func(s string) bool { return !pattern.MatchString(s) || recurrent.MatchString(s) && pattern == readout })
}

// sure reports whether an entry is right, and not zero.
func sure(e mark.Entry) bool { return !e.Wrong && !e.Unresolved && math.Abs(e.Measured) > 10*e.Slack }

func count(b mark.Block, holds func(e mark.Entry) bool) (n int) {
	for _, e := range b.Entries {
		if holds(e) {
			n++
		}
	}
	return n
}

// rightRows names the rows that are right and not zero, in a matrix with wrong rows.
func rightRows(blocks []mark.Block) (seen []string) {
	for _, b := range blocks {
		if b.Cols < 2 || count(b, func(e mark.Entry) bool { return e.Wrong }) == 0 {
			continue
		}
		var rows []string
		for r := 0; (r+1)*b.Cols <= len(b.Entries); r++ {
			row := mark.Block{Entries: b.Entries[r*b.Cols : (r+1)*b.Cols]}
			if count(row, sure) == b.Cols {
				rows = append(rows, fmt.Sprint(r))
			}
		}
		if len(rows) > 0 {
			seen = append(seen, fmt.Sprintf("in %s, %s %s %s right and not zero: if the rows are inputs or words, the steps that read only %s are right", b.Name,
				[2]string{"row", "rows"}[min(len(rows)-1, 1)], mark.List(rows), be(rows), it(rows)))
		}
	}
	return seen
}

// agreements finds what the gradients of two wrong parameters share, although both are wrong: equal entries, or a vector
// that is the sum of a matrix. If the measured ones share it too, both have the same mistake: in dz, or in
// the loop over the steps.
func agreements(blocks []mark.Block) (seen []string) {
	for k, a := range blocks {
		for _, b := range blocks[:k] {
			if n := equal(a, b); n >= 3 {
				seen = append(seen, fmt.Sprintf("%d wrong entries of %s are those of %s, as they should be: the mistake is one that both share", n, a.Name, b.Name))
			}
		}
		for _, w := range blocks {
			if sums(w, a) {
				seen = append(seen, fmt.Sprintf("%s is the sum of the rows of %s, as it should be: the mistake is one that both share", a.Name, w.Name))
			}
		}
	}
	return seen
}

// equal counts the wrong entries that are the same in two vectors, in the given and in the measured gradient. It returns 0
// if entries are the same in one of them only.
func equal(a, b mark.Block) (n int) {
	if len(a.Entries) != len(b.Entries) || a.Cols > 0 && len(a.Entries) > a.Cols {
		return 0
	}
	for i, e := range a.Entries {
		f := b.Entries[i]
		given, measured := near(e.Given, f.Given, e), math.Abs(e.Measured-f.Measured) <= e.Slack+f.Slack
		if given != measured {
			return 0
		}
		if given && e.Wrong && f.Wrong {
			n++
		}
	}
	return n
}

// sums reports whether a vector is the sum of the rows of a matrix, in the given and in the measured gradient, and is wrong.
func sums(w, v mark.Block) bool {
	cols := len(v.Entries)
	if cols < 2 || w.Cols != cols || len(w.Entries) < 2*cols || count(v, func(e mark.Entry) bool { return e.Wrong }) < 2 {
		return false
	}
	for j, e := range v.Entries {
		var given, measured, slack float64
		for i := j; i < len(w.Entries); i += cols {
			given, measured, slack = given+w.Entries[i].Given, measured+w.Entries[i].Measured, slack+w.Entries[i].Slack
		}
		if !near(given, e.Given, e) || math.Abs(measured-e.Measured) > slack+e.Slack {
			return false
		}
	}
	return true
}

// near reports whether two given numbers agree to the precision of an entry.
func near(a, b float64, e mark.Entry) bool {
	return math.Abs(a-b) <= 1e-6*math.Max(math.Abs(a), math.Abs(b))+e.Slack
}

func be(names []string) string { return [2]string{"is", "are"}[min(len(names)-1, 1)] }
func it(names []string) string { return [2]string{"it", "them"}[min(len(names)-1, 1)] }

// Weak reports whether causes name at most a part of a parameter.
func Weak(causes []mark.Cause) bool {
	return !slices.ContainsFunc(causes, func(c mark.Cause) bool { return c.Kind != "part" })
}
