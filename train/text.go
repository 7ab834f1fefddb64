package train

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"lstm/bptt"
	"lstm/tensor"
	"lstm/train/file"
	"lstm/train/rng"
)

func init() {
	register("tell the next character of a text", Config{
		Task: "text", Hidden: 64, Steps: 5000, Optimizer: "adam", Rate: 0.005, Clip: 10, ForgetBias: 1,
		Window: 64, Data: "README.md", Temperature: 0.7,
	}, text)
}

// A corpus is a text as symbols: what is trained on, a tenth or less to validate with, and
// the last tenth, which is held out.
type corpus struct {
	id                 string  // what it is known by
	symbols            []rune  // in their order
	unknown            int     // characters that are left out, since they are not among these
	train, valid, tail []int32 // indices into symbols
}

// text is to tell the next character of a file, from those before it. The text is one
// sequence, through which the state is carried; where it ends, it begins again.
func text(c Config, _ *rng.Rand) (*Task, error) {
	if c.Window < 1 {
		return nil, errors.New("a text is learnt through a window of 1 step or more")
	}
	known := ""
	if c.known != nil {
		known = c.known.Symbols
	}
	t, err := readCorpus(c.Data, known)
	if err != nil {
		return nil, fmt.Errorf("-data: %w", err)
	}
	n := len(t.symbols)
	note := fmt.Sprintf("It has %d characters, %d different ones; %d are to validate with, and the last %d are held out.",
		len(t.train)+len(t.valid)+len(t.tail), n, len(t.valid), len(t.tail))
	if t.unknown > 0 {
		note += fmt.Sprintf(" Another %d are left out: the network does not know them.", t.unknown)
	}
	stride := min(c.Stride, len(t.train)-1)
	names := make([]string, n)
	for i, c := range t.symbols {
		names[i] = visible(c)
	}
	return &Task{
		Note:    note,
		Data:    t.id,
		Symbols: string(t.symbols),
		Over:    "the next characters",
		Unit:    "chunk",
		X:       n, O: n, MaxT: stride,
		Inputs: names, Outputs: names,
		Loss:    bptt.CrossEntropy{},
		Shown:   "bits a character",
		Per:     math.Ln2,
		Endless: true,
		Draw: func(_ *rng.Rand, s *Sequence) {
			var from, to int
			from, to, s.Carry = chunk(s.N, len(t.train)-1, stride)
			t.add(s, t.train[from:to+1])
		},
		Fresh: func(r *rng.Rand, s *Sequence) {
			m := min(2*c.Window+1, len(t.tail)) // longer than a window, so that one with a carried state is verified
			at := r.Int(0, len(t.tail)-m+1)
			t.add(s, t.tail[at:at+m])
		},
		Validate: func(r *Run) float64 { return r.bits(t, t.valid) },
		Every:    seldom(len(t.valid)),
		Result:   func(r *Run) float64 { return r.bits(t, t.tail) },
		Measure:  "bits a character",
		Says:     "bits a character of the tail that is held out",
		Tell:     t.tell,
	}, nil
}

// visible returns a character as it can be seen alone.
func visible(c rune) string {
	switch {
	case c == ' ':
		return "␣"
	case c == '\n':
		return "↵"
	case c == '\t':
		return "⇥"
	case unicode.IsPrint(c) && !unicode.Is(unicode.M, c):
		return string(c)
	}
	return fmt.Sprintf("%U", c)
}

// add appends to s the characters of text, each with the next one as its target.
func (t *corpus) add(s *Sequence, text []int32) {
	n := len(t.symbols)
	for i, k := range text[1:] {
		s.X = oneHot(s.X, n, int(text[i]))
		s.Target = oneHot(s.Target, n, int(k))
	}
}

// readCorpus reads a file in UTF-8. Its symbols are those that are known, or, if these are none,
// all that it has.
func readCorpus(name, known string) (*corpus, error) {
	const most = 1 << 30
	data, err := file.Read(name, most)
	if err != nil {
		return nil, err
	}
	text := strings.TrimPrefix(string(data), "\ufeff")
	for i, c := range text {
		if _, size := utf8.DecodeRuneInString(text[i:]); c == 0 || c == utf8.RuneError && size == 1 {
			return nil, fmt.Errorf("%s: not a text in UTF-8: byte %#02x in line %d", name, text[i], 1+strings.Count(text[:i], "\n"))
		}
	}
	index := make(map[rune]int32)
	for _, c := range cmp.Or(known, text) {
		index[c] = 0
	}
	t := &corpus{id: fmt.Sprintf("%x", sha256.Sum256(data)), symbols: slices.Sorted(maps.Keys(index))}
	for i, c := range t.symbols {
		index[c] = int32(i)
	}
	all := make([]int32, 0, len(text))
	for _, c := range text {
		if i, ok := index[c]; ok {
			all = append(all, i)
		} else {
			t.unknown++
		}
	}
	const least = 100
	length := len(all)
	if length < least {
		return nil, fmt.Errorf("%s: %d characters are too few to learn from: it takes %d", name, length, least)
	}
	if len(t.symbols) == 1 {
		return nil, fmt.Errorf("%s: there is nothing but %q, and nothing to learn", name, t.symbols[0])
	}
	tenth := length / 10
	tail := length - tenth
	valid := tail - min(tenth, 10_000)
	t.train, t.valid, t.tail = all[:valid], all[valid:tail], all[tail:]
	return t, nil
}

// entropy returns the cross-entropies of the tail in bits a character, as told by how often
// each character stands in the rest, p(b) = (n(b)+1)/(N+V), and by how often it follows the
// one before it, p(b|a) = (n(ab) + d(a)·p(b))/(n(a) + d(a)), where d(a) is how many
// different ones do (Witten and Bell, IEEE Trans. Information Theory 37(4), 1991).
func (t *corpus) entropy() (unigram, bigram float64) {
	type pair [2]int32
	V := len(t.symbols)
	count, follows, after := make([]float64, V), make([]float64, V), make([]float64, V)
	pairs := make(map[pair]float64)
	known := slices.Concat(t.train, t.valid)
	for i, b := range known {
		count[b]++
		if i > 0 {
			ab := pair{known[i-1], b}
			if pairs[ab] == 0 {
				after[ab[0]]++
			}
			pairs[ab]++
			follows[ab[0]]++
		}
	}
	for i, b := range t.tail[1:] {
		a := t.tail[i]
		p := (count[b] + 1) / float64(len(known)+V)
		unigram -= tensor.Log(p) / math.Ln2
		if follows[a] > 0 {
			p = (pairs[pair{a, b}] + float64(after[a]*p)) / (follows[a] + after[a])
		}
		bigram -= tensor.Log(p) / math.Ln2
	}
	n := float64(len(t.tail) - 1)
	return unigram / n, bigram / n
}

// tell writes how well the tail is told, and a text that the network makes up.
func (t *corpus) tell(w io.Writer, r *Run) {
	unigram, bigram := t.entropy()
	fmt.Fprintf(w, "\nThe %d characters that were held out, in bits a character:\n\n", len(t.tail))
	fmt.Fprintf(w, "  how often each comes        %.3f  unigram entropy\n", unigram)
	fmt.Fprintf(w, "  and after the one before    %.3f  bigram entropy\n", bigram)
	lstm := r.bits(t, t.tail)
	fmt.Fprintf(w, "  the LSTM                    %.3f\n", lstm)
	if !(lstm < bigram) {
		fmt.Fprintf(w, "\nPairs do as well: the LSTM has learnt too little yet, or the text by heart.\n")
	}
	const length = 400
	fmt.Fprintf(w, "\nA text of its own, at temperature %v:\n\n", r.Config.Temperature)
	for line := range strings.Lines(t.sample(r, length)) {
		printable := strings.Map(func(c rune) rune {
			if unicode.IsControl(c) && c != '\t' {
				return -1
			}
			return c
		}, line)
		fmt.Fprintf(w, "  | %s\n", printable)
	}
}

// bits returns what the network makes of a text, its cross-entropy in bits a character.
func (r *Run) bits(t *corpus, text []int32) float64 {
	const T = 64
	w := r.newWindow(T)
	h, c := make([]float64, r.Params.H), make([]float64, r.Params.H)
	s, loss := new(Sequence), 0.0
	for at := 0; at < len(text)-1; at += T {
		s.X, s.Target = s.X[:0], s.Target[:0]
		t.add(s, text[at:min(at+T+1, len(text))])
		loss += w.Forward(s.X, s.Target, h, c)
		copy(h, w.HT)
		copy(c, w.CT)
	}
	return loss / float64(len(text)-1) / math.Ln2
}

// sample draws characters from what the network says may come next, each output divided by
// the temperature, which makes the likely likelier below 1.
func (t *corpus) sample(r *Run, length int) string {
	next := r.follow()
	n := len(t.symbols)
	p := make([]float64, n)
	var text strings.Builder
	k := int(t.tail[0])
	for range length {
		y := next(oneHot(nil, n, k))
		most := slices.Max(y)
		for i := range p {
			p[i] = (y[i] - most) / r.Config.Temperature // none is above 0, however low the temperature
		}
		bptt.Softmax(p, p)
		u := r.rand.Float64()
		for k = 0; k < n-1 && u >= p[k]; k++ {
			u -= p[k]
		}
		text.WriteRune(t.symbols[k])
	}
	return text.String()
}
