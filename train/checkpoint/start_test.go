package checkpoint

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lstm/train/task"
)

// TestStart: Start refuses a run that is too large for the memory, or that could not be loaded again.
func TestStart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, c := range []struct {
		symbols int
		args    string
		want    string // in the error; "": none
	}{
		{2500, "-hidden 4096", "-hidden 4096: with 2,500 inputs"},
		{9000, "-hidden 1", ""},
		{300_000, "-hidden 1 -window 2", ""},
		{10_000, "-hidden 1 -window 20000", "windows of"},
		{40, "-hidden 2000 -window 70000", "windows of"},
	} {
		if _, ok := task.Find("text"); !ok {
			t.Skip("no such task")
		}
		text := make([]rune, max(c.symbols, 100_000))
		for i := range text {
			if text[i] = rune(0x100 + i%c.symbols); text[i] >= 0xd800 {
				text[i] += 0x800
			}
		}
		name := filepath.Join(dir, "text")
		if err := os.WriteFile(name, []byte(string(text)), 0o666); err != nil {
			t.Fatal(err)
		}
		save := filepath.Join(dir, "x")
		args := append(strings.Fields(c.args), "-task", "text", "-data", name, "-save", save)
		_, r, err := Start(args, "")
		if c.want != "" {
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s with %d symbols: %v, want %q", c.args, c.symbols, err, c.want)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s with %d symbols: %v", c.args, c.symbols, err)
			continue
		}
		if err := Save(r, save); err != nil {
			t.Fatal(err)
		}
		if _, _, err := Start([]string{"-load", save}, ""); err != nil {
			t.Errorf("%s with %d symbols is saved, and not loaded: %v", c.args, c.symbols, err)
		}
	}
}
