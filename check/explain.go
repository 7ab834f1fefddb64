package check

import (
	"math"

	"lstm/check/mark"
	"lstm/check/mark/back"
)

// A Cause is a mark that a common mistake leaves in a gradient.
type Cause = mark.Cause

// Explain searches the wrong and the unresolved entries for the marks of common mistakes. A mark must fit the
// entries within their error bars, and must hardly fit them by chance. Explain knows nothing of the model:
// package museum knows LSTMs.
//
// The kinds are:
//   - small, cancels, corner, noisy: too many entries are unresolved
//   - infinite: an entry is NaN or Inf
//   - unread: the loss does not read the values, but their gradient is not zero
//   - zero, sign, twice, half, mean, sum, fraction, factor: the gradient is a multiple of the right one
//   - clipped, norm: entries are cut to a range, or the norm to a round number
//   - transposed, column-major, reversed, shifted, rotated, exchanged: the entries are in another order
//   - swapped, copied: the gradient is another parameter's, or another part's
//   - penalty, constant: the gradient has a term that the loss lacks
//   - scaled: the factor of a row, a column or an entry is a power of a value
//   - averaged: all entries are the mean or the sum of the right ones
//   - alternate, conjugate: the sign of every second line, or of half of them, is wrong
//   - entry: one entry is wrong, and the others right
//   - part: some rows, columns or entries are wrong, and the others right
//   - lines: each row or column has its own factor
//   - rest: wrong parameters without a mark, beside others that have one
//   - start: only the gradient of the initial state is wrong
//   - back: weights from the state to itself are wrong, without a mark; what is right tells where to look
func Explain(params []Param, results []Result) []Cause {
	blocks := make([]mark.Block, len(results))
	for n, r := range results {
		b := mark.Block{Name: r.Name, Cols: params[n].Cols}
		for _, e := range r.Entries {
			m := mark.Entry{Name: e.Name, Given: e.Analytic, Measured: e.Numeric, Bar: e.Bar, Slack: e.Bar + float64(Tolerance*math.Abs(e.Numeric)),
				Value: math.NaN(), Wrong: e.Verdict == Wrong, Unresolved: e.Verdict == Unresolved}
			if e.Index < len(params[n].Value) {
				m.Value = params[n].Value[e.Index]
			}
			b.Entries = append(b.Entries, m)
		}
		blocks[n] = b
	}
	causes := mark.Explain(blocks)
	if c := back.Look(blocks); c != nil && back.Weak(causes) {
		causes = []Cause{*c}
	}
	if c := mark.Rest(blocks, causes); c != nil {
		causes = append(causes, *c)
	}
	return append(unsure(results), causes...)
}
