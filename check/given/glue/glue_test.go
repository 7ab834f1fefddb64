package glue_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"lstm/check/given/answer"
	"lstm/train/facts"
	"lstm/train/show"
)

// A language has a folder of the same name, with its glue and an example.
type language struct {
	name    string
	glue    string     // the file with the glue
	example string     // the program that uses it
	has     [][]string // commands of which one must succeed. {} in example's command is the first word of that one
	build   []string   // the command that compiles: {} as above, < the source, > the program. nil: the source is run
	run     []string   // the command without a compiler
}

var languages = []language{
	{"numpy", "serve.py", "example.py", python("numpy", "ndarray"), nil, []string{"{}", "<"}},
	{"torch", "serve.py", "example.py", python("torch", "Tensor"), nil, []string{"{}", "<"}},
	{"jax", "serve.py", "example.py", python("jax", "jit"), nil, []string{"{}", "<"}},
	{"c", "serve.h", "example.c", [][]string{{"cc", "--version"}}, []string{"{}", "-Wall", "-Werror", "-O2", "-o", ">", "<", "-lm"}, []string{">"}},
	{"cpp", "serve.hpp", "example.cpp", [][]string{{"c++", "--version"}}, []string{"{}", "-Wall", "-Werror", "-O1", "-o", ">", "<"}, []string{">"}},
	{"js", "serve.js", "example.js", [][]string{{"node", "--version"}}, nil, []string{"{}", "<"}},
	{"julia", "serve.jl", "example.jl", [][]string{{"julia", "--version"}}, nil, []string{"{}", "<"}},
	{"r", "serve.R", "example.R", [][]string{{"Rscript", "--version"}}, nil, []string{"{}", "<"}},
	{"octave", "serve.m", "neurons.m", [][]string{{"octave-cli", "--version"}}, nil, []string{"{}", "--norc", "<"}},
	{"rust", "serve.rs", "example.rs", [][]string{{"rustc", "--version"}}, []string{"{}", "-D", "warnings", "-o", ">", "<"}, []string{">"}},
	{"perl", "serve.pl", "example.pl", [][]string{{"perl", "--version"}}, nil, []string{"{}", "<"}},
}

// python returns the commands that may be a Python with this module. The folders here are modules without names, too.
func python(module, name string) [][]string {
	code := fmt.Sprintf("import %s; %[1]s.%s", module, name)
	return [][]string{{"python3", "-c", code}, {"/usr/bin/python3", "-c", code}}
}

// must lists the languages that LSTM_GLUE names. Their tests fail, and are not skipped, where the language is missing.
var must = strings.Fields(os.Getenv("LSTM_GLUE"))

// command returns the command that runs the source. It compiles the source, and skips the test where the language
// is missing.
func command(t *testing.T, name, source string) []string {
	if testing.Short() {
		t.Skip("starts other languages")
	}
	l := languages[slices.IndexFunc(languages, func(l language) bool { return l.name == name })]
	here := slices.IndexFunc(l.has, func(c []string) bool { return exec.Command(c[0], c[1:]...).Run() == nil })
	if here < 0 {
		if slices.Contains(must, name) {
			t.Fatalf("LSTM_GLUE asks for %s, and it is missing", name)
		}
		t.Skip("no " + name)
	}
	place := strings.NewReplacer("{}", l.has[here][0], "<", source, ">", filepath.Join(t.TempDir(), "program"))
	words := func(c []string) (all []string) {
		for _, word := range c {
			all = append(all, place.Replace(word))
		}
		return all
	}
	if build := words(l.build); build != nil {
		if out, err := exec.Command(build[0], build[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", build, err, out)
		}
	}
	return words(l.run)
}

// A program has answered with its line of JSON, and waits for commands.
type program struct {
	t             *testing.T
	in            *bufio.Writer
	out           *bufio.Reader
	chatter       int // lines before the JSON
	loss          float64
	params, grads map[string]array
	digits        int // the largest number of significant digits of the losses so far
}

type array struct {
	shape []int
	data  []float64
}

// start starts a program and reads its line of JSON. The test ends the program by closing its input.
func start(t *testing.T, command ...string) *program {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	in, err := cmd.StdinPipe()
	out, err2 := cmd.StdoutPipe()
	if err := errors.Join(err, err2, cmd.Start()); err != nil {
		t.Fatal(err)
	}
	p := &program{t: t, in: bufio.NewWriter(in), out: bufio.NewReader(out)}
	t.Cleanup(func() {
		defer cancel()
		in.Close()
		rest, _ := io.ReadAll(p.out)
		if err := cmd.Wait(); err != nil || len(rest) != 0 {
			t.Errorf("%v ends with %v, and prints %q at the end", command, err, rest)
		}
	})
	for ; ; p.chatter++ {
		line, err := p.out.ReadBytes('\n')
		if err != nil {
			t.Fatalf("%v: no line of JSON: %v", command, err)
		}
		var first struct {
			Loss          *float64
			Params, Grads map[string]any
		}
		if json.Unmarshal(line, &first) == nil && first.Params != nil && first.Loss != nil {
			p.loss, p.params, p.grads = *first.Loss, arrays(t, first.Params), arrays(t, first.Grads)
			return p
		}
	}
}

func arrays(t *testing.T, from map[string]any) map[string]array {
	all := make(map[string]array)
	for name, v := range from {
		a := array{shape: shape(v)}
		a.data = flat(v, nil)
		if size := product(a.shape); size != len(a.data) {
			t.Fatalf("%s has %d numbers, and the shape %v", name, len(a.data), a.shape)
		}
		all[name] = a
	}
	return all
}

func product(shape []int) int {
	n := 1
	for _, v := range shape {
		n *= v
	}
	return n
}

func shape(v any) []int {
	list, ok := v.([]any)
	if !ok || len(list) == 0 {
		return nil
	}
	return append([]int{len(list)}, shape(list[0])...)
}

func flat(v any, to []float64) []float64 {
	if list, ok := v.([]any); ok {
		for _, e := range list {
			to = flat(e, to)
		}
		return to
	}
	return append(to, v.(float64))
}

func (p *program) set(name string, index int, value float64) {
	fmt.Fprintf(p.in, "set %s %d %v\n", name, index, value)
}

func (p *program) ask() float64 {
	p.t.Helper()
	fmt.Fprintln(p.in, "loss")
	p.in.Flush()
	line, err := p.out.ReadString('\n')
	if err != nil {
		p.t.Fatalf("no loss: %v", err)
	}
	text := strings.TrimSpace(line)
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		p.t.Fatal(err)
	}
	mantissa, _, _ := strings.Cut(strings.ToLower(text), "e")
	digits := strings.TrimLeft(strings.NewReplacer(".", "", "-", "").Replace(mantissa), "0")
	p.digits = max(p.digits, len(digits))
	return v
}

// wrong returns the names of the parameters whose gradient differs from central differences, and how many of
// their entries do.
func (p *program) wrong() map[string]int {
	p.t.Helper()
	if len(p.params) == 0 {
		p.t.Fatal("no parameters")
	}
	count := make(map[string]int)
	for name, a := range p.params {
		g, largest := p.grads[name], 0.0
		if len(g.data) != len(a.data) {
			p.t.Fatalf("%s has %d values and %d gradients", name, len(a.data), len(g.data))
		}
		numeric := make([]float64, len(a.data))
		for i, v := range a.data {
			const step = 1e-5
			p.set(name, i, v+step)
			right := p.ask()
			p.set(name, i, v-step)
			left := p.ask()
			p.set(name, i, v)
			numeric[i] = (right - left) / (2 * step)
			largest = max(largest, math.Abs(numeric[i]), math.Abs(g.data[i]))
		}
		for i := range numeric {
			if !(math.Abs(numeric[i]-g.data[i]) <= 1e-6*largest) {
				count[name]++
			}
		}
	}
	return count
}

// TestExamples runs the example of each language, with the right gradient and with the wrong one. All examples
// are the same three neurons. W is not square, so that an exchange of rows and columns is noticed.
func TestExamples(t *testing.T) {
	t.Parallel()
	for _, l := range languages {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			example(t, command(t, l.name, filepath.Join(l.name, l.example)))
		})
	}
}

func example(t *testing.T, command []string) {
	for _, wrong := range []bool{false, true} {
		var want map[string]int
		if wrong {
			command, want = append(command, "wrong"), map[string]int{"W": 6, "b": 3}
		}
		p := start(t, command...)
		const loss = 0.7772418174075962
		if first, second := p.ask(), p.ask(); first != p.loss || second != first || math.Abs(first-loss) > 1e-15 {
			t.Errorf("%v: the loss is %v, then %v and %v; want %v", command, p.loss, first, second, loss)
		}
		W := p.params["W"]
		if !slices.Equal(W.shape, []int{3, 2}) || !slices.Equal(W.data, []float64{0.8, -0.4, 0.3, 0.9, -0.7, 0.2}) || len(p.params) != 3 {
			t.Errorf("%v: the parameters are %v", command, p.params)
		}
		for name, g := range p.grads {
			if !slices.Equal(g.shape, p.params[name].shape) {
				t.Errorf("%v: the gradient of %s has the shape %v, want %v", command, name, g.shape, p.params[name].shape)
			}
		}
		if got := p.wrong(); !maps.Equal(got, want) {
			t.Errorf("%v: wrong entries %v, want %v", command, got, want)
		}
		if p.digits < 16 {
			t.Errorf("%v: losses have %d digits", command, p.digits)
		}
		if again := p.ask(); again != p.loss {
			t.Errorf("%v: the loss is %v at the end, and was %v", command, again, p.loss)
		}
	}
}

// TestPrograms runs the larger programs of testdata.
func TestPrograms(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		language, source, argument string
		wrong                      map[string]int
	}{
		{"numpy", "lstm.py", "", nil},
		{"numpy", "lstm.py", "wrong", map[string]int{"Wi": 28, "Wf": 28, "Wo": 28, "Wg": 28, "bi": 4, "bf": 4, "bo": 4, "bg": 4, "Wy": 8, "by": 2}},
		{"numpy", "lstm.py", "odd", map[string]int{"Wi": 28, "Wf": 28, "Wo": 28, "Wg": 28, "bi": 4, "bf": 4, "bo": 4, "bg": 4}},
		{"torch", "torch_lstm.py", "", nil},
		{"c", "lstm.c", "", nil},
		{"c", "lstm.c", "wrong", map[string]int{"W": 60, "b": 12}},
		{"js", "lstm.js", "", nil},
		{"js", "lstm.js", "wrong", map[string]int{"Wx": 124, "Wh": 64, "b": 16}},
	} {
		t.Run(test.source+" "+test.argument, func(t *testing.T) {
			t.Parallel()
			p := start(t, append(command(t, test.language, filepath.Join("testdata", test.source)), test.argument)...)
			if loss := p.ask(); loss != p.loss {
				t.Errorf("the loss is %v, and came as %v", loss, p.loss)
			}
			if got := p.wrong(); !maps.Equal(got, test.wrong) {
				t.Errorf("wrong entries %v, want %v", got, test.wrong)
			}
		})
	}
}

// TestForum: the losses of the forum script start from another state than its gradient. Its own check says so
// in lines before the JSON.
func TestForum(t *testing.T) {
	t.Parallel()
	p := start(t, append(command(t, "numpy", "testdata/forum.py"), "100")...)
	if first, second := p.ask(), p.ask(); first != second || math.Abs(first-p.loss) < 1e-3*p.loss || p.chatter != 11 {
		t.Errorf("the loss is %v, then %v and %v, after %d lines", p.loss, first, second, p.chatter)
	}
	if wrong := p.wrong(); len(wrong) != 10 {
		t.Errorf("wrong entries %v", wrong)
	}
}

// TestForumDump compares testdata/forum.json, the output of python3 forum.py dump, with the results of the
// original script. Most numbers of its own check are wrong.
func TestForumDump(t *testing.T) {
	t.Parallel()
	var dump struct {
		Loss                   float64
		X                      [][]float64
		Params, Grads, Numeric map[string]any
	}
	var original struct {
		Trained map[string][]float64
		Check   struct {
			Start, End int
			Loss       float64
			Grad       map[string][]float64
		}
	}
	for name, to := range map[string]any{"testdata/forum.json": &dump, "../../../train/task/testdata/numpy_seed_42.json": &original} {
		data, err := os.ReadFile(name)
		if err == nil {
			err = json.Unmarshal(data, to)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if math.Abs(dump.Loss-original.Check.Loss) > 1e-12 || len(dump.X) != original.Check.End-original.Check.Start {
		t.Errorf("loss %v after %d steps, want %v", dump.Loss, len(dump.X), original.Check.Loss)
	}
	params, grads, numeric := arrays(t, dump.Params), arrays(t, dump.Grads), arrays(t, dump.Numeric)
	n, off := 0, 0
	for name, want := range original.Trained {
		for i, v := range want {
			if p, g := params[name].data[i], grads[name].data[i]; math.Abs(p-v) > 1e-12 || math.Abs(g-original.Check.Grad[name][i]) > 1e-12 {
				t.Errorf("%s[%d] is %v with the gradient %v, want %v and %v", name, i, p, g, v, original.Check.Grad[name][i])
			}
			n++
			if math.Abs(numeric[name].data[i]-grads[name].data[i]) > 1e-7 {
				off++
			}
		}
	}
	if n != 146 || off != n {
		t.Errorf("%d of %d numerical derivatives are off", off, n)
	}
}

// TestDumps: the files of testdata have the numbers that lstm.py prints today.
func TestDumps(t *testing.T) {
	t.Parallel()
	for name, arguments := range map[string][]string{"lstm.json": {"wrong", "dump"}, "lstm_odd.json": {"odd", "dz", "dump"}} {
		program := append(command(t, "numpy", "testdata/lstm.py"), arguments...)
		now, err := exec.Command(program[0], program[1:]...).Output()
		if err != nil {
			t.Fatal(err)
		}
		var got, want any
		if err := errors.Join(json.Unmarshal(now, &got), json.Unmarshal([]byte(read(t, "testdata", name)), &want)); err != nil {
			t.Fatal(err)
		}
		if n := same(t, name, got, want); n < 276 {
			t.Errorf("%s has %d numbers", name, n)
		}
	}
}

// same compares two values of JSON, and returns how many numbers they have.
func same(t *testing.T, name string, got, want any) (n int) {
	switch want := want.(type) {
	case map[string]any:
		got, _ := got.(map[string]any)
		if len(got) != len(want) {
			t.Errorf("%s has %d names, want %d", name, len(got), len(want))
		}
		for key, v := range want {
			n += same(t, name+" "+key, got[key], v)
		}
	case []any:
		a, b := flat(got, nil), flat(want, nil)
		if len(a) != len(b) {
			t.Fatalf("%s has %d numbers, want %d", name, len(a), len(b))
		}
		for i, v := range b {
			if math.Abs(a[i]-v) > 1e-12 {
				t.Errorf("%s[%d] is %v, want %v", name, i, a[i], v)
			}
		}
		n = len(b)
	case float64:
		if v, ok := got.(float64); !ok || math.Abs(v-want) > 1e-12 {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
		n = 1
	}
	return n
}

// code returns the lines of a source file that are neither empty nor a comment.
func code(text string) (lines []string) {
	comment := regexp.MustCompile(`^\s*(#|//|%|$)`)
	for line := range strings.Lines(text) {
		if !comment.MatchString(line) {
			lines = append(lines, strings.TrimRight(line, "\r\n"))
		}
	}
	return lines
}

func read(t *testing.T, elem ...string) string {
	data, err := os.ReadFile(filepath.Join(elem...))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestReadme: the pages show what check says of the example in NumPy, and the beginning of what it says of
// lstm.json. Error bars depend on the machine: they are not compared.
func TestReadme(t *testing.T) {
	t.Parallel()
	f, err := answer.File("testdata/lstm.json")
	if err != nil {
		t.Fatal(err)
	}
	mistakes, _, _ := strings.Cut(said(f), "\nparameter")
	facts.Block(t, "../../../README.md", "check", "```\n"+mistakes+"…\n```\n")
	p, err := answer.Process(context.Background(), append(command(t, "numpy", "numpy/example.py"), "wrong"), answer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	text := "```\n$ go run . check -- python3 check/given/glue/numpy/example.py wrong\n" + said(p) + "```\n"
	for file, block := range map[string]string{"README.md": "numpy", "../../README.md": "process"} {
		bar := regexp.MustCompile(`± \S+`)
		if page := bar.ReplaceAllString(read(t, file), "±"); !strings.Contains(page, bar.ReplaceAllString(text, "±")) {
			facts.Block(t, file, block, text)
		}
	}
}

// said returns an answer as the command writes it.
func said(a *answer.Answer) string {
	var b strings.Builder
	a.Write(&show.Output{W: &b})
	return b.String()
}

// TestLines: no glue has more than 12 lines, and the README says how to run it.
func TestLines(t *testing.T) {
	t.Parallel()
	readme := read(t, "README.md")
	for _, l := range languages {
		if n := len(code(read(t, l.name, l.glue))); n < 8 || n > 12 {
			t.Errorf("%s has %d lines", l.name, n)
		}
		if !strings.Contains(readme, l.name+"/"+l.glue) || !strings.Contains(readme, l.name+"/"+l.example) {
			t.Errorf("the README does not have the files of %s", l.name)
		}
	}
}

// TestPasted: the programs of testdata have the glue as it is in its file.
func TestPasted(t *testing.T) {
	t.Parallel()
	for program, glue := range map[string]string{"forum.py": "numpy/serve.py", "lstm.py": "numpy/serve.py", "torch_lstm.py": "torch/serve.py", "lstm.c": "c/serve.h", "lstm.js": "js/serve.js"} {
		text := code(read(t, "testdata", program))
		for _, line := range code(read(t, filepath.FromSlash(glue))) {
			if !slices.Contains(text, line) && !strings.HasPrefix(line, "module.exports") {
				t.Errorf("%s lacks a line of %s: %s", program, glue, line)
			}
		}
	}
}
