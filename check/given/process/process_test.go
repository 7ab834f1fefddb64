package process

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// nothing checks that no child of a behaviour is left, nor one that a child starts.
func nothing(t *testing.T, behaviours ...string) {
	t.Helper()
	for _, b := range behaviours {
		if pids := left(b); len(pids) > 0 {
			t.Errorf("%s: processes %v are left", b, pids)
		}
	}
}

// oneLine checks that an error is one line with some words.
func oneLine(t *testing.T, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	t.Log(err)
	if s := err.Error(); strings.ContainsAny(s, "\n\r") || len(s) > 700 {
		t.Errorf("not one line: %q", s)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%v: without %q", err, w)
		}
	}
}

// TestLoss asks children for losses that they answer in several ways.
func TestLoss(t *testing.T) {
	for behaviour, chatter := range map[string]int{"plain": 0, "chatter": 4, "second": 4, "huge": 1, "echoes": 2} {
		p, first, err := Start(context.Background(), command(behaviour), 0)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(first), `{"loss": 5, "params": {"a": [1, 2]`) || !strings.HasSuffix(string(first), "}") {
			t.Errorf("%s: first line %.80q", behaviour, first)
		}
		if want := len(firstLine); behaviour == "huge" && len(first) < 13<<20 || behaviour != "huge" && len(first) != want {
			t.Errorf("%s: %d bytes", behaviour, len(first))
		}
		for k := range 3 {
			if k == 1 {
				p.Set("a", 0, 1.0/3)
				p.Set("a", 1, -1e-300)
			}
			v, err := p.Loss()
			want := 5.0
			if k >= 1 {
				want = 1.0 / 3 * (1.0 / 3)
			}
			if v != want || err != nil {
				t.Errorf("%s: loss %d: %v, %v", behaviour, k, v, err)
			}
		}
		if p.Losses != 3 || p.Chatter != chatter || p.Digits < 16 {
			t.Errorf("%s: %d losses, %d lines of chatter, %d digits", behaviour, p.Losses, p.Chatter, p.Digits)
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
		nothing(t, behaviour)
	}
}

// TestMany sets so many entries that neither pipe can hold what is written.
func TestMany(t *testing.T) {
	p, _, err := Start(context.Background(), command("echoes"), 0)
	if err != nil {
		t.Fatal(err)
	}
	for round := range 3 {
		for k := range 20000 {
			p.Set("a", k%2, float64(round))
		}
		if v, err := p.Loss(); v != float64(2*round*round) || err != nil {
			t.Fatal(v, err)
		}
	}
	if p.Chatter != 60000 {
		t.Errorf("%d lines of chatter", p.Chatter)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	nothing(t, "echoes")
}

// TestStartErrors starts programs that do not get as far as their line of JSON.
func TestStartErrors(t *testing.T) {
	for _, c := range []struct {
		behaviour string
		words     []string
	}{
		{"fails", []string{"before", "3", "ImportError: there is no module x"}},
		{"ends", []string{"before", "status 0", "serve"}},
		{"silent", []string{"hangs", "JSON", "-patience"}},
		{"flood", []string{"64 MB", "JSON"}},
		{"indented", []string{"hangs", "one line"}},
		{"ignores", []string{"hangs"}},
		{"orphans", []string{"before", "status 0"}},
	} {
		patience := time.Minute
		if c.words[0] == "hangs" {
			patience = 200 * time.Millisecond
		}
		begin := time.Now()
		p, first, err := Start(context.Background(), command(c.behaviour), patience)
		if p != nil || first != nil {
			t.Errorf("%s: %v, %q", c.behaviour, p, first)
		}
		oneLine(t, err, c.words...)
		if d := time.Since(begin); d > 20*time.Second {
			t.Errorf("%s: it took %v", c.behaviour, d)
		}
		nothing(t, c.behaviour, "silent")
	}
}

// TestLossErrors asks programs that stop to answer.
func TestLossErrors(t *testing.T) {
	for _, c := range []struct {
		behaviour string
		words     []string
	}{
		{"leaves", []string{"in the middle", "2", "status 4", "index out of range"}},
		{"crashes", []string{"in the middle", "2"}},
		{"hangs", []string{"hangs", "number", "-patience"}},
		{"babbles", []string{"64 MB", "number", "thinking"}},
		{"no newline", []string{"hangs", "no end: 7.5"}},
		{"closes stdout", []string{"standard output"}},
	} {
		patience := time.Minute
		if c.behaviour == "crashes" && runtime.GOOS != "windows" {
			c.words = append(c.words, "SIGKILL")
		}
		if c.words[0] == "hangs" {
			patience = 300 * time.Millisecond
		}
		p, _, err := Start(context.Background(), command(c.behaviour), patience)
		if err != nil {
			t.Fatal(err)
		}
		for k := range 3 {
			var v float64
			v, err = p.Loss()
			if k < 2 && (v != 5 || err != nil) || k == 2 && !math.IsNaN(v) {
				t.Fatalf("%s: loss %d: %v, %v", c.behaviour, k, v, err)
			}
		}
		oneLine(t, err, c.words...)
		if _, again := p.Loss(); again != err {
			t.Errorf("%s: then %v", c.behaviour, again)
		}
		nothing(t, c.behaviour)
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestSignals names the signal of a program, and of a program that a shell runs.
func TestSignals(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no signals here")
	}
	for _, script := range []string{"kill -SEGV $$", "sh -c 'kill -SEGV $$'; exit $?"} {
		_, _, err := Start(context.Background(), []string{"sh", "-c", script}, 0)
		oneLine(t, err, "before", "SIGSEGV")
		p, first, err := Start(context.Background(), []string{"sh", "-c", `echo '{"params": {}}'; read x; echo nan; read x; ` + script}, 0)
		if err != nil || string(first) != `{"params": {}}` {
			t.Fatal(err)
		}
		if v, err := p.Loss(); !math.IsNaN(v) || err != nil {
			t.Error(v, err)
		}
		_, err = p.Loss()
		oneLine(t, err, "in the middle", "1", "SIGSEGV")
	}
}

// TestUnasked: a number that was not asked for is an error, at once or in the end. So is a closed input.
func TestUnasked(t *testing.T) {
	for _, behaviour := range []string{"unasked", "unasked late"} {
		p, _, err := Start(context.Background(), command(behaviour), 0)
		if err != nil {
			t.Fatal(err)
		}
		_, err = p.Loss()
		if end := p.Close(); err == nil { // it may have come before
			err = end
		}
		oneLine(t, err, "not asked for")
		nothing(t, behaviour)
	}
	p, _, err := Start(context.Background(), command("twice"), 0)
	if err != nil {
		t.Fatal(err)
	}
	p.Loss()
	_, err = p.Loss()
	oneLine(t, err, "not asked for")
	nothing(t, "twice")

	p, _, err = Start(context.Background(), command("closes stdin"), 0)
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		if _, err = p.Loss(); err != nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	oneLine(t, err, "standard input")
	p.Close()
	nothing(t, "closes stdin")
}

// TestNone starts what is no program.
func TestNone(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string, mode os.FileMode) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		return name
	}
	cases := map[string][]string{
		"":                            {"no command"},
		"no-such-program-at-all":      {"no such program", "PATH"},
		filepath.Join(dir, "missing"): {"no such program"},
		dir:                           {"directory"},
	}
	if runtime.GOOS != "windows" {
		cases[write("model.py", "print(1)", 0o666)] = []string{"not executable", "python3"}
		cases[write("data", "1 2 3", 0o777)] = []string{"#!"}
		cases[write("script", "#!/no/such/interpreter\n", 0o777)] = []string{"interpreter"}
	}
	for name, words := range cases {
		_, _, err := Start(context.Background(), []string{name}, 0)
		oneLine(t, err, words...)
	}
	t.Chdir(dir)
	if runtime.GOOS != "windows" {
		_, _, err := Start(context.Background(), []string{"data"}, 0)
		oneLine(t, err, "./data")
		_, _, err = Start(context.Background(), []string{"model.py"}, 0)
		oneLine(t, err, "python3 model.py")
	}
	if _, _, err := Start(context.Background(), nil, 0); err == nil {
		t.Error("an empty command starts")
	}
}

// TestInterrupted: the end of the context ends the program, whatever it does.
func TestInterrupted(t *testing.T) {
	for _, behaviour := range []string{"silent", "ignores", "flood"} {
		ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
		_, _, err := Start(ctx, command(behaviour), 0)
		cancel()
		if behaviour != "flood" && !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", behaviour, err)
		}
		nothing(t, behaviour)
	}
	for _, behaviour := range []string{"plain", "hangs", "grandchildren", "stays"} {
		ctx, cancel := context.WithCancelCause(context.Background())
		p, _, err := Start(ctx, command(behaviour), 0)
		if err != nil {
			t.Fatal(err)
		}
		reason := errors.New("Ctrl-C")
		time.AfterFunc(100*time.Millisecond, func() { cancel(reason) })
		for err == nil {
			_, err = p.Loss()
		}
		if !errors.Is(err, reason) {
			t.Errorf("%s: %v", behaviour, err)
		}
		nothing(t, behaviour, "silent", "ignores")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := Start(ctx, command("plain"), 0); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestKilled: nothing is left of the program if this process is killed.
func TestKilled(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("this needs Linux")
	}
	parent := exec.Command(os.Args[0], "child", "parent")
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	until := func(n int) (got int) {
		for range 1000 {
			if got = len(left("ignores")); got == n {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		return got
	}
	if n := until(1); n != 1 {
		t.Errorf("%d processes have started", n)
	}
	time.Sleep(100 * time.Millisecond) // it ignores SIGTERM by now
	parent.Process.Kill()
	parent.Wait()
	if n := until(0); n != 0 {
		t.Errorf("%d processes are left", n)
	}
}

// TestClose: nothing is left of programs that do not end by themselves, nor of what they start.
func TestClose(t *testing.T) {
	for _, behaviour := range []string{"stays", "grandchildren", "forgets"} {
		p, _, err := Start(context.Background(), command(behaviour), 0)
		if err != nil {
			t.Fatal(err)
		}
		if runtime.GOOS == "linux" && len(left(behaviour)) != 1 {
			t.Errorf("%s: the test does not see the process", behaviour)
		}
		if v, err := p.Loss(); v != 5 || err != nil {
			t.Error(v, err)
		}
		begin := time.Now()
		if err := p.Close(); err != nil {
			t.Error(err)
		}
		if d := time.Since(begin); d > 10*time.Second {
			t.Errorf("%s: Close took %v", behaviour, d)
		}
		nothing(t, behaviour, "silent", "ignores")
		if _, err := p.Loss(); err == nil {
			t.Error("a loss after Close")
		}
	}
}

// TestNames: a name with a blank would be read as something else.
func TestNames(t *testing.T) {
	for _, name := range []string{"", "a b", "a\n"} {
		p, _, err := Start(context.Background(), command("plain"), 0)
		if err != nil {
			t.Fatal(err)
		}
		p.Set(name, 0, 1)
		p.Set("a", 0, 1)
		_, err = p.Loss()
		oneLine(t, err, "without blanks")
	}
	nothing(t, "plain")
}

// TestOverhead: a loss costs less than 50 µs more than the program's own work.
func TestOverhead(t *testing.T) {
	p, _, err := Start(context.Background(), command("plain"), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	least := time.Hour // other processes slow down many, but not all
	for k := range 3000 {
		begin := time.Now()
		p.Set("a", 0, float64(k))
		if _, err := p.Loss(); err != nil {
			t.Fatal(err)
		}
		least = min(least, time.Since(begin))
	}
	t.Log(least)
	if least > 50*time.Microsecond {
		t.Errorf("a loss takes %v", least)
	}
}

func BenchmarkLoss(b *testing.B) {
	p, _, err := Start(context.Background(), command("plain"), 0)
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	for b.Loop() {
		p.Set("a", 0, 1)
		if _, err := p.Loss(); err != nil {
			b.Fatal(err)
		}
	}
}

// The example starts a program, moves an entry of a parameter, and asks for the loss. The test binary itself is
// the program here: its loss is a[0]² + a[1]².
func Example() {
	p, first, err := Start(context.Background(), []string{os.Args[0], "child", "plain"}, Patience)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer p.Close()
	fmt.Printf("%s\n", first)
	p.Set("a", 0, 3)
	loss, err := p.Loss()
	fmt.Println(loss, err)
	// Output:
	// {"loss": 5, "params": {"a": [1, 2]}, "grads": {"a": [2, 4]}}
	// 13 <nil>
}
