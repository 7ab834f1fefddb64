package answer

import (
	"fmt"
	"slices"
	"strings"

	"lstm/check"
	"lstm/check/cause"
)

// unclear are the kinds of causes that are no mistakes: they say why an entry cannot be judged, or what has no mark.
var unclear = []string{"small", "cancels", "corner", "noisy", "rest", ambiguous}

// mistakesFirst sorts the causes.
func mistakesFirst(causes []check.Cause) {
	slices.SortStableFunc(causes, func(a, b check.Cause) int {
		return min(slices.Index(unclear, a.Kind), 0) - min(slices.Index(unclear, b.Kind), 0)
	})
}

// heads returns what stands before each cause: mistakes have numbers, if there are several.
func heads(causes []check.Cause) (all []string) {
	mistakes := 0
	for _, c := range causes {
		head := "unclear"
		if !slices.Contains(unclear, c.Kind) {
			mistakes++
			head = fmt.Sprintf("mistake %d", mistakes)
		}
		all = append(all, head)
	}
	if at := slices.Index(all, "mistake 1"); mistakes == 1 {
		all[at] = "mistake"
	}
	return all
}

// unexplained says what would show more of a wrong gradient that no known mistake in a line explains: none at all, or marks
// that any model shows. It returns "" for others.
func (a *Answer) unexplained() string {
	known := func(c check.Cause) bool {
		return c.Kind == "line" || c.ID != "" || strings.Contains(c.Line, arrow) || c.Kind == "infinite"
	}
	weak := func(c check.Cause) bool { return c.Kind == "part" || c.Kind == "rest" }
	switch {
	case a.Verdict != Wrong || a.lstm != nil && (slices.ContainsFunc(a.Causes, known) || len(a.Causes) > 0 && !slices.ContainsFunc(a.Causes, weak)):
		return ""
	case a.lstm == nil && slices.Contains(a.Notes, notRead):
		return "The program has given x, but it was not read as an LSTM: the last lines say why."
	case a.lstm == nil:
		return map[bool]string{true: "No known mistake gives these numbers. "}[len(a.Causes) == 0] + addX
	}
	none := "No known mistake gives these numbers."
	if tried, all := cause.Tries(a.lstm.Point); tried < all {
		none = fmt.Sprintf("None of %d known mistakes gives these numbers; for the other %d the file is too large. Use fewer steps, units or sequences.", tried, all-tried)
	}
	none += " Add di, df, do and dg, the derivatives of the loss by z, the sum of a gate before σ or tanh: (T,H), with N sequences (N,T,H). Then each line is judged by itself."
	if n := a.lstm.Point.Net; n.N*n.T <= n.X+n.H+1 {
		return none + " With so few steps, the gradients of the weights and biases determine them, but none were found that give all: one of these sums is wrong, or numbers are missing or have too few digits."
	}
	return none + " So it is with at most X+H+1 steps in all sequences together."
}

const notRead = "it was not read as an LSTM: no known forward pass gives this loss"

const addX = "If the program is an LSTM, add x and target to its line of JSON: then it is read as one, and wrong lines are named."

// gateNames says which of the program's arrays belong to which gate, in a few words. It returns "" without a mistake in
// an LSTM. The lines of mistakes are in letters: i, f, o and g.
func (a *Answer) gateNames() string {
	ofLSTM := func(c check.Cause) bool { return c.Kind == "line" || strings.Contains(c.Line, arrow) }
	if a.lstm == nil || !slices.ContainsFunc(a.Causes, ofLSTM) {
		return ""
	}
	names, packed := make(map[string][]string), make(map[string][]string)
	for _, words := range a.lstm.Words {
		arrays, gates, ok := strings.Cut(words, ": gates ")
		if !ok {
			continue
		}
		gates, _, _ = strings.Cut(gates, ",")
		letters, each := strings.Fields(gates), strings.Fields(arrays)
		if len(letters) != len(each) {
			packed[gates] = append(packed[gates], arrays)
			continue
		}
		for k, letter := range letters {
			names[letter] = append(names[letter], each[k])
		}
	}
	var all []string
	for _, letter := range []string{"i", "f", "o", "g"} {
		if names[letter] != nil {
			all = append(all, fmt.Sprintf("%s is %s", letter, strings.Join(names[letter], " ")))
		}
	}
	for gates, arrays := range packed {
		have := map[bool]string{true: "has", false: "have"}[len(arrays) == 1]
		all = append(all, fmt.Sprintf("%s %s the gates in the order %s", strings.Join(arrays, " and "), have, strings.Join(strings.Fields(gates), ", ")))
	}
	slices.Sort(all[min(len(all), len(names)):])
	return strings.Join(all, "; ")
}

// instead returns, for each cause, what may stand in its place while all others stay, and the rest of Others.
func (a *Answer) instead() (instead map[int][]string, rest [][]check.Cause) {
	instead = make(map[int][]string)
	for _, set := range a.Others {
		var more []check.Cause // in this set alone
		var gone []int         // the causes that are not in the set
		for _, c := range set {
			if !slices.ContainsFunc(a.Causes, func(d check.Cause) bool { return c.Likely == d.Likely }) {
				more = append(more, c)
			}
		}
		for k, c := range a.Causes {
			if !slices.ContainsFunc(set, func(d check.Cause) bool { return c.Likely == d.Likely }) {
				gone = append(gone, k)
			}
		}
		if len(more) == 1 && len(gone) == 1 && more[0].Kind != "line" && len(instead[gone[0]]) < 3 {
			instead[gone[0]] = append(instead[gone[0]], more[0].Likely)
		} else {
			rest = append(rest, set)
		}
	}
	return instead, rest
}

// ambiguous is the kind of the cause for a loss that several readings give.
const ambiguous = "ambiguous"

// doubt takes back the verdict Wrong if the loss fits several networks: the gradient may be right for one that was not
// tried. Known mistakes that give all numbers leave no doubt.
func (a *Answer) doubt(known bool) {
	if a.Verdict != Wrong || len(a.lstm.Others) == 0 || known {
		return
	}
	a.Verdict, a.Others, a.Places = NotProven, nil, nil
	for k := range a.Results {
		for i := range a.Results[k].Entries {
			if e := &a.Results[k].Entries[i]; e.Verdict == check.Wrong {
				e.Verdict = check.Unresolved
			}
		}
	}
	a.Causes = []check.Cause{{Kind: ambiguous, Likely: "the loss does not tell which network it is of: see how the file was read",
		Observed: "several networks give this loss, and the gradient is that of none of them",
		Line:     "write the numbers with all their digits, and y, h and c; or let go run . check -- COMMAND measure the gradient"}}
}
