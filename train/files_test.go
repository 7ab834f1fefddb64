package train_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"lstm/train/checkpoint"
	"lstm/train/rng"
	"lstm/train/settings"
	"lstm/train/task"
)

// TestKilled: for every task and optimizer, the test kills a process that saves all the time, three
// times, at random moments. Each time, the file is whole and not older than before, and another
// process goes on from it. The last file equals the file of a run that never stopped, to the bit.
func TestKilled(t *testing.T) {
	if testing.Short() || runtime.GOOS == "windows" {
		t.Skip("starts two hundred processes")
	}
	t.Parallel()
	exe, dir := command(t), t.TempDir()
	random := rng.New(1)
	lives, moved := 0, 0
	for _, kind := range task.All() {
		task := kind.Name
		for _, optimizer := range settings.Optimizers {
			name, whole := filepath.Join(dir, task+optimizer), filepath.Join(dir, "whole")
			args := []string{"-task", task, "-optimizer", optimizer, "-hidden", "8", "-rate", "1e-3", "-steps", "400", "-check", "off"}
			switch task {
			case "series":
				args = append(args, "-data", "testdata/co2.csv", "-column", "CO2", "-diff", "-window", "24")
			case "text":
				args = append(args, "-data", "../.ci/run", "-window", "16")
			}
			finish := func(args ...string) {
				t.Helper()
				out, err := exec.Command(exe, args...).CombinedOutput()
				if exit := new(exec.ExitError); err != nil && !(errors.As(err, &exit) && exit.ExitCode() == 1) { // 1: not learnt
					t.Fatalf("%v: %v\n%s", args, err, out)
				}
			}
			finish(append(args, "-save", whole)...)
			last := 0
			for range 3 {
				before := changed(name)
				cmd := exec.Command(exe, append(args, "-save", name, "-save-every", "1")...)
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				awaitChange(t, name, before)
				time.Sleep(time.Duration(random.Int(0, 15_000)) * time.Microsecond)
				cmd.Process.Kill()
				cmd.Wait()
				lives++
				k, err := checkpoint.Read(name)
				if err != nil || k.Iter < last {
					t.Fatalf("after iteration %d: %+v, %v", last, k, err)
				}
				if k.Iter > last && k.Iter < 400 {
					moved++
				}
				last = k.Iter
				args = []string{"-load", name, "-check", "off"}
			}
			finish(append(args, "-save", name)...)
			got, err1 := os.ReadFile(name)
			want, err2 := os.ReadFile(whole)
			if err1 != nil || err2 != nil || !bytes.Equal(got, want) {
				t.Errorf("%s by %s: differs from the run that never stopped (%v, %v)", task, optimizer, err1, err2)
			}
		}
	}
	t.Logf("killed %d times, %d of them on the way", lives, moved)
	if lives < 3*len(settings.Optimizers) || moved < lives/2 {
		t.Errorf("killed %d times, and only %d of them on the way", lives, moved)
	}
}

// changed returns the time when a file was last written, or the zero time if it does not exist.
func changed(name string) time.Time {
	info, err := os.Stat(name)
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}

// awaitChange waits until a file is written again.
func awaitChange(t *testing.T, name string, before time.Time) {
	for begun := time.Now(); changed(name).Equal(before); time.Sleep(time.Millisecond) {
		if time.Since(begun) > time.Minute {
			t.Fatal("no file in a minute")
		}
	}
}

// TestFiles saves, goes on, evaluates and interrupts a run, as a user does it.
func TestFiles(t *testing.T) {
	t.Parallel()
	name := task.All()[0].Name // any task
	dir := t.TempDir()
	do := func(want int, args string) string {
		t.Helper()
		stdout, stderr, code := run(t, dir, strings.Fields(args)...)
		if code != want {
			t.Errorf("lstm %s: exit status %d, want %d\n%s%s", args, code, want, stdout, stderr)
		}
		return stdout + stderr
	}
	read := func(name string) string {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	learnt := 0
	if run(t, dir, "-task", name, "-steps", "0", "-check", "off", "-save", "start"); true {
		_, _, learnt = run(t, dir, "-load", "start", "-steps", "1", "-check", "off") // 1 for a task with a criterion
	}
	do(learnt, "-task "+name+" -steps 120 -check off -save whole")
	do(learnt, "-task "+name+" -steps 60 -check off -save part")
	if out := do(learnt, "-load part -steps 120 -check off -save part"); !strings.Contains(out, " 60 ") || !strings.Contains(out, "part") {
		t.Errorf("the output does not say that the run goes on after 60 iterations, or lacks the name of the file:\n%s", out)
	}
	if read("part") != read("whole") {
		t.Error("the run differs from the run that never stopped")
	}
	do(0, "-load part -eval -check off")
	whole := read("part")
	if !absent(nil) { // the first step leads to infinity
		if out := do(1, "-rate 1e308 -check off -save part -save-every 1"); !strings.Contains(out, "-save: part") || !strings.Contains(out, "tensor") {
			t.Errorf("the output does not name the tensor that is not finite:\n%s", out)
		}
	}
	if read("part") != whole || read("whole") != whole {
		t.Error("a run that is not finite replaced a finite one")
	}
	for args, want := range map[string][]string{
		"-load part -hidden 99":    {`-hidden 99`},
		"-load part -task x":       {`-task`},
		"-load part -seed 7":       {`-seed 7`, `42`},
		"-load part -runs 3":       {`-runs`},
		"-load part -steps -1":     {`-steps`},
		"-load part -eval -save x": {`-save`, `-eval`},
	} {
		if out := do(2, args); strings.Count(out, "\n") != 1 || !has(out, want...) {
			t.Errorf("%s: %s", args, out)
		}
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 3 {
		t.Errorf("left behind: %v", entries)
	}
}

// TestInterrupted: an interrupt saves the run and ends with 130.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("no signals here")
	}
	dir, name := t.TempDir(), task.All()[0].Name
	cmd := exec.Command(command(t), "-task", name, "-hidden", "64", "-steps", "1000000", "-save", "cut", "-save-every", "20", "-report", "cut.html")
	cmd.Dir = dir
	var out bytes.Buffer
	cmd.Stdout = &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	awaitChange(t, filepath.Join(dir, "cut"), time.Time{})
	cmd.Process.Signal(os.Interrupt)
	cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 130 {
		t.Errorf("interrupted: exit status %d\n%s", code, &out)
	}
	k, err := checkpoint.Read(filepath.Join(dir, "cut"))
	if err != nil || k.Iter < 1 {
		t.Errorf("%+v, %v", k, err)
	}
	if html, err := os.ReadFile(filepath.Join(dir, "cut.html")); err != nil || !regexp.MustCompile(`<dt>done</dt><dd>[\d,]+ \w+</dd>`).Match(html) {
		t.Errorf("the page does not say how far the run came: %v", err)
	}
}

// TestReport: the command writes a page for every kind of training, check and end of a run.
func TestReport(t *testing.T) {
	t.Parallel()
	co2, _ := filepath.Abs("testdata/co2.csv")
	forum, _ := filepath.Abs("../check/given/glue/testdata/forum.json")
	for _, c := range []struct {
		args  string
		code  int
		has   []string // regular expressions
		lacks string
	}{
		{"-steps 50", 0, []string{`146`, `class="banner right"`, `id="loss"`, `id="check"`, `id="back"`}, ""},
		{"-steps 50 -check fast", 0, []string{`id="check"`, `id="back"`}, ""},
		{"-task order -steps 20 -check off", 1, []string{`20 sequences`}, `id="check"`},
		{"-rate 1e160 -steps 1 -check off", 0, []string{`id="steps"`, `id="back"`}, `id="check"`},
		{"-rate 1e9", 1, []string{`diverged`, `id="check"`}, ""},
		{"-task series -data " + co2 + " -column CO2 -rate 100 -optimizer sgd -clip 0 -check off", 1, []string{`diverged`, `id="forecast"`}, `id="check"`},
		{"museum no-forget", 0, []string{`dcNext = dc\*f`, `\b99\b`, `of 110`}, ""},
		{"museum", 0, []string{`id="card-no-forget"`, `id="card-stale"`, `id="walk-data"`}, ""},
		{"check " + forum, 0, []string{`class="banner right"`, `id="lines"`, `id="check"`, `id="read"`, `forum\.json`}, ""},
		{"-steps 50 -data none", 2, nil, ""},
	} {
		args := strings.Fields(c.args)
		if absent(args) {
			continue
		}
		t.Run(c.args, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			stdout, stderr, code := run(t, dir, append(args, "-report", "page.html")...)
			html, err := os.ReadFile(filepath.Join(dir, "page.html"))
			if code != c.code || (err == nil) != (c.has != nil) || (err == nil) != strings.Contains(stdout, "page.html") {
				t.Errorf("exit status %d, want %d; %v\n%s%s", code, c.code, err, stdout, stderr)
			}
			if !has(string(html), c.has...) || c.lacks != "" && strings.Contains(string(html), c.lacks) {
				t.Errorf("the page lacks one of %q, or has %q", c.has, c.lacks)
			}
		})
	}
}

// TestBadFiles: for a wrong file, the command ends with exit status 2 and one line that names the file
// and the mistake in it. The file of -save does not change.
func TestBadFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	fails := func(what, want string, args ...string) {
		t.Helper()
		if absent(args) && args[0] == "-task" {
			return
		}
		write("kept", []byte("what was there"))
		out, stderr, code := run(t, dir, append(args, "-save", "kept")...)
		if code != 2 || out != "" || !regexp.MustCompile(`^lstm: [^\n]*`+want+`[^\n]*\n$`).MatchString(stderr) || len(stderr) > 1000 {
			t.Errorf("%s: exit status %d\n%s%s\nwant %s", what, code, out, stderr, want)
		}
		if kept, err := os.ReadFile(filepath.Join(dir, "kept")); err != nil || string(kept) != "what was there" {
			t.Errorf("%s: the file of -save is now %q, %v", what, kept, err)
		}
	}
	rows := func(n int, row string) string { return strings.Repeat(row+"\n", n) }
	for what, c := range map[string]struct{ text, want string }{
		"ragged":         {"d,v\n" + rows(60, "x,1") + "x\n", `-data: x\.csv: line 62: .*1.*2`},
		"NaN is missing": {"d,v\n" + rows(60, "x,1") + "x,NaN\n", `x\.csv: .*62.*-fill`},
		"Inf":            {"d,v\n" + rows(60, "x,1") + "x,-inf\n", `x\.csv: line 62: .*"-inf"`},
		"a word":         {"d,v\n" + rows(60, "x,1") + "x,about 3\n", `x\.csv: line 62: .*"about 3"`},
		"unknown column": {"d,w\n" + rows(60, "x,1"), `x\.csv: .*"v".*d, w`},
		"two rows":       {"d,v\nx,1\nx,2\n", `x\.csv: .*2 .*50`},
		"one row":        {"d,v\n", `x\.csv: `},
		"empty":          {"", `x\.csv: .*empty`},
		"comments":       {"# d,v\n", `x\.csv: `},
		"out of range":   {"d,v\n" + rows(60, "x,1e308\nx,-1e308"), `x\.csv: v: value 1 .*1e\+308`},
		"constant":       {"d,v\n" + rows(60, "x,7"), `x\.csv: v: `},
		"all missing":    {"d,v\n" + rows(60, "x,"), `x\.csv: v: .*missing`},
		"an open quote":  {"d,v\n" + rows(60, "x,1") + "x,\"1\n", `x\.csv: line 62: .*quote`},
		"no text":        {"d,v\n" + rows(60, "x,1") + "x,\x00\x1b[2J\n", `x\.csv: line 62: .*zero`},
	} {
		write("x.csv", []byte(c.text))
		fails(what, c.want, "-task", "series", "-data", "x.csv", "-column", "v")
	}
	for what, size := range map[string]int64{"a line of 1 GB": 1 << 30, "a line of 2 MB": 2 << 20} {
		write("x.csv", []byte("v\n1\n2\n"))
		if err := os.Truncate(filepath.Join(dir, "x.csv"), size); err != nil {
			t.Fatal(err)
		}
		fails(what, `x\.csv: line 4: .*1048576`, "-task", "series", "-data", "x.csv", "-column", "v")
	}
	fails("no file", `-data: [^\n]*none\.csv`, "-task", "series", "-data", "none.csv")
	fails("a directory", `-data: \.: `, "-task", "series", "-data", ".")

	if absent(nil) {
		return
	}
	run(t, dir, "-task", "delay", "-hidden", "2", "-steps", "3", "-check", "off", "-save", "good")
	good, err := os.ReadFile(filepath.Join(dir, "good"))
	if err != nil {
		t.Fatal(err)
	}
	n := binary.LittleEndian.Uint64(good)
	header := string(good[8 : 8+n])
	with := func(header string) []byte {
		b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
		return append(append(b, header...), good[8+n:]...)
	}
	replace := func(old, new string) []byte {
		if !strings.Contains(header, old) {
			t.Fatalf("the header has no %s:\n%s", old, header)
		}
		return with(strings.Replace(header, old, new, 1))
	}
	nan := bytes.Clone(good)
	binary.LittleEndian.PutUint64(nan[8+n+8:], math.Float64bits(math.NaN()))
	for what, c := range map[string]struct {
		data []byte
		want string
	}{
		"header beyond the file": {good[:100], `.*header.*92`},
		"header of 100 MB":       {append(binary.LittleEndian.AppendUint64(nil, 100<<20), make([]byte, 100<<20)...), `.*header.*104857600.*8388608`},
		"overlap":                {replace(`[64,192]`, `[56,184]`), `tensor "lstm\.weight_hh_l0": .*56 .*64`},
		"backwards":              {replace(`[0,64]`, `[64,0]`), `tensor "lstm\.weight_ih_l0": .*64 .*0`},
		"past the end":           {replace(`[0,64]`, `[0,6400000]`), `tensor "lstm\.weight_ih_l0": .*6400000`},
		"dtype":                  {replace(`F64`, `C64`), `tensor "linear\.bias".*"C64"`},
		"shape":                  {replace(`[8,1]`, `[4,2]`), `tensor "lstm\.weight_ih_l0" .*\[4 2\].*\[8 2\]`},
		"a tensor twice":         {with(strings.Replace(header, `"linear.weight"`, `"linear.bias"`, 1)), `.*tensor "linear\.bias"`},
		"metadata twice":         {with(strings.Replace(header, `{"__metadata__"`, `{"__metadata__":{},"__metadata__"`, 1)), `.*"__metadata__"`},
		"a NaN weight":           {nan, `tensor "lstm\.weight_ih_l0".*1 .*NaN`},
		"cut off":                {good[:len(good)-1], `tensor "[^"]*": `},
		"deep":                   {with(strings.Repeat(`{"a":`, 200_000)), `.*tensor "a"`},
		"no such file":           {[]byte("hello, this is a text"), `.*header.*\d+`},
		"empty":                  {nil, `.*0 bytes`},
	} {
		write("x.st", c.data)
		fails(what, `-load: x\.st: `+c.want, "-load", "x.st")
	}
	fails("a directory", `-load: \.: `, "-load", ".")
	if runtime.GOOS != "windows" {
		fails("without end", `-load: /dev/zero: `, "-load", "/dev/zero")
	}
}
