package task

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"lstm/train/file"
)

// checkUTF8 returns an error if the data of a file are no text in UTF-8. It says what they are, and which command makes
// a text in UTF-8 of them.
func checkUTF8(name string, data []byte) error {
	kind := file.Kind(data[:min(len(data), 512)])
	if kind == "git-LFS pointer" {
		return fmt.Errorf("%s: it is a pointer of git LFS, and the text is not here yet; get it with git lfs pull", name)
	}
	at, utf16 := foreign(data), utf16(data)
	if at < 0 && utf16 == "" {
		return nil
	}
	convert := func(from string) string {
		end := filepath.Ext(name)
		return fmt.Sprintf("run iconv %s -t UTF-8 %s > %s", from, file.Quoted(name), file.Quoted(strings.TrimSuffix(name, end)+"-utf8"+end))
	}
	says := fmt.Sprintf("%s: not a text in UTF-8: line %d has the byte %#02x", name, 1+bytes.Count(data[:max(at, 0)], []byte("\n")), data[max(at, 0)])
	switch valid, invalid, high, latin := count(data); {
	case utf16 != "":
		return fmt.Errorf("%s: a text in %.6s, not in UTF-8; %s", name, utf16, convert("-f "+utf16))
	case kind != "":
		return fmt.Errorf("%s: not a text: its format is %s", name, kind)
	case data[at] == 0:
		return fmt.Errorf("%s", says)
	case valid > invalid:
		return fmt.Errorf("%s, and most of it is UTF-8; to leave out the bytes that are not, %s", says, convert("-c -f UTF-8"))
	case latin && high < len(data)/4:
		return fmt.Errorf("%s; if it is in Windows-1252 or Latin-1, %s", says, convert("-f WINDOWS-1252"))
	}
	return fmt.Errorf("%s; if you know its encoding, %s", says, convert("-f ENCODING"))
}

// foreign returns the place of the first byte that does not fit a text in UTF-8, or -1. A zero does not.
func foreign(data []byte) int {
	for at := 0; at < len(data); {
		c, size := utf8.DecodeRune(data[at:])
		if c == 0 || c == utf8.RuneError && size == 1 {
			return at
		}
		at += size
	}
	return -1
}

// utf16 returns the name of an encoding with two or four bytes for a character, or "". It looks at the mark at the
// beginning, or at the places of the zeros: characters of ASCII have one.
func utf16(data []byte) string {
	starts := func(s string) bool { return bytes.HasPrefix(data, []byte(s)) }
	switch {
	case starts("\xff\xfe\x00\x00"), starts("\x00\x00\xfe\xff"):
		return "UTF-32"
	case starts("\xff\xfe"), starts("\xfe\xff"):
		return "UTF-16"
	}
	var zeros [2]int // at even and at odd places
	some := data[:min(len(data), 4096)]
	for i, c := range some {
		if c == 0 {
			zeros[i%2]++
		}
	}
	switch most := len(some) / 5; {
	case zeros[1] > most && zeros[0] == 0:
		return "UTF-16LE"
	case zeros[0] > most && zeros[1] == 0:
		return "UTF-16BE"
	}
	return ""
}

// count counts characters of several bytes in UTF-8, bytes that do not belong to UTF-8, and bytes beyond ASCII. latin is
// false if a byte has no meaning in Windows-1252.
func count(data []byte) (valid, invalid, high int, latin bool) {
	latin = true
	for at := 0; at < len(data); {
		c, size := utf8.DecodeRune(data[at:])
		switch {
		case c == utf8.RuneError && size == 1:
			invalid++
		case size > 1:
			valid++
		}
		at += size
	}
	for _, c := range data {
		if c >= 0x80 {
			high++
			latin = latin && !bytes.Contains([]byte("\x81\x8d\x8f\x90\x9d"), []byte{c})
		}
	}
	return valid, invalid, high, latin
}
