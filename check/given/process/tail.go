package process

import (
	"os"
	"strings"
	"sync"
	"time"
	"unicode"
)

// tail keeps the end of what a program writes to its standard error.
type tail struct {
	file *os.File
	done chan struct{}
	sync.Mutex
	text []byte
}

const kept = 2048 // bytes of standard error

func keepTail(file *os.File) *tail {
	t := &tail{file: file, done: make(chan struct{})}
	go func() {
		defer close(t.done)
		buf := make([]byte, 1<<15)
		for {
			n, err := file.Read(buf)
			t.Lock()
			t.text = append(t.text, buf[:n]...)
			t.text = append(t.text[:0], t.text[max(0, len(t.text)-kept):]...)
			t.Unlock()
			if err != nil {
				return
			}
		}
	}()
	return t
}

// close waits a little for the end, which comes when all processes that write have ended.
func (t *tail) close() {
	select {
	case <-t.done:
	case <-time.After(short):
		t.file.SetReadDeadline(time.Now())
	}
	t.file.Close()
}

// telling returns the line that tells most about an error: the last one that speaks of an error, or the last one.
// Some languages write a stack of calls below it.
func (t *tail) telling() string {
	t.Lock()
	defer t.Unlock()
	lines := strings.FieldsFunc(string(t.text), func(c rune) bool { return c == '\n' || c == '\r' })
	best, found := "", false
	for k, line := range lines {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		lower := strings.ToLower(line)
		speaks := false
		for _, word := range []string{"error", "exception", "panic", "fatal", "fault", "abort", "terminate"} {
			speaks = speaks || strings.Contains(lower, word)
		}
		if speaks && strings.HasSuffix(line, ":") && k+1 < len(lines) {
			line += " " + strings.TrimSpace(lines[k+1])
		}
		if speaks || !found {
			best, found = line, speaks
		}
	}
	return shorten(best, 240)
}

// shorten replaces control characters, and the middle of a long text.
func shorten(s string, most int) string {
	text := []rune(strings.Map(func(c rune) rune {
		if unicode.IsControl(c) {
			return ' '
		}
		return c
	}, s))
	if len(text) <= most {
		return string(text)
	}
	return string(text[:most/2]) + " … " + string(text[len(text)-most/2:])
}
