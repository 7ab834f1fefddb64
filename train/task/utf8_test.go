package task_test

import (
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"lstm/train"
	"lstm/train/task"
)

// TestEncodings: a text that is not UTF-8 is refused in one line. The command in this line makes the same text in UTF-8.
func TestEncodings(t *testing.T) {
	t.Parallel()
	if _, ok := task.Find("text"); !ok {
		t.Skip("no such task")
	}
	const text = "Größe und Stärke – „Müller“ kostet 5 €.\n"
	const kyrillic = "Съешь же ещё этих мягких французских булок.\n"
	whole := strings.Repeat(text, 5)
	utf := func(order binary.AppendByteOrder, mark string) string {
		data := []byte(mark)
		for _, c := range utf16.Encode([]rune(whole)) {
			data = order.AppendUint16(data, c)
		}
		return string(data)
	}
	latin := strings.NewReplacer("ö", "\xf6", "ß", "\xdf", "ä", "\xe4", "–", "\x96", "„", "\x84", "“", "\x93", "ü", "\xfc", "€", "\x80").Replace(whole)
	koi := make([]byte, 0, 500)
	for _, c := range strings.Repeat(kyrillic, 5) {
		koi = append(koi, byte(c)|0x80*byte(min(1, c/0x80)))
	}
	for what, c := range map[string]struct {
		data, says, made string
	}{
		"Windows-1252":          {latin, "iconv -f WINDOWS-1252", whole},
		"UTF-16LE":              {utf(binary.LittleEndian, "\xff\xfe"), "iconv -f UTF-16 ", whole},
		"UTF-16BE":              {utf(binary.BigEndian, "\xfe\xff"), "iconv -f UTF-16 ", whole},
		"UTF-16LE without mark": {utf(binary.LittleEndian, ""), "iconv -f UTF-16LE", whole},
		"UTF-16BE without mark": {utf(binary.BigEndian, ""), "iconv -f UTF-16BE", whole},
		"a cut character":       {whole + "\xc3", "iconv -c -f UTF-8", whole},
		"another code":          {string(koi), "iconv -f ENCODING", ""},
		"a zero":                {whole + "\x00", "line 6 ", ""},
		"a zip archive":         {"PK\x03\x04\x14\x00\x00\x00\x08\x00" + latin, "zip", ""},
		"git LFS":               {"version https://git-lfs.github.com/spec/v1\noid sha256:" + strings.Repeat("4d7a", 16) + "\nsize 1234\n", "git lfs pull", ""},
	} {
		dir := t.TempDir()
		name := filepath.Join(dir, "a text.txt")
		if err := os.WriteFile(name, []byte(c.data), 0o666); err != nil {
			t.Fatal(err)
		}
		kind, _ := task.Find("text")
		config := kind.Defaults
		config.Data = name
		_, err := train.New(config)
		if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", what, err, c.says)
			continue
		}
		at := strings.Index(err.Error(), "iconv ")
		if _, missing := exec.LookPath("iconv"); c.made == "" || missing != nil {
			continue
		}
		exec.Command("sh", "-c", err.Error()[at:]).Run() // with -c, iconv ends with 1 if it left out a byte
		if made, err := os.ReadFile(filepath.Join(dir, "a text-utf8.txt")); err != nil || strings.TrimPrefix(string(made), "\ufeff") != c.made {
			t.Errorf("%s: iconv makes %q, %v", what, made, err)
		}
	}
}

// TestOrderOfSymbols: a text with given symbols keeps their order, and the inputs are in this order.
func TestOrderOfSymbols(t *testing.T) {
	t.Parallel()
	kind, ok := task.Find("text")
	if !ok {
		t.Skip("no such task")
	}
	config := kind.Defaults
	config.Data, config.Hidden = written(t, strings.Repeat("abcab", 40)), 2
	r, err := train.NewOn(config, task.Data{Symbols: "bca"})
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Task.Data.Symbols; got != "bca" {
		t.Errorf("symbols %q", got)
	}
	s := r.Task.NewSequence(2)
	s.Fill(r.Task.Draw, r.Rand, 0)
	if got := decode(r.Task, s.X); !strings.HasPrefix(got, "abcab") {
		t.Errorf("inputs %q", got)
	}
	if sorted, err := train.New(config); err != nil || sorted.Task.Data.Symbols != "abc" {
		t.Errorf("%v", err)
	}
}
