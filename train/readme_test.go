package train_test

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"lstm/bptt"
	"lstm/cell"
	"lstm/check/museum"
	"lstm/train"
)

// exercises is what the README names and the reader is to write: tests, files, and values of flags,
// for each of these one that there is.
var exercises = map[string]string{
	"TestMine": "", "TestGRU": "", "TestPeephole": "", "Mine": "", "GRU": "", "Peephole": "", "Gradients/parity": "",
	"check/mine_test.go": "", "check/gru_test.go": "", "check/peephole_test.go": "", "train/parity.go": "",
	"parity": "order", "rmsprop": "adam",
}

// goFlags are those of go test and go run that the README may use, and whether they take a value.
var goFlags = map[string]bool{
	"-run": true, "-bench": true, "-fuzz": true, "-fuzztime": true, "-fuzzminimizetime": true, "-count": true, "-parallel": true,
	"-tags": true, "-v": false, "-short": false,
}

// A readme is the README, and what it is held against.
type readme struct {
	*testing.T
	text   string
	exe    string            // the command
	flags  map[string]bool   // of the command
	source map[string]string // every file with code, by its path from the root
	listed map[string]string // what go test lists, of a package
}

func newReadme(t *testing.T) *readme {
	r := &readme{T: t, flags: map[string]bool{"-h": true}, source: make(map[string]string), listed: make(map[string]string)}
	data, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	r.text = strings.ReplaceAll(string(data), `\|`, "|") // as a table has it
	err = filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		if ext := path.Ext(name); err != nil || d.IsDir() || ext != ".go" && ext != ".s" {
			return err
		}
		data, err := os.ReadFile(name)
		rel, _ := filepath.Rel("..", name)
		r.source[filepath.ToSlash(rel)] = strings.ReplaceAll(string(data), "\r", "")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// code reports whether a file with code matches the pattern, below dir and among those whose
// names end so.
func (r *readme) code(dir, end, pattern string) bool {
	re := regexp.MustCompile("(?m)" + pattern)
	for name, text := range r.source {
		if strings.HasSuffix(name, end) && (dir == "" || path.Dir(name) == dir) && re.MatchString(text) {
			return true
		}
	}
	return false
}

// refuses returns what the command has against flags, "" if nothing: one that it does not know
// comes last, so that it never runs.
func (r *readme) refuses(args ...string) string {
	out, _ := exec.Command(r.exe, append(slices.Clone(args), "-no-such-flag", "-nor-such")...).CombinedOutput()
	if strings.HasPrefix(string(out), "lstm: flag provided but not defined: -no-such-flag ") {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// exists looks for a file or a directory.
func (r *readme) exists(name string) {
	if _, err := os.Stat(filepath.Join("..", name)); err != nil && !r.exercise(name) {
		r.Errorf("the README names %s: %v", name, err)
	}
}

func (r *readme) exercise(name string) bool { _, ok := exercises[name]; return ok }

// values looks at flags of the command with their values.
func (r *readme) values(args []string) {
	line := strings.Join(args, " ")
	args = slices.Clone(args)
	for i, a := range args {
		if exercises[a] != "" {
			args[i] = exercises[a]
		} else if strings.Contains(a, "/") {
			r.exists(a)
		}
	}
	if why := r.refuses(args...); why != "" {
		r.Errorf("%s: %s", line, why)
	}
}

func (r *readme) tag(tag string) {
	if !r.code("", ".go", `^//go:build .*\b`+regexp.QuoteMeta(tag)+`\b`) {
		r.Errorf("-tags %s: no //go:build line has it", tag)
	}
}

// flag looks at a flag without a value, of the command or of go.
func (r *readme) flag(name string) {
	if _, ok := goFlags[name]; !ok && !r.flags[name] {
		r.Errorf("there is no flag %s", name)
	}
}

// command looks at a command line: go run, go test, go doc, go build.
func (r *readme) command(line string) {
	line, comment, _ := strings.Cut(line, "#")
	var args []string
	for _, m := range regexp.MustCompile(`'([^']*)'|[^\s']+`).FindAllStringSubmatch(line, -1) {
		if m[1] == "" && strings.ContainsAny(m[0], "()|&;<>*?$") {
			r.Errorf("%s: a shell does not take %s for a word", line, m[0])
		}
		args = append(args, strings.Trim(m[0], "'"))
	}
	if !strings.HasPrefix(comment, " grep") {
		for _, m := range regexp.MustCompile(`(-[a-z-]+)( [a-z0-9]+)?`).FindAllStringSubmatch(comment, -1) {
			switch {
			case m[1] == "-tags":
				r.tag(strings.TrimSpace(m[2]))
			case m[2] == "" || args[1] == "test":
				r.flag(m[1])
			default:
				r.values(strings.Fields(m[0]))
			}
		}
	}
	if len(args) == 2 { // it is only spoken of
		return
	}
	switch tool, args := args[1], args[2:]; tool {
	case "run":
		if args[0] == "-tags" {
			r.tag(args[1])
			args = args[2:]
		}
		if args[0] != "." {
			r.Errorf("%s: what is run is not .", line)
		}
		r.values(args[1:])
	case "doc":
		if !r.code(path.Clean(args[0]), ".go", `^package `) {
			r.Errorf("%s: there is no such package", line)
		}
	case "test":
		r.test(line, args)
	default:
		r.Errorf("%s: what is it?", line)
	}
}

// test looks at the arguments of go test.
func (r *readme) test(line string, args []string) {
	var dirs []string
	patterns, values := make(map[string]string), make(map[string]string)
	for i := 0; i < len(args); i++ {
		a := args[i]
		takes, known := goFlags[a]
		switch {
		case a[0] != '-':
			dirs = append(dirs, a)
			continue
		case known && !takes:
			continue
		case i+1 == len(args):
			r.Errorf("%s: %s takes a value", line, a)
			return
		}
		i++
		switch a {
		case "-run", "-bench", "-fuzz":
			patterns[a] = args[i]
		case "-tags":
			r.tag(args[i])
		default:
			values[a] = args[i]
		}
	}
	for _, dir := range dirs {
		if dir != "./..." && !r.code(path.Clean(dir), "_test.go", `^package `) {
			r.Errorf("%s: there are no tests in %s", line, dir)
			return
		}
	}
	if len(dirs) == 0 {
		r.Errorf("%s: of which package?", line)
	}
	for f, v := range values {
		registered := slices.ContainsFunc(dirs, func(dir string) bool {
			return r.code(path.Clean(dir), "_test.go", `flag\.Int\("`+regexp.QuoteMeta(f[1:])+`"`)
		})
		if _, err := strconv.Atoi(strings.TrimRight(v, "ms")); !goFlags[f] && !registered || err != nil {
			r.Errorf("%s: what is %s %s?", line, f, v)
		}
	}
	kinds := map[string]string{"-run": "Test|Example|Fuzz", "-bench": "Benchmark", "-fuzz": "Fuzz"}
	for f, pattern := range patterns {
		if pattern == "xxx" || r.exercise(pattern) {
			continue
		}
		first, sub, _ := strings.Cut(pattern, "/")
		for one := range strings.SplitSeq(first, "|") {
			kind := regexp.MustCompile(`(?m)^(` + kinds[f] + `)\w*` + strings.TrimPrefix(one, kinds[f]))
			if !slices.ContainsFunc(dirs, func(dir string) bool { return kind.MatchString(r.list(dir)) }) {
				r.Errorf("%s: nothing is called %s", line, one)
			}
		}
		if sub == "" || testing.Short() {
			continue
		}
		cmd := exec.Command("go", "test", "-v", "-run", "xxx", "-benchtime", "1x", f, pattern, dirs[0])
		cmd.Dir = ".."
		out, err := cmd.CombinedOutput()
		if err != nil {
			r.Errorf("%v: %v\n%s", cmd.Args, err, out)
		}
		head, more, tail := sub, "", ""
		if m := regexp.MustCompile(`^(.*)\((.*)\)(.*)$`).FindStringSubmatch(sub); m != nil {
			head, more, tail = m[1], m[2], m[3]
		}
		for one := range strings.SplitSeq(more, "|") {
			if !regexp.MustCompile(`(?m)^\w+` + first + `/.*` + regexp.QuoteMeta(head+one+tail)).Match(out) {
				r.Errorf("%s: nothing is called %s/%s", line, first, head+one+tail)
			}
		}
	}
}

// list returns the names of a package's tests, benchmarks, fuzz targets and examples.
func (r *readme) list(dir string) string {
	if r.listed[dir] == "" {
		cmd := exec.Command("go", "test", "-list", ".", dir)
		cmd.Dir = ".."
		out, err := cmd.Output()
		if err != nil {
			r.Fatalf("%v: %v", cmd.Args, err)
		}
		r.listed[dir] = string(out)
	}
	return r.listed[dir]
}

// TestReadmeTrue: what the README names is there: flags and the values that they take, tests and
// their flags, benchmarks, packages, files, and in their lines what a link says.
func TestReadmeTrue(t *testing.T) {
	r := newReadme(t)
	r.exe = build(t)
	help, err := exec.Command(r.exe, "-h").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`(?m)^  (-[a-z-]+) `).FindAllStringSubmatch(string(help), -1) {
		r.flags[m[1]] = true
		if why := r.refuses(m[1]); strings.Contains(why, "not defined: "+m[1]) {
			t.Errorf("-h has %s; %s", m[1], why)
		}
		if !regexp.MustCompile("(?m)^\\| .*`" + m[1] + "`.* \\|").MatchString(r.text) {
			t.Errorf("%s is in -h, and in no table of the README", m[1])
		}
	}

	// The table of flags: ranges, and values.
	rows := regexp.MustCompile("(?m)^\\| (`-[a-z, `-]+) \\| (.*) \\|$").FindAllStringSubmatch(r.text, -1)
	for _, row := range rows {
		names := strings.Split(strings.ReplaceAll(row[1], "`", ""), ", ")
		for _, m := range regexp.MustCompile(`\d+ to \d+`).FindAllString(row[2], -1) {
			if why := r.refuses(names[0], "x"); !strings.HasSuffix(why, "from "+m) {
				t.Errorf("%s takes %s, the README says; %s", names[0], m, why)
			}
		}
		for _, m := range regexp.MustCompile("`([a-z]+)`").FindAllStringSubmatch(row[2], -1) {
			takes := func(name string) bool { return r.refuses(name, m[1]) == "" && r.refuses(name, "no-"+m[1]) != "" }
			if !slices.Contains(train.Tasks(), m[1]) && !slices.ContainsFunc(names, takes) {
				t.Errorf("%s: none of these takes %s", row[1], m[1])
			}
		}
	}

	// What -task and -optimizer take, and the exit statuses.
	tasks := slices.Sorted(slices.Values(quoted(r.text, "(?m)^\\| (`[a-z]+`(?:, `[a-z]+`)*) \\| .* \\|$", regexp.MustCompile("`([a-z]+)`"))))
	if want := slices.Sorted(slices.Values(train.Tasks())); !slices.Equal(tasks, want) {
		t.Errorf("the table of tasks has %v, and there are %v", tasks, want)
	}
	if got := quoted(r.text, "(?m)^\\| `-optimizer` \\| (.*) \\|$", regexp.MustCompile("`([a-z]+)`")); !slices.Equal(got, train.Optimizers) {
		t.Errorf("-optimizer takes %v, the README says, and it takes %v", got, train.Optimizers)
	}
	statuses := func(text string) string {
		_, text, _ = strings.Cut(strings.Join(strings.Fields(strings.ReplaceAll(text, "`", "")), " "), "Exit status: ")
		text, _, _ = strings.Cut(text, ". ")
		return strings.TrimSuffix(text, ".")
	}
	// The README has yet to say what an exhibit is.
	if got, want := strings.ReplaceAll(statuses(r.text), "a mistake in the museum", "an exhibit"), statuses(string(help)); got != want || !strings.Contains(want, "130 ") {
		t.Errorf("exit status: the README says\n%s\nand -h\n%s", got, want)
	}

	// Commands and flags, in blocks and in the text.
	text := regexp.MustCompile("(?s)```.*?```").ReplaceAllStringFunc(r.text, func(block string) string { return strings.Repeat("\n", strings.Count(block, "\n")) })
	for i, line := range strings.Split(text, "\n") {
		if strings.Count(line, "`")%2 == 1 {
			t.Errorf("line %d: code goes on in another line: %s", i+1, line)
		}
	}
	commands, flags := 0, 0
	for _, m := range regexp.MustCompile(`(?m)^(?:    |\$ )(go .*)$`).FindAllStringSubmatch(r.text, -1) {
		r.command(m[1])
		commands++
	}
	files := regexp.MustCompile(`^(\w+\.(go|s|svg|csv)|\.?\w+(/[\w.]+)+)$`)
	for _, m := range regexp.MustCompile("`([^`\n]+)`").FindAllStringSubmatch(text, -1) {
		words := strings.Fields(m[1])
		switch {
		case words[0] == "go":
			r.command(m[1])
			commands++
		case strings.HasPrefix(words[0], "-"):
			flags++
			switch {
			case len(words) == 1:
				r.flag(words[0])
			case words[0] == "-tags":
				r.tag(words[1])
			default:
				r.values(words)
			}
		case strings.HasPrefix(m[1], "src/"): // of Go's own
		case files.MatchString(m[1]):
			r.exists(m[1])
		}
	}
	if len(rows) < 15 || len(r.flags) < 26 || commands < 70 || flags < 60 {
		t.Errorf("%d rows, %d flags of the command, %d commands and %d flags in the text", len(rows), len(r.flags), commands, flags)
	}

	for _, name := range regexp.MustCompile(`\b(Test|Benchmark|Fuzz|Example)[A-Z]\w*`).FindAllString(text, -1) {
		if !r.exercise(name) && !r.code("", "_test.go", `^func `+name+`\(`) {
			t.Errorf("there is no %s", name)
		}
	}
	declared := 0
	for _, m := range regexp.MustCompile("`([A-Za-z]\\w*)`,?\\s+in\\s+`([\\w/]+\\.go)`").FindAllStringSubmatch(text, -1) {
		declared++
		if !regexp.MustCompile(`(?m)^(func|var|const|type) ` + m[1] + `\b`).MatchString(r.source[m[2]]) {
			t.Errorf("%s has no %s", m[2], m[1])
		}
	}
	if declared < 3 {
		t.Errorf("%d names in files", declared)
	}
	places := 0
	for _, word := range strings.Fields(r.section("## The map")) {
		if word = strings.Trim(word, "`.,:;"); strings.HasSuffix(word, ".go") || regexp.MustCompile(`^[a-z]+/[a-z]*$`).MatchString(word) {
			r.exists(word)
			places++
		}
	}
	links := 0
	for _, m := range regexp.MustCompile(`\[([^\]"]+)\]\(([^)#]*)(#[^)]*)?\)|src="([^"]+)"`).FindAllStringSubmatch(r.text, -1) {
		name, file, anchor := strings.Trim(m[1], "`"), m[2]+m[4], m[3]
		links++
		switch line, ok := strings.CutPrefix(anchor, "#L"); {
		case strings.HasPrefix(file, "http"):
		case file == "":
			heading := strings.ReplaceAll(anchor[1:], "-", ".")
			if !regexp.MustCompile(`(?mi)^#+ ` + heading + `$`).MatchString(r.text) {
				t.Errorf("no heading %s", anchor)
			}
		case !ok:
			r.exists(file)
		default:
			n, err := strconv.Atoi(line)
			lines := strings.Split("\n"+r.source[file], "\n")
			declares := regexp.MustCompile(`^(type ` + name + ` |func (\(.*\) )?` + name + `\(|func \(` + name + `\) |\t+(s\.)?` + name + `(\[j\])? :?= )`)
			if err != nil || n >= len(lines) || !declares.MatchString(lines[n]) {
				t.Errorf("%s: line %s does not declare %s (line %d might)", file, line, name, slices.IndexFunc(lines, declares.MatchString))
			}
		}
	}
	if places < 20 || links < 20 {
		t.Errorf("%d places in the map, and %d links", places, links)
	}
}

// quoted returns what the second pattern finds in what the first one does.
func quoted(text, where string, what *regexp.Regexp) (found []string) {
	for _, m := range regexp.MustCompile(where).FindAllStringSubmatch(text, -1) {
		for _, q := range what.FindAllStringSubmatch(m[1], -1) {
			found = append(found, q[1])
		}
	}
	return found
}

// section returns the text from a heading to the next one.
func (r *readme) section(heading string) string {
	_, text, found := strings.Cut(r.text, "\n"+heading)
	if !found {
		r.Fatalf("the README has no %q", heading)
	}
	text, _, _ = strings.Cut(text, "\n## ")
	return text
}

// TestReadmeExcerpts: the code of the section on kernels is the code.
func TestReadmeExcerpts(t *testing.T) {
	r := newReadme(t)
	blocks := regexp.MustCompile("(?s)```(?:go|asm)\n(.*?)```").FindAllStringSubmatch(r.section("## The kernels"), -1)
	files := []string{"tensor/tensor_test.go", "tensor/generic.go", "tensor/linear_amd64.s"}
	if len(blocks) != len(files) {
		t.Fatalf("%d excerpts, want %d", len(blocks), len(files))
	}
	plain := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	for i, file := range files {
		if !strings.Contains(plain(r.source[file]), plain(blocks[i][1])) {
			t.Errorf("%s does not have\n%s", file, blocks[i][1])
		}
	}
}

// TestReadmeEquations: the names beside the equations, in the text around them and in the drawing of
// the cell are the code's, with the shapes that its comments give them, and the gates lie in this
// order.
func TestReadmeEquations(t *testing.T) {
	r := newReadme(t)
	text := r.section("## One cell") + r.section("## Backward")
	fields := make(map[string]bool)
	for _, of := range []reflect.Type{reflect.TypeFor[cell.Step](), reflect.TypeFor[cell.Params](), reflect.TypeFor[bptt.Window]()} {
		for _, f := range reflect.VisibleFields(of) {
			fields[f.Name] = true
		}
	}
	names := quoted(text, "([^\\[]`[A-Z]\\w*`)", regexp.MustCompile("`(.*)`"))
	for _, name := range names {
		if !fields[name] {
			t.Errorf("%s is no field of cell.Step, cell.Params or bptt.Window", name)
		}
	}
	shapes := regexp.MustCompile("((?:`[A-Z]\\w*`,? )+)\\(([0-9A-Z,]+)\\)").FindAllStringSubmatch(text, -1)
	for _, m := range shapes {
		for _, name := range regexp.MustCompile(`\w+`).FindAllString(m[1], -1) {
			line := regexp.MustCompile(`(?m)^\t(?:\w+, )*` + name + `(?:, \w+)* +\[\]float64 // \((?:T,)?` + m[2] + `\)`)
			if !line.MatchString(r.source["cell/cell.go"]) && !line.MatchString(r.source["bptt/bptt.go"]) {
				t.Errorf("no comment says that %s is (%s)", name, m[2])
			}
		}
	}
	if len(names) < 18 || len(shapes) < 12 {
		t.Errorf("%d names and %d shapes", len(names), len(shapes))
	}
	var order []string
	p := cell.New(1, 1, 1)
	for i := range 4 {
		order = append(order, p.Name(i)[1:2])
	}
	if says := "The gates lie in the order " + strings.Join(order, ", ") + " in `Gates`"; !strings.Contains(strings.Join(strings.Fields(text), " "), says) {
		t.Errorf("the README does not say %q", says)
	}

	data, err := os.ReadFile("../cell/cell.svg")
	if err != nil {
		t.Fatal(err)
	}
	var drawing struct {
		Texts []string `xml:"text"`
	}
	if err := xml.Unmarshal(data, &drawing); err != nil {
		t.Fatalf("cell.svg: %v", err)
	}
	plain := func(s string) string { return strings.Join(strings.Fields(strings.ReplaceAll(s, ",", "")), " ") }
	doc, _, _ := strings.Cut(strings.NewReplacer("//", "", "'", "′").Replace(r.source["cell/cell.go"]), "Going back")
	doc = plain(doc)
	labels := make(map[string]int)
	for _, label := range drawing.Texts {
		labels[label]++
		formula := plain(label[strings.Index(label, ":")+1:]) // what is kept: f∘c′
		cut := strings.Contains(formula, "=") && strings.Contains(doc, formula+" +")
		if formula != "×" && !strings.Contains(doc, formula) || cut {
			t.Errorf("cell.svg has %s, which is not in the equations of cell", label)
		}
	}
	for label, n := range map[string]int{"z": 1, "i": 1, "f": 1, "o": 1, "g": 1, "tanh": 1, "×": 3, "+": 1, "c′": 1, "h′": 1, "x": 1, "c": 1, "h": 1, "y": 1} {
		if labels[label] != n {
			t.Errorf("cell.svg has the label %s %d times, want %d", label, labels[label], n)
		}
	}
}

// TestReadmeNumbers: the README's numbers are the code's.
func TestReadmeNumbers(t *testing.T) {
	r := newReadme(t)
	r.exe = build(t)
	count := func(f func(e *museum.Exhibit) bool) (n int) {
		for _, e := range museum.Exhibits() {
			if f(e) {
				n++
			}
		}
		return n
	}
	all := count(func(e *museum.Exhibit) bool { return true })
	unseen := count(func(e *museum.Exhibit) bool { return e.See != "" })
	refused := count(func(e *museum.Exhibit) bool { return e.Where == "refused" })
	checkers := count((*museum.Exhibit).OfChecker)
	oneStep := count(func(e *museum.Exhibit) bool { return strings.Contains(e.Weak, "1") })
	shown := all - unseen - refused
	fuzz := 0
	for _, dir := range []string{"./tensor", "./cell"} {
		fuzz += strings.Count(r.list(dir), "\nFuzz")
	}
	thousands := func(n int) string {
		if n < 1000 {
			return strconv.Itoa(n)
		}
		return fmt.Sprintf("%d,%03d", n/1000, n%1000)
	}
	word := func(n int) string {
		return cmp.Or(map[int]string{4: "four", 7: "seven", 13: "Thirteen", 18: "eighteen"}[n], strconv.Itoa(n))
	}
	config := make(map[string]train.Config)
	size := make(map[string]string)
	criterion := make(map[string]*train.Criterion)
	var biases []any
	for _, task := range []string{"adding", "order", "reber"} {
		config[task] = train.Defaults(task)
		run, err := train.New(config[task])
		if err != nil {
			t.Fatal(err)
		}
		size[task], criterion[task] = thousands(len(run.Params.All)), run.Task.Criterion
		for _, b := range []float64{config[task].ForgetBias, config[task].InputBias} {
			s := strings.Replace(fmt.Sprintf("%+g", b), "-", "−", 1)
			biases = append(biases, strings.Replace(s, "+0", "0", 1))
		}
	}
	mod, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	version := regexp.MustCompile(`(?m)^go (\S+)`).FindSubmatch(mod)[1]
	help, err := exec.Command(r.exe, "-h").Output()
	if err != nil {
		t.Fatal(err)
	}
	entries := regexp.MustCompile(`all, or (\d+) where there are more than (\d+) in total`).FindSubmatch(help)
	seed := regexp.MustCompile(`(?s)-seed N.*?\(default: (\d+)\)`).FindSubmatch(help)
	if entries == nil || seed == nil {
		t.Fatalf("-h has no such defaults:\n%s", help)
	}
	readme := strings.Join(strings.Fields(r.text), " ")
	sums := regexp.MustCompile(`off by < (\S+), and in the mean by < (\S+)`).FindStringSubmatch(criterion["adding"].Says)
	within := regexp.MustCompile(`within \S+`).FindString(criterion["order"].Says)
	if sums == nil || within == "" || sums[2] != fmt.Sprint(criterion["adding"].Below) {
		t.Fatalf("%q, %q", criterion["adding"].Says, criterion["order"].Says)
	}
	files := func(pattern string) int {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		return len(names)
	}
	// tolerance returns that of a test.
	tolerance := func(file, pattern string) string {
		m := regexp.MustCompile(pattern).FindStringSubmatch(r.source[file])
		if m == nil {
			t.Fatalf("%s has no %s", file, pattern)
		}
		return m[1]
	}
	for _, want := range []string{
		fmt.Sprintf("each off by less than %s, and by less than %s in the mean", sums[1], sums[2]),
		fmt.Sprintf("every probability is %s.", within),
		fmt.Sprintf("equal PyTorch's to %s, at %s sizes", tolerance("bptt/bptt_test.go", `(?s)\nfunc torch\(.*?const tol = (\S+)`), word(files("../bptt/testdata/*.json"))),
		fmt.Sprintf("follow PyTorch's to %s ", tolerance("train/optim_test.go", `math\.Abs\(p\[i\]-want\) <= (\S+)\*`)),
		fmt.Sprintf("gives our outputs to %s;", tolerance("train/checkpoint_test.go", `near\(t, task\+what, w\.Y, want, (\S+)\)`)),
		fmt.Sprintf("of the NumPy script at %s seeds", word(files("testdata/numpy_seed_*.json"))),
		fmt.Sprintf("Go %s or newer", version),
		fmt.Sprintf("%s by default", seed[1]),
		fmt.Sprintf("By default all, or %s of each where there are more than %s in total", entries[1], entries[2]),
		fmt.Sprintf("a museum of %d: %d that show, %d that no check of gradients can see, and %d with which a check must be refused", all, shown, unseen, refused),
		fmt.Sprintf("Of the %d, %d are wrong lines in the backward pass", shown, shown-checkers),
		fmt.Sprintf("%d are mistakes of those who check", checkers),
		fmt.Sprintf("passes %s of them", word(oneStep)),
		fmt.Sprintf("each of the %d mistakes that show", shown),
		fmt.Sprintf("%s fuzz targets", word(fuzz)),
		fmt.Sprintf("%s parameters for `reber`, %s for `adding`, %s for `order`", size["reber"], size["adding"], size["order"]),
		fmt.Sprintf("biases of %s and %s in `adding`, %s and %s in `order`, %s and %s in `reber`", biases...),
		fmt.Sprintf("a rate that halves every %s sequences", thousands(config["adding"].Halve)),
		fmt.Sprintf("looked at every %d strings, so that counts are multiples of %[1]d", criterion["reber"].Every),
		fmt.Sprintf("of %d strings to train on, and %[1]d others", len(criterion["reber"].Sets)/2),
		fmt.Sprintf("the last %s sums", thousands(criterion["adding"].Last)),
		fmt.Sprintf("in the last %s sequences", thousands(criterion["order"].Last)),
		fmt.Sprintf("wrong of %s fresh ones", thousands(criterion["order"].Fresh)),
		fmt.Sprintf("through windows of %d steps", train.Defaults("text").Window),
	} {
		if !strings.Contains(readme, want) {
			t.Errorf("the README does not say %q", want)
		}
	}
}

// TestReadmeTexts: how well the texts of one version of Go are learnt.
func TestReadmeTexts(t *testing.T) {
	r := newReadme(t)
	rows := regexp.MustCompile("(?m)^\\| `([\\w/.]+)` \\| ([\\d,]+) \\| ([\\d.]+) \\| ([\\d.]+) \\| ([\\d.]+) \\|$").FindAllStringSubmatch(r.section("## Your own data"), -1)
	version := regexp.MustCompile(`come with Go (\S+),`).FindStringSubmatch(r.text)
	if len(rows) != 4 || version == nil {
		t.Fatalf("%d texts, of Go %v", len(rows), version)
	}
	if testing.Short() || runtime.Version() != "go"+version[1] {
		t.Skip("in a hurry, or with another Go")
	}
	r.exe = build(t)
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		t.Run(path.Base(row[1]), func(t *testing.T) {
			t.Parallel()
			out, err := exec.Command(r.exe, "-task", "text", "-check", "off", "-data", filepath.Join(strings.TrimSpace(string(root)), row[1])).Output()
			m := regexp.MustCompile(`(?s)It has (\d+) characters.* ([\d.]+)  unigram.* ([\d.]+)  bigram.*the LSTM +([\d.]+)\n`).FindSubmatch(out)
			if err != nil || m == nil {
				t.Fatalf("%v\n%s", err, out)
			}
			if got := fmt.Sprintf("%s %s %s %s", m[1], m[2], m[3], m[4]); got != strings.ReplaceAll(strings.Join(row[2:], " "), ",", "") {
				t.Errorf("%s, and the README has %v", got, row[2:])
			}
		})
	}
}

// TestReadme: what the README shows as output is the output. A line "…" there stands
// for any number of lines.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```\n\\$ go run \\.([^\n]*)\n(.*?)```").FindAllSubmatch(readme, -1)
	if len(blocks) == 0 {
		t.Fatal("the README shows no output of go run .")
	}
	exe := build(t)
	for _, b := range blocks {
		out, err := exec.Command(exe, strings.Fields(string(b[1]))...).Output()
		if err != nil {
			t.Errorf("go run .%s: %v", b[1], err)
		}
		want := strings.ReplaceAll(regexp.QuoteMeta(string(b[2])), "…\n", "(.*\n)*?")
		want = regexp.MustCompile("(?m)^  kernel    .*$").ReplaceAllString(want, "  kernel    .*") // the machine's own
		if !regexp.MustCompile("^" + want + "$").Match(out) {
			t.Errorf("go run .%s prints\n%s\nand not what the README shows", b[1], out)
		}
	}
}
