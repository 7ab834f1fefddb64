// The tests of the command are here to keep the top level small.
package train_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"lstm/train/task"
)

var exe struct {
	sync.Once
	dir, name string
	err       error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if exe.dir != "" {
		os.RemoveAll(exe.dir)
	}
	os.Exit(code)
}

// command compiles the command, once for all tests, and returns its path.
func command(t testing.TB) string {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go command to build with")
	}
	exe.Do(func() {
		if exe.dir, exe.err = os.MkdirTemp("", "lstm"); exe.err != nil {
			return
		}
		exe.name = filepath.Join(exe.dir, "lstm")
		if runtime.GOOS == "windows" {
			exe.name += ".exe"
		}
		if out, err := exec.Command("go", "build", "-o", exe.name, "..").CombinedOutput(); err != nil {
			exe.err = errors.New(string(out))
		}
	})
	if exe.err != nil {
		t.Fatal(exe.err)
	}
	return exe.name
}

// run runs the command in a folder, and returns its output and its exit status.
func run(t testing.TB, dir string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := exec.Command(command(t), args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &errs
	if err := cmd.Run(); err != nil && !errors.As(err, new(*exec.ExitError)) {
		t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// absent reports whether the task of the arguments, or else the default task, is not in the tree. A
// task can be deleted together with its own tests; the other tests must still pass.
func absent(args []string) bool {
	name := "delay"
	if i := slices.Index(args, "-task"); i >= 0 && i+1 < len(args) {
		name = args[i+1]
	}
	_, ok := task.Find(name)
	return !ok && name != "nonsense" && !(len(args) > 0 && (args[0] == "museum" || args[0] == "check"))
}

// has reports whether a text matches all regular expressions.
func has(text string, all ...string) bool {
	return !slices.ContainsFunc(all, func(s string) bool { return !regexp.MustCompile(s).MatchString(text) })
}

// TestRuns: runs end with the right exit status, and show the right numbers.
func TestRuns(t *testing.T) {
	t.Parallel()
	co2, _ := filepath.Abs("testdata/co2.csv")
	text, _ := filepath.Abs("../.ci/run")
	for _, c := range []struct {
		args string
		code int
		want []string // regular expressions
	}{
		{"-h", 0, []string{`-task`, `-seed`, `-hidden`, `-check`, `museum`, `-hidden 5 -steps 5000 -optimizer sgd -rate 0.01`}},
		{"-steps 150 -seed 42", 0, []string{`146 `, `\n +0  1\.0765\n +100  1\.0971\n +150  \d\.\d{4}\n`, `\b226\b`}},
		{"-steps 150 -seed 4294967295 -check 2", 0, []string{`\nWf +2 `, `\b25\b.*\b218\b`}},
		{"-steps 0 -check off", 0, []string{`\n +0  1\.0000\n$`}},
		{"-task sine -steps 200 -hidden 3 -rate 0.02", 0, []string{`  [▁-█]{40}  \S+ \d\.\d{3}\n`}},
		{"-rate 1e308 -steps 1 -check off", 1, nil},
		{"-steps 50 -hidden 64 -check fast", 0, []string{`\b2\.\d\d\b`}},
		{"-task reber -seed 3", 0, []string{`\n +0 .*\n(.*\n)* .* 512\n`, `2,560`}},
		{"-task order -steps 200 -check off", 1, []string{`\b200\b`}},
		{"-task reber -runs 2 -seed 3", 0, []string{`\n +3 +\d+ `, `\n +4 +\d+ `}},
		{"-task delay -runs 3 -steps 50", 0, []string{` 1\.\d{4}`}},
		{"-runs 2 -rate 100", 1, nil},
		{"-task delay -steps 300 -window 6 -stride 2 -optimizer adamw -rate 0.005 -halve 100 -clip 1", 0, []string{`\b6\b`}},
		{"-task text -data " + text + " -steps 20 -hidden 8 -window 16 -check 2", 0, []string{`\n  \| `, `0\.7`}},
		{"-task adding -length 20 -steps 100 -check fast", 1, []string{`\b2\.\d\d\b`}},
		{"-task series -data " + co2 + " -column CO2 -diff -steps 300 -check 2", 0, []string{`\b741\b`, `\b148\b`, `\b12\b`}},
		{"museum", 0, []string{`no-forget `, `echo `}},
		{"museum no-forget", 0, []string{`\b99\b.*\b110\b`, `t2\b.*\bt0\b.*\bt3\b`, `dcNext = dc\*f`}},
		{"museum all", 0, []string{`no-forget .*\b99/110\b`}},
	} {
		args := strings.Fields(c.args)
		if absent(args) {
			continue
		}
		t.Run(c.args, func(t *testing.T) {
			t.Parallel()
			stdout, stderr, code := run(t, ".", args...)
			if code != c.code || !has(stdout, c.want...) || (stderr == "") != (!strings.Contains(c.args, "1e308")) {
				t.Errorf("exit status %d, want %d and %q\n%s%s", code, c.code, c.want, stdout, stderr)
			}
		})
	}
}

// TestRefused: for a wrong flag, the command does nothing. It prints one line with the flag and its
// allowed values, and ends with exit status 2.
func TestRefused(t *testing.T) {
	t.Parallel()
	co2, _ := filepath.Abs("testdata/co2.csv")
	for args, want := range map[string][]string{
		"-task nonsense":                  {`-task`, task.All()[0].Name},
		"-hidden 0":                       {`-hidden`, `1 to 4096`},
		"-hidden 1000000000":              {`-hidden`, `1 to 4096`},
		"-steps -1":                       {`-steps`, `0 to 1000000000`},
		"-steps 1e3":                      {`-steps`, `0 to 1000000000`},
		"-rate NaN":                       {`-rate`, `above 0`},
		"-rate inf":                       {`-rate`, `above 0`},
		"-seed -1":                        {`-seed`, `0 to 4294967295`},
		"-seed":                           {`-seed`, `0 to 4294967295`},
		"-check 0":                        {`-check`, `all, strict, fast, off`, `1 to 2147483647`},
		"-check some":                     {`-check`, `all, strict, fast, off`},
		"-optimizer magic":                {`-optimizer`, `sgd, momentum`},
		"-clip -1":                        {`-clip`, `0`},
		"-forget-bias NaN":                {`-forget-bias`},
		"-stride 5 -window 4":             {`-stride 5`, `-window 4`},
		"-length 50":                      {`-length`, `delay`},
		"-forecast x.csv":                 {`-forecast`, `delay`},
		"-runs 2 -check all":              {`-check`, `-runs`},
		"-seed 4294967295 -runs 2":        {`-runs 2`, `4294967295`},
		"-eval":                           {`-eval`, `-load`},
		"-save-every 5":                   {`-save-every`, `-save`},
		"-save .":                         {`-save`},
		"-save none/x":                    {`-save`, `none`},
		"-load none":                      {`-load`, `none`},
		"-nonsense":                       {`-nonsense`},
		"train":                           {`"train"`},
		"museum none":                     {`none`},
		"museum no-forget one-path":       {`no-forget one-path`},
		"museum no-forget -report none/x": {`-report`, `none`},
		"museum -seed 3":                  {`-seed`},
		"check":                           {`check`},
		"check none.json":                 {`none\.json`},
		"check none.json -report none/x":  {`-report`, `none`},
		"check a.json -report ./a.json":   {`-report`, `a\.json`},
		"-task text -temperature 0":       {`-temperature`, `above 0`},
		"-task text -data none.txt":       {`-data`, `none\.txt`},
		"-task text -data /dev/null":      {`-data`, `/dev/null`},
		"-task series":                    {`series`, `-data`},
		"-task series -fill spline":       {`-fill`, `linear or previous`},
		"-task series -data " + co2:       {`-data`, `co2\.csv`, `-column`, `CO2, adjusted CO2`},
		"-task series -data " + co2 + " -column ppm": {`-data`, `co2\.csv`, `"ppm"`, `Date, CO2, adjusted CO2`},
		"-task sine -column x":                       {`-column`, `sine`},
		"-task adding -length 19":                    {`-length`, `20`},
	} {
		list := strings.Fields(args)
		if absent(list) {
			continue
		}
		stdout, stderr, code := run(t, ".", list...)
		if line, ok := strings.CutSuffix(stderr, "\n"); code != 2 || stdout != "" || !ok || strings.Contains(line, "\n") || !has(line, append(want, `^lstm: `)...) {
			t.Errorf("%s: exit status %d, want 2 and %q\n%s%s", args, code, want, stdout, stderr)
		}
	}
}

// TestDivergedRun: one line names the iteration and a flag to try, and the command checks the gradient.
func TestDivergedRun(t *testing.T) {
	t.Parallel()
	if absent(nil) {
		t.Skip("the default task does not exist")
	}
	stdout, stderr, code := run(t, ".", "-rate", "100")
	if code != 1 || !has(stderr, `^lstm: [^\n]*\b2\b[^\n]*6\.515e\+11[^\n]*-rate [^\n]*100\n$`) || !has(stdout, `\b237\b`) {
		t.Errorf("exit status %d\n%s%s", code, stdout, stderr)
	}
}

// TestSignals: after the first interrupt, the command finishes the iteration. A second interrupt ends it at once.
func TestSignals(t *testing.T) {
	t.Parallel()
	args := []string{"-task", "adding", "-length", "40000", "-hidden", "300", "-steps", "100"}
	if runtime.GOOS == "windows" || testing.Short() || absent(args) {
		t.Skip("no signals, -short, or no such task")
	}
	cmd := exec.Command(command(t), args...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	time.Sleep(time.Second) // it is in its first iteration, which takes some seconds
	cmd.Process.Signal(os.Interrupt)
	select {
	case <-ended:
		t.Fatal("the command ended at once")
	case <-time.After(300 * time.Millisecond):
	}
	cmd.Process.Signal(os.Interrupt)
	select {
	case <-ended:
	case <-time.After(time.Second):
		cmd.Process.Kill()
		t.Error("the command still runs a second after the second interrupt")
	}
}

// TestLostOutput: if output cannot be written, the exit status is 1. Standard output may be full, or closed from the
// start.
func TestLostOutput(t *testing.T) {
	t.Parallel()
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil || absent(nil) {
		t.Skip("no /dev/full, or no default task")
	}
	defer full.Close()
	cmd := exec.Command(command(t), "-steps", "10")
	cmd.Stdout = full
	if err := cmd.Run(); cmd.ProcessState.ExitCode() != 1 {
		t.Errorf("standard output is full: %v, want exit status 1", err)
	}
	for redirect, want := range map[string]int{">&-": 1, ">/dev/null": 0} {
		cmd := exec.Command("sh", "-c", `"$0" museum `+redirect, command(t))
		if err := cmd.Run(); runtime.GOOS == "linux" && cmd.ProcessState.ExitCode() != want {
			t.Errorf("museum %s: %v, want exit status %d", redirect, err, want)
		}
	}
}
