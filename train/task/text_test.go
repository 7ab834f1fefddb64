package task_test

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"lstm/bptt"
	"lstm/tensor/assert"
	"lstm/train"
	"lstm/train/checkpoint"
	"lstm/train/facts"
	"lstm/train/rng"
	"lstm/train/settings"
	"lstm/train/show"
	"lstm/train/task"
)

func init() {
	setup["text"] = func(t testing.TB, c *settings.Config) { c.Data = prose(t) }
}

// prose writes a text to a file, and returns its name.
func prose(t testing.TB) string {
	r := rng.New(3)
	var text strings.Builder
	for text.Len() < 6000 {
		text.WriteString([]string{"the gate forgets", "the state remembers", "grüße an alle", "dh comes back"}[r.Int(0, 4)])
		text.WriteString([]string{". ", ", and ", "\n"}[r.Int(0, 3)])
	}
	return written(t, text.String())
}

// newText returns a run of the task on a text.
func newText(t testing.TB, text string, change func(c *settings.Config)) *train.Run {
	t.Helper()
	return newRun(t, "text", func(c *settings.Config) {
		if text != "" {
			c.Data = written(t, text)
		}
		if change != nil {
			change(c)
		}
	})
}

// split returns the parts of a text: a tenth or less validates, and the last tenth is held out.
func split(text string) (train, valid, tail []rune) {
	all := []rune(text)
	tenth := len(all) / 10
	at := len(all) - tenth
	return all[:at-min(tenth, 10_000)], all[at-min(tenth, 10_000) : at], all[at:]
}

// decode returns the characters of one-hot vectors.
func decode(k *task.Task, x []float64) string {
	symbols := []rune(k.Data.Symbols)
	var text []rune
	for at := 0; at < len(x); at += len(symbols) {
		text = append(text, symbols[slices.Index(x[at:at+len(symbols)], 1)])
	}
	return string(text)
}

// entropy returns the cross-entropies of tail under the unigram and the bigram model of known.
func entropy(known, tail []rune) (unigram, bigram float64) {
	symbols := make(map[rune]bool)
	for _, c := range append(slices.Clone(known), tail...) {
		symbols[c] = true
	}
	for i := 1; i < len(tail); i++ {
		a, b := tail[i-1], tail[i]
		n, ab, different := 0.0, 0.0, make(map[rune]bool)
		times := 0.0 // how often b comes
		for k, c := range known {
			if c == b {
				times++
			}
			if k > 0 && known[k-1] == a {
				n++
				different[c] = true
				if c == b {
					ab++
				}
			}
		}
		p := (times + 1) / float64(len(known)+len(symbols))
		unigram -= math.Log2(p) / float64(len(tail)-1)
		if d := float64(len(different)); n > 0 {
			p = (ab + d*p) / (n + d)
		}
		bigram -= math.Log2(p) / float64(len(tail)-1)
	}
	return unigram, bigram
}

// bits returns the bits of a text: each character is predicted from all characters before it.
func bits(m bptt.Model, symbols string, text []rune) float64 {
	index := make(map[rune]int)
	for i, c := range []rune(symbols) {
		index[c] = i
	}
	next, p, sum := m.Follow(), make([]float64, m.Params.O), 0.0
	for i, c := range text[:len(text)-1] {
		x := make([]float64, m.Params.X)
		x[index[c]] = 1
		bptt.Softmax(p, next(x))
		sum -= math.Log2(p[index[text[i+1]]])
	}
	return sum / float64(len(text)-1)
}

// told returns the output of Tell, and its numbers with three decimals above the sample.
func told(r *train.Run) (says string, numbers []string) {
	var b strings.Builder
	r.Task.Tell(&b, r.Model)
	r.Task.Sample(&b, r.Model, r.Rand)
	figures, _, _ := strings.Cut(b.String(), "  | ")
	return b.String(), regexp.MustCompile(`\b\d+\.\d{3}\b`).FindAllString(figures, -1)
}

// TestText: the network predicts a text better than the bigram model does.
func TestText(t *testing.T) {
	t.Parallel()
	r := newText(t, "", func(c *settings.Config) { c.Hidden, c.Window, c.Rate = 32, 32, 0.01 })
	learn(t, r, 1000)
	data, err := os.ReadFile(r.Config.Data)
	if err != nil {
		t.Fatal(err)
	}
	known, valid, tail := split(string(data))
	unigram, bigram := entropy(slices.Concat(known, valid), tail)
	lstm := r.Task.Result.Error(r.Model)
	if !(lstm < bigram/2 && bigram < unigram) {
		t.Errorf("bits a character: unigram %.3f, bigram %.3f, LSTM %.3f", unigram, bigram, lstm)
	}
	s := r.Task.Compare(r.Model)
	if math.Abs(s.Network.Error-lstm) > 1e-9 || math.Abs(s.Rivals[0].Error-bigram) > 1e-9 || math.Abs(s.Rivals[1].Error-unigram) > 1e-9 || s.Wins != 1 {
		t.Errorf("beside simpler methods: %+v", s)
	}
	sum, times := 0.0, 0
	for i, symbol := range s.Symbols { // what they cost in all
		sum, times = sum+float64(symbol.Times)*symbol.Bits, times+symbol.Times
		if i > 0 && symbol.Times > s.Symbols[i-1].Times {
			t.Errorf("%s comes more often than %s", symbol.Name, s.Symbols[i-1].Name)
		}
	}
	// The network starts from the zero state once, and so do the bits of each symbol.
	if want := bits(r.Model, r.Task.Data.Symbols, tail); times != len(tail)-1 || math.Abs(sum/float64(times)-want) > 1e-9 {
		t.Errorf("%d symbols cost %v bits each, want %d and %v", times, sum/float64(times), len(tail)-1, want)
	}
	says, numbers := told(r)
	for _, v := range []float64{unigram, bigram, lstm} {
		if !slices.Contains(numbers, fmt.Sprintf("%.3f", v)) {
			t.Errorf("the output lacks %.3f:\n%s", v, says)
		}
	}
	if !regexp.MustCompile(`0\.7(.*\n)+  \| .*(forgets|remembers|alle|back)`).MatchString(says) {
		t.Errorf("the output has no sample at temperature 0.7:\n%s", says)
	}
}

// TestEntropy compares the unigram and bigram cross-entropies with a computation by hand.
func TestEntropy(t *testing.T) {
	t.Parallel()
	// "abaab" has a three times and b twice. b follows a twice, and a follows a once.
	unigram, bigram := entropy([]rune("abaab"), []rune("abc"))
	pb, pc := 3.0/8, 1.0/8                       // of b and c
	want := -(math.Log2(pb) + math.Log2(pc)) / 2 // a has three followers: b twice, a once; two of them differ
	ab, bc := (2+2*pb)/(3+2), (0+1*pc)/(1+1)     // b has one follower
	want2 := -(math.Log2(ab) + math.Log2(bc)) / 2
	assert.Near(t, "by hand", []float64{unigram, bigram}, []float64{want, want2}, 1e-14)

	// Now the output of the task. The tail has characters that came once before, or never.
	text := strings.Repeat("abaabcaddb", 10) + "baxcaddbab" + "xabyabxcab"
	known, valid, tail := split(text)
	unigram, bigram = entropy(slices.Concat(known, valid), tail)
	says, numbers := told(newText(t, text, nil))
	for _, v := range []float64{unigram, bigram} {
		if !slices.Contains(numbers, fmt.Sprintf("%.3f", v)) {
			t.Errorf("the output lacks %.4f:\n%s", v, says)
		}
	}
}

// TestTextBits: the bits of a text are the sum over its characters, each predicted from all before it.
// The validation part is not the held-out part.
func TestTextBits(t *testing.T) {
	t.Parallel()
	const short, long = 1_000, 120_000 // half of it in characters
	for n, valid := range map[int]int{short: short / 10, long: 10_000} {
		text := strings.Repeat("é.", n/4) + strings.Repeat(".é.", n/6) // so that the parts differ
		text = string([]rune(text + strings.Repeat("é", n))[:n])
		r := newText(t, text, func(c *settings.Config) { c.Hidden = 4 })
		train, validates, tail := split(text)
		if len(tail) != n/10 || len(validates) != valid || len(train) != n-n/10-valid {
			t.Fatalf("of %d characters %d are for training, %d validate, and %d are held out", n, len(train), len(validates), len(tail))
		}
		k := r.Task
		assert.Near(t, "the result", []float64{k.Result.Error(r.Model)}, []float64{bits(r.Model, k.Data.Symbols, tail)}, 1e-12)
		assert.Near(t, "what validates", []float64{k.Validation.Error(r.Model)}, []float64{bits(r.Model, k.Data.Symbols, validates)}, 1e-12)
		if k.Validation.Error(r.Model) == k.Result.Error(r.Model) {
			t.Error("the held-out part and the validation part have the same bits per character")
		}
		steps := 0
		s := k.NewSequence(4)
		for i := 0; i < 2 || s.Carry; i++ { // until the text begins again
			steps += len(s.X) / k.X
			s.Fill(k.Draw, r.Rand, i)
		}
		if steps != len(train)-1 {
			t.Errorf("%d characters are for training, want %d", steps+1, len(train))
		}
	}
}

// TestTextStream: chunks go through the text in order and carry the state. At the end of the
// text they begin again.
func TestTextStream(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("abcdefghij", 12) // the last 12 are held out
	r := newText(t, text, func(c *settings.Config) { c.Window, c.Stride = 25, 25 })
	s := r.Task.NewSequence(64)
	for n := range 12 {
		s.Fill(r.Task.Draw, r.Rand, n)
		at := n % 4 * 25
		end := min(at+25, 95)
		if in, out := decode(r.Task, s.X), decode(r.Task, s.Target); in != text[at:end] || out != text[at+1:end+1] || s.Carry != (at > 0) {
			t.Errorf("chunk %d: %s → %s, carried: %v", n, in, out, s.Carry)
		}
	}
	begins := make(map[byte]bool)
	for range 100 { // fresh sequences are from the tail, and longer than a window if the tail is
		s.Fill(r.Task.Fresh, r.Rand, 0)
		in, out := decode(r.Task, s.X), decode(r.Task, s.Target)
		if !strings.Contains(text[108:], in+out[10:]) || len(in) != 11 || in[1:] != out[:10] {
			t.Fatalf("%s → %s is not of the tail", in, out)
		}
		begins[in[0]] = true
	}
	short := newText(t, text, func(c *settings.Config) { c.Window = 3 })
	for range 100 {
		s.Fill(short.Task.Fresh, r.Rand, 0)
		in, out := decode(r.Task, s.X), decode(r.Task, s.Target)
		if !strings.Contains(text[108:], in+out[5:]) || len(in) != 6 {
			t.Fatalf("%s → %s is not of the tail, or not twice the window", in, out)
		}
		begins[in[0]] = true
	}
	if len(begins) != 6 {
		t.Errorf("sequences of the tail begin in %d places, want 6", len(begins))
	}
}

// TestTextAverage: the moving average begins with the first loss, in bits per character.
func TestTextAverage(t *testing.T) {
	t.Parallel()
	for _, stride := range []int{25, 50_000} { // the second is longer than the text
		r := newText(t, "", func(c *settings.Config) { c.Window = stride })
		if _, err := r.Step(); err != nil || math.Abs(r.EMA-math.Log2(float64(r.Task.O))) > 0.5 {
			t.Errorf("%v: the first chunk of %d takes %.3f bits a character, of %d different ones", err, stride, r.EMA, r.Task.O)
		}
	}
}

// TestTemperature: a low temperature draws only the likeliest character. A high one draws all equally often.
func TestTemperature(t *testing.T) {
	t.Parallel()
	for temperature, want := range map[float64][2]int{1e-9: {400, 400}, 0.7: {60, 399}, 1e9: {1, 60}} {
		r := newText(t, strings.Repeat("abcdefghijklmnopqrstuvwxyz", 10), func(c *settings.Config) { c.Temperature = temperature })
		r.Model.Params.By[2] = 3 // c is likelier than the others
		says, _ := told(r)
		_, sample, found := strings.Cut(says, "  | ")
		if sample = strings.ReplaceAll(strings.TrimSpace(sample), "\n  | ", ""); !found || len(sample) != 400 {
			t.Fatalf("a sample of %d characters:\n%s", len(sample), says)
		}
		if n := strings.Count(sample, "c"); n < want[0] || n > want[1] {
			t.Errorf("temperature %v: the likeliest comes %d times of 400, want %v", temperature, n, want)
		}
	}
}

// TestVisible: every character has a visible name, which differs from all other names.
func TestVisible(t *testing.T) {
	t.Parallel()
	const characters = "aé<漢 \n\t\x01\u0301\u200b"
	k := newText(t, strings.Repeat(characters, 20), nil).Task
	seen := make(map[string]rune)
	for i, c := range []rune(k.Data.Symbols) {
		s := k.Inputs[i]
		if other, ok := seen[s]; ok || strings.TrimSpace(s) == "" {
			t.Errorf("%U is %q, as is %U", c, s, other)
		}
		seen[s] = c
	}
	if seen["a"] != 'a' || seen["␣"] != ' ' || seen["U+0301"] != 0x301 || seen["U+0001"] != 1 || len(seen) != len([]rune(characters)) || !slices.Equal(k.Inputs, k.Outputs) {
		t.Errorf("%q", seen)
	}
}

// TestBadTexts: a bad text gives an error that names the mistake.
func TestBadTexts(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	lines := strings.Repeat("line\n", 50)
	for text, want := range map[string][]string{
		"":                       {"0 characters", "100"},
		strings.Repeat("z", 500): {"'z'"},
		lines + "\xff\xfe":       {"line 51", "0xff"},
		lines + "\x00":           {"line 51", "0x00"},
	} {
		c := config(t, "text")
		c.Data = written(t, text)
		_, err := train.New(c)
		bad(t, text, err, append(want, "-data", filepath.Base(c.Data))...)
	}
	for _, name := range []string{filepath.Join(dir, "none"), dir} {
		c := config(t, "text")
		c.Data = name
		_, err := train.New(c)
		bad(t, name, err, "-data", filepath.Base(name))
	}
	c := config(t, "text")
	c.Window = 0
	_, err := train.New(c)
	bad(t, "no window", err, "-window")
	for _, text := range []string{"\ufeff" + strings.Repeat("Mit Umlauten: äöü\r\n", 9), strings.Repeat("人工知能、", 30)} {
		symbols := make(map[rune]bool)
		for _, c := range strings.TrimPrefix(text, "\ufeff") {
			symbols[c] = true
		}
		r := newText(t, text, func(c *settings.Config) { c.Window = 1 << 10 })
		train, valid, tail := split(strings.TrimPrefix(text, "\ufeff"))
		if s := r.Fresh(); r.Task.MaxT != len(train)-1 || len(s.X)/r.Task.X != len(tail)-1 || len(valid) == 0 || len([]rune(r.Task.Data.Symbols)) != len(symbols) {
			t.Errorf("%d steps, %d of the tail, the symbols %q", r.Task.MaxT, len(s.X)/r.Task.X, r.Task.Data.Symbols)
		}
	}
}

// bad fails unless the error is one line with all the words.
func bad(t *testing.T, what string, err error, words ...string) {
	t.Helper()
	if err == nil || strings.Contains(err.Error(), "\n") {
		t.Errorf("%.20q: %v", what, err)
		return
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%.20q: %v does not say %q", what, err, word)
		}
	}
}

func TestTextGradients(t *testing.T) {
	for name, change := range map[string]func(c *settings.Config){
		"a window":    func(c *settings.Config) { c.Hidden, c.Window = 7, 20 },
		"overlapping": func(c *settings.Config) { c.Hidden, c.Window, c.Stride = 7, 20, 5 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gradients(t, "text", change)
		})
	}
}

// TestOtherText: a run that goes on with another text presents it with the symbols of the first text. It
// says how many characters are not among these symbols.
func TestOtherText(t *testing.T) {
	t.Parallel()
	r := newText(t, "", func(c *settings.Config) { c.Hidden = 6 })
	learn(t, r, 200)
	name := filepath.Join(t.TempDir(), "run")
	if err := checkpoint.Save(r, name); err != nil {
		t.Fatal(err)
	}
	saved, err := checkpoint.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(r.Config.Data)
	if err != nil {
		t.Fatal(err)
	}
	c := saved.Config
	c.Data = written(t, "Ж and Ю"+string(text[:1000]))
	other, err := saved.Resume(c)
	if err != nil {
		t.Fatal(err)
	}
	if !other.Other || other.Task.Data.Symbols != r.Task.Data.Symbols || other.Task.Data.ID == r.Task.Data.ID || !regexp.MustCompile(`\b2\b`).MatchString(other.Task.Note) {
		t.Errorf("%+v", other.Task)
	}
	if s := other.Fresh(); !strings.Contains(string(text[:1000]), decode(r.Task, s.X)) {
		t.Error("the sequence does not present the text")
	}
	learn(t, other, 60)
}

// TestTextFile: the network predicts real texts better than bigrams, with the default settings. If it
// has seen a small text too often, KeepBest goes back to an earlier iteration.
func TestTextFile(t *testing.T) {
	if !*long {
		t.Skip("thousands of chunks: give -long")
	}
	source, err := os.ReadFile(goFile(t, "src/math/big/nat.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{string(source), string(source[:5000])} {
		r := newText(t, text, nil)
		learn(t, r, 2500)
		last := r.Task.Validation.Error(r.Model)
		best := r.KeepBest()
		known, valid, tail := split(text)
		unigram, bigram := entropy(slices.Concat(known, valid), tail)
		if lstm := r.Task.Result.Error(r.Model); !(lstm < bigram && bigram < unigram) {
			t.Errorf("%d bytes: bits a character: unigram %.3f, bigram %.3f, LSTM %.3f", len(text), unigram, bigram, lstm)
		}
		least := slices.Min(r.Past.Valid)
		if v := r.Task.Validation.Error(r.Model); v != least || v > last || best == 2500 && v != last || r.Past.Valid[len(r.Past.Valid)-1] != last {
			t.Errorf("%d bytes: validated %v after %d, and %v in the end", len(text), v, best, last)
		}
	}
}

// goFile returns the path of a file that comes with Go.
func goFile(t *testing.T, name string) string {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Skip("no go command to ask for texts")
	}
	return filepath.Join(strings.TrimSpace(string(root)), name)
}

// TestTextTable trains on four texts that come with Go, with the default settings.
func TestTextTable(t *testing.T) {
	if !*long {
		t.Skip("thousands of chunks: give -long")
	}
	page, _ := os.ReadFile(readme)
	head := fmt.Sprintf("| in `$(go env GOROOT)`, %s | characters | unigram | bigram | the LSTM |\n", runtime.Version())
	if !facts.Update() && bytes.Contains(page, []byte("table:texts")) && !bytes.Contains(page, []byte(head)) {
		t.Skip("the texts in the README come with another version of Go")
	}
	files := []string{"LICENSE", "src/math/big/nat.go", "src/net/http/server.go", "src/cmd/go/alldocs.go"}
	rows := make([]string, len(files))
	t.Run("texts", func(t *testing.T) {
		for i, name := range files {
			t.Run(filepath.Base(name), func(t *testing.T) {
				t.Parallel()
				r := newRun(t, "text", func(c *settings.Config) { c.Data, c.Seed = goFile(t, name), 42 })
				learn(t, r, r.Config.Steps)
				r.KeepBest()
				_, n := told(r)
				lstm := fmt.Sprintf("%.3f", r.Task.Result.Error(r.Model))
				text, err := os.ReadFile(r.Config.Data)
				if err != nil {
					t.Fatal(err)
				}
				n = slices.DeleteFunc(n, func(s string) bool { return s == lstm })
				slices.SortFunc(n, func(a, b string) int { return cmp.Compare(b, a) })
				if len(n) < 2 || !(lstm < n[1]) {
					t.Fatalf("LSTM %s, and the others %v", lstm, n)
				}
				rows[i] = fmt.Sprintf("| `%s` | %s | %s | %s | %s |\n", name, show.Thousands(len([]rune(string(text)))), n[0], n[1], lstm)
			})
		}
	})
	facts.Block(t, readme, "table:texts", head+"| --- | --- | --- | --- | --- |\n"+strings.Join(rows, ""))
}
