package train_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"lstm/train/facts"
)

// pages returns the Markdown files of the tree.
func pages(t *testing.T) (names []string) {
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && path != ".." && strings.HasPrefix(d.Name(), ".") {
			return filepath.SkipDir
		}
		if strings.HasSuffix(path, ".md") {
			names = append(names, path)
		}
		return err
	})
	if err != nil || len(names) < 6 {
		t.Fatalf("%d pages, %v", len(names), err)
	}
	return names
}

// TestLinks: every file that a page links to exists. If the link shows a name in code style, the file
// declares or has the name.
func TestLinks(t *testing.T) {
	t.Parallel()
	link := regexp.MustCompile(`\[([^\]]*)\]\(([^)#\s]+)\)|<img src="([^"]*)"`)
	n := 0
	for _, page := range pages(t) {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			shown, to := m[1], m[2]+m[3]
			if strings.Contains(to, "://") {
				continue
			}
			if n++; strings.Contains(shown, `"`) {
				continue // an index in code
			}
			data, err := os.ReadFile(filepath.Join(filepath.Dir(page), filepath.FromSlash(to)))
			if info, statErr := os.Stat(filepath.Join(filepath.Dir(page), filepath.FromSlash(to))); statErr == nil && info.IsDir() {
				continue
			}
			if err != nil {
				t.Errorf("%s: %v", page, err)
				continue
			}
			name, code := strings.CutPrefix(strings.TrimSuffix(shown, "`"), "`")
			name = name[strings.LastIndexByte(name, '.')+1:] // a method's or a field's own name
			if code && !strings.ContainsAny(shown, "/ ") && !strings.HasSuffix(to, name) && !strings.Contains(string(data), name) {
				t.Errorf("%s: %s is not in %s", page, shown, to)
			}
		}
	}
	if n < 20 {
		t.Errorf("%d links", n)
	}
}

// TestOutputs runs the commands of the pages, and compares their output with the page. A command and
// its output are a fenced block that begins with "$ go run . ". With -update, the test writes the
// blocks. A page shows only the beginning and the end of a long table of training.
func TestOutputs(t *testing.T) {
	t.Parallel()
	block := regexp.MustCompile("(?ms)^```\n\\$ go run \\. ([^\n]*)\n(.*?)^```$")
	n := 0
	for _, page := range pages(t) {
		data, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		text := string(data)
		for _, m := range block.FindAllStringSubmatch(text, -1) {
			args := strings.Fields(m[1])
			if n++; absent(args) || slices.Contains(args, "--") {
				continue // package glue compares what check says of other programs
			}
			stdout, _, _ := run(t, "..", args...)
			stdout = shorten(stdout)
			if machine(stdout) == machine(m[2]) {
				continue
			}
			if !facts.Update() {
				t.Errorf("%s: the output of go run . %s differs from the page; -update writes it:\n%s", page, m[1], stdout)
			}
			text = strings.Replace(text, m[0], "```\n$ go run . "+m[1]+"\n"+stdout+"```", 1)
		}
		if facts.Update() && text != string(data) {
			if err := os.WriteFile(page, []byte(text), 0o666); err != nil {
				t.Error(err)
			}
		}
	}
	if n < 2 {
		t.Errorf("%d outputs", n)
	}
}

// shorten leaves out the middle of a long table of training.
func shorten(output string) string {
	row := regexp.MustCompile(`^ *\d+  [\d.]+( |\n)`)
	lines := slices.Collect(strings.Lines(output))
	first := slices.IndexFunc(lines, row.MatchString)
	if first < 0 {
		return output
	}
	end := first
	for end < len(lines) && row.MatchString(lines[end]) {
		end++
	}
	const begin, rest = 3, 2
	if end-first > begin+rest+1 {
		lines = slices.Concat(lines[:first+begin], []string{"…\n"}, lines[end-rest:])
	}
	return strings.Join(lines, "")
}

// machine leaves out the line that depends on the machine.
func machine(output string) string {
	return regexp.MustCompile(`(?m)^  kernels .*\n`).ReplaceAllString(output, "")
}

// TestCommands: the flags, tests, benchmarks and packages of the commands in the pages exist. The reader
// writes the tests of the exercises. Their names stand in the exercise, as "named TestX".
func TestCommands(t *testing.T) {
	t.Parallel()
	help, _, _ := run(t, ".", "-h")
	tests := make(map[string]string) // the test files of each package
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, "_test.go") {
			data, _ := os.ReadFile(path)
			tests[filepath.Dir(path)] += string(data)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range pages(t) {
		data, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.Join(strings.Fields(string(data)), " ")
		for _, m := range regexp.MustCompile("(?m)go (run|test) ([^`\n#]*)").FindAllStringSubmatch(string(data), -1) {
			words := strings.Fields(strings.ReplaceAll(m[2], `\|`, "|"))
			if m[1] == "run" {
				for _, word := range words {
					if word == "--" {
						break // the command of another program
					}
					if name, flag := strings.CutPrefix(word, "-"); flag && name != "tags" && name != "h" && !strings.Contains(help, "\n  "+word+" ") {
						t.Errorf("%s: go run %s: there is no flag %s", page, m[2], word)
					}
				}
				continue
			}
			in := "" // the test files of the packages that the command names
			for dir, files := range tests {
				for _, word := range words {
					if path, all := strings.CutSuffix(word, "/..."); word == "." || strings.HasPrefix(word, "./") {
						if path = filepath.Join("..", path); path == dir || all && (path == ".." || strings.HasPrefix(dir, path+"/")) {
							in += files
						}
					}
				}
			}
			if in == "" {
				t.Errorf("%s: go test %s: no such package", page, m[2])
			}
			for i, word := range words {
				name, flag := strings.CutPrefix(word, "-")
				switch {
				case i > 0 && slices.Contains([]string{"-run", "-bench", "-fuzz"}, words[i-1]):
					for _, name := range regexp.MustCompile(`\w+`).FindAllString(strings.SplitN(word, "/", 2)[0], -1) {
						ours := strings.Contains(text, "named Test"+name) || name == "xxx" || absent(nil) && strings.Contains(m[2], "./train/task")
						if !ours && !regexp.MustCompile(`func \w*`+name).MatchString(in) {
							t.Errorf("%s: go test %s: no test there has %s in its name", page, m[2], name)
						}
					}
				case flag && !regexp.MustCompile(`^(run|v|count|bench|fuzz|fuzztime|tags|short|race|update|timeout|p)$`).MatchString(name) && !strings.Contains(in, `"`+name+`"`) &&
					!(absent(nil) && strings.Contains(m[2], "./train/task")):
					t.Errorf("%s: go test %s: there is no flag %s", page, m[2], word)
				}
			}
		}
	}
}
