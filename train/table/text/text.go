// Package text reads the lines of a text file, whatever its encoding.
//
// A text is in UTF-8, UTF-16, or Windows-1252. Its lines end in LF, CRLF or CR. A file of another kind, such as a
// workbook, is an error that names the kind, and says how to make a text of it.
package text

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"unicode/utf16"
	"unicode/utf8"

	"lstm/train/file"
)

const (
	maxFile  = 1 << 32 // bytes
	maxStdin = 1 << 30 // bytes
	maxLine  = 1 << 20 // bytes
)

// Lines are the lines of a text, one after the other.
type Lines struct {
	Encoding string // "UTF-8" or another encoding, as far as the lines were read
	Line     int    // the number of the last line, counted from 1
	Read     int64  // bytes read so far
	Size     int64  // bytes of the file; 0 if this is not known

	in    *bufio.Reader
	end   byte     // the byte that ends a line
	rest  []string // lines that were read and not yet returned
	close func() error
}

var stdin = sync.OnceValues(func() ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(os.Stdin, maxStdin+1))
	if len(b) > maxStdin {
		return nil, fmt.Errorf("standard input has more than %d bytes", maxStdin)
	}
	return b, err
})

// Open opens a file. The name - is standard input, which may be compressed by gzip.
func Open(name string) (*Lines, error) {
	if name == "-" {
		b, err := stdin()
		if err != nil {
			return nil, err
		}
		var r io.Reader = bytes.NewReader(b)
		if bytes.HasPrefix(b, gzipped) {
			if r, err = gzip.NewReader(r); err != nil {
				return nil, err
			}
			r = io.LimitReader(r, maxFile)
		}
		return New(r, name)
	}
	f, err := file.Open(name, maxFile)
	if err != nil {
		return nil, err
	}
	l, err := New(f, name)
	if err != nil {
		f.Close()
		return nil, err
	}
	if info, err := f.Stat(); err == nil {
		l.Size = info.Size()
	}
	l.close = f.Close
	return l, nil
}

var gzipped = []byte("\x1f\x8b")

// New returns the lines of r. name is for errors.
func New(r io.Reader, name string) (*Lines, error) {
	l := &Lines{Encoding: "UTF-8", end: '\n', close: func() error { return nil }}
	l.in = bufio.NewReaderSize(r, maxLine+2)
	head, err := l.in.Peek(maxLine + 2)
	if err != nil && err != io.EOF {
		return nil, err
	}
	start := head[:min(len(head), 1<<16)]
	if bytes.HasPrefix(start, gzipped) {
		return nil, fmt.Errorf("this is compressed by gzip: read it from standard input, with -data - < %s", name)
	}
	if err := other(start, name); err != nil {
		return nil, err
	}
	if order := wide(start); order != nil {
		l.Encoding = "UTF-16"
		l.in = bufio.NewReaderSize(&narrow{in: l.in, order: order}, maxLine+2)
		head, _ = l.in.Peek(maxLine + 2)
		start = head[:min(len(head), 1<<16)]
		if err := other(start, name); err != nil {
			return nil, err
		}
	}
	if bytes.HasPrefix(start, []byte("\ufeff")) {
		l.in.Discard(len("\ufeff"))
	}
	if !bytes.Contains(head, []byte("\n")) && bytes.Contains(head, []byte("\r")) {
		l.end = '\r'
	}
	return l, nil
}

// Close closes the file.
func (l *Lines) Close() error { return l.close() }

// Next returns the next line, without its end. After the last line it returns io.EOF.
func (l *Lines) Next() (string, error) {
	if len(l.rest) == 0 {
		if err := l.read(); err != nil {
			return "", err
		}
	}
	line := l.rest[0]
	l.rest = l.rest[1:]
	l.Line++
	return line, nil
}

// read reads a line into rest. If some of its ends are CR alone, it is several lines.
func (l *Lines) read() error {
	b, err := l.in.ReadSlice(l.end)
	l.Read += int64(len(b))
	switch {
	case err == bufio.ErrBufferFull || len(b) > maxLine+1:
		return fmt.Errorf("line %d: longer than %d bytes", l.Line+1, maxLine)
	case err == io.EOF && len(b) == 0, err != nil && err != io.EOF:
		return err
	}
	b = bytes.TrimRight(b, "\r\n")
	switch {
	case bytes.IndexByte(b, 0) >= 0:
		return fmt.Errorf("line %d: a byte is zero: the file is damaged, or is not a text", l.Line+1)
	case len(b) == 1 && b[0] == 0x1a: // the mark of the end of a file, in DOS
		b = nil
	}
	line := string(b)
	if !utf8.Valid(b) {
		l.Encoding, line = "Windows-1252", western(b)
	}
	l.rest = append(l.rest[:0], line)
	if strings.IndexByte(line, '\r') >= 0 {
		l.rest = strings.Split(line, "\r")
	}
	return nil
}

// Back puts back the last lines, so that Next returns them again.
func (l *Lines) Back(lines []string) {
	l.rest = append(append([]string{}, lines...), l.rest...)
	l.Line -= len(lines)
}

// wide returns the order of the bytes of a text in UTF-16, or nil. Without a byte order mark, every other byte of such
// a text is zero, as most of its characters are ASCII.
func wide(head []byte) binary.ByteOrder {
	if bytes.HasPrefix(head, []byte("\xff\xfe")) {
		return binary.LittleEndian
	}
	if bytes.HasPrefix(head, []byte("\xfe\xff")) {
		return binary.BigEndian
	}
	var zeros [2]int
	for i, c := range head {
		if c == 0 {
			zeros[i%2]++
		}
	}
	const most, few = 0.7, 0.05
	half := float64(len(head)) / 2
	switch even, odd := float64(zeros[0]), float64(zeros[1]); {
	case odd > most*half && even < few*half:
		return binary.LittleEndian
	case even > most*half && odd < few*half:
		return binary.BigEndian
	}
	return nil
}

// narrow reads a text in UTF-16 as UTF-8.
type narrow struct {
	in    *bufio.Reader
	order binary.ByteOrder
	high  rune   // the first half of a surrogate pair, or 0
	out   []byte // not yet returned
	cut   bool   // the text ends within a character
}

func (n *narrow) Read(p []byte) (int, error) {
	var pair [2]byte
	for len(n.out) < len(p) {
		if _, err := io.ReadFull(n.in, pair[:]); err != nil {
			if errors.Is(err, io.ErrUnexpectedEOF) || n.high != 0 {
				n.cut = true
			}
			switch {
			case len(n.out) > 0:
			case n.cut:
				return 0, errors.New("the text in UTF-16 ends within a character: the file is cut off")
			default:
				return 0, err
			}
			break
		}
		c := rune(n.order.Uint16(pair[:]))
		switch {
		case n.high != 0:
			c, n.high = utf16.DecodeRune(n.high, c), 0
		case utf16.IsSurrogate(c):
			n.high = c
			continue
		}
		n.out = utf8.AppendRune(n.out, c)
	}
	k := copy(p, n.out)
	n.out = n.out[:copy(n.out, n.out[k:])]
	return k, nil
}

// western decodes Windows-1252.
func western(b []byte) string {
	const from80 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ"
	table := []rune(from80)
	runes := make([]rune, len(b))
	for i, c := range b {
		runes[i] = rune(c)
		if k := int(c) - 0x80; k >= 0 && k < len(table) {
			runes[i] = table[k]
		}
	}
	return string(runes)
}
