//go:build unix

package train_test

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"lstm/train/checkpoint"
)

// TestEnds: the file of -save is on the disk, however the run ends.
func TestEnds(t *testing.T) {
	t.Parallel()
	if absent(nil) {
		t.Skip("no default task")
	}
	send := func(signals ...syscall.Signal) func(dir string, p *os.Process, out *os.File) {
		return func(_ string, p *os.Process, _ *os.File) {
			for _, s := range signals {
				p.Signal(s)
			}
		}
	}
	for _, c := range []struct {
		how  string
		args string
		end  func(dir string, p *os.Process, out *os.File) // is called when the file exists
		code int
		file string // the file of the run
		says string // a text on standard error
	}{
		{"steps", "-steps 200", nil, 0, "x", `^$`},
		{"divergence, finite", "-rate 100 -steps 100", nil, 1, "x", `^lstm: training diverged`},
		{"divergence over an older file", "-rate 100 -steps 100 -save-every 1", nil, 1, "x.diverged", `^lstm: training diverged[^\n]*\n$`},
		{"SIGINT", "", send(syscall.SIGINT), 130, "x", `^$`},
		{"SIGTERM", "", send(syscall.SIGTERM), 130, "x", `^$`},
		{"SIGHUP", "", send(syscall.SIGHUP), 130, "x", `^$`},
		{"SIGINT three times", "", send(syscall.SIGINT, syscall.SIGINT, syscall.SIGINT), 130, "x", ``},
		{"SIGHUP, then SIGTERM", "", send(syscall.SIGHUP, syscall.SIGTERM), 130, "x", ``},
		{"nobody reads", "", func(_ string, _ *os.Process, out *os.File) { out.Close() }, 1, "x", `^lstm: [^\n]*broken pipe\n$`},
		{"the directory is gone", "", func(dir string, p *os.Process, _ *os.File) {
			for os.RemoveAll(dir) != nil { // a file came in the meantime
			}
			time.Sleep(100 * time.Millisecond)
			p.Signal(syscall.SIGINT)
		}, 1, "../tmp/x.*", `^(lstm: -save: x: no such [^\n]*\n)?lstm: -save: x: no such [^\n]*the run is in [^\n]*\n$`},
	} {
		t.Run(c.how, func(t *testing.T) {
			t.Parallel()
			if strings.Contains(c.how, "SIGHUP") && signal.Ignored(syscall.SIGHUP) {
				t.Skip("nohup")
			}
			dir := filepath.Join(t.TempDir(), "run")
			temp := filepath.Join(dir, "../tmp")
			for _, d := range []string{dir, temp} {
				if err := os.Mkdir(d, 0o777); err != nil {
					t.Fatal(err)
				}
			}
			args := strings.Fields(c.args)
			if c.end != nil {
				args = []string{"-steps", "1000000000", "-save-every", "500"}
			}
			cmd := exec.Command(command(t), append(args, "-check", "off", "-save", "x")...)
			out, w, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			var errs bytes.Buffer
			cmd.Dir, cmd.Stdout, cmd.Stderr = dir, w, &errs
			cmd.Env = append(os.Environ(), "TMPDIR="+temp)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			w.Close()
			if c.end != nil {
				awaitChange(t, filepath.Join(dir, "x"), time.Time{})
				c.end(dir, cmd.Process, out)
			}
			io.Copy(io.Discard, out)
			cmd.Wait()
			found, _ := filepath.Glob(filepath.Join(dir, c.file))
			if code := cmd.ProcessState.ExitCode(); code != c.code || len(found) != 1 || !has(errs.String(), c.says) {
				t.Fatalf("exit status %d, want %d; %v, want %s\n%s", code, c.code, found, c.file, &errs)
			}
			if k, err := checkpoint.Read(found[0]); err != nil || k.Iter < 1 {
				t.Errorf("%+v, %v", k, err)
			}
		})
	}
}

// TestInterruptedCheck: an interrupt ends the check, and the command writes the page.
func TestInterruptedCheck(t *testing.T) {
	t.Parallel()
	if absent([]string{"-task", "adding"}) {
		t.Skip("no such task")
	}
	dir := t.TempDir()
	cmd := exec.Command(command(t), "-task", "adding", "-length", "2000", "-hidden", "64", "-steps", "0", "-check", "all", "-save", "x", "-report", "x.html")
	cmd.Dir = dir
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	awaitChange(t, filepath.Join(dir, "x"), time.Time{})
	time.Sleep(300 * time.Millisecond)
	cmd.Process.Signal(os.Interrupt)
	cmd.Wait()
	html, err := os.ReadFile(filepath.Join(dir, "x.html"))
	if code := cmd.ProcessState.ExitCode(); code != 1 || err != nil || !bytes.Contains(html, []byte("Not checked")) { // 1: not learnt
		t.Errorf("exit status %d, %v\n%s%s", code, err, &out, &errs)
	}
}
