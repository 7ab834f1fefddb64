package process

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"math"
)

var (
	errFlood = errors.New("too much chatter")
	errLong  = errors.New("the line of JSON is too long")
)

// lines reads what a program prints.
type lines struct {
	r       *bufio.Reader
	most    int    // bytes of chatter without an answer
	longest int    // bytes of the line of JSON
	spent   int    // bytes since the last answer
	chatter int    // lines that were no answer
	last    []byte // the begin of the last of them
	open    bool   // it has no end
	near    string // the reason why a line of chatter that looks like the JSON is not the JSON
}

func newLines(r io.Reader) *lines {
	return &lines{r: bufio.NewReaderSize(r, 1<<16), most: 64 << 20, longest: 256 << 20}
}

// first returns the first line that is an object with params.
func (l *lines) first() ([]byte, error) {
	for {
		raw, err := l.line()
		long := err == bufio.ErrBufferFull && bytes.HasPrefix(tidy(raw), []byte("{"))
		if long {
			if raw, err = l.long(raw); err == errLong {
				return nil, err
			}
		}
		text := tidy(raw)
		ok, near := object(text)
		if ok {
			l.spent = 0
			if !long {
				text = bytes.Clone(text)
			}
			return text, nil
		}
		if near != "" {
			l.near = near
		}
		if err := l.skip(text, err); err != nil {
			return nil, err
		}
	}
}

// number returns the first line that is a number, and its significant digits.
func (l *lines) number() (v float64, digits int, err error) {
	for {
		raw, err := l.line()
		text := tidy(raw)
		if err == nil {
			if v, ok := number(text); ok {
				l.spent = 0
				return v, significant(text), nil
			}
		}
		if err := l.skip(text, err); err != nil {
			return 0, 0, err
		}
	}
}

// early reports whether a number has come that was not asked for.
func (l *lines) early() bool {
	if l.r.Buffered() == 0 {
		return false
	}
	come, _ := l.r.Peek(l.r.Buffered())
	for {
		line, rest, whole := bytes.Cut(come, []byte("\n"))
		if !whole {
			return false
		}
		if _, ok := number(tidy(line)); ok {
			return true
		}
		come = rest
	}
}

// rest reads to the end and returns how many lines are numbers.
func (l *lines) rest() (numbers int) {
	l.most, l.spent = math.MaxInt, 0
	for {
		if _, _, err := l.number(); err != nil {
			return numbers
		}
		numbers++
	}
}

// line reads a line. The error is bufio.ErrBufferFull if it goes on. The line is valid until the next read.
func (l *lines) line() ([]byte, error) {
	raw, err := l.r.ReadSlice('\n')
	l.spent += len(raw)
	return raw, err
}

// long reads the rest of a line that may be the JSON.
func (l *lines) long(begin []byte) ([]byte, error) {
	all := bytes.Clone(begin)
	for {
		raw, err := l.line()
		if len(all)+len(raw) > l.longest {
			return nil, errLong
		}
		all = append(all, raw...)
		if err != bufio.ErrBufferFull {
			return all, err
		}
	}
}

// skip counts a line of chatter, and skips the rest of it. err is the error with which the line ended.
func (l *lines) skip(text []byte, err error) error {
	if len(text) > 0 {
		l.last, l.open = append(l.last[:0], text[:min(len(text), 400)]...), err != nil
		l.chatter++
	}
	for {
		if l.spent > l.most {
			return errFlood
		}
		if err != bufio.ErrBufferFull {
			return err
		}
		_, err = l.line()
	}
}

// tidy removes what surrounds the text of a line: blanks, a byte order mark, and what a carriage return
// overwrites on a terminal.
func tidy(line []byte) []byte {
	line = bytes.TrimRight(line, " \t\r\n")
	if cr := bytes.LastIndexByte(line, '\r'); cr >= 0 {
		line = line[cr+1:]
	}
	return bytes.TrimSpace(bytes.TrimPrefix(line, []byte("\ufeff")))
}
