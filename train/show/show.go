// Package show writes for a person at a terminal. It wraps lines, writes counts with their noun, and
// shows progress in a line that replaces itself.
package show

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Width is the largest length of a line of text, in characters.
const Width = 80

// Wrap writes text in lines of up to Width characters.
func Wrap(w io.Writer, text string) { Item(w, "", strings.Fields(text)) }

// Item writes words after a head, in lines of up to Width characters. All lines start below the first word.
func Item(w io.Writer, head string, words []string) {
	line := head
	for i, word := range words {
		switch {
		case i == 0:
			line += word
		case utf8.RuneCountInString(line+" "+word) > Width:
			fmt.Fprintln(w, line)
			line = strings.Repeat(" ", utf8.RuneCountInString(head)) + word
		default:
			line += " " + word
		}
	}
	fmt.Fprintln(w, line)
}

// Count returns "1 input", "2 inputs", "5,000 inputs".
func Count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return Thousands(n) + " " + what + "s"
}

// Thousands writes a count with a comma before every three digits.
func Thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Printable replaces characters that a terminal would take for a command.
func Printable(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsControl(c) {
			return '\ufffd'
		}
		return c
	}, s)
}

// label is the start of a line: spaces, and a word with two spaces or more after it.
var label = regexp.MustCompile(`^ *(\S{1,20} {2,})?`)

// An Output passes on text, and keeps the first error. It replaces characters that a terminal would take for
// a command. They may come from the name of a column, or from a symbol. It breaks lines that are longer than Width.
type Output struct {
	W   io.Writer // the destination
	Err error     // the first error
}

// Write implements io.Writer. Each call writes whole lines, or short parts of lines.
func (o *Output) Write(p []byte) (int, error) {
	text := strings.Map(func(c rune) rune {
		if c != '\n' && c != '\t' && unicode.IsControl(c) {
			return '\ufffd'
		}
		return c
	}, string(p))
	var b strings.Builder
	for line := range strings.Lines(text) {
		if utf8.RuneCountInString(strings.TrimSuffix(line, "\n")) <= Width {
			b.WriteString(line)
			continue
		}
		head := label.FindString(line)
		wrong, right, both := strings.Cut(line[len(head):], "   →   ") // a replacement begins a line
		if Item(&b, head, strings.Fields(wrong)); both {
			Item(&b, strings.Repeat(" ", utf8.RuneCountInString(head))+"→ ", strings.Fields(right))
		}
	}
	_, err := io.WriteString(o.W, b.String())
	o.Err = cmp.Or(o.Err, err)
	return len(p), err
}

// A Live shows the progress of long work. On a terminal, it replaces a line ten times a second. Elsewhere,
// it writes a line every half minute.
type Live struct {
	w           io.Writer
	terminal    bool
	begun, last time.Time
	shown       bool
}

// NewLive returns a Live that writes to w. The time starts now.
func NewLive(w io.Writer) *Live {
	l := &Live{w: w, begun: time.Now(), last: time.Now()}
	if f, ok := w.(*os.File); ok {
		info, err := f.Stat()
		l.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return l
}

// Show writes the result of line, if it is time for a new line. It passes the time taken so far to line.
func (l *Live) Show(line func(took time.Duration) string) {
	pause := 30 * time.Second
	if l.terminal {
		pause = 100 * time.Millisecond
	}
	now := time.Now()
	if now.Sub(l.last) < pause {
		return
	}
	l.last = now
	text := line(now.Sub(l.begun))
	if l.terminal {
		l.shown = true
		fmt.Fprintf(l.w, "\r\x1b[K\x1b[?7l%s\x1b[?7h", text) // no wrapping: a narrow terminal cuts the line off
	} else {
		fmt.Fprintln(l.w, text)
	}
}

// Progress shows the work done, the speed, and the time left. It leaves out parts that do not fit a line of 40 characters,
// and the speed if the unit is "percent": 23% done, 5s left.
func (l *Live) Progress(done, of int, unit string) {
	l.Show(func(took time.Duration) string {
		rate := float64(done) / took.Seconds()
		left := span(float64(of-done) / rate)
		fast := fmt.Sprintf("%.0f", rate)
		if rate < 10 {
			fast = fmt.Sprintf("%.2g", rate)
		}
		if unit == "percent" {
			if 20*done < of { // too early to tell
				return fmt.Sprintf("%d%% done", 100*done/of)
			}
			return fmt.Sprintf("%d%% done, %s left", 100*done/max(1, of), left)
		}
		line := fmt.Sprintf("%s %d of %d, %s/s, %s left", unit, done, of, fast, left)
		if len(line) > 40 {
			line = fmt.Sprintf("%s %d of %d, %s left", unit, done, of, left)
		}
		if len(line) > 40 {
			line = fmt.Sprintf("%s %d, %s left", unit, done, left)
		}
		return line
	})
}

// span writes a time in seconds, which may be too long for a time.Duration.
func span(seconds float64) string {
	const day = 24 * 60 * 60
	if seconds < 2*day {
		return time.Duration(seconds * float64(time.Second)).Round(time.Second).String()
	}
	return fmt.Sprintf("%.4g days", seconds/day)
}

// Clear removes the line to make room for other output.
func (l *Live) Clear() {
	if l.shown {
		l.shown = false
		fmt.Fprint(l.w, "\r\x1b[K")
	}
}
