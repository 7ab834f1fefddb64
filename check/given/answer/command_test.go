package answer

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

var built struct {
	sync.Once
	dir string
	err error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if built.dir != "" {
		os.RemoveAll(built.dir)
	}
	os.Exit(code)
}

// check returns the command check with some arguments. It runs in testdata.
func checkCommand(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil || runtime.GOOS == "windows" || testing.Short() {
		t.Skip("no go command to build with, or no signals, or -short")
	}
	built.Do(func() {
		if built.dir, built.err = os.MkdirTemp("", "check"); built.err == nil {
			if out, err := exec.Command("go", "build", "-o", filepath.Join(built.dir, "lstm"), "lstm").CombinedOutput(); err != nil {
				built.err = errors.New(string(out))
			}
		}
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	cmd := exec.Command(filepath.Join(built.dir, "lstm"), append([]string{"check"}, args...)...)
	cmd.Dir = "testdata"
	return cmd
}

// ran runs a command, and returns its output and exit status.
func ran(t *testing.T, cmd *exec.Cmd) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	if cmd.Stdout == nil {
		cmd.Stdout = &out
	}
	cmd.Stderr = &errs
	if err := cmd.Run(); err != nil && !errors.As(err, new(*exec.ExitError)) {
		t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// TestParse: a request has what the arguments say, in any order. After -- all belongs to the command.
func TestParse(t *testing.T) {
	r, err := Parse(strings.Fields("a.json -patience 1.5 -report r.html"))
	if err != nil || r.File != "a.json" || r.Patience != 1500*time.Millisecond || r.Report != "r.html" || r.Command != nil {
		t.Errorf("%+v, %v", r, err)
	}
	r, err = Parse(strings.Fields("-patience 2 -- prog -patience 3 --"))
	if err != nil || r.File != "" || r.Patience != 2*time.Second || strings.Join(r.Command, " ") != "prog -patience 3 --" {
		t.Errorf("%+v, %v", r, err)
	}
	if _, err := Parse([]string{"-h"}); !errors.Is(err, flag.ErrHelp) {
		t.Error(err)
	}
	for _, args := range []string{"", "--", "a b", "a -- b", "-patience 0 a", "-patience x a", "-patience -1 a", "-patience", "-nonsense a"} {
		if _, err := Parse(strings.Fields(args)); err == nil {
			t.Errorf("%q is accepted", args)
		}
	}
}

// TestRefused: what cannot be used gets exit status 2 and one line, which names it and says what to do.
func TestRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := func(name, text string) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return name
	}
	for _, c := range []struct {
		args  []string
		words []string
	}{
		{[]string{"-nonsense", "a"}, []string{"-nonsense"}},
		{[]string{"-patience", "0", "a"}, []string{"-patience"}},
		{[]string{"nofile.json"}, []string{"nofile.json", "no such file"}},
		{[]string{"."}, []string{"directory"}},
		{[]string{file("empty.json", "")}, []string{"empty.json", "empty"}},
		{[]string{file("binary", "\x89\x00\x01\xff\x07")}, []string{"binary", "JSON"}},
		{[]string{file("cut.json", `{"loss": 1, "W": [1,`)}, []string{"cut.json", "W"}},
		{[]string{file("bare.json", `{"loss": 1, "W": [1]}`)}, []string{"bare.json", "gradient"}},
		{[]string{file("noloss.json", `{"x": [[1]], "W": [1], "dW": [1]}`)}, []string{"noloss.json", "no loss"}},
		{[]string{file("nox.json", `{"loss": 1, "W": [1], "dW": [1]}`)}, []string{"nox.json", "no x"}},
		{[]string{"s06_sinewave.py"}, []string{"s06_sinewave.py", "check -- python3 s06_sinewave.py"}},
		{[]string{"--", "no-such-program"}, []string{"no-such-program"}},
		{[]string{"--", "./s06_sinewave.py"}, []string{"python3"}},
		{[]string{"--", "sh", "-c", "exit 3"}, []string{"3"}},
		{[]string{"-patience", "0.2", "--", "sleep", "30"}, []string{"0.2", "-patience"}},
	} {
		stdout, stderr, code := ran(t, checkCommand(t, c.args...))
		if code != 2 || stdout != "" || strings.Count(stderr, "\n") != 1 || !strings.HasPrefix(stderr, "lstm: ") {
			t.Errorf("%q: exit status %d\n%s%s", c.args, code, stdout, stderr)
		}
		for _, w := range c.words {
			if !strings.Contains(stderr, w) {
				t.Errorf("%q: %q does not say %q", c.args, stderr, w)
			}
		}
	}
}

// TestCommand: the exit status is that of the answer, and lines fit a terminal.
func TestCommand(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		file string
		code int
		head string
	}{
		{"s03_columns.json", 1, "gradient: wrong\n"},
		{"s05_statedict.json", 1, "gradient: wrong\n"},
		{"s06_sinewave.json", 0, "gradient: right\n"},
		{"s14_keraslike.json", 1, "gradient: wrong\n"},
	} {
		stdout, stderr, code := ran(t, checkCommand(t, c.file))
		if code != c.code || stderr != "" || !strings.HasPrefix(stdout, c.head) {
			t.Errorf("%s: exit status %d\n%s%s", c.file, code, stdout, stderr)
		}
		for line := range strings.Lines(stdout) {
			if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > 80 {
				t.Errorf("%s: a line has %d characters: %s", c.file, n, line)
			}
		}
	}
}

// TestLongNames: if names leave no room for the table, each has a line of its own, and the columns stay columns.
func TestLongNames(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/s05_statedict.json")
	if err != nil {
		t.Fatal(err)
	}
	const long = "model.encoder.recurrent.lstm.weight"
	file := filepath.Join(t.TempDir(), "long.json")
	if err := os.WriteFile(file, bytes.ReplaceAll(data, []byte("lstm.weight"), []byte(long)), 0o666); err != nil {
		t.Fatal(err)
	}
	stdout, _, _ := ran(t, checkCommand(t, file))
	for _, name := range []string{long + "_ih_l0", long + "_hh_l0"} {
		if !regexp.MustCompile(regexp.QuoteMeta(name) + `\n  \d+ of \d+ +\[\d+,\d+\]  +\S+  +\S+ ± \S+\n`).MatchString(stdout) {
			t.Errorf("%s has no line and row of its own:\n%s", name, stdout)
		}
	}
}

// TestLostOutput: without a reader the exit status is 1. head may leave after its line.
func TestLostOutput(t *testing.T) {
	t.Parallel()
	cmd := checkCommand(t, "s06_sinewave.json")
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	defer w.Close()
	cmd.Stdout = w
	if _, stderr, code := ran(t, cmd); code != 1 || stderr != "" {
		t.Errorf("no reader: exit status %d\n%s", code, stderr)
	}
	program := checkCommand(t, "s06_sinewave.json").Path
	cmd = exec.Command("sh", "-c", `"$0" check testdata/s06_sinewave.json | head -n 1`, program)
	if stdout, stderr, code := ran(t, cmd); code != 0 || stdout != "gradient: right\n" || stderr != "" {
		t.Errorf("head: exit status %d\n%s%s", code, stdout, stderr)
	}
}

// TestInterrupt: Ctrl-C while a program computes a loss ends the command with exit status 130, and the program too.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	pid := filepath.Join(t.TempDir(), "pid")
	script := `echo $$ > "$0.new"; echo '{"loss": 1, "params": {"W": [1]}, "grads": {"W": [1]}}'; mv "$0.new" "$0"; while read line; do [ "$line" = loss ] && sleep 30; done`
	cmd := checkCommand(t, "--", "sh", "-c", script, pid)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	child := 0
	for range 200 {
		if text, err := os.ReadFile(pid); err == nil {
			child, _ = strconv.Atoi(strings.TrimSpace(string(text)))
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	time.Sleep(100 * time.Millisecond)
	start := time.Now()
	cmd.Process.Signal(os.Interrupt)
	cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 130 || time.Since(start) > 10*time.Second {
		t.Errorf("exit status %d after %v\n%s", code, time.Since(start), stderr.String())
	}
	if p, err := os.FindProcess(child); child == 0 || err == nil && p.Signal(syscall.Signal(0)) == nil {
		t.Errorf("process %d is left", child)
	}
}
