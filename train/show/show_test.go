package show

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestWrap(t *testing.T) {
	var b strings.Builder
	Wrap(&b, strings.Repeat("σ(z) and  more\n", 50))
	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	for i, line := range lines {
		if n := len([]rune(line)); n > Width || i < len(lines)-1 && n < Width-5 {
			t.Errorf("line %d has %d characters", i, n)
		}
	}
	if strings.Count(b.String(), "more") != 50 {
		t.Error("words are lost")
	}
}

func TestCount(t *testing.T) {
	for n, want := range map[int]string{1: "1 step", 2: "2 steps", 999: "999 steps", 1000: "1,000 steps", 1234567: "1,234,567 steps", -1000: "-1,000 steps", -100: "-100 steps"} {
		if got := Count(n, "step"); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestPrintable(t *testing.T) {
	if got := Printable("a\x1b[2J\nb\tü"); strings.ContainsAny(got, "\x1b\n\t") || !strings.Contains(got, "ü") {
		t.Errorf("%q", got)
	}
}

type full struct{}

func (full) Write(p []byte) (int, error) { return 0, errors.New("no room") }

func TestOutput(t *testing.T) {
	o := &Output{W: full{}}
	fmt.Fprintln(o, "lost")
	if o.Err == nil {
		t.Error("the error is lost, too")
	}
}

// TestLive: without a terminal, Show writes a line every half minute, and Clear writes nothing.
func TestLive(t *testing.T) {
	var b strings.Builder
	l := NewLive(&b)
	l.Progress(1, 10, "entry")
	if l.Clear(); b.Len() > 0 {
		t.Errorf("%q", &b)
	}
	l.last = l.last.Add(-time.Minute)
	l.begun = l.begun.Add(-time.Minute)
	l.Progress(1, 10, "entry")
	if !strings.Contains(b.String(), "1 of 10") || !strings.Contains(b.String(), "9m") {
		t.Errorf("%q", &b)
	}
}

// TestProgress: at any point of the work, the line fits 40 columns, and no time is below 0.
func TestProgress(t *testing.T) {
	for _, done := range []int{0, 1, 12345, 999_999_999, 1_000_000_000} {
		for _, took := range []time.Duration{0, time.Millisecond, time.Minute, 1e5 * time.Hour} {
			var b strings.Builder
			l := NewLive(&b)
			l.last, l.begun = l.last.Add(-time.Minute), l.begun.Add(-took)
			l.Progress(done, 1_000_000_000, "iteration")
			if line := strings.TrimSpace(b.String()); len(line) > 40 || strings.Contains(line, "-") || line == "" {
				t.Errorf("%d after %v: %q has %d characters", done, took, line, len(line))
			}
		}
	}
}

// TestHarmless: Output replaces all characters that a terminal takes for a command.
func TestHarmless(t *testing.T) {
	var b strings.Builder
	fmt.Fprint(&Output{W: &b}, "a\x1b[2J\tb\a\u009b\nü\r\n")
	if want := "a\ufffd[2J\tb\ufffd\ufffd\nü\ufffd\n"; b.String() != want {
		t.Errorf("%q, want %q", &b, want)
	}
}

// TestExit: an error is written once, in one line, and sets the exit status. A file that cannot be written is an error
// that names its flag.
func TestExit(t *testing.T) {
	var out, errs strings.Builder
	x := &Exit{Out: &Output{W: &out}, Errors: &errs}
	x.End(true, nil)
	x.File("a", "", func() error { return errors.New("no file, no call") })
	x.File("b", "mine", func() error { return nil })
	if x.Status != 0 || errs.Len() > 0 || !strings.Contains(out.String(), "mine") {
		t.Errorf("status %d, %q, %q", x.Status, &out, &errs)
	}
	x.End(false, nil)
	if x.Status != 1 || errs.Len() > 0 {
		t.Errorf("status %d, %q", x.Status, &errs)
	}
	x.Status = 0
	x.File("c", "mine", func() error { return errors.New("full\nup") })
	x.End(true, errors.New("-c: full\nup"))
	if x.Status != 1 || strings.Count(errs.String(), "\n") != 1 || !strings.Contains(errs.String(), "-c") {
		t.Errorf("status %d, %q", x.Status, &errs)
	}
}

func Example() {
	fmt.Println(Count(1, "hidden unit"), "and", Count(2560, "sequence"))
	// Output: 1 hidden unit and 2,560 sequences
}

// TestLong: a line that is too long is broken, and goes on below its text.
func TestLong(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	long := strings.Repeat("word ", 40)
	fmt.Fprintf(&Output{W: &b}, "short  line\n  name      %s\n\n    %s\n", long, long)
	lines := strings.Split(b.String(), "\n")
	for i, want := range []string{"short  line", "  name      word", "            word", "            word", "            word", "", "    word", "    word", "    word", ""} {
		if i >= len(lines) || !strings.HasPrefix(lines[i], want) || len(lines[i]) > Width {
			t.Fatalf("line %d, want %q:\n%s", i, want, &b)
		}
	}
}

// TestPercent: a percentage is said as one, and no time is left to tell at the beginning.
func TestPercent(t *testing.T) {
	for done, want := range map[int]string{0: "0% done\n", 4: "4% done\n", 5: "5% done, 19m0s left\n", 50: "50% done, 1m0s left\n", 100: "100% done, 0s left\n"} {
		var b strings.Builder
		l := NewLive(&b)
		l.last, l.begun = l.last.Add(-time.Minute), l.begun.Add(-time.Minute)
		if l.Progress(done, 100, "percent"); b.String() != want {
			t.Errorf("%q, want %q", &b, want)
		}
	}
}

// TestReplacement: in a line that is too long, what stands in place of a wrong line begins a line.
func TestReplacement(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	wrong, right := "dc = dcNext + dh*o*(1-tanhC*tanhC)*(1-tanhC*tanhC)", "dc = dcNext + dh*o*(1-tanhC*tanhC)"
	fmt.Fprintf(&Output{W: &b}, "  line   %s   →   %s\nshort   →   line\n", wrong, right)
	if want := "  line   " + wrong + "\n         → " + right + "\nshort   →   line\n"; b.String() != want {
		t.Errorf("%q, want %q", &b, want)
	}
}
