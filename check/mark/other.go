package mark

import (
	"fmt"
	"math"
	"regexp"
	"slices"
)

// infinite recognises NaN and Inf.
func infinite(b Block, g group) *Cause {
	if !slices.ContainsFunc(b.Entries, func(e Entry) bool { return !finite(e.Given) }) {
		return nil
	}
	return &Cause{Kind: "infinite", Observed: "entries are NaN or Inf", Likely: "a division by zero, or a number that is too large",
		Line: "the first line on the way back whose result is not finite"}
}

// unread recognises a gradient of values that the loss does not read.
func unread(b Block, g group) *Cause {
	sum := 0.0
	for _, e := range b.Entries {
		if math.Abs(e.Measured) > e.Bar {
			return nil
		}
		sum += bits(math.Abs(e.Given), e.Slack)
	}
	if sum < need {
		return nil
	}
	return &Cause{Kind: "unread", Observed: "the loss does not change with these values, but their gradient is not zero",
		Likely: "the loss reads a copy of them, other values, or none at all", Line: "where the loss reads them"}
}

// penalty recognises a difference of gradient and measurement that is proportional to the values, or one constant.
func penalty(b Block, g group) *Cause {
	const line = "the loss, and where the gradient is added up: the term must be in both, or in neither"
	for _, m := range []struct {
		kind, of, likely string
		unit             func(e Entry) float64
	}{
		{"penalty", " times the value", "the gradient has a penalty (weight decay) that the loss lacks, or the other way round", func(e Entry) float64 { return e.Value }},
		{"constant", ", one constant", "a number is added to every entry: a term of the loss that is linear in these values, or a slip", func(Entry) float64 { return 1 }},
		{"penalty", " times the sign of the value", "the gradient has a penalty of absolute values that the loss lacks, or the other way round",
			func(e Entry) float64 { return sign(e.Value) }},
	} {
		f := fitted(b.Entries, func(_ int, e Entry) claim {
			return claim{y: e.Given - e.Measured, e: e.grain + e.Slack, u: m.unit(e)}
		})
		if f.free(3) {
			return &Cause{Kind: m.kind, Observed: "the gradient minus the measured one is " + f.number() + m.of, Likely: m.likely, Line: line}
		}
	}
	return nil
}

// decayed recognises a penalty beside the factor k that other parameters have, one of a number of factors.
func decayed(b Block, k float64, candidates int) *Cause {
	f := fitted(b.Entries, func(_ int, e Entry) claim {
		return claim{y: e.Given - k*e.Measured, e: e.grain + math.Abs(k)*e.Slack, u: e.Value, right: (1 - k) * e.Measured, loose: e.Slack}
	})
	if f.holds(0) || !f.free(candidates) {
		return nil
	}
	return &Cause{Kind: "penalty", Param: b.Name, Observed: fmt.Sprintf("the gradient minus %.6g times the measured one is %s times the value", k, f.number()),
		Likely: fmt.Sprintf("beside the factor %.6g of other parameters, the gradient has a penalty (weight decay) that the loss lacks, or the other way round", k),
		Line:   "the loss, and where the gradient is added up: the penalty must be in both, or in neither"}
}

// averaged recognises entries that are all the mean, or the sum, of the measured ones: of the parameter, or of each
// row or column.
func averaged(b Block, g group) *Cause {
	for _, axis := range append(b.axes(), b.whole()) {
		means := make(map[int]Entry)
		count := axis.size
		for i, e := range b.Entries {
			m := means[axis.line(i)]
			m.Measured += e.Measured / float64(count)
			m.Slack += e.Slack / float64(count)
			means[axis.line(i)] = m
		}
		f := fitted(b.Entries, func(i int, e Entry) claim {
			m := means[axis.line(i)]
			return claim{y: e.Given, e: e.grain, u: m.Measured, s: m.Slack, right: e.Measured, loose: e.Slack}
		})
		what, of := "", "its "+axis.noun
		switch {
		case count < 2:
		case f.exactly(1, 6):
			what = "mean"
		case f.exactly(float64(count), 6):
			what = "sum"
		}
		if axis.count == 1 {
			of = "all of them"
		}
		if what != "" {
			return &Cause{Kind: "averaged", Observed: fmt.Sprintf("every entry is the %s of what belongs to %s", what, of),
				Likely: "a mean or a sum runs over the entries, and spreads over all of them", Line: "where this gradient is added up: the axis of the sum"}
		}
	}
	return nil
}

// another recognises the gradient of another parameter: in place of this one, or added to it.
func another(b Block, g group) *Cause {
	n := g.in[0]
	for k, other := range g.blocks {
		if k == n || len(other.Entries) != len(b.Entries) {
			continue
		}
		copied, back := has(b, other), has(other, b)
		observed := "this is the gradient of " + other.Name
		many := len(g.blocks)
		switch {
		case copied.exactly(1, many) && back.exactly(1, many):
			pair := group{blocks: g.blocks, in: []int{min(n, k), max(n, k)}}
			return &Cause{Kind: "swapped", Param: pair.names(), Observed: "each has the gradient of the other", Likely: "the two are swapped",
				Line: "where the two gradients are added up"}
		case copied.exactly(1, many):
		case copied.free(many):
			observed = fmt.Sprintf("this is %s times the gradient of %s", copied.name(), other.Name)
		default:
			added := fitted(b.Entries, func(i int, e Entry) claim {
				o := other.Entries[i]
				return claim{y: e.Given - e.Measured, e: e.grain + e.Slack, u: o.Measured, s: o.Slack}
			})
			if !added.exactly(1, many) {
				continue
			}
			observed = "the gradient of " + other.Name + " is added to this one"
		}
		return &Cause{Kind: "copied", Observed: observed, Likely: "a line was copied and not changed", Line: "where the two gradients are added up"}
	}
	return nil
}

// has returns how the given gradient of b fits the measured one of other.
func has(b, other Block) fit {
	return fitted(b.Entries, func(i int, e Entry) claim {
		o := other.Entries[i]
		return claim{y: e.Given, e: e.grain, u: o.Measured, s: o.Slack, right: e.Measured, loose: e.Slack}
	})
}

// same recognises parameters with the same given gradient, whose measured gradients differ.
func same(b Block, g group) *Cause {
	in := g.in
	for k, other := range g.blocks {
		if k == g.in[0] || len(other.Entries) != len(b.Entries) {
			continue
		}
		f := fitted(b.Entries, func(i int, e Entry) claim {
			o := other.Entries[i]
			return claim{y: e.Given, e: e.grain, u: o.Given, s: o.grain, right: o.Given + e.Measured - o.Measured, loose: e.Slack + o.Slack}
		})
		if f.exactly(1, len(g.blocks)) {
			in = append(slices.Clone(in), k)
		}
	}
	slices.Sort(in)
	if len(in) < 2 {
		return nil
	}
	return &Cause{Kind: "copied", Param: group{blocks: g.blocks, in: in}.names(), Observed: "these have the same gradient, entry by entry, but they should differ",
		Likely: "a line was copied and not changed, or a factor between them is left out", Line: "where these gradients are added up"}
}

// initial matches the names of an initial state: h0, c_prev, init_state.
var initial = regexp.MustCompile(`(?i)^(h|c|s|hidden|cell|state)[._-]?(0|init|initial|prev|start)$|^(init|initial|prev|start)[._-]?(h|c|s|hidden|cell|state)$`)

// start recognises that only the gradients of the initial state are wrong.
func start(blocks []Block, wrong []int) []Cause {
	if len(blocks) < len(wrong)+2 || slices.ContainsFunc(wrong, func(n int) bool { return !initial.MatchString(blocks[n].Name) }) {
		return nil
	}
	g := group{blocks: blocks, in: wrong}
	return []Cause{{Kind: "start", Param: g.names(), Observed: "only the gradient of the initial state is wrong, and no parameter's",
		Likely: "the mistake is in the line that hands the gradient to the step before; with one step, no parameter depends on that line, and with more steps they will be wrong, too",
		Line:   "the last lines of a step on the way back: for an LSTM dh′ = dz·Wᵀ and dc′ = dc∘f. Check three steps or more"}}
}
