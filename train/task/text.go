package task

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode"

	"lstm/bptt"
	"lstm/tensor"
	"lstm/train/file"
	"lstm/train/rival"
	"lstm/train/rng"
	"lstm/train/settings"
	"lstm/train/show"
)

func init() {
	c := settings.Config{
		Task: "text", Hidden: 64, Steps: 5000, Optimizer: "adam", Rate: 0.005, Clip: 10, ForgetBias: 1,
		Window: 64, Data: "README.md", Temperature: 0.7,
	}
	register(settings.Task{Name: "text", About: "tell the next character of a text", Defaults: c, Uses: []string{"data", "temperature"}}, text)
}

// text is the task to tell the next character of a file from the characters before it. The text is one
// sequence without end.
func text(c settings.Config, known Data, _ *rng.Rand) (*Task, error) {
	t, err := readCorpus(c.Data, known.Symbols)
	if err != nil {
		return nil, fmt.Errorf("-data: %w", err)
	}
	n, held := len(t.symbols), t.text[t.tail:]
	note := fmt.Sprintf("The text has %s characters, %s different ones. %s validate, and the last %s are held out.",
		show.Thousands(len(t.text)), show.Thousands(n), show.Thousands(t.tail-t.valid), show.Thousands(len(held)))
	if t.unknown > 0 {
		note += fmt.Sprintf(" Another %s are left out: the network does not know them.", show.Thousands(t.unknown))
	}
	stride, draw, fresh := endless(c, t.valid, t.tail, len(t.text), func(s *Sequence, from, to int) { t.add(s, t.text[from:to+1]) })
	names := make([]string, n)
	for i, c := range t.symbols {
		names[i] = visible(c)
	}
	return &Task{
		Note: note, Data: Data{ID: t.id, Symbols: string(t.symbols)},
		Unit: "chunk", X: n, O: n, MaxT: stride, Inputs: names, Outputs: names,
		Loss: bptt.CrossEntropy{}, Shown: Shown{Name: "bits per character", Per: math.Ln2},
		Endless: true, Draw: draw, Fresh: fresh,
		Validation: &Metric{
			Error: func(m bptt.Model) float64 { return t.bits(m, t.text[t.valid:t.tail]) },
			Every: validateEvery(t.tail - t.valid), Says: "bits per character",
		},
		Result: &Metric{
			Error: func(m bptt.Model) float64 { return t.bits(m, held) },
			Says:  "bits per character of the held-out text",
		},
		Tell:    func(w io.Writer, m bptt.Model) { t.tell(w, m) },
		Compare: t.standing,
		Sample:  func(w io.Writer, m bptt.Model, r *rng.Rand) { t.write(w, m, r, c.Temperature) },
	}, nil
}

// A corpus is a text as symbols. A tenth or less of it validates, and the last tenth is held out.
type corpus struct {
	id          string  // a hash of the file
	symbols     []rune  // in order
	unknown     int     // characters that are not symbols; they are left out
	text        []int32 // indices into symbols
	valid, tail int     // where the validation part and the held-out part begin
}

// visible returns a visible form of a character.
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

// add appends the characters of text to s, with the next character as the target of each.
func (t *corpus) add(s *Sequence, text []int32) {
	n := len(t.symbols)
	for i, k := range text[1:] {
		s.X = oneHot(s.X, n, int(text[i]))
		s.Target = oneHot(s.Target, n, int(k))
	}
}

// readCorpus reads a file in UTF-8. The symbols are the known ones, in their order. If known is empty, they are
// all characters of the file, sorted.
func readCorpus(name, known string) (*corpus, error) {
	const most = 1 << 28 // 256 MB, which take 1.5 GB of memory
	data, err := file.Read(name, most)
	if err != nil {
		return nil, err
	}
	if err := checkUTF8(name, data); err != nil {
		return nil, err
	}
	text := strings.TrimPrefix(string(data), "\ufeff")
	index := make(map[rune]int32)
	for _, c := range cmp.Or(known, text) {
		index[c] = 0
	}
	t := &corpus{id: fmt.Sprintf("%x", sha256.Sum256(data)), symbols: []rune(known)}
	if known == "" {
		t.symbols = slices.Sorted(maps.Keys(index))
	}
	for i, c := range t.symbols {
		index[c] = int32(i)
	}
	t.text = make([]int32, 0, len(text))
	for _, c := range text {
		if i, ok := index[c]; ok {
			t.text = append(t.text, i)
		} else {
			t.unknown++
		}
	}
	const least = 100
	length := len(t.text)
	switch {
	case length < least:
		return nil, fmt.Errorf("%s: %d characters are too few to learn from: %d are needed", name, length, least)
	case len(t.symbols) == 1:
		return nil, fmt.Errorf("%s: %q is its only character: there is nothing to learn", name, t.symbols[0])
	}
	t.tail = length - length/10
	t.valid = t.tail - min(length/10, 10_000)
	return t, nil
}

// entropy returns two cross-entropies of the tail, in bits per character. The unigram model counts
// characters in the rest, p(b) = (n(b)+1)/(N+V). The bigram model counts pairs,
// p(b|a) = (n(ab) + d(a)·p(b))/(n(a) + d(a)), where d(a) is the number of different characters that
// follow a (Witten and Bell, IEEE Trans. Information Theory 37(4), 1991).
func (t *corpus) entropy() (unigram, bigram float64) {
	type pair [2]int32
	V := len(t.symbols)
	count, follows, after := make([]float64, V), make([]float64, V), make([]float64, V)
	pairs := make(map[pair]float64)
	known, tail := t.text[:t.tail], t.text[t.tail:]
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
	for i, b := range tail[1:] {
		a := tail[i]
		p := (count[b] + 1) / float64(len(known)+V)
		unigram -= tensor.Log(p) / math.Ln2
		if follows[a] > 0 {
			p = (pairs[pair{a, b}] + float64(after[a]*p)) / (follows[a] + after[a])
		}
		bigram -= tensor.Log(p) / math.Ln2
	}
	n := float64(len(tail) - 1)
	return unigram / n, bigram / n
}

// tell shows how well the network predicts the held-out text.
func (t *corpus) tell(w io.Writer, m bptt.Model) {
	unigram, bigram := t.entropy()
	lstm := t.bits(m, t.text[t.tail:])
	answer := "The LSTM predicts the held-out text better than pairs of characters do."
	if !(lstm < bigram) {
		answer = "The LSTM does no better than pairs of characters: it has not learnt enough yet, or knows the text by heart."
	}
	fmt.Fprintf(w, "\n%s\n\nBits per character, over the %d characters that were held out:\n\n", answer, len(t.text)-t.tail)
	fmt.Fprintf(w, "  the LSTM                              %.3f\n", lstm)
	fmt.Fprintf(w, "  from the character before (bigram)    %.3f\n", bigram)
	fmt.Fprintf(w, "  from how often each comes (unigram)   %.3f\n", unigram)
}

// standing compares the network with pairs of characters and with single ones, and says what each symbol costs.
func (t *corpus) standing(m bptt.Model) *rival.Standing {
	unigram, bigram := t.entropy()
	held := t.text[t.tail:]
	s := &rival.Standing{Of: "bits per character of the held-out text", Network: rival.Method{Name: "the LSTM", Error: t.bits(m, held)}}
	s.Rivals = []rival.Method{{Name: "bigram, from the character before", Error: bigram}, {Name: "unigram, from how often each comes", Error: unigram}}
	s.Wins = cmp.Compare(min(unigram, bigram), s.Network.Error)
	cost := make([]rival.Symbol, len(t.symbols))
	for i, c := range t.symbols {
		cost[i].Name = visible(c)
	}
	t.each(m, held, func(k int32, bits float64) {
		cost[k].Times++
		cost[k].Bits += bits
	})
	slices.SortStableFunc(cost, func(a, b rival.Symbol) int { return cmp.Compare(b.Times, a.Times) })
	for _, c := range cost {
		if c.Times > 0 {
			c.Bits /= float64(c.Times)
			s.Symbols = append(s.Symbols, c)
		}
	}
	return s
}

// write shows a text that the network writes.
func (t *corpus) write(w io.Writer, m bptt.Model, r *rng.Rand, temperature float64) {
	const length = 400
	fmt.Fprintf(w, "\nThe LSTM writes, at temperature %v:\n\n", temperature)
	for line := range strings.Lines(t.sample(m, r, temperature, length)) {
		printable := strings.Map(func(c rune) rune {
			if unicode.IsControl(c) && c != '\t' {
				return -1
			}
			return c
		}, line)
		for some := range slices.Chunk([]rune(strings.TrimSuffix(printable, "\n")+" "), show.Width-4) {
			fmt.Fprintf(w, "  | %s\n", strings.TrimRight(string(some), " "))
		}
	}
}

// bits returns the cross-entropy of a text under the network, in bits per character.
func (t *corpus) bits(m bptt.Model, text []int32) float64 {
	const T = 64
	w := m.Window(T)
	h, c := make([]float64, m.Params.H), make([]float64, m.Params.H)
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

// each calls f with every character of a text but the first, and its cost in bits under the network.
func (t *corpus) each(m bptt.Model, text []int32, f func(k int32, bits float64)) {
	next, n := m.Follow(), len(t.symbols)
	p := make([]float64, n)
	x := make([]float64, n)
	for i, k := range text[1:] {
		clear(x)
		x[text[i]] = 1
		bptt.Softmax(p, next(x))
		f(k, -tensor.Log(max(p[k], 1e-300))/math.Ln2)
	}
}

// sample draws characters from the network's probabilities. It first divides every output by the
// temperature: below 1, likely characters become likelier.
func (t *corpus) sample(m bptt.Model, r *rng.Rand, temperature float64, length int) string {
	next, n := m.Follow(), len(t.symbols)
	p := make([]float64, n)
	var text strings.Builder
	k := int(t.text[t.tail])
	for range length {
		y := next(oneHot(nil, n, k))
		most := slices.Max(y)
		for i := range p {
			p[i] = (y[i] - most) / temperature // 0 at most, at any temperature
		}
		bptt.Softmax(p, p)
		u := r.Float64()
		for k = 0; k < n-1 && u >= p[k]; k++ {
			u -= p[k]
		}
		text.WriteRune(t.symbols[k])
	}
	return text.String()
}
