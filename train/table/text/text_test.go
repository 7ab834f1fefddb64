package text

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

func wideText(s string, big, mark bool) string {
	if mark {
		s = "\ufeff" + s
	}
	var b strings.Builder
	for _, c := range utf16.Encode([]rune(s)) {
		pair := []byte{byte(c), byte(c >> 8)}
		if big {
			slices.Reverse(pair)
		}
		b.Write(pair)
	}
	return b.String()
}

func all(t *testing.T, text string) []string {
	l, err := New(strings.NewReader(text), "x")
	if err != nil {
		t.Fatalf("%.40q: %v", text, err)
	}
	var got []string
	for {
		line, err := l.Next()
		if err == io.EOF {
			return got
		}
		if err != nil {
			t.Fatalf("%.40q: %v", text, err)
		}
		got = append(got, line)
	}
}

// TestEncodings: the lines are the same in each encoding, with each end.
func TestEncodings(t *testing.T) {
	t.Parallel()
	want := []string{"date;Größe €", "2021-01-01;1", "", "x"}
	text := strings.Join(want, "\n") + "\n"
	latin := strings.NewReplacer("ö", "\xf6", "ß", "\xdf", "€", "\x80").Replace(text)
	for name, s := range map[string]string{
		"UTF-8": text, "mark": "\ufeff" + text, "CRLF": strings.ReplaceAll(text, "\n", "\r\n"), "CR": strings.ReplaceAll(text, "\n", "\r"), "no end": strings.TrimSuffix(text, "\n"),
		"mixed": strings.Replace(text, "\n", "\r\n", 1), "CR and LF": strings.Replace(text, "\n", "\r", 1), "Windows-1252": latin, "DOS": text + "\x1a",
		"UTF-16LE": wideText(text, false, true), "UTF-16BE": wideText(text, true, true), "UTF-16LE, no mark": wideText(text, false, false), "UTF-16BE, no mark": wideText(text, true, false),
	} {
		got := all(t, s)
		if name == "DOS" {
			got = got[:len(got)-1]
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// TestKinds: files of other kinds are an error, and tables are not.
func TestKinds(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"PK\x03\x04xxxxxl/workbook.xml", "PAR1xx", "\x80\x04\x95xx", "\x80\x02}", "\x89HDF\r\n", "\xd0\xcf\x11\xe0", "\x93NUMPY", "SQLite format 3\x00", "%PDF-1.4", "\x1f\x8b\x08",
		"<!DOCTYPE html>\n", "  <html>", "<?xml version=\"1.0\"?>", "<rows>\n <row/>", "{\"a\": 1}", "[{\"a\": 1}]", "[1, 2]", "\ufeff[\n [1]]", "{\"a\":1}\n{\"a\":2}\n",
		"version https://git-lfs.github.com/spec/v1\n", wideText("<html><body>", false, true),
	} {
		if _, err := New(strings.NewReader(text), "x"); err == nil || strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), "FILE") {
			t.Errorf("%q: %v", text, err)
		}
	}
	for _, text := range []string{"<DATE>,<OPEN>\n1,2\n", "[date];[value]\n", "date,value\n", "{x},1\n", "", "\n", "PK,1\n", "X\n1\n"} {
		if _, err := New(strings.NewReader(text), "x"); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
	l, _ := New(strings.NewReader("a\nb\x00c\n"), "x")
	l.Next()
	if _, err := l.Next(); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("a byte of zero: %v", err)
	}
}

func Example() {
	l, err := New(strings.NewReader("Tag;Temperatur \xb0C\r\n1.5.2021;12,5\r\n"), "x.csv")
	fmt.Println(err)
	for line, err := l.Next(); err == nil; line, err = l.Next() {
		fmt.Println(l.Line, line)
	}
	fmt.Println(l.Encoding)
	// Output:
	// <nil>
	// 1 Tag;Temperatur °C
	// 2 1.5.2021;12,5
	// Windows-1252
}
