// The tests of the command are here because the top level has no place for them.
package train_test

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"lstm/train"
	"lstm/train/rng"
)

// build compiles the command and returns its path.
func build(t *testing.T) string {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go command to build with")
	}
	exe := filepath.Join(t.TempDir(), "lstm")
	if runtime.GOOS == "windows" {
		exe += ".exe"
	}
	if out, err := exec.Command("go", "build", "-o", exe, "..").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return exe
}

// TestCommand runs the command with good and bad flags: exit status, and one line that
// names the flag and what it takes.
func TestCommand(t *testing.T) {
	exe := build(t)
	for _, c := range []struct {
		args   string
		code   int
		stdout string // both are regular expressions, to be found in the output
		stderr string
	}{
		{"-h", 0, `(?s)-task NAME.*-seed N.*-hidden N.*-steps N.*-rate R.*-check C.*-bug B.*-hidden 5 -steps 5000 -optimizer sgd -rate 0.01`, `^$`},
		{"-steps 150 -seed 42", 0, `(?s)146 parameters.*\n +0  1\.0765\n +100  1\.0971\n +150  \d\.\d{4}  the end\n.*\ngrads are ok: 226 entries`, `^$`},
		{"-steps 150 -seed 4294967295 -check 2", 0, `(?s)\nWf +2 .*grads are ok: 25 entries`, `^$`},
		{"-steps 0 -check off", 0, `\n +0  1\.0000  the end\n$`, `^$`},
		{"-task sine -steps 200 -hidden 3 -rate 0.02", 0, `(?s)3 hidden.*  free run   [▁-█]{40}  error \d\.\d{3}\n.*grads are ok`, `^$`},
		{"-rate 100", 1, `An LSTM`, `^lstm: training diverged: at iteration 2 the average loss became 6.515e\+11; [^\n]*-rate below 100\n$`},
		{"-task nonsense", 2, `^$`, `^lstm: invalid value "nonsense" for flag -task: it takes adding, delay, order, reber, series, sine or text\n$`},
		{"-hidden 0", 2, `^$`, `^lstm: .* -hidden: it takes a whole number from 1 to 4096\n$`},
		{"-hidden -5", 2, `^$`, `^lstm: .* -hidden: it takes a whole number from 1 to 4096\n$`},
		{"-hidden 1000000000", 2, `^$`, `^lstm: .* -hidden: it takes a whole number from 1 to 4096\n$`},
		{"-steps -1", 2, `^$`, `^lstm: .* -steps: it takes a whole number from 0 to 1000000000\n$`},
		{"-steps 1e3", 2, `^$`, `^lstm: .* -steps: it takes a whole number from 0 to 1000000000\n$`},
		{"-steps 99999999999999999999", 2, `^$`, `^lstm: .* -steps: it takes a whole number from 0 to 1000000000\n$`},
		{"-rate NaN", 2, `^$`, `^lstm: .* -rate: it takes a finite number above 0\n$`},
		{"-rate 0", 2, `^$`, `^lstm: .* -rate: it takes a finite number above 0\n$`},
		{"-rate 1e999", 2, `^$`, `^lstm: .* -rate: it takes a finite number above 0\n$`},
		{"-seed -1", 2, `^$`, `^lstm: .* -seed: it takes a whole number from 0 to 4294967295\n$`},
		{"-seed 4294967296", 2, `^$`, `^lstm: .* -seed: it takes a whole number from 0 to 4294967295\n$`},
		{"-bug list", 0, `(?s)no-forget +dc is carried without the forget gate\n.*echo `, `^$`},
		{"-bug no-forget", 0, `(?s)99 of 110 entries are wrong.*step t2 of t0 to t3, gate i, unit 0.*cause  dc is carried without the forget gate`, `^$`},
		{"-bug all", 0, `(?s)no-forget +falls +99/110 +2nd i +named +1\n.*echo +falls +unseen`, `^$`},
		{"-bug none", 2, `^$`, `^lstm: invalid value "none" for flag -bug: it takes list, all, or the name of an exhibit \(-bug list names them\)\n$`},
		{"-steps 50 -hidden 64 -check fast", 0, `(?s)to the power 2\.\d\d.*grads are ok along a random direction, by \d\d losses\n$`, `^$`},
		{"-check 0", 2, `^$`, `^lstm: .* -check: it takes all, fast, off, or a whole number from 1 to 2147483647\n$`},
		{"-check some", 2, `^$`, `^lstm: .* -check: it takes all, fast, off, or a whole number from 1 to 2147483647\n$`},
		{"-check 2147483648", 2, `^$`, `^lstm: .* -check: it takes all, fast, off, or a whole number from 1 to 2147483647\n$`},
		{"-rate inf", 2, `^$`, `^lstm: .* -rate: it takes a finite number above 0\n$`},
		{"-rate 1e308 -steps 1 -check off", 1, `An LSTM`, `^lstm: training diverged: at iteration 0 W[^\n]*-rate[^\n]*\n$`},
		{"-task reber -seed 3", 0, `(?s)string  loss .*right of 512\n +0 .* 512  the end\n\nlearnt after \d+ strings; of 2560 fresh ones it gets \d wrong.*\ngrads are ok`, `^$`},
		{"-task order -steps 200 -check off", 1, `(?s)at most, adam.*not learnt after 200 sequences\n$`, `^$`},
		{"-task reber -runs 2 -seed 3", 0, `(?s)seed  iterations.*\n +3 +\d+ .*learnt.*\n +4 .*\n2 of 2 learnt\n  iterations   mean`, `^$`},
		{"-task delay -runs 3 -steps 50", 0, `(?s)3 of 3 done\n  average +mean 1\.\d+`, `^$`},
		{"-runs 2 -rate 100", 1, `(?s)training diverged.*0 of 2 `, `^$`},
		{"-task delay -steps 300 -window 6 -stride 2 -optimizer adamw -rate 0.005 -halve 100 -clip 1", 0, `(?s)every 2 steps, back through 6.*On the last window of a fresh sequence.*held fixed.*grads are ok`, `^$`},
		{"-task text -data ../README.md -steps 20 -hidden 8 -window 16 -check 2", 0, `(?s)bits a character.*unigram entropy.*temperature 0.7.*grads are ok`, `^$`},
		{"-task adding -length 20 -steps 100 -check fast", 1, `(?s)grads are ok along`, `^$`},
		{"-task series -data testdata/co2.csv -column CO2 -diff -steps 300 -check 2", 0, `(?s)741 values; the last 148 are held out.*persistence  .*seasonal persistence, lag 12 .*autoregression, \d+ lags .*the LSTM .*grads are ok`, `^$`},
		{"-task series", 2, `^$`, `^lstm: task series takes a -data FILE[^\n]*\n$`},
		{"-task series -data testdata/co2.csv", 2, `^$`, `^lstm: -data: testdata/co2.csv: [^\n]*-column[^\n]* Date, CO2, adjusted CO2\n$`},
		{"-task series -data testdata/co2.csv -column co2", 2, `^$`, `^lstm: -data: testdata/co2.csv: [^\n]*"co2"[^\n]* Date, CO2, adjusted CO2\n$`},
		{"-task series -fill spline", 2, `^$`, `^lstm: .* -fill: it takes linear or previous\n$`},
		{"-task sine -column x", 2, `^$`, `^lstm: task sine has no use for -column\n$`},
		{"-stride 5 -window 4", 2, `^$`, `^lstm: -stride 5 is above -window 4: [^\n]*\n$`},
		{"-window 0", 2, `^$`, `^lstm: .* -window: it takes a whole number from 1 to 1000000\n$`},
		{"-stride 0", 2, `^$`, `^lstm: .* -stride: it takes a whole number from 1 to 1000000\n$`},
		{"-optimizer magic", 2, `^$`, `^lstm: .* -optimizer: it takes sgd, momentum, nesterov, adam or adamw\n$`},
		{"-clip -1", 2, `^$`, `^lstm: .* -clip: it takes a finite number, 0 or above\n$`},
		{"-forget-bias NaN", 2, `^$`, `^lstm: .* -forget-bias: it takes a finite number\n$`},
		{"-task text -temperature 0", 2, `^$`, `^lstm: .* -temperature: it takes a finite number above 0\n$`},
		{"-task text -data none.txt", 2, `^$`, `^lstm: -data: stat none.txt: [^\n]*\n$`},
		{"-task text -data /dev/null", 2, `^$`, `^lstm: -data: /dev/null: not a regular file\n$`},
		{"-length 50", 2, `^$`, `^lstm: task delay has no use for -length\n$`},
		{"-runs 0", 2, `^$`, `^lstm: .* -runs: it takes a whole number from 1 to 1000000\n$`},
		{"-runs 2 -check all", 2, `^$`, `^lstm: -check: with -runs nothing is checked\n$`},
		{"-seed 4294967295 -runs 2", 2, `^$`, `^lstm: -runs 2: from seed 4294967295 on there are not so many\n$`},
		{"-seed", 2, `^$`, `^lstm: flag needs an argument: -seed: it takes a whole number from 0 to 4294967295\n$`},
		{"-nonsense", 2, `^$`, `^lstm: [^\n]*-nonsense[^\n]*\n$`},
		{"train", 2, `^$`, `^lstm: argument "train": [^\n]*flags[^\n]*\n$`},
	} {
		var stdout, stderr bytes.Buffer
		cmd := exec.Command(exe, strings.Fields(c.args)...)
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		err := cmd.Run()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		if code := cmd.ProcessState.ExitCode(); code != c.code {
			t.Errorf("lstm %s: exit status %d, want %d", c.args, code, c.code)
		}
		if !regexp.MustCompile(c.stdout).Match(stdout.Bytes()) {
			t.Errorf("lstm %s: standard output\n%s\nwant %s", c.args, &stdout, c.stdout)
		}
		if !regexp.MustCompile(c.stderr).Match(stderr.Bytes()) {
			t.Errorf("lstm %s: standard error\n%s\nwant %s", c.args, &stderr, c.stderr)
		}
	}
}

// TestKilled: for every task and optimizer, a process that saves all the time is killed three
// times, at random moments, and each time another goes on from its file, which is whole, and no
// older than the one seen before. In the end there is the run that never stopped, to the bit.
func TestKilled(t *testing.T) {
	if testing.Short() || runtime.GOOS == "windows" {
		t.Skip("starts two hundred processes")
	}
	exe, dir := build(t), t.TempDir()
	random := rng.New(1)
	lives, moved := 0, 0
	for _, task := range train.Tasks() {
		for _, optimizer := range train.Optimizers {
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
				k, err := train.ReadCheckpoint(name)
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
				t.Errorf("%s by %s: not the run that never stopped (%v, %v)", task, optimizer, err1, err2)
			}
		}
	}
	t.Logf("killed %d times, %d of them on the way", lives, moved)
	if lives < 100 || moved < lives/2 {
		t.Errorf("killed %d times, and only %d of them on the way", lives, moved)
	}
}

// changed returns when a file was last written; the zero time if it is not there.
func changed(name string) time.Time {
	info, err := os.Stat(name)
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}

// awaitChange waits until a file is written anew.
func awaitChange(t *testing.T, name string, before time.Time) {
	for begun := time.Now(); changed(name).Equal(before); time.Sleep(time.Millisecond) {
		if time.Since(begun) > time.Minute {
			t.Fatal("no file in a minute")
		}
	}
}

// TestFiles: saving, going on, evaluating, and being interrupted, as a user does it.
func TestFiles(t *testing.T) {
	exe, dir := build(t), t.TempDir()
	run := func(want int, args string) string {
		t.Helper()
		cmd := exec.Command(exe, strings.Fields(args)...)
		cmd.Dir = dir
		out, _ := cmd.CombinedOutput()
		if code := cmd.ProcessState.ExitCode(); code != want {
			t.Errorf("lstm %s: exit status %d, want %d\n%s", args, code, want, out)
		}
		return string(out)
	}
	expect := func(out, want string) {
		t.Helper()
		if !regexp.MustCompile(want).MatchString(out) {
			t.Errorf("%s\nwant %s", out, want)
		}
	}
	read := func(name string) string {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	run(0, "-task sine -steps 120 -check off -save whole")
	run(0, "-task sine -steps 60 -check off -save part")
	expect(run(0, "-load part -steps 120 -check off -save part"), `Going on after 60 iterations[^$]*Saved in part\.`)
	if read("part") != read("whole") {
		t.Error("not the run that never stopped")
	}
	expect(run(0, "-load part -eval"), `(?s)free run .*grads are ok`)
	run(0, "-steps 10 -check off -save delay")
	expect(run(0, "-load delay -eval -check off"), `over 100 fresh sequences the loss is \d+\.\d{4} in the mean\n$`)
	whole := read("delay")
	expect(run(1, "-task delay -rate 1e308 -check off -save delay -save-every 1"), `-save: delay is not written: tensor "[^\n]* is [-+]?[IN][^\n]*: numbers must be finite\n`)
	if read("delay") != whole {
		t.Error("a run that is not finite was saved over one that is")
	}
	os.Remove(filepath.Join(dir, "delay"))
	for args, want := range map[string]string{
		"-load none":              `^lstm: -load: stat none: [^\n]*\n$`,
		"-load part -hidden 9":    `^lstm: -hidden 9: what is loaded has 5\n$`,
		"-load part -task delay":  `^lstm: -task delay: what is loaded has sine\n$`,
		"-load part -diff":        `^lstm: -diff true: what is loaded has false\n$`,
		"-load part -seed 7":      `^lstm: -seed 7: what is loaded has 42\n$`,
		"-load part -runs 3":      `^lstm: -runs: it neither loads nor saves, forecasts or reports\n$`,
		"-eval":                   `^lstm: -eval: it takes a -load[^\n]*\n$`,
		"-save-every 5":           `^lstm: -save-every: it takes a -save[^\n]*\n$`,
		"-save .":                 `^lstm: -save: \.: [^\n]*\n$`,
		"-save none/x":            `^lstm: -save: [^\n]*none[^\n]*\n$`,
		"-load part -steps -1":    `-steps: it takes a whole number`,
		"-rate 1e300 -save whole": `An LSTM`,
	} {
		code := 2
		if strings.HasPrefix(args, "-rate") {
			code = 1 // and what diverged is not saved
		}
		expect(run(code, args), want)
	}
	if read("part") != read("whole") {
		t.Error("a run that diverged was saved over one that did not")
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 2 {
		t.Errorf("left behind: %v", entries)
	}
	if runtime.GOOS == "windows" {
		return
	}
	cmd := exec.Command(exe, "-task", "order", "-hidden", "64", "-steps", "1000000", "-save", "cut", "-save-every", "100")
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
		t.Errorf("interrupted: exit status %d", code)
	}
	expect(out.String(), `the end\n\nSaved in cut\.\n\nInterrupted after \d+ sequences\.\n\nnot learnt after \d+ sequences\n$`)
	k, err := train.ReadCheckpoint(filepath.Join(dir, "cut"))
	if err != nil || k.Iter < 1 {
		t.Errorf("%+v, %v", k, err)
	}
}

// TestReport: the page says of the run what the command says, however it was trained, checked and
// ended.
func TestReport(t *testing.T) {
	exe, dir := build(t), t.TempDir()
	co2, err := filepath.Abs("testdata/co2.csv")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args string
		code int
		want []string // in the page
	}{
		{"-steps 50 -save net", 0, []string{"50 iterations of gradient descent", "Grads are ok: ", `id="loss"`}},
		{"-load net -eval -check fast", 0, []string{"Grads are ok along a random direction", "over 100 fresh sequences the loss is ", `id="back"`}},
		{"-load net -eval -data /dev/null", 2, nil},
		{"-task order -steps 20 -check off", 1, []string{"not learnt after 20 sequences", "The gradient was not checked."}},
		{"-rate 1e9", 1, []string{"training diverged: ", "What is shown is the network that training began with", "Grads are ok"}},
		{"-task series -data " + co2 + " -column CO2 -rate 100 -optimizer sgd -clip 0 -check off", 1, []string{"training diverged: ", "The gradient was not checked"}},
		{"-bug no-forget", 0, []string{"dcNext = dc*f", "Grads are wrong: 99 of 110 entries"}},
	} {
		page := filepath.Join(dir, "page.html")
		os.Remove(page)
		cmd := exec.Command(exe, append(strings.Fields(c.args), "-report", page)...)
		cmd.Dir = dir
		out, _ := cmd.CombinedOutput()
		if code := cmd.ProcessState.ExitCode(); code != c.code {
			t.Errorf("%s: exit status %d, want %d\n%s", c.args, code, c.code, out)
		}
		html, err := os.ReadFile(page)
		if (err == nil) != (c.want != nil) || (err == nil) != strings.Contains(string(out), "The report is in "+page) {
			t.Errorf("%s: %v\n%s", c.args, err, out)
		}
		for _, want := range c.want {
			if !strings.Contains(string(html), want) {
				t.Errorf("%s: the page does not say %s", c.args, want)
			}
		}
	}
	if runtime.GOOS == "windows" {
		return // no signals here
	}
	page := filepath.Join(dir, "cut.html")
	cmd := exec.Command(exe, "-task", "order", "-hidden", "64", "-steps", "1000000", "-report", page)
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(pipe); lines.Scan(); {
		if strings.HasPrefix(strings.TrimSpace(lines.Text()), "100 ") { // a row of training
			cmd.Process.Signal(os.Interrupt)
		}
	}
	cmd.Wait()
	html, err := os.ReadFile(page)
	if code := cmd.ProcessState.ExitCode(); code != 130 || err != nil || !regexp.MustCompile(`<dt>done</dt><dd>\d+ sequences</dd>`).Match(html) {
		t.Errorf("interrupted: exit status %d, %v", code, err)
	}
}

// TestBadFiles: whatever is wrong with a file, the command ends with exit status 2 and one line
// that names the file, and what in it; and what stands under the name of -save stays.
func TestBadFiles(t *testing.T) {
	exe, dir := build(t), t.TempDir()
	write := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	run := func(args ...string) (code int, out, stderr string) {
		var a, b bytes.Buffer
		cmd := exec.Command(exe, args...)
		cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &a, &b
		cmd.Run()
		return cmd.ProcessState.ExitCode(), a.String(), b.String()
	}
	fails := func(what, want string, args ...string) {
		t.Helper()
		write("kept", []byte("what was there"))
		code, out, stderr := run(append(args, "-save", "kept")...)
		if code != 2 || out != "" || !regexp.MustCompile(`^lstm: [^\n]*`+want+`[^\n]*\n$`).MatchString(stderr) || len(stderr) > 1000 {
			t.Errorf("%s: exit status %d\n%s%s\nwant %s", what, code, out, stderr, want)
		}
		if kept, err := os.ReadFile(filepath.Join(dir, "kept")); err != nil || string(kept) != "what was there" {
			t.Errorf("%s: what -save names is now %q, %v", what, kept, err)
		}
	}
	rows := func(n int, row string) string { return strings.Repeat(row+"\n", n) }
	for what, c := range map[string]struct{ text, want string }{
		"ragged":         {"d,v\n" + rows(60, "x,1") + "x\n", `-data: x\.csv: line 62: `},
		"NaN is missing": {"d,v\n" + rows(60, "x,1") + "x,NaN\n", `x\.csv: v: [^\n]* 62[^\n]* -fill`},
		"Inf":            {"d,v\n" + rows(60, "x,1") + "x,-inf\n", `x\.csv: line 62: v: "-inf"`},
		"a word":         {"d,v\n" + rows(60, "x,1") + "x,about 3\n", `x\.csv: line 62: v: "about 3"`},
		"unknown column": {"d,w\n" + rows(60, "x,1"), `x\.csv: [^\n]*"v"[^\n]* d, w`},
		"two rows":       {"d,v\nx,1\nx,2\n", `x\.csv: v: 2 [^\n]*50`},
		"one row":        {"d,v\n", `-data: x\.csv: `},
		"empty":          {"", `-data: x\.csv: `},
		"comments":       {"# d,v\n", `-data: x\.csv: `},
		"constant":       {"d,v\n" + rows(60, "x,7"), `x\.csv: v: `},
		"all missing":    {"d,v\n" + rows(60, "x,"), `x\.csv: v: [^\n]*60[^\n]* 2 3 4 5 6 7 `},
		"an open quote":  {"d,v\n" + rows(60, "x,1") + "x,\"1\n", `x\.csv: line 62: `},
		"no text":        {"d,v\n" + rows(60, "x,1") + "x,\x00\x1b[2J\n", `x\.csv: line 62: v: "\\x00\\x1b\[2J"`},
	} {
		write("x.csv", []byte(c.text))
		fails(what, c.want, "-task", "series", "-data", "x.csv", "-column", "v")
	}
	for what, size := range map[string]int64{"a line of 1 GB": 1 << 30, "a line of 2 MB": 2 << 20} {
		write("x.csv", []byte("v\n1\n2\n"))
		if err := os.Truncate(filepath.Join(dir, "x.csv"), size); err != nil {
			t.Fatal(err)
		}
		fails(what, `x\.csv: line 4: `, "-task", "series", "-data", "x.csv", "-column", "v")
	}
	fails("no file", `-data: [^\n]*none\.csv`, "-task", "series", "-data", "none.csv")
	fails("a directory", `-data: \.: not a regular file`, "-task", "series", "-data", ".")

	run("-task", "delay", "-hidden", "2", "-steps", "3", "-check", "off", "-save", "good")
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
		"header beyond the file": {good[:100], `the header is to be \d+ bytes long, and 92 follow`},
		"header of 100 MB":       {append(binary.LittleEndian.AppendUint64(nil, 100<<20), make([]byte, 100<<20)...), `the header is to be 104857600 bytes long, of 1048576 at most`},
		"overlap":                {replace(`[64,192]`, `[56,184]`), `tensor "lstm\.weight_hh_l0": its data is to be bytes 56 to 184, and should begin at 64`},
		"backwards":              {replace(`[0,64]`, `[64,0]`), `tensor "lstm\.weight_ih_l0": its data is to be bytes 64 to 0`},
		"past the end":           {replace(`[0,64]`, `[0,6400000]`), `tensor "lstm\.weight_ih_l0": its data is to be bytes 0 to 6400000`},
		"dtype":                  {replace(`F64`, `BF16`), `tensor "linear\.bias": its type is "BF16", and F64 and F32 are all that is read here`},
		"shape":                  {replace(`[8,1]`, `[4,2]`), `tensor "lstm\.weight_ih_l0" has the shape \[4 2\], and with 2 inputs, 2 hidden units and 1 outputs that should be \[8 2\]`},
		"a tensor twice":         {with(strings.Replace(header, `"linear.weight"`, `"linear.bias"`, 1)), `header: tensor "linear\.bias" is there twice`},
		"metadata twice":         {with(strings.Replace(header, `{"__metadata__"`, `{"__metadata__":{},"__metadata__"`, 1)), `header: tensor "__metadata__" is there twice`},
		"a NaN weight":           {nan, `tensor "lstm\.weight_ih_l0" is NaN at entry 1: numbers must be finite`},
		"cut off":                {good[:len(good)-1], `tensor "[^"]*": its data is to be bytes`},
		"deep":                   {with(strings.Repeat(`{"a":`, 200_000)), `header: tensor "a": `},
		"no such file":           {[]byte("hello, this is a text"), `the header is to be \d+ bytes long`},
		"empty":                  {nil, `0 bytes are no safetensors file`},
	} {
		write("x.st", c.data)
		fails(what, `-load: x\.st: `+c.want, "-load", "x.st")
	}
	fails("a directory", `-load: \.: not a regular file`, "-load", ".")
	if runtime.GOOS != "windows" {
		fails("without end", `-load: /dev/zero: not a regular file`, "-load", "/dev/zero")
	}
}

// TestSignals: the first interrupt waits for the iteration to end, a second one does not.
func TestSignals(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no signals here")
	}
	cmd := exec.Command(build(t), "-task", "adding", "-length", "40000", "-hidden", "300", "-steps", "100")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	time.Sleep(time.Second) // it is in its first iteration, of some seconds
	cmd.Process.Signal(os.Interrupt)
	select {
	case <-ended:
		t.Fatal("ended at once")
	case <-time.After(300 * time.Millisecond):
	}
	cmd.Process.Signal(os.Interrupt)
	select {
	case <-ended:
	case <-time.After(time.Second):
		cmd.Process.Kill()
		t.Error("still there a second after the second interrupt")
	}
}

// TestLostOutput: output that could not be written is no success.
func TestLostOutput(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("no /dev/full here")
	}
	defer full.Close()
	cmd := exec.Command(build(t), "-steps", "10")
	cmd.Stdout = full
	if err := cmd.Run(); cmd.ProcessState.ExitCode() != 1 {
		t.Errorf("standard output is full: %v, want exit status 1", err)
	}
}

// TestBroken builds the command from copies of the source in which one line of the
// backward pass is wrong, and expects it to say so.
func TestBroken(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles the tree several times")
	}
	for _, c := range []struct {
		name, file, right, wrong string
		want                     string // in what it says, of the default task or, in front of a colon, another
	}{
		{"carried without the forget gate", "cell/cell.go", "s.DCPrev[j] = d * f[j]", "s.DCPrev[j] = d", "dc is carried without the forget gate"},
		{"h for tanh c", "cell/cell.go", "do[j] = s.DH[j] * tanhC *", "do[j] = s.DH[j] * s.H[j] *", "gate o, unit 0: the first wrong dz"},
		{"targets' sign", "bptt/loss.go", "dy[i] = 2 * d / n", "dy[i] = -2 * d / n", "target and output have changed places"},
		{"a constant factor", "bptt/loss.go", "dy[i] = 2 * d / n", "dy[i] = d / n", "the 2 of the square is forgotten"},
		{"h before the step", "bptt/bptt.go", "asked, dy := w.h[(n-m+1)*p.H:(n+1)*p.H]", "asked, dy := w.h[(n-m)*p.H:n*p.H]", "dWy takes h of the step before"},
		{"tanh′ of g", "cell/cell.go", "math.FMA(-g[j], g[j], 1)", "(g[j] * (1 - g[j]))", "the candidate gets the derivative of σ"},
		{"c for c'", "cell/cell.go", "d * s.CPrev[j] *", "d * s.C[j] *", "the forget gate multiplies c of the step before"},
		{"no dh", "cell/cell.go", "tensor.MatVec(s.DHPrev, wh, s.Z)", "_ = wh", "dh is not carried"},
		{"h∘c, there and back", "cell/cell.go", "tensor.Mul(s.H, o, s.TanhC)", "copy(s.TanhC, s.C); tensor.Mul(s.H, o, s.C)", "the network is not an LSTM as it should be"},
		{"x ahead", "cell/cell.go", "tensor.Outers(g.Wx, x, dz, t)", "tensor.Outers(g.Wx, append(append([]float64(nil), x[g.X:]...), make([]float64, g.X)...), dz, t)", "dW takes x of another step: +1"},
		{"another loss", "bptt/loss.go", "sum = math.FMA(d, d, sum)", "sum = math.FMA(d, 1.1*d, sum)", "those of an LSTM as it should be"},
		{"no target", "bptt/loss.go", "p[j] -= want[j]", "p[j] -= 0 * want[j]", "reber: grads are wrong"},
		{"the largest is forgotten", "bptt/loss.go", "p[m] = (1 - want[m]) - r/(1+r)", "p[m] = 0", "reber: grads are wrong"},
		{"asked too early", "bptt/bptt.go", "p.ReadBackward(dh[(n-m+1)*p.H:], dy, m)", "p.ReadBackward(dh[p.H:(m+1)*p.H], dy, m)", "order: the first wrong dz"},
		{"a bias short", "cell/cell.go", "tensor.Sum(g.B, dz)", "tensor.Sum(g.B, dz[4*g.H:])", "the sums for bi bo bg: no dz is wrong"},
	} {
		dir := t.TempDir()
		err := filepath.WalkDir("..", func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() || !regexp.MustCompile(`\.(go|s|h|mod)$`).MatchString(path) {
				return err
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			rel, _ := filepath.Rel("..", path)
			if filepath.ToSlash(rel) == c.file {
				if strings.Count(string(data), c.right) != 1 {
					t.Fatalf("%s: %q is not there once", c.file, c.right)
				}
				data = []byte(strings.Replace(string(data), c.right, c.wrong, 1))
			}
			if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(rel)), 0o777); err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(dir, rel), data, 0o666)
		})
		if err != nil {
			t.Fatal(err)
		}
		build := exec.Command("go", "build", "-tags", "purego", "-o", "lstm", ".")
		build.Dir = dir
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", c.name, err, out)
		}
		args, want := []string{"-steps", "0"}, c.want
		if task, other, found := strings.Cut(c.want, ": "); found && slices.Contains(train.Tasks(), task) {
			args, want = append(args, "-task", task, "-forget-bias", "3", "-input-bias", "0"), other
		}
		cmd := exec.Command(filepath.Join(dir, "lstm"), args...)
		out, _ := cmd.Output()
		if code := cmd.ProcessState.ExitCode(); code != 1 || !strings.Contains(string(out), want) {
			t.Errorf("%s: exit status %d, want 1, and %q:\n%s", c.name, code, want, out)
		}
	}
}
