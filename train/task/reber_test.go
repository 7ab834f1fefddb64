package task_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"lstm/train/rng"
	"lstm/train/settings"
	"lstm/train/task"
)

const reberSymbols = "BTPSXVE"

// reberMay returns the symbols that may follow text in the embedded Reber grammar.
func reberMay(text string) (symbols string) {
	if len(text) < 2 {
		return []string{"B", "TP"}[len(text)]
	}
	// The arcs of Reber's graph: from node, symbol, to node.
	arcs := strings.Fields("0B1 1T2 1P3 2S2 2X4 3T3 3V5 4X3 4S6 5P4 5V6 6E7 7" + text[1:2] + "8 8E9")
	node := byte('0')
	for _, c := range []byte(text[2:]) {
		at := slices.IndexFunc(arcs, func(arc string) bool { return arc[0] == node && arc[1] == c })
		if at < 0 {
			return ""
		}
		node = arcs[at][2]
	}
	for _, arc := range arcs {
		if arc[0] == node {
			symbols += arc[1:2]
		}
	}
	return symbols
}

// reberText returns the inputs of a sequence as text, and the targets.
func reberText(x, target []float64) (text, next string) {
	for k := 0; k < len(x); k += 7 {
		text += string(reberSymbols[slices.Index(x[k:k+7], 1)])
		next += string(reberSymbols[slices.Index(target[k:k+7], 1)])
	}
	return text, next
}

// reberOutputs returns outputs for a text: 0.1 for symbols that may follow, and 0 for the others.
func reberOutputs(text string) []float64 {
	y := make([]float64, 7*len(text))
	for k := range text {
		for _, c := range []byte(reberMay(text[:k+1])) {
			y[7*k+strings.IndexByte(reberSymbols, c)] = 0.1
		}
	}
	return y
}

func newReber(t *testing.T) (*task.Task, *rng.Rand) {
	r := rng.New(1)
	kind, _ := task.Find("reber")
	k, err := kind.Make(settings.Config{}, task.Data{}, r)
	if err != nil {
		t.Fatal(err)
	}
	return k, r
}

// TestReber compares many strings with a regular expression of the grammar, and each next symbol with
// the symbols that may follow.
func TestReber(t *testing.T) {
	t.Parallel()
	const tail = `(T*VPX)*T*V(V|PS)`
	const inner = `B(TS*X(S|X` + tail + `)|P` + tail + `)E`
	form := regexp.MustCompile(`^B(T` + inner + `T|P` + inner + `P)E$`)
	k, r := newReber(t)
	s := new(task.Sequence)
	follows := make(map[string]map[byte]bool)
	known := make(map[string]bool) // tested beginnings of strings
	for i := range 20000 {
		s.Fill(k.Fresh, r, i)
		text, next := reberText(s.X, s.Target)
		whole := text + next[len(next)-1:]
		if !form.MatchString(whole) || next != whole[1:] {
			t.Fatalf("%s is not a string of the grammar, or %s may not follow", whole, next)
		}
		if off, right := k.Criterion.Judge(s, reberOutputs(text)); !right || off != 0 {
			t.Fatalf("%s: right outputs: off by %v", text, off)
		}
		for n := range text {
			begin := text[:n+1]
			if n < 8 {
				if follows[begin] == nil {
					follows[begin] = make(map[byte]bool)
				}
				follows[begin][next[n]] = true
			}
			if !known[begin] && (strings.IndexByte(reberMay(begin), next[n]) < 0 || form.MatchString(begin)) {
				t.Fatalf("%s: after %s may come %s", whole, begin, reberMay(begin))
			}
			known[begin] = true
		}
	}
	for text, symbols := range follows {
		if may := reberMay(text); len(may) != len(symbols) {
			t.Errorf("after %s may come %s, and %d different ones did", text, may, len(symbols))
		}
	}
}

// TestReberSets tests the strings for training and testing, and their judge.
func TestReberSets(t *testing.T) {
	t.Parallel()
	k, r := newReber(t)
	sets, c := k.Criterion.Sets, k.Criterion
	if len(sets) != 512 || c.Every != 64 || c.Tests() != 2560 {
		t.Fatalf("%d strings, %+v", len(sets), c)
	}
	for _, test := range sets[256:] {
		for _, train := range sets[:256] {
			if slices.Equal(test.X, train.X) {
				t.Error("a test string is also a training string")
			}
		}
	}
	drawn := new(task.Sequence)
	for i := range 1000 {
		drawn.Fill(k.Draw, r, i)
		if !slices.ContainsFunc(sets[:256], func(s *task.Sequence) bool {
			return slices.Equal(s.X, drawn.X) && slices.Equal(s.Target, drawn.Target)
		}) {
			t.Fatal("Draw returns a string that is not a training string")
		}
	}
	s := sets[300]
	text, next := reberText(s.X, s.Target)
	if text[len(text)-1] != text[1] || next[len(next)-1] != 'E' {
		t.Errorf("%s: the end does not match the beginning", text)
	}
	y := reberOutputs(text)
	last := y[len(y)-14 : len(y)-7] // here the network must remember the second symbol
	for k, symbol := range reberSymbols {
		last[k] = 0
		if symbol == 'T' || symbol == 'P' {
			last[k] = 0.1
		}
	}
	if off, right := c.Judge(s, y); right || off != 1 {
		t.Errorf("T and P alike at the end: off by %v", off)
	}
}

func TestReberLearns(t *testing.T) {
	t.Parallel()
	learns(t, "reber", 8440)
}

func TestReberGradients(t *testing.T) {
	t.Parallel()
	gradients(t, "reber", func(c *settings.Config) { c.Window = 3 })
}

// TestReberTable trains 300 seeds.
func TestReberTable(t *testing.T) {
	paper(t, "reber", paperRow{"embedded Reber grammar", nil, 8_440, 20, 0.01})
}
