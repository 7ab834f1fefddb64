package task

import (
	"math"
	"slices"
	"strings"

	"lstm/bptt"
	"lstm/train/rng"
	"lstm/train/settings"
)

func init() {
	c := settings.Config{Task: "reber", Hidden: 16, Steps: 100_000, Optimizer: "adam", Rate: 0.03, Clip: 1, ForgetBias: 3}
	about := "tell which symbols may come next in a string of the embedded Reber grammar"
	register(settings.Task{Name: "reber", About: about, Defaults: c}, reber)
}

// reber is the task of section 5.1 of Hochreiter and Schmidhuber, Neural Computation 9(8), 1997, after
// Fahlman, NIPS 1991. Sequences are strings of the embedded Reber grammar, and the target at each step
// is the next symbol. 256 strings are for training, and 256 others for testing. The task is learnt when each
// symbol that may follow has a greater output than the other symbols, at every step of all strings.
func reber(_ settings.Config, _ Data, r *rng.Rand) (*Task, error) {
	const longest, size = 100, 256
	fresh := func(r *rng.Rand, s *Sequence) {
		text := reberString(r)
		for len(text) > longest { // one string in 2^40
			text = reberString(r)
		}
		for t := 1; t < len(text); t++ {
			s.X = oneHot(s.X, len(reberSymbols), strings.IndexByte(reberSymbols, text[t-1]))
			s.Target = oneHot(s.Target, len(reberSymbols), strings.IndexByte(reberSymbols, text[t]))
		}
	}
	var sets []*Sequence
	for len(sets) < 2*size {
		s := new(Sequence)
		fresh(r, s)
		if len(sets) < size || !slices.ContainsFunc(sets[:size], func(t *Sequence) bool { return slices.Equal(s.X, t.X) }) {
			sets = append(sets, s)
		}
	}
	names := strings.Split(reberSymbols, "")
	return &Task{
		Note: "Mostly two symbols may come next, so the loss cannot reach zero. The last symbol but one repeats the second: the network " +
			"must remember it. A string is right if every symbol that may come next has a greater output than every symbol that may not, at every step.",
		Unit: "string", X: len(names), O: len(names), MaxT: longest, Inputs: names, Outputs: names,
		Loss: bptt.CrossEntropy{},
		Draw: func(r *rng.Rand, s *Sequence) {
			one := sets[r.Int(0, size)]
			s.X, s.Target = append(s.X, one.X...), append(s.Target, one.Target...)
		},
		Fresh: fresh,
		Criterion: &Criterion{
			Wrong: "a step where a symbol that may not come has an output as large as one that may",
			Says:  "512 strings are right, 256 of them not trained on",
			Judge: reberJudge, Sets: sets, Every: 64,
		},
	}, nil
}

const reberSymbols = "BTPSXVE"

// reberArcs is Reber's grammar. For each state, it has the symbols that may follow. The digit after a
// symbol is the next state. State 7 is the end.
var reberArcs = [...]string{"B1", "T2 P3", "S2 X4", "T3 V5", "X3 S6", "P4 V6", "E7"}

// reberNext returns the symbols that may follow text, the beginning of a string of the embedded grammar:
// B, then T or P, then a string of Reber's grammar, then the same T or P, then E. last reports whether
// the next symbol is the final E.
func reberNext(text string) (symbols string, last bool) {
	switch len(text) {
	case 0:
		return "B", false
	case 1:
		return "TP", false
	}
	state := byte('0')
	for _, c := range []byte(text[2:]) {
		if state == '7' { // c is the T or P
			return "E", true
		}
		arcs := reberArcs[state-'0']
		state = arcs[strings.IndexByte(arcs, c)+1]
	}
	if state == '7' {
		return text[1:2], false
	}
	for arc := range strings.FieldsSeq(reberArcs[state-'0']) {
		symbols += arc[:1]
	}
	return symbols, false
}

// reberString draws a string. It draws each symbol from the symbols that may follow.
func reberString(r *rng.Rand) string {
	text := ""
	for last := false; !last; {
		var may string
		may, last = reberNext(text)
		text += string(may[r.Int(0, len(may))])
	}
	return text
}

// reberJudge counts the wrong steps. A step is wrong if a symbol that may not follow has an output as large
// as a symbol that may follow.
func reberJudge(s *Sequence, y []float64) (off float64, right bool) {
	n, text := len(reberSymbols), ""
	for t := 0; t < len(s.X); t += n {
		text += string(reberSymbols[slices.Index(s.X[t:t+n], 1)])
		legal, _ := reberNext(text)
		may, not := math.Inf(1), math.Inf(-1)
		for k, v := range y[t : t+n] {
			if strings.IndexByte(legal, reberSymbols[k]) >= 0 {
				may = min(may, v)
			} else {
				not = max(not, v)
			}
		}
		if !(may > not) {
			off++
		}
	}
	return off, off == 0
}
